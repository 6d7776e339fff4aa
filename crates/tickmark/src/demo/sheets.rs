//! Evidence beside the items of the examination, and a sheet that a senior has before them this
//! afternoon: twenty-five reports, drawn by seed, nothing entered yet.

use super::Story;
use super::examined::{engagement_period, freeze, population_of};
use super::people::Cast;
use evidence::model::{EvidenceId, SpeaksFor};
use evidence::permits::SupplyEvidence;
use evidence::service::{EvidenceInput, supply};
use examination::engine;
use examination::model::{Attribute, SampleId, SelectionMethod, TestPlan};
use examination::permits::{PerformTests, PlanTests, ReviewWork};
use examination::rules::deviation::{Procedure, TestBasis};
use examination::rules::item::AttributeResult;
use examination::service::{self, SampleInput};
use examination::sheets::events::Matched;
use examination::sheets::model::{Mark, Region};
use examination::sheets::permits::StateLegend;
use examination::sheets::service::{
    AnnotationInput, LegendInput, annotate, answer_note, match_evidence, raise_note, sign_prepared,
    sign_reviewed, state_legend,
};
use examination::store;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::edge::Edge as _;
use sha2::{Digest as _, Sha256};

/// A picture of a report as the support desk shows it, and the same as a document.
const PICTURE: &[u8] = include_bytes!("report.png");
const DOCUMENT: &[u8] = include_bytes!("report.pdf");

fn supplied(
    story: &Story<'_>,
    cast: &Cast,
    name: String,
    bytes: &[u8],
    source: &'static str,
) -> Result<EvidenceId> {
    let period = engagement_period(story, cast)?;
    let input = EvidenceInput {
        name,
        blob: story.deployment.blobs.put_bytes(bytes)?,
        media_type: evidence::rules::media_type(bytes).into(),
        speaks_for: SpeaksFor {
            from: period.starts_at(),
            to: period.ends_before().plus_seconds(-1),
        },
        source: source.into(),
        extracted_at: story.now(),
        controls: Vec::new(),
    };
    story.act::<SupplyEvidence, _>(cast, &cast.engineer, move |tx, env, permit| {
        supply(tx, env, permit, &input)
    })
}

/// The records behind a sample, as the organisation handed them over: for each item where it is filed and
/// what the record says of what the control asks.
pub(super) fn examined(
    story: &Story<'_>,
    cast: &Cast,
    (code, asked): (&str, &str),
    (items, failed): (&[&str], &[&str]),
) -> Result<EvidenceId> {
    let period = engagement_period(story, cast)?;
    let (first, last) = (items.first().copied(), items.last().copied());
    let name = match (first, last) {
        (Some(first), Some(last)) if first != last => format!("{code}, {first} to {last}.txt"),
        (first, _) => format!("{code}, {}.txt", first.unwrap_or_default()),
    };
    let mut lines = format!(
        "Records of {code}, {} to {}\nLooked for: {asked}.\n\nitem\tfiled as\trecord\n",
        period.start(),
        period.end()
    );
    for item in items {
        let filed = hex::encode(Sha256::digest(format!("{code} {} {item}", period.end())));
        let says = if failed.contains(item) {
            "done, and later than that; the times are in the record"
        } else {
            "as looked for; name and time of who did it are in the record"
        };
        let number = filed.get(..8).unwrap_or_default().to_uppercase();
        lines.push_str(&format!("{item}\t{code}/{number}\t{says}\n"));
    }
    let source = "Exported by Mei Tanaka with Dev Raman watching, no filter";
    supplied(story, cast, name, lines.as_bytes(), source)
}

/// Both signatures under a sheet of which every item has its result; a note on one that is half done.
pub(super) fn sign(story: &Story<'_>, cast: &Cast, sample: SampleId) -> Result<()> {
    let engagement = cast.engagement;
    let items = story.deployment.db.read_blocking(|conn| {
        let facts = scope::facts(conn, engagement)?;
        store::items(conn, store::file_of(&facts)?, sample)
    })?;
    if store::open_items(&items) == 0 {
        story.act::<PerformTests, _>(cast, &cast.senior, move |tx, env, permit| {
            sign_prepared(tx, env, permit, sample)
        })?;
        return story.act::<ReviewWork, _>(cast, &cast.manager, move |tx, env, permit| {
            sign_reviewed(tx, env, permit, sample)
        });
    }
    let about = items.first().map(|i| i.facts.id.clone());
    let note = story.act::<ReviewWork, _>(cast, &cast.manager, move |tx, env, permit| {
        let asked = "Was the reporter told in writing, or by telephone?";
        raise_note(tx, env, permit, sample, about.as_deref(), asked)
    })?;
    story.act::<PerformTests, _>(cast, &cast.senior, move |tx, env, permit| {
        answer_note(tx, env, permit, note, 1, "In writing; the mail is in the records.")
    })
}

/// The firm's own tick marks, and the sheet of twenty-five reports.
pub(super) fn afternoon(story: &Story<'_>, cast: &Cast) -> Result<()> {
    legend(story, cast)?;
    reports(story, cast)
}

fn legend(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let mark = |key: &str, sign: &str, result, meaning: &str| Mark {
        key: key.into(),
        sign: sign.into(),
        meaning: meaning.into(),
        result,
    };
    let input = LegendInput {
        seen: 0,
        marks: vec![
            mark("T", "TT", AttributeResult::Pass, "Traced to the ticket, times compared."),
            mark(
                "L",
                "Lt",
                AttributeResult::Deviation,
                "Done, but after the time that was promised.",
            ),
        ],
        reason: "Tickets and lateness come up on most sheets.".into(),
    };
    let manager = cast.manager.clone();
    story.run(move |tx, env| {
        let firm = manager.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<StateLegend>(&manager, &Facts::of(firm))?;
        state_legend(tx, env, &permit, &input)
    })?;
    Ok(())
}

const SCHEMA: &str = r#"
name = "Reports from outside"
kind = "event population"
zone = "America/New_York"
key = ["report"]
dated_by = "received_on"
span = { from = "2026-01-01", to = "2026-06-30" }
columns = [
  { name = "report", type = "text", required = true },
  { name = "received_on", type = "date", required = true },
  { name = "channel", type = "text", required = true },
]
"#;

fn reports(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let mut rows = "report,received_on,channel\n".to_owned();
    let mut log = "report,received,acknowledged,updates,closed\n".to_owned();
    for n in 1..=60_u32 {
        let (month, day) = ((n - 1) / 10 + 1, (n - 1) % 10 * 2 + 3);
        let channel = ["portal", "email", "hotline"][n as usize % 3];
        rows.push_str(&format!("RPT-{n:04},2026-{month:02}-{day:02},{channel}\n"));
        log.push_str(&format!(
            "RPT-{n:04},2026-{month:02}-{day:02}T08:14:00Z,2026-{month:02}-{day:02}T09:02:00Z,2,2026-{month:02}-{:02}T11:45:00Z\n",
            day + 4
        ));
    }
    let population =
        freeze(story, cast, "COM-08", SCHEMA, "Reports from outside", "reports.csv", rows)?;
    let control = story.control(cast, "COM-08")?;
    let attribute =
        |letter: &str, text: &str| Attribute { letter: letter.into(), text: text.into() };
    let plan = TestPlan {
        control,
        code: "T-COM-08-2".into(),
        procedure: Procedure::Inspection,
        basis: TestBasis::Judgemental,
        evidence: "reports from outside and the log of the support desk".into(),
        items: "reports".into(),
        attributes: vec![
            attribute("A", "the report has a tracking number"),
            attribute("B", "it was acknowledged within one business day"),
            attribute("C", "its reporter was told when it was closed"),
        ],
        confidence: None,
        tolerable: None,
        observation_dates: None,
    };
    let test = story.act::<PlanTests, _>(cast, &cast.manager, move |tx, env, permit| {
        examination::planning::service::plan_by_hand(tx, env, permit, &plan)
    })?;
    story.edge.advance_seconds(600);
    let body = population_of(story, cast, population)?;
    let (seed, seed_drawn_at) = service::seed_for(&mut story.edge.env(), &[], "");
    let (blobs, random) = (&story.deployment.blobs, SelectionMethod::Random);
    let drawn = engine::derive(blobs, &body, random, None, &seed, 25)?;
    let input = SampleInput {
        test,
        population: Some(population),
        method: random,
        strata_column: None,
        size: drawn.len(),
        seed,
        seed_drawn_at,
        named: Vec::new(),
        reason: String::new(),
        notes: examination::model::SelectionNotes::default(),
    };
    let selected = drawn.clone();
    let sample = story.act::<PerformTests, _>(cast, &cast.senior, move |tx, env, permit| {
        service::draw_sample(tx, env, permit, &input, &mut |_| Ok(selected.clone()))
    })?;
    let (first, second) = (drawn[0].clone(), drawn[1].clone());
    let desk = "The support desk, taken by Tomás Okafor with Dev Raman watching";
    let picture = supplied(story, cast, format!("{first} at the desk.png"), PICTURE, desk)?;
    let document = supplied(story, cast, format!("{second} at the desk.pdf"), DOCUMENT, desk)?;
    let log = supplied(story, cast, "Log of the support desk.csv".into(), log.as_bytes(), desk)?;
    let mut pairs: Vec<Matched> =
        drawn.iter().map(|item| Matched { item: item.clone(), evidence: log }).collect();
    pairs.insert(0, Matched { item: first.clone(), evidence: picture });
    pairs.insert(1, Matched { item: second.clone(), evidence: document });
    let noted = AnnotationInput {
        evidence: picture,
        page: 1,
        region: Region { x: 250, y: 3_900, width: 9_300, height: 1_000 },
        note: "Acknowledged 48 minutes after it came in.".into(),
        sample: Some(sample),
        item: Some(first),
    };
    let regions = [
        (300, 1_000, "The ticket and who reported it."),
        (300, 5_500, "When it was acknowledged."),
    ];
    let on_page = regions.map(|(x, y, note)| AnnotationInput {
        evidence: document,
        region: Region { x, y, width: 6_000, height: 1_500 },
        note: note.into(),
        item: Some(second.clone()),
        ..noted.clone()
    });
    story.act::<PerformTests, _>(cast, &cast.senior, move |tx, env, permit| {
        match_evidence(tx, env, permit, sample, &pairs)?;
        for noted in &on_page {
            annotate(tx, env, permit, noted)?;
        }
        annotate(tx, env, permit, &noted)
    })?;
    Ok(())
}
