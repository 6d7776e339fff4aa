//! Names, dates, signatures and categories: the facts that every section repeats.

use jiff::civil::Date;

use super::{Remarks, Rule};
use crate::report_document::{Block, Element, ReportData, ReportKind, ReportStatus, Spelling};

pub(super) fn check(report: &ReportData, remarks: &mut Remarks) {
    period(report, remarks);
    report_date(report, remarks);
    signatures(report, remarks);
    names(report, remarks);
    dates_in_text(report, remarks);
    if report.version != crate::report_document::REPORT_DATA_VERSION {
        remarks.mend(
            Rule::NamesAgree,
            "/version",
            "this version of the report’s data is not known",
        );
    }
}

fn period(report: &ReportData, remarks: &mut Remarks) {
    if let ReportKind::Type2 { from, to } = report.facts.kind
        && from > to
    {
        remarks.mend(
            Rule::DatesAgree,
            "/facts/kind",
            format!("the period begins on {from}, after its end on {to}; exchange or correct them"),
        );
    }
    if report.facts.zone.trim().is_empty() {
        remarks.mend(Rule::DatesAgree, "/facts/zone", "the period has no time zone; choose one");
    }
}

fn report_date(report: &ReportData, remarks: &mut Remarks) {
    let facts = &report.facts;
    let Some(date) = facts.report_date else {
        if facts.status == ReportStatus::Issued {
            remarks.mend(Rule::ReportDate, "/facts/report_date", "an issued report needs a date");
        }
        return;
    };
    let end = facts.kind.end();
    let early = if facts.kind.is_type_2() { date <= end } else { date < end };
    if early {
        remarks.mend(
            Rule::ReportDate,
            "/facts/report_date",
            format!(
                "the report is dated {date}, and it speaks for days up to {end}; evidence on the whole of \
                 them cannot have been obtained by then"
            ),
        );
    }
    if let Some(signed) = report.assertion.date
        && signed > date
    {
        remarks.mend(
            Rule::ReportDate,
            "/assertion/date",
            format!("the assertion was signed on {signed}, after the report’s date {date}"),
        );
    }
}

fn signatures(report: &ReportData, remarks: &mut Remarks) {
    let facts = &report.facts;
    let signature = report.auditors_report.signature.as_ref();
    match (facts.status, signature) {
        (ReportStatus::Draft, Some(_)) => remarks.mend(
            Rule::Signed,
            "/auditors_report/signature",
            "a draft carries the firm’s signature; issue the report or take it off",
        ),
        (ReportStatus::Issued, None) => remarks.mend(
            Rule::Signed,
            "/auditors_report/signature",
            "an issued report needs the firm’s signature, city and state, and date",
        ),
        _ => {}
    }
    if let Some(signature) = signature {
        let place = "/auditors_report/signature";
        if signature.firm != facts.firm.name {
            remarks.mend(
                Rule::NamesAgree,
                place,
                format!("{} signs, and the cover names {}", signature.firm, facts.firm.name),
            );
        }
        if (&signature.city, &signature.state) != (&facts.firm.city, &facts.firm.state) {
            remarks.mend(
                Rule::NamesAgree,
                place,
                "the firm signs in another place than its facts name",
            );
        }
        if Some(signature.date) != facts.report_date {
            remarks.mend(Rule::DatesAgree, place, "the signature has another date than the report");
        }
    }
    if facts.status == ReportStatus::Issued
        && (report.assertion.signers.is_empty() || report.assertion.date.is_none())
    {
        remarks.mend(
            Rule::Signed,
            "/assertion",
            "the assertion is not signed and dated; management signs it before the report is issued",
        );
    }
}

/// The names and the date or period must stand, letter for letter, where a reader looks for them.
fn names(report: &ReportData, remarks: &mut Remarks) {
    let facts = &report.facts;
    let when = match facts.kind {
        ReportKind::Type1 { on } => facts.spelling.date(on),
        ReportKind::Type2 { from, to } => {
            format!("{} to {}", facts.spelling.date(from), facts.spelling.date(to))
        }
    };
    let section_1 = section_1_text(report, &[Element::Scope]);
    let opinion = section_1_text(report, &[Element::Opinion]);
    let assertion: String = report.assertion.blocks.iter().map(block_text).collect();
    let places = [
        ("/auditors_report/parts", "the scope of Section I", &section_1, true),
        ("/auditors_report/parts", "the opinion", &opinion, false),
        ("/assertion/blocks", "the assertion", &assertion, true),
    ];
    for (place, where_, text, with_organization) in places {
        if text.is_empty() {
            continue; // Missing elements are remarked on elsewhere.
        }
        let mut wanted =
            vec![("the system", facts.system.name.as_str()), ("the date or period", &when)];
        if with_organization {
            wanted.push(("the organisation", &facts.organization.name));
        }
        for (what, name) in wanted {
            if !super::text::has_words(text, name) {
                remarks.mend(
                    Rule::NamesAgree,
                    place,
                    format!("{where_} does not name {what} as the cover does: “{name}”"),
                );
            }
        }
    }
    let addressee = &report.auditors_report.addressee;
    if !addressee.contains(&facts.organization.name) {
        remarks.consider(
            Rule::NamesAgree,
            "/auditors_report/addressee",
            format!(
                "the report is addressed “{addressee}”, which does not name {}",
                facts.organization.name
            ),
        );
    }
}

/// A date in the scope, opinion or assertion that is none of the report's own was pasted from elsewhere.
fn dates_in_text(report: &ReportData, remarks: &mut Remarks) {
    let facts = &report.facts;
    let mut known: Vec<Date> = vec![facts.kind.end()];
    if let ReportKind::Type2 { from, .. } = facts.kind {
        known.push(from);
    }
    known.extend(facts.report_date);
    known.extend(report.assertion.date);
    let known: Vec<String> = known
        .into_iter()
        .flat_map(|date| [Spelling::American.date(date), Spelling::British.date(date)])
        .collect();
    let assertion: String = report.assertion.blocks.iter().map(block_text).collect();
    for (place, text) in [
        ("/auditors_report/parts", section_1_text(report, &[Element::Scope, Element::Opinion])),
        ("/assertion/blocks", assertion),
    ] {
        for date in dates(&text) {
            if !known.contains(&date) {
                remarks.mend(
                    Rule::DatesAgree,
                    place,
                    format!("“{date}” is none of this report’s dates; correct it"),
                );
            }
        }
    }
}

/// Dates written `June 30, 2026` or `30 June 2026`.
fn dates(text: &str) -> Vec<String> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = |word: Option<&&str>, digits: std::ops::RangeInclusive<usize>| {
        let bare: String = word?.chars().take_while(char::is_ascii_digit).collect();
        digits.contains(&bare.len()).then_some(bare)
    };
    let mut found = Vec::new();
    for (n, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !MONTHS.contains(&bare) {
            continue;
        }
        if let (Some(day), Some(year)) =
            (number(words.get(n + 1), 1..=2), number(words.get(n + 2), 4..=4))
        {
            found.push(format!("{bare} {day}, {year}"));
        } else if let (Some(day), Some(year)) = (
            number(n.checked_sub(1).and_then(|n| words.get(n)), 1..=2),
            number(words.get(n + 1), 4..=4),
        ) {
            found.push(format!("{day} {bare} {year}"));
        }
    }
    found
}

/// The text of Section I's parts of the given elements.
pub(super) fn section_1_text(report: &ReportData, elements: &[Element]) -> String {
    report
        .auditors_report
        .parts
        .iter()
        .filter(|part| elements.contains(&part.element))
        .flat_map(|part| &part.blocks)
        .map(block_text)
        .collect()
}

/// The text of a block, each paragraph or item with a line feed after it.
pub(super) fn block_text(block: &Block) -> String {
    block.prose().map(|prose| format!("{}\n", prose.plain())).collect()
}
