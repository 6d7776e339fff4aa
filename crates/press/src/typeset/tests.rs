//! Conformance, determinism, the closed world, and what is refused.

use std::sync::Mutex;

use jiff::civil::date;

use super::*;

const TEMPLATE: &str = r#"
#import "/press.typ": *
#import "/parts.typ": greeting
#show: press-document
#set page(numbering: "1")
= Findings
#greeting(data.name)
#table(
  columns: 2,
  table.header[Control][Result],
  ..data.rows.flatten(),
)
#pagebreak()
== More
#text(font: sans)[Sans ✓] #text(font: mono)[0a1b]
"#;

const PARTS: &str =
    "#let greeting(name) = [Prepared for #name. #parbreak() Straße, Łódź, Ωμέγα, Жизнь.]";

fn data() -> Value {
    json!({ "name": "Anna & *not bold* #not code", "rows": [["IAM-05", "No exceptions noted."]] })
}

fn document<'a>(
    data: &'a Value,
    files: &'a [File<'a>],
    attachments: &'a [Attachment<'a>],
) -> Document<'a> {
    Document {
        template: TEMPLATE,
        files,
        data,
        title: "A small report",
        authors: &["Hale & Brook LLP"],
        description: "For tests",
        keywords: &["test"],
        language: "en-GB",
        date: date(2026, 3, 31),
        identifier: "RPT-1",
        attachments,
    }
}

const FILES: [File<'static>; 1] = [File { path: "/parts.typ", bytes: PARTS.as_bytes() }];

const PROOF: Attachment<'static> = Attachment {
    name: "proof.txt",
    mime: "text/plain",
    bytes: b"c2sp.org/tlog-proof@v1\n",
    description: "Proof of inclusion in the log",
    relationship: Relationship::Supplement,
};

fn refused(document: &Document<'_>) -> String {
    typeset(document).unwrap_err().to_string()
}

/// The PDF's dictionaries, for looking inside.
fn parse(bytes: &[u8]) -> lopdf::Document {
    lopdf::Document::load_mem(bytes).unwrap()
}

fn xmp(pdf: &lopdf::Document) -> String {
    let metadata = pdf.catalog().unwrap().get(b"Metadata").unwrap().as_reference().unwrap();
    let stream = pdf.get_object(metadata).unwrap().as_stream().unwrap();
    String::from_utf8(stream.get_plain_content().unwrap()).unwrap()
}

#[test]
fn both_standards_in_one_file_with_outline_language_labels_fonts_and_attachment() {
    let data = data();
    let made = typeset(&document(&data, &FILES, &[PROOF])).unwrap();
    assert_eq!(made.pages, 2);
    assert_eq!(made.warnings, Vec::<String>::new());
    let pdf = parse(&made.bytes);
    assert_eq!(pdf.get_pages().len(), 2);

    let xmp = xmp(&pdf);
    for fact in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "A small report",
        "2026-03-31",
    ] {
        assert!(xmp.contains(fact), "{fact} is not in {xmp}");
    }
    let catalog = pdf.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"en-GB");
    let marked = pdf.dereference(catalog.get(b"MarkInfo").unwrap()).unwrap().1.as_dict().unwrap();
    assert!(marked.get(b"Marked").unwrap().as_bool().unwrap());
    for key in [&b"StructTreeRoot"[..], b"Outlines", b"PageLabels", b"OutputIntents", b"AF"] {
        assert!(catalog.has(key), "no {}", String::from_utf8_lossy(key));
    }
    let preferences = catalog.get(b"ViewerPreferences").unwrap();
    let preferences = pdf.dereference(preferences).unwrap().1.as_dict().unwrap();
    assert!(preferences.get(b"DisplayDocTitle").unwrap().as_bool().unwrap());
    assert_eq!(embedded(&pdf), [("proof.txt".to_owned(), PROOF.bytes.to_vec())]);
    fonts_are_embedded(&pdf);
}

/// Name and content of every embedded file.
fn embedded(pdf: &lopdf::Document) -> Vec<(String, Vec<u8>)> {
    pdf.objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dict| dict.get(b"Type").and_then(|t| t.as_name()).is_ok_and(|t| t == b"Filespec"))
        .map(|spec| {
            let name =
                String::from_utf8(spec.get(b"F").unwrap().as_str().unwrap().to_vec()).unwrap();
            assert_eq!(spec.get(b"AFRelationship").unwrap().as_name().unwrap(), b"Supplement");
            let files = pdf.dereference(spec.get(b"EF").unwrap()).unwrap().1.as_dict().unwrap();
            let file = pdf.dereference(files.get(b"F").unwrap()).unwrap().1.as_stream().unwrap();
            (name, file.get_plain_content().unwrap())
        })
        .collect()
}

fn fonts_are_embedded(pdf: &lopdf::Document) {
    let mut descriptors = 0;
    for dict in pdf.objects.values().filter_map(|object| object.as_dict().ok()) {
        if dict.get(b"Type").and_then(|t| t.as_name()).is_ok_and(|t| t == b"FontDescriptor") {
            descriptors += 1;
            assert!(
                [&b"FontFile"[..], b"FontFile2", b"FontFile3"].iter().any(|key| dict.has(key)),
                "a font is not embedded: {dict:?}"
            );
        }
    }
    assert!(descriptors >= 3, "serif, sans and mono are used, found {descriptors}");
}

#[test]
fn text_of_the_data_is_never_markup() {
    let data = data();
    let made = typeset(&document(&data, &FILES, &[])).unwrap();
    let text = parse(&made.bytes).extract_text(&[1]).unwrap();
    assert!(text.contains("*not bold* #not code"), "{text}");
}

#[test]
fn the_same_document_has_the_same_bytes_even_after_other_documents() {
    let data = data();
    let first = typeset(&document(&data, &FILES, &[PROOF])).unwrap().bytes;
    let other = json!({ "name": "Someone else", "rows": [["X", "Y"]] });
    let different = typeset(&document(&other, &FILES, &[])).unwrap().bytes;
    assert_ne!(first, different);
    for _ in 0..3 {
        assert_eq!(typeset(&document(&data, &FILES, &[PROOF])).unwrap().bytes, first);
    }
}

#[test]
fn documents_typeset_side_by_side_do_not_disturb_each_other() {
    let datas: Vec<Value> =
        (0..6).map(|n| json!({ "name": format!("Reader {n}"), "rows": [["A", "B"]] })).collect();
    let alone: Vec<Vec<u8>> =
        datas.iter().map(|data| typeset(&document(data, &FILES, &[])).unwrap().bytes).collect();
    let together: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let threads: Vec<_> = datas
            .iter()
            .map(|data| scope.spawn(|| typeset(&document(data, &FILES, &[])).unwrap().bytes))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(alone, together);
}

#[test]
fn the_steps_are_told_and_can_be_stopped() {
    let data = data();
    let steps = Mutex::new(Vec::new());
    typeset_observed(&document(&data, &FILES, &[]), &|step| {
        steps.lock().unwrap().push(step);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(*steps.lock().unwrap(), [Step::Check, Step::Layout, Step::Write]);
    let stopped = typeset_observed(&document(&data, &FILES, &[]), &|step| {
        if step == Step::Write { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(stopped.unwrap_err(), PressError::Cancelled);
}

#[test]
fn nothing_outside_the_document_can_be_reached() {
    let data = data();
    for (template, word) in [
        (r#"#read("/etc/passwd")"#, "not found"),
        (r#"#import "@preview/cetz:0.3.0": *"#, "not found"),
        ("#datetime.today()", "current date"),
        (r#"#read("../../etc/passwd")"#, "escape"),
    ] {
        let full = format!("#import \"/press.typ\": *\n#show: press-document\n{template}");
        let error = refused(&Document { template: &full, ..document(&data, &[], &[]) });
        assert!(error.contains(word) && error.contains("main.typ:3"), "{template}: {error}");
    }
}

#[test]
fn what_cannot_be_printed_is_named_with_its_place() {
    let bad = json!({ "name": "fine", "rows": [["山田", "x"]] });
    assert_eq!(
        refused(&document(&bad, &FILES, &[])),
        "the text at /rows/0/0 has the character “山” (U+5C71), which documents cannot print; write it in \
         Latin, Greek or Cyrillic letters"
    );
    let data = data();
    let error = refused(&Document { title: "a\u{0}b", ..document(&data, &FILES, &[]) });
    assert!(error.contains("U+0000"), "{error}");
}

#[test]
fn bad_arguments_are_refused_in_words() {
    let data = data();
    let base = || document(&data, &FILES, &[]);
    assert_eq!(refused(&Document { title: " ", ..base() }), "a document needs a title");
    let error = refused(&Document { language: "english", ..base() });
    assert_eq!(error, "“english” is not a language such as `en` or `en-GB`");
    let twice = [PROOF, PROOF];
    assert!(
        refused(&document(&data, &FILES, &twice)).contains("two attachments are named “proof.txt”")
    );
    for name in ["", "../x", "a b", ".hidden", "a/b"] {
        let bad = [Attachment { name, ..PROOF }];
        assert!(refused(&document(&data, &FILES, &bad)).contains("attachment name"), "{name}");
    }
    let bad = [Attachment { mime: "nonsense", ..PROOF }];
    assert!(refused(&document(&data, &FILES, &bad)).contains("mime"));
    let error = refused(&Document { template: "= No prelude", ..base() });
    assert!(error.contains("does not begin with"), "{error}");
    let mut deep = json!(1);
    for _ in 0..=DATA_DEPTH_MAX {
        deep = json!([deep]);
    }
    assert!(refused(&Document { data: &deep, ..base() }).contains("nesting"));
    let big = json!("x".repeat(DATA_BYTES_MAX));
    assert!(refused(&Document { data: &big, ..base() }).contains("too large"));
}

#[test]
fn a_document_that_breaks_the_standards_is_an_error() {
    let data = data();
    let template = "#import \"/press.typ\": *\n#show: press-document\n= H\n#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>\"))";
    let error = typeset(&Document { template, ..document(&data, &[], &[]) }).unwrap_err();
    assert!(matches!(error, PressError::Standard { .. }), "{error}");
    assert!(error.to_string().contains("alt"), "{error}");
}

#[test]
fn a_mistake_in_a_template_names_file_line_and_column() {
    let data = data();
    let files = [File { path: "/parts.typ", bytes: b"#let greeting(name) = {\n  name + 1\n}" }];
    let error = refused(&document(&data, &files, &[]));
    assert!(error.contains("parts.typ:2:3"), "{error}");
}
