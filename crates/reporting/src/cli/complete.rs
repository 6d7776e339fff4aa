//! `tickmark report missing`, `procedure`, `review`, `sign`, `lock`: the completion of a file.

use crate::service::outside;
use clap::Args;
use examination::completion::model::{ProcedureBody, ProcedureKind, RETENTION_YEARS_MIN, Step};
use examination::completion::permits::{
    CarryForward, LockFile, PerformCompletion, ReadCompletion, ReviewCompletion, SignPartner,
    SignPrepared, SignQuality,
};
use examination::completion::service::{self, Signs};
use examination::completion::store;
use examination::store::Papers;
use jiff::civil::Date;
use kernel::env::Env;
use kernel::ids::EngagementId;
use kernel::party::Actor;
use kernel::permit::{Permit, authorize};
use kernel::refusal::Refusal;
use platform::cli::{Answer, Context, Failed, Outcome};
use platform::db::{Result, Tx};

/// Which engagement.
#[derive(Debug, Clone, Args)]
pub struct WhichArgs {
    /// The engagement
    #[arg(long, value_name = "ID")]
    pub engagement: EngagementId,
}

/// A procedure performed after the period's end.
#[derive(Debug, Clone, Args)]
pub struct ProcedureArgs {
    /// The engagement
    #[arg(long, value_name = "ID")]
    pub engagement: EngagementId,
    /// inquiry, minutes, incidents, changes, reports, other_information or roll_forward
    #[arg(long, value_name = "KIND")]
    pub kind: String,
    /// The day on which it was performed
    #[arg(long, value_name = "DATE")]
    pub on: Date,
    /// The last day that it covers; the day on which it was performed, if not given
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
    /// Whom was asked, in which role, or what was read
    #[arg(long, value_name = "TEXT")]
    pub source: String,
    /// What came of it
    #[arg(long, value_name = "TEXT")]
    pub result: String,
    /// For a roll-forward: the code of the control
    #[arg(long, value_name = "CODE")]
    pub control: Option<String>,
}

/// A signature on the file.
#[derive(Debug, Clone, Args)]
pub struct SignArgs {
    /// The engagement
    #[arg(long, value_name = "ID")]
    pub engagement: EngagementId,
    /// prepared, quality or partner
    #[arg(long, value_name = "STEP")]
    pub step: String,
    /// What you state
    #[arg(long, value_name = "TEXT")]
    pub statement: String,
}

/// The lock of a file.
#[derive(Debug, Clone, Args)]
pub struct LockArgs {
    /// The engagement
    #[arg(long, value_name = "ID")]
    pub engagement: EngagementId,
    /// For how many years after the report's date it is kept
    #[arg(long, default_value_t = RETENTION_YEARS_MIN)]
    pub years: u16,
    /// Why it is locked after the last day for it
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub late_reason: String,
}

/// A file begun from an earlier one.
#[derive(Debug, Clone, Args)]
pub struct CarryArgs {
    /// The engagement that begins
    #[arg(long, value_name = "ID")]
    pub engagement: EngagementId,
    /// The engagement of the period before
    #[arg(long, value_name = "ID")]
    pub from: EngagementId,
}

/// `tickmark report missing`
///
/// # Errors
/// [`Failed`] with one sentence that says what is wrong.
pub fn missing(cx: &Context, args: &WhichArgs) -> Outcome {
    let (actor, id) = (cx.actor.clone(), args.engagement);
    let found = cx.db.read_blocking(move |conn| {
        authorize::<ReadCompletion>(&actor, &scope::facts(conn, id)?)?;
        let papers = Papers::load(conn, id)?;
        let outside = outside(conn, id)?;
        service::missing(conn, &papers, &outside)
    })?;
    let mut text: Vec<&str> = found.iter().map(|m| m.text.as_str()).collect();
    if text.is_empty() {
        text.push("Nothing is missing.");
    }
    Ok(Answer::new(&found, text.join("\n"))?.no_if(!found.is_empty()))
}

/// `tickmark report procedure`
///
/// # Errors
/// [`Failed`] with one sentence that says what is wrong.
pub fn procedure(cx: &Context, args: &ProcedureArgs) -> Outcome {
    let kind = ProcedureKind::parse(&args.kind).ok_or_else(|| {
        let known: Vec<&str> = ProcedureKind::ALL.iter().map(|k| k.word()).collect();
        Failed(format!("There is no procedure {}; there are {}.", args.kind, known.join(", ")))
    })?;
    let (actor, args, mut env) = (cx.actor.clone(), args.clone(), cx.env());
    let id = cx.db.write_blocking(move |tx| {
        let facts = scope::facts(tx, args.engagement)?;
        let permit = authorize::<PerformCompletion>(&actor, &facts)?;
        let control = match &args.control {
            Some(code) => {
                let found = controls::store::by_code(tx, facts.owner, code)?;
                Some(
                    found
                        .ok_or_else(|| {
                            Refusal::field("control", format!("There is no control {code}."))
                        })?
                        .id,
                )
            }
            None => None,
        };
        let body = ProcedureBody {
            kind,
            control,
            performed_on: args.on,
            covers_to: args.to.unwrap_or(args.on),
            source: args.source.clone(),
            result: args.result.clone(),
            matter: None,
            evidence: Vec::new(),
        };
        service::perform(tx, &mut env, &permit, None, &body)
    })?;
    Answer::new(&serde_json::json!({ "procedure": id }), "The procedure is recorded.")
}

/// `tickmark report review`: reviews every procedure that somebody else performed.
///
/// # Errors
/// [`Failed`] with one sentence that says what is wrong.
pub fn review(cx: &Context, args: &WhichArgs) -> Outcome {
    let (actor, id, mut env) = (cx.actor.clone(), args.engagement, cx.env());
    let done = cx.db.write_blocking(move |tx| {
        let facts = scope::facts(tx, id)?;
        let permit = authorize::<ReviewCompletion>(&actor, &facts)?;
        let file = examination::store::file_of(&facts)?;
        let mut done = 0_u64;
        for open in store::procedures(tx, file)? {
            if open.reviewed_by.is_none() && open.performed_by != actor.name() {
                service::review(tx, &mut env, &permit, open.id)?;
                done += 1;
            }
        }
        Ok(done)
    })?;
    Answer::new(&serde_json::json!({ "reviewed": done }), format!("{done} procedures reviewed."))
}

fn signed<A: Signs>(tx: &mut Tx<'_>, env: &mut Env, actor: &Actor, args: &SignArgs) -> Result<()> {
    let permit: Permit<A> = authorize(actor, &scope::facts(tx, args.engagement)?)?;
    let outside = outside(tx, args.engagement)?;
    service::sign(tx, env, &permit, &args.statement, &outside)
}

/// `tickmark report sign`
///
/// # Errors
/// [`Failed`] with one sentence that says what is wrong.
pub fn sign(cx: &Context, args: &SignArgs) -> Outcome {
    let step = Step::parse(&args.step).ok_or_else(|| {
        Failed(format!("{} is no step; there are prepared, quality and partner.", args.step))
    })?;
    let (actor, args, mut env) = (cx.actor.clone(), args.clone(), cx.env());
    cx.db.write_blocking(move |tx| match step {
        Step::Prepared => signed::<SignPrepared>(tx, &mut env, &actor, &args),
        Step::Quality => signed::<SignQuality>(tx, &mut env, &actor, &args),
        Step::Partner => signed::<SignPartner>(tx, &mut env, &actor, &args),
    })?;
    Answer::new(&serde_json::json!({ "signed": step.word() }), "The file is signed.")
}

/// `tickmark report lock`
///
/// # Errors
/// [`Failed`] with one sentence that says what is wrong.
pub fn lock(cx: &Context, args: &LockArgs) -> Outcome {
    let (actor, args, mut env) = (cx.actor.clone(), args.clone(), cx.env());
    let lock = cx.db.write_blocking(move |tx| {
        let permit = authorize::<LockFile>(&actor, &scope::facts(tx, args.engagement)?)?;
        service::lock(tx, &mut env, &permit, args.years, &args.late_reason)
    })?;
    let text = format!("The file is locked and kept until {}.", lock.keep_until);
    Answer::new(&lock, text)
}

/// `tickmark report carry`
///
/// # Errors
/// [`Failed`] with one sentence that says what is wrong.
pub fn carry(cx: &Context, args: &CarryArgs) -> Outcome {
    let (actor, args, mut env) = (cx.actor.clone(), args.clone(), cx.env());
    let carried = cx.db.write_blocking(move |tx| {
        let permit = authorize::<CarryForward>(&actor, &scope::facts(tx, args.engagement)?)?;
        service::carry(tx, &mut env, &permit, args.from)
    })?;
    Answer::new(
        &serde_json::json!({ "plans": carried }),
        format!("{carried} plans of tests carried."),
    )
}
