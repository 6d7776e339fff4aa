//! What holds of any history.

use super::super::lexical::{normalised, shingles, signature};
use super::super::recurrence::groups;
use super::*;
use proptest::prelude::*;

fn naive_groups(n: usize, pairs: &[(usize, usize)]) -> Vec<usize> {
    let mut of: Vec<usize> = (0..n).collect();
    loop {
        let before = of.clone();
        for (a, b) in pairs {
            let low = of[*a].min(of[*b]);
            of[*a] = low;
            of[*b] = low;
        }
        if of == before {
            return of;
        }
    }
}

proptest! {
    #[test]
    fn groups_are_what_pairs_join_and_nothing_else(
        pairs in prop::collection::vec((0_usize..12, 0_usize..12), 0..15),
    ) {
        prop_assert_eq!(groups(12, &pairs), naive_groups(12, &pairs));
    }

    #[test]
    fn binomial_chances_are_their_sums(n in 1_u64..20, k in 0_u64..22, p in 0.01_f64..0.99) {
        let choose = |n: u64, k: u64| (0..k).fold(1.0, |x, i| x * (n - i) as f64 / (i + 1) as f64);
        let power = |x: f64, n: u64| x.powi(i32::try_from(n).unwrap());
        let sum: f64 = (k..=n).map(|i| choose(n, i) * power(p, i) * power(1.0 - p, n - i)).sum();
        prop_assert!((binomial_at_least(k, n, p) - sum).abs() < 1e-9);
    }

    #[test]
    fn poisson_chances_are_their_sums(k in 0_u64..25, mean in 0.01_f64..20.0) {
        let (mut term, mut below) = ((-mean).exp(), 0.0);
        for i in 0..k {
            below += term;
            term *= mean / (i + 1) as f64;
        }
        prop_assert!((poisson_at_least(k, mean) - (1.0 - below)).abs() < 1e-9);
    }

    #[test]
    fn an_interval_holds_its_count_and_longer_silence_is_never_likelier(k in 0_u64..200, days in 1_i64..300) {
        let [low, high] = poisson_interval(k, 0.95);
        prop_assert!(low <= k as f64 && k as f64 <= high);
        let cases: Vec<_> = (0..9).map(|n| case(n, day(n), "x")).collect();
        let chance = |d| silence(&cases, &[], day(8 + d))[0].chance.unwrap();
        prop_assert!(chance(days + 1) <= chance(days));
    }

    #[test]
    fn a_later_case_never_comes_before_its_pair_and_recurrences_are_plainly_counted(
        spans in prop::collection::vec((0_i64..300, 0_i64..40, prop::bool::ANY), 2..12),
        pairs in prop::collection::vec((0_usize..12, 0_usize..12), 0..8),
        until in 100_i64..400,
    ) {
        let cases: Vec<PatternCase> = spans
            .iter()
            .enumerate()
            .map(|(n, (reported, took, mended))| PatternCase {
                mended: mended.then_some((day(reported + took), Basis::Resolution)),
                components: vec![format!("part {}", reported % 3)],
                ..case(i64::try_from(n).unwrap(), day(*reported), "the same words in each of them")
            })
            .collect();
        for proposal in proposals(&cases) {
            let (a, b) = (&cases[proposal.earlier], &cases[proposal.later]);
            prop_assert!((a.reported_at, &a.number) < (b.reported_at, &b.number));
            prop_assert!((0.0..=1.0).contains(&proposal.likeness));
        }
        let pairs: Vec<_> = pairs.into_iter().filter(|(a, b)| a.max(b) < &cases.len()).collect();
        let found = recurrence(&cases, &pairs, day(until), 0.95);
        let group = naive_groups(cases.len(), &pairs);
        for within in &found.within {
            let (mut watched, mut again) = (0, 0);
            for (n, one) in cases.iter().enumerate() {
                let Some((mended, _)) = one.mended else { continue };
                if mended.0 + within.days * DAY > day(until).0 {
                    continue;
                }
                watched += 1;
                again += u64::from(cases.iter().enumerate().any(|(m, other)| {
                    m != n
                        && group[m] == group[n]
                        && other.reported_at > mended
                        && other.reported_at <= day(until)
                        && other.reported_at.0 - mended.0 <= within.days * DAY
                }));
            }
            prop_assert_eq!((within.watched, within.came_again), (watched, again));
        }
    }

    #[test]
    fn signatures_agree_about_as_often_as_shingles_are_shared(
        shared in 0_usize..30, own in 1_usize..30,
    ) {
        let letter = |n: usize| char::from(b"abcdefghijklmnopqrstuvwxyzABCDEFGH"[n]);
        let own_word = |name: &str, n: usize| format!("{name}{n}{}", letter(n));
        let text = |name: &str| {
            let words: Vec<String> = (0..shared)
                .map(|n| own_word("shared", n))
                .chain((0..own).map(|n| own_word(name, n)))
                .collect();
            shingles(&normalised(&words.join(" ")))
        };
        let (a, b) = (text("left"), text("right"));
        let both = a.intersection(&b).count() as f64 / a.union(&b).count() as f64;
        let (x, y) = (signature(&a).unwrap(), signature(&b).unwrap());
        let agree = x.iter().zip(&y).filter(|(x, y)| x == y).count() as f64 / x.len() as f64;
        // Five standard deviations of 96 draws at the most uncertain share.
        prop_assert!((agree - both).abs() < 0.26, "{} {}", agree, both);
    }
}
