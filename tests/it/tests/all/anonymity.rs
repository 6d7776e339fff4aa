//! Anonymity: reports are filed through every public path of the running program by somebody who leaves
//! marks wherever a request can carry one; afterwards everything that the deployment holds or gives out
//! is searched for the marks.

use crate::command_line::{json, program};
use platform::db::{Conn, Value, read_only};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// What a request can betray. The narrative is among it: it is sealed, so it must be readable nowhere.
const MARKS: [&str; 12] = [
    "MarkedAgent/77.31",
    "marked-cookie-5c1d",
    "203.0.113.77",
    "198.51.100.78",
    "marked-referer.example",
    "marked.person@mail.example",
    "x-marked-device-9a",
    "Marked Narrative Xylophone",
    "Marked Later Words Quokka",
    "Marked Accused Person",
    "marked-file-name",
    "Marked Camera Serial",
];
/// From where the marked person connects: an address of this machine that nothing else uses.
const HOME: &str = "127.77.13.9";
const HOUR_US: i64 = 3_600_000_000;

struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Serves the demonstration, with everything that it can log going to a file.
    async fn start(data: &Path, log: &Path) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let out = fs::File::create(log).unwrap();
        let child = Command::new(program())
            .args(["demo", "--data"])
            .arg(data)
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .env("TICKMARK_LOG", "debug")
            .stdout(Stdio::from(out.try_clone().unwrap()))
            .stderr(Stdio::from(out))
            .spawn()
            .expect("the program was built beside the tests");
        let server = Self { child, port };
        for _ in 0..1_200 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return server;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("the program does not listen: {}", fs::read_to_string(log).unwrap_or_default());
    }

    /// Sends a request with every mark that a browser, a proxy or a network could add to it.
    async fn send(&self, method: &str, path: &str, kind: &str, body: &[u8], more: &str) -> String {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{HOME}:0").parse().unwrap()).unwrap();
        let to = format!("127.0.0.1:{}", self.port).parse().unwrap();
        let mut stream = socket.connect(to).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nUser-Agent: {}\r\n\
             Cookie: stray={}{more}\r\nX-Forwarded-For: {}\r\nForwarded: for={}\r\nX-Real-IP: {}\r\n\
             Referer: https://{}/page\r\nFrom: {}\r\nX-Device: {}\r\nAccept-Encoding: identity\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.port,
            MARKS[0],
            MARKS[1],
            MARKS[2],
            MARKS[3],
            MARKS[2],
            MARKS[4],
            MARKS[5],
            MARKS[6],
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn form(&self, path: &str, pairs: &[(&str, &str)], more: &str) -> String {
        let escape = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let body: Vec<_> =
            pairs.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
        let kind = "application/x-www-form-urlencoded";
        self.send("POST", path, kind, body.join("&").as_bytes(), more).await
    }

    async fn upload(&self, path: &str, pairs: &[(&str, &str)]) -> String {
        let mut body = Vec::new();
        for (name, value) in pairs {
            body.extend_from_slice(
                format!(
                    "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .as_bytes(),
            );
        }
        for (name, bytes) in [("note.txt", text()), ("photo.png", picture())] {
            let head = format!(
                "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{}-{name}\"\r\n\r\n",
                MARKS[10]
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(&bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--b--\r\n");
        self.send("POST", path, "multipart/form-data; boundary=b", &body, "").await
    }
}

fn text() -> Vec<u8> {
    format!("{} {}", MARKS[11], MARKS[7]).into_bytes()
}

/// The head of a picture with a comment; damaged behind it, so that no copy can be made.
fn picture() -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    out.extend_from_slice(MARKS[11].as_bytes());
    out
}

fn codes(body: &str) -> (String, String) {
    let mut codes =
        body.split("<code>").skip(1).map(|p| p.split("</code>").next().unwrap().to_owned());
    (codes.next().expect(body), codes.next().unwrap())
}

/// An anonymous report by the form.
const REPORT: [(&str, &str); 5] = [
    ("kind", "concern"),
    ("title", MARKS[7]),
    ("description", MARKS[7]),
    ("about_people", MARKS[9]),
    ("privacy", "anonymous"),
];

/// Every file below a folder.
fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

/// The marks in some bytes, also as they stand in JSON, hexadecimal or base 64.
fn found(bytes: &[u8], marks: &[&str]) -> Vec<String> {
    let holds = |wanted: &[u8]| bytes.windows(wanted.len()).any(|w| w == wanted);
    let hex = |mark: &str| mark.bytes().map(|b| format!("{b:02x}")).collect::<String>();
    marks
        .iter()
        .filter(|m| holds(m.as_bytes()) || holds(hex(m).as_bytes()) || holds(&base64(m)))
        .map(|m| (*m).to_owned())
        .collect()
}

/// The middle of a mark's base 64, wherever the mark begins: enough to find it.
fn base64(mark: &str) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let whole = mark.as_bytes().chunks_exact(3);
    whole
        .flat_map(|c| {
            let n = (u32::from(c[0]) << 16) | (u32::from(c[1]) << 8) | u32::from(c[2]);
            [18, 12, 6, 0].map(|s| LETTERS[((n >> s) & 63) as usize])
        })
        .collect()
}

/// Every value of every table, as bytes: what a search of the file could miss where a value is cut.
fn rows(conn: &mut Conn<'_>) -> platform::db::Result<BTreeMap<String, Vec<u8>>> {
    let tables = conn.query("SELECT name FROM sqlite_master WHERE type = 'table'", &[])?;
    let mut out = BTreeMap::new();
    for table in tables {
        let name: String = table.get("name")?;
        let mut all = Vec::new();
        conn.for_each(&format!("SELECT * FROM \"{name}\""), &[], |row| {
            for value in row.values() {
                match value {
                    Value::Text(v) => all.extend_from_slice(v.as_bytes()),
                    Value::Bytes(v) => all.extend_from_slice(v),
                    Value::Int(_) | Value::Null => {}
                }
                all.push(b'\n');
            }
            Ok(())
        })?;
        out.insert(name, all);
    }
    Ok(out)
}

/// An operator files for a caller who says nothing about who they are. The number of their telephone is
/// asked for nowhere, and neither the caller nor, through the rota, the operator is in the record:
/// [`times_are_coarse`] looks for the actor.
async fn by_telephone(server: &Server, cookie: &str) -> (String, String) {
    let page = server.send("GET", "/cases/hotline", "text/plain", b"", cookie).await;
    let hidden = |name: &str| platform::testing::hidden(&page, name).expect(name);
    let asked: Vec<&str> =
        page.split(" name=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(asked.contains(&"caller") && asked.contains(&"description"), "{asked:?}");
    for name in asked {
        assert!(!["phone", "telephone", "number", "caller_id", "tel"].contains(&name), "{name}");
    }
    let (csrf, key) = (hidden("csrf"), hidden("key"));
    let call = [
        ("csrf", csrf.as_str()),
        ("key", key.as_str()),
        ("caller", "anonymous"),
        ("kind", "concern"),
        ("title", MARKS[7]),
        ("description", MARKS[7]),
        ("language", "en"),
    ];
    // An operator who notes how to reach somebody who wants to stay unknown is told, and nothing is kept.
    let mut known = call.to_vec();
    known.push(("contact", MARKS[5]));
    assert!(server.form("/cases/hotline", &known, cookie).await.contains("422 "));
    codes(&server.form("/cases/hotline", &call, cookie).await)
}

/// Another system hands on a message: what its connection and its headers betray is kept nowhere. What it
/// says in the places that the source names is the report, and is kept as written; the rest of its message
/// is not kept at all.
async fn by_another_system(server: &Server, cookie: &str) {
    let at = "/channels/sources";
    let page = server.send("GET", at, "text/plain", b"", cookie).await;
    let csrf = platform::testing::hidden(&page, "csrf").expect("csrf");
    let source = [
        ("csrf", csrf.as_str()),
        ("name", "Support desk"),
        ("channel", "chat"),
        ("reference", "/id"),
        ("title", "/title"),
        ("description", "/text"),
        ("kind", "/kind"),
    ];
    let made = server.form(at, &source, cookie).await;
    let secret = made.split("whsec_").nth(1).unwrap_or_else(|| panic!("{made}"));
    let secret = format!("whsec_{}", secret.split('<').next().unwrap());
    let path = made.split("/api/v1/hooks/").nth(1).unwrap().split('<').next().unwrap();
    let path = format!("/api/v1/hooks/{path}");
    let now = platform::edge::Edge::env(&platform::edge::SystemEdge).now().0 / 1_000_000;
    let body = serde_json::json!({
        "id": "T-1", "title": "The lift is stuck", "text": "Nobody answers.", "kind": "failure",
        "sender": { "address": MARKS[2], "agent": MARKS[0], "mail": MARKS[5] },
    })
    .to_string();
    let signature = platform::inbound::hook::sign(&secret, "msg-1", now, body.as_bytes()).unwrap();
    let signed = format!(
        "\r\nWebhook-Id: msg-1\r\nWebhook-Timestamp: {now}\r\nWebhook-Signature: {signature}"
    );
    let kind = "application/json";
    let answer = server.send("POST", &path, kind, body.as_bytes(), &signed).await;
    assert!(answer.contains("201 "), "{answer}");
    // One that is not signed is refused, and leaves as little.
    let refused = server.send("POST", &path, kind, body.as_bytes(), "").await;
    assert!(refused.contains("401 "), "{refused}");
}

/// Files reports by every path; returns the cookie of somebody who was signed in meanwhile.
async fn report(server: &Server) -> (Vec<(String, String)>, String) {
    let mut filed = Vec::new();
    assert!(server.send("GET", "/report?lang=de", "text/plain", b"", "").await.contains("200 OK"));
    // The form without script, and with files.
    filed.push(codes(&server.form("/report", &REPORT, "").await));
    filed.push(codes(&server.upload("/report", &REPORT).await));
    // By a program.
    let api = format!(
        "{{\"channel\":\"portal\",\"kind\":\"concern\",\"title\":\"{0}\",\"description\":\"{0}\",\"about_people\":\"{1}\",\"privacy\":\"anonymous\"}}",
        MARKS[7], MARKS[9]
    );
    let answer =
        server.send("POST", "/api/v1/reports", "application/json", api.as_bytes(), "").await;
    let body = answer.split("\r\n\r\n").nth(1).unwrap();
    let told: serde_json::Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"));
    let of = |name: &str| told[name].as_str().unwrap().to_owned();
    filed.push((of("tracking_number"), of("return_code")));
    // Somebody who says who they are and wants to stay anonymous is told, and nothing is kept.
    let mut known = REPORT.to_vec();
    known.push(("contact", MARKS[5]));
    assert!(server.form("/report", &known, "").await.contains("422 "));
    let known = api.replace("\"privacy\"", &format!("\"contact\":\"{}\",\"privacy\"", MARKS[5]));
    let refused =
        server.send("POST", "/api/v1/reports", "application/json", known.as_bytes(), "").await;
    assert!(refused.contains("422 "), "{refused}");
    // Somebody who is signed in.
    let page = server.send("GET", "/sign-in", "text/plain", b"", "").await;
    let mut people = page.split("name=\"person\" value=\"").skip(1);
    let lead = people
        .find(|p| p.split("</form>").next().is_some_and(|p| p.contains("Nadia")))
        .expect("people to sign in as");
    let person = lead.split('"').next().unwrap();
    let answer = server.form("/demo/sign-in", &[("person", person)], "").await;
    let cookie = answer.split("tickmark=").nth(1).expect("a session").split(';').next().unwrap();
    let cookie = format!("; tickmark={cookie}");
    filed.push(codes(&server.form("/report", &REPORT, &cookie).await));
    filed.push(by_telephone(server, &cookie).await);
    by_another_system(server, &cookie).await;
    // Coming back, with words and files.
    for (number, code) in filed.clone() {
        let way = [("tracking_number", &*number), ("return_code", &*code)];
        assert!(server.form("/report/follow-up", &way, "").await.contains(MARKS[7]));
        let mut more = way.to_vec();
        more.extend([("do", "say"), ("text", MARKS[8])]);
        assert!(server.form("/report/follow-up", &more, &cookie).await.contains(MARKS[8]));
        assert!(server.upload("/report/follow-up", &more).await.contains(MARKS[10]));
        let receipt = server.form("/report/receipt", &[("return_code", &code)], "").await;
        assert!(receipt.contains("tickmark-receipt@v1"));
    }
    (filed, cookie)
}

/// What is shown or given out to those who work here and to machines.
async fn given_out(server: &Server, cookie: &str) -> String {
    let mut all = String::new();
    for path in [
        "/metrics",
        "/cases",
        "/cases?format=csv",
        "/cases/dashboard",
        "/settings/jobs",
        "/api/v1/cases",
        "/search?q=Marked",
    ] {
        let answer = server.send("GET", path, "text/plain", b"", cookie).await;
        // What was asked for is repeated by a search; what was found is what counts.
        all.push_str(&answer.replace("q=Marked", ""));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_anonymous_reporter_leaves_no_mark_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let server = Server::start(&data, &log).await;
    let (filed, cookie) = report(&server).await;
    assert_eq!(filed.len(), 5);
    let shown = given_out(&server, &cookie).await;
    let home = [HOME];
    let marks: Vec<&str> = MARKS.iter().chain(&home).copied().collect();
    assert_eq!(found(shown.as_bytes(), &marks), Vec::<String>::new(), "shown or given out");
    drop(server);

    // Backup, restored so that nothing is compressed, and the register as a file.
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (backup, restored) = (folder.path().join("backup.zip"), folder.path().join("restored"));
    let register = folder.path().join("register.csv");
    let done = json(&["backup", "--data", &text(&data), &text(&backup)]);
    assert_eq!(done.0, 0, "{done:?}");
    let done = json(&["restore", "--data", &text(&restored), &text(&backup)]);
    assert_eq!(done.0, 0, "{done:?}");
    let done = json(&["cases", "export", "--data", &text(&data), "--out", &text(&register)]);
    assert_eq!(done.0, 0, "{done:?}");
    let mut all = Vec::new();
    files(folder.path(), &mut all);
    assert!(all.iter().any(|p| p.ends_with("data/tickmark.db")) && all.len() > 10);
    for path in &all {
        let bytes = fs::read(path).unwrap();
        assert_eq!(found(&bytes, &marks), Vec::<String>::new(), "{}", path.display());
    }
    // The search itself finds what is there.
    let database = fs::read(data.join("tickmark.db")).unwrap();
    assert_eq!(found(&database, &[&filed[0].0]), [filed[0].0.clone()]);
    assert!(found(&database, &[&filed[0].1]).is_empty(), "a return code is not kept");

    read_only(&data.join("tickmark.db"), |conn| {
        for (table, bytes) in rows(conn)? {
            assert_eq!(found(&bytes, &marks), Vec::<String>::new(), "table {table}");
        }
        for (number, _) in &filed {
            times_are_coarse(conn, number)?;
        }
        Ok(())
    })
    .unwrap();
}

/// What stands in the head of a mail: its sender, which is the report's, and what the way and the machine
/// add to it.
const SENDER: &str = "marked.writer@mail.example";
const UNDERWAY: [&str; 4] =
    ["203.0.113.177", "marked-laptop.example", "MarkedMailer/12.4", "Marked Display Name"];
const LETTER: &str = "Marked Letter Wombat";

/// Mail is never anonymous, and the guide says so. What is promised instead: the message is kept whole, once,
/// as it came; the sender's address stands where the people who handle cases and mail need it; what the way
/// of the mail and the machine of its writer added stands in the message alone; none of it is logged, counted
/// or given out by an export of the register.
#[test]
fn a_mail_names_its_sender_where_that_is_needed_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let (data, config) = (folder.path().join("data"), folder.path().join("tickmark.toml"));
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let made = json(&[
        "init",
        "--data",
        &text(&data),
        "--organization",
        "Alder",
        "--admin",
        "a@example.com",
    ]);
    assert_eq!(made.0, 0, "{made:?}");
    fs::write(
        &config,
        "base_url = \"https://report.alder.example\"\n[intake.mail]\naddress = \"report@alder.example\"\n",
    )
    .unwrap();
    let letter = format!(
        "Received: from {1} ({1} [{0}]) by mx.alder.example; Tue, 3 Mar 2026 10:00:00 +0000\r\n\
         X-Originating-IP: [{0}]\r\nUser-Agent: {2}\r\nFrom: \"{3}\" <{SENDER}>\r\n\
         To: report@alder.example\r\nMessage-ID: <1@{1}>\r\nSubject: Doors\r\n\r\n{LETTER}\r\n",
        UNDERWAY[0], UNDERWAY[1], UNDERWAY[2], UNDERWAY[3]
    );
    let mut child = Command::new(program())
        .args(["--json", "intake", "email", "--config", &text(&config), "--data", &text(&data)])
        .env("TICKMARK_LOG", "debug")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), letter.as_bytes()).unwrap();
    let said = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(told.contains("\"case\":\"cas_") || told.contains("\"case\": \"cas_"), "{said:?}");
    let all_marks: Vec<&str> = UNDERWAY.iter().copied().chain([SENDER, LETTER]).collect();
    assert_eq!(found(&said.stdout, &all_marks), Vec::<String>::new(), "said to the mail server");
    assert_eq!(found(&said.stderr, &all_marks), Vec::<String>::new(), "logged");

    let register = folder.path().join("register.csv");
    let done = json(&["cases", "export", "--data", &text(&data), "--out", &text(&register)]);
    assert_eq!(done.0, 0, "{done:?}");
    let given = [&UNDERWAY[..], &[SENDER]].concat();
    assert_eq!(found(&fs::read(&register).unwrap(), &given), Vec::<String>::new());

    // In the file store the message stands once, byte for byte.
    let mut stored = Vec::new();
    files(&data, &mut stored);
    let whole = stored.iter().filter(|p| fs::read(p).unwrap() == letter.as_bytes()).count();
    assert_eq!(whole, 1, "{stored:?}");
    let mut where_sender = std::collections::BTreeSet::new();
    read_only(&data.join("tickmark.db"), |conn| {
        for (table, bytes) in rows(conn)? {
            let mut never = vec![UNDERWAY[0], UNDERWAY[2], UNDERWAY[3]];
            // The id of a message names a machine; threads and loops are told by it.
            if !["mail_in", "journal_entry", "job"].contains(&table.as_str()) {
                never.push(UNDERWAY[1]);
            }
            assert_eq!(found(&bytes, &never), Vec::<String>::new(), "table {table}");
            if !found(&bytes, &[SENDER]).is_empty() {
                where_sender.insert(table);
            }
        }
        Ok(())
    })
    .unwrap();
    let expected = ["case_record", "job", "journal_entry", "mail_in"].map(str::to_owned);
    assert_eq!(where_sender, expected.into_iter().collect());
}

/// No row of an anonymous report, and no id, is finer than the hour; nobody but the public filed it.
fn times_are_coarse(conn: &mut Conn<'_>, number: &str) -> platform::db::Result<()> {
    let case = conn.query_one(
        "SELECT id, reported_at, contact FROM case_record WHERE tracking_number = $1",
        &[number.into()],
    )?;
    let id: String = case.get("id")?;
    let parsed: cases::model::CaseId = id.parse().unwrap();
    assert_eq!((parsed.to_u128() >> 80) % 3_600_000, 0, "the id tells the time");
    assert_eq!(case.get::<i64>("reported_at")? % HOUR_US, 0);
    assert_eq!(case.get::<Option<String>>("contact")?, None);
    let told = conn.query(
        "SELECT entry, recorded_at FROM journal_entry WHERE subject = $1 OR subject = $2",
        &[id.as_str().into(), format!("seal:{id}").into()],
    )?;
    assert!(told.len() >= 4, "report, seal, message and its seal");
    for row in told {
        let entry = String::from_utf8(row.get::<Vec<u8>>("entry")?).unwrap();
        assert!(entry.contains("\"actor\":\"public\""), "{entry}");
        assert_eq!(row.get::<i64>("recorded_at")? % HOUR_US, 0, "{entry}");
    }
    Ok(())
}
