//! The middle of August: procedures after the period's end, one subsequent event, and a letter on
//! deficiencies that management has not acknowledged yet.

use super::Story;
use super::people::Cast;
use examination::completion::model::{EventKind, Matter, ProcedureBody, ProcedureKind};
use examination::completion::permits::{PerformCompletion, ReviewCompletion, WriteLetter};
use examination::completion::{rules, service};
use examination::store::Papers;
use kernel::refusal::Refusal;
use platform::db::Result;

/// What was done: kind, whom or what, what came of it.
struct Done(ProcedureKind, &'static str, &'static str);

const DONE: [Done; 5] = [
    Done(
        ProcedureKind::Inquiry,
        "Ruth Abernathy, chief executive officer; Nadia Lindqvist, compliance",
        "Asked about incidents, changes, litigation and departures since 30 June. A move of the portal to a second region was named.",
    ),
    Done(
        ProcedureKind::Minutes,
        "Minutes of the board and of the security meeting, July and August",
        "Nothing bears on the description or the controls.",
    ),
    Done(
        ProcedureKind::Incidents,
        "The case register from 1 July on",
        "No incident of the two highest severities.",
    ),
    Done(
        ProcedureKind::Changes,
        "The history of the main line and the change calendar from 1 July on",
        "The portal was moved to a second region on 8 August.",
    ),
    Done(
        ProcedureKind::Reports,
        "The report of Northfield Cloud, received on 5 August",
        "Unmodified; the assumed controls are covered to 31 May, with a bridge letter to 30 June.",
    ),
];

pub(super) fn complete(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let day =
        |text: &str| kernel::period::parse_date(text).map_err(|e| Refusal::input(e.to_string()));
    let date = day("2026-08-14")?;
    for Done(kind, source, result) in DONE {
        let matter = (kind == ProcedureKind::Changes).then(|| Matter {
            text: "The portal runs in a second region since 8 August.".into(),
            kind: EventKind::After,
            effect: "No effect on the period. Management was asked to mention it with the report."
                .into(),
        });
        let body = ProcedureBody {
            kind,
            control: None,
            performed_on: date,
            covers_to: date,
            source: source.into(),
            result: result.into(),
            matter,
            evidence: Vec::new(),
        };
        let id =
            story.act::<PerformCompletion, _>(cast, &cast.senior, move |tx, env, permit| {
                service::perform(tx, env, permit, None, &body)
            })?;
        // The last one is left for whoever looks around.
        if kind != ProcedureKind::Reports {
            story.act::<ReviewCompletion, _>(cast, &cast.manager, move |tx, env, permit| {
                service::review(tx, env, permit, id)
            })?;
        }
    }
    story.act::<WriteLetter, _>(cast, &cast.manager, |tx, env, permit| {
        let engagement = permit.facts().engagement.ok_or(Refusal::NotFound)?;
        let drafted = rules::draft_letter(&Papers::load(tx, engagement)?)
            .ok_or_else(|| Refusal::input("no deviation to write of"))?;
        service::write_letter(tx, env, permit, 0, &drafted)
    })?;
    story.act::<WriteLetter, _>(cast, &cast.partner, |tx, env, permit| {
        service::release_letter(tx, env, permit, 1)
    })
}
