//! A package is re-performed: everything comes out identical; and whoever forges a package, with a key of
//! their own and digests that all agree, is named what they forged.

use crate::world::*;
use crate::{opened, real, rezip, unzip};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use kernel::event::{Entry, payload_commitment};
use ledger::{Checkpoint, MemoryTree, Signer, TlogProof, inclusion_proof};
use platform::db::Migration;
use platform::testing::{TestDb, on_both};
use reporting::package::{Reperformed, Source, reperform, verify_package};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

type Files = Vec<(String, Vec<u8>)>;

fn migrations() -> Vec<Migration> {
    platform::MIGRATIONS.iter().chain(ROOMS.iter().flat_map(|r| r.migrations)).copied().collect()
}

fn again(path: &Path) -> Reperformed {
    let open = || std::fs::File::open(path).map(|f| Box::new(f) as Box<dyn Source>);
    let rooms: Vec<_> = ROOMS
        .into_iter()
        .filter(|r| {
            // These have their tables with the room's own.
            matches!(r.name, "ipe" | "supplied" | "promises")
                || !r.migrations.is_empty()
                    && r.migrations
                        .iter()
                        .all(|m| !m.room.starts_with("r0_") && !m.room.starts_with("r4_"))
        })
        .collect();
    reperform(&open, &[], &rooms, &migrations())
}

#[test]
fn a_package_is_reperformed_identically_and_two_runs_are_equal() {
    let digests = std::sync::Mutex::new(Vec::new());
    on_both(&ROOMS, |t| {
        let world = World::ready_with(t, real::examine);
        t.sequence();
        let path = world.export("a.zip");
        assert_eq!(verify_package(opened(&path), &[]).findings, []);
        let found = again(&path);
        assert_eq!(found.findings, []);
        assert_eq!(found.differences, []);
        assert!(found.identical());
        let count = |kind| found.derived.get(kind).copied().unwrap_or(0);
        assert_eq!(
            (count("populations"), count("selections"), count("full-population runs")),
            (2, 1, 1)
        );
        assert_eq!(count("item results"), 25);
        assert_eq!(count("workpapers"), 3);
        // The opinion and a control, and each of the 33 criteria, which a person concluded on.
        assert_eq!(count("proposals"), 35);
        // Two runs give equal bytes.
        let text = |r: &Reperformed| serde_json::to_vec(r).unwrap();
        assert_eq!(text(&found), text(&again(&path)));
        digests.lock().unwrap().push(found.derived_sha256);
    });
    let digests = digests.into_inner().unwrap();
    assert!(digests.iter().all(|d| *d == digests[0]), "both databases: {digests:?}");
}

/// A package whose log is forged with another key: every digest agrees, and no pinned key is asked for.
struct Forger {
    files: BTreeMap<String, Vec<u8>>,
    manifest: Value,
}

impl Forger {
    fn new(path: &Path) -> Self {
        let files: BTreeMap<String, Vec<u8>> = unzip(path).into_iter().collect();
        let manifest = serde_json::from_slice(&files["manifest.json"]).unwrap();
        let mut forger = Self { files, manifest };
        // The report is signed under the true key and would give the forgery away at once.
        forger.files.remove("report.pdf");
        forger.manifest["report_sha256"] = Value::Null;
        forger
    }

    /// Changes the content of every disclosed entry of the firm's log of this kind.
    fn payload(&mut self, kind: &str, change: &dyn Fn(&mut Value)) {
        let log = self.manifest["logs"][1].clone();
        let name = log["file"].as_str().unwrap().to_owned();
        let mut done = 0;
        let text = String::from_utf8(self.files[&name].clone()).unwrap();
        let lines: Vec<String> = text
            .lines()
            .map(|line| {
                let mut value: Value = serde_json::from_str(line).unwrap();
                let Some(bytes) = value["entry"].as_str() else { return line.to_owned() };
                let mut entry = Entry::parse(&BASE64_STANDARD.decode(bytes).unwrap()).unwrap();
                if entry.kind != kind {
                    return line.to_owned();
                }
                let payload = BASE64_STANDARD.decode(value["payload"].as_str().unwrap()).unwrap();
                let mut content: Value = serde_json::from_slice(&payload).unwrap();
                change(&mut content[kind]);
                let payload = serde_json::to_vec(&content).unwrap();
                let salt = hex::decode(value["salt"].as_str().unwrap()).unwrap();
                entry.payload = payload_commitment(&salt, &payload);
                value["entry"] = BASE64_STANDARD.encode(entry.to_bytes()).into();
                value["payload"] = BASE64_STANDARD.encode(payload).into();
                done += 1;
                value.to_string()
            })
            .collect();
        assert!(done > 0, "no {kind} in the package");
        self.files
            .insert(name, lines.iter().map(|l| format!("{l}\n")).collect::<String>().into_bytes());
    }

    /// Puts other bytes into the package and gives their digest; the old file goes.
    fn blob(&mut self, old: &str, bytes: Vec<u8>) -> String {
        let sha256 = hex::encode(Sha256::digest(&bytes));
        self.files.remove(&format!("blobs/{old}"));
        let list = self.manifest["blobs"].as_array_mut().unwrap();
        list.retain(|b| b["sha256"] != old);
        list.push(serde_json::json!({ "sha256": sha256, "bytes": bytes.len() }));
        self.files.insert(format!("blobs/{sha256}"), bytes);
        sha256
    }

    /// Signs the firm's log anew with a key of the forger's, makes every proof anew, and brings every digest
    /// of the manifest into order.
    fn seal(mut self, path: &Path) {
        let origin = self.manifest["logs"][1]["origin"].as_str().unwrap().to_owned();
        let signer = Signer::from_seed(&origin, [66; 32]).unwrap();
        let file = self.manifest["logs"][1]["file"].as_str().unwrap().to_owned();
        let text = String::from_utf8(self.files[&file].clone()).unwrap();
        let mut tree = MemoryTree::new();
        let mut places = BTreeMap::new();
        let mut size = 0_u64;
        for line in text.lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            match value["entry"].as_str() {
                Some(entry) => {
                    let bytes = BASE64_STANDARD.decode(entry).unwrap();
                    places.insert(Entry::parse(&bytes).unwrap().id.to_string(), size);
                    tree.append(ledger::leaf_hash(&bytes));
                }
                None => {
                    let hash = hex::decode(value["leaf_hash"].as_str().unwrap()).unwrap();
                    tree.append(ledger::Hash::from_slice(&hash).unwrap());
                }
            }
            size += 1;
        }
        let root = ledger::root_at(size, &tree).unwrap();
        let checkpoint = Checkpoint::new(&origin, size, root).sign(&signer).unwrap();
        self.manifest["logs"][1]["vkey"] = signer.vkey().into();
        self.manifest["logs"][1]["checkpoint"] = checkpoint.as_str().into();
        for (name, bytes) in &mut self.files {
            if let Some(id) =
                name.strip_prefix("proofs/").and_then(|n| n.strip_suffix(".tlog-proof"))
            {
                let hashes = inclusion_proof(places[id], size, &tree).unwrap();
                *bytes =
                    TlogProof::new(places[id], hashes, &checkpoint).to_text().unwrap().into_bytes();
            }
        }
        for paper in self.manifest["papers"].as_array_mut().unwrap() {
            let bytes = &self.files[paper["name"].as_str().unwrap()];
            paper["sha256"] = hex::encode(Sha256::digest(bytes)).into();
            paper["bytes"] = bytes.len().into();
        }
        self.files.insert("manifest.json".into(), serde_json::to_vec(&self.manifest).unwrap());
        let files: Files = self.files.into_iter().collect();
        rezip(path, &files);
        // The forgery is consistent in itself: nothing but making things again shows it.
        assert_eq!(verify_package(opened(path), &[]).findings, []);
    }

    /// What a frozen population or a run says of its files.
    fn said(&self, kind: &str, at: &str) -> Value {
        let file = self.manifest["logs"][1]["file"].as_str().unwrap();
        let text = String::from_utf8(self.files[file].clone()).unwrap();
        for line in text.lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            let Some(payload) = value["payload"].as_str() else { continue };
            let content: Value =
                serde_json::from_slice(&BASE64_STANDARD.decode(payload).unwrap()).unwrap();
            if let Some(found) = content.get(kind) {
                return found.pointer(at).unwrap().clone();
            }
        }
        panic!("no {kind}");
    }
}

/// A deployment whose package holds real work, exported.
fn exported(t: &TestDb) -> std::path::PathBuf {
    let world = World::ready_with(t, real::examine);
    t.sequence();
    world.export("true.zip")
}

#[test]
fn whatever_is_forged_is_named() {
    let t = TestDb::sqlite(&ROOMS);
    let path = exported(&t);
    assert!(again(&path).identical());
    let forged = |name: &str, forge: &dyn Fn(&mut Forger)| -> Vec<(String, String)> {
        let at = t.folder.path().join(format!("{name}.zip"));
        let mut forger = Forger::new(&path);
        forge(&mut forger);
        forger.seal(&at);
        let found = again(&at);
        assert_eq!(found.findings, [], "{name}");
        assert!(!found.identical(), "{name}");
        found.differences.into_iter().map(|d| (d.object, d.value)).collect()
    };
    let has = |found: &[(String, String)], object: &str, value: &str| {
        assert!(
            found.iter().any(|(o, v)| o.starts_with(object) && v.contains(value)),
            "{object} / {value}: {found:#?}"
        );
    };
    assert_eq!(forged_nothing(&t, &path), Vec::<String>::new());
    // A row of a population: other rows under the recorded hash.
    let found = forged("row", &|f| {
        let kind = "examination.population_frozen.v1";
        let rows = f.said(kind, "/body/rows_blob/sha256").as_str().unwrap().to_owned();
        let other = {
            // The rows of another freeze with one worker fewer, and the record that belongs to them.
            let text = real_rows(59);
            let (rows, _) = refrozen(&text);
            rows
        };
        let length = other.len();
        let sha256 = f.blob(&rows, other);
        f.payload(kind, &|v| {
            if v["body"]["rows_blob"]["sha256"] == rows.as_str() {
                v["body"]["rows_blob"] = serde_json::json!({ "sha256": sha256, "bytes": length });
            }
        });
    });
    has(&found, "population Leavers", "population hash");
    has(&found, "population Leavers", "rows");
    // A seed.
    let drawn = "examination.sample_drawn.v1";
    let found = forged("seed", &|f| f.payload(drawn, &|v| v["body"]["seed"] = "mine".into()));
    has(&found, "selection for test T-IAM-05-1", "effective seed");
    has(&found, "selection for test T-IAM-05-1", "selected item");
    // A selected item, exchanged for one that is known to be good.
    let found = forged("item", &|f| {
        f.payload(drawn, &|v| {
            let selected = v["body"]["selected"].as_array_mut().unwrap();
            let out: Vec<&str> = selected.iter().map(|s| s.as_str().unwrap()).collect();
            let other = (0..60).map(|n| format!("W-{n:03}")).find(|w| !out.contains(&w.as_str()));
            selected[3] = other.unwrap().into();
        });
    });
    has(&found, "selection for test T-IAM-05-1", "selected item 4");
    // An item's result: the deviation becomes a pass.
    let found = forged("result", &|f| {
        f.payload("examination.item_tested.v1", &|v| {
            v["facts"]["attributes"][0]["result"] = "pass".into()
        });
    });
    has(&found, "item W-", "result");
    has(&found, "conclusion on control IAM-05", "proposal");
    // A row of a full-population run.
    let found = forged("census", &|f| {
        f.payload("examination.census_rows_listed.v1", &|v| v["rows"][0]["key"] = "c007".into());
    });
    has(&found, "full-population run of test T-IAM-05-2", "row 1");
    // Its totals.
    let found = forged("totals", &|f| {
        f.payload("examination.census_run.v1", &|v| {
            v["body"]["pass"] = 60.into();
            v["body"]["exceptions"] = 0.into();
        });
    });
    has(&found, "full-population run of test T-IAM-05-2", "exceptions");
    // A conclusion's proposal.
    let found = forged("proposal", &|f| {
        f.payload("examination.conclusion_signed.v1", &|v| {
            if v["about"]["about"] == "control" {
                v["proposed"]["operation"] = "effective".into();
            }
        });
    });
    has(&found, "conclusion on control IAM-05", "proposal");
    // An upper limit in a workpaper.
    let found = forged("limit", &|f| {
        let name = f.files.keys().find(|n| n.starts_with("workpapers/ctl_")).unwrap().clone();
        let mut paper: Value = serde_json::from_slice(&f.files[&name]).unwrap();
        paper["tests"][0]["outcomes"][0]["evaluation"]["upper_limit"] = 0.05.into();
        f.files.insert(name, serde_json::to_vec_pretty(&paper).unwrap());
    });
    has(&found, "workpaper of control IAM-05", "/tests/0/outcomes/0/evaluation/upper_limit");
}

/// Sealing without forging leaves nothing to name: what is named above is the forgery, not the seal.
fn forged_nothing(t: &TestDb, path: &Path) -> Vec<String> {
    let at = t.folder.path().join("nothing.zip");
    Forger::new(path).seal(&at);
    again(&at).differences.into_iter().map(|d| d.object).collect()
}

fn real_rows(count: usize) -> String {
    std::iter::once("worker,left_on\n".to_owned())
        .chain((0..count).map(|n| format!("W-{n:03},2025-{:02}-{:02}\n", n % 12 + 1, n % 27 + 1)))
        .collect()
}

/// The stored rows of a freeze of this text, and its record.
fn refrozen(text: &str) -> (Vec<u8>, Vec<u8>) {
    use examination::engine::{FreezeInput, SourceFile, freeze, scratch};
    let scratch = scratch().unwrap();
    let source = SourceFile {
        name: "leavers.csv".into(),
        reader: Box::new(std::io::Cursor::new(text.as_bytes().to_vec())),
        speaks_for: None,
    };
    let input = FreezeInput {
        schema: real::LEAVERS.into(),
        sources: vec![source],
        name: "Leavers".into(),
        source: "HR".into(),
        controls: Vec::new(),
        span: None,
        period: kernel::period::Period::parse("2025-01-01", "2025-12-31", "Europe/London").unwrap(),
        origin: examination::supplied::model::Origin::Firm,
        declared: examination::engine::Declared::default(),
    };
    let now = platform::testing::env().now();
    let body = freeze(&scratch.blobs, now, input, &()).unwrap();
    let read = |sha: &str| scratch.blobs.read(sha, 1 << 26).unwrap();
    (read(&body.rows_blob.sha256), read(&body.record_blob.sha256))
}

#[test]
fn an_altered_package_is_seen_by_the_verification_too() {
    let t = TestDb::sqlite(&ROOMS);
    let path = exported(&t);
    let files = unzip(&path);
    let altered = |prefix: &str| {
        let mut files = files.clone();
        let file = files.iter_mut().rfind(|(n, _)| n.starts_with(prefix)).unwrap();
        let middle = file.1.len() / 2;
        file.1[middle] ^= 1;
        let at = t.folder.path().join("altered.zip");
        rezip(&at, &files);
        let found = again(&at);
        assert!(!found.identical(), "{prefix}");
        found.findings.iter().map(|f| f.kind).collect::<Vec<_>>()
    };
    // An evidence file or any other, a workpaper, a proof, an entry.
    let evidence = hex::encode(Sha256::digest(b"a picture of the directory"));
    assert_eq!(altered(&format!("blobs/{evidence}")), ["blob"]);
    assert_eq!(altered("workpapers/"), ["paper"]);
    assert_eq!(altered("proofs/"), ["paper"]);
    assert!(altered("logs/").contains(&"log") || !altered("logs/").is_empty());
}

/// The engagement's name is that of its entries; other names are told as words of the package, and change
/// nothing of what is derived.
#[test]
fn a_name_that_is_changed_is_found_or_told_as_a_word_of_the_package() {
    let t = TestDb::sqlite(&ROOMS);
    let path = exported(&t);
    let honest = again(&path);
    assert!(honest.identical(), "{honest:?}");
    let stated = honest.stated.clone().unwrap().to_string();
    assert!(stated.starts_with("As the package states and no entry proves"), "{stated}");
    let with = |at: &[&str], name: &str| {
        let mut files = unzip(&path);
        let file = files.iter_mut().find(|(n, _)| n == "manifest.json").unwrap();
        let mut manifest: Value = serde_json::from_slice(&file.1).unwrap();
        let mut place = &mut manifest;
        for key in at {
            place = match key.parse::<usize>() {
                Ok(n) => &mut place[n],
                Err(_) => &mut place[*key],
            };
        }
        assert!(place.is_string(), "{at:?}");
        *place = name.into();
        file.1 = serde_json::to_vec(&manifest).unwrap();
        let forged = t.folder.path().join("renamed.zip");
        rezip(&forged, &files);
        again(&forged)
    };
    let found = with(&["engagement", "name"], "Another examination");
    let said: Vec<&str> = found.findings.iter().map(|f| f.kind).collect();
    assert!(said.contains(&"names") && !found.identical(), "{said:?}");
    for (at, name) in [
        (&["organisation", "name"][..], "Elsewhere Inc."),
        (&["firm", "name"], "Nobody LLP"),
        (&["people", "0", "name"], "Somebody Else"),
    ] {
        let found = with(at, name);
        assert_eq!(found.derived_sha256, honest.derived_sha256, "{at:?}");
        let told = found.stated.unwrap().to_string();
        assert!(told.contains(name) || at[0] == "people", "{told}");
    }
}

/// Another letter or bit in the middle of a file.
fn changed(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let middle = out.len() / 2;
    if let Some(byte) = out.get_mut(middle) {
        *byte ^= 1;
    }
    out
}

#[test]
fn no_file_of_a_package_can_be_changed_dropped_added_or_exchanged_unseen() {
    let t = TestDb::sqlite(&ROOMS);
    let world = World::ready_with(&t, real::examine);
    t.sequence();
    world.issue(world.partner()).unwrap();
    let path = world.export("true.zip");
    let files = unzip(&path);
    let found = |name: &str, files: &Files| -> Vec<String> {
        let at = t.folder.path().join("attacked.zip");
        rezip(&at, files);
        let report = verify_package(opened(&at), &[]);
        assert!(!report.verified(), "{name}");
        report.findings.iter().map(|f| f.message.clone()).collect()
    };
    let short = |name: &str| -> String {
        let last = name.rsplit('/').next().unwrap_or(name);
        last.split('.').next().unwrap_or(last).to_owned()
    };
    let mut kinds = BTreeMap::new();
    for (n, (name, bytes)) in files.iter().enumerate() {
        // Two of each kind.
        let kind = name.split('/').next().unwrap_or_default().to_owned();
        let seen = kinds.entry(kind).or_insert(0);
        *seen += 1;
        if *seen > 2 {
            continue;
        }
        // One bit of it.
        let mut attacked = files.clone();
        attacked[n].1 = changed(bytes);
        let said = found(&format!("{name} changed"), &attacked);
        // A manifest that is changed names something else, or is none.
        let names = said.iter().any(|m| m.contains(&short(name)));
        assert!(names || name == "manifest.json", "{name} changed: {said:?}");
        // The whole of it.
        let mut attacked = files.clone();
        attacked.remove(n);
        let said = found(&format!("{name} dropped"), &attacked);
        assert!(said.iter().any(|m| m.contains(&short(name))), "{name} dropped: {said:?}");
    }
    let all = ["blobs", "logs", "manifest.json", "proofs", "report.pdf", "workpapers"];
    assert!(all.iter().all(|k| kinds.contains_key(*k)), "{kinds:?}");
    // One more file, in each folder and beside them.
    for extra in [
        "blobs/00",
        "logs/more.ndjson",
        "proofs/more.tlog-proof",
        "workpapers/more.json",
        "note.txt",
    ] {
        let mut attacked = files.clone();
        attacked.push((extra.to_owned(), b"one more".to_vec()));
        let said = found(extra, &attacked);
        assert!(said.iter().any(|m| m.contains(extra)), "{extra} added: {said:?}");
    }
    // Two files that are each true, under each other's name.
    for kind in ["blobs/", "logs/", "proofs/", "workpapers/"] {
        let places: Vec<usize> =
            (0..files.len()).filter(|n| files[*n].0.starts_with(kind)).collect();
        let (a, b) = (places[0], places[places.len() - 1]);
        assert_ne!(files[a].1, files[b].1, "{kind}");
        let mut attacked = files.clone();
        let held = attacked[a].1.clone();
        attacked[a].1 = attacked[b].1.clone();
        attacked[b].1 = held;
        let said = found(&format!("{kind} exchanged"), &attacked);
        for place in [a, b] {
            let name = short(&files[place].0);
            assert!(said.iter().any(|m| m.contains(&name)), "{name} exchanged: {said:?}");
        }
    }
}

#[test]
fn a_selection_that_agrees_with_itself_is_named_when_it_is_not_the_one_that_was_recorded() {
    let t = TestDb::sqlite(&ROOMS);
    let path = exported(&t);
    // Whoever steers a selection draws it truly, by another seed, until it suits, and brings the effective
    // seed, the items, the results and every digest into order.
    let at = t.folder.path().join("steered.zip");
    let mut forger = Forger::new(&path);
    let frozen = |v: &str| forger.said("examination.population_frozen.v1", v);
    let hash = frozen("/body/canonical_sha256").as_str().unwrap().to_owned();
    let drawn = "examination.sample_drawn.v1";
    let was: Vec<String> = serde_json::from_value(forger.said(drawn, "/body/selected")).unwrap();
    let effective = examination::service::effective_seed(&hash, "drawn by me").unwrap();
    let steered = ranked(&effective, 60, was.len());
    assert_ne!(was, steered);
    forger.payload(drawn, &|v| {
        v["body"]["seed"] = "drawn by me".into();
        v["body"]["effective_seed"] = effective.clone().into();
        v["body"]["selected"] = serde_json::json!(steered);
    });
    forger.seal(&at);
    let found = again(&at);
    // The selection itself derives; what was tested is another selection, and the papers are not these.
    assert!(!found.identical());
    let named = |object: &str| found.differences.iter().any(|d| d.object.contains(object));
    assert!(named("workpaper of control IAM-05"), "{:?}", found.differences);
    // And with the key that the reader has from elsewhere the log itself is refused.
    let manifest: Value = serde_json::from_slice(
        &unzip(&path).into_iter().find(|(n, _)| n == "manifest.json").unwrap().1,
    )
    .unwrap();
    let key = manifest["logs"][1]["vkey"].as_str().unwrap().to_owned();
    assert!(!verify_package(opened(&at), &[key]).verified());
}

/// The first keys by rank under an effective seed, by the rule that the workpaper prints.
fn ranked(effective: &str, population: usize, n: usize) -> Vec<String> {
    let mut keys: Vec<(Vec<u8>, String)> = (0..population)
        .map(|k| format!("W-{k:03}"))
        .map(|key| {
            let mut hash = Sha256::new();
            hash.update(effective.as_bytes());
            hash.update([0x1f]);
            hash.update(key.as_bytes());
            (hash.finalize().to_vec(), key)
        })
        .collect();
    keys.sort();
    keys.into_iter().take(n).map(|(_, key)| key).collect()
}

#[test]
fn a_locked_file_is_reperformed_from_the_registers_as_they_were_at_the_lock() {
    on_both(&ROOMS, |t| {
        use examination::completion::permits::{AddToLocked, LockFile};
        use examination::completion::service as completion;
        let world = World::ready_with(t, real::examine);
        t.sequence();
        world.issue(world.partner()).unwrap();
        world
            .run::<LockFile, _>(&world.partner(), |tx, e, p| completion::lock(tx, e, p, 7, ""))
            .unwrap();
        let before = world.export("locked.zip");
        assert_eq!(again(&before).differences, []);
        // The organisation goes on: it retires the control and states others for its next period.
        world
            .run::<controls::permits::ManageControls, _>(&world.lead(), |tx, e, p| {
                let found = controls::store::by_code(tx, p.owner(), "IAM-05")?.unwrap();
                let text = controls::model::ControlText { code: "IAM-07".into(), ..found.text };
                controls::service::retire(tx, e, p, found.id, found.version, "A finer one.")?;
                controls::service::state_control(tx, e, p, None, &text)
            })
            .unwrap();
        world
            .run::<AddToLocked, _>(&world.partner(), |tx, e, p| {
                completion::add(tx, e, p, "IAM-05", "The ticket.", "It was found later.", &[])
            })
            .unwrap();
        t.sequence();
        let after = world.export("later.zip");
        let found = again(&after);
        assert_eq!((found.findings.as_slice(), found.differences.as_slice()), (&[][..], &[][..]));
        let papers = |path: &Path| -> Files {
            unzip(path).into_iter().filter(|(n, _)| n.starts_with("workpapers/ctl_")).collect()
        };
        assert_eq!(papers(&before).len(), papers(&after).len());
    });
}
