//! The memorandum: everything in one document to print or hand over, outside the report. It is put together
//! once, as [`Leaf`]s; the page and the typeset file show the same.

use super::channels::{audience, difference_lines};
use super::findings::response;
use super::history::{answers_table, to_read};
use super::overview::rating;
use super::policy::{alignment_table, checklist_table};
use super::{Seen, frame, named, page, seen, shown_by};
use crate::mechanisms::model::PointKind;
use crate::pages::{heading, sentences};
use axum::extract::Path;
use cases::surveys::rules::bank;
use kernel::ids::EngagementId;
use kernel::period::Date;
use platform::http::{Answer, Cx, Failure};
use platform::ui::{Button, Cell, Column, Html, Note, Page, Row, Table, Tone, facts, prose};
use platform::words::Words;
use serde_json::json;

fn channels(w: Words, seen: &Seen) -> Vec<Leaf> {
    let columns = ["name", "audience", "kind", "works", "note"]
        .map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let rows = seen.evaluation.channels.iter().map(|k| {
        let b = &k.body;
        let cells: Vec<Cell> = vec![
            (&b.name).into(),
            audience(w, b.audience).into(),
            named(w, "kind", b.kind.word()).into(),
            named(w, "works", b.works.word()).into(),
            (&b.note).into(),
        ];
        Row::new(cells)
    });
    let table = Table::new(w, "memo-channels", w.t("mechanisms-identified"), columns.to_vec())
        .rows(rows)
        .cards();
    let differ = difference_lines(w, seen);
    let differ = if differ.is_empty() {
        Leaf::Text(w.t("mechanisms-differences-none"))
    } else {
        Leaf::Lines(differ)
    };
    vec![Leaf::table(table), differ]
}

fn policy(w: Words, seen: &Seen) -> Vec<Leaf> {
    let Some((policy, review)) = seen.figures.policy.as_ref().zip(seen.evaluation.policy.as_ref())
    else {
        return vec![Leaf::Text(w.t("mechanisms-not-done"))];
    };
    vec![
        Leaf::table(checklist_table(w, seen, policy)),
        Leaf::table(alignment_table(w, seen)),
        Leaf::Facts(vec![
            (w.t("mechanisms-security"), prose(&review.body.security)),
            (w.t("mechanisms-availability"), prose(&review.body.availability)),
            (w.t("mechanisms-upkeep"), prose(&review.body.upkeep)),
        ]),
    ]
}

fn people(w: Words, seen: &Seen) -> Vec<Leaf> {
    let all = &seen.evaluation.people;
    if all.is_empty() {
        return vec![Leaf::Text(w.t("mechanisms-not-done"))];
    }
    let pairs = all.iter().map(|k| {
        let said = prose(&k.body.summary)
            .and(prose(&k.body.gaps))
            .and(shown_by(seen.engagement(), &k.body.evidence));
        (named(w, "heard", k.body.group.word()), said)
    });
    vec![Leaf::Facts(pairs.collect())]
}

/// Answers that say other than the record, each with why.
fn against_the_record(w: Words, seen: &Seen) -> Vec<(String, Html)> {
    let cases = seen.evaluation.cases.iter();
    cases
        .flat_map(|k| {
            k.body.answers.iter().filter_map(move |(question, answer)| {
                let says = answer.against.as_ref()?;
                let said = named(w, "said", answer.said.word());
                let text =
                    format!("{said}. {} {}", answer.note, w.t1("mechanisms-against", "says", says));
                Some((format!("{} {question}", k.body.number), prose(&text)))
            })
        })
        .collect()
}

fn history(w: Words, seen: &Seen) -> Vec<Leaf> {
    let e = &seen.evaluation;
    let read = w.t2("mechanisms-history-answer", "read", e.cases.len(), "of", to_read(seen).len());
    let mut parts = vec![Leaf::Text(read)];
    if let Some(d) = &e.draw {
        parts.push(Leaf::Facts(vec![
            (w.t("mechanisms-population-hash"), Html::code(&d.body.population_sha256)),
            (w.t("mechanisms-seed"), Html::code(&d.body.seed)),
        ]));
    }
    parts.push(Leaf::table(answers_table(w, seen)));
    let against = against_the_record(w, seen);
    if !against.is_empty() {
        parts.push(Leaf::Text(w.t("mechanisms-against-count")));
        parts.push(Leaf::Facts(against));
    }
    let pairs = e.patterns.iter().map(|k| {
        let says = sentences(&k.body.figures).and(prose(&k.body.answer));
        let asked = bank::question(&k.key).map_or("", |question| question.text(w));
        (format!("{} {asked}", k.key).trim_end().to_owned(), says)
    });
    parts.push(Leaf::Facts(pairs.collect()));
    parts
}

fn scores(w: Words, seen: &Seen) -> Vec<Leaf> {
    let e = &seen.evaluation;
    let columns = ["dimension", "weight", "proposed", "score", "reason", "evidence"]
        .map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let all = crate::mechanisms::rules::rubric::Dimension::ALL;
    let rows = all.iter().filter_map(|dimension| e.score(*dimension)).map(|k| {
        let b = &k.body;
        let place =
            crate::mechanisms::rules::rubric::Dimension::ALL.iter().position(|d| *d == b.dimension);
        let weight = place.and_then(|n| e.weights().get(n).copied()).unwrap_or_default();
        let cells: Vec<Cell> = vec![
            named(w, "dimension", b.dimension.word()).into(),
            w.number(u32::from(weight)).into(),
            b.proposed.map(|s| w.number(u32::from(s))).unwrap_or_default().into(),
            w.number(u32::from(b.score)).into(),
            (&b.reason).into(),
            shown_by(seen.engagement(), &b.evidence).into(),
        ];
        Row::new(cells)
    });
    vec![
        Leaf::table(
            Table::new(w, "memo-scores", w.t("mechanisms-scores"), columns.to_vec())
                .rows(rows)
                .cards(),
        ),
        Leaf::Text(super::overall_rule(w, &seen.evaluation.cut_offs)),
    ]
}

fn findings(w: Words, seen: &Seen) -> Vec<Leaf> {
    let e = &seen.evaluation;
    let mut parts = Vec::new();
    for kind in PointKind::ALL {
        let lines: Vec<String> =
            e.points.iter().filter(|p| p.body.kind == *kind).map(|p| p.body.text.clone()).collect();
        parts.push(Leaf::Heading(named(w, "points", kind.word())));
        parts.push(if lines.is_empty() {
            Leaf::Text(w.t("mechanisms-points-none"))
        } else {
            Leaf::Lines(lines)
        });
    }
    let columns =
        ["n", "recommendation", "effect-on-security", "effect-on-availability", "response"]
            .map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let rows = e.recommendations.iter().enumerate().map(|(n, k)| {
        let b = &k.body;
        let cells: Vec<Cell> = vec![
            w.number(n + 1).into(),
            (&b.text).into(),
            named(w, "effect", b.security.word()).into(),
            named(w, "effect", b.availability.word()).into(),
            Html::from(response(w, b.response)).and(prose(&b.response_note)).into(),
        ];
        Row::new(cells)
    });
    parts.push(Leaf::Heading(w.t("mechanisms-recommendations")));
    parts.push(Leaf::table(
        Table::new(w, "memo-recommendations", w.t("mechanisms-recommendations"), columns.to_vec())
            .rows(rows)
            .cards(),
    ));
    parts.push(Leaf::Text(w.t("mechanisms-independence-why")));
    let columns = ["on", "change", "expected", "follow-up-on", "follow-up"]
        .map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let rows = e.improvements.iter().map(|k| {
        let b = &k.body;
        let follow = [&b.on, &b.change, &b.expected, &b.follow_up_on, &b.follow_up];
        Row::new(follow.into_iter().map(|text| Cell::from(text.as_str())).collect())
    });
    parts.push(Leaf::Heading(w.t("mechanisms-improvements")));
    parts.push(Leaf::table(
        Table::new(w, "memo-improvements", w.t("mechanisms-improvements"), columns.to_vec())
            .rows(rows)
            .cards(),
    ));
    let columns = ["on", "change", "reason"].map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let rows = e.changes.iter().map(|k| {
        let b = &k.body;
        Row::new(
            [&b.on, &b.change, &b.reason].into_iter().map(|t| Cell::from(t.as_str())).collect(),
        )
    });
    parts.push(Leaf::Heading(w.t("mechanisms-changes")));
    parts.push(Leaf::table(
        Table::new(w, "memo-changes", w.t("mechanisms-changes"), columns.to_vec())
            .rows(rows)
            .cards(),
    ));
    parts
}

/// A part of the memorandum, in the reader's words.
#[derive(Debug, Clone)]
enum Leaf {
    Heading(String),
    Text(String),
    /// What has to be known first: title and text, and whether it asks for something to be done.
    Said(String, String, bool),
    Facts(Vec<(String, Html)>),
    Lines(Vec<String>),
    Table(Box<Table>),
}

impl Leaf {
    fn table(table: Table) -> Self {
        Self::Table(Box::new(table))
    }

    /// For a document that sets it itself.
    fn words(&self) -> serde_json::Value {
        match self {
            Self::Heading(text) => json!({ "heading": text }),
            Self::Text(text) => json!({ "text": text }),
            Self::Said(title, text, _) => json!({ "said": { "title": title, "text": text } }),
            Self::Facts(pairs) => {
                let pairs: Vec<_> = pairs.iter().map(|(n, v)| [n.clone(), v.words()]).collect();
                json!({ "facts": pairs })
            }
            Self::Lines(lines) => json!({ "lines": lines }),
            Self::Table(table) => {
                let platform::ui::WordList { headings: columns, rows, .. } = table.words();
                json!({ "table": { "columns": columns, "rows": rows } })
            }
        }
    }
}

impl From<Leaf> for Html {
    fn from(leaf: Leaf) -> Self {
        match leaf {
            Leaf::Heading(text) => heading(&text),
            Leaf::Text(text) => prose(&text),
            Leaf::Said(title, text, open) => {
                let tone = if open { Tone::Attention } else { Tone::Neutral };
                Note::new(tone, title, text).into()
            }
            Leaf::Facts(pairs) => facts(pairs),
            Leaf::Lines(lines) => sentences(&lines),
            Leaf::Table(table) => (*table).into(),
        }
    }
}

/// The memorandum as a document of its own.
#[derive(Debug, Clone)]
pub struct Memorandum {
    /// The engagement.
    pub engagement: EngagementId,
    /// What it is called.
    pub title: String,
    /// The firm's digest over all papers that it rests on.
    pub digest: String,
    /// The day of its signature; the last of the period while it is a draft.
    pub date: Date,
    /// Its words: title, the firm's name, what the foot of every page says, what it concludes, and its parts in order, each with one of the members `heading`,
    /// `text`, `said`, `facts`, `lines`, `table`.
    pub words: serde_json::Value,
}

/// The memorandum, for who may read the firm's file.
///
/// # Errors
/// Nothing is there for who may not read it.
pub async fn document(cx: &Cx, engagement: &str) -> Result<Memorandum, Failure> {
    let seen = seen(cx, engagement).await?;
    let (w, e) = (cx.w, &seen.evaluation);
    let period = &seen.papers.engagement.period;
    let title = w.t("mechanisms-memorandum-title");
    let signed = e.memo.as_ref().filter(|_| e.signed());
    let (answer, leaves) = put_together(w, &seen);
    let leaves: Vec<_> = leaves.iter().map(Leaf::words).collect();
    Ok(Memorandum {
        engagement: seen.engagement(),
        date: signed.map_or(period.end(), |m| period.zone().local(m.at).date()),
        digest: e.digest.clone(),
        words: json!({
            "title": title,
            "firm": seen.parties.firm,
            "footer": w.t("mechanisms-footer"),
            "answer": answer.words(),
            "parts": leaves,
        }),
        title: format!("{title}: {}", seen.papers.engagement.system_name),
    })
}

/// Whose it is, what it is about, who made it and when: the firm, the organisation, the engagement, the
/// system, the period, the partner, the preparer, the reviewer, the date.
fn title_block(w: Words, seen: &Seen) -> Vec<(String, Html)> {
    let (e, engagement) = (&seen.evaluation, &seen.papers.engagement);
    let period = &engagement.period;
    let or_none = |text: &str| -> Html {
        if text.is_empty() { w.t("mechanisms-not-named").into() } else { text.into() }
    };
    let mut block = vec![
        (w.t("mechanisms-firm"), or_none(&seen.parties.firm)),
        (w.t("mechanisms-addressed"), or_none(&seen.parties.organisation)),
        (w.t("mechanisms-engagement"), engagement.name.as_str().into()),
        (w.t("mechanisms-system"), engagement.system_name.as_str().into()),
        (
            w.t("mechanisms-period"),
            format!("{} – {}", w.date(period.start()), w.date(period.end())).into(),
        ),
        (w.t("mechanisms-partner"), or_none(&seen.parties.partner)),
    ];
    let Some(memo) = e.memo.as_ref().filter(|_| e.signed()) else {
        block.push((w.t("mechanisms-date"), w.t("mechanisms-undated").into()));
        return block;
    };
    block.push((w.t("mechanisms-prepared-by"), seen.names.of(&memo.actor).into()));
    match e.review.as_ref().filter(|_| e.reviewed()) {
        Some(r) => {
            let on = w.date(period.zone().local(r.at).date());
            let who = seen.names.of(&r.actor);
            let told = w.t2("mechanisms-who-on", "who", who, "on", on);
            block.push((w.t("mechanisms-reviewed-by"), told.into()));
        }
        None => block.push((w.t("mechanisms-reviewed-by"), w.t("mechanisms-not-reviewed").into())),
    }
    let on = w.date(period.zone().local(memo.at).date());
    block.push((w.t("mechanisms-date"), on.into()));
    block
}

/// That it is no part of the report, and who may read it.
fn restriction(w: Words, seen: &Seen) -> String {
    let or = |text: &str, key: &str| if text.is_empty() { w.t(key) } else { text.to_owned() };
    w.ta(
        "mechanisms-restricted-why",
        &[
            ("system", seen.papers.engagement.system_name.clone().into()),
            ("organisation", or(&seen.parties.organisation, "mechanisms-the-organisation").into()),
            ("firm", or(&seen.parties.firm, "mechanisms-the-firm").into()),
        ],
    )
}

/// What it concludes, and its parts in order.
fn put_together(w: Words, seen: &Seen) -> (Html, Vec<Leaf>) {
    let e = &seen.evaluation;
    let answer = match e.overall() {
        Some(overall) => Html::text(&w.t1("mechanisms-answer", "overall", overall.shown()))
            .and(rating(w, overall.rating)),
        None => Html::text(&w.t("mechanisms-not-scored")),
    };
    let mut parts = Vec::new();
    let signed = e.memo.as_ref().filter(|_| e.signed());
    if signed.is_none() {
        let (title, why) = (w.t("mechanisms-draft"), w.t("mechanisms-draft-why"));
        parts.push(Leaf::Said(title, why, true));
    }
    parts.push(Leaf::Facts(title_block(w, seen)));
    parts.push(Leaf::Said(w.t("mechanisms-restricted"), restriction(w, seen), false));
    if let Some(memo) = signed {
        parts.push(Leaf::Heading(w.t("mechanisms-conclusion")));
        parts.push(Leaf::Text(memo.body.conclusion.clone()));
    }
    let sections: [(&str, Vec<Leaf>); 5] = [
        ("mechanisms-phase-channels", channels(w, seen)),
        ("mechanisms-phase-policy", policy(w, seen)),
        ("mechanisms-phase-people", people(w, seen)),
        ("mechanisms-phase-history", history(w, seen)),
        ("mechanisms-phase-rubric", scores(w, seen)),
    ];
    for (n, (key, section)) in sections.into_iter().enumerate() {
        parts.push(Leaf::Heading(format!("{}. {}", n + 1, w.t(key))));
        parts.extend(section);
    }
    parts.extend(findings(w, seen));
    parts.push(Leaf::Facts(vec![(w.t("mechanisms-digest"), Html::code(&e.digest))]));
    (answer, parts)
}

fn memorandum_page(cx: &Cx, seen: &Seen) -> Page {
    let w = cx.w;
    let (answer, parts) = put_together(w, seen);
    let file = Button::link(seen.href("/memorandum.pdf"), w.t("mechanisms-memorandum-pdf"));
    let shell = frame(cx, seen, w.t("mechanisms-memorandum-title"), answer).action(file);
    page(shell, parts.into_iter().map(Html::from).collect())
}

/// `GET /examination/{engagement}/mechanisms/memorandum`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn memorandum(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    cx.page(&memorandum_page(&cx, &seen))
}
