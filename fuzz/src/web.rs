//! Targets over HTTP: bodies as anybody may send them, to the whole application over an empty record.

use identity::door::{Door, scopes_of};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::permit::{Facts, authorize};
use kernel::time::Timestamp;
use platform::testing::{TestDb, Web, env};

/// The largest file that the application under test takes.
const FILE_BYTES_MAX: u64 = 2_048;

/// An application with one organisation and its compliance lead, signed in.
fn application() -> Web<'static> {
    let t: &'static TestDb = Box::leak(Box::new(TestDb::sqlite(tickmark::rooms::ROOMS)));
    let at = PartyId::new(Timestamp(0), 1);
    let made = t.db.write_blocking(move |tx| {
        let mut env = Env::new(env().now(), [1; 32]);
        let permit = authorize(&Actor::system(at, "fuzz"), &Facts::of(at))?;
        let side = Side::ServiceOrganisation;
        identity::service::register_party(tx, &mut env, &permit, side, "Palmetto Payroll")?;
        let roles = [Role::ComplianceLead];
        let mail = "lead@palmetto.example";
        identity::service::add_person_directly(tx, &mut env, at, mail, "Lena Lead", &roles)
    });
    let lead = Actor {
        person: made.ok(),
        party: Some(at),
        side: Side::ServiceOrganisation,
        roles: Roles::NONE.with(Role::ComplianceLead),
        via: Via::Session,
    };
    let actions: Vec<_> = tickmark::rooms::actions().into_iter().map(|(_, rules)| rules).collect();
    let door = Door::new(scopes_of(&actions));
    let routes = tickmark::router::router();
    let mut web = Web::with(t, routes, vec![lead.clone()], FILE_BYTES_MAX, door);
    web.sign_in(&lead);
    web
}

/// Sends bytes to a path; the application must refuse them or take them, and stay up.
fn sent(path: &str, kind: &str, bytes: &[u8]) {
    thread_local! {
        static WEB: Web<'static> = application();
    }
    WEB.with(|web| {
        let answered = web.send_bytes(path, kind, bytes);
        let status = answered.status.as_u16();
        assert!(status < 500, "{path}: {status}: {}", answered.body);
    });
}

/// A form: public reporting, and one that needs the session's own token.
pub(crate) fn form(bytes: &[u8]) {
    let kind = "application/x-www-form-urlencoded";
    sent("/report", kind, bytes);
    sent("/report/follow-up", kind, bytes);
    sent("/controls/new", kind, bytes);
}

/// A JSON body.
pub(crate) fn json(bytes: &[u8]) {
    sent("/api/v1/reports", "application/json", bytes);
    sent("/api/v1/tokens", "application/json", bytes);
}

/// A form with files, whose boundary is `b`.
pub(crate) fn multipart(bytes: &[u8]) {
    sent("/evidence/new", "multipart/form-data; boundary=b", bytes);
}
