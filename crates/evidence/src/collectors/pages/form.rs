//! The form that declares a collector, and what was typed into it.

use crate::collectors::model::{Asked, Collector, Covers, Format, When};
use crate::collectors::service::Secret;
use crate::model::RequestId;
use controls::model::ControlId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Cx, Failure};
use platform::ui::{Choice, Field, Form, Kind};

/// What a collector may be for.
pub(super) struct Known {
    controls: Vec<(ControlId, String)>,
    requests: Vec<(RequestId, String)>,
}

impl Known {
    /// The codes of the controls that it is for.
    pub(super) fn controls_of(&self, asked: &Asked) -> Vec<String> {
        let of = |id: &ControlId| self.controls.iter().find(|(c, _)| c == id);
        asked.controls.iter().filter_map(of).map(|(_, code)| code.clone()).collect()
    }

    /// The request that it is for; empty where there is none.
    pub(super) fn request_of(&self, asked: &Asked) -> String {
        let of = |id| self.requests.iter().find(|(r, _)| *r == id);
        asked.request.and_then(of).map_or_else(String::new, |(_, text)| text.clone())
    }
}

pub(super) async fn known(cx: &Cx) -> Result<Known, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let party = actor.party.ok_or(Refusal::NotFound)?;
        let controls = controls::store::controls(conn, party)?;
        let mut requests = Vec::new();
        if let Some(engagement) = chosen
            && authorize::<crate::permits::ReadRequests>(actor, &::scope::facts(conn, engagement)?)
                .is_ok()
        {
            requests = crate::store::requests(conn, engagement)?;
        }
        Ok(Known {
            controls: controls
                .into_iter()
                .filter(|c| c.active)
                .map(|c| (c.id, c.text.code))
                .collect(),
            requests: requests
                .into_iter()
                .map(|r| (r.id, format!("{} {}", r.code, r.text)))
                .collect(),
        })
    })
    .await
}

const COVERS: [&str; 5] = ["capture", "day_before", "week_before", "month_before", "days"];
const WHEN: [&str; 4] = ["by_hand", "daily", "weekly", "monthly"];

fn choices(cx: &Cx, group: &str, words: &[&str]) -> Vec<Choice> {
    words
        .iter()
        .map(|word| {
            Choice::new(*word, cx.w.t(&format!("collectors-{group}-{}", word.replace('_', "-"))))
        })
        .collect()
}

/// The form, with what a collector asks now where it is known.
pub(super) fn fresh(cx: &Cx, known: &Known, now: Option<&Collector>) -> Form {
    let w = cx.w;
    let csrf = cx.session.as_ref().map_or("", |s| s.csrf.as_str());
    let form = match now {
        None => Form::post(w, "/evidence/collectors/new", csrf, w.t("collectors-add"))
            .cancel("/evidence/collectors"),
        Some(c) => {
            let action = format!("/evidence/collectors/{}/restate", c.id);
            Form::post(w, action, csrf, w.t("collectors-restate-send"))
                .version(u64::try_from(c.version).unwrap_or(0))
                .apart("restate")
        }
    };
    let asked = now.map(|c| &c.asked);
    let form = request_fields(cx, form.key(cx.form_key()), now);
    let form = times(cx, form, asked);
    let controls =
        known.controls.iter().map(|(id, code)| Choice::new(id.to_string(), code.clone()));
    let requests = std::iter::once(Choice::new("", "–"))
        .chain(known.requests.iter().map(|(id, text)| Choice::new(id.to_string(), text.clone())));
    let on: Vec<String> =
        asked.map_or_else(Vec::new, |a| a.controls.iter().map(ToString::to_string).collect());
    let mut request =
        Field::new(w, "request", w.t("collectors-for-request"), Kind::Select(requests.collect()))
            .hint(w.t("collectors-for-request-hint"));
    if let Some(id) = asked.and_then(|a| a.request) {
        request = request.value(id.to_string());
    }
    form.field(
        Field::new(w, "controls", w.t("evidence-controls"), Kind::Boxes(controls.collect()))
            .values(on),
    )
    .field(request)
}

fn request_fields(cx: &Cx, form: Form, now: Option<&Collector>) -> Form {
    let w = cx.w;
    let asked = now.map(|c| &c.asked);
    let of = |get: fn(&Asked) -> &str| asked.map_or("", get).to_owned();
    let formats = Format::ALL.map(Format::as_str);
    let form = form
        .field(
            Field::new(w, "name", w.t("collectors-name"), Kind::Text)
                .required()
                .max(120)
                .hint(w.t("collectors-name-hint"))
                .value(of(|a| &a.name)),
        )
        .field(
            Field::new(w, "system", w.t("collectors-system"), Kind::Text)
                .required()
                .max(120)
                .value(of(|a| &a.system)),
        )
        .field(
            Field::new(w, "address", w.t("collectors-address"), Kind::Text)
                .required()
                .hint(w.t("collectors-address-hint"))
                .value(of(|a| &a.address)),
        )
        .field(
            Field::new(w, "header", w.t("collectors-header"), Kind::Text)
                .max(100)
                .hint(w.t("collectors-header-hint"))
                .value(of(|a| &a.header)),
        );
    let kept = now.is_some_and(|c| c.has_secret);
    let hint = if kept { "collectors-secret-again-hint" } else { "collectors-secret-hint" };
    let mut form = form.field(
        Field::new(w, "secret", w.t("collectors-secret"), Kind::Password)
            .max(4_000)
            .autocomplete("off")
            .hint(w.t(hint)),
    );
    if kept {
        form = form.field(Field::new(w, "forget", w.t("collectors-forget"), Kind::Box));
    }
    let format = asked.map_or(Format::Csv, |a| a.format);
    form.field(
        Field::new(
            w,
            "format",
            w.t("collectors-format"),
            Kind::Select(choices(cx, "format", &formats)),
        )
        .required()
        .hint(w.t("collectors-format-hint"))
        .value(format.as_str()),
    )
    .field(
        Field::new(w, "columns", w.t("collectors-columns"), Kind::Text)
            .max(4_000)
            .hint(w.t("collectors-columns-hint"))
            .value(asked.map_or_else(String::new, |a| a.columns.join(", "))),
    )
}

fn times(cx: &Cx, form: Form, asked: Option<&Asked>) -> Form {
    let w = cx.w;
    let covers = asked.map(|a| a.covers);
    let (from, to) = match covers {
        Some(Covers::Days { from, to }) => (from.to_string(), to.to_string()),
        _ => (String::new(), String::new()),
    };
    let when = asked.map(|a| a.when);
    let day = match when {
        Some(When::Weekly { day } | When::Monthly { day }) => day.to_string(),
        _ => String::new(),
    };
    form.field(
        Field::new(
            w,
            "covers",
            w.t("collectors-covers"),
            Kind::Select(choices(cx, "covers", &COVERS)),
        )
        .required()
        .hint(w.t("collectors-covers-hint"))
        .value(covers.map_or("capture", Covers::as_str)),
    )
    .field(Field::new(w, "covers_from", w.t("collectors-covers-from"), Kind::Date).value(from))
    .field(Field::new(w, "covers_to", w.t("collectors-covers-to"), Kind::Date).value(to))
    .field(
        Field::new(w, "zone", w.t("collectors-zone"), Kind::Text)
            .required()
            .hint(w.t("collectors-zone-hint"))
            .value(asked.map_or("UTC", |a| a.zone.as_str())),
    )
    .field(
        Field::new(w, "when", w.t("collectors-when"), Kind::Select(choices(cx, "when", &WHEN)))
            .required()
            .value(when.map_or("by_hand", When::as_str)),
    )
    .field(
        Field::new(w, "day", w.t("collectors-day"), Kind::Number)
            .hint(w.t("collectors-day-hint"))
            .value(day),
    )
    .field(
        Field::new(w, "at", w.t("collectors-at"), Kind::Text)
            .max(5)
            .hint(w.t("collectors-at-hint"))
            .value(asked.map_or("06:00", |a| if a.at.is_empty() { "06:00" } else { &a.at })),
    )
}

/// What was typed; none with the fault on the form.
pub(super) fn read(cx: &Cx, form: &mut Form, had_secret: bool) -> Option<(Asked, Secret)> {
    let day = form.typed("day").parse::<i8>().unwrap_or(0);
    let when = match form.typed("when") {
        "daily" => When::Daily,
        "weekly" => When::Weekly { day },
        "monthly" => When::Monthly { day },
        _ => When::ByHand,
    };
    let date = |name: &str| kernel::period::parse_date(form.typed(name)).ok();
    let covers = match (form.typed("covers"), date("covers_from"), date("covers_to")) {
        ("day_before", ..) => Covers::DayBefore,
        ("week_before", ..) => Covers::WeekBefore,
        ("month_before", ..) => Covers::MonthBefore,
        ("days", Some(from), Some(to)) => Covers::Days { from, to },
        ("days", ..) => {
            form.error("covers_from", cx.w.t("collectors-days-needed"));
            Covers::Capture
        }
        _ => Covers::Capture,
    };
    let secret = match (form.typed("secret"), form.typed("forget")) {
        ("", "") => Secret::Keep,
        ("", _) => Secret::None,
        (text, "") => Secret::New(text.to_owned()),
        _ => {
            form.error("forget", cx.w.t("collectors-forget-or-new"));
            Secret::Keep
        }
    };
    let typed = |name: &str| form.typed(name).to_owned();
    let asked = Asked {
        name: typed("name"),
        system: typed("system"),
        address: typed("address"),
        // Without a secret no header is sent, so none is put on record.
        header: match (&secret, had_secret) {
            (Secret::None, _) | (Secret::Keep, false) => String::new(),
            _ => typed("header"),
        },
        format: Format::parse(form.typed("format")).unwrap_or(Format::Csv),
        columns: form.typed("columns").split(',').map(str::to_owned).collect(),
        controls: form.ticked("controls").iter().filter_map(|c| c.parse().ok()).collect(),
        request: form.typed("request").parse().ok(),
        covers,
        zone: typed("zone"),
        when,
        at: typed("at"),
    };
    form.ok().then_some((asked, secret))
}
