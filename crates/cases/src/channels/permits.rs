//! Who may do what with the register of channels.

use kernel::party::Role::{
    Administrator, CaseHandler, ComplianceLead, ControlOwner, Counsel, EvidenceProvider,
    ExecutiveSponsor, Manager, Partner, PeerReviewer, QualityReviewer, Senior, Specialist, Staff,
    Viewer,
};

kernel::actions! {
    /// Reads the register of channels, what was tested and what the control totals are.
    ReadChannels = { name: "channels.read",
        organisation: [Administrator, CaseHandler, ComplianceLead, ControlOwner, Counsel, EvidenceProvider, ExecutiveSponsor, Viewer],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "cases:read" };
    /// Keeps the register of channels.
    ManageChannels = { name: "channels.manage", organisation: [ComplianceLead, CaseHandler], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:write" };
}
