//! Who may do what in this room.

use kernel::party::Role::{
    Administrator, CaseHandler, ComplianceLead, ControlOwner, Counsel, DistributionAdministrator,
    EvidenceProvider, ExecutiveSponsor, FirmAdministrator, Manager, Partner, PeerReviewer,
    QualityReviewer, Senior, Specialist, Staff, Viewer,
};

kernel::actions! {
    /// Reads an engagement and its scope.
    ReadEngagement = { name: "scope.engagement.read",
        organisation: [Administrator, ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, CaseHandler, Counsel, DistributionAdministrator, Viewer],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, FirmAdministrator, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "scope:read" };
    /// Opens an engagement, or changes its scope.
    ManageEngagement = { name: "scope.engagement.manage", organisation: [ComplianceLead, ExecutiveSponsor], firm: [],
        public: false, system: true, when_locked: false, scope: "scope:write" };
    /// Joins a firm to the engagement, from either side's own record.
    JoinFirm = { name: "scope.engagement.join-firm", organisation: [ComplianceLead, ExecutiveSponsor], firm: [],
        public: false, system: true, when_locked: false, scope: "scope:write" };
    /// Moves the engagement on: into fieldwork, issued, locked.
    MoveEngagement = { name: "scope.engagement.move", organisation: [], firm: [Partner, Manager],
        public: false, system: true, when_locked: false, scope: "scope:write" };
    /// Keeps the list of the system's components and subservice organisations.
    DescribeSystem = { name: "scope.system.describe", organisation: [ComplianceLead], firm: [],
        public: false, system: true, when_locked: false, scope: "scope:write" };
}
