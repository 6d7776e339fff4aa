//! Pages of the file after the report, of the letter on deficiencies, and of what is carried on. What is
//! missing before the report, and the signatures, are shown by the room that knows the report.
//!
//! | file | holds |
//! |---|---|
//! | `pages.rs` | `/examination/{engagement}/file`: lock, additions, what was carried |
//! | `letter.rs` | deficiencies and misstatements; the letter on them, on both sides |

pub mod letter;

use super::model::{Addendum, Carried, Lock, RETENTION_YEARS_MIN, Signature, Step};
use super::permits::{AddToLocked, CarryForward, LockFile, ReadCompletion};
use super::{rules, service, store};
use crate::firm::store::facts_for;
use crate::model::{File, TestId};
use crate::pages::framed;
use crate::store::{Papers, tests};
use axum::extract::Path;
use kernel::ids::{EngagementId, PersonId};
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::db::{Conn, Result};
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Shell, Table, facts, fold,
    stack,
};
use platform::words::Words;
use scope::model::{Engagement, EngagementState};
use std::collections::BTreeMap;

/// The engagement of an address; what is no id names nothing.
fn id_of(text: &str) -> Result<EngagementId, Failure> {
    text.parse().map_err(|_| Failure::Refused(Refusal::NotFound))
}

/// Names of people by the text that entries hold.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn load<'a>(conn: &mut Conn<'_>, actors: impl Iterator<Item = &'a str>) -> Result<Self> {
        let mut names = BTreeMap::new();
        for actor in actors {
            if let Ok(person) = actor.parse::<PersonId>() {
                names.insert(actor.to_owned(), identity::store::name_of(conn, person)?);
            }
        }
        Ok(Self(names))
    }

    fn of(&self, actor: &str) -> String {
        self.0.get(actor).cloned().unwrap_or_else(|| actor.to_owned())
    }
}

/// Everything that the page of the file shows.
struct Seen {
    papers: Papers,
    lock: Option<Lock>,
    addenda: Vec<Addendum>,
    carried: Option<Carried>,
    /// The file that this one was begun from, with the codes of its tests and how many items each took.
    from: Option<Begun>,
    /// The engagements whose files were begun from this one.
    into: Vec<Engagement>,
    partner: Option<Signature>,
    earlier: Vec<Engagement>,
    names: Names,
}

async fn seen(cx: &Cx, id: EngagementId) -> Result<Seen, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        authorize::<ReadCompletion>(actor, &facts_for(conn, actor, id, now)?)?;
        let papers = Papers::load(conn, id)?;
        let lock = store::lock(conn, papers.file)?;
        let addenda = store::addenda(conn, papers.file)?;
        let signatures = store::signatures(conn, papers.file)?;
        let seen = kernel::permit::scope::<scope::permits::ReadEngagement>(actor);
        let mut earlier = match seen {
            Ok(seen) => scope::store::engagements(conn, &seen)?,
            Err(_) => Vec::new(),
        };
        earlier.retain(|e| {
            e.organisation == papers.engagement.organisation
                && e.period.start() < papers.engagement.period.start()
        });
        let actors = lock.iter().map(|l| l.locked_by.as_str());
        let names = Names::load(conn, actors.chain(addenda.iter().map(|a| a.added_by.as_str())))?;
        let carried = store::carried(conn, papers.file)?;
        let from = match &carried {
            Some(carried) => begun_from(conn, papers.file, carried)?,
            None => None,
        };
        let mut into = Vec::new();
        for next in store::carried_into(conn, papers.file)? {
            into.extend(scope::store::engagement(conn, next)?);
        }
        Ok(Seen {
            carried,
            from,
            into,
            partner: signatures.into_iter().find(|s| s.step == Step::Partner),
            papers,
            lock,
            addenda,
            earlier,
            names,
        })
    })
    .await
}

/// An engagement, and the codes of the tests of its file with how many items each took.
type Begun = (Engagement, BTreeMap<String, Option<u64>>);

/// The file that a file was begun from, with the tests that were planned there.
fn begun_from(conn: &mut Conn<'_>, file: File, carried: &Carried) -> Result<Option<Begun>> {
    let Some(engagement) = scope::store::engagement(conn, carried.from)? else {
        return Ok(None);
    };
    let before = File { engagement: engagement.id, firm: file.firm };
    let sizes = crate::planning::store::sizes(conn, before)?;
    let items = |test: TestId| sizes.get(&test).map(|size| size.items);
    let codes = tests(conn, before)?.into_iter().map(|t| (t.plan.code, items(t.id))).collect();
    Ok(Some((engagement, codes)))
}

fn address(id: EngagementId) -> String {
    format!("/examination/{id}/file")
}

fn lock_form(cx: &Cx, shell: &Shell, id: EngagementId) -> Form {
    let w = cx.w;
    Form::post(w, address(id), &shell.csrf, w.t("completion-lock"))
        .key(cx.form_key())
        .hide("do", "lock")
        .say(w.t("completion-lock-what").as_str())
        .field(
            Field::new(w, "years", w.t("completion-years"), Kind::Number)
                .required()
                .hint(w.t("completion-years-hint"))
                .value(RETENTION_YEARS_MIN.to_string()),
        )
        .field(
            Field::new(w, "late_reason", w.t("completion-late-reason"), Kind::Area(2))
                .hint(w.t("completion-late-reason-hint"))
                .max(4_000),
        )
}

fn add_form(cx: &Cx, shell: &Shell, id: EngagementId) -> Form {
    let w = cx.w;
    let field = |name: &str, kind, max| {
        Field::new(w, name, w.t(&format!("completion-{name}")), kind).required().max(max)
    };
    Form::post(w, address(id), &shell.csrf, w.t("completion-add"))
        .key(cx.form_key())
        .hide("do", "add")
        .field(field("about", Kind::Text, 200).hint(w.t("completion-about-hint")))
        .field(field("text", Kind::Area(4), 4_000))
        .field(field("reason", Kind::Area(2), 4_000))
}

fn carry_form(cx: &Cx, shell: &Shell, seen: &Seen) -> Form {
    let w = cx.w;
    let choices =
        seen.earlier.iter().map(|e| Choice::new(e.id.to_string(), e.name.clone())).collect();
    Form::post(w, address(seen.papers.engagement.id), &shell.csrf, w.t("completion-carry"))
        .key(cx.form_key())
        .hide("do", "carry")
        .field(
            Field::new(w, "from", w.t("completion-carry-from"), Kind::Select(choices)).required(),
        )
}

/// The form that a page shows for what may be done now.
fn form_of(cx: &Cx, shell: &Shell, seen: &Seen, what: &str) -> Option<Form> {
    let id = seen.papers.engagement.id;
    match what {
        "lock" => {
            let ready = seen.lock.is_none()
                && seen.partner.is_some()
                && seen.papers.engagement.state == EngagementState::Issued;
            (ready && cx.can::<LockFile>()).then(|| lock_form(cx, shell, id))
        }
        "add" => (seen.lock.is_some() && cx.can::<AddToLocked>()).then(|| add_form(cx, shell, id)),
        "carry" => {
            let ready = seen.carried.is_none() && !seen.earlier.is_empty() && seen.lock.is_none();
            (ready && cx.can::<CarryForward>()).then(|| carry_form(cx, shell, seen))
        }
        _ => None,
    }
}

fn lock_part(cx: &Cx, seen: &Seen) -> Html {
    let w = cx.w;
    match &seen.lock {
        None => Html::text(&w.t("completion-lock-needs")),
        Some(l) => facts(vec![
            (w.t("completion-report-date"), Html::text(&w.date(l.report_date))),
            (w.t("completion-locked-at"), Html::text(&w.moment_utc(l.locked_at))),
            (w.t("completion-locked-by"), Html::text(&seen.names.of(&l.locked_by))),
            (w.t("completion-due"), Html::text(&w.date(l.due))),
            (w.t("completion-late-reason"), Html::text(&l.late_reason)),
            (w.t("completion-keep-until"), Html::text(&w.date(l.keep_until))),
            (w.t("completion-tested-entry"), Html::code(&l.event.to_string())),
        ]),
    }
}

fn addenda_table(cx: &Cx, seen: &Seen) -> Table {
    let w = cx.w;
    let rows = seen.addenda.iter().map(|a| {
        Row::new(vec![
            w.moment_utc(a.added_at).into(),
            a.about.as_str().into(),
            a.text.as_str().into(),
            a.reason.as_str().into(),
            seen.names.of(&a.added_by).into(),
        ])
    });
    let columns = ["added-at", "about", "text", "reason", "added-by"]
        .map(|k| Column::new(w.t(&format!("completion-{k}"))));
    Table::new(w, "addenda", w.t("completion-addenda"), columns.to_vec())
        .rows(rows)
        .empty(Empty::new(w.t("completion-no-addenda"), w.t("completion-no-addenda-next")))
        .cards()
}

/// A link to the file of another engagement, with its period.
fn file_link(w: Words, e: &Engagement) -> Html {
    let period = format!("{} \u{2013} {}", w.date(e.period.start()), w.date(e.period.end()));
    Html::link(&address(e.id), e.name.as_str()).and(Html::text(&format!("\u{b7} {period}")))
}

/// The tests of this file that were planned in the one before, with their sizes where they have one.
fn carried_tests(w: Words, seen: &Seen) -> Option<Html> {
    let (_, codes) = seen.from.as_ref()?;
    let left = seen.carried.iter().flat_map(|c| &c.left_behind);
    let left: Vec<&str> = left.filter_map(|line| line.split(':').next()).collect();
    let papers = &seen.papers;
    let lines: Vec<Html> = papers
        .tests
        .iter()
        .filter(|t| !left.contains(&t.plan.code.as_str()))
        .filter_map(|t| {
            let before = codes.get(&t.plan.code)?;
            let to = format!("/examination/{}/controls/{}", papers.engagement.id, t.plan.control);
            let link = Html::link(&to, t.plan.code.as_str());
            let said = match (papers.sizes.get(&t.id).map(|size| size.items), before) {
                (Some(now), Some(then)) => {
                    w.t2("completion-carried-sizes", "now", now, "then", *then)
                }
                (Some(now), None) => w.t1("completion-carried-size", "count", now),
                _ => return Some(link),
            };
            Some(link.and(Html::text(&format!("\u{b7} {said}"))))
        })
        .collect();
    (!lines.is_empty()).then(|| stack(lines))
}

fn carried_part(cx: &Cx, seen: &Seen) -> Html {
    let w = cx.w;
    let Some(carried) = &seen.carried else {
        return Empty::new(w.t("completion-carried-none"), w.t("completion-carried-none-next"))
            .into();
    };
    let mut out = Html::empty();
    if let Some((from, _)) = &seen.from {
        let mut lines = vec![(w.t("completion-carried-file"), file_link(w, from))];
        lines.extend(carried_tests(w, seen).map(|t| (w.t("completion-carried-tests"), t)));
        out = facts(lines);
    }
    if !carried.risks.is_empty() {
        let risks = carried.risks.iter().map(|r| match seen.papers.control(r.control) {
            Some(control) => {
                let of = seen.papers.engagement.id;
                let to = format!("/examination/{of}/plan/tests");
                Html::link(&to, control.text.code.as_str())
                    .and(Html::text(&format!("\u{b7} {}", r.reason)))
            }
            None => Html::text(&r.reason),
        });
        out = out.and(fold(&w.t("completion-carried-risk"), true, stack(risks)));
    }
    let columns = ["recipe", "source", "columns"]
        .map(|k| Column::new(w.t(&format!("completion-carried-{k}"))));
    let rows = carried.recipes.iter().map(|r| {
        Row::new(vec![
            r.name.as_str().into(),
            r.source.as_str().into(),
            r.columns.join(", ").into(),
        ])
    });
    out = out.and(Html::from(
        Table::new(w, "recipes", w.t("completion-carried-recipes"), columns.to_vec()).rows(rows),
    ));
    if !carried.left_behind.is_empty() {
        let left = carried.left_behind.iter().map(|t| Html::text(t));
        out = out.and(fold(&w.t("completion-carried-left"), false, stack(left)));
    }
    out
}

/// The commands that write the package and check it, ready to be run.
fn package_commands(papers: &Papers) -> Html {
    let id = papers.engagement.id;
    let file = format!("{id}.zip");
    let lines = [
        format!("tickmark export package --engagement {id} --out {file} --as you@firm.example"),
        format!("tickmark verify {file}"),
        format!("tickmark reperform {file}"),
    ];
    let lines = lines.map(|line| format!("<pre><code>{}</code></pre>", Html::text(&line)));
    Html::trusted(lines.concat())
}

fn page(cx: &Cx, seen: &Seen, filled: Option<(&str, Form)>) -> Page {
    let w = cx.w;
    let shell = cx.shell();
    let answer = match (&seen.lock, &seen.partner) {
        (Some(l), _) => {
            let zone = seen.papers.engagement.period.zone();
            let on = w.date(zone.local(l.locked_at).date());
            w.t2("completion-file-locked", "date", on, "keep", w.date(l.keep_until))
        }
        (None, Some(s)) => {
            w.t1("completion-file-open", "due", w.date(rules::assembly_due(s.report_date)))
        }
        (None, None) => w.t("completion-file-undated"),
    };
    let framed = framed(shell.clone(), &seen.papers, "file")
        .title(w.t("completion-file-title"))
        .answer(answer);
    let mut forms: BTreeMap<&str, Form> = ["lock", "add", "carry"]
        .into_iter()
        .filter_map(|what| Some((what, form_of(cx, &shell, seen, what)?)))
        .collect();
    if let Some((what, form)) = filled {
        forms.insert(what, form);
    }
    let mut page = Page::new(framed).part(lock_part(cx, seen));
    if let Some(form) = forms.remove("lock") {
        page = page.part(form);
    }
    if seen.lock.is_some() {
        page = page.heading(&w.t("completion-addenda")).part(addenda_table(cx, seen));
    }
    if let Some(form) = forms.remove("add") {
        page = page.heading(&w.t("completion-add")).part(form);
    }
    page = page
        .heading(&w.t("completion-package"))
        .part(platform::ui::prose(&w.t("completion-package-next")))
        .part(package_commands(&seen.papers))
        .heading(&w.t("completion-carried-title"))
        .part(carried_part(cx, seen));
    if let Some(form) = forms.remove("carry") {
        page = page.part(form);
    }
    if !seen.into.is_empty() {
        let next = seen.into.iter().map(|e| file_link(w, e));
        page = page.heading(&w.t("completion-carried-into")).part(stack(next));
    }
    page
}

/// `GET /examination/{engagement}/file`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn file(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, id_of(&id)?).await?;
    cx.page(&page(&cx, &seen, None))
}

/// `POST /examination/{engagement}/file`: locks the file, adds to a locked one, begins it from an earlier one.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn act(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id = id_of(&id)?;
    let seen = seen(&cx, id).await?;
    let what = ["lock", "add", "carry"].into_iter().find(|w| pairs.get("do") == Some(w));
    let what = what.ok_or(Failure::Refused(Refusal::NotFound))?;
    match what {
        "lock" => cx.may::<LockFile>()?,
        "add" => cx.may::<AddToLocked>()?,
        _ => cx.may::<CarryForward>()?,
    }
    let shell = cx.shell();
    let mut form = match what {
        "lock" => lock_form(&cx, &shell, id),
        "add" => add_form(&cx, &shell, id),
        _ => carry_form(&cx, &shell, &seen),
    };
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match done(&cx, id, what, &form, &pairs).await {
            Ok(()) => {
                let said = cx.w.t(match what {
                    "lock" => "completion-locked-done",
                    "add" => "completion-added",
                    _ => "completion-carried-done",
                });
                return cx.see_other(&address(id), Flash::Done(said)).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some((what, form))))
}

async fn done(
    cx: &Cx,
    id: EngagementId,
    what: &'static str,
    form: &Form,
    pairs: &Pairs,
) -> Result<(), Failure> {
    let typed = |name: &str| form.typed(name).to_owned();
    let years: u16 = typed("years").parse().unwrap_or(0);
    let from: Option<EngagementId> = typed("from").parse().ok();
    let texts = [typed("about"), typed("text"), typed("reason"), typed("late_reason")];
    cx.write_once(pairs, move |tx, env, actor| {
        let facts = scope::facts(tx, id)?;
        let [about, text, reason, late] = &texts;
        match what {
            "lock" => {
                let permit = authorize::<LockFile>(actor, &facts)?;
                service::lock(tx, env, &permit, years, late)?;
            }
            "add" => {
                let permit = authorize::<AddToLocked>(actor, &facts)?;
                service::add(tx, env, &permit, about, text, reason, &[])?;
            }
            _ => {
                let permit = authorize::<CarryForward>(actor, &facts)?;
                service::carry(tx, env, &permit, from.ok_or(Refusal::NotFound)?)?;
            }
        }
        Ok(())
    })
    .await
}
