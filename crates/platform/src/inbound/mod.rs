//! What comes in by itself: mail that waits in a mailbox, and signed messages of other systems.
//!
//! | file | holds |
//! |---|---|
//! | `mailbox.rs` | [`Mailbox`]: fetches unseen mail by IMAP, and marks as seen what was taken |
//! | `hook.rs` | [`hook::verify`]: whether a message was signed by who shares the secret, and lately |

pub mod hook;
mod mailbox;

pub use mailbox::{Fetched, Mailbox, Settings, Unreachable};
