//! The whole product: composition, the wall, the pages, the command line.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod anonymity;
mod command_line;
mod doors;
mod guarded;
mod html;
mod imports;
mod kept;
mod made;
mod matrix;
mod pages;
mod postgres;
mod real_records;
mod routes;
mod schema;
mod served;
mod site;
mod walked;
mod wall;
mod work;
