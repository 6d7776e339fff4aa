//! Pure foundations: ids, time and calendars, parties and people, permits, the event envelope.
