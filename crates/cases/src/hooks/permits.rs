//! Who may do what with other systems that report.

use kernel::party::Role::{Administrator, CaseHandler, ComplianceLead, Counsel};

kernel::actions! {
    /// Takes a signed message in: the product, once the signature is verified.
    TakeInMessage = { name: "hooks.take_in", organisation: [], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:write" };
    /// Adds and stops sources, and makes their secrets.
    ManageSources = { name: "hooks.sources.manage", organisation: [Administrator, ComplianceLead], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
    /// Reads which systems report, and what could not be read.
    ReadSources = { name: "hooks.sources.read", organisation: [Administrator, CaseHandler, ComplianceLead, Counsel], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:read" };
    /// Decides about a message that could not be read.
    DecideMessage = { name: "hooks.decide", organisation: [CaseHandler, ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
}
