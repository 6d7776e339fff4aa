//! Who keeps views of the register, and who tags cases.

use kernel::party::Role::{CaseHandler, ComplianceLead, Counsel, ExecutiveSponsor};

kernel::actions! {
    /// Keeps sets of filters under a name.
    KeepViews = { name: "cases.views.keep", organisation: [CaseHandler, ComplianceLead, Counsel, ExecutiveSponsor],
        firm: [], public: false, system: false, when_locked: true, scope: "cases:write" };
    /// Puts a tag on a case, or takes it off.
    TagCases = { name: "cases.tag", organisation: [CaseHandler, ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
}
