//! Figures of several runs, beside a limit and a target.

use std::fmt::Write as _;

/// The value below which a share (0 to 1) of sorted values lies; nearest rank.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    if sorted.is_empty() {
        return f64::NAN;
    }
    let mut rank = 0;
    // The smallest rank that covers the share.
    while rank + 1 < sorted.len() && ((rank + 1) as f64) < share * sorted.len() as f64 {
        rank += 1;
    }
    sorted[rank]
}

/// The middle of several values.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    if n == 0 {
        return f64::NAN;
    }
    if n % 2 == 1 { sorted[n / 2] } else { f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]) }
}

/// What must hold.
#[derive(Clone, Copy)]
pub enum Target {
    /// The figure is at least this.
    AtLeast(f64),
    /// The figure is less than this.
    Below(f64),
    /// The figure reaches this share of its limit.
    Share(f64),
}

/// One line of a table.
pub struct Line {
    what: String,
    unit: &'static str,
    runs: Vec<f64>,
    limit: Option<(&'static str, f64)>,
    target: Option<Target>,
}

impl Line {
    /// A figure, one value per run.
    pub fn new(what: impl Into<String>, unit: &'static str, runs: Vec<f64>) -> Self {
        Self { what: what.into(), unit, runs, limit: None, target: None }
    }

    /// The same beside the best that could be had.
    pub fn beside(mut self, what: &'static str, limit: f64) -> Self {
        self.limit = Some((what, limit));
        self
    }

    /// The same with what must hold.
    pub fn target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    fn median(&self) -> f64 {
        median(&self.runs)
    }

    /// How near the figure comes to its limit: 1 is as good as the limit. `None` without a limit.
    fn share(&self) -> Option<f64> {
        let (_, limit) = self.limit?;
        Some(if self.unit.contains("/s") { self.median() / limit } else { limit / self.median() })
    }

    fn held(&self) -> Option<bool> {
        let figure = self.median();
        Some(match self.target? {
            Target::AtLeast(least) => figure >= least,
            Target::Below(most) => figure < most,
            Target::Share(least) => self.share().unwrap_or(0.0) >= least,
        })
    }

    fn cells(&self, judged: bool) -> [String; 7] {
        let low = self.runs.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.runs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let target = match self.target {
            None => String::new(),
            Some(Target::AtLeast(n)) => format!("at least {}", number(n)),
            Some(Target::Below(n)) => format!("below {}", number(n)),
            Some(Target::Share(share)) => format!("at least {:.0} % of the limit", share * 100.0),
        };
        let held = match self.held().filter(|_| judged) {
            None => "",
            Some(true) => ": held",
            Some(false) => ": **missed**",
        };
        [
            self.what.clone(),
            format!("{} {}", number(self.median()), self.unit),
            if self.runs.len() > 1 {
                format!("{} – {}", number(low), number(high))
            } else {
                "one run".to_owned()
            },
            self.limit.map_or(String::new(), |(what, _)| what.to_owned()),
            self.limit.map_or(String::new(), |(_, limit)| number(limit)),
            self.share().map_or(String::new(), |share| format!("{:.0} %", share * 100.0)),
            format!("{target}{held}"),
        ]
    }
}

/// A number with as many digits as mean something.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let text = match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    };
    let whole = text.find('.').unwrap_or(text.len());
    let mut out = String::new();
    for (at, digit) in text.char_indices() {
        if at > 0 && at < whole && (whole - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

const HEAD: [&str; 7] =
    ["measured", "median", "least – most", "limit", "the limit's figure", "of the limit", "target"];

/// The lines as a Markdown table. Only where `judged` does it say whether targets were held.
pub fn table(lines: &[Line], judged: bool) -> String {
    let mut out = format!("| {} |\n|---|---|---|---|---|---|---|\n", HEAD.join(" | "));
    for line in lines {
        let _ = writeln!(out, "| {} |", line.cells(judged).join(" | "));
    }
    out
}

/// The same for a terminal, in columns.
pub fn columns(lines: &[Line], judged: bool) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(lines.iter().map(|line| line.cells(judged)));
    let width = |i: usize| rows.iter().map(|r| r[i].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
    rows.iter().fold(String::new(), |mut out, row| {
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(out, "  {cell:width$}");
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    })
}
