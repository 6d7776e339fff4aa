//! Who sees a party's jobs and acts on them: its administrators, and nobody of another party.

use kernel::party::Role::{Administrator, FirmAdministrator};

kernel::actions! {
    /// Sees what waits to be sent or done for one's own party, and why something failed.
    ReadJobs = { name: "jobs.read", organisation: [Administrator], firm: [FirmAdministrator], public: false, system: true, when_locked: true, scope: "jobs:read" };
    /// Has a job tried again, or no longer done.
    ManageJobs = { name: "jobs.manage", organisation: [Administrator], firm: [FirmAdministrator], public: false, system: true, when_locked: true, scope: "jobs:write" };
}
