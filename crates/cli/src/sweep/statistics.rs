//! Means over seeds and how well they are known.
//!
//! The interval is Student's: the mean, plus and minus t times the standard
//! error, where t is the quantile for one degree of freedom less than there
//! are runs. It holds if what single runs show is roughly normal or if there
//! are many of them, because runs with different seeds are independent.

/// What a number came to over several runs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Summary {
    /// Runs that had something to measure.
    pub(super) runs: usize,
    /// Their mean.
    pub(super) mean: f64,
    /// Their standard deviation; 0 for a single one.
    pub(super) deviation: f64,
    /// Half the width of the confidence interval; `None` for a single run.
    pub(super) half: Option<f64>,
    /// The smallest.
    pub(super) least: f64,
    /// The largest.
    pub(super) most: f64,
}

impl Summary {
    /// Of the numbers of all runs; `None` without any.
    pub(super) fn of(numbers: &[f64], confidence: f64) -> Option<Summary> {
        let runs = numbers.len();
        let count = runs as f64;
        let mean = numbers.iter().sum::<f64>() / count;
        let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
        let deviation = if runs > 1 {
            (squares / (count - 1.0)).sqrt()
        } else {
            0.0
        };
        (runs > 0).then(|| Summary {
            runs,
            mean,
            deviation,
            half: (runs > 1).then(|| student(confidence, runs - 1) * deviation / count.sqrt()),
            least: numbers.iter().copied().fold(f64::INFINITY, f64::min),
            most: numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        })
    }
}

/// The t that a variable with Student's distribution stays within, on either
/// side, with this probability.
fn student(confidence: f64, freedom: usize) -> f64 {
    let freedom = freedom as f64;
    // Outside of -t..t lies the incomplete beta function of v / (v + t^2).
    let within = |t: f64| 1.0 - incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t));
    let (mut low, mut high) = (0.0, 1.0);
    while within(high) < confidence && high < 1e9 {
        high *= 2.0;
    }
    // Halving reaches the precision of the numbers long before it ends.
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if within(middle) < confidence {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// The regularised incomplete beta function I_x(a, b), by its continued
/// fraction (Abramowitz and Stegun 26.5.8).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast below the mean only; above it the mirror
    // image does.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let logarithm = a * x.ln() + b * (1.0 - x).ln() - (log_gamma(a) + log_gamma(b) - log_gamma(a + b));
    logarithm.exp() * fraction(a, b, x) / a
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..500 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for numerator in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + numerator * d);
            c = away_from_zero(1.0 + numerator / c);
            change = c * d;
            value *= change;
        }
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// The logarithm of the gamma function of a positive number, by Stirling's
/// series above 10, where six terms are exact to the last digits.
fn log_gamma(number: f64) -> f64 {
    let (mut number, mut below) = (number, 0.0);
    while number < 10.0 {
        below += number.ln();
        number += 1.0;
    }
    let terms = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
    ];
    let mut power = number;
    let mut series = 0.0;
    for term in terms {
        series += term / power;
        power *= number * number;
    }
    (number - 0.5) * number.ln() - number + 0.5 * std::f64::consts::TAU.ln() + series - below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (confidence, freedom, t) in [
            (0.95, 1, 12.7062),
            (0.95, 2, 4.302_65),
            (0.95, 4, 2.776_45),
            (0.95, 9, 2.262_16),
            (0.95, 29, 2.045_23),
            (0.95, 120, 1.979_93),
            (0.99, 4, 4.604_09),
            (0.99, 29, 2.756_39),
            (0.90, 9, 1.833_11),
            (0.95, 9_999, 1.960_20),
        ] {
            let found = student(confidence, freedom);
            assert!(
                (found / t - 1.0).abs() < 2e-6,
                "{confidence} {freedom}: {found} against {t}"
            );
        }
    }

    #[test]
    fn an_interval_is_as_wide_as_its_definition_says() {
        let summary = Summary::of(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.95).unwrap();
        assert_eq!((summary.mean, summary.least, summary.most), (3.0, 1.0, 5.0));
        assert!((summary.deviation - 1.581_138_83).abs() < 1e-8);
        // 2.77645 x 1.58114 / sqrt(5)
        assert!((summary.half.unwrap() - 1.963_243_5).abs() < 1e-5, "{summary:?}");
    }

    #[test]
    fn one_run_has_no_interval_and_none_has_nothing() {
        let one = Summary::of(&[7.0], 0.95).unwrap();
        assert_eq!((one.mean, one.deviation, one.half), (7.0, 0.0, None));
        assert_eq!(Summary::of(&[], 0.95), None);
    }

    #[test]
    fn equal_runs_have_an_interval_of_no_width() {
        assert_eq!(Summary::of(&[0.25; 8], 0.95).unwrap().half, Some(0.0));
    }
}
