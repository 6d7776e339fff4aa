//! What a collector may ask, what its answer must be, and what time it speaks for. Pure.

use super::model::{Asked, Covers, Format, When};
use crate::model::SpeaksFor;
use kernel::period::{Date, Period};
use kernel::refusal::{Refusal, line};
use kernel::time::Timestamp;
use kernel::zone::Zone;
use platform::jobs::fetch::{self, Got};
use platform::jobs::webhook::Reach;
use platform::jobs::{Days, Recurrence};
use std::collections::BTreeSet;

/// The longest name of a collector and of a system, in characters.
pub const NAME_MAX: usize = 120;
/// The most columns that are declared.
pub const COLUMNS_MAX: usize = 200;
/// The longest secret, in bytes.
pub const SECRET_BYTES_MAX: usize = 4_000;
/// Names of parameters in which people put secrets.
const TELLING: [&str; 18] = [
    "access_key",
    "access_token",
    "accesstoken",
    "api_key",
    "api_token",
    "apikey",
    "apitoken",
    "auth",
    "auth_token",
    "client_secret",
    "key",
    "password",
    "passwd",
    "private_token",
    "pwd",
    "secret",
    "sig",
    "token",
];

/// Where the first and last day of the period stand in an address.
const PLACES: [&str; 2] = ["{from}", "{to}"];

fn zone_of(asked: &Asked) -> Result<Zone, Refusal> {
    Zone::named(asked.zone.trim()).map_err(|e| Refusal::field("zone", format!("{e}.")))
}

fn time(text: &str) -> Option<(i8, i8)> {
    let (hour, minute) = text.trim().split_once(':')?;
    let two = |part: &str| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<i8>().ok())
            .flatten()
    };
    let (hour, minute) = (two(hour)?, two(minute)?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

/// When a collector runs; none by hand.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn recurrence(asked: &Asked) -> Result<Option<Recurrence>, Refusal> {
    let days = match asked.when {
        When::ByHand => return Ok(None),
        When::Daily => Days::Every,
        When::Weekly { day } => Days::Week(vec![day]),
        When::Monthly { day } => Days::Month(vec![day]),
    };
    let (hour, minute) = time(&asked.at).ok_or_else(|| {
        Refusal::field("at", "Write the time of day as 06:30, from 00:00 to 23:59.")
    })?;
    let rule = Recurrence::at(days, hour, minute, zone_of(asked)?);
    let odd = "Write the day as a number: 1 (Monday) to 7 for a week, 1 to 31 for a month.";
    rule.map(Some).ok_or_else(|| Refusal::field("day", odd))
}

/// What is asked, as it may be recorded.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn checked(asked: &Asked, reach: Reach) -> Result<Asked, Refusal> {
    let zone = zone_of(asked)?;
    let at = if asked.when == When::ByHand { String::new() } else { asked.at.trim().to_owned() };
    let header = asked.header.trim().to_owned();
    if !header.is_empty() && !fetch::may_carry(&header) {
        return Err(Refusal::field(
            "header",
            "A secret cannot go into this header. Use one such as Authorization or X-Api-Key.",
        ));
    }
    if let Covers::Days { from, to } = asked.covers {
        Period::new(from, to, zone.clone())
            .map_err(|e| Refusal::field("covers_to", format!("{e}.")))?;
    }
    let controls: BTreeSet<_> = asked.controls.iter().copied().collect();
    if controls.is_empty() && asked.request.is_none() {
        return Err(Refusal::field(
            "controls",
            "Say what the evidence is for: choose a control or a request.",
        ));
    }
    let columns = columns(asked)?;
    let checked = Asked {
        columns,
        name: line("name", &asked.name, NAME_MAX)?,
        system: line("system", &asked.system, NAME_MAX)?,
        address: address(asked, reach)?,
        header,
        controls: controls.into_iter().collect(),
        zone: zone.name().to_owned(),
        at,
        ..asked.clone()
    };
    recurrence(&checked)?;
    Ok(checked)
}

/// The columns that the answer must have, each once. A sentence of excuse comes with the status 200 too and
/// reads like a list of one column; only the names tell it from the list that was asked for.
fn columns(asked: &Asked) -> Result<Vec<String>, Refusal> {
    let refuse = |why: &str| Err(Refusal::field("columns", why));
    let mut out: Vec<String> = Vec::new();
    for name in asked.columns.iter().map(|c| c.trim()).filter(|c| !c.is_empty()) {
        let name = line("columns", name, NAME_MAX)?;
        if !out.contains(&name) {
            out.push(name);
        }
    }
    match asked.format {
        Format::Csv if out.is_empty() => refuse(
            "Name the columns that the answer has, at least those that the evidence is about: an error in words would pass for a list otherwise.",
        ),
        Format::Xlsx | Format::Parquet if !out.is_empty() => refuse(
            "Columns are looked for in CSV, JSON and NDJSON. A workbook and a Parquet file are read when they are frozen; leave this empty.",
        ),
        _ if out.len() > COLUMNS_MAX => refuse("Name 200 columns at most."),
        _ => Ok(out),
    }
}

/// The names in the first line of a text with columns, as it is written between commas.
fn header(text: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let (mut quoted, mut before) = (false, ' ');
    for c in text.trim_start_matches('\u{feff}').trim_start().chars() {
        match c {
            '"' if quoted => quoted = false,
            '"' => {
                if before == '"' {
                    names.last_mut().into_iter().for_each(|n| n.push('"'));
                }
                quoted = true;
            }
            ',' if !quoted => names.push(String::new()),
            '\n' | '\r' if !quoted => break,
            c => names.last_mut().into_iter().for_each(|n| n.push(c)),
        }
        before = c;
    }
    names.into_iter().map(|n| n.trim().to_owned()).collect()
}

/// Whether an answer has the columns that were declared; a sentence with what is missing where not.
///
/// # Errors
/// Which columns it lacks.
pub fn has_columns(asked: &Asked, body: &[u8]) -> Result<(), String> {
    if asked.columns.is_empty() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(body);
    let found: Vec<String> = match asked.format {
        Format::Csv => header(&text),
        Format::Ndjson => text.lines().find(|l| !l.trim().is_empty()).map_or_else(Vec::new, keys),
        Format::Json => keys(&text),
        Format::Xlsx | Format::Parquet => return Ok(()),
    };
    let missing: Vec<&str> =
        asked.columns.iter().filter(|c| !found.contains(c)).map(String::as_str).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "The answer has not the columns that were declared: {} not in it. It is kept to be read and became no evidence. Look at it, and mend the address or the columns.",
        if missing.len() == 1 {
            format!("{} is", missing[0])
        } else {
            format!("{} are", missing.join(", "))
        }
    ))
}

/// The names of the first object of a document: of itself, of the first of a list, or of the first list
/// inside it.
fn keys(text: &str) -> Vec<String> {
    use serde_json::Value;
    fn of(value: &Value, deep: bool) -> Vec<String> {
        match value {
            Value::Array(list) => list.first().map_or_else(Vec::new, |first| of(first, false)),
            Value::Object(map) => {
                let inside = map.values().filter(|v| deep && v.is_array()).map(|v| of(v, false));
                let inside = inside.flatten();
                map.keys().cloned().chain(inside).collect()
            }
            _ => Vec::new(),
        }
    }
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_or_else(|_| Vec::new(), |v| of(&v, true))
}

/// An address without secrets, with places for days only where the answer speaks for days.
fn address(asked: &Asked, reach: Reach) -> Result<String, Refusal> {
    let refuse = |why: &str| Refusal::field("address", why);
    let text = asked.address.trim();
    let plain = PLACES.iter().fold(text.to_owned(), |t, place| t.replace(place, "2026-01-01"));
    if plain.contains(['{', '}']) {
        return Err(refuse(
            "Only {from} and {to} are filled in. Write other braces as %7B and %7D.",
        ));
    }
    if plain != text && asked.covers == Covers::Capture {
        return Err(refuse(
            "An answer for one moment has no {from} and {to}. Leave them out, or say which period it speaks for.",
        ));
    }
    if fetch::machine(text).contains(['{', '}']) {
        return Err(refuse("{from} and {to} belong into the path or the query."));
    }
    fetch::address(reach, &plain).map_err(refuse)?;
    let query = text.split_once('?').map_or("", |(_, query)| query);
    let telling = query.split(['&', ';']).find(|pair| {
        let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
        let name = name.to_ascii_lowercase().replace('-', "_");
        TELLING.contains(&name.trim_start_matches("x_"))
    });
    if let Some(pair) = telling {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        return Err(refuse(&format!(
            "The address is part of the record, and “{}” reads like a secret. Send it in the header instead.",
            kernel::refusal::excerpt(name, 40)
        )));
    }
    Ok(text.to_owned())
}

/// A secret as it can be sent in a header.
///
/// # Errors
/// [`Refusal::Input`]; the sentence does not repeat it.
pub fn secret(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let good = text.len() >= 8
        && text.len() <= SECRET_BYTES_MAX
        && text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    if good {
        return Ok(text.to_owned());
    }
    Err(Refusal::field(
        "secret",
        "A secret has 8 to 4,000 visible ASCII characters, with the word before it where the system wants one: Bearer ….",
    ))
}

/// The first and last day of the period that a run planned at `at` asks for; none for a capture.
fn days(covers: Covers, zone: &Zone, at: Timestamp) -> Option<(Date, Date)> {
    let today = zone.local(at).date();
    let yesterday = today.yesterday().ok()?;
    match covers {
        Covers::Capture => None,
        Covers::DayBefore => Some((yesterday, yesterday)),
        Covers::WeekBefore => {
            let since_monday = i64::from(today.weekday().to_monday_zero_offset());
            let back = |days: i64| {
                let mut date = today;
                for _ in 0..days {
                    date = date.yesterday().ok()?;
                }
                Some(date)
            };
            Some((back(since_monday + 7)?, back(since_monday + 1)?))
        }
        Covers::MonthBefore => {
            let last = today.first_of_month().yesterday().ok()?;
            Some((last.first_of_month(), last))
        }
        Covers::Days { from, to } => Some((from, to)),
    }
}

/// The period of a run planned at `at`.
///
/// # Errors
/// [`Refusal::State`] when it is not over: what has not happened yet cannot be collected.
fn period(asked: &Asked, at: Timestamp) -> Result<Option<Period>, Refusal> {
    let zone = zone_of(asked)?;
    let Some((from, to)) = days(asked.covers, &zone, at) else { return Ok(None) };
    let period =
        Period::new(from, to, zone).map_err(|e| Refusal::field("covers_to", format!("{e}.")))?;
    if period.ends_before() > at {
        return Err(Refusal::state(format!(
            "The period ends on {to}. What happened in it can be collected once that day is over."
        )));
    }
    Ok(Some(period))
}

/// The exact address that a run planned at `planned_at` asks.
///
/// # Errors
/// [`Refusal::State`] when the period is not over.
pub fn request(asked: &Asked, planned_at: Timestamp) -> Result<String, Refusal> {
    Ok(period(asked, planned_at)?.map_or_else(
        || asked.address.clone(),
        |p| {
            asked
                .address
                .replace(PLACES[0], &p.start().to_string())
                .replace(PLACES[1], &p.end().to_string())
        },
    ))
}

/// The time that the answer to a run speaks for: the days that were asked for, or the moment at which it
/// was asked.
///
/// # Errors
/// As [`request`].
pub fn speaks_for(
    asked: &Asked,
    planned_at: Timestamp,
    begun_at: Timestamp,
) -> Result<SpeaksFor, Refusal> {
    Ok(period(asked, planned_at)?.map_or(SpeaksFor { from: begun_at, to: begun_at }, |p| {
        SpeaksFor { from: p.starts_at(), to: p.last_instant() }
    }))
}

/// Whether an answer is what was expected; a sentence where it is not. An error page that comes with
/// the status 200 is no evidence.
///
/// # Errors
/// What came instead, without repeating it.
pub fn judged(format: Format, got: &Got) -> Result<(), String> {
    let name = format.as_str().to_uppercase();
    let not = |what: &str| {
        Err(format!(
            "The answer is not {name}: {what}. Look at the address and the expected format. Nothing was kept of it."
        ))
    };
    if got.body.is_empty() {
        return not("it is empty");
    }
    let head: Vec<u8> =
        got.body.iter().copied().filter(|b| !b.is_ascii_whitespace()).take(15).collect();
    let head = head.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(&head);
    if got.content_type.to_ascii_lowercase().starts_with("text/html") || head.starts_with(b"<") {
        return not("it is a page or a document of markup");
    }
    let text = std::str::from_utf8(&got.body);
    match format {
        Format::Csv => match text {
            Err(_) => not("it is not text in UTF-8"),
            Ok(text) if text.contains('\0') => not("it is not text"),
            Ok(_) if head.starts_with(b"{") || head.starts_with(b"[") => not("it is JSON"),
            Ok(text) if text.trim_matches(['\u{feff}', ' ', '\r', '\n']).is_empty() => {
                not("it is empty")
            }
            Ok(_) => Ok(()),
        },
        Format::Json => {
            let whole = serde_json::from_slice::<serde::de::IgnoredAny>(&got.body).is_ok();
            if whole && (head.starts_with(b"{") || head.starts_with(b"[")) {
                return Ok(());
            }
            not("it is not one whole document, a list or an object")
        }
        Format::Ndjson => match text {
            Err(_) => not("it is not text in UTF-8"),
            Ok(text) => {
                let odd = text.lines().enumerate().find(|(_, l)| {
                    !l.trim().is_empty()
                        && (!l.trim_start().starts_with('{')
                            || serde_json::from_str::<serde::de::IgnoredAny>(l).is_err())
                });
                odd.map_or(Ok(()), |(n, _)| not(&format!("line {} is not an object", n + 1)))
            }
        },
        Format::Xlsx => {
            let inside = |name: &[u8]| got.body.windows(name.len()).any(|w| w == name);
            if got.body.starts_with(b"PK\x03\x04") && inside(b"xl/") {
                return Ok(());
            }
            not("it is not a workbook")
        }
        Format::Parquet => {
            let mark: &[u8] = b"PAR1";
            if got.body.len() >= 12 && got.body.starts_with(mark) && got.body.ends_with(mark) {
                return Ok(());
            }
            not("it does not begin and end as a Parquet file does")
        }
    }
}

/// Whether an answer, or what is recorded of it, repeats the secret that was sent: whole, or without the
/// word before it, as in `Bearer …`.
#[must_use]
pub fn repeats(secret: &str, got: &Got) -> bool {
    let bare = secret.rsplit(' ').next().unwrap_or(secret);
    let parts: Vec<&str> = [secret, bare].into_iter().filter(|p| p.len() >= 8).collect();
    let texts = [got.date.as_bytes(), got.content_type.as_bytes(), got.etag.as_bytes(), &got.body];
    parts.iter().any(|part| {
        let part = part.as_bytes();
        texts.iter().any(|text| text.windows(part.len()).any(|w| w == part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked {
            name: "Leavers".into(),
            system: "HR system".into(),
            address: "https://hr.example/leavers?from={from}&to={to}".into(),
            header: "Authorization".into(),
            format: Format::Csv,
            columns: vec!["worker".into(), "left_on".into()],
            controls: vec![kernel::ids::Id::new(Timestamp(0), 1)],
            request: None,
            covers: Covers::MonthBefore,
            zone: "America/New_York".into(),
            when: When::Monthly { day: 1 },
            at: "06:30".into(),
        }
    }
    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }
    fn field(asked: &Asked) -> String {
        match checked(asked, Reach::default()) {
            Err(Refusal::Input { field, .. }) => field.unwrap_or("").to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_is_asked_is_checked_field_by_field() {
        assert_eq!(checked(&asked(), Reach::default()).unwrap(), asked());
        type Change = fn(&mut Asked);
        let cases: [(&str, Change); 15] = [
            ("columns", |a| a.columns = vec![" ".into()]),
            ("columns", |a| a.format = Format::Parquet),
            ("name", |a| a.name = " ".into()),
            ("system", |a| a.system = "a\nb".into()),
            ("address", |a| a.address = "http://hr.example/".into()),
            ("address", |a| a.address = "https://hr.example/?api_key=x".into()),
            ("address", |a| a.address = "https://hr.example/?X-Amz-Token=x&token=1".into()),
            ("address", |a| a.address = "https://hr.example/{id}".into()),
            ("address", |a| a.address = "https://{from}.example/".into()),
            ("address", |a| a.covers = Covers::Capture),
            ("header", |a| a.header = "Host".into()),
            ("controls", |a| a.controls = Vec::new()),
            ("zone", |a| a.zone = "Mars/Base".into()),
            ("at", |a| a.at = "6:3".into()),
            ("day", |a| a.when = When::Weekly { day: 8 }),
        ];
        for (expected, change) in cases {
            let mut asked = asked();
            change(&mut asked);
            assert_eq!(field(&asked), expected, "{asked:?}");
        }
    }

    #[test]
    fn a_period_is_that_of_the_local_calendar() {
        let of = |covers, now: &str| {
            let asked = Asked { covers, ..asked() };
            let sent = request(&asked, at(now)).unwrap();
            let speaks = speaks_for(&asked, at(now), at(now)).unwrap();
            let query = sent.split_once('?').unwrap().1.to_owned();
            (query, speaks.from.to_rfc3339(), speaks.to.to_rfc3339())
        };
        // 1 April 2026, 02:00 UTC is still 31 March in New York; the clocks went forward on the 8th.
        let (query, from, to) = of(Covers::MonthBefore, "2026-04-01T02:00:00Z");
        assert_eq!(query, "from=2026-02-01&to=2026-02-28");
        assert_eq!((&*from, &to[..19]), ("2026-02-01T05:00:00Z", "2026-03-01T04:59:59"));
        let (query, from, to) = of(Covers::MonthBefore, "2026-04-01T10:30:00Z");
        assert_eq!(query, "from=2026-03-01&to=2026-03-31");
        assert_eq!((&*from, &to[..19]), ("2026-03-01T05:00:00Z", "2026-04-01T03:59:59"));
        assert_eq!(
            of(Covers::DayBefore, "2026-03-09T12:00:00Z").0,
            "from=2026-03-08&to=2026-03-08"
        );
        // Monday to Sunday of the week before, asked on a Monday and on a Sunday.
        for now in ["2026-03-09T12:00:00Z", "2026-03-15T12:00:00Z"] {
            assert_eq!(of(Covers::WeekBefore, now).0, "from=2026-03-02&to=2026-03-08", "{now}");
        }
    }

    #[test]
    fn days_that_are_not_over_are_not_collected() {
        let (from, to) = ("2026-01-01".parse().unwrap(), "2026-06-30".parse().unwrap());
        let asked = Asked { covers: Covers::Days { from, to }, ..asked() };
        let early = request(&asked, at("2026-07-01T03:59:59Z")).unwrap_err().to_string();
        assert!(early.contains("ends on 2026-06-30"), "{early}");
        assert!(request(&asked, at("2026-07-01T04:00:00Z")).is_ok());
    }

    #[test]
    fn an_answer_is_judged_by_its_bytes() {
        let got = |body: &[u8]| Got { status: 200, body: body.to_vec(), ..Got::default() };
        let good: [(Format, &[u8]); 6] = [
            (Format::Csv, b"\xef\xbb\xbfa,b\n1,2\n"),
            (Format::Csv, b"a,b\n"),
            (Format::Json, b" [{\"a\":1}]\n"),
            (Format::Ndjson, b"{\"a\":1}\n{\"a\":2}\n"),
            (Format::Xlsx, b"PK\x03\x04....xl/workbook.xml"),
            (Format::Parquet, b"PAR1....PAR1"),
        ];
        for (format, body) in good {
            assert_eq!(judged(format, &got(body)), Ok(()), "{format:?}");
            for other in Format::ALL {
                let also = matches!((format, other), (Format::Xlsx | Format::Parquet, Format::Csv))
                    || format == other;
                assert!(judged(other, &got(body)).is_err() || also, "{format:?} as {other:?}");
            }
        }
        let bad: [(Format, &[u8]); 9] = [
            (Format::Csv, b""),
            (Format::Csv, b" \n"),
            (Format::Csv, b"<!doctype html><p>Sign in"),
            (Format::Csv, b"{\"error\":\"no\"}"),
            (Format::Csv, b"a,b\n\xff\xfe"),
            (Format::Json, b"\"an error\""),
            (Format::Json, b"[{\"a\":1}"),
            (Format::Ndjson, b"{\"a\":1}\nnot a row\n"),
            (Format::Parquet, b"PAR1...."),
        ];
        for (format, body) in bad {
            assert!(judged(format, &got(body)).is_err(), "{format:?} {body:?}");
        }
        let page = Got { content_type: "text/html; charset=utf-8".into(), ..got(b"a,b\n") };
        assert!(judged(Format::Csv, &page).is_err(), "it says itself that it is a page");
    }

    #[test]
    fn an_answer_has_the_columns_that_were_declared() {
        let of = |format, body: &str| has_columns(&Asked { format, ..asked() }, body.as_bytes());
        for body in [
            "worker,left_on\nW-1,2026-01-02\n",
            "\u{feff}\"left_on\", \"worker\",other\r\n",
            "\n worker , left_on \n",
        ] {
            assert_eq!(of(Format::Csv, body), Ok(()), "{body:?}");
        }
        for body in [
            "The report is being prepared, please try again later.\n",
            "worker\nW-1\n",
            "Worker,Left_On\n",
            "note,\"worker,left_on\"\n",
        ] {
            let why = of(Format::Csv, body).unwrap_err();
            assert!(why.contains("left_on") && why.contains("kept to be read"), "{body:?}: {why}");
        }
        for body in [
            "[{\"worker\":1,\"left_on\":2}]",
            "{\"items\":[{\"worker\":1,\"left_on\":2}]}",
            "{\"worker\":1,\"left_on\":2}",
        ] {
            assert_eq!(of(Format::Json, body), Ok(()), "{body}");
            assert!(of(Format::Json, &body.replace("worker", "error")).is_err(), "{body}");
        }
        assert_eq!(of(Format::Ndjson, "\n{\"worker\":1,\"left_on\":2}\n{}\n"), Ok(()));
        assert!(of(Format::Ndjson, "{\"error\":\"no\"}\n").is_err());
    }

    #[test]
    fn an_answer_that_repeats_the_secret_is_noticed() {
        let got = |body: &[u8]| Got { body: body.to_vec(), ..Got::default() };
        assert!(repeats("Bearer s3cr3t-token", &got(b"you sent s3cr3t-token")));
        assert!(repeats("s3cr3t-token", &Got { etag: "s3cr3t-token".into(), ..Got::default() }));
        assert!(!repeats("Bearer s3cr3t-token", &got(b"Bearer s3cr3t")));
    }
}
