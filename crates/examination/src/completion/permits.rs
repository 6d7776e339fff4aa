//! Who may do what when a file is completed.

use kernel::party::Role::{
    ComplianceLead, ExecutiveSponsor, Manager, Partner, PeerReviewer, QualityReviewer, Senior,
    Specialist, Staff,
};

kernel::actions! {
    /// Reads what is missing, the procedures, the signatures, the lock.
    ReadCompletion = { name: "completion.read", organisation: [],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "examination:read" };
    /// Records procedures after the period's end.
    PerformCompletion = { name: "completion.perform", organisation: [], firm: [Partner, Manager, Senior, Staff, Specialist],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Reviews the procedures of somebody else.
    ReviewCompletion = { name: "completion.review", organisation: [], firm: [Partner, Manager, Senior],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Signs the file as prepared.
    SignPrepared = { name: "completion.sign.prepared", organisation: [], firm: [Manager, Senior],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Signs the file as the quality reviewer.
    SignQuality = { name: "completion.sign.quality", organisation: [], firm: [QualityReviewer],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Signs the file as the engagement partner.
    SignPartner = { name: "completion.sign.partner", organisation: [], firm: [Partner],
        public: false, system: false, when_locked: false, scope: "examination:write" };
    /// Writes and releases the letter on deficiencies.
    WriteLetter = { name: "completion.letter.write", organisation: [], firm: [Partner, Manager],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Reads the letter on deficiencies once it is released.
    ReadLetter = { name: "completion.letter.read", organisation: [ExecutiveSponsor, ComplianceLead],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "examination:read" };
    /// Acknowledges the letter on deficiencies for management.
    AcknowledgeLetter = { name: "completion.letter.acknowledge", organisation: [ExecutiveSponsor, ComplianceLead], firm: [],
        public: false, system: false, when_locked: true, scope: "reporting:write" };
    /// Locks the assembled file.
    LockFile = { name: "completion.lock", organisation: [], firm: [Partner],
        public: false, system: true, when_locked: false, scope: "examination:write" };
    /// Adds to a locked file, beside what is there.
    AddToLocked = { name: "completion.add", organisation: [], firm: [Partner, Manager],
        public: false, system: false, when_locked: true, scope: "examination:write" };
    /// Begins the file of a period from that of the period before.
    CarryForward = { name: "completion.carry", organisation: [], firm: [Partner, Manager],
        public: false, system: true, when_locked: false, scope: "examination:write" };
}
