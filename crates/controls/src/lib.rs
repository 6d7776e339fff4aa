//! Room 3: risks, controls, policies, training, gaps and remediation.

pub mod rules;
