//! Who may do what in this room.

use kernel::party::Role::{
    ComplianceLead, ControlOwner, Counsel, EvidenceProvider, ExecutiveSponsor, Manager, Partner,
    PeerReviewer, QualityReviewer, Senior, Specialist, Staff, Viewer,
};

kernel::actions! {
    /// Reads the register of commitments and requirements.
    ReadCommitments = { name: "commitments.read",
        organisation: [ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, Counsel, Viewer],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "commitments:read" };
    /// Adds or changes a commitment or a requirement.
    ManageCommitments = { name: "commitments.manage", organisation: [ComplianceLead, Counsel], firm: [],
        public: false, system: true, when_locked: true, scope: "commitments:write" };
    /// Records whether a commitment was kept in a window.
    MeasureCommitment = { name: "commitments.measure", organisation: [ComplianceLead, ControlOwner], firm: [],
        public: false, system: true, when_locked: true, scope: "commitments:write" };
}
