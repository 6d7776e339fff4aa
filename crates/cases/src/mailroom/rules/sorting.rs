//! What a message is.

use super::letter::Letter;
use super::token::Addressed;
use crate::mailroom::model::{Authentication, Outcome, Reason};
use crate::model::CaseId;

/// New cases of one sender within an hour; what comes above is set aside and not answered.
pub const CASES_PER_HOUR_MAX: i64 = 10;

/// What is known beside the message itself.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// What its addresses say.
    pub addressed: Addressed,
    /// What the trusted server found out.
    pub auth: &'k Authentication,
    /// Whether its `Message-ID` is one that we give.
    pub ours: bool,
    /// New cases of this sender within the last hour.
    pub recent: i64,
    /// Whether it is a canary that we sent and wait for.
    pub canary: bool,
}

/// What a message is, and why.
#[must_use]
pub fn sort(letter: Option<&Letter>, known: &Known<'_>) -> (Outcome, Reason, Option<CaseId>) {
    use Outcome::{Bounce, Case, Loop, Quarantine, Reply};
    let Some(letter) = letter else { return (Quarantine, Reason::Unreadable, None) };
    // A canary is ours and comes from a program; who made its mark is this deployment.
    if known.canary {
        return (Case, Reason::None, None);
    }
    let about = match known.addressed {
        Addressed::About(case) => Some(case),
        Addressed::Plainly | Addressed::Forged => None,
    };
    if letter.delivery_report {
        return (Bounce, Reason::None, about);
    }
    if known.ours {
        return (Loop, Reason::Ours, about);
    }
    // RFC 3834: anything but `no` was not written by a person. What answers a mail is a loop; what comes
    // by itself may be the alarm of a machine, so a person looks at it.
    match letter.auto_submitted.as_str() {
        "" | "no" => {}
        "auto-replied" => return (Loop, Reason::Automatic, about),
        _ => return (Quarantine, Reason::Automatic, about),
    }
    if letter.bulk {
        return (Quarantine, Reason::Bulk, about);
    }
    if known.auth.dmarc.as_deref() == Some("fail") {
        return (Quarantine, Reason::Forged, about);
    }
    if letter.text.is_empty() && letter.attachments.is_empty() {
        // Somebody may say all they have to say in the subject line.
        if letter.subject.is_empty() {
            return (Quarantine, Reason::Empty, about);
        }
    }
    match known.addressed {
        Addressed::About(case) => (Reply, Reason::None, Some(case)),
        Addressed::Forged => (Quarantine, Reason::Token, None),
        Addressed::Plainly if known.recent >= CASES_PER_HOUR_MAX => {
            (Quarantine, Reason::Rate, None)
        }
        Addressed::Plainly => (Case, Reason::None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter { sender: "a@b.example".into(), text: "x".into(), ..Letter::default() }
    }
    fn decide(
        change: impl Fn(&mut Letter, &mut Known<'_>, &mut Authentication),
    ) -> (Outcome, Reason) {
        let (mut letter, mut auth) = (letter(), Authentication::default());
        let none = Authentication::default();
        let mut known = Known {
            addressed: Addressed::Plainly,
            auth: &none,
            ours: false,
            recent: 0,
            canary: false,
        };
        change(&mut letter, &mut known, &mut auth);
        let known = Known { auth: &auth, ..known };
        let (outcome, reason, _) = sort(Some(&letter), &known);
        (outcome, reason)
    }

    #[test]
    fn each_kind_of_message_goes_its_way() {
        let case = CaseId::from_u128(5);
        assert_eq!(decide(|_, _, _| {}), (Outcome::Case, Reason::None));
        assert_eq!(
            decide(|_, k, _| k.addressed = Addressed::About(case)),
            (Outcome::Reply, Reason::None)
        );
        assert_eq!(
            decide(|_, k, _| k.addressed = Addressed::Forged),
            (Outcome::Quarantine, Reason::Token)
        );
        assert_eq!(
            decide(|l, _, _| l.auto_submitted = "auto-replied".into()),
            (Outcome::Loop, Reason::Automatic)
        );
        assert_eq!(
            decide(|l, k, _| {
                l.auto_submitted = "auto-replied".into();
                k.addressed = Addressed::About(case)
            })
            .0,
            Outcome::Loop
        );
        assert_eq!(
            decide(|l, _, _| l.auto_submitted = "auto-generated".into()),
            (Outcome::Quarantine, Reason::Automatic)
        );
        assert_eq!(decide(|l, _, _| l.auto_submitted = "no".into()).0, Outcome::Case);
        assert_eq!(decide(|l, _, _| l.bulk = true), (Outcome::Quarantine, Reason::Bulk));
        assert_eq!(decide(|l, _, _| l.delivery_report = true), (Outcome::Bounce, Reason::None));
        assert_eq!(decide(|_, k, _| k.ours = true), (Outcome::Loop, Reason::Ours));
        assert_eq!(
            decide(|_, k, _| k.recent = CASES_PER_HOUR_MAX),
            (Outcome::Quarantine, Reason::Rate)
        );
        // Who holds an address for answers is heard, however much they write.
        assert_eq!(
            decide(|_, k, _| {
                k.recent = 99;
                k.addressed = Addressed::About(case)
            })
            .0,
            Outcome::Reply
        );
        assert_eq!(
            decide(|_, _, a| a.dmarc = Some("fail".into())),
            (Outcome::Quarantine, Reason::Forged)
        );
        assert_eq!(decide(|l, _, _| l.text.clear()), (Outcome::Quarantine, Reason::Empty));
        assert_eq!(
            decide(|l, _, _| {
                l.text.clear();
                l.subject = "Help".into()
            })
            .0,
            Outcome::Case
        );
        assert_eq!(
            decide(|l, k, _| {
                l.auto_submitted = "auto-generated".into();
                k.ours = true;
                k.canary = true
            })
            .0,
            Outcome::Case
        );
        let none = Authentication::default();
        let known = Known {
            addressed: Addressed::Plainly,
            auth: &none,
            ours: false,
            recent: 0,
            canary: false,
        };
        assert_eq!(sort(None, &known).1, Reason::Unreadable);
    }
}
