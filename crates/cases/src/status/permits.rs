//! Who may do what with the status page.

use kernel::party::Role::{
    CaseHandler, ComplianceLead, Counsel, ExecutiveSponsor, Manager, Partner, PeerReviewer,
    QualityReviewer, Senior, Specialist, Staff,
};

kernel::actions! {
    /// Reads the desk behind the status page: what was published, by whom, when, with its proof.
    ReadStatusDesk = { name: "cases.status.read", organisation: [CaseHandler, ComplianceLead, Counsel, ExecutiveSponsor],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "cases:read" };
    /// Publishes on the status page.
    PublishStatus = { name: "cases.status.publish", organisation: [CaseHandler, ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
    /// Asks to be told of what is published, confirms it, and leaves: anybody.
    FollowStatus = { name: "cases.status.follow", organisation: [CaseHandler], firm: [],
        public: true, system: false, when_locked: true, scope: "reports:write" };
}
