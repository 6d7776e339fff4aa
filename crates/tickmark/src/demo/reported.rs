//! August: management describes its system and signs its assertion; the report waits for the opinion.

use super::Story;
use super::people::Cast;
use kernel::period::Date;
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::journal::Expected;
use reporting::model::{AssertionBody, Letter, Representation, Terms};
use reporting::permits::{PrepareReport, SignAssertion, WriteDescription};
use reporting::service;

const DESCRIPTION: &str = r#"
[DC1]
text = "Alder Payroll computes pay, tax and transfers for employers and shows their staff the results."
entries = ["Payroll | computes pay, tax and transfers each period | employers", "Portal | shows payslips and takes hours | employers and their staff"]
[DC2]
text = "The principal service commitments are part of the service agreement and its security schedule."
[DC3]
text = "The system consists of the parts listed here. Hosting is provided by a subservice organisation."
[DC4]
text = "On 3 February 2026 the portal could not be reached for 44 minutes at night. Monthly availability stayed above the commitment. No other incident led to a failure of a principal commitment."
[DC5]
text = "Management meets each quarter on security and risk. Controls, their owners and deputies are confirmed each quarter."
[DC6]
text = "User entities keep their own lists of portal users true."
[DC7]
text = "Northfield Cloud hosts the platform and is presented under the carve-out method."
entries = ["Northfield Cloud | Its assurance report is reviewed each year, with the controls that it assumes, under PHY-02."]
[DC8]
text = "All criteria of the two categories apply."
[DC9]
text = "In March 2026 the on-call rota was rebuilt. From 1 April returned devices are wiped by the device management service and no longer by hand (AST-04). From 13 April staff sign in at another identity provider, with a second factor as before (IAM-02). No other change of the period affects how the system is used."
"#;

fn date(text: &str) -> Result<kernel::period::Date> {
    Ok(kernel::period::parse_date(text).map_err(|e| Refusal::input(e.to_string()))?)
}

pub(super) fn prepare(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-08-03T13:00:00Z")?;
    let sections =
        reporting::cli::sections_of(DESCRIPTION).map_err(|e| Refusal::input(e.to_string()))?;
    story.act::<WriteDescription, _>(cast, &cast.lead, move |tx, env, permit| {
        for (criterion, body) in &sections {
            service::write_section(tx, env, permit, *criterion, Expected::Any, body)?;
        }
        Ok(())
    })?;
    let day = date("2026-08-14")?;
    let asserted = date("2026-08-03")?;
    story.act::<SignAssertion, _>(cast, &cast.sponsor, move |tx, env, permit| {
        let engagement = permit.facts().engagement.ok_or(Refusal::NotFound)?;
        let body = AssertionBody {
            text: reporting::assemble::proposed_assertion(tx, engagement)?,
            signer: "Ruth Abernathy".into(),
            position: "Chief executive officer".into(),
            date: asserted,
        };
        service::sign_assertion(tx, env, permit, &body)
    })?;
    story.act::<PrepareReport, _>(cast, &cast.manager, move |tx, env, permit| {
        let terms = Terms {
            city: "Columbus".into(),
            state: "Ohio".into(),
            report_date: Some(day),
            ..Terms::default()
        };
        service::state_terms(tx, env, permit, Expected::Any, &terms)
    })?;
    story.at("2026-08-14T13:00:00Z")?;
    story.act::<PrepareReport, _>(cast, &cast.manager, move |tx, env, permit| {
        // One representation is left out: it was asked for again.
        let mut letter = letter(day);
        letter.given.remove(&Representation::Uncorrected);
        service::receive_letter(tx, env, permit, &letter)
    })
}

const LETTER: &str = "We state our assertion again and are responsible for it, for the description and for the choice of the criteria.

We have told you of every matter that we know to bear on the description or the controls, also of those that speak against our assertion. You had access to all records and to everybody you asked for, and the lists that we supplied are complete and accurate.

We have told you of all deficiencies of design or operation that we know of, of fraud that happened, is suspected or was alleged, of breaches of law, regulation or contract, of incidents that kept or could have kept us from our commitments, of what regulators wrote to us, and of what happened after the period and bears on your report.";

/// Management's representations as the firm read them, of the day of the report.
pub(super) fn letter(day: Date) -> Letter {
    let subservices_are_left_out = Representation::Inclusive;
    let given = Representation::ALL.iter().copied().filter(|r| *r != subservices_are_left_out);
    Letter {
        text: LETTER.into(),
        signer: "Ruth Abernathy".into(),
        date: day,
        given: given.collect(),
        reservations: String::new(),
    }
}
