//! Pure decisions of this room.

pub mod bridge_letter;
pub mod description;
pub mod general_use;
pub mod report_lint;
pub mod report_wording;
pub mod representations;

/// Whether an assertion claims everything, with no exception stated.
#[must_use]
pub fn is_unreserved(assertion: &str) -> bool {
    let text = assertion.to_lowercase();
    !text.trim().is_empty()
        && !["except for", "did not", "were not"].iter().any(|w| text.contains(w))
}
