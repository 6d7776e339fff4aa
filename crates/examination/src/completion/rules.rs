//! What is missing before a report can be dated, what voids a signature, when a file must be locked. Pure.

pub mod planned;

use super::model::{
    ASSEMBLY_DAYS, Deficiency, Inputs, Letter, LetterBody, Procedure, ProcedureKind, Signature,
};
use crate::model::{About, Concluded, Standing, Verdict};
use crate::rules::control::{DesignState, OperationState};
use crate::rules::facts::Status;
use crate::rules::item::ItemState;
use crate::store::{Papers, inputs_sha256};
use controls::model::Control;
use jiff::ToSpan as _;
use kernel::ids::EventId;
use kernel::period::Date;
use kernel::time::Timestamp;
use scope::catalogue::CriterionId;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// How many days before the report's date reading of minutes, logs and reports may end. The inquiry of
/// management goes up to the date itself.
pub const NEAR_DAYS: i32 = 7;

/// Something without which the report cannot be dated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// What kind, for a heading: `conclusions`, `review`, `subsequent_events`.
    pub what: &'static str,
    /// What is missing, in a sentence.
    pub text: String,
    /// The page of the file on which it is mended, from the file's own address on.
    pub to: String,
}

fn missing(what: &'static str, text: impl Into<String>, to: impl Into<String>) -> Missing {
    Missing { what, text: text.into(), to: to.into() }
}

/// When an event was recorded: ids begin with their time, in milliseconds.
fn recorded(event: EventId) -> Timestamp {
    let millis = i64::try_from(event.to_u128() >> 80).unwrap_or(i64::MAX / 1_000);
    Timestamp(millis.saturating_mul(1_000))
}

/// What is missing of the examination itself: conclusions, reviews, second signatures, rows that nobody
/// judged, populations that nobody judged.
#[must_use]
pub fn missing_of_file(papers: &Papers) -> Vec<Missing> {
    let mut out = Vec::new();
    for control in &papers.controls {
        let about = About::Control { control: control.id };
        let to = format!("/controls/{}", control.id);
        out.extend(unsettled(
            papers.conclusion(about),
            &format!("control {}", control.text.code),
            to,
        ));
    }
    // What the rules propose is nobody's conclusion.
    let (open, concluded): (Vec<_>, Vec<_>) =
        papers.criterion_results().into_iter().partition(|line| line.conclusion.is_none());
    out.extend(open_criteria(&open.iter().map(|line| line.criterion).collect::<Vec<_>>()));
    for line in concluded {
        let to = format!("/criteria/{}", line.criterion);
        out.extend(unsettled(line.conclusion, &format!("criterion {}", line.criterion), to));
    }
    out.extend(papers.materiality_open().into_iter().map(|id| {
        let text = format!(
            "The judgement that the failure of {id} is not material waits for a second signature; until then it counts as material."
        );
        missing("signatures", text, format!("/criteria/{id}"))
    }));
    out.extend(papers.matters_open().iter().map(|matter| {
        let text = format!(
            "The judgement that this is not material waits for a second signature; until then it counts as material: {}",
            matter.what()
        );
        missing("signatures", text, "/matters")
    }));
    out.extend(unsettled(papers.conclusion(About::Opinion), "the opinion", "/opinion".to_owned()));
    let unreviewed = papers.unreviewed();
    if unreviewed > 0 {
        out.push(missing(
            "review",
            match unreviewed {
                1 => "One result has not been reviewed by a second person.".to_owned(),
                more => format!("{more} results have not been reviewed by a second person."),
            },
            "",
        ));
    }
    for test in &papers.tests {
        let code = &test.plan.code;
        if let Some(run) = papers.censuses.get(&test.id) {
            let followed = papers.followed.get(&run.id).copied().unwrap_or_default();
            let open = followed.open_exceptions + followed.open_unmatched;
            if open > 0 {
                let text = format!(
                    "{open} rows of the full-population run of {code} have not been judged."
                );
                out.push(missing("rows", text, format!("/census/{}", run.id)));
            }
        }
    }
    for population in papers.populations.values().filter(|p| p.judgement.is_none()) {
        let text = format!(
            "Nobody has judged whether the population {} is complete and accurate.",
            population.body.name
        );
        out.push(missing("populations", text, format!("/populations/{}", population.id)));
    }
    out
}

/// The criteria on which nobody has concluded, in one line.
fn open_criteria(open: &[CriterionId]) -> Option<Missing> {
    let names: Vec<String> = open.iter().map(ToString::to_string).collect();
    let (text, to) = match names.as_slice() {
        [] => return None,
        [one] => {
            (format!("There is no conclusion on criterion {one}."), format!("/criteria/{one}"))
        }
        more => (
            format!("There is no conclusion on {} criteria: {}.", more.len(), more.join(", ")),
            "/criteria".to_owned(),
        ),
    };
    Some(missing("conclusions", text, to))
}

fn unsettled(found: Option<Concluded>, what: &str, to: String) -> Option<Missing> {
    let earlier = found.as_ref().is_some_and(Concluded::of_earlier_rule);
    match found.map(|c| c.stands) {
        Some(Standing::Stands) => None,
        None => Some(missing("conclusions", format!("There is no conclusion on {what}."), to)),
        Some(Standing::Void) if earlier => {
            let text = format!(
                "The conclusion on {what} is void: it was signed under an earlier version of the rule on what it rests on. Conclude again."
            );
            Some(missing("conclusions", text, to))
        }
        Some(Standing::AwaitsSecond) => Some(missing(
            "signatures",
            format!("The conclusion on {what} waits for a second signature."),
            to,
        )),
        Some(Standing::Void) => {
            let text = format!(
                "The conclusion on {what} is void: what it rests on changed after it was signed."
            );
            Some(missing("conclusions", text, to))
        }
    }
}

/// Controls of which every test was done before the period's end, each with the last day that was tested.
/// Operation has to be followed to the end: such a control needs a roll-forward.
#[must_use]
pub fn interim(papers: &Papers) -> Vec<(&Control, Date)> {
    if papers.engagement.report_type != scope::model::ReportType::Type2 {
        return Vec::new();
    }
    let period = &papers.engagement.period;
    let mut out = Vec::new();
    for control in &papers.controls {
        let mut work: Vec<Timestamp> = Vec::new();
        for test in papers.tests_of(control.id) {
            let samples = papers.samples.get(&test.id).into_iter().flatten();
            let frozen = |id| papers.populations.get(&id).map(|p| p.body.frozen_at);
            work.extend(
                samples.map(|s| {
                    s.body.population.and_then(frozen).unwrap_or_else(|| recorded(s.event))
                }),
            );
            if let Some(run) = papers.censuses.get(&test.id) {
                let first = run.body.populations.first();
                work.extend(first.and_then(|used| frozen(used.population)));
            }
        }
        if let Some(last) = work.into_iter().max()
            && last < period.ends_before()
        {
            out.push((control, period.zone().local(last).date()));
        }
    }
    out
}

/// What is missing of the procedures after the period's end.
#[must_use]
pub fn missing_procedures(
    papers: &Papers,
    procedures: &[Procedure],
    report_date: Option<Date>,
) -> Vec<Missing> {
    let mut out = Vec::new();
    let page = || "/completion".to_owned();
    for procedure in procedures.iter().filter(|p| p.reviewed_by.is_none()) {
        let text = format!(
            "The procedure \u{201c}{}\u{201d} of {} has not been reviewed by a second person.",
            words(procedure.body.kind),
            procedure.body.performed_on
        );
        out.push(missing("review", text, page()));
    }
    let Some(date) = report_date else {
        out.push(missing(
            "date",
            "The report has no date yet: procedures cannot be measured against it.",
            page(),
        ));
        return out;
    };
    for kind in ProcedureKind::REQUIRED {
        let near = if kind == ProcedureKind::Inquiry { 0 } else { NEAR_DAYS };
        let from = date.checked_sub(near.days()).unwrap_or(date);
        let reaches = |p: &&Procedure| {
            p.body.kind == kind && p.body.covers_to >= from && p.body.performed_on <= date
        };
        if !procedures.iter().any(|p| reaches(&p)) {
            let text = format!(
                "There is no procedure \u{201c}{}\u{201d} that reaches {from}.",
                words(kind)
            );
            out.push(missing("subsequent_events", text, page()));
        }
    }
    let end = papers.engagement.period.end();
    for (control, last) in interim(papers) {
        let followed = procedures.iter().any(|p| {
            p.body.kind == ProcedureKind::RollForward
                && p.body.control == Some(control.id)
                && p.body.covers_to >= end
        });
        if !followed {
            let text = format!(
                "Control {} was tested up to {last} only; a roll-forward to {end} is missing.",
                control.text.code
            );
            out.push(missing("roll_forward", text, page()));
        }
    }
    out
}

/// A kind of procedure in words.
#[must_use]
pub const fn words(kind: ProcedureKind) -> &'static str {
    match kind {
        ProcedureKind::Inquiry => "inquiry of management about subsequent events",
        ProcedureKind::Minutes => "minutes since the period's end",
        ProcedureKind::Incidents => "incident log since the period's end",
        ProcedureKind::Changes => "change log since the period's end",
        ProcedureKind::Reports => "reports of others that became available",
        ProcedureKind::OtherInformation => "other information that comes with the report",
        ProcedureKind::RollForward => "roll-forward of a control tested before the period's end",
    }
}

/// Whatever of the file is dated after the report: it may not feed it. Empty when nothing is.
#[must_use]
pub fn dated_after(papers: &Papers, procedures: &[Procedure], report_date: Date) -> Vec<Missing> {
    let zone = papers.engagement.period.zone();
    let after = |at: Timestamp| zone.local(at).date() > report_date;
    let mut out = Vec::new();
    let mut note = |at: Timestamp, what: String, to: String| {
        if after(at) {
            let on = zone.local(at).date();
            let text = format!(
                "{what} is dated {on}, after the report's date of {report_date}. Date the report later."
            );
            out.push(missing("date", text, to));
        }
    };
    for test in &papers.tests {
        let (code, to) = (&test.plan.code, format!("/controls/{}", test.plan.control));
        note(recorded(test.event), format!("The plan of test {code}"), to.clone());
        for sample in papers.samples.get(&test.id).into_iter().flatten() {
            note(
                recorded(sample.event),
                format!("A sample of test {code}"),
                format!("/samples/{}", sample.id),
            );
            let items = papers.items.get(&sample.id).into_iter().flatten();
            if let Some(last) = items.map(|i| recorded(i.event)).max() {
                note(last, format!("A result of test {code}"), format!("/samples/{}", sample.id));
            }
        }
        if let Some(run) = papers.censuses.get(&test.id) {
            note(
                recorded(run.event),
                format!("The full-population run of test {code}"),
                format!("/census/{}", run.id),
            );
        }
    }
    for population in papers.populations.values() {
        note(
            population.recorded_at,
            format!("The population {}", population.body.name),
            format!("/populations/{}", population.id),
        );
    }
    for deviation in &papers.deviations {
        note(
            recorded(deviation.event),
            "A deviation".to_owned(),
            format!("/controls/{}", deviation.control),
        );
    }
    for concluded in papers.conclusions() {
        let (what, to) = named(papers, concluded.about);
        note(concluded.recorded_at, format!("The conclusion on {what}"), to);
    }
    for procedure in procedures {
        note(
            procedure.recorded_at,
            format!("The procedure \u{201c}{}\u{201d}", words(procedure.body.kind)),
            "/completion".to_owned(),
        );
    }
    out.extend(untested(papers, report_date));
    out
}

/// Selected items without a result: what is found in them comes after the report's date.
fn untested(papers: &Papers, report_date: Date) -> Vec<Missing> {
    let waits = |state| {
        matches!(state, ItemState::Selected | ItemState::EvidenceRequested | ItemState::Received)
    };
    let mut out = Vec::new();
    for test in &papers.tests {
        for sample in papers.samples.get(&test.id).into_iter().flatten() {
            let items = papers.items.get(&sample.id).map(Vec::as_slice).unwrap_or_default();
            let open = items.iter().filter(|i| waits(i.facts.state)).count();
            if open > 0 {
                let text = format!(
                    "The report's date of {report_date} cannot stand: {open} selected items of test {} have no result yet. Test them, then date the report.",
                    test.plan.code
                );
                out.push(missing("date", text, format!("/samples/{}", sample.id)));
            }
        }
    }
    out
}

/// The criteria that one signature may conclude on together as met: those on which nobody has concluded, that
/// the rules find met, and of which every control was concluded on as effective, without a deviation.
#[must_use]
pub fn plainly_met(papers: &Papers) -> BTreeSet<CriterionId> {
    let effective = |control: &Control| {
        let found = papers.conclusion(About::Control { control: control.id });
        found.is_some_and(|c| {
            c.stands == Standing::Stands
                && matches!(
                    c.concluded,
                    Verdict::Control {
                        design: DesignState::Suitable,
                        operation: None | Some(OperationState::Effective),
                    }
                )
                && papers.deviations.iter().all(|d| d.control != control.id)
        })
    };
    let plain = |criterion: CriterionId| {
        let mut serving =
            papers.controls.iter().filter(|c| c.text.criteria.contains(&criterion)).peekable();
        serving.peek().is_some() && serving.all(effective)
    };
    papers
        .criterion_results()
        .into_iter()
        .filter(|line| {
            let open = line.conclusion.as_ref().is_none_or(|c| c.stands == Standing::Void);
            open && plain(line.criterion)
        })
        .filter(|line| {
            matches!(
                line.proposed,
                Some(Verdict::Criterion {
                    design: Status::Met,
                    operation: None | Some(Status::Met),
                })
            )
        })
        .map(|line| line.criterion)
        .collect()
}

fn named(papers: &Papers, about: About) -> (String, String) {
    match about {
        About::Control { control } => (
            papers
                .control(control)
                .map_or_else(|| about.to_string(), |c| format!("control {}", c.text.code)),
            format!("/controls/{control}"),
        ),
        About::Criterion { criterion } => (about.to_string(), format!("/criteria/{criterion}")),
        About::Opinion => ("the opinion".to_owned(), "/opinion".to_owned()),
    }
}

/// What a signature on the file binds, by names that a person can read. `outside` is what other rooms add.
#[must_use]
pub fn inputs(
    papers: &Papers,
    procedures: &[Procedure],
    letter: Option<&Letter>,
    outside: &Inputs,
) -> Inputs {
    let mut out = outside.clone();
    let mut about = |about: About| {
        let (name, _) = named(papers, about);
        let said =
            papers.conclusion(about).map_or_else(|| "none".to_owned(), |c| c.event.to_string());
        out.insert(name, format!("{said} {}", inputs_sha256(papers, about)));
    };
    for control in &papers.controls {
        about(About::Control { control: control.id });
    }
    for criterion in papers.criteria() {
        about(About::Criterion { criterion });
    }
    about(About::Opinion);
    out.insert("the auditor's further statements".to_owned(), papers.matters_version.to_string());
    let e = &papers.engagement;
    let scope = format!(
        "{:?} {} {} {:?} {}",
        e.report_type,
        e.period.start(),
        e.period.end(),
        e.categories,
        e.system_name
    );
    out.insert("the engagement's scope".to_owned(), scope);
    for procedure in procedures {
        let name = format!(
            "{}, {} ({})",
            words(procedure.body.kind),
            procedure.body.performed_on,
            procedure.id
        );
        out.insert(name, procedure.event.to_string());
    }
    if let Some(letter) = letter {
        out.insert("the letter on deficiencies".to_owned(), letter.event.to_string());
    }
    out
}

/// Digest of what a signature binds.
#[must_use]
pub fn digest(inputs: &Inputs) -> String {
    let mut hash = Sha256::new();
    for (name, value) in inputs {
        hash.update(format!("{} {name}\n{} {value}\n", name.len(), value.len()));
    }
    hex::encode(hash.finalize())
}

/// What changed since a file was signed, by name; a signature stands while this is empty.
#[must_use]
pub fn changed(signature: &Signature, now: &Inputs) -> Vec<String> {
    let names: BTreeSet<&String> = signature.inputs.keys().chain(now.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| match (signature.inputs.get(name), now.get(name)) {
            (Some(then), Some(now)) if then == now => None,
            (Some(_), Some(_)) => Some(format!("{name} changed")),
            (Some(_), None) => Some(format!("{name} was taken away")),
            (None, _) => Some(format!("{name} was added")),
        })
        .collect()
}

/// The last day on which the file of a report of this date can be assembled.
#[must_use]
pub fn assembly_due(report_date: Date) -> Date {
    report_date.checked_add(i32::from(ASSEMBLY_DAYS).days()).unwrap_or(Date::MAX)
}

/// The first day on which a file need no longer be kept.
#[must_use]
pub fn keep_until(report_date: Date, years: u16) -> Date {
    report_date.checked_add(i32::from(years).years()).unwrap_or(Date::MAX)
}

/// A letter on the deficiencies that the file holds, to be edited before it is released: every recorded
/// deviation, by control. None when there is none.
#[must_use]
pub fn draft_letter(papers: &Papers) -> Option<LetterBody> {
    let mut deficiencies = Vec::new();
    for control in &papers.controls {
        let found: Vec<&str> = papers
            .deviations
            .iter()
            .filter(|d| d.control == control.id)
            .map(|d| d.body.facts.trim())
            .collect();
        if found.is_empty() {
            continue;
        }
        let criteria: Vec<String> = control.text.criteria.iter().map(ToString::to_string).collect();
        let verdict =
            papers.conclusion(About::Control { control: control.id }).map(|c| c.concluded);
        let effect = match verdict {
            Some(Verdict::Control { operation: Some(OperationState::Ineffective), .. }) => {
                "The control did not operate effectively"
            }
            Some(Verdict::Control {
                operation: Some(OperationState::EffectiveWithDeviations),
                ..
            }) => "The control operated effectively with the deviations stated",
            _ => "The control has not been concluded on",
        };
        deficiencies.push(Deficiency {
            control: control.text.code.clone(),
            found: found.join(" "),
            effect: format!("{effect}. It serves {}.", criteria.join(", ")),
        });
    }
    if deficiencies.is_empty() {
        return None;
    }
    Some(LetterBody {
        addressee: "Management".to_owned(),
        opening: format!(
            "In our examination of {} we found the following deficiencies in the operation of controls. This letter is for management alone; it is no part of our report and gives no opinion.",
            papers.engagement.system_name
        ),
        deficiencies,
        closing: "Please acknowledge that you have received this letter.".to_owned(),
    })
}
