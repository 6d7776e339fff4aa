//! Engine: freeze, profile, query and select from data sets. Knows no room.
