//! Mail to the subscribers of the status page: one job per publication, which plans one mail each.

use super::model::{Notice, NoticeId, Recipient, Update};
use super::store;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::refusal::Refusal;
use platform::db::{Error, Result, Tx};
use platform::jobs::mail::{Mail, post_to_subscriber};
use platform::jobs::{Ended, Fault, Handler, NewJob, Work, enqueue};
use platform::words::Words;
use serde::{Deserialize, Serialize};

/// The kind of these jobs.
pub const KIND: &str = "status.tell";
/// Subscribers in one transaction.
const TOGETHER: i64 = 100;

#[derive(Debug, Serialize, Deserialize)]
struct Told {
    organisation: PartyId,
    notice: NoticeId,
    version: i64,
    base_url: String,
}

/// An address of the public pages that says whose they are.
#[must_use]
pub fn link(base_url: &str, organisation: PartyId, path: &str) -> String {
    format!("{}{path}?to={organisation}", base_url.trim_end_matches('/'))
}

pub(super) fn plan(
    tx: &mut Tx<'_>,
    env: &mut Env,
    organisation: PartyId,
    notice: NoticeId,
    version: i64,
    base_url: &str,
) -> Result<()> {
    let payload = serde_json::json!({
        "organisation": organisation, "notice": notice, "version": version, "base_url": base_url,
    });
    let key = format!("status-tell~{notice}~{version}");
    enqueue(tx, env, &NewJob::new(Some(organisation), KIND, key, payload).about("status"))?;
    Ok(())
}

/// Plans a mail to every subscriber who had confirmed when it was published.
#[derive(Debug, Clone, Copy)]
pub struct Teller;

impl Handler for Teller {
    fn run(&self, work: &Work<'_>) -> Ended {
        tell(work).into()
    }
}

fn fault(e: &Error) -> Fault {
    match e {
        Error::Refused(refusal) => Fault::Never(refusal.to_string()),
        other => Fault::Again(other.to_string()),
    }
}

fn tell(work: &Work<'_>) -> Result<(), Fault> {
    let told: Told = work.payload()?;
    let (organisation, notice) = (told.organisation, told.notice);
    let (party, notice, updates) = work
        .db()
        .read_blocking(|conn| {
            let party = identity::store::party(conn, organisation)?.ok_or(Refusal::NotFound)?;
            let notice = store::notice(conn, organisation, notice)?.ok_or(Refusal::NotFound)?;
            Ok((party, notice.clone(), store::updates(conn, organisation, notice.id)?))
        })
        .map_err(|e| fault(&e))?;
    let update = updates
        .into_iter()
        .find(|u| u.version == told.version)
        .ok_or_else(|| Fault::Never("What was published is not there.".into()))?;
    let mut after = None;
    let mut done = 0;
    loop {
        let at = update.at;
        let batch = work
            .db()
            .read_blocking(|conn| store::recipients(conn, organisation, at, after, TOGETHER))
            .map_err(|e| fault(&e))?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(last.id);
        done += i64::try_from(batch.len()).unwrap_or(TOGETHER);
        let mails: Vec<(String, Mail, String)> = batch
            .iter()
            .map(|r| {
                let key = format!("status~{}~{}", update.event, r.id);
                let leave = leave(&told.base_url, organisation, r);
                (key, mail(&party.name, &notice, &update, r, &told.base_url), leave)
            })
            .collect();
        let mut env = work.env();
        work.db()
            .write_blocking(move |tx| {
                for (key, mail, leave) in &mails {
                    post_to_subscriber(tx, &mut env, Some(organisation), key, mail, leave)?;
                }
                Ok(())
            })
            .map_err(|e| fault(&e))?;
        work.progress(done, 0)?;
    }
}

/// The address that a reader leaves by: opened, it asks for a press of a button; posted to, it ends the
/// subscription, also when a mail program does that without a session.
fn leave(base_url: &str, organisation: PartyId, to: &Recipient) -> String {
    link(base_url, organisation, &format!("/status/leave/{}", to.leave_token))
}

/// The mail: frame in the reader's language, what was published as it was written.
fn mail(party: &str, notice: &Notice, update: &Update, to: &Recipient, base_url: &str) -> Mail {
    let w = Words::of(&to.language).unwrap_or_default();
    let organisation = notice.organisation;
    let state = w.t(&format!("status-state-{}", update.state.word().replace('_', "-")));
    let read = link(base_url, organisation, &format!("/status/{}", notice.reference));
    let leave = leave(base_url, organisation, to);
    let mut text = format!("{party}\n\n{}\n{state}\n\n", notice.title);
    if update.corrects.is_some() {
        text.push_str(&w.t("status-correction"));
        text.push_str("\n\n");
    }
    text.push_str(&update.text);
    text.push_str("\n\n");
    text.push_str(&w.t1("status-mail-foot", "link", &read));
    text.push('\n');
    text.push_str(&w.t1("status-mail-leave", "link", &leave));
    text.push('\n');
    Mail {
        to: to.email.clone(),
        subject: w.ta(
            "status-mail-subject",
            &[
                ("party", party.into()),
                ("state", state.into()),
                ("title", notice.title.as_str().into()),
            ],
        ),
        text,
    }
}
