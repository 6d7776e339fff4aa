//! Who may do what with clocks.

use kernel::party::Role::{CaseHandler, ComplianceLead, Counsel, ExecutiveSponsor};

kernel::actions! {
    /// Pauses and resumes clocks, states duties.
    KeepClocks = { name: "clocks.keep", organisation: [CaseHandler, ComplianceLead, Counsel], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:write" };
    /// Keeps people out of a case that concerns them; flags retaliation.
    ExcludePeople = { name: "clocks.exclude", organisation: [ComplianceLead, Counsel, CaseHandler, ExecutiveSponsor], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:write" };
    /// States who is away and who stands in.
    StateAbsence = { name: "clocks.absence", organisation: [CaseHandler, ComplianceLead, Counsel, ExecutiveSponsor], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
    /// Does what time asks for: climbs rungs, watches.
    Escalate = { name: "clocks.escalate", organisation: [], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:write" };
}
