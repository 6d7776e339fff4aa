//! What a case opens or changes in the room of controls: forms and commands.

use super::forms::field;
use crate::model::CaseId;
use crate::pages::record::Seen;
use crate::permits::HandleCase;
use crate::work::service;
use controls::permits::ManageGaps;
use controls::risks::model::{DeficiencyText, Gravity, RiskId, RiskText, Treatment};
use controls::risks::permits::ManageRisks;
use controls::service::{GapInput, GapPlan};
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::party::Actor;
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::{Result, Tx};
use platform::ui::{Choice, Form, Kind};
use platform::words::Words;

/// Something in the room of controls that the page of a case shows.
pub(crate) struct Shown {
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) done: bool,
}

/// What is opened or changed.
pub(super) enum Found {
    Risk(Option<(RiskId, i64)>, Box<RiskText>, String),
    Deficiency(DeficiencyText),
    Gap(GapInput),
}

impl Found {
    pub(super) fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        env: &mut Env,
        actor: &Actor,
        (permit, facts): (&Permit<HandleCase>, &Facts),
        case: CaseId,
    ) -> Result<()> {
        match self {
            Self::Risk(change, text, reason) => {
                let risks = authorize::<ManageRisks>(actor, facts)?;
                service::raise_risk(tx, env, (permit, &risks), case, *change, (text, reason))?;
            }
            Self::Deficiency(text) => {
                let risks = authorize::<ManageRisks>(actor, facts)?;
                service::open_deficiency(tx, env, (permit, &risks), case, text)?;
            }
            Self::Gap(input) => {
                let gaps = authorize::<ManageGaps>(actor, facts)?;
                service::open_gap(tx, env, (permit, &gaps), case, input)?;
            }
        }
        Ok(())
    }
}

fn degree(w: Words, name: &str) -> platform::ui::Field {
    let all = (1..=5).map(|n: u8| Choice::new(n.to_string(), w.t(&format!("risks-{name}-{n}"))));
    field(w, name, Kind::Select(all.collect())).required()
}

pub(super) fn risk(w: Words, seen: &Seen, form: Form, people: Vec<Choice>) -> Form {
    let risks = std::iter::once(Choice::new("", w.t("work-new-risk")))
        .chain(seen.work.risks.iter().map(|r| Choice::new(r.id.to_string(), &r.text.title)))
        .collect();
    form.field(field(w, "risk", Kind::Select(risks)))
        .field(field(w, "risk_title", Kind::Text).max(200).hint(w.t("work-field-risk-title-hint")))
        .field(degree(w, "likelihood"))
        .field(degree(w, "impact"))
        .field(field(w, "owner", Kind::Select(people)))
        .field(field(w, "review_on", Kind::Date).required())
        .field(field(w, "bears", Kind::Area(3)).required())
}

pub(super) fn read_risk(form: &Form, seen: &Seen) -> std::result::Result<Found, Refusal> {
    let number = |name: &'static str| {
        let typed = form.typed(name).parse::<u8>();
        typed.map_err(|_| Refusal::field(name, "Choose a number from 1 to 5."))
    };
    let reason = form.typed("bears").to_owned();
    let owner = form.typed("owner").parse::<PersonId>().ok();
    let (likelihood, impact) = (number("likelihood")?, number("impact")?);
    let review_on = form.typed("review_on").to_owned();
    if form.typed("risk").is_empty() {
        let controls = seen.impact.as_ref().map(|i| i.controls.clone()).unwrap_or_default();
        if form.typed("risk_title").is_empty() {
            return Err(Refusal::field("risk_title", "Say in a few words what could happen."));
        }
        let text = RiskText {
            title: form.typed("risk_title").to_owned(),
            description: reason.clone(),
            likelihood,
            impact,
            treatment: Treatment::Mitigate,
            owner,
            controls,
            review_on,
        };
        return Ok(Found::Risk(None, Box::new(text), reason));
    }
    let known = seen.work.risks.iter().find(|r| r.id.to_string() == form.typed("risk"));
    let known = known.ok_or_else(|| Refusal::field("risk", "Choose a risk of the list."))?;
    let text = RiskText {
        likelihood,
        impact,
        owner: owner.or(known.text.owner),
        review_on,
        ..known.text.clone()
    };
    Ok(Found::Risk(Some((known.id, known.version)), Box::new(text), reason))
}

pub(super) fn deficiency(w: Words, seen: &Seen, form: Form, people: Vec<Choice>) -> Form {
    let gravities = Gravity::ALL
        .iter()
        .map(|g| Choice::new(g.as_str(), w.t(&format!("risks-gravity-{}", g.as_str()))))
        .collect();
    let at_fault = vec![
        Choice::new("operation", w.t("risks-operation")),
        Choice::new("design", w.t("risks-design")),
    ];
    // The control that the case named is proposed.
    let named = seen.impact.as_ref().and_then(|i| i.controls.first());
    let code = seen.registers.controls.iter().find(|(id, ..)| Some(id) == named);
    let code = code.map(|(_, code, _)| code.clone()).unwrap_or_default();
    form.field(
        field(w, "failed_control", Kind::Text)
            .required()
            .value(code)
            .hint(w.t("risks-field-control-hint")),
    )
    .field(field(w, "finding", Kind::Area(3)).required())
    .field(field(w, "at_fault", Kind::Radio(at_fault)).required())
    .field(field(w, "gravity", Kind::Radio(gravities)).required())
    .field(field(w, "owner", Kind::Select(people)).required())
    .field(field(w, "due", Kind::Date).required())
}

pub(super) fn read_deficiency(form: &Form, seen: &Seen) -> std::result::Result<Found, Refusal> {
    let control = super::forms::control(seen, form.typed("failed_control"))
        .ok()
        .flatten()
        .ok_or_else(|| {
            Refusal::field(
                "failed_control",
                "No control of yours is called that. Write its code, such as IAM-05.",
            )
        })?;
    Ok(Found::Deficiency(DeficiencyText {
        control,
        design: form.typed("at_fault") == "design",
        finding: form.typed("finding").to_owned(),
        gravity: Gravity::parse(form.typed("gravity"))
            .ok_or_else(|| Refusal::field("gravity", "Choose how grave it is."))?,
        owner: form
            .typed("owner")
            .parse()
            .map_err(|_| Refusal::field("owner", "Choose who answers for mending it."))?,
        due: form.typed("due").to_owned(),
    }))
}

pub(super) fn gap(w: Words, form: Form, people: Vec<Choice>) -> Form {
    form.field(field(w, "criterion", Kind::Text).required().hint(w.t("work-field-criterion-hint")))
        .field(field(w, "finding_gap", Kind::Area(2)).required())
        .field(field(w, "action_gap", Kind::Area(2)).required())
        .field(field(w, "owner", Kind::Select(people)))
        .field(field(w, "due", Kind::Date).required())
}

pub(super) fn read_gap(form: &Form) -> std::result::Result<Found, Refusal> {
    Ok(Found::Gap(GapInput {
        criterion: form
            .typed("criterion")
            .parse()
            .map_err(|e| Refusal::field("criterion", format!("{e} Write an id such as CC7.2.")))?,
        finding: form.typed("finding_gap").to_owned(),
        plan: GapPlan {
            action: form.typed("action_gap").to_owned(),
            owner: form.typed("owner").parse().ok(),
            due: form.typed("due").to_owned(),
        },
        origin: controls::risks::model::Origin::default(),
    }))
}
