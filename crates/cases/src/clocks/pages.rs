//! Pages of the clocks.
