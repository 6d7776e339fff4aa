//! Poisson, binomial and rank arithmetic.

use crate::rules::analysis::interval::{beta_distribution, ln_gamma, normal_quantile};

/// The chance that a Poisson count of this mean is at least `k`.
#[must_use]
pub fn poisson_at_least(k: u64, mean: f64) -> f64 {
    if k == 0 { 1.0 } else { gamma_distribution(k as f64, mean) }
}

/// The exact interval of a Poisson mean after `k` events (Garwood 1936).
#[must_use]
pub fn poisson_interval(k: u64, confidence: f64) -> [f64; 2] {
    let tail = (1.0 - confidence) / 2.0;
    let low = if k == 0 { 0.0 } else { gamma_quantile(tail, k as f64) };
    [low, gamma_quantile(1.0 - tail, k as f64 + 1.0)]
}

/// The chance that of `n` at least `k` fall where each falls with this probability.
#[must_use]
pub fn binomial_at_least(k: u64, n: u64, probability: f64) -> f64 {
    match k {
        0 => 1.0,
        k if k > n => 0.0,
        k => beta_distribution(probability, k as f64, (n - k) as f64 + 1.0),
    }
}

/// The chance that a standard normal value is at least `z`.
#[must_use]
pub fn normal_at_least(z: f64) -> f64 {
    // P(Z ≥ z) = Q(1/2, z²/2) / 2 for positive z.
    let tail = 0.5 * (1.0 - gamma_distribution(0.5, z * z / 2.0));
    if z >= 0.0 { tail } else { 1.0 - tail }
}

/// Whether the later values are greater: the statistic U of Mann and Whitney, its standardised value
/// with the correction for ties and continuity, and the one-sided chance. `None` where either side has
/// fewer than eight values or all are equal: the approximation is then too rough.
#[must_use]
pub fn mann_whitney(earlier: &[i64], later: &[i64]) -> Option<(f64, f64, f64)> {
    const FEWEST: usize = 8;
    let (m, n) = (earlier.len(), later.len());
    if m < FEWEST || n < FEWEST {
        return None;
    }
    let mut all: Vec<(i64, bool)> =
        earlier.iter().map(|v| (*v, false)).chain(later.iter().map(|v| (*v, true))).collect();
    all.sort_unstable();
    let (mut ranks, mut ties, mut rank) = (0.0, 0.0, 1.0);
    for same in all.chunk_by(|a, b| a.0 == b.0) {
        let size = same.len() as f64;
        let middle = rank + (size - 1.0) / 2.0;
        ranks += middle * same.iter().filter(|(_, late)| *late).count() as f64;
        ties += size * size * size - size;
        rank += size;
    }
    let (m, n) = (m as f64, n as f64);
    let total = m + n;
    let u = ranks - n * (n + 1.0) / 2.0;
    let variance = m * n / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return None;
    }
    let away = u - m * n / 2.0;
    let z = (away - 0.5 * away.signum()) / variance.sqrt();
    Some((u, z, normal_at_least(z)))
}

/// The estimate of Chapman of how many there are in all where two lists hold `first` and `second` and
/// share `both`, with its interval by the normal approximation; `None` where fewer than seven are
/// shared: the estimate is then badly biased (Robson and Regier 1964).
#[must_use]
pub fn chapman(first: u64, second: u64, both: u64, confidence: f64) -> Option<(f64, [f64; 2])> {
    if both < 7 || both > first.min(second) {
        return None;
    }
    let (a, b, m) = (first as f64, second as f64, both as f64);
    let estimate = (a + 1.0) * (b + 1.0) / (m + 1.0) - 1.0;
    let variance = (a + 1.0) * (b + 1.0) * (a - m) * (b - m) / ((m + 1.0).powi(2) * (m + 2.0));
    let half = normal_quantile(0.5 + confidence / 2.0) * variance.sqrt();
    Some((estimate, [(estimate - half).max(a + b - m), estimate + half]))
}

/// The regularised incomplete gamma function P(a, x): by its series where x is small, by its continued
/// fraction otherwise (Abramowitz and Stegun 6.5.29, 6.5.31).
#[must_use]
pub fn gamma_distribution(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > sum * 1e-16 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        return (front * sum).clamp(0.0, 1.0);
    }
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / TINY, 1.0 / away(b));
    let mut h = d;
    for i in 1..10_000_u32 {
        let i = f64::from(i);
        let an = -i * (i - a);
        b += 2.0;
        d = 1.0 / away(an * d + b);
        c = away(b + an / c);
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    (1.0 - front * h).clamp(0.0, 1.0)
}

fn gamma_quantile(probability: f64, a: f64) -> f64 {
    let (mut low, mut high) = (0.0, a + 1.0);
    while gamma_distribution(a, high) < probability {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if gamma_distribution(a, middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}
