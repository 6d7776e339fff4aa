//! Components, notices, updates and subscribers.

use crate::model::CaseId;
use kernel::ids::{EventId, PartyId};
use kernel::time::Timestamp;
use std::collections::BTreeMap;

kernel::id_kind!(ComponentId, ComponentIdKind, "stc", "component of the status page");
kernel::id_kind!(NoticeId, NoticeIdKind, "stn", "notice on the status page");
kernel::id_kind!(SubscriberId, SubscriberIdKind, "stb", "subscriber of the status page");

kernel::words! {
    /// What a notice is about.
    NoticeKind {
        /// Something does not work.
        Incident = "incident",
        /// Something is going to be worked on.
        Maintenance = "maintenance",
    }
}

kernel::words! {
    /// Where a notice stands.
    NoticeState {
        /// The cause is looked for.
        Investigating = "investigating",
        /// The cause is known.
        Identified = "identified",
        /// It is mended, and watched.
        Monitoring = "monitoring",
        /// It is over.
        Resolved = "resolved",
        /// The work is planned.
        Scheduled = "scheduled",
        /// The work is under way.
        InProgress = "in_progress",
        /// The work is done.
        Completed = "completed",
        /// The work does not take place.
        Cancelled = "cancelled",
    }
}

kernel::words! {
    /// How a component stands, from best to worst.
    Impact {
        /// It works.
        Operational = "operational",
        /// It is being worked on, as announced.
        Maintenance = "maintenance",
        /// It is slow, or not wholly right.
        Degraded = "degraded",
        /// It fails for some, or in part.
        Partial = "partial",
        /// It fails for all.
        Major = "major",
    }
}

/// Which components a notice speaks of, and how each stands while it lasts.
pub type Affected = BTreeMap<ComponentId, Impact>;

/// A part of the system as readers of the page know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Its id; never shown to the public.
    pub id: ComponentId,
    /// The organisation.
    pub organisation: PartyId,
    /// What it is called inside; never shown to the public.
    pub name: String,
    /// What it is called on the page.
    pub public_name: String,
    /// What it does, for readers of the page.
    pub description: String,
    /// Its place in the list.
    pub place: i64,
    /// Whether it is no longer shown.
    pub retired: bool,
    /// The version, for forms.
    pub version: i64,
}

/// Something that was published: an incident or planned work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id; never shown to the public.
    pub id: NoticeId,
    /// The organisation.
    pub organisation: PartyId,
    /// What it is called in public addresses: random, says nothing.
    pub reference: String,
    /// What it is about.
    pub kind: NoticeKind,
    /// In a few words.
    pub title: String,
    /// Where it stands.
    pub state: NoticeState,
    /// What it affects.
    pub affected: Affected,
    /// When it began, or is going to.
    pub begins_at: Timestamp,
    /// When planned work is going to end.
    pub ends_at: Option<Timestamp>,
    /// When it was said to be over.
    pub ended_at: Option<Timestamp>,
    /// The case that it speaks of; never shown to the public.
    pub case: Option<CaseId>,
    /// When it was first published.
    pub published_at: Timestamp,
    /// The version, for forms.
    pub version: i64,
}

/// One thing that was said, as it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Of which notice.
    pub notice: NoticeId,
    /// Its number within the notice.
    pub version: i64,
    /// When it was published.
    pub at: Timestamp,
    /// Where the notice stood then.
    pub state: NoticeState,
    /// The words.
    pub text: String,
    /// The update that it corrects.
    pub corrects: Option<i64>,
    /// The update that corrects it.
    pub corrected_by: Option<i64>,
    /// Who published it.
    pub actor: String,
    /// The entry of the log.
    pub event: EventId,
}

/// How many follow the page by mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Followers {
    /// Asked, and have not confirmed.
    pub asked: i64,
    /// Are told.
    pub confirmed: i64,
    /// Have left.
    pub left: i64,
}

/// A subscriber whom a message goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub id: SubscriberId,
    /// Where to.
    pub email: String,
    /// In which language.
    pub language: String,
    /// With what they leave.
    pub leave_token: String,
}
