//! Recovery objectives: was the service back in time, and how much was lost.

use kernel::time::Timestamp;

/// Whether a recovery time objective was kept: the service was back no later than the objective
/// after the disaster was declared. A service that was back before counts as kept.
#[must_use]
pub fn recovery_time_met(declared: Timestamp, restored: Timestamp, objective_us: i64) -> bool {
    restored.0.saturating_sub(declared.0) <= objective_us
}

/// Whether a recovery point objective was kept: the last point that could be recovered lies no
/// further back from the failure than the objective.
#[must_use]
pub fn recovery_point_met(
    failed: Timestamp,
    last_recoverable: Timestamp,
    objective_us: i64,
) -> bool {
    failed.0.saturating_sub(last_recoverable.0) <= objective_us
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_US: i64 = 3_600_000_000;

    #[test]
    fn an_objective_reached_exactly_is_kept() {
        let declared = Timestamp::parse("2026-03-08T01:30:00-05:00").unwrap();
        // The clocks go forward in between; hours are elapsed hours.
        let restored = Timestamp::parse("2026-03-08T06:30:00-04:00").unwrap();
        assert!(recovery_time_met(declared, restored, 4 * HOUR_US));
        assert!(!recovery_time_met(declared, Timestamp(restored.0 + 1), 4 * HOUR_US));
        assert!(recovery_time_met(restored, declared, 0));
        assert!(recovery_point_met(restored, declared, 4 * HOUR_US));
        assert!(!recovery_point_met(restored, declared, 4 * HOUR_US - 1));
    }
}
