//! Random cases against exact arithmetic in whole numbers of any size, and the laws that sample sizes
//! and limits obey.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the drawn numbers are small"
)]

use std::sync::OnceLock;

use num_bigint::BigUint;
use proptest::prelude::*;

use crate::rules::distributions::Model;
use crate::rules::expansion::{Stage, StagedPlan};
use crate::rules::numbers::{Confidence, Rate};
use crate::rules::sampling::{self, Plan, SamplingError, SizeMethod, TableMode, Tested};

/// Largest n of the triangle of binomial coefficients below.
const ROWS: usize = 240;

/// Pascal's triangle: `C(n, k)` by addition alone.
fn choose(n: u64, k: u64) -> BigUint {
    static TRIANGLE: OnceLock<Vec<Vec<BigUint>>> = OnceLock::new();
    let triangle = TRIANGLE.get_or_init(|| {
        let mut rows = vec![vec![BigUint::from(1_u8)]];
        for n in 1..=ROWS {
            let above = &rows[n - 1];
            let row = (0..=n)
                .map(|k| {
                    let left = if k == 0 { BigUint::ZERO } else { above[k - 1].clone() };
                    let right = above.get(k).cloned().unwrap_or(BigUint::ZERO);
                    left + right
                })
                .collect();
            rows.push(row);
        }
        rows
    });
    triangle[n as usize].get(k as usize).cloned().unwrap_or(BigUint::ZERO)
}

/// A fraction of two large numbers as floating point, correct to about 16 digits.
fn ratio(numerator: &BigUint, denominator: &BigUint) -> f64 {
    let scaled = (numerator << 400_u32) / denominator;
    let digits = scaled.to_string();
    digits.parse::<f64>().unwrap() / 2.0_f64.powi(400)
}

/// Exact `P(X ≤ k)` for a rate in basis points, as numerator and denominator.
fn exact_binomial(k: u64, n: u64, basis_points: u64) -> (BigUint, BigUint) {
    let hit = BigUint::from(basis_points);
    let miss = BigUint::from(10_000 - basis_points);
    let mut sum = BigUint::ZERO;
    for i in 0..=k.min(n) {
        sum += choose(n, i) * hit.pow(i as u32) * miss.pow((n - i) as u32);
    }
    (sum, BigUint::from(10_000_u32).pow(n as u32))
}

/// Exact `P(X ≤ k)` drawing `n` of `population` with `deviating` in it.
fn exact_hypergeometric(k: u64, n: u64, population: u64, deviating: u64) -> (BigUint, BigUint) {
    let mut sum = BigUint::ZERO;
    for i in 0..=k.min(n).min(deviating) {
        if n - i <= population - deviating {
            sum += choose(deviating, i) * choose(population - deviating, n - i);
        }
    }
    (sum, choose(population, n))
}

/// Whether a probability is at most 1 − confidence, decided in whole numbers.
fn within(probability: &(BigUint, BigUint), confidence_bp: u64) -> bool {
    &probability.0 * BigUint::from(10_000_u32)
        <= &probability.1 * BigUint::from(10_000 - confidence_bp)
}

fn level(basis_points: u64) -> Confidence {
    Confidence::new(bp(basis_points)).unwrap()
}

fn bp(basis_points: u64) -> Rate {
    Rate::from_basis_points(basis_points as u32)
}

fn planned(
    confidence: u64,
    tolerable: u64,
    expected: u64,
    population: Option<u64>,
) -> Result<sampling::SampleSize, SamplingError> {
    sampling::plan(&Plan {
        confidence: level(confidence),
        tolerable: bp(tolerable),
        expected: bp(expected),
        population,
        table_mode: TableMode::Exact,
    })
}

fn limit(
    n: u64,
    k: u64,
    confidence: u64,
    population: Option<u64>,
    tolerable: Option<u64>,
) -> sampling::Evaluation {
    sampling::evaluate(&Tested {
        sample: n,
        deviations: k,
        confidence: level(confidence),
        population,
        tolerable: tolerable.map(bp),
    })
    .unwrap()
}

/// A population of up to 240, a sample from it and deviations in the sample.
fn drawn() -> impl Strategy<Value = (u64, u64, u64)> {
    (1..=ROWS as u64).prop_flat_map(|population| {
        (Just(population), 1..=population)
            .prop_flat_map(|(population, n)| (Just(population), Just(n), 0..=n))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// The large-population decision is the exact one, and so is the probability behind it.
    #[test]
    fn binomial_agrees_with_exact_arithmetic(
        n in 1..=120_u64,
        part in 0.0..=1.0_f64,
        confidence in 100..=9_990_u64,
        tolerable in 1..=9_999_u64,
    ) {
        let k = (part * part * n as f64) as u64;
        let exact = exact_binomial(k, n, tolerable);
        let found = Model::Binomial(bp(tolerable).as_fraction()).at_most(k, n);
        let truth = ratio(&exact.0, &exact.1);
        prop_assert!((found - truth).abs() <= 1e-13, "{found} against {truth}");
        if k <= n / 2 && truth > 1e-90 {
            prop_assert!((found / truth - 1.0).abs() <= 1e-11, "{found} against {truth}");
        }
        let decision = limit(n, k, confidence, None, Some(tolerable));
        prop_assert_eq!(decision.supported, Some(within(&exact, confidence)));
    }

    /// The known-population limit and decision are the exact ones.
    #[test]
    fn hypergeometric_agrees_with_exact_arithmetic(
        (population, n, k) in drawn(),
        confidence in 100..=9_990_u64,
        tolerable in 1..=9_999_u64,
    ) {
        let deviating = bp(tolerable).ceil_of(population);
        let exact = exact_hypergeometric(k, n, population, deviating);
        let found = Model::Hypergeometric { population, deviating }.at_most(k, n);
        prop_assert!((found - ratio(&exact.0, &exact.1)).abs() <= 1e-12);
        let evaluation = limit(n, k, confidence, Some(population), Some(tolerable));
        let most = evaluation.upper_count.unwrap();
        if n == population {
            // Everything was tested: the rate is known.
            prop_assert_eq!(most, k);
            prop_assert_eq!(evaluation.supported, Some(k * 10_000 <= tolerable * population));
        } else {
            let consistent = |d: u64| !within(&exact_hypergeometric(k, n, population, d), confidence);
            prop_assert!(consistent(most));
            prop_assert!(most == population - n + k || !consistent(most + 1));
            prop_assert_eq!(evaluation.supported, Some(within(&exact, confidence)));
            prop_assert_eq!(evaluation.supported, Some(most < deviating));
        }
        prop_assert!((evaluation.upper_limit - most as f64 / population as f64).abs() < 1e-15);
    }

    /// At the upper limit the exact probability equals the risk: seen from both sides.
    #[test]
    fn the_upper_limit_solves_its_equation(
        n in 2..=100_u64,
        part in 0.0..1.0_f64,
        confidence in 5_000..=9_990_u64,
    ) {
        let k = (part * part * n as f64) as u64;
        let found = limit(n, k, confidence, None, None);
        // The limit as a fraction of 2^53, one part in 10^9 to either side.
        let scale = BigUint::from(1_u8) << 53_u32;
        let exact = |rate: f64| {
            let hit = BigUint::from((rate * 2.0_f64.powi(53)) as u64);
            let miss = &scale - &hit;
            let mut sum = BigUint::ZERO;
            for i in 0..=k {
                sum += choose(n, i) * hit.pow(i as u32) * miss.pow((n - i) as u32);
            }
            (sum, scale.pow(n as u32))
        };
        prop_assert!(!within(&exact(found.upper_limit * (1.0 - 1e-9)), confidence));
        prop_assert!(within(&exact(found.upper_limit * (1.0 + 1e-9)), confidence));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// The planned size is the first that is good, by trying every size in order with exact arithmetic.
    #[test]
    fn plans_are_the_smallest_that_are_good(
        population in 1..=150_u64,
        confidence in prop::sample::select(vec![8_000_u64, 9_000, 9_500, 9_900]),
        tolerable in 100..=4_000_u64,
        share in 0.0..0.9_f64,
    ) {
        let expected = (tolerable as f64 * share) as u64;
        let deviating = bp(tolerable).ceil_of(population);
        let first = (1..=population).find(|&n| {
            let k = bp(expected).ceil_of(n);
            within(&exact_hypergeometric(k, n, population, deviating), confidence)
        });
        let found = planned(confidence, tolerable, expected, Some(population)).unwrap();
        prop_assert_eq!(found.n, first.unwrap_or(population));
        prop_assert_eq!(found.method == SizeMethod::Census, found.n == population);
        // A plan that is carried out and stays within its allowance supports reliance.
        let kept = limit(found.n, found.allowed_deviations, confidence, Some(population), Some(tolerable));
        prop_assert_eq!(kept.supported, Some(true));
    }

    /// The same for a large population.
    #[test]
    fn large_plans_are_the_smallest_that_are_good(
        confidence in prop::sample::select(vec![8_000_u64, 9_000, 9_500]),
        tolerable in 600..=4_000_u64,
        share in 0.0..0.5_f64,
    ) {
        let expected = (tolerable as f64 * share) as u64;
        let found = planned(confidence, tolerable, expected, None).unwrap();
        prop_assume!(found.n <= 150);
        let first = (1..=150).find(|&n| {
            within(&exact_binomial(bp(expected).ceil_of(n), n, tolerable), confidence)
        });
        prop_assert_eq!(Some(found.n), first);
        prop_assert_eq!(found.allowed_deviations, bp(expected).ceil_of(found.n));
    }

    /// Sizes rise with confidence and fall with the tolerable rate.
    #[test]
    fn invariant_05_sizes_are_monotone(
        confidence in 5_000..=9_980_u64,
        more in 0..=10_u64,
        tolerable in 50..=9_000_u64,
        wider in 0..=500_u64,
    ) {
        let n = planned(confidence, tolerable, 0, None).unwrap().n;
        prop_assert!(planned(confidence + more, tolerable, 0, None).unwrap().n >= n);
        prop_assert!(planned(confidence, tolerable + wider, 0, None).unwrap().n <= n);
    }

    /// A known population never needs more than a large one, and never more than it has.
    #[test]
    fn invariant_06_a_known_population_never_needs_more(
        confidence in 5_000..=9_990_u64,
        tolerable in 50..=9_500_u64,
        population in 1..=100_000_u64,
    ) {
        let n = planned(confidence, tolerable, 0, None).unwrap().n;
        let finite = planned(confidence, tolerable, 0, Some(population)).unwrap().n;
        prop_assert!(finite <= n && finite <= population);
    }

    /// Limits rise strictly with deviations and fall strictly with items.
    #[test]
    fn invariant_05_limits_are_monotone(
        n in 1..=100_000_u64,
        part in 0.0..1.0_f64,
        confidence in 5_000..=9_990_u64,
        added in 1..=1000_u64,
    ) {
        let k = (part * part * part * n as f64) as u64;
        let here = limit(n, k, confidence, None, None).upper_limit;
        prop_assert!(here > k as f64 / n as f64);
        prop_assert!(limit(n + added, k, confidence, None, None).upper_limit < here);
        prop_assert!(limit(n, k + 1, confidence, None, None).upper_limit > here);
    }

    /// Limits of known populations do not fall with deviations or rise with items.
    #[test]
    fn known_population_limits_are_monotone((population, n, k) in drawn(), confidence in 5_000..=9_990_u64) {
        let count = |n, k| limit(n, k, confidence, Some(population), None).upper_count.unwrap();
        let here = count(n, k);
        prop_assert!(here >= k && here <= population - n + k);
        if k < n {
            prop_assert!(count(n, k + 1) >= here);
        }
        if n < population {
            prop_assert!(count(n + 1, k) <= here);
        }
    }

    /// Where everything was tested, the limit is the rate that was found.
    #[test]
    fn invariant_07_a_census_has_no_limit_but_its_rate(
        (population, _, k) in drawn(),
        confidence in 5_000..=9_990_u64,
    ) {
        let all = limit(population, k, confidence, Some(population), None);
        prop_assert!((all.upper_limit - k as f64 / population as f64).abs() < 1e-15);
        prop_assert_eq!(all.allowance().to_string(), "0");
    }

    /// An extension never lowers the risk of the first stage, and more items in it never raise it.
    #[test]
    fn extensions_only_add_risk(n1 in 1..=100_u64, n2 in 1..=100_u64, tolerable in 100..=3_000_u64) {
        let risk = |stages: &[(u64, u64)]| {
            StagedPlan::new(stages.iter().map(|&(add, accept_total)| Stage { add, accept_total }).collect())
                .unwrap()
                .risk(bp(tolerable), None)
                .unwrap()
        };
        let once = risk(&[(n1, 0)]);
        let twice = risk(&[(n1, 0), (n2, 1.min(n1 + n2 - 1))]);
        prop_assert!(twice >= once);
        prop_assert!(risk(&[(n1, 0), (n2 + 1, 1)]) <= twice + 1e-15);
    }
}
