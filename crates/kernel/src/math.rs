//! The transcendental functions of the simulation core, all from `libm`: the
//! platform's own give different last bits natively and in WebAssembly, and one
//! bit in a waiting time changes the order of a run.

pub use libm::{ceil, erfc, exp, floor, log as ln, pow, round, sqrt};

/// The standard normal quantile: the `z` below which a standard normal value
/// lies with probability `p`.
///
/// Wichura's algorithm AS 241 (PPND16), relative accuracy about 1e-16. One
/// uniform number gives one normal number, which keeps sampling a pure function
/// of its bits. `p` outside 0..1 gives NaN, 0 and 1 give the infinities.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * ratio(r, &CENTRE);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail == 0.0 {
        return if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let r = sqrt(-ln(tail));
    let z = if r <= 5.0 {
        ratio(r - 1.6, &SHOULDER)
    } else {
        ratio(r - 5.0, &FAR)
    };
    if q < 0.0 { -z } else { z }
}

/// Numerator and denominator coefficients of a rational function, constant
/// term first.
type Rational = [[f64; 8]; 2];

fn ratio(x: f64, of: &Rational) -> f64 {
    let horner = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
    horner(&of[0]) / horner(&of[1])
}

#[expect(clippy::excessive_precision, reason = "as published")]
const CENTRE: Rational = [
    [
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ],
    [
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ],
];
#[expect(clippy::excessive_precision, reason = "as published")]
const SHOULDER: Rational = [
    [
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ],
    [
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ],
];
#[expect(clippy::excessive_precision, reason = "as published")]
const FAR: Rational = [
    [
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ],
    [
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    fn normal_cdf(z: f64) -> f64 {
        0.5 * erfc(-z / core::f64::consts::SQRT_2)
    }

    #[test]
    fn the_quantile_inverts_the_distribution_function() {
        for step in 0..=1_600 {
            let z = -8.0 + f64::from(step) * 0.005;
            let back = normal_quantile(normal_cdf(z));
            assert!((back - z).abs() < 2e-13, "{z} came back as {back}");
        }
    }

    #[test]
    fn the_ends_are_infinite_and_the_middle_is_zero() {
        assert!(normal_quantile(0.5).abs() < 1e-300);
        assert!(normal_quantile(0.0).is_infinite());
        assert!(normal_quantile(1.0).is_infinite());
        assert!(normal_quantile(1.5).is_nan());
    }

    #[test]
    fn bits_are_pinned() {
        // A change of any of these changes every run that draws from them.
        assert_eq!(ln(0.3).to_bits(), 0xbff3_4378_fcbd_a721);
        assert_eq!(exp(1.5).to_bits(), 0x4011_ed3f_e64f_c541);
        assert_eq!(pow(0.3, 0.7).to_bits(), 0x3fdb_8d80_9c61_5f41);
        assert_eq!(normal_quantile(0.99).to_bits(), 0x4002_9c5c_4630_ff0c);
    }
}
