//! Who may do what in this subject.

use kernel::party::Role::{
    CaseHandler, ComplianceLead, ControlOwner, Counsel, ExecutiveSponsor, Manager, Partner,
    PeerReviewer, QualityReviewer, Senior, Specialist, Staff,
};

kernel::actions! {
    /// Reads the risk register and the deficiencies.
    ReadRisks = { name: "controls.risks.read",
        organisation: [ExecutiveSponsor, ComplianceLead, ControlOwner, CaseHandler, Counsel],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "controls:read" };
    /// Opens and changes risks and deficiencies; a case can do so too.
    ManageRisks = { name: "controls.risks.manage", organisation: [ComplianceLead, ControlOwner, CaseHandler], firm: [],
        public: false, system: true, when_locked: true, scope: "controls:write" };
}
