//! Room 5: the vault, collectors, the request list.
