//! The rows of a full-population run that did not pass, and deviations.

use super::sheet::{missing, planned, test_page};
use super::{Page, done, framed, fresh_key, href, id, once, onto, papers, word};
use crate::model::{
    Census, CensusId, Deviation, DeviationBody, DeviationSource, Disposition, Particulars,
    RowOutcome, SampleId, Test,
};
use crate::permits::{PerformTests, ReadFile};
use crate::rules::deviation::Nature;
use crate::rules::item::{ItemOutcome, item_outcome};
use crate::service::{self, DeviationInput};
use crate::store::{self, Papers};
use axum::extract::Path;
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Column, Field, Form, Html, Kind, Pager, Row, Shell, Table};

/// Rows of a run on one page.
const ROWS: i64 = 200;

/// Where a new deviation can have been found: items with a deviating result and no record yet, and
/// exceptions of a run that nobody has decided about.
fn sources(papers: &Papers, test: &Test) -> Vec<(String, DeviationSource)> {
    let recorded = |sample: SampleId, item: &str| {
        papers.deviations_of(test.id).any(|d: &Deviation| {
            matches!(&d.source, DeviationSource::Sample { sample: s, items } if *s == sample && items.iter().any(|i| i == item))
        })
    };
    let mut out = Vec::new();
    for sample in papers.samples.get(&test.id).into_iter().flatten() {
        for item in papers.items.get(&sample.id).into_iter().flatten() {
            let deviates = matches!(item_outcome(&item.facts), Ok(ItemOutcome::Deviation { .. }));
            if deviates && !recorded(sample.id, &item.facts.id) {
                let items = vec![item.facts.id.clone()];
                out.push((
                    item.facts.id.clone(),
                    DeviationSource::Sample { sample: sample.id, items },
                ));
            }
        }
    }
    if let Some(census) = papers.censuses.get(&test.id) {
        let open = papers.followed.get(&census.id).copied().unwrap_or_default();
        for (outcome, count) in [
            (RowOutcome::Exception, open.open_exceptions),
            (RowOutcome::Unmatched, open.open_unmatched),
        ] {
            if count > 0 {
                let label = format!("{}: {count} × {}", census.body.procedure, outcome.as_str());
                out.push((
                    label,
                    DeviationSource::Census { census: census.id, keys: None, outcome },
                ));
            }
        }
    }
    out
}

fn deviation_fields(cx: &Cx, papers: &Papers, test: &Test) -> Form {
    let shell = cx.shell();
    let w = shell.w;
    let found = sources(papers, test).into_iter().map(|(label, source)| {
        Choice::new(serde_json::to_string(&source).unwrap_or_default(), label)
    });
    let natures =
        Nature::ALL.iter().map(|n| Choice::new(n.word(), word(w, "nature", n.word()))).collect();
    let attributes = test
        .plan
        .attributes
        .iter()
        .map(|a| Choice::new(a.letter.clone(), format!("{}: {}", a.letter, a.text)));
    let attributes = std::iter::once(Choice::new("", "–")).chain(attributes).collect();
    let area = |name: &str, key: &str| Field::new(w, name, w.t(key), Kind::Area(3)).max(4_000);
    Form::post(
        w,
        href(papers.engagement.id, &format!("/tests/{}/deviation", test.id)),
        &shell.csrf,
        w.t("examination-record-deviation"),
    )
    .key(fresh_key(cx))
    .cancel(href(papers.engagement.id, &format!("/controls/{}", test.plan.control)))
    .field(
        Field::new(w, "source", w.t("examination-found-in"), Kind::Select(found.collect()))
            .required(),
    )
    .field(
        Field::new(w, "keys", w.t("examination-keys"), Kind::Area(3))
            .hint(w.t("examination-keys-hint"))
            .max(100_000),
    )
    .field(area("facts", "examination-what-happened").required())
    .field(Field::new(w, "attribute", w.t("examination-attribute"), Kind::Select(attributes)))
    .field(Field::new(w, "from", w.t("examination-from"), Kind::Date))
    .field(Field::new(w, "to", w.t("examination-to"), Kind::Date))
    .field(area("cause", "examination-cause").required())
    .field(Field::new(w, "nature", w.t("examination-nature"), Kind::Radio(natures)).required())
    .field(Field::new(w, "undisclosed", w.t("examination-undisclosed"), Kind::Box))
    .field(area("mitigating", "examination-mitigating"))
    .field(area("client_statement", "examination-client-statement"))
    .field(area("correction", "examination-correction"))
}

/// `GET /examination/{engagement}/tests/{test}/deviation`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn deviation_form(cx: Cx, Path((engagement, test)): Path<(String, String)>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let form = deviation_fields(&cx, &papers, test);
    cx.page(&test_page(&cx, &papers, test, "examination-deviation-title", form))
}

fn deviation_input(form: &Form) -> Option<DeviationInput> {
    let mut source: DeviationSource = serde_json::from_str(form.typed("source")).ok()?;
    let named: Vec<String> = form
        .typed("keys")
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .map(str::to_owned)
        .collect();
    if let (DeviationSource::Census { keys, .. }, false) = (&mut source, named.is_empty()) {
        *keys = Some(named);
    }
    let text = |name: &str| form.typed(name).to_owned();
    let maybe = |name: &str| Some(text(name)).filter(|t| !t.is_empty());
    Some(DeviationInput {
        source,
        body: DeviationBody {
            facts: text("facts"),
            attribute: maybe("attribute"),
            from: maybe("from"),
            to: maybe("to"),
            cause: text("cause"),
            nature: form.typed("nature").parse().unwrap_or(Nature::Isolated),
            undisclosed: !form.ticked("undisclosed").is_empty(),
            mitigating: text("mitigating"),
            client_statement: text("client_statement"),
            correction: text("correction"),
            more: Particulars::default(),
        },
    })
}

/// `POST /examination/{engagement}/tests/{test}/deviation`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn record_deviation(
    cx: Cx,
    Path((engagement, test)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let mut form = deviation_fields(&cx, &papers, test);
    form.fill(&pairs.0);
    form.check();
    if let (true, Some(input)) = (form.ok(), deviation_input(&form)) {
        let written = once(&cx, &pairs, move |tx, env, actor| {
            let facts = scope::facts(tx, engagement)?;
            let permit = authorize::<PerformTests>(actor, &facts)?;
            service::record_deviation(tx, env, &permit, &input)
        })
        .await;
        match written {
            Ok(_) => {
                let to = href(engagement, &format!("/controls/{}", test.plan.control));
                return done(&cx, &to, "examination-saved-deviation").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&test_page(&cx, &papers, test, "examination-deviation-title", form))
}

fn judge_form(shell: &Shell, e: EngagementId, census: CensusId) -> Form {
    let w = shell.w;
    let outcomes = [RowOutcome::Exception, RowOutcome::Unmatched]
        .map(|o| Choice::new(o.as_str(), word(w, "outcome", o.as_str())));
    let decisions = Disposition::ALL
        .into_iter()
        .filter(|d| *d != Disposition::Deviation)
        .map(|d| Choice::new(d.as_str(), word(w, "disposition", d.as_str())));
    Form::post(w, href(e, &format!("/census/{census}")), &shell.csrf, w.t("examination-judge-rows"))
        .field(
            Field::new(w, "outcome", w.t("examination-outcome"), Kind::Radio(outcomes.to_vec()))
                .required(),
        )
        .field(
            Field::new(w, "keys", w.t("examination-keys"), Kind::Area(3))
                .hint(w.t("examination-keys-hint"))
                .max(100_000),
        )
        .field(
            Field::new(
                w,
                "disposition",
                w.t("examination-disposition"),
                Kind::Radio(decisions.collect()),
            )
            .required(),
        )
        .field(
            Field::new(w, "reason", w.t("examination-reason"), Kind::Area(3)).required().max(4_000),
        )
}

async fn census_page(
    cx: &Cx,
    papers: &Papers,
    census: &Census,
    test: &Test,
    form: Form,
) -> Result<Page, Failure> {
    let (file, run) = (papers.file, census.id);
    let query = cx.list_query();
    let after: i64 = query.after().and_then(|a| a.parse().ok()).unwrap_or(0);
    let mut rows = cx
        .read(move |conn, actor| {
            authorize::<ReadFile>(actor, &scope::facts(conn, file.engagement)?)?;
            store::census_rows(conn, file, run, after, ROWS + 1)
        })
        .await?;
    let shown = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = (after + ROWS).to_string();
    let shell = cx.shell();
    let w = shell.w;
    let columns = [
        "examination-row",
        "examination-outcome",
        "examination-found",
        "examination-disposition",
        "examination-reason",
    ]
    .map(|k| Column::new(w.t(k)));
    let lines = rows.iter().map(|r| {
        let decided = r.disposition.map(|d| word(w, "disposition", d.as_str()));
        Row::new(vec![
            Html::id(&r.row.key).into(),
            word(w, "outcome", r.row.outcome.as_str()).into(),
            (&r.row.detail).into(),
            decided.unwrap_or_else(|| w.t("examination-open")).into(),
            r.reason.clone().unwrap_or_default().into(),
        ])
    });
    let table = Table::new(w, "rows", w.t("examination-rows"), columns.to_vec())
        .rows(lines)
        .pager(Pager::keyset(&query, query.after(), more.then_some(next.as_str())));
    let open = papers.followed.get(&run).copied().unwrap_or_default();
    let shell = framed(shell, papers, "controls")
        .title(w.t1("examination-census-title", "code", test.plan.code.clone()))
        .answer(w.t2(
            "examination-census-answer",
            "exceptions",
            open.open_exceptions,
            "unmatched",
            open.open_unmatched,
        ))
        .crumb(
            href(file.engagement, &format!("/controls/{}", test.plan.control)),
            test.plan.code.clone(),
        );
    let mut parts: Vec<Html> = vec![table.into()];
    if cx.can::<PerformTests>() {
        parts.push(form.into());
    }
    Ok(Page { shell, parts })
}

fn run_of(papers: &Papers, census: CensusId) -> Result<(&Census, &Test), Failure> {
    let hit = papers
        .tests
        .iter()
        .find_map(|t| papers.censuses.get(&t.id).filter(|c| c.id == census).map(|c| (c, t)));
    hit.ok_or_else(missing)
}

/// `GET /examination/{engagement}/census/{census}`: the rows that did not pass.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn census_rows(cx: Cx, Path((engagement, census)): Path<(String, String)>) -> Answer {
    let engagement = id(&engagement)?;
    let (papers, _) = papers(&cx, engagement).await?;
    let (run, test) = run_of(&papers, id(&census)?)?;
    let form = judge_form(&cx.shell(), engagement, run.id);
    let page = census_page(&cx, &papers, run, test, form).await?;
    cx.page(&page)
}

/// `POST /examination/{engagement}/census/{census}`: a decision about rows.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn judge_rows(
    cx: Cx,
    Path((engagement, census)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, census) = (id(&engagement)?, id(&census)?);
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<PerformTests>()?;
    let (run, test) = run_of(&papers, census)?;
    let mut form = judge_form(&cx.shell(), engagement, census);
    form.fill(&pairs.0);
    form.check();
    let outcome = RowOutcome::parse(form.typed("outcome"));
    let disposition = Disposition::parse(form.typed("disposition"));
    if let (true, Some(outcome), Some(disposition)) = (form.ok(), outcome, disposition) {
        let keys: Vec<String> = form
            .typed("keys")
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(str::to_owned)
            .collect();
        let reason = form.typed("reason").to_owned();
        let written = cx
            .write(move |tx, env, actor| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<PerformTests>(actor, &facts)?;
                let keys = (!keys.is_empty()).then_some(keys.as_slice());
                service::judge_rows(
                    tx,
                    env,
                    &permit,
                    census,
                    outcome,
                    keys,
                    disposition,
                    &reason,
                    &[],
                )
            })
            .await;
        match written {
            Ok(_) => {
                let to = href(engagement, &format!("/census/{census}"));
                return done(&cx, &to, "examination-saved-rows").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    let page = census_page(&cx, &papers, run, test, form).await?;
    cx.page_again(&page)
}
