//! Numbers as people type them.

/// An exact decimal number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Number {
    /// All its digits, without the point.
    digits: u64,
    /// How many of them stand behind it.
    scale: u32,
}

impl Number {
    /// The number times `factor`, if that is a whole number that fits.
    pub(super) fn times(self, factor: u64) -> Option<u64> {
        let product = u128::from(self.digits) * u128::from(factor);
        let power = 10u128.checked_pow(self.scale)?;
        let is_whole = product.is_multiple_of(power);
        u64::try_from(product / power).ok().filter(|_| is_whole)
    }

    /// The number, nearly.
    pub(super) fn value(self) -> f64 {
        self.digits as f64 / 10f64.powi(i32::try_from(self.scale).unwrap_or(i32::MAX))
    }
}

/// The number at the beginning of a text, and what stands behind it. Digits
/// may be grouped, by three or, as Chinese readers do, by four.
pub(super) fn take_number(text: &str) -> Option<(Number, &str)> {
    let text = text.trim_start();
    let mut groups: Vec<&str> = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        groups.push(&rest[..end]);
        rest = &rest[end..];
        let mut letters = rest.chars();
        let is_separator = matches!(letters.next(), Some(',' | '_' | '\'' | ' '));
        let goes_on = letters.next().is_some_and(|letter| letter.is_ascii_digit());
        if !(is_separator && goes_on) {
            break;
        }
        rest = &rest[1..];
    }
    let (first, others) = groups.split_first()?;
    let by = |size: usize| (1..=size).contains(&first.len()) && others.iter().all(|group| group.len() == size);
    let is_plain = others.is_empty() && !first.is_empty();
    if !(is_plain || by(3) || by(4)) {
        return None;
    }
    let mut digits = groups.concat();
    let mut scale = 0;
    if let Some(behind) = rest.strip_prefix('.') {
        let end = behind
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(behind.len());
        digits.push_str(&behind[..end]);
        scale = u32::try_from(end).ok()?;
        rest = &behind[end..];
        if end == 0 {
            return None;
        }
    }
    let digits = digits.parse().ok()?;
    Some((Number { digits, scale }, rest.trim_start()))
}

/// A word for thousands or millions at the beginning of a text, and what
/// stands behind it.
pub(super) fn take_multiple(text: &str) -> (u64, &str) {
    const WORDS: [(&str, u64); 15] = [
        ("thousand", 1_000),
        ("million", 1_000_000),
        ("mio", 1_000_000),
        ("billion", 1_000_000_000),
        ("百万", 1_000_000),
        ("百萬", 1_000_000),
        ("千万", 10_000_000),
        ("千萬", 10_000_000),
        ("万", 10_000),
        ("萬", 10_000),
        ("亿", 100_000_000),
        ("億", 100_000_000),
        ("千", 1_000),
        ("k", 1_000),
        ("m", 1_000_000),
    ];
    for (word, times) in WORDS {
        if let Some(rest) = text.strip_prefix(word)
            && (!word.is_ascii() || !rest.starts_with(|letter: char| letter.is_alphabetic()))
        {
            return (times, rest.trim_start());
        }
    }
    (1, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_may_be_grouped() {
        for text in [
            "10800000",
            "10,800,000",
            "10 800 000",
            "1080,0000",
            "10_800_000",
            "10'800'000",
        ] {
            let (number, rest) = take_number(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((number.times(1), rest), (Some(10_800_000), ""), "{text}");
        }
        for text in ["", "x", "1,5", "12,34", "1.", "10,80,000", "99999999999999999999999"] {
            assert_eq!(take_number(text), None, "{text}");
        }
    }

    #[test]
    fn fractions_are_exact() {
        let (number, rest) = take_number("0.458 s").expect("a number");
        assert_eq!((number.times(1_000_000_000), rest), (Some(458_000_000), "s"));
        assert_eq!(number.times(1), None);
    }

    #[test]
    fn words_multiply() {
        assert_eq!(take_multiple("万条"), (10_000, "条"));
        assert_eq!(take_multiple("million messages"), (1_000_000, "messages"));
        assert_eq!(take_multiple("messages"), (1, "messages"));
    }
}
