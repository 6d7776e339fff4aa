//! Room 1: organisation, system and its components, criteria, vendors and subservice organisations, engagements.

pub mod catalogue;
