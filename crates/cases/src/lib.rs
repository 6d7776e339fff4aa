//! Room 4: reporting channels, cases, clocks, escalation, updates, reviews, status page.
