//! Time zones and the one rule that turns a local wall-clock time into an instant.
//!
//! The time zone database is the one compiled into the program, never the system's: the same
//! inputs give the same deadline on every machine.
//!
//! **The rule.** A local time stands for *the first instant at which the local clock shows that
//! time or a later one*. So a time that happens twice (the clocks go back) is its first
//! occurrence, and a time that never happens (the clocks go forward, or a whole date is left out)
//! is the instant of the jump. The rule never reverses order: an earlier local time is never a
//! later instant, so two opening spans that do not overlap on paper do not overlap in time.

use std::fmt;
use std::sync::OnceLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Longest time zone name that is looked up, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// A time zone of the IANA database, by name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// A time zone name that the database does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is not a time zone; write a name of the IANA database such as America/New_York or Europe/Berlin"
)]
pub struct UnknownZone(pub String);

fn database() -> &'static TimeZoneDatabase {
    static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    DATABASE.get_or_init(TimeZoneDatabase::bundled)
}

impl Zone {
    /// The zone of that name. Upper and lower case are the same; the zone keeps the database's
    /// spelling.
    ///
    /// # Errors
    /// When the database holds no such zone.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let refuse = || UnknownZone(crate::refusal::excerpt(name, NAME_BYTES_MAX));
        if name.is_empty() || name.len() > NAME_BYTES_MAX {
            return Err(refuse());
        }
        let rules = database().get(name).map_err(|_| refuse())?;
        if rules.is_unknown() {
            return Err(refuse());
        }
        let name = rules.iana_name().unwrap_or("UTC").to_owned();
        Ok(Self { name, rules })
    }

    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// The name in the IANA database.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the local clock shows at an instant.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.rules.to_datetime(at.to_jiff())
    }

    /// The first instant at which the local clock shows this time or a later one (the rule at the
    /// head of this module). Times beyond the years −9999 to 9999 saturate.
    #[must_use]
    pub fn instant(&self, local: DateTime) -> Timestamp {
        let offset = match self.rules.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Fold { before, .. } => before,
            AmbiguousOffset::Gap { before, after } => {
                // Read with the later offset the missing time lies before the jump, so the next
                // change to that offset is the jump itself.
                let jump = after
                    .to_timestamp(local)
                    .ok()
                    .and_then(|t| self.rules.following(t).find(|c| c.offset() == after));
                match jump {
                    Some(change) => return Timestamp::from(change.timestamp()),
                    None => before,
                }
            }
        };
        let saturated = if local.year() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        Timestamp::from(offset.to_timestamp(local).unwrap_or(saturated))
    }

    /// The first instant of a local date.
    #[must_use]
    pub fn day_start(&self, date: Date) -> Timestamp {
        self.instant(date.to_datetime(Time::midnight()))
    }

    /// The first instant after a local date, which is the start of the next one.
    #[must_use]
    pub fn day_end(&self, date: Date) -> Timestamp {
        self.day_start(date.tomorrow().unwrap_or(Date::MAX))
    }

    /// The instant that stands for a date given without a time, when the date says when something
    /// took effect: 23:59:59 on that date, local time. A person whose employment ends "on 7 March"
    /// is employed on 7 March.
    #[must_use]
    pub fn date_only(&self, date: Date) -> Timestamp {
        self.instant(date.to_datetime(Time::constant(23, 59, 59, 0)))
    }

    /// The instant in RFC 3339 with this zone's offset, such as `2026-03-09T16:30:00-04:00`.
    /// Offsets that are not whole minutes (local mean time, before 1972) cannot be written in
    /// RFC 3339; such an instant is written in universal time, ending in `Z`.
    #[must_use]
    pub fn rfc3339(&self, at: Timestamp) -> String {
        let at = at.to_jiff();
        let offset = self.rules.to_offset(at);
        if offset.seconds() % 60 == 0 {
            at.display_with_offset(offset).to_string()
        } else {
            at.to_string()
        }
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;
    fn try_from(name: String) -> Result<Self, UnknownZone> {
        Self::named(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    fn shown(name: &str, local: DateTime) -> String {
        let zone = zone(name);
        zone.rfc3339(zone.instant(local))
    }

    #[test]
    fn ordinary_times_are_what_the_clock_shows() {
        assert_eq!(
            shown("America/New_York", datetime(2026, 3, 9, 16, 30, 0, 0)),
            "2026-03-09T16:30:00-04:00"
        );
        assert_eq!(
            shown("Australia/Lord_Howe", datetime(2026, 7, 1, 9, 0, 0, 0)),
            "2026-07-01T09:00:00+10:30"
        );
    }

    #[test]
    fn a_time_that_does_not_exist_is_the_instant_of_the_jump() {
        for minute in [0, 1, 30, 59] {
            assert_eq!(
                shown("America/New_York", datetime(2026, 3, 8, 2, minute, 0, 0)),
                "2026-03-08T03:00:00-04:00"
            );
        }
        assert_eq!(
            shown("Europe/Berlin", datetime(2026, 3, 29, 2, 30, 0, 0)),
            "2026-03-29T03:00:00+02:00"
        );
        // Lord Howe moves by half an hour.
        assert_eq!(
            shown("Australia/Lord_Howe", datetime(2026, 10, 4, 2, 15, 0, 0)),
            "2026-10-04T02:30:00+11:00"
        );
        // Samoa left out the whole of 30 December 2011.
        assert_eq!(
            shown("Pacific/Apia", datetime(2011, 12, 30, 12, 0, 0, 0)),
            "2011-12-31T00:00:00+14:00"
        );
    }

    #[test]
    fn a_time_that_happens_twice_is_the_first() {
        assert_eq!(
            shown("America/New_York", datetime(2026, 11, 1, 1, 30, 0, 0)),
            "2026-11-01T01:30:00-04:00"
        );
        assert_eq!(
            shown("Europe/Berlin", datetime(2026, 10, 25, 2, 0, 0, 0)),
            "2026-10-25T02:00:00+02:00"
        );
        assert_eq!(
            shown("Australia/Lord_Howe", datetime(2026, 4, 5, 1, 45, 0, 0)),
            "2026-04-05T01:45:00+11:00"
        );
    }

    #[test]
    fn a_date_without_a_time_is_its_last_second() {
        // The leaver oracle: New York, with the clocks changing on the next day or that day.
        let zone = zone("America/New_York");
        let cases = [
            (date(2026, 3, 7), "2026-03-08T04:59:59Z"),
            (date(2026, 3, 8), "2026-03-09T03:59:59Z"),
            (date(2026, 11, 1), "2026-11-02T04:59:59Z"),
        ];
        for (day, expected) in cases {
            assert_eq!(Zone::utc().rfc3339(zone.date_only(day)).replace("+00:00", "Z"), expected);
        }
    }

    #[test]
    fn unknown_names_are_refused_in_plain_words() {
        for name in ["", "Mars/Olympus", "../etc/passwd", "EST5EDT,M3", "Etc/Unknown", "UTC\0"] {
            let error = Zone::named(name).unwrap_err().to_string();
            assert!(error.contains("is not a time zone"), "{error}");
        }
        let long = "A".repeat(10_000);
        assert!(Zone::named(&long).unwrap_err().to_string().len() < 300);
        assert_eq!(zone("america/new_york").name(), "America/New_York");
        assert_eq!(zone("UTC"), Zone::utc());
    }

    #[test]
    fn offsets_with_seconds_are_written_in_universal_time() {
        let zone = zone("Africa/Monrovia");
        let shown = zone.rfc3339(zone.instant(datetime(1970, 6, 1, 0, 0, 0, 0)));
        assert_eq!(shown, "1970-06-01T00:44:30Z");
    }

    #[test]
    fn the_far_ends_of_time_do_not_panic() {
        let zone = zone("America/New_York");
        assert!(zone.day_end(Date::MAX) >= zone.day_start(Date::MAX));
        assert!(zone.day_start(Date::MIN) < zone.day_end(Date::MIN));
    }
}
