//! Which decision the answers propose.

use super::model::{Answer, Question};

/// What the answers propose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposal {
    /// The description criterion asks for it.
    Disclose,
    /// The criterion does not ask for it by its letter, but a reader may miss it: say why not.
    Consider,
    /// Nothing speaks for it.
    LeaveOut,
}

impl Proposal {
    /// The word with which pages say it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Disclose => "disclose",
            Self::Consider => "consider",
            Self::LeaveOut => "leave-out",
        }
    }
}

/// DC4, in our own words: an incident is disclosed when it came from controls that were not suitably
/// designed or did not operate effectively, or otherwise caused a significant failure to achieve a
/// commitment or requirement. The other answers are signs that readers would want to know.
#[must_use]
pub fn proposal(answers: &[Answer]) -> Proposal {
    let yes = |q: Question| answers.iter().any(|a| a.question == q && a.yes);
    if yes(Question::Controls) || yes(Question::Failure) {
        Proposal::Disclose
    } else if answers.iter().any(|a| a.yes) {
        Proposal::Consider
    } else {
        Proposal::LeaveOut
    }
}

/// The first question without an answer.
#[must_use]
pub fn unanswered(answers: &[Answer]) -> Option<Question> {
    Question::ALL.iter().copied().find(|q| !answers.iter().any(|a| a.question == *q))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answers(yes: &[bool]) -> Vec<Answer> {
        Question::ALL
            .iter()
            .zip(yes)
            .map(|(q, yes)| Answer { question: *q, yes: *yes, why: String::new() })
            .collect()
    }

    #[test]
    fn the_criterion_itself_decides_and_the_rest_are_signs() {
        assert_eq!(
            proposal(&answers(&[true, false, false, false, false, false])),
            Proposal::Disclose
        );
        assert_eq!(
            proposal(&answers(&[false, true, false, false, false, false])),
            Proposal::Disclose
        );
        assert_eq!(
            proposal(&answers(&[false, false, true, false, false, false])),
            Proposal::Consider
        );
        assert_eq!(proposal(&answers(&[false; 6])), Proposal::LeaveOut);
        assert_eq!(unanswered(&answers(&[false; 5])), Some(Question::Readers));
        assert_eq!(unanswered(&answers(&[false; 6])), None);
    }

    proptest! {
        /// One more yes never speaks less for disclosing, and order does not matter.
        #[test]
        fn a_yes_never_speaks_against(yes in proptest::array::uniform6(any::<bool>()), n in 0usize..6) {
            let rank = |p| match p {
                Proposal::LeaveOut => 0,
                Proposal::Consider => 1,
                Proposal::Disclose => 2,
            };
            let mut more = yes;
            more[n] = true;
            let all = answers(&yes);
            prop_assert!(rank(proposal(&all)) <= rank(proposal(&answers(&more))));
            let back: Vec<Answer> = all.iter().rev().cloned().collect();
            prop_assert_eq!(proposal(&all), proposal(&back));
        }
    }
}
