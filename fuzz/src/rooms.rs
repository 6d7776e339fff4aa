//! Targets of the kernel and of the rooms: files and documents that people hand in.

use cases::mailroom::rules::{letter, results, token};
use cases::rules::import::records::Limits;
use cases::rules::import::{ImportReader, Mapping, ReadOptions, RowOutcome};
use examination::rules::facts::Facts;
use examination::rules::frequency::SamplingPolicy;
use examination::rules::opinion::propose;
use kernel::calendar::Calendar;
use reporting::package::verify_package;
use reporting::verify_report::verify_report;

/// What a person or a terminal reads must not tell it what to do.
fn shown_plainly(text: &str) {
    let odd = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    assert!(odd.is_none(), "{odd:?} in {text:?}");
}

/// A mail, its headers about who sent it, and its addresses.
pub(crate) fn mail(bytes: &[u8]) {
    let Some(letter) = letter::read(bytes) else { return };
    shown_plainly(&letter.subject);
    shown_plainly(&letter.text);
    shown_plainly(&letter.sender);
    for file in &letter.attachments {
        shown_plainly(&file.name);
        assert!(!file.name.contains(['/', '\\']), "{}", file.name);
    }
    let found = results::read(&letter.authentication, Some("mx.alder.example"));
    assert!(found.server.is_empty() || found.server.eq_ignore_ascii_case("mx.alder.example"));
    let organisation = kernel::ids::PartyId::from_u128(1);
    let recipients = letter.recipients.iter().map(String::as_str);
    let addressed = token::addressed(&[7; 32], "report@alder.example", organisation, recipients);
    // No input makes an address that only the holder of the key can make.
    assert!(!matches!(addressed, token::Addressed::About(_)));
}

/// The mapping file of a register.
pub(crate) fn mapping(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Mapping::parse(text) {
        Ok(mapping) => {
            assert!(!mapping.source().is_empty() && !mapping.name().is_empty());
            // A mapping that is good says the same when it is read again.
            let again = Mapping::parse(text);
            assert!(again.is_ok_and(|again| again.source() == mapping.source()));
        }
        Err(error) => shown_plainly(&error.to_string()),
    }
}

const REGISTER: &str = r#"
mapping = "1"
name = "Made-up register"
source = "made-up"
shape = "case"
required = ["opened_at"]
keep = ["note"]
[time]
zone = "Europe/Lisbon"
formats = ["%d/%m/%Y %H:%M", "%Y-%m-%d"]
[missing]
markers = ["?"]
[columns]
key = "id"
state = "state"
opened_at = "opened"
reopen_count = "again"
sla_made = "kept"
[states]
"New" = "new"
"#;

const DOCUMENTS: &str = r#"
mapping = "1"
name = "Made-up documents"
source = "made-up"
shape = "case"
required = ["opened_at"]
keep = ["note.text", "note.*", "list.0", "$"]
[file]
format = "json"
records = "incidents"
[time]
zone = "UTC"
formats = ["rfc3339"]
[columns]
key = "id"
state = "status"
opened_at = "at"
assigned_to = "people.name"
[states]
"New" = "new"
"#;

/// A register that is JSON, under a fixed mapping.
pub(crate) fn documents(bytes: &[u8]) {
    rows(DOCUMENTS, bytes);
}

/// A register under a fixed mapping, with bounds that small files meet.
pub(crate) fn register(bytes: &[u8]) {
    rows(REGISTER, bytes);
}

fn rows(mapping: &str, bytes: &[u8]) {
    let Ok(mapping) = Mapping::parse(mapping) else { return };
    let limits = Limits { record_bytes: 512, columns: 12, rows: 200, file_bytes: 8_192 };
    let options = ReadOptions { run: 1, limits };
    let mut reader = match ImportReader::open(bytes, mapping, options) {
        Ok(reader) => reader,
        Err(error) => return shown_plainly(&error.to_string()),
    };
    let (mut rows, mut last) = (0, 0);
    while let Some(outcome) = reader.next_row() {
        rows += 1;
        let row = match outcome {
            RowOutcome::Accepted(row) => {
                assert!(!row.change.key.is_empty() && row.change.fields.opened_at.is_some());
                assert!(!row.change.key.contains('\0'));
                row.row
            }
            RowOutcome::Refused(row) => {
                assert!(!row.faults.is_empty());
                for fault in &row.faults {
                    shown_plainly(&fault.value);
                    shown_plainly(&fault.reason.to_string());
                }
                row.row
            }
            RowOutcome::Duplicate(row) => {
                assert!(row.first_row < row.row);
                row.row
            }
        };
        assert!(row > last, "rows are told in order");
        last = row;
        assert!(reader.memory_bytes() < 1 << 20);
    }
    assert_eq!(reader.rows(), rows);
    assert!(reader.end().is_some(), "how the file ended is known");
}

/// Outages as the availability command reads them.
pub(crate) fn outages(bytes: &[u8]) {
    match commitments::rules::availability::read_spans(bytes, "outages") {
        Ok(spans) => assert!(spans.len() <= bytes.len()),
        Err(error) => shown_plainly(&error.to_string()),
    }
}

/// A business calendar.
pub(crate) fn calendar(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Err(error) = Calendar::parse(text) {
        assert!(!error.to_string().is_empty());
    }
}

/// The facts on which an opinion is proposed: read, checked, and concluded from.
pub(crate) fn opinion_facts(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(facts) = Facts::from_json(text) else { return };
    let first = propose(&facts);
    // The same facts, the same proposal.
    assert_eq!(format!("{first:?}"), format!("{:?}", propose(&facts)));
    if facts.validate().is_err() {
        assert!(first.is_err(), "facts that do not hold together support no opinion");
    }
}

/// A firm's policy on sample sizes.
pub(crate) fn sample_policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Err(error) = SamplingPolicy::from_toml(text) {
        assert!(!error.to_string().is_empty());
    }
}

/// An engagement as one file.
pub(crate) fn package(bytes: &[u8]) {
    let report = verify_package(Box::new(std::io::Cursor::new(bytes.to_vec())), &[]);
    // Nobody's bytes are accepted that no key signed; the seeds hold none that is whole.
    assert!(!report.verified(), "{report:?}");
    for finding in &report.findings {
        shown_plainly(&finding.message);
    }
}

/// An issued report, with its attachments.
pub(crate) fn report_pdf(bytes: &[u8]) {
    let found = verify_report(bytes, None);
    assert!(!found.verified(), "{found:?}");
    for finding in &found.findings {
        shown_plainly(&finding.message);
    }
}

/// The configuration file.
pub(crate) fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Err(error) = tickmark::config::Config::parse(text) {
        assert!(!error.is_empty());
    }
}
