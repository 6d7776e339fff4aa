//! Who may do what in this subject. Nobody of the organisation learns of any of it.

use kernel::party::Role::{
    Manager, Partner, PeerReviewer, QualityReviewer, Senior, Specialist, Staff,
};

kernel::actions! {
    /// Reads the plan: understanding, risk, materiality, timeline, budget and time.
    ReadPlan = { name: "planning.read", organisation: [],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "examination:read" };
    /// States understanding, risk, materiality; accepts proposed tests.
    Plan = { name: "planning.plan", organisation: [], firm: [Partner, Manager, Senior],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Approves a size below the firm's policy.
    ApproveSize = { name: "planning.approve_size", organisation: [], firm: [Partner, Manager],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// States timeline and budget.
    Schedule = { name: "planning.schedule", organisation: [], firm: [Partner, Manager],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Records one's own time.
    RecordTime = { name: "planning.time", organisation: [],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist],
        public: false, system: false, when_locked: false, scope: "examination:write" };
}
