//! Who may do what with collectors.

use kernel::party::Role::{
    ComplianceLead, ControlOwner, Counsel, EvidenceProvider, ExecutiveSponsor,
};

kernel::actions! {
    /// Reads which collectors there are and how their runs went. What they found is evidence, and is
    /// read as evidence is.
    ReadCollectors = { name: "collectors.read",
        organisation: [ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, Counsel], firm: [],
        public: false, system: true, when_locked: true, scope: "evidence:read" };
    /// Declares a collector, changes or stops it.
    StateCollectors = { name: "collectors.state",
        organisation: [ComplianceLead, ControlOwner, EvidenceProvider], firm: [],
        public: false, system: false, when_locked: false, scope: "evidence:write" };
    /// Has a collector ask now; the product at the time that was set.
    RunCollector = { name: "collectors.run",
        organisation: [ComplianceLead, ControlOwner, EvidenceProvider], firm: [],
        public: false, system: true, when_locked: true, scope: "evidence:write" };
}
