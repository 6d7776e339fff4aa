//! What must be there before a case may be concluded.

use crate::model::Severity;
use crate::policy::model::Need;
use std::collections::BTreeSet;

/// What a policy demands before a case of one severity is concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Demands {
    /// What it touched is stated.
    pub impact: bool,
    /// Its root cause is stated by a method.
    pub cause: bool,
    /// At least one corrective action.
    pub action: bool,
    /// Each action that was done was checked, and found effective, by somebody else.
    pub effectiveness: bool,
    /// A review was held.
    pub review: bool,
    /// At least one decision on notifying.
    pub notice: bool,
    /// The reporter was told what came of it.
    pub reporter: bool,
}

impl Demands {
    /// What a policy asks for by name.
    #[must_use]
    pub fn of(needs: &BTreeSet<Need>) -> Self {
        let asked = |need| needs.contains(&need);
        Self {
            impact: asked(Need::Impact),
            cause: asked(Need::Cause),
            action: asked(Need::Action),
            effectiveness: asked(Need::Effectiveness),
            review: asked(Need::Review),
            notice: asked(Need::Notice),
            reporter: asked(Need::Reporter),
        }
    }

    /// The same by name.
    #[must_use]
    pub fn needs(&self) -> BTreeSet<Need> {
        let asked = [
            (self.impact, Need::Impact),
            (self.cause, Need::Cause),
            (self.action, Need::Action),
            (self.effectiveness, Need::Effectiveness),
            (self.review, Need::Review),
            (self.notice, Need::Notice),
            (self.reporter, Need::Reporter),
        ];
        asked.into_iter().filter_map(|(asked, need)| asked.then_some(need)).collect()
    }

    /// What is usual where no policy says otherwise: the more harm, the more is demanded; what did not
    /// put an objective at stake needs an answer and no more.
    #[must_use]
    pub const fn usual(severity: Option<Severity>, incident: bool) -> Self {
        let rank = match severity {
            Some(Severity::Critical) => 3,
            Some(Severity::High) => 2,
            Some(Severity::Moderate) => 1,
            Some(Severity::Low) | None => 0,
        };
        Self {
            impact: incident && rank >= 2,
            cause: rank >= 1 && incident || rank >= 2,
            action: incident && rank >= 2,
            effectiveness: incident && rank >= 2,
            review: incident && rank >= 2,
            notice: incident && rank >= 2,
            reporter: true,
        }
    }
}

/// How far a case has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Whether what it touched is stated.
    pub impact: bool,
    /// Whether its root cause is stated.
    pub cause: bool,
    /// How many actions were planned.
    pub actions: usize,
    /// How many of them are not done.
    pub actions_open: usize,
    /// How many that are done nobody has checked, or were found without effect.
    pub actions_unproven: usize,
    /// How many tasks are not done.
    pub tasks_open: usize,
    /// How many reviews were held.
    pub reviews: usize,
    /// How many decisions on notifying there are.
    pub notices: usize,
    /// How many notices are owed and were not sent.
    pub notices_unsent: usize,
    /// Whether the reporter was told what came of it, or there is nobody to tell.
    pub reporter_told: bool,
    /// Whether it is linked as the same report as another, where the work is done.
    pub duplicate: bool,
}

/// Something that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// What it touched.
    Impact,
    /// The root cause.
    Cause,
    /// An action.
    Action,
    /// This many actions are not done.
    ActionsOpen(usize),
    /// This many actions were not found effective.
    ActionsUnproven(usize),
    /// This many tasks are not done.
    TasksOpen(usize),
    /// A review.
    Review,
    /// A decision on notifying.
    Notice,
    /// This many notices are owed.
    NoticesUnsent(usize),
    /// Telling the reporter.
    Reporter,
}

impl Missing {
    /// The word with which the page says it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Impact => "impact",
            Self::Cause => "cause",
            Self::Action => "action",
            Self::ActionsOpen(_) => "actions-open",
            Self::ActionsUnproven(_) => "actions-unproven",
            Self::TasksOpen(_) => "tasks-open",
            Self::Review => "review",
            Self::Notice => "notice",
            Self::NoticesUnsent(_) => "notices-unsent",
            Self::Reporter => "reporter",
        }
    }

    /// Where on the page of a case it is done.
    #[must_use]
    pub const fn place(self) -> &'static str {
        match self {
            Self::Impact => "do-impact",
            Self::Cause => "do-cause",
            Self::Action | Self::ActionsOpen(_) | Self::ActionsUnproven(_) => "actions",
            Self::TasksOpen(_) => "tasks",
            Self::Review => "do-review",
            Self::Notice | Self::NoticesUnsent(_) => "notices",
            Self::Reporter => "do-tell",
        }
    }

    /// How many there are of it.
    #[must_use]
    pub const fn count(self) -> usize {
        match self {
            Self::ActionsOpen(n)
            | Self::ActionsUnproven(n)
            | Self::TasksOpen(n)
            | Self::NoticesUnsent(n) => n,
            _ => 1,
        }
    }

    /// In a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Impact => "State what was touched.",
            Self::Cause => "State the root cause.",
            Self::Action => "Plan a corrective action.",
            Self::ActionsOpen(_) => "Finish the corrective actions.",
            Self::ActionsUnproven(_) => {
                "Have the effect of the actions checked by somebody other than their owner."
            }
            Self::TasksOpen(_) => "Finish the tasks.",
            Self::Review => "Hold the review.",
            Self::Notice => "Decide whether somebody must be notified.",
            Self::NoticesUnsent(_) => "Send the notices that are owed.",
            Self::Reporter => "Tell the reporter what came of it.",
        }
    }
}

/// What is missing before the case may be concluded. What was begun must be ended whatever the policy
/// demands; a duplicate needs only that, and an answer.
#[must_use]
pub fn missing(demands: &Demands, progress: &Progress) -> Vec<Missing> {
    let mut all = Vec::new();
    let mut need = |wanted: bool, what: Missing| {
        if wanted {
            all.push(what);
        }
    };
    let d = if progress.duplicate {
        Demands { reporter: demands.reporter, ..Demands::default() }
    } else {
        *demands
    };
    let p = progress;
    need(d.impact && !p.impact, Missing::Impact);
    need(d.cause && !p.cause, Missing::Cause);
    need(d.action && p.actions == 0, Missing::Action);
    need(p.actions_open > 0, Missing::ActionsOpen(p.actions_open));
    need(d.effectiveness && p.actions_unproven > 0, Missing::ActionsUnproven(p.actions_unproven));
    need(p.tasks_open > 0, Missing::TasksOpen(p.tasks_open));
    need(d.review && p.reviews == 0, Missing::Review);
    need(d.notice && p.notices == 0, Missing::Notice);
    need(p.notices_unsent > 0, Missing::NoticesUnsent(p.notices_unsent));
    need(d.reporter && !p.reporter_told, Missing::Reporter);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn progress() -> impl Strategy<Value = Progress> {
        let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
        let counts = (0..3usize, 0..3usize, 0..3usize, 0..3usize, 0..3usize, 0..3usize, 0..3usize);
        (flags, counts).prop_map(|(f, n)| Progress {
            impact: f.0,
            cause: f.1,
            reporter_told: f.2,
            duplicate: f.3,
            actions: n.0,
            actions_open: n.1.min(n.0),
            actions_unproven: n.2.min(n.0),
            tasks_open: n.3,
            reviews: n.4,
            notices: n.5,
            notices_unsent: n.6.min(n.5),
        })
    }
    fn demands() -> impl Strategy<Value = Demands> {
        any::<[bool; 7]>().prop_map(|b| Demands {
            impact: b[0],
            cause: b[1],
            action: b[2],
            effectiveness: b[3],
            review: b[4],
            notice: b[5],
            reporter: b[6],
        })
    }
    const DONE: Progress = Progress {
        impact: true,
        cause: true,
        actions: 1,
        actions_open: 0,
        actions_unproven: 0,
        tasks_open: 0,
        reviews: 1,
        notices: 1,
        notices_unsent: 0,
        reporter_told: true,
        duplicate: false,
    };

    #[test]
    fn the_template_states_what_is_usual() {
        let body: crate::policy::model::PolicyBody =
            toml::from_str(crate::policy::TEMPLATE).unwrap();
        for severity in Severity::ALL.iter().copied() {
            for incident in [true, false] {
                let usual = Demands::usual(Some(severity), incident);
                let said = body.closing_needs(severity, incident).unwrap();
                assert_eq!(Demands::of(said), usual, "{severity:?} {incident}");
            }
        }
    }

    #[test]
    fn the_more_harm_the_more_is_demanded() {
        let n = |severity, incident| {
            missing(&Demands::usual(Some(severity), incident), &Progress::default()).len()
        };
        assert_eq!(n(Severity::Critical, true), 6);
        assert_eq!(n(Severity::High, true), 6);
        assert_eq!(n(Severity::Moderate, true), 2);
        assert_eq!(n(Severity::Low, true), 1);
        assert_eq!(n(Severity::High, false), 2);
        assert_eq!(n(Severity::Low, false), 1);
        assert!(missing(&Demands::usual(Some(Severity::Critical), true), &DONE).is_empty());
    }

    proptest! {
        /// Demanding more never shortens the list, and what is done satisfies every policy.
        #[test]
        fn stricter_policies_ask_for_no_less(d in demands(), e in demands(), p in progress()) {
            let both = Demands {
                impact: d.impact || e.impact,
                cause: d.cause || e.cause,
                action: d.action || e.action,
                effectiveness: d.effectiveness || e.effectiveness,
                review: d.review || e.review,
                notice: d.notice || e.notice,
                reporter: d.reporter || e.reporter,
            };
            let (less, more) = (missing(&d, &p), missing(&both, &p));
            prop_assert_eq!(Demands::of(&d.needs()), d);
            prop_assert!(less.iter().all(|m| more.contains(m)));
            prop_assert!(missing(&both, &DONE).is_empty());
        }

        /// Work that ends something never makes more of it missing.
        #[test]
        fn work_brings_a_case_nearer_to_its_end(d in demands(), p in progress()) {
            let before = missing(&d, &p).len();
            for after in [
                Progress { impact: true, ..p },
                Progress { cause: true, ..p },
                Progress { actions_open: p.actions_open.saturating_sub(1), ..p },
                Progress { actions_unproven: 0, ..p },
                Progress { tasks_open: 0, ..p },
                Progress { reviews: p.reviews + 1, ..p },
                Progress { notices: p.notices + 1, ..p },
                Progress { notices_unsent: 0, ..p },
                Progress { reporter_told: true, ..p },
            ] {
                prop_assert!(missing(&d, &after).len() <= before);
            }
        }

        /// Nothing that was begun and not ended is passed over, whatever the policy says.
        #[test]
        fn what_was_begun_is_ended(d in demands(), p in progress()) {
            let all = missing(&d, &p);
            let open = p.actions_open + p.tasks_open + p.notices_unsent;
            prop_assert!(open == 0 || !all.is_empty());
            prop_assert!(all.iter().all(|m| m.count() > 0 && m.sentence().ends_with('.')));
            // A duplicate lacks no more than the same case that is none.
            let alone = missing(&d, &Progress { duplicate: false, ..p });
            prop_assert!(all.iter().all(|m| alone.contains(m)));
        }
    }
}
