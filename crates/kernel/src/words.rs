//! Enums whose values are words.

/// Declares an enum with one word for each value, the same in records, events, forms and addresses.
///
/// ```
/// kernel::words! {
///     /// How something ended.
///     Outcome {
///         /// It held.
///         Held = "held",
///         /// It did not.
///         DidNotHold = "did_not_hold",
///     }
/// }
/// assert_eq!(Outcome::Held.word(), "held");
/// assert_eq!(Outcome::from_word("did_not_hold"), Some(Outcome::DidNotHold));
/// assert_eq!(Outcome::ALL.len(), 2);
/// assert_eq!(Outcome::from_word("Held"), None);
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order in which it is shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in records, forms and addresses.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value of a word; `None` when it is not one of ours.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
