//! Every room up to this one, as a deployment holds them.

use platform::journal::Room;

/// The rooms, a lower one before those that use it.
pub const ROOMS: [Room; 21] = [
    identity::ROOM,
    scope::ROOM,
    commitments::ROOM,
    controls::ROOM,
    controls::risks::ROOM,
    cases::ROOM,
    cases::channels::ROOM,
    cases::mailroom::ROOM,
    cases::hooks::ROOM,
    cases::canaries::ROOM,
    cases::totals::ROOM,
    cases::sealed::ROOM,
    cases::status::ROOM,
    cases::policy::ROOM,
    cases::clocks::ROOM,
    cases::views::ROOM,
    cases::work::ROOM,
    cases::training::ROOM,
    cases::patterns::ROOM,
    cases::surveys::ROOM,
    cases::disclosures::ROOM,
];
