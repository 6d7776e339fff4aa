//! Who may do what with sealed content. The firm has no part in it: it reads the skeleton.

use kernel::party::Role::{CaseHandler, ComplianceLead, Counsel};

kernel::actions! {
    /// Opens what is sealed; each opening is recorded.
    OpenSealed = { name: "sealed.open", organisation: [CaseHandler, ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:sealed" };
    /// Decides who alone may open it.
    RestrictSealed = { name: "sealed.restrict", organisation: [ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:sealed" };
    /// Places a legal hold, and takes it away.
    HoldSealed = { name: "sealed.hold", organisation: [ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:sealed" };
    /// Destroys the key at the end of retention.
    DestroySealed = { name: "sealed.destroy", organisation: [ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:sealed" };
}
