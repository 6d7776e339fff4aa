//! Oracles and properties of sample selection.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the drawn numbers are small"
)]

use proptest::prelude::*;

use super::*;

const SEED: &str = "demo-seed-1";

fn changes() -> Vec<String> {
    (1..=250).map(|number| format!("CHG-{number:04}")).collect()
}

fn refs(ids: &[String]) -> Vec<&str> {
    ids.iter().map(String::as_str).collect()
}

/// Oracles of section 3.6, made with an independent implementation.
#[test]
fn random_selection_is_the_published_one() {
    let ids = changes();
    let expected: Vec<String> =
        [126, 20, 159, 193, 197, 125, 167, 117, 6, 33, 206, 130, 27, 229, 203]
            .map(|number| format!("CHG-{number:04}"))
            .to_vec();
    assert_eq!(names(rank(SEED, &refs(&ids), 15).unwrap()), expected);
    let mut reversed = ids.clone();
    reversed.reverse();
    assert_eq!(names(rank(SEED, &refs(&reversed), 15).unwrap()), expected);
    let first = refs(&expected[..10]);
    assert_eq!(names(extend(SEED, &refs(&ids), &first, 5).unwrap()), expected[10..]);
    assert_eq!(
        hex::encode(rank_digest(SEED, "CHG-0001")),
        "1679601ec0490d213a49ace4e42376ac076754e29182f01235b57efd0cc591a8"
    );
    assert_eq!(
        population_sha256(ids.iter().map(String::as_str)),
        "8c2dbf51d9384d2725e558d6466bc0b0bf4482c047104443c2c71f4c63b89a89"
    );
}

#[test]
fn a_large_population_is_ranked_alike_on_one_thread_and_on_several() {
    let many: Vec<String> = (0..120_000).map(|n| format!("CHG-{n:07}")).collect();
    let mut ids = refs(&many);
    let several = rank(SEED, &ids, 60).unwrap();
    let (mut alone, _) = part_of(SEED, &ids, 60);
    alone.sort_unstable();
    let alone: Vec<&str> = alone.into_iter().map(|(_, id)| id).collect();
    assert_eq!(several.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), alone);
    // One id twice, in parts that different threads rank.
    let first = ids[0];
    *ids.last_mut().unwrap() = first;
    assert!(
        rank(SEED, &ids, 60)
            .unwrap_err()
            .to_string()
            .contains("CHG-0000000\" is in the population twice")
    );
}

#[test]
fn systematic_positions_are_the_published_ones() {
    // A start of 4.0 in an interval of 10.3 is the share 40/103.
    let start = Start { numerator: 40, denominator: 103 };
    assert_eq!(
        systematic_positions(103, 10, start).unwrap(),
        [4, 14, 24, 34, 45, 55, 65, 76, 86, 96]
    );
}

#[test]
fn shares_are_the_published_ones() {
    let shares = |sizes: [u64; 3], minimum| -> Vec<u64> {
        let strata: Vec<(String, u64)> =
            ["a", "b", "c"].map(str::to_owned).into_iter().zip(sizes).collect();
        allocate(&strata, 25, minimum).unwrap().iter().map(|share| share.selected).collect()
    };
    assert_eq!(shares([131, 77, 42], 0), [13, 8, 4]);
    assert_eq!(shares([180, 50, 20], 0), [18, 5, 2]);
    assert_eq!(shares([180, 50, 20], 3), [17, 5, 3]);
    assert_eq!(shares([247, 2, 1], 3), [22, 2, 1]);
}

/// The oracle of 3.6 (180/50/20 gives 18/5/2 of 25), with a minimum that lifts the smallest stratum: what
/// the others give up follows their shares, and everything inside a stratum stays the first of its ranking.
#[test]
fn a_minimum_lifts_small_strata_and_takes_from_the_others() {
    let items: Vec<Item> = [("large", 180), ("middle", 50), ("small", 20)]
        .iter()
        .flat_map(|(stratum, count)| {
            (0..*count).map(move |n| Item {
                id: format!("{stratum}-{n:03}"),
                stratum: Some((*stratum).to_owned()),
            })
        })
        .collect();
    let of = |minimum| {
        let hash = String::new();
        select_as(Method::Stratified, SEED, &items, 25, minimum, hash).unwrap()
    };
    let shares = |found: &Selection| -> Vec<u64> {
        found.strata.iter().map(|share| share.selected).collect()
    };
    assert_eq!(shares(&of(0)), [18, 5, 2]);
    assert_eq!(shares(&of(2)), [18, 5, 2], "a minimum that shares reach anyway changes nothing");
    assert_eq!(of(0).selected, of(2).selected);
    // 20 left for 230: 15.65 and 4.35.
    assert_eq!(shares(&of(5)), [15, 5, 5]);
    assert_eq!(shares(&of(4)), [16, 5, 4]);
    let (plain, lifted) = (of(0), of(4));
    let small = |found: &Selection| -> Vec<String> {
        found.selected.iter().filter(|id| id.starts_with("small")).cloned().collect()
    };
    assert_eq!(small(&plain), small(&lifted)[..2], "the first of the same ranking");
    let refused = |method, minimum| {
        let hash = String::new();
        select_as(method, SEED, &items, 25, minimum, hash).unwrap_err().to_string()
    };
    assert!(refused(Method::Stratified, 9).contains("needs 27 items"));
    assert!(refused(Method::Random, 1).contains("stratified sample"));
}

#[test]
fn the_effective_seed_is_the_documented_one() {
    let hash = "8c2dbf51d9384d2725e558d6466bc0b0bf4482c047104443c2c71f4c63b89a89";
    let mut bytes = hex::decode(hash).unwrap();
    bytes.extend(b"demo-seed-1");
    assert_eq!(effective_seed(hash, SEED).unwrap(), hex::encode(Sha256::digest(&bytes)));
    assert!(effective_seed("8c2d", SEED).is_err());
    assert!(effective_seed(hash, "").is_err());
}

#[test]
fn impossible_samples_are_refused() {
    let ids = changes();
    let ids = refs(&ids);
    assert!(rank(SEED, &ids, 251).unwrap_err().to_string().contains("between 1 and the 250 items"));
    assert!(rank(SEED, &ids, 0).is_err());
    assert!(rank("", &ids, 5).is_err());
    assert!(rank(SEED, &["a", "a"], 1).unwrap_err().to_string().contains("twice"));
    assert!(extend(SEED, &ids, &["CHG-9999"], 1).is_err());
    let bare = [Item { id: "a".into(), stratum: None }];
    assert!(stratified(SEED, &bare, 1, 0).unwrap_err().to_string().contains("no stratum"));
    assert!(allocate(&[("a".into(), 5), ("b".into(), 5)], 3, 2).is_err());
}

#[test]
fn months_left_out_are_told() {
    let items = [("a", "2026-01"), ("b", "2026-01"), ("c", "2026-02"), ("d", "2026-03")];
    let bare = uncovered_months(items.into_iter(), &HashSet::from(["a", "d"]));
    assert_eq!(bare, [UncoveredMonth { month: "2026-02".into(), population: 1 }]);
}

proptest! {
    #[test]
    fn invariant_03_a_ranking_is_free_of_order(
        ids in prop::collection::hash_set("[a-z0-9]{1,6}", 2..60),
        seed in "[a-z]{1,8}",
    ) {
        let sorted: Vec<String> = { let mut ids: Vec<_> = ids.iter().cloned().collect(); ids.sort(); ids };
        let shuffled: Vec<String> = ids.into_iter().collect();
        let whole = rank(&seed, &refs(&sorted), sorted.len()).unwrap();
        prop_assert_eq!(&whole, &rank(&seed, &refs(&shuffled), shuffled.len()).unwrap());
    }

    #[test]
    fn invariant_04_expanding_never_drops_an_earlier_item(
        ids in prop::collection::hash_set("[a-z0-9]{1,6}", 2..60),
        seed in "[a-z]{1,8}",
        cut in 1_usize..60,
    ) {
        let sorted: Vec<String> = ids.iter().cloned().collect();
        let shuffled: Vec<String> = ids.into_iter().collect();
        let whole = rank(&seed, &refs(&sorted), sorted.len()).unwrap();
        let size = cut.min(sorted.len());
        let part = rank(&seed, &refs(&shuffled), size).unwrap();
        prop_assert_eq!(&part[..], &whole[..size]);
        if size < sorted.len() {
            let first: Vec<&str> = part.iter().map(|item| item.id.as_str()).collect();
            let next = extend(&seed, &refs(&shuffled), &first, 1).unwrap();
            prop_assert_eq!(&next[0], &whole[size]);
        }
    }

    #[test]
    fn systematic_positions_rise_and_stay_inside(
        population in 1_u64..100_000,
        share in 0.0_f64..1.0,
        numerator: u64,
    ) {
        let size = ((population as f64 * share) as u64).max(1);
        let start = Start { numerator: u128::from(numerator), denominator: 1 << 64 };
        let positions = systematic_positions(population, size, start).unwrap();
        prop_assert_eq!(positions.len() as u64, size);
        prop_assert!(positions.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(positions.last().unwrap() < &population);
    }

    #[test]
    fn shares_add_up_and_fit(
        sizes in prop::collection::vec(1_u64..500, 1..12),
        part in 1_u64..1000,
        minimum in 0_u64..4,
    ) {
        let total: u64 = sizes.iter().sum();
        let size = part.min(total);
        let strata: Vec<(String, u64)> =
            sizes.iter().enumerate().map(|(at, size)| (format!("s{at:02}"), *size)).collect();
        let floor: u64 = sizes.iter().map(|count| minimum.min(*count)).sum();
        match allocate(&strata, size, minimum) {
            Err(_) => prop_assert!(floor > size),
            Ok(shares) => {
                prop_assert_eq!(shares.iter().map(|share| share.selected).sum::<u64>(), size);
                for share in shares {
                    prop_assert!(share.selected <= share.population);
                    prop_assert!(share.selected >= minimum.min(share.population));
                }
            }
        }
    }
}
