//! Who may do what in this subject. Nobody of the organisation learns of any of it.

use kernel::party::Role::{
    Manager, Partner, PeerReviewer, QualityReviewer, Senior, Specialist, Staff,
};

kernel::actions! {
    /// Reads the firm's profile and policies; of an engagement its team, confirmations and acceptance.
    ReadFirm = { name: "firm.read", organisation: [],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "examination:read" };
    /// States the firm's licence and peer review.
    StateProfile = { name: "firm.profile", organisation: [], firm: [Partner],
        public: false, system: true, when_locked: true, scope: "examination:write" };
    /// Drafts a version of a policy.
    DraftPolicy = { name: "firm.policy.draft", organisation: [], firm: [Partner, QualityReviewer, Manager],
        public: false, system: true, when_locked: true, scope: "examination:write" };
    /// Approves what somebody else drafted.
    ApprovePolicy = { name: "firm.policy.approve", organisation: [], firm: [Partner, QualityReviewer],
        public: false, system: false, when_locked: true, scope: "examination:write" };
    /// Puts people on the team of an engagement and releases them.
    KeepTeam = { name: "firm.team", organisation: [], firm: [Partner, Manager],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Confirms one's own independence.
    ConfirmIndependence = { name: "firm.independence.confirm", organisation: [],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Judges the threats to independence that somebody else declared.
    JudgeThreats = { name: "firm.independence.judge", organisation: [], firm: [Partner, QualityReviewer],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Records services for the same client beside the examination.
    KeepServices = { name: "firm.services", organisation: [], firm: [Partner, Manager],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Assesses whether the engagement can be accepted or continued.
    PrepareAcceptance = { name: "firm.acceptance.prepare", organisation: [], firm: [Partner, Manager, Senior],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Decides on what somebody else assessed.
    DecideAcceptance = { name: "firm.acceptance.decide", organisation: [], firm: [Partner, QualityReviewer],
        public: false, system: false, when_locked: false, scope: "examination:write" };
}
