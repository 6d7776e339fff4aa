//! Endpoints: reports, the register, the figures.

use crate::door;
use crate::figures;
use crate::model::{Case, CaseId, CaseKind, Message, Privacy};
use crate::pages::{owner_seen, register};
use crate::rules::analysis::{AnalysisOptions, Percentile};
use crate::rules::flood;
use crate::service::gate::{Gate, Work};
use crate::service::{self, Filed, ReportInput, Reporter};
use crate::store;
use axum::Json;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use kernel::ids::{EngagementId, PartyId};
use kernel::party::Side;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::Tx;
use platform::http::{Answer, App, Cx, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};

/// Rows of one page, unless asked otherwise.
const PAGE_ROWS: i64 = 100;
/// The most rows of one page.
const PAGE_ROWS_MAX: i64 = 1_000;

/// A report.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportIn {
    /// The channel by which it came, such as `portal` or `hotline`; at most 40 characters.
    pub channel: String,
    /// `failure`, `incident`, `concern` or `complaint`.
    #[schema(value_type = String)]
    pub kind: CaseKind,
    /// In a few words; at most 200 characters.
    pub title: String,
    /// In full; at most 20,000 characters.
    pub description: String,
    /// When it happened: RFC 3339 with an offset.
    pub occurred_at: Option<String>,
    /// How to reach the reporter; at most 200 characters.
    pub contact: Option<String>,
    /// `open`, `confidential` (what was written is sealed for those who may open it) or `anonymous`
    /// (sealed, without contact, its time kept to the hour); `open` if left out.
    pub privacy: Option<String>,
    /// Whom it concerns, by name or address: they are kept out of the case; at most 500 characters.
    pub about_people: Option<String>,
    /// The reporter's language, `en`.
    pub language: Option<String>,
    /// To whom, `pty_…`; needed only where several organisations receive reports.
    pub organisation: Option<String>,
    /// The `challenge` of `GET /api/v1/reports/challenge`, where it gave one.
    pub challenge: Option<String>,
    /// Its answer: a whole number in decimal digits.
    pub work: Option<String>,
}

/// What the door asks of a caller before a report, so that it is not held in a flood.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChallengeOut {
    /// Give it back with the report; null while the channel is calm: then nothing is asked for.
    pub challenge: Option<String>,
    /// Find the least whole number `n`, from 0, for which SHA-256 of the text `challenge~n` begins with so
    /// many zero bits.
    pub bits: u32,
    /// For how many seconds it may be answered. Each serves one report.
    pub valid_seconds: i64,
}

/// `GET /api/v1/reports/challenge`: needs no account.
///
/// # Errors
/// 404 for an unknown organisation, 422 where several receive reports and none is named.
#[utoipa::path(get, path = "/api/v1/reports/challenge", tag = "cases",
    params(("channel" = Option<String>, Query, description = "The channel of the report; `portal` if left out"),
           ("organisation" = Option<String>, Query, description = "To whom, `pty_…`; needed only where several organisations receive reports")),
    responses((status = 200, body = ChallengeOut), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn challenge(cx: Cx) -> Answer {
    let named = cx.param("organisation");
    let party = cx.app.db.read(move |conn| door::organisation(conn, named.as_deref())).await?;
    let channel = cx.param("channel").unwrap_or_else(|| "portal".to_owned());
    let gate = cx.app.extensions.get::<Gate>();
    let challenge = gate.and_then(|gate| gate.asks(party.id, &channel, cx.env().now()));
    let out = ChallengeOut {
        bits: challenge.as_deref().map_or(0, flood::bits_asked),
        challenge,
        valid_seconds: flood::VALID_US / 1_000_000,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(out)).into_response())
}

/// What a reporter takes away.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportOut {
    /// The public number.
    pub tracking_number: String,
    /// The secret way back. It is told once and cannot be recovered.
    pub return_code: String,
    /// The signed receipt, which verifies offline with the log's public key.
    pub receipt: String,
    /// Whether it is held until a person has looked, because many reports came in at once.
    pub held: bool,
}

/// Who reports, by the word for it and the contact that came with it.
///
/// # Errors
/// [`Refusal::Input`] for another word, and for an anonymous report with a contact: it is not recorded,
/// and whoever sent it should know.
pub(crate) fn reporter(privacy: &str, contact: Option<String>) -> Result<Reporter, Refusal> {
    let contact = contact.filter(|c| !c.trim().is_empty());
    match Privacy::from_word(privacy) {
        Some(Privacy::Open) => Ok(Reporter::Open { contact }),
        Some(Privacy::Confidential) => Ok(Reporter::Confidential { contact }),
        Some(Privacy::Anonymous) if contact.is_none() => Ok(Reporter::Anonymous),
        Some(Privacy::Anonymous) => Err(Refusal::field(
            "contact",
            "An anonymous report keeps nothing about you. Empty this field, or choose to be known.",
        )),
        None => Err(Refusal::field("privacy", "This is one of: open, confidential, anonymous.")),
    }
}

impl ReportIn {
    fn input(self, language: &str) -> Result<(ReportInput, Option<String>), Refusal> {
        let occurred_at = self
            .occurred_at
            .map(|t| Timestamp::parse(&t))
            .transpose()
            .map_err(|e| Refusal::field("occurred_at", format!("{e}.")))?;
        let input = ReportInput {
            channel: self.channel,
            kind: self.kind,
            title: self.title,
            description: self.description,
            occurred_at,
            reporter: reporter(self.privacy.as_deref().unwrap_or("open"), self.contact)?,
            about_people: self.about_people.unwrap_or_default(),
            parcel: None,
            language: self.language.unwrap_or_else(|| language.to_owned()),
        };
        Ok((input, self.organisation))
    }
}

fn idempotency_key(cx: &Cx) -> Result<Option<String>, Refusal> {
    let Some(value) = cx.headers.get("idempotency-key") else { return Ok(None) };
    let text = value
        .to_str()
        .map_err(|_| Refusal::input("The Idempotency-Key holds characters that are not ASCII."))?;
    Ok(Some(text.to_owned()))
}

/// `POST /api/v1/reports`: needs no account. The answer comes after the report is durable.
///
/// Whoever sends it is recorded as the public, also with a token.
///
/// # Errors
/// 404 for an unknown organisation, 422 for input that is not acceptable or a key that was used for
/// another report.
#[utoipa::path(post, path = "/api/v1/reports", tag = "cases", request_body = ReportIn,
    params(("Idempotency-Key" = Option<String>, Header, description = "A random text of at most 200 bytes; the same key with the same body gives the first answer again")),
    responses((status = 201, body = ReportOut), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn report(cx: Cx, body: JsonBody<ReportIn>) -> Answer {
    let key = idempotency_key(&cx)?;
    let mut sent = body.value;
    let (challenge, number) = (sent.challenge.take(), sent.work.take());
    let (input, named) = sent.input(cx.w.tag())?;
    let (request, mut env) = (body.bytes, cx.env());
    let gate = cx.app.extensions.get::<Gate>().cloned();
    let (filed, receipt) = file_with_receipt(&cx.app, move |tx| {
        let party = door::organisation(tx, named.as_deref())?;
        let work = Work {
            challenge: challenge.as_deref().unwrap_or_default(),
            number: number.as_deref().unwrap_or_default(),
        };
        let held =
            gate.as_ref().is_some_and(|gate| gate.holds(party.id, &input.channel, env.now(), work));
        let filed = door::file(tx, &mut env, party.id, key.as_deref(), &request, (&input, held))?;
        Ok((filed, party.id))
    })
    .await?;
    let out = ReportOut {
        tracking_number: filed.tracking_number,
        return_code: filed.return_code,
        receipt,
        held: filed.held,
    };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(out)).into_response())
}

/// Files a report by the command given, and makes the receipt that the reporter takes away, where it can
/// be, while the disk keeps the report.
///
/// # Errors
/// Whatever the command returns, or when the database refuses.
pub(crate) async fn file_with_receipt<F>(
    app: &App,
    mut command: F,
) -> Result<(Filed, String), Failure>
where
    F: FnMut(&mut Tx<'_>) -> platform::db::Result<(Filed, PartyId)> + Send + 'static,
{
    let journal = app.journal.clone();
    let filing = move |tx: &mut Tx<'_>| Ok((command(tx)?, tx.appended().cloned()));
    let (filed, organisation, receipt) = app
        .db
        .write_preparing(filing, |((filed, organisation), appended), trees| {
            let made = service::receipt_at_once(&journal, &filed, (appended.as_ref(), trees))?;
            Ok((filed, organisation, made))
        })
        .await?;
    if let Some(receipt) = receipt {
        return Ok((filed, receipt));
    }
    let (journal, id) = (app.journal.clone(), filed.id);
    let receipt = app
        .db
        .read(move |conn| {
            let case = store::case(conn, organisation, id)?.ok_or(Refusal::NotFound)?;
            service::receipt(conn, &journal, &case)
        })
        .await?;
    Ok((filed, receipt))
}

/// Something said to or by the reporter.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MessageOut {
    /// RFC 3339.
    pub at: String,
    /// Whether the reporter said it.
    pub from_reporter: bool,
    /// What.
    pub text: String,
}

impl From<Message> for MessageOut {
    fn from(message: Message) -> Self {
        Self {
            at: message.at.to_rfc3339(),
            from_reporter: message.from_reporter,
            text: message.text,
        }
    }
}

/// A case. Times are RFC 3339 in UTC.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CaseOut {
    /// `cas_…`.
    pub id: String,
    /// The public number.
    pub tracking_number: String,
    /// By which channel it came.
    pub channel: String,
    /// `failure`, `incident`, `concern` or `complaint`.
    pub kind: String,
    /// In a few words.
    pub title: String,
    /// In full; only where one case is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `critical`, `high`, `moderate`, `low`, or null while undecided.
    pub severity: Option<String>,
    /// Where it stands.
    pub state: String,
    /// When it was reported.
    pub reported_at: String,
    /// When it happened, if the reporter said so.
    pub occurred_at: Option<String>,
    /// When a person first confirmed it.
    pub acknowledged_at: Option<String>,
    /// When the work was done.
    pub resolved_at: Option<String>,
    /// When it was concluded.
    pub closed_at: Option<String>,
    /// Who answers for it, `per_…`.
    pub owner: Option<String>,
    /// How to reach the reporter; only for the organisation, only where one case is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The reporter's language.
    pub language: String,
    /// `open`, `confidential` or `anonymous`. Where it is not open, title and description are neutral.
    #[schema(value_type = String)]
    pub privacy: Privacy,
    /// `filed` or `imported`.
    #[schema(value_type = String)]
    pub intake: crate::model::Intake,
    /// The version of the record.
    pub version: i64,
    /// What was said to and by the reporter, oldest first; only where one case is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<MessageOut>>,
}

impl From<Case> for CaseOut {
    fn from(case: Case) -> Self {
        let at = |time: Option<Timestamp>| time.map(Timestamp::to_rfc3339);
        Self {
            id: case.id.to_string(),
            tracking_number: case.tracking_number,
            channel: case.channel,
            kind: case.kind.word().to_owned(),
            title: case.title,
            description: None,
            severity: case.severity.map(|s| s.word().to_owned()),
            state: case.state.word().to_owned(),
            reported_at: case.reported_at.to_rfc3339(),
            occurred_at: at(case.occurred_at),
            acknowledged_at: at(case.acknowledged_at),
            resolved_at: at(case.resolved_at),
            closed_at: at(case.closed_at),
            owner: case.owner.map(|p| p.to_string()),
            contact: None,
            language: case.language,
            privacy: case.privacy,
            intake: case.intake,
            version: case.version,
            messages: None,
        }
    }
}

/// A page of the register.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Cases {
    /// Newest report first.
    pub cases: Vec<CaseOut>,
    /// Give it as `after` to get the next ones; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The engagement through which a firm reads: named in the address, else the session's.
pub(crate) fn engagement(cx: &Cx) -> Result<Option<EngagementId>, Refusal> {
    match cx.param("engagement") {
        None => Ok(cx.engagement()),
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|_| Refusal::field("engagement", "This is not the id of an engagement.")),
    }
}

/// `GET /api/v1/cases` (scope `cases:read`)
///
/// # Errors
/// 401 without session or token, 403 without role or scope, 422 for a filter that is none.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases",
    params(("state" = Option<String>, Query, description = "Only in this state"),
           ("severity" = Option<String>, Query, description = "Only of this severity"),
           ("kind" = Option<String>, Query, description = "Only of this kind"),
           ("channel" = Option<String>, Query, description = "Only by this channel"),
           ("open" = Option<String>, Query, description = "`yes`: only those not concluded; `no`: only concluded ones"),
           ("owner" = Option<String>, Query, description = "`nobody`, `me` or the id of a person"),
           ("overdue" = Option<String>, Query, description = "`yes`: only those with a promise whose time is over"),
           ("tag" = Option<String>, Query, description = "Only with this tag"),
           ("from" = Option<String>, Query, description = "Only reported on this day (UTC) or later"),
           ("to" = Option<String>, Query, description = "Only reported on this day (UTC) or earlier"),
           ("q" = Option<String>, Query, description = "Only the case with this tracking number, or else those with all these words in title or text"),
           ("engagement" = Option<String>, Query, description = "For a firm: through which engagement"),
           ("after" = Option<String>, Query, description = "The `next` of the page before"),
           ("limit" = Option<u32>, Query, description = "At most so many, 1 to 1000")),
    responses((status = 200, body = Cases), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn list(cx: Cx) -> Answer {
    let limit = match cx.param("limit") {
        None => PAGE_ROWS,
        Some(text) => text
            .parse::<i64>()
            .ok()
            .filter(|n| (1..=PAGE_ROWS_MAX).contains(n))
            .ok_or_else(|| Refusal::field("limit", "The limit is a number from 1 to 1000."))?,
    };
    let mut wanted =
        register::filter(&cx.list_query(), limit + 1, cx.person().ok(), cx.env().now())?;
    let chosen = engagement(&cx)?;
    let mut cases = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            wanted.reader = actor.person;
            store::cases(conn, owner, &wanted)
        })
        .await?;
    let rows = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = cases.len() > rows;
    cases.truncate(rows);
    let next = cases.last().filter(|_| more).map(register::key_after);
    Ok(Json(Cases { cases: cases.into_iter().map(Into::into).collect(), next }).into_response())
}

/// `GET /api/v1/cases/{id}` (scope `cases:read`)
///
/// # Errors
/// 401 without session or token, 403 without role or scope, 404 when there is no such case.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases",
    params(("id" = String, Path, description = "`cas_…`"),
           ("engagement" = Option<String>, Query, description = "For a firm: through which engagement")),
    responses((status = 200, body = CaseOut), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn one(cx: Cx, Path(id): Path<String>) -> Answer {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let chosen = engagement(&cx)?;
    let out = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            let case = store::case(conn, owner, id)?.ok_or(Refusal::NotFound)?;
            if let Some(person) = actor.person
                && store::kept_out(conn, id, person)?
            {
                return Err(Refusal::NotFound.into());
            }
            let messages = store::messages(conn, owner, id)?;
            let (description, contact) = (case.description.clone(), case.contact.clone());
            let mut out = CaseOut::from(case);
            out.description = Some(description);
            // How to reach a reporter is not the firm's to know.
            out.contact = contact.filter(|_| actor.side == Side::ServiceOrganisation);
            out.messages = Some(messages.into_iter().map(Into::into).collect());
            Ok(out)
        })
        .await?;
    Ok(Json(out).into_response())
}

fn time(cx: &Cx, name: &'static str) -> Result<Option<Timestamp>, Refusal> {
    cx.param(name)
        .map(|t| Timestamp::parse(&t).map_err(|e| Refusal::field(name, format!("{e}."))))
        .transpose()
}

/// `GET /api/v1/analysis/cases` (scope `cases:read`): every figure under its own name, and under
/// `definitions` what was counted and by which rule.
///
/// # Errors
/// 401 without session or token, 403 without role or scope, 422 for an option that is none.
#[utoipa::path(get, path = "/api/v1/analysis/cases", tag = "cases",
    params(("from" = Option<String>, Query, description = "Only cases reported at this time or later, RFC 3339"),
           ("to" = Option<String>, Query, description = "Only cases reported before this time, RFC 3339"),
           ("percentile" = Option<String>, Query, description = "`linear` or `nearest`"),
           ("engagement" = Option<String>, Query, description = "For a firm: through which engagement")),
    responses((status = 200, description = "The figures and their definitions", body = Object), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn analysis(cx: Cx) -> Answer {
    let percentile = match cx.param("percentile") {
        None => Percentile::default(),
        Some(word) => Percentile::from_word(&word).ok_or_else(|| {
            Refusal::field("percentile", "The rule of percentiles is linear or nearest.")
        })?,
    };
    let options = AnalysisOptions {
        from: time(&cx, "from")?,
        to: time(&cx, "to")?,
        percentile,
        ..AnalysisOptions::default()
    };
    let chosen = engagement(&cx)?;
    let analysis = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            figures::analyse(conn, owner, options)
        })
        .await?;
    Ok(Json(analysis).into_response())
}

/// The figures of the dashboard.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Dashboard {
    /// All cases.
    pub cases: i64,
    /// Counts by kind, channel, severity and month; figures that could single a reporter out are absent.
    pub by: Vec<crate::pages::dashboard::By>,
    /// The figures that need every case; absent while a large register has not been counted yet.
    #[schema(value_type = Option<Object>)]
    pub figures: Option<crate::views::service::figures::Figures>,
}

/// `GET /api/v1/analysis/dashboard` (scope `cases:read`): the figures of the dashboard.
///
/// # Errors
/// 401 without session or token, 403 without role or scope.
#[utoipa::path(get, path = "/api/v1/analysis/dashboard", tag = "cases",
    params(("engagement" = Option<String>, Query, description = "For a firm: through which engagement")),
    responses((status = 200, body = Dashboard), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn dashboard(cx: Cx) -> Answer {
    let (chosen, now) = (engagement(&cx)?, cx.env().now());
    let out = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            let counts = store::counts(conn, owner)?;
            let private = crate::views::store::private_counts(conn, owner)?;
            let cases = counts.iter().map(|c| c.n).sum();
            let mut figures = crate::views::service::figures::seen(conn, owner, cases, now)?;
            if let (Some(figures), Some(person)) = (&mut figures, actor.person) {
                let mut known = Vec::new();
                for one in &figures.worst {
                    if !store::kept_out(conn, one.case, person)? {
                        known.push(one.clone());
                    }
                }
                figures.worst = known;
            }
            Ok(Dashboard { cases, by: crate::pages::dashboard::by_all(&counts, &private), figures })
        })
        .await?;
    Ok(Json(out).into_response())
}

/// This room's part of the OpenAPI document.
#[derive(Debug, utoipa::OpenApi)]
#[openapi(paths(challenge, report, list, one, analysis, dashboard))]
pub struct Api;
