//! Every component with hostile text; the guide's example pages; all templates read for what the
//! content security policy forbids.

use super::example::{Vendor, list, new_form, new_submit, shell, show};
use super::*;
use kernel::time::Timestamp;

fn vendor(name: &str, agreed: bool) -> Vendor {
    Vendor {
        key: "v1".to_owned(),
        name: name.to_owned(),
        owner: "owner@example.com".to_owned(),
        reviews: 1234,
        agreed,
    }
}

#[test]
fn the_guides_list_page() {
    let query = ListQuery::parse("/vendors", "sort=-reviews");
    let html =
        list(shell(), &query, &[vendor("Ölmühle & <Co>", false), vendor("B", true)], Some("v1"));
    assert!(html.contains("<a href=\"/vendors?agreed=no\">1 vendor</a> has none."), "{html}");
    assert!(html.contains("Ölmühle &amp; &lt;Co&gt;") && html.contains("1,234"));
    assert!(html.contains("href=\"/vendors?sort=-reviews&#38;after=v1\" rel=\"next\""), "{html}");
    assert!(html.contains("aria-sort=\"descending\"") && html.contains("aria-current=\"page\""));
    let none = list(shell(), &query, &[], None);
    assert!(
        none.contains("Add the first vendor whose service yours depends on.")
            && !none.contains("<table")
    );
}

#[test]
fn the_guides_form_page() {
    let pairs = |name: &str, owner: &str| {
        [("name", name), ("owner", owner), ("key", "k1")].map(|(n, v)| (n.to_owned(), v.to_owned()))
    };
    assert!(new_form(shell(), "k1").contains("name=\"key\" value=\"k1\""));
    let wrong = new_submit(shell(), &pairs("<b>", "nobody"), |_| false).unwrap_err();
    assert!(
        wrong.contains("value=\"&#60;b&#62;\"") && wrong.contains("value=\"nobody\""),
        "{wrong}"
    );
    assert!(
        wrong.contains(
            "<a href=\"#f-owner\">“Owner” takes an address such as name@example.com.</a>"
        )
    );
    assert!(
        wrong.contains("aria-describedby=\"e-owner\"")
            && wrong.contains("name=\"key\" value=\"k1\"")
    );
    assert!(
        new_submit(shell(), &pairs("A", "a@b.example"), |_| true)
            .unwrap_err()
            .contains("exists already")
    );
    let (to, flash) = new_submit(shell(), &pairs("A", "a@b.example"), |_| false).unwrap();
    assert_eq!((to.as_str(), flash), ("/vendors", Flash::Done("A was added.".to_owned())));
}

#[test]
fn the_guides_record_page() {
    let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
    let now = Timestamp::parse("2026-03-09T14:30:00Z").unwrap();
    let html = show(shell(), &vendor("A", false), now, &zone);
    assert!(
        html.contains("by Monday 9 March 2026, 16:30 UTC\u{2212}4") && html.contains("in 6\u{a0}h"),
        "{html}"
    );
    assert!(html.contains("Entry 41 in the log") && html.contains("abababababab…"));
}

/// Text that would do something if it were not escaped.
const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;\u{0}";

fn assert_tame(what: &str, html: &str) {
    for raw in ["<script>alert", "<img", "onerror='", "\"><"] {
        // `"><` stands in every page between tags; what matters is that it never follows the text.
        if raw == "\"><" {
            assert!(!html.contains("\"><script>alert"), "{what} lets {raw} through: {html}");
        } else {
            assert!(!html.contains(raw), "{what} lets {raw} through: {html}");
        }
    }
    assert!(html.contains("alert(1)"), "{what} shows the text at all: {html}");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one line for each component")]
fn hostile_text_is_escaped_in_every_component() {
    let w = shell().w;
    let h = || HOSTILE.to_owned();
    let bad = "javascript:alert(1)";
    let zone = jiff::tz::TimeZone::UTC;
    let at = Timestamp(0);
    let choices = || vec![Choice::new(h(), h()).hint(h())];
    let kinds = [
        Kind::Text,
        Kind::Area(3),
        Kind::Email,
        Kind::Password,
        Kind::OneTimeCode,
        Kind::Number,
        Kind::Date,
        Kind::DateTime,
        Kind::Url,
        Kind::Search,
        Kind::Select(choices()),
        Kind::Radio(choices()),
        Kind::Boxes(choices()),
        Kind::Box,
        Kind::File(h()),
    ];
    let mut form =
        Form::post(w, h(), h(), h()).key(h()).hide(h(), h()).cancel(h()).heading(h()).say(h());
    for kind in kinds {
        let field = Field::new(w, h(), h(), kind).hint(h()).autocomplete(h()).value(h());
        assert_tame("a field", &field.to_string());
        form = form.field(field);
    }
    form.check();
    form.error("", h());
    form.error(HOSTILE, h());
    let table = || {
        Table::new(w, h(), h(), vec![Column::new(h()), Column::new(h()).numeric()])
            .rows([Row::new(vec![h().into(), h().into()])
                .to(h())
                .select(h(), h())
                .action(Button::link(h(), h()))])
            .pager(Pager::keyset(&ListQuery::parse(h(), ""), Some(HOSTILE), Some(HOSTILE)))
            .exports(&ListQuery::parse(h(), ""))
            .choose(
                &ListQuery::parse(h(), "a=%22%3E%3Cscript%3E"),
                vec![ColumnChoice { key: h(), label: h(), shown: true }],
            )
            .filters(vec![Filter { label: h(), drop: h() }])
            .saved(vec![SavedFilter { label: h(), href: h(), current: true }], None)
            .bulk(h(), h(), vec![(h(), h())])
    };
    let rendered: Vec<(&str, String)> = vec![
        ("a form", form.to_string()),
        ("a table", table().to_string()),
        ("a table of cards", table().cards().to_string()),
        ("a status", Status::new(Tone::Good, h()).to_string()),
        (
            "a figure",
            Figure::new(w, h(), h())
                .unit(h())
                .of(h())
                .traced(h())
                .definition(h())
                .note(h())
                .to_string(),
        ),
        ("a next step", NextStep::new(w, h(), h()).until(at, at, &zone).action(h()).to_string()),
        ("an empty state", Empty::new(h(), h()).action(h()).to_string()),
        ("a remark", Note::new(Tone::Missed, h(), h()).to_string()),
        (
            "progress",
            Progress::new(w, h(), h(), ProgressState::Running, 1, None)
                .poll(h())
                .note(h())
                .cancel(Button::post(h(), h(), h()).with(h(), h()))
                .to_string(),
        ),
        ("a hash", Hash::new(h()).to_string()),
        ("steps", Steps::new(w, vec![h()], 0).to_string()),
        (
            "a chart",
            Chart::new(w, h(), h(), Html::empty(), vec![h()], vec![vec![h(), h()]]).to_string(),
        ),
        (
            "a timeline",
            Timeline::new(w, zone)
                .entry(at, h(), h())
                .detail(h())
                .proof(Proof::Placed { index: 1, hash: h(), href: h() })
                .more(h())
                .to_string(),
        ),
    ];
    for (what, html) in rendered {
        assert_tame(what, &html);
    }
    // Addresses that run something are left out, wherever an address is given.
    let addresses = [
        Figure::new(w, "a", "1").of(bad).traced(bad).to_string(),
        Row::new(vec!["a".into()]).to(bad).action(Button::link(bad, "b")).into_table(w),
        Button::post(bad, "t", "b").to_string(),
        Timeline::new(w, jiff::tz::TimeZone::UTC).entry(at, "a", "b").more(bad).to_string(),
        Progress::new(w, "p", "p", ProgressState::Running, 0, None).poll(bad).to_string(),
    ];
    for html in addresses {
        assert!(!html.contains("javascript:"), "{html}");
    }
}

impl Row {
    fn into_table(self, w: crate::words::Words) -> String {
        Table::new(w, "t", "t", vec![Column::new("c")]).rows([self]).to_string()
    }
}

#[test]
fn hostile_text_is_escaped_in_the_frame() {
    let h = || HOSTILE.to_owned();
    let mut shell = shell()
        .title(h())
        .answer(h())
        .crumb(h(), h())
        .tab(h(), h(), Some(1), true)
        .flash(Flash::Problem(h()));
    shell.nav = vec![NavItem::new("a", h(), h()).with(vec![NavItem::new("b", h(), h())])];
    shell.person = Some(Person { name: h(), role: h(), party: h() });
    shell.engagements =
        vec![Engagement { href: h(), name: h(), period: h(), current: true, locked: false }];
    shell.languages = vec![Language { words: shell.w, href: h() }];
    shell.csrf = h();
    shell.path = h();
    let shell = shell.at("b");
    for (what, html) in [
        ("the head", shell.head().to_string()),
        ("the top", shell.top().to_string()),
        ("the rail", shell.rail().to_string()),
        ("the heading", shell.heading().to_string()),
        ("the foot", shell.foot().to_string()),
        ("the public top", shell.public_top().to_string()),
    ] {
        assert_tame(what, &html);
    }
}

#[test]
fn secrets_and_files_are_never_printed_back() {
    let w = shell().w;
    for kind in [Kind::Password, Kind::OneTimeCode, Kind::File(String::new())] {
        let mut form = Form::post(w, "/", "t", "s").field(Field::new(w, "secret", "Secret", kind));
        form.fill(&[("secret".to_owned(), "hunter2".to_owned())]);
        form.error("secret", "wrong");
        assert!(!form.to_string().contains("hunter2"), "{form}");
        assert_eq!(form.typed("secret"), "hunter2");
    }
}

#[test]
fn a_form_checks_what_it_can_tell() {
    let w = shell().w;
    let kinds = || vec![Choice::new("a", "A"), Choice::new("b", "B")];
    let fault = |kind: Kind, values: &[&str]| {
        let mut form =
            Form::get(w, "/", "s").field(Field::new(w, "f", "F", kind).required().max(20));
        form.fill(&values.iter().map(|v| ("f".to_owned(), (*v).to_owned())).collect::<Vec<_>>());
        form.check();
        form.faults().first().map(|f| f.text.clone())
    };
    let wrong: [(Kind, &[&str]); 14] = [
        (Kind::Text, &[]),
        (Kind::Text, &["  "]),
        (Kind::Text, &["123456789012345678901"]),
        (Kind::Select(kinds()), &["c"]),
        (Kind::Boxes(kinds()), &["a", "c"]),
        (Kind::Radio(kinds()), &[]),
        (Kind::Number, &["NaN"]),
        (Kind::Number, &["1,5"]),
        (Kind::Date, &["2026-02-30"]),
        (Kind::Date, &["9.3.2026"]),
        (Kind::DateTime, &["2026-03-09"]),
        (Kind::Email, &["a@b@c"]),
        (Kind::Url, &["ftp://a"]),
        (Kind::Box, &[]),
    ];
    for (kind, values) in wrong {
        let shown = format!("{kind:?} {values:?}");
        let text = fault(kind, values).unwrap_or_else(|| panic!("accepted {shown}"));
        assert!(text.contains("“F”"), "{shown}: {text}");
    }
    let right: [(Kind, &[&str]); 8] = [
        (Kind::Text, &["x"]),
        (Kind::Area(2), &["a\r\nb"]),
        (Kind::Boxes(kinds()), &["a", "b"]),
        (Kind::Number, &["-0.5"]),
        (Kind::Date, &["2024-02-29"]),
        (Kind::DateTime, &["2026-03-09T16:30"]),
        (Kind::Email, &["a@b.example"]),
        (Kind::Url, &["https://a.example/"]),
    ];
    for (kind, values) in right {
        let shown = format!("{kind:?} {values:?}");
        assert_eq!(fault(kind, values), None, "{shown}");
    }
}

/// Rendered components, read by a person when they change: `cargo insta review`.
#[test]
fn components_look_as_reviewed() {
    let w = shell().w;
    // The digest in asset addresses changes with every file; it says nothing about a component.
    let steady = |html: String| {
        let parts: Vec<&str> = html.split("/static/").collect();
        let mut out = parts[0].to_owned();
        for part in &parts[1..] {
            out.push_str("/static/DIGEST");
            out.push_str(part.get(16..).unwrap());
        }
        out
    };
    let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
    let now = Timestamp::parse("2026-03-13T15:00:00Z").unwrap();
    insta::assert_snapshot!(
        "status",
        steady(Status::new(Tone::Missed, "Promise missed").to_string())
    );
    insta::assert_snapshot!(
        "figure",
        steady(
            Figure::new(w, "Open cases", w.number(1264))
                .of("/cases")
                .traced("/log/proof/7")
                .definition("Counted at noon.")
                .to_string()
        )
    );
    insta::assert_snapshot!(
        "next_step",
        steady(
            NextStep::new(w, "Maria Okafor", "decide.")
                .until(now.plus_seconds(-90), now, &zone)
                .to_string()
        )
    );
    insta::assert_snapshot!(
        "progress",
        steady(
            Progress::new(w, "p", "Import", ProgressState::Running, 250, Some(1000))
                .rate(5.0)
                .poll("/p")
                .to_string()
        )
    );
    insta::assert_snapshot!(
        "timeline",
        steady(
            Timeline::new(w, zone)
                .entry(now, "A customer", "reported a failure.")
                .recorded(now.plus_seconds(180))
                .proof(Proof::Pending)
                .to_string()
        )
    );
    let mut form = Form::post(w, "/cases", "token", "Save")
        .version(3)
        .field(Field::new(w, "mail", "Mail", Kind::Email).required().hint("Where we answer."));
    form.fill(&[("mail".to_owned(), "nobody".to_owned())]);
    form.check();
    insta::assert_snapshot!("form", steady(form.to_string()));
    let query = ListQuery::parse("/cases", "sort=-opened");
    let table = Table::new(
        w,
        "cases",
        "Cases",
        vec![
            Column::new("Number").sorts(&query, "opened", ("opened", true)),
            Column::new("Hours").numeric(),
        ],
    )
    .rows([Row::new(vec![Html::id("CASE-1").into(), "8.2".into()]).to("/cases/1").missed(true)])
    .pager(Pager::keyset(&query, None, Some("1")).of(2));
    insta::assert_snapshot!("table", steady(table.to_string()));
    let mut shell = shell()
        .title("Which cases wait?")
        .answer(Html::link("/cases", "3 cases").and("wait."))
        .at("vendors");
    shell.person =
        Some(Person { name: "Maria".into(), role: "Case handler".into(), party: "Halden".into() });
    let frame = format!(
        "{}\n{}\n{}\n{}\n{}",
        shell.head(),
        shell.top(),
        shell.rail(),
        shell.heading(),
        shell.foot()
    );
    insta::assert_snapshot!("frame", steady(frame));
}

#[test]
fn the_page_of_all_components_shows_what_it_says_and_keeps_the_wall() {
    use kernel::party::Side;
    let org = design_page(&shell()).unwrap();
    assert_eq!(org.matches("<section class=\"section\">").count() as u64, design::PARTS);
    assert!(!org.contains("firm-only") && !org.contains("Lena Sommer"));
    let firm = Shell { side: Side::Firm, ..shell() };
    assert!(design_page(&firm).unwrap().contains("class=\"firm-only\""));
}

#[test]
fn progress_says_what_it_knows_and_no_more() {
    let w = shell().w;
    let show = |p: Progress| p.to_string().replace('\u{a0}', " ");
    let running =
        show(Progress::new(w, "p", "Import", ProgressState::Running, 250, Some(1000)).rate(5.0));
    assert!(
        running.contains("250 of 1,000")
            && running.contains("5.0 per second")
            && running.contains("about 2 min")
    );
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-9] {
        let odd = show(
            Progress::new(w, "p", "Import", ProgressState::Running, 0, Some(u64::MAX)).rate(rate),
        );
        assert!(!odd.contains("left"), "{odd}");
    }
    let done =
        show(Progress::new(w, "p", "Import", ProgressState::Done, 0, Some(0)).rate(5.0).poll("/p"));
    assert!(
        done.contains("max=\"1\" value=\"1\"")
            && !done.contains("hx-get")
            && !done.contains("per second")
    );
}
