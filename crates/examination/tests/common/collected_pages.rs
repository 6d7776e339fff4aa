//! A population out of what a collector brought: its retrieval is filled in and bears the collector's
//! mark; what a person uploads or types never does.

use super::population_pages::ALL;
use super::*;
use evidence::collectors::model::{Asked, Covers, Format, Record, When};
use evidence::collectors::permits::{RunCollector, StateCollectors};
use evidence::collectors::service::{Secret, collected, permit, plan, state};
use evidence::collectors::store as collectors;
use evidence::model::{EvidenceId, SpeaksFor};
use examination::ipe::model::Retrieval;
use platform::jobs::webhook::Reach;

const LIST: &str = "worker,left_on\nW-1,2025-03-01\nW-2,2025-04-01\n";
const SCHEMA: &str = "name = \"leavers\"\nkind = \"event population\"\nzone = \"Europe/London\"\nkey = [\"worker\"]\ndated_by = \"left_on\"\ncolumns = [\n { name = \"worker\", type = \"text\", required = true },\n { name = \"left_on\", type = \"date\", required = true },\n]\n";

/// Declares a collector for the engagement, runs it, and records this list as what came back.
fn bring(w: &World<'_>) -> EvidenceId {
    brought(w, &who(1))
}

/// The same by somebody.
fn brought(w: &World<'_>, by: &Actor) -> EvidenceId {
    let by = by.clone();
    let blob = w.blobs.put_bytes(LIST.as_bytes()).unwrap();
    let (mut e, engagement, control) = (w.edge.env(), w.engagement, w.control);
    w.t.db
        .write_blocking(move |tx| {
            let facts = scope::facts(tx, engagement)?;
            let may = authorize::<StateCollectors>(&by, &facts)?;
            let asked = Asked {
                name: "Leavers".into(),
                system: "HR system".into(),
                address: "https://hr.example/leavers?from={from}&to={to}".into(),
                header: String::new(),
                format: Format::Csv,
                columns: vec!["worker".into(), "left_on".into()],
                controls: vec![control],
                request: None,
                covers: Covers::Days {
                    from: "2025-01-01".parse().unwrap(),
                    to: "2025-12-31".parse().unwrap(),
                },
                zone: "Europe/London".into(),
                when: When::ByHand,
                at: String::new(),
            };
            let told = (&asked, &Secret::Keep, Reach::default());
            let id = state(tx, &mut e, &may, None, told)?;
            let run = authorize::<RunCollector>(&Actor::system(party(1), "collectors"), &facts)?;
            let run = plan(tx, &mut e, &run, id)?;
            let now = e.now();
            let period = Period::parse("2025-01-01", "2025-12-31", "Europe/London").unwrap();
            let record = Record {
                system: "HR system".into(),
                request: "GET https://hr.example/leavers?from=2025-01-01&to=2025-12-31".into(),
                begun_at: now,
                ended_at: now,
                status: 200,
                date: String::new(),
                content_type: "text/csv".into(),
                etag: String::new(),
                bytes: blob.bytes,
                sha256: blob.sha256.clone(),
                speaks_for: SpeaksFor { from: period.starts_at(), to: period.last_instant() },
                zone: "Europe/London".into(),
            };
            let found = collectors::collector(tx, party(1), id)?.unwrap();
            let may = permit(tx, &found)?;
            collected(tx, &mut e, &may, (run, 1), (&record, "text/csv"))
        })
        .unwrap()
}

/// Freezes this item of evidence; gives the address of the population's checks.
fn frozen(w: &World<'_>, name: &str, evidence: &str) -> String {
    let list = w.at("/populations");
    let texts = [
        ("name", name),
        ("schema", SCHEMA),
        ("evidence", evidence),
        ("covers_from", "2025-01-01"),
        ("covers_to", "2025-12-31"),
    ];
    let sent = w.upload(&list, &texts, "");
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    format!("{}/completeness", sent.location)
}

fn recorded(w: &World<'_>, checks: &str, made: &Retrieval) -> String {
    let at = made.made_at.to_rfc3339();
    let fields = [
        ("system", made.system.as_str()),
        ("generator", made.generator.as_str()),
        ("query", &made.query),
        ("parameters", &made.parameters),
        ("made_by", &made.made_by),
        ("made_at", &at),
        ("output_sha256", made.output_sha256.as_deref().unwrap_or("")),
        // A form has no field for the mark, so one that is sent counts for nothing.
        ("collector", "crn_01J00000000000000000000000"),
    ];
    let sent = w.submit(checks, &format!("{checks}/retrieval"), &fields);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    w.get(checks).body
}

#[test]
fn what_a_collector_brought_is_frozen_with_its_own_record_and_an_upload_bears_no_mark() {
    const MARK: &str = "Recorded by collector; nothing of it was typed";
    on_both(ALL, |t| {
        let mut w = world(t);
        let item = bring(&w);
        let by_hand = w.supply("Leavers, uploaded.csv", LIST.as_bytes());
        w.sign_in(4);
        let page = w.get(&w.at("/populations")).body;
        assert!(page.contains("Leavers, 2025-12-31.csv (recorded by collector)"), "{page}");
        assert!(!page.contains("uploaded.csv (recorded by collector)"), "{page}");

        let checks = frozen(&w, "Leavers", &item.to_string());
        let page = w.get(&checks).body;
        let digest = w.blobs.put_bytes(LIST.as_bytes()).unwrap().sha256;
        for said in
            ["A collector brought this file", "started by its schedule", &digest, "HR system"]
        {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(page.contains("from=2025-01-01&#38;to=2025-12-31"), "the exact request: {page}");
        assert!(page.contains("the connector&#39;s is") || page.contains("the connector's is"));
        assert!(!page.contains(MARK), "nothing is marked before somebody records it");
        let (engagement, population) = (w.engagement, checks.split('/').nth(4).unwrap().to_owned());
        let made =
            t.db.read_blocking(move |c| {
                let file = examination::store::file_of(&scope::facts(c, engagement)?)?;
                let id = population.parse().unwrap();
                let found = examination::store::population(c, file, id)?.unwrap();
                examination::ipe::service::proposed(c, party(1), &found)
            })
            .unwrap()
            .unwrap();
        // A changed word is the auditor's statement; unchanged it is the collector's record.
        let changed = Retrieval { query: format!("{}&all=1", made.query), ..made.clone() };
        assert!(!recorded(&w, &checks, &changed).contains(MARK));
        let page = recorded(&w, &checks, &made);
        assert!(page.contains(MARK) && page.contains(&made.collector.unwrap().to_string()));

        // The same words about the same bytes, which a person uploaded.
        let checks = frozen(&w, "Leavers again", &by_hand);
        let page = w.get(&checks).body;
        assert!(!page.contains("A collector brought this file"), "{page}");
        assert!(!page.contains("the connector's is") && !page.contains("the connector&#39;s is"));
        assert!(!recorded(&w, &checks, &made).contains(MARK));
        // The organisation sees nothing of the file.
        w.sign_in(1);
        assert_eq!(w.get(&checks).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn whether_the_maker_operates_the_control_is_ticked_where_they_own_it() {
    let ticked = |page: &str| {
        let at = page.find("name=\"operates_control\"").unwrap();
        let tag = &page[page[..at].rfind('<').unwrap()..];
        tag[..tag.find('>').unwrap()].contains("checked")
    };
    on_both(ALL, |t| {
        let mut w = world(t);
        let mut e = w.edge.env();
        let engineer =
            t.db.write_blocking(move |tx| {
                let (at, side) = (party(1), Side::ServiceOrganisation);
                let setup = authorize(&Actor::system(at, "setup"), &Facts::of(at))?;
                identity::service::register_party(tx, &mut e, &setup, side, "Ledgerly Inc.")?;
                let (mail, roles) = ("lu@ledgerly.example", [Role::ComplianceLead]);
                identity::service::add_person_directly(tx, &mut e, at, mail, "Lu", &roles)
            })
            .unwrap();
        let item = brought(&w, &Actor { person: Some(engineer), ..who(1) }).to_string();
        w.sign_in(4);
        let checks = frozen(&w, "Leavers", &item);
        assert!(!ticked(&w.get(&checks).body), "nobody owns the control");
        // Whoever stated the request owns a control that the evidence bears on.
        let (mut e, control) = (w.edge.env(), w.control);
        t.db.write_blocking(move |tx| {
            let keep = authorize::<ManageControls>(&who(1), &Facts::of(party(1)))?;
            let known = controls::store::control(tx, party(1), control)?.unwrap();
            let text = ControlText { owner: Some(engineer), ..known.text };
            controls::service::state_control(
                tx,
                &mut e,
                &keep,
                Some((control, known.version, "A new owner.")),
                &text,
            )
        })
        .unwrap();
        assert!(ticked(&w.get(&checks).body), "who asked could have asked for less");
        // It is a proposal: the auditor takes it back where somebody watched, and what they say stands.
        let uploaded = w.supply("Leavers, uploaded.csv", LIST.as_bytes());
        let by_hand = frozen(&w, "Leavers again", &uploaded);
        assert!(!ticked(&w.get(&by_hand).body), "of an upload nothing is proposed");
    });
}
