//! Room 7: description, assertion, letters, the report and its distribution.
