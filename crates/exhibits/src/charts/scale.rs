//! Axes: where the ticks go, and how figures are written.

/// One axis.
#[derive(Clone, Copy)]
pub struct Axis<'a> {
    /// What it measures, with the unit.
    pub label: &'a str,
    /// Where ticks may fall.
    pub steps: Steps,
    /// How a figure is written. See [`as_count`], [`as_percent`], [`as_duration`]; give your own for
    /// another language.
    pub write: &'a dyn Fn(f64) -> String,
}

/// Where ticks may fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// 1, 2 or 5 times a power of ten.
    Decimal,
    /// As `Decimal`, and never a fraction.
    Whole,
    /// The axis is in seconds: minutes, hours, days, weeks.
    Duration,
}

/// Whole numbers in groups of three: `12,345`.
#[must_use]
pub fn as_count(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if value < 0.0 && digits != "0" { format!("−{out}") } else { out }
}

/// A fraction as a percentage with at most two decimals: 0.9987 → `99.87 %`.
#[must_use]
pub fn as_percent(value: f64) -> String {
    let text = format!("{:.2}", value * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let text = if text == "-0" { "0" } else { text };
    format!("{} %", text.replace('-', "−"))
}

/// Seconds in the two largest units: `2 d 4 h`, `35 min`, `12 s`.
#[must_use]
pub fn as_duration(seconds: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(86_400.0, "d"), (3_600.0, "h"), (60.0, "min"), (1.0, "s")];
    let sign = if seconds < 0.0 { "−" } else { "" };
    let total = seconds.abs().round();
    if total == 0.0 {
        return "0".to_owned();
    }
    let at = UNITS.iter().position(|(size, _)| total >= *size).unwrap_or(3);
    let (size, unit) = UNITS[at];
    let whole = (total / size).floor();
    let rest = UNITS.get(at + 1).map(|(small, name)| {
        let count = ((total - whole * size) / small).floor();
        (count, *name)
    });
    match rest {
        Some((count, name)) if count > 0.0 => format!("{sign}{whole:.0} {unit} {count:.0} {name}"),
        _ => format!("{sign}{whole:.0} {unit}"),
    }
}

/// A linear scale from figures to user units.
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    /// The figures that get a tick, lowest first, all between low and high.
    pub(super) ticks: Vec<f64>,
}

impl Scale {
    /// A scale that holds `low..=high` on user units `from..to` with about `wanted` ticks, its ends on ticks.
    pub(super) fn new(
        low: f64,
        high: f64,
        from: f64,
        to: f64,
        wanted: usize,
        steps: Steps,
    ) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        let wanted = wanted.max(2);
        #[expect(clippy::cast_precision_loss, reason = "a handful of ticks")]
        let step = step_for((high - low) / wanted as f64, steps);
        let first = (low / step).floor();
        let last = (high / step - 1e-9).ceil();
        let mut ticks = Vec::new();
        let mut k = first;
        while k <= last && ticks.len() < 64 {
            ticks.push(k * step);
            k += 1.0;
        }
        Self { low: first * step, high: last * step, from, to, ticks }
    }

    /// As [`Scale::new`], but the ends stay where the figures end (for fractions that cannot pass 1).
    pub(super) fn exact(
        low: f64,
        high: f64,
        from: f64,
        to: f64,
        wanted: usize,
        steps: Steps,
    ) -> Self {
        let mut scale = Self::new(low, high, from, to, wanted, steps);
        if high > low {
            scale.low = low;
            scale.high = high;
            scale.ticks.retain(|tick| (low..=high).contains(tick));
        }
        scale
    }

    /// The user unit of the low end.
    pub(super) fn start(&self) -> f64 {
        self.from
    }

    pub(super) fn at(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }
}

fn step_for(rough: f64, steps: Steps) -> f64 {
    const DURATIONS: [f64; 17] = [
        1.0, 5.0, 15.0, 30.0, 60.0, 300.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 28_800.0,
        43_200.0, 86_400.0, 172_800.0, 432_000.0, 604_800.0,
    ];
    let decimal = |rough: f64| {
        let power = 10f64.powf(rough.log10().floor());
        [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|m| m * power)
            .find(|step| *step >= rough * 0.999_999)
            .unwrap_or(10.0 * power)
    };
    match steps {
        Steps::Decimal => decimal(rough),
        Steps::Whole => decimal(rough).max(1.0),
        Steps::Duration => DURATIONS
            .into_iter()
            .find(|step| *step >= rough)
            .unwrap_or_else(|| 604_800.0 * decimal(rough / 604_800.0)),
    }
}
