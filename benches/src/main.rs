//! Measures the running product beside the limits of the machine it runs on.
fn main() {}
