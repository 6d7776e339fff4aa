//! `/channels/totals`: does what came in agree with what was made of it, day by day; and explaining what
//! does not.

use super::model::{Book, Counted, Exception, ExceptionId};
use super::permits::{CountTotals, ResolveException};
use super::{service, store};
use crate::channels::pages as channels;
use axum::extract::Path;
use identity::pages::told::version_seen;
use kernel::ids::PersonId;
use kernel::period::{Date, parse_date};
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Status, Table, Tone, facts,
    fold, heading, prose,
};
use platform::words::Words;

/// Counts shown: some two months of three books.
const SHOWN_MAX: i64 = 200;

struct Seen {
    counted: Vec<Counted>,
    exceptions: Vec<(Exception, String)>,
    people: Vec<(PersonId, String)>,
}

async fn seen(cx: &Cx) -> Result<Seen, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let owner = channels::owner_seen(conn, actor, chosen)?;
        let mut exceptions = Vec::new();
        for exception in store::exceptions(conn, owner)? {
            let name = match exception.owner {
                Some(person) => identity::store::name_of(conn, person)?,
                None => String::new(),
            };
            exceptions.push((exception, name));
        }
        let people = identity::store::people_of(conn, owner)?;
        Ok(Seen {
            counted: store::counted(conn, owner, SHOWN_MAX)?,
            exceptions,
            people: people.into_iter().map(|m| (m.profile.id, m.profile.name)).collect(),
        })
    })
    .await
}

fn book(w: Words, book: Book) -> String {
    w.t(&format!("totals-book-{}", book.word()))
}

fn parts(w: Words, counted: &Counted) -> String {
    let said = counted
        .count
        .parts
        .iter()
        .map(|(word, n)| w.t1(&format!("totals-part-{}", word.replace('_', "-")), "count", *n));
    said.collect::<Vec<_>>().join(" + ")
}

fn days(cx: &Cx, seen: &Seen) -> Table {
    let w = cx.w;
    let columns = ["day", "book", "accepted", "parts", "outside", "difference"].map(|k| {
        let column = Column::new(w.t(&format!("totals-{k}")));
        if matches!(k, "accepted" | "outside") { column.numeric() } else { column }
    });
    let rows = seen.counted.iter().map(|c| {
        let outside = c.outside.as_ref().map(|(n, _)| *n);
        let apart = outside.is_some_and(|n| n != c.count.accepted);
        let state = match c.count.difference() {
            0 if !apart => Status::new(Tone::Good, w.t("totals-agrees")),
            0 => Status::new(Tone::Missed, w.t("totals-outside-differs")),
            n => Status::new(Tone::Missed, w.t1("totals-differs", "count", n)),
        };
        Row::new(vec![
            w.date(c.day).into(),
            book(w, c.count.book).into(),
            w.number(c.count.accepted).into(),
            parts(w, c).into(),
            outside.map_or_else(String::new, |n| w.number(n)).into(),
            state.into(),
        ])
    });
    Table::new(w, "totals", w.t("totals-title"), columns.to_vec())
        .rows(rows)
        .exports(&cx.list_query())
        .empty(Empty::new(w.t("totals-none"), w.t("totals-none-next")))
}

fn csrf(cx: &Cx) -> &str {
    cx.session.as_ref().map_or("", |s| s.csrf.as_str())
}

fn yesterday(cx: &Cx) -> String {
    channels::today(cx).yesterday().map_or_else(|_| String::new(), |d| d.to_string())
}

fn count_form(cx: &Cx) -> Form {
    let w = cx.w;
    Form::post(w, "/channels/totals/count", csrf(cx), w.t("totals-count-send"))
        .apart("count")
        .key(cx.form_key())
        .field(Field::new(w, "day", w.t("totals-day"), Kind::Date).required().value(yesterday(cx)))
}

fn figure_form(cx: &Cx) -> Form {
    let w = cx.w;
    let books = Book::ALL.iter().map(|b| Choice::new(b.word(), book(w, *b))).collect();
    Form::post(w, "/channels/totals/figure", csrf(cx), w.t("totals-figure-send"))
        .apart("figure")
        .key(cx.form_key())
        .field(Field::new(w, "day", w.t("totals-day"), Kind::Date).required().value(yesterday(cx)))
        .field(Field::new(w, "book", w.t("totals-book"), Kind::Radio(books)).required())
        .field(Field::new(w, "figure", w.t("totals-figure"), Kind::Number).required())
        .field(
            Field::new(w, "source", w.t("totals-source"), Kind::Text)
                .required()
                .max(200)
                .hint(w.t("totals-source-hint")),
        )
}

fn exception_form(
    cx: &Cx,
    exception: &Exception,
    word: &str,
    people: &[(PersonId, String)],
) -> Form {
    let w = cx.w;
    let action = format!("/channels/totals/exceptions/{}/{word}", exception.id);
    let form = Form::post(w, action, csrf(cx), w.t(&format!("totals-do-{word}-send")))
        .apart(&format!("{word}-{}", exception.id))
        .key(cx.form_key())
        .version(u64::try_from(exception.version).unwrap_or(0));
    if word == "assign" {
        let all =
            people.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
        form.field(Field::new(w, "owner", w.t("totals-owner"), Kind::Select(all)).required())
    } else {
        form.field(
            Field::new(w, "resolution", w.t("totals-resolution"), Kind::Area(3))
                .required()
                .max(4_000)
                .hint(w.t("totals-resolution-hint")),
        )
    }
}

/// A form that came back: its place on the page, and the form.
type Back = Option<(String, Form)>;

fn exceptions(cx: &Cx, seen: &Seen, mut back: Back) -> Vec<Html> {
    let w = cx.w;
    let mut parts = vec![heading(&w.t("totals-exceptions"))];
    if seen.exceptions.is_empty() {
        let empty = Empty::new(w.t("totals-exceptions-none"), w.t("totals-exceptions-none-text"));
        parts.push(empty.into());
    }
    for (exception, owner) in &seen.exceptions {
        let state = match exception.resolved_at {
            None => Status::new(Tone::Missed, w.t("totals-open")),
            Some(_) => Status::new(Tone::Good, w.t("totals-resolved")),
        };
        let against = w.ta(
            &format!("totals-against-{}", exception.against.word()),
            &[("expected", exception.expected.into()), ("found", exception.found.into())],
        );
        parts.push(facts(vec![
            (w.t("totals-day"), w.date(exception.day).into()),
            (w.t("totals-book"), book(w, exception.book).into()),
            (w.t("totals-what"), Html::text(&against)),
            (w.t("totals-state"), state.into()),
            (w.t("totals-owner"), Html::text(owner)),
            (w.t("totals-resolution"), prose(&exception.resolution)),
        ]));
        if exception.resolved_at.is_some() || !cx.can::<ResolveException>() {
            continue;
        }
        for word in ["resolve", "assign"] {
            let place = format!("{word}-{}", exception.id);
            let again = back.take_if(|(at, _)| *at == place);
            let open = again.is_some();
            let form = again.map_or_else(
                || exception_form(cx, exception, word, &seen.people),
                |(_, form)| form,
            );
            parts.push(fold(&w.t(&format!("totals-do-{word}")), open, form));
        }
    }
    parts
}

fn page(cx: &Cx, seen: &Seen, mut back: Back) -> Page {
    let w = cx.w;
    let open = seen.exceptions.iter().filter(|(e, _)| e.resolved_at.is_none()).count();
    let shell = channels::shell(cx, "/channels/totals").title(w.t("totals-question")).answer(w.t1(
        "totals-answer",
        "count",
        open,
    ));
    let counting = back.take_if(|(at, _)| at == "count" || at == "figure");
    let mut page = Page::new(shell);
    for part in exceptions(cx, seen, back) {
        page = page.part(part);
    }
    page = page.heading(&w.t("totals-title")).part(days(cx, seen));
    if cx.can::<CountTotals>() {
        for (at, usual) in [("count", count_form(cx)), ("figure", figure_form(cx))] {
            let again = counting.as_ref().filter(|(place, _)| place == at);
            let form = again.map_or(usual, |(_, form)| form.clone());
            page = page.part(fold(&w.t(&format!("totals-{at}-do")), again.is_some(), form));
        }
    }
    page.part(fold(&w.t("totals-how"), false, prose(&w.t("totals-how-text"))))
}

/// `GET /channels/totals`
///
/// # Errors
/// When the reader may not see the channels.
pub async fn show(cx: Cx) -> Answer {
    let seen = seen(&cx).await?;
    if let Some(file) = cx.file("control-totals", &days(&cx, &seen)) {
        return file;
    }
    cx.page(&page(&cx, &seen, None))
}

fn day(form: &Form) -> Result<Date, Refusal> {
    parse_date(form.typed("day")).map_err(|e| Refusal::field("day", e.to_string()))
}

/// `POST /channels/totals/{action}`: `count` or `figure`.
///
/// # Errors
/// When the form is another session's or the person may not.
pub async fn count(cx: Cx, Path(action): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<CountTotals>()?;
    let mut form = match action.as_str() {
        "count" => count_form(&cx),
        "figure" => figure_form(&cx),
        _ => return Err(Refusal::NotFound.into()),
    };
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match counted(&cx, &pairs, action == "figure", &form).await {
            Ok(n) => {
                let done = Flash::Done(cx.w.t1("totals-counted", "count", n));
                return cx.see_other("/channels/totals", done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let seen = seen(&cx).await?;
    cx.page_again(&page(&cx, &seen, Some((action, form))))
}

async fn counted(cx: &Cx, pairs: &Pairs, figure: bool, form: &Form) -> Result<usize, Failure> {
    let day = day(form)?;
    let stated = if figure {
        let book = Book::from_word(form.typed("book"))
            .ok_or_else(|| Refusal::field("book", "Choose what was counted."))?;
        let n = form.typed("figure").parse::<i64>();
        let n = n.map_err(|_| Refusal::field("figure", "Write a whole number."))?;
        Some((book, n, form.typed("source").to_owned()))
    } else {
        None
    };
    cx.write_once(pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<CountTotals>(actor, &Facts::of(owner))?;
        let opened = match &stated {
            Some((book, n, source)) => {
                service::state_figure(tx, env, &permit, (day, *book), (*n, source))?
            }
            None => service::count_day(tx, env, &permit, day)?,
        };
        Ok(opened.len())
    })
    .await
}

/// `POST /channels/totals/exceptions/{id}/{action}`: `assign` or `resolve`.
///
/// # Errors
/// When the form is another session's, there is no such exception, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ResolveException>()?;
    let word = ["assign", "resolve"].into_iter().find(|w| *w == action).ok_or(Refusal::NotFound)?;
    let id: ExceptionId = id.parse().map_err(|_| Refusal::NotFound)?;
    let seen = seen(&cx).await?;
    let found = seen.exceptions.iter().find(|(e, _)| e.id == id).ok_or(Refusal::NotFound)?;
    let mut form = exception_form(&cx, &found.0, word, &seen.people);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, &pairs, (word, id), &form).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t(&format!("totals-do-{word}-done")));
                return cx.see_other("/channels/totals", done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some((format!("{word}-{id}"), form))))
}

async fn carry_out(
    cx: &Cx,
    pairs: &Pairs,
    (word, id): (&str, ExceptionId),
    form: &Form,
) -> Result<(), Failure> {
    let version = version_seen(form)?;
    let owner = if word == "assign" {
        let wrong = || Refusal::field("owner", "Choose somebody of your organisation.");
        Some(form.typed("owner").parse::<PersonId>().map_err(|_| wrong())?)
    } else {
        None
    };
    let resolution = form.typed("resolution").to_owned();
    cx.write_once(pairs, move |tx, env, actor| {
        let party = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<ResolveException>(actor, &Facts::of(party))?;
        match owner {
            Some(owner) => service::assign(tx, env, &permit, (id, version), owner),
            None => service::resolve(tx, env, &permit, (id, version), &resolution),
        }
    })
    .await
}
