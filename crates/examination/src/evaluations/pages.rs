//! Forms of papers: the fields they share, sending them, and showing them again with what was typed.

use super::model::{At, Kept};
use crate::pages::{done, href, submit, version};
use evidence::model::EvidenceId;
use kernel::env::Env;
use kernel::ids::EngagementId;
use kernel::permit::{Action, Permit};
use platform::db::{Result as Stored, Tx};
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Field, Form, Html, Kind, Page, Shell, stack};
use platform::words::Words;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What every form of an evaluation begins with: it is this session's, there is a file for who sends it, and
/// they may do what it does.
///
/// # Errors
/// As `seen` gives them; when the form is another session's, or the person may not.
pub(crate) async fn opened<A: Action, S>(
    cx: &Cx,
    pairs: &Pairs,
    seen: impl Future<Output = Result<S, Failure>>,
) -> Result<S, Failure> {
    cx.check_csrf(pairs)?;
    let seen = seen.await?;
    cx.may::<A>()?;
    Ok(seen)
}

/// Carries out what a filled form asks for and goes to `to`, or shows its page again. `command` is none
/// where the form's fields do not make a whole; why stands on the form.
///
/// # Errors
/// What no person can mend.
pub(crate) async fn finish<A, T, F>(
    cx: &Cx,
    pairs: &Pairs,
    mut form: Form,
    (engagement, to, said): (EngagementId, &str, &str),
    command: Option<F>,
    again: impl FnOnce(Form) -> Page,
) -> Answer
where
    A: Action,
    T: Serialize + DeserializeOwned + Send + 'static,
    F: FnMut(&mut Tx<'_>, &mut Env, &Permit<A>) -> Stored<T> + Send + 'static,
{
    if let Some(command) = command
        && submit(cx, pairs, engagement, &mut form, command).await?
    {
        return done(cx, to, said).await;
    }
    cx.page_again(&again(form))
}

/// A page made of parts.
pub(crate) fn page(shell: Shell, parts: Vec<Html>) -> Page {
    parts.into_iter().fold(Page::new(shell), Page::part)
}

/// The version that a form is filled in against; 0 for a paper that is not there yet.
pub(crate) fn seen_version(version: Option<i64>) -> u64 {
    version.and_then(|v| u64::try_from(v).ok()).unwrap_or(0)
}

/// The key of a paper of a list with the version that was seen, as a form sends it.
pub(crate) fn at(form: &Form) -> At {
    let key = form.hidden("paper").filter(|k| !k.is_empty())?;
    Some((key.to_owned(), version(form)))
}

/// The paper of a list that a sent form speaks of; none for a new one. The second is true where somebody
/// withdrew it meanwhile: then the form is one for a new paper.
pub(crate) fn paper_of<'p, T>(all: &'p [Kept<T>], pairs: &Pairs) -> (Option<&'p Kept<T>>, bool) {
    match pairs.get("paper").filter(|k| !k.is_empty()) {
        None => (None, false),
        Some(key) => {
            let found = all.iter().find(|k| k.key == key);
            (found, found.is_none())
        }
    }
}

/// What shows something: items of evidence and pages as links, the rest as words.
pub(crate) fn shown_by(engagement: EngagementId, lines: &[String]) -> Html {
    stack(lines.iter().map(|line| {
        if line.parse::<EvidenceId>().is_ok() {
            Html::link(&format!("/evidence/{line}"), broken(line))
        } else if line.parse::<crate::inquiries::model::InquiryId>().is_ok() {
            Html::link(&href(engagement, &format!("/inquiries/{line}")), broken(line))
        } else if line.starts_with('/') && platform::ui::safe_href(line) {
            Html::link(line, line.as_str())
        } else {
            Html::text(line)
        }
    }))
}

/// An id that may be broken over lines on a narrow screen. Ids hold letters, digits and `_` alone.
fn broken(id: &str) -> Html {
    let parts: Vec<String> =
        id.as_bytes().chunks(8).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
    let parts: Vec<String> = parts.iter().map(|p| Html::text(p).to_string()).collect();
    Html::trusted(parts.join("<wbr>"))
}

/// The field for what shows something.
pub(crate) fn evidence_field(w: Words, given: &[String], needed: bool) -> Field {
    let field = Field::new(w, "evidence", w.t("mechanisms-evidence"), Kind::Area(3))
        .hint(w.t("mechanisms-evidence-hint"))
        .max(4_000)
        .value(given.join("\n"));
    if needed { field.required() } else { field }
}

/// The lines that were typed into a field.
pub(crate) fn lines(form: &Form, name: &str) -> Vec<String> {
    form.typed(name).lines().map(str::to_owned).collect()
}
