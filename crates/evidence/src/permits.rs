//! Who may do what in this room.

use kernel::party::Role::{
    ComplianceLead, ControlOwner, Counsel, EvidenceProvider, ExecutiveSponsor, Manager, Partner,
    PeerReviewer, QualityReviewer, Senior, Specialist, Staff,
};

kernel::actions! {
    /// Reads evidence and its bytes.
    ReadEvidence = { name: "evidence.read",
        organisation: [ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, Counsel],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "evidence:read" };
    /// Supplies evidence.
    SupplyEvidence = { name: "evidence.supply", organisation: [ComplianceLead, ControlOwner, EvidenceProvider], firm: [],
        public: false, system: true, when_locked: false, scope: "evidence:write" };
    /// Reads the request list.
    ReadRequests = { name: "evidence.requests.read",
        organisation: [ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, Counsel],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "evidence:read" };
    /// Asks for something. The firm asks.
    AskRequest = { name: "evidence.requests.ask", organisation: [], firm: [Partner, Manager, Senior, Staff],
        public: false, system: true, when_locked: false, scope: "evidence:write" };
    /// Answers a request.
    AnswerRequest = { name: "evidence.requests.answer", organisation: [ComplianceLead, ControlOwner, EvidenceProvider], firm: [],
        public: false, system: false, when_locked: false, scope: "evidence:write" };
    /// Accepts an answer or returns it. Only the firm does.
    JudgeRequest = { name: "evidence.requests.judge", organisation: [], firm: [Partner, Manager, Senior, Staff],
        public: false, system: false, when_locked: false, scope: "evidence:write" };
}
