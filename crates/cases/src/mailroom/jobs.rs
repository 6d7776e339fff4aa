//! What time does at the mail door: visiting the mailbox, sorting what came, mail to reporters.

use super::model::MailId;
use super::service::{self, Setup};
use crate::model::CaseId;
use jiff::civil::Time;
use kernel::zone::Zone;
use platform::blobs::Blobs;
use platform::inbound::{Mailbox, Unreachable};
use platform::jobs::mail::{Mail, Thread, post_answerable};
use platform::jobs::{Days, Ended, Fault, Handler, Recurrence, Schedule, Work};
use platform::words::Words;
use serde::Deserialize;
use std::sync::Arc;

/// Sorts a message.
pub const SORT: &str = "mailroom.sort";
/// Mails a reporter about their case.
pub const UPDATE: &str = "mailroom.update";
/// Visits the mailbox.
pub const POLL: &str = "mailroom.poll";

/// What the handlers of the mail door share.
#[derive(Clone)]
pub struct Door {
    /// How it is set up.
    pub setup: Setup,
    /// Where messages are kept.
    pub blobs: Arc<Blobs>,
}

#[derive(Deserialize)]
struct ToSort {
    id: MailId,
    whole: bool,
}

/// Sorts messages that were accepted.
pub struct Sort(
    /// The door.
    pub Door,
);

impl Handler for Sort {
    fn run(&self, work: &Work<'_>) -> Ended {
        let sorted = work.payload::<ToSort>().and_then(|job| {
            let Door { setup, blobs } = &self.0;
            service::sort(work.db(), blobs, &work.env(), setup, (job.id, job.whole))
                .map(|_| ())
                .map_err(|e| Fault::from(&e))
        });
        sorted.into()
    }
}

#[derive(Deserialize)]
struct ToTell {
    case: CaseId,
    number: String,
    to: String,
    text: String,
    /// The reporter's; the frame of the mail is English where there is none.
    #[serde(default)]
    language: String,
}

/// Mails reporters about their cases.
pub struct Update(
    /// The door.
    pub Door,
);

impl Handler for Update {
    fn run(&self, work: &Work<'_>) -> Ended {
        let job: ToTell = match work.payload() {
            Ok(job) => job,
            Err(fault) => return Err(fault).into(),
        };
        let w = Words::of(&job.language).unwrap_or_default();
        let setup = self.0.setup.clone();
        let mail = Mail {
            to: job.to,
            subject: w.t1("cases-update-subject", "number", &job.number),
            text: w.ta(
                "cases-update-text",
                &[
                    ("text", job.text.as_str().into()),
                    ("number", job.number.as_str().into()),
                    ("link", format!("{}/report/follow-up", setup.base_url).into()),
                ],
            ),
        };
        let key = format!("{}.mail", work.key());
        Ended::done().and(move |tx, env| {
            let thread = Thread {
                reply_to: service::answer_address(tx, &setup, job.case)?,
                in_reply_to: None,
            };
            post_answerable(tx, env, Some(setup.organisation), &key, &mail, &thread)?;
            Ok(())
        })
    }
}

/// Visits the mailbox and takes in what is unseen.
pub struct Poll {
    /// The door.
    pub door: Door,
    /// The mailbox.
    pub mailbox: Mailbox,
}

impl Handler for Poll {
    fn lease_seconds(&self) -> i64 {
        600
    }

    fn run(&self, work: &Work<'_>) -> Ended {
        let mut taken = 0;
        let mut lost = None;
        let visited = self.mailbox.visit(|message| {
            let Door { setup, blobs } = &self.door;
            let what = (message.raw.as_slice(), message.whole, "imap");
            service::take_in(work.db(), blobs, work.env(), setup, what)
                .map_err(|e| Unreachable(format!("A message could not be kept ({e}).")))?;
            taken += 1;
            work.progress(taken, 0).map_err(|fault| {
                lost = Some(fault);
                Unreachable(String::new())
            })
        });
        match (visited, lost) {
            (_, Some(fault)) => Err(fault).into(),
            (Err(e), None) => Err(Fault::Again(e.0)).into(),
            (Ok(_), None) => Ended::done(),
        }
    }
}

/// When the mailbox is visited: every so many minutes, around the clock.
#[must_use]
pub fn visits(setup: &Setup, every_minutes: u8) -> Schedule {
    let every = i16::from(every_minutes.clamp(1, 60));
    let times =
        (0..1_440).step_by(usize::try_from(every).unwrap_or(5)).filter_map(|minute: i16| {
            let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
            Time::new(hour, minute, 0, 0).ok()
        });
    Schedule {
        party: Some(setup.organisation),
        name: POLL.to_owned(),
        kind: POLL.to_owned(),
        payload: serde_json::Value::Null,
        recurrence: Recurrence::new(Days::Every, times.collect(), Zone::utc())
            .unwrap_or_else(|| Recurrence::daily(Time::midnight(), Zone::utc())),
    }
}
