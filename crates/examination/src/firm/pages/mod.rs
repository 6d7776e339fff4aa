//! `/firm`: the firm's standing and policies. `/examination/{engagement}/team`: who works on it, and may they.

mod policies;
mod team;
mod team_forms;

pub use policies::{approve, draft, draft_form, house, policy, profile};
pub use team::{act, show};

use crate::pages::onto;
pub(crate) use crate::pages::version;
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::party::Actor;
use kernel::refusal::Refusal;
use platform::db::{Conn, Result, Tx};
use platform::http::{Cx, Failure, Pairs};
use platform::ui::{Choice, Form};
use platform::words::Words;
use std::collections::BTreeMap;

/// The people of the firm by id, deactivated ones included: what they did stays theirs.
pub(crate) fn people(conn: &mut Conn<'_>, firm: PartyId) -> Result<BTreeMap<PersonId, String>> {
    let all = identity::store::people_of(conn, firm)?;
    Ok(all.into_iter().map(|m| (m.profile.id, m.profile.name)).collect())
}

/// The name behind the text that an entry of the log holds.
pub(crate) fn name(people: &BTreeMap<PersonId, String>, actor: &str) -> String {
    let found = actor.parse().ok().and_then(|id: PersonId| people.get(&id));
    found.cloned().unwrap_or_else(|| actor.to_owned())
}

/// A word of this subject in the reader's language.
pub(crate) fn word(w: Words, kind: &str, word: &str) -> String {
    w.t(&format!("firm-{kind}-{}", word.replace('_', "-")))
}

/// The words of a list as choices.
pub(crate) fn choices<T: Copy>(
    w: Words,
    kind: &str,
    all: &[T],
    as_word: impl Fn(T) -> &'static str,
) -> Vec<Choice> {
    all.iter().map(|t| Choice::new(as_word(*t), word(w, kind, as_word(*t)))).collect()
}

/// Reads a field that may be empty, or puts what is wrong beside it.
pub(crate) fn maybe<T: std::str::FromStr>(form: &mut Form, field: &str, wrong: &str) -> Option<T> {
    let text = form.typed(field).to_owned();
    if text.is_empty() {
        return None;
    }
    let read = text.parse().ok();
    if read.is_none() {
        form.error(field, wrong);
    }
    read
}

/// Runs the command of a filled form once. Gives the form again with what is wrong, or nothing when it
/// was done.
pub(crate) async fn send<T, F>(
    cx: &Cx,
    pairs: &Pairs,
    mut form: Form,
    command: F,
) -> Result<Option<Form>, Failure>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
    F: FnMut(&mut Tx<'_>, &mut Env, &Actor) -> Result<T> + Send + 'static,
{
    if !form.ok() {
        return Ok(Some(form));
    }
    match cx.write_once(pairs, command).await {
        Ok(_) => Ok(None),
        Err(failure) => {
            onto(&mut form, failure)?;
            Ok(Some(form))
        }
    }
}

/// A value of the body that no field shows: whose confirmation, which service.
pub(crate) fn sent_id<T: std::str::FromStr>(pairs: &Pairs, name: &str) -> Result<T, Failure> {
    pairs.get(name).and_then(|t| t.parse().ok()).ok_or(Failure::Refused(Refusal::NotFound))
}
