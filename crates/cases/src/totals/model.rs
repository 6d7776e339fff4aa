//! Control totals and their exceptions.

use kernel::ids::{PartyId, PersonId};
use kernel::period::Date;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(ExceptionId, ExceptionIdKind, "exc", "exception of a control total");

kernel::words! {
    /// What is counted.
    Book {
        /// Messages accepted by the door for mail.
        Mail = "mail",
        /// Messages of other systems that arrived.
        Messages = "messages",
        /// Tracking numbers issued.
        Numbers = "numbers",
    }
}

kernel::words! {
    /// With what the count at the door did not agree.
    Against {
        /// With what was made of it.
        Ends = "ends",
        /// With what somebody outside counted.
        Outside = "outside",
    }
}

/// One book of one day: what was counted at the door, and where it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// What is counted.
    pub book: Book,
    /// At the door.
    pub accepted: i64,
    /// Where it ended, each end by its word.
    pub parts: Vec<(String, i64)>,
}

impl Count {
    /// All that is accounted for.
    #[must_use]
    pub fn accounted(&self) -> i64 {
        self.parts.iter().map(|(_, n)| n).sum()
    }

    /// What is missing (above zero) or too much (below).
    #[must_use]
    pub fn difference(&self) -> i64 {
        self.accepted - self.accounted()
    }
}

/// A count of a day, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The date in UTC.
    pub day: Date,
    /// The count.
    pub count: Count,
    /// What somebody outside counted, and who.
    pub outside: Option<(i64, String)>,
    /// When it was counted.
    pub counted_at: Timestamp,
}

/// A difference that somebody must explain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Its id.
    pub id: ExceptionId,
    /// The organisation.
    pub organisation: PartyId,
    /// The date in UTC.
    pub day: Date,
    /// What was counted.
    pub book: Book,
    /// At the door.
    pub expected: i64,
    /// On the other side.
    pub found: i64,
    /// Which other side.
    pub against: Against,
    /// Who must explain it.
    pub owner: Option<PersonId>,
    /// Since when.
    pub opened_at: Timestamp,
    /// When it was explained.
    pub resolved_at: Option<Timestamp>,
    /// How; empty until then.
    pub resolution: String,
    /// The version of the record, for forms.
    pub version: i64,
}

/// Which differences a count shows that are not yet exceptions. `open` are those of the same day.
#[must_use]
pub fn differences(
    count: &Count,
    outside: Option<i64>,
    open: &[(Book, Against)],
) -> Vec<(Against, i64)> {
    let mut all = Vec::new();
    if count.difference() != 0 {
        all.push((Against::Ends, count.accounted()));
    }
    if let Some(figure) = outside.filter(|f| *f != count.accepted) {
        all.push((Against::Outside, figure));
    }
    all.retain(|(against, _)| !open.contains(&(count.book, *against)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_an_exception_once() {
        let count = |parts: &[i64]| Count {
            book: Book::Mail,
            accepted: 5,
            parts: parts.iter().map(|n| ("x".to_owned(), *n)).collect(),
        };
        assert_eq!(differences(&count(&[3, 2]), None, &[]), []);
        assert_eq!(differences(&count(&[3, 2]), Some(5), &[]), []);
        assert_eq!(differences(&count(&[3, 1]), None, &[]), [(Against::Ends, 4)]);
        let both = [(Against::Ends, 6), (Against::Outside, 7)];
        assert_eq!(differences(&count(&[6]), Some(7), &[]), both);
        assert_eq!(differences(&count(&[6]), Some(7), &[(Book::Mail, Against::Ends)]), both[1..]);
        assert_eq!(differences(&count(&[6]), Some(7), &[(Book::Numbers, Against::Ends)]), both);
    }
}
