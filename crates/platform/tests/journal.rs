//! The write path on both databases, and the tampering that verification must find.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_wrap,
    reason = "a test may stop where it stands"
)]

use kernel::env::Env;
use kernel::event::Recorded;
use kernel::ids::PartyId;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Db, Error, Location, Migration, Result, Tx};
use platform::journal::{
    Appended, Expected, FileGuard, Journal, MemoryGuard, Origin, Project, Room, Trees, erase,
    history, once, proof_of, proof_of_first, record,
};
use platform::params;
use platform::testing::{TestDb, env, journal, on_both};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The payload of the one event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Noted {
    text: String,
}
kernel::events! {
    /// What can happen to a note.
    pub enum NoteEvent in "notes" {
        /// Somebody wrote it.
        Noted(Noted) = "notes.noted.v1",
    }
}
impl Project for NoteEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        let Self::Noted(noted) = &e.event;
        tx.execute(
            "INSERT INTO note (id, party, text, version, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (id) DO UPDATE SET text = EXCLUDED.text, version = EXCLUDED.version",
            params![&e.subject, e.log, &noted.text, e.version, e.recorded_at],
        )?;
        Ok(())
    }
}
const NOTES: Room = Room::new::<NoteEvent>(
    &["note"],
    &[Migration {
        room: "notes",
        name: "0001_note",
        sql: "CREATE TABLE note (id TEXT NOT NULL PRIMARY KEY, party TEXT NOT NULL, text TEXT NOT NULL, version BIGINT NOT NULL, at BIGINT NOT NULL) STRICT;",
    }],
);

fn party(n: u128) -> PartyId {
    PartyId::new(Timestamp(0), n)
}
fn note(
    tx: &mut Tx<'_>,
    env: &mut Env,
    log: PartyId,
    id: &str,
    expected: Expected,
    text: &str,
) -> Result<i64> {
    let origin = Origin { log, actor: "public".into(), occurred_at: None };
    let event = NoteEvent::from(Noted { text: text.into() });
    Ok(record(tx, env, &origin, id, expected, vec![event])?[0].version)
}
fn write(t: &TestDb, id: &str, expected: Expected, text: &str) -> Result<i64> {
    let (id, text) = (id.to_owned(), text.to_owned());
    let mut env = fresh(&format!("{id}{text}{expected:?}"));
    t.db.write_blocking(move |tx| note(tx, &mut env, party(1), &id, expected, &text))
}
/// An environment whose ids differ from those of every other seed.
fn fresh(seed: &str) -> Env {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hash = DefaultHasher::new();
    seed.hash(&mut hash);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&hash.finish().to_be_bytes());
    Env::new(env().now(), bytes)
}
fn refused<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}
fn text(t: &TestDb, id: &str) -> Option<String> {
    let id = id.to_owned();
    t.db.read_blocking(|c| {
        c.query_opt("SELECT text FROM note WHERE id = $1", params![id])?
            .map(|r| r.get("text"))
            .transpose()
    })
    .unwrap()
}

#[test]
fn versions_are_checked_and_a_refused_command_writes_nothing() {
    on_both(&[NOTES], |t| {
        assert_eq!(write(t, "n1", Expected::New, "one").unwrap(), 1);
        assert_eq!(write(t, "n1", Expected::Version(1), "two").unwrap(), 2);
        assert_eq!(
            refused(write(t, "n1", Expected::Version(1), "three")),
            Refusal::Stale { seen: 1, now: 2 }
        );
        assert!(matches!(refused(write(t, "n1", Expected::New, "four")), Refusal::Stale { .. }));
        assert_eq!(text(t, "n1").as_deref(), Some("two"));
        let failed: Result<i64> = t.db.write_blocking(|tx| {
            note(tx, &mut fresh("lost"), party(1), "lost", Expected::New, "never")?;
            Err(Refusal::state("changed my mind").into())
        });
        assert!(failed.is_err());
        assert_eq!(text(t, "lost"), None);
        let would =
            t.db.dry_run(|tx| note(tx, &mut fresh("dry"), party(1), "dry", Expected::New, "never"))
                .unwrap();
        assert_eq!((would, text(t, "dry")), (1, None));
    });
}

#[test]
fn a_subject_belongs_to_one_log() {
    on_both(&[NOTES], |t| {
        write(t, "mine", Expected::New, "one").unwrap();
        let other = t.db.write_blocking(|tx| {
            note(tx, &mut fresh("x"), party(2), "mine", Expected::Any, "yours")
        });
        assert_eq!(refused(other), Refusal::NotFound);
    });
}

#[test]
fn the_same_key_gives_the_first_answer() {
    on_both(&[NOTES], |t| {
        let run = |input: &'static str, seed: &'static str| {
            t.db.write_blocking(move |tx| {
                once(tx, &mut fresh(seed), "caller", Some("key-1"), input.as_bytes(), |tx, env| {
                    note(tx, env, party(1), &format!("n-{seed}"), Expected::New, input)
                })
            })
        };
        assert_eq!(run("same", "a").unwrap(), 1);
        assert_eq!(run("same", "b").unwrap(), 1);
        assert_eq!((text(t, "n-a").is_some(), text(t, "n-b").is_some()), (true, false));
        assert_eq!(refused(run("other", "c")), Refusal::KeyReused);
    });
}

#[test]
fn a_command_that_panics_is_an_error_and_the_next_one_works() {
    on_both(&[NOTES], |t| {
        // More often than a pool has places: none is lost.
        for _ in 0..20 {
            let stopped: Result<()> = t.db.write_blocking(|tx| {
                note(tx, &mut fresh("p"), party(1), "p", Expected::New, "x")?;
                panic!("a fault in a command");
            });
            assert!(stopped.is_err());
            let stopped: Result<()> = t.db.read_blocking(|_| panic!("a fault in a reader"));
            assert!(stopped.is_err());
        }
        write(t, "after", Expected::New, "fine").unwrap();
        assert_eq!(text(t, "p"), None);
        t.sequence();
        assert!(t.verify().verified());
    });
}

#[test]
fn every_entry_has_a_proof_that_verifies_offline() {
    on_both(&[NOTES], |t| {
        // More than one full tile, and again after reopening, when nothing is remembered.
        for chunk in 0..6 {
            t.db.write_blocking(move |tx| {
                for i in 0..100 {
                    let id = format!("n{}", chunk * 100 + i);
                    note(tx, &mut fresh(&id), party(1), &id, Expected::New, "text")?;
                }
                Ok(())
            })
            .unwrap();
        }
        t.sequence();
        let again = Db::open(&t.location, &[], journal(t.folder.path()));
        assert!(again.is_err(), "a database with unknown migrations is refused");
        let forgetful = journal(t.folder.path());
        for journal in [&t.journal, &forgetful] {
            t.db.read_blocking(|conn| {
                for i in [0, 1, 255, 256, 257, 511, 512, 599] {
                    let id = format!("n{i}");
                    let (entry, leaf, _) = history(conn, &id)?.remove(0);
                    let proof = proof_of(conn, journal, entry.id)?.expect("a proof");
                    assert_eq!(Some(proof.index as i64), leaf);
                    let key = journal.signer(party(1))?.verifier().clone();
                    let checkpoint = ledger::Checkpoint::open(
                        proof.checkpoint.as_bytes(),
                        &journal.origin(party(1)),
                        &[key],
                    )
                    .unwrap();
                    ledger::verify_inclusion(
                        &ledger::leaf_hash(&proof.entry),
                        proof.index,
                        checkpoint.size,
                        &proof.hashes,
                        &checkpoint.root,
                    )
                    .unwrap();
                }
                Ok(())
            })
            .unwrap();
        }
    });
}

/// What is remembered of the tree gives the same proof as what is stored of it, or none.
#[test]
fn a_proof_at_the_edge_is_the_proof_that_is_read() {
    let t = TestDb::sqlite(&[NOTES]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut remembered = 0;
    // Commits of different lengths, so that entries lie at every place of a tile and across tiles.
    for (turn, length) in [1, 1, 2, 250, 1, 1, 1, 3, 255, 256, 300, 1, 700].into_iter().enumerate()
    {
        let mut env = fresh(&format!("turn {turn}"));
        let file = move |tx: &mut Tx<'_>| {
            let mut all = Vec::new();
            for i in 0..length {
                let id = format!("n{turn}-{i}");
                note(tx, &mut env, party(1), &id, Expected::New, "text")?;
                all.push((id, tx.appended().unwrap().clone()));
            }
            Ok(all)
        };
        let prepare = |all: Vec<(String, Appended)>, trees: &Trees| {
            Ok(all
                .into_iter()
                .map(|(id, a)| (id, t.journal.proof_at_edge(trees, &a), a))
                .collect::<Vec<_>>())
        };
        let appended = runtime.block_on(t.db.write_preparing(file, prepare));
        for (id, at_edge, appended) in appended.unwrap() {
            let read = t.db.read_blocking(|conn| proof_of_first(conn, &t.journal, &id));
            let (entry, read) = read.unwrap().unwrap();
            assert_eq!(entry, appended.entry);
            if let Some(proof) = at_edge {
                remembered += 1;
                assert_eq!(Some(proof), read);
            }
        }
    }
    assert!(remembered > 1_300, "{remembered} of 1,773 proofs needed no reading");
    assert!(t.verify().verified());
}

/// A command that is refused leaves no gap in the tree, however its neighbours in the commit fare.
#[test]
fn refused_commands_leave_no_gap_in_a_shared_commit() {
    on_both(&[NOTES], |t| {
        let accepted = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for w in 0..8 {
                let accepted = &accepted;
                scope.spawn(move || {
                    for i in 0..40 {
                        let id = format!("w{w}-{i}");
                        let mut env = fresh(&id);
                        let result: Result<i64> = t.db.write_blocking(move |tx| {
                            note(tx, &mut env, party(i % 3), &id, Expected::New, "x")?;
                            let version =
                                note(tx, &mut env, party(i % 3), &id, Expected::Any, "y")?;
                            if i % 4 == 1 {
                                return Err(Refusal::state("changed my mind").into());
                            }
                            Ok(version)
                        });
                        assert_eq!(result.is_ok(), i % 4 != 1);
                        accepted.fetch_add(usize::from(result.is_ok()) * 2, Ordering::Relaxed);
                    }
                });
            }
        });
        let report = t.verify();
        assert!(report.verified(), "{:#?}", report.findings);
        assert_eq!(report.entries, accepted.into_inner() as u64);
    });
}

/// A reader keeps its state of the database while others write, and the journal remembers a newer tree.
#[test]
fn a_reader_proves_what_it_sees_while_the_log_grows() {
    on_both(&[NOTES], |t| {
        let grow = |from: usize, to: usize| {
            let mut env = fresh(&format!("grow {from}"));
            t.db.write_blocking(move |tx| {
                for i in from..to {
                    note(tx, &mut env, party(1), &format!("n{i}"), Expected::New, "text")?;
                }
                Ok(())
            })
            .unwrap();
            t.sequence();
        };
        grow(0, 200);
        let proof = t.db.read_blocking(|conn| {
            let (entry, ..) = history(conn, "n7")?.remove(0);
            grow(200, 700);
            proof_of(conn, &t.journal, entry.id)
        });
        let proof = proof.unwrap().expect("a proof");
        let key = t.journal.signer(party(1)).unwrap().verifier().clone();
        let (origin, note) = (t.journal.origin(party(1)), proof.checkpoint.as_bytes());
        let checkpoint = ledger::Checkpoint::open(note, &origin, &[key]).unwrap();
        assert_eq!(checkpoint.size, 200);
        let leaf = ledger::leaf_hash(&proof.entry);
        let (index, size) = (proof.index, checkpoint.size);
        ledger::verify_inclusion(&leaf, index, size, &proof.hashes, &checkpoint.root).unwrap();
    });
}

#[test]
fn many_writers_share_commits_and_lose_nothing() {
    on_both(&[NOTES], |t| {
        std::thread::scope(|scope| {
            for w in 0..8 {
                scope.spawn(move || {
                    for i in 0..25 {
                        write(t, &format!("w{w}-{i}"), Expected::New, "x").unwrap();
                        write(t, "shared", Expected::Any, &format!("{w}-{i}")).unwrap();
                    }
                });
            }
        });
        let n: i64 =
            t.db.read_blocking(|c| c.query_one("SELECT count(*) AS n FROM note", &[])?.get("n"))
                .unwrap();
        assert_eq!(n, 201);
    });
}

#[test]
fn erased_content_leaves_its_place() {
    let t = TestDb::sqlite(&[NOTES]);
    write(&t, "gone", Expected::New, "secret").unwrap();
    t.db.write_blocking(|tx| {
        let entry = history(tx, "gone")?.remove(0).0;
        tx.execute("DELETE FROM note WHERE id = 'gone'", &[])?;
        erase(tx, entry.id)
    })
    .unwrap();
    let report = t.verify();
    assert!(report.verified(), "{:?}", report.findings);
    assert_eq!(report.erased, 1);
}

/// Changes the file behind the product's back.
fn tamper(t: &TestDb, sql: &str) {
    let conn = rusqlite::Connection::open(t.file()).unwrap();
    conn.execute_batch(sql).unwrap();
}
fn kinds(t: &TestDb) -> Vec<&'static str> {
    t.verify().findings.iter().map(|f| f.kind).collect()
}
fn ten() -> TestDb {
    let t = TestDb::sqlite(&[NOTES]);
    for i in 0..10 {
        write(&t, &format!("n{i}"), Expected::New, "text").unwrap();
    }
    assert!(t.verify().verified());
    t
}

#[test]
fn a_row_changed_by_sql_is_found() {
    let t = ten();
    tamper(&t, "UPDATE note SET text = 'better' WHERE id = 'n3'");
    assert_eq!(kinds(&t), vec!["table", "table"]);
    assert!(t.verify().findings[0].at.contains("n3"));
}

#[test]
fn a_row_deleted_by_sql_is_found() {
    let t = ten();
    tamper(&t, "DELETE FROM note WHERE id = 'n3'");
    assert_eq!(kinds(&t), vec!["table"]);
}

#[test]
fn a_deleted_entry_is_found() {
    for (name, sql) in [
        ("middle", "DELETE FROM journal_entry WHERE leaf = 4; DELETE FROM note WHERE id = 'n4'"),
        ("last", "DELETE FROM journal_entry WHERE leaf = 9; DELETE FROM note WHERE id = 'n9'"),
    ] {
        let t = ten();
        tamper(&t, sql);
        let kinds = kinds(&t);
        assert!(kinds.contains(&"tree"), "{name}: {kinds:?}");
    }
}

#[test]
fn a_reordered_entry_is_found() {
    let t = ten();
    tamper(
        &t,
        "UPDATE journal_entry SET leaf = -1 WHERE leaf = 2; UPDATE journal_entry SET leaf = 2 WHERE leaf = 3; UPDATE journal_entry SET leaf = 3 WHERE leaf = -1",
    );
    assert!(kinds(&t).contains(&"tree"));
}

#[test]
fn changed_content_is_found_even_where_the_tables_agree() {
    let t = ten();
    tamper(
        &t,
        "UPDATE journal_entry SET payload = CAST(replace(CAST(payload AS TEXT), ':\"text\"', ':\"best\"') AS BLOB) WHERE leaf = 5; UPDATE note SET text = 'best' WHERE id = 'n5'",
    );
    assert_eq!(kinds(&t), vec!["payload"]);
}

/// A database in a file of its own, with a place for an older copy of it.
struct Copied {
    folder: tempfile::TempDir,
    file: std::path::PathBuf,
    copy: std::path::PathBuf,
}

impl Copied {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (file, copy) = (folder.path().join("tickmark.db"), folder.path().join("copy.db"));
        Self { folder, file, copy }
    }

    fn open(&self, journal: Arc<Journal>) -> Result<Db> {
        let migrations: Vec<Migration> =
            platform::MIGRATIONS.iter().chain(NOTES.migrations).copied().collect();
        Db::open(&Location::File(self.file.clone()), &migrations, journal)
    }

    fn opened(&self) -> Result<Db> {
        self.open(journal(self.folder.path()))
    }

    fn restore(&self) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", self.file.display()));
        }
        std::fs::rename(&self.copy, &self.file).unwrap();
    }
}

fn fill(db: &Db, numbers: std::ops::Range<usize>) {
    for i in numbers {
        let id = format!("n{i}");
        db.write_blocking(move |tx| {
            note(tx, &mut fresh(&id), party(1), &id, Expected::New, "text")
        })
        .unwrap();
    }
}

#[test]
fn a_rolled_back_database_is_found_and_refuses_to_sign() {
    let at = Copied::new();
    let db = at.opened().unwrap();
    fill(&db, 0..10);
    db.copy_to(&at.copy).unwrap();
    fill(&db, 10..15);
    drop(db);
    at.restore();
    let refused = at.opened().unwrap_err();
    assert!(refused.to_string().contains("restored from an older copy"), "{refused}");

    // Rewritten, not only older: the same number of entries, other ones.
    let fork = at
        .open(Arc::new(
            Journal::new("test.example", [3; 32], Box::new(MemoryGuard::default()))
                .accepting_restored(),
        ))
        .unwrap();
    fill(&fork, 20..25);
    drop(fork);
    let refused = at.opened().unwrap_err();
    assert!(refused.to_string().contains("the log was rewritten"), "{refused}");

    // An operator who restored it knowingly says so; then signing goes on.
    let guard = FileGuard::open(&at.folder.path().join("guard")).unwrap();
    let accepting =
        Arc::new(Journal::new("test.example", [3; 32], Box::new(guard)).accepting_restored());
    let db = at.open(accepting.clone()).unwrap();
    assert!(accepting.accepted()[0].contains("the guard held 15 entries"));
    fill(&db, 30..31);
    drop(db);
    at.opened().unwrap();
}

/// The guard's file is flushed behind the answers, so a machine that fails may take its last lines with it.
#[test]
fn a_guard_that_lost_its_last_lines_is_no_fault_and_still_knows_an_older_copy() {
    let at = Copied::new();
    let db = at.opened().unwrap();
    fill(&db, 0..3);
    db.copy_to(&at.copy).unwrap();
    fill(&db, 3..10);
    drop(db);
    let kept = std::fs::read_to_string(at.folder.path().join("guard")).unwrap();
    let lines: Vec<&str> = kept.lines().collect();
    assert_eq!(lines.len(), 10, "a line for each commit");
    // The last two are gone, and half of the one before.
    let cut = format!("{}\n{}", lines[..7].join("\n"), &lines[7][..40]);
    std::fs::write(at.folder.path().join("guard"), cut).unwrap();
    let db = at.opened().unwrap();
    fill(&db, 10..12);
    drop(db);
    drop(at.opened().unwrap());
    at.restore();
    let refused = at.opened().unwrap_err();
    assert!(refused.to_string().contains("restored from an older copy"), "{refused}");
}

/// A database of the version before, in which a table repeated the versions of subjects.
#[test]
fn an_older_database_goes_on_where_it_was() {
    let at = Copied::new();
    let older: Vec<Migration> =
        platform::MIGRATIONS[..3].iter().chain(NOTES.migrations).copied().collect();
    let db = Db::open(&Location::File(at.file.clone()), &older, journal(at.folder.path())).unwrap();
    fill(&db, 0..3);
    drop(db);
    let db = at.opened().unwrap();
    let again = |expected| {
        db.write_blocking(move |tx| note(tx, &mut fresh("again"), party(1), "n1", expected, "more"))
    };
    assert!(matches!(refused(again(Expected::New)), Refusal::Stale { seen: 0, now: 1 }));
    assert_eq!(again(Expected::Version(1)).unwrap(), 2);
    fill(&db, 3..5);
}

/// Commands that change the same rows, from many threads: each is done once, and most share a commit.
#[test]
fn commands_that_collide_on_postgresql_share_commits_and_one_refused_takes_no_other_with_it() {
    const THREADS: usize = 24;
    const EACH: usize = 20;
    let Some(t) = TestDb::postgres(&[NOTES]) else { return };
    write(&t, "shared", Expected::New, "0").unwrap();
    // Two that have both read before either writes: one of them collides, for certain.
    let both = Arc::new(std::sync::Barrier::new(2));
    std::thread::scope(|scope| {
        for name in ["a", "b"] {
            let (t, both, mut first) = (&t, both.clone(), true);
            scope.spawn(move || {
                let mut env = fresh(name);
                t.db.write_blocking(move |tx| {
                    tx.query_one("SELECT text FROM note WHERE id = 'shared'", &[])?;
                    if std::mem::take(&mut first) {
                        both.wait();
                    }
                    note(tx, &mut env, party(1), "shared", Expected::Any, "0")
                })
                .unwrap();
            });
        }
    });
    // One is under way until all others are about to come.
    let all = Arc::new(std::sync::Barrier::new(THREADS + 1));
    std::thread::scope(|scope| {
        let (under_way, mut first) = (all.clone(), true);
        let db = &t.db;
        scope.spawn(move || {
            db.write_blocking(move |_| {
                if std::mem::take(&mut first) {
                    under_way.wait();
                }
                Ok(())
            })
            .unwrap();
        });
        for thread in 0..THREADS {
            let (t, all) = (&t, all.clone());
            scope.spawn(move || {
                all.wait();
                for turn in 0..EACH {
                    let own = format!("own/{thread}/{turn}");
                    let mut env = fresh(&own);
                    // Every fifth is refused by a rule, every seventh by the database, after it wrote.
                    let (by_rule, by_database) = (turn % 5 == 4, turn % 7 == 6);
                    let done = t.db.write_blocking(move |tx| {
                        let before: String = tx
                            .query_one("SELECT text FROM note WHERE id = 'shared'", &[])?
                            .get("text")?;
                        let next = (before.parse::<u32>().unwrap() + 1).to_string();
                        note(tx, &mut env, party(1), "shared", Expected::Any, &next)?;
                        note(tx, &mut env, party(1), &own, Expected::New, "mine")?;
                        if by_rule {
                            return Err(Refusal::state("changed my mind").into());
                        }
                        if by_database {
                            tx.execute("INSERT INTO note (id) VALUES ($1)", params![&own[..]])?;
                        }
                        Ok(())
                    });
                    match done {
                        Ok(()) => assert!(!by_rule && !by_database),
                        Err(Error::Refused(_)) => assert!(by_rule),
                        Err(e) => assert!(by_database && !by_rule, "{e}"),
                    }
                }
            });
        }
    });
    let kept = (0..EACH).filter(|turn| turn % 5 != 4 && turn % 7 != 6).count() * THREADS;
    assert_eq!(text(&t, "shared"), Some(kept.to_string()), "none was lost and none done twice");
    let count = |sql: &str| {
        let n = t.db.read_blocking(|c| c.query_one(sql, &[])?.get::<i64>("n")).unwrap();
        usize::try_from(n).unwrap()
    };
    assert_eq!(count("SELECT count(*) AS n FROM note WHERE id LIKE 'own/%'"), kept);
    let commits = count("SELECT count(DISTINCT xmin::text) AS n FROM note WHERE id LIKE 'own/%'");
    assert!(commits < kept, "{commits} commits for {kept} commands");
    t.sequence();
    assert!(t.verify().verified(), "{:?}", t.verify());
    // Whoever comes later, alone, goes its own way again, and a command that stops takes nobody along.
    let stops = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        t.db.write_blocking(|_| -> Result<()> { panic!("a command stops") })
    }));
    assert!(!matches!(stops, Ok(Ok(()))));
    write(&t, "after", Expected::New, "still here").unwrap();
}
