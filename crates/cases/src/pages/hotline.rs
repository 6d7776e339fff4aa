//! `/cases/hotline`: an operator files for somebody who calls, and reads number and code to them once.

use super::kind_word;
use crate::door;
use crate::model::CaseKind;
use crate::permits::FileReport;
use crate::service::{self, Filed, ReportInput, Reporter};
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use kernel::zone::Zone;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Button, Choice, Field, Form, Html, Kind, Note, Page, Tone, facts, prose};

/// The channel of what is filed here.
const CHANNEL: &str = "hotline";

fn form(cx: &Cx) -> Form {
    let w = cx.w;
    let csrf = cx.session.as_ref().map_or("", |s| s.csrf.as_str());
    let kinds = CaseKind::ALL
        .iter()
        .map(|k| {
            Choice::new(k.word(), kind_word(w, *k))
                .hint(w.t(&format!("cases-kind-{}-hint", k.word())))
        })
        .collect();
    let callers = ["anonymous", "confidential", "open"]
        .map(|c| {
            Choice::new(c, w.t(&format!("hotline-caller-{c}")))
                .hint(w.t(&format!("hotline-caller-{c}-hint")))
        })
        .to_vec();
    Form::post(w, "/cases/hotline", csrf, w.t("hotline-send"))
        .key(cx.form_key())
        .cancel("/cases")
        .say(Note::new(Tone::Neutral, w.t("hotline-say-first"), prose(&w.t("hotline-say"))))
        .field(Field::new(w, "caller", w.t("hotline-caller"), Kind::Radio(callers)).required())
        .field(Field::new(w, "kind", w.t("hotline-kind"), Kind::Radio(kinds)).required())
        .field(
            Field::new(w, "title", w.t("hotline-title"), Kind::Text)
                .required()
                .max(service::TITLE_MAX),
        )
        .field(
            Field::new(w, "description", w.t("hotline-description"), Kind::Area(8))
                .required()
                .max(service::TEXT_MAX)
                .hint(w.t("hotline-description-hint")),
        )
        .field(
            Field::new(w, "occurred_at", w.t("hotline-occurred"), Kind::DateTime)
                .hint(w.t("hotline-occurred-hint")),
        )
        .field(
            Field::new(w, "contact", w.t("hotline-contact"), Kind::Text)
                .max(service::CONTACT_MAX)
                .hint(w.t("hotline-contact-hint")),
        )
        .field(
            Field::new(w, "language", w.t("hotline-language"), Kind::Text)
                .max(8)
                .value(w.tag())
                .hint(w.t("hotline-language-hint")),
        )
}

fn page(cx: &Cx, form: Form) -> Page {
    let w = cx.w;
    let shell = cx
        .shell()
        .at("cases")
        .crumb("/cases", w.t("cases-room"))
        .title(w.t("hotline-question"))
        .answer(w.t("hotline-answer"));
    Page::new(shell).part(form)
}

/// `GET /cases/hotline`
///
/// # Errors
/// When the reader may not file for others.
pub async fn ask(cx: Cx) -> Answer {
    cx.may::<FileReport>()?;
    cx.page(&page(&cx, form(&cx)))
}

fn moment(text: &str) -> Result<Option<Timestamp>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let local: jiff::civil::DateTime = text.parse().map_err(|_| {
        Refusal::field(
            "occurred_at",
            "Write date and time as 2026-03-09T16:30, in UTC, or leave it empty.",
        )
    })?;
    Ok(Some(Zone::utc().instant(local)))
}

fn input(form: &Form) -> Result<ReportInput, Failure> {
    let contact = Some(form.typed("contact").to_owned()).filter(|c| !c.is_empty());
    let reporter = match form.typed("caller") {
        "anonymous" if contact.is_some() => {
            return Err(Refusal::field(
                "contact",
                "An anonymous caller leaves no way to be reached. Take it out, or choose another kind of caller.",
            )
            .into());
        }
        "anonymous" => Reporter::Anonymous,
        "confidential" => Reporter::Confidential { contact },
        "open" => Reporter::Open { contact },
        _ => {
            return Err(Refusal::field("caller", "Choose how the caller wants to be known.").into());
        }
    };
    let kind = CaseKind::from_word(form.typed("kind"))
        .ok_or_else(|| Refusal::field("kind", "Choose what is reported."))?;
    Ok(ReportInput {
        occurred_at: moment(form.typed("occurred_at"))?,
        reporter,
        language: form.typed("language").to_owned(),
        ..ReportInput::new(CHANNEL, kind, form.typed("title"), form.typed("description"))
    })
}

async fn file(cx: &Cx, form: &Form) -> Result<Filed, Failure> {
    let input = input(form)?;
    let fields = ["caller", "kind", "title", "description", "occurred_at", "contact", "language"];
    let request = serde_json::to_vec(&fields.map(|f| form.typed(f))).unwrap_or_default();
    let key = form.hidden("key").filter(|k| !k.is_empty()).map(str::to_owned);
    cx.write(move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        // An operator may file; what they file is, like every report, the public's: an anonymous caller
        // is not found by way of who was on duty.
        authorize::<FileReport>(actor, &Facts::of(owner))?;
        door::file(tx, env, owner, key.as_deref(), &request, (&input, false))
    })
    .await
}

/// `POST /cases/hotline`: files, and shows number and code to be read to the caller.
///
/// # Errors
/// When the form is another session's or the person may not.
pub async fn send(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<FileReport>()?;
    let mut form = form(&cx);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match file(&cx, &form).await {
            Ok(filed) => return confirm(&cx, &filed),
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, form))
}

/// How a letter or a digit is said on the telephone (the spelling alphabet of ICAO).
const fn spoken(c: char) -> &'static str {
    match c {
        'A' => "Alfa",
        'B' => "Bravo",
        'C' => "Charlie",
        'D' => "Delta",
        'E' => "Echo",
        'F' => "Foxtrot",
        'G' => "Golf",
        'H' => "Hotel",
        'J' => "Juliett",
        'K' => "Kilo",
        'M' => "Mike",
        'N' => "November",
        'P' => "Papa",
        'Q' => "Quebec",
        'R' => "Romeo",
        'S' => "Sierra",
        'T' => "Tango",
        'V' => "Victor",
        'W' => "Whiskey",
        'X' => "X-ray",
        'Y' => "Yankee",
        'Z' => "Zulu",
        _ => "",
    }
}

/// A code as it is read aloud: group by group, letters by their words.
fn read_aloud(code: &str) -> String {
    let say = |c: char| match spoken(c) {
        "" => c.to_string(),
        word => word.to_owned(),
    };
    let groups = code.split('-').map(|g| g.chars().map(say).collect::<Vec<_>>().join(" "));
    groups.collect::<Vec<_>>().join("\n")
}

fn confirm(cx: &Cx, filed: &Filed) -> Answer {
    let w = cx.w;
    let shell = cx
        .shell()
        .at("cases")
        .crumb("/cases", w.t("cases-room"))
        .title(w.t("hotline-filed-title"))
        .answer(w.t("hotline-filed-answer"));
    let number = filed.tracking_number.trim_start_matches("TM-");
    let page = Page::new(shell)
        .part(Note::new(Tone::Attention, w.t("hotline-once-title"), prose(&w.t("hotline-once"))))
        .part(facts(vec![
            (w.t("cases-number"), Html::code(&filed.tracking_number)),
            (w.t("hotline-aloud"), prose(&read_aloud(number))),
            (w.t("cases-code"), Html::code(&filed.return_code)),
            (w.t("hotline-aloud"), prose(&read_aloud(&filed.return_code))),
        ]))
        .part(prose(&w.t1(
            "hotline-where",
            "link",
            format!("{}/report/follow-up", cx.app.base_url),
        )))
        .part(Button::link("/cases/hotline", w.t("hotline-next")).primary());
    cx.page(&page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_aloud_letter_by_letter() {
        assert_eq!(read_aloud("7K3Q-0Z"), "7 Kilo 3 Quebec\n0 Zulu");
        // Every letter that a code can hold has a word.
        for c in "ABCDEFGHJKMNPQRSTVWXYZ".chars() {
            assert!(spoken(c).starts_with(c), "{c}");
        }
    }
}
