//! Who must learn what by when, who is reminded, how far a course has reached.

use super::super::model::{Assignment, Course, Coverage, MemberFact, Rhythm};
use kernel::ids::PersonId;
use kernel::time::Timestamp;

/// How long a yearly course holds, in days.
pub const HOLDS_DAYS: i64 = 365;
const DAY_S: i64 = 86_400;
/// The reminders in days from the due time; afterwards one every seven days, without end.
const REMINDERS: [i64; 4] = [-7, -1, 1, 7];
/// From this many days past the due time the compliance leads are told too.
pub const ESCALATES_DAYS: i64 = 7;

/// Whether a rule concerns a member.
#[must_use]
pub fn concerns(course: &Course, member: &MemberFact) -> bool {
    !course.retired
        && course.material > 0
        && member.active
        && (course.rule.who.is_empty() || member.roles.any(&course.rule.who))
}

/// An assignment that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Who.
    pub person: PersonId,
    /// By when.
    pub due_at: Timestamp,
}

fn own<'a>(
    all: &'a [Assignment],
    course: &'a Course,
    person: PersonId,
) -> impl Iterator<Item = &'a Assignment> {
    all.iter().filter(move |a| a.course == course.id && a.person == person)
}

fn last_done(all: &[Assignment], course: &Course, person: PersonId) -> Option<Timestamp> {
    own(all, course, person).filter_map(|a| a.completed_at).max()
}

/// Which assignments of a course are missing at a moment. Nobody has two open ones; nobody who has left
/// gets one; a yearly one comes so early that it is due when the last one ceases to hold; nobody is
/// late on the day on which they are told.
#[must_use]
pub fn wanted(
    course: &Course,
    members: &[MemberFact],
    all: &[Assignment],
    now: Timestamp,
) -> Vec<Wanted> {
    let due_s = course.rule.due_days.max(1) * DAY_S;
    let concerned = members.iter().filter(|m| concerns(course, m));
    concerned
        .filter_map(|m| {
            if own(all, course, m.person).any(Assignment::is_open) {
                return None;
            }
            let due_at = match (last_done(all, course, m.person), course.rule.rhythm) {
                (Some(_), Rhythm::Onboarding | Rhythm::Role) => return None,
                (Some(done), Rhythm::Yearly) => {
                    let due = done.plus_seconds(HOLDS_DAYS * DAY_S);
                    if now < due.plus_seconds(-due_s) {
                        return None;
                    }
                    due
                }
                (None, _) => m.since.max(course.since).plus_seconds(due_s),
            };
            let due_at = if due_at <= now { now.plus_seconds(due_s) } else { due_at };
            Some(Wanted { person: m.person, due_at })
        })
        .collect()
}

/// The reminder that is due for an open assignment, in days from the due time; none when the last one
/// is recent enough. Reminders that were missed are not made up for: only the newest is sent.
#[must_use]
pub fn reminder(a: &Assignment, now: Timestamp) -> Option<i64> {
    if !a.is_open() {
        return None;
    }
    let over = now.seconds_since(a.due_at).div_euclid(DAY_S);
    let weekly = (over >= 7).then(|| over - over.rem_euclid(7));
    let newest = REMINDERS.iter().copied().filter(|d| *d <= over).chain(weekly).max()?;
    // Whoever was assigned it after that moment knows already.
    let fresh = a.due_at.plus_seconds(newest * DAY_S) <= a.assigned_at;
    (!fresh && a.reminded.is_none_or(|last| newest > last)).then_some(newest)
}

/// How far a course has reached at a moment. People who have left count nowhere, also where they had
/// passed; people whose assignment is still to come count as having time.
#[must_use]
pub fn coverage(
    course: &Course,
    members: &[MemberFact],
    all: &[Assignment],
    now: Timestamp,
) -> Coverage {
    let mut c = Coverage::default();
    for m in members.iter().filter(|m| concerns(course, m)) {
        c.applies += 1;
        let holds = last_done(all, course, m.person).is_some_and(|done| {
            course.rule.rhythm != Rhythm::Yearly || now.seconds_since(done) <= HOLDS_DAYS * DAY_S
        });
        let late = own(all, course, m.person).any(|a| a.is_open() && now > a.due_at);
        if holds {
            c.done += 1;
        } else if late {
            c.late += 1;
        } else {
            c.within += 1;
        }
    }
    c
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{AssignmentId, CourseId, Rule};
    use super::*;
    use kernel::ids::PartyId;
    use kernel::party::{Role, Roles};
    use proptest::prelude::*;

    const T0: Timestamp = Timestamp(1_767_600_000_000_000);

    fn day(n: i64) -> Timestamp {
        T0.plus_seconds(n * DAY_S)
    }
    fn course(rhythm: Rhythm, who: Vec<Role>) -> Course {
        Course {
            id: CourseId::new(T0, 1),
            organisation: PartyId::new(T0, 1),
            title: String::new(),
            rule: Rule { rhythm, who, due_days: 30 },
            retired: false,
            since: T0,
            material: 1,
            version: 1,
        }
    }
    fn member(n: u128, since: i64, active: bool, role: Role) -> MemberFact {
        MemberFact {
            person: PersonId::new(T0, n),
            roles: Roles::NONE.with(role),
            since: day(since),
            active,
        }
    }
    fn made(course: &Course, w: Wanted, now: Timestamp, n: u128) -> Assignment {
        Assignment {
            id: AssignmentId::new(now, n),
            organisation: course.organisation,
            course: course.id,
            person: w.person,
            reason: course.rule.rhythm,
            assigned_at: now,
            due_at: w.due_at,
            attempts: 0,
            reminded: None,
            completed_at: None,
            material: None,
            score: None,
            completed_event: None,
            released_at: None,
            version: 1,
        }
    }

    #[test]
    fn a_yearly_course_is_due_when_the_last_one_ceases_to_hold() {
        let c = course(Rhythm::Yearly, vec![]);
        let m = [member(1, 0, true, Role::Viewer)];
        let w = wanted(&c, &m, &[], day(0));
        assert_eq!(w[0].due_at, day(30));
        let mut a = made(&c, w[0], day(0), 1);
        a.completed_at = Some(day(10));
        let all = [a];
        assert!(wanted(&c, &m, &all, day(10 + 334)).is_empty());
        assert_eq!(wanted(&c, &m, &all, day(10 + 335))[0].due_at, day(10 + 365));
        assert_eq!(
            coverage(&c, &m, &all, day(375)),
            Coverage { applies: 1, done: 1, within: 0, late: 0 }
        );
        assert_eq!(coverage(&c, &m, &all, day(376)).done, 0);
        let once = course(Rhythm::Onboarding, vec![]);
        assert!(wanted(&once, &m, &all, day(9_999)).is_empty());
    }

    #[test]
    fn reminders_come_once_each_then_weekly_without_end() {
        let c = course(Rhythm::Yearly, vec![]);
        let m = [member(1, 0, true, Role::Viewer)];
        let mut a = made(&c, wanted(&c, &m, &[], day(0))[0], day(0), 1);
        let mut sent = Vec::new();
        for n in 0..80 {
            if let Some(step) = reminder(&a, day(n)) {
                sent.push((n, step));
                a.reminded = Some(step);
            }
        }
        assert_eq!(
            sent,
            [
                (23, -7),
                (29, -1),
                (31, 1),
                (37, 7),
                (44, 14),
                (51, 21),
                (58, 28),
                (65, 35),
                (72, 42),
                (79, 49)
            ]
        );
        a.completed_at = Some(day(80));
        assert_eq!(reminder(&a, day(200)), None);
        // Who gets three days is not told that a week is left.
        let short = made(&c, Wanted { person: m[0].person, due_at: day(3) }, day(0), 2);
        assert_eq!(reminder(&short, day(0)), None);
        assert_eq!(reminder(&short, day(2)), Some(-1));
    }

    proptest! {
        #[test]
        fn nobody_has_two_open_ones_and_leavers_count_nowhere(
            people in proptest::collection::vec((0i64..400, any::<bool>(), 0usize..3, proptest::option::of(0i64..400)), 0..8),
            rhythm in proptest::sample::select(&Rhythm::ALL[..]),
            now in 0i64..800,
        ) {
            let roles = [Role::Viewer, Role::CaseHandler, Role::ControlOwner];
            let c = course(rhythm, if rhythm == Rhythm::Role { vec![Role::CaseHandler] } else { vec![] });
            let members: Vec<_> = people.iter().enumerate()
                .map(|(n, (since, active, role, _))| member(n as u128, *since, *active, roles[*role])).collect();
            let mut all: Vec<Assignment> = people.iter().enumerate().filter_map(|(n, (.., done))| {
                let w = Wanted { person: PersonId::new(T0, n as u128), due_at: day(500) };
                done.map(|d| Assignment { completed_at: Some(day(d)), ..made(&c, w, day(0), 100 + n as u128) })
            }).collect();
            let first = wanted(&c, &members, &all, day(now));
            for w in &first {
                prop_assert!(w.due_at > day(now), "nobody starts late");
                let m = members.iter().find(|m| m.person == w.person).unwrap();
                prop_assert!(concerns(&c, m));
            }
            all.extend(first.iter().enumerate().map(|(n, w)| made(&c, *w, day(now), 200 + n as u128)));
            prop_assert!(wanted(&c, &members, &all, day(now)).is_empty(), "a second round adds nothing");
            let cov = coverage(&c, &members, &all, day(now));
            prop_assert_eq!(cov.applies, cov.done + cov.within + cov.late);
            let concerned = members.iter().filter(|m| concerns(&c, m)).count();
            prop_assert_eq!(usize::try_from(cov.applies).unwrap(), concerned);
        }
    }
}
