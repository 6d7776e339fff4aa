//! Who may do what in this room. Until the report is issued the organisation sees its own description
//! and assertion, and nothing of the report.

use kernel::party::Role::{
    Administrator, ComplianceLead, ControlOwner, Counsel, DistributionAdministrator,
    EvidenceProvider, ExecutiveSponsor, Manager, Partner, PeerReviewer, QualityReviewer, Senior,
    Specialist, Staff, Viewer,
};

kernel::actions! {
    /// Reads the description and the assertion.
    ReadDescription = { name: "reporting.description.read",
        organisation: [ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, Counsel, DistributionAdministrator, Viewer],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "reporting:read" };
    /// Writes the sections of the description.
    WriteDescription = { name: "reporting.description.write", organisation: [ComplianceLead, ExecutiveSponsor], firm: [],
        public: false, system: true, when_locked: false, scope: "reporting:write" };
    /// Signs management's assertion.
    SignAssertion = { name: "reporting.assertion.sign", organisation: [ExecutiveSponsor], firm: [],
        public: false, system: false, when_locked: false, scope: "reporting:write" };
    /// Reads drafts of the report, terms and letters: the firm alone.
    ReadDraft = { name: "reporting.draft.read", organisation: [],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "reporting:read" };
    /// States the firm's terms, records the representation letter, builds drafts.
    PrepareReport = { name: "reporting.report.prepare", organisation: [], firm: [Partner, Manager, Senior],
        public: false, system: true, when_locked: false, scope: "reporting:write" };
    /// Signs and issues the report.
    IssueReport = { name: "reporting.report.issue", organisation: [], firm: [Partner],
        public: false, system: false, when_locked: false, scope: "reporting:write" };
    /// Reads the issued report. Before it is issued there is nothing to read.
    ReadReport = { name: "reporting.report.read",
        organisation: [Administrator, ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, Counsel, DistributionAdministrator, Viewer],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "reporting:read" };
    /// Exports the engagement as a package: it holds the firm's papers.
    ExportPackage = { name: "reporting.package.export", organisation: [], firm: [Partner, QualityReviewer, Manager, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "reporting:read" };
}
