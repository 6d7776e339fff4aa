//! The binary: composition, every route on one screen, the command line, the demonstration.
//!
//! | file | holds |
//! |---|---|
//! | [`rooms`] | the rooms put together: schema, replay, files, navigation |
//! | [`router`] | every route |
//! | [`pages`] | pages that belong to no room |
//! | [`cli`] | every command |
//! | [`config`] | the configuration file |
//! | [`data`] | where a deployment keeps its things, and how it is opened |
//! | [`data_sets`] | populations frozen and tested, samples drawn |
//! | [`demo`] | the fictional engagement |
//! | [`engagement_file`] | an engagement from one file |
//! | [`overview`] | what joins all rooms for a reader |
//! | [`jobs`] | jobs at the command line |
//! | [`serve`] | the server with what runs beside it |
//! | [`settings`] | the pages of what waits to be sent, what failed, and where webhooks go |
//! | [`work`] | what is done beside the server: jobs |
//! | [`timed`] | people without a role whose time is over |
//! | [`who`] | who acts at the command line |
//! | [`backup`] | the data directory as one file |
//! | [`verify`] | offline verification |
//! | [`reperform`] | everything in a package that follows by rule, made again |

pub mod backup;
pub mod carrier;
pub mod cli;
pub mod config;
pub mod data;
pub mod data_sets;
pub mod demo;
pub mod engagement_file;
pub mod intake;
pub mod jobs;
pub mod overview;
pub mod owed;
pub mod pages;
pub mod reperform;
pub mod rooms;
pub mod router;
pub mod serve;
pub mod settings;
pub mod timed;
pub mod verify;
pub mod who;
pub mod work;
