//! What the organisation's own surveys say of whether people know how to report: read for the auditor where
//! the organisation consented, and kept back where it would single somebody out, as in everybody's view of
//! the results. It is evidence that is proposed; a person decides what it shows.

use super::model::Heard;
use super::rules::rubric::Share;
use crate::inquiries::model::Agreed;
use crate::inquiries::store as inquiries;
use cases::surveys::model::{Answers, Survey, SurveyId, SurveyState};
use cases::surveys::rules::answers::tally;
use cases::surveys::rules::bank::{self, AnswerKind, Question};
use cases::surveys::rules::suppress::shown;
use cases::surveys::store;
use kernel::ids::{EngagementId, PartyId};
use kernel::time::Timestamp;
use platform::db::{Conn, Result};

/// The question of the bank that asks each group whether they know how to report.
const KNOWS: [(Heard, &str); 2] = [(Heard::Staff, "E11"), (Heard::Users, "X1")];

/// What one survey says of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// Who was asked.
    pub heard: Heard,
    /// The id of the question in the bank.
    pub question: &'static str,
    /// The survey.
    pub survey: SurveyId,
    /// What it is called.
    pub title: String,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// How many were invited; none where anybody could answer by a common link.
    pub invited: Option<i64>,
    /// Who agrees or says yes, of those who answered the question.
    pub share: Share,
}

/// Whether the organisation lets the auditor read the results of its own surveys.
///
/// # Errors
/// When the database refuses.
pub fn consented(conn: &mut Conn<'_>, owner: PartyId, engagement: EngagementId) -> Result<bool> {
    let all = inquiries::consents(conn, owner, engagement)?;
    Ok(all.iter().any(|c| c.what == Agreed::OwnSurveys && c.holds()))
}

/// Closed surveys with what was answered, newest first. Those with too few answers have none.
///
/// # Errors
/// When the database refuses.
pub fn surveys(conn: &mut Conn<'_>, owner: PartyId) -> Result<Vec<(Survey, Vec<Answers>)>> {
    let mut out = Vec::new();
    for survey in store::surveys(conn, owner)? {
        if survey.state == SurveyState::Closed && !survey.too_few {
            let answers = store::answers(conn, owner, survey.id)?;
            out.push((survey, answers.into_iter().map(|(_, a)| a).collect()));
        }
    }
    Ok(out)
}

/// How many agree or say yes, of how many; none where that is kept back, or where it is no such question.
#[must_use]
pub fn agreed(survey: &Survey, question: &Question, answers: &[Answers]) -> Option<Share> {
    let (_, counts) = tally(survey, &question.id, answers);
    let totals = shown(&counts)?.cells.last().cloned()?;
    let all = totals.last().copied().flatten()?;
    let agree: u32 = match question.kind {
        AnswerKind::Agree => totals.get(3..5)?.iter().copied().sum::<Option<u32>>()?,
        AnswerKind::YesNo => totals.first().copied().flatten()?,
        AnswerKind::Text => return None,
    };
    Share::of(u64::from(agree), u64::from(all))
}

/// What the newest survey of each group says that was closed between two moments. Callers have seen that the
/// organisation consented.
///
/// # Errors
/// When the database refuses.
pub fn voices(
    conn: &mut Conn<'_>,
    owner: PartyId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Voice>> {
    let all = surveys(conn, owner)?;
    let mut out = Vec::new();
    for (heard, id) in KNOWS {
        let Some(question) = bank::question(id) else { continue };
        let newest = all
            .iter()
            .filter(|(s, _)| s.questions.iter().any(|q| q == id))
            .filter_map(|(s, answers)| Some((s, answers, s.closed_at?)))
            .filter(|(_, _, closed)| (from..until).contains(closed))
            .max_by_key(|(s, _, closed)| (*closed, s.id));
        if let Some((survey, answers, closed_at)) = newest
            && let Some(share) = agreed(survey, question, answers)
        {
            out.push(Voice {
                heard,
                question: id,
                survey: survey.id,
                title: survey.title.clone(),
                closed_at,
                invited: (!survey.by_link).then_some(survey.invited),
                share,
            });
        }
    }
    Ok(out)
}
