//! Answers about a case of the register, held against what the register says of it.

use crate::asks::{ALL, draw, evaluation, report};
use crate::support::*;
use examination::mechanisms::model::{CaseAnswer, CaseReview, Said};
use examination::mechanisms::permits::EvaluateMechanisms;
use examination::mechanisms::service as mechanisms;

#[test]
fn an_answer_against_the_record_says_what_shows_it() {
    on_both(ALL, |t| {
        let w = World::new(t);
        w.env.lock().unwrap().set_now(Timestamp::parse("2025-12-31T20:00:00Z").unwrap());
        (0..3).for_each(|n| report(&w, n));
        w.env.lock().unwrap().set_now(Timestamp::parse("2026-01-10T00:00:00Z").unwrap());
        draw(&w, 0, 3).unwrap();
        let number = evaluation(&w).draw.unwrap().body.numbers[0].clone();
        // Nobody confirmed the report, answers for it or looked for a cause.
        let read = |answers: &[(&str, Said, &str)]| {
            let given = |q: u8| {
                let id = format!("H{q}");
                let own = answers.iter().find(|(of, ..)| *of == id);
                let (said, note) =
                    own.map_or((Said::NotApplicable, "Not yet."), |(_, said, note)| (*said, *note));
                (id, CaseAnswer { said, note: note.into(), against: None })
            };
            let input = CaseReview {
                number: number.clone(),
                reason: String::new(),
                answers: (1..=12).map(given).collect(),
            };
            w.run::<EvaluateMechanisms, _>(&staff(), move |tx, e, p| {
                mechanisms::read_case(tx, e, p, 0, &input)
            })
        };
        for question in ["H1", "H2", "H6", "H10"] {
            let said = refused(read(&[(question, Said::Yes, " ")])).to_string();
            assert!(said.contains(&format!("against the answer to {question}")), "{said}");
        }
        // A no needs what shows it in any case, and here the record does.
        assert!(read(&[("H6", Said::No, "")]).is_err());
        read(&[
            ("H1", Said::Yes, "The answer of the desk was seen."),
            ("H6", Said::No, "None."),
            ("H9", Said::Yes, ""),
        ])
        .unwrap();
        let kept = evaluation(&w).cases.pop().unwrap().body.answers;
        assert_eq!(kept["H1"].against.as_deref(), Some("not confirmed; nothing was promised."));
        assert!(kept["H6"].against.is_none() && kept["H9"].against.is_none());
        assert!(kept["H2"].against.is_none(), "that it does not apply contradicts nothing");
    });
}
