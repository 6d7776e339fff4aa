//! Review notes, and the signatures of preparer and reviewer.

use super::{NOTE_MAX, file, sheet, subject, write};
use crate::model::{Item, SampleId};
use crate::permits::{PerformTests, ReviewWork};
use crate::rules::item::{ItemOutcome, item_outcome};
use crate::service::review_items;
use crate::sheets::events::{NoteAnswered, NoteCleared, NoteRaised, SheetPrepared, SheetReviewed};
use crate::sheets::model::{NoteId, Part};
use crate::sheets::{rules, store as sheets};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use platform::db::{Result, Tx};
use platform::journal::Expected;

fn testers(items: &[Item]) -> impl Iterator<Item = &str> {
    items.iter().filter_map(|i| i.tested_by.as_deref())
}

/// Raises a note on a sheet or on one of its items.
///
/// # Errors
/// [`Refusal::State`] when the person tested the items themself, [`Refusal::NotFound`],
/// [`Refusal::Input`].
pub fn raise_note(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ReviewWork>,
    sample: SampleId,
    item: Option<&str>,
    text: &str,
) -> Result<NoteId> {
    let file = file(permit)?;
    let (_, items) = sheet(tx, file, sample)?;
    let me = permit.actor().name();
    let concerned: Vec<&Item> =
        items.iter().filter(|i| item.is_none_or(|id| id == i.facts.id)).collect();
    if concerned.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    let own = concerned.iter().all(|i| i.tested_by.as_deref() == Some(me.as_str()));
    if own {
        return Err(Refusal::state(
            "You tested this yourself. A review note is raised by somebody else.",
        )
        .into());
    }
    let id: NoteId = env.id();
    let event = NoteRaised {
        id,
        engagement: file.engagement,
        sample,
        item: item.map(str::to_owned),
        text: sentence("text", text, NOTE_MAX)?,
    };
    write(tx, env, permit, &id.to_string(), Expected::New, vec![event.into()])?;
    Ok(id)
}

/// Answers a review note.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when it is cleared, [`Refusal::Stale`], [`Refusal::Input`].
pub fn answer_note(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    id: NoteId,
    version: i64,
    answer: &str,
) -> Result<()> {
    let note = sheets::note(tx, file(permit)?, id)?.ok_or(Refusal::NotFound)?;
    if !note.is_open() {
        return Err(Refusal::state("This note is cleared. Nothing more is needed.").into());
    }
    let event = NoteAnswered { answer: sentence("answer", answer, NOTE_MAX)? };
    write(tx, env, permit, &id.to_string(), Expected::Version(version), vec![event.into()])
}

/// Clears a review note that was answered. Who answered it does not clear it.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`], [`Refusal::Stale`], [`Refusal::Input`].
pub fn clear_note(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ReviewWork>,
    id: NoteId,
    version: i64,
    remark: &str,
) -> Result<()> {
    let note = sheets::note(tx, file(permit)?, id)?.ok_or(Refusal::NotFound)?;
    let me = permit.actor().name();
    if !note.is_open() {
        return Err(Refusal::state("This note is cleared already.").into());
    }
    match note.answered_by.as_deref() {
        None => {
            return Err(Refusal::state(
                "This note has no answer yet. The preparer answers it, then it can be cleared.",
            )
            .into());
        }
        Some(who) if who == me => {
            return Err(Refusal::state(
                "You answered this note yourself. Somebody else has to clear it.",
            )
            .into());
        }
        Some(_) => {}
    }
    let event = NoteCleared { remark: kernel::refusal::remark("remark", remark, NOTE_MAX)? };
    write(tx, env, permit, &id.to_string(), Expected::Version(version), vec![event.into()])
}

/// Refuses while an item has no result.
fn finished(items: &[Item]) -> Result<(), Refusal> {
    let open =
        items.iter().filter(|i| matches!(item_outcome(&i.facts), Ok(ItemOutcome::Open) | Err(_)));
    match open.count() {
        0 => Ok(()),
        n => Err(Refusal::state(format!(
            "{n} of {} items have no result yet. Enter them, then sign.",
            items.len()
        ))),
    }
}

/// Signs a sheet as the one who prepared it. The signature is bound to the results as they stand.
///
/// # Errors
/// [`Refusal::State`] while an item is open or when the person tested none of them;
/// [`Refusal::NotFound`].
pub fn sign_prepared(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    sample: SampleId,
) -> Result<()> {
    let file = file(permit)?;
    let (_, items) = sheet(tx, file, sample)?;
    finished(&items)?;
    let me = permit.actor().name();
    if !testers(&items).any(|t| t == me) {
        return Err(Refusal::state(
            "You tested none of these items. Who tested them signs as preparer.",
        )
        .into());
    }
    let event =
        SheetPrepared { engagement: file.engagement, sample, digest: rules::digest(&items) };
    write(tx, env, permit, &subject(sample), Expected::Any, vec![event.into()])
}

/// Signs a sheet as its reviewer, which reviews every result on it. Only after the preparer signed the
/// same results and every review note is cleared; never by a tester.
///
/// # Errors
/// [`Refusal::State`] with what is missing; [`Refusal::NotFound`].
pub fn sign_reviewed(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ReviewWork>,
    sample: SampleId,
) -> Result<()> {
    let file = file(permit)?;
    crate::firm::service::stays_outside(tx, permit)?;
    let (_, items) = sheet(tx, file, sample)?;
    finished(&items)?;
    let me = permit.actor().name();
    if testers(&items).any(|t| t == me) {
        return Err(Refusal::state(
            "You tested some of these items yourself. Somebody else has to review the sheet.",
        )
        .into());
    }
    let digest = rules::digest(&items);
    let signed = sheets::signatures(tx, file, sample)?;
    let prepared = signed.iter().find(|s| s.part == Part::Preparer);
    match prepared {
        None => return Err(Refusal::state("The preparer has not signed this sheet yet.").into()),
        Some(s) if s.digest != digest => {
            return Err(Refusal::state(
                "A result changed after the preparer signed. The preparer signs again first.",
            )
            .into());
        }
        Some(s) if s.signer == me => {
            return Err(Refusal::state("You prepared this sheet. Somebody else reviews it.").into());
        }
        Some(_) => {}
    }
    let open = sheets::notes(tx, file, sample)?.iter().filter(|n| n.is_open()).count();
    if open > 0 {
        return Err(Refusal::state(format!(
            "{open} review notes are not cleared yet. Clear them, then sign."
        ))
        .into());
    }
    let waiting: Vec<String> = items
        .iter()
        .filter(|i| i.tested_by.is_some() && i.reviewed_by.is_none())
        .map(|i| i.facts.id.clone())
        .collect();
    if !waiting.is_empty() {
        review_items(tx, env, permit, sample, &waiting)?;
    }
    let event = SheetReviewed { engagement: file.engagement, sample, digest };
    write(tx, env, permit, &subject(sample), Expected::Any, vec![event.into()])
}
