//! The page of what bears on the opinion beyond controls and criteria: stated, changed, signed by a second person.

use super::model::Matter;
use super::rules::{Weight, judgeable};
use super::service::{leave_out, second_matter, state_limit, state_misstatement, state_unreliable};
use super::store::stated_by;
use crate::firm::store::facts_for;
use crate::model::Matters;
use crate::pages::{
    Names, Page, done, filled, framed, fresh_key, heading, href, id, paragraph, submit, version,
    word,
};
use crate::permits::{ConcludeCriterion, ConcludeOpinion, ReadFile, SecondConclusion};
use crate::rules::facts::{
    LimitationCause, Misstatement, MisstatementKind, Prong, ScopeLimitation,
};
use crate::store::{Papers, StatedBy};
use axum::extract::Path;
use kernel::ids::{EngagementId, PersonId};
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Column, Empty, Field, Form, Html, Kind, Note, Row, Status, Table, Tone, facts, fold,
};
use platform::words::Words;
use scope::catalogue::CriterionId;
use std::collections::BTreeMap;

/// The file, and who made each statement that can be judged not material.
struct Seen {
    papers: Papers,
    by: BTreeMap<String, StatedBy>,
    names: Names,
}

async fn seen(cx: &Cx, engagement: EngagementId) -> Result<Seen, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        authorize::<ReadFile>(actor, &facts_for(conn, actor, engagement, now)?)?;
        let papers = Papers::load(conn, engagement)?;
        let mut by = BTreeMap::new();
        for digest in judgeable(&papers.matters).map(|m| m.sha256()) {
            by.extend(stated_by(conn, papers.file, &digest)?.map(|found| (digest, found)));
        }
        let mut names = Names::default();
        let signers = papers.matter_seconds.iter().map(|s| s.signer.clone());
        for actor in by.values().map(|b| b.actor.clone()).chain(signers) {
            if let Ok(person) = actor.parse::<PersonId>() {
                names.0.insert(actor, identity::store::name_of(conn, person)?);
            }
        }
        Ok(Seen { papers, by, names })
    })
    .await
}

fn address(papers: &Papers) -> String {
    href(papers.engagement.id, "/matters")
}

/// How a statement counts.
fn weight(w: Words, papers: &Papers, matter: Matter<'_>) -> Html {
    let (tone, key) = match papers.weight(matter) {
        Weight::Corrected => (Tone::Good, "matters-corrected"),
        Weight::Lifted => (Tone::Good, "matters-lifted"),
        Weight::WithCriteria => (Tone::Attention, "matters-with-criteria"),
        Weight::NotMaterial => (Tone::Good, "matters-not-material"),
        Weight::Awaits => (Tone::Waiting, "matters-awaits"),
        Weight::Counts => (Tone::Attention, "matters-counts"),
    };
    Status::new(tone, w.t(key)).into()
}

fn by(w: Words, seen: &Seen, matter: Matter<'_>) -> String {
    seen.by.get(&matter.sha256()).map_or_else(String::new, |by| {
        w.t2("criterion-by", "who", seen.names.of(&by.actor), "at", w.moment_utc(by.at))
    })
}

fn misstatement_kind(w: Words, kind: MisstatementKind) -> String {
    w.t(&format!("completion-misstatement-{}", kind.word().replace('_', "-")))
}

fn columns(w: Words, keys: [&str; 5]) -> Vec<Column> {
    keys.map(|key| Column::new(w.t(key))).to_vec()
}

fn misstatements(w: Words, seen: &Seen) -> Table {
    let known = seen.papers.matters.description.misstatements.iter();
    let rows = (0..).zip(known).map(|(n, m): (usize, _)| {
        let matter = Matter::Misstatement(m);
        Row::new(vec![
            m.dc.to_string().into(),
            m.what.as_str().into(),
            misstatement_kind(w, m.kind).into(),
            weight(w, &seen.papers, matter).into(),
            by(w, seen, matter).into(),
        ])
        .to(format!("{}?misstatement={n}", address(&seen.papers)))
    });
    let keys = [
        "completion-misstatement-dc",
        "completion-found",
        "completion-nature",
        "matters-weight",
        "criterion-stated-by",
    ];
    Table::new(w, "misstatements", w.t("matters-misstatements"), columns(w, keys))
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("matters-misstatements-none"), w.t("matters-misstatements-next")))
}

fn touched(w: Words, limit: &ScopeLimitation) -> String {
    let prongs = limit.prongs.iter().map(|p| word(w, "prong", p.word()));
    let all = prongs.chain(limit.criteria.iter().map(ToString::to_string)).collect::<Vec<_>>();
    all.join(", ")
}

fn limits(w: Words, seen: &Seen) -> Table {
    let known = seen.papers.matters.scope_limitations.iter();
    let rows = (0..).zip(known).map(|(n, l): (usize, _)| {
        let matter = Matter::Limit(l);
        let cause = w.t(&format!("matters-cause-{}", l.cause.word().replace('_', "-")));
        Row::new(vec![
            l.what.as_str().into(),
            cause.into(),
            touched(w, l).into(),
            weight(w, &seen.papers, matter).into(),
            by(w, seen, matter).into(),
        ])
        .to(format!("{}?limit={n}", address(&seen.papers)))
    });
    let keys = [
        "matters-what",
        "matters-cause",
        "matters-touches",
        "matters-weight",
        "criterion-stated-by",
    ];
    Table::new(w, "limits", w.t("matters-limits"), columns(w, keys))
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("matters-limits-none"), w.t("matters-limits-next")))
}

fn left_out(w: Words, papers: &Papers) -> Table {
    let rows = papers.matters.not_applicable.iter().map(|n| {
        Row::new(vec![Html::id(&n.criterion.to_string()).into(), n.reason.as_str().into()])
    });
    let columns = ["examination-criterion", "matters-given"].map(|key| Column::new(w.t(key)));
    Table::new(w, "left-out", w.t("matters-left-out"), columns.to_vec())
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("matters-left-out-none"), w.t("matters-left-out-next")))
}

/// A form of the page; `what` tells which, and lets its fields have ids of their own.
fn blank(cx: &Cx, papers: &Papers, what: &str, save: &str) -> Form {
    Form::post(cx.w, address(papers), &cx.shell().csrf, cx.w.t(save))
        .apart(what)
        .key(fresh_key(cx))
        .version(u64::try_from(papers.matters_version).unwrap_or_default())
        .hide("do", what)
}

fn area(w: Words, name: &str, key: &str, value: &str) -> Field {
    Field::new(w, name, w.t(key), Kind::Area(2)).max(4_000).value(value)
}

fn ticked(w: Words, name: &str, key: &str, on: bool) -> Field {
    Field::new(w, name, w.t(key), Kind::Box).value(if on { "on" } else { "" })
}

/// What says that a statement is not material, and why.
fn weighing(w: Words, form: Form, matter: Option<Matter<'_>>) -> Form {
    let reason = matter.and_then(|m| m.not_material().map(str::to_owned));
    form.field(
        ticked(w, "not_material", "matters-is-not-material", reason.is_some())
            .hint(w.t("matters-is-not-material-hint")),
    )
    .field(area(w, "material_reason", "matters-material-reason", &reason.unwrap_or_default()))
    .field(area(w, "reason", "completion-misstatement-why", "").required())
}

fn misstatement_form(cx: &Cx, papers: &Papers, which: Option<usize>) -> Form {
    let w = cx.w;
    let known = which.and_then(|n| papers.matters.description.misstatements.get(n));
    let criteria = (1..=9).map(|n| Choice::new(format!("DC{n}"), format!("DC{n}"))).collect();
    let kinds =
        MisstatementKind::ALL.iter().map(|k| Choice::new(k.word(), misstatement_kind(w, *k)));
    let mut dc =
        Field::new(w, "dc", w.t("completion-misstatement-dc"), Kind::Select(criteria)).required();
    let mut kind =
        Field::new(w, "kind", w.t("completion-nature"), Kind::Select(kinds.collect())).required();
    if let Some(m) = known {
        (dc, kind) = (dc.value(m.dc.to_string()), kind.value(m.kind.word()));
    }
    let form = blank(cx, papers, "misstatement", "completion-misstatement-save")
        .hide("which", which.filter(|_| known.is_some()).map_or(String::new(), |n| n.to_string()))
        .field(dc)
        .field(kind)
        .field(area(w, "what", "completion-found", known.map_or("", |m| &m.what)).required())
        .field(ticked(
            w,
            "corrected",
            "completion-misstatement-corrected",
            known.is_some_and(|m| m.corrected),
        ))
        .field(ticked(
            w,
            "pervasive",
            "completion-misstatement-pervasive",
            known.is_some_and(|m| m.pervasive),
        ));
    weighing(w, form, known.map(Matter::Misstatement))
}

fn limit_form(cx: &Cx, papers: &Papers, which: Option<usize>) -> Form {
    let w = cx.w;
    let known = which.and_then(|n| papers.matters.scope_limitations.get(n));
    let causes = LimitationCause::ALL.iter().map(|c| {
        Choice::new(c.word(), w.t(&format!("matters-cause-{}", c.word().replace('_', "-"))))
    });
    let type_two = papers.engagement.report_type == scope::model::ReportType::Type2;
    let prongs = Prong::ALL
        .iter()
        .filter(|p| type_two || **p != Prong::Operation)
        .map(|p| Choice::new(p.word(), word(w, "prong", p.word())));
    let mut cause =
        Field::new(w, "cause", w.t("matters-cause"), Kind::Select(causes.collect())).required();
    let mut touches = Field::new(w, "prongs", w.t("matters-prongs"), Kind::Boxes(prongs.collect()));
    if let Some(l) = known {
        cause = cause.value(l.cause.word());
        touches = touches.values(l.prongs.iter().map(|p| p.word()));
    }
    let criteria =
        known.map(|l| l.criteria.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
    let other = known.and_then(|l| l.alternative_evidence.clone()).unwrap_or_default();
    let mut form = blank(cx, papers, "limit", "completion-misstatement-save")
        .hide("which", which.filter(|_| known.is_some()).map_or(String::new(), |n| n.to_string()))
        .field(area(w, "what", "matters-what", known.map_or("", |l| &l.what)).required())
        .field(cause)
        .field(touches.hint(w.t("matters-prongs-hint")))
        .field(
            Field::new(w, "criteria", w.t("matters-criteria"), Kind::Text)
                .hint(w.t("matters-criteria-hint"))
                .value(criteria.unwrap_or_default())
                .max(1_000),
        )
        .field(ticked(w, "pervasive", "matters-pervasive", known.is_some_and(|l| l.pervasive)))
        .field(
            area(w, "alternative_evidence", "matters-other", &other)
                .hint(w.t("matters-other-hint")),
        );
    if known.is_some() {
        form = form.field(ticked(w, "withdrawn", "matters-withdrawn", false));
    }
    weighing(w, form, known.map(Matter::Limit))
}

fn leave_out_form(cx: &Cx, papers: &Papers) -> Form {
    let w = cx.w;
    let criteria = papers.engagement.criteria().into_iter();
    let criteria = criteria.map(|c| Choice::new(c.to_string(), c.to_string())).collect();
    blank(cx, papers, "leave-out", "completion-misstatement-save")
        .field(
            Field::new(w, "criterion", w.t("examination-criterion"), Kind::Select(criteria))
                .required(),
        )
        .field(area(w, "given", "matters-given", "").hint(w.t("matters-given-hint")))
        .field(area(w, "reason", "matters-left-out-why", "").required())
}

fn unreliable_form(cx: &Cx, papers: &Papers) -> Form {
    let w = cx.w;
    let said = papers.matters.evidence_unreliable.as_deref().unwrap_or_default();
    blank(cx, papers, "unreliable", "completion-misstatement-save")
        .field(
            area(w, "unreliable", "matters-unreliable-why", said)
                .hint(w.t("matters-unreliable-hint")),
        )
        .field(area(w, "reason", "completion-misstatement-why", "").required())
}

fn second_form(cx: &Cx, papers: &Papers, matter: Matter<'_>) -> Form {
    let (w, digest) = (cx.w, matter.sha256());
    let short = digest.get(..12).unwrap_or_default().to_owned();
    let to = href(papers.engagement.id, "/matters/second");
    Form::post(w, to, &cx.shell().csrf, w.t("examination-sign-second"))
        .apart(&format!("second-{short}"))
        .key(fresh_key(cx))
        .hide("sha256", digest)
        .field(area(w, "reason", "examination-second-reason", "").required())
}

/// What waits for a second signature, each with its form for who may sign it.
fn waiting(cx: &Cx, seen: &Seen, refused: Option<Form>) -> Vec<Html> {
    let (w, papers) = (cx.w, &seen.papers);
    let mut parts = Vec::new();
    let me = cx.actor().map(|actor| actor.name()).ok();
    let outside = papers.stays_outside(crate::pages::me(cx));
    for matter in papers.matters_open() {
        let stated = seen.by.get(&matter.sha256());
        let why = matter.not_material().unwrap_or_default();
        let pairs = vec![
            (w.t("matters-what"), Html::text(matter.what())),
            (w.t("matters-material-reason"), Html::text(why)),
            (w.t("criterion-stated-by"), Html::text(&by(w, seen, matter))),
        ];
        parts.push(facts(pairs));
        let own = stated.is_none_or(|by| Some(&by.actor) == me.as_ref());
        if cx.can::<SecondConclusion>() && !own && !outside && !papers.engagement.locked() {
            parts.push(second_form(cx, papers, matter).into());
        }
    }
    if !parts.is_empty() {
        parts.insert(0, paragraph(&w.t("matters-awaiting-what")));
        parts.insert(0, heading(&w.t("matters-awaiting")));
    }
    parts.extend(refused.map(Html::from));
    parts
}

/// What was signed as second person.
fn signed(w: Words, seen: &Seen) -> Vec<Html> {
    let papers = &seen.papers;
    let signed = judgeable(&papers.matters).filter_map(|m| Some((m, papers.matter_second(m)?)));
    let told = signed.map(|(matter, second)| {
        let at = w.moment_utc(second.signed_at);
        facts(vec![
            (w.t("matters-what"), Html::text(matter.what())),
            (w.t("matters-material-reason"), Html::text(matter.not_material().unwrap_or_default())),
            (
                w.t("examination-second-signer"),
                Html::text(&w.t2("criterion-by", "who", seen.names.of(&second.signer), "at", at)),
            ),
            (w.t("criterion-second-why"), Html::text(&second.remark)),
        ])
    });
    let told: Vec<Html> = told.collect();
    let title = (!told.is_empty()).then(|| heading(&w.t("matters-signed")));
    title.into_iter().chain(told).collect()
}

/// A form that was refused, and which it is.
#[derive(Default)]
struct Refused {
    what: String,
    form: Option<Form>,
}

impl Refused {
    fn take(&mut self, what: &str) -> Option<Form> {
        self.form.take_if(|_| self.what == what)
    }
}

fn page(cx: &Cx, seen: &Seen, mut refused: Refused) -> Page {
    let (w, papers) = (cx.w, &seen.papers);
    let open = papers.matters_open().len();
    let count =
        papers.matters.description.misstatements.len() + papers.matters.scope_limitations.len();
    let shell = framed(cx.shell(), papers, "opinion")
        .title(w.t("matters-title"))
        .crumb(href(papers.engagement.id, "/opinion"), w.t("examination-tab-opinion"))
        .answer(w.t2("matters-answer", "count", count, "open", open));
    let mut parts = waiting(cx, seen, refused.take("second"));
    let states = cx.can::<ConcludeCriterion>() && !papers.engagement.locked();
    let chosen = |name: &str| cx.param(name).and_then(|n| n.parse::<usize>().ok());
    let mut add = |parts: &mut Vec<Html>, what: &str, title: &str, chosen: bool, form: Form| {
        let sent = refused.take(what);
        if states || sent.is_some() {
            let open = chosen || sent.is_some();
            parts.push(fold(&w.t(title), open, sent.unwrap_or(form)));
        }
    };
    parts.push(misstatements(w, seen).into());
    let which = chosen("misstatement");
    let form = misstatement_form(cx, papers, which);
    add(&mut parts, "misstatement", "matters-misstatement-state", which.is_some(), form);
    parts.push(limits(w, seen).into());
    let which = chosen("limit");
    let form = limit_form(cx, papers, which);
    add(&mut parts, "limit", "matters-limit-state", which.is_some(), form);
    parts.extend(signed(w, seen));
    parts.push(left_out(w, papers).into());
    add(&mut parts, "leave-out", "matters-leave-out-state", false, leave_out_form(cx, papers));
    parts.push(heading(&w.t("matters-unreliable")));
    parts.push(match &papers.matters.evidence_unreliable {
        Some(why) => Note::new(Tone::Attention, w.t("matters-unreliable-is"), why.clone()).into(),
        None => paragraph(&w.t("matters-unreliable-none")),
    });
    if cx.can::<ConcludeOpinion>() && !papers.engagement.locked() {
        let form = unreliable_form(cx, papers);
        add(&mut parts, "unreliable", "matters-unreliable-state", false, form);
    }
    Page { shell, parts }
}

/// `GET /examination/{engagement}/matters`; `?limit=` or `?misstatement=` with a number from 0 opens its form.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn matters(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, id(&engagement)?).await?;
    cx.page(&page(&cx, &seen, Refused::default()))
}

/// Which of a list a form changes; none for a new one.
fn which(form: &Form) -> Option<usize> {
    form.hidden("which").and_then(|n| n.parse().ok())
}

fn judged(form: &Form) -> (Option<bool>, Option<String>) {
    let not = form.typed("not_material") == "on";
    let reason = form.typed("material_reason").trim().to_owned();
    (not.then_some(false), Some(reason).filter(|text| not && !text.is_empty()))
}

fn typed_misstatement(form: &mut Form) -> Option<Misstatement> {
    let (Ok(dc), Ok(kind)) = (form.typed("dc").parse(), form.typed("kind").parse()) else {
        form.error("dc", "Choose a description criterion and how it goes wrong.");
        return None;
    };
    let (material, material_reason) = judged(form);
    Some(Misstatement {
        dc,
        kind,
        what: form.typed("what").to_owned(),
        material,
        material_reason,
        pervasive: form.typed("pervasive") == "on",
        corrected: form.typed("corrected") == "on",
    })
}

fn typed_limit(form: &mut Form) -> Option<ScopeLimitation> {
    let typed = form.typed("criteria").to_owned();
    let names = typed.split([',', ' ']).map(str::trim).filter(|text| !text.is_empty());
    let mut criteria = Vec::new();
    for name in names {
        match name.parse() {
            Ok(id) => criteria.push(id),
            Err(fault) => form.error("criteria", format!("{fault}")),
        }
    }
    let Ok(cause) = form.typed("cause").parse() else {
        form.error("cause", "Choose why it could not be examined.");
        return None;
    };
    let prongs = form.ticked("prongs").iter().filter_map(|p| p.parse().ok()).collect();
    let (material, material_reason) = judged(form);
    let other = form.typed("alternative_evidence").to_owned();
    form.ok().then(|| ScopeLimitation {
        what: form.typed("what").to_owned(),
        cause,
        criteria,
        prongs,
        material,
        material_reason,
        pervasive: form.typed("pervasive") == "on",
        alternative_evidence: Some(other),
    })
}

/// Runs what a form of the page asks for. Whether it was carried out.
async fn act(cx: &Cx, papers: &Papers, pairs: &Pairs, form: &mut Form) -> Result<bool, Failure> {
    let engagement = papers.engagement.id;
    let (seen, which, reason) = (version(form), which(form), form.typed("reason").to_owned());
    match pairs.get("do") {
        Some("misstatement") => {
            let Some(stated) = typed_misstatement(form) else { return Ok(false) };
            submit::<ConcludeCriterion, _, _>(cx, pairs, engagement, form, move |tx, env, p| {
                state_misstatement(tx, env, p, seen, (which, &stated), &reason)
            })
            .await
        }
        Some("limit") => {
            let Some(limit) = typed_limit(form) else { return Ok(false) };
            let withdrawn = form.typed("withdrawn") == "on";
            submit::<ConcludeCriterion, _, _>(cx, pairs, engagement, form, move |tx, env, p| {
                let limit = Some(&limit).filter(|_| !withdrawn);
                state_limit(tx, env, p, seen, (which, limit), &reason)
            })
            .await
        }
        Some("leave-out") => {
            let Ok(criterion) = form.typed("criterion").parse::<CriterionId>() else {
                form.error("criterion", "Choose a criterion.");
                return Ok(false);
            };
            let given = form.typed("given").to_owned();
            submit::<ConcludeCriterion, _, _>(cx, pairs, engagement, form, move |tx, env, p| {
                leave_out(tx, env, p, seen, (criterion, &given), &reason)
            })
            .await
        }
        _ => {
            let said = form.typed("unreliable").to_owned();
            submit::<ConcludeOpinion, _, _>(cx, pairs, engagement, form, move |tx, env, p| {
                state_unreliable(tx, env, p, seen, &said, &reason)
            })
            .await
        }
    }
}

/// `POST /examination/{engagement}/matters`: states or changes what `do` names.
///
/// # Errors
/// Forbidden for who may read the file and not conclude; nothing is there for anybody else.
pub async fn state(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let seen = seen(&cx, id(&engagement)?).await?;
    cx.may::<ConcludeCriterion>()?;
    let papers = &seen.papers;
    let which = pairs.get("which").and_then(|n| n.parse().ok());
    let (what, form) = match pairs.get("do") {
        Some("misstatement") => ("misstatement", misstatement_form(&cx, papers, which)),
        Some("limit") => ("limit", limit_form(&cx, papers, which)),
        Some("leave-out") => ("leave-out", leave_out_form(&cx, papers)),
        Some("unreliable") => {
            cx.may::<ConcludeOpinion>()?;
            ("unreliable", unreliable_form(&cx, papers))
        }
        _ => return Err(Failure::Refused(Refusal::NotFound)),
    };
    let mut form = filled(form, &pairs);
    if act(&cx, papers, &pairs, &mut form).await? {
        return done(&cx, &address(papers), "completion-misstatement-saved").await;
    }
    cx.page_again(&page(&cx, &seen, Refused { what: what.to_owned(), form: Some(form) }))
}

/// `POST /examination/{engagement}/matters/second`: signs, as a second person, that something is not material.
///
/// # Errors
/// Forbidden for who may read the file and not sign; nothing is there for anybody else.
pub async fn second(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let seen = seen(&cx, engagement).await?;
    cx.may::<SecondConclusion>()?;
    let digest = pairs.get("sha256").unwrap_or_default().to_owned();
    let found = |matters: &Matters| {
        judgeable(matters).find(|m| m.sha256() == digest).map(|m| second_form(&cx, &seen.papers, m))
    };
    let form = found(&seen.papers.matters).ok_or(Failure::Refused(Refusal::NotFound))?;
    let mut form = filled(form, &pairs);
    let remark = form.typed("reason").to_owned();
    let sent = submit::<SecondConclusion, _, _>(&cx, &pairs, engagement, &mut form, {
        let digest = digest.clone();
        move |tx, env, permit| second_matter(tx, env, permit, &digest, &remark)
    })
    .await?;
    if sent {
        return done(&cx, &address(&seen.papers), "examination-saved-second").await;
    }
    cx.page_again(&page(&cx, &seen, Refused { what: "second".into(), form: Some(form) }))
}
