//! `tickmark examine firm|assign|independent|assess|accept`: who works on an engagement, and may they.

use super::examine::{FileArgs, acting, argument, permit};
use crate::firm::model::{
    AcceptanceKind, AcceptanceText, Assessed, Assignment, Decision, FirmProfile, PeerRating,
    PeerReview, Precondition, Threat, ThreatKind,
};
use crate::firm::permits::{
    ConfirmIndependence, DecideAcceptance, KeepTeam, PrepareAcceptance, StateProfile,
};
use crate::firm::{service, store};
use clap::Args;
use identity::model::Email;
use jiff::civil::Date;
use kernel::party::Role;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::cli::{Answer, Context, Outcome};
use platform::journal::Expected;
use serde_json::json;

/// States the firm's licence and peer review.
#[derive(Debug, Clone, Args)]
pub struct FirmArgs {
    /// An engagement of the firm, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// Number of the licence (firm permit)
    #[arg(long)]
    pub licence: String,
    /// The board or state that gave it
    #[arg(long)]
    pub jurisdiction: String,
    /// Its last day, such as 2027-12-31
    #[arg(long)]
    pub expires: String,
    /// City and state from which reports are issued
    #[arg(long)]
    pub office: String,
    /// Date of the last peer review report
    #[arg(long, requires_all = ["rating", "reviewer"])]
    pub peer_review: Option<String>,
    /// pass, pass_with_deficiencies or fail
    #[arg(long)]
    pub rating: Option<String>,
    /// Who reviewed
    #[arg(long)]
    pub reviewer: Option<String>,
}

/// Puts somebody on the team.
#[derive(Debug, Clone, Args)]
pub struct AssignArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The e-mail address of whoever is put on the team
    #[arg(long = "person", value_name = "EMAIL")]
    pub member: String,
    /// partner, quality_reviewer, manager, senior, staff, specialist or peer_reviewer
    #[arg(long)]
    pub role: String,
    /// First day
    #[arg(long)]
    pub from: String,
    /// Last day; needed for a peer reviewer
    #[arg(long)]
    pub until: Option<String>,
}

/// Confirms one's own independence.
#[derive(Debug, Clone, Args)]
pub struct IndependentArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// A threat that is declared: familiarity, self_review, …
    #[arg(long, requires = "circumstances")]
    pub threat: Option<String>,
    /// What the circumstances are
    #[arg(long)]
    pub circumstances: Option<String>,
    /// What is done about it
    #[arg(long)]
    pub safeguard: Option<String>,
}

/// Assesses the preconditions of acceptance.
#[derive(Debug, Clone, Args)]
pub struct AssessArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// acceptance or continuance
    #[arg(long, default_value = "acceptance")]
    pub kind: String,
    /// A precondition that is met and on what that rests: independence=…; given once for each
    #[arg(long = "met", value_name = "NAME=BASIS")]
    pub met: Vec<String>,
    /// What is known of the integrity of those who lead the client
    #[arg(long)]
    pub integrity: String,
    /// When the engagement letter was signed
    #[arg(long)]
    pub letter: Option<String>,
}

/// Decides on what somebody else assessed.
#[derive(Debug, Clone, Args)]
pub struct AcceptArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// Decline instead
    #[arg(long)]
    pub decline: bool,
    /// Why
    #[arg(long)]
    pub reason: String,
}

fn date(name: &str, text: &str) -> Result<Date, Refusal> {
    kernel::period::parse_date(text).map_err(|e| Refusal::input(format!("--{name}: {e}")))
}

fn maybe_date(name: &str, text: Option<&String>) -> Result<Option<Date>, Refusal> {
    text.map(|t| date(name, t)).transpose()
}

pub(super) fn firm(cx: &Context, args: &FirmArgs) -> Outcome {
    let now = cx.env().now();
    let peer_review = match (&args.peer_review, &args.rating, &args.reviewer) {
        (Some(dated), Some(rating), Some(reviewer)) => Some(PeerReview {
            dated: date("peer-review", dated)?,
            rating: argument::<PeerRating>("rating", rating)?,
            reviewer: reviewer.clone(),
        }),
        _ => None,
    };
    let profile = FirmProfile {
        licence: args.licence.clone(),
        jurisdiction: args.jurisdiction.clone(),
        licence_expires: date("expires", &args.expires)?,
        office: args.office.clone(),
        peer_review,
    };
    let (file, mut env) = (args.file.clone(), cx.env());
    cx.db.write_blocking(move |tx| {
        let (facts, actor) = acting(tx, &file, now)?;
        let firm = facts.firm.ok_or(Refusal::NotFound)?;
        let permit = authorize::<StateProfile>(&actor, &Facts::of(firm))?;
        service::state_profile(tx, &mut env, &permit, Expected::Any, &profile)
    })?;
    Answer::new(&json!({ "licence": args.licence }), "Stated the firm's licence.".to_owned())
}

pub(super) fn assign(cx: &Context, args: &AssignArgs) -> Outcome {
    let now = cx.env().now();
    let role = Role::parse(&args.role)
        .ok_or_else(|| Refusal::input("--role: choose a role of an engagement team."))?;
    let input = Assignment {
        role,
        from: date("from", &args.from)?,
        until: maybe_date("until", args.until.as_ref())?,
    };
    let address = Email::parse(&args.member)?;
    let (file, mut env) = (args.file.clone(), cx.env());
    let person = cx.db.write_blocking(move |tx| {
        let permit = permit::<KeepTeam>(tx, &file, now)?;
        let found = identity::store::person_by_email(tx, &address)?.ok_or_else(|| {
            Refusal::input(format!("Nobody here has the address {}.", address.as_str()))
        })?;
        service::assign(tx, &mut env, &permit, found.id, &input)?;
        Ok(found.id)
    })?;
    let text = format!("{} is on the team as {role}.", args.member);
    Answer::new(&json!({ "person": person, "role": role }), text)
}

pub(super) fn independent(cx: &Context, args: &IndependentArgs) -> Outcome {
    let now = cx.env().now();
    let threats = match (&args.threat, &args.circumstances) {
        (Some(kind), Some(circumstances)) => vec![Threat {
            kind: argument::<ThreatKind>("threat", kind)?,
            circumstances: circumstances.clone(),
            safeguard: args.safeguard.clone().unwrap_or_default(),
        }],
        _ => Vec::new(),
    };
    let declared = threats.len();
    let (file, mut env) = (args.file.clone(), cx.env());
    cx.db.write_blocking(move |tx| {
        let permit = permit::<ConfirmIndependence>(tx, &file, now)?;
        service::confirm(tx, &mut env, &permit, &threats)
    })?;
    let text = if declared == 0 {
        "Confirmed independence.".to_owned()
    } else {
        "Confirmed independence with a declared threat, which somebody else has to judge."
            .to_owned()
    };
    Answer::new(&json!({ "threats": declared }), text)
}

pub(super) fn assess(cx: &Context, args: &AssessArgs) -> Outcome {
    let now = cx.env().now();
    let mut preconditions = Vec::new();
    for met in &args.met {
        let (name, basis) = met.split_once('=').ok_or_else(|| {
            Refusal::input("--met: write the name, an equals sign and the basis.")
        })?;
        let precondition = argument::<Precondition>("met", name)?;
        preconditions.push(Assessed { precondition, met: true, basis: basis.to_owned() });
    }
    for precondition in Precondition::ALL {
        if !preconditions.iter().any(|a| a.precondition == *precondition) {
            let basis = String::new();
            preconditions.push(Assessed { precondition: *precondition, met: false, basis });
        }
    }
    let text = AcceptanceText {
        kind: argument::<AcceptanceKind>("kind", &args.kind)?,
        preconditions,
        integrity: args.integrity.clone(),
        letter_signed: maybe_date("letter", args.letter.as_ref())?,
    };
    let (file, mut env) = (args.file.clone(), cx.env());
    cx.db.write_blocking(move |tx| {
        let permit = permit::<PrepareAcceptance>(tx, &file, now)?;
        service::prepare_acceptance(tx, &mut env, &permit, Expected::Any, &text)
    })?;
    Answer::new(
        &json!({ "met": args.met.len() }),
        format!(
            "Assessed: {} of {} preconditions are met.",
            args.met.len(),
            Precondition::ALL.len()
        ),
    )
}

pub(super) fn accept(cx: &Context, args: &AcceptArgs) -> Outcome {
    let now = cx.env().now();
    let decision = Decision { accepted: !args.decline, reason: args.reason.clone() };
    let (file, mut env) = (args.file.clone(), cx.env());
    cx.db.write_blocking(move |tx| {
        let permit = permit::<DecideAcceptance>(tx, &file, now)?;
        let at = crate::store::file_of(permit.facts())?;
        let found = store::acceptance(tx, at)?
            .ok_or_else(|| Refusal::state("Nobody has assessed the preconditions yet."))?;
        service::decide_acceptance(tx, &mut env, &permit, found.version, &decision)
    })?;
    let text = if args.decline { "Declined the engagement." } else { "Accepted the engagement." };
    Answer::new(&json!({ "accepted": !args.decline }), text.to_owned())
}
