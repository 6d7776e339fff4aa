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
        wrong
            .contains("<a href=\"#f-owner\">Owner: write an address such as name@example.com.</a>")
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
