//! How grave a risk is.

/// The degrees of a risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Watched once a year.
    Low,
    /// Has a treatment and an owner.
    Medium,
    /// The leadership knows of it.
    High,
}

impl Level {
    /// The word with which pages say it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Likelihood times impact, each 1 to 5: 15 and more is high, 6 and more is medium.
#[must_use]
pub const fn level(likelihood: u8, impact: u8) -> Level {
    match likelihood.saturating_mul(impact) {
        15.. => Level::High,
        6..=14 => Level::Medium,
        _ => Level::Low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_corners_of_the_matrix() {
        assert_eq!(level(1, 5), Level::Low);
        assert_eq!(level(2, 3), Level::Medium);
        assert_eq!(level(3, 5), Level::High);
        assert_eq!(level(5, 5), Level::High);
    }

    proptest! {
        #[test]
        fn more_of_either_is_never_less(l in 1u8..=5, i in 1u8..=5) {
            prop_assert!(level(l, i) <= level((l + 1).min(5), i));
            prop_assert!(level(l, i) <= level(l, (i + 1).min(5)));
            prop_assert_eq!(level(l, i), level(i, l));
        }
    }
}
