//! A firm in good standing that accepted an engagement, and people who confirmed their independence: what
//! every signature asks for.

use examination::firm::events::{AcceptanceDecided, AcceptancePrepared, FirmEvent};
use examination::firm::model::{AcceptanceKind, AcceptanceText, Decision, FirmProfile};
use examination::firm::permits::{ConfirmIndependence, StateProfile};
use examination::firm::{service, store};
use examination::model::File;
use kernel::env::Env;
use kernel::ids::EngagementId;
use kernel::party::{Actor, Role, Roles};
use kernel::permit::{Facts, authorize};
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// Whoever of `people` may confirm their independence does; the engagement is accepted.
pub(crate) fn staffed(
    tx: &mut Tx<'_>,
    env: &mut Env,
    engagement: EngagementId,
    people: &[Actor],
) -> Result<()> {
    let facts = scope::facts(tx, engagement)?;
    let firm = facts.firm.ok_or(kernel::refusal::Refusal::NotFound)?;
    for who in people {
        let permit = authorize::<ConfirmIndependence>(who, &facts)?;
        service::confirm(tx, env, &permit, &[])?;
    }
    let Some(first) = people.first() else { return Ok(()) };
    let partner = Actor { roles: Roles::NONE.with(Role::Partner), ..first.clone() };
    let permit = authorize::<StateProfile>(&partner, &Facts::of(firm))?;
    let profile = FirmProfile {
        licence: "F-1".into(),
        jurisdiction: "Ohio".into(),
        licence_expires: jiff::civil::date(2099, 12, 31),
        office: "Columbus, Ohio".into(),
        peer_review: None,
    };
    service::state_profile(tx, env, &permit, Expected::New, &profile)?;
    let text = AcceptanceText {
        kind: AcceptanceKind::Acceptance,
        preconditions: Vec::new(),
        integrity: "Nothing adverse is known.".into(),
        letter_signed: None,
    };
    let decision = Decision { accepted: true, reason: "A test needs it.".into() };
    let events: Vec<FirmEvent> = vec![
        AcceptancePrepared { engagement, text }.into(),
        AcceptanceDecided { engagement, decision }.into(),
    ];
    let subject = store::subject(File { engagement, firm }, "acceptance");
    record(tx, env, &Origin::by(&partner, firm), &subject, Expected::New, events)?;
    Ok(())
}
