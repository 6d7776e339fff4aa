//! Section II, management's assertion, and Section III, the description of the system by description
//! criterion (DC1 to DC9).

use jiff::civil::Date;
use scope::catalogue::{Category, CriterionId, Frequency};
use serde::{Deserialize, Serialize};

use super::prose::{Block, Prose};

/// Section II.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assertion {
    /// Its heading.
    pub title: String,
    /// Its text.
    pub blocks: Vec<Block>,
    /// Who signed, with authority and knowledge; empty in a draft.
    pub signers: Vec<AssertionSigner>,
    /// The day it was signed; `None` in a draft.
    pub date: Option<Date>,
}

/// Who signed the assertion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssertionSigner {
    /// Full name.
    pub name: String,
    /// Position.
    pub position: String,
}

/// Section III.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The organisation and its services in a few paragraphs.
    pub overview: Vec<Block>,
    /// DC1: the services.
    pub services: Vec<Service>,
    /// DC2: the principal service commitments and the system requirements that follow from them.
    pub commitments: Vec<Commitment>,
    /// DC2: text around the commitments, for example where they are published.
    pub commitments_text: Vec<Block>,
    /// DC3: what is inside the system and what is not.
    pub boundary: Vec<Block>,
    /// DC3: the components, of all five kinds.
    pub components: Vec<Component>,
    /// DC4: incidents.
    pub incidents: Incidents,
    /// DC5: the control environment, risk assessment, monitoring, information and communication.
    pub control_topics: Vec<Topic>,
    /// DC6: what user entities must do.
    pub cuecs: Vec<Cuec>,
    /// DC7: organisations whose controls are needed.
    pub subservices: Vec<Subservice>,
    /// DC8: criteria in the categories in scope that are not relevant, and why.
    pub not_relevant: Vec<NotRelevant>,
    /// DC9: significant changes. `None` in a Type 1 report.
    pub changes: Option<Significant>,
}

/// A service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: Prose,
    /// Who uses it.
    pub users: String,
}

/// A principal service commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// Its id, for example `SC-01`.
    pub id: String,
    /// The category it belongs to.
    pub category: Category,
    /// What was promised.
    pub statement: Prose,
    /// Where it was promised, for example `Master services agreement, section 4`.
    pub source: String,
    /// The system requirements that follow from it.
    pub requirements: Vec<Requirement>,
}

/// A system requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Its id, for example `SR-03`.
    pub id: String,
    /// What the system must do.
    pub statement: Prose,
    /// The criteria it bears on.
    pub criteria: Vec<CriterionId>,
}

/// The five kinds of component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentKind {
    /// Facilities, equipment, networks, hosting.
    Infrastructure,
    /// Programs and services run by the organisation.
    Software,
    /// Groups of people by function.
    People,
    /// Automated and manual procedures.
    Procedures,
    /// What the system holds and moves.
    Data,
}

/// A component of the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Its kind.
    pub kind: ComponentKind,
    /// Its name.
    pub name: String,
    /// What it does.
    pub purpose: Prose,
    /// The role that owns it.
    pub owner: String,
    /// Where it is.
    pub location: String,
    /// For a procedure: the control it puts into practice.
    pub control: Option<String>,
    /// For a procedure: how often it is said to happen.
    pub frequency: Option<Frequency>,
}

/// DC4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Incidents {
    /// No incident had to be disclosed; says how this was established.
    None(Prose),
    /// The disclosed incidents.
    Disclosed(Vec<Incident>),
}

/// A disclosed system incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Its id.
    pub id: String,
    /// A short name.
    pub title: String,
    /// When it began.
    pub began: Date,
    /// When it ended; `None` while it lasts.
    pub ended: Option<Date>,
    /// What happened and why.
    pub nature: Prose,
    /// Whom and what it affected, and how much.
    pub effect: Prose,
    /// What was done and how it ended.
    pub outcome: Prose,
    /// The criteria it bears on.
    pub criteria: Vec<CriterionId>,
}

/// A topic of the control environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its heading.
    pub heading: String,
    /// Its text.
    pub blocks: Vec<Block>,
}

/// A complementary user entity control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cuec {
    /// Its id, for example `UE-1`.
    pub id: String,
    /// What user entities must do, the actor named.
    pub statement: Prose,
    /// The criteria it is needed for.
    pub criteria: Vec<CriterionId>,
}

/// An organisation whose controls are needed, with the service organisation's, to meet commitments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subservice {
    /// Its name, or its function where it is not named.
    pub name: String,
    /// What it does for the system.
    pub service: String,
    /// How it is presented.
    pub method: SubserviceMethod,
    /// The criteria its controls are needed for.
    pub criteria: Vec<CriterionId>,
    /// Carve-out: the types of control assumed.
    pub csocs: Vec<Csoc>,
    /// How the service organisation watches over it.
    pub monitoring: Prose,
}

/// How a subservice organisation is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubserviceMethod {
    /// Its controls are left out of description and examination.
    CarveOut,
    /// Its controls are described and examined.
    Inclusive,
}

/// A complementary subservice organisation control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Csoc {
    /// Its id, for example `SS-1`.
    pub id: String,
    /// The type of control assumed.
    pub statement: Prose,
    /// The criteria it is needed for.
    pub criteria: Vec<CriterionId>,
    /// The service organisation's control that monitors it.
    pub monitored_by: Option<String>,
}

/// A criterion that is not relevant to the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotRelevant {
    /// The criterion.
    pub criterion: CriterionId,
    /// Why.
    pub reason: Prose,
}

/// DC9.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Significant {
    /// An explicit statement that there were none, and how this was established.
    None(Prose),
    /// The changes, oldest first.
    Changes(Vec<Change>),
}

/// A significant change of the system or its controls during the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// When it took effect.
    pub on: Date,
    /// What changed, from what to what.
    pub what: Prose,
    /// The controls concerned.
    pub controls: Vec<String>,
}
