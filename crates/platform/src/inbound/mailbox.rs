//! Fetching mail by IMAP (RFC 3501): unseen messages, one after the other, each marked as seen only
//! after its taker has it for good. Nothing is deleted: the mailbox stays the sender's proof.

use crate::jobs::mail::BadSetting;
use crate::jobs::trust::authorities as authorities_of;
use imap::Session;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

/// How long the server may be silent, in seconds.
const SILENCE_SECONDS: u64 = 30;
/// Messages fetched in one visit at most; the rest waits for the next.
const MESSAGES_MAX: usize = 200;
/// The longest message that is fetched whole, in bytes; of a longer one its beginning.
pub const MESSAGE_BYTES_MAX: u32 = 50 << 20;

/// Where mail waits.
#[derive(Clone)]
pub struct Settings {
    /// `imaps://host:port`; `imap://` without TLS to this machine alone.
    pub url: String,
    /// The user name.
    pub user: String,
    /// The password.
    pub password: String,
    /// The folder: `INBOX`.
    pub folder: String,
    /// Authorities in PEM that vouch for the server, in place of the public ones.
    pub authorities: Option<Vec<u8>>,
}

/// The mailbox could not be visited, in a sentence for administrators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// A message as the server has it.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Its bytes; of one that is longer than [`MESSAGE_BYTES_MAX`] the beginning.
    pub raw: Vec<u8>,
    /// Whether these are all of it.
    pub whole: bool,
}

/// A mailbox that can be visited.
pub struct Mailbox {
    settings: Settings,
    host: String,
    port: u16,
    tls: Option<Arc<ClientConfig>>,
}

/// What a visit reads from and writes to.
trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

impl Mailbox {
    /// A mailbox of these settings. Nothing is connected to yet.
    ///
    /// # Errors
    /// [`BadSetting`] naming what is wrong.
    pub fn new(settings: Settings) -> Result<Self, BadSetting> {
        let refuse = || {
            BadSetting(format!(
                "[intake.imap] url = \u{201c}{}\u{201d} is not a mailbox: write imaps://host:port, with user and password beside it.",
                settings.url
            ))
        };
        let uri: http::Uri = settings.url.parse().map_err(|_| refuse())?;
        let authority = uri.authority().ok_or_else(refuse)?;
        if authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") {
            return Err(refuse());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let (tls, usual) = match uri.scheme_str() {
            Some("imaps") => (true, 993),
            Some("imap") => (false, 143),
            _ => return Err(refuse()),
        };
        let local = host == "localhost"
            || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if !tls && !local {
            return Err(BadSetting(
                "[intake.imap] would send its password unprotected: write imaps://.".into(),
            ));
        }
        let port = authority.port_u16().unwrap_or(usual);
        let tls = match tls {
            true => Some(config(settings.authorities.as_deref())?),
            false => None,
        };
        Ok(Self { settings, host, port, tls })
    }

    /// Visits the mailbox: hands each unseen message, oldest first, to `take`, and marks it as seen when
    /// `take` says that it has it. What it does not have stays unseen and ends the visit. How many were
    /// taken.
    ///
    /// # Errors
    /// [`Unreachable`] when the server cannot be reached, refuses us, or speaks no IMAP; what was taken
    /// before stays taken.
    pub fn visit(
        &self,
        mut take: impl FnMut(Fetched) -> Result<(), Unreachable>,
    ) -> Result<usize, Unreachable> {
        let mut session = self.sign_in()?;
        let taken = Self::take_unseen(&mut session, &self.settings.folder, &mut take);
        // Whatever happened, say goodbye; the answer is of no interest.
        let _ = session.logout();
        taken.map_err(|e| match e {
            Trouble::Imap(e) => self.said(&e),
            Trouble::Taker(e) => e,
        })
    }

    fn said(&self, e: &imap::Error) -> Unreachable {
        Unreachable(format!(
            "The mail server {}:{} could not be read ({}).",
            self.host,
            self.port,
            crate::jobs::one_line(&e.to_string())
        ))
    }

    fn sign_in(&self) -> Result<Session<Box<dyn Stream>>, Unreachable> {
        let lost = |e: &dyn std::fmt::Display| {
            Unreachable(format!(
                "The mail server {}:{} could not be reached ({}).",
                self.host,
                self.port,
                crate::jobs::one_line(&e.to_string())
            ))
        };
        let silence = Duration::from_secs(SILENCE_SECONDS);
        let address = (self.host.as_str(), self.port)
            .to_socket_addrs()
            .map_err(|e| lost(&e))?
            .next()
            .ok_or_else(|| lost(&"its name has no address"))?;
        let tcp = TcpStream::connect_timeout(&address, silence).map_err(|e| lost(&e))?;
        tcp.set_read_timeout(Some(silence)).map_err(|e| lost(&e))?;
        tcp.set_write_timeout(Some(silence)).map_err(|e| lost(&e))?;
        let stream: Box<dyn Stream> = match &self.tls {
            None => Box::new(tcp),
            Some(config) => {
                let name = ServerName::try_from(self.host.clone()).map_err(|e| lost(&e))?;
                let connection =
                    ClientConnection::new(config.clone(), name).map_err(|e| lost(&e))?;
                Box::new(StreamOwned::new(connection, tcp))
            }
        };
        let mut client = imap::Client::new(stream);
        client.read_greeting().map_err(|e| self.said(&e))?;
        client.login(&self.settings.user, &self.settings.password).map_err(|(e, _)| {
            Unreachable(format!(
                "The mail server {}:{} did not let us in ({}). Check user and password under [intake.imap].",
                self.host,
                self.port,
                crate::jobs::one_line(&e.to_string())
            ))
        })
    }

    fn take_unseen(
        session: &mut Session<Box<dyn Stream>>,
        folder: &str,
        take: &mut impl FnMut(Fetched) -> Result<(), Unreachable>,
    ) -> Result<usize, Trouble> {
        session.select(folder)?;
        let mut unseen: Vec<u32> = session.uid_search("UNSEEN")?.into_iter().collect();
        unseen.sort_unstable();
        let mut taken = 0;
        for uid in unseen.into_iter().take(MESSAGES_MAX) {
            let Some(fetched) = fetch(session, uid)? else { continue };
            take(fetched).map_err(Trouble::Taker)?;
            session.uid_store(uid.to_string(), "+FLAGS (\\Seen)")?;
            taken += 1;
        }
        Ok(taken)
    }
}

enum Trouble {
    Imap(imap::Error),
    Taker(Unreachable),
}

impl From<imap::Error> for Trouble {
    fn from(e: imap::Error) -> Self {
        Self::Imap(e)
    }
}

/// One message; none when it has gone in the meantime.
fn fetch(session: &mut Session<Box<dyn Stream>>, uid: u32) -> Result<Option<Fetched>, imap::Error> {
    let sizes = session.uid_fetch(uid.to_string(), "(UID RFC822.SIZE)")?;
    let size = sizes.iter().find(|f| f.uid == Some(uid)).and_then(|f| f.size);
    let whole = size.is_none_or(|size| size <= MESSAGE_BYTES_MAX);
    let what = if whole {
        "(UID BODY.PEEK[])".to_owned()
    } else {
        format!("(UID BODY.PEEK[]<0.{MESSAGE_BYTES_MAX}>)")
    };
    let found = session.uid_fetch(uid.to_string(), what)?;
    let raw = found.iter().find(|f| f.uid == Some(uid)).and_then(|f| f.body()).map(<[u8]>::to_vec);
    Ok(raw.map(|raw| Fetched { raw, whole }))
}

/// TLS as the rest of the program speaks it: rustls with ring; the public roots, or those given.
fn config(authorities: Option<&[u8]>) -> Result<Arc<ClientConfig>, BadSetting> {
    let roots = match authorities {
        Some(pem) => authorities_of("[intake.imap]", pem)?.0,
        None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| BadSetting(format!("[intake.imap] TLS cannot be used: {e}.")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_would_not_work_or_not_be_safe_are_refused() {
        let with = |url: &str| {
            let settings = Settings {
                url: url.into(),
                user: "u".into(),
                password: "p".into(),
                folder: "INBOX".into(),
                authorities: None,
            };
            Mailbox::new(settings).map(|m| (m.host, m.port, m.tls.is_some())).map_err(|e| e.0)
        };
        assert_eq!(with("imaps://mail.example.org"), Ok(("mail.example.org".into(), 993, true)));
        assert_eq!(with("imap://127.0.0.1:1143"), Ok(("127.0.0.1".into(), 1143, false)));
        assert!(with("imap://mail.example.org").unwrap_err().contains("unprotected"));
        for bad in ["mail.example.org", "pop3://x", "imaps://u:p@x", "imaps://x/folder"] {
            assert!(with(bad).unwrap_err().contains("not a mailbox"), "{bad}");
        }
    }
}
