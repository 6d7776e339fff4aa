//! `/examination/{engagement}/team`: who works on it, whether they are independent, whether it was accepted.

use super::{maybe, name, people, send, sent_id, team_forms, version, word};
use crate::firm::model::{
    AcceptanceText, Assessed, Assignment, Decision, Judgement, Member, NonAttest, Precondition,
    Service, ServiceId, Standing, Threat,
};
use crate::firm::permits::{
    ConfirmIndependence, DecideAcceptance, JudgeThreats, KeepServices, KeepTeam, PrepareAcceptance,
};
use crate::firm::{rules, service, store};
use crate::pages::{done, filled, framed, fresh_key, href, id, papers};
use crate::store::Papers;
use axum::extract::Path;
use jiff::civil::Date;
use kernel::ids::{EngagementId, PersonId};
use kernel::party::Role;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{
    Cell, Column, Empty, Form, Html, Note, Page, Row, Status, Table, Tone, facts, fold, stack,
};
use platform::words::Words;
use std::collections::BTreeMap;

/// What the page shows.
pub(super) struct Seen {
    papers: Papers,
    pub(super) standing: Standing,
    pub(super) people: BTreeMap<PersonId, String>,
    pub(super) client: String,
    pub(super) today: Date,
    me: Option<PersonId>,
}

impl Seen {
    pub(super) fn href(&self, rest: &str) -> String {
        href(self.papers.engagement.id, rest)
    }
    pub(super) fn person(&self, id: PersonId) -> String {
        self.people.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

async fn seen(cx: &Cx, engagement: EngagementId) -> Result<Seen, Failure> {
    let (papers, _) = papers(cx, engagement).await?;
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        let party = identity::store::party(conn, papers.engagement.organisation)?;
        Ok(Seen {
            standing: store::standing(conn, papers.file)?,
            people: people(conn, papers.file.firm)?,
            client: party.map(|p| p.name).unwrap_or_default(),
            today: rules::day(now),
            me: actor.person,
            papers,
        })
    })
    .await
}

fn independence(w: Words, seen: &Seen, person: PersonId) -> Status {
    let found = seen.standing.confirmations.iter().find(|c| c.person == person);
    let peer = |m: &&Member| m.person == person && m.assignment.role == Role::PeerReviewer;
    if found.is_none() && seen.standing.team.iter().any(|m| peer(&m)) {
        return Status::new(Tone::Neutral, w.t("firm-not-needed"));
    }
    match (rules::independent(found, seen.today), found) {
        (Ok(()), Some(c)) if c.threats.is_empty() => Status::new(
            Tone::Good,
            w.t1("firm-confirmed-on", "on", w.date(rules::day(c.confirmed_at))),
        ),
        (Ok(()), _) => Status::new(Tone::Good, w.t("firm-threats-accepted")),
        (Err(_), None) => Status::new(Tone::Waiting, w.t("firm-not-confirmed")),
        (Err(_), Some(c)) if c.judgement.is_none() && !c.threats.is_empty() => {
            Status::new(Tone::Attention, w.t("firm-threats-open"))
        }
        (Err(_), Some(c)) if c.judgement.is_some() => {
            Status::new(Tone::Attention, w.t("firm-threats-refused"))
        }
        (Err(_), Some(_)) => Status::new(Tone::Attention, w.t("firm-confirmation-old")),
    }
}

fn presence(w: Words, seen: &Seen, member: &Member) -> Cell {
    match &member.released {
        Some(_) => Status::new(Tone::Closed, w.t("firm-released")).into(),
        None if rules::on_team(member, seen.today) => {
            Status::new(Tone::Good, w.t("firm-on-team")).into()
        }
        None if member.assignment.from > seen.today => {
            Status::new(Tone::Waiting, w.t("firm-not-yet")).into()
        }
        None => Status::new(Tone::Closed, w.t("firm-ended")).into(),
    }
}

fn team_table(w: Words, seen: &Seen) -> Table {
    let columns = ["person", "role", "from", "until", "independence", "presence"];
    let columns = columns.iter().map(|c| Column::new(w.t(&format!("firm-{c}")))).collect();
    let mut team: Vec<&Member> = seen.standing.team.iter().collect();
    team.sort_by_key(|m| (m.released.is_some(), m.assignment.role, m.person));
    let rows = team.into_iter().map(|m| {
        let until = m.assignment.until.map(|d| w.date(d)).unwrap_or_default();
        Row::new(vec![
            seen.person(m.person).into(),
            word(w, "role", m.assignment.role.as_str()).into(),
            w.date(m.assignment.from).into(),
            until.into(),
            independence(w, seen, m.person).into(),
            presence(w, seen, m),
        ])
    });
    Table::new(w, "team", w.t("firm-team"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("firm-team-none"), w.t("firm-team-none-next")))
}

/// What was declared and judged, person by person.
fn declared(w: Words, seen: &Seen) -> Vec<Html> {
    let with = seen.standing.confirmations.iter().filter(|c| !c.threats.is_empty());
    with.map(|c| {
        let mut lines: Vec<Html> = c
            .threats
            .iter()
            .map(|t| {
                Html::text(&w.ta(
                    "firm-threat-line",
                    &[
                        ("kind", word(w, "threat", t.kind.word()).into()),
                        ("circumstances", t.circumstances.clone().into()),
                        ("safeguard", t.safeguard.clone().into()),
                    ],
                ))
            })
            .collect();
        if let Some(j) = &c.judgement {
            let by = c.judged_by.as_deref().map(|b| name(&seen.people, b)).unwrap_or_default();
            let key = if j.acceptable { "firm-judged-acceptable" } else { "firm-judged-not" };
            lines.push(Html::text(&w.t2(key, "by", by, "reason", j.reason.clone())));
        }
        let tone = match &c.judgement {
            Some(j) if j.acceptable => Tone::Good,
            _ => Tone::Attention,
        };
        Note::new(tone, seen.person(c.person), stack(lines)).into()
    })
    .collect()
}

fn service_table(w: Words, seen: &Seen) -> Table {
    let columns = ["description", "from", "to", "activities", "overseen-by", "compatible"];
    let columns = columns.iter().map(|c| Column::new(w.t(&format!("firm-{c}")))).collect();
    let rows = seen.standing.services.iter().map(|s: &Service| {
        let faults = rules::service_faults(&s.body);
        let compatible: Cell = match faults.first() {
            None => Status::new(Tone::Good, w.t("firm-compatible")).into(),
            Some(fault) => {
                let mark: Html = Status::new(Tone::Attention, w.t("firm-incompatible")).into();
                mark.and(" ").and(Html::text(fault)).into()
            }
        };
        let activities: Vec<String> =
            s.body.activities.iter().map(|a| word(w, "activity", a.word())).collect();
        Row::new(vec![
            (&s.body.description).into(),
            w.date(s.body.from).into(),
            s.body.to.map(|d| w.date(d)).unwrap_or_default().into(),
            activities.join("; ").into(),
            (&s.body.overseen_by).into(),
            compatible,
        ])
    });
    Table::new(w, "services", w.t("firm-services"), columns)
        .rows(rows)
        .cards()
        .caption_hidden()
        .empty(Empty::new(w.t("firm-services-none"), w.t("firm-services-none-next")))
}

fn acceptance(w: Words, seen: &Seen) -> Vec<Html> {
    let Some(a) = &seen.standing.acceptance else {
        return vec![
            Empty::new(w.t("firm-acceptance-none"), w.t("firm-acceptance-none-next")).into(),
        ];
    };
    let columns = ["precondition", "met", "basis"];
    let columns = columns.iter().map(|c| Column::new(w.t(&format!("firm-{c}")))).collect();
    let rows = a.text.preconditions.iter().map(|p| {
        let (tone, key) = if p.met { (Tone::Good, "yes") } else { (Tone::Attention, "no") };
        Row::new(vec![
            word(w, "precondition", p.precondition.word()).into(),
            Status::new(tone, word(w, "met", key)).into(),
            (&p.basis).into(),
        ])
    });
    let table = Table::new(w, "preconditions", w.t("firm-preconditions"), columns)
        .rows(rows)
        .cards()
        .caption_hidden();
    let prepared = w.t2(
        "firm-by-on",
        "by",
        name(&seen.people, &a.prepared_by),
        "on",
        w.date(rules::day(a.prepared_at)),
    );
    let decided = match (&a.decision, &a.decided_by, a.decided_at) {
        (Some(d), Some(by), Some(at)) => format!(
            "{} {}",
            w.t2("firm-by-on", "by", name(&seen.people, by), "on", w.date(rules::day(at))),
            d.reason
        ),
        _ => String::new(),
    };
    let letter = a.text.letter_signed.map(|d| w.date(d)).unwrap_or_default();
    let mut out: Vec<Html> = vec![
        facts(vec![
            (w.t("firm-acceptance-status"), accepted(w, seen).into()),
            (
                w.t("firm-acceptance-kind"),
                Html::text(&word(w, "acceptance-kind", a.text.kind.word())),
            ),
            (w.t("firm-prepared"), Html::text(&prepared)),
            (w.t("firm-decided"), Html::text(&decided)),
            (w.t("firm-integrity"), Html::text(&a.text.integrity)),
            (w.t("firm-letter"), Html::text(&letter)),
        ]),
        table.into(),
    ];
    if a.decision.is_none() {
        let against = rules::against_acceptance(&seen.standing, &a.text, seen.today);
        if !against.is_empty() {
            let lines = stack(against.iter().map(|s| Html::text(s)));
            out.push(Note::new(Tone::Attention, w.t("firm-against"), lines).into());
        }
    }
    out
}

fn accepted(w: Words, seen: &Seen) -> Status {
    let found = seen.standing.acceptance.as_ref();
    match found.map(|a| a.decision.as_ref().map(|d| d.accepted)) {
        None => Status::new(Tone::Waiting, w.t("firm-not-assessed")),
        Some(None) => Status::new(Tone::Attention, w.t("firm-awaits-decision")),
        Some(Some(true)) => Status::new(Tone::Good, w.t("firm-accepted")),
        Some(Some(false)) => Status::new(Tone::Closed, w.t("firm-declined")),
    }
}

/// A form that came back, by the name of its act and whose it is.
type Again = Option<(String, Form)>;

struct Folds<'a> {
    cx: &'a Cx,
    again: Again,
}

impl Folds<'_> {
    /// The form of an act folded away, or open with what was typed when it came back.
    fn add(&mut self, page: Page, at: &str, title: String, form: Form) -> Page {
        let back = self.again.take_if(|(which, _)| which == at).map(|(_, form)| form);
        let open = back.is_some();
        page.part(fold(&title, open, back.unwrap_or(form)))
    }
}

fn team_page(cx: &Cx, seen: &Seen, again: Again) -> Page {
    let w = cx.w;
    let shell = cx.shell();
    let present: Vec<&Member> =
        seen.standing.team.iter().filter(|m| rules::works(m, seen.today)).collect();
    let ready = present
        .iter()
        .filter(|m| {
            let found = seen.standing.confirmations.iter().find(|c| c.person == m.person);
            rules::independent(found, seen.today).is_ok()
        })
        .count();
    let shell = framed(shell, &seen.papers, "team").title(w.t("firm-team-title")).answer(w.t2(
        "firm-team-answer",
        "ready",
        ready,
        "count",
        present.len(),
    ));
    let mut folds = Folds { cx, again };
    let mut page = Page::new(shell).part(team_table(w, seen));
    page = team_folds(page, seen, &mut folds);
    page = page.heading(&w.t("firm-acceptance"));
    for part in acceptance(w, seen) {
        page = page.part(part);
    }
    page = acceptance_folds(page, seen, &mut folds);
    page = page.heading(&w.t("firm-services")).part(service_table(w, seen));
    service_folds(page, seen, &mut folds)
}

fn team_folds(mut page: Page, seen: &Seen, folds: &mut Folds<'_>) -> Page {
    let (cx, w) = (folds.cx, folds.cx.w);
    let shell = cx.shell();
    for part in declared(w, seen) {
        page = page.part(part);
    }
    let on_team =
        seen.standing.team.iter().find(|m| Some(m.person) == seen.me && m.released.is_none());
    if cx.can::<ConfirmIndependence>() && on_team.is_some() {
        let form = team_forms::confirm(&shell, seen, &fresh_key(cx));
        page = folds.add(page, "confirm", w.t("firm-do-confirm"), form);
    }
    if cx.can::<JudgeThreats>() {
        let open = |c: &&crate::firm::model::Independence| {
            !c.threats.is_empty() && c.judgement.is_none() && Some(c.person) != seen.me
        };
        for c in seen.standing.confirmations.iter().filter(open) {
            let form = team_forms::judge(&shell, seen, &fresh_key(cx), (c.person, c.version));
            let title = w.t1("firm-judge-of", "name", seen.person(c.person));
            page = folds.add(page, &format!("judge-{}", c.person), title, form);
        }
    }
    if cx.can::<KeepTeam>() {
        let form = team_forms::assign(&shell, seen, &fresh_key(cx));
        page = folds.add(page, "assign", w.t("firm-do-assign"), form);
        if seen.standing.team.iter().any(|m| m.released.is_none()) {
            let form = team_forms::release(&shell, seen, &fresh_key(cx));
            page = folds.add(page, "release", w.t("firm-do-release"), form);
        }
    }
    page
}

fn acceptance_folds(mut page: Page, seen: &Seen, folds: &mut Folds<'_>) -> Page {
    let (cx, w) = (folds.cx, folds.cx.w);
    let shell = cx.shell();
    let undecided = seen.standing.acceptance.as_ref().is_some_and(|a| a.decision.is_none());
    if undecided && cx.can::<DecideAcceptance>() {
        let form = team_forms::decide(&shell, seen, &fresh_key(cx));
        page = folds.add(page, "decide", w.t("firm-do-decide"), form);
    }
    if cx.can::<PrepareAcceptance>() {
        let form = team_forms::prepare(&shell, seen, &fresh_key(cx));
        page = folds.add(page, "prepare", w.t("firm-do-prepare"), form);
    }
    page
}

fn service_folds(mut page: Page, seen: &Seen, folds: &mut Folds<'_>) -> Page {
    let (cx, w) = (folds.cx, folds.cx.w);
    if cx.can::<KeepServices>() {
        let shell = cx.shell();
        let form = team_forms::service(&shell, seen, &fresh_key(cx), None);
        page = folds.add(page, "service", w.t("firm-do-service"), form);
        for s in &seen.standing.services {
            let form = team_forms::service(&shell, seen, &fresh_key(cx), Some(s.id));
            let title = w.t1("firm-change-service", "what", s.body.description.clone());
            page = folds.add(page, &format!("service-{}", s.id), title, form);
        }
    }
    page
}

/// `GET /examination/{engagement}/team`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn show(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, id(&engagement)?).await?;
    cx.page(&team_page(&cx, &seen, None))
}

/// `POST /examination/{engagement}/team/{act}`: `assign`, `release`, `confirm`, `judge`, `service`,
/// `prepare`, `decide`.
///
/// # Errors
/// When the form is another session's, nothing is there for the person, or they may not.
pub async fn act(cx: Cx, Path((engagement, act)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let seen = seen(&cx, engagement).await?;
    let again = match act.as_str() {
        "assign" => assign(&cx, &seen, &pairs).await?,
        "release" => release(&cx, &seen, &pairs).await?,
        "confirm" => confirm(&cx, &seen, &pairs).await?,
        "judge" => judge(&cx, &seen, &pairs).await?,
        "service" => record_service(&cx, &seen, &pairs).await?,
        "prepare" => prepare(&cx, &seen, &pairs).await?,
        "decide" => decide(&cx, &seen, &pairs).await?,
        _ => return Err(Refusal::NotFound.into()),
    };
    match again {
        None => done(&cx, &href(engagement, "/team"), "firm-saved").await,
        Some(again) => cx.page_again(&team_page(&cx, &seen, Some(again))),
    }
}

async fn assign(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Result<Again, Failure> {
    cx.may::<KeepTeam>()?;
    let mut form = filled(team_forms::assign(&cx.shell(), seen, ""), pairs);
    let wrong = cx.w.t("firm-a-date");
    let person: Option<PersonId> = maybe(&mut form, "person", &wrong);
    let input = Assignment {
        role: Role::parse(form.typed("role")).unwrap_or(Role::Staff),
        from: maybe(&mut form, "from", &wrong).unwrap_or(seen.today),
        until: maybe(&mut form, "until", &wrong),
    };
    let engagement = seen.papers.engagement.id;
    let again = send(cx, pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<KeepTeam>(actor, &facts)?;
        service::assign(tx, env, &permit, person.ok_or(Refusal::NotFound)?, &input)
    });
    Ok(again.await?.map(|form| ("assign".to_owned(), form)))
}

async fn release(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Result<Again, Failure> {
    cx.may::<KeepTeam>()?;
    let form = filled(team_forms::release(&cx.shell(), seen, ""), pairs);
    if !form.ok() {
        return Ok(Some(("release".to_owned(), form)));
    }
    let person: PersonId = sent_id(pairs, "person")?;
    let member = seen.standing.team.iter().find(|m| m.person == person).ok_or(Refusal::NotFound)?;
    let (at, reason) = ((person, member.version), form.typed("reason").to_owned());
    let engagement = seen.papers.engagement.id;
    let again = send(cx, pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<KeepTeam>(actor, &facts)?;
        service::release(tx, env, &permit, at, &reason)
    });
    Ok(again.await?.map(|form| ("release".to_owned(), form)))
}

async fn confirm(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Result<Again, Failure> {
    cx.may::<ConfirmIndependence>()?;
    let form = filled(team_forms::confirm(&cx.shell(), seen, ""), pairs);
    let threats: Vec<Threat> = form
        .ticked("threats")
        .iter()
        .filter_map(|t| t.parse().ok())
        .map(|kind| Threat {
            kind,
            circumstances: form.typed("circumstances").to_owned(),
            safeguard: form.typed("safeguard").to_owned(),
        })
        .collect();
    let engagement = seen.papers.engagement.id;
    let again = send(cx, pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<ConfirmIndependence>(actor, &facts)?;
        service::confirm(tx, env, &permit, &threats)
    });
    Ok(again.await?.map(|form| ("confirm".to_owned(), form)))
}

async fn judge(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Result<Again, Failure> {
    cx.may::<JudgeThreats>()?;
    let person: PersonId = sent_id(pairs, "person")?;
    let form = filled(team_forms::judge(&cx.shell(), seen, "", (person, 0)), pairs);
    let input = Judgement {
        acceptable: form.typed("acceptable") == "yes",
        reason: form.typed("reason").to_owned(),
    };
    let (at, engagement) = ((person, version(&form)), seen.papers.engagement.id);
    let again = send(cx, pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<JudgeThreats>(actor, &facts)?;
        service::judge_threats(tx, env, &permit, at, &input)
    });
    Ok(again.await?.map(|form| (format!("judge-{person}"), form)))
}

async fn record_service(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Result<Again, Failure> {
    cx.may::<KeepServices>()?;
    let known: Option<ServiceId> = match pairs.get("service") {
        Some(_) => Some(sent_id(pairs, "service")?),
        None => None,
    };
    if known.is_some_and(|id| !seen.standing.services.iter().any(|s| s.id == id)) {
        return Err(Refusal::NotFound.into());
    }
    let mut form = filled(team_forms::service(&cx.shell(), seen, "", known), pairs);
    let wrong = cx.w.t("firm-a-date");
    let input = NonAttest {
        description: form.typed("description").to_owned(),
        from: maybe(&mut form, "from", &wrong).unwrap_or(seen.today),
        to: maybe(&mut form, "to", &wrong),
        activities: form.ticked("activities").iter().filter_map(|a| a.parse().ok()).collect(),
        overseen_by: form.typed("overseen_by").to_owned(),
        threats: form.ticked("threats").iter().filter_map(|t| t.parse().ok()).collect(),
        safeguards: form.typed("safeguards").to_owned(),
    };
    let (change, engagement) = (known.map(|id| (id, version(&form))), seen.papers.engagement.id);
    let again = send(cx, pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<KeepServices>(actor, &facts)?;
        service::state_service(tx, env, &permit, change, &input)
    });
    let at = known.map_or_else(|| "service".to_owned(), |id| format!("service-{id}"));
    Ok(again.await?.map(|form| (at, form)))
}

async fn prepare(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Result<Again, Failure> {
    cx.may::<PrepareAcceptance>()?;
    let mut form = filled(team_forms::prepare(&cx.shell(), seen, ""), pairs);
    let letter_signed = maybe(&mut form, "letter", &cx.w.t("firm-a-date"));
    let assessed = |p: &Precondition| Assessed {
        precondition: *p,
        met: form.typed(&format!("met-{}", p.word())) == "yes",
        basis: form.typed(&format!("basis-{}", p.word())).to_owned(),
    };
    let input = AcceptanceText {
        kind: form.typed("kind").parse().unwrap_or(crate::firm::model::AcceptanceKind::Acceptance),
        preconditions: Precondition::ALL.iter().map(assessed).collect(),
        integrity: form.typed("integrity").to_owned(),
        letter_signed,
    };
    let (expected, engagement) = (Expected::Version(version(&form)), seen.papers.engagement.id);
    let again = send(cx, pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<PrepareAcceptance>(actor, &facts)?;
        service::prepare_acceptance(tx, env, &permit, expected, &input)
    });
    Ok(again.await?.map(|form| ("prepare".to_owned(), form)))
}

async fn decide(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Result<Again, Failure> {
    cx.may::<DecideAcceptance>()?;
    let form = filled(team_forms::decide(&cx.shell(), seen, ""), pairs);
    let input = Decision {
        accepted: form.typed("decision") == "accept",
        reason: form.typed("reason").to_owned(),
    };
    let (at, engagement) = (version(&form), seen.papers.engagement.id);
    let again = send(cx, pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<DecideAcceptance>(actor, &facts)?;
        service::decide_acceptance(tx, env, &permit, at, &input)
    });
    Ok(again.await?.map(|form| ("decide".to_owned(), form)))
}
