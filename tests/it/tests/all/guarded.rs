//! A guard outside the data directory, with the program itself: an older copy that was put back is
//! noticed whatever of the folder was put back with it, and the honest record starts.

use crate::command_line::program;
use crate::served::{Served, ask, listening};
use std::io::Read as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A deployment whose configuration names a guard elsewhere.
struct House {
    folder: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let house = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(house.at("elsewhere")).unwrap();
        let text = format!("[guard]\npath = '{}'\n", house.at("elsewhere/guard").display());
        std::fs::write(house.at("config.toml"), text).unwrap();
        let (good, said) =
            house.run(true, &["init", "--organization", "Example Ltd", "--admin", "a@example.com"]);
        assert!(good, "{said}");
        house
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, configured: bool) -> Command {
        let mut command = Command::new(program());
        if configured {
            command.arg("--config").arg(self.at("config.toml"));
        }
        command
    }

    /// One command on the data: whether it succeeded, and what it said.
    fn run(&self, configured: bool, words: &[&str]) -> (bool, String) {
        let out = self
            .command(configured)
            .arg("--data")
            .arg(self.at("data"))
            .args(words)
            .output()
            .unwrap();
        let said = [out.stdout, out.stderr].concat();
        (out.status.success(), String::from_utf8(said).unwrap())
    }

    fn verify(&self, configured: bool) -> (bool, String) {
        let out = self.command(configured).arg("verify").arg(self.at("data")).output().unwrap();
        (out.status.success(), String::from_utf8(out.stdout).unwrap())
    }

    /// Serves, files so many reports and stops as asked; what the server said where it did not start.
    fn serve(&self, reports: usize) -> Result<(), String> {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut server = Served(
            self.command(true)
                .arg("--data")
                .arg(self.at("data"))
                .args(["serve", "--listen", &address, "--calm-per-minute", "0"])
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap(),
        );
        if !listening(&address, &mut server) {
            let mut said = String::new();
            server.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            assert_eq!(server.0.wait().unwrap().code(), Some(2), "{said}");
            return Err(said);
        }
        let body = r#"{"channel":"portal","kind":"failure","title":"T","description":"D"}"#;
        for _ in 0..reports {
            let answer = ask(&address, "POST", "/api/v1/reports", body);
            assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        }
        let asked = Command::new("kill").arg(server.0.id().to_string()).status().unwrap();
        assert!(asked.success() && server.0.wait().unwrap().success());
        Ok(())
    }

    /// Puts a copy of the whole data directory in its place.
    fn put_back(&self, copy: &Path) {
        std::fs::remove_dir_all(self.at("data")).unwrap();
        copied(copy, &self.at("data"));
    }

    fn copy(&self, name: &str) -> PathBuf {
        copied(&self.at("data"), &self.at(name));
        self.at(name)
    }

    fn elsewhere(&self) -> String {
        std::fs::read_to_string(self.at("elsewhere/guard")).unwrap()
    }
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(|e| e.unwrap()) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copied(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn says_what_happened(said: &str) {
    for part in [
        "entries were promised and the database has",
        "it was restored from an older copy",
        "Nothing was changed.",
        "Restore the right database",
        "tickmark doctor --accept-restored",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn an_older_copy_put_back_is_refused_and_the_honest_record_starts() {
    let house = House::new();
    house.serve(2).unwrap();
    let older = house.copy("older");
    house.serve(3).unwrap();
    let honest = house.copy("honest");
    let promised = house.elsewhere();
    assert_eq!(house.verify(true), house.verify(false));
    assert!(house.verify(true).0);

    // The database alone: also the file in the data directory tells.
    for name in ["tickmark.db", "tickmark.db-wal", "tickmark.db-shm"] {
        let _ = std::fs::remove_file(house.at("data").join(name));
    }
    std::fs::copy(older.join("tickmark.db"), house.at("data/tickmark.db")).unwrap();
    says_what_happened(&house.serve(0).unwrap_err());
    assert!(!house.verify(false).0);

    // The whole folder, the file of the guard with it: only the guard elsewhere tells.
    house.put_back(&older);
    assert!(house.verify(false).0, "an older copy is whole in itself");
    says_what_happened(&house.serve(0).unwrap_err());
    says_what_happened(&house.run(true, &["check"]).1);
    let (good, said) = house.verify(true);
    assert!(!good && said.contains("Not verified"), "{said}");
    assert!(said.contains("guard ·") && said.contains("restored from an older copy"), "{said}");
    assert!(said.contains("tickmark doctor --accept-restored"), "{said}");
    assert_eq!(house.elsewhere(), promised, "nothing was changed");

    // No database at all is no new beginning either.
    std::fs::remove_file(house.at("data/tickmark.db")).unwrap();
    let said = house.serve(0).unwrap_err();
    assert!(said.contains("the database has none"), "{said}");

    house.put_back(&honest);
    house.serve(1).unwrap();
    assert!(house.verify(true).0);
}

#[test]
fn an_operator_who_restored_knowingly_says_so_once() {
    let house = House::new();
    house.serve(1).unwrap();
    let older = house.copy("older");
    house.serve(1).unwrap();
    house.put_back(&older);
    assert!(house.serve(0).is_err());
    let (good, said) = house.run(true, &["doctor", "--accept-restored"]);
    assert!(good && said.contains("the guard held"), "{said}");
    house.serve(1).unwrap();
    assert!(house.verify(true).0, "{}", house.verify(true).1);
}

#[test]
fn a_guard_that_would_be_put_back_with_the_data_or_is_not_there_is_refused() {
    let house = House::new();
    let configured = |path: &Path| {
        let text = format!("[guard]\npath = '{}'\n", path.display());
        std::fs::write(house.at("config.toml"), text).unwrap();
        house.serve(0).unwrap_err()
    };
    let inside = configured(&house.at("data/second"));
    assert!(inside.contains("it lies in the data directory"), "{inside}");
    let gone = configured(&house.at("no-disk/guard"));
    assert!(gone.contains("Is its disk there?"), "{gone}");
    assert!(!house.at("no-disk").exists());
}
