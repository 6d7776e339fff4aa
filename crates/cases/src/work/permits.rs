//! Who may do what in this subject. Tasks, actions and links are work on a case: `HandleCase`.

use kernel::party::Role::{ComplianceLead, Counsel};

kernel::actions! {
    /// Decides whether somebody must be notified of a case, and records that they were.
    DecideNotice = { name: "cases.notice.decide", organisation: [Counsel, ComplianceLead], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
    /// Reads and writes notes that are privileged between the organisation and its counsel.
    KeepPrivileged = { name: "cases.privileged", organisation: [Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:privileged" };
}
