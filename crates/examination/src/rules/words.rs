//! Words that people and files use for states, read leniently and written one way.
//!
//! A fact file may say `NOT_MET`, `not met` or `not-met`; all three are the same word. What is
//! written is always lower case with underscores.

/// A word that is not one of those a field knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{given}\" is not a known {what}; write one of: {known}.")]
pub struct UnknownWord {
    /// What was written, cut to a length that can be shown.
    pub given: String,
    /// What the field holds, in the reader's words.
    pub what: &'static str,
    /// The words that would have been understood, separated by commas.
    pub known: String,
}

/// Lower case, one underscore for any run of spaces, hyphens and underscores.
pub(crate) fn normalise(text: &str) -> String {
    text.trim()
        .to_ascii_lowercase()
        .split([' ', '-', '_'])
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

/// A text with exactly one full stop at its end.
pub(crate) fn sentence(text: &str) -> String {
    format!("{}.", text.trim().trim_end_matches('.'))
}

/// At most `limit` characters of a foreign text, for use inside an error sentence.
pub(crate) fn shown(text: &str, limit: usize) -> String {
    let mut out: String =
        text.chars().take(limit).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > limit {
        out.push('…');
    }
    out
}

/// Defines an enum whose variants are words: parsing, display and serde in both directions.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: $what:literal {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal $(| $alias:literal)* ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant ),+
        }

        impl $name {
            /// Every value, in the order of the definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it is written in files and answers.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::rules::words::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match $crate::rules::words::normalise(text).as_str() {
                    $( $word $(| $alias)* => Ok(Self::$variant), )+
                    _ => Err($crate::rules::words::UnknownWord {
                        given: $crate::rules::words::shown(text, 40),
                        what: $what,
                        known: [$($word),+].join(", "),
                    }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use words;
