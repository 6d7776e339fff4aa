//! The whole file of one engagement, read once: everything that conclusions, proposals and the report
//! are derived from by pure functions.

use crate::model::{
    About, Census, CensusId, Concluded, Deviation, File, Item, Matters, Population, PopulationId,
    Sample, SampleId, Standing, Test, TestId,
};
use crate::promises::model::PromisePapers;
use crate::spans::model::{ControlSpan, ControlSpans};
use crate::store::read::{
    self, Followed, censuses, deviations, followed, items, populations, samples, tests,
};
use commitments::model::{Commitment, CommitmentId, Kept, Requirement};
use controls::model::{Control, ControlId};
use evidence::model::EvidenceId;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Row, read_json};
use platform::params;
use scope::model::{AssumedControl, Engagement, Subservice};
use std::collections::{BTreeMap, BTreeSet};

/// The file of one engagement with what it refers to in other rooms.
#[derive(Debug, Clone)]
pub struct Papers {
    /// Whose file of which engagement.
    pub file: File,
    /// The engagement.
    pub engagement: Engagement,
    /// The organisation's controls in force, by code; of a locked file, as they were when it was locked.
    pub controls: Vec<Control>,
    /// Controls that the organisation changed after the file was locked. The file holds them as they
    /// were tested; the change is a matter of the next period.
    pub changed_since: BTreeSet<ControlId>,
    /// Its commitments.
    pub commitments: Vec<Commitment>,
    /// What they require.
    pub requirements: Vec<Requirement>,
    /// In which windows each commitment was kept or missed.
    pub kept: BTreeMap<CommitmentId, Vec<Kept>>,
    /// What the firm found out about commitments, and concluded on them.
    pub promises: PromisePapers,
    /// Its subservice organisations.
    pub subservices: Vec<Subservice>,
    /// Complementary controls of user entities.
    pub user_entity_controls: Vec<AssumedControl>,
    /// Planned tests, by code.
    pub tests: Vec<Test>,
    /// Frozen populations.
    pub populations: BTreeMap<PopulationId, Population>,
    /// What is recorded of each population's completeness and accuracy.
    pub ipe: BTreeMap<PopulationId, crate::ipe::model::Ipe>,
    /// Samples by test, in the order drawn.
    pub samples: BTreeMap<TestId, Vec<Sample>>,
    /// Items by sample.
    pub items: BTreeMap<SampleId, Vec<Item>>,
    /// The last full-population run of each test that has one.
    pub censuses: BTreeMap<TestId, Census>,
    /// How far each run's rows were followed up.
    pub followed: BTreeMap<CensusId, Followed>,
    /// Deviations, oldest first.
    pub deviations: Vec<Deviation>,
    /// What the auditor stated beyond controls and criteria.
    pub matters: Matters,
    /// The version of that statement; 0 when there is none.
    pub matters_version: i64,
    /// Second signatures under judgements that a failure is not material.
    pub materiality_seconds: Vec<super::MaterialitySecond>,
    /// Second signatures under judgements that a misstatement or a limit is not material.
    pub matter_seconds: Vec<crate::matters::model::MatterSecond>,
    /// The stretches of controls that changed in the period.
    pub spans: BTreeMap<ControlId, ControlSpans>,
    /// Second signatures under natures softer than the markers propose.
    pub seconds: Vec<crate::deviations::model::Second>,
    /// Review notes that are not cleared.
    pub open_notes: usize,
    /// When the evidence that results name was extracted.
    pub extracted: BTreeMap<EvidenceId, Timestamp>,
    /// The firm's policies that apply to the engagement.
    pub policies: crate::firm::store::InForce,
    /// How many items each planned test takes, and its planned extension.
    pub sizes: BTreeMap<TestId, crate::planning::model::PlannedSize>,
    /// The tests of which a size below the firm's policy was approved.
    pub approved_sizes: BTreeSet<TestId>,
    /// How many deviations of each control were recorded in engagements before this one.
    pub prior: BTreeMap<ControlId, u64>,
    /// The quality reviewers of this engagement, who stay outside the decisions of the team.
    pub quality_reviewers: BTreeSet<PersonId>,
    pub(super) signed: Vec<Concluded>,
}

impl Papers {
    /// Reads the file of the engagement's present firm. Callers hold a permit of this room.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is no such engagement or no firm has joined it.
    pub fn load(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Self> {
        let engagement = scope::store::engagement(conn, engagement)?.ok_or(Refusal::NotFound)?;
        let firm = engagement.firm.ok_or(Refusal::NotFound)?;
        let (file, owner) = (File { engagement: engagement.id, firm }, engagement.organisation);
        let mut papers = Self {
            file,
            controls: controls::store::controls(conn, owner)?,
            changed_since: BTreeSet::new(),
            commitments: commitments::store::commitments(conn, owner)?,
            requirements: commitments::store::requirements(conn, owner)?,
            kept: BTreeMap::new(),
            promises: crate::promises::store::papers(conn, file)?,
            subservices: scope::store::subservices(conn, owner)?,
            user_entity_controls: scope::store::user_entity_controls(conn, owner)?,
            tests: tests(conn, file)?,
            populations: populations(conn, file)?.into_iter().map(|p| (p.id, p)).collect(),
            ipe: crate::ipe::store::all(conn, file)?,
            samples: BTreeMap::new(),
            items: BTreeMap::new(),
            censuses: BTreeMap::new(),
            followed: BTreeMap::new(),
            deviations: deviations(conn, file)?,
            matters: Matters::default(),
            matters_version: 0,
            materiality_seconds: super::described::materiality_seconds(conn, file)?,
            matter_seconds: crate::matters::store::seconds(conn, file)?,
            spans: spans(conn, file)?,
            seconds: crate::deviations::store::seconds(conn, file)?,
            open_notes: 0,
            extracted: BTreeMap::new(),
            policies: crate::firm::store::in_force(
                conn,
                firm,
                engagement.period.end(),
                engagement.moved_at.filter(|_| engagement.locked()),
            )?,
            sizes: crate::planning::store::sizes(conn, file)?,
            approved_sizes: crate::planning::store::approvals(conn, file)?.into_keys().collect(),
            prior: crate::planning::store::prior_deviations(conn, file, &engagement)?,
            quality_reviewers: crate::firm::store::team(conn, file)?
                .iter()
                .filter(|m| crate::firm::rules::is_quality_reviewer(m))
                .map(|m| m.person)
                .collect(),
            signed: signed(conn, file)?,
            engagement,
        };
        for commitment in &papers.commitments {
            let kept = commitments::store::kept(conn, owner, commitment.id)?;
            papers.kept.insert(commitment.id, kept);
        }
        papers.freeze(conn)?;
        let period = papers.engagement.period.clone();
        for kept in papers.kept.values_mut() {
            kept.retain(|k| crate::promises::rules::speaks_for(&k.window, &period));
        }
        papers.controls.retain(|c| c.active);
        papers.load_work(conn)?;
        papers.load_matters(conn)?;
        papers.load_evidence(conn, owner)?;
        let open = crate::sheets::store::open_notes(conn, file)?;
        papers.open_notes = usize::try_from(open).unwrap_or(0);
        Ok(papers)
    }

    fn load_work(&mut self, conn: &mut Conn<'_>) -> Result<()> {
        for test in &self.tests {
            let drawn = samples(conn, self.file, test.id)?;
            for sample in &drawn {
                self.items.insert(sample.id, items(conn, self.file, sample.id)?);
            }
            self.samples.insert(test.id, drawn);
            if let Some(last) = censuses(conn, self.file, test.id)?.pop() {
                self.followed.insert(last.id, followed(conn, self.file, last.id)?);
                self.censuses.insert(test.id, last);
            }
        }
        Ok(())
    }

    fn load_matters(&mut self, conn: &mut Conn<'_>) -> Result<()> {
        let row = conn.query_opt(
            "SELECT matters, version FROM exam_matters WHERE engagement = $1 AND firm = $2",
            params![self.file.engagement, self.file.firm],
        )?;
        if let Some(row) = row {
            self.matters = read_json(&row, "matters")?;
            self.matters_version = row.get("version")?;
        }
        Ok(())
    }

    fn load_evidence(&mut self, conn: &mut Conn<'_>, owner: PartyId) -> Result<()> {
        let named: BTreeSet<EvidenceId> =
            self.items.values().flatten().flat_map(|i| i.evidence.iter().copied()).collect();
        for id in named {
            if let Some(item) = evidence::store::item(conn, owner, id)? {
                self.extracted.insert(id, item.extracted_at);
            }
        }
        Ok(())
    }

    /// Whether somebody reviews the quality of this engagement, and so decides nothing in it.
    #[must_use]
    pub fn stays_outside(&self, person: Option<PersonId>) -> bool {
        person.is_some_and(|person| self.quality_reviewers.contains(&person))
    }

    /// The control in force of this id.
    #[must_use]
    pub fn control(&self, id: ControlId) -> Option<&Control> {
        self.controls.iter().find(|c| c.id == id)
    }

    /// The tests planned for a control.
    pub fn tests_of(&self, control: ControlId) -> impl Iterator<Item = &Test> {
        self.tests.iter().filter(move |t| t.plan.control == control)
    }

    /// The stretches of a control that changed in the period; none for one that stayed the same.
    #[must_use]
    pub fn spans_of(&self, control: ControlId) -> &[ControlSpan] {
        self.spans.get(&control).map_or(&[], |stated| &stated.spans)
    }

    /// The deviations found by a test.
    pub fn deviations_of(&self, test: TestId) -> impl Iterator<Item = &Deviation> {
        self.deviations.iter().filter(move |d| d.test == test)
    }

    /// How many results nobody has reviewed, and review notes that are not cleared.
    #[must_use]
    pub fn unreviewed(&self) -> usize {
        let waits = |i: &&Item| i.tested_by.is_some() && i.reviewed_by.is_none();
        self.items.values().flatten().filter(waits).count() + self.open_notes
    }

    /// Every conclusion as it was signed, with whether it still stands.
    #[must_use]
    pub fn conclusions(&self) -> Vec<Concluded> {
        self.signed.iter().map(|c| Concluded { stands: self.standing(c), ..c.clone() }).collect()
    }

    /// The conclusion about one thing, with whether it still stands.
    #[must_use]
    pub fn conclusion(&self, about: About) -> Option<Concluded> {
        let found = self.signed.iter().find(|c| c.about == about)?;
        Some(Concluded { stands: self.standing(found), ..found.clone() })
    }

    /// The same, if it may be relied on.
    #[must_use]
    pub fn standing_conclusion(&self, about: About) -> Option<Concluded> {
        self.conclusion(about).filter(|c| c.stands == Standing::Stands)
    }

    fn standing(&self, concluded: &Concluded) -> Standing {
        if super::inputs_sha256(self, concluded.about) != concluded.inputs_sha256 {
            Standing::Void
        } else if concluded.awaits_second {
            Standing::AwaitsSecond
        } else {
            Standing::Stands
        }
    }
}

fn signed(conn: &mut Conn<'_>, file: File) -> Result<Vec<Concluded>> {
    conn.query(
        "SELECT * FROM exam_conclusion WHERE engagement = $1 AND firm = $2 ORDER BY subject",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(to_concluded)
    .collect()
}

fn spans(conn: &mut Conn<'_>, file: File) -> Result<BTreeMap<ControlId, ControlSpans>> {
    conn.query(
        "SELECT control, spans, reason, version, event FROM exam_spans WHERE engagement = $1 AND firm = $2 ORDER BY control",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| {
        let stated = ControlSpans {
            spans: read_json(row, "spans")?,
            reason: row.get("reason")?,
            version: row.get("version")?,
            event: row.get("event")?,
        };
        Ok((row.get("control")?, stated))
    })
    .collect()
}

fn to_concluded(row: &Row) -> Result<Concluded> {
    Ok(Concluded {
        about: read_json(row, "about")?,
        proposed: read_json(row, "proposed")?,
        concluded: read_json(row, "concluded")?,
        reason: row.get("reason")?,
        proof: row.get("proof")?,
        spans: read_json(row, "spans")?,
        signer: row.get("signer")?,
        second_signer: row.get("second_signer")?,
        awaits_second: row.get("awaits_second")?,
        inputs_sha256: row.get("inputs_sha256")?,
        rule: u32::try_from(row.get::<i64>("rule")?).unwrap_or(1),
        // Judged against the rest of the file by whoever hands it out.
        stands: Standing::Void,
        version: row.get("version")?,
        event: row.get("event")?,
        recorded_at: row.get("recorded_at")?,
    })
}

impl Papers {
    /// The items of a test's samples that still have no result.
    #[must_use]
    pub fn open_items(&self, test: TestId) -> u64 {
        let samples = self.samples.get(&test).into_iter().flatten();
        samples.filter_map(|s| self.items.get(&s.id)).map(|items| read::open_items(items)).sum()
    }
}
