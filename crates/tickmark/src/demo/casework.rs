//! What was found out about the cases of the half year, and what was done about them.

use super::people::Cast;
use super::{Story, permit};
use cases::disclosures::model::{Answer, DecisionText, Draft, Question};
use cases::disclosures::permits::{ApproveDisclosure, PrepareDisclosure};
use cases::disclosures::service as disclosures;
use cases::model::casework::{
    CauseCode, CauseMethod, DataKind, Fact, FactKind, Impact, MessagePurpose, Review, RootCause,
};
use cases::model::{CaseId, Severity};
use cases::permits::HandleCase;
use cases::service::{self as room, casework};
use cases::work::model::{ActionKind, NoticeText, Recipient, Relation};
use cases::work::permits::{DecideNotice, KeepPrivileged};
use cases::work::service::{self as work, ActionInput, CheckInput};
use controls::risks::model::{DeficiencyText, Gravity, RiskText, Told, Treatment};
use controls::risks::permits::ManageRisks;
use kernel::env::Env;
use kernel::party::Actor;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use scope::catalogue::Category;

/// What was found out about a case.
struct Found {
    title: &'static str,
    method: CauseMethod,
    steps: &'static [&'static str],
    code: CauseCode,
    cause: &'static str,
    action: &'static str,
    control: &'static str,
    extent: &'static str,
    categories: &'static [Category],
    criteria: &'static [&'static str],
    component: &'static str,
    data: &'static [DataKind],
    /// Whether the agreement asks for a notice to customers.
    notice: bool,
}

const FOUND: [Found; 8] = [
    Found {
        title: "Payslips of January are missing",
        method: CauseMethod::FiveWhys,
        steps: &[
            "Why were payslips missing? The job that publishes them had stopped.",
            "Why had it stopped? One payslip could not be rendered and the job gave up.",
            "Why did nobody see it? The alarm counts jobs that fail, not jobs that wait.",
        ],
        code: CauseCode::Software,
        cause: "One payslip that cannot be rendered stopped the publishing of all that follow.",
        action: "A payslip that cannot be rendered is set aside; an alarm counts those that wait.",
        control: "LOG-02",
        extent: "12 people of one customer; payslips came five hours late.",
        categories: &[Category::Availability],
        criteria: &["CC7.2", "CC7.3"],
        component: "Payroll engine",
        data: &[],
        notice: false,
    },
    Found {
        title: "Portal unreachable",
        method: CauseMethod::Timeline,
        steps: &[
            "02:51 A certificate between the balancer and the portal expires.",
            "02:52 Probes from four places fail; the on-call engineer is paged.",
            "03:20 The certificate is renewed by hand.",
            "03:35 All probes succeed.",
        ],
        code: CauseCode::Configuration,
        cause: "The certificate inside the platform was not on the list of those renewed by themselves.",
        action: "Every certificate is renewed by the platform; one that has under 20 days left pages somebody.",
        control: "AVL-04",
        extent: "All customers; 44 minutes at night. Monthly availability stayed above the commitment.",
        categories: &[Category::Availability],
        criteria: &["A1.2", "CC7.3", "CC7.4", "CC7.5"],
        component: "Customer portal",
        data: &[],
        notice: true,
    },
    Found {
        title: "A former colleague still appears as approver",
        method: CauseMethod::FiveWhys,
        steps: &[
            "Why was a leaver an approver? The list of approvers is kept by the customer.",
            "Why did the list not change? The customer was not told that it is theirs to keep.",
        ],
        code: CauseCode::Process,
        cause: "The guide for customers did not say who keeps the list of approvers.",
        action: "",
        control: "",
        extent: "",
        categories: &[],
        criteria: &[],
        component: "",
        data: &[],
        notice: false,
    },
    Found {
        title: "Tax table of Oregon out of date",
        method: CauseMethod::Fishbone,
        steps: &[
            "Process: the calendar of publications lacked Oregon’s second one.",
            "People: the reviewer compared with last year’s list.",
            "Technology: nothing compares the tables with the published ones.",
        ],
        code: CauseCode::Process,
        cause: "Nobody compared the tables in use with those published on 1 March.",
        action: "Each table is compared with the published one on the day it takes effect.",
        control: "CHG-02",
        extent: "38 employers with staff in Oregon; one pay period, corrected in the next.",
        categories: &[Category::Security],
        criteria: &["CC7.3", "CC7.5"],
        component: "Payroll engine",
        data: &[DataKind::Personal, DataKind::Financial],
        notice: false,
    },
    Found {
        title: "Export stops at 10,000 rows",
        method: CauseMethod::FiveWhys,
        steps: &["Why did it stop? A bound meant for the screen also held for files."],
        code: CauseCode::Software,
        cause: "One bound served two purposes.",
        action: "",
        control: "",
        extent: "",
        categories: &[],
        criteria: &[],
        component: "",
        data: &[],
        notice: false,
    },
    Found {
        title: "Slow responses in the western region",
        method: CauseMethod::FaultTree,
        steps: &[
            "Slow pages: database waits, or network waits. The network was quiet.",
            "Database waits: locks, or reads. One report of a customer read a whole year.",
        ],
        code: CauseCode::Capacity,
        cause: "Reports of whole years ran on the same database as the portal.",
        action: "Long reports run on a copy; a query that runs over 30 seconds is stopped.",
        control: "AVL-04",
        extent: "Customers in the western region; two hours.",
        categories: &[Category::Availability],
        criteria: &["A1.1", "CC7.3", "CC7.4"],
        component: "Two cloud regions",
        data: &[],
        notice: false,
    },
    Found {
        title: "Transfers delayed by a day",
        method: CauseMethod::FiveWhys,
        steps: &[
            "Why was the bank file late? The night run began late.",
            "Why? A change of the calendar moved the run behind the bank’s cut-off.",
            "Why was that not seen? The change was tested for the day, not for the cut-off.",
        ],
        code: CauseCode::Change,
        cause: "A change of the calendar moved the night run behind the bank’s cut-off.",
        action: "Changes of the calendar are tested against the cut-off of each bank.",
        control: "CHG-02",
        extent: "212 employers; 9,400 transfers arrived a day late.",
        categories: &[Category::Availability],
        criteria: &["A1.2", "CC7.3", "CC7.4", "CC7.5", "CC8.1"],
        component: "Payroll engine",
        data: &[DataKind::Financial, DataKind::Personal],
        notice: true,
    },
    Found {
        title: "Laptop lost on the train",
        method: CauseMethod::Other,
        steps: &[
            "Talked through with the person: bag left in the rack, device locked and encrypted.",
        ],
        code: CauseCode::Human,
        cause: "A bag was forgotten; disk encryption and remote wipe worked.",
        action: "",
        control: "",
        extent: "",
        categories: &[],
        criteria: &[],
        component: "",
        data: &[],
        notice: false,
    },
];

fn today(story: &Story<'_>) -> String {
    story.now().to_rfc3339().chars().take(10).collect()
}

fn hours_ago(story: &Story<'_>, hours: i64) -> Timestamp {
    Timestamp(story.now().0 - hours * 3_600_000_000)
}

impl Story<'_> {
    /// A command about a case by somebody who may, a minute after the last.
    fn on_case<A: kernel::permit::Action, T: Send + 'static>(
        &self,
        who: &Actor,
        mut f: impl FnMut(&mut Tx<'_>, &mut Env, &Permit<A>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.edge.advance_seconds(60);
        let who = who.clone();
        self.run(move |tx, env| f(tx, env, &permit::<A>(&who)?))
    }
}

/// Finds out, mends, tells and closes; `version` is that of the case.
pub(super) fn conclude(
    story: &Story<'_>,
    cast: &Cast,
    id: CaseId,
    mut version: i64,
    (title, severity, incident): (&str, Severity, bool),
) -> Result<()> {
    let grave = incident && matches!(severity, Severity::Critical | Severity::High);
    let found = FOUND.iter().find(|f| f.title == title);
    if let Some(found) = found {
        if grave {
            version = touched(story, cast, id, version, found)?;
        }
        let cause = RootCause {
            method: found.method,
            steps: found.steps.iter().map(|s| (*s).to_owned()).collect(),
            code: found.code,
            cause: found.cause.to_owned(),
        };
        story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
            casework::state_cause(tx, env, p, id, version, &cause)
        })?;
        version += 1;
        if grave {
            mend(story, cast, id, found)?;
            notify(story, cast, id, found)?;
        }
    }
    let cause = found.map_or("Found while answering.", |f| f.cause);
    story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
        let did = (cause, "Mended, tested, and watched for two days.");
        room::resolve(tx, env, p, id, version, did)
    })?;
    version += 1;
    if grave {
        let review = Review {
            held_on: today(story),
            participants: vec![
                "Tomás Okafor".into(),
                "Mei Tanaka".into(),
                "Nadia Lindqvist".into(),
            ],
            went_well: "The reporter had an answer within the promised time.".into(),
            went_badly: "The first alarm came from outside.".into(),
            lessons: "The action of this case is checked again after the next quarter.".into(),
        };
        story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
            casework::hold_review(tx, env, p, id, version, &review)
        })?;
        version += 1;
    }
    story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
        let told = "Your report is dealt with: the cause is found and mended. Tell us here if you see it differently.";
        casework::tell(tx, env, p, id, version, (MessagePurpose::Outcome, told))?;
        room::close(tx, env, p, id, version + 1, "The reporter was told of the outcome.")
    })
}

fn touched(story: &Story<'_>, cast: &Cast, id: CaseId, version: i64, found: &Found) -> Result<i64> {
    let components = story
        .deployment
        .db
        .read_blocking(|conn| scope::store::components(conn, cast.organisation))?;
    let component = components.iter().find(|c| c.name == found.component).map(|c| c.id);
    let impact = Impact {
        categories: found.categories.to_vec(),
        criteria: found.criteria.iter().filter_map(|c| c.parse().ok()).collect(),
        commitments: Vec::new(),
        controls: vec![story.control(cast, found.control)?],
        components: component.into_iter().collect(),
        data: found.data.to_vec(),
        extent: found.extent.to_owned(),
    };
    let contained = Fact {
        what: FactKind::Contained,
        at: hours_ago(story, 1),
        evidence: "Probes from four places succeed again; dashboard of the platform.".into(),
    };
    story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
        casework::state_impact(tx, env, p, id, version, &impact)?;
        casework::state_fact(tx, env, p, id, version + 1, &contained)
    })?;
    Ok(version + 2)
}

fn mend(story: &Story<'_>, cast: &Cast, id: CaseId, found: &Found) -> Result<()> {
    let input = ActionInput {
        kind: ActionKind::Preventive,
        what: found.action.to_owned(),
        owner: cast.engineer.person,
        due: today(story),
        control: Some(story.control(cast, found.control)?),
    };
    let action = story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
        work::plan_action(tx, env, p, id, &input)
    })?;
    let day = today(story);
    story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
        work::finish_action(tx, env, p, action, 1, ("Built, reviewed and put to work.", &day))
    })?;
    let check = CheckInput {
        effective: true,
        on: today(story),
        how: "The fault was provoked in the test system, twice.".into(),
        result: "The alarm came within a minute and nothing stopped.".into(),
    };
    story.on_case::<HandleCase, _>(&cast.lead, move |tx, env, p| {
        work::check_action(tx, env, p, action, 2, &check)
    })
}

fn notify(story: &Story<'_>, cast: &Cast, id: CaseId, found: &Found) -> Result<()> {
    let text = NoticeText {
        to: Recipient::Customers,
        regime: "contract".into(),
        reference: "Service agreement, clause 9.2".into(),
        duty: found.notice,
        reason: if found.notice {
            "All customers were affected; the clause asks for a notice within two working days."
                .into()
        } else {
            "Fewer customers than the clause names were affected; each was told in person.".into()
        },
        due_at: found.notice.then(|| Timestamp(story.now().0 + 48 * 3_600_000_000)),
    };
    let duty = text.duty;
    let notice = story.on_case::<DecideNotice, _>(&cast.counsel, move |tx, env, p| {
        work::decide_notice(tx, env, p, id, &text)
    })?;
    if duty {
        let at = story.now();
        story.on_case::<DecideNotice, _>(&cast.counsel, move |tx, env, p| {
            let how = "Mail to the contacts of all customers; copy in the vault.";
            work::sent_notice(tx, env, p, notice, 1, (at, how))
        })?;
    }
    Ok(())
}

fn find(story: &Story<'_>, cast: &Cast, title: &str) -> Result<cases::model::Case> {
    // By the list: the index of words follows behind the record.
    let filter = cases::store::CaseFilter { limit: 1_000, ..Default::default() };
    let all = story
        .deployment
        .db
        .read_blocking(|conn| cases::store::cases(conn, cast.organisation, &filter))?;
    let found = all.into_iter().find(|case| case.title == title);
    Ok(found.ok_or_else(|| Refusal::input(format!("no case {title}")))?)
}

/// At the end of the half year: one case in the middle of its work, and what links the others.
pub(super) fn go_on(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-06-26T09:00:00Z")?;
    let (status, slow) = (
        find(story, cast, "Status page said all was well")?,
        find(story, cast, "Slow responses in the western region")?,
    );
    let (status, slow) = (status.id, slow.tracking_number);
    story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
        let why = "Both are of the same evening; the status page was not told.";
        work::link_cases(tx, env, p, status, (&slow, Relation::CausedBy, why)).map(|_| ())
    })?;
    let transfers = find(story, cast, "Transfers delayed by a day")?.id;
    story.on_case::<KeepPrivileged, _>(&cast.counsel, move |tx, env, p| {
        let text = "Advice on claims of two employers under clause 11; see the letter of 20 May.";
        work::note_privileged(tx, env, p, transfers, text).map(|_| ())
    })?;
    open_case(story, cast, &find(story, cast, "Cannot change my bank details")?)
}

fn open_case(story: &Story<'_>, cast: &Cast, case: &cases::model::Case) -> Result<()> {
    let (id, v, owner) = (case.id, case.version, cast.handler.person);
    let owner = owner.ok_or(Refusal::NotFound)?;
    story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
        room::assign(tx, env, p, id, v, owner)?;
        let why = "Eleven more people report the same; pay day is on Tuesday.";
        casework::change_severity(tx, env, p, id, v + 1, (Severity::High, true, why))?;
        room::note(tx, env, p, id, v + 2, "It began with the release of 24 June.")
    })?;
    let aware = Fact {
        what: FactKind::Aware,
        at: hours_ago(story, 40),
        evidence: "The report itself, and the log of the form.".into(),
    };
    story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
        casework::state_fact(tx, env, p, id, v + 3, &aware)
    })?;
    let entry = story.deployment.db.read_blocking(|conn| {
        let all = platform::journal::history(conn, &id.to_string())?;
        let noted = all.into_iter().rfind(|(e, ..)| e.kind == "cases.note_added.v1");
        Ok(noted.map(|(e, ..)| e.id).ok_or(Refusal::NotFound)?)
    })?;
    story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
        let right = "It began with the release of 23 June, the evening before.";
        let said = (entry, right, "The release notes carry the date of their writing.");
        casework::correct(tx, env, p, id, v + 4, said)
    })?;
    let action = ActionInput {
        kind: ActionKind::Corrective,
        what: "The form keeps what was typed when the bank refuses a number.".into(),
        owner: cast.engineer.person,
        due: "2026-06-29".into(),
        control: Some(story.control(cast, "CHG-02")?),
    };
    let engineer = cast.engineer.person;
    story.on_case::<HandleCase, _>(&cast.handler, move |tx, env, p| {
        work::plan_action(tx, env, p, id, &action)?;
        let ring = "Ring the twelve people who reported it";
        let task = work::set_task(tx, env, p, id, (ring, p.person(), "2026-06-27"))?;
        work::finish_task(tx, env, p, task, 1, "All reached; nobody’s pay is at risk.")?;
        let list = "List everybody whose details were lost since 23 June";
        work::set_task(tx, env, p, id, (list, engineer, "2026-06-30")).map(|_| ())
    })
}

/// August: which incidents the description discloses, and what they showed of the controls.
pub(super) fn disclose(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-07-27T14:00:00Z")?;
    let outage = find(story, cast, "Portal unreachable")?;
    let transfers = find(story, cast, "Transfers delayed by a day")?;
    for (case, failed, disclose, why) in [
        (
            outage.id,
            false,
            true,
            "Availability stayed above the commitment; readers know of the outage and look for it.",
        ),
        (transfers.id, true, true, "The test of changes did not cover the cut-off of the bank."),
    ] {
        let text = decision(failed, disclose, why, case == outage.id);
        story.act::<PrepareDisclosure, _>(cast, &cast.lead, move |tx, env, p| {
            disclosures::prepare(tx, env, p, Some(case), 0, &text).map(|_| ())
        })?;
    }
    let case = outage.id;
    story.act::<ApproveDisclosure, _>(cast, &cast.sponsor, move |tx, env, p| {
        let said = "Agreed; it was on the status page too.";
        disclosures::judge(tx, env, p, Some(case), 1, (true, said))
    })?;
    findings(story, cast, transfers.id)
}

fn decision(failed: bool, disclose: bool, why: &str, outage: bool) -> DecisionText {
    let answer = |question: Question| {
        let yes = match question {
            Question::Controls => failed,
            Question::Public | Question::Readers => true,
            _ => false,
        };
        let why = if yes { "See the case and the status page." } else { "" };
        Answer { question, yes, why: why.into() }
    };
    let draft = if outage {
        Draft {
            nature: "The portal could not be reached because a certificate inside the platform had expired.".into(),
            timing: "3 February 2026, 02:51 to 03:35 UTC.".into(),
            extent: "All customers for 44 minutes at night. Of these, 24 lay in announced maintenance; monthly availability was 99.95 %, above the commitment. Every certificate is renewed by the platform since.".into(),
        }
    } else {
        Draft {
            nature: "A change of the calendar moved the night run behind the cut-off of the bank.".into(),
            timing: "11 to 12 May 2026.".into(),
            extent: "9,400 transfers of 212 employers arrived a day late. Changes of the calendar are tested against the cut-off since.".into(),
        }
    };
    DecisionText {
        answers: Question::ALL.iter().map(|q| answer(*q)).collect(),
        disclose,
        rationale: why.into(),
        draft,
    }
}

/// What the delayed transfers showed: a control that failed, and a risk.
fn findings(story: &Story<'_>, cast: &Cast, case: CaseId) -> Result<()> {
    let owner = cast.engineer.person.ok_or(Refusal::NotFound)?;
    let control = story.control(cast, "CHG-02")?;
    let deficiency = DeficiencyText {
        control,
        design: true,
        finding: "The test plan of a change does not ask for the cut-off of banks.".into(),
        gravity: Gravity::Significant,
        owner,
        due: "2026-08-31".into(),
    };
    let risk = RiskText {
        title: "Transfers miss the cut-off of a bank".into(),
        description: "A late night run delays pay by a day; the commitment on pay dates is missed."
            .into(),
        likelihood: 3,
        impact: 4,
        treatment: Treatment::Mitigate,
        owner: Some(owner),
        controls: vec![control],
        review_on: "2026-09-30".into(),
    };
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        let (handles, manages) = (permit::<HandleCase>(&lead)?, permit::<ManageRisks>(&lead)?);
        let both = (&handles, &manages);
        let found = work::open_deficiency(tx, env, both, case, &deficiency)?;
        let told = Told {
            to: "Ruth Abernathy and the security committee".into(),
            on: "2026-07-27".into(),
        };
        controls::risks::service::tell_deficiency(tx, env, &manages, found, 1, &told)?;
        let why = "It happened once, in May; the alarm came from a customer.";
        work::raise_risk(tx, env, both, case, None, (&risk, why)).map(|_| ())
    })
}
