//! What the organisation owes its auditor beside the requests: statements on facts that the firm released,
//! appointments that nobody answered, letters that nobody acknowledged. Each only for who may act on it.

use examination::completion::permits::AcknowledgeLetter;
use examination::deviations::permits::GiveStatement;
use examination::inquiries::model::AppointmentState;
use examination::inquiries::permits::AnswerAppointment;
use kernel::party::{Actor, Side};
use kernel::permit::{Facts, authorize};
use kernel::zone::Zone;
use platform::db::{Conn, Result};
use platform::ui::{Column, Html, Row, Table};
use platform::words::Words;
use scope::model::Engagement;

/// One thing that waits for this person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// The message that says what is asked.
    pub what: &'static str,
    /// Of what it speaks, in the firm's words.
    pub about: String,
    /// Until which day, or on which; nothing where no day was named.
    pub due: Option<kernel::period::Date>,
    /// Where it is done.
    pub href: String,
}

/// What waits, the earliest day first. Nothing for the firm: its list is that of its own room.
///
/// # Errors
/// When the database refuses.
pub fn owed(conn: &mut Conn<'_>, actor: &Actor, engagements: &[Engagement]) -> Result<Vec<Owed>> {
    let mut out = Vec::new();
    if actor.side != Side::ServiceOrganisation {
        return Ok(out);
    }
    for engagement in engagements {
        let facts = scope::facts_of(engagement);
        if authorize::<GiveStatement>(actor, &facts).is_ok() {
            let asked =
                examination::deviations::store::statements(conn, facts.owner, engagement.id)?;
            out.extend(asked.into_iter().filter(|s| s.answer.is_none()).map(|s| Owed {
                what: "overview-owed-statement",
                about: s.released,
                due: kernel::period::parse_date(&s.due).ok(),
                href: format!("/statements/{}", s.id),
            }));
        }
        if authorize::<AcknowledgeLetter>(actor, &facts).is_ok() {
            let letter = examination::completion::store::released_letter(conn, engagement.id)?;
            out.extend(letter.filter(|l| l.acknowledged_at.is_none()).map(|_| Owed {
                what: "overview-owed-letter",
                about: engagement.name.clone(),
                due: None,
                href: format!("/engagements/{}/deficiencies", engagement.id),
            }));
        }
    }
    if let (Some(party), Some(person)) = (actor.party, actor.person)
        && authorize::<AnswerAppointment>(actor, &Facts::of(party)).is_ok()
    {
        let mine = examination::inquiries::store::appointments(conn, party, Some(person))?;
        let open = mine.into_iter().filter(|a| a.state == AppointmentState::Proposed);
        out.extend(open.map(|a| Owed {
            what: "overview-owed-appointment",
            about: a.meeting.topics,
            due: Some(Zone::utc().local(a.meeting.at).date()),
            href: "/appointments".to_owned(),
        }));
    }
    out.sort_by_key(|o| (o.due.is_none(), o.due));
    Ok(out)
}

/// The list of them; nothing where nothing waits.
#[must_use]
pub fn table(w: Words, owed: &[Owed]) -> Option<Html> {
    if owed.is_empty() {
        return None;
    }
    let columns = ["what", "about", "due"].map(|k| Column::new(w.t(&format!("overview-owed-{k}"))));
    let rows = owed.iter().map(|o| {
        let due = o.due.map_or_else(String::new, |d| w.date(d));
        Row::new(vec![w.t(o.what).into(), (&o.about).into(), due.into()]).to(o.href.clone())
    });
    let table = Table::new(w, "owed", w.t("overview-owed"), columns.to_vec());
    Some(table.rows(rows).cards().into())
}
