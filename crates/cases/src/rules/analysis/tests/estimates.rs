//! Percentiles, intervals and survival against known values and against each other.

use proptest::prelude::*;

use super::*;
use crate::rules::analysis::interval::{
    ShareInterval, beta_distribution, clopper_pearson, normal_quantile, wilson,
};
use crate::rules::analysis::numbers::{
    HoursSummary, MICROS_PER_HOUR, percentile_linear, percentile_nearest, rounded,
};
use crate::rules::analysis::survival::{Observation, kaplan_meier};

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9 * (1.0 + expected.abs()), "{found} is not {expected}");
}

#[test]
fn percentiles_by_both_rules() {
    let values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    near(percentile_linear(&values, 9, 10).unwrap(), 9.1);
    assert_eq!(percentile_nearest(&values, 9, 10), Some(9));
    near(percentile_linear(&values, 1, 2).unwrap(), 5.5);
    assert_eq!(percentile_nearest(&values, 1, 2), Some(5));
    near(percentile_linear(&[7], 9, 10).unwrap(), 7.0);
    assert_eq!(percentile_nearest(&[7], 9, 10), Some(7));
    assert_eq!(percentile_linear(&[], 1, 2), None);
    assert_eq!(percentile_nearest(&[], 1, 2), None);
}

#[test]
fn hours_of_nothing_and_of_something() {
    let none = HoursSummary::of(Vec::new(), Percentile::Linear);
    assert_eq!((none.n, none.min, none.p90, none.mean), (0, None, None, None));
    let some = [3, 1, 2, 10].map(|hours| hours * MICROS_PER_HOUR).to_vec();
    let linear = HoursSummary::of(some.clone(), Percentile::Linear);
    assert_eq!((linear.min, linear.median, linear.max), (Some(1.0), Some(2.5), Some(10.0)));
    assert_eq!((linear.mean, linear.sum), (Some(4.0), 16.0));
    assert_eq!(
        (linear.p90, linear.p90_linear, linear.p90_nearest),
        (Some(7.9), Some(7.9), Some(10.0))
    );
    assert_eq!(HoursSummary::of(some, Percentile::Nearest).p90, Some(10.0));
    assert!((rounded(0.491_333_333, 6) - 0.491_333).abs() < f64::EPSILON);
}

#[test]
fn normal_quantiles_are_the_known_ones() {
    let known = [
        (0.5, 0.0),
        (0.6, 0.253_347_103_135_799_8),
        (0.95, 1.644_853_626_951_471_5),
        (0.975, 1.959_963_984_540_053_6),
        (0.995, 2.575_829_303_548_9),
        (0.9999, 3.719_016_485_455_708_4),
        (1e-10, -6.361_340_902_404_056),
    ];
    for (probability, expected) in known {
        near(normal_quantile(probability), expected);
    }
    for hundredths in 1..100 {
        let probability = f64::from(hundredths) / 100.0;
        near(normal_quantile(probability), -normal_quantile(1.0 - probability));
    }
}

#[test]
fn intervals_are_the_known_ones() {
    // Clopper and Pearson: exact binomial sums, solved in fifty digits.
    let exact = [
        (0, 10, 0.95, 0.0, 0.308_497_107_818_760_83),
        (1, 25, 0.9, 0.002_049_628_412_620_791_7, 0.176_120_710_604_518_03),
        (5, 10, 0.95, 0.187_086_028_447_398_52, 0.812_913_971_552_601_5),
        (10, 10, 0.95, 0.691_502_892_181_239_2, 1.0),
        (737, 1500, 0.95, 0.465_738_814_546_454_77, 0.516_961_845_314_195_4),
        (19, 1500, 0.99, 0.006_447_636_775_253_124, 0.022_148_639_286_906_052),
        (1, 23, 0.95, 0.001_100_168_630_441_499_7, 0.219_486_607_453_480_42),
    ];
    for (k, n, confidence, low, high) in exact {
        let found = clopper_pearson(k, n, confidence).unwrap();
        near(found[0], low);
        near(found[1], high);
    }
    let score = [
        (5, 10, 0.95, 0.236_593_090_512_564_05, 0.763_406_909_487_436),
        (1, 25, 0.9, 0.008_974_868_434_241_251, 0.160_866_357_091_325_6),
        (737, 1500, 0.95, 0.466_088_570_379_072_7, 0.516_622_373_086_743_9),
        (19, 1500, 0.99, 0.007_087_461_761_217_109, 0.022_538_094_305_297_643),
    ];
    for (k, n, confidence, low, high) in score {
        let found = wilson(k, n, confidence).unwrap();
        near(found[0], low);
        near(found[1], high);
    }
    for (k, n, confidence) in
        [(0, 0, 0.95), (2, 1, 0.95), (1, 2, 0.0), (1, 2, 1.0), (1, 2, f64::NAN)]
    {
        assert_eq!(ShareInterval::of(k, n, confidence), None);
    }
}

#[test]
fn intervals_of_a_million_are_found_quickly_and_close_in() {
    let found = ShareInterval::of(500_000, 1_000_000, 0.95).unwrap();
    // 1.96 standard errors of 0.0005, and half a case of continuity for the exact one.
    assert!((found.wilson[0] - 0.499_020_02).abs() < 1e-7, "{found:?}");
    assert!((found.clopper_pearson[0] - 0.499_019_52).abs() < 1e-7, "{found:?}");
    near(found.clopper_pearson[0] + found.clopper_pearson[1], 1.0);
}

/// Weeks of remission of 21 patients (Freireich and others, 1963), the usual textbook example.
fn remissions() -> Vec<Observation> {
    let ended = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(|weeks| (weeks, true));
    let censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(|weeks| (weeks, false));
    ended
        .into_iter()
        .chain(censored)
        .map(|(weeks, ended)| Observation { micros: weeks, ended })
        .collect()
}

#[test]
fn survival_of_the_textbook_example() {
    let survival = kaplan_meier(remissions());
    assert_eq!((survival.n, survival.ended, survival.censored), (21, 9, 12));
    let expected = [
        (6, 21, 3, 0.857_142_857),
        (7, 17, 1, 0.806_722_689),
        (10, 15, 1, 0.752_941_176),
        (13, 12, 1, 0.690_196_078),
        (16, 11, 1, 0.627_450_980),
        (22, 7, 1, 0.537_815_126),
        (23, 6, 1, 0.448_179_272),
    ];
    assert_eq!(survival.steps.len(), expected.len());
    for (step, (weeks, at_risk, ended, share)) in survival.steps.iter().zip(expected) {
        assert_eq!((step.micros, step.at_risk, step.ended), (weeks, at_risk, ended));
        assert!((step.share_open - share).abs() < 1e-9);
    }
    let last = survival.steps.last().unwrap();
    assert!((last.share_open * last.greenwood.sqrt() - 0.134_591).abs() < 1e-5);
    assert_eq!(survival.quantile(0.5), Some(23));
    assert_eq!(survival.quantile(0.9), None);
    assert_eq!(survival.quantile_interval(0.5, 0.95), [Some(13), None]);
    near(survival.share_open_at(5), 1.0);
    near(survival.share_open_at(9), 0.806_722_689_075_630_3);
}

#[test]
fn survival_of_nothing_and_of_what_never_ends() {
    let none = kaplan_meier(Vec::new());
    assert_eq!((none.n, none.quantile(0.5)), (0, None));
    let open = kaplan_meier(vec![Observation { micros: 5, ended: false }; 3]);
    assert_eq!((open.n, open.censored, open.quantile(0.5)), (3, 3, None));
    assert_eq!(open.quantile_interval(0.5, 0.95), [None, None]);
}

proptest! {
    #[test]
    fn survival_without_censoring_is_the_empirical_share(
        times in prop::collection::vec(0i64..50, 1..60)
    ) {
        let seen = times.iter().map(|micros| Observation { micros: *micros, ended: true });
        let survival = kaplan_meier(seen.collect());
        let mut sorted = times.clone();
        sorted.sort_unstable();
        for time in 0..50 {
            let longer = times.iter().filter(|known| **known > time).count();
            let share = longer as f64 / times.len() as f64;
            prop_assert!((survival.share_open_at(time) - share).abs() < 1e-9);
        }
        for tenths in 1..10 {
            prop_assert_eq!(
                survival.quantile(tenths as f64 / 10.0),
                percentile_nearest(&sorted, tenths, 10)
            );
        }
    }

    #[test]
    fn survival_falls_and_censoring_never_hastens_it(
        seen in prop::collection::vec((0i64..50, any::<bool>()), 1..60)
    ) {
        let observations: Vec<Observation> =
            seen.iter().map(|(micros, ended)| Observation { micros: *micros, ended: *ended }).collect();
        let survival = kaplan_meier(observations.clone());
        prop_assert_eq!(survival.n, survival.ended + survival.censored);
        prop_assert!(survival.steps.windows(2).all(|pair| pair[1].share_open < pair[0].share_open));
        let all_over = kaplan_meier(
            observations.iter().map(|one| Observation { ended: true, ..*one }).collect()
        );
        for time in 0..50 {
            prop_assert!(survival.share_open_at(time) >= all_over.share_open_at(time) - 1e-9);
        }
    }

    #[test]
    fn intervals_hold_the_share_and_the_exact_one_has_its_tails(
        (k, n) in (1u64..300).prop_flat_map(|n| (0..=n, Just(n))),
        confidence in 0.5f64..0.999,
    ) {
        let share = k as f64 / n as f64;
        for [low, high] in [wilson(k, n, confidence).unwrap(), clopper_pearson(k, n, confidence).unwrap()] {
            prop_assert!(0.0 <= low && low <= share + 1e-12 && share <= high + 1e-12 && high <= 1.0);
        }
        let [low, high] = clopper_pearson(k, n, confidence).unwrap();
        let tail = (1.0 - confidence) / 2.0;
        if k > 0 {
            prop_assert!((beta_distribution(low, k as f64, (n - k) as f64 + 1.0) - tail).abs() < 1e-9);
        }
        if k < n {
            let above = 1.0 - beta_distribution(high, k as f64 + 1.0, (n - k) as f64);
            prop_assert!((above - tail).abs() < 1e-9);
        }
    }

    #[test]
    fn the_beta_distribution_is_the_binomial_sum(n in 1u32..40, k in 0u32..40, x in 0.001f64..0.999) {
        prop_assume!(k <= n && k > 0);
        // P(at least k of n) = I_x(k, n − k + 1).
        let mut term = (1.0 - x).powi(i32::try_from(n).unwrap());
        let mut below = 0.0;
        for hits in 0..k {
            below += term;
            term *= f64::from(n - hits) / f64::from(hits + 1) * x / (1.0 - x);
        }
        let found = beta_distribution(x, f64::from(k), f64::from(n - k) + 1.0);
        prop_assert!((found - (1.0 - below)).abs() < 1e-10, "{} {}", found, 1.0 - below);
    }
}
