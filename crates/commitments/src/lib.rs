//! Room 2: what was promised, what that requires, and whether it was kept.
