//! The decisions of training, pure.
//!
//! | module | decides |
//! |---|---|
//! | [`due`] | who must learn what by when, who is reminded, how far a course has reached |
//! | [`quiz`] | how a quiz is written down and how an answer is marked |
//! | [`markup`] | how prose becomes a page |
//! | [`practice`] | what is advised about a practice report |

pub mod due;
pub mod markup;
pub mod practice;
pub mod quiz;
