//! Pages of the firm's side.
//!
//! | file | holds |
//! |---|---|
//! | `engagement.rs` | `/examination`, `/examination/{engagement}` |
//! | `control.rs` | how a control was tested; its plan and its conclusion |
//! | `sheet.rs` | samples of items named by hand; the sheets are in [`crate::sheets`] |
//! | `populations.rs` | frozen populations, and freezing |
//! | `population.rs` | one of them with its checks and its judgement |
//! | `block.rs` | every item of a chosen run |
//! | `draw.rs` | samples by seed |
//! | `census.rs` | runs over every item |
//! | `library.rs` | the tests that come with the product |
//! | `rows.rs` | the rows of a full-population run that did not pass, deviations |
//! | `criteria.rs` | criteria; one with what failed under it, what makes up for that, and its conclusion |
//! | `tested.rs` | how a control was tested, from the plan to the proofs, for a peer reviewer |
//! | `stated.rs` | what makes up for a failed criterion, and how material it is |
//! | `opinion.rs` | the proposal with its reasons, the conclusion, the second signer |

mod block;
mod census;
mod control;
mod criteria;
mod draw;
mod engagement;
pub mod library;
mod opinion;
pub mod population;
pub mod populations;
mod rows;
mod sheet;
mod stated;
mod tested;

pub use block::{block, block_form};
pub use census::{census, census_form};
pub use control::{conclude_control, control, plan, plan_form};
pub use criteria::{conclude_criterion, criteria, criterion};
pub use draw::{draw, draw_form};
pub use engagement::{engagement, list};
pub use opinion::{conclude_opinion, opinion, second};
pub use rows::{census_rows, deviation_form, judge_rows, record_deviation};
pub use sheet::{name_items, name_items_form};
pub use stated::{judge_materiality, propose_compensation, second_materiality};
pub use tested::tested;

use crate::model::{About, Concluded, Standing, Verdict};
use crate::permits::{ReadFile, SecondConclusion};
use crate::store::Papers;
use kernel::env::Env;
use kernel::ids::{EngagementId, Id, Kind, PersonId};
use kernel::party::Actor;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::db::Tx;
use platform::http::{Answer, Cx, Failure, Pairs, Places};
use platform::ui::{Flash, Form, Html, Note, Shell, Status, Tone};
use platform::words::Words;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A page of which the components are put together in the handler.
#[derive(askama::Template)]
#[template(path = "examination/page.html")]
pub(crate) struct Page {
    pub(crate) shell: Shell,
    pub(crate) parts: Vec<Html>,
}

/// Places for work over frozen rows: it takes a processor and memory for a while.
static WORK: LazyLock<Places> = LazyLock::new(|| Places::new(2, 8));

/// Reads an id of an address; what is no id names nothing.
pub(crate) fn id<K: Kind>(text: &str) -> Result<Id<K>, Failure> {
    text.parse().map_err(|_| Failure::Refused(Refusal::NotFound))
}

/// The file of an engagement, for who may read it, with the names of the people in it.
pub(crate) async fn papers(cx: &Cx, engagement: EngagementId) -> Result<(Papers, Names), Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        let facts = crate::firm::store::facts_for(conn, actor, engagement, now)?;
        authorize::<ReadFile>(actor, &facts)?;
        let papers = Papers::load(conn, engagement)?;
        let names = names_of(conn, &papers)?;
        Ok((papers, names))
    })
    .await
}

/// The names of the people in a file.
fn names_of(conn: &mut platform::db::Conn<'_>, papers: &Papers) -> platform::db::Result<Names> {
    let mut names = Names::default();
    let signed = papers.conclusions();
    let signers = signed.iter().flat_map(|c| [Some(&c.signer), c.second_signer.as_ref()]);
    let testers = papers.items.values().flatten();
    let testers = testers.flat_map(|i| [i.tested_by.as_ref(), i.reviewed_by.as_ref()]);
    for actor in signers.chain(testers).flatten() {
        if !names.0.contains_key(actor)
            && let Ok(person) = actor.parse::<PersonId>()
        {
            names.0.insert(actor.clone(), identity::store::name_of(conn, person)?);
        }
    }
    Ok(names)
}

/// Names of people by the text that entries of the log hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(pub(crate) BTreeMap<String, String>);

impl Names {
    pub(crate) fn of(&self, actor: &str) -> String {
        self.0.get(actor).cloned().unwrap_or_else(|| actor.to_owned())
    }
}

pub(crate) fn heading(text: &str) -> Html {
    Html::trusted(format!("<h2>{}</h2>", Html::text(text)))
}

pub(crate) fn paragraph(text: &str) -> Html {
    Html::trusted(format!("<p>{}</p>", Html::text(text)))
}

/// Tells before which checks of its population a sample was drawn; nothing of one drawn after them.
pub(crate) fn drawn_early(
    w: Words,
    papers: &Papers,
    sample: &crate::model::SampleBody,
) -> Option<Html> {
    let population = sample.population?;
    let lacked = &sample.notes.before_checks;
    if lacked.is_empty() {
        return None;
    }
    let name = papers.populations.get(&population).map(|p| p.body.name.clone());
    let told = w.t1("examination-drawn-early-why", "name", name.unwrap_or_default());
    let to = href(papers.engagement.id, &format!("/populations/{population}/completeness"));
    let body = paragraph(&told)
        .and(sentences(lacked))
        .and(Html::link(&to, w.t("examination-drawn-early-checks")));
    Some(Note::new(Tone::Attention, w.t("examination-drawn-early"), body).into())
}

pub(crate) fn sentences(lines: &[String]) -> Html {
    let items: String = lines.iter().map(|l| format!("<li>{}</li>", Html::text(l))).collect();
    Html::trusted(format!("<ul>{items}</ul>"))
}

/// Pairs of a name and a value.
pub(crate) fn facts(pairs: &[(String, Html)]) -> Html {
    let pairs: String = pairs
        .iter()
        .map(|(name, value)| format!("<dt>{}</dt><dd>{value}</dd>", Html::text(name)))
        .collect();
    Html::trusted(format!("<dl class=\"facts\">{pairs}</dl>"))
}

pub(crate) fn href(engagement: EngagementId, rest: &str) -> String {
    format!("/examination/{engagement}{rest}")
}

/// The frame of a page of one engagement, with the tab that it stands under.
#[must_use]
pub fn framed(shell: Shell, papers: &Papers, tab: &str) -> Shell {
    let w = shell.w;
    let e = papers.engagement.id;
    let count = |n: usize| u64::try_from(n).ok();
    shell
        .at("examination")
        .crumb("/examination", w.t("examination-room"))
        .crumb(href(e, ""), papers.engagement.name.clone())
        .tab(href(e, "/team"), w.t("firm-tab-team"), None, tab == "team")
        .tab(href(e, "/plan"), w.t("planning-tab"), None, tab == "plan")
        .tab(
            href(e, ""),
            w.t("examination-tab-controls"),
            count(papers.controls.len()),
            tab == "controls",
        )
        .tab(
            href(e, "/populations"),
            w.t("examination-tab-populations"),
            count(papers.populations.len()),
            tab == "populations",
        )
        .tab(
            href(e, "/criteria"),
            w.t("examination-tab-criteria"),
            count(papers.criteria().len()),
            tab == "criteria",
        )
        .tab(href(e, "/opinion"), w.t("examination-tab-opinion"), None, tab == "opinion")
        .tab(href(e, "/promises"), w.t("promises-title-short"), None, tab == "promises")
        .tab(href(e, "/inquiries"), w.t("inquiries-room"), None, tab == "inquiries")
        .tab(href(e, "/mechanisms"), w.t("mechanisms-title-short"), None, tab == "mechanisms")
        .tab(href(e, "/completion"), w.t("examination-tab-completion"), None, tab == "completion")
        .tab(href(e, "/file"), w.t("examination-tab-file"), None, tab == "file")
}

/// A word of the rules in the reader's language.
pub(crate) fn word(w: Words, kind: &str, word: &str) -> String {
    w.t(&format!("examination-{kind}-{}", word.replace('_', "-")))
}

pub(crate) fn verdict(w: Words, verdict: &Verdict) -> String {
    match verdict {
        Verdict::Control { design, operation } => {
            let design = word(w, "design", design.word());
            match operation {
                Some(o) => format!("{design}; {}", word(w, "operation", o.word())),
                None => design,
            }
        }
        Verdict::Criterion { design, operation } => match operation {
            Some(o) => word(w, "status", (*o).max(*design).word()),
            None => word(w, "status", design.word()),
        },
        Verdict::Opinion { opinion } => word(w, "opinion", opinion.word()),
    }
}

/// Where a conclusion stands, in a word.
fn standing(w: Words, concluded: Option<&Concluded>) -> Status {
    match concluded.map(|c| c.stands) {
        None => Status::new(Tone::Waiting, w.t("examination-not-concluded")),
        Some(Standing::Stands) => Status::new(Tone::Good, w.t("examination-stands")),
        Some(Standing::AwaitsSecond) => {
            Status::new(Tone::Attention, w.t("examination-awaits-second"))
        }
        Some(Standing::Void) => Status::new(Tone::Attention, w.t("examination-void")),
    }
}

/// What is concluded, where the conclusion stands; else what it lacks.
fn found(w: Words, concluded: Option<&Concluded>) -> Status {
    let Some(c) = concluded.filter(|c| c.stands == Standing::Stands) else {
        return standing(w, concluded);
    };
    let tone = if favourable(&c.concluded) { Tone::Good } else { Tone::Attention };
    Status::new(tone, verdict(w, &c.concluded))
}

/// Whether nothing failed and nothing stayed unknown.
fn favourable(verdict: &Verdict) -> bool {
    use crate::rules::control::OperationState;
    use crate::rules::facts::{Opinion, Status as Found};
    match verdict {
        Verdict::Control { design, operation } => {
            let worked = operation
                .is_none_or(|o| !matches!(o, OperationState::Ineffective | OperationState::Unable));
            !design.fails() && worked
        }
        Verdict::Criterion { design, operation } => {
            *design == Found::Met && operation.is_none_or(|o| o == Found::Met)
        }
        Verdict::Opinion { opinion } => *opinion == Opinion::Unmodified,
    }
}

/// A conclusion with who signed, why, and whether it stands.
fn concluded(w: Words, names: &Names, c: &Concluded) -> Html {
    let at = w.moment_utc(c.recorded_at);
    let signed = w.t2("criterion-by", "who", names.of(&c.signer), "at", at);
    let mut pairs = vec![
        (w.t("examination-concluded"), Html::text(&verdict(w, &c.concluded))),
        (w.t("examination-proposed"), Html::text(&verdict(w, &c.proposed))),
        (w.t("examination-reason"), Html::text(&c.reason)),
        (w.t("examination-signed-by"), Html::text(&signed)),
        (w.t("examination-standing"), standing(w, Some(c)).into()),
        (w.t("examination-inputs"), Html::code(&c.inputs_sha256)),
    ];
    if let Some(proof) = &c.proof {
        pairs.push((w.t("examination-proof"), Html::text(proof)));
    }
    if let Some(second) = &c.second_signer {
        pairs.push((w.t("examination-second-signer"), Html::text(&names.of(second))));
    }
    facts(&pairs)
}

/// Why a conclusion is void; nothing of one that is not.
pub(crate) fn void_note(w: Words, c: &Concluded) -> Option<Html> {
    if c.stands != Standing::Void {
        return None;
    }
    let why = if c.of_earlier_rule() {
        let now = crate::store::inputs_rule(c.about);
        w.t2("examination-void-rule", "then", c.rule, "now", now)
    } else {
        w.t("examination-void-why")
    };
    Some(Note::new(Tone::Attention, w.t("examination-void"), why).into())
}

/// The person who reads.
pub(crate) fn me(cx: &Cx) -> Option<PersonId> {
    cx.actor().ok().and_then(|actor| actor.person)
}

/// The form for the second signature as a page offers it: not to whoever concluded.
fn second_offered(cx: &Cx, papers: &Papers, c: &Concluded) -> Option<Form> {
    let own = cx.actor().is_ok_and(|actor| actor.name() == c.signer);
    second_form(cx, papers, c).filter(|_| !own)
}

/// The form with which a second person signs; none when none is needed.
fn second_form(cx: &Cx, papers: &Papers, c: &Concluded) -> Option<Form> {
    use platform::ui::{Field, Kind as FieldKind};
    let engagement = papers.engagement.id;
    let outside = papers.stays_outside(me(cx));
    if c.stands != Standing::AwaitsSecond || outside || !cx.can::<SecondConclusion>() {
        return None;
    }
    let (shell, w) = (cx.shell(), cx.w);
    let about = serde_json::to_string(&c.about).unwrap_or_default();
    let version = u64::try_from(c.version).unwrap_or_default();
    Some(
        Form::post(w, href(engagement, "/second"), &shell.csrf, w.t("examination-sign-second"))
            .apart("second")
            .hide("about", about)
            .version(version)
            .field(
                Field::new(w, "reason", w.t("examination-second-reason"), FieldKind::Area(2))
                    .required()
                    .max(4_000),
            ),
    )
}

/// Puts a refusal on the form; what is no refusal of the input or the state stays a failure.
pub(crate) fn onto(form: &mut Form, failure: Failure) -> Result<(), Failure> {
    match failure {
        Failure::Refused(Refusal::Input { field, message }) => {
            form.error(field.unwrap_or_default(), message);
            Ok(())
        }
        Failure::Refused(Refusal::NotFound) => Err(Failure::Refused(Refusal::NotFound)),
        Failure::Refused(refusal) => {
            form.error("", refusal.to_string());
            Ok(())
        }
        other => Err(other),
    }
}

/// A fresh idempotency key for a form.
pub(crate) fn fresh_key(cx: &Cx) -> String {
    let bytes: [u8; 16] = cx.env().bytes();
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Runs the command of a form once: the same form sent again gives the first answer again.
pub(crate) async fn once<T, F>(cx: &Cx, pairs: &Pairs, f: F) -> Result<T, Failure>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
    F: FnMut(&mut Tx<'_>, &mut Env, &Actor) -> platform::db::Result<T> + Send + 'static,
{
    cx.write_once(pairs, f).await
}

/// Sends what a form holds to a command under a permit of the engagement, once. Whether it was carried
/// out; what the person can mend stands on the form.
pub(crate) async fn submit<A, T, F>(
    cx: &Cx,
    pairs: &Pairs,
    engagement: EngagementId,
    form: &mut Form,
    mut f: F,
) -> Result<bool, Failure>
where
    A: kernel::permit::Action,
    T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
    F: FnMut(&mut Tx<'_>, &mut Env, &kernel::permit::Permit<A>) -> platform::db::Result<T>
        + Send
        + 'static,
{
    if !form.ok() {
        return Ok(false);
    }
    let written = once(cx, pairs, move |tx, env, actor| {
        let permit = authorize::<A>(actor, &scope::facts(tx, engagement)?)?;
        f(tx, env, &permit)
    })
    .await;
    match written {
        Ok(_) => Ok(true),
        Err(failure) => {
            onto(form, failure)?;
            Ok(false)
        }
    }
}

/// A form as it was sent: filled with what was typed, and checked.
pub(crate) fn filled(mut form: Form, pairs: &Pairs) -> Form {
    form.fill(&pairs.0);
    form.check();
    form
}

/// A form that was refused, alone on its page with what was typed. For forms that the page they came from
/// shows many times, or no longer shows.
pub(crate) fn alone(cx: &Cx, shell: Shell, form: Form) -> Answer {
    cx.page_again(&platform::ui::Page::new(shell).part(form))
}

/// Goes back to a page and says what happened.
pub(crate) async fn done(cx: &Cx, to: &str, key: &str) -> Answer {
    cx.see_other(to, Flash::Done(cx.w.t(key))).await
}

/// The version that a form was filled in against.
pub(crate) fn version(form: &Form) -> i64 {
    form.hidden("version").and_then(|v| v.parse().ok()).unwrap_or(0)
}

/// Where a conclusion is shown.
fn page_of(engagement: EngagementId, about: About) -> String {
    match about {
        About::Control { control } => href(engagement, &format!("/controls/{control}")),
        About::Criterion { criterion } => href(engagement, &format!("/criteria/{criterion}")),
        About::Opinion => href(engagement, "/opinion"),
    }
}
