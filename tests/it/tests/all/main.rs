//! The whole product: composition, the wall, the pages, the command line.

mod command_line;
mod matrix;
mod pages;
mod schema;
