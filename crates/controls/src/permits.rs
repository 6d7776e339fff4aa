//! Who may do what in this room.

use kernel::party::Role::{
    ComplianceLead, ControlOwner, Counsel, EvidenceProvider, ExecutiveSponsor, Manager, Partner,
    PeerReviewer, QualityReviewer, Senior, Specialist, Staff, Viewer,
};

kernel::actions! {
    /// Reads the controls and how far criteria are covered.
    ReadControls = { name: "controls.read",
        organisation: [ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, Counsel, Viewer],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "controls:read" };
    /// Adds, changes or retires a control.
    ManageControls = { name: "controls.manage", organisation: [ComplianceLead], firm: [],
        public: false, system: true, when_locked: true, scope: "controls:write" };
    /// Opens and closes gaps and remediation.
    ManageGaps = { name: "controls.gaps.manage", organisation: [ComplianceLead, ControlOwner], firm: [],
        public: false, system: true, when_locked: true, scope: "controls:write" };
}
