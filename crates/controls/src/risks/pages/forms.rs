//! The forms of risks and deficiencies, and the commands that they make.

use super::super::model::{
    Deficiency, DeficiencyId, DeficiencyText, Gravity, Mended, Origin, RiskId, RiskText, Told,
    Treatment,
};
use super::super::permits::ManageRisks;
use super::super::service;
use super::{Seen, risk_of};
use crate::model::ControlId;
use crate::service::TEXT_MAX;
use kernel::ids::PersonId;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Kind};
use platform::words::Words;

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Risk,
    Deficiency,
    Change(RiskId),
    Close(RiskId),
    Told(DeficiencyId),
    Mend(DeficiencyId),
}

/// What can be done next about a deficiency.
pub(super) fn of_deficiency(d: &Deficiency) -> Vec<Act> {
    match (&d.mended, &d.told) {
        (Some(_), _) => Vec::new(),
        (None, Some(_)) => vec![Act::Mend(d.id)],
        (None, None) => vec![Act::Told(d.id), Act::Mend(d.id)],
    }
}

fn field(w: Words, name: &str, kind: Kind) -> Field {
    let label = w.t(&format!("risks-field-{}", name.replace('_', "-")));
    Field::new(w, name, label, kind).max(TEXT_MAX)
}

fn people(w: Words, seen: &Seen) -> Kind {
    let all = seen.people.iter().map(|(id, name)| Choice::new(id.to_string(), name));
    Kind::Select(std::iter::once(Choice::new("", w.t("risks-nobody"))).chain(all).collect())
}

impl Act {
    pub(super) fn new(what: &str) -> Option<Self> {
        match what {
            "risk" => Some(Self::Risk),
            "deficiency" => Some(Self::Deficiency),
            _ => None,
        }
    }

    pub(super) fn named(what: &str, id: &str) -> Option<Self> {
        Some(match what {
            "change" => Self::Change(id.parse().ok()?),
            "close" => Self::Close(id.parse().ok()?),
            "told" => Self::Told(id.parse().ok()?),
            "mended" => Self::Mend(id.parse().ok()?),
            _ => return None,
        })
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Deficiency => "deficiency",
            Self::Change(_) => "change",
            Self::Close(_) => "close",
            Self::Told(_) => "told",
            Self::Mend(_) => "mended",
        }
    }

    /// The form; none when there is no such risk or deficiency here.
    pub(super) fn form(self, w: Words, seen: &Seen, csrf: &str, key: &str) -> Option<Form> {
        let (action, version) = match self {
            Self::Risk | Self::Deficiency => (format!("/risks/new/{}", self.word()), None),
            Self::Change(id) | Self::Close(id) => {
                (format!("/risks/{id}/{}", self.word()), Some(risk_of(seen, id)?.version))
            }
            Self::Told(id) | Self::Mend(id) => {
                let found = seen.deficiencies.iter().find(|d| d.id == id)?;
                (format!("/risks/{id}/{}", self.word()), Some(found.version))
            }
        };
        let mut form = Form::post(w, action, csrf, w.t(&format!("risks-send-{}", self.word())))
            .apart(self.word())
            .key(key);
        if let Some(version) = version {
            form = form.version(u64::try_from(version).unwrap_or(0));
        }
        let area = |name: &str| field(w, name, Kind::Area(3)).required();
        Some(match self {
            Self::Risk => risk(w, seen, form, None),
            Self::Change(id) => {
                risk(w, seen, form, Some(&risk_of(seen, id)?.text)).field(area("reason"))
            }
            Self::Close(_) => form.field(area("reason")),
            Self::Deficiency => deficiency(w, seen, form),
            Self::Told(_) => form
                .field(field(w, "to", Kind::Text).required().hint(w.t("risks-field-to-hint")))
                .field(field(w, "on", Kind::Date).required()),
            Self::Mend(_) => form
                .field(area("action"))
                .field(area("evidence").hint(w.t("risks-field-evidence-hint"))),
        })
    }

    /// Runs the command once; gives the id of what it is about.
    pub(super) async fn send(
        self,
        cx: &Cx,
        seen: &Seen,
        form: &Form,
        pairs: &Pairs,
    ) -> Result<String, Failure> {
        let version = match form.hidden("version") {
            None => 0,
            Some(text) => text.parse().map_err(|_| {
                Refusal::input("This form does not say which version you saw. Reload the page.")
            })?,
        };
        let owner = seen.organisation;
        let typed = |name: &str| form.typed(name).to_owned();
        let reason = typed("reason");
        match self {
            Self::Risk | Self::Change(_) => {
                let input = read_risk(form, seen)?;
                let from = match self {
                    Self::Change(id) => {
                        risk_of(seen, id).map(|r| r.origin.clone()).unwrap_or_default()
                    }
                    _ => Origin::default(),
                };
                cx.write_once(pairs, move |tx, env, actor| {
                    let permit = authorize::<ManageRisks>(actor, &Facts::of(owner))?;
                    let change = match self {
                        Self::Change(id) => Some((id, version, reason.as_str())),
                        _ => None,
                    };
                    service::state_risk(tx, env, &permit, change, (&input, &from))
                })
                .await
                .map(|id| id.to_string())
            }
            Self::Close(id) => {
                cx.write_once(pairs, move |tx, env, actor| {
                    let permit = authorize::<ManageRisks>(actor, &Facts::of(owner))?;
                    service::close_risk(tx, env, &permit, id, version, &reason)
                })
                .await?;
                Ok(id.to_string())
            }
            Self::Deficiency => {
                let input = read_deficiency(form, seen)?;
                cx.write_once(pairs, move |tx, env, actor| {
                    let permit = authorize::<ManageRisks>(actor, &Facts::of(owner))?;
                    let from = (&input, &Origin::default());
                    service::open_deficiency(tx, env, &permit, from)
                })
                .await
                .map(|id| id.to_string())
            }
            Self::Told(id) => {
                let told = Told { to: typed("to"), on: typed("on") };
                cx.write_once(pairs, move |tx, env, actor| {
                    let permit = authorize::<ManageRisks>(actor, &Facts::of(owner))?;
                    service::tell_deficiency(tx, env, &permit, id, version, &told)
                })
                .await?;
                Ok(id.to_string())
            }
            Self::Mend(id) => {
                let mended = Mended { action: typed("action"), evidence: typed("evidence") };
                cx.write_once(pairs, move |tx, env, actor| {
                    let permit = authorize::<ManageRisks>(actor, &Facts::of(owner))?;
                    service::mend_deficiency(tx, env, &permit, id, version, &mended)
                })
                .await?;
                Ok(id.to_string())
            }
        }
    }
}

fn degree(w: Words, name: &str, now: Option<u8>) -> Field {
    let all = (1..=5).map(|n: u8| Choice::new(n.to_string(), w.t(&format!("risks-{name}-{n}"))));
    let field = field(w, name, Kind::Select(all.collect())).required();
    match now {
        Some(n) => field.value(n.to_string()),
        None => field,
    }
}

fn risk(w: Words, seen: &Seen, form: Form, now: Option<&RiskText>) -> Form {
    let codes = |all: &[ControlId]| {
        let found = seen.controls.iter().filter(|c| all.contains(&c.id));
        found.map(|c| c.text.code.clone()).collect::<Vec<_>>().join(", ")
    };
    let treatments = Treatment::ALL
        .iter()
        .map(|t| Choice::new(t.as_str(), w.t(&format!("risks-treatment-{}", t.as_str()))))
        .collect();
    let text = |f: fn(&RiskText) -> String| now.map(f).unwrap_or_default();
    form.field(field(w, "title", Kind::Text).required().max(200).value(text(|t| t.title.clone())))
        .field(
            field(w, "description", Kind::Area(3))
                .required()
                .value(text(|t| t.description.clone())),
        )
        .field(degree(w, "likelihood", now.map(|t| t.likelihood)))
        .field(degree(w, "impact", now.map(|t| t.impact)))
        .field(
            field(w, "treatment", Kind::Radio(treatments))
                .required()
                .value(text(|t| t.treatment.as_str().to_owned())),
        )
        .field(
            field(w, "owner", people(w, seen))
                .value(text(|t| t.owner.map(|o| o.to_string()).unwrap_or_default())),
        )
        .field(
            field(w, "controls", Kind::Text)
                .value(now.map(|t| codes(&t.controls)).unwrap_or_default())
                .hint(w.t("risks-field-controls-hint")),
        )
        .field(field(w, "review_on", Kind::Date).required().value(text(|t| t.review_on.clone())))
}

fn control_of(seen: &Seen, code: &str, field: &'static str) -> Result<ControlId, Refusal> {
    let found = seen.controls.iter().find(|c| c.text.code.eq_ignore_ascii_case(code));
    found.map(|c| c.id).ok_or_else(|| {
        Refusal::field(
            field,
            format!("No control of yours is called {code}. Write its code, such as IAM-05."),
        )
    })
}

fn number(form: &Form, field: &'static str) -> Result<u8, Refusal> {
    form.typed(field).parse().map_err(|_| Refusal::field(field, "Choose a number from 1 to 5."))
}

fn read_risk(form: &Form, seen: &Seen) -> Result<RiskText, Refusal> {
    let controls = form
        .typed("controls")
        .split([',', ';', ' '])
        .map(str::trim)
        .filter(|c| !c.is_empty())
        .map(|code| control_of(seen, code, "controls"))
        .collect::<Result<_, _>>()?;
    Ok(RiskText {
        title: form.typed("title").to_owned(),
        description: form.typed("description").to_owned(),
        likelihood: number(form, "likelihood")?,
        impact: number(form, "impact")?,
        treatment: Treatment::parse(form.typed("treatment"))
            .ok_or_else(|| Refusal::field("treatment", "Choose what is done about it."))?,
        owner: form.typed("owner").parse().ok(),
        controls,
        review_on: form.typed("review_on").to_owned(),
    })
}

fn deficiency(w: Words, seen: &Seen, form: Form) -> Form {
    let gravities = Gravity::ALL
        .iter()
        .map(|g| Choice::new(g.as_str(), w.t(&format!("risks-gravity-{}", g.as_str()))))
        .collect();
    let at_fault = vec![
        Choice::new("operation", w.t("risks-operation")),
        Choice::new("design", w.t("risks-design")),
    ];
    form.field(field(w, "control", Kind::Text).required().hint(w.t("risks-field-control-hint")))
        .field(field(w, "finding", Kind::Area(3)).required())
        .field(field(w, "at_fault", Kind::Radio(at_fault)).required())
        .field(field(w, "gravity", Kind::Radio(gravities)).required())
        .field(field(w, "owner", people(w, seen)).required())
        .field(field(w, "due", Kind::Date).required())
}

fn read_deficiency(form: &Form, seen: &Seen) -> Result<DeficiencyText, Refusal> {
    Ok(DeficiencyText {
        control: control_of(seen, form.typed("control"), "control")?,
        design: form.typed("at_fault") == "design",
        finding: form.typed("finding").to_owned(),
        gravity: Gravity::parse(form.typed("gravity"))
            .ok_or_else(|| Refusal::field("gravity", "Choose how grave it is."))?,
        owner: form
            .typed("owner")
            .parse::<PersonId>()
            .map_err(|_| Refusal::field("owner", "Choose who answers for mending it."))?,
        due: form.typed("due").to_owned(),
    })
}
