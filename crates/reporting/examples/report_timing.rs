//! How long a report takes to typeset, and the file to look at.
//!
//! ```text
//! cargo run -p reporting --example report_timing -- type-2 > type-2.pdf
//! cargo run -p reporting --example report_timing -- long 14 > long.pdf
//! ```
//!
//! Typesets the made-up report of the unit tests three times over, writes it to standard output, and says
//! pages, seconds and bytes on standard error. Kinds: `type-2`, `type-1`, `qualified`, `adverse`,
//! `disclaimer`, `draft`, `copy`, and `long`, in which Section IV stands as many times as the second argument
//! says.

use std::io::Write as _;
use std::time::Instant;

// Built here from the same files as in the unit tests.
#[expect(clippy::unwrap_used, reason = "a made-up report is right or the program stops")]
#[path = "../src/report_document/sample/mod.rs"]
mod sample;

use reporting::report_document::*;
use reporting::rules;

#[expect(clippy::disallowed_methods, reason = "measuring time is what it is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().unwrap_or_else(|| "type-2".into());
    let times: usize = arguments.next().map_or(Ok(14), |text| text.parse())?;
    let report = report(&kind, times).ok_or_else(|| format!("“{kind}” is none of the kinds"))?;
    for run in 1..=3 {
        let begun = Instant::now();
        let made = typeset_report(&report, &[])?;
        let seconds = begun.elapsed().as_secs_f64();
        eprintln!("{kind}: {} pages in {seconds:.2} s, {} bytes", made.pages, made.bytes.len());
        if run == 3 {
            std::io::stdout().write_all(&made.bytes)?;
        }
    }
    Ok(())
}

fn report(kind: &str, times: usize) -> Option<ReportData> {
    use Conclusion::{Adverse, Disclaimer, Qualified, Unmodified};
    Some(match kind {
        "type-2" => sample::type_2(),
        "type-1" => sample::type_1(),
        "qualified" => sample::with_opinion([Unmodified, Unmodified, Qualified]),
        "adverse" => sample::with_opinion([Unmodified, Adverse, Adverse]),
        "disclaimer" => sample::with_opinion([Unmodified, Disclaimer, Disclaimer]),
        "draft" => sample::draft(),
        "copy" => sample::copy(),
        "long" => sample::long(times),
        _ => return None,
    })
}
