//! Tables of the work of a case, each with the forms that belong to it.

use super::forms::{Act, letter_href, next_of};
use crate::pages::key_of;
use crate::pages::record::{Filled, Seen, anchor};
use crate::work::model::{Action, Notice, Task};
use crate::work::rules::letters;
use jiff::tz::TimeZone;
use platform::http::Cx;
use platform::ui::{
    Cell, Column, Html, Page, Row, Status, Table, Timeline, Tone, fold, prose, stack,
};
use platform::words::Words;

/// What stands on the page of a case below its own forms.
pub(super) struct Desk<'a> {
    pub(super) cx: &'a Cx,
    pub(super) seen: &'a Seen,
    pub(super) csrf: &'a str,
    pub(super) filled: &'a mut Option<Filled>,
}

fn table(w: Words, id: &str, columns: &[&str], rows: Vec<Row>) -> Table {
    let columns = columns.iter().map(|c| Column::new(w.t(&key_of("work-column", c)))).collect();
    let name = format!("{id}-table");
    Table::new(w, name, w.t(&key_of("work-heading", id)), columns)
        .rows(rows)
        .caption_hidden()
        .cards()
}

/// A heading that links lead to.
fn titled(page: Page, w: Words, id: &str) -> Page {
    page.part(anchor(id)).heading(&w.t(&key_of("work-heading", id)))
}

impl Desk<'_> {
    fn today(&self) -> String {
        self.cx.env().now().to_rfc3339().chars().take(10).collect()
    }

    /// The form of an act in a fold; open when it came back.
    fn form(&mut self, act: Act, title: String) -> Html {
        let w = self.cx.w;
        let at = act.at();
        let again = self.filled.take_if(|f| f.at == at);
        let open = again.is_some();
        let form = match again {
            Some(again) => Some(again.form),
            None => act.form(w, self.seen, self.csrf, &self.cx.form_key()),
        };
        form.map_or_else(Html::empty, |form| fold(&title, open, form))
    }

    fn begin(&mut self, act: Act) -> Html {
        let title = self.cx.w.t(&key_of("work-do", act.word()));
        self.form(act, title)
    }

    fn about(&mut self, act: Act, what: &str) -> Html {
        let short: String = what.chars().take(60).collect();
        let title = self.cx.w.t1(&key_of("work-do", act.word()), "what", short);
        self.form(act, title)
    }

    fn open(&self) -> bool {
        !self.seen.case.state.is_concluded()
    }

    fn due(&self, due: &str, done: bool) -> Cell {
        let w = self.cx.w;
        if !done && due < self.today().as_str() {
            let late = Status::new(Tone::Missed, w.t("work-overdue"));
            return Html::text(due).and(" ").and(late).into();
        }
        due.into()
    }

    pub(super) fn tasks(&mut self, page: Page) -> Page {
        let (w, seen) = (self.cx.w, self.seen);
        let tasks = &seen.work.tasks;
        if tasks.is_empty() && !(seen.handles && self.open()) {
            return page;
        }
        let mut page = titled(page, w, "tasks");
        let row = |t: &Task| {
            let status = if t.done.is_some() {
                Status::new(Tone::Good, w.t("work-is-done"))
            } else {
                Status::new(Tone::Underway, w.t("work-is-open"))
            };
            Row::new(vec![
                (&t.title).into(),
                seen.registers.person(t.owner).into(),
                self.due(&t.due, t.done.is_some()),
                Html::from(status).and(prose(t.done.as_deref().unwrap_or_default())).into(),
            ])
        };
        if !tasks.is_empty() {
            let rows = tasks.iter().map(row).collect();
            page = page.part(table(w, "tasks", &["task", "owner", "due", "status"], rows));
        }
        if seen.handles {
            for t in tasks.iter().filter(|t| t.done.is_none()) {
                page = page.part(self.about(Act::Finish(t.id), &t.title));
            }
            if self.open() {
                page = page.part(self.begin(Act::Task));
            }
        }
        page
    }

    pub(super) fn actions(&mut self, page: Page) -> Page {
        let (w, seen) = (self.cx.w, self.seen);
        let actions = &seen.work.actions;
        if actions.is_empty() && !(seen.handles && self.open()) {
            return page;
        }
        let mut page = titled(page, w, "actions");
        if !actions.is_empty() {
            let rows = actions.iter().map(|a| self.action_row(a)).collect();
            let columns = ["action", "kind", "owner", "due", "effective", "status"];
            page = page.part(table(w, "actions", &columns, rows));
        }
        if seen.handles {
            for action in actions {
                if let Some(next) = next_of(action) {
                    page = page.part(self.about(next, &action.what));
                }
            }
            if self.open() {
                page = page.part(self.begin(Act::Action));
            }
        }
        page
    }

    fn action_row(&self, a: &Action) -> Row {
        let (w, seen) = (self.cx.w, self.seen);
        let control = seen.registers.controls.iter().find(|(id, ..)| Some(*id) == a.control).map(
            |(id, code, _)| {
                let code = Html::id(code);
                let code = if self.cx.can::<controls::permits::ReadControls>() {
                    Html::link(&format!("/controls/{id}"), code)
                } else {
                    code
                };
                Html::text(" ").and(code)
            },
        );
        let status = match (&a.done, &a.check) {
            (None, _) => Html::from(Status::new(Tone::Underway, w.t("work-is-open"))),
            (Some(done), None) => {
                Html::from(Status::new(Tone::Waiting, w.t("work-not-checked"))).and(prose(done))
            }
            (Some(done), Some(check)) => {
                let status = if check.effective {
                    Status::new(Tone::Good, w.t("work-effective"))
                } else {
                    Status::new(Tone::Attention, w.t("work-without-effect"))
                };
                let by = seen.registers.person(Some(check.by));
                Html::from(status)
                    .and(prose(done))
                    .and(prose(&w.t2("work-checked-by", "who", by, "on", &check.on)))
                    .and(prose(&check.how))
                    .and(prose(&check.result))
            }
        };
        Row::new(vec![
            Html::text(&a.what).and(control.unwrap_or_else(Html::empty)).into(),
            w.t(&key_of("work-kind", a.kind.word())).into(),
            seen.registers.person(a.owner).into(),
            self.due(&a.due, a.done.is_some()),
            a.effective_on.as_deref().unwrap_or_default().into(),
            status.into(),
        ])
    }

    pub(super) fn notices(&mut self, page: Page) -> Page {
        let (w, seen) = (self.cx.w, self.seen);
        let notices = &seen.work.notices;
        if notices.is_empty() && !seen.handles && !seen.work.decides {
            return page;
        }
        let mut page = titled(page, w, "notices");
        if !notices.is_empty() {
            let rows = notices.iter().map(|n| self.notice_row(n)).collect();
            let columns = ["to", "decision", "reference", "due", "status"];
            page = page.part(table(w, "notices", &columns, rows));
        }
        if !seen.work.decides {
            return if seen.handles && notices.is_empty() {
                page.part(prose(&w.t("work-counsel-decides")))
            } else {
                page
            };
        }
        for n in notices.iter().filter(|n| n.text.duty && n.sent.is_none()) {
            let to = w.t(&key_of("work-to", n.text.to.word()));
            page = page.part(self.about(Act::Sent(n.id), &to));
        }
        page = page.part(self.begin(Act::Notice));
        let list = stack(
            letters::ALL_TEMPLATES
                .iter()
                .map(|t| Html::link(&letter_href(seen.case.id, &t.code), t.title.as_str())),
        );
        page.part(fold(&w.t("work-letters"), false, prose(&w.t("work-letters-text")).and(list)))
    }

    fn notice_row(&self, n: &Notice) -> Row {
        let w = self.cx.w;
        let now = self.cx.env().now();
        let decision = w.t(if n.text.duty { "work-duty" } else { "work-no-duty" });
        let status = match (&n.sent, n.text.due_at) {
            (Some(sent), _) => Html::from(Status::new(Tone::Good, w.t("work-is-sent")))
                .and(prose(&w.moment(sent.at, &TimeZone::UTC)))
                .and(prose(&sent.how)),
            (None, Some(due)) if due < now => Status::new(Tone::Missed, w.t("work-overdue")).into(),
            (None, Some(_)) => Status::new(Tone::Waiting, w.t("work-to-send")).into(),
            (None, None) => Status::new(Tone::Closed, w.t("work-nothing-to-send")).into(),
        };
        let due = n.text.due_at.map_or_else(String::new, |at| w.moment(at, &TimeZone::UTC));
        Row::new(vec![
            w.t(&key_of("work-to", n.text.to.word())).into(),
            Html::text(&decision).and(prose(&n.text.reason)).into(),
            (&n.text.reference).into(),
            due.into(),
            status.into(),
        ])
    }

    pub(super) fn links(&mut self, page: Page) -> Page {
        let (w, seen) = (self.cx.w, self.seen);
        let links = &seen.work.links;
        if links.is_empty() && !seen.handles {
            return page;
        }
        let mut page = titled(page, w, "links");
        if !links.is_empty() {
            let rows = links
                .iter()
                .map(|l| {
                    let back = if l.link.case == seen.case.id { "" } else { "-back" };
                    let relation = key_of("work-relation", l.link.relation.word());
                    Row::new(vec![
                        Html::text(&w.t(&format!("{relation}{back}"))).into(),
                        Html::link(
                            &format!("/cases/{}", l.other.id),
                            Html::id(&l.other.tracking_number),
                        )
                        .and(" ")
                        .and(Html::text(&l.other.title))
                        .into(),
                        (&l.link.reason).into(),
                    ])
                })
                .collect();
            page = page.part(table(w, "links", &["relation", "case", "reason"], rows));
        }
        if seen.handles {
            for l in links {
                page = page.part(self.about(Act::Unlink(l.link.id), &l.other.tracking_number));
            }
            page = page.part(self.begin(Act::Link));
        }
        page
    }

    /// What the case opened or changed in the room of controls.
    pub(super) fn findings(&mut self, page: Page) -> Page {
        let (w, seen) = (self.cx.w, self.seen);
        let findings = &seen.work.findings;
        let (risks, gaps) = seen.work.manages;
        if findings.is_empty() && !(seen.handles && (risks || gaps)) {
            return page;
        }
        let mut page = titled(page, w, "findings");
        if !findings.is_empty() {
            let rows = findings
                .iter()
                .map(|(finding, shown)| {
                    let title: String = shown.title.chars().take(120).collect();
                    let status = if shown.done {
                        Status::new(Tone::Good, w.t("work-is-done"))
                    } else {
                        Status::new(Tone::Underway, w.t("work-is-open"))
                    };
                    Row::new(vec![
                        Html::link(&shown.href, title.as_str()).into(),
                        w.t(&key_of("work-finding", finding.kind.word())).into(),
                        status.into(),
                    ])
                })
                .collect();
            page = page.part(table(w, "findings", &["finding", "kind-of", "status"], rows));
        }
        if seen.handles && risks {
            page = page.part(self.begin(Act::Risk)).part(self.begin(Act::Deficiency));
        }
        if seen.handles && gaps {
            page = page.part(self.begin(Act::Gap));
        }
        page
    }

    pub(super) fn privileged(&mut self, page: Page) -> Page {
        let (w, seen) = (self.cx.w, self.seen);
        let n = seen.work.privileged_count;
        let Some(notes) = &seen.work.privileged else {
            return if n == 0 {
                page
            } else {
                titled(page, w, "privileged").part(prose(&w.t1(
                    "work-privileged-count",
                    "count",
                    n,
                )))
            };
        };
        let mut page = titled(page, w, "privileged");
        if !notes.is_empty() {
            let mut line = Timeline::new(w, TimeZone::UTC);
            for note in notes {
                let author = note.author.parse().ok();
                line = line
                    .entry(note.at, seen.registers.person(author), Html::empty())
                    .detail(prose(&note.text));
            }
            page = page.part(line);
        }
        page.part(self.begin(Act::Privileged))
    }
}
