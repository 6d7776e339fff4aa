//! What is known of a case: its facts, what it touched, why it happened, what the review found.

use super::super::{key_of, kind_word, severity_word, state_status};
use super::Seen;
use crate::model::casework::Review;
use jiff::tz::TimeZone;
use kernel::time::Timestamp;
use platform::ui::{Html, Note, Tone, facts, prose, stack};
use platform::words::Words;

pub(super) fn known(w: Words, seen: &Seen) -> Html {
    let case = &seen.case;
    let zone = TimeZone::UTC;
    let at = |time: Option<Timestamp>| time.map_or_else(Html::empty, |t| w.moment(t, &zone).into());
    // How to reach a reporter is not the firm's to know.
    let contact = case.contact.as_deref().filter(|_| seen.inside).unwrap_or_default();
    let incident = seen.judged.as_ref().map_or_else(Html::empty, |j| {
        w.t(if j.incident { "cases-is-incident" } else { "cases-is-event" }).into()
    });
    let mut all = vec![
        (w.t("cases-number"), Html::id(&case.tracking_number)),
        (w.t("cases-state"), state_status(w, case).into()),
        (w.t("cases-kind"), kind_word(w, case.kind).into()),
        (w.t("cases-severity"), severity_word(w, case.severity).into()),
        (w.t("casework-incident"), incident),
        (w.t("cases-channel"), Html::text(&case.channel)),
        (w.t("cases-owner"), seen.owner.as_deref().unwrap_or_default().into()),
        (w.t("cases-reported"), at(Some(case.reported_at))),
        (w.t("cases-occurred"), at(case.occurred_at)),
        (w.t("cases-acknowledged"), at(case.acknowledged_at)),
    ];
    for fact in seen.facts.iter().filter(|f| f.what.word() != "occurred") {
        all.push((w.t(&key_of("casework-fact", fact.what.word())), at(Some(fact.at))));
    }
    all.extend([
        (w.t("cases-resolved"), at(case.resolved_at)),
        (w.t("cases-closed"), at(case.closed_at)),
        (w.t("cases-contact"), contact.into()),
        (w.t("cases-language"), Html::text(&case.language)),
    ]);
    facts(all)
}

/// What is missing before the case can be concluded; nothing for one that is.
pub(super) fn missing(w: Words, seen: &Seen) -> Html {
    if seen.case.state.is_concluded() || seen.case.severity.is_none() {
        return Html::empty();
    }
    if seen.missing.is_empty() {
        let text = w.t("casework-nothing-missing");
        return Note::new(Tone::Good, w.t("casework-can-close"), text).into();
    }
    let list = stack(seen.missing.iter().map(|m| {
        let key = format!("casework-missing-{}", m.word());
        Html::link(&format!("#{}", m.place()), w.t1(&key, "count", m.count()))
    }));
    Note::new(Tone::Waiting, w.t("casework-before-closing"), list).into()
}

fn names<'a, T: PartialEq + 'a>(chosen: &[T], all: impl Iterator<Item = (&'a T, &'a str)>) -> Html {
    let found: Vec<&str> = all.filter(|(id, _)| chosen.contains(id)).map(|(_, n)| n).collect();
    Html::text(&found.join(", "))
}

/// What the case touched.
pub(super) fn impact(w: Words, seen: &Seen) -> Html {
    let Some(impact) = &seen.impact else { return Html::empty() };
    let registers = &seen.registers;
    let categories: Vec<&str> = impact.categories.iter().map(|c| c.name()).collect();
    let criteria: Vec<String> = impact.criteria.iter().map(ToString::to_string).collect();
    let data: Vec<String> =
        impact.data.iter().map(|d| w.t(&key_of("casework-data", d.word()))).collect();
    let label = |name: &str| w.t(&key_of("casework-field", name));
    facts(vec![
        (label("extent"), prose(&impact.extent)),
        (label("categories"), Html::text(&categories.join(", "))),
        (label("criteria"), Html::text(&criteria.join(", "))),
        (
            label("controls"),
            names(&impact.controls, registers.controls.iter().map(|(i, c, _)| (i, c.as_str()))),
        ),
        (
            label("commitments"),
            names(
                &impact.commitments,
                registers.commitments.iter().map(|(i, c, _)| (i, c.as_str())),
            ),
        ),
        (
            label("components"),
            names(&impact.components, registers.components.iter().map(|(i, n)| (i, n.as_str()))),
        ),
        (label("data"), Html::text(&data.join(", "))),
    ])
}

/// Why it happened, and how that was found.
pub(super) fn cause(w: Words, seen: &Seen) -> Html {
    let Some(cause) = &seen.cause else { return Html::empty() };
    let steps = stack(cause.steps.iter().map(|s| Html::text(s)));
    facts(vec![
        (w.t("casework-field-cause"), prose(&cause.cause)),
        (w.t("casework-field-code"), w.t(&key_of("casework-code", cause.code.word())).into()),
        (w.t("casework-field-method"), w.t(&key_of("casework-method", cause.method.word())).into()),
        (w.t("casework-field-steps"), steps),
    ])
}

/// One review.
pub(super) fn review(w: Words, review: &Review) -> Html {
    let label = |name: &str| w.t(&key_of("casework-field", name));
    facts(vec![
        (label("held_on"), Html::text(&review.held_on)),
        (label("participants"), Html::text(&review.participants.join(", "))),
        (label("went_well"), prose(&review.went_well)),
        (label("went_badly"), prose(&review.went_badly)),
        (label("lessons"), prose(&review.lessons)),
    ])
}
