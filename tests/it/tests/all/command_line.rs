//! The command line as others script it: exit codes, one document on standard output.

use std::path::PathBuf;
use std::process::{Command, Output};

/// The program under test.
pub fn program() -> PathBuf {
    // The test binary lies in target/<profile>/deps, the program two folders up.
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("tickmark")
}

/// Runs it.
pub fn run(args: &[&str]) -> Output {
    Command::new(program()).args(args).output().expect("the program was built beside the tests")
}

/// Runs it with `--json`: exit code and document.
pub fn json(args: &[&str]) -> (i32, serde_json::Value) {
    let mut all = vec!["--json"];
    all.extend(args);
    let out = run(&all);
    let text = String::from_utf8(out.stdout).unwrap();
    let value = serde_json::from_str(&text).unwrap_or_else(|e| {
        panic!("{args:?}: {e}: {text} {}", String::from_utf8_lossy(&out.stderr))
    });
    (out.status.code().unwrap(), value)
}

#[test]
fn sample_sizes_and_evaluations() {
    let (code, size) = json(&["sample", "size", "--confidence", "95%", "--tolerable", "5%"]);
    assert_eq!(
        (code, &size["n"], &size["allowed_deviations"], &size["method"]),
        (0, &59.into(), &0.into(), &"binomial".into())
    );
    let (code, found) = json(&[
        "sample",
        "evaluate",
        "--sample",
        "25",
        "--deviations",
        "1",
        "--confidence",
        "90%",
        "--tolerable",
        "10%",
    ]);
    assert_eq!(code, 1, "not supported is a no");
    assert!((found["upper_limit"].as_f64().unwrap() - 0.146_87).abs() < 1e-5);
}

/// The published shares (180/50/20 gives 18/5/2 of 25), and a minimum that lifts the smallest stratum, as the
/// pages select it.
#[test]
fn a_stratified_sample_with_a_minimum_is_selected_again_from_a_list() {
    let folder = tempfile::tempdir().unwrap();
    let ids = folder.path().join("ids.csv");
    let mut text = "id,class\n".to_owned();
    for (class, count) in [("a", 180), ("b", 50), ("c", 20)] {
        for n in 0..count {
            text.push_str(&format!("{class}-{n:03},{class}\n"));
        }
    }
    std::fs::write(&ids, text).unwrap();
    let select = |extra: &[&str]| {
        let mut words = vec!["sample", "select", "--seed", "demo-seed-1", "--size", "25"];
        words.extend(["--method", "stratified", "--ids", ids.to_str().unwrap()]);
        words.extend_from_slice(extra);
        let (code, found) = json(&words);
        assert_eq!(code, 0, "{found}");
        let shares: Vec<u64> = found["strata"]
            .as_array()
            .unwrap()
            .iter()
            .map(|share| share["selected"].as_u64().unwrap())
            .collect();
        (shares, found["selected"].as_array().unwrap().len())
    };
    let by = ["--strata-column", "class"];
    assert_eq!(select(&by), (vec![18, 5, 2], 25));
    assert_eq!(select(&[by[0], by[1], "--minimum", "5"]), (vec![15, 5, 5], 25));
    let out =
        run(&["sample", "select", "--seed", "s", "--size", "1", "--ids", "x", "--minimum", "1"]);
    assert_eq!(out.status.code(), Some(2));
}

#[test]
fn a_wrong_argument_is_one_sentence_and_exit_2() {
    let out = run(&["sample", "size", "--confidence", "95%", "--tolerable", "0%"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(out.stdout.is_empty());
    assert_eq!(String::from_utf8(out.stderr).unwrap().trim().lines().count(), 1);
}

#[test]
fn a_demonstration_verifies_until_a_row_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let data = data.to_str().unwrap();
    let (code, made) = json(&["demo", "--no-serve", "--data", data]);
    assert_eq!((code, &made["made"]), (0, &true.into()));
    let (code, report) = json(&["verify", data]);
    assert_eq!((code, &report["verified"]), (0, &true.into()), "{report:#}");
    assert!(report["entries"].as_i64().unwrap() > 80);

    let (_, analysis) = json(&["cases", "analyse", "--data", data]);
    assert_eq!(analysis["incidents"], 19, "{analysis:#.500}");

    // Bytes of a stored file, then the guard.
    let blobs = std::path::Path::new(data).join("blobs");
    let shelf = std::fs::read_dir(&blobs)
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.file_name().unwrap().len() == 2)
        .unwrap();
    let file = std::fs::read_dir(shelf).unwrap().next().unwrap().unwrap().path();
    let before = std::fs::read(&file).unwrap();
    std::fs::write(&file, b"something else").unwrap();
    let (code, report) = json(&["verify", data]);
    assert_eq!((code, &report["findings"][0]["kind"]), (1, &"blob".into()));
    std::fs::write(&file, before).unwrap();
    assert_eq!(json(&["verify", data]).0, 0);

    let backup = folder.path().join("backup.zip");
    assert_eq!(json(&["backup", backup.to_str().unwrap(), "--data", data]).0, 0);
    let restored = folder.path().join("restored");
    assert_eq!(
        json(&["restore", backup.to_str().unwrap(), "--data", restored.to_str().unwrap()]).0,
        0
    );
    assert_eq!(json(&["verify", restored.to_str().unwrap()]).0, 0);
}

#[test]
fn two_demonstrations_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let size = |name: &str| {
        let data = folder.path().join(name);
        json(&["demo", "--no-serve", "--data", data.to_str().unwrap()]);
        std::fs::read_to_string(data.join("guard")).unwrap().lines().last().unwrap().to_owned()
    };
    assert_eq!(size("one"), size("two"), "the same story gives the same tree");
}

#[test]
fn a_new_deployment_and_the_real_event_log() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let (code, made) = json(&[
        "init",
        "--data",
        data,
        "--organization",
        "Example Ltd",
        "--admin",
        "admin@example.com",
    ]);
    assert_eq!(code, 0);
    assert!(made["invitation"].as_str().unwrap().starts_with("/invitation/"));
    assert_eq!(
        run(&["init", "--data", data, "--organization", "Again", "--admin", "a@example.com"])
            .status
            .code(),
        Some(2)
    );
    #[expect(clippy::disallowed_methods, reason = "the one setting of the tests on real records")]
    let Ok(real) = std::env::var("TICKMARK_REAL_DATA") else {
        eprintln!("left out: TICKMARK_REAL_DATA names no folder of real records");
        return;
    };
    let log = format!("{real}/incidents-servicenow/incident_event_log.csv");
    let mapping =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalog/mappings/servicenow-event-log.toml");
    let import = ["cases", "import", &log, "--mapping", mapping, "--data", data];
    let (code, first) = json(&import);
    assert_eq!(
        (code, &first["report"]["accepted"], &first["report"]["refused"]),
        (0, &10_383.into(), &0.into())
    );
    assert_eq!(json(&import).1["report"]["already_imported"], 10_383);
    let oracle: serde_json::Value = serde_json::from_str(
        &std::fs::read_to_string(format!("{real}/incidents-servicenow/ORACLE.json")).unwrap(),
    )
    .unwrap();
    let (_, figures) = json(&["cases", "analyse", "--data", data]);
    for name in [
        "incidents",
        "events",
        "by_priority",
        "sla_made",
        "reopened_incidents",
        "per_month",
        "backlog_month_end",
    ] {
        assert_eq!(figures[name], oracle[name], "{name}");
    }
    let (code, report) = json(&["verify", data]);
    assert_eq!(code, 0, "{report:#}");
}

/// Registers that are JSON: pages of a list, a folder of documents with a broken one among them.
#[test]
fn json_registers_are_taken_over_and_what_is_odd_is_told_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let data = path("data");
    let made =
        json(&["init", "--data", &data, "--organization", "Alder", "--admin", "a@example.com"]);
    assert_eq!(made.0, 0);
    let mappings = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalog/mappings");
    let mapping = |name: &str| format!("{mappings}/{name}.toml");
    let incident = |id: &str, status: &str| {
        format!(
            "{{\"id\":\"{id}\",\"title\":\"Mail is slow\",\"created_at\":\"2026-02-03T03:05:00Z\",\"status\":\"{status}\",\"service\":{{\"summary\":\"Mail\"}}}}"
        )
    };
    let pages = format!(
        "{{\"incidents\":[{},{}],\"more\":true}}\n{{\"incidents\":[\n{}\n],\"more\":false}}\n",
        incident("P1", "resolved"),
        incident("P2", "snoozed"),
        incident("P3", "triggered")
    );
    std::fs::write(path("pages.json"), pages).unwrap();
    let pagerduty = mapping("pagerduty-incidents");
    let import = ["cases", "import", &path("pages.json"), "--mapping", &pagerduty, "--data", &data];
    let (code, told) = json(&import);
    let report = &told["report"];
    assert_eq!(
        (code, &report["accepted"], &report["refused"]),
        (0, &2.into(), &1.into()),
        "{told}"
    );
    let refused = &told["refused"][0];
    assert_eq!((&refused["row"], &refused["line"]), (&2.into(), &1.into()), "{refused}");
    assert_eq!(refused["faults"][0]["value"], "snoozed");
    assert!(report["never_found"].as_array().unwrap().contains(&"priority.summary".into()));
    assert_eq!(json(&import).1["report"]["already_imported"], 2);

    std::fs::create_dir(path("veris")).unwrap();
    let veris = |id: &str| {
        format!(
            "{{\n  \"incident_id\": \"{id}\",\n  \"security_incident\": \"Confirmed\",\n  \"plus\": {{\"created\": \"2025-01-02T03:04:05Z\"}}\n}}\n"
        )
    };
    std::fs::write(path("veris/a.json"), veris("A")).unwrap();
    std::fs::write(path("veris/b.json"), veris("B").replace("Confirmed\"", "Confirmed")).unwrap();
    std::fs::write(path("veris/c.json"), veris("C").replace("Confirmed", "Rumour")).unwrap();
    std::fs::write(path("veris/d.json"), veris("D")).unwrap();
    let veris = mapping("veris");
    let import = ["cases", "import", &path("veris"), "--mapping", &veris, "--data", &data];
    let (_, told) = json(&import);
    assert_eq!(told["report"]["accepted"], 2, "{told}");
    let of = |n: usize| (told["refused"][n]["file"].clone(), told["refused"][n]["line"].clone());
    assert_eq!(
        (of(0), of(1)),
        (("b.json".into(), 1.into()), ("c.json".into(), 1.into())),
        "{told}"
    );
    let plain = run(&import);
    let said = String::from_utf8(plain.stdout).unwrap();
    assert!(said.contains("row 2 (line 1 of b.json)"), "{said}");
    let list = json(&["cases", "analyse", "--data", &data]).1;
    assert_eq!(list["incidents"], 4, "{list}");
    assert_eq!(json(&["verify", &data]).0, 0);
}

#[test]
fn the_real_veris_incidents_are_taken_over_whole() {
    #[expect(clippy::disallowed_methods, reason = "the one setting of the tests on real records")]
    let Ok(real) = std::env::var("TICKMARK_REAL_DATA") else {
        eprintln!("left out: TICKMARK_REAL_DATA names no folder of real records");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    json(&["init", "--data", &data, "--organization", "Alder", "--admin", "a@example.com"]);
    let mapping = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalog/mappings/veris.toml");
    let incidents = format!("{real}/vcdb/dev/validated");
    let import = ["cases", "import", &incidents, "--mapping", mapping, "--data", &data];
    let (code, told) = json(&import);
    let oracle: serde_json::Value = serde_json::from_str(
        &std::fs::read_to_string(format!("{real}/vcdb/dev/ORACLE.json")).unwrap(),
    )
    .unwrap();
    let report = &told["report"];
    assert_eq!((code, &report["rows"]), (0, &oracle["files"]));
    assert_eq!(
        (&report["accepted"], &report["refused"]),
        (&oracle["distinct_incident_ids"], &0.into()),
        "{told}"
    );
    assert_eq!(json(&import).1["report"]["already_imported"], oracle["files"]);
    assert_eq!(json(&["verify", &data]).0, 0);
}

#[test]
fn leavers_and_changes_of_the_real_records() {
    #[expect(clippy::disallowed_methods, reason = "the one setting of the tests on real records")]
    let Ok(real) = std::env::var("TICKMARK_REAL_DATA") else {
        eprintln!("left out: TICKMARK_REAL_DATA names no folder of real records");
        return;
    };
    let months: Vec<String> = (6..=9)
        .map(|m| format!("{real}/logons-cert/rosters/2010-{m:02}.csv@2010-{m:02}"))
        .collect();
    let rosters = format!("rosters={}", months.join(","));
    let logons = format!("logons={real}/logons-cert/logon-2010Q3.csv.gz");
    let leavers = |reading: &str| {
        let reading = format!("roster_reading={reading}");
        json(&[
            "population",
            "test",
            "library:leavers-against-logons",
            "--with",
            &rosters,
            "--with",
            &logons,
            "--set",
            &reading,
            "--set",
            "period_from=2010-07-01",
            "--set",
            "period_to=2010-09-30",
        ])
        .1
    };
    for (reading, exceptions) in [("end-of-month", 0), ("start-of-month", 34)] {
        let found = leavers(reading);
        assert_eq!(found["exceptions"], exceptions, "{reading}: {found:#.800}");
        let sum: i64 = ["pass", "exceptions", "unmatched", "excluded"]
            .iter()
            .map(|k| found[*k].as_i64().unwrap())
            .sum();
        assert_eq!(found["population"], sum);
    }
}

#[test]
fn a_configuration_key_that_is_not_known_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tickmark.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:0\"\nupload_byte_max = 5\n").unwrap();
    let out = run(&["serve", "--config", file.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(2));
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(said.contains("upload_byte_max") && said.contains("upload_bytes_max"), "{said}");
}

/// Sends one request to a server and reads the whole answer.
fn ask(address: &str, request: &str) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn the_log_is_structured_and_holds_no_secret() {
    use std::io::{BufRead as _, Read as _};
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let mut server = Command::new(program())
        .args(["demo", "--data", data.to_str().unwrap(), "--listen", &address])
        .env("TICKMARK_LOG", "debug")
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut said = std::io::BufReader::new(server.stderr.take().unwrap());
    let mut log = String::new();
    while !log.contains("Tickmark is at") {
        assert!(said.read_line(&mut log).unwrap() > 0, "the server came up: {log}");
    }
    let rest = std::thread::spawn(move || {
        let mut rest = String::new();
        said.read_to_string(&mut rest).map(|_| rest)
    });
    let head = format!(
        "HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nCookie: tickmark=SECRET-cookie\r\nAuthorization: Bearer SECRET-token\r\n"
    );
    let form = "email=nobody%40alder.example&password=SECRET-password&code=SECRET-code";
    let json = "{\"channel\":\"portal\",\"kind\":\"failure\",\"title\":\"SECRET-title\",\"description\":\"SECRET-text\",\"contact\":\"SECRET-contact\"}";
    let post = |path: &str, kind: &str, body: &str| {
        ask(
            &address,
            &format!(
                "POST {path} {head}Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
        )
    };
    let signed = post("/sign-in", "application/x-www-form-urlencoded", form);
    assert!(signed.starts_with("HTTP/1.1 422"), "{signed:.300}");
    let filed = post("/api/v1/reports", "application/json", json);
    assert!(filed.starts_with("HTTP/1.1 201"), "{filed:.300}");
    let code = filed.split("\"return_code\":\"").nth(1).unwrap().split('"').next().unwrap();
    let followed = format!("return_code={code}");
    post("/report/receipt", "application/x-www-form-urlencoded", &followed);
    ask(&address, &format!("GET /invitation/SECRET-invitation {head}\r\n"));
    ask(&address, &format!("GET /api/v1/cases {head}\r\n"));
    let _ = server.kill();
    let _ = server.wait();
    log.push_str(&rest.join().unwrap().unwrap());
    let lines: Vec<&str> = log.lines().filter(|l| l.starts_with('{')).collect();
    assert!(!lines.is_empty(), "{log}");
    for line in &lines {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    assert!(!log.contains("SECRET"), "{log}");
    assert!(!log.contains(code), "the return code is in the log");
}
