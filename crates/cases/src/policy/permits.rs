//! Who may read, draft and approve the reporting policy.

use kernel::party::Role::{
    Administrator, CaseHandler, ComplianceLead, ControlOwner, Counsel, EvidenceProvider,
    ExecutiveSponsor, Manager, Partner, PeerReviewer, QualityReviewer, Senior, Specialist, Staff,
    Viewer,
};

kernel::actions! {
    /// Reads the reporting policy and its versions.
    ReadPolicy = { name: "policy.read",
        organisation: [Administrator, CaseHandler, ComplianceLead, ControlOwner, Counsel, EvidenceProvider, ExecutiveSponsor, Viewer],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "cases:read" };
    /// Drafts a version, gives a draft up, records a review.
    WritePolicy = { name: "policy.write", organisation: [ComplianceLead, CaseHandler, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
    /// Puts a version in force.
    ApprovePolicy = { name: "policy.approve", organisation: [ExecutiveSponsor, ComplianceLead], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
    /// Reminds those who answer for the policy of its review.
    RemindReview = { name: "policy.remind", organisation: [], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:write" };
}
