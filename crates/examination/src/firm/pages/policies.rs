//! The firm's profile and its policies.

use super::{choices, maybe, name, people, send, version, word};
use crate::firm::model::{
    FirmPolicy, FirmPolicyId, FirmProfile, PeerRating, PeerReview, PolicyBody, PolicyKind,
    PolicyText,
};
use crate::firm::permits::{ApprovePolicy, DraftPolicy, ReadFirm, StateProfile};
use crate::firm::{rules, service, store};
use crate::pages::{done, fresh_key, id};
use axum::extract::Path;
use jiff::civil::Date;
use kernel::ids::PersonId;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{
    Button, Column, Empty, Field, Form, Html, Kind, Note, Page, Row, Shell, Status, Table, Tone,
    buttons, facts, fold, prose,
};
use platform::words::Words;
use std::collections::BTreeMap;

/// What the pages of the firm show.
struct House {
    profile: Option<(FirmProfile, i64)>,
    policies: Vec<FirmPolicy>,
    people: BTreeMap<PersonId, String>,
    today: Date,
}

async fn seen(cx: &Cx) -> Result<House, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        let firm = actor.party.ok_or(Refusal::NotFound)?;
        authorize::<ReadFirm>(actor, &Facts::of(firm))?;
        Ok(House {
            profile: store::profile(conn, firm)?,
            policies: store::policies(conn, firm)?,
            people: people(conn, firm)?,
            today: rules::day(now),
        })
    })
    .await
}

fn date_field(w: Words, name: &str, value: Option<Date>) -> Field {
    let field = Field::new(w, name, w.t(&format!("firm-{name}")), Kind::Date);
    match value {
        Some(date) => field.value(date.to_string()),
        None => field,
    }
}

fn profile_form(shell: &Shell, key: &str, house: &House) -> Form {
    let w = shell.w;
    let p = house.profile.as_ref().map(|(p, _)| p);
    let review = p.and_then(|p| p.peer_review.as_ref());
    let seen = house.profile.as_ref().map_or(0, |(_, v)| *v);
    let text = |name: &str, value: Option<&String>| {
        Field::new(w, name, w.t(&format!("firm-{name}")), Kind::Text)
            .max(200)
            .value(value.cloned().unwrap_or_default())
    };
    let ratings = choices(w, "rating", PeerRating::ALL, PeerRating::word);
    Form::post(w, "/firm/profile", &shell.csrf, w.t("firm-save-profile"))
        .key(key)
        .version(u64::try_from(seen).unwrap_or_default())
        .field(text("licence", p.map(|p| &p.licence)).required())
        .field(text("jurisdiction", p.map(|p| &p.jurisdiction)).required())
        .field(date_field(w, "licence-expires", p.map(|p| p.licence_expires)).required())
        .field(text("office", p.map(|p| &p.office)).required())
        .heading(w.t("firm-peer-review"))
        .field(date_field(w, "dated", review.map(|r| r.dated)))
        .field(
            Field::new(w, "rating", w.t("firm-rating"), Kind::Select(ratings))
                .value(review.map_or("", |r| r.rating.word())),
        )
        .field(text("reviewer", review.map(|r| &r.reviewer)))
}

fn status(w: Words, house: &House, policy: &FirmPolicy) -> Status {
    if policy.approved_at.is_none() {
        return Status::new(Tone::Waiting, w.t("firm-policy-draft"));
    }
    let now = rules::in_force(&house.policies, policy.text.body.kind(), house.today);
    if now.is_some_and(|p| p.id == policy.id) {
        Status::new(Tone::Good, w.t("firm-policy-in-force"))
    } else if policy.text.effective_from > house.today {
        Status::new(Tone::Underway, w.t("firm-policy-later"))
    } else {
        Status::new(Tone::Closed, w.t("firm-policy-superseded"))
    }
}

fn policy_table(w: Words, house: &House) -> Table {
    let columns = ["kind", "label", "effective", "drafted-by", "approved-by", "status"];
    let columns = columns.iter().map(|c| Column::new(w.t(&format!("firm-policy-{c}")))).collect();
    let rows = house.policies.iter().map(|p| {
        let approved = p.approved_by.as_deref().map(|a| name(&house.people, a));
        Row::new(vec![
            word(w, "policy-kind", p.text.body.kind().word()).into(),
            Html::id(&p.text.label).into(),
            w.date(p.text.effective_from).into(),
            name(&house.people, &p.drafted_by).into(),
            approved.unwrap_or_default().into(),
            status(w, house, p).into(),
        ])
        .to(format!("/firm/policies/{}", p.id))
    });
    Table::new(w, "policies", w.t("firm-policies"), columns)
        .rows(rows)
        .cards()
        .caption_hidden()
        .empty(Empty::new(w.t("firm-policies-none"), w.t("firm-policies-none-next")))
}

fn house_page(cx: &Cx, house: &House, form: Option<Form>) -> Page {
    let w = cx.w;
    let shell = cx.shell();
    let concerns = rules::concerns(house.profile.as_ref().map(|(p, _)| p), house.today);
    let open = house.policies.iter().filter(|p| p.approved_at.is_none()).count();
    let shell = shell
        .title(w.t("firm-title"))
        .answer(w.t2("firm-answer", "concerns", concerns.len(), "drafts", open))
        .at("examination")
        .crumb("/examination", w.t("examination-room"));
    let again = form.is_some();
    let form = form.unwrap_or_else(|| profile_form(&shell, &fresh_key(cx), house));
    let mut page = Page::new(shell);
    for concern in &concerns {
        let tone = if concern.blocks { Tone::Attention } else { Tone::Waiting };
        page = page.part(Note::new(tone, "", concern.text.as_str()));
    }
    page = page.heading(&w.t("firm-profile"));
    if let Some((p, _)) = &house.profile {
        page = page.part(profile_facts(w, p));
    }
    if cx.can::<StateProfile>() {
        let open = again || house.profile.is_none();
        page = page.part(fold(&w.t("firm-state-profile"), open, form));
    }
    page = page.heading(&w.t("firm-policies")).part(policy_table(w, house));
    if cx.can::<DraftPolicy>() {
        let links = PolicyKind::ALL.iter().map(|k| {
            let label = w.t1("firm-draft-kind", "kind", word(w, "policy-kind", k.word()));
            Button::link(format!("/firm/policies/new/{}", k.word()), label).into()
        });
        page = page.part(buttons(links));
    }
    page
}

fn profile_facts(w: Words, p: &FirmProfile) -> Html {
    let review = p.peer_review.as_ref().map_or_else(
        || w.t("firm-no-peer-review"),
        |r| {
            w.ta(
                "firm-peer-review-said",
                &[
                    ("rating", word(w, "rating", r.rating.word()).into()),
                    ("dated", w.date(r.dated).into()),
                    ("reviewer", r.reviewer.clone().into()),
                ],
            )
        },
    );
    facts(vec![
        (w.t("firm-licence"), Html::text(&p.licence)),
        (w.t("firm-jurisdiction"), Html::text(&p.jurisdiction)),
        (w.t("firm-licence-expires"), Html::text(&w.date(p.licence_expires))),
        (w.t("firm-office"), Html::text(&p.office)),
        (w.t("firm-peer-review"), Html::text(&review)),
    ])
}

/// `GET /firm`
///
/// # Errors
/// Nothing is there for the organisation's side.
pub async fn house(cx: Cx) -> Answer {
    let house = seen(&cx).await?;
    cx.page(&house_page(&cx, &house, None))
}

/// `POST /firm/profile`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn profile(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<StateProfile>()?;
    let house = seen(&cx).await?;
    let mut form = profile_form(&cx.shell(), "", &house);
    form.fill(&pairs.0);
    form.check();
    let wrong = cx.w.t("firm-a-date");
    let expires: Option<Date> = maybe(&mut form, "licence-expires", &wrong);
    let dated: Option<Date> = maybe(&mut form, "dated", &wrong);
    let rating: Option<PeerRating> = maybe(&mut form, "rating", &cx.w.t("firm-a-rating"));
    if dated.is_some() != rating.is_some() {
        form.error("rating", cx.w.t("firm-review-whole"));
    }
    let input = FirmProfile {
        licence: form.typed("licence").to_owned(),
        jurisdiction: form.typed("jurisdiction").to_owned(),
        licence_expires: expires.unwrap_or(Date::MIN),
        office: form.typed("office").to_owned(),
        peer_review: dated.zip(rating).map(|(dated, rating)| PeerReview {
            dated,
            rating,
            reviewer: form.typed("reviewer").to_owned(),
        }),
    };
    let expected = Expected::Version(version(&form));
    let again = send(&cx, &pairs, form, move |tx, env, actor| {
        let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
        let permit = authorize::<StateProfile>(actor, &facts)?;
        service::state_profile(tx, env, &permit, expected, &input)
    })
    .await?;
    match again {
        None => done(&cx, "/firm", "firm-saved").await,
        Some(form) => cx.page_again(&house_page(&cx, &house, Some(form))),
    }
}

fn draft_fields(shell: &Shell, key: &str, kind: PolicyKind, house: &House) -> Form {
    let w = shell.w;
    let action = format!("/firm/policies/new/{}", kind.word());
    let form = Form::post(w, action, &shell.csrf, w.t("firm-draft"))
        .key(key)
        .cancel("/firm")
        .field(
            Field::new(w, "label", w.t("firm-policy-label"), Kind::Text)
                .hint(w.t("firm-policy-label-hint"))
                .required()
                .max(40),
        )
        .field(
            date_field(w, "effective-from", None).hint(w.t("firm-effective-from-hint")).required(),
        );
    let last = house.policies.iter().find(|p| p.text.body.kind() == kind).map(|p| &p.text.body);
    let number = |name: &str, value: Option<String>| {
        Field::new(w, name, w.t(&format!("firm-{name}")), Kind::Number)
            .required()
            .value(value.unwrap_or_default())
    };
    let area = |name: &str, rows, value: String| {
        Field::new(w, name, w.t(&format!("firm-{name}")), Kind::Area(rows))
            .required()
            .max(40_000)
            .value(value)
    };
    let form = match (kind, last) {
        (PolicyKind::Sampling, Some(PolicyBody::Sampling { table })) => {
            form.field(area("table", 24, table.clone()))
        }
        (PolicyKind::Sampling, _) => {
            form.field(area("table", 24, crate::rules::frequency::GENERAL_PRACTICE.to_owned()))
        }
        (PolicyKind::Materiality, Some(PolicyBody::Materiality { text })) => {
            form.field(area("text", 10, text.clone()))
        }
        (PolicyKind::Materiality, _) => form.field(area("text", 10, String::new())),
        (PolicyKind::Expansion, last) => {
            let (add, accept) = match last {
                Some(PolicyBody::Expansion { add, accept_total }) => {
                    (Some(add.to_string()), Some(accept_total.to_string()))
                }
                _ => (None, None),
            };
            form.field(number("add", add)).field(number("accept-total", accept))
        }
        (PolicyKind::Pervasiveness, last) => pervasiveness_fields(w, form, last),
        (PolicyKind::Rubric, last) => {
            let (strong, weak) = match last {
                Some(PolicyBody::Rubric { strong_from, weak_below }) => (*strong_from, *weak_below),
                _ => (40, 30),
            };
            let tenths = |n: u32| format!("{}.{}", n / 10, n % 10);
            form.field(number("strong-from", Some(tenths(strong))))
                .field(number("weak-below", Some(tenths(weak))))
        }
    };
    form.field(
        Field::new(w, "reason", w.t("firm-policy-reason"), Kind::Area(3)).required().max(4_000),
    )
}

fn pervasiveness_fields(w: Words, form: Form, last: Option<&PolicyBody>) -> Form {
    let (categories, series, share, levels) = match last {
        Some(PolicyBody::Pervasiveness { categories, series, share_bp, entity_level_series }) => {
            (*categories, *series, *share_bp, entity_level_series.join(", "))
        }
        _ => (2, 3, 2_500, "CC1, CC3, CC4, CC5".to_owned()),
    };
    let number = |name: &str, value: String| {
        Field::new(w, name, w.t(&format!("firm-{name}")), Kind::Number).required().value(value)
    };
    form.field(number("categories", categories.to_string()))
        .field(number("series", series.to_string()))
        .field(number("share", (share / 100).to_string()))
        .field(
            Field::new(w, "entity-level", w.t("firm-entity-level"), Kind::Text)
                .max(200)
                .value(levels),
        )
}

/// A score with one decimal as tenths.
fn tenths(text: &str) -> Option<u32> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let rest = rest.trim_end_matches('0');
    let tenth: u32 = if rest.is_empty() { 0 } else { rest.parse().ok()? };
    let whole: u32 = whole.parse().ok()?;
    (tenth < 10).then(|| whole.checked_mul(10)?.checked_add(tenth)).flatten()
}

fn read_body(w: Words, kind: PolicyKind, form: &mut Form) -> PolicyBody {
    let wrong = w.t("firm-a-number");
    match kind {
        PolicyKind::Sampling => PolicyBody::Sampling { table: form.typed("table").to_owned() },
        PolicyKind::Materiality => PolicyBody::Materiality { text: form.typed("text").to_owned() },
        PolicyKind::Expansion => PolicyBody::Expansion {
            add: maybe(form, "add", &wrong).unwrap_or(0),
            accept_total: maybe(form, "accept-total", &wrong).unwrap_or(0),
        },
        PolicyKind::Pervasiveness => PolicyBody::Pervasiveness {
            categories: maybe(form, "categories", &wrong).unwrap_or(0),
            series: maybe(form, "series", &wrong).unwrap_or(0),
            share_bp: maybe::<u32>(form, "share", &wrong).unwrap_or(0).saturating_mul(100),
            entity_level_series: form
                .typed("entity-level")
                .split([',', ' '])
                .map(str::trim)
                .filter(|s| !s.is_empty())
                .map(str::to_owned)
                .collect(),
        },
        PolicyKind::Rubric => {
            let mut score = |field: &str| {
                let read = tenths(form.typed(field));
                if read.is_none() {
                    form.error(field, w.t("firm-a-score"));
                }
                read.unwrap_or(0)
            };
            PolicyBody::Rubric {
                strong_from: score("strong-from"),
                weak_below: score("weak-below"),
            }
        }
    }
}

fn draft_page(cx: &Cx, kind: PolicyKind, form: Form) -> Page {
    let w = cx.w;
    let shell = cx
        .shell()
        .title(w.t1("firm-draft-kind", "kind", word(w, "policy-kind", kind.word())))
        .at("examination")
        .crumb("/examination", w.t("examination-room"))
        .crumb("/firm", w.t("firm-room"));
    Page::new(shell).part(prose(&word(w, "policy-hint", kind.word()))).part(form)
}

fn kind_of(text: &str) -> Result<PolicyKind, Failure> {
    text.parse().map_err(|_| Failure::Refused(Refusal::NotFound))
}

/// `GET /firm/policies/new/{kind}`
///
/// # Errors
/// When the person may not, or there is no such kind.
pub async fn draft_form(cx: Cx, Path(kind): Path<String>) -> Answer {
    cx.may::<DraftPolicy>()?;
    let kind = kind_of(&kind)?;
    let house = seen(&cx).await?;
    let form = draft_fields(&cx.shell(), &fresh_key(&cx), kind, &house);
    cx.page(&draft_page(&cx, kind, form))
}

/// `POST /firm/policies/new/{kind}`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn draft(cx: Cx, Path(kind): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<DraftPolicy>()?;
    let kind = kind_of(&kind)?;
    let house = seen(&cx).await?;
    let mut form = draft_fields(&cx.shell(), "", kind, &house);
    form.fill(&pairs.0);
    form.check();
    let from: Option<Date> = maybe(&mut form, "effective-from", &cx.w.t("firm-a-date"));
    let input = PolicyText {
        label: form.typed("label").to_owned(),
        effective_from: from.unwrap_or(Date::MIN),
        reason: form.typed("reason").to_owned(),
        body: read_body(cx.w, kind, &mut form),
    };
    let again = send(&cx, &pairs, form, move |tx, env, actor| {
        let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
        let permit = authorize::<DraftPolicy>(actor, &facts)?;
        service::draft_policy(tx, env, &permit, &input)
    })
    .await?;
    match again {
        None => done(&cx, "/firm", "firm-drafted").await,
        Some(form) => cx.page_again(&draft_page(&cx, kind, form)),
    }
}

fn body_facts(w: Words, body: &PolicyBody) -> Html {
    let pair = |name: &str, value: String| (w.t(&format!("firm-{name}")), Html::text(&value));
    match body {
        PolicyBody::Sampling { table } => {
            Html::trusted(format!("<pre>{}</pre>", Html::text(table)))
        }
        PolicyBody::Materiality { text } => prose(text),
        PolicyBody::Expansion { add, accept_total } => {
            facts(vec![pair("add", w.number(*add)), pair("accept-total", w.number(*accept_total))])
        }
        PolicyBody::Pervasiveness { categories, series, share_bp, entity_level_series } => {
            facts(vec![
                pair("categories", w.number(*categories)),
                pair("series", w.number(*series)),
                pair("share", w.number(share_bp / 100)),
                pair("entity-level", entity_level_series.join(", ")),
            ])
        }
        PolicyBody::Rubric { strong_from, weak_below } => {
            let tenths = |n: u32| format!("{}.{}", n / 10, n % 10);
            facts(vec![
                pair("strong-from", tenths(*strong_from)),
                pair("weak-below", tenths(*weak_below)),
            ])
        }
    }
}

fn approval_form(shell: &Shell, key: &str, policy: &FirmPolicy) -> Form {
    let w = shell.w;
    Form::post(w, format!("/firm/policies/{}", policy.id), &shell.csrf, w.t("firm-approve"))
        .key(key)
        .version(u64::try_from(policy.version).unwrap_or_default())
        .field(Field::new(w, "note", w.t("firm-approval-note"), Kind::Area(2)).max(4_000))
}

fn policy_page(cx: &Cx, house: &House, found: &FirmPolicy, form: Option<Form>) -> Page {
    let w = cx.w;
    let kind = word(w, "policy-kind", found.text.body.kind().word());
    let shell = cx
        .shell()
        .title(format!("{kind}, {}", found.text.label))
        .answer(w.t1("firm-policy-applies", "from", w.date(found.text.effective_from)))
        .at("examination")
        .crumb("/examination", w.t("examination-room"))
        .crumb("/firm", w.t("firm-room"));
    let form = match form {
        Some(form) => Some(form),
        None if found.approved_at.is_none() && cx.can::<ApprovePolicy>() => {
            Some(approval_form(&shell, &fresh_key(cx), found))
        }
        None => None,
    };
    let approved = found.approved_by.as_deref().map(|a| name(&house.people, a));
    let page = Page::new(shell)
        .part(facts(vec![
            (w.t("firm-policy-status"), status(w, house, found).into()),
            (w.t("firm-policy-drafted-by"), Html::text(&name(&house.people, &found.drafted_by))),
            (w.t("firm-policy-approved-by"), Html::text(&approved.unwrap_or_default())),
            (w.t("firm-policy-reason"), Html::text(&found.text.reason)),
        ]))
        .part(body_facts(w, &found.text.body));
    match form {
        Some(form) => page.heading(&w.t("firm-approve")).part(form),
        None => page,
    }
}

async fn one(cx: &Cx, policy: &str) -> Result<(House, FirmPolicy), Failure> {
    let policy: FirmPolicyId = id(policy)?;
    let house = seen(cx).await?;
    let found = house.policies.iter().find(|p| p.id == policy).cloned();
    Ok((house, found.ok_or(Refusal::NotFound)?))
}

/// `GET /firm/policies/{policy}`
///
/// # Errors
/// When the firm has none of this id.
pub async fn policy(cx: Cx, Path(policy): Path<String>) -> Answer {
    let (house, found) = one(&cx, &policy).await?;
    cx.page(&policy_page(&cx, &house, &found, None))
}

/// `POST /firm/policies/{policy}`: approves it.
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn approve(cx: Cx, Path(policy): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ApprovePolicy>()?;
    let (house, found) = one(&cx, &policy).await?;
    let mut form = approval_form(&cx.shell(), "", &found);
    form.fill(&pairs.0);
    form.check();
    let (note, seen) = (form.typed("note").to_owned(), (found.id, version(&form)));
    let again = send(&cx, &pairs, form, move |tx, env, actor| {
        let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
        let permit = authorize::<ApprovePolicy>(actor, &facts)?;
        service::approve_policy(tx, env, &permit, seen, &note)
    })
    .await?;
    match again {
        None => done(&cx, "/firm", "firm-approved").await,
        Some(form) => cx.page_again(&policy_page(&cx, &house, &found, Some(form))),
    }
}

#[cfg(test)]
mod tests {
    use super::tenths;

    #[test]
    fn scores_are_read_in_tenths() {
        assert_eq!(tenths("4.0"), Some(40));
        assert_eq!(tenths("4"), Some(40));
        assert_eq!(tenths("3.5"), Some(35));
        assert_eq!(tenths("3.50"), Some(35));
        assert_eq!(tenths("3.55"), None);
        assert_eq!(tenths("a"), None);
        assert_eq!(tenths(""), None);
    }
}
