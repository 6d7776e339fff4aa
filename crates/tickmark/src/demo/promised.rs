//! What became of the commitments: the organisation measures, the firm reads, judges and concludes.

use super::Story;
use super::people::Cast;
use commitments::model::Kept;
use commitments::permits::MeasureCommitment;
use examination::promises::model::{Agrees, Judged, Recommended, Regulation, Understood};
use examination::promises::permits::{ConcludeCommitment, EvaluateCommitments};
use examination::promises::rules::findings;
use examination::promises::service as promises;
use examination::rules::facts::Answer;
use examination::store::Papers;
use kernel::refusal::Refusal;
use platform::db::Result;

/// Availability of the portal in the months of the present period.
pub(super) const FIRST_HALF: [(&str, &str); 6] = [
    ("2026-01", "99.991 %"),
    ("2026-02", "99.950 %; 24 of the 44 minutes of 3 February lay in announced maintenance"),
    ("2026-03", "99.984 %"),
    ("2026-04", "100.000 %"),
    ("2026-05", "99.997 %"),
    ("2026-06", "99.989 %"),
];

/// Availability of the portal in the months of the period before.
const SECOND_HALF: [(&str, &str); 6] = [
    ("2025-07", "99.996 %"),
    ("2025-08", "99.988 %"),
    ("2025-09", "99.972 %; 9 minutes of 14 September"),
    ("2025-10", "100.000 %"),
    ("2025-11", "99.993 %"),
    ("2025-12", "99.981 %"),
];

/// What was read of a commitment of the period before, and why it was kept.
struct Told {
    code: &'static str,
    read: &'static str,
    evidence: &'static str,
    why: &'static str,
    shown: &'static str,
}

const TOLD: [Told; 2] = [
    Told {
        code: "SC-01",
        read: "Clause 5.1 of the service agreement and the page on availability say the same. Two zones and probes carry it, and the monthly review watches it.",
        evidence: "Service agreement, clause 5.1, read 14 January 2026",
        why: "All six months lie above 99.9 %, computed again from the probes; the monthly review looked at each of those selected.",
        shown: "Monthly computation of availability, July to December 2025, with the records of the probes",
    },
    Told {
        code: "SC-02",
        read: "Section 3 of the security schedule promises removal within 24 hours from every system. Removal by hand carries it, and the monthly comparison of accounts finds what was missed.",
        evidence: "Security schedule, section 3, read 14 January 2026",
        why: "Nine of ten selected leavers were removed in time and one seven hours late; the account was not used, and the monthly comparison of accounts would have found it. The promise was kept in all material respects.",
        shown: "Termination records and directory log of the ten selected leavers; comparison of accounts of November 2025",
    },
];

/// The period before: both commitments are read, judged and concluded on.
pub(super) fn conclude(story: &Story<'_>, cast: &Cast) -> Result<()> {
    measured(story, cast, &SECOND_HALF)?;
    for told in &TOLD {
        let engagement = cast.engagement;
        let papers =
            story.deployment.db.read_blocking(move |conn| Papers::load(conn, engagement))?;
        let id =
            papers.commitments.iter().find(|c| c.code == told.code).ok_or(Refusal::NotFound)?.id;
        let understood = Understood {
            commitment: id,
            version: 0,
            agrees: Agrees::Yes,
            read: told.read.into(),
            evidence: vec![told.evidence.into()],
        };
        story.act::<EvaluateCommitments, _>(cast, &cast.senior, move |tx, env, permit| {
            promises::understand(tx, env, permit, 0, &understood)
        })?;
        for finding in findings(&papers).into_iter().filter(|f| f.commitment == Some(id)) {
            story.act::<EvaluateCommitments, _>(cast, &cast.senior, move |tx, env, permit| {
                let why = "Of no weight for this period: what answers for it was tested. It is recommended to management.";
                promises::judge(tx, env, permit, (&finding.key(), 0), (Judged::Stands, why))
            })?;
        }
        story.act::<ConcludeCommitment, _>(cast, &cast.manager, move |tx, env, permit| {
            let shown = [told.shown.to_owned()];
            promises::conclude(tx, env, permit, 0, (id, Answer::Yes, told.why, &shown))
        })?;
    }
    Ok(())
}

/// The availability of each month, by the organisation's own rule.
pub(super) fn measured(
    story: &Story<'_>,
    cast: &Cast,
    months: &[(&'static str, &'static str)],
) -> Result<()> {
    let organisation = cast.organisation;
    let all = story
        .deployment
        .db
        .read_blocking(move |conn| commitments::store::commitments(conn, organisation))?;
    let one = all.into_iter().find(|c| c.code == "SC-01").ok_or(Refusal::NotFound)?.id;
    for &(window, value) in months {
        let kept = Kept {
            commitment: one,
            window: window.into(),
            value: value.into(),
            met: true,
            source: "External probes, monthly computation".into(),
        };
        let lead = cast.lead.clone();
        story.run(move |tx, env| {
            commitments::service::measure(
                tx,
                env,
                &super::permit::<MeasureCommitment>(&lead)?,
                &kept,
            )
        })?;
    }
    Ok(())
}

/// SC-01 is read and its findings are judged; it cannot be concluded on yet, and is said to be unknown.
/// SC-02 waits.
pub(super) fn evaluate(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let engagement = cast.engagement;
    let papers = story.deployment.db.read_blocking(move |conn| Papers::load(conn, engagement))?;
    let one = papers.commitments.iter().find(|c| c.code == "SC-01").ok_or(Refusal::NotFound)?.id;
    let understood = Understood {
        commitment: one,
        version: 0,
        agrees: Agrees::Yes,
        read: "Clause 5.1 of the service agreement and the page on availability say the same. Two zones, probes and a person on call carry it.".into(),
        evidence: vec!["Service agreement, clause 5.1, read 22 July 2026".into()],
    };
    story.act::<EvaluateCommitments, _>(cast, &cast.senior, move |tx, env, permit| {
        promises::understand(tx, env, permit, 0, &understood)
    })?;
    for finding in findings(&papers).into_iter().filter(|f| f.commitment.is_some()).take(1) {
        story.act::<EvaluateCommitments, _>(cast, &cast.senior, move |tx, env, permit| {
            let why = "Read against the requirements and the controls that answer for them.";
            promises::judge(tx, env, permit, (&finding.key(), 0), (Judged::Stands, why))
        })?;
    }
    let regulation = Regulation {
        commitment: one,
        reference: "Rules of two federal states on the timely payment of wages".into(),
        taken: "The agreement takes the cut-off times for transfers from them; the commitment itself is contractual.".into(),
        criteria: vec!["A1.2".parse().map_err(|_| Refusal::NotFound)?],
    };
    story.act::<EvaluateCommitments, _>(cast, &cast.senior, move |tx, env, permit| {
        promises::note_regulation(tx, env, permit, None, &regulation)
    })?;
    let recommended = Recommended {
        commitment: one,
        finding: "The rule by which availability is computed is not part of the agreement.".into(),
        text: "State the rule of computation where customers read the commitment.".into(),
    };
    story.act::<EvaluateCommitments, _>(cast, &cast.senior, move |tx, env, permit| {
        promises::recommend(tx, env, permit, None, &recommended)
    })?;
    story.act::<ConcludeCommitment, _>(cast, &cast.manager, move |tx, env, permit| {
        let why = "The months were kept. Whether somebody was paged for reports of moderate severity in March and April, as SR-04 requires, is still looked into after the deviation of INC-03.";
        promises::conclude(tx, env, permit, 0, (one, Answer::Unknown, why, &[]))
    })
}
