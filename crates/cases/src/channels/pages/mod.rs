//! Pages of the register of channels.
//!
//! | module | pages |
//! |---|---|
//! | [`register`] | `/channels`: the list, and a new channel |
//! | [`record`] | `/channels/{id}`: one channel, and what is done with it |
//! | [`public`] | `/report/channels`: how to report, for everybody; the same as plain text |

pub mod public;
pub mod record;
pub mod register;

use super::model::{Audience, Channel, ChannelKind, Place};
use super::permits::ReadChannels;
use crate::pages::key_of;
use kernel::ids::{EngagementId, PartyId};
use kernel::party::Actor;
use kernel::period::Date;
use kernel::permit::scope;
use platform::db::{Conn, Result};
use platform::http::Cx;
use platform::ui::Shell;
use platform::words::Words;

/// The organisation whose channels a reader sees.
///
/// # Errors
/// When the reader may not see them, or must choose an engagement first.
pub(crate) fn owner_seen(
    conn: &mut Conn<'_>,
    actor: &Actor,
    engagement: Option<EngagementId>,
) -> Result<PartyId> {
    scope::<ReadChannels>(actor)?;
    ::scope::service::organisation_seen(conn, actor, engagement)
}

pub(crate) fn kind_word(w: Words, kind: ChannelKind) -> String {
    w.t(&key_of("channels-kind", kind.word()))
}

pub(crate) fn audience_word(w: Words, audience: Audience) -> String {
    w.t(&key_of("channels-audience", audience.word()))
}

pub(crate) fn place_word(w: Words, place: Place) -> String {
    w.t(&key_of("channels-place", place.word()))
}

/// Languages by their own names, where this product knows them.
pub(crate) fn languages_said(languages: &[String]) -> String {
    let name = |tag: &String| Words::of(tag).map_or_else(|| tag.clone(), |w| w.name().to_owned());
    languages.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// The date now, in UTC.
pub(crate) fn today(cx: &Cx) -> Date {
    kernel::zone::Zone::utc().local(cx.env().now()).date()
}

/// The frame of a page about channels, with the views beside it.
pub(crate) fn shell(cx: &Cx, current: &str) -> Shell {
    let w = cx.w;
    let views = [
        ("/channels", "channels-tab-register"),
        ("/channels/mail", "channels-tab-mail"),
        ("/channels/sources", "channels-tab-sources"),
        ("/channels/totals", "channels-tab-totals"),
        ("/channels/canaries", "channels-tab-canaries"),
        ("/report/channels", "channels-tab-public"),
    ];
    let mut shell = cx.shell().at("channels");
    for (href, key) in views {
        let closed = match href {
            "/channels/mail" => !cx.can::<crate::mailroom::permits::ReadMail>(),
            "/channels/sources" => !cx.can::<crate::hooks::permits::ReadSources>(),
            _ => false,
        };
        if closed {
            continue;
        }
        shell = shell.tab(href, w.t(key), None, href == current);
    }
    shell
}

/// What a channel is called where people read it: its kind and, where that says more, its name.
pub(crate) fn heading(w: Words, channel: &Channel) -> String {
    let kind = kind_word(w, channel.kind);
    if channel.name.eq_ignore_ascii_case(channel.kind.word()) {
        kind
    } else {
        format!("{kind} \u{2013} {}", channel.name)
    }
}
