//! Letters, as searches compare them.

/// A text in small letters, by the rules of Unicode.
///
/// The browser has the tables for this; those of the standard library would be a
/// fortieth of the page. Both know the same rules.
#[cfg(target_arch = "wasm32")]
pub fn small(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// A text in small letters, by the rules of Unicode.
#[cfg(not(target_arch = "wasm32"))]
pub fn small(text: &str) -> String {
    text.to_lowercase()
}

/// A text in letters of ordinary width, with ordinary spaces: Chinese input
/// methods write digits and signs that are as wide as a Chinese letter.
pub fn narrow(text: &str) -> String {
    let narrow = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3000}' | '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        other => other,
    };
    text.chars().map(narrow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_become_small_and_narrow() {
        assert_eq!(small("Ärger MIT ΣΟΦΌΣ"), "ärger mit σοφός");
        assert_eq!(narrow("\u{ff11}\u{ff12}\u{ff0c}\u{3000}x"), "12, x");
    }
}
