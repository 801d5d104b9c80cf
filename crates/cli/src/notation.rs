//! How numbers are written for people.

use mqlab_engine::Value;
use mqlab_kernel::SimSpan;
pub(crate) use mqlab_scenario::life::{counted, grouped};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_in_tables_have_four_digits() {
        let shown = |nanos| cell(Value::Span(SimSpan::from_nanos(nanos)));
        let spans = [0, 7, 12_345, 5_838_471_167, 59_999_999_999, 39_743_999_700_000];
        let texts = ["0s", "7ns", "12.35us", "5.838s", "1m", "11h2m24s"];
        assert_eq!(spans.map(shown), texts);
        assert_eq!(shown(SimSpan::MAX.nanos()), cell(Value::Span(SimSpan::MAX)));
    }
}
