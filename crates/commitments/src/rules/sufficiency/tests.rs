//! A whole graph without a gap, and each gap made in it on its own.

use super::*;
use kernel::period::parse_date;

fn date(text: &str) -> Date {
    parse_date(text).unwrap()
}

fn criterion(id: &str) -> CriterionId {
    id.parse().unwrap()
}

/// A graph that can be changed: two commitments, their requirements, controls and results.
struct Made {
    categories: Vec<Category>,
    period: Period,
    commitments: Vec<CommitmentNode<'static>>,
    requirements: Vec<RequirementNode<'static>>,
    controls: Vec<ControlNode<'static>>,
    results: Vec<ResultNode<'static>>,
}

impl Made {
    fn whole() -> Self {
        let leaked = |list: &[&str]| -> &'static [CriterionId] {
            list.iter().map(|id| criterion(id)).collect::<Vec<_>>().leak()
        };
        let commitment = |id, category, measured| CommitmentNode {
            id,
            category,
            principal: true,
            measured,
            not_needed: &[],
            effective_from: None,
            effective_to: None,
        };
        let requirement =
            |id, kind, commitments, controls| RequirementNode { id, kind, commitments, controls };
        let control = |id, criteria| ControlNode { id, active: true, criteria, treats_risk: false };
        let month = |from, to| ResultNode { commitment: "C-A", from: date(from), to: date(to) };
        Self {
            categories: vec![Category::Security, Category::Availability],
            period: Period::parse("2026-01-15", "2026-03-31", "Europe/Berlin").unwrap(),
            commitments: vec![
                commitment("C-S", Category::Security, Some(Measured::PerEvent)),
                commitment("C-A", Category::Availability, Some(Measured::Each(Cycle::Month))),
            ],
            requirements: vec![
                requirement("R1", RequirementKind::People, &["C-S", "C-A"], &["K1"]),
                requirement("R2", RequirementKind::Process, &["C-S", "C-A"], &["K2", "K9"]),
                requirement("R3", RequirementKind::Technology, &["C-S"], &["K1"]),
                requirement("R4", RequirementKind::Technology, &["C-A"], &["K3"]),
            ],
            controls: vec![
                control("K1", leaked(&["CC6.1"])),
                control("K2", leaked(&["CC7.4", "A1.2"])),
                control("K3", leaked(&["A1.1"])),
                ControlNode { active: false, ..control("K9", &[]) },
            ],
            results: vec![
                month("2026-01-15", "2026-01-31"),
                month("2026-02-01", "2026-02-28"),
                month("2026-03-01", "2026-03-31"),
            ],
        }
    }

    fn gaps(&self) -> Vec<Gap> {
        gaps(&Graph {
            categories: Categories::new(self.categories.clone()).unwrap(),
            period: &self.period,
            commitments: &self.commitments,
            requirements: &self.requirements,
            controls: &self.controls,
            results: &self.results,
        })
    }

    /// The gaps after a change, as check and sentence.
    fn after(change: impl FnOnce(&mut Self)) -> Vec<String> {
        let mut made = Self::whole();
        change(&mut made);
        made.gaps().iter().map(|gap| format!("{}: {gap}", gap.check())).collect()
    }
}

#[test]
fn a_whole_graph_has_no_gap() {
    assert_eq!(Made::whole().gaps(), []);
}

#[test]
fn f1_every_category_in_scope_has_a_principal_commitment() {
    let privacy = Made::after(|made| made.categories.push(Category::Privacy));
    assert_eq!(privacy.len(), 1);
    assert!(privacy[0].starts_with("F1: Privacy is in scope"), "{}", privacy[0]);
    // A commitment that is not principal does not speak for its category.
    let minor = Made::after(|made| made.commitments[1].principal = false);
    assert_eq!(minor.len(), 1);
    assert!(minor[0].starts_with("F1: Availability"), "{}", minor[0]);
}

#[test]
fn f2_requirements_cover_people_process_and_technology() {
    let none = Made::after(|made| {
        made.requirements.retain(|r| !r.commitments.contains(&"C-A"));
        made.requirements.push(RequirementNode {
            id: "R9",
            kind: RequirementKind::People,
            commitments: &["C-S"],
            controls: &["K2", "K3"],
        });
    });
    assert!(
        none.contains(&"F2: The principal commitment C-A has no system requirement.".to_owned())
    );
    let people = Made::after(|made| made.requirements[0].commitments = &["C-S"]);
    assert_eq!(
        people,
        ["F2: The requirements of C-A do not cover people; add one, or record why none is needed."]
    );
    let reason = Made::after(|made| {
        made.requirements[0].commitments = &["C-S"];
        made.commitments[1].not_needed = &[RequirementKind::People];
    });
    assert_eq!(reason, [] as [&str; 0]);
}

#[test]
fn f3_every_requirement_has_an_active_control() {
    let inactive = Made::after(|made| made.requirements[1].controls = &["K9"]);
    assert!(inactive.contains(&"F3: The requirement R2 has no active control.".to_owned()));
    let unknown = Made::after(|made| made.requirements[2].controls = &["K7"]);
    assert_eq!(
        unknown,
        [
            "F3: The requirement R3 has no active control.",
            "link: A link leads from R3 to K7, which does not exist.",
        ]
    );
}

#[test]
fn f4_controls_answer_a_fitting_criterion_in_scope() {
    const A1_1: &[&str] = &["A1.1"];
    let criteria = |list: &[&str]| -> &'static [CriterionId] {
        list.iter().map(|id| criterion(id)).collect::<Vec<_>>().leak()
    };
    let with = |control: usize, list: &[&str]| {
        Made::after(|made| made.controls[control].criteria = criteria(list))
    };
    assert_eq!(with(2, A1_1), [] as [&str; 0]);
    // The common criteria serve every category; another category's criteria do not.
    assert_eq!(with(2, &["CC7.4"]), [] as [&str; 0]);
    let privacy = with(2, &["P6.6"]);
    assert_eq!(privacy.len(), 1);
    assert!(privacy[0].starts_with("F4: The control K3 serves the Availability commitment C-A"));
    assert_eq!(with(2, &[]).len(), 1);
    // K1 serves both; a criterion of availability fits one of them.
    let one = with(0, A1_1);
    assert_eq!(one.len(), 1);
    assert!(one[0].contains("Security commitment C-S"), "{}", one[0]);
    // A1.1 is not in scope once availability is not.
    let out = Made::after(|made| {
        made.categories = vec![Category::Security];
    });
    assert_eq!(out.len(), 1);
    assert!(out[0].starts_with("F4: The control K3"), "{}", out[0]);
}

#[test]
fn f5_every_window_has_its_own_result() {
    let missing = Made::after(|made| {
        made.results.remove(1);
    });
    assert_eq!(missing, ["F5: The commitment C-A has no result for 2026-02-01 to 2026-02-28."]);
    // All of January speaks for the part of it that lies in the period; all three months together
    // speak for none of them.
    let january = Made::after(|made| made.results[0].from = date("2026-01-01"));
    assert_eq!(january, [] as [&str; 0]);
    let pooled = Made::after(|made| {
        made.results = vec![ResultNode {
            commitment: "C-A",
            from: date("2026-01-01"),
            to: date("2026-03-31"),
        }];
    });
    assert_eq!(pooled.len(), 3);
    let part = Made::after(|made| made.results[2].to = date("2026-03-30"));
    assert_eq!(part, ["F5: The commitment C-A has no result for 2026-03-01 to 2026-03-31."]);
    // A commitment that holds from February needs none for January.
    let later = Made::after(|made| {
        made.results.remove(0);
        made.commitments[1].effective_from = Some(date("2026-02-01"));
    });
    assert_eq!(later, [] as [&str; 0]);
    let over = Made::after(|made| {
        made.results.clear();
        made.commitments[1].effective_to = Some(date("2025-12-31"));
    });
    assert_eq!(over, [] as [&str; 0]);
    let throughout = Made::after(|made| {
        made.commitments[1].measured = Some(Measured::Throughout);
    });
    assert_eq!(throughout, ["F5: The commitment C-A has no result for 2026-01-15 to 2026-03-31."]);
    let quarter = Made::after(|made| {
        made.commitments[1].measured = Some(Measured::Each(Cycle::Quarter));
        made.results[0].to = date("2026-03-31");
    });
    assert_eq!(quarter, [] as [&str; 0]);
}

#[test]
fn f12_controls_serve_a_commitment_or_a_risk() {
    let orphan = |treats_risk, active| {
        Made::after(|made| {
            made.controls.push(ControlNode { id: "K4", active, criteria: &[], treats_risk });
        })
    };
    assert_eq!(
        orphan(false, true),
        ["F12: The control K4 serves no commitment and treats no risk; map it or drop it."]
    );
    assert_eq!(orphan(true, true), [] as [&str; 0]);
    assert_eq!(orphan(false, false), [] as [&str; 0]);
    // A requirement of a commitment that is not there serves nothing.
    let astray = Made::after(|made| {
        made.requirements[3].commitments = &["C-X"];
    });
    assert!(astray.iter().any(|gap| gap.starts_with("F12: The control K3")), "{astray:?}");
    assert!(astray.iter().any(|gap| gap.starts_with("link: A link leads from R4 to C-X")));
}

#[test]
fn gaps_are_told_as_data() {
    let mut made = Made::whole();
    made.results.remove(1);
    let json = serde_json::to_string(&made.gaps()).unwrap();
    assert_eq!(
        json,
        r#"[{"kind":"window_without_result","commitment":"C-A","from":"2026-02-01","to":"2026-02-28"}]"#
    );
}
