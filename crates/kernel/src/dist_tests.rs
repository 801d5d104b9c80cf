use alloc::string::ToString;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::draw::draw;

const ALL: [&str; 10] = [
    "0.5ms",
    "exp(10ms)",
    "uniform(1ms, 5ms)",
    "normal(10ms, 2ms)",
    "lognormal(10ms, 0.5)",
    "pareto(1ms, 2.5)",
    "erlang(4, 10ms)",
    "hyperexp(0.9, 1ms, 50ms)",
    "gamma(10ms, 0.25)",
    "gamma(10ms, 3)",
];

fn dist(text: &str) -> Dist {
    Dist::parse(text).unwrap()
}

fn samples(of: Dist, count: u64) -> Vec<u64> {
    (0..count).map(|n| of.sample(draw(1, 2, n, 3)).nanos()).collect()
}

#[test]
fn texts_read_back() {
    for text in ALL {
        assert_eq!(dist(text).to_string(), text);
    }
    assert_eq!(dist("uniform( 1ms,5ms )"), dist("uniform(1ms, 5ms)"));
}

#[test]
fn refuses_malformed_texts() {
    for text in [
        "",
        "exp",
        "exp()",
        "exp(10)",
        "exp(10ms",
        "exp(1ms, 2ms)",
        "uniform(1ms)",
        "uniform(5ms, 1ms)",
        "normal(1ms, 2)",
        "pareto(1ms, 0)",
        "lognormal(1ms, 0.0001)",
        "gauss(1ms, 1ms)",
        "exp(1ms))",
        "(1ms)",
        "erlang(0, 1ms)",
        "erlang(101, 1ms)",
        "erlang(1ms, 4)",
        "hyperexp(1.1, 1ms, 2ms)",
        "hyperexp(0.5, 1ms)",
        "hyperexp(0.5, 1ms, 2ms, 3ms)",
        "gamma(1ms, 0)",
        "gamma(1ms)",
    ] {
        assert_eq!(Dist::parse(text), None, "{text}");
    }
}

#[test]
fn the_mean_of_many_samples_is_the_mean() {
    let also_cut = "normal(1ms, 3ms)";
    for text in ALL.into_iter().chain([also_cut]) {
        let of = dist(text);
        let count = 400_000;
        let sum: u64 = samples(of, count).iter().sum();
        let ratio = sum as f64 / count as f64 / of.mean().nanos() as f64;
        assert!((ratio - 1.0).abs() < 0.01, "{text}: {ratio}");
    }
}

#[test]
fn samples_have_their_shape() {
    let share_below = |text, limit: u64| {
        let samples = samples(dist(text), 100_000);
        samples.iter().filter(|&&s| s < limit).count() as f64 / 1e5
    };
    let ms = 1_000_000;
    for (text, limit, expected) in [
        ("exp(10ms)", 10 * ms, 0.632_12),
        ("exp(10ms)", 30 * ms, 0.950_21),
        ("uniform(1ms, 5ms)", 2 * ms, 0.25),
        ("normal(10ms, 2ms)", 12 * ms, 0.841_34),
        ("normal(1ms, 1ms)", 1, 0.158_66),
        ("lognormal(10ms, 0.5)", 10 * ms, 0.5),
        ("pareto(1ms, 2.5)", 2 * ms, 0.823_22),
        // 1 - exp(-4) (1 + 4 + 8 + 32/3)
        ("erlang(4, 10ms)", 10 * ms, 0.566_53),
        // A gamma of an inverse whole number is an Erlang.
        ("gamma(10ms, 0.25)", 10 * ms, 0.566_53),
        ("gamma(10ms, 1)", 10 * ms, 0.632_12),
        // A gamma of 2 is the square of a normal: 2 P(z < 1) - 1.
        ("gamma(10ms, 2)", 10 * ms, 0.682_69),
        ("hyperexp(0.9, 1ms, 50ms)", ms, 0.570_89),
    ] {
        let share = share_below(text, limit);
        assert!((share - expected).abs() < 0.006, "{text} below {limit}: {share}");
    }
}

#[test]
fn variances_are_what_the_formulas_say() {
    // Of the squared coefficient of variation: 1/k of an Erlang, the number
    // itself of a gamma, and 2 (p a^2 + q b^2) / mean^2 - 1 of the mixture.
    for (text, variation) in [
        ("erlang(1, 10ms)", 1.0),
        ("erlang(4, 10ms)", 0.25),
        ("gamma(10ms, 0.25)", 0.25),
        ("gamma(10ms, 3)", 3.0),
        (
            "hyperexp(0.9, 1ms, 50ms)",
            2.0 * (0.9 + 0.1 * 2500.0) / (5.9 * 5.9) - 1.0,
        ),
    ] {
        let samples = samples(dist(text), 400_000);
        let count = samples.len() as f64;
        let mean = samples.iter().map(|&s| s as f64).sum::<f64>() / count;
        let squares = samples
            .iter()
            .map(|&s| (s as f64 - mean) * (s as f64 - mean))
            .sum::<f64>();
        let found = squares / count / (mean * mean);
        assert!(
            (found / variation - 1.0).abs() < 0.03,
            "{text}: {found} against {variation}"
        );
    }
}

#[test]
fn extreme_bits_stay_in_range() {
    let of = dist("exp(1s)");
    assert_eq!(of.sample(u64::MAX), SimSpan::ZERO);
    assert_eq!(of.sample(0).nanos(), 36_736_800_570);
    let of = dist("uniform(1ns, 3ns)");
    assert_eq!([of.sample(0).nanos(), of.sample(u64::MAX).nanos()], [1, 3]);
    assert_eq!(dist("normal(1ms, 1ms)").sample(0), SimSpan::ZERO);
    assert_eq!(dist("pareto(1s, 0.1)").sample(0), SimSpan::MAX);
    assert_eq!(dist("pareto(1s, 0.1)").mean(), SimSpan::MAX);
    assert_eq!(dist("normal(1ms, 0s)").mean(), SimSpan::from_millis(1));
    let reversed = Dist::Uniform {
        low: SimSpan::from_nanos(5),
        high: SimSpan::ZERO,
    };
    assert_eq!(
        (reversed.sample(u64::MAX), reversed.mean()),
        (SimSpan::from_nanos(5), SimSpan::from_nanos(5))
    );
    let widest = Dist::Uniform {
        low: SimSpan::ZERO,
        high: SimSpan::MAX,
    };
    assert_eq!(widest.sample(u64::MAX), SimSpan::MAX);
}

#[test]
fn samples_are_pinned() {
    // A change of any of these changes every run that draws from them.
    let bits = 0x1234_5678_9abc_def0;
    let drawn = ALL.map(|text| dist(text).sample(bits).nanos());
    assert_eq!(
        drawn,
        [
            500_000, 26_435_117, 1_284_444, 7_064_869, 4_800_894, 2_878_890, 14_442_417, 389_224, 4_065_375, 29_627
        ]
    );
}

proptest! {
    #[test]
    fn parsing_never_panics(text in "[a-z]{0,9}\\(?[0-9a-z.]{0,6}(, ?[0-9a-z.]{0,6}){0,2}\\)?") {
        if let Some(of) = Dist::parse(&text) {
            prop_assert_eq!(Dist::parse(&of.to_string()), Some(of));
        }
    }

    #[test]
    fn longer_spans_need_larger_bits_or_smaller_ones(a in 0u64.., b in 0u64..) {
        // Inversion is monotonic: variants that share their bits share the
        // order of their samples too.
        let (low, high) = (a.min(b), a.max(b));
        for text in &ALL[2..5] {
            let of = dist(text);
            prop_assert!(of.sample(low) <= of.sample(high), "{}", text);
        }
        for text in [ALL[1], ALL[5]] {
            let of = dist(text);
            prop_assert!(of.sample(low) >= of.sample(high), "{}", text);
        }
    }
}
