//! Reporting channels: what each is, where it is published, how it was tested.

use kernel::ids::{PartyId, PersonId};
use kernel::period::Date;
use kernel::time::Timestamp;
use serde::Serialize;

kernel::id_kind!(ChannelId, ChannelIdKind, "chn", "reporting channel");
kernel::id_kind!(PublicationId, PublicationIdKind, "pub", "publication of a channel");

kernel::words! {
    /// For whom a channel is.
    Audience {
        /// People who work for the organisation.
        Internal = "internal",
        /// Customers, vendors and everybody else.
        External = "external",
        /// Both.
        Both = "both",
    }
}

impl Audience {
    /// Whether somebody of this audience may use a channel that is for `self`.
    #[must_use]
    pub const fn serves(self, asked: Self) -> bool {
        matches!(
            (self, asked),
            (Self::Both, _)
                | (_, Self::Both)
                | (Self::Internal, Self::Internal)
                | (Self::External, Self::External)
        )
    }
}

kernel::words! {
    /// What a channel is.
    ChannelKind {
        /// The page of this deployment.
        Portal = "portal",
        /// A mail address.
        Email = "email",
        /// A telephone number with an operator.
        Hotline = "hotline",
        /// A chat that hands reports over.
        Chat = "chat",
        /// A form on another site that hands reports over.
        WebForm = "webform",
        /// The interface for programs.
        Api = "api",
        /// Somebody else who receives reports for the organisation.
        ThirdParty = "third_party",
        /// A person to speak to.
        InPerson = "in_person",
    }
}

kernel::words! {
    /// Where a channel is made known.
    Place {
        /// A policy.
        Policy = "policy",
        /// A clause of an agreement.
        Agreement = "agreement",
        /// A page or a notice.
        Page = "page",
        /// A training.
        Training = "training",
    }
}

/// A way by which people report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// The organisation.
    pub organisation: PartyId,
    /// What it is called, also on its cases: `portal`.
    pub name: String,
    /// Which kind.
    pub kind: ChannelKind,
    /// For whom.
    pub audience: Audience,
    /// Where a reporter goes: a link, a mail address, a number, a room. May be empty.
    pub address: String,
    /// What a reporter is told.
    pub instructions: String,
    /// When it is open, in words.
    pub hours: String,
    /// Tags of the languages that are spoken there.
    pub languages: Vec<String>,
    /// Whether nobody need say who they are.
    pub anonymous: bool,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// Since when it is in the register.
    pub since: Timestamp,
    /// Since when it is closed.
    pub retired_at: Option<Timestamp>,
    /// Why it was closed; empty while it is open.
    pub retired_because: String,
    /// The version of the record, for forms.
    pub version: i64,
}

/// Where and since when a channel is made known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Publication {
    /// Its id.
    pub id: PublicationId,
    /// The channel.
    pub channel: ChannelId,
    /// What kind of place.
    pub place: Place,
    /// Which: “Service agreement, clause 14.2”.
    pub title: String,
    /// Where it can be read; may be empty.
    pub link: String,
    /// Since this date.
    pub from: Date,
    /// Until this date; none while it stands.
    pub to: Option<Date>,
}

/// One trial of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trial {
    /// The channel.
    pub channel: ChannelId,
    /// On which date.
    pub on: Date,
    /// Whether it worked.
    pub passed: bool,
    /// What was done and seen.
    pub evidence: String,
    /// Who tried it: a person, or the product's own job.
    pub actor: String,
}
