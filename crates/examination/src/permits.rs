//! Who may do what in this room. The organisation learns of nothing here but the hash and the number
//! of rows of a population that was frozen from what it supplied.

use kernel::party::Role::{
    ComplianceLead, ControlOwner, EvidenceProvider, ExecutiveSponsor, Manager, Partner,
    PeerReviewer, QualityReviewer, Senior, Specialist, Staff,
};

kernel::actions! {
    /// Reads the firm's file: plans, samples, results, deviations, conclusions.
    ReadFile = { name: "examination.read", organisation: [],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "examination:read" };
    /// Reads name, hash and number of rows of what was frozen from the organisation's records. Both
    /// sides may, from the organisation's own record.
    ReadPopulationHash = { name: "examination.population.hash", organisation: [ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "examination:read" };
    /// Plans which controls are tested, and how.
    PlanTests = { name: "examination.plan", organisation: [], firm: [Partner, Manager, Senior],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Records frozen populations and judges whether they can be relied on.
    KeepPopulations = { name: "examination.populations", organisation: [], firm: [Partner, Manager, Senior, Staff, Specialist],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Draws samples, records results, runs full-population tests, records deviations.
    PerformTests = { name: "examination.test", organisation: [], firm: [Partner, Manager, Senior, Staff, Specialist],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Reviews the results of somebody else.
    ReviewWork = { name: "examination.review", organisation: [], firm: [Partner, Manager, Senior],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Concludes on a control.
    ConcludeControl = { name: "examination.conclude.control", organisation: [], firm: [Partner, Manager, Senior],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Concludes on a criterion, and states what else the opinion rests on.
    ConcludeCriterion = { name: "examination.conclude.criterion", organisation: [], firm: [Partner, Manager],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Concludes on the opinion.
    ConcludeOpinion = { name: "examination.conclude.opinion", organisation: [], firm: [Partner],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Signs, as the second person, a conclusion that is more favourable than its proposal, and that the
    /// failure of a criterion is not material. The quality reviewer judges the team's decisions and takes part
    /// in none.
    SecondConclusion = { name: "examination.conclude.second", organisation: [], firm: [Partner, Manager],
        public: false, system: false, when_locked: false, scope: "examination:write" };
}
