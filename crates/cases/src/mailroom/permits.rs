//! Who may do what with mail that came in.

use kernel::party::Role::{Administrator, CaseHandler, ComplianceLead, Counsel};

kernel::actions! {
    /// Hands a message over: the mail server at the machine, the product's own job.
    TakeInMail = { name: "mailroom.take_in", organisation: [Administrator, ComplianceLead], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:write" };
    /// Reads what came in, with its senders. The firm never does: it sees the totals.
    ReadMail = { name: "mailroom.read", organisation: [CaseHandler, ComplianceLead, Counsel], firm: [],
        public: false, system: true, when_locked: true, scope: "cases:read" };
    /// Decides about a message that was set aside.
    DecideMail = { name: "mailroom.decide", organisation: [CaseHandler, ComplianceLead, Counsel], firm: [],
        public: false, system: false, when_locked: true, scope: "cases:write" };
}
