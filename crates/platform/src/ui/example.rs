//! The pages of `docs/guide/interface.md`, compiled and rendered by a test so that the guide
//! stays true. Only built for tests.

use super::*;
use crate::words::Words;
use askama::Template;
use kernel::party::Side;
use kernel::time::Timestamp;

pub(super) struct Vendor {
    pub key: String,
    pub name: String,
    pub owner: String,
    pub reviews: u64,
    pub agreed: bool,
}

// list page ------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "example/list.html")]
struct VendorsPage {
    shell: Shell,
    figures: Figures,
    table: Table,
}

pub(super) fn list(
    shell: Shell,
    query: &ListQuery,
    vendors: &[Vendor],
    next: Option<&str>,
) -> String {
    let w = shell.w;
    let missing = vendors.iter().filter(|v| !v.agreed).count();
    let link = Html::link("/vendors?agreed=no", w.t1("example-list-link", "count", missing));
    let answer = w.rich("example-list-answer", &[("count", missing.into())], &[("link", link)]);

    let sort = query.sort(&["name", "-reviews"]);
    let columns = vec![
        Column::new(w.t("example-name")).sorts(query, "name", sort),
        Column::new(w.t("example-owner")),
        Column::new(w.t("example-reviews")).numeric().sorts(query, "reviews", sort),
        Column::new(w.t("example-status")),
    ];
    let rows = vendors.iter().map(|v| {
        let status = if v.agreed {
            Status::new(Tone::Good, w.t("example-agreed"))
        } else {
            Status::new(Tone::Attention, w.t("example-missing"))
        };
        Row::new(vec![
            (&v.name).into(),
            (&v.owner).into(),
            w.number(v.reviews).into(),
            status.into(),
        ])
        .to(format!("/vendors/{}", v.key))
    });
    let page = VendorsPage {
        figures: Figures::new(vec![
            Figure::new(w, w.t("example-missing"), w.number(missing))
                .of("/vendors?agreed=no")
                .definition(w.t("example-counted")),
        ]),
        table: Table::new(w, "vendors", w.t("example-vendors"), columns)
            .rows(rows)
            .pager(Pager::keyset(query, query.after(), next))
            .exports(query)
            .empty(
                Empty::new(w.t("example-none"), w.t("example-none-next"))
                    .action(Button::link("/vendors/new", w.t("example-add")).primary()),
            ),
        shell: shell
            .title(w.t("example-list-title"))
            .answer(answer)
            .at("vendors")
            .action(Button::link("/vendors/new", w.t("example-add")).primary()),
    };
    page.render().unwrap()
}

// form page ------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "example/new.html")]
struct NewVendorPage {
    shell: Shell,
    form: Form,
}

/// One description: prints the empty form, reads a submission, prints it again with its faults.
fn vendor_form(shell: &Shell, key: &str) -> Form {
    let w = shell.w;
    Form::post(w, "/vendors/new", &shell.csrf, w.t("example-add"))
        .key(key)
        .cancel("/vendors")
        .field(
            Field::new(w, "name", w.t("example-name"), Kind::Text)
                .required()
                .max(120)
                .hint(w.t("example-name-hint")),
        )
        .field(Field::new(w, "owner", w.t("example-owner"), Kind::Email).required())
}

/// GET: the empty form.
pub(super) fn new_form(shell: Shell, key: &str) -> String {
    let form = vendor_form(&shell, key);
    let w = shell.w;
    NewVendorPage {
        shell: shell
            .title(w.t("example-new-title"))
            .at("vendors")
            .crumb("/vendors", w.t("example-vendors")),
        form,
    }
    .render()
    .unwrap()
}

/// POST: `Ok` is where to redirect to (303), with what to say there; `Err` is the same page again
/// (422), with what was typed.
pub(super) fn new_submit(
    shell: Shell,
    pairs: &[(String, String)],
    taken: impl Fn(&str) -> bool,
) -> Result<(String, Flash), String> {
    let mut form = vendor_form(&shell, "");
    let w = shell.w;
    form.fill(pairs);
    form.check();
    if taken(form.typed("name")) {
        form.error("name", w.t("example-taken"));
    }
    if form.ok() {
        let name = form.typed("name").to_owned();
        return Ok(("/vendors".to_owned(), Flash::Done(w.t1("example-saved", "name", name))));
    }
    let page = NewVendorPage { shell: shell.title(w.t("example-new-title")).at("vendors"), form };
    Err(page.render().unwrap())
}

// record page ----------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "example/show.html")]
struct VendorPage {
    shell: Shell,
    owner: String,
    status: Status,
    next: NextStep,
    timeline: Timeline,
}

pub(super) fn show(
    shell: Shell,
    vendor: &Vendor,
    now: Timestamp,
    zone: &jiff::tz::TimeZone,
) -> String {
    let w = shell.w;
    VendorPage {
        owner: vendor.owner.clone(),
        status: Status::new(Tone::Attention, w.t("example-missing")),
        next: NextStep::new(w, &vendor.owner, w.t("example-missing")).until(
            now.plus_seconds(21_600),
            now,
            zone,
        ),
        timeline: Timeline::new(w, zone.clone())
            .entry(now, &vendor.owner, w.t1("example-saved", "name", &vendor.name))
            .proof(Proof::Placed {
                index: 41,
                hash: "ab".repeat(32),
                href: "/log/proof/41".to_owned(),
            }),
        shell: shell.title(&vendor.name).at("vendors").crumb("/vendors", w.t("example-vendors")),
    }
    .render()
    .unwrap()
}

pub(super) fn shell() -> Shell {
    let w = Words::english();
    let mut shell = Shell::new(w, Side::ServiceOrganisation);
    shell.nav = vec![NavItem::new("vendors", "/vendors", w.t("example-vendors"))];
    shell.csrf = "token".to_owned();
    shell
}
