//! What the register says in public, and what it lacks: pure functions of the register.

use super::model::{Audience, Channel, Publication, Trial};
use kernel::period::Date;

/// Days after which a channel should be tried again.
pub const TRIAL_EVERY_DAYS: i32 = 92;

/// What a channel lacks before it can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Nobody answers for it.
    Owner,
    /// It is made known nowhere.
    Publication,
    /// It was never tried.
    NeverTried,
    /// It failed when it was last tried.
    Failed,
    /// It was last tried more than [`TRIAL_EVERY_DAYS`] ago.
    TriedLongAgo,
}

impl Lack {
    /// The word in the keys of sentences.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Publication => "publication",
            Self::NeverTried => "never-tried",
            Self::Failed => "failed",
            Self::TriedLongAgo => "long-ago",
        }
    }
}

/// What an open channel lacks on a date; nothing for a closed one. `trials` newest first.
#[must_use]
pub fn lacks(
    channel: &Channel,
    publications: &[Publication],
    trials: &[Trial],
    today: Date,
) -> Vec<Lack> {
    if channel.retired_at.is_some() {
        return Vec::new();
    }
    let mut out = Vec::new();
    if channel.owner.is_none() {
        out.push(Lack::Owner);
    }
    let stands = |p: &&Publication| {
        p.channel == channel.id && p.from <= today && p.to.is_none_or(|to| to > today)
    };
    if !publications.iter().any(|p| stands(&p)) {
        out.push(Lack::Publication);
    }
    match trials.iter().find(|t| t.channel == channel.id) {
        None => out.push(Lack::NeverTried),
        Some(last) if !last.passed => out.push(Lack::Failed),
        Some(last) => {
            let days = today.since(last.on).map_or(i32::MAX, |span| span.get_days());
            if days > TRIAL_EVERY_DAYS {
                out.push(Lack::TriedLongAgo);
            }
        }
    }
    out
}

/// The open channels that somebody of an audience may use, by name.
#[must_use]
pub fn open_to(channels: &[Channel], audience: Audience) -> Vec<&Channel> {
    channels.iter().filter(|c| c.retired_at.is_none() && c.audience.serves(audience)).collect()
}

/// The words that a text needs, in the language that it is written in.
pub struct TextWords {
    /// The first paragraph, which names the organisation.
    pub opening: String,
    /// “Kind of channel”, “Where”, “Open”, “Languages”, “Your name” before their values.
    pub labels: [String; 4],
    /// The last paragraph.
    pub closing: String,
}

/// A channel in the words of a language.
pub struct TextChannel {
    /// Its heading.
    pub heading: String,
    /// Its instructions.
    pub instructions: String,
    /// The values that go with [`TextWords::labels`]; an empty one is left out with its label.
    pub values: [String; 4],
}

/// A plain text with every channel, to copy into an agreement or an intranet. Lines of the sources
/// are kept on one line each, so that nothing in them can look like another channel.
#[must_use]
pub fn text_block(words: &TextWords, channels: &[TextChannel]) -> String {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = format!("{}\n", flat(&words.opening));
    for (n, channel) in channels.iter().enumerate() {
        out.push_str(&format!("\n{}. {}\n", n + 1, flat(&channel.heading)));
        out.push_str(&format!("   {}\n", flat(&channel.instructions)));
        for (label, value) in
            words.labels.iter().zip(&channel.values).filter(|(_, v)| !v.trim().is_empty())
        {
            out.push_str(&format!("   {}: {}\n", flat(label), flat(value)));
        }
    }
    out.push_str(&format!("\n{}\n", flat(&words.closing)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::model::{ChannelId, ChannelKind, Place, PublicationId};
    use kernel::ids::PartyId;
    use kernel::time::Timestamp;

    fn channel() -> Channel {
        Channel {
            id: ChannelId::from_u128(1),
            organisation: PartyId::from_u128(1),
            name: "hotline".into(),
            kind: ChannelKind::Hotline,
            audience: Audience::Internal,
            address: String::new(),
            instructions: "Call.".into(),
            hours: String::new(),
            languages: Vec::new(),
            anonymous: true,
            owner: None,
            since: Timestamp(0),
            retired_at: None,
            retired_because: String::new(),
            version: 1,
        }
    }
    fn date(text: &str) -> Date {
        kernel::period::parse_date(text).unwrap()
    }

    #[test]
    fn what_a_channel_lacks_follows_from_the_register_and_the_date() {
        let mut c = channel();
        let today = date("2026-06-30");
        assert_eq!(lacks(&c, &[], &[], today), [Lack::Owner, Lack::Publication, Lack::NeverTried]);
        c.owner = Some(kernel::ids::PersonId::from_u128(1));
        let mut published = Publication {
            id: PublicationId::from_u128(1),
            channel: c.id,
            place: Place::Policy,
            title: "Policy".into(),
            link: String::new(),
            from: date("2026-01-01"),
            to: None,
        };
        let trial = |on: &str, passed| Trial {
            channel: c.id,
            on: date(on),
            passed,
            evidence: "e".into(),
            actor: "a".into(),
        };
        let good = [trial("2026-03-30", true)];
        assert_eq!(lacks(&c, &[published.clone()], &good, today), []);
        assert_eq!(
            lacks(&c, &[published.clone()], &good, date("2026-07-01")),
            [Lack::TriedLongAgo]
        );
        assert_eq!(
            lacks(&c, &[published.clone()], &[trial("2026-06-01", false)], today),
            [Lack::Failed]
        );
        published.to = Some(today);
        assert_eq!(lacks(&c, &[published], &good, today), [Lack::Publication]);
        c.retired_at = Some(Timestamp(1));
        assert_eq!(lacks(&c, &[], &[], today), []);
    }

    #[test]
    fn each_audience_sees_its_channels_and_no_closed_one() {
        let (mut inside, mut both, mut gone) = (channel(), channel(), channel());
        inside.name = "inside".into();
        both.audience = Audience::Both;
        gone.audience = Audience::Both;
        gone.retired_at = Some(Timestamp(1));
        let all = [inside, both, gone];
        let names = |a| open_to(&all, a).iter().map(|c| c.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(Audience::External), ["hotline"]);
        assert_eq!(names(Audience::Internal), ["inside", "hotline"]);
        assert_eq!(names(Audience::Both), ["inside", "hotline"]);
    }

    proptest::proptest! {
        #[test]
        fn a_text_has_exactly_one_numbered_line_for_each_channel(
            texts in proptest::collection::vec(("[^\u{0}]{0,60}", "[^\u{0}]{0,60}"), 0..6)
        ) {
            let words = TextWords {
                opening: "How to report".into(),
                labels: ["Where", "Open", "Languages", "Names"].map(String::from),
                closing: "End".into(),
            };
            let channels: Vec<_> = texts.iter().map(|(heading, instructions)| TextChannel {
                heading: heading.clone(),
                instructions: instructions.clone(),
                values: Default::default(),
            }).collect();
            let text = text_block(&words, &channels);
            let numbered = text.lines().filter(|l| l.split_once(". ").is_some_and(|(n, _)| !l.starts_with(' ') && n.parse::<usize>().is_ok())).count();
            proptest::prop_assert_eq!(numbered, channels.len());
        }
    }
}
