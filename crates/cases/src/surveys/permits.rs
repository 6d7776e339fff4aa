//! Who may do what with surveys and interviews.

use kernel::party::Role::{
    ComplianceLead, Counsel, ExecutiveSponsor, Manager, Partner, PeerReviewer, QualityReviewer,
    Senior, Specialist, Staff,
};

kernel::actions! {
    /// Reads surveys, their results and interviews.
    ReadSurveys = { name: "cases.surveys.read", organisation: [ComplianceLead, Counsel, ExecutiveSponsor],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "surveys:read" };
    /// Holds surveys and interviews.
    ManageSurveys = { name: "cases.surveys.manage", organisation: [ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "surveys:write" };
    /// Answers a survey, with a ticket.
    AnswerSurvey = { name: "cases.surveys.answer", organisation: [ComplianceLead], firm: [],
        public: true, system: false, when_locked: true, scope: "surveys:write" };
}
