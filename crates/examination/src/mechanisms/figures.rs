//! What the organisation's own record says about its reporting, read for the auditor: register of
//! channels, policy in force, training, promises, past cases. Nothing here is written; every figure has a
//! definition in the words of the pages.

use super::asked::{self, Voice};
use super::model::{CaseReview, Heard, Said};
use super::rules::rubric::{Doors, Known, Ladder, Registers, Share};
use cases::channels::model::{Audience, Channel, Publication, Trial};
use cases::clocks::model::{Promise, Standing};
use cases::model::{Case, CaseId, CaseState, Intake, Severity};
use cases::policy::model::{PolicyState, PolicyVersion};
use cases::policy::rules::alignment::{Aligned, alignment};
use cases::policy::rules::checklist::checklist;
use cases::store::{CaseFilter, cases as list_cases};
use kernel::ids::PartyId;
use kernel::period::{Date, Period};
use kernel::time::Timestamp;
use platform::db::{Conn, Result};
use scope::model::Engagement;
use std::collections::{BTreeMap, BTreeSet};

/// Cases of the period that are looked at one by one; the newest of more.
pub const CASES_MAX: usize = 3_000;
/// Days within which a trial of a channel counts.
const TRIED_DAYS: i32 = 366;
/// How long before the end of a promise a longer one in its place is told: a quarter of its time.
const LATE_QUARTER: i64 = 4;

/// What the record says of the cases of the period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFigures {
    /// The numbers of all that were reported in the period, canaries and held reports left out, oldest
    /// first.
    pub numbers: Vec<String>,
    /// Whether only the newest were looked at one by one.
    pub cut: bool,
    /// Promises kept in time, of those whose time was over.
    pub in_time: Option<Share>,
    /// Missed promises of which somebody higher up was told, of all missed ones.
    pub escalated: Option<Share>,
    /// Cases with owner, severity and confirmation; of all.
    pub complete: Option<Share>,
    /// Minutes from event to report of what is high or critical, 90th percentile by nearest rank.
    pub lag_minutes: Option<u64>,
    /// Reported more than a day after they happened.
    pub late: Vec<String>,
    /// Concluded without a resolution, a cause or an action on record.
    pub bare: Vec<String>,
    /// A promise was replaced by a longer one when less than a quarter of its time was left.
    pub softened: Vec<String>,
    /// Months of the period without a report.
    pub silent_months: Vec<String>,
}

/// Everything that is read.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The register of channels, closed ones too.
    pub register: Vec<Channel>,
    /// Where they are made known.
    pub publications: Vec<Publication>,
    /// Their trials, newest first.
    pub trials: Vec<Trial>,
    /// The reporting policy in force.
    pub policy: Option<PolicyVersion>,
    /// How it serves the criteria of security and availability.
    pub alignment: Vec<Aligned>,
    /// People taught, of those whom a course concerns; the last figure of each course in the period.
    pub trained: Option<Share>,
    /// Who practised reporting to the end.
    pub practised: i64,
    /// What surveys of the period say of whether people know how to report; none where the organisation has
    /// not consented to their being read.
    pub asked: Option<Vec<Voice>>,
    /// The cases.
    pub cases: CaseFigures,
    /// What the history says.
    pub patterns: cases::patterns::model::PatternReport,
    /// The date on which the register is read: the last of the period, or today if that is earlier.
    pub on: Date,
}

/// Reads the figures for an examination's period. Callers hold a permit of the firm's file and of the
/// organisation's cases.
///
/// # Errors
/// When the database refuses.
pub fn read(conn: &mut Conn<'_>, engagement: &Engagement, now: Timestamp) -> Result<Figures> {
    let (owner, period) = (engagement.organisation, &engagement.period);
    let until = period.ends_before().min(now);
    let on = until.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date().min(period.end());
    let versions = cases::policy::store::versions(conn, owner)?;
    let policy = versions.into_iter().find(|v| v.state == PolicyState::InForce);
    let (practised, _) = cases::training::store::practised(conn, owner)?;
    let asked = if asked::consented(conn, owner, engagement.id)? {
        Some(asked::voices(conn, owner, (period.starts_at(), until))?)
    } else {
        None
    };
    Ok(Figures {
        register: cases::channels::store::channels(conn, owner)?,
        publications: cases::channels::store::publications(conn, owner)?,
        trials: cases::channels::store::trials(conn, owner)?,
        alignment: policy.as_ref().map(|p| alignment(&p.body)).unwrap_or_default(),
        policy,
        trained: trained(conn, owner, period)?,
        practised,
        asked,
        cases: of_cases(conn, owner, period, until)?,
        patterns: cases::patterns::service::report(conn, owner, None, (until, 5_000))?,
        on,
    })
}

fn trained(conn: &mut Conn<'_>, owner: PartyId, period: &Period) -> Result<Option<Share>> {
    let last = period.end().to_string();
    let last = last.get(..7).unwrap_or_default();
    let mut newest = BTreeMap::new();
    for taken in cases::training::store::coverage_taken(conn, owner)? {
        if taken.month.as_str() <= last {
            newest.insert(taken.course, taken.coverage);
        }
    }
    let n = |value: i64| u64::try_from(value).unwrap_or(0);
    let (done, of) =
        newest.values().fold((0, 0), |(done, of), c| (done + n(c.done), of + n(c.applies)));
    Ok(Share::of(done, of))
}

/// Calls `f` with every case of the period, newest first, canaries and held reports left out.
fn each(
    conn: &mut Conn<'_>,
    owner: PartyId,
    period: &Period,
    mut f: impl FnMut(&mut Conn<'_>, &Case) -> Result<()>,
) -> Result<()> {
    let mut filter = CaseFilter {
        from: Some(period.starts_at()),
        to: Some(period.ends_before()),
        limit: i64::try_from(CASES_MAX).unwrap_or(i64::MAX),
        ..CaseFilter::default()
    };
    loop {
        let page = list_cases(conn, owner, &filter)?;
        for case in page.iter().filter(|c| !c.canary && !c.held) {
            f(conn, case)?;
        }
        match page.last() {
            Some(last) if page.len() == CASES_MAX => {
                filter.after = Some((last.reported_at, last.id));
            }
            _ => return Ok(()),
        }
    }
}

/// The numbers of the period's cases, oldest first: the population that cases are drawn from.
///
/// # Errors
/// When the database refuses.
pub fn numbers(conn: &mut Conn<'_>, owner: PartyId, period: &Period) -> Result<Vec<String>> {
    let mut out = Vec::new();
    each(conn, owner, period, |_, case| {
        out.push(case.tracking_number.clone());
        Ok(())
    })?;
    out.reverse();
    Ok(out)
}

fn of_cases(
    conn: &mut Conn<'_>,
    owner: PartyId,
    period: &Period,
    until: Timestamp,
) -> Result<CaseFigures> {
    let mut out = CaseFigures::default();
    let (mut looked_at, mut months, mut lags) = (0, BTreeSet::new(), Vec::new());
    let mut tally = Tally::default();
    each(conn, owner, period, |conn, case| {
        out.numbers.push(case.tracking_number.clone());
        months.insert(case.reported_at.to_rfc3339().chars().take(7).collect::<String>());
        if looked_at < CASES_MAX {
            looked_at += 1;
            one(conn, owner, case, until, &mut tally, &mut out, &mut lags)?;
        } else {
            out.cut = true;
        }
        Ok(())
    })?;
    out.numbers.reverse();
    out.in_time = Share::of(tally.kept, tally.kept + tally.missed);
    out.escalated = Share::of(tally.escalated, tally.missed);
    out.complete = Share::of(tally.complete, looked_at as u64);
    lags.sort_unstable();
    let rank = (lags.len() * 9).div_ceil(10);
    out.lag_minutes = rank.checked_sub(1).and_then(|at| lags.get(at)).copied();
    out.silent_months = period
        .months()
        .iter()
        .map(|m| m.start().to_string().chars().take(7).collect::<String>())
        .filter(|m| !months.contains(m))
        .collect();
    Ok(out)
}

#[derive(Default)]
struct Tally {
    kept: u64,
    missed: u64,
    escalated: u64,
    complete: u64,
}

fn one(
    conn: &mut Conn<'_>,
    owner: PartyId,
    case: &Case,
    until: Timestamp,
    tally: &mut Tally,
    out: &mut CaseFigures,
    lags: &mut Vec<u64>,
) -> Result<()> {
    let number = || case.tracking_number.clone();
    tally.complete += u64::from(is_complete(case));
    if let Some(occurred) = case.occurred_at {
        let seconds = case.reported_at.seconds_since(occurred).max(0);
        if matches!(case.severity, Some(Severity::High | Severity::Critical)) {
            lags.push(u64::try_from(seconds / 60).unwrap_or(0));
        }
        if seconds > 86_400 {
            out.late.push(number());
        }
    }
    if case.state.is_concluded() && case.resolved_at.is_none() {
        let cause = cases::store::cause(conn, owner, case.id)?.is_some();
        if !cause && cases::work::store::actions(conn, owner, case.id)?.is_empty() {
            out.bare.push(number());
        }
    }
    if case.intake != Intake::Filed {
        return Ok(());
    }
    let Some(armed) = cases::clocks::store::armed(conn, case.id)? else { return Ok(()) };
    let missed: Vec<&Promise> = armed
        .promises
        .iter()
        .filter(|p| p.due_at <= until)
        .filter(|p| matches!(p.standing(until), Standing::Late | Standing::Overdue))
        .collect();
    let kept = |p: &&Promise| p.standing(until) == Standing::Kept && p.due_at <= until;
    tally.kept += armed.promises.iter().filter(kept).count() as u64;
    tally.missed += missed.len() as u64;
    if !missed.is_empty() {
        let climbed = cases::clocks::store::climbed(conn, case.id)?;
        let told = |p: &&&Promise| climbed.iter().any(|done| done.at >= p.due_at);
        tally.escalated += missed.iter().filter(told).count() as u64;
    }
    if armed.promises.iter().any(|p| softened(p, &armed.promises)) {
        out.softened.push(number());
    }
    Ok(())
}

/// Whether a promise gave way to a longer one when less than a quarter of its time was left.
fn softened(promise: &Promise, all: &[Promise]) -> bool {
    let Some(gone) = promise.superseded_at else { return false };
    let (left, whole) = (promise.due_at.0 - gone.0, promise.due_at.0 - promise.made_at.0);
    let longer = |p: &Promise| p.clock == promise.clock && p.due_at > promise.due_at;
    left >= 0 && left * LATE_QUARTER < whole && all.iter().any(longer)
}

fn is_complete(case: &Case) -> bool {
    // What was taken back needs no severity.
    let judged = case.severity.is_some() || case.state == CaseState::Withdrawn;
    case.owner.is_some() && judged && case.acknowledged_at.is_some()
}

impl Figures {
    /// What the record knows of the five dimensions. What people said is not part of it: surveys and
    /// inquiries are laid beside it by the auditor.
    #[must_use]
    pub fn known(&self) -> Known {
        let policy = self.policy.as_ref().map(|p| &p.body);
        let open = || self.register.iter().filter(|c| c.retired_at.is_none());
        let ladder = policy.map_or(Ladder::None, |p| {
            if p.ladder.is_empty() { Ladder::Informal } else { Ladder::Automatic }
        });
        let drills = self.practised > 0;
        Known {
            inside: self.doors(Audience::Internal),
            outside: self.doors(Audience::External),
            clear: policy.map(|p| checklist(p).iter().filter(|a| a.answered()).count() >= 10),
            round_the_clock: policy.map(|p| {
                p.rows.iter().any(|r| r.severity == Some(Severity::Critical) && r.around_the_clock)
            }),
            without_name: Some(open().any(|c| c.anonymous)),
            on_telephone: Some(
                open().any(|c| c.kind == cases::channels::model::ChannelKind::Portal),
            ),
            languages: None,
            trained: self.trained,
            staff_know: self.know(Heard::Staff),
            users_know: self.know(Heard::Users),
            taught_again: None,
            drills: Some(drills),
            in_time: self.cases.in_time,
            lag_minutes: self.cases.lag_minutes,
            promised: Some(policy.is_some()),
            registers: (!self.cases.numbers.is_empty()).then_some(Registers::One),
            complete: self.cases.complete,
            numbers: Some(true),
            trends: Some(self.patterns.looked_at > 0),
            ladder: Some(ladder),
            ladder_tried: Some(self.cases.escalated.is_some_and(|s| s.n > 0)),
            escalated: self.cases.escalated,
            ..Known::default()
        }
    }

    /// Who of a group knows how to report, of those who were asked.
    fn know(&self, heard: Heard) -> Option<Share> {
        self.asked.iter().flatten().find(|v| v.heard == heard).map(|v| v.share)
    }

    fn doors(&self, audience: Audience) -> Doors {
        let open: Vec<&Channel> = self
            .register
            .iter()
            .filter(|c| c.retired_at.is_none() && c.audience.serves(audience))
            .collect();
        let known = open
            .iter()
            .filter(|c| !super::rules::compare::said(c, &self.publications, self.on).is_empty());
        let tried = open.iter().filter(|c| {
            self.trials.iter().find(|t| t.channel == c.id && t.on <= self.on).is_some_and(|t| {
                let days = self.on.since(t.on).map_or(i32::MAX, |span| span.get_days());
                t.passed && days <= TRIED_DAYS
            })
        });
        let n = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Doors { open: n(open.len()), known: n(known.count()), tried: Some(n(tried.count())) }
    }

    /// What the figures say to a question about patterns, in sentences.
    #[must_use]
    pub fn pattern(&self, question: &str) -> Vec<String> {
        let c = &self.cases;
        let names = |all: &[String]| {
            let shown: Vec<&str> = all.iter().take(10).map(String::as_str).collect();
            match all.len() {
                0 => "none".to_owned(),
                n if n > shown.len() => format!("{n}, among them {}", shown.join(", ")),
                n => format!("{n}: {}", shown.join(", ")),
            }
        };
        let flagged = |kinds: &[&str]| {
            let all = self.patterns.signals.iter().filter(|s| kinds.contains(&s.kind) && s.flagged);
            all.map(|s| if s.subject.is_empty() { s.kind.to_owned() } else { s.subject.clone() })
                .collect::<Vec<_>>()
        };
        match question {
            "R1" => vec![
                format!("Pairs of cases confirmed to be one matter: {}.", self.patterns.confirmed),
                format!(
                    "Cases that came again after their matter was mended: {}.",
                    self.patterns.came_again.len()
                ),
                format!("Pairs that wait for a decision: {}.", self.patterns.waiting.len()),
            ],
            "R2" => vec![format!(
                "Controls, components, causes and matters that come up too often: {}.",
                names(&flagged(&[
                    "control_recurs",
                    "component_recurs",
                    "cause_recurs",
                    "matter_recurs"
                ]))
            )],
            "R3" => vec![
                format!("Reported more than a day after the event: {}.", names(&c.late)),
                format!(
                    "Signs of lag, heaping or late escalation: {}.",
                    names(&flagged(&["lag", "heaping", "late_escalation"]))
                ),
            ],
            "R4" => vec![format!(
                "Channels that nobody ever used: {}.",
                names(&flagged(&["never_used"]))
            )],
            "R5" => vec![format!(
                "Cases of which a promise gave way to a longer one in the last quarter of its time: {}.",
                names(&c.softened)
            )],
            "R6" => vec![format!(
                "Concluded without a resolution, a cause or an action on record: {}.",
                names(&c.bare)
            )],
            "R7" => vec![
                format!("Months of the period without a report: {}.", names(&c.silent_months)),
                format!(
                    "Channels silent for longer than their past explains: {}.",
                    names(&flagged(&["silence"]))
                ),
                format!(
                    "Outages without an incident: {}.",
                    names(&flagged(&["outage_without_incident"]))
                ),
            ],
            _ => Vec::new(),
        }
    }
}

/// What the record says of one case about one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Says {
    /// What it says, in a sentence.
    pub text: String,
    /// The answer that it speaks for; none where a record cannot tell.
    pub speaks_for: Option<Said>,
}

impl Says {
    fn of(text: String, speaks_for: Option<Said>) -> Self {
        Self { text, speaks_for }
    }

    /// Yes where there is something, no where there is nothing.
    fn there(text: String, there: bool) -> Self {
        Self::of(text, Some(if there { Said::Yes } else { Said::No }))
    }

    /// No where there is nothing; what there is cannot tell by itself.
    fn none(text: String, nothing: bool) -> Self {
        Self::of(text, nothing.then_some(Said::No))
    }
}

/// What the record says of one case, by the question's id, to be laid beside the auditor's answer.
///
/// # Errors
/// When the database refuses.
pub fn of_case(
    conn: &mut Conn<'_>,
    owner: PartyId,
    case: &Case,
    now: Timestamp,
) -> Result<BTreeMap<&'static str, Says>> {
    let id: CaseId = case.id;
    let promises = cases::clocks::store::armed(conn, id)?.map(|a| a.promises).unwrap_or_default();
    let facts = cases::store::facts(conn, owner, id)?;
    let mut out = clocked(case, &promises, &facts, now);
    let climbed = cases::clocks::store::climbed(conn, id)?.len();
    out.insert(
        "H4",
        Says::none(format!("Steps of the ladder that were taken: {climbed}."), climbed == 0),
    );
    let cause = cases::store::cause(conn, owner, id)?;
    let found = cause.is_some();
    let cause = cause.map_or_else(
        || "No root cause on record.".to_owned(),
        |c| format!("{} ({}).", c.cause, c.method.word()),
    );
    out.insert("H6", Says::there(cause, found));
    let actions = cases::work::store::actions(conn, owner, id)?;
    let done = actions.iter().filter(|a| a.done.is_some()).count();
    let text = format!("Corrective and preventive actions: {}, done: {done}.", actions.len());
    out.insert("H7", Says::of(text, None));
    let checked = actions.iter().filter(|a| a.check.is_some()).count();
    let text = format!("Actions of which the effect was checked: {checked}.");
    out.insert("H8", Says::none(text, checked == 0));
    let text = format!("State: {}; milestones on record: {}.", case.state.word(), facts.len());
    out.insert("H9", Says::of(text, None));
    let reviews = cases::store::reviews(conn, owner, id)?.len();
    out.insert("H10", Says::there(format!("Reviews on record: {reviews}."), reviews > 0));
    let said = cases::store::messages(conn, owner, id)?.iter().filter(|m| !m.from_reporter).count();
    out.insert("H11", Says::none(format!("Messages to the reporter: {said}."), said == 0));
    let mended = actions.iter().filter(|a| a.control.is_some()).count();
    let text = format!("Actions that mend or add a control: {mended}.");
    out.insert("H12", Says::there(text, mended > 0));
    Ok(out)
}

/// What clocks, owner and severity say.
fn clocked(
    case: &Case,
    promises: &[Promise],
    facts: &[cases::model::casework::Fact],
    now: Timestamp,
) -> BTreeMap<&'static str, Says> {
    let mut out = BTreeMap::new();
    let of = |clock: &'static str| promises.iter().filter(move |p| p.clock.word() == clock);
    let told = |clock: &'static str| {
        let found: Vec<String> = of(clock)
            .map(|p| format!("due {}: {}", p.due_at.to_rfc3339(), standing(p, now)))
            .collect();
        if found.is_empty() { "nothing was promised".to_owned() } else { found.join("; ") }
    };
    let confirmed = case
        .acknowledged_at
        .map_or_else(|| "not confirmed".to_owned(), |at| format!("confirmed {}", at.to_rfc3339()));
    let stands: Vec<Standing> = of("acknowledge").map(|p| p.standing(now)).collect();
    let late = stands.iter().any(|s| matches!(s, Standing::Late | Standing::Overdue));
    let kept = stands.contains(&Standing::Kept);
    let in_time = if late || case.acknowledged_at.is_none() {
        Some(Said::No)
    } else {
        kept.then_some(Said::Yes)
    };
    out.insert("H1", Says::of(format!("{confirmed}; {}.", told("acknowledge")), in_time));
    let nobody = case.owner.is_none();
    let somebody = if nobody { "Nobody answers for it." } else { "Somebody answers for it." };
    out.insert("H2", Says::none(somebody.to_owned(), nobody));
    let severity =
        case.severity.map_or_else(|| "Not decided.".into(), |s| format!("Decided: {}.", s.word()));
    out.insert("H3", Says::none(severity, case.severity.is_none()));
    let contained = facts.iter().find(|f| f.what.word() == "contained");
    let text = contained.map_or_else(
        || format!("No containment on record; {}.", told("contain")),
        |f| format!("Contained {}.", f.at.to_rfc3339()),
    );
    out.insert("H5", Says::there(text, contained.is_some()));
    out
}

fn standing(promise: &Promise, now: Timestamp) -> &'static str {
    match promise.standing(now) {
        Standing::Running => "running",
        Standing::Kept => "kept",
        Standing::Late => "late",
        Standing::Overdue => "overdue",
        Standing::Superseded => "replaced",
    }
}

/// Answers with yes, of those with yes or no, over all cases read; by the question's id.
#[must_use]
pub fn answered<'c>(reviews: impl Iterator<Item = &'c CaseReview>) -> BTreeMap<String, Share> {
    let mut out: BTreeMap<String, Share> = BTreeMap::new();
    for review in reviews {
        for (question, answer) in &review.answers {
            let share = out.entry(question.clone()).or_insert(Share { n: 0, of: 0 });
            match answer.said {
                Said::Yes => {
                    share.n += 1;
                    share.of += 1;
                }
                Said::No => share.of += 1,
                Said::NotApplicable => {}
            }
        }
    }
    out
}
