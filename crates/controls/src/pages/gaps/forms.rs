//! The forms of gaps, and the commands that they make.

use super::{Seen, criterion, service};
use crate::model::{Gap, GapId};
use crate::permits::ManageGaps;
use crate::risks::model::Origin;
use crate::service::{GapInput, GapPlan, TEXT_MAX};
use identity::pages::told::version_seen;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Kind};
use platform::words::Words;
use scope::catalogue::Catalogue;

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// A gap is found.
    Find,
    /// What is done about it is planned anew.
    Plan,
    /// It is closed.
    Close,
}

fn field(w: Words, name: &str, kind: Kind) -> Field {
    Field::new(w, name, w.t(&format!("gaps-field-{name}")), kind).max(TEXT_MAX)
}

impl Act {
    /// What can be done about a gap that is there, by its word.
    pub(super) fn of_gap(what: &str) -> Option<Self> {
        [Self::Plan, Self::Close].into_iter().find(|act| act.word() == what)
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Find => "find",
            Self::Plan => "plan",
            Self::Close => "close",
        }
    }

    pub(super) fn form(
        self,
        w: Words,
        seen: &Seen,
        gap: Option<&Gap>,
        (csrf, key): (&str, &str),
    ) -> Form {
        let action = match gap {
            None => "/controls/gaps/new".to_owned(),
            Some(gap) => format!("/controls/gaps/{}/{}", gap.id, self.word()),
        };
        let mut form = Form::post(w, action, csrf, w.t(&format!("gaps-send-{}", self.word())))
            .apart(self.word())
            .key(key);
        match gap {
            None => form = form.cancel("/controls/gaps"),
            Some(gap) => form = form.version(u64::try_from(gap.version).unwrap_or(0)),
        }
        let area = |name: &str| field(w, name, Kind::Area(3)).required();
        match self {
            Self::Find => {
                let criteria = Catalogue::built_in()
                    .criteria()
                    .iter()
                    .map(|c| Choice::new(c.id.to_string(), criterion(c.id)))
                    .collect();
                let form = form
                    .field(field(w, "criterion", Kind::Select(criteria)).required())
                    .field(area("finding").hint(w.t("gaps-field-finding-hint")));
                plan(w, seen, form, None)
            }
            Self::Plan => plan(w, seen, form, gap).field(area("reason")),
            Self::Close => form.field(area("outcome").hint(w.t("gaps-field-outcome-hint"))),
        }
    }

    /// Runs the command once; gives the id of the gap.
    pub(super) async fn send(
        self,
        cx: &Cx,
        seen: &Seen,
        gap: Option<GapId>,
        form: &Form,
        pairs: &Pairs,
    ) -> Result<GapId, Failure> {
        let facts = Facts::of(seen.organisation);
        let typed = |name: &str| form.typed(name).to_owned();
        let plan = || GapPlan {
            action: typed("action"),
            owner: form.typed("owner").parse().ok(),
            due: typed("due"),
        };
        let Some(id) = gap else {
            let odd = || Refusal::field("criterion", "Choose a criterion of the list.");
            let input = GapInput {
                criterion: form.typed("criterion").parse().map_err(|_| odd())?,
                finding: typed("finding"),
                plan: plan(),
                origin: Origin::default(),
            };
            return cx
                .write_once(pairs, move |tx, env, actor| {
                    let permit = authorize::<ManageGaps>(actor, &facts)?;
                    service::open_gap(tx, env, &permit, &input)
                })
                .await;
        };
        let version = version_seen(form)?;
        let (plan, reason, outcome) = (plan(), typed("reason"), typed("outcome"));
        cx.write_once(pairs, move |tx, env, actor| {
            let permit = authorize::<ManageGaps>(actor, &facts)?;
            match self {
                Self::Close => service::close_gap(tx, env, &permit, (id, version), &outcome),
                Self::Find | Self::Plan => {
                    service::plan_gap(tx, env, &permit, (id, version), (&plan, &reason))
                }
            }
        })
        .await?;
        Ok(id)
    }
}

/// The fields of what is done, by whom and until when.
fn plan(w: Words, seen: &Seen, form: Form, now: Option<&Gap>) -> Form {
    let here = seen.people.iter().filter(|(_, (_, here))| *here);
    let people = here.map(|(id, (name, _))| Choice::new(id.to_string(), name));
    let people = std::iter::once(Choice::new("", w.t("gaps-nobody"))).chain(people).collect();
    let text = |f: fn(&Gap) -> String| now.map(f).unwrap_or_default();
    form.field(field(w, "action", Kind::Area(3)).required().value(text(|g| g.action.clone())))
        .field(
            field(w, "owner", Kind::Select(people))
                .value(text(|g| g.owner.map(|o| o.to_string()).unwrap_or_default())),
        )
        .field(field(w, "due", Kind::Date).required().value(text(|g| g.due.clone())))
}
