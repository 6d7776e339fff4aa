//! Channels that the auditor found, against what the organisation's register says of them.

use crate::mechanisms::model::{Found, IdentifiedChannel};
use cases::channels::model::{Audience, Channel, ChannelId, Place, Publication};
use kernel::period::Date;

kernel::words! {
    /// In what the two differ.
    Kind {
        /// In the register, and the auditor did not come across it.
        NotIdentified = "not_identified",
        /// The auditor came across it, and the register does not know it.
        NotRegistered = "not_registered",
        /// The register calls it closed, and the auditor came across it.
        Closed = "closed",
        /// The register says that it is made known somewhere, and the auditor did not find it there.
        SaidNotFound = "said_not_found",
        /// The auditor found it somewhere, and the register does not say so.
        FoundNotSaid = "found_not_said",
        /// It is made known nowhere.
        Unpublished = "unpublished",
        /// It is for others than the register says.
        Audience = "audience",
        /// The auditor tried it, and it did not work.
        DidNotWork = "did_not_work",
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In what.
    pub kind: Kind,
    /// What the channel is called.
    pub channel: String,
    /// The place concerned, where one is.
    pub place: Option<Place>,
}

/// Where a channel is said to be made known on a date. The public page of this deployment lists every open
/// channel for those outside, whether or not a publication says so.
#[must_use]
pub fn said(channel: &Channel, publications: &[Publication], today: Date) -> Vec<Place> {
    let stands = |p: &&Publication| {
        p.channel == channel.id && p.from <= today && p.to.is_none_or(|to| to > today)
    };
    let listed = channel.retired_at.is_none() && channel.audience.serves(Audience::External);
    Place::ALL
        .iter()
        .copied()
        .filter(|place| {
            (*place == Place::Page && listed)
                || publications.iter().filter(stands).any(|p| p.place == *place)
        })
        .collect()
}

/// Every difference, channel by channel: first those of the register in its order, then those that only
/// the auditor knows.
#[must_use]
pub fn differences(
    register: &[Channel],
    publications: &[Publication],
    identified: &[&IdentifiedChannel],
    today: Date,
) -> Vec<Difference> {
    let mut out = Vec::new();
    for channel in register {
        let seen: Vec<&&IdentifiedChannel> =
            identified.iter().filter(|i| i.registered == Some(channel.id)).collect();
        let open = channel.retired_at.is_none();
        let mut tell = |kind, place| {
            out.push(Difference { kind, channel: channel.name.clone(), place });
        };
        if seen.is_empty() {
            if open {
                tell(Kind::NotIdentified, None);
            }
            continue;
        }
        if !open {
            tell(Kind::Closed, None);
            continue;
        }
        let said = said(channel, publications, today);
        for place in Place::ALL.iter().copied() {
            let found = |f: Found| seen.iter().any(|i| i.found.get(&place) == Some(&f));
            match (said.contains(&place), found(Found::Yes)) {
                (true, false) if found(Found::No) => tell(Kind::SaidNotFound, Some(place)),
                (false, true) => tell(Kind::FoundNotSaid, Some(place)),
                _ => {}
            }
        }
        let found_somewhere = seen.iter().any(|i| i.found.values().any(|f| *f == Found::Yes));
        if said.is_empty() && !found_somewhere {
            tell(Kind::Unpublished, None);
        }
        if seen.iter().any(|i| i.audience != channel.audience) {
            tell(Kind::Audience, None);
        }
        if seen.iter().any(|i| i.works == Found::No) {
            tell(Kind::DidNotWork, None);
        }
    }
    let known = |id: &ChannelId| register.iter().any(|c| c.id == *id);
    for one in identified.iter().filter(|i| !i.registered.as_ref().is_some_and(known)) {
        let mut tell = |kind| out.push(Difference { kind, channel: one.name.clone(), place: None });
        tell(Kind::NotRegistered);
        if !one.found.values().any(|f| *f == Found::Yes) {
            tell(Kind::Unpublished);
        }
        if one.works == Found::No {
            tell(Kind::DidNotWork);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use cases::channels::model::{ChannelKind, PublicationId};
    use kernel::ids::PartyId;
    use kernel::time::Timestamp;
    use std::collections::BTreeMap;

    fn channel(n: u128, name: &str, audience: Audience) -> Channel {
        Channel {
            id: ChannelId::from_u128(n),
            organisation: PartyId::from_u128(1),
            name: name.into(),
            kind: ChannelKind::Hotline,
            audience,
            address: String::new(),
            instructions: String::new(),
            hours: String::new(),
            languages: Vec::new(),
            anonymous: false,
            owner: None,
            since: Timestamp(0),
            retired_at: None,
            retired_because: String::new(),
            version: 1,
        }
    }
    fn seen(name: &str, registered: Option<u128>, audience: Audience) -> IdentifiedChannel {
        IdentifiedChannel {
            name: name.into(),
            audience,
            kind: ChannelKind::Hotline,
            registered: registered.map(ChannelId::from_u128),
            found: BTreeMap::new(),
            works: Found::Yes,
            note: String::new(),
            evidence: Vec::new(),
        }
    }
    fn published(channel: u128, place: Place, to: Option<&str>) -> Publication {
        Publication {
            id: PublicationId::from_u128(channel),
            channel: ChannelId::from_u128(channel),
            place,
            title: "t".into(),
            link: String::new(),
            from: date("2026-01-01"),
            to: to.map(date),
        }
    }
    fn date(text: &str) -> Date {
        kernel::period::parse_date(text).unwrap()
    }
    fn told(
        register: &[Channel],
        publications: &[Publication],
        identified: &[IdentifiedChannel],
    ) -> Vec<(Kind, String, Option<Place>)> {
        let all: Vec<&IdentifiedChannel> = identified.iter().collect();
        differences(register, publications, &all, date("2026-06-30"))
            .into_iter()
            .map(|d| (d.kind, d.channel, d.place))
            .collect()
    }

    #[test]
    fn register_and_reality_are_compared_both_ways() {
        let inside = channel(1, "inside", Audience::Internal);
        let outside = channel(2, "outside", Audience::External);
        let mut closed = channel(3, "closed", Audience::Both);
        closed.retired_at = Some(Timestamp(1));
        let register = [inside, outside, closed];
        assert_eq!(
            told(&register, &[], &[]),
            [
                (Kind::NotIdentified, "inside".into(), None),
                (Kind::NotIdentified, "outside".into(), None),
            ]
        );
        let mut one = seen("inside", Some(1), Audience::Both);
        one.found.insert(Place::Policy, Found::No);
        one.found.insert(Place::Training, Found::Yes);
        let mut two = seen("outside", Some(2), Audience::External);
        two.found.insert(Place::Page, Found::No);
        two.works = Found::No;
        let shadow = seen("old mailbox", None, Audience::External);
        let old = seen("closed", Some(3), Audience::Both);
        let policy = [published(1, Place::Policy, None)];
        assert_eq!(
            told(&register, &policy, &[one, two, shadow, old]),
            [
                (Kind::SaidNotFound, "inside".into(), Some(Place::Policy)),
                (Kind::FoundNotSaid, "inside".into(), Some(Place::Training)),
                (Kind::Audience, "inside".into(), None),
                (Kind::SaidNotFound, "outside".into(), Some(Place::Page)),
                (Kind::DidNotWork, "outside".into(), None),
                (Kind::Closed, "closed".into(), None),
                (Kind::NotRegistered, "old mailbox".into(), None),
                (Kind::Unpublished, "old mailbox".into(), None),
            ]
        );
    }

    #[test]
    fn what_agrees_and_what_was_not_looked_at_makes_no_difference() {
        let register = [channel(1, "inside", Audience::Internal)];
        let mut one = seen("inside", Some(1), Audience::Internal);
        one.found.insert(Place::Policy, Found::Yes);
        one.found.insert(Place::Agreement, Found::NotLooked);
        let policy = [published(1, Place::Policy, None), published(1, Place::Agreement, None)];
        assert_eq!(told(&register, &policy, &[one.clone()]), []);
        // A publication that has ended says nothing any more.
        let ended = [published(1, Place::Policy, Some("2026-06-30"))];
        assert_eq!(
            told(&register, &ended, &[one]),
            [(Kind::FoundNotSaid, "inside".into(), Some(Place::Policy))]
        );
    }
}
