//! Engine: typeset documents (Typst to PDF), workbooks and charts. Knows no room.
//!
//! | file | holds |
//! |---|---|
//! | `typeset.rs` | [`typeset`]: a template and its data to an archival, accessible PDF, the same bytes every time |
//! | `prelude.typ` | what every template shares: title, language, date, attachments, type |
//! | `world.rs` | the closed world templates run in |
//! | `fonts.rs` | the vendored fonts |
//! | `charts/` | [`charts`]: accessible SVG with the figures beside it |
//! | `workbook.rs` | [`workbook()`]: XLSX of typed cells |
//! | `csv_safe.rs` | [`write_csv`]: CSV that a spreadsheet opens without running anything |

pub mod charts;
mod csv_safe;
mod fonts;
mod typeset;
mod workbook;
mod world;

pub use csv_safe::{neutral, original, write_csv};

pub use typeset::{
    ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX, Attachment, DATA_BYTES_MAX, DATA_DEPTH_MAX, Document,
    FILE_BYTES_MAX, FILES_MAX, File, Pdf, PressError, Relationship, Step, typeset,
    typeset_observed,
};
pub use workbook::{
    AboutWorkbook, CELL_CHARACTERS_MAX, COLUMNS_MAX, Cell, ROWS_MAX, Sheet, WorkbookError, Xlsx,
    workbook,
};
