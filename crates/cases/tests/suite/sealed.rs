//! Sealed cases, from filing to the destruction of their keys, on both databases.

use crate::people::{organisation, person, who};
use crate::rooms::ROOMS;
use cases::model::{Case, CaseKind, CaseState, Privacy, Severity};
use cases::permits::{FileReport, HandleCase};
use cases::policy::model::PolicyBody;
use cases::policy::permits::{ApprovePolicy, WritePolicy};
use cases::policy::service as policy;
use cases::sealed::model::SealedReport;
use cases::sealed::permits::{DestroySealed, HoldSealed, OpenSealed, RestrictSealed};
use cases::sealed::service::{self as sealing, KEPT_DAYS, OPEN_SECONDS, Retention};
use cases::service::{self, Filed, ReportInput, Reporter, SEALED_TITLE};
use cases::store;
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::party::{Actor, Role, Side};
use kernel::permit::{Action, Facts, Permit, authorize};
use kernel::refusal::Refusal;
use ledger::{Receipt, receipt::Trust};
use platform::db::{Error, Result, Tx};
use platform::testing::{TestDb, env, on_both};

/// What must not be readable anywhere once it was sealed.
const MARK: &str = "the-forged-timesheets-of-March";

fn handler(n: u128) -> Actor {
    who(n, organisation(), &[Role::CaseHandler, Role::ComplianceLead])
}

fn permit<A: Action>(actor: &Actor) -> Permit<A> {
    authorize(actor, &Facts::of(organisation())).unwrap()
}

/// A clock and randomness that go on from command to command.
struct Run<'t> {
    t: &'t TestDb,
    env: Env,
}

impl Run<'_> {
    fn later(&mut self, seconds: i64) {
        self.env.set_now(self.env.now().plus_seconds(seconds));
    }
    fn write<T: Send + 'static>(
        &mut self,
        f: impl Fn(&mut Tx<'_>, &mut Env) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        // Each command has randomness of its own.
        let mut env = Env::new(self.env.now(), self.env.bytes());
        let done = self.t.db.write_blocking(move |tx| f(tx, &mut env));
        self.later(60);
        done
    }
    fn file(&mut self, reporter: Reporter) -> Filed {
        let input = ReportInput {
            reporter,
            ..ReportInput::new("portal", CaseKind::Concern, MARK, format!("I saw {MARK}."))
        };
        self.write(move |tx, env| {
            let permit = permit::<FileReport>(&Actor::public(organisation()));
            service::file_report(tx, env, &permit, &input)
        })
        .unwrap()
    }
    fn case(&self, filed: &Filed) -> Case {
        let id = filed.id;
        self.t.db.read_blocking(|c| store::case(c, organisation(), id)).unwrap().unwrap()
    }
    fn open(&mut self, by: u128, filed: &Filed) -> Result<()> {
        let id = filed.id;
        self.write(move |tx, env| sealing::open(tx, env, &permit::<OpenSealed>(&handler(by)), id))
    }
    fn opened(&self, by: u128, filed: &Filed) -> Result<Option<sealing::Opened>> {
        let (id, now) = (filed.id, self.env.now());
        self.t
            .db
            .read_blocking(|c| sealing::opened(c, &permit::<OpenSealed>(&handler(by)), id, now))
    }
    fn conclude(&mut self, filed: &Filed) {
        let id = filed.id;
        self.write(move |tx, env| {
            let permit = permit::<HandleCase>(&handler(2));
            let version = |tx: &mut Tx<'_>| {
                Ok::<_, Error>(store::case(tx, organisation(), id)?.unwrap().version)
            };
            let v = version(tx)?;
            service::triage(tx, env, &permit, id, v, (Severity::Low, false, "Pay was touched."))?;
            service::resolve(tx, env, &permit, id, v + 1, ("No second pair of eyes.", "Added."))?;
            let told = (cases::model::casework::MessagePurpose::Outcome, "It is mended.");
            service::casework::tell(tx, env, &permit, id, v + 2, told)?;
            service::close(tx, env, &permit, id, v + 3, "Confirmed.")
        })
        .unwrap();
    }
    fn destroy(&mut self, filed: &Filed) -> Result<()> {
        let id = filed.id;
        self.write(move |tx, env| {
            let case = store::case(tx, organisation(), id)?.unwrap();
            let why = "The retention of our policy has passed.";
            sealing::destroy(tx, env, &permit::<DestroySealed>(&handler(2)), &case, why)
        })
    }
}

fn run(t: &TestDb) -> Run<'_> {
    let begins = env().now().plus_seconds(1_234);
    Run { t, env: Env::new(begins, [4; 32]) }
}

/// Whether the mark can be read in any row of any table.
fn readable(t: &TestDb, mark: &str) -> bool {
    t.db.read_blocking(|c| {
        for table in [
            "journal_entry",
            "journal_idempotency",
            "case_record",
            "case_message",
            "case_return",
            "case_way",
            "case_key",
            "case_kept_out",
            "sealed_content",
            "sealed_file",
            "job",
        ] {
            let mut found = false;
            c.for_each(&format!("SELECT * FROM {table}"), &[], |row| {
                found |= format!("{:?}", row.values()).contains(mark)
                    || row.values().iter().any(|v| match v {
                        platform::db::Value::Bytes(b) => {
                            b.windows(mark.len()).any(|w| w == mark.as_bytes())
                        }
                        _ => false,
                    });
                Ok(())
            })?;
            if found {
                return Ok(true);
            }
        }
        Ok(false)
    })
    .unwrap()
}

#[test]
fn sealed_reports_are_read_with_a_key_and_a_record_of_it() {
    on_both(&ROOMS, |t| {
        let mut run = run(t);
        let contact = Some("Nora Ng, nora@customer.example".to_owned());
        for reporter in [Reporter::Anonymous, Reporter::Confidential { contact }] {
            let filed = run.file(reporter.clone());
            let case = run.case(&filed);
            assert_eq!((&*case.title, &*case.description), (SEALED_TITLE, ""));
            assert_eq!((case.contact.as_deref(), case.privacy), (None, reporter.privacy()));
            // The time of an anonymous report, and of its id, is that of its hour.
            let whole = case.reported_at.0 % 3_600_000_000 == 0;
            assert_eq!(whole, case.privacy == Privacy::Anonymous);
            let id_time = (case.id.to_u128() >> 80) % 3_600_000;
            assert_eq!(id_time == 0, case.privacy == Privacy::Anonymous);

            // Nobody sees it before they opened it, and then for an hour.
            assert!(run.opened(2, &filed).unwrap().is_none());
            run.open(2, &filed).unwrap();
            let (_, contents) = run.opened(2, &filed).unwrap().unwrap();
            let report = contents.report.unwrap();
            let expected = SealedReport {
                title: MARK.into(),
                description: format!("I saw {MARK}."),
                contact: match reporter {
                    Reporter::Confidential { contact } => contact,
                    _ => None,
                },
                about_people: String::new(),
            };
            assert_eq!(report, expected);
            assert!(run.opened(3, &filed).unwrap().is_none(), "another handler did not open it");
            let id = filed.id;
            let openings = t.db.read_blocking(|c| cases::sealed::store::openings(c, id)).unwrap();
            assert_eq!(openings.iter().map(|(_, who)| *who).collect::<Vec<_>>(), [person(2)]);

            // What is said and noted later is sealed too, and the reporter reads it with the code.
            let code = filed.return_code.clone();
            let tell = format!("Thank you for {MARK}.");
            let told = tell.clone();
            run.write(move |tx, env| {
                let permit = permit::<HandleCase>(&handler(2));
                service::tell_reporter(tx, env, &permit, id, 1, &told)?;
                service::note(tx, env, &permit, id, 2, &format!("Ask payroll about {MARK}."))
            })
            .unwrap();
            let said = code.clone();
            run.write(move |tx, env| {
                let permit = permit::<FileReport>(&Actor::public(organisation()));
                service::reporter_says(tx, env, &permit, &said, &format!("More {MARK}"), None)
            })
            .unwrap();
            let contents =
                t.db.read_blocking(|c| {
                    let key = sealing::key_of_reporter(c, id, &code)?;
                    sealing::contents(c, id, &key)
                })
                .unwrap();
            assert_eq!(contents.messages.get(&2), Some(&tell));
            assert_eq!(contents.messages.get(&4), Some(&format!("More {MARK}")));
            assert_eq!(contents.notes.len(), 1);
            let messages = t.db.read_blocking(|c| store::messages(c, organisation(), id)).unwrap();
            assert!(messages.iter().all(|m| m.text.is_empty()) && messages.len() == 2);
            run.later(OPEN_SECONDS);
            assert!(run.opened(2, &filed).unwrap().is_none(), "an opening lasts an hour");
        }
        assert!(!readable(t, MARK) && !readable(t, "nora@customer.example"));
    });
}

#[test]
fn an_open_report_stays_open_and_names_whom_it_concerns() {
    on_both(&ROOMS, |t| {
        let mut run = run(t);
        let mut env = Env::new(run.env.now(), [8; 32]);
        let known =
            t.db.write_blocking(move |tx| {
                let actor = Actor::system(organisation(), "test");
                let permit = authorize(&actor, &Facts::of(organisation()))?;
                let side = Side::ServiceOrganisation;
                identity::service::register_party(tx, &mut env, &permit, side, "Alder")?;
                identity::service::add_person_directly(
                    tx,
                    &mut env,
                    organisation(),
                    "maria@alder.example",
                    "Maria Okafor",
                    &[Role::CaseHandler],
                )
            })
            .unwrap();
        let input = ReportInput {
            about_people: "Mrs Okafor of payroll".into(),
            ..ReportInput::new("portal", CaseKind::Complaint, "Rude", "Twice.")
        };
        let filed = run
            .write(move |tx, env| {
                let permit = permit::<FileReport>(&Actor::public(organisation()));
                service::file_report(tx, env, &permit, &input)
            })
            .unwrap();
        assert_eq!(run.case(&filed).title, "Rude");
        let id = filed.id;
        t.db.read_blocking(|c| {
            assert!(store::kept_out(c, id, known)? && !store::kept_out(c, id, person(2))?);
            let filter = |reader| store::CaseFilter { reader, limit: 9, ..Default::default() };
            assert_eq!(store::cases(c, organisation(), &filter(Some(known)))?.len(), 0);
            assert_eq!(store::cases(c, organisation(), &filter(Some(person(2))))?.len(), 1);
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_key_is_destroyed_when_nothing_holds_it_and_a_signed_skeleton_stays() {
    on_both(&ROOMS, |t| {
        let mut run = run(t);
        let filed = run.file(Reporter::Anonymous);
        let kept = run.file(Reporter::Anonymous);
        let id = filed.id;
        let state = |result: Result<()>| {
            assert!(matches!(result, Err(Error::Refused(Refusal::State(_)))), "{result:?}");
        };
        state(run.destroy(&filed)); // open
        run.conclude(&filed);
        state(run.destroy(&filed)); // kept by the policy
        run.later(KEPT_DAYS * 86_400);
        run.write(move |tx, env| {
            sealing::hold(tx, env, &permit::<HoldSealed>(&handler(2)), id, "A claim is expected.")
        })
        .unwrap();
        state(run.destroy(&filed)); // held
        run.write(move |tx, env| {
            sealing::release(tx, env, &permit::<HoldSealed>(&handler(2)), id, "It was settled.")
        })
        .unwrap();
        run.destroy(&filed).unwrap();
        state(run.destroy(&filed)); // once
        assert!(run.open(2, &filed).is_err());
        let code = filed.return_code.clone();
        let gone = t.db.read_blocking(|c| sealing::key_of_reporter(c, id, &code));
        assert!(matches!(gone, Err(Error::Refused(Refusal::State(_)))), "{gone:?}");
        run.open(2, &kept).unwrap();

        // The population is complete, the record verifies, and the content is in no row.
        let case = run.case(&filed);
        assert_eq!((case.state, case.severity), (CaseState::Closed, Some(Severity::Low)));
        t.sequence();
        let report = t.verify();
        assert!(report.verified(), "{:?}", report.findings);
        assert_eq!(report.erased, 2);
        let journal = t.journal.clone();
        let text = t.db.read_blocking(|c| sealing::certificate(c, &journal, &case)).unwrap();
        let key = t.journal.signer(organisation()).unwrap().verifier().clone();
        let certificate = Receipt::parse(text.as_bytes()).unwrap();
        let shown = certificate.verify(Trust::Pinned(&[key])).unwrap();
        assert_eq!(shown.fields["document"], "deletion certificate");
        assert_eq!(shown.fields["tracking_number"], filed.tracking_number);
        assert_eq!(shown.fields["texts_destroyed"], "2");
        assert!(matches!(shown.place, ledger::receipt::Place::Logged { .. }));
        assert!(
            t.db.read_blocking(|c| {
                let other = store::case(c, organisation(), kept.id)?.unwrap();
                sealing::certificate(c, &journal, &other)
            })
            .is_err()
        );
    });
}

#[test]
fn a_restricted_case_opens_to_its_readers_alone() {
    on_both(&ROOMS, |t| {
        let mut run = run(t);
        let filed = run.file(Reporter::Confidential { contact: None });
        let id = filed.id;
        let restrict = move |tx: &mut Tx<'_>, env: &mut Env, readers: &[PersonId]| {
            let case = store::case(tx, organisation(), id)?.unwrap();
            let permit = permit::<RestrictSealed>(&handler(2));
            sealing::restrict(tx, env, &permit, &case, readers, "It concerns the team.")
        };
        assert!(run.write(move |tx, env| restrict(tx, env, &[])).is_err());
        run.write(move |tx, env| restrict(tx, env, &[person(3)])).unwrap();
        assert!(run.open(2, &filed).is_err());
        run.open(3, &filed).unwrap();
        let (_, contents) = run.opened(3, &filed).unwrap().unwrap();
        assert_eq!(contents.report.unwrap().title, MARK);
        // The reporter's way is untouched.
        let code = filed.return_code.clone();
        t.db.read_blocking(|c| sealing::key_of_reporter(c, id, &code)).unwrap();
        // Who cannot open it cannot add to it.
        let told = run.write(move |tx, env| {
            service::tell_reporter(tx, env, &permit::<HandleCase>(&handler(2)), id, 1, "Hello.")
        });
        assert!(told.is_err());
    });
}

#[test]
fn sealed_content_is_kept_as_the_policy_said_that_was_in_force_when_the_case_was_closed() {
    on_both(&ROOMS, |t| {
        let mut run = run(t);
        let put_in_force = |run: &mut Run<'_>, days: Option<u32>| {
            let body: PolicyBody = toml::from_str(cases::policy::TEMPLATE).unwrap();
            let body = PolicyBody { sealed_days: days, ..body };
            let number = run
                .write(move |tx, env| {
                    let permit = permit::<WritePolicy>(&handler(2));
                    policy::draft(tx, env, &permit, body.clone(), "Because of this test.")
                })
                .unwrap();
            run.write(move |tx, env| {
                policy::approve(tx, env, &permit::<ApprovePolicy>(&handler(3)), number, 1)
            })
            .unwrap();
        };
        let kept = |run: &Run<'_>, filed: &Filed| {
            let case = run.case(filed);
            t.db.read_blocking(move |c| sealing::retention(c, &case)).unwrap()
        };
        let (before, during, silent) = [(); 3].map(|()| run.file(Reporter::Anonymous)).into();
        run.conclude(&before);
        put_in_force(&mut run, Some(10));
        run.conclude(&during);
        put_in_force(&mut run, None);
        run.conclude(&silent);
        put_in_force(&mut run, Some(3_000));
        let usual = Retention { days: KEPT_DAYS, policy: None };
        assert_eq!(kept(&run, &before), usual, "closed before there was a policy");
        assert_eq!(kept(&run, &during), Retention { days: 10, policy: Some(1) });
        assert_eq!(kept(&run, &silent), usual, "the policy says nothing of it");

        run.later(9 * 86_400);
        let refused = run.destroy(&during).unwrap_err().to_string();
        assert!(refused.contains("The policy keeps this until"), "{refused}");
        run.later(86_400);
        run.destroy(&during).unwrap();
        assert!(run.destroy(&silent).is_err());
        run.later(KEPT_DAYS * 86_400);
        run.destroy(&silent).unwrap();
        t.sequence();
        let said = |filed: &Filed| {
            let (case, journal) = (run.case(filed), t.journal.clone());
            let text = t.db.read_blocking(move |c| sealing::certificate(c, &journal, &case));
            let key = t.journal.signer(organisation()).unwrap().verifier().clone();
            let certificate = Receipt::parse(text.unwrap().as_bytes()).unwrap();
            let fields = certificate.verify(Trust::Pinned(&[key])).unwrap().fields;
            (fields["retention_days"].clone(), fields["retention_set_by"].clone())
        };
        let by_policy = ("10".to_owned(), "reporting policy, version 1".to_owned());
        assert_eq!(said(&during), by_policy);
        assert_eq!(said(&silent), ("90".to_owned(), "the usual".to_owned()));
    });
}
