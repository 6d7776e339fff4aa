//! The binary: composition, every route on one screen, the command line, the demonstration.
