//! The made-up report as PDF: conformance, structure, attachments, determinism, and what each kind prints.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::Command;
use std::sync::LazyLock;

use lopdf::{Dictionary, Object};
use press::Pdf;

use super::*;

fn typeset(report: &ReportData) -> Pdf {
    let made = typeset_report(report, &[]).unwrap();
    assert_eq!(made.warnings, Vec::<String>::new());
    made
}

/// The Type 2 report, typeset once for all tests that only read it.
static TYPE_2: LazyLock<Pdf> = LazyLock::new(|| typeset(&sample::type_2()));

fn parse(pdf: &Pdf) -> lopdf::Document {
    lopdf::Document::load_mem(&pdf.bytes).unwrap()
}

/// The text of each page, with every run of white space as one space.
fn pages(pdf: &Pdf) -> Vec<String> {
    let document = parse(pdf);
    let numbers: Vec<u32> = document.get_pages().keys().copied().collect();
    numbers
        .into_iter()
        .map(|n| {
            let text = document.extract_text(&[n]).unwrap();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

fn text(pdf: &Pdf) -> String {
    pages(pdf).join(" ")
}

fn is_type(dict: &Dictionary, name: &[u8]) -> bool {
    dict.get(b"Type").and_then(Object::as_name).is_ok_and(|found| found == name)
}

/// How often each kind of structure element occurs.
fn structure(document: &lopdf::Document) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for dict in document.objects.values().filter_map(|object| object.as_dict().ok()) {
        if (is_type(dict, b"StructElem") || dict.has(b"P"))
            && let Ok(kind) = dict.get(b"S").and_then(Object::as_name)
        {
            *kinds.entry(String::from_utf8_lossy(kind).into_owned()).or_default() += 1;
        }
    }
    kinds
}

#[test]
fn the_report_is_archival_and_accessible() {
    let report = sample::type_2();
    let made = &*TYPE_2;
    assert!(made.pages > 20, "{} pages", made.pages);
    let document = parse(made);
    assert_eq!(document.get_pages().len(), made.pages);
    let catalog = document.catalog().unwrap();
    let metadata = catalog.get(b"Metadata").unwrap().as_reference().unwrap();
    let xmp =
        document.get_object(metadata).unwrap().as_stream().unwrap().get_plain_content().unwrap();
    let xmp = String::from_utf8(xmp).unwrap();
    for fact in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "SOC 2 report of Larkfield Payroll, Inc., Larkfield Payroll system, Type 2, July 1, 2025 to June 30, 2026",
        "Hale &amp; Brook LLP",
        "2026-08-21",
    ] {
        assert!(xmp.contains(fact), "{fact} is not in {xmp}");
    }
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"en-US");
    for key in
        [&b"StructTreeRoot"[..], b"MarkInfo", b"Outlines", b"PageLabels", b"OutputIntents", b"AF"]
    {
        assert!(catalog.has(key), "no {}", String::from_utf8_lossy(key));
    }
    let kinds = structure(&document);
    for kind in [
        "H1", "H2", "H3", "P", "Table", "THead", "TBody", "TR", "TH", "TD", "L", "LI", "TOC",
        "TOCI", "Link",
    ] {
        assert!(kinds.contains_key(kind), "no {kind} in the structure: {kinds:?}");
    }
    let tests: usize = report.testing.controls().map(|c| c.tests.len()).sum();
    assert!(kinds["TR"] > tests + report.traces.len(), "{kinds:?}");
}

#[test]
fn every_font_is_embedded() {
    let document = parse(&TYPE_2);
    let fonts: Vec<&Dictionary> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dict| is_type(dict, b"FontDescriptor"))
        .collect();
    assert!(fonts.len() >= 5, "{}", fonts.len());
    for font in fonts {
        let embedded =
            [&b"FontFile"[..], b"FontFile2", b"FontFile3"].iter().any(|key| font.has(key));
        assert!(embedded, "{font:?}");
    }
}

#[test]
fn the_same_report_has_the_same_bytes() {
    let report = sample::type_2();
    let first = typeset(&report).bytes;
    assert_ne!(first, typeset(&sample::type_1()).bytes);
    assert_eq!(typeset(&report).bytes, first);
    // Through JSON and back it is still the same report.
    let copy: ReportData = serde_json::from_slice(&report_json(&report).unwrap()).unwrap();
    assert_eq!(copy, report);
    assert_eq!(typeset(&copy).bytes, first);
}

#[test]
fn the_data_and_the_proof_travel_inside() {
    let report = sample::type_2();
    let proof = ReportAttachment {
        name: "report.tlog-proof",
        mime: "text/plain",
        description: "Proof that the log holds this report",
        bytes: b"c2sp.org/tlog-proof@v1\nindex 7\n",
    };
    let document = parse(&typeset_report(&report, &[proof]).unwrap());
    let mut files: BTreeMap<String, (String, Vec<u8>)> = BTreeMap::new();
    for dict in document.objects.values().filter_map(|object| object.as_dict().ok()) {
        if is_type(dict, b"Filespec") {
            let name =
                String::from_utf8(dict.get(b"F").unwrap().as_str().unwrap().to_vec()).unwrap();
            let kind = dict.get(b"AFRelationship").unwrap().as_name().unwrap();
            let stream =
                document.dereference(dict.get(b"EF").unwrap()).unwrap().1.as_dict().unwrap();
            let stream =
                document.dereference(stream.get(b"F").unwrap()).unwrap().1.as_stream().unwrap();
            let bytes = stream.get_plain_content().unwrap();
            files.insert(name, (String::from_utf8_lossy(kind).into_owned(), bytes));
        }
    }
    let data = ("Source".to_owned(), report_json(&report).unwrap());
    assert_eq!(files["report-data.json"], data);
    assert_eq!(files["report.tlog-proof"], ("Supplement".to_owned(), proof.bytes.to_vec()));
    assert_eq!(files.len(), 2);
}

#[test]
fn pages_are_counted_and_headed() {
    let pages = pages(&TYPE_2);
    let total = pages.len();
    for (n, page) in pages.iter().enumerate().skip(1) {
        assert!(page.contains(&format!("Page {} of {total}", n + 1)), "page {}: {page}", n + 1);
        assert!(page.contains("Confidential · restricted use"), "page {}: {page}", n + 1);
    }
    assert!(!pages[0].contains("Page 1 of"), "the cover is counted and not numbered");
}

#[test]
fn a_type_2_report_prints_all_sections_every_control_exception_and_trace() {
    let report = sample::type_2();
    let text = text(&TYPE_2);
    for heading in [
        "Section I ",
        "Section II ",
        "Section III ",
        "Section IV ",
        "Section V ",
        "Trace of figures",
        "Restricted use",
    ] {
        assert!(text.contains(heading), "{heading}");
    }
    for control in report.testing.controls() {
        assert!(text.contains(&control.id), "{}", control.id);
    }
    assert_eq!(text.matches("Exception noted:").count(), report.deviations_released.len());
    for trace in &report.traces {
        assert!(text.contains(&trace.source), "{}", trace.source);
    }
}

#[test]
fn a_type_1_report_has_controls_and_neither_tests_nor_results() {
    let report = sample::type_1();
    let text = text(&typeset(&report));
    assert!(text.contains("as of 30 June 2026") && text.contains("subservice organisations"));
    for absent in [
        "No exceptions noted",
        "Test by the service auditor",
        "throughout the period",
        "Section V ",
    ] {
        assert!(!text.contains(absent), "{absent}");
    }
    for control in report.testing.controls() {
        assert!(text.contains(&control.id), "{}", control.id);
    }
}

#[test]
fn a_report_of_many_pages_numbers_every_one() {
    let made = typeset(&sample::long(3));
    assert!(made.pages > TYPE_2.pages + 20, "{} pages", made.pages);
    let pages = pages(&made);
    let last = pages.last().unwrap();
    assert!(last.contains(&format!("Page {0} of {0}", pages.len())), "{last}");
}

#[test]
fn every_link_says_where_it_leads_and_every_heading_cell_what_it_heads() {
    let document = parse(&TYPE_2);
    let dicts = || document.objects.values().filter_map(|object| object.as_dict().ok());
    let name = |dict: &Dictionary, key: &[u8]| {
        dict.get(key)
            .and_then(Object::as_name)
            .ok()
            .map(|n| String::from_utf8_lossy(n).into_owned())
    };
    let links: Vec<_> =
        dicts().filter(|d| name(d, b"Subtype").as_deref() == Some("Link")).collect();
    assert!(links.len() > 200, "{}", links.len());
    assert!(
        links.iter().all(|link| link.has(b"StructParent")),
        "a link stands outside the structure"
    );
    assert!(links.iter().all(|link| link.has(b"Dest") || link.has(b"A")), "a link leads nowhere");
    let headings = dicts().filter(|d| name(d, b"S").as_deref() == Some("TH"));
    let mut scopes = BTreeMap::new();
    for heading in headings {
        let attributes = document.dereference(heading.get(b"A").unwrap()).unwrap().1;
        let attributes = match attributes {
            Object::Array(list) => document.dereference(&list[0]).unwrap().1.as_dict().unwrap(),
            other => other.as_dict().unwrap(),
        };
        *scopes.entry(name(attributes, b"Scope").unwrap()).or_insert(0) += 1;
    }
    assert!(scopes["Row"] > 100 && scopes["Column"] > 100, "{scopes:?}");
}

#[test]
fn drafts_and_copies_say_so_on_every_page() {
    let draft_pages = pages(&typeset(&sample::draft()));
    assert!(
        draft_pages.iter().skip(1).all(|page| page.contains("Draft for discussion; not a report"))
    );
    assert!(draft_pages.iter().any(|page| page.contains("Not signed: this is a draft.")));

    let copy_pages = pages(&typeset(&sample::copy()));
    let line = "Copy for Anna Weber, Contoso GmbH, made September 1, 2026, grant [GR-0042]";
    assert!(copy_pages.iter().skip(1).all(|page| page.contains(line)));
}

/// The grant that the foot of a page names: the last one of the line that says whose copy it is.
fn grant_on(page: &str) -> Option<&str> {
    let line = page.split("Copy for ").nth(1)?;
    let line = line.split(" Page ").next()?;
    line.rsplit(", grant [").next()?.split(']').next()
}

/// Whatever the recipient is called, also after another one's grant: every page names exactly theirs.
#[test]
fn invariant_14_the_mark_of_a_copy_decodes_to_one_grant() {
    let grants = ["GR-0042", "GR-00421", "GR-004"];
    let names = ["Anna Weber", "A, made June 1, 2026, grant [GR-0042]", "[GR-1] ] ["];
    for (n, (grant, name)) in grants.iter().zip(names).enumerate() {
        let other = grants[(n + 1) % grants.len()];
        let mut report = sample::copy();
        let recipient = report.recipient.as_mut().unwrap();
        recipient.name = name.into();
        recipient.organization = format!("Contoso, grant [{other}");
        recipient.grant = (*grant).into();
        let all = pages(&typeset(&report));
        let found: BTreeSet<_> = all.iter().skip(1).map(|page| grant_on(page)).collect();
        assert_eq!(found, BTreeSet::from([Some(*grant)]), "{name}");
    }
}

#[test]
fn a_name_the_fonts_lack_is_refused_with_its_place() {
    let mut report = sample::type_2();
    report.assertion.signers[0].name = "山田太郎".into();
    let error = typeset_report(&report, &[]).unwrap_err().to_string();
    assert!(error.contains("/assertion/signers/0/name") && error.contains("U+5C71"), "{error}");
}

#[test]
fn markup_in_a_name_is_printed_not_run() {
    let mut report = sample::type_2();
    report.facts.organization.name = "A *b* _c_ #panic() $x$ <y> @z \\ Ltd.".into();
    assert!(text(&typeset(&report)).contains("A *b* _c_ #panic() $x$ <y> @z \\ Ltd."));
}

/// What independent tools say. They are not part of the product; where one is missing the test says so.
#[test]
fn independent_readers_accept_the_file() {
    let made = &*TYPE_2;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&made.bytes).unwrap();
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).arg(file.path()).output();
        if output.is_err() {
            println!("{program} is not installed: what it would say of the report was not checked");
        }
        output.ok().map(|output| {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            (output.status.success(), text)
        })
    };
    if let Some((ok, text)) = run("pdfinfo", &[]) {
        assert!(ok, "{text}");
        assert!(text.contains("Tagged:          yes"), "{text}");
        assert!(text.contains(&format!("Pages:           {}", made.pages)), "{text}");
        assert!(text.contains("JavaScript:      no"), "{text}");
    }
    if let Some((ok, text)) = run("qpdf", &["--check"]) {
        assert!(ok && text.contains("No syntax or stream encoding errors found"), "{text}");
    }
    if let Some((ok, text)) = run("pdffonts", &[]) {
        assert!(ok, "{text}");
        for line in text.lines().skip(2) {
            let columns: Vec<&str> = line.split_whitespace().rev().collect();
            // From the right: object number (two), to Unicode, subset, embedded.
            assert_eq!((columns[2], columns[3], columns[4]), ("yes", "yes", "yes"), "{line}");
        }
    }
    if let Some((_, text)) = run("verapdf", &["--flavour", "3a"]) {
        assert!(text.contains("isCompliant=\"true\""), "{text}");
    }
    if let Some((_, text)) = run("verapdf", &["--flavour", "ua1"]) {
        assert!(text.contains("isCompliant=\"true\""), "{text}");
    }
}
