use alloc::string::ToString;

use proptest::prelude::*;

use super::*;

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

#[test]
fn parses_to_the_same_ratio_however_written() {
    assert_eq!(rate("5000/s"), rate("5/ms"));
    assert_eq!(rate("10_000/s"), rate("600000/m"));
    assert_eq!(rate("0.5/s"), rate("30/m"));
    assert_eq!(rate("1/2s"), rate("0.5/s"));
    assert_eq!(rate("24/d"), rate("1/h"));
    assert_eq!(Some(rate("50/m")), Rate::per(50, SimSpan::from_secs(60)));
    assert!(rate("0/s").is_zero());
    assert_eq!(Rate::per(1, SimSpan::ZERO), None);
}

#[test]
fn refuses_other_texts() {
    for text in ["", "5", "5/", "/s", "5/x", "5/0s", "-5/s", "5 /s", "5/s/s", "1e3/s"] {
        assert_eq!(Rate::parse(text), None, "{text}");
    }
}

#[test]
fn offsets_do_not_drift() {
    let third = rate("3/s");
    let offsets = [0, 1, 2, 3, 3_000_000].map(|k| third.offset(k).unwrap().nanos());
    assert_eq!(
        offsets,
        [0, 333_333_333, 666_666_666, 1_000_000_000, 1_000_000_000_000_000]
    );
    assert_eq!(rate("5000/s").offset(7), Some(SimSpan::from_micros(1_400)));
    assert_eq!(rate("5000/s").offset(u64::MAX), None);
    assert_eq!(third.offset(u64::MAX), None);
    assert_eq!(Rate::ZERO.offset(0), None);
}

#[test]
fn gives_period_mean_gap_and_rate_per_second() {
    assert_eq!(rate("3/s").period().nanos(), 333_333_334);
    assert_eq!(rate("9/ns").period().nanos(), 1);
    assert_eq!(Rate::ZERO.period(), SimSpan::MAX);
    assert!((rate("4/s").mean_gap_ns() - 2.5e8).abs() < 1e-6);
    assert!(Rate::ZERO.mean_gap_ns().is_infinite());
    assert!((rate("90/m").per_second_f64() - 1.5).abs() < 1e-12);
    assert!(Rate::ZERO.per_second_f64().abs() < 1e-300);
}

#[test]
fn displays_the_readable_form() {
    for text in [
        "5000/s",
        "50/m",
        "0.5/s",
        "9/s",
        "7/h",
        "0/s",
        "7/11h",
        "1/d",
        "1000000000/s",
    ] {
        assert_eq!(rate(text).to_string(), text);
    }
}

proptest! {
    #[test]
    fn offset_is_the_floor_of_the_exact_quotient(
        events in 1..u64::MAX, shift in 0u32..63, span in 1..=SimSpan::MAX.nanos(), k in 0u64.., k_shift in 0u32..63,
    ) {
        let (events, k) = ((events >> shift).max(1), k >> k_shift);
        let rate = Rate::per(events, SimSpan::from_nanos(span)).unwrap();
        let exact = u128::from(k) * u128::from(span) / u128::from(events);
        let expected = u64::try_from(exact).ok().and_then(SimSpan::checked_from_nanos);
        prop_assert_eq!(rate.offset(k), expected);
    }

    #[test]
    fn count_before_inverts_offset(events in 1..1_000_000u64, span in 1..1_000_000_000_000u64, at in 0..1_000_000_000_000u64) {
        let rate = Rate::per(events, SimSpan::from_nanos(span)).unwrap();
        let count = rate.count_before(SimSpan::from_nanos(at));
        prop_assert!(rate.offset(count).is_none_or(|o| o.nanos() >= at));
        prop_assert!(count == 0 || rate.offset(count - 1).unwrap().nanos() < at);
    }

    #[test]
    fn every_rate_reads_back_from_its_text(events in 0u64.., shift in 0u32..64, span in 1..=SimSpan::MAX.nanos(), span_shift in 0u32..52) {
        let span = SimSpan::from_nanos((span >> span_shift).max(1));
        let rate = Rate::per(events >> shift, span).unwrap();
        prop_assert_eq!(Rate::parse(&rate.to_string()), Some(rate));
    }

    #[test]
    fn parsing_never_panics(text in "[0-9a-z._/µ ]{0,24}") {
        let _ = Rate::parse(&text).map(|rate| (rate.to_string(), rate.offset(3), rate.period()));
    }
}
