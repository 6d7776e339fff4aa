//! What happens to an engagement after it was opened: another scope, a firm that joins, the begin of
//! fieldwork. (It is issued with its report and locked with the firm's file, on their pages.)

use super::{Seen, described, may, one, period, read, report_type, state};
use crate::events::ScopeEvent;
use crate::model::{Engagement, EngagementState};
use crate::permits::{JoinFirm, ManageEngagement, MoveEngagement};
use crate::service;
use axum::extract::Path;
use kernel::ids::PartyId;
use kernel::party::Side;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Empty, Field, Flash, Form, Html, Kind, Note, Page, Shell, Tone, facts, prose,
};
use platform::words::Words;

/// One event of an engagement in a sentence, with what there is to say about it. An engagement has one firm
/// all its life, so its name is that of the one that joined.
pub(super) fn said(w: Words, event: &ScopeEvent, firm: &str) -> (String, Html) {
    let about = |name: &str, x: String, reason: Option<&str>| {
        let mut all =
            vec![(w.t("engagement-name"), Html::text(name)), (w.t("nav-scope"), Html::text(&x))];
        all.extend(reason.map(|r| (w.t("engagement-reason"), prose(r))));
        facts(all)
    };
    match event {
        ScopeEvent::EngagementOpened(x) => {
            (w.t("engagement-event-opened"), about(&x.name, said_scope(w, event), None))
        }
        ScopeEvent::EngagementScoped(x) => {
            let detail = about(&x.name, said_scope(w, event), Some(&x.reason));
            (w.t("engagement-event-scoped"), detail)
        }
        ScopeEvent::FirmJoined(_) => (w.t1("engagement-event-joined", "firm", firm), Html::empty()),
        ScopeEvent::EngagementMoved(x) => {
            let state = w.t(&format!("engagement-{}", x.state.as_str()));
            (w.t1("engagement-event-moved", "state", state), Html::empty())
        }
        ScopeEvent::ComponentDescribed(_)
        | ScopeEvent::SubserviceDescribed(_)
        | ScopeEvent::UserEntityControlsStated(_) => {
            (w.t("engagement-event-system"), Html::empty())
        }
    }
}

/// Type, period and categories of an event that says them, in one line.
fn said_scope(w: Words, event: &ScopeEvent) -> String {
    let (kind, days, categories) = match event {
        ScopeEvent::EngagementOpened(x) => (x.report_type, &x.period, &x.categories),
        ScopeEvent::EngagementScoped(x) => (x.report_type, &x.period, &x.categories),
        _ => return String::new(),
    };
    let categories: Vec<&str> = categories.iter().map(|c| c.name()).collect();
    format!(
        "{}; {} \u{2013} {}, {}; {}",
        report_type(w, kind),
        w.date(days.start()),
        w.date(days.end()),
        days.zone().name(),
        categories.join(", ")
    )
}

fn shell(cx: &Cx, engagement: &Engagement, title: &str) -> Shell {
    cx.shell()
        .title(cx.w.t(title))
        .at("scope")
        .crumb("/engagements", cx.w.t("engagements"))
        .crumb(format!("/engagements/{}", engagement.id), engagement.name.clone())
}

/// Nobody learns of an engagement that is not theirs; who may see it is told what they may not do.
fn allowed<A: kernel::permit::Action>(cx: &Cx, engagement: &Engagement) -> Result<(), Failure> {
    authorize::<A>(cx.actor()?, &service::facts_of(engagement))?;
    Ok(())
}

fn scope_form(cx: &Cx, shell: &Shell, engagement: &Engagement, key: &str) -> Form {
    let (w, home) = (cx.w, format!("/engagements/{}", engagement.id));
    let form = Form::post(w, format!("{home}/scope"), &shell.csrf, w.t("engagement-change-send"))
        .key(key)
        .version(engagement.version.unsigned_abs())
        .cancel(home);
    described(w, form, Some(engagement)).field(
        Field::new(w, "reason", w.t("engagement-reason"), Kind::Area(3))
            .required()
            .max(service::TEXT_MAX)
            .hint(w.t("engagement-reason-hint")),
    )
}

/// `GET /engagements/{id}/scope`
///
/// # Errors
/// When there is no such engagement in the reader's scope, they may not change it, or its report is
/// issued.
pub async fn scope_page(cx: Cx, Path(id): Path<String>) -> Answer {
    let Seen { engagement, .. } = one(&cx, &id).await?;
    allowed::<ManageEngagement>(&cx, &engagement)?;
    let shell = shell(&cx, &engagement, "engagement-change-question");
    if !matches!(engagement.state, EngagementState::Preparation | EngagementState::Fieldwork) {
        let stands = Empty::new(cx.w.t("engagement-stands"), cx.w.t("engagement-stands-next"));
        return cx.page(&Page::new(shell).part(stands));
    }
    let form = scope_form(&cx, &shell, &engagement, &cx.form_key());
    cx.page(&Page::new(shell).part(form))
}

/// `POST /engagements/{id}/scope`
///
/// # Errors
/// When the form is another session's, there is no such engagement in the reader's scope, or they may
/// not change it.
pub async fn scope_submit(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let Seen { engagement, .. } = one(&cx, &id).await?;
    allowed::<ManageEngagement>(&cx, &engagement)?;
    let shell = shell(&cx, &engagement, "engagement-change-question");
    let mut form = scope_form(&cx, &shell, &engagement, "");
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let done = match (read(&form), identity::pages::told::version_seen(&form)) {
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
            (Ok(input), Ok(version)) => {
                let (id, reason) = (engagement.id, form.typed("reason").to_owned());
                cx.write_once(&pairs, move |tx, env, actor| {
                    let facts = service::facts(tx, id)?;
                    let permit = authorize::<ManageEngagement>(actor, &facts)?;
                    service::change_scope(tx, env, &permit, version, &input, &reason)
                })
                .await
            }
        };
        match done {
            Ok(()) => {
                let done = Flash::Done(cx.w.t("engagement-changed"));
                return cx.see_other(&format!("/engagements/{}", engagement.id), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&Page::new(shell).part(form))
}

/// The firms that are registered, by name.
async fn firms(cx: &Cx) -> Result<Vec<(PartyId, String)>, Failure> {
    let mut all: Vec<(PartyId, String)> = cx
        .read(|conn, _| identity::store::parties(conn))
        .await?
        .into_iter()
        .filter(|p| p.side == Side::Firm)
        .map(|p| (p.id, p.name))
        .collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(all)
}

fn firm_form(
    cx: &Cx,
    shell: &Shell,
    engagement: &Engagement,
    firms: &[(PartyId, String)],
    key: &str,
) -> Form {
    let (w, home) = (cx.w, format!("/engagements/{}", engagement.id));
    let choices =
        firms.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
    Form::post(w, format!("{home}/firm"), &shell.csrf, w.t("engagement-join-send"))
        .key(key)
        .cancel(home)
        .field(
            Field::new(w, "firm", w.t("engagement-firm"), Kind::Select(choices))
                .required()
                .hint(w.t("engagement-join-hint")),
        )
}

/// `GET /engagements/{id}/firm`
///
/// # Errors
/// When there is no such engagement in the reader's scope, or they may not join a firm to it.
pub async fn firm_page(cx: Cx, Path(id): Path<String>) -> Answer {
    let Seen { engagement, firm, .. } = one(&cx, &id).await?;
    allowed::<JoinFirm>(&cx, &engagement)?;
    let w = cx.w;
    let shell = shell(&cx, &engagement, "engagement-join-question");
    if let Some(firm) = firm {
        let shell = shell.answer(w.t1("engagement-joined-answer", "firm", firm));
        return cx.page(&Page::new(shell).part(prose(&w.t("engagement-joined-next"))));
    }
    let firms = firms(&cx).await?;
    if firms.is_empty() {
        let none = Empty::new(w.t("engagement-no-firms"), w.t("engagement-no-firms-next"));
        return cx.page(&Page::new(shell).part(none));
    }
    let form = firm_form(&cx, &shell, &engagement, &firms, &cx.form_key());
    cx.page(&Page::new(shell).part(form))
}

/// `POST /engagements/{id}/firm`
///
/// # Errors
/// As [`firm_page`]; when the form is another session's.
pub async fn firm_submit(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let Seen { engagement, .. } = one(&cx, &id).await?;
    allowed::<JoinFirm>(&cx, &engagement)?;
    let shell = shell(&cx, &engagement, "engagement-join-question");
    let mut form = firm_form(&cx, &shell, &engagement, &firms(&cx).await?, "");
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let firm = form.typed("firm").parse::<PartyId>();
        let id = engagement.id;
        let done = match firm {
            Err(_) => {
                Err(Refusal::field("firm", "Choose a CPA firm that is registered here.").into())
            }
            Ok(firm) => {
                cx.write_once(&pairs, move |tx, env, actor| {
                    let facts = service::facts(tx, id)?;
                    let permit = authorize::<JoinFirm>(actor, &facts)?;
                    service::join_firm(tx, env, &permit, firm)
                })
                .await
            }
        };
        match done {
            Ok(()) => {
                let done = Flash::Done(cx.w.t("engagement-joined"));
                return cx.see_other(&format!("/engagements/{id}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&Page::new(shell).part(form))
}

fn stage_form(cx: &Cx, shell: &Shell, engagement: &Engagement, key: &str) -> Form {
    let action = format!("/engagements/{}/stage", engagement.id);
    Form::post(cx.w, action, &shell.csrf, cx.w.t("engagement-begin-fieldwork")).key(key)
}

fn stage(cx: &Cx, engagement: &Engagement, form: Option<Form>) -> Page {
    let w = cx.w;
    let stages = EngagementState::ALL.map(|stage| {
        let name = w.t(&format!("engagement-{}", stage.as_str()));
        let what = w.t(&format!("engagement-{}-means", stage.as_str()));
        (name, Html::text(&what))
    });
    let shell = shell(cx, engagement, "engagement-stage-question");
    let fresh = stage_form(cx, &shell, engagement, &cx.form_key());
    let page = Page::new(shell.answer(period(w, engagement)))
        .part(facts(vec![(w.t("engagement-state"), state(w, engagement).into())]))
        .part(facts(stages.to_vec()));
    if engagement.state != EngagementState::Preparation {
        return page;
    }
    if engagement.firm.is_none() {
        let alone = w.t("engagement-no-firm-next");
        return page.part(Note::new(Tone::Waiting, w.t("engagement-no-firm"), alone));
    }
    if !may::<MoveEngagement>(cx, engagement) {
        return page.part(prose(&w.t("engagement-begins-by-firm")));
    }
    page.part(form.unwrap_or(fresh))
}

/// `GET /engagements/{id}/stage`
///
/// # Errors
/// When there is no such engagement in the reader's scope.
pub async fn stage_page(cx: Cx, Path(id): Path<String>) -> Answer {
    let Seen { engagement, .. } = one(&cx, &id).await?;
    cx.page(&stage(&cx, &engagement, None))
}

/// `POST /engagements/{id}/stage`: the firm begins fieldwork.
///
/// # Errors
/// When the form is another session's, there is no such engagement in the reader's scope, they may not
/// move it, or it has begun already.
pub async fn stage_submit(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let Seen { engagement, .. } = one(&cx, &id).await?;
    allowed::<MoveEngagement>(&cx, &engagement)?;
    let id = engagement.id;
    let done = cx
        .write_once(&pairs, move |tx, env, actor| {
            let facts = service::facts(tx, id)?;
            let permit = authorize::<MoveEngagement>(actor, &facts)?;
            service::move_on(tx, env, &permit, EngagementState::Fieldwork)
        })
        .await;
    match done {
        Ok(()) => {
            let done = Flash::Done(cx.w.t("engagement-fieldwork-begun"));
            cx.see_other(&format!("/engagements/{id}"), done).await
        }
        Err(failure) => {
            let shell = shell(&cx, &engagement, "engagement-stage-question");
            let mut form = stage_form(&cx, &shell, &engagement, "");
            Cx::refuse_on(&mut form, failure)?;
            cx.page_again(&stage(&cx, &engagement, Some(form)))
        }
    }
}
