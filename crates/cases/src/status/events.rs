//! What can happen to the status page. Kinds are frozen: a changed shape is a new version.

use super::model::{Affected, ComponentId, NoticeId, NoticeKind, NoticeState, SubscriberId};
use crate::model::CaseId;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A component as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ComponentStated {
    /// Its id.
    pub id: ComponentId,
    /// The organisation.
    pub organisation: PartyId,
    /// What it is called inside.
    pub name: String,
    /// What it is called on the page.
    pub public_name: String,
    /// What it does.
    pub description: String,
    /// Its place in the list.
    pub place: i64,
    /// Whether it is no longer shown.
    pub retired: bool,
}

/// A notice was published.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoticePublished {
    /// Its id.
    pub id: NoticeId,
    /// The organisation.
    pub organisation: PartyId,
    /// What it is called in public addresses.
    pub reference: String,
    /// What it is about.
    pub kind: NoticeKind,
    /// In a few words.
    pub title: String,
    /// Where it stands.
    pub state: NoticeState,
    /// What it affects.
    pub affected: Affected,
    /// The first words.
    pub text: String,
    /// When it began, or is going to.
    pub begins_at: Timestamp,
    /// When planned work is going to end.
    pub ends_at: Option<Timestamp>,
    /// The case that it speaks of.
    pub case: Option<CaseId>,
}

/// More was said in a notice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdatePosted {
    /// Where it stands now.
    pub state: NoticeState,
    /// What it affects now.
    pub affected: Affected,
    /// The words.
    pub text: String,
    /// When planned work begins now.
    pub begins_at: Timestamp,
    /// When planned work ends now.
    pub ends_at: Option<Timestamp>,
}

/// Something that was published turned out wrong. It stays, and this points back to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateCorrected {
    /// The number of the update that is corrected.
    pub corrects: i64,
    /// What is right.
    pub text: String,
}

/// A notice speaks of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoticeLinked {
    /// Which; none: of none any more.
    pub case: Option<CaseId>,
}

/// Somebody asked to be told. Their address is not here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubscriptionAsked {
    /// The id.
    pub id: SubscriberId,
    /// The organisation.
    pub organisation: PartyId,
    /// The language.
    pub language: String,
}

/// They confirmed it from their mailbox.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubscriptionConfirmed {}

/// They no longer want to be told, or never confirmed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubscriptionEnded {
    /// Whether they left themselves; otherwise they had never confirmed in time.
    pub left: bool,
}

kernel::events! {
    /// What can happen to the status page.
    pub enum StatusEvent in "status" {
        /// A component of the status page was stated, or stated anew.
        ComponentStated(ComponentStated) = "status.component_stated.v1",
        /// An incident or planned work was published.
        NoticePublished(NoticePublished) = "status.notice_published.v1",
        /// An update to it was published.
        UpdatePosted(UpdatePosted) = "status.update_posted.v1",
        /// A published update was corrected by another that points back.
        UpdateCorrected(UpdateCorrected) = "status.update_corrected.v1",
        /// It was linked to a case, or the link was taken back.
        NoticeLinked(NoticeLinked) = "status.notice_linked.v1",
        /// Somebody asked to be told by mail.
        SubscriptionAsked(SubscriptionAsked) = "status.subscription_asked.v1",
        /// They confirmed it from their mailbox.
        SubscriptionConfirmed(SubscriptionConfirmed) = "status.subscription_confirmed.v1",
        /// The subscription ended, and the address was forgotten.
        SubscriptionEnded(SubscriptionEnded) = "status.subscription_ended.v1",
    }
}
