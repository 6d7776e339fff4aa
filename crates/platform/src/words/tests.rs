//! Tests of the words.

