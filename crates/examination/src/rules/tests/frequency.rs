//! Sample sizes by policy.

use crate::rules::frequency::{
    Basis, Frequency, GENERAL_PRACTICE, PolicyError, Risk, RiskFactor, RowSize, SamplingPolicy,
    risk_with,
};

fn general() -> SamplingPolicy {
    SamplingPolicy::from_toml(GENERAL_PRACTICE).unwrap()
}

#[test]
fn the_starting_policy_stays_inside_common_ranges() {
    let policy = general();
    for (frequency, population, least, most, statistical) in [
        (Frequency::Annual, 1, 1, 1, false),
        (Frequency::Semiannual, 2, 1, 2, false),
        (Frequency::Quarterly, 4, 2, 4, false),
        (Frequency::Monthly, 12, 2, 5, false),
        (Frequency::SemiMonthly, 24, 3, 8, false),
        (Frequency::Weekly, 52, 5, 15, false),
        (Frequency::Daily, 250, 20, 40, true),
        (Frequency::ManyPerDay, 100_000, 25, 60, true),
        (Frequency::PerEvent, 8, 2, 5, false),
        (Frequency::PerEvent, 40, 5, 15, false),
        (Frequency::PerEvent, 200, 20, 40, true),
        (Frequency::PerEvent, 900, 25, 60, true),
    ] {
        let mut before = 0;
        for risk in [Risk::Low, Risk::Normal, Risk::High] {
            let size = policy.size(frequency, population, risk).unwrap();
            assert!((least..=most).contains(&size.n), "{frequency} {risk}: {}", size.n);
            assert!(size.n >= before);
            before = size.n;
            assert_eq!(size.basis == Basis::Statistical, statistical, "{frequency}");
            assert_eq!(size.census, size.n == population);
            // A judgemental size must not carry anything that could be printed as statistical support.
            assert_eq!(size.confidence.is_some(), statistical);
            assert_eq!(size.tolerable.is_some(), statistical);
            assert_eq!(size.allowed_deviations.is_some(), statistical);
        }
    }
}

#[test]
fn risk_factors_raise_one_step() {
    assert_eq!(risk_with(Risk::Low, &[]), Risk::Low);
    assert_eq!(risk_with(Risk::Low, &[RiskFactor::Manual]), Risk::Normal);
    assert_eq!(
        risk_with(Risk::Normal, &[RiskFactor::PriorDeviation, RiskFactor::NewControl]),
        Risk::High
    );
    assert_eq!(risk_with(Risk::High, &[RiskFactor::KeyToCommitment]), Risk::High);
}

#[test]
fn published_rules_are_data() {
    let tenth = SamplingPolicy::from_toml(include_str!(
        "../../../../../catalog/sampling/tenth-of-population.toml"
    ))
    .unwrap();
    let n = |policy: &SamplingPolicy, population| {
        policy.size(Frequency::PerEvent, population, Risk::Normal).map(|size| size.n)
    };
    for (population, expected) in [(2, 2), (3, 3), (25, 3), (101, 11), (300, 30), (5000, 30)] {
        assert_eq!(n(&tenth, population), Ok(expected), "{population}");
    }
    let stepped =
        SamplingPolicy::from_toml(include_str!("../../../../../catalog/sampling/stepped.toml"))
            .unwrap();
    for (population, expected) in
        [(4, 4), (6, 5), (50, 5), (51, 6), (250, 25), (251, 25), (9000, 25)]
    {
        assert_eq!(n(&stepped, population), Ok(expected), "{population}");
    }
    // The published steps do not say what to do with exactly 5; the policy asks instead of guessing.
    assert!(matches!(n(&stepped, 5), Err(PolicyError::NoRow { population: 5, .. })));
}

#[test]
fn a_policy_that_claims_what_it_does_not_hold_is_refused() {
    let refuse = |change: &dyn Fn(&mut SamplingPolicy)| {
        let mut policy = general();
        change(&mut policy);
        policy.validate().unwrap_err().to_string()
    };
    let daily = 6;
    let said = refuse(&|p| p.row[daily].size = RowSize::ByRisk { low: 20, normal: 25, high: 40 });
    assert!(
        said.contains("claims 90% confidence at 10%") && said.contains("22 are needed"),
        "{said}"
    );
    let said = refuse(&|p| p.row[daily].basis = Basis::Judgemental);
    assert!(said.contains("must not carry a confidence level"), "{said}");
    let said = refuse(&|p| p.row[daily].confidence = None);
    assert!(said.contains("needs a confidence level"), "{said}");
    // 22 items already use 0.0985 of the 0.10; any second chance is too much.
    let said = refuse(&|p| {
        p.row[daily].expansion = Some(crate::rules::expansion::Stage { add: 22, accept_total: 1 })
    });
    assert!(said.contains("0.1222"), "{said}");
    let said = refuse(&|p| p.row[0].frequencies.clear());
    assert!(said.contains("Row 1") && said.contains("names no frequency"), "{said}");
    assert!(refuse(&|p| p.effective_from = "soon".to_owned()).contains("first day of effect"));
    assert!(refuse(&|p| p.row.clear()).contains("between 1 and 200 rows"));
}

#[test]
fn policy_files_refuse_unknown_words() {
    let wrong = GENERAL_PRACTICE.replacen("basis = \"judgemental\"", "basis = \"gut\"", 1);
    let said = SamplingPolicy::from_toml(&wrong).unwrap_err().to_string();
    assert!(
        said.contains("\"gut\" is not a known basis; write one of: statistical, judgemental"),
        "{said}"
    );
    assert!(SamplingPolicy::from_toml("version = 1").is_err());
    assert!(general().size(Frequency::Daily, 0, Risk::Low).is_err());
}

#[test]
fn an_extension_is_offered_only_where_there_is_room() {
    let policy = general();
    assert!(policy.size(Frequency::PerEvent, 1000, Risk::Low).unwrap().expansion.is_some());
    assert!(policy.size(Frequency::PerEvent, 200, Risk::Low).unwrap().expansion.is_none());
}
