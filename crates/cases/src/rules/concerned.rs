//! Whom a report concerns: the people of the organisation among the names that a reporter typed.

use kernel::ids::PersonId;

/// The longest text about the people whom a report concerns.
pub const CONCERNED_MAX: usize = 500;

/// The words of a text in lower case, without punctuation around them.
fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| c.is_whitespace() || ",;/()<>\"".contains(c))
        .map(|w| w.trim_matches(|c: char| c.is_ascii_punctuation()).to_owned())
        .filter(|w| !w.is_empty())
        .collect()
}

fn follows(text: &[String], name: &[String]) -> bool {
    !name.is_empty() && text.windows(name.len()).any(|w| w == name)
}

/// The people who are named in `text`: by id, by address, by name in either order, or by a family name
/// that stands alone. Somebody too many is kept out rather than somebody too few, because another
/// handler can take the case and a report that its subject has read cannot be taken back.
#[must_use]
pub fn concerned<'p>(
    text: &str,
    people: impl Iterator<Item = (PersonId, &'p str, &'p str)>,
) -> Vec<PersonId> {
    let said = words(text);
    people
        .filter(|(id, name, email)| {
            let name = words(name);
            let reversed: Vec<String> = name.iter().rev().cloned().collect();
            let family = name.last().filter(|f| f.chars().count() > 2).cloned();
            follows(&said, &name)
                || follows(&said, &reversed)
                || family.is_some_and(|f| said.contains(&f))
                || said.contains(&email.to_lowercase())
                || said.contains(&id.to_string().to_lowercase())
        })
        .map(|(id, ..)| id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::Timestamp;

    fn person(n: u128) -> PersonId {
        PersonId::new(Timestamp(0), n)
    }

    fn found(text: &str) -> Vec<PersonId> {
        let id = person(3).to_string();
        assert!(id.starts_with("per_"));
        let people = [
            (person(1), "Maria Okafor", "maria@alder.example"),
            (person(2), "Li Wu", "li.wu@alder.example"),
            (person(3), "José Núñez Díaz", "jose@alder.example"),
        ];
        concerned(text, people.into_iter())
    }

    #[test]
    fn people_are_found_however_a_reporter_writes_them() {
        assert_eq!(found("my manager, maria OKAFOR."), [person(1)]);
        assert_eq!(found("Okafor, Maria"), [person(1)]);
        assert_eq!(found("Mrs Okafor"), [person(1)]);
        assert_eq!(found("<li.wu@alder.example>; Díaz"), [person(2), person(3)]);
        assert_eq!(found(&format!("it is {}", person(3))), [person(3)]);
        assert_eq!(found("Wu Li"), [person(2)]);
        // Two letters alone may be anything.
        assert!(found("wu").is_empty() && found("Maria").is_empty() && found("").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_a_name_is_always_found(before in ".{0,40}", after in ".{0,40}") {
            let named = found(&format!("{before} Maria Okafor {after}"));
            proptest::prop_assert!(named.contains(&person(1)));
        }
    }
}
