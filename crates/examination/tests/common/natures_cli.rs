//! Deviations whose nature is softer than the markers propose, at the command line.

use super::*;

#[test]
fn a_softer_nature_needs_its_reason_and_a_second_person_at_the_command_line_too() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        w.plan("T-1", "census");
        let test = w.run(&["results"]).unwrap();
        assert!(test.text.contains("T-1"));
        w.census(planned(t, w.engagement));
        // One row deviates, and one cannot be examined: two of eight together.
        let judged = ["judge", "--test", "T-1", "--outcome", "unmatched", "--row", "W-8"];
        let judged = [&judged[..], &["--decision", "undetermined", "--reason", "No record."]];
        w.run(&judged.concat()).unwrap();
        let words = |reason: &'static str| {
            [
                "deviation",
                "--test",
                "T-1",
                "--facts",
                "Open for 30 hours.",
                "--cause",
                "Forgotten.",
                "--nature",
                "isolated",
                "--nature-reason",
                reason,
            ]
        };
        let recorded = w.run(&words("Two people on one day, and never again.")).unwrap();
        assert_eq!(recorded.json["awaits_second"], true);
        assert!(recorded.text.contains("second person"), "{}", recorded.text);
        let both = "1 were seen to deviate and 1 could not be examined";
        assert!(recorded.text.contains(both), "{}", recorded.text);
        let id = recorded.json["deviation"].as_str().unwrap().to_owned();
        let second = ["second-nature", "--deviation", &id, "--reason", "Agreed."];
        assert!(w.run(&second).unwrap_err().contains("--as"));
        let signed = w.run(&[&second[..], &["--as", SIGNER]].concat()).unwrap();
        assert_eq!(signed.json["deviation"].as_str().unwrap(), id);
        let again = w.run(&[&second[..], &["--as", SIGNER]].concat()).unwrap_err();
        assert!(again.contains("needs no second signature"), "{again}");
    });
}

/// The test that was planned.
fn planned(t: &TestDb, engagement: EngagementId) -> TestId {
    let papers =
        move |c: &mut platform::db::Conn<'_>| examination::store::Papers::load(c, engagement);
    t.db.read_blocking(papers).unwrap().tests[0].id
}
