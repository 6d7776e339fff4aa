//! The conclusion on a control that changed, and on a criterion, as the firm meets them.

use super::*;

#[test]
fn a_control_is_concluded_on_each_stretch_and_its_criterion_says_what_could_make_up_for_it() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        let (page, spans) = (w.control(""), w.control("/spans"));
        assert!(w.get(&page).body.contains(&format!("href=\"{spans}\"")));
        let wrong = [
            ("first", "Not there yet"),
            ("changes", "2026-04-01 Introduced"),
            ("reason", "The release notes."),
        ];
        let refused = w.submit(&spans, &spans, &wrong);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("not inside the period"), "{}", refused.body);
        assert!(refused.body.contains("2026-04-01 Introduced"), "what was typed is kept");
        let nothing = [("first", "x"), ("changes", ""), ("reason", "None.")];
        let refused = w.submit(&spans, &spans, &nothing);
        assert!(refused.body.contains("Give at least one day"), "{}", refused.body);
        let good = [
            ("first", "Not there <yet>"),
            ("changes", "2025-04-01 Introduced"),
            ("reason", "The release notes."),
        ];
        let sent = w.submit(&spans, &spans, &good);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let seen = w.get(&page).body;
        for words in
            ["Stretches of the period", "Not there &lt;yet&gt;", "31 March 2025", "No test speaks"]
        {
            assert!(
                seen.contains(words) || seen.contains("Not there &#60;yet&#62;"),
                "{words} in {seen}"
            );
        }
        let conclude = w.control("/conclude");
        let second = |operation: &'static str| {
            [
                ("design-0", "not_implemented"),
                ("operation-0", "ineffective"),
                ("reason-0", "It did not exist."),
                ("design-1", "suitable"),
                ("operation-1", operation),
                ("reason-1", "Looked at in May."),
                ("reason", "Introduced in April."),
            ]
        };
        let refused = w.submit(&page, &conclude, &second("effective"));
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("no evidence yet"), "{}", refused.body);
        assert!(refused.body.contains("Looked at in May."), "what was typed is kept");
        let sent = w.submit(&page, &conclude, &second("unable"));
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let seen = w.get(&page).body;
        assert!(seen.contains("Not in place; Not effective"), "{seen}");
        assert!(seen.contains("Suitably designed; Could not be determined"), "{seen}");

        let criterion = w.at("/criteria/CC6.2");
        let seen = w.get(&criterion).body;
        assert!(seen.contains("2 failures"), "{seen}");
        assert!(seen.contains("No other control is mapped"), "{seen}");
        let propose = format!("{criterion}/compensation");
        let texts = |code: &'static str| {
            [("controls", code), ("accepted", "yes"), ("reason", "It would have been caught.")]
        };
        let refused = w.submit(&criterion, &propose, &texts("NONE-1"));
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("No control in force is called NONE-1"));
        assert!(refused.body.contains("It would have been caught."), "what was typed is kept");
        let sent = w.submit(&criterion, &propose, &texts("IAM-05"));
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let seen = w.get(&criterion).body;
        assert!(seen.contains("Not admissible: it is the control that failed"), "{seen}");
        let texts = [("design", "not_met"), ("operation", "not_met"), ("reason", "A gap.")];
        let sent = w.submit(&criterion, &criterion, &texts);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        assert!(w.get(&criterion).body.contains("A gap."));
        assert_eq!(w.get(&w.at("/criteria/P1.1")).status, StatusCode::NOT_FOUND);

        // Staff read, and neither state nor conclude; the organisation and other firms find nothing.
        w.sign_in(4);
        let seen = w.get(&criterion).body;
        assert!(!seen.contains(&format!("action=\"{propose}\"")));
        assert!(!w.get(&page).body.contains(&format!("href=\"{spans}\"")));
        for n in [1, 5] {
            w.sign_in(n);
            for path in [&page, &spans, &criterion] {
                assert_eq!(w.get(path).status, StatusCode::NOT_FOUND, "{path}");
            }
            for path in [&spans, &criterion, &propose] {
                let sent = w.send(Request::post(path.as_str()).body(Body::empty()).unwrap());
                assert!(sent.status.is_client_error(), "{path}");
            }
        }
    });
}
