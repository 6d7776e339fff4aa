//! Who may do what in this room.

use kernel::party::Role::{
    Administrator, CaseHandler, ComplianceLead, Counsel, ExecutiveSponsor, Manager, Partner,
    PeerReviewer, QualityReviewer, Senior, Specialist, Staff,
};

kernel::actions! {
    /// Files a report: anybody, at an organisation's door.
    FileReport = { name: "cases.report.file",
        organisation: [Administrator, CaseHandler, ComplianceLead, Counsel, ExecutiveSponsor], firm: [],
        public: true, system: true, when_locked: true, scope: "reports:write" };
    /// Reads the register.
    ReadCases = { name: "cases.read", organisation: [CaseHandler, ComplianceLead, Counsel, ExecutiveSponsor],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "cases:read" };
    /// Works on a case: triage, owner, notes, updates, resolution, closing.
    HandleCase = { name: "cases.handle", organisation: [CaseHandler, ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
    /// Takes over a register kept elsewhere.
    ImportCases = { name: "cases.import", organisation: [ComplianceLead, CaseHandler, Administrator], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:write" };
}
