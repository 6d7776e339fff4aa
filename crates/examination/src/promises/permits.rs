//! Who may do what with the evaluation of commitments and requirements. Reading is that of the firm's file.

use kernel::party::Role::{Manager, Partner, Senior, Specialist, Staff};

kernel::actions! {
    /// Writes the papers: what was read, findings judged, regulations, recommendations.
    EvaluateCommitments = { name: "promises.evaluate", organisation: [], firm: [Partner, Manager, Senior, Staff, Specialist],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Concludes whether there is reasonable assurance that a commitment was achieved.
    ConcludeCommitment = { name: "promises.conclude", organisation: [], firm: [Partner, Manager],
        public: false, system: false, when_locked: false, scope: "examination:write" };
}
