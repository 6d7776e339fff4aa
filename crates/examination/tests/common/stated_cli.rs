//! Stretches, compensation and materiality at the command line, and a peer reviewer whose time is over.

use super::*;
use examination::firm::model::Assignment;
use examination::firm::permits::KeepTeam;

#[test]
fn stretches_are_stated_and_read_at_the_command_line() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        w.plan("T-1", "census");
        w.plan("T-2", "census");
        let none = w.run(&["spans", "--control", "IAM-05"]).unwrap();
        assert!(none.text.contains("the same all through"), "{}", none.text);
        let state = |change: &str, test: &str, extra: &[&str]| {
            let words = ["spans", "--control", "IAM-05", "--first", "By hand", "--change", change];
            w.run(&[&words[..], &["--test", test], extra].concat())
        };
        let reason = ["--reason", "The change ticket."];
        assert!(state("2025-04-01 By the system", "T-1@2025-01-01", &[]).is_err(), "a reason");
        for (change, test, why) in [
            ("2026-04-01 Later", "T-1@2025-01-01", "not inside the period"),
            ("soon", "T-1@2025-01-01", "date"),
            ("2025-04-01 By the system", "T-1", "names no day"),
            ("2025-04-01 By the system", "T-9@2025-01-01", "No test is called T-9"),
            ("2025-04-01 By the system", "T-1@2026-01-01", "in no stretch"),
        ] {
            let refused = state(change, test, &reason).unwrap_err();
            assert!(refused.contains(why), "{change} {test}: {refused}");
        }
        let more = ["--test", "T-2@2025-12-31", "--reason", "The change ticket."];
        let stated = state("2025-04-01 By the system", "T-1@2025-03-31", &more).unwrap();
        let lines: Vec<&str> = stated.text.lines().collect();
        assert_eq!(
            lines[1..],
            [
                "2025-01-01 to 2025-03-31 | By hand | T-1",
                "2025-04-01 to 2025-12-31 | By the system | T-2"
            ]
        );
        assert_eq!(stated.json["spans"].as_array().unwrap().len(), 2);
        assert_eq!(w.run(&["spans", "--control", "IAM-05"]).unwrap().text, stated.text);
        let back =
            w.run(&["spans", "--control", "IAM-05", "--unchanged", "--reason", "A mistake."]);
        assert!(back.unwrap().text.contains("the same all through"));
        assert!(w.run(&["spans", "--control", "NONE-1"]).unwrap_err().contains("NONE-1"));
    });
}

#[test]
fn compensation_and_materiality_are_stated_and_weighed_at_the_command_line() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let failed = [
            "conclude",
            "--as",
            SIGNER,
            "--control",
            "IAM-05",
            "--design",
            "deficient",
            "--operation",
            "ineffective",
            "--reason",
            "It asks nobody.",
        ];
        let of = ["--criterion", "CC6.2"];
        let before = w.run(&[&["compensation"][..], &of].concat()).unwrap();
        assert!(before.text.contains("No control mapped to CC6.2 failed"), "{}", before.text);
        w.plan("T-1", "census");
        w.census(w.test(t));
        let judged = ["judge", "--test", "T-1", "--outcome", "unmatched", "--decision"];
        let judged = [&judged[..], &["undetermined", "--reason", "No record."]].concat();
        w.run(&judged).unwrap();
        let found = [
            "deviation",
            "--test",
            "T-1",
            "--facts",
            "Open for 30 hours.",
            "--cause",
            "It asks nobody.",
        ];
        w.run(&[&found[..], &["--nature", "systematic"]].concat()).unwrap();
        w.capture_relied_on(t);
        w.run(&failed).unwrap();
        let failed = w.run(&[&["compensation"][..], &of].concat()).unwrap();
        assert!(failed.no && failed.text.contains("not made up for"), "{}", failed.text);
        let propose = |control: &str, extra: &[&str]| {
            let words = ["compensation", "--criterion", "CC6.2", "--control", control];
            w.run(
                &[&words[..], &["--accepted", "--reason", "It catches the same."], extra].concat(),
            )
        };
        let nothing = propose("NONE-1", &[]).unwrap_err();
        assert!(nothing.contains("No control in force is called NONE-1"), "{nothing}");
        let own = propose("IAM-05", &["--as", SIGNER]).unwrap();
        assert!(own.no);
        assert!(own.text.contains("not admissible: it is the control that failed"), "{}", own.text);
        let back = ["compensation", "--criterion", "CC6.2", "--take-back", "--reason", "Wrong."];
        assert!(!w.run(&back).unwrap().text.contains("| proposed |"));
        let stranger = w.run(&["compensation", "--criterion", "P1.1"]).unwrap_err();
        assert!(stranger.contains("not in scope"), "{stranger}");

        let judge = |extra: &[&str]| w.run(&[&["materiality"][..], &of, extra].concat());
        assert!(judge(&["--factor", "weather", "--reason", "x"]).unwrap_err().contains("factor"));
        assert!(judge(&["--factor", "duration"]).is_err(), "a reason");
        let words = ["--factor", "duration", "--factor", "user_reliance", "--reason", "A month."];
        let weighed = judge(&words).unwrap();
        assert_eq!(weighed.json["material"], true);
        assert!(weighed.text.contains("duration and user reliance"), "{}", weighed.text);
        assert_eq!(judge(&[]).unwrap().text, weighed.text);
        // The softer way waits for a person who did not judge.
        let softer = ["--factor", "duration", "--not-material", "--reason", "A day."];
        let waits = judge(&[&softer[..], &["--as", SIGNER]].concat()).unwrap();
        assert_eq!(waits.json["material"], true);
        assert_eq!(waits.json["awaits_second"], true);
        assert!(waits.text.contains("second-materiality"), "{}", waits.text);
        let sign = |extra: &[&str]| {
            let words = ["second-materiality", "--criterion", "CC6.2", "--reason", "I agree."];
            w.run(&[&words[..], extra].concat())
        };
        assert!(sign(&[]).unwrap_err().contains("--as"));
        assert!(sign(&["--as", SIGNER]).unwrap_err().contains("judged this yourself"));
        sign(&["--as", SECOND]).unwrap();
        let cleared = judge(&[]).unwrap();
        assert_eq!(cleared.json["material"], false);
        assert_eq!(cleared.json["awaits_second"], false);
    });
}

#[test]
fn a_peer_reviewer_whose_time_is_over_reads_nothing_at_the_command_line() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        w.plan("T-1", "census");
        let (id, mut e) = (w.engagement, w.cx.env());
        let today = examination::firm::rules::day(e.now());
        t.db.write_blocking(move |tx| {
            let roles = [Role::PeerReviewer];
            let (at, mail) = (party(2), "owen@lane.example");
            let peer =
                identity::service::add_person_directly(tx, &mut e, at, mail, "Owen", &roles)?;
            let facts = scope::facts(tx, id)?;
            let keep = authorize::<KeepTeam>(&Actor::system(party(2), "setup"), &facts)?;
            let input = Assignment { role: Role::PeerReviewer, from: today, until: Some(today) };
            examination::firm::service::assign(tx, &mut e, &keep, peer, &input)
        })
        .unwrap();
        let read = || w.run(&["results", "--as", "owen@lane.example"]);
        assert!(read().unwrap().text.contains("T-1"), "the time is not over");
        let plan = ["spans", "--control", "IAM-05", "--unchanged", "--reason", "x"];
        let writes = w.run(&[&plan[..], &["--as", "owen@lane.example"]].concat());
        assert!(writes.is_err(), "a peer reviewer reads and writes nothing");
        w.edge.advance_seconds(86_400);
        let over = read().unwrap_err();
        assert!(!over.contains("T-1"), "{over}");
        for words in [
            &["spans", "--control", "IAM-05"][..],
            &["compensation", "--criterion", "CC6.2"],
            &["materiality", "--criterion", "CC6.2"],
            &["opinion"],
            &["opinion", "--facts"],
            &["check", "--test", "T-1"],
        ] {
            let refused = w.run(&[words, &["--as", "owen@lane.example"]].concat());
            assert_eq!(refused.unwrap_err(), over, "{words:?}");
        }
    });
}

impl World {
    /// The test that was planned last.
    fn test(&self, t: &TestDb) -> TestId {
        let id = self.engagement;
        let papers = move |c: &mut platform::db::Conn<'_>| examination::store::Papers::load(c, id);
        t.db.read_blocking(papers).unwrap().tests[0].id
    }
}
