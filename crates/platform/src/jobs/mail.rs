//! Mail through SMTP.
//!
//! A mail is a job of the kind [`KIND`]. Where no mail server is configured nobody does these jobs:
//! they wait and are sent once there is one. Its `Message-ID` follows from the idempotency key, so a
//! mail that is sent again after a crash is recognised by mail programs and by people.

use super::{Ended, Fault, Handler, JobId, NewJob, Work, enqueue, one_line};
use crate::db::{Result, Tx};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, SmtpTransport, Transport as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::time::{Duration, UNIX_EPOCH};

/// The kind of these jobs.
pub const KIND: &str = "mail";
/// How long the server may be silent, in seconds. Less than the lease by several steps of SMTP.
const SILENCE_SECONDS: u64 = 20;
/// The lease of a mail, in seconds.
const LEASE_SECONDS: i64 = 300;

/// A mail to one person, as plain text. Not printable: it may hold a link that only they may open.
#[derive(Clone, Serialize, Deserialize)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// Plans a mail in the caller's transaction. `until`: after this it is of no use (a link in it no
/// longer works) and is neither sent nor kept.
///
/// # Errors
/// When the address is none; as [`enqueue`].
pub fn post(
    tx: &mut Tx<'_>,
    env: &mut Env,
    party: Option<PartyId>,
    key: &str,
    mail: &Mail,
    until: Option<Timestamp>,
) -> Result<JobId> {
    let payload = serde_json::json!({ "to": mail.to, "subject": mail.subject, "text": mail.text });
    plan(tx, env, party, key, mail, payload, until)
}

/// Plans a mail of a list that its reader can leave, in the caller's transaction; as [`post`]. `leave` is
/// the address that ends the subscription when it is posted to, without a session: mail programs show a
/// button for it (RFC 2369, and RFC 8058 where the address begins with `https`).
///
/// # Errors
/// As [`post`]; also when the address cannot stand in a header.
pub fn post_to_subscriber(
    tx: &mut Tx<'_>,
    env: &mut Env,
    party: Option<PartyId>,
    key: &str,
    mail: &Mail,
    leave: &str,
) -> Result<JobId> {
    if !is_leave_address(leave) {
        return Err(Refusal::input("The address for leaving the list is not one.").into());
    }
    let payload = serde_json::json!({
        "to": mail.to, "subject": mail.subject, "text": mail.text, "leave": leave,
    });
    plan(tx, env, party, key, mail, payload, None)
}

/// How a list is left.
#[derive(Default, Serialize, Deserialize)]
struct List {
    leave: Option<String>,
}

/// Whether an address can stand between the angle brackets of `List-Unsubscribe`.
fn is_leave_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && text.len() <= 500
        && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b',' | b'"'))
}

/// The headers by which a list is left. One click is promised only for an address that is protected on its
/// way, as RFC 8058 asks (3.1).
fn list_headers(leave: &str) -> Vec<(&'static str, String)> {
    let mut headers = vec![("List-Unsubscribe", format!("<{leave}>"))];
    if leave.starts_with("https://") {
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    headers
}

/// Where the answer to a mail goes, and what the mail itself answers.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Thread {
    /// The address for answers.
    pub reply_to: Option<String>,
    /// The `Message-ID` of the mail that this one answers by itself, with its brackets.
    pub in_reply_to: Option<String>,
}

/// Plans a mail that can be answered, in the caller's transaction; as [`post`].
///
/// # Errors
/// As [`post`]; also when the address for answers is none.
pub fn post_answerable(
    tx: &mut Tx<'_>,
    env: &mut Env,
    party: Option<PartyId>,
    key: &str,
    mail: &Mail,
    thread: &Thread,
) -> Result<JobId> {
    if thread.reply_to.as_ref().is_some_and(|to| to.parse::<Address>().is_err()) {
        return Err(Refusal::input("The address for answers is not one.").into());
    }
    let payload = serde_json::json!({
        "to": mail.to, "subject": mail.subject, "text": mail.text,
        "reply_to": thread.reply_to, "in_reply_to": thread.in_reply_to,
    });
    plan(tx, env, party, key, mail, payload, None)
}

fn plan(
    tx: &mut Tx<'_>,
    env: &mut Env,
    party: Option<PartyId>,
    key: &str,
    mail: &Mail,
    payload: serde_json::Value,
    until: Option<Timestamp>,
) -> Result<JobId> {
    if mail.to.parse::<Address>().is_err() {
        return Err(
            Refusal::field("email", "This is not an address that mail can be sent to.").into()
        );
    }
    let mut job = NewJob::new(party, KIND, key, payload).about(&mail.to);
    job.expires_at = until;
    enqueue(tx, env, &job)
}

/// Stands among the extensions of an [`App`](crate::http::App) that has a mail server: what would
/// otherwise be shown to be passed on may be mailed.
#[derive(Debug, Clone, Copy)]
pub struct MailIsSent;

/// How the connection to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// TLS or nothing is sent: STARTTLS for `smtp://`, from the first byte for `smtps://`.
    Required,
    /// None. Refused together with a password, unless the server is on this machine.
    None,
}

/// Where mail is handed over.
#[derive(Clone)]
pub struct Settings {
    /// `smtp://host:port` or `smtps://host:port`.
    pub url: String,
    /// The sender: `Tickmark <tickmark@example.org>`.
    pub from: String,
    /// The user name, where the server wants one.
    pub user: Option<String>,
    /// The password that goes with it.
    pub password: Option<String>,
    /// TLS; where it is not said: required, but for a server on this machine.
    pub tls: Option<Protection>,
    /// Authorities in PEM that vouch for the server, in place of the public ones.
    pub authorities: Option<Vec<u8>>,
}

/// A setting that cannot be used, in a plain sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSetting(pub String);

/// Hands mail over to a server.
pub struct Mailer {
    transport: SmtpTransport,
    server: String,
    from: Mailbox,
}

/// What stands in the URL of a mail server.
struct Server {
    implicit_tls: bool,
    host: String,
    port: Option<u16>,
}

fn server(url: &str) -> Result<Server, BadSetting> {
    let refuse = || {
        BadSetting(format!(
            "[mail] url = \u{201c}{url}\u{201d} is not a mail server: write smtp://host:port or smtps://host:port, with user and password beside it."
        ))
    };
    let uri: http::Uri = url.parse().map_err(|_| refuse())?;
    let implicit_tls = match uri.scheme_str() {
        Some("smtp") => false,
        Some("smtps") => true,
        _ => return Err(refuse()),
    };
    let authority = uri.authority().ok_or_else(refuse)?;
    if authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some()
    {
        return Err(refuse());
    }
    let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
    if host.is_empty() {
        return Err(refuse());
    }
    Ok(Server { implicit_tls, host, port: authority.port_u16() })
}

fn parameters(host: &str, authorities: Option<&[u8]>) -> Result<TlsParameters, BadSetting> {
    let refuse = |e| BadSetting(format!("[mail] TLS cannot be used: {e}."));
    let Some(pem) = authorities else { return TlsParameters::new(host.into()).map_err(refuse) };
    // lettre takes one certificate at a time; a file may hold several.
    let end = "-----END CERTIFICATE-----";
    let text = String::from_utf8_lossy(pem);
    let all: Vec<&str> = text.split_inclusive(end).filter(|one| one.contains(end)).collect();
    if all.is_empty() {
        return Err(BadSetting(
            "[mail] ca_file: there is no certificate in PEM in it. Write the path of the file of the authority that signed the server's certificate.".into(),
        ));
    }
    let mut builder = TlsParameters::builder(host.into()).certificate_store(CertificateStore::None);
    for one in all {
        let one = Certificate::from_pem(one.as_bytes()).map_err(|e| {
            BadSetting(format!("[mail] ca_file: a certificate in it cannot be read ({e})."))
        })?;
        builder = builder.add_root_certificate(one);
    }
    builder.build().map_err(refuse)
}

fn on_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Mailer {
    /// A mailer of these settings. Nothing is connected to yet.
    ///
    /// # Errors
    /// [`BadSetting`] naming what is wrong.
    pub fn new(settings: &Settings) -> Result<Self, BadSetting> {
        let Server { implicit_tls, host, port } = server(&settings.url)?;
        let from: Mailbox = settings.from.parse().map_err(|_| {
            BadSetting(format!(
                "[mail] from = \u{201c}{}\u{201d} is not a sender: write an address, or Name <address>.",
                settings.from
            ))
        })?;
        let local = on_this_machine(&host);
        let protected = implicit_tls
            || match settings.tls {
                Some(Protection::Required) => true,
                Some(Protection::None) => false,
                None => !local,
            };
        let credentials = match (&settings.user, &settings.password) {
            (None, None) => None,
            (Some(user), Some(password)) if protected || local => {
                Some(Credentials::new(user.clone(), password.clone()))
            }
            (Some(_), Some(_)) => {
                return Err(BadSetting(
                    "[mail] would send its password unprotected: leave out tls = \"none\".".into(),
                ));
            }
            _ => {
                return Err(BadSetting(
                    "[mail] needs user and password together, or neither.".into(),
                ));
            }
        };
        let tls = if protected {
            let parameters = parameters(&host, settings.authorities.as_deref())?;
            if implicit_tls { Tls::Wrapper(parameters) } else { Tls::Required(parameters) }
        } else {
            Tls::None
        };
        let port = port.unwrap_or(match (implicit_tls, protected) {
            (true, _) => 465,
            (false, true) => 587,
            (false, false) => 25,
        });
        let mut builder = SmtpTransport::builder_dangerous(&host)
            .port(port)
            .tls(tls)
            .timeout(Some(Duration::from_secs(SILENCE_SECONDS)))
            .hello_name(ClientId::Domain(from.email.domain().to_owned()));
        if let Some(credentials) = credentials {
            builder = builder.credentials(credentials);
        }
        Ok(Self { transport: builder.build(), server: format!("{host}:{port}"), from })
    }

    /// The message of a job: the same at every attempt, byte for byte in all that identifies it.
    fn message(&self, work: &Work<'_>) -> Result<Message, Fault> {
        let mail: Mail = work.payload()?;
        let thread: Thread = work.payload()?;
        let list: List = work.payload()?;
        let to: Address = mail
            .to
            .parse()
            .map_err(|_| Fault::Never("This is not an address that mail can be sent to.".into()))?;
        let made = u64::try_from(work.made_at().0).unwrap_or(0);
        let mut message = Message::builder();
        if let Some(to) = thread.reply_to.as_deref().and_then(|to| to.parse::<Address>().ok()) {
            message = message.reply_to(Mailbox::new(None, to));
        }
        let answers = thread.in_reply_to.filter(|id| message_id_text(id));
        if let Some(id) = &answers {
            message = message.in_reply_to(id.clone()).references(id.clone());
        }
        let mut message = message
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(one_line(&mail.subject))
            .date(UNIX_EPOCH + Duration::from_micros(made))
            .message_id(Some(message_id(work.party(), work.key(), self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text)
            .map_err(|e| Fault::Never(format!("The mail cannot be written: {e}.")))?;
        let auto = if answers.is_some() { "auto-replied" } else { "auto-generated" };
        // So that out-of-office programs do not answer it (RFC 3834).
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(name, auto.to_owned()));
        for (name, value) in
            list.leave.iter().filter(|l| is_leave_address(l)).flat_map(|l| list_headers(l))
        {
            let name = HeaderName::new_from_ascii_str(name);
            message.headers_mut().insert_raw(HeaderValue::new(name, value));
        }
        Ok(message)
    }

    fn fault(&self, e: &lettre::transport::smtp::Error) -> Fault {
        let server = &self.server;
        let code = e.status().map(u16::from);
        match code {
            // The account or its password: for the operator to mend, not for the receiver.
            Some(530 | 534 | 535 | 538) => Fault::Again(format!(
                "The mail server {server} did not let us in ({}). Check user and password under [mail].",
                said(e)
            )),
            Some(500..) => Fault::Never(format!(
                "The mail server {server} refused this mail for good ({}).",
                said(e)
            )),
            Some(_) => Fault::Again(format!(
                "The mail server {server} could not take this mail now ({}).",
                said(e)
            )),
            None if e.is_timeout() => {
                Fault::Again(format!("The mail server {server} did not answer in time."))
            }
            None if e.is_tls() => Fault::Again(format!(
                "The connection to the mail server {server} could not be protected ({}).",
                said(e)
            )),
            None => Fault::Again(format!(
                "The mail server {server} could not be reached ({}).",
                said(e)
            )),
        }
    }
}

/// The error with what caused it, on one line.
fn said(e: &lettre::transport::smtp::Error) -> String {
    one_line(&e.to_string())
}

/// Whether a text can stand in a header as the id of a message.
fn message_id_text(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|t| t.strip_suffix('>'));
    inner.is_some_and(|t| {
        (3..=250).contains(&t.len())
            && t.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
            && t.contains('@')
    })
}

/// Whether a `Message-ID` is one that this deployment gives to mail it sends from a domain: its own
/// mail has come back.
#[must_use]
pub fn is_own_message_id(id: &str, domain: &str) -> bool {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    id.split_once('@').is_some_and(|(local, at)| {
        at.eq_ignore_ascii_case(domain)
            && local.len() == 32
            && local.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// The domain of a sender: `Tickmark <tickmark@example.org>` gives `example.org`.
#[must_use]
pub fn domain_of(from: &str) -> Option<String> {
    from.parse::<Mailbox>().ok().map(|m| m.email.domain().to_ascii_lowercase())
}

/// Whether mail can be sent to a text.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

/// `<32 hexadecimal digits@domain>`, the same for the same party and key.
#[must_use]
pub fn message_id(party: Option<PartyId>, key: &str, domain: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(party.map_or_else(String::new, |p| p.to_string()));
    hash.update([0]);
    hash.update(key);
    let digest = hex::encode(hash.finalize());
    format!("<{}@{domain}>", &digest[..32])
}

impl Handler for Mailer {
    fn lease_seconds(&self) -> i64 {
        LEASE_SECONDS
    }

    fn run(&self, work: &Work<'_>) -> Ended {
        let message = match self.message(work) {
            Ok(message) => message,
            Err(fault) => return Err(fault).into(),
        };
        match self.transport.send(&message) {
            Ok(_) => Ended::done(),
            Err(e) => Err(self.fault(&e)).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> Settings {
        Settings {
            url: url.into(),
            from: "Tickmark <tickmark@example.org>".into(),
            user: None,
            password: None,
            tls: None,
            authorities: None,
        }
    }
    fn refused(settings: &Settings) -> String {
        Mailer::new(settings).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn settings_that_would_not_work_or_not_be_safe_are_refused() {
        for url in ["mail.example.org", "http://x", "smtp://", "smtp://u:p@x:25", "smtp://x/y"] {
            assert!(refused(&settings(url)).contains("is not a mail server"), "{url}");
        }
        assert!(
            refused(&Settings { from: "nobody".into(), ..settings("smtp://x") }).contains("from")
        );
        let with = |url: &str, password: Option<&str>, tls| Settings {
            user: Some("u".into()),
            password: password.map(str::to_owned),
            tls,
            authorities: None,
            ..settings(url)
        };
        assert!(refused(&with("smtp://x", None, None)).contains("together"));
        assert!(
            refused(&with("smtp://x", Some("p"), Some(Protection::None))).contains("unprotected")
        );
        for good in ["smtp://127.0.0.1:2525", "smtp://[::1]", "smtps://mail.example.org"] {
            assert_eq!(refused(&with(good, Some("p"), None)), "", "{good}");
        }
        assert_eq!(Mailer::new(&settings("smtp://x")).unwrap().server, "x:587");
        assert_eq!(Mailer::new(&settings("smtp://localhost")).unwrap().server, "localhost:25");
    }

    #[test]
    fn one_click_is_promised_only_on_a_protected_way() {
        let names = |leave: &str| list_headers(leave).iter().map(|h| h.0).collect::<Vec<_>>();
        let both = ["List-Unsubscribe", "List-Unsubscribe-Post"];
        assert_eq!(names("https://x.example/leave/1"), both);
        assert_eq!(names("http://127.0.0.1/leave/1"), both[..1]);
        assert_eq!(
            list_headers("https://x.example/l?to=pty_1")[0].1,
            "<https://x.example/l?to=pty_1>"
        );
        for odd in ["", "mailto:a@b.example", "https://x/\r\nBcc: y", "https://x/>", "https://x/ü"]
        {
            assert!(!is_leave_address(odd), "{odd}");
        }
    }

    #[test]
    fn the_message_id_follows_from_party_and_key() {
        let one = message_id(None, "k", "example.org");
        assert_eq!(one, message_id(None, "k", "example.org"));
        assert_ne!(one, message_id(None, "l", "example.org"));
        let party = PartyId::from_u128(7);
        assert_ne!(one, message_id(Some(party), "k", "example.org"));
        assert!(one.starts_with('<') && one.ends_with("@example.org>"));
    }
}
