//! What can happen to channels. Kinds are frozen: a changed shape is a new version.

use super::model::{Audience, ChannelId, ChannelKind, Place, PublicationId};
use kernel::ids::PersonId;
use kernel::period::Date;
use serde::{Deserialize, Serialize};

/// A channel as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChannelStated {
    /// Its id.
    pub id: ChannelId,
    /// What it is called.
    pub name: String,
    /// Which kind.
    pub kind: ChannelKind,
    /// For whom.
    pub audience: Audience,
    /// Where a reporter goes.
    pub address: String,
    /// What a reporter is told.
    pub instructions: String,
    /// When it is open.
    pub hours: String,
    /// Tags of the languages spoken there.
    pub languages: Vec<String>,
    /// Whether nobody need say who they are.
    pub anonymous: bool,
    /// Who answers for it.
    pub owner: Option<PersonId>,
}

/// A channel was made known somewhere.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChannelPublished {
    /// The channel.
    pub channel: ChannelId,
    /// The publication.
    pub id: PublicationId,
    /// What kind of place.
    pub place: Place,
    /// Which one.
    pub title: String,
    /// Where it can be read.
    pub link: String,
    /// Since when.
    pub from: Date,
}

/// A publication no longer stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublicationEnded {
    /// Which.
    pub id: PublicationId,
    /// What it was called, so that the log can be read alone.
    pub title: String,
    /// Since when it is gone.
    pub to: Date,
}

/// A channel was tried.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChannelTested {
    /// The channel.
    pub channel: ChannelId,
    /// On which date.
    pub on: Date,
    /// Whether it worked.
    pub passed: bool,
    /// What was done and seen.
    pub evidence: String,
}

/// A channel was closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChannelRetired {
    /// The channel.
    pub channel: ChannelId,
    /// Why.
    pub reason: String,
}

/// A closed channel was opened again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChannelReopened {
    /// The channel.
    pub channel: ChannelId,
    /// Why.
    pub reason: String,
}

kernel::events! {
    /// What can happen to channels.
    pub enum ChannelEvent in "channels" {
        /// A channel was stated, or stated anew.
        Stated(ChannelStated) = "channels.stated.v1",
        /// It was made known: in a policy, an agreement, on a page, in a training.
        Published(ChannelPublished) = "channels.published.v1",
        /// It is no longer made known there.
        PublicationEnded(PublicationEnded) = "channels.publication_ended.v1",
        /// It was tried, with what came of it.
        Tested(ChannelTested) = "channels.tested.v1",
        /// It was closed, with the reason.
        Retired(ChannelRetired) = "channels.retired.v1",
        /// It was opened again, with the reason.
        Reopened(ChannelReopened) = "channels.reopened.v1",
    }
}
