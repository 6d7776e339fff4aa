//! Which form a file has: what the schema says, else what its first bytes say.

use serde::{Deserialize, Serialize};

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Text with a delimiter.
    #[default]
    Csv,
    /// One JSON array of flat objects.
    Json,
    /// One flat JSON object after another.
    Ndjson,
    /// A workbook of the Office Open XML kind.
    #[serde(rename = "xlsx")]
    Workbook,
    /// Apache Parquet.
    Parquet,
}

impl Form {
    /// The form that a file's first bytes show.
    pub(crate) fn of(start: &[u8]) -> Self {
        let text = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start);
        let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
        if start.starts_with(b"PK\x03\x04") {
            Self::Workbook
        } else if start.starts_with(b"PAR1") {
            Self::Parquet
        } else {
            match first {
                Some(b'[') => Self::Json,
                Some(b'{') => Self::Ndjson,
                _ => Self::Csv,
            }
        }
    }

    /// Whether it is the form that most files have.
    pub(crate) fn is_csv(&self) -> bool {
        *self == Self::Csv
    }

    /// Whether it can only be read as a whole file.
    pub(crate) fn is_binary(self) -> bool {
        matches!(self, Self::Workbook | Self::Parquet)
    }

    /// Its name in messages.
    pub(crate) fn shown(self) -> &'static str {
        match self {
            Self::Csv => "text with a delimiter",
            Self::Json => "JSON",
            Self::Ndjson => "NDJSON",
            Self::Workbook => "a workbook",
            Self::Parquet => "Parquet",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_the_form() {
        assert_eq!(Form::of(b"id,at"), Form::Csv);
        assert_eq!(Form::of(b"\xef\xbb\xbf [ {"), Form::Json);
        assert_eq!(Form::of(b"\n{\"a\""), Form::Ndjson);
        assert_eq!(Form::of(b"PK\x03\x04"), Form::Workbook);
        assert_eq!(Form::of(b"PAR1"), Form::Parquet);
        assert_eq!(Form::of(b""), Form::Csv);
    }
}
