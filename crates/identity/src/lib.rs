//! Room 0: people, roles, sign-in, second factors, tokens, invitations.
//!
//! | word | means |
//! |---|---|
//! | party | a service organisation or a firm; each has a log of its own |
//! | person | an account, known by its e-mail address |
//! | membership | that a person acts for a party, with roles of that party's side |
//! | invitation | a door held open for one address, for a time, once |
//! | token | a key for programs; acts as its person within its scopes |
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | the types above |
//! | [`permits`] | who may do what |
//! | [`rules`] | what is refused, one-time codes, delays after failures, secrets and their digests |
//! | [`events`] | what can happen, without secrets |
//! | [`service`] | commands |
//! | [`store`] | tables and named queries |
//! | [`service::directory`] | who stands behind a session or a token, for the HTTP shell |
//! | [`pages`], [`api`], [`cli`] | pages, endpoints, subcommands |
//! | [`service::door`] | what sign-in keeps for the life of the process: delays, hashing places, token use |

pub mod api;
pub mod cli;
pub mod events;
pub mod model;
pub mod pages;
pub mod permits;
pub mod rules;
pub mod service;
pub mod store;

pub use service::directory::{self, Directory};
pub use service::door::{self, Door};

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this room. Secrets live in tables that are not listed here, because
/// a replay of the log cannot and must not bring them back.
pub const ROOM: Room = Room::new::<events::IdentityEvent>(
    &[
        "identity_party",
        "identity_person",
        "identity_membership",
        "identity_invitation",
        "identity_token",
    ],
    &[Migration {
        room: "r0_identity",
        name: "0001_identity",
        sql: include_str!("../migrations/0001_identity.sql"),
    }],
);
