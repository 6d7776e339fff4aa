//! Pure foundations that every other crate stands on.
//!
//! Nothing here reads a clock, draws randomness, opens a file or knows a database: those arrive as
//! arguments, gathered once at the edge into an [`env::Env`].
//!
//! | file | holds |
//! |---|---|
//! | [`ids`] | ids that carry their kind and sort by the time they were made |
//! | [`time`] | [`time::Timestamp`]: microseconds, UTC |
//! | [`zone`] | time zones, and the rule that turns a local time into an instant |
//! | [`calendar`] | business calendars: hours, holidays and special days of one zone, by version |
//! | [`target`] | targets such as “8 business hours” |
//! | [`clock`] | deadlines and elapsed time, with pauses and a trace that explains them |
//! | [`period`] | periods of whole dates in a zone, their months, remarks on their length |
//! | [`env`] | what a command may know of the outside: the time it began, a source of ids and randomness |
//! | [`party`] | the two sides of an engagement and the public, and the roles people hold on them |
//! | [`permit`] | authorisation: [`permit::authorize`] gives a [`permit::Permit`] or a refusal |
//! | [`event`] | the envelope of every fact, with its two times, and the frozen bytes of a log entry |
//! | [`refusal`] | why a command was not carried out, in a plain sentence |
//! | [`words`](mod@words) | enums whose values are words |

pub mod calendar;
pub mod clock;
pub mod env;
pub mod event;
pub mod ids;
pub mod party;
pub mod period;
pub mod permit;
pub mod refusal;
pub mod target;
pub mod time;
pub mod words;
pub mod zone;
