//! The living page of all components, at `/design`. Everything on it is fictional.

use super::*;
use crate::words::Words;
use askama::Template;
use jiff::tz::TimeZone;
use kernel::party::Side;
use kernel::time::Timestamp;

/// Renders the page; the caller gives the frame (rooms, person, theme). Its title, answer, tabs,
/// actions and messages are replaced by samples.
///
/// # Errors
/// Only when the template itself fails, which no input can cause.
pub fn design_page(shell: &Shell) -> Result<String, askama::Error> {
    let shell = sample_shell(shell.clone());
    let w = shell.w;
    let zone = TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC);
    let csrf = shell.csrf.clone();
    DesignPage {
        figures: figures(w),
        next: next_steps(w, &zone),
        notes: notes(),
        empty: empty(),
        statuses: Tone::ALL
            .iter()
            .map(|t| (t.as_str(), Status::new(*t, tone_word(w, *t))))
            .collect(),
        buttons: buttons(&csrf),
        list: list(w, &csrf),
        cards: cards(w),
        nothing: Table::new(w, "nothing", "Requests", vec![Column::new("Number")]).empty(empty()),
        filters: filters(w),
        steps: Steps::new(
            w,
            vec!["What happened".into(), "How to reach you".into(), "Check".into()],
            1,
        ),
        form: form(w, &csrf),
        timeline: timeline(w, zone.clone(), shell.side == Side::Firm),
        progress: progress(w, &csrf),
        hash: Hash::new("9f2c4d1a7be05c3384aa0f6d2b91e7c55d0e8a3f4b6c7d8e9f00112233445566"),
        chart: chart(w),
        colours: [
            "paper",
            "surface",
            "raised",
            "ink",
            "muted",
            "line",
            "edge",
            "accent",
            "accent-weak",
            "band",
            "good",
            "attention",
            "missed",
            "missed-weak",
        ],
        speech: speech(&zone),
        shell,
    }
    .render()
}

#[derive(Template)]
#[template(path = "design.html")]
struct DesignPage {
    shell: Shell,
    figures: Figures,
    next: Vec<NextStep>,
    notes: Vec<Note>,
    empty: Empty,
    statuses: Vec<(&'static str, Status)>,
    buttons: Vec<Button>,
    list: Table,
    cards: Table,
    nothing: Table,
    filters: Form,
    steps: Steps,
    form: Form,
    timeline: Timeline,
    progress: Vec<Progress>,
    hash: Hash,
    chart: Chart,
    colours: [&'static str; 14],
    speech: Vec<Speech>,
}

/// How many parts the template shows; a test counts them.
pub(super) const PARTS: u64 = 14;

/// One language's numbers and dates.
struct Speech {
    words: Words,
    number: String,
    percent: String,
    due: String,
    span: String,
    field: String,
}

fn sample_shell(mut shell: Shell) -> Shell {
    let w = shell.w;
    shell.flash = vec![
        Flash::Done("Control AC-04 was saved.".to_owned()),
        Flash::Info("Maria Okafor changed this control two minutes before you.".to_owned()),
        Flash::Problem(
            "The file was not read: row 17 has no date. The other 312 rows are kept. Mend the row and send the file again."
                .to_owned(),
        ),
    ];
    shell.tabs.clear();
    shell.actions = Html::empty();
    shell.crumbs.clear();
    let answer =
        w.rich("design-answer", &[], &[("count", Html::link("#components", w.number(PARTS)))]);
    shell
        .title(w.t("design-title"))
        .answer(answer)
        .crumb("/", "Overview")
        .crumb("/design", "Interface")
        .tab("#components", "Components", Some(PARTS), true)
        .tab("#words", "Words", None, false)
        .action(Button::link("#lists", "Lists"))
        .action(Button::link("#forms", "Forms").primary())
}

fn tone_word(w: Words, tone: Tone) -> String {
    w.t(match tone {
        Tone::Neutral => "design-neutral",
        Tone::Waiting => "design-waiting",
        Tone::Underway => "design-underway",
        Tone::Good => "design-good",
        Tone::Attention => "design-attention",
        Tone::Missed => "design-missed",
        Tone::Closed => "design-closed",
    })
}

fn figures(w: Words) -> Figures {
    Figures::new(vec![
        Figure::new(w, "Cases acknowledged within target", w.percent(0.9921, 1))
            .of("#lists")
            .traced("#timeline")
            .definition("Cases reported from 1 January to 30 June 2026 (America/New_York), without duplicates, whose first answer came within 30 business minutes.")
            .note("1,254 of 1,264 cases"),
        Figure::new(w, "Open requests", w.number(38)).of("#lists").note("4 wait for you"),
        Figure::new(w, "Median time to resolve", w.decimal(5.5, 1)).unit("h").of("#lists").traced("#timeline"),
        Figure::new(w, "Updates missed", w.number(2)).of("#lists").missed(true),
    ])
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_default()
}

fn next_steps(w: Words, zone: &TimeZone) -> Vec<NextStep> {
    let now = at("2026-03-13T15:00:00Z");
    vec![
        NextStep::new(w, "Maria Okafor", "decide whether the change was an emergency.")
            .until(at("2026-03-13T21:00:00Z"), now, zone)
            .action(Button::link("#forms", "Decide").primary()),
        NextStep::new(w, "Jonas Weber", "tell the reporter what was found.").until(
            at("2026-03-13T12:30:00Z"),
            now,
            zone,
        ),
    ]
}

fn notes() -> Vec<Note> {
    vec![
        Note::new(Tone::Neutral, "", "A plain remark."),
        Note::new(
            Tone::Waiting,
            "Waits for the auditor",
            "The sample was drawn; 25 items are to be inspected.",
        ),
        Note::new(Tone::Good, "Traced", "All 34 leavers were found in the list of accounts."),
        Note::new(
            Tone::Attention,
            "Read this first",
            "The roster does not say what date it speaks for. Choose the reading before the test is run.",
        ),
        Note::new(
            Tone::Missed,
            "A promise was missed",
            "The reporter was promised an update by 9:00; it came at 11:20.",
        ),
    ]
}

fn empty() -> Empty {
    Empty::new(
        "No request yet",
        "Your auditor asks for evidence here. Until the first request arrives, name an owner for each control.",
    )
    .action(Button::link("#lists", "Name owners").primary())
}

fn buttons(csrf: &str) -> Vec<Button> {
    vec![
        Button::link("#forms", "Add a control").primary(),
        Button::link("#lists", "Show the list"),
        Button::post("/design", csrf, "Ask again").with("request", "R-17"),
        Button::link("#forms", "Edit").quiet(),
        Button::post("/design", csrf, "Withdraw the report").grave(),
    ]
}

fn list(w: Words, csrf: &str) -> Table {
    let query = ListQuery::parse("/design", "sort=-opened&kind=incident");
    let sort = query.sort(&["-opened", "number"]);
    let columns = vec![
        Column::new("Number").sorts(&query, "number", sort),
        Column::new("Title"),
        Column::new("Status"),
        Column::new("Owner"),
        Column::new("Opened").sorts(&query, "opened", sort),
        Column::new("Open for (h)").numeric(),
    ];
    let sample = [
        (
            "CASE-0412",
            "Payslips show last year's address",
            Tone::Waiting,
            "Maria Okafor",
            "13 March 2026, 03:12 UTC−4",
            "8.2",
        ),
        (
            "CASE-0409",
            "Export of time sheets stops at 10,000 rows",
            Tone::Underway,
            "Jonas Weber",
            "12 March 2026, 17:40 UTC−4",
            "17.7",
        ),
        (
            "CASE-0404",
            "Promised update did not come",
            Tone::Missed,
            "Priya Nair",
            "11 March 2026, 09:00 UTC−4",
            "50.4",
        ),
        (
            "CASE-0398",
            "Sign-in mail in the wrong language",
            Tone::Good,
            "Jonas Weber",
            "9 March 2026, 14:05 UTC−4",
            "2.1",
        ),
    ];
    let rows = sample.map(|(number, title, tone, owner, opened, hours)| {
        Row::new(vec![
            Html::id(number).into(),
            title.into(),
            Status::new(tone, tone_word(w, tone)).into(),
            owner.into(),
            opened.into(),
            hours.into(),
        ])
        .to("#lists")
        .missed(tone == Tone::Missed)
        .select(number, format!("{number} {title}"))
        .action(Button::link("#forms", "Answer").quiet().key('a'))
    });
    let choice = |key: &str, label: &str, shown| ColumnChoice {
        key: key.into(),
        label: label.into(),
        shown,
    };
    Table::new(w, "cases", "Cases, newest first", columns)
        .rows(rows)
        .pager(Pager::keyset(&query, Some("CASE-0412"), Some("CASE-0398")).of(1264))
        .exports(&query)
        .choose(
            &query,
            vec![
                choice("status", "Status", true),
                choice("owner", "Owner", true),
                choice("channel", "Channel", false),
            ],
        )
        .filters(vec![Filter { label: "Kind: incident".into(), drop: query.href_with("kind", "") }])
        .saved(
            vec![
                SavedFilter { label: "Waits for me".into(), href: "#lists".into(), current: false },
                SavedFilter { label: "Incidents".into(), href: "#lists".into(), current: true },
            ],
            Some(Button::post("/design", csrf, "Save these filters").quiet()),
        )
        .bulk(
            "/design",
            csrf,
            vec![("assign".into(), "Assign".into()), ("close".into(), "Close".into())],
        )
}

fn cards(w: Words) -> Table {
    let row = |name: &str, role: &str, tone| {
        Row::new(vec![name.into(), role.into(), Status::new(tone, tone_word(w, tone)).into()])
            .to("#lists")
    };
    Table::new(
        w,
        "people",
        "People",
        vec![Column::new("Name"), Column::new("Role"), Column::new("Training")],
    )
    .rows([
        row("Maria Okafor", "Compliance lead", Tone::Good),
        row("Jonas Weber", "Control owner", Tone::Attention),
    ])
    .cards()
}

fn filters(w: Words) -> Form {
    Form::get(w, "/design", "Filter")
        .compact()
        .field(Field::new(w, "q", "Words", Kind::Search))
        .field(Field::new(w, "kind", "Kind", Kind::Select(kinds())).value("incident"))
        .field(Field::new(w, "from", "Opened from", Kind::Date).value("2026-01-01"))
}

fn kinds() -> Vec<Choice> {
    vec![
        Choice::new("failure", "Failure").hint("Something does not work as it should."),
        Choice::new("incident", "Incident")
            .hint("Something was seen, changed or lost that should not have been."),
        Choice::new("concern", "Concern").hint("You think that something may go wrong."),
        Choice::new("complaint", "Complaint")
            .hint("You are not content with how you were treated."),
    ]
}

fn form(w: Words, csrf: &str) -> Form {
    let channels = ["Mail", "Telephone", "This page"].map(|c| Choice::new(c, c)).to_vec();
    let mut form = Form::post(w, "/design", csrf, "Send the report")
        .key("01J0000000000000000000000K")
        .version(3)
        .cancel("#components")
        .field(Field::new(w, "title", "What happened, in one line", Kind::Text).required().max(120))
        .field(
            Field::new(w, "text", "What happened", Kind::Area(4))
                .hint("When did you notice, and what did you expect?"),
        )
        .field(Field::new(w, "kind-of", "What is it?", Kind::Radio(kinds())).required())
        .heading("How to reach you")
        .say("Leave all of this empty to stay unnamed.")
        .field(Field::new(w, "mail", "Mail address", Kind::Email).autocomplete("email"))
        .field(
            Field::new(w, "phone-code", "Code from your device", Kind::OneTimeCode)
                .autocomplete("one-time-code")
                .max(8),
        )
        .field(Field::new(w, "secret", "Password", Kind::Password).autocomplete("current-password"))
        .field(
            Field::new(w, "channel", "Ways that suit you", Kind::Boxes(channels)).values(["Mail"]),
        )
        .field(Field::new(w, "count", "How many people are affected", Kind::Number))
        .field(Field::new(w, "day", "Day (America/New_York)", Kind::Date))
        .field(Field::new(w, "since", "Since when (America/New_York)", Kind::DateTime))
        .field(Field::new(w, "page", "Address of the page", Kind::Url))
        .field(Field::new(w, "severity", "How bad is it?", Kind::Select(kinds())))
        .field(
            Field::new(w, "file", "A file that shows it", Kind::File(".png,.jpg,.pdf".into()))
                .hint("At most 20 MiB."),
        )
        .field(Field::new(w, "agree", "Tell me when it is mended", Kind::Box));
    let typed = [
        ("text", "Two lines,\r\nas typed."),
        ("mail", "maria at example"),
        ("count", "a few"),
        ("day", "2026-03-09"),
    ];
    let mut pairs: Vec<(String, String)> =
        typed.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    pairs.push(("channel".to_owned(), "Mail".to_owned()));
    form.fill(&pairs);
    form.check();
    form.error(
        "",
        "The record changed while you wrote. Look at what is new below, then send it again.",
    );
    form
}

fn timeline(w: Words, zone: TimeZone, firm: bool) -> Timeline {
    let shared = Timeline::new(w, zone)
        .entry(at("2026-03-13T14:58:00Z"), "Maria Okafor", "answered the reporter.")
        .proof(Proof::Pending)
        .entry(
            at("2026-03-13T12:20:00Z"),
            "Jonas Weber",
            Html::from("changed the owner to").and(Html::link("#timeline", "Maria Okafor")),
        )
        .detail("“She knows the payroll export.”")
        .proof(Proof::Placed {
            index: 20_418,
            hash: "3f9a".repeat(16),
            href: "#timeline".to_owned(),
        })
        .entry(
            at("2026-03-13T07:12:00Z"),
            "A customer",
            "reported a failure through the public page.",
        )
        .recorded(at("2026-03-13T07:15:00Z"))
        .proof(Proof::Placed {
            index: 20_377,
            hash: "c01d".repeat(16),
            href: "#timeline".to_owned(),
        })
        .more("#timeline");
    // What the firm keeps to itself is never printed on the other side.
    if !firm {
        return shared;
    }
    shared
        .entry(
            at("2026-03-13T07:30:00Z"),
            "Lena Sommer, CPA",
            "noted a question for the walkthrough.",
        )
        .firm_only()
}

fn progress(w: Words, csrf: &str) -> Vec<Progress> {
    let stop = || Button::post("/design", csrf, "Cancel the import");
    vec![
        Progress::new(
            w,
            "p-import",
            "Import of the case register",
            ProgressState::Running,
            61_000,
            Some(161_362),
        )
        .rate(20_450.0)
        .cancel(stop()),
        Progress::new(
            w,
            "p-freeze",
            "Freeze of the change population",
            ProgressState::Running,
            1200,
            None,
        )
        .rate(3.5),
        Progress::new(w, "p-queued", "Build of the report", ProgressState::Queued, 0, Some(48)),
        Progress::new(w, "p-done", "Check of the log", ProgressState::Done, 20_418, Some(20_418)),
        Progress::new(w, "p-failed", "Import of the roster", ProgressState::Failed, 312, Some(330))
            .note("Row 17 has no date. 312 rows are kept; mend the row and send the file again."),
    ]
}

fn chart(w: Words) -> Chart {
    let values = [
        ("Jan", 99.98),
        ("Feb", 99.91),
        ("Mar", 99.74),
        ("Apr", 99.99),
        ("May", 99.95),
        ("Jun", 99.97),
    ];
    let mut svg = String::from(
        "<svg class=\"chart\" viewBox=\"0 0 640 220\" role=\"img\" aria-labelledby=\"c-t c-d\"><title id=\"c-t\">Availability per month</title><desc id=\"c-d\">Five of six months met the target of 99.9 per cent; March did not.</desc><path class=\"chart-grid\" d=\"M50 60H630M50 110H630\"/><path class=\"chart-axis\" d=\"M50 180H630\"/>",
    );
    for (i, (month, value)) in values.iter().enumerate() {
        let x = 70 + i * 95;
        let height = (value - 99.6) * 350.0;
        let class = if *value < 99.9 { "chart-missed" } else { "chart-s1" };
        svg.push_str(&format!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{:.1}\" width=\"46\" height=\"{height:.1}\"/><text class=\"chart-value chart-middle\" x=\"{}\" y=\"{:.1}\">{value}</text><text class=\"chart-tick chart-middle\" x=\"{}\" y=\"200\">{month}</text>",
            180.0 - height, x + 23, 172.0 - height, x + 23,
        ));
    }
    svg.push_str("<path class=\"chart-target\" d=\"M50 75H630\"/><text class=\"chart-label\" x=\"4\" y=\"79\">99.9 %</text></svg>");
    let rows = values.map(|(m, v)| vec![m.to_owned(), w.percent(v / 100.0, 2)]).to_vec();
    let header = vec!["Month".to_owned(), "Availability".to_owned()];
    Chart::new(
        w,
        "availability",
        "Availability per month against the target",
        Html::trusted(svg),
        header,
        rows,
    )
}

fn speech(zone: &TimeZone) -> Vec<Speech> {
    Words::all()
        .map(|words| Speech {
            words,
            number: words.number(1_234_567_u64),
            percent: words.percent(0.9921, 1),
            due: words.due(at("2026-03-13T21:00:00Z"), zone),
            span: words.span(187_500),
            field: words.t1("field-required", "field", "Name"),
        })
        .collect()
}
