//! `Authentication-Results` (RFC 8601) of the one server that we trust.
//!
//! Anybody can write such a header into a mail. Only that of our own server counts, and of several the
//! topmost: a server adds its own above all that came with the mail.

use crate::mailroom::model::Authentication;

/// The longest header that is read, in bytes.
const HEADER_BYTES_MAX: usize = 10_000;

/// Removes comments in brackets, nested ones too; quoted text stays.
fn without_comments(text: &str) -> String {
    let (mut out, mut depth, mut quoted, mut escaped) = (String::new(), 0usize, false, false);
    for c in text.chars() {
        if escaped {
            escaped = false;
            if depth == 0 {
                out.push(c);
            }
            continue;
        }
        match c {
            '\\' => {
                escaped = true;
                continue;
            }
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => {
                depth += 1;
                continue;
            }
            ')' if !quoted && depth > 0 => {
                depth -= 1;
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            out.push(c);
        }
    }
    out
}

fn result(word: &str) -> Option<String> {
    const KNOWN: [&str; 9] = [
        "pass",
        "fail",
        "softfail",
        "neutral",
        "none",
        "policy",
        "temperror",
        "permerror",
        "hardfail",
    ];
    let word: String =
        word.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    KNOWN.contains(&word.as_str()).then_some(word)
}

/// What the trusted server says in these headers, which stand in the order of the message. Without a
/// trusted server, or where it says nothing, the result is empty.
#[must_use]
pub fn read(headers: &[String], trusted: Option<&str>) -> Authentication {
    let Some(trusted) = trusted.filter(|t| !t.is_empty()) else { return Authentication::default() };
    for header in headers.iter().filter(|h| h.len() <= HEADER_BYTES_MAX) {
        let plain = without_comments(header);
        let mut parts = plain.split(';');
        // The server's name may be followed by a version.
        let server = parts.next().unwrap_or_default().split_whitespace().next().unwrap_or_default();
        if !server.eq_ignore_ascii_case(trusted) {
            continue;
        }
        let mut found = Authentication { server: server.to_owned(), ..Authentication::default() };
        for part in parts {
            let Some((method, rest)) = part.trim().split_once('=') else { continue };
            let method = method.trim().split('/').next().unwrap_or_default().to_lowercase();
            let value = result(rest.trim_start());
            let place = match method.as_str() {
                "spf" => &mut found.spf,
                "dkim" => &mut found.dkim,
                "dmarc" => &mut found.dmarc,
                _ => continue,
            };
            // Of several signatures one that fits is enough.
            if place.is_none() || value.as_deref() == Some("pass") {
                *place = value;
            }
        }
        return found;
    }
    Authentication::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[&str]) -> (String, Option<String>, Option<String>, Option<String>) {
        let headers: Vec<_> = headers.iter().map(|h| (*h).to_owned()).collect();
        let r = read(&headers, Some("mx.alder.example"));
        (r.server, r.spf, r.dkim, r.dmarc)
    }
    fn some(text: &str) -> Option<String> {
        Some(text.into())
    }

    #[test]
    fn the_trusted_server_is_believed_and_no_other() {
        let ours = "mx.alder.example 1; spf=pass (sender is (really) ok) smtp.mailfrom=a@b.example;\r\n dkim=fail reason=\"bad; dkim=pass\" header.d=b.example; dkim=pass header.d=c.example; dmarc=none";
        assert_eq!(
            of(&["evil.example; dmarc=pass", ours, "mx.alder.example; dmarc=pass"]),
            ("mx.alder.example".into(), some("pass"), some("pass"), some("none"))
        );
        assert_eq!(of(&["MX.ALDER.EXAMPLE; none"]).0, "MX.ALDER.EXAMPLE");
        assert_eq!(of(&["mx.alder.example.evil; dmarc=pass"]), (String::new(), None, None, None));
        assert_eq!(of(&["(mx.alder.example;) evil; dmarc=pass"]).3, None);
        assert_eq!(read(&["mx; dmarc=pass".into()], None), Authentication::default());
    }

    proptest::proptest! {
        #[test]
        fn no_header_panics(header in "[ -~\u{e9}\r\n]{0,200}") {
            let _ = read(&[format!("mx.alder.example; {header}"), header], Some("mx.alder.example"));
        }
    }
}
