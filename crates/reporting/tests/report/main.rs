//! From the record to the issued report and the package, on both databases; and every change is seen.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it stands")]

mod completed;
mod completed_pages;
mod memorandum;
mod real;
mod reperform;
#[path = "../../../examination/tests/common/staffed.rs"]
mod staffed;
mod world;

use kernel::party::{Role, Side};
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::journal::Expected;
use platform::testing::{TestDb, on_both};
use reporting::model::BuildKind;
use reporting::package::{Source, verify_package};
use reporting::permits::*;
use reporting::verify_report::verify_report;
use reporting::{assemble, press_room, service, store};
use std::io::{Read as _, Write as _};
use std::path::Path;
use world::*;

pub(crate) fn opened(path: &Path) -> Box<dyn Source> {
    Box::new(std::fs::File::open(path).unwrap())
}

#[test]
fn from_an_empty_record_to_the_issued_report() {
    on_both(&ROOMS, |t| {
        let world = World::new(t);
        let id = world.engagement;
        let open = |w: &World<'_>| -> Vec<&'static str> {
            let all = w.t.db.read_blocking(|c| service::conditions(c, id)).unwrap();
            all.iter().filter(|c| !c.met).map(|c| c.name).collect()
        };
        assert_eq!(
            open(&world),
            ["description", "assertion", "date", "letter", "opinion", "signature", "lint"]
        );
        let missing = t.db.read_blocking(|c| service::organisation_conditions(c, id)).unwrap();
        assert!(
            missing[0].missing.contains("DC1") && missing[0].missing.contains("DC5"),
            "{missing:?}"
        );
        world.registers();
        world.describe();
        assert_eq!(open(&world), ["assertion", "date", "letter", "opinion", "signature", "lint"]);
        world.plan();
        world.examine();
        world.conclude_commitments();
        // A report cannot be dated before the end of what it speaks for, nor a letter otherwise than it.
        assert!(matches!(
            refused(world.state_terms(date(2025, 12, 30))),
            Refusal::Input { field: Some("report_date"), .. }
        ));
        world.state_terms(date(2026, 1, 1)).unwrap();
        assert!(matches!(
            refused(world.receive_letter(date(2026, 1, 2))),
            Refusal::Input { field: Some("date"), .. }
        ));
        world.receive_letter(date(2026, 1, 1)).unwrap();
        // Management signs; nobody else can.
        assert!(matches!(
            authorize::<SignAssertion>(&world.lead(), &world.facts()),
            Err(Refusal::Forbidden(_))
        ));
        assert!(matches!(
            authorize::<SignAssertion>(&world.partner(), &world.facts()),
            Err(Refusal::NotFound)
        ));
        world.sign_assertion().unwrap();
        assert!(
            matches!(refused(world.issue(world.partner())), Refusal::State(why) if why.contains("opinion"))
        );
        world.conclude_opinion();
        assert_eq!(open(&world), ["signature"]);
        world.complete();
        let left = t.db.read_blocking(|c| service::conditions(c, id)).unwrap();
        assert!(left.iter().all(|c| c.met), "{left:#?}");
        assert!(matches!(refused(world.issue(world.manager())), Refusal::Forbidden(_)));
        assert_eq!(t.db.read_blocking(|c| store::issued(c, id)).unwrap(), None);
        let (issued, bytes) = world.issue(world.partner()).unwrap();
        assert_eq!(issued.pdf.bytes, bytes.len() as u64);
        assert_eq!(world.blobs.read(&issued.pdf.sha256, 1 << 26).unwrap(), bytes);
        // What was issued stays as it was.
        assert!(matches!(refused(world.sign_assertion()), Refusal::State(_)));
        assert!(matches!(refused(world.issue(world.partner())), Refusal::State(_)));
        let shown = verify_report(&bytes, Some(&world.vkey()));
        assert_eq!(shown.findings, []);
        assert!(shown.pinned && shown.issued);
        assert_eq!(shown.names.unwrap(), ["Ledgerly Ltd", "Ledgerly Payroll", "Hale & Brook LLP"]);
    });
}

#[test]
fn the_same_record_is_the_same_file() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        let (first, blob, bytes) = world.draft().unwrap();
        let (second, again, same) = world.draft().unwrap();
        assert_eq!((first.build.event, &blob), (second.build.event, &again));
        assert!(bytes == same, "two files of one state");
        // Another text is another build.
        world.state_terms(date(2026, 1, 2)).unwrap();
        let (third, other, _) = world.draft().unwrap();
        assert_ne!((first.build.event, &blob), (third.build.event, &other));
        assert_eq!(first.build.report, third.build.report);
        // The figures lead to the entries they come from.
        let data = third.data;
        assert_eq!(data.traces.len(), 1, "{:?}", data.traces);
        assert_eq!((data.traces[0].figure.as_str(), data.traces[0].sha256.len()), ("41", 64));
        let place =
            t.db.read_blocking(|c| {
                let papers = examination::store::Papers::load(c, world.engagement)?;
                let census = papers.censuses.values().next().unwrap().event;
                store::log_place(c, census)
            })
            .unwrap()
            .unwrap();
        assert_eq!(
            (place.index, place.sha256.as_str()),
            (data.traces[0].log_index, data.traces[0].sha256.as_str())
        );
    });
}

/// Imports one incident, so that there is something to decide about.
fn incident(world: &World<'_>) -> cases::model::CaseId {
    use cases::rules::import::{Mapping, mapping::SHIPPED};
    let (_, text) = SHIPPED.iter().find(|(name, _)| *name == "spreadsheet").unwrap();
    let mapping = Mapping::parse(text).unwrap();
    let register = mapping.source().to_owned();
    let sheet = "number,title,description,kind,state,severity,channel,reporter,owner,reported,acknowledged,resolved,closed\n\
        INC-7,Words of Mona,She wrote it,incident,resolved,high,email,Mona,Tom,2025-08-17 09:30,2025-08-17 11:00,2025-08-18,\n";
    let edge: std::sync::Arc<dyn platform::edge::Edge> =
        std::sync::Arc::new(platform::edge::FixedEdge::new(world.next().now(), [77; 32]));
    let permit = authorize::<cases::permits::ImportCases>(&world.lead(), &world.facts()).unwrap();
    let (db, sheet) = (&world.t.db, sheet.as_bytes());
    let done = cases::intake::import(
        db,
        &edge,
        permit,
        mapping,
        sheet,
        |_| true,
        |row| {
            panic!("{row:?}");
        },
    );
    assert_eq!(done.unwrap().accepted, 1);
    cases::intake::case_id(world.organisation, &register, "INC-7")
}

#[test]
fn what_management_approved_for_disclosure_stands_in_section_iii_and_is_traced() {
    use cases::disclosures::model::{Answer, DecisionText, Draft, Question};
    use cases::disclosures::permits::{ApproveDisclosure, PrepareDisclosure};
    use cases::disclosures::service as disclosures;
    use reporting::report_document::Incidents;
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        let (case, id) = (incident(&world), world.engagement);
        let (before, ..) = world.draft().unwrap();
        assert!(matches!(before.data.description.incidents, Incidents::None(_)));
        let text = DecisionText {
            answers: Question::ALL
                .iter()
                .map(|q| Answer { question: *q, yes: true, why: "As recorded.".into() })
                .collect(),
            disclose: true,
            rationale: "A commitment was not met.".into(),
            draft: Draft {
                nature: "Payments of a day were sent twice.".into(),
                timing: "It lasted from 17 to 18 August.".into(),
                extent: "Eleven employers were paid back.".into(),
            },
        };
        let prepared = text.clone();
        world
            .run::<PrepareDisclosure, _>(&world.lead(), move |tx, e, p| {
                disclosures::prepare(tx, e, p, Some(case), 0, &prepared)
            })
            .unwrap();
        // What nobody approved is not printed.
        let (waiting, ..) = world.draft().unwrap();
        assert!(matches!(waiting.data.description.incidents, Incidents::None(_)));
        world
            .run::<ApproveDisclosure, _>(&world.sponsor(), move |tx, e, p| {
                disclosures::judge(tx, e, p, Some(case), 1, (true, "Agreed."))
            })
            .unwrap();
        let (built, _, bytes) = world.draft().unwrap();
        let Incidents::Disclosed(all) = &built.data.description.incidents else { panic!() };
        assert_eq!(all.len(), 1);
        let one = &all[0];
        assert_eq!(
            (one.id.as_str(), one.began, one.ended),
            ("INC-7", date(2025, 8, 17), Some(date(2025, 8, 18)))
        );
        assert!(one.nature.plain().starts_with("Payments of a day"), "{:?}", one.nature);
        assert_eq!(one.effect.plain(), "Eleven employers were paid back.");
        // The reporter's own words are not management's to publish.
        let data = serde_json::to_string(&built.data).unwrap();
        assert!(!data.contains("Mona") && !data.contains("She wrote it"), "{data}");
        // The approval is traced to its entry, before the figures of Section IV.
        let number = one.outcome.traces().next().unwrap();
        let trace = built.data.traces.iter().find(|trace| trace.number == number).unwrap();
        assert_eq!(number, 1);
        let (source, event) = trace.source.split_once(", ").unwrap();
        let place =
            t.db.read_blocking({
                let event = event.parse().unwrap();
                move |c| store::log_place(c, event)
            })
            .unwrap()
            .unwrap();
        let known =
            t.db.read_blocking(move |c| cases::disclosures::store::disclosed(c, id)).unwrap();
        assert_eq!(source, known[0].decision.to_string());
        assert_eq!((place.index, &place.sha256), (trace.log_index, &trace.sha256));
        assert!(place.kind.contains("approved"), "{}", place.kind);
        assert_eq!(built.data.traces[1].figure, "41");
        let left = t.db.read_blocking(move |c| service::conditions(c, id)).unwrap();
        assert!(left.iter().all(|c| c.name != "lint" || c.met), "{left:#?}");
        // The pages of the file are those of this data.
        assert_eq!(verify_report(&bytes, Some(&world.vkey())).findings, []);
    });
}

#[test]
fn sections_have_versions_and_the_wall_stands() {
    on_both(&ROOMS, |t| {
        let world = World::new(t);
        let id = world.engagement;
        let write = |expected, text: &'static str| {
            world.run::<WriteDescription, _>(&world.lead(), move |tx, e, p| {
                let body = reporting::model::SectionBody { text: text.into(), entries: Vec::new() };
                service::write_section(tx, e, p, "DC3".parse().unwrap(), expected, &body)
            })
        };
        write(Expected::Version(0), "One.").unwrap();
        assert!(matches!(
            refused(write(Expected::Version(0), "Two.")),
            Refusal::Stale { seen: 0, now: 1 }
        ));
        write(Expected::Version(1), "Two.").unwrap();
        let sections = t.db.read_blocking(|c| store::sections(c, id)).unwrap();
        assert_eq!(sections.len(), 9);
        assert_eq!((sections[2].body.text.as_str(), sections[2].version), ("Two.", 2));
        assert_eq!(sections[0].version, 0);
        // Nothing of the firm's exists for the organisation.
        for role in Role::ALL.iter().filter(|r| r.side() == Side::ServiceOrganisation) {
            let who = actor(Side::ServiceOrganisation, world.organisation, 12, &[*role]);
            for refused in [
                authorize::<ReadDraft>(&who, &world.facts()).err(),
                authorize::<PrepareReport>(&who, &world.facts()).err(),
                authorize::<IssueReport>(&who, &world.facts()).err(),
                authorize::<ExportPackage>(&who, &world.facts()).err(),
            ] {
                assert_eq!(refused, Some(Refusal::NotFound));
            }
        }
        assert!(authorize::<ReadReport>(&world.lead(), &world.facts()).is_ok());
        assert_eq!(ACTIONS.len(), 8);
    });
}

/// Changes one byte inside the bytes of `within` of a file.
fn changed(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut out = bytes.to_vec();
    out[at] ^= 1;
    out
}

#[test]
fn a_changed_report_is_refused_with_the_reason() {
    let t = TestDb::sqlite(&ROOMS);
    let world = World::ready(&t);
    let (_, bytes) = world.issue(world.partner()).unwrap();
    let kinds = |bytes: &[u8], key: Option<&str>| -> Vec<&'static str> {
        verify_report(bytes, key).findings.iter().map(|f| f.kind).collect()
    };
    assert_eq!(kinds(&bytes, None), Vec::<&str>::new());
    assert!(!verify_report(&bytes, None).pinned);
    // Another key than the reader's.
    let other = t.journal.vkey(world.organisation).unwrap();
    assert!(kinds(&bytes, Some(&other)).contains(&"key"));
    // A byte of the comment after the header, and one of the last line.
    assert!(kinds(&changed(&bytes, 11), None).contains(&"pdf"));
    for at in [bytes.len() / 7, bytes.len() / 3, bytes.len() / 2, bytes.len() - 20] {
        assert!(!kinds(&changed(&bytes, at), None).is_empty(), "byte {at} of {}", bytes.len());
    }
    assert!(!kinds(b"%PDF-1.7 nothing", None).is_empty());
    // A file made anew from changed data, with the true proof.
    let file = t.db.read_blocking(|c| {
        let build = store::latest_build(c, world.engagement, world.firm, None)?.unwrap();
        press_room::proof_file(c, &t.journal, &build)
    });
    let proof = serde_json::to_vec_pretty(&file.unwrap()).unwrap();
    let mut data = {
        let (id, build) = (
            world.engagement,
            t.db.read_blocking(|c| store::latest_build(c, world.engagement, world.firm, None))
                .unwrap()
                .unwrap(),
        );
        t.db.read_blocking(|c| assemble::build(c, id, build.report, build.kind)).unwrap()
    };
    let again = press_room::typeset(&data, &proof).unwrap();
    assert!(kinds(&again, None).is_empty());
    data.facts.organization.name = "Other Ltd".into();
    let forged = press_room::typeset(&data, &proof).unwrap();
    assert_eq!(kinds(&forged, None), ["data"]);
}

/// The files of a zip.
pub(crate) fn unzip(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    (0..zip.len())
        .map(|n| {
            let name = zip.name_for_index(n).unwrap().unwrap().into_owned();
            let mut bytes = Vec::new();
            zip.by_index(n).unwrap().read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

pub(crate) fn rezip(path: &Path, files: &[(String, Vec<u8>)]) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, bytes) in files {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

/// Section IV says of each list that a test used how its completeness and accuracy was evaluated, from the
/// checks as they are recorded.
#[test]
fn section_four_says_how_the_information_used_was_evaluated() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        let id = world.engagement;
        let report = reporting::model::ReportId::new(kernel::time::Timestamp(0), 1);
        t.sequence();
        let testing =
            t.db.read_blocking(|c| assemble::build(c, id, report, BuildKind::Draft))
                .unwrap()
                .testing;
        let tests = testing.controls().flat_map(|c| &c.tests);
        let told: Vec<String> =
            tests.flat_map(|t| &t.information).map(|line| line.plain()).collect();
        assert_eq!(
            told,
            [
                "Information used: Leavers. The query and its parameters were inspected and its execution was observed. The list was reconciled with the payroll without difference. Items selected from outside the list were found in it, and rows of it were agreed to their source."
            ]
        );
    });
}

/// What the firm noted of a deviation is no statement of management: section V holds what management gave.
#[test]
fn section_five_prints_only_what_management_gave() {
    use examination::deviations::model::Answer;
    use examination::deviations::permits::{AskStatement, GiveStatement};
    use examination::deviations::service::{ask_statement, give_statement};
    on_both(&ROOMS, |t| {
        let world = World::ready_with(t, real::examine);
        let id = world.engagement;
        let report = reporting::model::ReportId::new(kernel::time::Timestamp(0), 1);
        t.sequence();
        let built =
            || t.db.read_blocking(|c| assemble::build(c, id, report, BuildKind::Draft)).unwrap();
        let before = built();
        // The exception is printed, and the firm's own note of what was said is not.
        assert_eq!(before.deviations_released.len(), 1);
        assert_eq!(before.other_information, None);
        let asked = world
            .run::<AskStatement, _>(&world.manager(), move |tx, e, p| {
                let papers = examination::store::Papers::load(tx, id)?;
                let found = papers.deviations[0].id;
                ask_statement(tx, e, p, found, "One leaver kept access.", "2026-01-19")
            })
            .unwrap();
        t.sequence();
        assert_eq!(built().other_information, None, "asked is not answered");
        let answer = Answer {
            agrees: true,
            text: "We agree.".into(),
            correction: "Access now ends by itself.".into(),
            corrected_on: Some("2025-05-04".into()),
        };
        world
            .run::<GiveStatement, _>(&world.sponsor(), move |tx, e, p| {
                give_statement(tx, e, p, asked, 1, &answer)
            })
            .unwrap();
        t.sequence();
        let after = built().other_information.unwrap();
        assert_eq!(after.responses.len(), 1);
        assert_eq!(after.responses[0].text.plain(), "We agree. Access now ends by itself.");
        assert_eq!(after.responses[0].due, Some(date(2025, 5, 4)));
        assert_eq!(after.responses[0].deviations, before.deviations_released);
    });
}

/// Who reviews the quality of an engagement takes part in none of its decisions.
#[test]
fn the_quality_reviewer_neither_reviews_work_nor_signs_second() {
    use examination::completion::permits::{ReviewCompletion, SignQuality};
    use examination::deviations::permits::SecondNature;
    use examination::permits::{ReviewWork, SecondConclusion};
    let t = TestDb::sqlite(&ROOMS);
    let world = World::new(&t);
    let (who, facts) = (world.quality(), world.facts());
    assert!(authorize::<SignQuality>(&who, &facts).is_ok());
    assert!(authorize::<ReviewCompletion>(&who, &facts).is_err());
    assert!(authorize::<ReviewWork>(&who, &facts).is_err());
    assert!(authorize::<SecondConclusion>(&who, &facts).is_err());
    assert!(authorize::<SecondNature>(&who, &facts).is_err());
    assert!(authorize::<SecondConclusion>(&world.manager(), &facts).is_ok());
}

#[test]
fn a_package_verifies_and_every_change_is_seen() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        world.issue(world.partner()).unwrap();
        t.sequence();
        let path = world.export("a.zip");
        let keys = [world.vkey(), t.journal.vkey(world.organisation).unwrap()];
        let found = verify_package(opened(&path), &keys);
        assert_eq!(found.findings, []);
        assert!(found.pinned && found.report, "{found:?}");
        assert_eq!(found.blobs, 3);
        assert!(
            found.disclosed < found.entries,
            "the other engagement is not disclosed: {found:?}"
        );
        assert!(!verify_package(opened(&path), &[]).pinned);
        assert!(found.workpapers >= 3 && found.proofs >= 3, "{found:?}");
        // The same state gives the same bytes.
        let again = world.export("b.zip");
        assert!(std::fs::read(&path).unwrap() == std::fs::read(&again).unwrap());
        // Another organisation's key is not this log's.
        let files = unzip(&path);
        let kinds = |files: &[(String, Vec<u8>)]| -> Vec<&'static str> {
            let at = t.folder.path().join("changed.zip");
            rezip(&at, files);
            let mut kinds: Vec<_> =
                verify_package(opened(&at), &keys).findings.iter().map(|f| f.kind).collect();
            kinds.dedup();
            kinds
        };
        assert_eq!(kinds(&files), Vec::<&str>::new());
        let edit = |prefix: &str, f: &dyn Fn(&mut Vec<u8>)| {
            let mut files = files.clone();
            let file = files.iter_mut().rfind(|(n, _)| n.starts_with(prefix)).unwrap();
            f(&mut file.1);
            files
        };
        // A changed file.
        assert_eq!(kinds(&edit("blobs/", &|b| b[0] ^= 1)), ["blob"]);
        // A file taken out.
        let fewer: Vec<_> =
            files.iter().filter(|(n, _)| !n.starts_with("blobs/")).cloned().collect();
        assert_eq!(kinds(&fewer), ["blob"]);
        // A changed report.
        let report = kinds(&edit("report.pdf", &|b| b[11] ^= 1));
        assert!(report.contains(&"blob") && report.contains(&"pdf"), "{report:?}");
        // An entry taken away, two exchanged, one hidden that a figure leads to.
        let lines = |f: &dyn Fn(&mut Vec<String>)| {
            let firm = format!("logs/{}", world.firm);
            edit(&firm, &|b| {
                let mut lines: Vec<String> =
                    String::from_utf8(b.clone()).unwrap().lines().map(str::to_owned).collect();
                f(&mut lines);
                *b = lines.iter().map(|l| format!("{l}\n")).collect::<String>().into_bytes();
            })
        };
        assert!(
            kinds(&lines(&|l| {
                l.remove(1);
            }))
            .contains(&"log")
        );
        assert!(kinds(&lines(&|l| l.swap(1, 2))).contains(&"log"));
        // A changed payload, and a changed entry.
        let altered = |member: &'static str| {
            lines(&move |l: &mut Vec<String>| {
                let line = l.iter_mut().find(|l| l.contains("\"payload\"")).unwrap();
                let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
                let text = value[member].as_str().unwrap().to_owned();
                let flipped = if text.as_bytes()[20] == b'A' { "B" } else { "A" };
                value[member] = format!("{}{flipped}{}", &text[..20], &text[21..]).into();
                *line = value.to_string();
            })
        };
        assert_eq!(kinds(&altered("payload")), ["payload"]);
        assert!(kinds(&altered("entry")).contains(&"log"));
        // A changed workpaper, a changed proof, and one that was taken out.
        assert_eq!(kinds(&edit("workpapers/", &|b| b[40] ^= 1)), ["paper"]);
        assert_eq!(kinds(&edit("proofs/", &|b| b[40] ^= 1)), ["paper"]);
        let fewer: Vec<_> =
            files.iter().filter(|(n, _)| !n.starts_with("proofs/")).cloned().collect();
        assert_eq!(kinds(&fewer), ["paper"]);
        // Something that no package has.
        let mut more = files.clone();
        more.push(("../evil".into(), b"x".to_vec()));
        assert_eq!(kinds(&more), ["file"]);
    });
}
