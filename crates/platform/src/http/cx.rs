//! One request: who asks, in which language, with which clock.

use super::session::{self, Session};
use super::{Answer, App, Failure, Identity, Pairs};
use crate::db::{Conn, Result, Tx};
use crate::ui::{
    CSRF_FIELD, Flash, KEY_FIELD, ListFormat, ListQuery, Shell, Table, Theme, WordList,
};
use crate::words::Words;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::env::Env;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::party::Actor;
use kernel::permit::{Action, scope};
use std::convert::Infallible;

/// One request, as a handler sees it. Extracting it never fails: who is not signed in is nobody.
#[derive(Clone)]
pub struct Cx {
    /// What a handler can reach.
    pub app: App,
    /// The reader's language.
    pub w: Words,
    /// Who is signed in or behind the token.
    pub identity: Option<Identity>,
    /// The browser session, if there is one.
    pub session: Option<Session>,
    /// The engagements that they may switch between.
    pub engagements: Vec<crate::ui::Engagement>,
    /// Path and query.
    pub uri: Uri,
    /// The request's headers.
    pub headers: HeaderMap,
}

impl FromRequestParts<App> for Cx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        // The middleware has already looked up who asks; a handler gets the same answer.
        if let Some(cx) = parts.extensions.get::<Self>() {
            return Ok(cx.clone());
        }
        let cx = Self::look_up(app, &parts.headers, &parts.uri).await;
        parts.extensions.insert(cx.clone());
        Ok(cx)
    }
}

impl Cx {
    pub(super) async fn look_up(app: &App, headers: &HeaderMap, uri: &Uri) -> Self {
        let cookie = session::cookie(headers, session::cookie_name(app)).map(str::to_owned);
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.strip_prefix("Bearer "))
            .map(str::to_owned);
        let now = app.env().now();
        let w = language(headers, uri);
        let switcher = app.extensions.get::<super::Switcher>().copied();
        let mut found = (None, None, Vec::new());
        if cookie.is_some() || bearer.is_some() {
            let identities = app.identities.clone();
            let looked = app
                .db
                .read(move |conn| {
                    if let Some(token) = bearer {
                        return Ok((identities.by_token(conn, &token, now)?, None, Vec::new()));
                    }
                    let session =
                        cookie.map(|c| session::find(conn, &c, now)).transpose()?.flatten();
                    let Some(session) = session else { return Ok((None, None, Vec::new())) };
                    let identity = identities.by_session(conn, session.person, session.party)?;
                    let engagements = match (&identity, switcher) {
                        (Some(i), Some(read)) => (read.0)(conn, w, &i.actor, session.engagement)?,
                        _ => Vec::new(),
                    };
                    Ok((identity, Some(session), engagements))
                })
                .await;
            match looked {
                Ok(looked) => found = looked,
                Err(e) => tracing::error!(error = %e, "who asks could not be looked up"),
            }
        }
        let (identity, session, engagements) = found;
        let cx = Self {
            app: app.clone(),
            w,
            engagements,
            session: session.filter(|_| identity.is_some()),
            identity,
            uri: uri.clone(),
            headers: headers.clone(),
        };
        cx.touch(now).await;
        cx
    }

    async fn touch(&self, now: kernel::time::Timestamp) {
        let Some(session) = &self.session else { return };
        if session.stale || !session.flash.is_empty() {
            let token = session.token.clone();
            if let Err(e) = self.app.db.write(move |tx| session::touch(tx, &token, now)).await {
                tracing::warn!(error = %e, "the session could not be kept");
            }
        }
    }

    /// A fresh environment: the time now, new randomness.
    #[must_use]
    pub fn env(&self) -> Env {
        self.app.env()
    }

    /// Who acts.
    ///
    /// # Errors
    /// [`Failure::SignIn`] when nobody is signed in: the page of signing in is shown, and comes back here.
    pub fn actor(&self) -> Result<&Actor, Failure> {
        self.identity.as_ref().map(|i| &i.actor).ok_or(Failure::SignIn)
    }

    /// The party for whom they act.
    ///
    /// # Errors
    /// As [`Cx::actor`].
    pub fn party(&self) -> Result<PartyId, Failure> {
        self.actor()?.party.ok_or(Failure::SignIn)
    }

    /// The person.
    ///
    /// # Errors
    /// As [`Cx::actor`].
    pub fn person(&self) -> Result<PersonId, Failure> {
        self.actor()?.person.ok_or(Failure::SignIn)
    }

    /// Lets nobody past who could not do `A` to any object: asked before a form is shown or read, so
    /// that nobody fills in what they may not send. The object itself is asked about by the command.
    ///
    /// # Errors
    /// As [`Cx::actor`] and [`kernel::permit::scope`].
    pub fn may<A: Action>(&self) -> Result<(), Failure> {
        scope::<A>(self.actor()?)?;
        Ok(())
    }

    /// Whether a button or form for `A` is of use to this person here: on the pages of an engagement whose
    /// file is locked, nothing is offered that the lock forbids.
    #[must_use]
    pub fn can<A: Action>(&self) -> bool {
        let closed = || self.shown().is_some_and(|e| e.locked);
        self.may::<A>().is_ok() && (A::RULE.when_locked || !closed())
    }

    /// The engagement that the address of this page names, if it is one of those that they may enter.
    fn shown(&self) -> Option<&crate::ui::Engagement> {
        let mut named = self.uri.path().split('/').filter(|part| part.starts_with("eng_"));
        let id = named.next()?;
        self.engagements.iter().find(|e| e.href.rsplit('/').next() == Some(id))
    }

    /// Whether the rail leads this person into a room, named as there. Asked by a room before it links into
    /// one that stands above it and whose permits it cannot name.
    #[must_use]
    pub fn enters(&self, room: &str) -> bool {
        let actor = self.identity.as_ref().map(|i| &i.actor);
        (self.app.nav)(self.w, actor).iter().any(|item| item.id == room)
    }

    /// The engagement chosen in the switcher, if one was.
    #[must_use]
    pub fn engagement(&self) -> Option<EngagementId> {
        self.session.as_ref().and_then(|s| s.engagement)
    }

    /// Reads as the person who is signed in.
    ///
    /// # Errors
    /// As [`Cx::actor`], or whatever the closure returns.
    pub async fn read<T, F>(&self, f: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn<'_>, &Actor) -> Result<T> + Send + 'static,
    {
        let actor = self.actor()?.clone();
        Ok(self.app.db.read(move |conn| f(conn, &actor)).await?)
    }

    /// Runs a command as the person who is signed in. Answers after it is durable.
    ///
    /// # Errors
    /// As [`Cx::actor`], or whatever the closure returns.
    pub async fn write<T, F>(&self, mut f: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>, &mut Env, &Actor) -> Result<T> + Send + 'static,
    {
        let actor = self.actor()?.clone();
        let mut env = self.env();
        Ok(self.app.db.write(move |tx| f(tx, &mut env, &actor)).await?)
    }

    /// Runs the command of a form once: the same form sent again (a double click, a reload) gives the
    /// first answer again, and the same key with other content is refused.
    ///
    /// `pairs` are what was sent; its `key` field is the idempotency key. Without one the command
    /// simply runs.
    ///
    /// # Errors
    /// As [`Cx::write`]; [`kernel::refusal::Refusal::KeyReused`].
    pub async fn write_once<T, F>(&self, pairs: &Pairs, mut f: F) -> Result<T, Failure>
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
        F: FnMut(&mut Tx<'_>, &mut Env, &Actor) -> Result<T> + Send + 'static,
    {
        let key = pairs.get(KEY_FIELD).filter(|k| !k.is_empty()).map(str::to_owned);
        let said: Vec<_> = pairs.0.iter().filter(|(name, _)| name != CSRF_FIELD).collect();
        let input = serde_json::to_vec(&(self.uri.path(), said))
            .map_err(|e| Failure::Fault(format!("a form that cannot be digested: {e}")))?;
        self.write(move |tx, env, actor| {
            crate::journal::once(tx, env, &actor.name(), key.as_deref(), &input, |tx, env| {
                f(tx, env, actor)
            })
        })
        .await
    }

    /// What the address asks of a list: sorting, filters, place.
    #[must_use]
    pub fn list_query(&self) -> ListQuery {
        ListQuery::parse(self.uri.path(), self.uri.query().unwrap_or_default())
    }

    /// The value of a parameter of the address.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<String> {
        self.list_query().get(name).map(str::to_owned)
    }

    /// The frame around a page, with all that the shell knows.
    #[must_use]
    pub fn shell(&self) -> Shell {
        let side = self.identity.as_ref().map_or(kernel::party::Side::Public, |i| i.actor.side);
        let mut shell = Shell::new(self.w, side);
        shell.nav = (self.app.nav)(self.w, self.identity.as_ref().map(|i| &i.actor));
        shell.person = self.identity.as_ref().map(|i| crate::ui::Person {
            name: i.name.clone(),
            role: i.role.clone(),
            party: i.party.clone(),
        });
        shell.path = self.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        shell.theme =
            session::cookie(&self.headers, Theme::COOKIE).map_or(Theme::System, Theme::parse);
        shell.engagements.clone_from(&self.engagements);
        if let Some(shown) = self.shown().map(|e| e.href.clone()) {
            for engagement in &mut shell.engagements {
                engagement.current = engagement.href == shown;
            }
        }
        shell.demonstration = self.app.demonstration;
        if let Some(session) = &self.session {
            shell.csrf.clone_from(&session.csrf);
            shell.flash.clone_from(&session.flash);
        }
        shell
    }

    /// This page in every language, for a page that its address alone makes.
    #[must_use]
    pub fn languages(&self) -> Vec<crate::ui::Language> {
        let query = self.list_query();
        Words::all()
            .map(|words| crate::ui::Language { words, href: query.href_with("lang", words.tag()) })
            .collect()
    }

    /// After a command: go to a page (303) that first says what has happened.
    ///
    /// # Errors
    /// When the session cannot be written.
    pub async fn see_other(&self, to: &str, flash: Flash) -> Answer {
        if let Some(session) = &self.session {
            let token = session.token.clone();
            self.app.db.write(move |tx| session::say(tx, &token, &flash)).await?;
        }
        Ok(Redirect::to(to).into_response())
    }

    /// The list as a file, `name.csv` or `name.xlsx`, where the address asks for one (`format=csv`,
    /// `format=xlsx`): exactly what the page shows, with nothing that a spreadsheet runs.
    #[must_use]
    pub fn file(&self, name: &str, table: &Table) -> Option<Answer> {
        let format = ListFormat::parse(self.list_query().get("format")?)?;
        Some(self.list_file(name, table.words(), format))
    }

    /// A list as a file.
    ///
    /// # Errors
    /// When a workbook does not hold so many rows.
    pub fn list_file(&self, name: &str, list: WordList, format: ListFormat) -> Answer {
        let created = jiff::tz::TimeZone::UTC.to_datetime(self.env().now().to_jiff());
        let bytes = list
            .bytes(format, created)
            .map_err(|e| kernel::refusal::Refusal::state(format!("No file was made: {e}.")))?;
        let (kind, ending) = format.kind();
        let headers = [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ];
        Ok((headers, bytes).into_response())
    }

    /// Renders a template as a page.
    ///
    /// # Errors
    /// When the template fails (a fault of the code).
    pub fn page(&self, template: &impl askama::Template) -> Answer {
        page(axum::http::StatusCode::OK, template)
    }

    /// The same page again with what was typed and what is wrong with it (422).
    ///
    /// # Errors
    /// As [`Cx::page`].
    pub fn page_again(&self, template: &impl askama::Template) -> Answer {
        page(axum::http::StatusCode::UNPROCESSABLE_ENTITY, template)
    }

    /// A fresh key for a form, so that sending it twice does it once.
    #[must_use]
    pub fn form_key(&self) -> String {
        hex::encode(self.env().bytes::<16>())
    }

    /// What a refusal says on a form: beside its field where it names one, else above the form. Any
    /// other failure is passed on.
    ///
    /// # Errors
    /// The failure, when it is not a refusal that the person can mend on this form.
    pub fn refuse_on(form: &mut crate::ui::Form, failure: Failure) -> Result<(), Failure> {
        use kernel::refusal::Refusal;
        match failure {
            Failure::Refused(Refusal::Input { field, message }) => {
                form.error(field.unwrap_or(""), message)
            }
            Failure::Refused(
                other @ (Refusal::Stale { .. } | Refusal::State(_) | Refusal::KeyReused),
            ) => {
                form.error("", other.to_string());
            }
            other => return Err(other),
        }
        Ok(())
    }

    /// Whether the asker wants JSON: an endpoint under `/api/`, or a request that accepts nothing else.
    #[must_use]
    pub fn wants_json(&self) -> bool {
        wants_json(&self.uri, &self.headers)
    }
}

pub(super) fn wants_json(uri: &Uri, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    uri.path().starts_with("/api/") || (accept.contains("json") && !accept.contains("text/html"))
}

pub(super) fn page(status: axum::http::StatusCode, template: &impl askama::Template) -> Answer {
    let html = template.render().map_err(|e| Failure::Fault(format!("a template: {e}")))?;
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    let response: Response = (status, headers, html).into_response();
    Ok(response)
}

/// The language: what the address asks for (`?lang=de`), else what the reader chose before, else what
/// the browser prefers.
fn language(headers: &HeaderMap, uri: &Uri) -> Words {
    let asked = ListQuery::parse(uri.path(), uri.query().unwrap_or_default());
    asked
        .get("lang")
        .and_then(Words::of)
        .or_else(|| session::cookie(headers, "lang").and_then(Words::of))
        .unwrap_or_else(|| {
            let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
            Words::negotiate(header.unwrap_or_default())
        })
}
