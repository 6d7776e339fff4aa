//! Who may do what with training.

use kernel::party::Role::{
    Administrator, CaseHandler, ComplianceLead, ControlOwner, Counsel, DistributionAdministrator,
    EvidenceProvider, ExecutiveSponsor, Manager, Partner, PeerReviewer, QualityReviewer, Senior,
    Specialist, Staff, Viewer,
};

kernel::actions! {
    /// Learns: reads material, answers quizzes, practises reporting, confirms to have read a text.
    TakeTraining = { name: "cases.training.take", organisation: [Administrator, ExecutiveSponsor, ComplianceLead, ControlOwner,
        EvidenceProvider, CaseHandler, Counsel, DistributionAdministrator, Viewer], firm: [],
        public: false, system: false, when_locked: true, scope: "training:write" };
    /// Keeps courses, assigns them, puts texts forward, reminds.
    ManageTraining = { name: "cases.training.manage", organisation: [ComplianceLead], firm: [],
        public: false, system: true, when_locked: true, scope: "training:write" };
    /// Reads who has learnt what, and the coverage.
    ReadTraining = { name: "cases.training.read", organisation: [ComplianceLead, ExecutiveSponsor, Counsel, Administrator],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "training:read" };
}
