use alloc::string::ToString;

use proptest::prelude::*;

use super::*;

#[test]
fn parses_units_decimals_and_sequences() {
    let ns = |text| SimSpan::parse(text).map(SimSpan::nanos);
    assert_eq!(ns("7ns"), Some(7));
    assert_eq!(ns("20us"), Some(20_000));
    assert_eq!(ns("20\u{b5}s"), Some(20_000));
    assert_eq!(ns("20\u{3bc}s"), Some(20_000));
    assert_eq!(ns("0.5ms"), Some(500_000));
    assert_eq!(ns("1.5s"), Some(1_500_000_000));
    assert_eq!(ns("50m"), Some(3_000_000_000_000));
    assert_eq!(ns("4h45m40s"), Some(17_140_000_000_000));
    assert_eq!(ns("2d"), Some(172_800_000_000_000));
    assert_eq!(ns("10_000ms"), Some(10_000_000_000));
    assert_eq!(ns("0s"), Some(0));
}

#[test]
fn refuses_what_is_not_exactly_a_span() {
    for text in [
        "",
        "5",
        "0",
        "ms",
        "0.5ns",
        "1.0000000001s",
        "5 ms",
        "-1s",
        "105d",
        "1s2",
        "1x",
    ] {
        assert_eq!(SimSpan::parse(text), None, "{text}");
    }
}

#[test]
fn displays_the_readable_form() {
    for text in [
        "458ms",
        "0.5ms",
        "1.5s",
        "2h",
        "4h45m40s",
        "20us",
        "7ns",
        "0s",
        "1m30s",
        "1d",
        "25h",
        "1m0.5s",
        "0.25ms",
        "123.456us",
        "1.000000001s",
        "59.999999999s",
        "1.001ms",
    ] {
        assert_eq!(SimSpan::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn rounds_floats_and_holds_them_in_range() {
    assert_eq!(SimSpan::from_nanos_rounded(1.5).nanos(), 2);
    assert_eq!(SimSpan::from_nanos_rounded(1.49).nanos(), 1);
    assert_eq!(SimSpan::from_nanos_rounded(-3.0), SimSpan::ZERO);
    assert_eq!(SimSpan::from_nanos_rounded(f64::NAN), SimSpan::ZERO);
    assert_eq!(SimSpan::from_nanos_rounded(f64::INFINITY), SimSpan::MAX);
}

#[test]
fn arithmetic_stays_within_range() {
    let one = SimSpan::from_nanos(1);
    assert_eq!(SimSpan::MAX.checked_add(one), None);
    assert_eq!(SimSpan::MAX.saturating_add(one), SimSpan::MAX);
    assert_eq!(SimSpan::ZERO.saturating_sub(one), SimSpan::ZERO);
    assert_eq!(SimSpan::MAX.checked_mul(2), None);
    assert_eq!(one.checked_mul(u64::MAX), None);
    assert_eq!(
        SimSpan::from_millis(3) - SimSpan::from_micros(1),
        SimSpan::from_micros(2_999)
    );
    assert_eq!(SimSpan::from_secs(2) * 3, SimSpan::from_secs(6));
    assert!((SimSpan::from_millis(1_500).as_secs_f64() - 1.5).abs() < 1e-15);
}

#[test]
#[should_panic(expected = "span above")]
fn a_span_beyond_the_limit_panics() {
    let _ = SimSpan::from_secs(u64::MAX);
}

proptest! {
    #[test]
    fn every_span_reads_back_from_its_text(nanos in 0..=SimSpan::MAX.nanos(), shift in 0u32..53) {
        let span = SimSpan::from_nanos(nanos >> shift);
        prop_assert_eq!(SimSpan::parse(&span.to_string()), Some(span));
    }

    #[test]
    fn parsing_never_panics(text in "[0-9a-z._µ ]{0,24}") {
        let _ = SimSpan::parse(&text);
    }
}
