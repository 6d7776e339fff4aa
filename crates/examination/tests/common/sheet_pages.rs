//! Test sheets and deviations as people of both sides meet them.

use super::{
    App, Body, ROOMS, Request, Router, StatusCode, World, answer, get, header, on_both, pages,
    post, world,
};
use examination::deviations::pages as deviations;
use examination::sheets::pages as sheets;

/// The routes of sheets, runs and deviations.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/examination/{engagement}/tests/{test}/block",
            get(pages::block_form).post(pages::block),
        )
        .route(
            "/examination/{engagement}/deviations/{deviation}",
            get(deviations::deviation).post(deviations::update),
        )
        .route("/examination/{engagement}/deviations/{deviation}/second", post(deviations::second))
        .route("/examination/{engagement}/deviations/{deviation}/statement", post(deviations::ask))
        .route("/statements", get(deviations::list))
        .route("/statements/{id}", get(deviations::statement).post(deviations::give))
        .route("/examination/legend", get(sheets::legend).post(sheets::state_legend))
        .route("/examination/{engagement}/samples/{sample}", get(sheets::sheet))
        .route("/examination/{engagement}/samples/{sample}/entries", post(sheets::entries))
        .route(
            "/examination/{engagement}/samples/{sample}/items/{position}",
            get(sheets::item).post(sheets::enter_item),
        )
        .route(
            "/examination/{engagement}/samples/{sample}/items/{position}/replace",
            post(sheets::replace_item),
        )
        .route(
            "/examination/{engagement}/samples/{sample}/paste",
            get(sheets::paste_form).post(sheets::paste),
        )
        .route(
            "/examination/{engagement}/samples/{sample}/matches",
            get(sheets::matches).post(sheets::confirm_matches),
        )
        .route("/examination/{engagement}/samples/{sample}/notes", post(sheets::raise_note))
        .route("/examination/{engagement}/samples/{sample}/prepared", post(sheets::sign_prepared))
        .route("/examination/{engagement}/samples/{sample}/reviewed", post(sheets::sign_reviewed))
        .route("/examination/{engagement}/notes/{note}/answer", post(sheets::answer_note))
        .route("/examination/{engagement}/notes/{note}/clear", post(sheets::clear_note))
        .route("/examination/{engagement}/evidence/{evidence}/shown", get(sheets::bytes))
        .route("/examination/{engagement}/evidence/{evidence}/annotations", post(sheets::annotate))
        .route("/examination/{engagement}/annotations/{annotation}/strike", post(sheets::strike))
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n not much of a picture";

#[test]
fn a_block_is_previewed_before_it_is_recorded_and_documents_are_annotated_in_place() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        let sheet = w.prepared();
        let paste = format!("{sheet}/paste");
        let wrong = w.submit(&paste, &paste, &[("block", "W-1\tP\tP\nW-9\tP\tQ")]);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("“W-9” is no item") && wrong.body.contains("“Q” is no mark"));
        let block = "W-2\tP\tN\tseen on screen\nW-1\tP\tD";
        let shown = w.submit(&paste, &paste, &[("block", block)]);
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
        assert!(shown.body.contains("2 rows would be recorded"), "{}", shown.body);
        assert!(w.get(&sheet).body.contains("2 of 2 have no result"), "a preview records nothing");
        let events: Vec<String> = shown
            .body
            .split("name=\"seen\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .map(str::to_owned)
            .into_iter()
            .collect();
        let all = [("block", block), ("record", "yes"), ("seen", events[0].as_str())];
        let sent = w.submit(&paste, &paste, &all);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        assert!(w.get(&sheet).body.contains("None of 2"));
        // The same block again, against what was seen before, changes nothing and is no conflict.
        assert_eq!(w.submit(&paste, &paste, &all).status, StatusCode::SEE_OTHER);
        // Another result against the old one is one.
        let other = [("block", "W-2\tD\tN"), ("record", "yes"), ("seen", events[0].as_str())];
        let stale = w.submit(&paste, &paste, &other);
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stale.body.contains("after you opened the sheet"), "{}", stale.body);

        let picture = w.supply("W-1.png", PNG);
        let page = w.supply("W-2.html", b"<script>alert(1)</script> W-2");
        let matches = format!("{sheet}/matches");
        let pairs = [format!("{picture}\u{1f}W-1"), format!("{page}\u{1f}W-2")];
        w.submit(&matches, &matches, &[("pair", &pairs[0]), ("pair", &pairs[1])]);
        let one = format!("{sheet}/items/1");
        let notes = w.at(&format!("/evidence/{picture}/annotations"));
        let region =
            [("page", "1"), ("x", "2500"), ("y", "100"), ("width", "500"), ("height", "40")];
        let said = [&region[..], &[("annotation", "Disabled <in time>")]].concat();
        let sent = w.submit(&one, &notes, &said);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let pane = w.get(&one).body;
        assert!(pane.contains("<rect x=\"2500\" y=\"100\" width=\"500\" height=\"40\">"), "{pane}");
        assert!(
            pane.contains("Disabled &lt;in time&gt;")
                || pane.contains("Disabled &#60;in time&#62;"),
            "{pane}"
        );
        let beyond = [&region[..4], &[("height", "9990"), ("annotation", "x")]].concat();
        assert_eq!(w.submit(&one, &notes, &beyond).status, StatusCode::UNPROCESSABLE_ENTITY);
        let shown = w.at(&format!("/evidence/{picture}/shown"));
        let answered = answer(w.router.clone(), {
            let mut request = Request::get(&shown).body(Body::empty()).unwrap();
            request.headers_mut().insert(header::COOKIE, w.cookie.parse().unwrap());
            request
        });
        assert_eq!(answered.headers[header::CONTENT_TYPE], "image/png");
        assert!(
            answered.headers[header::CONTENT_SECURITY_POLICY]
                .to_str()
                .unwrap()
                .contains("default-src 'none'")
        );
        // A page that somebody supplied is text beside the item, and is never served as what it claims.
        assert!(!w.get(&format!("{sheet}/items/2")).body.contains("<script>alert"));
        assert_eq!(w.get(&w.at(&format!("/evidence/{page}/shown"))).status, StatusCode::NOT_FOUND);
        w.sign_in(1);
        for address in [&shown, &one, &paste, &matches, &"/examination/legend".to_owned()] {
            assert_eq!(w.get(address).status, StatusCode::NOT_FOUND, "{address}");
        }
    });
}

#[test]
fn the_regions_of_a_pdf_are_outlined_page_by_page_under_the_numbers_of_their_notes() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        let sheet = w.prepared();
        let wide = w.supply("W-1.pdf", b"%PDF-1.4\n<< /Type /Page /MediaBox [0 0 400 200] >>");
        let packed = w.supply("W-2.pdf", b"%PDF-1.7\n pages in compressed objects");
        let picture = w.supply("W-1.png", PNG);
        let matches = format!("{sheet}/matches");
        let pairs = [format!("{wide}\u{1f}W-1"), format!("{packed}\u{1f}W-2")];
        w.submit(&matches, &matches, &[("pair", &pairs[0]), ("pair", &pairs[1])]);
        let one = format!("{sheet}/items/1?show={wide}");
        assert!(!w.get(&one).body.contains("class=\"outline\""), "nothing is noted yet");
        let noted = |on: &str, item: u8, page: &'static str, text: &'static str| {
            let to = w.at(&format!("/evidence/{on}/annotations"));
            let typed = [
                ("page", page),
                ("x", "2500"),
                ("y", "5000"),
                ("width", "5000"),
                ("height", "1000"),
                ("annotation", text),
            ];
            w.submit(&format!("{sheet}/items/{item}?show={on}"), &to, &typed)
        };
        for (page, text) in [("1", "Who reported it"), ("2", "The approval"), ("2", "<b>When</b>")]
        {
            let sent = noted(&wide, 1, page, text);
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        }
        let shown = w.get(&one).body;
        assert!(shown.contains("<iframe class=\"pdf\""), "{shown}");
        assert_eq!(shown.matches("viewBox=\"0 0 40000 20000\"").count(), 2, "{shown}");
        let region = "x=\"10000\" y=\"10000\" width=\"20000\" height=\"2000\"";
        assert_eq!(shown.matches(region).count(), 3, "{shown}");
        assert!(shown.contains("Outline of page 2 with 2 notes"), "{shown}");
        assert!(!shown.contains("<b>When"), "what people typed is escaped");
        for number in ["1", "2", "3"] {
            assert!(shown.contains(&format!(">{number}</text>")), "{number} in {shown}");
        }

        // A reason that is too long comes back; one that fits strikes the note out of the drawing, and the
        // others keep their numbers.
        let mut actions = shown.split("action=\"").filter_map(|a| a.split('"').next());
        let strike = actions.find(|a| a.ends_with("/strike")).unwrap().to_owned();
        let long = "Not this line. ".repeat(150);
        let again = w.submit(&one, &strike, &[("reason", &long)]);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains(long.trim_end()), "{}", again.body);
        let struck = w.submit(&one, &strike, &[("reason", "Another ticket.")]);
        assert_eq!(struck.status, StatusCode::SEE_OTHER, "{}", struck.body);
        let shown = w.get(&one).body;
        assert!(!shown.contains("Outline of page 1") && !shown.contains(">1</text>"), "{shown}");
        assert!(shown.contains(">2</text>") && shown.contains(">3</text>"), "{shown}");

        // Where the shape of the pages is not known, that is said; a picture has one page.
        assert_eq!(noted(&packed, 2, "7", "Here").status, StatusCode::SEE_OTHER);
        let shown = w.get(&format!("{sheet}/items/2?show={packed}")).body;
        assert!(shown.contains("upright page of A4") && shown.contains("Outline of page 7"));
        let beyond = noted(&picture, 1, "2", "Nowhere");
        assert_eq!(beyond.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(beyond.body.contains("A picture has one page"), "{}", beyond.body);
    });
}

#[test]
fn a_firm_extends_its_legend_and_review_notes_are_cleared_before_the_sheet_is_reviewed() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        let sheet = w.prepared();
        let legend = "/examination/legend";
        let taken = w.submit(legend, legend, &[("marks", "P | T | pass | Mine"), ("reason", "x")]);
        assert!(taken.body.contains("key P is taken"), "{}", taken.body);
        let sent = w.submit(
            legend,
            legend,
            &[("marks", "T | TT | pass | Traced to the ticket."), ("reason", "We trace tickets.")],
        );
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let entries = format!("{sheet}/entries");
        let rows = [("m.1.A", "t"), ("m.1.B", "P"), ("m.2.A", "T"), ("m.2.B", "N")];
        assert_eq!(w.submit(&sheet, &entries, &rows).status, StatusCode::SEE_OTHER);
        assert!(w.get(&sheet).body.contains("value=\"T\""));
        let other = w.submit(
            legend,
            legend,
            &[("marks", "T | TT | deviation | Turned down."), ("reason", "x")],
        );
        assert!(other.body.contains("stood for another result"), "{}", other.body);
        w.submit(&sheet, &format!("{sheet}/prepared"), &[]);
        w.sign_in(3);
        let notes = format!("{sheet}/notes");
        let sent = w.submit(&sheet, &notes, &[("item", "W-2"), ("text", "Why not applicable?")]);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let reviewed = format!("{sheet}/reviewed");
        assert!(!w.get(&sheet).body.contains(&reviewed), "not while a note is open");
        w.sign_in(2);
        let page = w.get(&sheet).body;
        let note = page.split("/notes/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let answered = w.at(&format!("/notes/{note}/answer"));
        let sent = w.submit(&sheet, &answered, &[("answer", "No request was due.")]);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let clear = w.at(&format!("/notes/{note}/clear"));
        assert!(!w.get(&sheet).body.contains(&clear), "who answered does not clear");
        w.sign_in(3);
        assert_eq!(w.submit(&sheet, &clear, &[]).status, StatusCode::SEE_OTHER);
        assert_eq!(w.submit(&sheet, &reviewed, &[]).status, StatusCode::SEE_OTHER);
        assert!(w.get(&sheet).body.matches("Signed").count() >= 2);
        // A later result voids both signatures.
        w.sign_in(2);
        let rows = [("m.1.A", "D"), ("m.1.B", "P"), ("m.2.A", "T"), ("m.2.B", "N")];
        w.submit(&sheet, &entries, &rows);
        assert_eq!(w.get(&sheet).body.matches("Void: a result changed since").count(), 2);
    });
}
#[test]
fn a_deviation_is_followed_up_and_the_organisation_answers_on_its_own_page() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        let sheet = w.prepared();
        let entries = format!("{sheet}/entries");
        let rows = [("m.1.A", "D"), ("m.1.B", "P"), ("m.2.A", "P"), ("m.2.B", "P")];
        assert_eq!(w.submit(&sheet, &entries, &rows).status, StatusCode::SEE_OTHER);
        let control = w.get(&w.control("")).body;
        let test = control.split("/tests/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let new = w.at(&format!("/tests/{test}/deviation"));
        let page = w.get(&new).body;
        let source = page.split("<option value=\"{").nth(1).unwrap().split('"').next().unwrap();
        let source = format!("{{{}", source.replace("&#34;", "\"").replace("&quot;", "\""));
        let said = [
            ("source", source.as_str()),
            ("facts", "Access stayed open <for 30 hours>."),
            ("cause", "The ticket was forgotten."),
            ("nature", "isolated"),
        ];
        let sent = w.submit(&new, &new, &said);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let control = w.get(&w.control("")).body;
        let id =
            control.split("/deviations/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let deviation = w.at(&format!("/deviations/{id}"));
        let page = w.get(&deviation).body;
        assert!(page.contains("Nothing that is computed"), "{page}");
        let more = [
            ("facts", "Access stayed open."),
            ("cause", "The ticket was forgotten."),
            ("prior_period", "Two leavers in 2024."),
            ("nature", "isolated"),
            ("reason", "The prior report was read."),
        ];
        let sent = w.submit(&deviation, &deviation, &more);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let page = w.get(&deviation).body;
        assert!(page.contains("It was there in the period before: Two leavers in 2024."), "{page}");
        assert!(page.contains("A second person has to sign"));
        let ask = format!("{deviation}/statement");
        let released = [("released", "One leaver kept access for a day."), ("due", "2026-03-01")];
        let sent = w.submit(&deviation, &ask, &released);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);

        w.sign_in(1);
        for hidden in [&deviation, &sheet, &new] {
            assert_eq!(w.get(hidden).status, StatusCode::NOT_FOUND);
        }
        let list = w.get("/statements").body;
        assert!(list.contains("One leaver kept access for a day."), "{list}");
        let one = list.split("/statements/").nth(1).unwrap().split('"').next().unwrap();
        let one = format!("/statements/{one}");
        let shown = w.get(&one).body;
        for hidden in ["prior", "2024", "isolated", id.as_str(), "W-1"] {
            assert!(!shown.contains(hidden), "{hidden} in {shown}");
        }
        let given = w.submit(&one, &one, &[("agrees", "yes"), ("text", "We agree.")]);
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
        w.sign_in(5);
        assert_eq!(w.get(&one).status, StatusCode::NOT_FOUND, "another firm");
        w.sign_in(2);
        assert!(w.get(&deviation).body.contains("We agree."));
        let shown = w.get(&one).body;
        assert!(!shown.contains("<textarea"), "the firm speaks in nobody's name");
    });
}

/// The place of each row of a sheet, by the end of its item's id.
pub(crate) fn listed(body: &str) -> Vec<String> {
    body.split("<th scope=\"row\">")
        .skip(1)
        .map(|row| row.split("CHG-").nth(1).unwrap().chars().take(2).collect())
        .collect()
}

/// A run of items is a sheet of its own.
pub(crate) fn takes_a_run(w: &World<'_>, test: &str, population: &str) {
    // A run of items is taken whole and set apart.
    let run = w.at(&format!("/tests/{test}/block"));
    let block = w.submit(
        &run,
        &run,
        &[
            ("population", population),
            ("column", "merged_at"),
            ("from", "2025-03-05"),
            ("to", "2025-03-07"),
            ("reason", "The week of the move."),
        ],
    );
    assert_eq!(block.status, StatusCode::SEE_OTHER, "{}", block.body);
    let block = w.get(&block.location).body;
    assert_eq!(listed(&block), ["05", "06", "07"]);
    assert!(block.contains("part of no upper limit"), "{block}");
}
