//! `tickmark cases patterns`: what the history says, each answer with its method.

use super::model::PatternReport;
use super::service::{LOOKED_AT_ALONE, report};
use crate::permits::ReadCases;
use clap::Args;
use kernel::permit::scope;
use kernel::time::Timestamp;
use platform::cli::{Answer, Context, Failed, Outcome};
use platform::words::Words;
use std::fmt::Write as _;

/// `tickmark cases patterns`
#[derive(Debug, Clone, Args)]
pub struct PatternsArgs {
    /// The end of observation, in RFC 3339; now where it is left out
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Look at so many of the newest cases
    #[arg(long, default_value_t = LOOKED_AT_ALONE)]
    pub newest: i64,
}

impl PatternsArgs {
    /// Runs it.
    ///
    /// # Errors
    /// One sentence; the exit code is then 2.
    pub fn run(&self, cx: &Context) -> Outcome {
        let owner = scope::<ReadCases>(&cx.actor)?.party();
        let until = match &self.until {
            None => cx.edge.env().now(),
            Some(text) => Timestamp::parse(text).map_err(|e| Failed(format!("--until: {e}.")))?,
        };
        if !(1..=1_000_000).contains(&self.newest) {
            return Err(Failed("--newest: from 1 to 1000000 cases.".to_owned()));
        }
        let (person, newest) = (cx.actor.person, self.newest);
        let found = cx.db.read_blocking(|conn| report(conn, owner, person, (until, newest)))?;
        let mut json = serde_json::to_value(&found)
            .map_err(|e| Failed(format!("the report cannot be written: {e}.")))?;
        if let Some(object) = json.as_object_mut() {
            object.insert("definitions".to_owned(), definitions(&found).into());
        }
        Answer::new(&json, in_words(&found))
    }
}

/// The definition of every sort of answer in a report, in English, as it is on the page.
fn definitions(found: &PatternReport) -> serde_json::Map<String, serde_json::Value> {
    let w = Words::english();
    let mut kinds: Vec<&str> = found.signals.iter().map(|s| s.kind).collect();
    kinds.extend(["proposals", "recurrence"]);
    kinds.sort_unstable();
    kinds.dedup();
    kinds
        .into_iter()
        .map(|kind| {
            let key = format!("patterns-{}-definition", kind.replace('_', "-"));
            (kind.to_owned(), w.t(&key).into())
        })
        .collect()
}

fn in_words(found: &PatternReport) -> String {
    let w = Words::english();
    let mut out = format!("{} cases looked at.\n", found.looked_at);
    for (method, n) in &found.proposed {
        let _ = writeln!(out, "proposed by {}: {n}", method.word());
    }
    let _ = writeln!(
        out,
        "confirmed {}, rejected {}, waiting {}",
        found.confirmed,
        found.rejected,
        found.waiting.len()
    );
    for within in &found.recurrence.within {
        let _ = writeln!(
            out,
            "came again within {} days: {} of {} mended and watched so long",
            within.days, within.came_again, within.watched
        );
    }
    for signal in &found.signals {
        let name = w.t(&format!("patterns-{}", signal.kind.replace('_', "-")));
        let mark = if signal.flagged { "!" } else { " " };
        let inputs: Vec<String> =
            signal.inputs.iter().map(|(name, value)| format!("{name} {value:.4}")).collect();
        let chance = signal.chance.map_or("no chance stated".to_owned(), |c| format!("p = {c:.4}"));
        let _ = writeln!(out, "{mark} {name} {}: {}; {chance}", signal.subject, inputs.join(", "));
    }
    for (kind, text) in definitions(found) {
        let _ = writeln!(out, "{kind}: {}", text.as_str().unwrap_or_default());
    }
    out.trim_end().to_owned()
}
