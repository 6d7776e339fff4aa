//! Engine: typeset documents (Typst to PDF), with the workbooks and charts of [`exhibits`]. Knows no room.
//!
//! | file | holds |
//! |---|---|
//! | `typeset.rs` | [`typeset`]: a template and its data to an archival, accessible PDF, the same bytes every time |
//! | `prelude.typ` | what every template shares: title, language, date, attachments, type |
//! | `world.rs` | the closed world templates run in |
//! | `fonts.rs` | the vendored fonts |

mod fonts;
mod typeset;
mod world;

pub use exhibits::{
    AboutWorkbook, CELL_CHARACTERS_MAX, COLUMNS_MAX, Cell, ROWS_MAX, Sheet, WorkbookError, Xlsx,
    charts, neutral, original, workbook, write_csv,
};

pub use typeset::{
    ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX, Attachment, DATA_BYTES_MAX, DATA_DEPTH_MAX, Document,
    FILE_BYTES_MAX, FILES_MAX, File, Pdf, PressError, Relationship, Step, typeset,
    typeset_observed,
};
