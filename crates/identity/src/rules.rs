//! Pure decisions: what is refused and why, secrets and their digests, one-time codes, delays.

pub mod delays;
pub mod one_time;
pub mod people;
pub mod secrets;
