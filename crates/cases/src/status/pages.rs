//! Pages of the status page.
//!
//! | module | pages |
//! |---|---|
//! | [`public`] | `/status`, `/status/history`, `/status/{reference}`: for everybody |
//! | [`follow`] | asking to be told by mail, confirming, leaving |
//! | [`feed`] | `/status.atom` |
//! | [`desk`] | `/cases/status`: what is shown, and who published what when |
//! | [`notice`] | `/cases/status/notices/…`: publishing, updating, correcting |

pub mod desk;
pub mod feed;
pub mod follow;
pub mod notice;
pub mod public;

use super::model::{Component, Impact, Notice, NoticeKind, NoticeState, Update};
use super::permits::{PublishStatus, ReadStatusDesk};
use super::{rules, store};
use crate::door;
use crate::model::CaseId;
use identity::model::Party;
use kernel::time::Timestamp;
use platform::db::{Conn, Result};
use platform::http::{Cx, Failure};
use platform::ui::{Html, Status, Tone, heading, stack};
use platform::words::Words;

/// What the public sees of an organisation.
pub(crate) struct Shown {
    /// Whose page it is.
    pub party: Party,
    /// Components that are shown, in their order.
    pub components: Vec<Component>,
    /// What lasts or is to come, with what was said, newest first.
    pub notices: Vec<(Notice, Vec<Update>)>,
    /// The moment of the picture.
    pub now: Timestamp,
}

impl Shown {
    fn read(conn: &mut Conn<'_>, named: Option<&str>, now: Timestamp) -> Result<Self> {
        let party = door::organisation(conn, named)?;
        let mut components = store::components(conn, party.id)?;
        components.retain(|c| !c.retired);
        let mut notices = Vec::new();
        for notice in store::open_notices(conn, party.id)? {
            if !rules::shown_state(&notice, now).is_over() {
                let updates = store::updates(conn, party.id, notice.id)?;
                notices.push((notice, updates));
            }
        }
        notices.reverse();
        Ok(Self { party, components, notices, now })
    }

    pub(crate) async fn of(cx: &Cx) -> Result<Self, Failure> {
        let (named, now) = (cx.param("to"), cx.env().now());
        Ok(cx.app.db.read(move |conn| Self::read(conn, named.as_deref(), now)).await?)
    }

    fn lasting(&self) -> Vec<Notice> {
        self.notices.iter().map(|(n, _)| n.clone()).collect()
    }

    /// How a component stands.
    pub(crate) fn stands(&self, component: &Component) -> Impact {
        rules::component_state(component.id, &self.lasting(), self.now)
    }

    /// How the whole stands.
    pub(crate) fn overall(&self) -> Impact {
        let ids: Vec<_> = self.components.iter().map(|c| c.id).collect();
        rules::overall(&ids, &self.lasting(), self.now)
    }

    /// What lasts at this moment; what is only planned is apart.
    pub(crate) fn incidents(&self) -> impl Iterator<Item = &(Notice, Vec<Update>)> {
        self.notices.iter().filter(|(n, _)| n.kind == NoticeKind::Incident)
    }

    /// Planned work, under way or to come.
    pub(crate) fn maintenance(&self) -> impl Iterator<Item = &(Notice, Vec<Update>)> {
        self.notices.iter().filter(|(n, _)| n.kind == NoticeKind::Maintenance)
    }
}

pub(crate) fn state_word(w: Words, state: NoticeState) -> String {
    w.t(&format!("status-state-{}", state.word().replace('_', "-")))
}

pub(crate) fn impact_word(w: Words, impact: Impact) -> String {
    w.t(&format!("status-impact-{}", impact.word()))
}

pub(crate) fn kind_word(w: Words, kind: NoticeKind) -> String {
    w.t(&format!("status-kind-{}", kind.word()))
}

pub(crate) fn impact_status(w: Words, impact: Impact) -> Status {
    let tone = match impact {
        Impact::Operational => Tone::Good,
        Impact::Maintenance => Tone::Waiting,
        Impact::Degraded | Impact::Partial => Tone::Attention,
        Impact::Major => Tone::Missed,
    };
    Status::new(tone, impact_word(w, impact))
}

pub(crate) fn state_status(w: Words, state: NoticeState) -> Status {
    let tone = match state {
        NoticeState::Investigating => Tone::Attention,
        NoticeState::Identified | NoticeState::InProgress => Tone::Underway,
        NoticeState::Monitoring | NoticeState::Scheduled => Tone::Waiting,
        NoticeState::Resolved | NoticeState::Completed => Tone::Good,
        NoticeState::Cancelled => Tone::Closed,
    };
    Status::new(tone, state_word(w, state))
}

/// What was published about a case, and the way to publish something about it; nothing for who may
/// neither read the desk nor publish.
pub(crate) fn published(cx: &Cx, case: CaseId, notices: &[Notice]) -> Html {
    let w = cx.w;
    let mut all: Vec<Html> = notices
        .iter()
        .map(|n| {
            let link = Html::link(&format!("/cases/status/notices/{}", n.id), n.title.as_str());
            link.and(" \u{b7} ").and(state_word(w, n.state))
        })
        .collect();
    if cx.can::<PublishStatus>() {
        let href = format!("/cases/status/notices/new?kind=incident&case={case}");
        all.push(Html::link(&href, w.t("status-publish-about")));
    }
    if all.is_empty() || !cx.can::<ReadStatusDesk>() {
        return Html::empty();
    }
    heading(&w.t("status-about-case")).and(stack(all))
}
