//! Every case of `tests/data/sampling_oracles.json`, which was computed with scipy.

use serde::Deserialize;

use super::{plan, rate};
use crate::rules::numbers::{Confidence, Rate};
use crate::rules::sampling::{self, SizeMethod, Tested};

#[derive(Deserialize)]
struct Oracles {
    sample_size_binomial: Vec<Size>,
    upper_limit_binomial: Vec<Limit>,
    sample_size_hypergeometric: Vec<FiniteSize>,
    upper_limit_hypergeometric: Vec<FiniteLimit>,
    max_acceptable_deviations: Vec<Acceptable>,
}

#[derive(Deserialize)]
struct Size {
    confidence: Rate,
    tdr_bp: u32,
    edr_bp: u32,
    n: u64,
    allowed_deviations: u64,
}

#[derive(Deserialize)]
struct Limit {
    confidence: Confidence,
    n: u64,
    k: u64,
    upper_limit: f64,
    aicpa_pct: f64,
}

#[derive(Deserialize)]
struct FiniteSize {
    confidence: Confidence,
    #[serde(rename = "N")]
    population: u64,
    tdr_bp: u32,
    k: u64,
    #[serde(rename = "D")]
    deviating: u64,
    n: Option<u64>,
}

#[derive(Deserialize)]
struct FiniteLimit {
    confidence: Confidence,
    #[serde(rename = "N")]
    population: u64,
    n: u64,
    k: u64,
    #[serde(rename = "D_upper")]
    most: u64,
}

#[derive(Deserialize)]
struct Acceptable {
    confidence: Confidence,
    tdr_bp: u32,
    n: u64,
    k: Option<u64>,
}

fn oracles() -> Oracles {
    serde_json::from_str(include_str!("../../../tests/data/sampling_oracles.json")).unwrap()
}

#[test]
fn the_file_holds_all_cases() {
    let all = oracles();
    assert_eq!(
        [
            all.sample_size_binomial.len(),
            all.upper_limit_binomial.len(),
            all.sample_size_hypergeometric.len(),
            all.upper_limit_hypergeometric.len(),
            all.max_acceptable_deviations.len(),
        ],
        [130, 154, 56, 9, 29]
    );
}

#[test]
fn sample_sizes_for_large_populations() {
    for case in oracles().sample_size_binomial {
        let size = sampling::plan(&plan(
            &case.confidence.to_string(),
            Rate::from_basis_points(case.tdr_bp),
            Rate::from_basis_points(case.edr_bp),
            None,
        ))
        .unwrap();
        assert_eq!(
            (size.n, size.allowed_deviations, size.method),
            (case.n, case.allowed_deviations, SizeMethod::Binomial),
            "{} TDR {} bp EDR {} bp",
            case.confidence,
            case.tdr_bp,
            case.edr_bp
        );
    }
}

#[test]
fn upper_limits_for_large_populations_to_eight_digits() {
    for case in oracles().upper_limit_binomial {
        let found = sampling::evaluate(&Tested {
            sample: case.n,
            deviations: case.k,
            confidence: case.confidence,
            population: None,
            tolerable: None,
        })
        .unwrap();
        // The oracle prints eight decimals.
        assert!(
            (found.upper_limit - case.upper_limit).abs() <= 0.500_001e-8,
            "{} of {} at {}: {} against {}",
            case.k,
            case.n,
            case.confidence,
            found.upper_limit,
            case.upper_limit
        );
        let printed = found.printed_upper_limit_percent();
        assert!((printed - case.aicpa_pct).abs() < 1e-9, "printed {printed}");
        assert_eq!((found.upper_count, found.supported), (None, None));
    }
}

#[test]
fn sample_sizes_for_known_populations() {
    for case in oracles().sample_size_hypergeometric {
        let tolerable = Rate::from_basis_points(case.tdr_bp);
        assert_eq!(tolerable.ceil_of(case.population), case.deviating);
        let size =
            sampling::plan_for_allowed(case.confidence, tolerable, Some(case.population), case.k)
                .unwrap();
        // Where no size is enough, everything is tested.
        let n = case.n.unwrap_or(case.population);
        assert_eq!(
            size.n, n,
            "{} N {} TDR {} bp k {}",
            case.confidence, case.population, case.tdr_bp, case.k
        );
        let census = n == case.population;
        assert_eq!(size.method == SizeMethod::Census, census);
        if case.k == 0 {
            let planned = sampling::plan(&plan(
                &case.confidence.to_string(),
                tolerable,
                rate("0%"),
                Some(case.population),
            ));
            assert_eq!(planned, Ok(size));
        }
    }
}

#[test]
fn upper_limits_for_known_populations() {
    for case in oracles().upper_limit_hypergeometric {
        let found = sampling::evaluate(&Tested {
            sample: case.n,
            deviations: case.k,
            confidence: case.confidence,
            population: Some(case.population),
            tolerable: None,
        })
        .unwrap();
        assert_eq!(found.upper_count, Some(case.most));
        let limit = case.most as f64 / case.population as f64;
        assert!((found.upper_limit - limit).abs() < 1e-15);
    }
}

#[test]
fn most_acceptable_deviations() {
    for case in oracles().max_acceptable_deviations {
        let tolerable = Rate::from_basis_points(case.tdr_bp);
        let found = sampling::most_acceptable(case.n, case.confidence, tolerable, None).unwrap();
        assert_eq!(found, case.k, "{} {} bp", case.n, case.tdr_bp);
        // The decision of `evaluate` turns exactly there.
        let supported = |k: u64| {
            sampling::evaluate(&Tested {
                sample: case.n,
                deviations: k,
                confidence: case.confidence,
                population: None,
                tolerable: Some(tolerable),
            })
            .unwrap()
            .supported
        };
        if let Some(k) = case.k {
            assert_eq!(supported(k), Some(true));
        }
        assert_eq!(supported(case.k.map_or(0, |k| k + 1)), Some(false));
    }
}
