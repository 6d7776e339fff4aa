//! Targets for fuzzing every parser of foreign bytes.
