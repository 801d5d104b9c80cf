//! What `--set PATH=VALUES` stands for: one value, a list, or a range.
//!
//! `1..10` counts in ones, both ends included; `10ms..50ms step 10ms` says how
//! far apart; `1,2,5` lists; `1..4,8` does both. Anything else is one value,
//! as `mqlab run --set` takes it.

use mqlab_kernel::SimSpan;

/// Most values of one path.
pub(super) const VALUES_MAX: usize = 1_000;

/// The values that a text stands for, at least one.
///
/// # Errors
/// A sentence on what is wrong with it.
pub(super) fn values(text: &str) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for item in items(text) {
        let item = item.trim();
        if item.is_empty() {
            return Err("a value is missing between the commas".to_owned());
        }
        match range(item)? {
            Some(range) => all.extend(range),
            None => all.push(item.to_owned()),
        }
        if all.len() > VALUES_MAX {
            return Err(format!("more than {VALUES_MAX} values, the limit of one path"));
        }
    }
    Ok(all)
}

/// The parts between the commas that stand in no brackets and no quotes.
fn items(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_i32, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                items.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(&text[start..]);
    items
}

/// The values of a range; `None` if the text is none. What begins with a digit
/// and has two dots in it can be nothing else.
fn range(text: &str) -> Result<Option<Vec<String>>, String> {
    let Some((low, rest)) = text.split_once("..") else {
        return Ok(None);
    };
    if !low.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Ok(None);
    }
    let (high, step) = match rest.split_once(" step ") {
        Some((high, step)) => (high, Some(step.trim())),
        None => (rest, None),
    };
    let (low, high) = (low.trim(), high.trim());
    let ends = [Some(low), Some(high), step];
    let numbers: Vec<Number> = ends
        .into_iter()
        .flatten()
        .map(|end| Number::parse(end).ok_or_else(|| not_a_number(end)))
        .collect::<Result<_, _>>()?;
    let same_unit = numbers.iter().all(|number| number.unit == numbers[0].unit);
    if same_unit {
        return counted(&numbers, step).map(Some);
    }
    match ends
        .into_iter()
        .flatten()
        .map(SimSpan::parse)
        .collect::<Option<Vec<_>>>()
    {
        Some(spans) if spans.len() == 3 => spans_between(spans[0], spans[1], spans[2]).map(Some),
        Some(_) => Err(format!("say how far apart: {low}..{high} step {low}")),
        None => Err("both ends and the step of a range have the same unit, as in 1ms..10ms step 1ms".to_owned()),
    }
}

fn not_a_number(text: &str) -> String {
    let text = text.strip_prefix('=').unwrap_or(text);
    format!("`{text}` is no end of a range; write 1..10 (both ends are included) or 1ms..10ms step 1ms")
}

/// A decimal number before a unit: `digits` / 10^`decimals`.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Number {
    digits: u64,
    decimals: u32,
    unit: String,
}

impl Number {
    fn parse(text: &str) -> Option<Number> {
        let is_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '_');
        let end = text.find(|letter| !is_number(letter)).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let (before, behind) = number.split_once('.').unwrap_or((number, ""));
        if before.is_empty() || number.ends_with('.') || unit.contains("..") || behind.len() > 9 {
            return None;
        }
        Some(Number {
            digits: format!("{before}{behind}").replace('_', "").parse().ok()?,
            decimals: u32::try_from(behind.replace('_', "").len()).ok()?,
            unit: unit.trim().to_owned(),
        })
    }

    /// The number in steps of 1 / 10^`decimals`.
    fn scaled(&self, decimals: u32) -> Option<u64> {
        self.digits.checked_mul(10_u64.checked_pow(decimals - self.decimals)?)
    }
}

/// A range of one unit, in decimals that lose nothing.
fn counted(numbers: &[Number], step: Option<&str>) -> Result<Vec<String>, String> {
    let decimals = numbers.iter().map(|number| number.decimals).max().unwrap_or(0);
    let scaled: Option<Vec<u64>> = numbers.iter().map(|number| number.scaled(decimals)).collect();
    let scaled = scaled.ok_or("the numbers of the range are too large")?;
    let one = 10_u64.pow(decimals);
    let step = if step.is_some() { scaled[2] } else { one };
    let unit = &numbers[0].unit;
    let written = |value: u64| {
        let (whole, part) = (value / one, value % one);
        if part == 0 {
            return format!("{whole}{unit}");
        }
        let part = format!("{part:0width$}", width = decimals as usize);
        format!("{whole}.{}{unit}", part.trim_end_matches('0'))
    };
    Ok(steps(scaled[0], scaled[1], step)?.into_iter().map(written).collect())
}

fn spans_between(low: SimSpan, high: SimSpan, step: SimSpan) -> Result<Vec<String>, String> {
    let found = steps(low.nanos(), high.nanos(), step.nanos())?;
    Ok(found
        .into_iter()
        .map(|nanos| SimSpan::from_nanos(nanos).to_string())
        .collect())
}

fn steps(low: u64, high: u64, step: u64) -> Result<Vec<u64>, String> {
    if step == 0 {
        return Err("a range with a step of 0 never ends".to_owned());
    }
    if high < low {
        return Err("the range ends before it begins".to_owned());
    }
    let count = (high - low) / step;
    if count >= VALUES_MAX as u64 {
        return Err(format!("{} values, the limit of one path is {VALUES_MAX}", count + 1));
    }
    Ok((0..=count).map(|index| low + index * step).collect())
}

/// Where a value stands on an axis: its number, in the unit of the others, or
/// in nanoseconds. `None` if they are no numbers of one kind.
pub(super) fn positions(values: &[String]) -> Option<(Vec<f64>, String)> {
    let numbers: Option<Vec<Number>> = values.iter().map(|value| Number::parse(value)).collect();
    let numbers = numbers?;
    let unit = &numbers.first()?.unit;
    if numbers.iter().any(|number| number.unit != *unit) || SimSpan::parse(&format!("1{unit}")).is_some() {
        let spans: Option<Vec<SimSpan>> = values.iter().map(|value| SimSpan::parse(value)).collect();
        let nanos = spans?.into_iter().map(|span| span.nanos() as f64).collect();
        return Some((nanos, "ns".to_owned()));
    }
    let value = |number: &Number| number.digits as f64 / 10_f64.powi(number.decimals as i32);
    Some((numbers.iter().map(value).collect(), unit.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        values(text).map_or_else(|error| error, |values| values.join(" "))
    }

    #[test]
    fn ranges_include_both_ends() {
        assert_eq!(of("1..4"), "1 2 3 4");
        assert_eq!(of("1..10 step 4"), "1 5 9");
        assert_eq!(of("1ms..3ms"), "1ms 2ms 3ms");
        assert_eq!(of("1_000/s..2_000/s step 500/s"), "1000/s 1500/s 2000/s");
        assert_eq!(of("0.5ms..2ms step 0.5ms"), "0.5ms 1ms 1.5ms 2ms");
        assert_eq!(of("0%..1% step 0.25%"), "0% 0.25% 0.5% 0.75% 1%");
        assert_eq!(of("7..7"), "7");
    }

    #[test]
    fn spans_of_different_units_are_a_range_with_a_step() {
        assert_eq!(of("500us..2ms step 500us"), "0.5ms 1ms 1.5ms 2ms");
        assert_eq!(of("1s..1m step 20s"), "1s 21s 41s");
        assert_eq!(of("500us..2ms"), "say how far apart: 500us..2ms step 500us");
    }

    #[test]
    fn lists_are_split_outside_of_brackets_and_quotes_only() {
        assert_eq!(of("1, 2,5"), "1 2 5");
        assert_eq!(of("1..3,8"), "1 2 3 8");
        assert_eq!(
            values("uniform(1ms, 2ms),exp(1ms)").unwrap(),
            ["uniform(1ms, 2ms)", "exp(1ms)"]
        );
        assert_eq!(values("[[\"0s\", 3]],\"a,b\"").unwrap(), ["[[\"0s\", 3]]", "\"a,b\""]);
        assert_eq!(values("true,false").unwrap(), ["true", "false"]);
    }

    #[test]
    fn what_is_no_range_is_a_value() {
        assert_eq!(of("../arrivals.csv"), "../arrivals.csv");
        assert_eq!(of("orders"), "orders");
        assert_eq!(of("\"1..3\""), "\"1..3\"");
    }

    #[test]
    fn bad_ranges_say_why() {
        for (text, part) in [
            ("1..", "no end of a range"),
            ("1..=3", "both ends are included"),
            ("1..x", "no end of a range"),
            ("1s..2s..3s", "`2s..3s` is no end of a range"),
            ("3..1", "ends before it begins"),
            ("1..3 step 0", "never ends"),
            ("1ms..3", "same unit"),
            ("1..2000", "limit"),
            ("1,,2", "missing"),
            ("", "missing"),
            ("1..99999999999999999999", "no end of a range"),
        ] {
            assert!(of(text).contains(part), "{text}: {}", of(text));
        }
    }

    #[test]
    fn values_stand_where_their_numbers_are() {
        let at = |text: &str| positions(&values(text).unwrap());
        assert_eq!(at("1,2,8"), Some((vec![1.0, 2.0, 8.0], String::new())));
        assert_eq!(at("500us,1ms"), Some((vec![500_000.0, 1_000_000.0], "ns".to_owned())));
        assert_eq!(at("1/s,20/s"), Some((vec![1.0, 20.0], "/s".to_owned())));
        assert_eq!(at("true,false"), None);
        assert_eq!(at("1,1ms"), None);
    }
}
