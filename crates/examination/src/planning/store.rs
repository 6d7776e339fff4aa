//! The subject's tables: `apply` writes them, named queries read them; what is proposed.

use super::events::PlanningEvent;
use super::model::{
    AssessedRisk, Budget, Materiality, PlannedSize, Proposal, RiskAbout, Time, Timeline,
    Understanding,
};
use super::rules::{self, Assessed, Matrix};
use crate::model::{File, TestId};
use crate::rules::facts::Prong;
use crate::rules::frequency::Risk;
use crate::store::Papers;
use controls::model::{Control, ControlId};
use kernel::event::Recorded;
use kernel::ids::PersonId;
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;
use scope::catalogue::CriterionId;
use scope::model::{Engagement, ReportType};
use std::collections::BTreeMap;

impl Project for PlanningEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::UnderstandingStated(x) => tx.execute(
                "INSERT INTO plan_understanding (engagement, firm, body, stated_by, stated_at, version) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (engagement, firm) DO UPDATE SET body = EXCLUDED.body, stated_by = EXCLUDED.stated_by, stated_at = EXCLUDED.stated_at, version = EXCLUDED.version",
                params![x.engagement, e.log, json_text(&x.parts)?, &e.actor, e.recorded_at, e.version],
            )?,
            Self::RiskAssessed(x) => tx.execute(
                "INSERT INTO plan_risk (engagement, firm, about, body, assessed_by, version) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (engagement, firm, about) DO UPDATE SET body = EXCLUDED.body, assessed_by = EXCLUDED.assessed_by, version = EXCLUDED.version",
                params![x.engagement, e.log, json_text(&x.about)?, json_text(&x.text)?, &e.actor, e.version],
            )?,
            Self::MaterialityConsidered(x) => tx.execute(
                "INSERT INTO plan_materiality (engagement, firm, body, considered_by, version) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (engagement, firm) DO UPDATE SET body = EXCLUDED.body, considered_by = EXCLUDED.considered_by, version = EXCLUDED.version",
                params![x.engagement, e.log, json_text(&x.text)?, &e.actor, e.version],
            )?,
            Self::TestSized(x) => {
                tx.execute("DELETE FROM plan_size_approval WHERE test = $1", params![x.test])?;
                tx.execute(
                "INSERT INTO plan_size (test, engagement, firm, body, stated_by, version) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (test) DO UPDATE SET body = EXCLUDED.body, stated_by = EXCLUDED.stated_by, version = EXCLUDED.version",
                params![x.test, x.engagement, e.log, json_text(&x.size)?, &e.actor, e.version],
            )?
            }
            Self::SizeApproved(x) => tx.execute(
                "INSERT INTO plan_size_approval (test, engagement, firm, approved_by, reason, approved_at) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (test) DO UPDATE SET approved_by = EXCLUDED.approved_by, reason = EXCLUDED.reason, approved_at = EXCLUDED.approved_at",
                params![x.test, x.engagement, e.log, &e.actor, &x.reason, e.recorded_at],
            )?,
            Self::TimelineStated(x) => tx.execute(
                "INSERT INTO plan_timeline (engagement, firm, body, version) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (engagement, firm) DO UPDATE SET body = EXCLUDED.body, version = EXCLUDED.version",
                params![x.engagement, e.log, json_text(&x.dates)?, e.version],
            )?,
            Self::BudgetStated(x) => tx.execute(
                "INSERT INTO plan_budget (engagement, firm, body, version) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (engagement, firm) DO UPDATE SET body = EXCLUDED.body, version = EXCLUDED.version",
                params![x.engagement, e.log, json_text(&x.lines)?, e.version],
            )?,
            Self::TimeRecorded(x) => tx.execute(
                "INSERT INTO plan_time (id, engagement, firm, person, body, minutes, withdrawn, version) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)",
                params![x.id, x.engagement, e.log, x.person, json_text(&x.text)?, i64::from(x.text.minutes), e.version],
            )?,
            Self::TimeWithdrawn(x) => tx.execute(
                "UPDATE plan_time SET withdrawn = $2, version = $3 WHERE id = $1",
                params![&e.subject, &x.reason, e.version],
            )?,
        };
        Ok(())
    }
}

/// The subject under which a part of the plan is kept in the log.
#[must_use]
pub fn subject(file: File, what: &str) -> String {
    format!("{}/{}/plan/{what}", file.engagement, file.firm)
}

/// The understanding of the system, once stated.
///
/// # Errors
/// When the database refuses.
pub fn understanding(conn: &mut Conn<'_>, file: File) -> Result<Option<Understanding>> {
    conn.query_opt(
        "SELECT * FROM plan_understanding WHERE engagement = $1 AND firm = $2",
        params![file.engagement, file.firm],
    )?
    .map(|row| {
        Ok(Understanding {
            parts: read_json(&row, "body")?,
            stated_by: row.get("stated_by")?,
            stated_at: row.get("stated_at")?,
            version: row.get("version")?,
        })
    })
    .transpose()
}

/// The risks that were assessed, by prong and criterion.
///
/// # Errors
/// When the database refuses.
pub fn risks(conn: &mut Conn<'_>, file: File) -> Result<Vec<AssessedRisk>> {
    let mut all = conn
        .query(
            "SELECT * FROM plan_risk WHERE engagement = $1 AND firm = $2",
            params![file.engagement, file.firm],
        )?
        .iter()
        .map(|row| {
            Ok(AssessedRisk {
                about: read_json(row, "about")?,
                text: read_json(row, "body")?,
                assessed_by: row.get("assessed_by")?,
                version: row.get("version")?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|r| r.about);
    Ok(all)
}

/// The materiality considerations, once stated.
///
/// # Errors
/// When the database refuses.
pub fn materiality(conn: &mut Conn<'_>, file: File) -> Result<Option<Materiality>> {
    conn.query_opt(
        "SELECT * FROM plan_materiality WHERE engagement = $1 AND firm = $2",
        params![file.engagement, file.firm],
    )?
    .map(|row| {
        Ok(Materiality {
            text: read_json(&row, "body")?,
            considered_by: row.get("considered_by")?,
            version: row.get("version")?,
        })
    })
    .transpose()
}

/// The planned sizes of the file's tests.
///
/// # Errors
/// When the database refuses.
pub fn sizes(conn: &mut Conn<'_>, file: File) -> Result<BTreeMap<TestId, PlannedSize>> {
    conn.query(
        "SELECT * FROM plan_size WHERE engagement = $1 AND firm = $2",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| Ok((row.get("test")?, read_json(row, "body")?)))
    .collect()
}

/// An approval of a size below the firm's policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// Who approved.
    pub by: String,
    /// Why it is enough.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// The approvals of sizes below the firm's policy that stand, by test.
///
/// # Errors
/// When the database refuses.
pub fn approvals(conn: &mut Conn<'_>, file: File) -> Result<BTreeMap<TestId, Approved>> {
    conn.query(
        "SELECT * FROM plan_size_approval WHERE engagement = $1 AND firm = $2",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| {
        let approved = Approved {
            by: row.get("approved_by")?,
            reason: row.get("reason")?,
            at: row.get("approved_at")?,
        };
        Ok((row.get("test")?, approved))
    })
    .collect()
}

/// The size of a test with who stated it and the version of its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sized {
    /// How many items, and why.
    pub size: PlannedSize,
    /// Who stated it.
    pub stated_by: String,
    /// The version of the record.
    pub version: i64,
}

/// The size of one test, once it is stated.
///
/// # Errors
/// When the database refuses.
pub fn size_of(conn: &mut Conn<'_>, file: File, test: TestId) -> Result<Option<Sized>> {
    let row = conn.query_opt(
        "SELECT * FROM plan_size WHERE engagement = $1 AND firm = $2 AND test = $3",
        params![file.engagement, file.firm, test],
    )?;
    row.map(|row| {
        let (stated_by, version) = (row.get("stated_by")?, row.get("version")?);
        Ok(Sized { size: read_json(&row, "body")?, stated_by, version })
    })
    .transpose()
}

/// The timeline; empty when nothing is stated.
///
/// # Errors
/// When the database refuses.
pub fn timeline(conn: &mut Conn<'_>, file: File) -> Result<Timeline> {
    let row = conn.query_opt(
        "SELECT * FROM plan_timeline WHERE engagement = $1 AND firm = $2",
        params![file.engagement, file.firm],
    )?;
    match row {
        None => Ok(Timeline::default()),
        Some(row) => Ok(Timeline { dates: read_json(&row, "body")?, version: row.get("version")? }),
    }
}

/// The budget; empty when nothing is stated.
///
/// # Errors
/// When the database refuses.
pub fn budget(conn: &mut Conn<'_>, file: File) -> Result<Budget> {
    let row = conn.query_opt(
        "SELECT * FROM plan_budget WHERE engagement = $1 AND firm = $2",
        params![file.engagement, file.firm],
    )?;
    match row {
        None => Ok(Budget::default()),
        Some(row) => Ok(Budget { lines: read_json(&row, "body")?, version: row.get("version")? }),
    }
}

fn to_time(row: &Row) -> Result<Time> {
    Ok(Time {
        id: row.get("id")?,
        person: row.get("person")?,
        text: read_json(row, "body")?,
        withdrawn: row.get("withdrawn")?,
        version: row.get("version")?,
    })
}

/// Time recorded on the engagement, oldest day first, what was withdrawn included.
///
/// # Errors
/// When the database refuses.
pub fn times(conn: &mut Conn<'_>, file: File) -> Result<Vec<Time>> {
    let mut all = conn
        .query(
            "SELECT * FROM plan_time WHERE engagement = $1 AND firm = $2 ORDER BY id",
            params![file.engagement, file.firm],
        )?
        .iter()
        .map(to_time)
        .collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|t| (t.text.on, t.id));
    Ok(all)
}

/// The time that somebody recorded on any engagement of the firm, what was withdrawn left out.
///
/// # Errors
/// When the database refuses.
pub fn times_of(conn: &mut Conn<'_>, file: File, person: PersonId) -> Result<Vec<Time>> {
    conn.query(
        "SELECT * FROM plan_time WHERE firm = $1 AND person = $2 AND withdrawn IS NULL ORDER BY id",
        params![file.firm, person],
    )?
    .iter()
    .map(to_time)
    .collect()
}

/// How many deviations of each control the same firm recorded in engagements whose period ended before
/// this one begins.
///
/// # Errors
/// When the database refuses.
pub fn prior_deviations(
    conn: &mut Conn<'_>,
    file: File,
    engagement: &Engagement,
) -> Result<BTreeMap<ControlId, u64>> {
    let mut out = BTreeMap::new();
    let mut earlier = BTreeMap::new();
    let rows = conn.query(
        "SELECT engagement, control, COUNT(*) AS n FROM exam_deviation WHERE firm = $1 AND engagement <> $2 GROUP BY engagement, control",
        params![file.firm, file.engagement],
    )?;
    for row in &rows {
        let other = row.get("engagement")?;
        let known = match earlier.get(&other) {
            Some(known) => *known,
            None => {
                let found = scope::store::engagement(conn, other)?;
                let known = found.is_some_and(|e| {
                    e.organisation == engagement.organisation
                        && e.period.end() < engagement.period.start()
                });
                earlier.insert(other, known);
                known
            }
        };
        if known {
            let n = u64::try_from(row.get::<i64>("n")?).unwrap_or(0);
            *out.entry(row.get("control")?).or_default() += n;
        }
    }
    Ok(out)
}

/// The control matrix of an engagement with what planning knows of it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Risks by what they are about.
    pub assessed: Assessed,
    /// Deviations of each control in earlier engagements.
    pub prior: BTreeMap<ControlId, u64>,
    /// Controls whose class was raised when the file was begun from an earlier one: how many deviations
    /// there were, and where.
    pub raised: BTreeMap<ControlId, (u64, String)>,
}

impl Plan {
    /// Reads what planning knows.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn load(conn: &mut Conn<'_>, papers: &Papers) -> Result<Self> {
        Ok(Self {
            assessed: risks(conn, papers.file)?.into_iter().map(|r| (r.about, r.text)).collect(),
            prior: prior_deviations(conn, papers.file, &papers.engagement)?,
            raised: crate::completion::store::carried(conn, papers.file)?
                .into_iter()
                .flat_map(|carried| carried.risks)
                .map(|r| (r.control, (u64::from(r.deviations), r.reason)))
                .collect(),
        })
    }

    /// The prong that tests of controls speak for.
    #[must_use]
    pub fn prong(papers: &Papers) -> Prong {
        match papers.engagement.report_type {
            ReportType::Type1 => Prong::Design,
            ReportType::Type2 => Prong::Operation,
        }
    }

    /// The risk class of a control's test, with why.
    #[must_use]
    pub fn class(&self, papers: &Papers, control: &Control) -> (Risk, Vec<String>) {
        let criteria = in_scope(papers, control);
        let raised = self.raised.get(&control.id);
        let prior = self.prior.get(&control.id).copied().unwrap_or(0);
        let prior = prior.max(raised.map_or(0, |(count, _)| *count));
        let (risk, mut reasons) =
            rules::control_class(Self::prong(papers), &criteria, &self.assessed, prior);
        reasons.extend(raised.map(|(_, reason)| reason.clone()));
        (risk, reasons)
    }

    /// Why the class of a control was raised; empty where it was not.
    #[must_use]
    pub fn raise(&self, papers: &Papers, control: &Control) -> String {
        let criteria = in_scope(papers, control);
        let (before, _) = rules::control_class(Self::prong(papers), &criteria, &self.assessed, 0);
        let (risk, _) = self.class(papers, control);
        let prior = self.prior.get(&control.id).copied().unwrap_or(0);
        let told = match self.raised.get(&control.id) {
            Some((_, reason)) => reason.clone(),
            None if prior == 1 => "One deviation was recorded in an earlier engagement.".to_owned(),
            None if prior > 0 => {
                format!("{prior} deviations were recorded in an earlier engagement.")
            }
            None => return String::new(),
        };
        if risk == before {
            format!("{told} The class was high already.")
        } else {
            format!("{told} That raised the class from {before} to {risk}.")
        }
    }

    /// The test that the matrix asks for of one control; none when it serves no criterion in scope.
    #[must_use]
    pub fn proposal(&self, papers: &Papers, control: &Control) -> Option<Proposal> {
        let criteria = in_scope(papers, control);
        if criteria.is_empty() {
            return None;
        }
        let (risk, reasons) = self.class(papers, control);
        let frozen = papers
            .populations
            .values()
            .filter(|p| p.body.controls.contains(&control.id))
            .filter(|p| p.judgement.as_ref().is_none_or(|j| j.accepted))
            .max_by_key(|p| p.recorded_at)
            .map(|p| p.body.rows);
        Some(rules::propose(Matrix {
            control,
            criteria: &criteria,
            type_two: papers.engagement.report_type == ReportType::Type2,
            period: &papers.engagement.period,
            risk: (risk, &reasons),
            frozen,
            existing: papers.tests_of(control.id).count(),
            policies: &papers.policies,
        }))
    }

    /// What the matrix asks for of every control in force that has no test yet, by code.
    #[must_use]
    pub fn proposals(&self, papers: &Papers) -> Vec<Proposal> {
        papers
            .controls
            .iter()
            .filter(|c| papers.tests_of(c.id).next().is_none())
            .filter_map(|c| self.proposal(papers, c))
            .collect()
    }
}

/// The criteria in scope that a control serves.
#[must_use]
pub fn in_scope(papers: &Papers, control: &Control) -> Vec<CriterionId> {
    let scope = papers.criteria();
    control.text.criteria.iter().filter(|c| scope.contains(c)).copied().collect()
}

/// What a risk may be about in an engagement, in the order of the prongs.
#[must_use]
pub fn risk_subjects(engagement: &Engagement) -> Vec<RiskAbout> {
    let mut out = vec![RiskAbout { prong: Prong::Description, criterion: None }];
    let prongs = match engagement.report_type {
        ReportType::Type1 => vec![Prong::Design],
        ReportType::Type2 => vec![Prong::Design, Prong::Operation],
    };
    for prong in prongs {
        out.extend(
            engagement
                .criteria()
                .into_iter()
                .map(|criterion| RiskAbout { prong, criterion: Some(criterion) }),
        );
    }
    out
}
