//! The rooms, put together: schema, replay, navigation.

use platform::db::Migration;
use platform::journal::Room;

/// Every room, in order.
pub const ROOMS: &[Room] = &[];

/// Every migration, in the order in which they run.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    platform::MIGRATIONS
        .iter()
        .chain(ROOMS.iter().flat_map(|room| room.migrations))
        .copied()
        .collect()
}
