//! Commands: views, tags, and acts on several cases.

pub mod figures;

use super::events::{CaseTagged, ViewEvent, ViewRemoved, ViewSaved};
use super::model::{BulkAct, NAME_MAX, QUERY_BYTES_MAX, TAGS_MAX, VIEWS_MAX, ViewId};
use super::permits::{KeepViews, TagCases};
use super::store;
use crate::model::CaseId;
use crate::permits::HandleCase;
use kernel::env::Env;
use kernel::party::Actor;
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::{Refusal, line};
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};
use platform::ui::ListQuery;

/// The filters of an address and nothing else: no place, no order, no file format.
#[must_use]
pub fn canonical(query: &str) -> String {
    let all = ListQuery::parse("", query);
    let mut out = ListQuery::parse("", "");
    for (name, value) in all.filters() {
        let href = out.href_with(name, value);
        out = ListQuery::parse("", href.trim_start_matches('?'));
    }
    out.href_first().trim_start_matches('?').to_owned()
}

/// Keeps a set of filters under a name.
///
/// # Errors
/// [`Refusal::Input`] naming the field; [`Refusal::State`] where there are too many.
pub fn save(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepViews>,
    (name, query, shared): (&str, &str, bool),
) -> Result<ViewId> {
    let owner = permit.actor().person.ok_or(Refusal::NotFound)?;
    let name = line("name", name, NAME_MAX)?;
    let query = canonical(query);
    if query.is_empty() {
        return Err(Refusal::input("This list shows all cases. Set a filter first.").into());
    }
    if query.len() > QUERY_BYTES_MAX {
        return Err(Refusal::input("These filters are too long to keep. Use fewer of them.").into());
    }
    let views = store::views(tx, permit.owner(), owner)?;
    let own: Vec<_> = views.iter().filter(|v| v.owner == owner).collect();
    let same = own.iter().find(|v| v.name == name);
    if same.is_none() && own.len() >= VIEWS_MAX {
        return Err(Refusal::state(format!(
            "You keep {VIEWS_MAX} views already. Remove one of them first."
        ))
        .into());
    }
    let id = same.map_or_else(|| env.id(), |v| v.id);
    let event = ViewSaved { id, organisation: permit.owner(), owner, name, query, shared };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Any, vec![ViewEvent::from(event)])?;
    Ok(id)
}

/// Takes a view of one's own away.
///
/// # Errors
/// [`Refusal::NotFound`] when the person keeps no such view.
pub fn remove(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepViews>,
    id: ViewId,
) -> Result<()> {
    let owner = permit.actor().person.ok_or(Refusal::NotFound)?;
    let views = store::views(tx, permit.owner(), owner)?;
    if !views.iter().any(|v| v.id == id && v.owner == owner) {
        return Err(Refusal::NotFound.into());
    }
    let origin = Origin::by(permit.actor(), permit.owner());
    let event = ViewEvent::from(ViewRemoved { id });
    record(tx, env, &origin, &id.to_string(), Expected::Any, vec![event])?;
    Ok(())
}

/// A tag as it is kept: one line, lower case.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn tag_of(text: &str) -> Result<String> {
    Ok(line("tag", &text.trim().to_lowercase(), NAME_MAX)?)
}

/// Puts a tag on a case or takes it off. What is so already is left as it is.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Input`], [`Refusal::State`].
pub fn tag(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<TagCases>,
    case: CaseId,
    (text, on): (&str, bool),
) -> Result<()> {
    let tag = tag_of(text)?;
    crate::store::case(tx, permit.owner(), case)?.ok_or(Refusal::NotFound)?;
    let tags = store::tags_of(tx, permit.owner(), case)?;
    if tags.contains(&tag) == on {
        return Ok(());
    }
    if on && tags.len() >= TAGS_MAX {
        return Err(Refusal::state(format!(
            "This case has {TAGS_MAX} tags already. Take one off first."
        ))
        .into());
    }
    let origin = Origin::by(permit.actor(), permit.owner());
    let event = CaseTagged { organisation: permit.owner(), case, tag, on };
    // A record of its own: tagging a case does not make the form of somebody else stale.
    let subject = format!("{case}/tags");
    record(tx, env, &origin, &subject, Expected::Any, vec![ViewEvent::from(event)])?;
    Ok(())
}

/// Does to one of several cases what was chosen for all of them, as the version that was shown.
///
/// # Errors
/// Whatever the single command says.
pub fn act_on_one(
    tx: &mut Tx<'_>,
    env: &mut Env,
    actor: &Actor,
    (case, version): (CaseId, i64),
    act: &BulkAct,
) -> Result<()> {
    let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
    // A report that concerns somebody is not theirs to work on.
    if crate::store::kept_out(tx, case, actor.person.ok_or(Refusal::NotFound)?)? {
        return Err(Refusal::NotFound.into());
    }
    match act {
        BulkAct::Assign(person) => {
            let permit = authorize::<HandleCase>(actor, &facts)?;
            crate::service::assign(tx, env, &permit, case, version, *person)
        }
        BulkAct::Close(outcome) => {
            let permit = authorize::<HandleCase>(actor, &facts)?;
            crate::service::close(tx, env, &permit, case, version, outcome)
        }
        BulkAct::Tag(text) | BulkAct::Untag(text) => {
            let permit = authorize::<TagCases>(actor, &facts)?;
            tag(tx, env, &permit, case, (text, matches!(act, BulkAct::Tag(_))))
        }
    }
}
