//! What the file lacks before it can be signed.

use super::Outside;
use crate::completion::rules::{self, Missing, planned};
use crate::completion::store;
use crate::deviations::store::statements_about;
use crate::inquiries::store as inquiries;
use crate::planning::store as plan;
use crate::store::Papers;
use platform::db::{Conn, Result};

/// Everything that is missing before the file can be signed as prepared, in sentences.
///
/// # Errors
/// When the database refuses.
pub fn missing(conn: &mut Conn<'_>, papers: &Papers, outside: &Outside) -> Result<Vec<Missing>> {
    let procedures = store::procedures(conn, papers.file)?;
    let mut out = of_the_plan(conn, papers)?;
    out.extend(rules::missing_of_file(papers));
    out.extend(planned::missing_sizes(papers));
    out.extend(planned::missing_commitments(papers));
    out.extend(planned::missing_inquiries(&inquiries::procedures(conn, papers.file)?));
    out.extend(rules::missing_procedures(papers, &procedures, outside.report_date));
    if let Some(date) = outside.report_date {
        out.extend(rules::dated_after(papers, &procedures, date));
    }
    out.extend(unanswered(conn, papers)?);
    out.extend(open_requests(conn, papers)?);
    let said = outside.missing.iter();
    out.extend(said.map(|text| Missing {
        what: "representations",
        text: text.clone(),
        to: String::new(),
    }));
    Ok(out)
}

/// What a signer should think of although nothing stands against the signature: the letter on deficiencies is
/// management's to answer, and a report does not wait for it.
///
/// # Errors
/// When the database refuses.
pub fn reminders(conn: &mut Conn<'_>, papers: &Papers) -> Result<Vec<Missing>> {
    let letter = store::letter(conn, papers.file)?;
    let said = |text: &str| {
        vec![Missing { what: "letter", text: text.to_owned(), to: "/deficiencies".to_owned() }]
    };
    Ok(match letter {
        None if papers.deviations.is_empty() => Vec::new(),
        None => {
            said("Deviations are recorded, and no letter tells management of the deficiencies.")
        }
        Some(l) if l.released_at.is_none() => {
            said("The letter on deficiencies is written and not released to management.")
        }
        Some(l) if l.acknowledged_at.is_none() => {
            said("Management has not acknowledged the letter on deficiencies.")
        }
        Some(_) => Vec::new(),
    })
}

fn of_the_plan(conn: &mut Conn<'_>, papers: &Papers) -> Result<Vec<Missing>> {
    let assessed = plan::risks(conn, papers.file)?.into_iter().map(|r| r.about).collect();
    let stated = planned::Stated {
        understanding: plan::understanding(conn, papers.file)?.is_some(),
        materiality: plan::materiality(conn, papers.file)?.is_some(),
        assessed,
    };
    Ok(planned::missing_of_plan(&papers.engagement, &stated))
}

fn open_requests(conn: &mut Conn<'_>, papers: &Papers) -> Result<Vec<Missing>> {
    let all = evidence::store::requests(conn, papers.file.engagement)?;
    let open = all.into_iter().filter(|r| r.state != evidence::model::RequestState::Accepted);
    Ok(open
        .map(|request| Missing {
            what: "requests",
            text: format!("Request {} has not been answered and accepted.", request.code),
            to: format!("/requests/{}", request.id),
        })
        .collect())
}

/// What the organisation was asked to say of a deviation and has not said, where the deviation does not tell
/// either what it says.
fn unanswered(conn: &mut Conn<'_>, papers: &Papers) -> Result<Vec<Missing>> {
    let mut out = Vec::new();
    for deviation in papers.deviations.iter().filter(|d| d.body.client_statement.trim().is_empty())
    {
        let asked = statements_about(conn, papers.file, deviation.id)?;
        if let Some(open) = asked.first().filter(|s| s.answer.is_none()) {
            let code = papers.control(deviation.control).map_or("", |c| c.text.code.as_str());
            out.push(Missing {
                what: "statements",
                text: format!(
                    "The organisation has not answered what it was asked about {code} (due {}). Wait for its answer, or state with the deviation that it gave none.",
                    open.due
                ),
                to: format!("/controls/{}", deviation.control),
            });
        }
    }
    Ok(out)
}
