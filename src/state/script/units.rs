//! Places as the browser counts them, in units of UTF-16, and as Rust does,
//! in bytes.

/// The byte at a place that the browser names; the end if it is behind that.
pub fn byte_of(text: &str, unit: usize) -> usize {
    if unit >= text.len() {
        // Bytes are never fewer than units.
        return text.len();
    }
    let mut units = 0;
    for (at, byte) in text.bytes().enumerate() {
        if units >= unit && byte & 0xC0 != 0x80 {
            return at;
        }
        units += width(byte);
    }
    text.len()
}

/// The place of a byte as the browser names it.
pub fn unit_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).map(width).sum()
}

/// The units of the character that a byte begins.
const fn width(byte: u8) -> usize {
    match byte {
        0x80..=0xBF => 0,
        0xF0.. => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_units_agree() {
        let text = "a\u{e9}\u{4f60}\u{1f600}b";
        for (byte, letter) in text.char_indices() {
            let unit = text[..byte].encode_utf16().count();
            assert_eq!(unit_of(text, byte), unit);
            assert_eq!(byte_of(text, unit), byte);
            // In the middle of a pair: the character behind it.
            if letter.len_utf16() == 2 {
                assert_eq!(byte_of(text, unit + 1), byte + letter.len_utf8());
            }
        }
        assert_eq!((unit_of(text, 99), byte_of(text, 99)), (6, text.len()));
    }
}
