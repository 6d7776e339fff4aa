//! What can happen. Kinds are frozen: a changed shape is a new version. What concerns the firm's procedures
//! goes to the firm's log, appointments and consent go to the organisation's.

use super::model::{
    Agreed, AppointmentId, AppointmentState, Entry, InquiryId, Meeting, Outcome, Plan,
};
use kernel::ids::{EngagementId, PartyId};
use serde::{Deserialize, Serialize};

/// A procedure as it is planned after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProcedurePlanned {
    /// Its id.
    pub id: InquiryId,
    /// The engagement.
    pub engagement: EngagementId,
    /// How.
    pub plan: Plan,
}

/// The organisation was given an appointment for a procedure.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProcedureScheduled {
    /// The appointment.
    pub appointment: AppointmentId,
}

/// A procedure gave something.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EntryAdded {
    /// The engagement.
    pub engagement: EngagementId,
    /// Its number within the procedure.
    pub number: i64,
    /// What.
    pub entry: Entry,
}

/// Something left to do was done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FollowUpDone {
    /// Its number within the procedure.
    pub number: i64,
    /// What came of it.
    pub outcome: String,
}

/// A procedure was concluded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProcedureConcluded {
    /// For what it is used, and what was learnt.
    pub outcome: Outcome,
}

/// A procedure will not be held.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProcedureCancelled {
    /// Why.
    pub reason: String,
}

/// The organisation was given an appointment, or another time for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AppointmentSet {
    /// Its id.
    pub id: AppointmentId,
    /// The organisation.
    pub organisation: PartyId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The firm.
    pub firm: PartyId,
    /// What is told.
    pub meeting: Meeting,
}

/// An appointment was answered or taken back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AppointmentAnswered {
    /// Where it stands now.
    pub state: AppointmentState,
    /// What was said.
    pub reply: String,
}

/// The organisation consented.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConsentGiven {
    /// The engagement.
    pub engagement: EngagementId,
    /// To what.
    pub what: Agreed,
    /// In which words.
    pub words: String,
}

/// The organisation took its consent back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConsentWithdrawn {
    /// The engagement.
    pub engagement: EngagementId,
    /// To what it had consented.
    pub what: Agreed,
    /// Why.
    pub reason: String,
}

kernel::events! {
    /// What can happen with procedures, appointments and consent.
    pub enum InquiryEvent in "inquiries" {
        /// A procedure was planned, or planned anew.
        ProcedurePlanned(ProcedurePlanned) = "inquiries.planned.v1",
        /// The organisation was given an appointment for it.
        ProcedureScheduled(ProcedureScheduled) = "inquiries.scheduled.v1",
        /// It gave something: an answer, a session, something to do, a corroboration.
        EntryAdded(EntryAdded) = "inquiries.entry_added.v1",
        /// Something left to do was done.
        FollowUpDone(FollowUpDone) = "inquiries.follow_up_done.v1",
        /// It was concluded.
        ProcedureConcluded(ProcedureConcluded) = "inquiries.concluded.v1",
        /// It will not be held.
        ProcedureCancelled(ProcedureCancelled) = "inquiries.cancelled.v1",
        /// The organisation was given an appointment. In its log.
        AppointmentSet(AppointmentSet) = "inquiries.appointment_set.v1",
        /// An appointment was answered or taken back. In the organisation's log.
        AppointmentAnswered(AppointmentAnswered) = "inquiries.appointment_answered.v1",
        /// The organisation consented. In its log.
        ConsentGiven(ConsentGiven) = "inquiries.consent_given.v1",
        /// The organisation took its consent back. In its log.
        ConsentWithdrawn(ConsentWithdrawn) = "inquiries.consent_withdrawn.v1",
    }
}
