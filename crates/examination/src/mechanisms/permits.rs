//! Who may do what with the evaluation of reporting mechanisms. The organisation learns nothing of it
//! here; the memorandum is handed over by people. Reading is that of the firm's file.

use kernel::party::Role::{Manager, Partner, Senior, Specialist, Staff};

kernel::actions! {
    /// Writes the papers: channels, policy review, cases read, scores, recommendations.
    EvaluateMechanisms = { name: "mechanisms.evaluate", organisation: [], firm: [Partner, Manager, Senior, Staff, Specialist],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Signs the memorandum.
    SignMemorandum = { name: "mechanisms.sign", organisation: [], firm: [Partner, Manager, Senior],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Reviews the memorandum of somebody else.
    ReviewMemorandum = { name: "mechanisms.review", organisation: [], firm: [Partner, Manager],
        public: false, system: false, when_locked: false, scope: "examination:write" };
}
