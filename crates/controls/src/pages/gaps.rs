//! `/controls/gaps`: what is missing before a criterion is met, and what is done about it.

mod forms;

use crate::events::ControlEvent;
use crate::model::{Gap, GapId, GapState};
use crate::permits::ManageGaps;
use crate::risks::permits::ReadRisks;
use crate::{service, store};
use axum::extract::Path;
use identity::model::MemberState;
use identity::pages::told::{Told, proof_file};
use jiff::civil::Date;
use kernel::ids::{EventId, PartyId, PersonId};
use kernel::permit::scope;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Filter, Flash, Form, Html, Kind, ListQuery, Page, Row,
    Status, Table, Tone, facts, fold, prose,
};
use platform::words::Words;
use scope::catalogue::{Catalogue, CriterionId};
use std::collections::{BTreeMap, BTreeSet};

use forms::Act;

/// What the pages of gaps show.
struct Seen {
    organisation: PartyId,
    gaps: Vec<Gap>,
    /// Those of whom a gap may speak, and whether they are still there.
    people: BTreeMap<PersonId, (String, bool)>,
    /// Whether the reader may see the cases.
    reads_cases: bool,
    today: Date,
}

impl Seen {
    fn person(&self, id: Option<PersonId>) -> String {
        id.and_then(|id| self.people.get(&id)).map(|(name, _)| name.clone()).unwrap_or_default()
    }

    fn origin(&self, gap: &Gap) -> Html {
        match gap.origin.href() {
            Some(href) if self.reads_cases => Html::link(&href, Html::id(&gap.origin.label)),
            Some(_) => Html::id(&gap.origin.label),
            None => Html::text(&gap.origin.label),
        }
    }

    fn status(&self, w: Words, gap: &Gap) -> Status {
        let state = gap.state(self.today);
        let tone = match state {
            GapState::Overdue => Tone::Attention,
            GapState::Open => Tone::Waiting,
            GapState::Closed => Tone::Good,
        };
        Status::new(tone, w.t(&format!("gaps-state-{}", state.word())))
    }

    fn gap(&self, id: &str) -> Result<&Gap, Refusal> {
        self.gaps.iter().find(|g| g.id.to_string() == id).ok_or(Refusal::NotFound)
    }
}

async fn seen(cx: &Cx) -> Result<Seen, Failure> {
    let engagement = cx.engagement();
    let reads_cases = cx.enters("cases");
    let today = jiff::tz::TimeZone::UTC.to_datetime(cx.env().now().to_jiff()).date();
    cx.read(move |conn, actor| {
        scope::<ReadRisks>(actor)?;
        let organisation = ::scope::service::organisation_seen(conn, actor, engagement)?;
        let people = identity::store::people_of(conn, organisation)?
            .into_iter()
            .map(|m| {
                let here = m.membership.state == MemberState::Active;
                (m.profile.id, (m.profile.name, here))
            })
            .collect();
        let gaps = store::gaps(conn, organisation)?;
        Ok(Seen { organisation, gaps, people, reads_cases, today })
    })
    .await
}

/// The criterion with what it asks for, in our words.
fn criterion(id: CriterionId) -> String {
    let found = Catalogue::built_in().criteria().iter().find(|c| c.id == id);
    found.map_or_else(|| id.to_string(), |c| format!("{id} \u{b7} {}", c.paraphrase))
}

/// The list that was asked for: by criterion and by state.
struct Wanted {
    criterion: Option<String>,
    state: Option<GapState>,
}

impl Wanted {
    fn of(query: &ListQuery) -> Self {
        Self {
            criterion: query.get("criterion").map(str::to_owned),
            state: query.get("state").and_then(GapState::parse),
        }
    }

    fn holds(&self, gap: &Gap, today: Date) -> bool {
        let criterion = gap.criterion.to_string();
        self.criterion.as_ref().is_none_or(|c| c.eq_ignore_ascii_case(&criterion))
            && match self.state {
                None => true,
                // What is overdue is open too.
                Some(GapState::Open) => gap.closed.is_none(),
                Some(state) => gap.state(today) == state,
            }
    }
}

fn filters(w: Words, query: &ListQuery, seen: &Seen) -> Form {
    let any = || Choice::new("", w.t("gaps-any"));
    let used: BTreeSet<CriterionId> = seen.gaps.iter().map(|g| g.criterion).collect();
    let criteria = used.into_iter().map(|c| Choice::new(c.to_string(), c.to_string()));
    let states = GapState::ALL
        .iter()
        .map(|s| Choice::new(s.word(), w.t(&format!("gaps-state-{}", s.word()))));
    let select = |name: &str, choices: Vec<Choice>| {
        Field::new(w, name, w.t(&format!("gaps-{name}")), Kind::Select(choices))
            .value(query.get(name).unwrap_or_default())
    };
    Form::get(w, "/controls/gaps", w.t("gaps-filter"))
        .compact()
        .field(select("criterion", std::iter::once(any()).chain(criteria).collect()))
        .field(select("state", std::iter::once(any()).chain(states).collect()))
}

/// The filters that are set, each with the way to drop it.
fn set(w: Words, query: &ListQuery, wanted: &Wanted) -> Vec<Filter> {
    let criterion = wanted.criterion.iter().map(|c| ("criterion", c.clone(), c.clone()));
    let state = wanted
        .state
        .iter()
        .map(|s| ("state", s.word().to_owned(), w.t(&format!("gaps-state-{}", s.word()))));
    criterion
        .chain(state)
        .map(|(name, value, said)| Filter {
            label: format!("{}: {said}", w.t(&format!("gaps-{name}"))),
            drop: query.href_drop(name, &value),
        })
        .collect()
}

fn table(w: Words, seen: &Seen, query: &ListQuery, may_add: bool) -> Table {
    let wanted = Wanted::of(query);
    let rows = seen.gaps.iter().filter(|g| wanted.holds(g, seen.today)).map(|g| {
        Row::new(vec![
            (&g.finding).into(),
            Html::id(&g.criterion.to_string()).into(),
            (&g.action).into(),
            seen.person(g.owner).into(),
            (&g.due).into(),
            seen.status(w, g).into(),
            seen.origin(g).into(),
        ])
        .to(format!("/controls/gaps/{}", g.id))
    });
    let columns = ["finding", "criterion", "action", "owner", "due", "status", "origin"]
        .map(|c| Column::new(w.t(&format!("gaps-{c}"))))
        .to_vec();
    let mut empty = if query.filtered() {
        Empty::new(w.t("gaps-none-such"), w.t("gaps-none-such-next"))
    } else {
        Empty::new(w.t("gaps-none"), w.t("gaps-none-next"))
    };
    if may_add {
        empty = empty.action(Button::link("/controls/gaps/new", w.t("gaps-add")));
    }
    Table::new(w, "gaps", w.t("gaps-title"), columns)
        .rows(rows)
        .cards()
        .exports(query)
        .filters(set(w, query, &wanted))
        .empty(empty)
}

/// `GET /controls/gaps`
///
/// # Errors
/// When the reader may not see the gaps.
pub async fn list(cx: Cx) -> Answer {
    let seen = seen(&cx).await?;
    let w = cx.w;
    let query = cx.list_query();
    let may_add = cx.can::<ManageGaps>();
    let table = table(w, &seen, &query, may_add);
    if let Some(file) = cx.file("gaps", &table) {
        return file;
    }
    let of = |state| seen.gaps.iter().filter(|g| g.state(seen.today) == state).count();
    let (open, overdue) = (of(GapState::Open), of(GapState::Overdue));
    let mut shell = cx
        .shell()
        .title(w.t("gaps-question"))
        .answer(w.t2("gaps-answer", "open", open + overdue, "overdue", overdue))
        .at("controls");
    if cx.can::<crate::permits::ReadControls>() {
        shell = shell.tab("/controls", w.t("controls-title"), None, false).tab(
            "/controls/coverage",
            w.t("controls-coverage"),
            None,
            false,
        );
    }
    shell = shell.tab("/controls/gaps", w.t("gaps-title"), None, true).tab(
        "/risks",
        w.t("risks-title"),
        None,
        false,
    );
    if may_add {
        shell = shell.action(Button::link("/controls/gaps/new", w.t("gaps-add")).primary());
    }
    let mut page = Page::new(shell);
    if !seen.gaps.is_empty() {
        page = page.part(filters(w, &query, &seen));
    }
    cx.page(&page.part(table))
}

/// What an entry of a gap's history says.
fn said(w: Words, seen: &Seen, event: &ControlEvent) -> (String, Html) {
    let plan = |action: &str, owner: Option<PersonId>, due: &str| {
        let who = match seen.person(owner) {
            name if name.is_empty() => w.t("gaps-nobody"),
            name => name,
        };
        prose(action).and(prose(&w.t2("gaps-planned", "who", who.as_str(), "due", due)))
    };
    match event {
        ControlEvent::GapOpened(x) => {
            (w.t("gaps-event-opened"), prose(&x.finding).and(plan(&x.action, x.owner, &x.due)))
        }
        ControlEvent::GapPlanned(x) => {
            (w.t("gaps-event-planned"), plan(&x.action, x.owner, &x.due).and(prose(&x.reason)))
        }
        ControlEvent::GapClosed(x) => (w.t("gaps-event-closed"), prose(&x.outcome)),
        ControlEvent::ControlStated(_) | ControlEvent::ControlRetired(_) => {
            (String::new(), Html::empty())
        }
    }
}

async fn told(cx: &Cx, id: GapId) -> Result<Told<ControlEvent>, Failure> {
    cx.read(move |conn, _| Told::read(conn, &id.to_string())).await
}

async fn one(
    cx: &Cx,
    seen: &Seen,
    gap: &Gap,
    filled: Option<(Act, Form)>,
) -> Result<Page, Failure> {
    let w = cx.w;
    let told = told(cx, gap.id).await?;
    let label = |name: &str| w.t(&format!("gaps-{name}"));
    let shell = cx
        .shell()
        .title(w.t1("gaps-one", "criterion", gap.criterion.to_string()))
        .answer(prose(&gap.finding))
        .at("controls")
        .crumb("/controls/gaps", w.t("gaps-title"));
    let csrf = shell.csrf.clone();
    let nobody = || Html::text(&w.t("gaps-nobody"));
    let owner = match seen.person(gap.owner) {
        name if name.is_empty() => nobody(),
        name => Html::text(&name),
    };
    let mut about = vec![
        (label("status"), seen.status(w, gap).into()),
        (label("criterion"), Html::text(&criterion(gap.criterion))),
        (label("action"), prose(&gap.action)),
        (label("owner"), owner),
        (label("due"), Html::text(&gap.due)),
    ];
    let origin = seen.origin(gap);
    if !origin.is_empty() {
        about.push((label("origin"), origin));
    }
    if let Some(outcome) = &gap.closed {
        about.push((label("outcome"), prose(outcome)));
    }
    let mut page = Page::new(shell).part(facts(about));
    if gap.closed.is_none() && cx.can::<ManageGaps>() {
        let mut filled = filled;
        for act in [Act::Plan, Act::Close] {
            let again = filled.take_if(|(which, _)| *which == act).map(|(_, form)| form);
            let open = again.is_some();
            let form =
                again.unwrap_or_else(|| act.form(w, seen, Some(gap), (&csrf, &cx.form_key())));
            page = page.part(fold(&w.t(&format!("gaps-do-{}", act.word())), open, form));
        }
    }
    let proofs = format!("/controls/gaps/{}/proofs", gap.id);
    Ok(page
        .heading(&w.t("gaps-history"))
        .part(told.timeline(w, &proofs, |event| said(w, seen, event))))
}

/// `GET /controls/gaps/{id}`
///
/// # Errors
/// When there is none in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx).await?;
    cx.page(&one(&cx, &seen, seen.gap(&id)?, None).await?)
}

/// `GET /controls/gaps/{id}/proofs/{event}`
///
/// # Errors
/// When there is no such entry about a gap of the reader's scope, or it has no place in the log yet.
pub async fn proof(cx: Cx, Path((id, event)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx).await?;
    let event: EventId = event.parse().map_err(|_| Refusal::NotFound)?;
    if !told(&cx, seen.gap(&id)?.id).await?.holds(event) {
        return Err(Refusal::NotFound.into());
    }
    proof_file(&cx, event).await
}

/// `POST /controls/gaps/{id}/{action}`: `plan` anew, or `close`.
///
/// # Errors
/// When the form is another session's, there is none in the reader's scope, or the person may not.
pub async fn act(cx: Cx, Path((id, what)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageGaps>()?;
    let seen = seen(&cx).await?;
    let gap = seen.gap(&id)?;
    let act = Act::of_gap(&what).ok_or(Refusal::NotFound)?;
    let csrf = cx.shell().csrf;
    let mut form = act.form(cx.w, &seen, Some(gap), (&csrf, &cx.form_key()));
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match act.send(&cx, &seen, Some(gap.id), &form, &pairs).await {
            Ok(id) => {
                let done = Flash::Done(cx.w.t(&format!("gaps-done-{}", act.word())));
                return cx.see_other(&format!("/controls/gaps/{id}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&one(&cx, &seen, gap, Some((act, form))).await?)
}

fn new_page(cx: &Cx, seen: &Seen, filled: Option<Form>) -> Page {
    let w = cx.w;
    let shell =
        cx.shell().title(w.t("gaps-new")).at("controls").crumb("/controls/gaps", w.t("gaps-title"));
    let form = filled.unwrap_or_else(|| {
        let mut form = Act::Find.form(w, seen, None, (&shell.csrf, &cx.form_key()));
        // From the page of coverage the criterion is known.
        if let Some(criterion) = cx.param("criterion") {
            form.fill(&[("criterion".to_owned(), criterion)]);
        }
        form
    });
    Page::new(shell).part(form)
}

/// `GET /controls/gaps/new`
///
/// # Errors
/// When the person may not open a gap.
pub async fn new_form(cx: Cx) -> Answer {
    cx.may::<ManageGaps>()?;
    let seen = seen(&cx).await?;
    cx.page(&new_page(&cx, &seen, None))
}

/// `POST /controls/gaps/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn new_submit(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageGaps>()?;
    let seen = seen(&cx).await?;
    let csrf = cx.shell().csrf;
    let mut form = Act::Find.form(cx.w, &seen, None, (&csrf, &cx.form_key()));
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match Act::Find.send(&cx, &seen, None, &form, &pairs).await {
            Ok(id) => {
                let done = Flash::Done(cx.w.t("gaps-done-find"));
                return cx.see_other(&format!("/controls/gaps/{id}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&new_page(&cx, &seen, Some(form)))
}
