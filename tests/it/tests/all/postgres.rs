//! The program over PostgreSQL: made, served under several clients at once, stopped.

use crate::command_line::program;
use crate::served::{Served, ask, listening};
use platform::db::Location;
use platform::testing::{POSTGRES, TestDb};
use std::io::Read as _;
use std::net::TcpListener;
use std::process::{Command, Stdio};

#[test]
fn the_program_serves_from_postgresql() {
    let Some(t) = TestDb::postgres(&[]) else {
        eprintln!("PostgreSQL left out: {POSTGRES} names no server");
        return;
    };
    let Location::Url(url) = &t.location else { panic!("a URL was expected") };
    let data = t.folder.path().join("data");
    let tickmark = || {
        let mut command = Command::new(program());
        command.arg("--data").arg(&data).args(["--database-url", url]);
        command
    };
    let made = tickmark()
        .args(["init", "--organization", "Postgres Ltd", "--admin", "admin@load.example"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let serve = tickmark()
        .args(["serve", "--listen", &address, "--calm-per-minute", "0"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut server = Served(serve.unwrap());
    if !listening(&address, &mut server) {
        let mut said = String::new();
        server.0.kill().unwrap();
        server.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        panic!("the server does not listen: {said}");
    }
    let report =
        r#"{"channel":"portal","kind":"failure","title":"Load","description":"One of many."}"#;
    // All of them change the same counters, so most of them collide.
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let answer = ask(&address, "POST", "/api/v1/reports", report);
                    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
                }
            });
        }
    });
    let page = ask(&address, "GET", "/report", "");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    let asked = Command::new("kill").arg(server.0.id().to_string()).status().unwrap();
    assert!(asked.success());
    assert!(server.0.wait().unwrap().success(), "the server does not end when it is asked to");
    let kept = t.db.read_blocking(|conn| {
        conn.query_one("SELECT count(*) AS n FROM case_record", &[])?.get::<i64>("n")
    });
    assert_eq!(kept.unwrap(), 160);
}
