//! Who may do what with deviations beyond recording them, and with statements.

use kernel::party::Role::{
    ComplianceLead, ControlOwner, Counsel, ExecutiveSponsor, Manager, Partner, PeerReviewer,
    QualityReviewer, Senior, Specialist, Staff,
};

kernel::actions! {
    /// Signs, as a second person, a nature softer than the markers propose.
    SecondNature = { name: "deviations.nature.second", organisation: [], firm: [Partner, Manager],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Releases facts of a deviation to the organisation and asks for its statement.
    AskStatement = { name: "deviations.statement.ask", organisation: [], firm: [Partner, Manager, Senior],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Reads statements: what was released, and what was said.
    ReadStatements = { name: "deviations.statement.read",
        organisation: [ExecutiveSponsor, ComplianceLead, ControlOwner, Counsel],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "evidence:read" };
    /// Gives the organisation's statement. Only the organisation does.
    GiveStatement = { name: "deviations.statement.give", organisation: [ExecutiveSponsor, ComplianceLead],
        firm: [], public: false, system: false, when_locked: false, scope: "evidence:write" };
}
