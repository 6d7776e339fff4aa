//! A raw message to what a person wrote, whatever its shape.
//!
//! The parser takes any bytes. What it makes of them is bounded here: texts are cut, control characters
//! and marks that turn the direction of text in names are taken out, HTML becomes text and is never
//! shown as it came.

use crate::mailroom::model::Attachment;
use crate::service::{TEXT_MAX, TITLE_MAX};
use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders, PartType};
use platform::http::plain_file_name;

/// The longest message that is read, in bytes; a longer one is kept and set aside.
pub const READ_BYTES_MAX: usize = 50 << 20;
/// Recipients that are looked at.
const RECIPIENTS_MAX: usize = 200;
/// Files that are listed.
const ATTACHMENTS_MAX: usize = 50;
/// The longest address, by RFC 5321.
const ADDRESS_BYTES_MAX: usize = 254;

/// What a message holds, as far as the door is concerned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// The sender's address; empty where there is none that mail can be sent to.
    pub sender: String,
    /// The subject line, on one line; may be empty.
    pub subject: String,
    /// What was written; empty where nothing can be read.
    pub text: String,
    /// Every address to which it was sent, as far as its headers tell.
    pub recipients: Vec<String>,
    /// Its `Message-ID`, with its brackets; empty where there is none.
    pub message_id: String,
    /// The word of `Auto-Submitted` (RFC 3834); empty where there is none.
    pub auto_submitted: String,
    /// Whether it says that it came in bulk or by a list.
    pub bulk: bool,
    /// Whether it is a report of a mail server about a delivery, or has nobody to return to.
    pub delivery_report: bool,
    /// Every `Authentication-Results` header, topmost first.
    pub authentication: Vec<String>,
    /// The files in it.
    pub attachments: Vec<Attachment>,
}

/// Text as it may be stored and shown: without control characters but line feeds and tabs, at most
/// `max` characters.
fn clean(text: &str, max: usize) -> String {
    let mut out: String =
        text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(max).collect();
    out.truncate(out.trim_end().len());
    out.trim_start_matches(['\n', ' ', '\t']).to_owned()
}

/// The same on one line, without marks that turn the direction of text.
fn one_line(text: &str, max: usize) -> String {
    let flat: Vec<&str> = text.split_whitespace().collect();
    let flat: String = flat
        .join(" ")
        .chars()
        .filter(|c| !c.is_control() && !kernel::refusal::turns_direction(*c))
        .take(max)
        .collect();
    flat.trim().to_owned()
}

/// An address that can be stored: visible characters, one `@`, bounded.
fn plain_address(text: &str) -> Option<String> {
    let text = text.trim();
    let good = text.len() <= ADDRESS_BYTES_MAX
        && text.contains('@')
        && text.chars().all(|c| !c.is_control() && !c.is_whitespace());
    good.then(|| text.to_owned())
}

fn addresses(of: Option<&Address<'_>>) -> Vec<String> {
    of.into_iter()
        .flat_map(Address::iter)
        .filter_map(|a| a.address.as_deref().and_then(plain_address))
        .take(RECIPIENTS_MAX)
        .collect()
}

/// Every value of a header as it stands in the message.
fn raw_values<'m>(message: &'m Message<'_>, name: &str) -> Vec<&'m str> {
    message
        .headers_raw()
        .filter(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
        .take(50)
        .collect()
}

fn first_word(message: &Message<'_>, name: &str) -> String {
    let value = raw_values(message, name).first().copied().unwrap_or_default();
    value
        .split([';', ' ', '\t', '\r', '\n', '('])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
        .chars()
        .take(40)
        .collect()
}

fn recipients(message: &Message<'_>) -> Vec<String> {
    let mut all = addresses(message.to());
    all.extend(addresses(message.cc()));
    // Where the server says to whom it delivered: an answer that went to somebody else in copy.
    for name in
        ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Original-Recipient"]
    {
        for value in raw_values(message, name) {
            let value = value.rsplit(';').next().unwrap_or_default();
            all.extend(plain_address(value.trim().trim_matches(['<', '>'])));
        }
    }
    all.truncate(RECIPIENTS_MAX);
    all
}

fn is_delivery_report(message: &Message<'_>) -> bool {
    let report = message.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|s| s.eq_ignore_ascii_case("report"))
            && kind.attribute("report-type").is_some_and(|r| {
                r.eq_ignore_ascii_case("delivery-status")
                    || r.eq_ignore_ascii_case("disposition-notification")
            })
    });
    let nobody = raw_values(message, "Return-Path").first().is_some_and(|v| *v == "<>");
    let daemon = addresses(message.from()).iter().any(|a| {
        a.split('@').next().is_some_and(|local| {
            local.eq_ignore_ascii_case("mailer-daemon") || local.eq_ignore_ascii_case("postmaster")
        })
    });
    report || (nobody && daemon)
}

fn text(message: &Message<'_>) -> String {
    let mut whole = String::new();
    for n in 0..message.text_body_count().min(20) {
        // Where there is only HTML, this is its text.
        if let Some(part) = message.body_text(n) {
            if !whole.is_empty() {
                whole.push('\n');
            }
            whole.push_str(&part.replace("\r\n", "\n").replace('\r', "\n"));
        }
        if whole.chars().count() > TEXT_MAX {
            break;
        }
    }
    clean(&whole, TEXT_MAX)
}

fn attachments(message: &Message<'_>) -> Vec<Attachment> {
    message
        .attachments()
        .take(ATTACHMENTS_MAX)
        .map(|part| {
            let kind = part.content_type().map_or_else(String::new, |c| {
                format!("{}/{}", c.ctype(), c.subtype().unwrap_or("*"))
            });
            let bytes = match &part.body {
                PartType::Message(inner) => inner.raw_message().len(),
                _ => part.contents().len(),
            };
            Attachment {
                name: plain_file_name(part.attachment_name().unwrap_or("file")),
                media_type: one_line(&kind, 100),
                bytes: bytes as u64,
            }
        })
        .collect()
}

/// Reads a message. None when it is none: it has neither headers nor a body that could be one, or is
/// too long.
#[must_use]
pub fn read(raw: &[u8]) -> Option<Letter> {
    if raw.len() > READ_BYTES_MAX {
        return None;
    }
    // The parser gives up loudly on some broken multiparts. A message that cannot be read is kept and
    // set aside like any other that is none.
    let parsed = std::panic::catch_unwind(|| MessageParser::default().parse(raw));
    let message = parsed.ok().flatten()?;
    let sender = addresses(message.from()).into_iter().next().unwrap_or_default();
    let precedence = first_word(&message, "Precedence");
    let listed = !matches!(message.list_id(), HeaderValue::Empty);
    let authentication = raw_values(&message, "Authentication-Results");
    Some(Letter {
        sender,
        subject: one_line(message.subject().unwrap_or_default(), TITLE_MAX),
        text: text(&message),
        recipients: recipients(&message),
        message_id: message
            .message_id()
            .map(|id| format!("<{}>", one_line(id, 250)))
            .unwrap_or_default(),
        auto_submitted: first_word(&message, "Auto-Submitted"),
        bulk: listed || matches!(precedence.as_str(), "bulk" | "junk" | "list" | "auto_reply"),
        delivery_report: is_delivery_report(&message),
        authentication: authentication.into_iter().map(str::to_owned).collect(),
        attachments: attachments(&message),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_message_is_read_and_made_safe() {
        let raw = b"From: \"A \\\"B\\\"\" <ann@customer.example>\r\nTo: report@alder.example\r\nCc: b@x.example\r\nDelivered-To: report+abc@alder.example\r\nSubject: =?utf-8?Q?Payslips_=E2=80=AEmissing?=\r\n of January\r\nMessage-ID: <m1@customer.example>\r\nAuto-Submitted: no\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe list\x07 stays empty.\r\n\r\nAnn\r\n";
        let letter = read(raw).unwrap();
        assert_eq!(letter.sender, "ann@customer.example");
        assert_eq!(letter.subject, "Payslips missing of January");
        assert_eq!(letter.text, "The list stays empty.\n\nAnn");
        assert_eq!(
            letter.recipients,
            ["report@alder.example", "b@x.example", "report+abc@alder.example"]
        );
        assert_eq!(letter.message_id, "<m1@customer.example>");
        assert_eq!(letter.auto_submitted, "no");
        assert!(!letter.bulk && !letter.delivery_report);
    }

    #[test]
    fn html_becomes_text_and_files_are_listed_by_a_plain_name() {
        let raw = b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/html\r\n\r\n<p>The <b>portal</b> is down<script>alert(1)</script></p>\r\n--q\r\nContent-Type: application/pdf; name=\"../../etc/pass\"\r\nContent-Disposition: attachment; filename=\"../../etc/passwd\"\r\n\r\nabc\r\n--q--\r\n";
        let letter = read(raw).unwrap();
        assert!(
            letter.text.contains("The portal is down") && !letter.text.contains('<'),
            "{}",
            letter.text
        );
        assert_eq!(letter.attachments.len(), 1);
        assert_eq!(letter.attachments[0].name, "passwd");
        assert_eq!(letter.attachments[0].media_type, "application/pdf");
    }

    #[test]
    fn programs_lists_and_delivery_reports_are_recognised() {
        let with =
            |head: &str| read(format!("From: a@b.example\r\n{head}\r\n\r\nx").as_bytes()).unwrap();
        assert_eq!(with("Auto-Submitted: auto-replied (vacation)").auto_submitted, "auto-replied");
        assert!(with("Precedence: Bulk").bulk && with("List-Id: <l.example>").bulk);
        assert!(
            with("Content-Type: multipart/report; report-type=delivery-status; boundary=x")
                .delivery_report
        );
        let daemon = read(b"Return-Path: <>\r\nFrom: MAILER-DAEMON@b.example\r\n\r\nx").unwrap();
        assert!(daemon.delivery_report);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(raw in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
            let _ = read(&raw);
        }

        #[test]
        fn no_header_or_body_leaves_what_cannot_be_stored(head in "[ -~\r\n\u{e9}\u{202e}]{0,200}", body in "[ -~\r\n\t\u{0}\u{7}]{0,200}") {
            if let Some(letter) = read(format!("From: a@b.example\r\nSubject: {head}\r\n\r\n{body}").as_bytes()) {
                proptest::prop_assert!(letter.text.chars().all(|c| !c.is_control() || c == '\n' || c == '\t'));
                proptest::prop_assert!(letter.subject.chars().all(|c| !c.is_control()));
                proptest::prop_assert!(letter.subject.chars().count() <= TITLE_MAX);
            }
        }
    }
}
