//! Numbers as people read them in every language: grouped counts, digits that
//! matter, the clock. What has a unit is in `local`.

use mqlab_kernel::SimTime;

/// A count with its digits grouped: `10,800,000`.
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with as many digits as it deserves: `5,000`, `42.5`, `0.37`.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    let size = value.abs();
    let whole = (value - value.round()).abs() < 1e-6 * size.max(1.0);
    if size >= 100.0 || whole {
        let grouped = count(size.round() as u64);
        return if value < 0.0 { format!("-{grouped}") } else { grouped };
    }
    let text = if size >= 1.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(super) fn three_digits(value: f64) -> String {
    let text = if value >= 99.95 {
        return format!("{value:.0}");
    } else if value >= 9.995 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The clock in two parts: `13:00:00` and, with its point, a fraction of
/// `digits` digits. Cut and not rounded: an instant is not shown before it is
/// reached.
pub fn clock(at: SimTime, digits: usize) -> (String, String) {
    let seconds = at.second();
    let whole = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = format!("{:09}", at.nanos() % 1_000_000_000);
    (whole, format!(".{}", &fraction[..digits.min(9)]))
}

/// A digest as everybody writes it: sixteen hexadecimal digits.
pub fn digest(digest: u64) -> String {
    format!("{digest:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_three() {
        let all = [0, 7, 999, 1_000, 22_140_000].map(count);
        assert_eq!(all, ["0", "7", "999", "1,000", "22,140,000"]);
    }

    #[test]
    fn numbers_show_the_digits_that_matter() {
        let all = [5000.0, 42.54, 0.375, 0.0, 3.0, 1999.6, -12.0].map(number);
        assert_eq!(all, ["5,000", "42.5", "0.38", "0", "3", "2,000", "-12"]);
        assert_eq!(number(f64::NAN), "-");
    }

    #[test]
    fn the_clock_is_cut_not_rounded() {
        let at = SimTime::from_nanos(46_799_999_999_999);
        assert_eq!(clock(at, 3), ("12:59:59".to_owned(), ".999".to_owned()));
        assert_eq!(clock(SimTime::from_nanos(108_000_000_000_000), 3).0, "30:00:00");
    }
}
