//! How numbers are written for people.

use mqlab_engine::Value;
use mqlab_kernel::SimSpan;
use mqlab_scenario::When;

/// Digits in groups of three: `10,800,000`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 variant`, `2,000 variants`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// A metric's value.
pub(crate) fn value(value: Value) -> String {
    match value {
        Value::Count(count) => grouped(count),
        other => other.to_string(),
    }
}

/// A metric's value in a table: nothing to measure is a dash, and a span has
/// four digits, because nobody compares nanoseconds by eye.
pub(crate) fn cell(measured: Value) -> String {
    match measured {
        Value::Never => "-".to_owned(),
        Value::Span(span) => rounded(span).to_string(),
        other => value(other),
    }
}

/// A span to four digits, or to a hundredth of a second from a minute on.
fn rounded(span: SimSpan) -> SimSpan {
    const MINUTE: u64 = 60_000_000_000;
    let nanos = span.nanos();
    let step = match nanos.checked_ilog10() {
        _ if nanos >= MINUTE => 10_000_000,
        Some(digits) => 10u64.pow(digits.saturating_sub(3)),
        None => 1,
    };
    let whole = (nanos + step / 2) / step * step;
    SimSpan::from_nanos(whole.min(SimSpan::MAX.nanos()))
}

/// Sixteen hexadecimal digits.
pub(crate) fn digest(digest: u64) -> String {
    format!("{digest:016x}")
}

/// When an expectation is checked, in a word or as a clock time.
pub(crate) fn when(when: When) -> String {
    match when {
        When::At(at) => at.to_string(),
        When::Always => "always".to_owned(),
        When::Never => "never".to_owned(),
        When::End => "end".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_threes() {
        let numbers = [0, 7, 999, 1_000, 10_800_000, u64::MAX];
        let texts = ["0", "7", "999", "1,000", "10,800,000", "18,446,744,073,709,551,615"];
        assert_eq!(numbers.map(grouped), texts);
        assert_eq!(counted(1, "error"), "1 error");
        assert_eq!(counted(0, "error"), "0 errors");
    }

    #[test]
    fn spans_in_tables_have_four_digits() {
        let shown = |nanos| cell(Value::Span(SimSpan::from_nanos(nanos)));
        let spans = [0, 7, 12_345, 5_838_471_167, 59_999_999_999, 39_743_999_700_000];
        let texts = ["0s", "7ns", "12.35us", "5.838s", "1m", "11h2m24s"];
        assert_eq!(spans.map(shown), texts);
        assert_eq!(shown(SimSpan::MAX.nanos()), cell(Value::Span(SimSpan::MAX)));
    }
}
