//! Registers as they should not be: each bad row is named with its column, each good one lands, and a
//! second run changes nothing. On both databases, through the command that an import is.

use crate::people::organisation;
use cases::model::{Case, CaseState};
use cases::permits::ImportCases;
use cases::rules::import::{FileEnd, ImportReport, Mapping, RefusedRow};
use cases::{intake, store};
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Error, Result};
use platform::edge::{Edge, FixedEdge};
use platform::testing::{TestDb, env, on_both};
use std::io::{Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const EVENTS: &str = r#"
mapping = "1"
name = "Made-up event log"
source = "made-up"
shape = "event"
required = ["opened_at"]
keep = ["note"]
[time]
zone = "naive"
formats = ["%d/%m/%Y %H:%M"]
[missing]
markers = ["?"]
[[order]]
column = "seq"
[columns]
key = "id"
title = "title"
state = "state"
opened_at = "opened"
[states]
"New" = "new"
"Done" = "closed"
"#;

const HEADING: &str = "id,seq,title,state,opened,note\n";
const GOOD: &str = "A-1,0,One,New,29/2/2024 01:16,?\n";
const GOOD_TOO: &str = "A-2,0,Two,New,1/3/2024 08:00,x\n";

/// Each run has randomness of its own.
static SEED: AtomicU64 = AtomicU64::new(1);

fn events() -> Mapping {
    Mapping::parse(EVENTS).unwrap()
}

fn per_case() -> Mapping {
    let text = EVENTS
        .replace("shape = \"event\"", "shape = \"case\"")
        .replace("[[order]]\ncolumn = \"seq\"\n", "");
    Mapping::parse(&text).unwrap()
}

fn lead() -> Actor {
    Actor {
        person: Some(PersonId::new(Timestamp(0), 2)),
        party: Some(organisation()),
        side: Side::ServiceOrganisation,
        roles: Roles::NONE.with(Role::ComplianceLead),
        via: Via::CommandLine,
    }
}

fn run(t: &TestDb, mapping: Mapping, input: impl Read) -> Result<(ImportReport, Vec<RefusedRow>)> {
    let seed = SEED.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let edge: Arc<dyn Edge> =
        Arc::new(FixedEdge::new(env().now(), [seed; 4].concat().try_into().unwrap()));
    let permit = authorize::<ImportCases>(&lead(), &Facts::of(organisation()))?;
    let mut refused = Vec::new();
    let report = intake::import(
        &t.db,
        &edge,
        permit,
        mapping,
        input,
        |_| true,
        |r| refused.push(r.clone()),
    )?;
    assert_eq!(report.rows, report.accepted + report.refused + report.duplicates);
    assert_eq!(report.refused, refused.len() as u64, "every refused row is reported");
    Ok((report, refused))
}

fn entries(t: &TestDb) -> i64 {
    t.sequence();
    t.db.read_blocking(|c| Ok(platform::journal::totals(c)?.entries)).unwrap()
}

fn cases(t: &TestDb) -> Vec<Case> {
    let filter = store::CaseFilter { limit: 100, ..Default::default() };
    let mut found = t.db.read_blocking(|c| store::cases(c, organisation(), &filter)).unwrap();
    found.sort_by(|a, b| a.tracking_number.cmp(&b.tracking_number));
    found
}

/// Imports twice: the first run refuses exactly the row after the first good one, for this reason and
/// naming this column; both good rows land; the second run changes nothing.
fn one_bad_row(t: &TestDb, bytes: &[u8], code: &str, column: Option<&str>) -> String {
    let (report, refused) = run(t, events(), bytes).unwrap();
    assert_eq!((report.accepted, report.refused), (2, 1), "{code}: {refused:?}");
    assert_eq!(refused[0].row, 3, "{code}");
    let fault = &refused[0].faults[0];
    assert_eq!((fault.reason.code(), fault.column.as_deref()), (code, column));
    let before = entries(t);
    assert_eq!(before, 2, "{code}");
    let (again, refused_again) = run(t, events(), bytes).unwrap();
    assert_eq!((again.accepted, again.already_imported), (0, 2), "{code}");
    assert_eq!(refused_again, refused, "{code}: refused again, for the same reason");
    assert_eq!(entries(t), before, "{code}: a second run changes nothing");
    assert_eq!(cases(t).len(), 2);
    fault.reason.to_string()
}

fn with(row: &[u8]) -> Vec<u8> {
    [HEADING.as_bytes(), GOOD.as_bytes(), row, b"\n", GOOD_TOO.as_bytes()].concat()
}

#[test]
fn each_kind_of_bad_row_is_refused_and_the_rows_around_it_land() {
    let long = format!("A-3,0,{},New,1/3/2024 08:00,?", "x".repeat(1_001));
    let key = format!("{},0,t,New,1/3/2024 08:00,?", "k".repeat(201));
    for (row, code, column) in [
        (&b"A-3,0,caf\xe9,New,1/3/2024 08:00,?"[..], "not_text", Some("title")),
        (b"A-3,0,t,New,31/2/2024 08:00,?", "no_such_date", Some("opened")),
        (b"A-3,0,t,New,29/2/2023 08:00,?", "no_such_date", Some("opened")),
        (b"A-3,0,t,New,2024-03-01T08:00,?", "not_a_date", Some("opened")),
        (b"A-3,0,t,New,,?", "missing", Some("opened")),
        (b"?,0,t,New,1/3/2024 08:00,?", "missing", Some("id")),
        (b"A-3,=1+1,t,New,1/3/2024 08:00,?", "not_an_integer", Some("seq")),
        (b"A-3,0,t,Lost,1/3/2024 08:00,?", "unlisted_word", Some("state")),
        (b"A-3,0,a\0b,New,1/3/2024 08:00,?", "nul_character", Some("title")),
        (b"A-3,0,t,New,1/3/2024 08:00,a\0b", "nul_character", Some("note")),
        (b"A-3\0,0,t,New,1/3/2024 08:00,?", "nul_character", Some("id")),
        (b"A-3,0,t", "wrong_width", None),
        (b"A-3,0,t,New,1/3/2024 08:00,?,more", "wrong_width", None),
        (b"\x7fELF\x02\x01", "wrong_width", None),
        (long.as_bytes(), "text_too_long", Some("title")),
        (key.as_bytes(), "text_too_long", Some("id")),
    ] {
        on_both(&[cases::ROOM], |t| {
            let said = one_bad_row(t, &with(row), code, column);
            assert!(said.len() > 15 && !said.contains("Error"), "{code}: {said}");
        });
    }
}

#[test]
fn formulas_are_kept_as_they_came_and_told_of() {
    on_both(&[cases::ROOM], |t| {
        let text = format!(
            "{HEADING}A-1,0,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",New,1/3/2024 08:00,@SUM(A1)\nA-2,0,-2,New,1/3/2024 08:00,+1\n"
        );
        let (report, _) = run(t, events(), text.as_bytes()).unwrap();
        assert_eq!((report.accepted, report.refused), (2, 0));
        let told: Vec<_> = report.formulas.iter().map(|((c, _), n)| (&**c, *n)).collect();
        assert!(told.contains(&("title", 1)) || told.contains(&("title", 2)), "{told:?}");
        assert!(told.iter().any(|(c, _)| *c == "note"), "{told:?}");
        assert_eq!(cases(t)[0].title, "=HYPERLINK(\"http://x\",\"y\")", "kept as it came");
        let before = entries(t);
        assert_eq!(run(t, events(), text.as_bytes()).unwrap().0.already_imported, 2);
        assert_eq!(entries(t), before);
    });
}

#[test]
fn a_key_twice_is_refused_where_a_row_is_a_case() {
    on_both(&[cases::ROOM], |t| {
        let text = format!("{HEADING}{GOOD}A-1,0,Another,Done,1/3/2024 08:00,?\n{GOOD}{GOOD_TOO}",);
        for (accepted, known) in [(2, 0), (0, 2)] {
            let (report, refused) = run(t, per_case(), text.as_bytes()).unwrap();
            assert_eq!((report.accepted, report.already_imported), (accepted, known));
            assert_eq!(report.duplicates_in_file, 1, "the same row again says nothing new");
            let fault = &refused[0].faults[0];
            assert_eq!((refused[0].row, fault.reason.code()), (3, "key_taken"));
            assert_eq!((fault.column.as_deref(), &*fault.value), (Some("id"), "A-1"));
            assert!(fault.reason.to_string().contains("row 2"), "{}", fault.reason);
        }
        assert_eq!(entries(t), 2);
        assert_eq!(cases(t)[0].title, "One");
    });
}

#[test]
fn the_list_of_next_month_brings_what_changed_wherever_the_row_stands() {
    on_both(&[cases::ROOM], |t| {
        let march = format!("{HEADING}{GOOD_TOO}{GOOD}");
        run(t, per_case(), march.as_bytes()).unwrap();
        // The case stands further up in the next list, so its row number is smaller.
        let april = format!("{HEADING}A-1,0,One,Done,29/2/2024 01:16,?\n{GOOD_TOO}");
        let (report, _) = run(t, per_case(), april.as_bytes()).unwrap();
        assert_eq!((report.accepted, report.already_imported), (1, 1));
        let all = cases(t);
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].state, CaseState::Closed, "the later list counts");
        // The mapping is called something else: still the same source, so still the same case.
        let renamed = EVENTS.replace("Made-up event log", "Our desk");
        let text = format!("{HEADING}A-1,9,One,New,29/2/2024 01:16,?\n");
        run(t, Mapping::parse(&renamed).unwrap(), text.as_bytes()).unwrap();
        assert_eq!(cases(t).len(), 2);
    });
}

#[test]
fn a_file_cut_short_keeps_the_rows_before_the_cut_and_says_so() {
    on_both(&[cases::ROOM], |t| {
        let whole = format!("{HEADING}{GOOD}{GOOD_TOO}");
        let cut = &whole.as_bytes()[..whole.len() - 12];
        let (report, refused) = run(t, events(), cut).unwrap();
        assert_eq!((report.accepted, report.refused), (1, 1));
        assert_eq!((refused[0].row, refused[0].faults[0].reason.code()), (3, "cut_off"));
        // The whole file later brings what was missing and nothing twice.
        let (report, _) = run(t, events(), whole.as_bytes()).unwrap();
        assert_eq!((report.accepted, report.already_imported), (1, 1));

        let quote = format!("{HEADING}{GOOD}A-4,0,\"never closed,New,1/3/2024 08:00,?\n{GOOD_TOO}");
        let (report, refused) = run(t, events(), quote.as_bytes()).unwrap();
        assert_eq!((report.rows, report.refused), (2, 1));
        assert_eq!((refused[0].row, refused[0].faults[0].reason.code()), (3, "unclosed_quote"));
        assert_eq!(entries(t), 2);

        let broken = Made::new(&format!("{HEADING}{GOOD}"), 0, b'\n').then_fails();
        let (report, _) = run(t, events(), broken).unwrap();
        let Some(FileEnd::CutShort { reason }) = report.end else { panic!("{:?}", report.end) };
        assert!(reason.contains("the disk was pulled out"), "{reason}");
    });
}

#[test]
fn what_is_no_register_is_refused_in_a_sentence_and_nothing_is_recorded() {
    on_both(&[cases::ROOM], |t| {
        let utf16: Vec<u8> =
            format!("{HEADING}{GOOD}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, says) in [
            (&b""[..], "empty"),
            (b"PK\x03\x04\x14\0\x06\0", "ZIP archive or a workbook"),
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "heading"),
            (b"\x89PNG\r\n\x1a\n\0\0", "heading"),
            (b"\x1f\x8b\x08\0garbage", "the packed file"),
            (b"{\"cases\": []}\n", "no column"),
            (b"<html><body>Sign in</body></html>", "no column"),
            (b"id;seq;title;state;opened;note\n", "delimiter"),
            (b"id,seq,title,state,opened,note,id\n", "more than once"),
            (b"id,seq,ti\xff", "byte 9"),
            (&utf16, "UTF-16"),
            (b"\xff\xfei\0d\0", "UTF-16LE"),
        ] {
            match run(t, events(), bytes) {
                Err(Error::Refused(Refusal::Input { message, .. })) => {
                    assert!(message.contains(says), "{says}: {message}");
                }
                other => panic!("{says}: {other:?}"),
            }
        }
        assert_eq!(entries(t), 0);
    });
}

/// A source that makes up its bytes: `start`, then `filler` so many times, then an end or a failure.
struct Made {
    start: Cursor<Vec<u8>>,
    left: u64,
    filler: u8,
    end: Cursor<Vec<u8>>,
    fails: bool,
}

impl Made {
    fn new(start: &str, left: u64, filler: u8) -> Self {
        let end = Cursor::new(Vec::new());
        Self { start: Cursor::new(start.as_bytes().to_vec()), left, filler, end, fails: false }
    }
    fn then(mut self, end: &str) -> Self {
        self.end = Cursor::new(end.as_bytes().to_vec());
        self
    }
    fn then_fails(mut self) -> Self {
        self.fails = true;
        self
    }
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.start.read(buffer)?;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        if self.left == 0 {
            return match self.end.read(buffer)? {
                0 if self.fails => Err(std::io::Error::other("the disk was pulled out")),
                read => Ok(read),
            };
        }
        let length = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        buffer[..length].fill(self.filler);
        self.left -= length as u64;
        Ok(length)
    }
}

#[test]
fn a_line_without_end_is_refused_by_row_and_the_next_row_lands() {
    // The two gigabytes are at the command line's test, where the memory is bounded from outside.
    on_both(&[cases::ROOM], |t| {
        let start = format!("{HEADING}{GOOD}A-3,0,t,New,1/3/2024 08:00,");
        let made = || Made::new(&start, 20 << 20, b'x').then(&format!("\n{GOOD_TOO}"));
        let (report, refused) = run(t, events(), made()).unwrap();
        assert_eq!((report.accepted, report.refused), (2, 1));
        let fault = &refused[0].faults[0];
        assert_eq!((refused[0].row, fault.reason.code()), (3, "too_long"));
        assert!(fault.value.starts_with("A-3,0,t,New"), "{}", fault.value);
        let (again, _) = run(t, events(), made()).unwrap();
        assert_eq!((again.accepted, again.already_imported), (0, 2));
        assert_eq!(entries(t), 2);
    });
}

#[test]
fn a_row_that_grows_past_the_record_s_bound_is_refused_alone() {
    // Short enough to be read, but each character takes six bytes in the record.
    on_both(&[cases::ROOM], |t| {
        let row = format!("A-3,0,t,New,1/3/2024 08:00,{}", "\u{1}".repeat(400_000));
        let said = one_bad_row(t, &with(row.as_bytes()), "too_long_to_record", None);
        assert!(said.contains("1048576"), "{said}");
    });
    // One that is as long and stays short in the record is taken.
    let t = TestDb::sqlite(&[cases::ROOM]);
    let text = format!("{HEADING}A-3,0,t,New,1/3/2024 08:00,{}\n", "x".repeat(900_000));
    assert_eq!(run(&t, events(), text.as_bytes()).unwrap().0.accepted, 1);
}

#[test]
fn only_who_may_imports() {
    for (role, may) in
        [(Role::ComplianceLead, true), (Role::Viewer, false), (Role::ExecutiveSponsor, false)]
    {
        let actor = Actor { roles: Roles::NONE.with(role), ..lead() };
        let got = authorize::<ImportCases>(&actor, &Facts::of(organisation()));
        assert_eq!(got.is_ok(), may, "{role}");
    }
    let elsewhere = Facts::of(PartyId::new(Timestamp(0), 9));
    assert_eq!(authorize::<ImportCases>(&lead(), &elsewhere).unwrap_err(), Refusal::NotFound);
}
