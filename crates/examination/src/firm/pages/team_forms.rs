//! The forms of the team's page.

use super::team::Seen;
use super::{choices, word};
use crate::firm::model::{AcceptanceKind, Activity, Precondition, ServiceId, ThreatKind};
use jiff::civil::Date;
use kernel::ids::PersonId;
use kernel::party::Role;
use platform::ui::{Choice, Field, Form, Kind, Shell};
use platform::words::Words;

/// The roles of an engagement team.
pub(super) const ROLES: [Role; 7] = [
    Role::Partner,
    Role::QualityReviewer,
    Role::Manager,
    Role::Senior,
    Role::Staff,
    Role::Specialist,
    Role::PeerReviewer,
];

fn post(shell: &Shell, seen: &Seen, act: &str, key: &str) -> Form {
    let action = seen.href(&format!("/team/{act}"));
    Form::post(shell.w, action, &shell.csrf, shell.w.t(&format!("firm-do-{act}")))
        .key(key)
        .apart(act)
}

fn area(w: Words, name: &str, rows: u16) -> Field {
    Field::new(w, name, w.t(&format!("firm-{name}")), Kind::Area(rows)).max(4_000)
}

fn date(w: Words, name: &str, value: Option<Date>) -> Field {
    Field::new(w, name, w.t(&format!("firm-{name}")), Kind::Date)
        .value(value.map_or_else(String::new, |d| d.to_string()))
}

/// Puts somebody on the team.
pub(super) fn assign(shell: &Shell, seen: &Seen, key: &str) -> Form {
    let w = shell.w;
    let people =
        seen.people.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
    let roles = ROLES.map(|r| Choice::new(r.as_str(), word(w, "role", r.as_str()))).to_vec();
    post(shell, seen, "assign", key)
        .field(Field::new(w, "person", w.t("firm-person"), Kind::Select(people)).required())
        .field(Field::new(w, "role", w.t("firm-role"), Kind::Select(roles)).required())
        .field(date(w, "from", Some(seen.today)).required())
        .field(date(w, "until", None).hint(w.t("firm-until-hint")))
}

/// Takes somebody off the team.
pub(super) fn release(shell: &Shell, seen: &Seen, key: &str) -> Form {
    let w = shell.w;
    let present = seen.standing.team.iter().filter(|m| m.released.is_none());
    let people =
        present.map(|m| Choice::new(m.person.to_string(), seen.person(m.person))).collect();
    post(shell, seen, "release", key)
        .field(Field::new(w, "person", w.t("firm-person"), Kind::Select(people)).required())
        .field(area(w, "reason", 2).required())
}

/// Confirms one's own independence.
pub(super) fn confirm(shell: &Shell, seen: &Seen, key: &str) -> Form {
    let w = shell.w;
    let kinds = choices(w, "threat", ThreatKind::ALL, ThreatKind::word);
    let yes = vec![Choice::new("yes", w.t1("firm-statement", "client", seen.client.clone()))];
    post(shell, seen, "confirm", key)
        .field(Field::new(w, "statement", w.t("firm-statement-label"), Kind::Boxes(yes)).required())
        .field(
            Field::new(w, "threats", w.t("firm-threats"), Kind::Boxes(kinds))
                .hint(w.t("firm-threats-hint")),
        )
        .field(area(w, "circumstances", 3))
        .field(area(w, "safeguard", 3))
}

/// Judges what somebody declared.
pub(super) fn judge(
    shell: &Shell,
    seen: &Seen,
    key: &str,
    (person, version): (PersonId, i64),
) -> Form {
    let w = shell.w;
    let all = ["yes", "no"].map(|a| Choice::new(a, word(w, "acceptable", a))).to_vec();
    post(shell, seen, "judge", key)
        .apart(&format!("judge-{person}"))
        .hide("person", person.to_string())
        .version(u64::try_from(version).unwrap_or_default())
        .field(Field::new(w, "acceptable", w.t("firm-acceptable"), Kind::Radio(all)).required())
        .field(area(w, "reason", 2).required())
}

/// Records a service beside the examination, or what became known of one.
pub(super) fn service(shell: &Shell, seen: &Seen, key: &str, id: Option<ServiceId>) -> Form {
    let w = shell.w;
    let known = seen.standing.services.iter().find(|s| Some(s.id) == id);
    let body = known.map(|s| &s.body);
    let activities = choices(w, "activity", Activity::ALL, Activity::word);
    let threats = choices(w, "threat", ThreatKind::ALL, ThreatKind::word);
    let mut form = post(shell, seen, "service", key);
    if let Some(known) = known {
        form = form
            .apart(&format!("service-{}", known.id))
            .hide("service", known.id.to_string())
            .version(u64::try_from(known.version).unwrap_or_default());
    }
    form.field(
        area(w, "description", 2)
            .required()
            .value(body.map(|b| b.description.clone()).unwrap_or_default()),
    )
    .field(date(w, "from", body.map(|b| b.from)).required())
    .field(date(w, "to", body.and_then(|b| b.to)))
    .field(
        Field::new(w, "activities", w.t("firm-activities"), Kind::Boxes(activities))
            .hint(w.t("firm-activities-hint"))
            .required()
            .values(body.into_iter().flat_map(|b| b.activities.iter().map(|a| a.word()))),
    )
    .field(
        Field::new(w, "overseen_by", w.t("firm-overseen-by"), Kind::Text)
            .hint(w.t("firm-overseen-by-hint"))
            .max(200)
            .value(body.map(|b| b.overseen_by.clone()).unwrap_or_default()),
    )
    .field(
        Field::new(w, "threats", w.t("firm-service-threats"), Kind::Boxes(threats))
            .values(body.into_iter().flat_map(|b| b.threats.iter().map(|t| t.word()))),
    )
    .field(area(w, "safeguards", 2).value(body.map(|b| b.safeguards.clone()).unwrap_or_default()))
}

/// Assesses the preconditions.
pub(super) fn prepare(shell: &Shell, seen: &Seen, key: &str) -> Form {
    let w = shell.w;
    let before = seen.standing.acceptance.as_ref();
    let text = before.map(|a| &a.text);
    let kinds = choices(w, "acceptance-kind", AcceptanceKind::ALL, AcceptanceKind::word);
    let mut form = post(shell, seen, "prepare", key)
        .version(u64::try_from(before.map_or(0, |a| a.version)).unwrap_or_default())
        .field(
            Field::new(w, "kind", w.t("firm-acceptance-kind"), Kind::Radio(kinds))
                .required()
                .value(text.map_or(AcceptanceKind::Acceptance, |t| t.kind).word()),
        );
    for precondition in Precondition::ALL {
        let name = precondition.word();
        let said =
            text.and_then(|t| t.preconditions.iter().find(|a| a.precondition == *precondition));
        let all = ["yes", "no"].map(|a| Choice::new(a, word(w, "met", a))).to_vec();
        form = form
            .heading(word(w, "precondition", name))
            .field(
                Field::new(
                    w,
                    format!("met-{name}"),
                    word(w, "precondition-question", name),
                    Kind::Radio(all),
                )
                .required()
                .value(said.map_or("", |a| if a.met { "yes" } else { "no" })),
            )
            .field(
                Field::new(w, format!("basis-{name}"), w.t("firm-basis"), Kind::Area(2))
                    .max(4_000)
                    .value(said.map(|a| a.basis.clone()).unwrap_or_default()),
            );
    }
    form.heading(w.t("firm-further"))
        .field(
            area(w, "integrity", 2)
                .required()
                .value(text.map(|t| t.integrity.clone()).unwrap_or_default()),
        )
        .field(date(w, "letter", text.and_then(|t| t.letter_signed)))
}

/// Decides on what was assessed.
pub(super) fn decide(shell: &Shell, seen: &Seen, key: &str) -> Form {
    let w = shell.w;
    let all = ["accept", "decline"].map(|a| Choice::new(a, word(w, "decision", a))).to_vec();
    let version = seen.standing.acceptance.as_ref().map_or(0, |a| a.version);
    post(shell, seen, "decide", key)
        .version(u64::try_from(version).unwrap_or_default())
        .field(Field::new(w, "decision", w.t("firm-decision"), Kind::Radio(all)).required())
        .field(area(w, "reason", 2).required())
}
