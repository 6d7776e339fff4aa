//! Who decides whether two cases are the same matter.

use kernel::party::Role::{CaseHandler, ComplianceLead, Counsel};

kernel::actions! {
    /// Decides whether two cases are the same matter.
    DecideLinks = { name: "cases.patterns.decide", organisation: [CaseHandler, ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
}
