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

        materiality(&mut w, &criterion);
        limits(&mut w);

        reviewers(&mut w, &propose);

        // Staff read, and neither state nor conclude; the organisation and other firms find nothing.
        w.sign_in(4);
        let seen = w.get(&criterion).body;
        assert!(!seen.contains(&format!("action=\"{propose}\"")));
        assert!(!w.get(&spans).body.contains(&format!("action=\"{spans}\"")));
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

/// What a quality reviewer and a peer reviewer find: everything to read, nothing to fill in; a peer who is
/// not let into this engagement finds nothing at all.
fn reviewers(w: &mut World<'_>, propose: &str) {
    let (page, spans, criterion) = (w.control(""), w.control("/spans"), w.at("/criteria/CC6.2"));
    // Who reviews the firm's quality reads the stretches, and finds no form; nor do peers.
    w.sign_in(6);
    let seen = w.get(&spans);
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.body.contains("The release notes.") && seen.body.contains("Introduced"));
    assert!(!seen.body.contains(&format!("action=\"{spans}\"")), "{}", seen.body);
    let sent = w.send(Request::post(spans.as_str()).body(Body::empty()).unwrap());
    assert!(sent.status.is_client_error());
    w.sign_in(7);
    let all = [&page, &spans, &criterion, &w.at("/criteria"), &w.at("/opinion")].map(String::clone);
    let more = [w.at("/file"), w.at("/deficiencies"), w.at("/team"), w.at("/plan")];
    let more = more.into_iter().chain([format!("/api/v1{}", w.at("")), w.control("/tested")]);
    let more: Vec<String> =
        all.into_iter().chain(more).chain([format!("/api/v1{}", w.at("/populations"))]).collect();
    for path in &more {
        assert_eq!(w.get(path).status, StatusCode::NOT_FOUND, "not assigned: {path}");
    }
    w.lets_in(7);
    for path in &more {
        let seen = w.get(path);
        assert_eq!(seen.status, StatusCode::OK, "{path}");
        for form in [spans.as_str(), &criterion, propose] {
            assert!(!seen.body.contains(&format!("action=\"{form}\"")), "{path}");
        }
    }
}

/// How material a failure is: judged on the page of its criterion, with the factors of the plan.
fn materiality(w: &mut World<'_>, criterion: &str) {
    let judge = format!("{criterion}/materiality");
    let seen = w.get(criterion).body;
    assert!(seen.contains("counts as material") && seen.contains("How users rely on it"), "{seen}");
    let bare = [("material", "yes"), ("reason", "Users <rely> on it.")];
    let refused = w.submit(criterion, &judge, &bare);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("at least one factor"), "{}", refused.body);
    assert!(
        refused.body.contains("Users &lt;rely&gt;") || refused.body.contains("Users &#60;rely")
    );
    let full = [("factors", "duration"), ("factors", "reliance")];
    let sent = w.submit(criterion, &judge, &[&full[..], &bare].concat());
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let seen = w.get(criterion).body;
    assert!(seen.contains("duration and user reliance"), "{seen}");
    assert!(seen.contains("Stated by") && seen.contains("Users &"), "{seen}");
    assert!(seen.contains("to be signed again") || seen.contains("void") || seen.contains("Void"));
    // The softer way waits for another person, who may not be the one that judged.
    let second = format!("{judge}/second");
    let softer = [("factors", "duration"), ("material", "no"), ("reason", "One day <each>.")];
    assert_eq!(w.submit(criterion, &judge, &softer).status, StatusCode::SEE_OTHER);
    let seen = w.get(criterion).body;
    assert!(seen.contains("recorded. The failure counts as material until"), "{seen}");
    assert!(seen.contains("The failure counts as material."), "{seen}");
    let why = [("reason", "I <read> them too.")];
    let own = w.submit(criterion, &second, &why);
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.body.contains("Another person has to sign"), "{}", own.body);
    assert!(own.body.contains("I &lt;read&gt;") || own.body.contains("I &#60;read&#62;"));
    w.sign_in(4);
    let seen = w.get(criterion).body;
    assert!(seen.contains("until another person has signed") && !seen.contains(&second), "{seen}");
    w.sign_in(3);
    assert_eq!(w.submit(criterion, &second, &why).status, StatusCode::SEE_OTHER);
    let seen = w.get(criterion).body;
    assert!(seen.contains("counts as not material") && seen.contains("Second signature"), "{seen}");
    assert!(!seen.contains(&format!("action=\"{second}\"")), "nothing is left to sign");
    w.sign_in(2);
}

/// A limit on the scope: stated, shown again where it is refused, signed by another person on the page.
fn limits(w: &mut World<'_>) {
    let (page, second) = (w.at("/matters"), w.at("/matters/second"));
    let seen = w.get(&page).body;
    assert!(seen.contains("No limit on the scope is stated"), "{seen}");
    let stated = [
        ("do", "limit"),
        ("what", "Logs of <March> were lost"),
        ("cause", "beyond_control"),
        ("prongs", "operation"),
        ("not_material", "on"),
        ("reason", "Found in fieldwork."),
    ];
    let refused = w.submit_as(&page, &page, "limit", &stated);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Logs of &lt;March&gt;") || refused.body.contains("&#60;March"));
    let full = [&stated[..], &[("material_reason", "Three days of ninety.")]].concat();
    assert_eq!(w.submit_as(&page, &page, "limit", &full).status, StatusCode::SEE_OTHER);
    let seen = w.get(&page).body;
    assert!(seen.contains("Counts until a second person has signed"), "{seen}");
    assert!(!seen.contains(&format!("action=\"{second}\"")), "not for who judged it");
    w.sign_in(3);
    let why = [("reason", "I read them too.")];
    assert_eq!(w.submit(&page, &second, &why).status, StatusCode::SEE_OTHER);
    let seen = w.get(&page).body;
    assert!(seen.contains("Not material") && seen.contains("I read them too."), "{seen}");
    // Its row opens its form with what is stated.
    let open = w.get(&format!("{page}?limit=0")).body;
    assert!(open.contains("Take it back") && open.contains("Three days of ninety."), "{open}");
    w.sign_in(2);
    let back = [&full[..], &[("withdrawn", "on"), ("which", "0")]].concat();
    let sent = w.submit_as(&format!("{page}?limit=0"), &page, "limit", &back);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert!(w.get(&page).body.contains("No limit on the scope is stated"));
}

impl World<'_> {
    /// Fills in the form of a page that does `what`.
    fn submit_as(&self, from: &str, action: &str, what: &str, pairs: &[(&str, &str)]) -> Seen {
        let page = self.get(from).body;
        let does = format!("name=\"do\" value=\"{what}\"");
        let mut forms = page.split("<form").filter(|f| f.contains(&does));
        let form = format!("<form{}", forms.next().unwrap());
        let hidden = hidden(&form, action);
        let pairs = pairs.iter().map(|(n, v)| (*n, *v));
        let hidden = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        let all: Vec<(&str, &str)> =
            hidden.filter(|(n, _)| !["do", "which"].contains(n)).chain(pairs).collect();
        self.send(Request::post(action).body(Body::from(encoded(&all))).unwrap())
    }

    /// Lets a peer reviewer of the firm read the engagement's file this month.
    fn lets_in(&self, n: u128) {
        let (mut env, engagement) = (self.edge.env(), self.engagement);
        let today = firm::rules::day(env.now());
        let assignment = firm::model::Assignment {
            role: Role::PeerReviewer,
            from: today,
            until: today.checked_add(jiff::Span::new().days(30)).ok(),
        };
        self.t
            .db
            .write_blocking(move |tx| {
                let person = PersonId::new(Timestamp(0), n);
                let event = firm::events::MemberAssigned {
                    engagement,
                    person,
                    assignment: assignment.clone(),
                };
                let events: Vec<firm::events::FirmEvent> = vec![event.into()];
                let origin = platform::journal::Origin::by(&who(3), party(2));
                let file = examination::model::File { engagement, firm: party(2) };
                let subject = firm::store::subject(file, &format!("team/{person}"));
                let any = platform::journal::Expected::Any;
                platform::journal::record(tx, &mut env, &origin, &subject, any, events)?;
                Ok(())
            })
            .unwrap();
    }
}
