//! How long a report takes to typeset, and the files to look at.
//!
//! ```text
//! cargo run -p reporting --example report_timing -- DIRECTORY [TIMES]
//! ```
//!
//! Writes a report of each kind into DIRECTORY, then typesets one whose Section IV stands TIMES times (8 gives
//! about 200 pages) three times over and prints pages, seconds and bytes.
#![expect(clippy::unwrap_used, reason = "an example may stop where it stands")]

use std::path::Path;
use std::time::Instant;

// The made-up report of the unit tests, built here from the same files.
#[path = "../src/report_document/sample/mod.rs"]
mod sample;

use reporting::report_document::*;
use reporting::rules;

#[expect(clippy::print_stdout, reason = "a program for the command line")]
#[expect(clippy::disallowed_methods, reason = "measuring time is what it is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("name a directory to write to")?;
    let times: usize = arguments.next().map_or(Ok(8), |text| text.parse())?;
    let directory = Path::new(&directory);
    std::fs::create_dir_all(directory)?;

    let qualified = [Conclusion::Unmodified, Conclusion::Unmodified, Conclusion::Qualified];
    let adverse = [Conclusion::Unmodified, Conclusion::Adverse, Conclusion::Adverse];
    let disclaimer = [Conclusion::Unmodified, Conclusion::Disclaimer, Conclusion::Disclaimer];
    let reports: [(&str, ReportData); 5] = [
        ("type-2", sample::type_2()),
        ("type-1", sample::type_1()),
        ("qualified", sample::with_opinion(qualified)),
        ("adverse", sample::with_opinion(adverse)),
        ("disclaimer", sample::with_opinion(disclaimer)),
    ];
    for (name, report) in &reports {
        let made = typeset_report(report, &[])?;
        std::fs::write(directory.join(format!("{name}.pdf")), &made.bytes)?;
        println!("{name}: {} pages, {} warnings", made.pages, made.warnings.len());
    }
    let long = sample::long(times);
    for _ in 0..3 {
        let begun = Instant::now();
        let made = typeset_report(&long, &[])?;
        let seconds = begun.elapsed().as_secs_f64();
        println!("long: {} pages in {seconds:.2} s, {} bytes", made.pages, made.bytes.len());
        std::fs::write(directory.join("long.pdf"), &made.bytes)?;
    }
    Ok(())
}
