//! Binomial and hypergeometric probabilities, accurate for small and very large arguments.
//!
//! A single probability is computed by the saddle-point method of C. Loader, "Fast and accurate
//! computation of binomial probabilities" (2000), which keeps full relative precision where sums of
//! logarithms of factorials lose it. Cumulative probabilities add neighbouring terms by their exact
//! ratio, from the asked value outwards, so that their number grows with the standard deviation and
//! not with the sample.

use std::f64::consts::TAU;

/// `ln n! − ln(√(2πn) (n/e)ⁿ)` for n = 0 … 15.
const STIRLING_ERROR: [f64; 16] = [
    0.0,
    0.081_061_466_795_327_26,
    0.041_340_695_955_409_29,
    0.027_677_925_684_998_34,
    0.020_790_672_103_765_093,
    0.016_644_691_189_821_193,
    0.013_876_128_823_070_748,
    0.011_896_709_945_891_77,
    0.010_411_265_261_972_096,
    0.009_255_462_182_712_733,
    0.008_330_563_433_362_87,
    0.007_573_675_487_951_841,
    0.006_942_840_107_209_53,
    0.006_408_994_188_004_207,
    0.005_951_370_112_758_848,
    0.005_554_733_551_962_801,
];

/// Error of Stirling's formula for ln n!.
fn stirling_error(n: u64) -> f64 {
    if let Some(known) = usize::try_from(n).ok().and_then(|index| STIRLING_ERROR.get(index)) {
        return *known;
    }
    let n = n as f64;
    let square = n * n;
    (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square)
            / square)
        / n
}

/// Deviance `x ln(x/m) + m − x`, without cancellation where `x` is near `m`.
fn deviance(x: f64, mean: f64) -> f64 {
    if (x - mean).abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let v = (x - mean) / (x + mean);
    let mut sum = (x - mean) * v;
    let mut term = 2.0 * x * v;
    let square = v * v;
    // |v| < 0.1, so each step gains two digits; twenty are more than a double holds.
    for step in 1..20_u32 {
        term *= square;
        let next = sum + term / f64::from(2 * step + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// Probability of exactly `k` deviations in `n` independent items, each deviating with probability `p`.
pub(crate) fn binomial_term(k: u64, n: u64, p: f64) -> f64 {
    if k > n {
        return 0.0;
    }
    if p <= 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    if p >= 1.0 {
        return if k == n { 1.0 } else { 0.0 };
    }
    let q = 1.0 - p;
    if k == 0 {
        return (n as f64 * (-p).ln_1p()).exp();
    }
    if k == n {
        return (n as f64 * p.ln()).exp();
    }
    let (x, size) = (k as f64, n as f64);
    let exponent = stirling_error(n)
        - stirling_error(k)
        - stirling_error(n - k)
        - deviance(x, size * p)
        - deviance((n - k) as f64, size * q);
    let spread = TAU * x * ((n - k) as f64 / size);
    exponent.exp() / spread.sqrt()
}

/// Adds terms until they no longer change the sum, or the sum exceeds `enough`.
///
/// `ratio(i)` gives the next term over the present one at position `i`; `step` moves the position and
/// ends with `None`.
fn add_outwards(
    first: f64,
    start: u64,
    enough: f64,
    ratio: impl Fn(u64) -> f64,
    step: impl Fn(u64) -> Option<u64>,
) -> f64 {
    let (mut term, mut sum, mut at) = (first, first, start);
    while sum <= enough {
        let factor = ratio(at);
        term *= factor;
        sum += term;
        // Terms fall at least as fast as a geometric series once their ratio is below one.
        if factor < 1.0 && term <= sum * 1e-18 * (1.0 - factor) {
            break;
        }
        match step(at) {
            Some(next) => at = next,
            None => break,
        }
    }
    sum
}

/// One of the two models of a sample of deviating items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Model {
    /// Items are drawn from a population so large that each deviates independently with this
    /// probability.
    Binomial(f64),
    /// Items are drawn without replacement from `population` items, `deviating` of which deviate.
    Hypergeometric {
        /// Items in all.
        population: u64,
        /// Items among them that deviate.
        deviating: u64,
    },
}

impl Model {
    /// Probability of exactly `k` deviations in a sample of `n`.
    pub(crate) fn exactly(self, k: u64, n: u64) -> f64 {
        match self {
            Self::Binomial(p) => binomial_term(k, n, p),
            Self::Hypergeometric { population, deviating } => {
                hypergeometric_term(k, population, deviating, n)
            }
        }
    }

    /// Probability of at most `k` deviations in a sample of `n`.
    pub(crate) fn at_most(self, k: u64, n: u64) -> f64 {
        self.at_most_or_above(k, n, f64::INFINITY)
    }

    /// Like [`Model::at_most`], but may stop at any partial sum greater than `enough`.
    pub(crate) fn at_most_or_above(self, k: u64, n: u64, enough: f64) -> f64 {
        let (lowest, highest, mean) = self.range(n);
        if k >= highest {
            return 1.0;
        }
        if k < lowest {
            return 0.0;
        }
        if (k as f64) <= mean {
            let first = self.exactly(k, n);
            if k == lowest {
                return first;
            }
            let down = |at: u64| (at > lowest + 1).then(|| at - 1);
            add_outwards(first, k, enough, |at| self.ratio_down(at, n), down).min(1.0)
        } else {
            let first = self.exactly(k + 1, n);
            if k + 1 == highest {
                return (1.0 - first).max(0.0);
            }
            let up = |at: u64| (at + 1 < highest).then(|| at + 1);
            let ratio = |at: u64| 1.0 / self.ratio_down(at + 1, n);
            (1.0 - add_outwards(first, k + 1, f64::INFINITY, ratio, up)).max(0.0)
        }
    }

    /// Fewest and most deviations a sample of `n` can hold, and how many are expected.
    fn range(self, n: u64) -> (u64, u64, f64) {
        match self {
            Self::Binomial(p) if p <= 0.0 => (0, 0, 0.0),
            Self::Binomial(p) if p >= 1.0 => (n, n, n as f64),
            Self::Binomial(p) => (0, n, n as f64 * p),
            Self::Hypergeometric { population, deviating } => (
                (n + deviating).saturating_sub(population),
                n.min(deviating),
                n as f64 * (deviating as f64 / population as f64),
            ),
        }
    }

    /// Probability of `k − 1` over probability of `k`, for `k` above the lowest possible count.
    fn ratio_down(self, k: u64, n: u64) -> f64 {
        let at = k as f64;
        match self {
            Self::Binomial(p) => at / (n - k + 1) as f64 * ((1.0 - p) / p),
            Self::Hypergeometric { population, deviating } => {
                let spared = (population - deviating + k - n) as f64;
                at / (deviating - k + 1) as f64 * (spared / (n - k + 1) as f64)
            }
        }
    }
}

/// Probability of exactly `k` deviating items in `n` drawn from `population`, `deviating` of which deviate.
fn hypergeometric_term(k: u64, population: u64, deviating: u64, n: u64) -> f64 {
    if k > n || k > deviating || n - k > population - deviating {
        return 0.0;
    }
    if n == 0 || n == population {
        return 1.0;
    }
    let share = n as f64 / population as f64;
    binomial_term(k, deviating, share) * binomial_term(n - k, population - deviating, share)
        / binomial_term(n, population, share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stirling_errors_agree_with_logarithms_of_factorials() {
        let mut log_factorial = 0.0_f64;
        for n in 1..60_u64 {
            let x = n as f64;
            log_factorial += x.ln();
            let plain = log_factorial - (0.5 * (TAU * x).ln() + x * x.ln() - x);
            assert!((plain - stirling_error(n)).abs() < 2e-13, "n = {n}");
        }
    }

    #[test]
    fn probabilities_of_all_outcomes_add_to_one() {
        let models = [
            (Model::Binomial(0.05), 400),
            (Model::Binomial(0.999), 77),
            (Model::Hypergeometric { population: 1_000, deviating: 37 }, 600),
        ];
        for (model, n) in models {
            let total: f64 = (0..=n).map(|k| model.exactly(k, n)).sum();
            assert!((total - 1.0).abs() < 1e-12, "{model:?}: {total}");
            let mut running = 0.0;
            for k in 0..=n {
                running += model.exactly(k, n);
                assert!((model.at_most(k, n) - running).abs() < 1e-12, "{model:?} {k}");
            }
        }
    }

    #[test]
    fn very_large_arguments_stay_accurate() {
        // With a mean of 10 the binomial is within 1e-7 of the Poisson law.
        let n = 1_000_000_000_u64;
        let poisson: f64 = (0..=4)
            .map(|k| {
                (-10.0_f64).exp() * 10.0_f64.powi(k)
                    / [1.0, 1.0, 2.0, 6.0, 24.0][usize::try_from(k).unwrap()]
            })
            .sum();
        let value = Model::Binomial(10.0 / n as f64).at_most(4, n);
        assert!((value - poisson).abs() < 1e-7, "{value} {poisson}");
        // At the mean of a symmetric law, a little more than one half.
        let half = Model::Binomial(0.5).at_most(5_000_000, 10_000_000);
        let expected = 0.5 + 0.5 * Model::Binomial(0.5).exactly(5_000_000, 10_000_000);
        assert!((half - expected).abs() < 1e-12, "{half} {expected}");
    }
}
