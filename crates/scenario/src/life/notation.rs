//! How numbers are written for people.

/// Digits in groups of three: `10,800,000`.
pub fn grouped(number: u64) -> String {
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
pub fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// A number that says which: `1st`, `22nd`, `113th`.
pub(super) fn ordinal(number: u64) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{}{ending}", grouped(number))
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
        let texts = [1, 2, 3, 4, 11, 12, 21, 112, 1_023].map(ordinal);
        assert_eq!(
            texts,
            ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "112th", "1,023rd"]
        );
    }
}
