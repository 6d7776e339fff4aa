//! Commands about what the organisation is told and what it answers: appointments and consent. They stand in
//! the organisation's log; that an appointment belongs to a procedure stands in the firm's.

use super::events::{
    AppointmentAnswered, AppointmentSet, ConsentGiven, ConsentWithdrawn, InquiryEvent,
    ProcedureScheduled,
};
use super::model::{Agreed, AppointmentId, AppointmentState, InquiryId, Meeting, ProcedureState};
use super::permits::{AnswerAppointment, GiveConsent, ScheduleInquiry};
use super::service::{NAME_MAX, TEXT_MAX};
use super::store;
use crate::store::file_of;
use kernel::env::Env;
use kernel::ids::EngagementId;
use kernel::party::Role;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, remark, sentence};
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// Gives the organisation an appointment for a procedure, or another time for the one that it has.
///
/// # Errors
/// [`Refusal::Input`] naming the field; [`Refusal::NotFound`]; [`Refusal::State`] once the procedure is over.
pub fn schedule(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ScheduleInquiry>,
    (procedure, version): (InquiryId, i64),
    input: &Meeting,
) -> Result<AppointmentId> {
    let file = file_of(permit.facts())?;
    let owner = permit.owner();
    let known = store::procedure(tx, file, procedure)?.ok_or(Refusal::NotFound)?;
    if matches!(known.state, ProcedureState::Concluded | ProcedureState::Cancelled) {
        return Err(Refusal::state("This procedure is over; nothing is left to meet for.").into());
    }
    let people = identity::store::people_of(tx, owner)?;
    if !people.iter().any(|m| m.profile.id == input.person) {
        return Err(Refusal::field("person", "Choose somebody of the organisation.").into());
    }
    if input.at <= env.now() {
        return Err(Refusal::field("at", "An appointment lies in the future.").into());
    }
    if !(5..=480).contains(&input.minutes) {
        return Err(Refusal::field("minutes", "A meeting takes 5 to 480 minutes.").into());
    }
    let meeting = Meeting {
        place: line("place", &input.place, NAME_MAX)?,
        topics: sentence("topics", &input.topics, TEXT_MAX)?,
        ..input.clone()
    };
    let (id, expected) = match known.appointment {
        Some(id) => (id, Expected::Any),
        None => (env.id(), Expected::New),
    };
    let set = AppointmentSet {
        id,
        organisation: owner,
        engagement: file.engagement,
        firm: file.firm,
        meeting,
    };
    let theirs = Origin::by(permit.actor(), owner);
    record(tx, env, &theirs, &id.to_string(), expected, vec![InquiryEvent::from(set)])?;
    let ours = Origin::by(permit.actor(), file.firm);
    let linked = InquiryEvent::from(ProcedureScheduled { appointment: id });
    let seen = Expected::Version(version);
    record(tx, env, &ours, &procedure.to_string(), seen, vec![linked])?;
    Ok(id)
}

/// Takes an appointment back.
///
/// # Errors
/// [`Refusal::NotFound`] where the procedure has none.
pub fn call_off(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ScheduleInquiry>,
    procedure: InquiryId,
    reason: &str,
) -> Result<()> {
    let file = file_of(permit.facts())?;
    let known = store::procedure(tx, file, procedure)?.ok_or(Refusal::NotFound)?;
    let id = known.appointment.ok_or(Refusal::NotFound)?;
    let event = AppointmentAnswered {
        state: AppointmentState::Cancelled,
        reply: remark("reason", reason, TEXT_MAX)?,
    };
    let theirs = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &theirs, &id.to_string(), Expected::Any, vec![InquiryEvent::from(event)])?;
    Ok(())
}

/// Answers an appointment: the person comes, or proposes another time. Only the person whom it concerns, and
/// who leads compliance, may.
///
/// # Errors
/// [`Refusal::NotFound`] where it is somebody else's; [`Refusal::State`] when it was taken back.
pub fn answer(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<AnswerAppointment>,
    (id, version): (AppointmentId, i64),
    (comes, reply): (bool, &str),
) -> Result<()> {
    let appointment = store::appointment(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    let own = permit.person() == Some(appointment.meeting.person);
    if !own && !permit.actor().roles.any(&[Role::ComplianceLead]) {
        return Err(Refusal::NotFound.into());
    }
    if appointment.state == AppointmentState::Cancelled {
        return Err(Refusal::state("The firm took this appointment back.").into());
    }
    let (state, reply) = if comes {
        (AppointmentState::Accepted, remark("reply", reply, TEXT_MAX)?)
    } else {
        let reply = sentence("reply", reply, TEXT_MAX)
            .map_err(|_| Refusal::field("reply", "Say which other time would do."))?;
        (AppointmentState::OtherTime, reply)
    };
    let event = InquiryEvent::from(AppointmentAnswered { state, reply });
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event])?;
    Ok(())
}

/// Consents to something for an engagement, in the organisation's own words.
///
/// # Errors
/// [`Refusal::State`] when it holds already; [`Refusal::Input`].
pub fn consent(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<GiveConsent>,
    engagement: EngagementId,
    (what, words): (Agreed, &str),
) -> Result<()> {
    let all = store::consents(tx, permit.owner(), engagement)?;
    if all.iter().any(|c| c.what == what && c.holds()) {
        return Err(Refusal::state("This consent holds already.").into());
    }
    let event = ConsentGiven { engagement, what, words: sentence("words", words, TEXT_MAX)? };
    let origin = Origin::by(permit.actor(), permit.owner());
    let subject = store::consent_subject(engagement, what);
    record(tx, env, &origin, &subject, Expected::Any, vec![InquiryEvent::from(event)])?;
    Ok(())
}

/// Takes a consent back. What was asked before stays; nothing more is.
///
/// # Errors
/// [`Refusal::State`] when there is none.
pub fn withdraw(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<GiveConsent>,
    engagement: EngagementId,
    (what, reason): (Agreed, &str),
) -> Result<()> {
    let all = store::consents(tx, permit.owner(), engagement)?;
    let Some(held) = all.iter().find(|c| c.what == what && c.holds()) else {
        return Err(Refusal::state("There is no such consent to take back.").into());
    };
    let reason = remark("reason", reason, TEXT_MAX)?;
    let event = ConsentWithdrawn { engagement, what, reason };
    let origin = Origin::by(permit.actor(), permit.owner());
    let subject = store::consent_subject(engagement, what);
    let seen = Expected::Version(held.version);
    record(tx, env, &origin, &subject, seen, vec![InquiryEvent::from(event)])?;
    Ok(())
}
