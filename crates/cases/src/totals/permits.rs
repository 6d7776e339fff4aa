//! Who may do what with control totals.

use kernel::party::Role::{CaseHandler, ComplianceLead};

kernel::actions! {
    /// Counts a day, and states what somebody outside counted.
    CountTotals = { name: "totals.count", organisation: [ComplianceLead, CaseHandler], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:write" };
    /// Owns and resolves exceptions.
    ResolveException = { name: "totals.resolve", organisation: [ComplianceLead, CaseHandler], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
}
