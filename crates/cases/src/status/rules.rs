//! Which state may follow which, and how a component stands.

use super::model::{ComponentId, Impact, Notice, NoticeKind, NoticeState};
use kernel::time::Timestamp;

impl NoticeState {
    /// Whether nothing more is expected.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Resolved | Self::Completed | Self::Cancelled)
    }

    /// Of what kind of notice it is a state.
    #[must_use]
    pub const fn kind(self) -> NoticeKind {
        match self {
            Self::Investigating | Self::Identified | Self::Monitoring | Self::Resolved => {
                NoticeKind::Incident
            }
            Self::Scheduled | Self::InProgress | Self::Completed | Self::Cancelled => {
                NoticeKind::Maintenance
            }
        }
    }
}

/// The states that a notice may be in after an update. What is over stays over: a later word keeps the
/// state, and what comes back is a notice of its own, so that history shows two incidents and not one
/// long one. While an incident lasts its state may go either way, since a cause that was identified may
/// turn out not to be the cause.
#[must_use]
pub fn next_states(now: NoticeState) -> Vec<NoticeState> {
    if now.is_over() {
        return vec![now];
    }
    let begun = now == NoticeState::InProgress;
    let of_kind = NoticeState::ALL.iter().copied().filter(|s| s.kind() == now.kind());
    of_kind.filter(|s| !(begun && *s == NoticeState::Scheduled)).collect()
}

/// The state as a reader sees it at a moment: planned work begins and ends by the clock, also when
/// nobody says so.
#[must_use]
pub fn shown_state(notice: &Notice, now: Timestamp) -> NoticeState {
    let ended = notice.ends_at.is_some_and(|end| now >= end);
    match notice.state {
        NoticeState::Scheduled if ended => NoticeState::Completed,
        NoticeState::Scheduled if now >= notice.begins_at => NoticeState::InProgress,
        state => state,
    }
}

/// How a notice bears on a component at a moment.
fn bears(notice: &Notice, component: ComponentId, now: Timestamp) -> Impact {
    let lasting = match notice.kind {
        NoticeKind::Incident => !notice.state.is_over() && now >= notice.begins_at,
        NoticeKind::Maintenance => shown_state(notice, now) == NoticeState::InProgress,
    };
    match notice.affected.get(&component) {
        Some(impact) if lasting => *impact,
        _ => Impact::Operational,
    }
}

/// How a component stands: the worst of what is published and lasts.
#[must_use]
pub fn component_state(component: ComponentId, notices: &[Notice], now: Timestamp) -> Impact {
    let all = notices.iter().map(|n| bears(n, component, now));
    all.max().unwrap_or(Impact::Operational)
}

/// How the whole stands: as its worst component, and never better than *degraded* while an incident
/// lasts that names no component.
#[must_use]
pub fn overall(components: &[ComponentId], notices: &[Notice], now: Timestamp) -> Impact {
    let of_components = components.iter().map(|c| component_state(*c, notices, now));
    let unnamed = notices
        .iter()
        .any(|n| n.kind == NoticeKind::Incident && !n.state.is_over() && n.affected.is_empty());
    let floor = if unnamed { Impact::Degraded } else { Impact::Operational };
    of_components.max().unwrap_or(Impact::Operational).max(floor)
}

#[cfg(test)]
mod tests {
    use super::super::model::{Affected, NoticeId};
    use super::*;
    use kernel::ids::PartyId;
    use proptest::prelude::*;

    fn component(n: u128) -> ComponentId {
        ComponentId::new(Timestamp(0), n)
    }

    fn notice(state: NoticeState, impact: Impact, begins: i64, lasts: Option<i64>) -> Notice {
        Notice {
            id: NoticeId::new(Timestamp(0), 1),
            organisation: PartyId::new(Timestamp(0), 1),
            reference: "r".into(),
            kind: state.kind(),
            title: String::new(),
            state,
            affected: Affected::from([(component(1), impact)]),
            begins_at: Timestamp(begins),
            ends_at: lasts.map(|l| Timestamp(begins + l)),
            ended_at: None,
            case: None,
            published_at: Timestamp(0),
            version: 1,
        }
    }

    fn states() -> impl Strategy<Value = NoticeState> {
        proptest::sample::select(NoticeState::ALL)
    }

    #[test]
    fn planned_work_begins_and_ends_by_the_clock() {
        let work = notice(NoticeState::Scheduled, Impact::Maintenance, 100, Some(50));
        let at = |t| shown_state(&work, Timestamp(t));
        assert_eq!(
            [at(99), at(100), at(149), at(150)].map(NoticeState::word),
            ["scheduled", "in_progress", "in_progress", "completed"]
        );
        let stands = |t| component_state(component(1), std::slice::from_ref(&work), Timestamp(t));
        assert_eq!(
            [stands(99), stands(100), stands(150)],
            [Impact::Operational, Impact::Maintenance, Impact::Operational]
        );
    }

    #[test]
    fn an_incident_that_names_no_component_still_shows() {
        let mut one = notice(NoticeState::Investigating, Impact::Major, 0, None);
        one.affected.clear();
        assert_eq!(overall(&[component(1)], &[one], Timestamp(1)), Impact::Degraded);
        assert_eq!(overall(&[component(1)], &[], Timestamp(1)), Impact::Operational);
    }

    proptest! {
        #[test]
        fn what_is_over_stays_over_and_kinds_do_not_mix(state in states()) {
            let next = next_states(state);
            prop_assert!(next.contains(&state));
            prop_assert!(next.iter().all(|s| s.kind() == state.kind()));
            if state.is_over() { prop_assert_eq!(next, vec![state]); }
        }

        #[test]
        fn one_more_notice_never_makes_a_component_look_better(
            made in proptest::collection::vec((states(), proptest::sample::select(Impact::ALL), 0i64..200, proptest::option::of(1i64..100)), 0..6),
            now in 0i64..300,
        ) {
            let all: Vec<Notice> = made.into_iter().map(|(s, i, b, l)| notice(s, i, b, l)).collect();
            let now = Timestamp(now);
            for cut in 0..all.len() {
                let fewer = component_state(component(1), &all[..cut], now);
                prop_assert!(fewer <= component_state(component(1), &all, now));
            }
            prop_assert_eq!(component_state(component(2), &all, now), Impact::Operational);
            prop_assert!(overall(&[component(1), component(2)], &all, now) >= component_state(component(1), &all, now));
        }
    }
}
