//! Who may do what. The firm's procedures are the firm's alone; reading them is reading its file.

use kernel::party::Role::{
    Administrator, CaseHandler, ComplianceLead, ControlOwner, Counsel, EvidenceProvider,
    ExecutiveSponsor, Manager, Partner, Senior, Specialist, Staff,
};

kernel::actions! {
    /// Plans, holds and concludes walkthroughs, inquiries, observations and surveys.
    HoldInquiries = { name: "inquiries.hold", organisation: [], firm: [Partner, Manager, Senior, Staff, Specialist],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Gives the organisation an appointment with the topics that are released.
    ScheduleInquiry = { name: "inquiries.schedule", organisation: [], firm: [Partner, Manager, Senior, Staff],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Reads and answers one's own appointments with the firm; who leads compliance, those of everybody.
    AnswerAppointment = { name: "inquiries.appointments.answer",
        organisation: [Administrator, CaseHandler, ComplianceLead, ControlOwner, Counsel, EvidenceProvider, ExecutiveSponsor], firm: [],
        public: false, system: false, when_locked: true, scope: "evidence:write" };
    /// Consents to surveys, or takes a consent back.
    GiveConsent = { name: "inquiries.consent", organisation: [ComplianceLead, Counsel, ExecutiveSponsor], firm: [],
        public: false, system: false, when_locked: true, scope: "evidence:write" };
}
