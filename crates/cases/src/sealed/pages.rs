//! The sealed part of a case on its page: opening, files, readers, hold, destruction.

use super::model::{Contents, FileDetails, FileRole, SealedFile, SealedState};
use super::permits::{DestroySealed, HoldSealed, OpenSealed, RestrictSealed};
use super::rules::open_file;
use super::{service, store};
use crate::model::{Case, CaseId, Message};
use crate::pages::record::{self, Filled};
use crate::rules::files::FILE_BYTES_MAX;
use crate::store::kept_out;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use jiff::tz::TimeZone;
use kernel::ids::PersonId;
use kernel::party::Actor;
use kernel::permit::{Action, Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Conn, Error, Result};
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Field, Flash, Form, Html, Kind, Note, Page, Tone, facts, fold, prose, stack,
};
use platform::words::Words;

/// What can be done with the sealed part of a case, each by a form that gives a reason.
const FORMS: [&str; 4] = ["restrict", "hold", "release", "destroy"];

/// What a reader may see of the sealed part of a case.
pub(crate) struct Panel {
    case: Case,
    state: SealedState,
    files: usize,
    /// Open for this reader, for a time.
    contents: Option<Contents>,
    openings: Vec<(Timestamp, String)>,
    readers: Vec<String>,
    people: Vec<(PersonId, String)>,
    kept: service::Retention,
    opens: bool,
    restricts: bool,
    holds: bool,
    destroys: bool,
}

fn may<A: Action>(actor: &Actor, case: &Case) -> bool {
    authorize::<A>(actor, &Facts::of(case.organisation)).is_ok()
}

impl Panel {
    /// The sealed part of a case; none where nothing of it is or was sealed.
    pub(crate) fn read(
        conn: &mut Conn<'_>,
        actor: &Actor,
        case: &Case,
        now: Timestamp,
    ) -> Result<Option<Self>> {
        let files = store::files(conn, case.id)?.len();
        let state = store::state(conn, case.id)?;
        if !service::is_sealed(case) && files == 0 && state == SealedState::default() {
            return Ok(None);
        }
        let permit = authorize::<OpenSealed>(actor, &Facts::of(case.organisation)).ok();
        let contents = match &permit {
            None => None,
            Some(permit) => match service::opened(conn, permit, case.id, now) {
                Ok(opened) => opened.map(|(_, contents)| contents),
                // The reader's copy of the key is gone.
                Err(Error::Refused(_)) => None,
                Err(other) => return Err(other),
            },
        };
        let mut panel = Self {
            files,
            contents,
            openings: Vec::new(),
            readers: Vec::new(),
            people: Vec::new(),
            kept: service::retention(conn, case)?,
            opens: permit.is_some(),
            restricts: may::<RestrictSealed>(actor, case),
            holds: may::<HoldSealed>(actor, case),
            destroys: may::<DestroySealed>(actor, case),
            case: case.clone(),
            state,
        };
        if panel.opens {
            for (at, person) in store::openings(conn, case.id)? {
                panel.openings.push((at, identity::store::name_of(conn, person)?));
            }
            for person in panel.state.readers.clone().unwrap_or_default() {
                panel.readers.push(identity::store::name_of(conn, person)?);
            }
        }
        if panel.restricts {
            for member in identity::store::people_of(conn, case.organisation)? {
                let roles = kernel::party::Role::ALL
                    .iter()
                    .filter(|r| OpenSealed::RULE.organisation.contains(r))
                    .any(|r| member.membership.roles.any(&[*r]));
                if roles && !kept_out(conn, case.id, member.profile.id)? {
                    panel.people.push((member.profile.id, member.profile.name));
                }
            }
        }
        Ok(Some(panel))
    }

    /// The text of a message: the open one, or the sealed one where it was opened.
    pub(crate) fn message<'m>(&'m self, message: &'m Message) -> &'m str {
        let hidden = self.contents.as_ref().and_then(|c| c.messages.get(&message.version));
        hidden.map_or(&message.text, String::as_str)
    }

    /// Adds the sealed part to the case's page.
    pub(crate) fn section(
        &self,
        w: Words,
        page: Page,
        (csrf, key): (&str, &str),
        filled: &mut Option<Filled>,
    ) -> Page {
        let mut page = page.heading(&w.t("sealed-title"));
        let here = format!("/cases/{}/seal", self.case.id);
        if self.state.destroyed.is_some() {
            page = page.part(Note::new(
                Tone::Closed,
                w.t("sealed-destroyed"),
                w.t("sealed-destroyed-text"),
            ));
            return page
                .part(Button::link(format!("{here}/certificate"), w.t("sealed-certificate")));
        }
        page = match &self.contents {
            Some(contents) => self.opened(w, page, contents),
            None if self.opens => {
                let hint = if self.readers.is_empty() { "sealed-open-hint" } else { "sealed-few" };
                page.part(prose(&w.t(hint))).part(Button::post(
                    format!("{here}/open"),
                    csrf,
                    w.t("sealed-open"),
                ))
            }
            None => page.part(prose(&w.t1("sealed-closed", "count", self.files))),
        };
        self.standing(w, page, (csrf, key), filled)
    }

    fn opened(&self, w: Words, page: Page, contents: &Contents) -> Page {
        let mut page = page;
        if let Some(report) = &contents.report {
            page = page
                .part(facts(vec![
                    (w.t("sealed-report-title"), Html::text(&report.title)),
                    (w.t("cases-contact"), report.contact.as_deref().unwrap_or_default().into()),
                    (w.t("sealed-about"), Html::text(&report.about_people)),
                ]))
                .part(prose(&report.description));
        }
        if !contents.notes.is_empty() {
            let notes = contents.notes.values().map(|n| prose(n));
            page = page.part(fold(&w.t("sealed-notes"), true, stack(notes)));
        }
        if !contents.files.is_empty() {
            let lines = contents.files.iter().map(|(file, details)| self.line(w, file, details));
            page = page.part(fold(&w.t("sealed-files"), true, stack(lines)));
        }
        page
    }

    fn line(&self, w: Words, file: &SealedFile, details: &FileDetails) -> Html {
        let role = match details.role {
            FileRole::Original => "sealed-file-original",
            FileRole::Stripped => "sealed-file-stripped",
            FileRole::Unstripped => "sealed-file-unstripped",
        };
        let href = format!("/cases/{}/seal/files/{}", self.case.id, file.version);
        Html::link(&href, details.name.clone())
            .and(format!(" · {} · {} · ", file.media_type, w.size(details.bytes)))
            .and(w.t(role))
    }

    /// Who opened it, who may, what holds it, and how it ends.
    fn standing(
        &self,
        w: Words,
        page: Page,
        (csrf, key): (&str, &str),
        filled: &mut Option<Filled>,
    ) -> Page {
        let zone = TimeZone::UTC;
        let mut page = page;
        if let Some((at, why)) = &self.state.held {
            let text = prose(why).and(w.moment(*at, &zone));
            page = page.part(Note::new(Tone::Attention, w.t("sealed-held"), text));
        }
        if !self.readers.is_empty() {
            let names = self.readers.join(", ");
            page = page.part(prose(&w.t1("sealed-readers-are", "names", names)));
        }
        if !self.openings.is_empty() {
            let lines = self
                .openings
                .iter()
                .map(|(at, who)| Html::from(format!("{who} · {}", w.moment(*at, &zone))));
            page = page.part(fold(&w.t("sealed-openings"), false, stack(lines)));
        }
        for what in FORMS {
            let again = filled.take_if(|f| f.at == format!("seal/{what}"));
            let open = again.is_some();
            if let Some(form) = again.map(|f| f.form).or_else(|| self.form(w, what, csrf, key)) {
                page = page.part(fold(&w.t(&format!("sealed-{what}")), open, form));
            }
        }
        page
    }

    /// The form for one of [`FORMS`]; none where this reader may not or it makes no sense now.
    fn form(&self, w: Words, what: &str, csrf: &str, key: &str) -> Option<Form> {
        let action = format!("/cases/{}/seal/{what}", self.case.id);
        let form = Form::post(w, action, csrf, w.t(&format!("sealed-{what}-send")));
        let form = form.key(key).apart(what);
        let held = self.state.held.is_some();
        let form = match what {
            "restrict" if self.restricts => {
                let people = self.people.iter();
                let people = people.map(|(id, name)| Choice::new(id.to_string(), name)).collect();
                let readers = Field::new(w, "readers", w.t("sealed-readers"), Kind::Boxes(people));
                form.field(readers.required())
            }
            "hold" if self.holds && !held => form,
            "release" if self.holds && held => form,
            "destroy" if self.destroys => {
                let days = self.kept.days;
                let until = w.moment(service::kept_until(&self.case, days)?, &TimeZone::UTC);
                let said = w.t2("sealed-until", "days", days, "when", until);
                let set_by = match self.kept.policy {
                    Some(number) => w.t1("sealed-set-by", "number", number),
                    None => w.t("sealed-set-by-none"),
                };
                form.say(prose(&format!("{said} {set_by}"))).grave()
            }
            _ => return None,
        };
        let reason = Field::new(w, "reason", w.t("sealed-reason"), Kind::Area(2));
        Some(form.field(reason.required().max(crate::service::TEXT_MAX)))
    }
}

async fn one<A: Action>(cx: &Cx, id: &str) -> std::result::Result<Case, Failure> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    cx.may::<A>()?;
    cx.read(move |conn, actor| {
        let organisation = actor.party.ok_or(Refusal::NotFound)?;
        let case = crate::store::case(conn, organisation, id)?.ok_or(Refusal::NotFound)?;
        let person = actor.person.ok_or(Refusal::NotFound)?;
        if kept_out(conn, id, person)? {
            return Err(Refusal::NotFound.into());
        }
        Ok(case)
    })
    .await
}

/// `POST /cases/{id}/seal/{action}`: `open`, `restrict`, `hold`, `release` or `destroy`.
///
/// # Errors
/// When the form is another session's, there is no such case, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let case = match &*action {
        "open" => one::<OpenSealed>(&cx, &id).await?,
        "restrict" => one::<RestrictSealed>(&cx, &id).await?,
        "hold" | "release" => one::<HoldSealed>(&cx, &id).await?,
        "destroy" => one::<DestroySealed>(&cx, &id).await?,
        _ => return Err(Refusal::NotFound.into()),
    };
    let to = format!("/cases/{}", case.id);
    let done = Flash::Done(cx.w.t(&format!("sealed-{action}-done")));
    let seen = record::seen(&cx, &id).await?;
    let csrf = cx.shell().csrf;
    let panel = seen.seal.as_ref();
    let Some(mut form) = panel.and_then(|p| p.form(cx.w, &action, &csrf, &cx.form_key())) else {
        // A button without fields, or something that makes no sense any more.
        return match carry_out(&cx, case, action, &pairs).await {
            Ok(()) => cx.see_other(&to, done).await,
            Err(Failure::Refused(
                refusal @ (Refusal::Input { .. } | Refusal::State(_) | Refusal::KeyReused),
            )) => cx.see_other(&to, Flash::Problem(refusal.to_string())).await,
            Err(other) => Err(other),
        };
    };
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, case, action.clone(), &pairs).await {
            Ok(()) => return cx.see_other(&to, done).await,
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let filled = Filled { at: format!("seal/{action}"), form };
    cx.page_again(&record::page(&cx, &seen, Some(filled))?)
}

async fn carry_out(
    cx: &Cx,
    case: Case,
    action: String,
    pairs: &Pairs,
) -> std::result::Result<(), Failure> {
    let reason = pairs.get("reason").unwrap_or_default().to_owned();
    let readers: Vec<PersonId> = pairs
        .0
        .iter()
        .filter(|(name, _)| name == "readers")
        .filter_map(|(_, value)| value.parse().ok())
        .collect();
    cx.write_once(pairs, move |tx, env, actor| {
        let facts = Facts::of(case.organisation);
        match &*action {
            "open" => service::open(tx, env, &authorize(actor, &facts)?, case.id),
            "restrict" => {
                service::restrict(tx, env, &authorize(actor, &facts)?, &case, &readers, &reason)
            }
            "hold" => service::hold(tx, env, &authorize(actor, &facts)?, case.id, &reason),
            "release" => service::release(tx, env, &authorize(actor, &facts)?, case.id, &reason),
            _ => {
                let permit = authorize::<DestroySealed>(actor, &facts)?;
                // As it stands now, not as the form was shown.
                let case =
                    crate::store::case(tx, case.organisation, case.id)?.ok_or(Refusal::NotFound)?;
                service::destroy(tx, env, &permit, &case, &reason)
            }
        }
    })
    .await
}

/// `GET /cases/{id}/seal/certificate`: the certificate of destruction.
///
/// # Errors
/// When there is no such case in the reader's scope, or nothing was destroyed.
pub async fn certificate(cx: Cx, Path(id): Path<String>) -> Answer {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (chosen, journal) = (cx.engagement(), cx.app.journal.clone());
    let (number, text) = cx
        .read(move |conn, actor| {
            let organisation = crate::pages::owner_seen(conn, actor, chosen)?;
            let case = crate::store::case(conn, organisation, id)?.ok_or(Refusal::NotFound)?;
            if let Some(person) = actor.person
                && kept_out(conn, id, person)?
            {
                return Err(Refusal::NotFound.into());
            }
            let text = service::certificate(conn, &journal, &case)?;
            Ok((case.tracking_number, text))
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"deletion-certificate-{number}.txt\""),
        ),
    ];
    Ok((headers, text).into_response())
}

/// `GET /cases/{id}/seal/files/{version}`: a file, for somebody who has opened the case.
///
/// # Errors
/// When there is no such file, or the reader has not opened the case.
pub async fn file(cx: Cx, Path((id, version)): Path<(String, i64)>) -> Answer {
    let case = one::<OpenSealed>(&cx, &id).await?;
    let now = cx.env().now();
    let (sealed, name, key) = cx
        .read(move |conn, actor| {
            let permit = authorize::<OpenSealed>(actor, &Facts::of(case.organisation))?;
            let (key, contents) =
                service::opened(conn, &permit, case.id, now)?.ok_or(Refusal::NotFound)?;
            let (file, details) = contents
                .files
                .into_iter()
                .find(|(f, _)| f.version == version)
                .ok_or(Refusal::NotFound)?;
            let key = service::file_key(&file, &key)?;
            Ok((file.sha256, details.name, key))
        })
        .await?;
    let blobs = cx.app.blobs.clone();
    let bytes = cx
        .app
        .blocking(move || {
            let sealed = blobs.read(&sealed, FILE_BYTES_MAX * 2).map_err(|e| e.to_string())?;
            open_file(&key, &sealed).ok_or_else(|| "a sealed file does not open".to_owned())
        })
        .await?
        .map_err(Failure::Fault)?;
    let ascii: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' })
        .collect();
    // Never shown inside our own pages: what somebody sent runs nothing here.
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{ascii}\"")),
    ];
    Ok((headers, bytes).into_response())
}
