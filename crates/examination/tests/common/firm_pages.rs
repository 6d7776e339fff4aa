//! The firm, its team and its plan as pages.

use super::*;

#[test]
fn a_manager_drafts_a_partner_approves_and_the_client_finds_nothing() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        assert!(w.get("/firm").body.contains("no policy waits"));
        let draft = "/firm/policies/new/pervasiveness";
        let texts = |share: &'static str| {
            [
                ("label", "2026-1"),
                ("effective-from", "2099-01-01"),
                ("categories", "2"),
                ("series", "3"),
                ("share", share),
                ("entity-level", "CC1, CC3"),
                ("reason", "As before."),
            ]
        };
        let refused = w.submit(draft, draft, &texts("0"));
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("above 0%"), "{}", refused.body);
        let sent = w.submit(draft, draft, &texts("25"));
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let page = w.get("/firm").body;
        let policy = page.split("/firm/policies/fpo_").nth(1).unwrap();
        let policy = format!("/firm/policies/fpo_{}", policy.split('"').next().unwrap());
        assert!(!w.get(&policy).body.contains("<form method=\"post\" action=\"/firm/policies"));
        w.sign_in(3);
        let approved = w.submit(&policy, &policy, &[("note", "")]);
        assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.body);
        assert!(w.get(&policy).body.contains("applies later"));
        for kind in ["sampling", "materiality", "expansion", "rubric"] {
            let page = w.get(&format!("/firm/policies/new/{kind}"));
            assert_eq!(page.status, StatusCode::OK, "{kind}");
        }

        // The organisation learns of nothing, nor does another firm of this one's.
        w.sign_in(1);
        for path in ["/firm", "/firm/policies/new/rubric", &policy, "/examination"] {
            assert_eq!(w.get(path).status, StatusCode::NOT_FOUND, "{path}");
        }
        for rest in ["/team", "/plan", "/plan/tests", "/plan/risks"] {
            assert_eq!(w.get(&w.at(rest)).status, StatusCode::NOT_FOUND, "{rest}");
        }
        w.sign_in(5);
        assert_eq!(w.get(&policy).status, StatusCode::NOT_FOUND);
        assert_eq!(w.get(&w.at("/team")).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn the_team_page_assesses_and_decides_and_says_what_stands_against_it() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        let (page, prepare) = (w.at("/team"), w.at("/team/prepare"));
        assert!(w.get(&page).body.contains("Nobody is on the team yet"));
        let texts = [
            ("kind", "continuance"),
            ("met-independence", "yes"),
            ("basis-independence", "Confirmed."),
            ("met-subject_matter", "yes"),
            ("basis-subject_matter", "A platform."),
            ("met-criteria", "yes"),
            ("basis-criteria", "Published."),
            ("met-evidence", "no"),
            ("met-written_report", "yes"),
            ("basis-written_report", "Agreed."),
            ("met-competence", "yes"),
            ("basis-competence", "They know it."),
            ("integrity", "Nothing adverse."),
        ];
        let sent = w.submit(&page, &prepare, &texts);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let seen = w.get(&page).body;
        assert!(seen.contains("The precondition “evidence” is not met."), "{seen}");
        assert!(seen.contains("The team has no partner."));
        w.sign_in(3);
        let decide = w.at("/team/decide");
        let texts = [("decision", "accept"), ("reason", "Go.")];
        let refused = w.submit(&page, &decide, &texts);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("cannot be accepted yet"), "{}", refused.body);
        let sent = w.submit(
            &page,
            &w.at("/team/service"),
            &[
                ("description", "Runs the change board"),
                ("from", "2025-03-01"),
                ("activities", "operate_controls"),
                ("overseen_by", "The head of IT"),
            ],
        );
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        assert!(w.get(&page).body.contains("No safeguard makes that compatible"));
    });
}

/// Whole series are assessed alike.
fn series_alike(w: &World<'_>) {
    // A box stands for the criteria that it names, and for no others.
    let all = w.at("/plan/risks");
    let page = w.get(&all).body;
    let rest = "operation-CC6:CC6.1+CC6.3+CC6.4+CC6.5+CC6.6+CC6.7+CC6.8";
    assert!(page.contains(&format!("value=\"{rest}\"")), "{page}");
    let typed = |which: &'static str| {
        [("which", which), ("inherent", "low"), ("control-risk", "low"), ("basis", "Usual.")]
    };
    for which in ["", "operation-CC6:CC6.1", "operation-CC6"] {
        let refused = w.submit(&all, &all, &typed(which));
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{which}");
        assert!(refused.body.contains("Usual."), "what was typed comes back");
    }
    assert_eq!(w.submit(&all, &all, &typed(rest)).status, StatusCode::SEE_OTHER);
    let page = w.get(&all).body;
    assert!(!page.contains("operation-CC6:") && page.contains("design-CC6:"), "{page}");
}

#[test]
fn a_proposed_test_is_accepted_as_it_is_or_edited_and_the_overview_counts_what_waits() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        let overview = w.get("/examination").body;
        assert!(overview.contains("One control in scope has no planned test"), "{overview}");
        let only = w.get("/examination?for=client").body;
        assert!(!only.contains("One control in scope has no planned test"));
        assert!(w.get(&w.at("/plan/tests")).body.contains("IAM-05"));
        let accept = w.at(&format!("/plan/tests/{}", w.control));
        let edited = |procedure: &'static str, size: &'static str| {
            [
                ("code", "T-IAM-05-1"),
                ("procedure", procedure),
                ("basis", "judgemental"),
                ("size", size),
                ("evidence", "records"),
                ("items", "leavers"),
                ("attributes", "access ended in time"),
            ]
        };
        let refused = w.submit(&accept, &accept, &edited("inquiry", "40"));
        assert!(refused.body.contains("Inquiry alone is never sufficient"), "{}", refused.body);
        let refused = w.submit(&accept, &accept, &edited("inspection", "3"));
        assert!(refused.body.contains("asks for"), "{}", refused.body);
        let sent = w.submit(&accept, &accept, &[("as", "proposed")]);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let page = w.get(&w.at("/plan/tests")).body;
        assert!(
            page.contains("T-IAM-05-1") && page.contains("Nothing is left to propose"),
            "{page}"
        );

        let risks = w.at("/plan/risks?about=operation-CC6.2");
        let sent = w.submit(
            &risks,
            &risks,
            &[
                ("inherent", "high"),
                ("control-risk", "normal"),
                ("basis", "Leavers are handled by hand."),
            ],
        );
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        assert!(w.get(&w.at("/plan/risks")).body.contains("one is high"));
        assert_eq!(w.get(&w.at("/plan/risks?about=operation-A1.1")).status, StatusCode::NOT_FOUND);

        series_alike(&w);

        let plan = w.at("/plan");
        for (act, texts) in [
            ("understanding", vec![("services", "Payroll.")]),
            ("materiality", vec![("duration", "Weeks."), ("conclusion", "Late pay.")]),
            ("timeline", vec![("report_dated", "2026-02-20")]),
            ("budget", vec![("hours-CC6", "12")]),
            (
                "time",
                vec![("on", "2026-01-01"), ("area", "CC6"), ("minutes", "90"), ("note", "Leavers")],
            ),
        ] {
            let sent = w.submit(&plan, &w.at(&format!("/plan/{act}")), &texts);
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{act}: {}", sent.body);
        }
        let seen = w.get(&plan).body;
        for words in ["Payroll.", "Late pay.", "20 February 2026", "1.5"] {
            assert!(seen.contains(words), "{words} in {seen}");
        }
        // Who stated what, and when, with a proof for each entry and for no other. On a server the
        // sequencer runs beside the requests.
        w.t.sequence();
        let seen = w.get(&plan).body;
        for words in ["stated the understanding of the system", "considered materiality"] {
            assert!(seen.contains(words), "{words} in {seen}");
        }
        let proofs = w.at("/plan/proofs/");
        let found: Vec<&str> = seen
            .split(&format!("href=\"{proofs}"))
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        assert_eq!(found.len(), 2, "{seen}");
        for event in &found {
            let proof = w.get(&format!("{proofs}{event}"));
            assert_eq!(proof.status, StatusCode::OK, "{}", proof.body);
            assert!(proof.body.starts_with("c2sp.org/tlog-proof"), "{}", proof.body);
        }
        let other = w.get(&format!("{proofs}evt_01KE7H0000ZZZZZZZZZZZZZZZZ"));
        assert_eq!(other.status, StatusCode::NOT_FOUND);
        w.sign_in(1);
        assert_eq!(w.get(&format!("{proofs}{}", found[0])).status, StatusCode::NOT_FOUND);
        w.sign_in(2);

        let time = seen.split("value=\"tim_").nth(1).unwrap().split('"').next().unwrap();
        let time = format!("tim_{time}");
        let sent =
            w.submit(&plan, &w.at("/plan/withdraw"), &[("time", &time), ("reason", "Twice.")]);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        assert!(!w.get(&plan).body.contains(&time));
    });
}
