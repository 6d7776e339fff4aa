//! Commands: permit, load, decide, record. Everything goes to the firm's log.
//!
//! | file | holds |
//! |---|---|
//! | `house.rs` | profile and policies |
//! | `team.rs` | team, independence, services beside the examination, acceptance; who may sign |

mod house;
mod team;

pub use house::{approve_policy, draft_policy, state_profile};
pub use team::{
    assign, confirm, decide_acceptance, judge_threats, may_sign, may_sign_opinion,
    prepare_acceptance, release, state_service, stays_outside,
};

use super::events::FirmEvent;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::permit::Permit;
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// The longest name.
const NAME_MAX: usize = 200;
/// The longest text.
const TEXT_MAX: usize = crate::service::TEXT_MAX;

fn write<A>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    firm: PartyId,
    (subject, expected): (&str, Expected),
    event: impl Into<FirmEvent>,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), firm);
    record(tx, env, &origin, subject, expected, vec![event.into()])?;
    Ok(())
}
