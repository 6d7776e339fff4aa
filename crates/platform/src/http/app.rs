//! What a handler can reach.

use crate::db::{Conn, Db, Result, Tx};
use crate::edge::Edge;
use crate::journal::Journal;
use crate::ui::{Engagement, NavItem};
use crate::words::Words;
use kernel::env::Env;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::party::{Actor, Lapsed};
use kernel::time::Timestamp;
use std::sync::Arc;

/// Who stands behind a session or a token, as the identity room knows them.
#[derive(Debug, Clone)]
pub struct Identity {
    /// What authorisation looks at.
    pub actor: Actor,
    /// The person's name.
    pub name: String,
    /// Their roles, in words.
    pub role: String,
    /// The name of the party for whom they act.
    pub party: String,
    /// Where the time of the only role they had does not run: when it ended or begins, and whom to ask.
    pub lapsed: Option<Lapsed>,
}

/// What the HTTP shell asks of the identity room.
pub trait Identities: Send + Sync {
    /// The person behind a session, if they still may sign in for that party.
    ///
    /// # Errors
    /// When the database refuses.
    fn by_session(
        &self,
        conn: &mut Conn<'_>,
        person: PersonId,
        party: PartyId,
    ) -> Result<Option<Identity>>;
    /// The person behind an API token, if it is valid at `now`.
    ///
    /// # Errors
    /// When the database refuses.
    fn by_token(
        &self,
        conn: &mut Conn<'_>,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Identity>>;
}

/// The engagements that a person may switch between, newest first, with the chosen one marked. Kept
/// among the extensions of [`AppParts`]; without it there is no switch.
#[derive(Clone, Copy)]
pub struct Switcher(
    /// Reads them.
    pub ReadEngagements,
);

/// Reads the engagements of who is signed in; the last argument is the one they have chosen.
pub type ReadEngagements =
    fn(&mut Conn<'_>, Words, &Actor, Option<EngagementId>) -> Result<Vec<Engagement>>;

/// The parts of an [`App`].
pub struct AppParts {
    /// The database.
    pub db: Db,
    /// Its journal.
    pub journal: Arc<Journal>,
    /// Files by their content.
    pub blobs: Arc<crate::blobs::Blobs>,
    /// Clock and randomness.
    pub edge: Arc<dyn Edge>,
    /// Who is who.
    pub identities: Arc<dyn Identities>,
    /// The rooms in the left rail, for a person (none: for the public).
    pub nav: fn(Words, Option<&Actor>) -> Vec<NavItem>,
    /// Where this deployment is reached: `https://tickmark.example`, without a slash at the end.
    pub base_url: String,
    /// Whether this is the fictional demonstration.
    pub demonstration: bool,
    /// The largest file that may be uploaded, in bytes.
    pub upload_bytes_max: u64,
    /// Anything rooms keep for the life of the process, by type.
    pub extensions: http::Extensions,
}

/// What a handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

impl App {
    /// An application of these parts.
    #[must_use]
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }

    /// A fresh environment: the time now, new randomness.
    #[must_use]
    pub fn env(&self) -> Env {
        self.0.edge.env()
    }

    /// Writes after the answer was given: for what nobody waits for and whose time must not show.
    /// `what` names it in the log, should it fail.
    pub fn write_later<F>(&self, what: &'static str, mut f: F)
    where
        F: FnMut(&mut Tx<'_>, &mut Env) -> Result<()> + Send + 'static,
    {
        let (db, mut env) = (self.0.db.clone(), self.env());
        tokio::spawn(async move {
            if let Err(e) = db.write(move |tx| f(tx, &mut env)).await {
                tracing::error!(error = %e, "{what} could not be written");
            }
        });
    }

    /// Runs work that blocks (disk, hashing) on a thread that may, and waits for it.
    ///
    /// # Errors
    /// [`Failure::Fault`] when it stopped unexpectedly.
    ///
    /// [`Failure::Fault`]: super::Failure::Fault
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, super::Failure> {
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| super::Failure::Fault("work stopped unexpectedly".into()))
    }

    /// Whether cookies may be marked as secure: whether people reach us over TLS.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.0.base_url.starts_with("https://")
    }
}

impl std::ops::Deref for App {
    type Target = AppParts;
    fn deref(&self) -> &AppParts {
        &self.0
    }
}
