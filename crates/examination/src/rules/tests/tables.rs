//! The profession's tables, cell by cell, and the traps around them.

use super::{confidence, plan, rate};
use crate::rules::numbers::Rate;
use crate::rules::sampling::{
    self, Evaluation, MAX_POPULATION, Plan, SampleSize, SamplingError, SizeMethod, TableMode,
    Tested,
};

fn size(level: &str, tolerable: &str, expected: &str, population: Option<u64>) -> SampleSize {
    sampling::plan(&plan(level, rate(tolerable), rate(expected), population)).unwrap()
}

fn tested(n: u64, k: u64, level: &str, population: Option<u64>, tolerable: Option<&str>) -> Tested {
    Tested {
        sample: n,
        deviations: k,
        confidence: confidence(level),
        population,
        tolerable: tolerable.map(rate),
    }
}

fn evaluated(
    n: u64,
    k: u64,
    level: &str,
    population: Option<u64>,
    tolerable: Option<&str>,
) -> Evaluation {
    sampling::evaluate(&tested(n, k, level, population, tolerable)).unwrap()
}

#[test]
fn table_a_no_expected_deviations() {
    let tolerable = [2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20];
    for (level, row) in [
        ("95%", [149, 99, 74, 59, 49, 42, 36, 32, 29, 19, 14]),
        ("90%", [114, 76, 57, 45, 38, 32, 28, 25, 22, 15, 11]),
    ] {
        for (percent, n) in tolerable.iter().zip(row) {
            let found = size(level, &format!("{percent}%"), "0%", None);
            assert_eq!((found.n, found.allowed_deviations), (n, 0), "{level} {percent}%");
        }
    }
    assert_eq!(size("80%", "10%", "0%", None).n, 16);
    assert_eq!(size("99%", "5%", "0%", None).n, 90);
}

/// A row of table B: confidence, expected rate, then n and allowed deviations per tolerable rate.
type Row = (&'static str, &'static str, [Option<(u64, u64)>; 8]);

#[test]
fn table_b_with_expected_deviations() {
    let tolerable = ["4%", "5%", "6%", "7%", "8%", "10%", "15%", "20%"];
    let c = |n, k| Some((n, k));
    let rows: [Row; 9] = [
        (
            "95%",
            "0.50%",
            [c(117, 1), c(93, 1), c(78, 1), c(66, 1), c(58, 1), c(46, 1), c(30, 1), c(22, 1)],
        ),
        (
            "95%",
            "1.00%",
            [c(156, 2), c(93, 1), c(78, 1), c(66, 1), c(58, 1), c(46, 1), c(30, 1), c(22, 1)],
        ),
        (
            "95%",
            "1.25%",
            [c(156, 2), c(124, 2), c(78, 1), c(66, 1), c(58, 1), c(46, 1), c(30, 1), c(22, 1)],
        ),
        (
            "95%",
            "2.00%",
            [c(294, 6), c(181, 4), c(127, 3), c(88, 2), c(77, 2), c(46, 1), c(30, 1), c(22, 1)],
        ),
        (
            "95%",
            "3.00%",
            [c(1098, 33), c(361, 11), c(195, 6), c(129, 4), c(95, 3), c(61, 2), c(30, 1), c(22, 1)],
        ),
        (
            "95%",
            "5.00%",
            [None, None, c(1580, 79), c(478, 24), c(240, 12), c(116, 6), c(40, 2), c(30, 2)],
        ),
        (
            "90%",
            "1.00%",
            [c(96, 1), c(77, 1), c(64, 1), c(55, 1), c(48, 1), c(38, 1), c(25, 1), c(18, 1)],
        ),
        (
            "90%",
            "2.00%",
            [c(198, 4), c(132, 3), c(88, 2), c(75, 2), c(48, 1), c(38, 1), c(25, 1), c(18, 1)],
        ),
        (
            "90%",
            "3.50%",
            [None, c(400, 14), c(194, 7), c(113, 4), c(82, 3), c(52, 2), c(25, 1), c(18, 1)],
        ),
    ];
    for (level, expected, cells) in rows {
        for (tolerable, cell) in tolerable.iter().zip(cells) {
            let Some((n, k)) = cell else { continue };
            let found = size(level, tolerable, expected, None);
            assert_eq!(
                (found.n, found.allowed_deviations),
                (n, k),
                "{level} {expected} {tolerable}"
            );
        }
    }
}

#[test]
fn the_printed_table_departs_only_where_it_is_known_to() {
    let printed = |level: &str, tolerable: &str, expected: &str| {
        sampling::plan(&Plan {
            table_mode: TableMode::Printed,
            ..plan(level, rate(tolerable), rate(expected), None)
        })
        .unwrap()
    };
    assert_eq!((printed("90%", "7%", "3.25%").n, size("90%", "7%", "3.25%", None).n), (112, 113));
    assert_eq!((printed("90%", "7%", "3.5%").n, size("90%", "7%", "3.5%", None).n), (112, 113));
    assert_eq!((printed("90%", "5%", "3.5%").n, size("90%", "5%", "3.5%", None).n), (200, 400));
    assert_eq!(printed("95%", "5%", "1%"), size("95%", "5%", "1%", None));
    // The printed 112 with 4 deviations leaves more risk than it says.
    let bought = sampling::confidence_bought(112, 4, rate("7%"), None).unwrap();
    assert!((1.0 - bought - 0.100_712).abs() < 1e-6, "{bought}");
}

#[test]
fn table_c_upper_limits() {
    let rows: [(u64, [f64; 8]); 7] = [
        (20, [13.911, 21.611, 28.262, 34.366, 10.875, 18.096, 24.477, 30.419]),
        (25, [11.293, 17.612, 23.104, 28.172, 8.799, 14.687, 19.914, 24.802]),
        (30, [9.503, 14.860, 19.533, 23.860, 7.388, 12.357, 16.781, 20.930]),
        (40, [7.216, 11.319, 14.915, 18.259, 5.594, 9.380, 12.763, 15.945]),
        (45, [6.440, 10.113, 13.338, 16.339, 4.988, 8.371, 11.398, 14.247]),
        (60, [4.870, 7.664, 10.124, 12.419, 3.765, 6.329, 8.628, 10.797]),
        (100, [2.951, 4.656, 6.162, 7.571, 2.276, 3.834, 5.235, 6.559]),
    ];
    for (n, percents) in rows {
        let cells = ["95%", "90%"].iter().flat_map(|level| (0..4_u64).map(move |k| (*level, k)));
        for ((level, k), percent) in cells.zip(percents) {
            let found = 100.0 * evaluated(n, k, level, None, None).upper_limit;
            assert!(
                (found - percent).abs() <= 0.000_51,
                "n {n} k {k} {level}: {found} against {percent}"
            );
        }
    }
    // Zero deviations has a closed form; all deviating leaves no better limit than the whole.
    assert!(
        (evaluated(59, 0, "95%", None, None).upper_limit - (1.0 - 0.05_f64.powf(1.0 / 59.0))).abs()
            < 1e-15
    );
    assert_eq!(evaluated(7, 7, "95%", None, None).upper_limit.to_string(), "1");
}

#[test]
fn the_poisson_factor_is_never_below_the_limit() {
    for (level, factors) in
        [("95%", [2.996, 4.744, 6.296, 7.754, 9.154]), ("90%", [2.303, 3.890, 5.322, 6.681, 7.994])]
    {
        for (k, factor) in (0_u64..).zip(factors) {
            for n in [25, 60, 500, 10_000] {
                let limit = evaluated(n, k, level, None, None).upper_limit;
                assert!(limit <= (factor + 0.001) / n as f64, "{k} of {n}");
            }
            let near = evaluated(1_000_000, k, level, None, None).upper_limit * 1e6;
            assert!((near - factor).abs() < 0.001, "{near} {factor}");
        }
    }
}

#[test]
fn table_d_most_deviations_that_still_support() {
    let columns = [
        ("90%", "5%"),
        ("90%", "10%"),
        ("90%", "15%"),
        ("90%", "20%"),
        ("95%", "5%"),
        ("95%", "10%"),
        ("95%", "15%"),
        ("95%", "20%"),
    ];
    // -1 stands for "even zero is not enough".
    let rows: [(u64, [i64; 8]); 9] = [
        (10, [-1, -1, -1, -1, -1, -1, -1, -1]),
        (15, [-1, -1, 0, 0, -1, -1, -1, 0]),
        (20, [-1, -1, 0, 1, -1, -1, 0, 0]),
        (25, [-1, 0, 1, 2, -1, -1, 0, 1]),
        (30, [-1, 0, 1, 2, -1, 0, 1, 2]),
        (40, [-1, 1, 2, 4, -1, 0, 2, 3]),
        (45, [0, 1, 3, 5, -1, 0, 2, 4]),
        (60, [0, 2, 5, 7, 0, 1, 4, 6]),
        (90, [1, 4, 8, 12, 0, 4, 7, 11]),
    ];
    for (n, cells) in rows {
        for ((level, tolerable), cell) in columns.iter().zip(cells) {
            let found =
                sampling::most_acceptable(n, confidence(level), rate(tolerable), None).unwrap();
            assert_eq!(found, u64::try_from(cell).ok(), "n {n} {level} {tolerable}");
        }
    }
}

#[test]
fn table_e_known_populations() {
    let columns = [("90%", "5%"), ("90%", "10%"), ("95%", "5%"), ("95%", "10%")];
    let rows: [(u64, [u64; 4]); 12] = [
        (10, [9, 9, 10, 10]),
        (12, [11, 8, 12, 9]),
        (20, [18, 14, 19, 16]),
        (25, [17, 13, 19, 16]),
        (50, [27, 18, 31, 22]),
        (52, [28, 16, 33, 20]),
        (100, [37, 20, 45, 25]),
        (250, [40, 21, 51, 27]),
        (365, [41, 21, 52, 27]),
        (500, [43, 22, 56, 28]),
        (1000, [44, 22, 57, 29]),
        (10000, [45, 22, 59, 29]),
    ];
    for (population, cells) in rows {
        for ((level, tolerable), n) in columns.iter().zip(cells) {
            let found = size(level, tolerable, "0%", Some(population));
            let method =
                if n == population { SizeMethod::Census } else { SizeMethod::Hypergeometric };
            assert_eq!(
                found,
                SampleSize { n, allowed_deviations: 0, method },
                "N {population} {level} {tolerable}"
            );
        }
    }
    for (population, cells) in [(250, [66, 36, 78, 43]), (1000, [75, 37, 90, 45])] {
        for ((level, tolerable), n) in columns.iter().zip(cells) {
            let found =
                sampling::plan_for_allowed(confidence(level), rate(tolerable), Some(population), 1)
                    .unwrap();
            assert_eq!(found.n, n);
        }
    }
    let limits = [
        ((0, 25, 100), 7, 9),
        ((0, 25, 250), 20, 26),
        ((1, 25, 100), 13, 15),
        ((1, 40, 250), 22, 26),
        ((2, 60, 500), 41, 48),
        ((0, 2, 4), 2, 2),
        ((0, 5, 12), 3, 4),
        ((0, 12, 12), 0, 0),
    ];
    for ((k, n, population), at_90, at_95) in limits {
        assert_eq!(evaluated(n, k, "90%", Some(population), None).upper_count, Some(at_90));
        assert_eq!(evaluated(n, k, "95%", Some(population), None).upper_count, Some(at_95));
    }
}

#[test]
fn the_decision_on_a_known_population_is_strict() {
    let almost = evaluated(19, 0, "90%", Some(100), Some("10%"));
    assert_eq!((almost.upper_count, almost.supported), (Some(10), Some(false)));
    assert!(almost.upper_limit <= 0.10, "a comparison of rates would wrongly pass");
    let enough = evaluated(20, 0, "90%", Some(100), Some("10%"));
    assert_eq!((enough.upper_count, enough.supported), (Some(9), Some(true)));
    // Equal to the risk on paper: 1/20 is within 5%.
    assert_eq!(evaluated(19, 0, "95%", Some(20), Some("5%")).supported, Some(true));
}

#[test]
fn testing_everything_compares_the_rate_found() {
    assert_eq!(evaluated(10, 1, "95%", Some(10), Some("10%")).supported, Some(true));
    assert_eq!(evaluated(10, 2, "95%", Some(10), Some("10%")).supported, Some(false));
    let one = evaluated(10, 1, "95%", Some(10), None);
    assert_eq!((one.upper_count, one.supported), (Some(1), None));
    assert!((one.upper_limit - 0.1).abs() < 1e-15 && one.allowance() == 0.0);
    let all = evaluated(MAX_POPULATION, 3, "95%", Some(MAX_POPULATION), Some("5%"));
    assert_eq!((all.upper_count, all.supported), (Some(3), Some(true)));
}

#[test]
fn table_f_the_finite_population_correction_understates() {
    for (level, tolerable, population, corrected, exact) in
        [("95%", "5%", 100, 38, 45), ("95%", "5%", 50, 28, 31), ("90%", "10%", 50, 16, 18)]
    {
        let n0 = size(level, tolerable, "0%", None).n;
        assert_eq!(sampling::finite_population_correction(n0, population), corrected);
        assert_eq!(size(level, tolerable, "0%", Some(population)).n, exact);
        assert_eq!(
            evaluated(corrected, 0, level, Some(population), Some(tolerable)).supported,
            Some(false)
        );
    }
}

#[test]
fn table_h_confidence_actually_bought() {
    for (n, k, tolerable, percent) in [
        (25, 0, "10%", 92.8),
        (25, 0, "5%", 72.3),
        (40, 0, "5%", 87.1),
        (60, 0, "5%", 95.4),
        (20, 0, "10%", 87.8),
        (5, 0, "10%", 41.0),
        (2, 0, "10%", 19.0),
        (25, 1, "10%", 72.9),
        (40, 1, "10%", 92.0),
    ] {
        let bought = 100.0 * sampling::confidence_bought(n, k, rate(tolerable), None).unwrap();
        assert!((bought - percent).abs() <= 0.0501, "{k} of {n} at {tolerable}: {bought}");
    }
}

#[test]
fn answers_are_written_as_the_interface_says() {
    let json = |value: &dyn erased::Json| value.json();
    assert_eq!(
        json(&size("95%", "5%", "0%", None)),
        r#"{"n":59,"allowed_deviations":0,"method":"binomial"}"#
    );
    let text = json(&evaluated(25, 1, "90%", None, Some("10%")));
    assert!(text.starts_with(r#"{"upper_limit":0.14686"#), "{text}");
    assert!(
        text.ends_with(r#","upper_count":null,"supported":false,"point_rate":0.04}"#),
        "{text}"
    );
}

/// Lets one closure print two types.
mod erased {
    pub trait Json {
        fn json(&self) -> String;
    }
    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> String {
            serde_json::to_string(self).unwrap()
        }
    }
}

#[test]
fn impossible_requests_are_refused_in_words() {
    let refused = |p: Plan| sampling::plan(&p).unwrap_err();
    assert_eq!(
        refused(plan("95%", rate("0%"), rate("0%"), None)),
        SamplingError::Tolerable(Rate::ZERO)
    );
    assert_eq!(
        refused(plan("95%", rate("100%"), rate("0%"), None)),
        SamplingError::Tolerable(Rate::WHOLE)
    );
    assert!(matches!(
        refused(plan("95%", rate("5%"), rate("5%"), None)),
        SamplingError::ExpectedNotBelowTolerable { .. }
    ));
    assert_eq!(
        refused(plan("95%", rate("5%"), rate("0%"), Some(0))),
        SamplingError::EmptyPopulation
    );
    assert_eq!(
        refused(plan("95%", rate("5%"), rate("0%"), Some(MAX_POPULATION + 1))),
        SamplingError::PopulationTooLarge(MAX_POPULATION + 1)
    );
    assert_eq!(refused(plan("95%", rate("5%"), rate("4.999%"), None)), SamplingError::PlanTooLarge);
    assert_eq!(
        refused(plan("99%", rate("0.0000001%"), rate("0%"), None)),
        SamplingError::PlanTooLarge
    );

    let refused = |t: Tested| sampling::evaluate(&t).unwrap_err();
    assert_eq!(refused(tested(0, 0, "90%", None, None)), SamplingError::EmptySample);
    assert!(matches!(
        refused(tested(5, 6, "90%", None, None)),
        SamplingError::MoreDeviationsThanItems { .. }
    ));
    assert!(matches!(
        refused(tested(5, 0, "90%", Some(4), None)),
        SamplingError::SampleAbovePopulation { .. }
    ));
    assert_eq!(
        refused(tested(1_000_000_000_000, 0, "90%", None, None)),
        SamplingError::SampleTooLarge(1_000_000_000_000)
    );
    assert_eq!(
        refused(tested(5, 0, "90%", None, Some("0%"))),
        SamplingError::Tolerable(Rate::ZERO)
    );
    assert_eq!(
        refused(tested(u64::MAX, u64::MAX, "90%", Some(u64::MAX), None)),
        SamplingError::PopulationTooLarge(u64::MAX)
    );
}

#[test]
fn a_population_of_one_and_one_where_no_sample_is_enough_are_tested_whole() {
    assert_eq!(
        size("95%", "5%", "0%", Some(1)),
        SampleSize { n: 1, allowed_deviations: 0, method: SizeMethod::Census }
    );
    // ceil(5 × 9%) = 1 deviation expected where ceil(5 × 10%) = 1 is already intolerable.
    assert_eq!(
        size("95%", "10%", "9%", Some(5)),
        SampleSize { n: 5, allowed_deviations: 0, method: SizeMethod::Census }
    );
}

#[test]
fn the_largest_requests_end() {
    // A plan near the size limit and one beyond it, the largest sample with half of it deviating, and
    // the largest population: each a bounded amount of work, seconds even without optimisation.
    assert_eq!(size("95%", "50%", "49.8%", None).method, SizeMethod::Binomial);
    assert_eq!(refused_plan(), SamplingError::PlanTooLarge);
    let large = evaluated(sampling::MAX_SAMPLE, sampling::MAX_SAMPLE / 2, "95%", None, Some("60%"));
    assert!((large.upper_limit - 0.5).abs() < 1e-3);
    let finite = evaluated(sampling::MAX_SAMPLE, 1000, "95%", Some(MAX_POPULATION), Some("1%"));
    assert_eq!(finite.supported, Some(true));
}

fn refused_plan() -> SamplingError {
    sampling::plan(&plan("95%", rate("99%"), rate("98.9999%"), Some(MAX_POPULATION))).unwrap_err()
}
