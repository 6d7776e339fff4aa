//! Room 7: description, assertion, letters, the report and its distribution.

pub mod report_document;
pub mod rules;
