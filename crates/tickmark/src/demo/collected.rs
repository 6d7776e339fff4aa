//! July: a collector asks the directory for the accounts that were disabled, first with a filter that
//! left contractors out, then without it; the second answer is frozen as a population, whose retrieval
//! is the collector's own record.

use super::Story;
use super::examined::engagement_period;
use super::people::Cast;
use evidence::collectors::jobs::{Collect, RUN};
use evidence::collectors::model::{Asked, CollectorId, Covers, Format, RunId, When};
use evidence::collectors::permits::{RunCollector, StateCollectors};
use evidence::collectors::service::{Secret, plan, state};
use evidence::collectors::store as collectors;
use evidence::model::EvidenceItem;
use examination::engine::{self, Declared, FreezeInput, SourceFile, Span};
use examination::ipe::model::{CheckAnswer, Outcome, Reconciliation, Retrieval};
use examination::ipe::service as ipe;
use examination::model::PopulationJudgement;
use examination::permits::KeepPopulations;
use examination::service;
use examination::supplied::model::Origin;
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::jobs::fetch::{Ask, Fetch, Got, Missed};
use platform::jobs::webhook::Reach;
use platform::jobs::{Ran, Runner};

const SCHEMA: &str = r#"
name = "Disabled accounts"
kind = "event population"
zone = "America/New_York"
key = ["worker"]
dated_by = "disabled_at"
columns = [
  { name = "worker", type = "text", required = true },
  { name = "disabled_at", type = "timestamp", required = true },
]
"#;

/// What the directory answers; the demonstration reaches no network.
struct Directory(&'static str, kernel::time::Timestamp);

impl Fetch for Directory {
    fn get(&self, _: &Ask<'_>) -> std::result::Result<Got, Missed> {
        Ok(Got {
            status: 200,
            date: self.1.to_jiff().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            content_type: "text/csv; charset=utf-8".into(),
            etag: String::new(),
            body: self.0.as_bytes().to_vec(),
        })
    }
}

const NOT_YET: &str = "The export of the night is not finished. Try again after 07:00.\n";
const STAFF: &str = "worker,disabled_at\nW-003,2026-01-09T22:02:11Z\nW-014,2026-02-13T22:10:00Z\nW-022,2026-04-02T15:00:00Z\nW-031,2026-05-29T20:30:00Z\n";
const ALL: &str = "worker,disabled_at\nC-104,2026-03-31T21:15:40Z\nC-117,2026-06-30T20:58:03Z\nW-003,2026-01-09T22:02:11Z\nW-014,2026-02-13T22:10:00Z\nW-022,2026-04-02T15:00:00Z\nW-031,2026-05-29T20:30:00Z\n";

pub(super) fn collect(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let period = engagement_period(story, cast)?;
    let address = "https://directory.alder.example/audit/v1/events.csv?type=account_disabled&unit=staff&from={from}&to={to}";
    let asked = Asked {
        name: "Disabled accounts".into(),
        system: "Directory, audit log".into(),
        address: address.into(),
        header: "Authorization".into(),
        format: Format::Csv,
        columns: vec!["worker".into(), "disabled_at".into()],
        controls: vec![story.control(cast, "IAM-05")?],
        request: None,
        covers: Covers::Days { from: period.start(), to: period.end() },
        zone: period.zone().name().to_owned(),
        when: When::ByHand,
        at: String::new(),
    };
    let secret = Secret::New("Bearer a-fictional-token".into());
    let first = asked.clone();
    let id = story.act::<StateCollectors, _>(cast, &cast.engineer, move |tx, env, permit| {
        state(tx, env, permit, None, (&first, &secret, Reach::default()))
    })?;
    // Too early in the morning: words in place of a list, which are kept to be read.
    asked_once(story, cast, id, NOT_YET)?;
    ran(story, cast, id, STAFF)?;
    let whole = Asked { address: address.replace("&unit=staff", ""), ..asked };
    story.act::<StateCollectors, _>(cast, &cast.engineer, move |tx, env, permit| {
        let known = collectors::collector(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
        let told = (&whole, &Secret::Keep, Reach::default());
        state(tx, env, permit, Some((id, known.version)), told)
    })?;
    let item = ran(story, cast, id, ALL)?;
    frozen(story, cast, &item)
}

/// Runs the collector, and gives the evidence that it brought.
fn ran(
    story: &Story<'_>,
    cast: &Cast,
    id: CollectorId,
    answer: &'static str,
) -> Result<EvidenceItem> {
    let run = asked_once(story, cast, id, answer)?;
    let owner = cast.organisation;
    story.deployment.db.read_blocking(|conn| {
        let evidence =
            collectors::run(conn, owner, run)?.and_then(|r| r.evidence).ok_or(Refusal::NotFound)?;
        Ok(evidence::store::item(conn, owner, evidence)?.ok_or(Refusal::NotFound)?)
    })
}

/// Runs the collector as a worker of the server does.
fn asked_once(
    story: &Story<'_>,
    cast: &Cast,
    id: CollectorId,
    answer: &'static str,
) -> Result<RunId> {
    let run = story.act::<RunCollector, _>(cast, &cast.engineer, move |tx, env, permit| {
        plan(tx, env, permit, id)
    })?;
    story.edge.advance_seconds(3);
    let (db, blobs) = (&story.deployment.db, &story.deployment.blobs);
    // The clock is the story's own, moved here as far as it was.
    let edge = std::sync::Arc::new(platform::edge::FixedEdge::new(story.now(), super::SEED));
    let worker = Runner::new(db.clone(), edge).with(
        RUN,
        Collect {
            fetcher: Directory(answer, story.now()),
            blobs: blobs.clone(),
            base_url: String::new(),
        },
    );
    while worker.tick()? != Ran::Nothing {}
    Ok(run)
}

/// The answer as a population, evaluated and accepted.
fn frozen(story: &Story<'_>, cast: &Cast, item: &EvidenceItem) -> Result<()> {
    let period = engagement_period(story, cast)?;
    let whole = Span { from: period.start(), to: period.end() };
    let rows = story
        .deployment
        .blobs
        .read(&item.sha256, item.bytes)
        .map_err(|e| platform::db::Error::Other(e.to_string()))?;
    let input = FreezeInput {
        schema: SCHEMA.to_owned(),
        sources: vec![SourceFile {
            name: item.name.clone(),
            reader: Box::new(std::io::Cursor::new(rows)),
            speaks_for: None,
        }],
        span: Some(whole),
        period,
        origin: Origin::Evidence { evidence: item.id },
        declared: Declared {
            generated_at: Some(item.extracted_at.to_jiff()),
            window: Some(whole),
            source_sha256: Some(item.sha256.clone()),
            ..Declared::default()
        },
        name: "Accounts disabled in the period".into(),
        source: item.source.clone(),
        controls: item.controls.clone(),
    };
    let body = engine::freeze(&story.deployment.blobs, story.now(), input, &())?;
    let done = [
        (1, "The audit log's own page shows six events of this kind in the period."),
        (8, "Three accounts were picked from the list of the HR system; all are in the list."),
        (9, "Three rows were traced to the entries of the audit log; all agree."),
    ];
    story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
        let id = service::record_population(tx, env, permit, &body)?;
        let file = examination::store::file_of(permit.facts())?;
        let known = examination::store::population(tx, file, id)?.ok_or(Refusal::NotFound)?;
        let made = ipe::proposed(tx, permit.owner(), &known)?.ok_or(Refusal::NotFound)?;
        // Whoever wrote the request answers for accounts too, so the senior watched the second run.
        let made = Retrieval { observed: true, ..made };
        ipe::record_retrieval(tx, env, permit, id, &made)?;
        let counts = Reconciliation {
            source: "the HR system's count of accounts that ended".into(),
            opening: 6,
            additions: 0,
            removals: 0,
            returns: 0,
            lists: Vec::new(),
        };
        ipe::reconcile(tx, env, permit, id, &counts)?;
        for (check, detail) in done {
            let (outcome, detail) = (Outcome::Pass, detail.into());
            let answer = CheckAnswer { outcome, detail, evidence: Vec::new() };
            ipe::answer_check(tx, env, permit, id, check, &answer)?;
        }
        let reason = "Every check is done, and the HR system counts as many.".into();
        let yes = PopulationJudgement { accepted: true, reason };
        service::judge_population(tx, env, permit, id, 1, &yes)
    })
}
