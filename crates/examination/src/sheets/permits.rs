//! Who may do what with test sheets. The organisation learns of nothing here.
//!
//! Reading, testing and reviewing go by the permits of the room: [`crate::permits::ReadFile`],
//! [`crate::permits::PerformTests`] and [`crate::permits::ReviewWork`].

use kernel::party::Role::{
    Manager, Partner, PeerReviewer, QualityReviewer, Senior, Specialist, Staff,
};

kernel::actions! {
    /// Reads the firm's legend of tick marks.
    ReadLegend = { name: "sheets.legend.read", organisation: [],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "examination:read" };
    /// Extends the firm's legend of tick marks.
    StateLegend = { name: "sheets.legend.state", organisation: [], firm: [Partner, Manager],
        public: false, system: true, when_locked: true, scope: "examination:write" };
}
