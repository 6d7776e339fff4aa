//! Who may do what with canaries.

use kernel::party::Role::{Administrator, ComplianceLead, ExecutiveSponsor};

kernel::actions! {
    /// Sends canaries, watches and retires them.
    RunCanaries = { name: "canaries.run", organisation: [], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:write" };
    /// Decides how often canaries are sent and who is told when one is lost.
    ManageCanaries = { name: "canaries.manage", organisation: [Administrator, ComplianceLead, ExecutiveSponsor], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
}
