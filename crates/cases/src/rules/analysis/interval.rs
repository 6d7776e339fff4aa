//! Intervals for a share: what `k` of `n` says about the process behind it.
//!
//! Wilson's score interval is narrow and right on average; Clopper and Pearson's is exact in that
//! its coverage never falls below the stated confidence. Both are two-sided.

use serde::Serialize;

use super::numbers::rounded;

/// The two intervals of a share, as fractions with ten decimals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ShareInterval {
    /// Stated confidence.
    pub confidence: f64,
    /// Wilson's score interval, lower and upper end.
    pub wilson: [f64; 2],
    /// Clopper and Pearson's interval, lower and upper end.
    pub clopper_pearson: [f64; 2],
}

impl ShareInterval {
    /// The intervals of `k` of `n`; `None` when `n` is 0, `k` exceeds it, or the confidence is not
    /// between 0 and 1.
    #[must_use]
    pub fn of(k: u64, n: u64, confidence: f64) -> Option<Self> {
        let tidy = |ends: [f64; 2]| ends.map(|end| rounded(end, 10));
        Some(Self {
            confidence,
            wilson: tidy(wilson(k, n, confidence)?),
            clopper_pearson: tidy(clopper_pearson(k, n, confidence)?),
        })
    }
}

fn usable(k: u64, n: u64, confidence: f64) -> bool {
    n > 0 && k <= n && confidence > 0.0 && confidence < 1.0
}

/// Wilson (1927), without continuity correction.
#[must_use]
pub fn wilson(k: u64, n: u64, confidence: f64) -> Option<[f64; 2]> {
    if !usable(k, n, confidence) {
        return None;
    }
    let (share, size) = (k as f64 / n as f64, n as f64);
    let z = normal_quantile(0.5 + confidence / 2.0);
    let scale = 1.0 + z * z / size;
    let centre = (share + z * z / (2.0 * size)) / scale;
    let half = z / scale * (share * (1.0 - share) / size + z * z / (4.0 * size * size)).sqrt();
    let low = if k == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if k == n { 1.0 } else { (centre + half).min(1.0) };
    Some([low, high])
}

/// Clopper and Pearson (1934), by quantiles of the beta distribution.
#[must_use]
pub fn clopper_pearson(k: u64, n: u64, confidence: f64) -> Option<[f64; 2]> {
    if !usable(k, n, confidence) {
        return None;
    }
    let tail = (1.0 - confidence) / 2.0;
    let (hits, misses) = (k as f64, (n - k) as f64);
    let low = if k == 0 { 0.0 } else { beta_quantile(tail, hits, misses + 1.0) };
    let high = if k == n { 1.0 } else { beta_quantile(1.0 - tail, hits + 1.0, misses) };
    Some([low, high])
}

/// The quantile of the standard normal distribution, to about 1e-16 (Wichura, algorithm AS 241).
#[must_use]
pub fn normal_quantile(probability: f64) -> f64 {
    let centred = probability - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180_625 - centred * centred;
        return centred * polynomial(&CENTRE_ABOVE, r) / polynomial(&CENTRE_BELOW, r);
    }
    let tail = if centred < 0.0 { probability } else { 1.0 - probability };
    if tail <= 0.0 {
        return if centred < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let r = (-tail.ln()).sqrt();
    let distance = if r <= 5.0 {
        polynomial(&TAIL_ABOVE, r - 1.6) / polynomial(&TAIL_BELOW, r - 1.6)
    } else {
        polynomial(&FAR_ABOVE, r - 5.0) / polynomial(&FAR_BELOW, r - 5.0)
    };
    if centred < 0.0 { -distance } else { distance }
}

/// Horner's scheme; coefficients from the constant upwards.
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

const CENTRE_ABOVE: [f64; 8] = [
    3.387_132_872_796_366_6,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_4e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const CENTRE_BELOW: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_854e3,
];
const TAIL_ABOVE: [f64; 8] = [
    1.423_437_110_749_683_6,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_6,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_5e-2,
    7.745_450_142_783_414e-4,
];
const TAIL_BELOW: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_ABOVE: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_049e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_BELOW: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_7e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

/// The quantile of the beta distribution, by bisection on its distribution function.
fn beta_quantile(probability: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    // Two hundred halvings also reach quantiles far below the spacing of numbers near 1.
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if beta_distribution(middle, a, b) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The regularised incomplete beta function I_x(a, b), by its continued fraction
/// (Abramowitz and Stegun 26.5.8) on the side where that converges quickly.
#[must_use]
pub fn beta_distribution(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let log_front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p();
    if x < (a + 1.0) / (a + b + 2.0) {
        (log_front.exp() * beta_fraction(x, a, b) / a).clamp(0.0, 1.0)
    } else {
        (1.0 - log_front.exp() * beta_fraction(1.0 - x, b, a) / b).clamp(0.0, 1.0)
    }
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    // It needs about the square root of max(a, b) terms; the bound only guards against NaN.
    for term in 1..100_000_u32 {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        let step = d * c;
        fraction *= step;
        if (step - 1.0).abs() < 1e-15 || step.is_nan() {
            break;
        }
    }
    fraction
}

/// The logarithm of the gamma function for `x` > 0: Stirling's series, after moving `x` to where
/// the first omitted term is below 1e-15.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < 16.0 {
        shift -= x.ln();
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let tail = 1.0 / 1260.0 - square * (1.0 / 1680.0 - square / 1188.0);
    let series = (1.0 / 12.0 - square * (1.0 / 360.0 - square * tail)) / x;
    shift + (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series
}
