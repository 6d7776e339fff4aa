//! What is advised about a practice report.

/// The scenarios that can be practised: each has its words.
pub const SCENARIOS: [&str; 3] = ["mail", "outage", "access"];
/// The stages through which a practice report goes, in the order of a real one.
pub const STAGES: [&str; 7] =
    ["filed", "receipt", "acknowledged", "triaged", "worked", "told", "closed"];

/// Shorter than this, in characters, a report leaves the first questions open.
const SHORT_CHARS: usize = 60;

/// What would make the report easier to act on, as the last parts of message keys; empty when there is
/// nothing to advise.
#[must_use]
pub fn advice(title: &str, text: &str, occurred: &str) -> Vec<&'static str> {
    let all = format!("{title} {text}").to_lowercase();
    let mut found = Vec::new();
    if text.chars().count() < SHORT_CHARS {
        found.push("short");
    }
    let says_when = !occurred.trim().is_empty() || text.chars().any(|c| c.is_ascii_digit());
    if !says_when {
        found.push("when");
    }
    if ["password:", "password is", "passwort:", "pin:"].iter().any(|w| all.contains(w)) {
        found.push("secret");
    }
    if title.split_whitespace().count() < 2 {
        found.push("title");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_advised_on_what_it_lacks() {
        assert_eq!(advice("Help", "It broke.", ""), ["short", "when", "title"]);
        let full = "Since 09:40 on 3 March the portal shows the payslips of other people to three of our staff.";
        assert!(advice("Payslips of others shown", full, "").is_empty());
        assert_eq!(
            advice("Odd mail came", &format!("{full} My password is hunter2"), ""),
            ["secret"]
        );
    }
}
