//! Phase 3: what managers, staff and users say, from inquiries of the firm and from the organisation's own
//! surveys where it consented.

use super::{
    Seen, area, evidence_field, frame, lines, named, page, seen, seen_version, shown_by, version,
};
use crate::evaluations::pages::opened;
use crate::inquiries::model::{Procedure, ProcedureState};
use crate::inquiries::store as inquiries;
use crate::mechanisms::asked;
use crate::mechanisms::model::{Heard, PeopleHeard};
use crate::mechanisms::permits::EvaluateMechanisms;
use crate::mechanisms::service;
use crate::pages::{done, filled, heading, submit};
use axum::extract::Path;
use cases::surveys::model::{Answers, Survey};
use cases::surveys::rules::bank::{self, AnswerKind, Group};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::Tx;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Cell, Column, Empty, Field, Form, Html, Kind, Note, Page, Row, Table, Tone, facts, fold, prose,
};

struct Voices {
    procedures: Vec<Procedure>,
    /// None where the organisation has not consented.
    surveys: Option<Vec<(Survey, Vec<Answers>)>>,
}

async fn voices(cx: &Cx, seen: &Seen) -> Result<Voices, Failure> {
    let (file, owner) = (seen.papers.file, seen.papers.engagement.organisation);
    cx.read(move |conn, _| {
        let procedures = inquiries::procedures(conn, file)?;
        let surveys = if asked::consented(conn, owner, file.engagement)? {
            Some(asked::surveys(conn, owner)?)
        } else {
            None
        };
        Ok(Voices { procedures, surveys })
    })
    .await
}

const fn group(heard: Heard) -> Group {
    match heard {
        Heard::Management => Group::Management,
        Heard::Staff => Group::Staff,
        Heard::Users => Group::External,
    }
}

fn asks(procedure: &Procedure, heard: Heard) -> bool {
    let of = |id: &String| bank::question(id).is_some_and(|q| q.group == group(heard));
    procedure.state != ProcedureState::Cancelled && procedure.plan.questions.iter().any(of)
}

fn hear_form(cx: &Cx, seen: &Seen, heard: Heard) -> Form {
    let w = cx.w;
    let old = seen.evaluation.people.iter().find(|p| p.body.group == heard);
    let body = old.map(|k| &k.body);
    let action = seen.href(&format!("/people?group={}", heard.word()));
    Form::post(w, action, &cx.shell().csrf, w.t("mechanisms-save-people"))
        .apart(heard.word())
        .key(cx.form_key())
        .version(seen_version(old.map(|k| k.version)))
        .field(area(w, "summary", 4, body.map_or("", |b| b.summary.as_str())))
        .field(
            Field::new(w, "gaps", w.t("mechanisms-gaps"), Kind::Area(3))
                .max(4_000)
                .hint(w.t("mechanisms-gaps-hint"))
                .value(body.map_or("", |b| b.gaps.as_str())),
        )
        .field(evidence_field(w, body.map_or(&[], |b| b.evidence.as_slice()), true))
}

/// The questions of a survey for one group: how many agreed or said yes, of how many, where that may be shown.
fn survey_table(cx: &Cx, survey: &Survey, answers: &[Answers], heard: Heard) -> Option<Table> {
    let w = cx.w;
    let of = |id: &&String| {
        bank::question(id).filter(|q| q.group == group(heard) && q.kind != AnswerKind::Text)
    };
    let questions: Vec<_> = survey.questions.iter().filter_map(|id| of(&id)).collect();
    if questions.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new(w.t("mechanisms-n")),
        Column::new(w.t("mechanisms-question")),
        Column::new(w.t("mechanisms-agree")).numeric(),
    ];
    let rows = questions.into_iter().map(|q| {
        let value =
            asked::agreed(survey, q, answers).map(|s| w.t2("mechanisms-of", "n", s.n, "of", s.of));
        let cells: Vec<Cell> = vec![
            Html::id(&q.id).into(),
            q.text(w).into(),
            value.unwrap_or_else(|| w.t("mechanisms-kept-back")).into(),
        ];
        Row::new(cells)
    });
    Some(
        Table::new(
            w,
            format!("survey-{}-{}", heard.word(), survey.id),
            survey.title.clone(),
            columns,
        )
        .rows(rows)
        .cards(),
    )
}

fn section(cx: &Cx, seen: &Seen, voices: &Voices, heard: Heard, sent: Option<Form>) -> Vec<Html> {
    let w = cx.w;
    let mut parts = vec![heading(&named(w, "heard", heard.word()))];
    let columns =
        ["inquiry", "asked-whom", "state"].map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let rows = voices.procedures.iter().filter(|p| asks(p, heard)).map(|p| {
        let whom: Vec<String> =
            p.plan.asked.iter().map(|a| format!("{}, {}", a.name, a.function)).collect();
        let cells: Vec<Cell> = vec![
            (&p.plan.title).into(),
            whom.join("; ").into(),
            w.t(&format!("inquiries-state-{}", p.state.word())).into(),
        ];
        Row::new(cells).to(crate::pages::href(seen.engagement(), &format!("/inquiries/{}", p.id)))
    });
    parts.push(
        Table::new(
            w,
            format!("asked-{}", heard.word()),
            format!("{}: {}", w.t("mechanisms-inquiries"), named(w, "heard", heard.word())),
            columns.to_vec(),
        )
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("mechanisms-nobody-asked"), w.t("mechanisms-nobody-asked-next")))
        .into(),
    );
    for (survey, answers) in voices.surveys.iter().flatten() {
        parts.extend(survey_table(cx, survey, answers, heard).map(Html::from));
    }
    let old = seen.evaluation.people.iter().find(|p| p.body.group == heard);
    if let Some(k) = old {
        parts.push(facts(vec![
            (w.t("mechanisms-summary"), prose(&k.body.summary)),
            (w.t("mechanisms-gaps"), prose(&k.body.gaps)),
            (w.t("mechanisms-evidence"), shown_by(seen.engagement(), &k.body.evidence)),
        ]));
    }
    if cx.can::<EvaluateMechanisms>() {
        let open = sent.is_some();
        let form = sent.unwrap_or_else(|| hear_form(cx, seen, heard));
        parts.push(fold(&w.t("mechanisms-sum-up"), open, form));
    }
    parts
}

fn people_page(cx: &Cx, seen: &Seen, voices: &Voices, mut sent: Option<(Heard, Form)>) -> Page {
    let w = cx.w;
    let mut parts = Vec::new();
    if voices.surveys.is_none() {
        let (title, text) = (w.t("mechanisms-no-consent"), w.t("mechanisms-no-consent-why"));
        parts.push(Note::new(Tone::Neutral, title, text).into());
    }
    for heard in Heard::ALL {
        let mine = sent.take_if(|(group, _)| group == heard).map(|(_, form)| form);
        parts.extend(section(cx, seen, voices, *heard, mine));
    }
    let answer = w.t1("mechanisms-people-answer", "groups", seen.evaluation.people.len());
    page(frame(cx, seen, w.t("mechanisms-people-title"), answer), parts)
}

/// `GET /examination/{engagement}/mechanisms/people`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn people(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    let voices = voices(&cx, &seen).await?;
    cx.page(&people_page(&cx, &seen, &voices, None))
}

/// `POST /examination/{engagement}/mechanisms/people?group=`
///
/// # Errors
/// As [`people`].
pub async fn hear(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let heard = cx
        .param("group")
        .and_then(|g| Heard::from_word(&g))
        .ok_or(Failure::Refused(Refusal::NotFound))?;
    let mut form = filled(hear_form(&cx, &seen, heard), &pairs);
    let input = PeopleHeard {
        group: heard,
        summary: form.typed("summary").to_owned(),
        gaps: form.typed("gaps").to_owned(),
        evidence: lines(&form, "evidence"),
    };
    let at = version(&form);
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
        service::hear(tx, env, permit, at, &input)
    };
    if submit(&cx, &pairs, seen.engagement(), &mut form, command).await? {
        return done(&cx, &seen.href("/people"), "mechanisms-saved").await;
    }
    let voices = voices(&cx, &seen).await?;
    cx.page_again(&people_page(&cx, &seen, &voices, Some((heard, form))))
}
