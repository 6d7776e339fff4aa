//! The text of a version, put forward to everybody of the organisation when it comes into force.

use super::super::model::{PolicyBody, PolicyVersion, Topic};
use crate::model::Severity;
use crate::training::permits::ManageTraining;
use crate::training::service::{self as training, TEXT_MAX, TITLE_MAX, TextInput};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::Actor;
use kernel::permit::{Facts, authorize};
use platform::db::{Result, Tx};
use platform::words::Words;
use std::fmt::Write as _;

/// Under which subject its versions are put forward.
pub(crate) const SUBJECT: &str = "reporting-policy";
/// Days within which everybody confirms to have read it.
const READ_WITHIN_DAYS: i64 = 30;
/// The most characters that are put forward of one answer where all of them together are too long.
const EXCERPT_MAX: usize = 2_500;

/// Puts a version that came into force forward, so that everybody confirms to have read it.
pub(super) fn put_forward(
    tx: &mut Tx<'_>,
    env: &mut Env,
    organisation: PartyId,
    version: &PolicyVersion,
) -> Result<()> {
    let actor = Actor::system(organisation, "policy");
    let permit = authorize::<ManageTraining>(&actor, &Facts::of(organisation))?;
    let input = TextInput {
        subject: SUBJECT.to_owned(),
        number: version.number,
        title: version.body.title.chars().take(TITLE_MAX).collect(),
        body: text(&version.body, version.number),
        who: Vec::new(),
        due_at: env.now().plus_seconds(READ_WITHIN_DAYS * 86_400),
    };
    training::put_forward(tx, env, &permit, &input)?;
    Ok(())
}

/// What a version says, as prose; shortened where it is longer than a text to confirm may be.
fn text(body: &PolicyBody, number: i64) -> String {
    let whole = prose(body, usize::MAX);
    if whole.chars().count() <= TEXT_MAX {
        return whole;
    }
    let w = Words::english();
    let more = w.t1("policy-forward-more", "link", format!("/cases/policy/{number}"));
    let mut short = prose(body, EXCERPT_MAX);
    short = short.chars().take(TEXT_MAX - more.chars().count() - 2).collect();
    format!("{short}\n\n{more}")
}

fn prose(body: &PolicyBody, each_max: usize) -> String {
    let w = Words::english();
    let mut text = String::new();
    for topic in Topic::ALL {
        let Some(answer) = body.texts.get(&topic) else { continue };
        let heading = w.t(&format!("policy-topic-{}", topic.word()));
        let answer: String = answer.chars().take(each_max).collect();
        let _ = write!(text, "## {heading}\n{answer}\n\n");
        if topic == Topic::Severities {
            for severity in Severity::ALL {
                let Some(meaning) = body.severities.get(severity) else { continue };
                let word = crate::pages::severity_word(w, Some(*severity));
                let _ = writeln!(text, "- **{word}**: {meaning}");
            }
            text.push('\n');
        }
    }
    if text.is_empty() {
        // A policy may be put in force with its parts alone.
        text = w.t("policy-forward-parts");
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::rules::TEXT_MAX as ANSWER_MAX;
    use crate::policy::rules::tests::template;

    #[test]
    fn everybody_reads_what_it_says_and_the_longest_still_fits() {
        let mut body = template();
        let said = text(&body, 3);
        assert!(
            said.contains("## Severity") && said.contains("- **Critical**: A commitment"),
            "{said}"
        );
        assert!(Topic::ALL.iter().all(|topic| said.contains(&body.texts[topic])));
        for topic in Topic::ALL {
            body.texts.insert(topic, "ä".repeat(ANSWER_MAX));
        }
        let said = text(&body, 3);
        assert!(said.chars().count() <= TEXT_MAX && said.ends_with("/cases/policy/3."), "{said}");
        body.texts.clear();
        assert!(!text(&body, 3).is_empty());
    }
}
