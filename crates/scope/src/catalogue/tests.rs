//! The counts, totals and references of the catalogue, and what its reader refuses.

use std::collections::BTreeMap;

use super::*;

/// Counts rows by the word a field is written as.
fn counts<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_insert(0) += 1;
    }
    counts
}

fn categories(chosen: &[Category]) -> Categories {
    Categories::new(chosen.iter().copied()).unwrap()
}

/// The built-in files with one piece of one of them replaced; the piece must be there.
fn read_with(file: &str, from: &str, to: &str) -> Result<Catalogue, CatalogueError> {
    let change = |name: &str, text: &str| {
        if name != file {
            return text.to_owned();
        }
        assert!(text.contains(from), "{file} does not hold {from:?}");
        text.replacen(from, to, 1)
    };
    let criteria = change("criteria", BUILT_IN.criteria);
    let description = change("description", BUILT_IN.description_criteria);
    let controls = change("controls", BUILT_IN.controls);
    let requests = change("requests", BUILT_IN.requests);
    Catalogue::read(Sources {
        criteria: &criteria,
        description_criteria: &description,
        controls: &controls,
        requests: &requests,
    })
}

fn refusal(file: &str, from: &str, to: &str) -> String {
    match read_with(file, from, to) {
        Ok(_) => panic!("{from} was replaced by {to} in {file} and nothing minded"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn there_are_61_criteria_with_their_coso_principles() {
    let catalogue = Catalogue::built_in();
    assert_eq!(catalogue.criteria().len(), 61);
    for id in CriterionId::all() {
        assert_eq!(catalogue.criterion(id).id, id);
    }
    // The 17 COSO principles, each once; CC2 holds 13 to 15 and CC4 holds 16 and 17.
    let coso = |label: &str| -> Vec<u8> {
        catalogue
            .criteria()
            .iter()
            .filter(|row| row.id.series().label() == label)
            .filter_map(|row| row.coso_principle)
            .collect()
    };
    assert_eq!(coso("CC1"), [1, 2, 3, 4, 5]);
    assert_eq!(coso("CC2"), [13, 14, 15]);
    assert_eq!(coso("CC3"), [6, 7, 8, 9]);
    assert_eq!(coso("CC4"), [16, 17]);
    assert_eq!(coso("CC5"), [10, 11, 12]);
    assert!(coso("CC6").is_empty());
}

#[test]
fn points_of_focus_add_up_to_330_of_which_233_are_common() {
    let catalogue = Catalogue::built_in();
    let sum = |common: bool| -> u32 {
        catalogue
            .criteria()
            .iter()
            .filter(|row| !common || row.id.category() == Category::Security)
            .filter_map(|row| row.points_of_focus)
            .map(u32::from)
            .sum()
    };
    assert_eq!((sum(false), sum(true)), (330, 233));
}

#[test]
fn points_of_focus_may_be_unknown() {
    let catalogue = read_with("criteria", "points_of_focus = 5\n", "").unwrap();
    assert_eq!(catalogue.criteria()[0].points_of_focus, None);
}

#[test]
fn there_are_9_description_criteria_and_only_the_last_is_for_type_2_alone() {
    let catalogue = Catalogue::built_in();
    assert_eq!(catalogue.description_criteria().len(), 9);
    let of = |report| -> usize {
        catalogue.description_criteria().iter().filter(|row| row.applies_to(report)).count()
    };
    assert_eq!((of(ReportType::Type1), of(ReportType::Type2)), (8, 9));
    let last: DescriptionCriterionId = "DC9".parse().unwrap();
    assert!(catalogue.description_criterion(last).type_2_only);
}

#[test]
fn there_are_130_controls_with_the_stated_mix() {
    let controls = Catalogue::built_in().controls();
    assert_eq!(controls.len(), 130);
    assert_eq!(
        counts(controls.iter().map(|c| c.control_type.as_str())),
        BTreeMap::from([("preventive", 77), ("detective", 44), ("corrective", 9)])
    );
    assert_eq!(
        counts(controls.iter().map(|c| c.nature.as_str())),
        BTreeMap::from([("manual", 76), ("automated", 30), ("it-dependent manual", 24)])
    );
    assert_eq!(
        counts(controls.iter().map(|c| c.frequency.as_str())),
        BTreeMap::from([
            ("per event", 45),
            ("annual", 29),
            ("continuous", 23),
            ("quarterly", 13),
            ("monthly", 8),
            ("semiannual", 7),
            ("daily", 5),
        ])
    );
}

#[test]
fn every_criterion_has_a_control_and_fourteen_have_exactly_one() {
    let catalogue = Catalogue::built_in();
    let mut single = Vec::new();
    for id in CriterionId::all() {
        match catalogue.controls_for(id).count() {
            0 => panic!("{id} has no control"),
            1 => single.push(id.to_string()),
            _ => {}
        }
    }
    assert_eq!(
        single.join(" "),
        "CC1.2 CC3.3 PI1.1 PI1.2 PI1.5 P1.1 P3.2 P5.1 P5.2 P6.1 P6.2 P6.6 P6.7 P7.1"
    );
}

#[test]
fn there_are_116_requests_of_five_kinds() {
    let requests = Catalogue::built_in().requests();
    assert_eq!(requests.len(), 116);
    assert_eq!(
        counts(requests.iter().map(|r| r.kind.as_str())),
        BTreeMap::from([("DOC", 34), ("POP", 40), ("SMP", 22), ("CFG", 15), ("ATT", 5)])
    );
    let general = requests.iter().filter(|r| r.criteria == RequestCriteria::All).count();
    assert_eq!(general, 10);
}

#[test]
fn every_criterion_is_asked_about() {
    let catalogue = Catalogue::built_in();
    for id in CriterionId::all() {
        let asked = catalogue.requests().iter().any(
            |request| matches!(&request.criteria, RequestCriteria::Some(ids) if ids.contains(&id)),
        );
        assert!(asked, "no request serves {id} by name");
    }
}

#[test]
fn rows_follow_the_categories_in_scope() {
    let catalogue = Catalogue::built_in();
    let security = categories(&[Category::Security]);
    let everything = categories(&Category::ALL);
    assert_eq!(catalogue.criteria_in(security).count(), 33);
    assert_eq!(catalogue.criteria_in(everything).count(), 61);
    assert_eq!(catalogue.controls_in(everything).count(), 130);
    assert_eq!(catalogue.requests_in(everything).count(), 116);
    let codes: Vec<&str> = catalogue.controls_in(security).map(|c| c.code.as_str()).collect();
    assert!(codes.contains(&"IAM-01"));
    assert!(codes.contains(&"AVL-07"), "serves CC9.1 beside A1.2");
    assert!(!codes.contains(&"AVL-01"), "serves A1.1 alone");
    assert!(!codes.iter().any(|code| code.starts_with("PRI-")));
    assert!(!codes.iter().any(|code| code.starts_with("PRV-")));
}

/// For every choice of categories that a report can have: security always, the others or not.
#[test]
fn invariant_01_the_criteria_in_scope_are_those_of_the_categories_chosen() {
    let catalogue = Catalogue::built_in();
    let own = [(Category::Availability, 3), (Category::Confidentiality, 2)];
    let own = [own, [(Category::ProcessingIntegrity, 5), (Category::Privacy, 18)]].concat();
    for choice in 0..1_u8 << own.len() {
        let mut chosen = vec![Category::Security];
        let mut expected = 33;
        for (place, (category, criteria)) in own.iter().enumerate() {
            if choice & (1 << place) != 0 {
                chosen.push(*category);
                expected += criteria;
            }
        }
        let scope = categories(&chosen);
        let ids: std::collections::BTreeSet<_> =
            catalogue.criteria_in(scope).map(|row| row.id).collect();
        assert_eq!(ids.len(), expected, "{chosen:?}");
        assert_eq!(catalogue.criteria_in(scope).count(), expected, "none is listed twice");
    }
}

#[test]
fn every_control_speaks_of_its_criteria_and_of_few_others() {
    let catalogue = Catalogue::built_in();
    let (mut elsewhere, mut silent_elsewhere) = (0_u32, 0_u32);
    for control in catalogue.controls() {
        for row in catalogue.criteria() {
            let spoken = row.is_spoken_of(&control.statement);
            if control.criteria.contains(&row.id) {
                assert!(spoken, "{} does not speak of {}", control.code, row.id);
            } else {
                elsewhere += 1;
                silent_elsewhere += u32::from(!spoken);
            }
        }
    }
    // The words tell criteria apart: a mapping drawn at random would be noticed 19 times in 20.
    assert!(silent_elsewhere * 20 > elsewhere * 19, "{silent_elsewhere} of {elsewhere}");
}

#[test]
fn a_word_counts_only_from_its_beginning() {
    let row = |id: &str| Catalogue::built_in().criterion(id.parse().unwrap());
    assert!(row("CC7.2").is_spoken_of("Sign-ins are LOGGED."));
    assert!(!row("CC7.2").is_spoken_of("A catalog is kept."));
    assert!(row("C1.1").is_spoken_of("Customer, data"));
    assert!(!row("CC6.2").is_spoken_of("Visitors are escorted."));
}

#[test]
fn rows_are_found_by_code() {
    let catalogue = Catalogue::built_in();
    let control = catalogue.control("CHG-02").unwrap();
    assert_eq!(control.code.prefix(), "CHG");
    assert_eq!(control.domain, "Changes");
    assert_eq!(control.frequency, Frequency::PerEvent);
    assert!(catalogue.control("CHG-99").is_none());
    assert_eq!(catalogue.request("R-024").unwrap().kind, RequestKind::Population);
    let cc8: CriterionId = "CC8.1".parse().unwrap();
    assert_eq!(catalogue.series_title(cc8.series()), "Changes");
}

#[test]
fn a_file_with_a_wrong_reference_is_refused_naming_the_row() {
    assert!(
        refusal("controls", "[\"CC1.1\", \"CC1.5\"]", "[\"CC8.2\"]")
            .contains("Did you mean CC8.1?")
    );
    assert_eq!(
        refusal("requests", "[\"CC2.1\", \"CC6.1\"]", "[\"C1.3\"]"),
        "catalog/requests.toml: R-005: There is no criterion “C1.3”. Did you mean C1.2 or C1.1?"
    );
    assert_eq!(
        refusal("requests", "criteria = \"all\"", "criteria = \"every\""),
        "catalog/requests.toml: R-001: criteria is \"all\" or a list, not \"every\""
    );
    assert_eq!(
        refusal("requests", "\"R-002\"", "\"R-003\""),
        "catalog/requests.toml: R-003 stands where R-002 should"
    );
    assert_eq!(
        refusal("controls", "\"GOV-02\"", "\"GOV-01\""),
        "catalog/controls.toml: GOV-01 stands twice"
    );
    assert_eq!(
        refusal("controls", "\"GOV-02\"", "\"HR-02\""),
        "catalog/controls.toml: HR-02 must be written GOV-NN"
    );
    assert_eq!(
        refusal("controls", "owner_role = \"Corporate Secretary\"", "owner_role = \"Secretary\""),
        "catalog/controls.toml: GOV-04: Secretary is not among owner_roles"
    );
    // PRV-01 is the only control of P1.1.
    assert_eq!(
        refusal("controls", "[\"P1.1\"]", "[\"P2.1\"]"),
        "catalog/controls.toml: no control serves criterion P1.1"
    );
}

#[test]
fn criteria_cannot_be_added_lost_or_moved() {
    assert!(
        refusal("criteria", "id = \"CC8.1\"", "id = \"CC8.2\"").contains("Did you mean CC8.1?")
    );
    assert_eq!(
        refusal("criteria", "id = \"C1.2\"", "id = \"C1.1\""),
        "catalog/criteria.toml: series C1 must hold its 2 criteria, each once and in order"
    );
    assert!(refusal("criteria", "id = \"PI1\"", "id = \"PP1\"").contains("PI1"));
    assert_eq!(
        refusal("criteria", "coso = 13", "coso = 18"),
        "catalog/criteria.toml: CC2.1: COSO principles are numbered 1 to 17"
    );
    assert!(refusal("criteria", "coso = 13", "cosa = 13").contains("unknown field"));
    assert!(refusal("description", "id = \"DC9\"", "id = \"DC10\"").contains("DC1 to DC9"));
}
