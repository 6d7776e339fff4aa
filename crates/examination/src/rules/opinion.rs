//! The proposed opinion: three prongs, the worst of them as headline, and the reasons.
//!
//! The product proposes, a person concludes. The table of causes and effects:
//!
//! | | not material | material | material and pervasive |
//! |---|---|---|---|
//! | misstatement or deficiency | unmodified | qualified | adverse |
//! | evidence not obtainable | unmodified | qualified | disclaimer |

use serde::Serialize;

use super::control::{ControlConclusion, Frame, conclude_control};
use super::criteria::{Criterion, listed};
use super::criterion::{CriterionFinding, conclude_criteria, lifted};
use super::facts::{Facts, Given, LimitationCause, Opinion, Prong, ReportType, Status};
use super::item::Fault;
use super::prong::{capitalised, decide_prong, prong_words};
use super::words::{sentence, words};

words! {
    /// Why an opinion is modified.
    pub enum Basis: "basis of a modification" {
        /// The description is misstated.
        Misstatement = "misstatement",
        /// Controls were deficient.
        Deficiency = "deficiency",
        /// Evidence could not be had.
        ScopeLimitation = "scope_limitation",
        /// Deficient or misstated in part, and evidence missing in part.
        Both = "deficiency_and_scope_limitation",
    }
}

words! {
    /// How strongly leaving the engagement is advised.
    pub enum Advice: "advice" {
        /// Weigh it.
        Consider = "consider",
        /// Do it, where law allows.
        Withdraw = "withdraw",
    }
}

/// Advice to leave the engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withdrawal {
    /// How strongly.
    pub advice: Advice,
    /// Why.
    pub reasons: Vec<String>,
}

/// One prong's proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProngProposal {
    /// The opinion.
    pub opinion: Opinion,
    /// Why it is modified; absent for an unmodified one.
    pub basis: Option<Basis>,
    /// Whether something material stands against it.
    pub material: bool,
    /// Whether that is pervasive.
    pub pervasive: bool,
    /// Criteria not met or unknown, material ones only.
    pub criteria: Vec<Criterion>,
    /// Opinions of equal weight that a person may pick instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Opinion>,
    /// `cuec` and `csoc` where the opinion holds only if those controls are in place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditioned_on: Vec<&'static str>,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

/// The prongs by name; type 1 has none on operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prongs {
    /// (a) Description.
    pub description: ProngProposal,
    /// (b) Design.
    pub design: ProngProposal,
    /// (c) Operating effectiveness.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<ProngProposal>,
}

impl Prongs {
    /// Those that exist, with their names.
    pub fn each(&self) -> impl Iterator<Item = (Prong, &ProngProposal)> {
        [
            (Prong::Description, Some(&self.description)),
            (Prong::Design, Some(&self.design)),
            (Prong::Operation, self.operation.as_ref()),
        ]
        .into_iter()
        .filter_map(|(prong, proposal)| proposal.map(|proposal| (prong, proposal)))
    }
}

/// Controls of others that the opinion is conditioned on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Conditions {
    /// Necessary complementary user entity controls.
    pub cuec: Vec<String>,
    /// Complementary subservice organisation controls.
    pub csoc: Vec<String>,
}

/// Work on which nobody has concluded yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OpenWork {
    /// Controls without a conclusion that stands.
    pub controls: Vec<String>,
    /// Criteria on which nothing that is concluded bears.
    pub criteria: Vec<Criterion>,
}

impl OpenWork {
    /// Whether everything is concluded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.controls.is_empty() && self.criteria.is_empty()
    }

    /// The first reason: that there is no proposal yet, and what is open.
    fn first(&self) -> Option<String> {
        let controls = self.controls.iter().map(|id| format!("control {id}"));
        let told = listed(controls.chain(self.criteria.iter().map(ToString::to_string)));
        (!self.is_empty()).then(|| {
            format!(
                "The work is not finished: no conclusion stands on {told}. Work that is not done limits no scope, so no opinion is proposed yet."
            )
        })
    }

    fn which(&self) -> &'static str {
        if self.is_empty() {
            "The proposed opinion is"
        } else {
            "On what is concluded so far it would be"
        }
    }
}

/// A proposed opinion with everything it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// The worst of the prongs. While something is open, on what is concluded so far.
    pub headline: Opinion,
    /// What is not concluded yet; nothing is proposed for the signature while there is any.
    #[serde(skip_serializing_if = "OpenWork::is_empty")]
    pub open: OpenWork,
    /// The prongs.
    pub prongs: Prongs,
    /// Why, in sentences, most important first.
    pub reasons: Vec<String>,
    /// Opinions of equal weight that a person may pick instead of the headline.
    pub alternatives: Vec<Opinion>,
    /// Advice to leave the engagement, if any.
    pub withdraw: Option<Withdrawal>,
    /// Whether a SOC 2 report can be issued at all.
    pub can_issue: bool,
    /// Controls of others that the opinion is conditioned on.
    pub conditions: Conditions,
    /// Deviations that section IV prints whatever the opinion.
    pub exceptions: Vec<String>,
    /// Points for the auditor: assumptions, open questions, things to disclose.
    pub matters: Vec<String>,
    /// Every control's conclusion.
    pub controls: Vec<ControlConclusion>,
    /// Criteria that are not plainly met.
    pub criteria: Vec<CriterionFinding>,
    /// Criteria in scope.
    pub criteria_in_scope: usize,
    /// Version of the thresholds used.
    pub policy_version: String,
}

/// Proposes an opinion.
pub fn propose(facts: &Facts) -> Result<Proposal, Fault> {
    facts.validate()?;
    let frame = Frame {
        type_two: facts.report_type == ReportType::Two,
        period: facts.period,
        as_of: facts.as_of,
    };
    let controls = facts
        .controls
        .iter()
        .map(|control| conclude_control(control, frame))
        .collect::<Result<Vec<_>, _>>()?;
    let findings = conclude_criteria(facts, &controls)?;
    let conditions = conditions(facts);
    let prong = |prong| decide_prong(facts, &findings, &conditions, prong);
    let prongs = Prongs {
        description: prong(Prong::Description),
        design: prong(Prong::Design),
        operation: frame.type_two.then(|| prong(Prong::Operation)),
    };
    let withdraw = withdrawal(facts);
    let (headline, alternatives) = headline(&prongs, withdraw.as_ref());
    let mut matters: Vec<String> =
        controls.iter().flat_map(|control| control.matters.iter().cloned()).collect();
    matters.extend(matters_of(facts));
    matters.extend(findings.matters);
    let open = OpenWork {
        controls: controls.iter().filter(|c| c.open).map(|c| c.id.clone()).collect(),
        criteria: findings.unmentioned,
    };
    let exceptions: Vec<String> =
        controls.iter().flat_map(|control| control.exceptions.iter().cloned()).collect();
    Ok(Proposal {
        headline,
        reasons: reasons(facts, (headline, &open), &prongs, withdraw.as_ref(), &exceptions),
        open,
        prongs,
        alternatives,
        can_issue: headline != Opinion::Withdraw,
        withdraw,
        conditions,
        exceptions,
        matters,
        controls,
        criteria_in_scope: findings.criteria.len(),
        criteria: findings
            .criteria
            .into_iter()
            .filter(|found| {
                found.worst() != Status::Met
                    || !found.compensated.is_empty()
                    || !found.open.is_empty()
            })
            .collect(),
        policy_version: facts.policy.version.clone(),
    })
}

fn conditions(facts: &Facts) -> Conditions {
    Conditions {
        cuec: facts
            .cuecs
            .iter()
            .filter(|cuec| cuec.necessary)
            .map(|cuec| cuec.id.clone())
            .collect(),
        csoc: facts.csocs.iter().map(|csoc| csoc.id.clone()).collect(),
    }
}

fn withdrawal(facts: &Facts) -> Option<Withdrawal> {
    let management = &facts.management;
    let mut reasons = Vec::new();
    let mut advice = Advice::Consider;
    if management.assertion == Some(Given::Refused) {
        if management.engaging_party && management.withdrawal_possible {
            advice = Advice::Withdraw;
            reasons.push("Management engaged the firm and refuses to give an assertion: withdraw; a SOC 2 report cannot be issued.".to_owned());
        } else if management.engaging_party {
            reasons.push("Management engaged the firm and refuses to give an assertion, and law does not allow withdrawal: disclaim.".to_owned());
        } else {
            reasons.push("Management refuses to give an assertion and is not the engaging party: if the engagement goes on, the report must disclose the refusal and be restricted to the engaging party.".to_owned());
        }
    }
    if management.representation_letter == Some(Given::Refused) {
        reasons.push(
            "Without the representation letter: disclaim, or withdraw where law allows.".to_owned(),
        );
    }
    let imposed = facts
        .scope_limitations
        .iter()
        .any(|limit| limit.cause == LimitationCause::Management && !lifted(limit));
    if imposed {
        reasons.push("Management limits the scope of the examination: weigh whether its integrity allows the engagement to go on.".to_owned());
    }
    if let Some(reason) = &facts.evidence_unreliable {
        reasons.push(format!("Evidence cannot be relied on: {}", sentence(reason)));
    }
    (!reasons.is_empty()).then_some(Withdrawal { advice, reasons })
}

fn headline(prongs: &Prongs, withdraw: Option<&Withdrawal>) -> (Opinion, Vec<Opinion>) {
    let worst = prongs.each().map(|(_, prong)| prong.opinion.severity()).max().unwrap_or(0);
    let at_worst = || {
        prongs.each().filter(|(_, prong)| prong.opinion.severity() == worst).map(|(_, prong)| prong)
    };
    let mut candidates: Vec<Opinion> = at_worst().map(|prong| prong.opinion).collect();
    candidates.sort_unstable();
    let headline = if withdraw.is_some_and(|w| w.advice == Advice::Withdraw) {
        Opinion::Withdraw
    } else {
        candidates.first().copied().unwrap_or(Opinion::Unmodified)
    };
    candidates.extend(at_worst().flat_map(|prong| prong.alternatives.iter().copied()));
    if withdraw.is_some() && worst >= Opinion::Adverse.severity() {
        candidates.push(Opinion::Withdraw);
    }
    candidates.sort_unstable();
    candidates.dedup();
    candidates.retain(|other| *other != headline);
    if headline == Opinion::Withdraw {
        candidates.clear();
    }
    (headline, candidates)
}

fn reasons(
    facts: &Facts,
    (headline, open): (Opinion, &OpenWork),
    prongs: &Prongs,
    withdraw: Option<&Withdrawal>,
    exceptions: &[String],
) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some(withdraw) = withdraw {
        reasons.extend(withdraw.reasons.iter().cloned());
    }
    let each: Vec<String> =
        prongs.each().map(|(name, prong)| format!("{name} {}", prong.opinion)).collect();
    if headline != Opinion::Withdraw {
        reasons.extend(open.first());
        let which = open.which();
        reasons.push(format!("{which} {headline}, the worst of its prongs: {}.", listed(each)));
    }
    let mut modified: Vec<_> =
        prongs.each().filter(|(_, prong)| prong.opinion != Opinion::Unmodified).collect();
    modified.sort_by_key(|(_, prong)| std::cmp::Reverse(prong.opinion.severity()));
    for (name, prong) in modified {
        for reason in &prong.reasons {
            let told = format!("{}: {reason}", capitalised(prong_words(name)));
            reasons.push(told);
        }
    }
    if headline == Opinion::Unmodified {
        let so_far = if open.is_empty() { "" } else { "So far: " };
        let found = match facts.report_type {
            ReportType::One => {
                "The description has no uncorrected material misstatement and no material criterion fails by design."
            }
            ReportType::Two => {
                "The description has no uncorrected material misstatement and no material criterion fails by design or in operation."
            }
        };
        reasons.push(format!("{so_far}{found}"));
        for (name, prong) in prongs.each() {
            reasons.extend(
                prong
                    .reasons
                    .iter()
                    .map(|reason| format!("{}: {reason}", capitalised(prong_words(name)))),
            );
        }
    }
    if !exceptions.is_empty() {
        reasons.push(format!(
            "Section IV prints {} whatever the opinion: {}",
            if exceptions.len() == 1 { "this exception" } else { "these exceptions" },
            exceptions.join(" ")
        ));
    }
    reasons
}

/// How a point ends that says that a document of management is not among the facts.
pub const TAKEN_AS_GIVEN: &str = "it is taken as given.";

/// How the point ends on a complementary control of a subservice organisation that no control is named for.
pub const UNMONITORED: &str =
    "relying on a subservice organisation unmonitored is itself a finding.";

/// Points for the auditor that belong to no single control or criterion.
fn matters_of(facts: &Facts) -> Vec<String> {
    let mut matters = Vec::new();
    for (document, state) in [
        ("written assertion", facts.management.assertion),
        ("representation letter", facts.management.representation_letter),
    ] {
        match state {
            None => matters.push(format!(
                "The facts do not mention management's {document}; {TAKEN_AS_GIVEN}"
            )),
            Some(Given::Pending) => matters.push(format!(
                "Management's {document} is still pending; the report cannot be dated before it is signed."
            )),
            Some(Given::Given | Given::Refused) => {}
        }
    }
    for csoc in &facts.csocs {
        let modified = csoc.report_opinion.filter(|opinion| *opinion != Opinion::Unmodified);
        if let (Some(opinion), None) = (modified, csoc.effect) {
            matters.push(format!(
                "The report of the organisation behind {} is {opinion}: evaluate what that means for {} and record it as effect; it does not by itself modify this opinion.",
                csoc.id,
                if csoc.criteria.is_empty() { "the criteria".to_owned() } else { listed(&csoc.criteria) }
            ));
        }
        if csoc.monitored_by.is_none() {
            matters.push(format!(
                "No control of the organisation is named that monitors {}; {UNMONITORED}",
                csoc.id
            ));
        }
    }
    for misstatement in facts.description.misstatements.iter().filter(|m| m.corrected) {
        matters.push(format!(
            "A misstatement of {} was corrected before issue and does not count.",
            misstatement.dc
        ));
    }
    let unexplained = facts
        .description
        .misstatements
        .iter()
        .any(|m| m.material == Some(false) && m.material_reason.is_none());
    if unexplained {
        matters.push(
            "A misstatement is marked not material without a reason and therefore counts; give material_reason.".to_owned(),
        );
    }
    matters
}
