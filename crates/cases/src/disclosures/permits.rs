//! Who may do what in this subject.

use kernel::party::Role::{
    CaseHandler, ComplianceLead, Counsel, ExecutiveSponsor, Manager, Partner, PeerReviewer,
    QualityReviewer, Senior, Specialist, Staff,
};

kernel::actions! {
    /// Reads the list of incidents with their decisions; the firm reads texts once they are approved.
    ReadDisclosures = { name: "cases.disclosures.read",
        organisation: [ExecutiveSponsor, ComplianceLead, CaseHandler, Counsel],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "cases:read" };
    /// Answers the questions, proposes a decision and drafts the text.
    PrepareDisclosure = { name: "cases.disclosures.prepare",
        organisation: [ComplianceLead, CaseHandler, Counsel], firm: [],
        public: false, system: false, when_locked: false, scope: "cases:write" };
    /// Approves what somebody else prepared, or sends it back.
    ApproveDisclosure = { name: "cases.disclosures.approve",
        organisation: [ExecutiveSponsor, ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: false, scope: "cases:write" };
}
