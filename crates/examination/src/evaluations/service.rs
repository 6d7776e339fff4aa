//! Key and version of a paper, references to what shows something, and the record in the firm's log.

use super::model::{At, Kept, Written};
use crate::model::File;
use crate::store::file_of;
use evidence::model::EvidenceId;
use kernel::env::Env;
use kernel::ids::{Kind, PartyId};
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line};
use platform::db::{Conn, Result, Tx};
use platform::journal::{Expected, Origin, Project, record};

/// The longest text.
pub const TEXT_MAX: usize = 4_000;
/// References of one paper at most.
pub const EVIDENCE_MAX: usize = 40;
/// Papers of one kind at most.
pub const PAPERS_MAX: usize = 400;

/// Records a paper. `subject` gives the name under which it is kept in the log; version 0 is a new one.
///
/// # Errors
/// [`Refusal::Stale`] when it is not at the version that was seen.
pub fn write<A, E, T>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    subject: impl FnOnce(File) -> String,
    (key, version): (&str, i64),
    body: T,
) -> Result<()>
where
    E: Project + From<Written<T>>,
{
    let file = file_of(permit.facts())?;
    let event = Written { engagement: file.engagement, key: key.to_owned(), body };
    let origin = Origin::by(permit.actor(), file.firm);
    let expected = if version == 0 { Expected::New } else { Expected::Version(version) };
    record(tx, env, &origin, &subject(file), expected, vec![E::from(event)])?;
    Ok(())
}

/// The key and version of a paper of a list; a new one gets a key of its own.
///
/// # Errors
/// [`Refusal::NotFound`] for a key that is not among `all`, [`Refusal::State`] when the list is full.
pub fn place<K: Kind, T>(
    env: &mut Env,
    at: At,
    all: &[Kept<T>],
) -> std::result::Result<(String, i64), Refusal> {
    match at {
        Some((key, version)) if all.iter().any(|k| k.key == key) => Ok((key, version)),
        Some(_) => Err(Refusal::NotFound),
        None if all.len() >= PAPERS_MAX => Err(Refusal::state(
            "There are as many of these as an evaluation can hold. Change one that is there.",
        )),
        None => Ok((env.id::<K>().to_string(), 0)),
    }
}

/// References to what shows something: an id of an item of evidence, a page of this deployment, or words
/// that name a document. An id must be of an item that the organisation supplied.
///
/// # Errors
/// [`Refusal::Input`] on `evidence` when they are fewer than `least`, too many, too long, or name no item.
pub fn evidence(
    conn: &mut Conn<'_>,
    owner: PartyId,
    given: &[String],
    least: usize,
) -> Result<Vec<String>> {
    let lines: Vec<&str> = given.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
    let wrong = |why: String| Refusal::field("evidence", why);
    if lines.len() < least {
        return Err(wrong(
            "Say what shows this: the id of an item of evidence, a page, or a document by its name."
                .into(),
        )
        .into());
    }
    if lines.len() > EVIDENCE_MAX {
        return Err(wrong(format!("At most {EVIDENCE_MAX} references.")).into());
    }
    let mut out = Vec::new();
    for text in lines {
        let text = line("evidence", text, 300)?;
        if let Ok(id) = text.parse::<EvidenceId>()
            && evidence::store::item(conn, owner, id)?.is_none()
        {
            return Err(wrong(format!(
                "No item of evidence has the id {text}. Copy it from the item's page."
            ))
            .into());
        }
        out.push(text);
    }
    Ok(out)
}
