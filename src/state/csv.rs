//! Tables as text with commas, as RFC 4180 has it.

use mqlab_kernel::SimTime;

/// A table under way.
#[derive(Default)]
pub struct Csv {
    out: String,
}

impl Csv {
    /// Adds a row.
    pub fn row<T: AsRef<str>>(&mut self, fields: impl IntoIterator<Item = T>) {
        for (index, field) in fields.into_iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.field(field.as_ref());
        }
        self.out.push_str("\r\n");
    }

    fn field(&mut self, field: &str) {
        if field.contains(['"', ',', '\r', '\n']) {
            self.out.push('"');
            self.out.push_str(&field.replace('"', "\"\""));
            self.out.push('"');
        } else {
            self.out.push_str(field);
        }
    }

    /// The table.
    pub fn finish(self) -> String {
        self.out
    }
}

/// Nanoseconds as seconds, exact: `2160`, `0.0005`.
pub fn seconds(nanos: u64) -> String {
    let (whole, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    if rest == 0 {
        return whole.to_string();
    }
    let text = format!("{whole}.{rest:09}");
    text.trim_end_matches('0').to_owned()
}

/// An instant as it is read on the clock, exact.
pub fn clock(at: SimTime) -> String {
    let (whole, fraction) = super::format::clock(at, 9);
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{whole}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_commas_is_quoted() {
        let mut csv = Csv::default();
        csv.row(["plain", "a,b", "say \"no\"", "two\nlines", ""]);
        assert_eq!(csv.finish(), "plain,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\r\n");
    }

    #[test]
    fn seconds_are_exact() {
        let all = [0, 1, 500_000, 2_160_000_000_000, 1_500_000_000].map(seconds);
        assert_eq!(all, ["0", "0.000000001", "0.0005", "2160", "1.5"]);
        assert_eq!(clock(SimTime::from_nanos(46_800_250_000_000)), "13:00:00.25");
        assert_eq!(clock(SimTime::from_nanos(46_800_000_000_000)), "13:00:00");
    }
}
