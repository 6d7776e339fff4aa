//! Pages of surveys and interviews.
//!
//! | module | pages |
//! |---|---|
//! | [`answer`] | `/survey/{token}`: a survey as people answer it |
//! | [`desk`] | `/surveys`: surveys, the bank of questions, opening one |
//! | [`survey`] | `/surveys/{id}`: inviting, closing, results |
//! | [`interviews`] | `/interviews`: interviews, themes, one interview and the work on it |

pub mod answer;
pub mod desk;
pub mod interviews;
pub mod survey;

use super::permits::ReadSurveys;
use super::rules::bank::{self, Group};
use kernel::ids::{EngagementId, PartyId};
use kernel::party::Actor;
use kernel::permit::scope;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use kernel::zone::Zone;
use platform::db::{Conn, Result};
use platform::http::Cx;
use platform::ui::{Choice, Field, Form, Kind, Shell};

/// The organisation whose surveys a reader sees.
pub(crate) fn owner(
    conn: &mut Conn<'_>,
    actor: &Actor,
    chosen: Option<EngagementId>,
) -> Result<PartyId> {
    scope::<ReadSurveys>(actor)?;
    ::scope::service::organisation_seen(conn, actor, chosen)
}

/// The frame of the desk's pages, with its tabs.
pub(crate) fn frame(cx: &Cx, tab: &str) -> Shell {
    let w = cx.w;
    let mut shell = cx.shell().at("surveys");
    for (href, key) in [
        ("/surveys", "surveys-tab"),
        ("/interviews", "surveys-tab-interviews"),
        ("/surveys/bank", "surveys-tab-bank"),
    ] {
        shell = shell.tab(href, w.t(key), None, href == tab);
    }
    shell
}

/// The questions of some groups to choose from, one field per group.
pub(crate) fn question_fields(mut form: Form, cx: &Cx, groups: &[Group], chosen: &[&str]) -> Form {
    let w = cx.w;
    for group in groups {
        let choices = bank::all()
            .iter()
            .filter(|q| q.group == *group)
            .map(|q| Choice::new(q.id.clone(), format!("{} \u{b7} {}", q.id, q.text(w))))
            .collect();
        form = form.field(
            Field::new(
                w,
                format!("ask-{}", group.word()),
                w.t(&format!("surveys-group-{}", group.word())),
                Kind::Boxes(choices),
            )
            .values(
                chosen
                    .iter()
                    .copied()
                    .filter(|id| bank::question(id).is_some_and(|q| q.group == *group)),
            ),
        );
    }
    form
}

/// The ids that were chosen there.
pub(crate) fn questions_chosen(form: &Form) -> Vec<String> {
    Group::ALL.iter().flat_map(|g| form.ticked(&format!("ask-{}", g.word())).to_vec()).collect()
}

/// A date and time as the form sends it, in UTC.
pub(crate) fn moment(field: &'static str, text: &str) -> Result<Timestamp, Refusal> {
    let wrong = || Refusal::field(field, "Write date and time as 2026-03-09T16:30, in UTC.");
    if !text.chars().all(|c| c.is_ascii_digit() || "-:T .".contains(c)) {
        return Err(wrong());
    }
    let local: jiff::civil::DateTime = text.parse().map_err(|_| wrong())?;
    Ok(Zone::utc().instant(local))
}
