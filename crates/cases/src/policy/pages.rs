//! Pages of the policy.
