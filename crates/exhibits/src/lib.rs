//! Engine: charts, workbooks and CSV. Knows no room, and pulls nothing heavy: a room may use it without
//! building the typesetter.
//!
//! | file | holds |
//! |---|---|
//! | `charts/` | [`charts`]: accessible SVG with the figures beside it |
//! | `workbook.rs` | [`workbook()`]: XLSX of typed cells |
//! | `csv_safe.rs` | [`write_csv`]: CSV that a spreadsheet opens without running anything |

pub mod charts;
mod csv_safe;
mod workbook;

pub use csv_safe::{neutral, original, write_csv};
pub use workbook::{
    AboutWorkbook, CELL_CHARACTERS_MAX, COLUMNS_MAX, Cell, ROWS_MAX, Sheet, WorkbookError, Xlsx,
    workbook,
};
