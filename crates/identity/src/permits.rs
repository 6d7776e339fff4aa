//! Who may do what in this room.
//!
//! Everybody reads the names of their own party's people; only its administrators change who they
//! are and what they are trusted with. What concerns one's own account needs no role, only a signed-in
//! browser: no token may be given the scope [`OWN_ACCOUNT`].

use kernel::party::Role::{
    Administrator, CaseHandler, ComplianceLead, ControlOwner, Counsel, DistributionAdministrator,
    EvidenceProvider, ExecutiveSponsor, FirmAdministrator, Manager, Partner, PeerReviewer,
    QualityReviewer, Senior, Specialist, Staff, Viewer,
};

/// The scope of what only the person themselves may do, never a token.
pub const OWN_ACCOUNT: &str = "account:own";

kernel::actions! {
    /// Registers a service organisation or a firm; done by the person at the machine, never over the network.
    RegisterParty = { name: "identity.register_party", organisation: [], firm: [], public: false, system: true, when_locked: true, scope: "account:own" };
    /// Adds a person directly, without an invitation: first administrators and demonstrations.
    AddPerson = { name: "identity.add_person", organisation: [], firm: [], public: false, system: true, when_locked: true, scope: "account:own" };
    /// Reads who acts for one's own party, and with which roles.
    ReadPeople = { name: "identity.read_people",
        organisation: [Administrator, ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, CaseHandler, Counsel, DistributionAdministrator, Viewer],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, FirmAdministrator, PeerReviewer],
        public: false, system: true, when_locked: true, scope: "people:read" };
    /// Invites somebody to act for the party.
    Invite = { name: "identity.invite", organisation: [Administrator], firm: [FirmAdministrator], public: false, system: true, when_locked: true, scope: "people:write" };
    /// Changes roles, deactivates and reactivates people, lets them set a new password.
    ManagePeople = { name: "identity.manage_people", organisation: [Administrator], firm: [FirmAdministrator], public: false, system: true, when_locked: true, scope: "people:write" };
    /// Reads one's own API tokens.
    ReadTokens = { name: "identity.read_tokens",
        organisation: [Administrator, ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, CaseHandler, Counsel, DistributionAdministrator, Viewer],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, FirmAdministrator, PeerReviewer],
        public: false, system: false, when_locked: true, scope: "tokens:read" };
    /// Makes and revokes API tokens that act as oneself.
    MakeToken = { name: "identity.make_token",
        organisation: [Administrator, ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, CaseHandler, Counsel, DistributionAdministrator, Viewer],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, FirmAdministrator, PeerReviewer],
        public: false, system: false, when_locked: true, scope: "tokens:write" };
    /// Changes one's own password and second factor, ends one's own sessions.
    ManageOwnAccount = { name: "identity.manage_own_account",
        organisation: [Administrator, ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, CaseHandler, Counsel, DistributionAdministrator, Viewer],
        firm: [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, FirmAdministrator, PeerReviewer],
        public: false, system: false, when_locked: true, scope: "account:own" };
}
