//! Bytes in letters that every browser, mail and chat program leaves alone:
//! base64url without padding, in which every byte string has one spelling.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The letters of some bytes.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for index in 0..=chunk.len() {
            let letter = LETTERS[(group >> (18 - 6 * index)) as usize & 63];
            text.push(char::from(letter));
        }
    }
    text
}

/// Why letters are not those of bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Misspelt {
    /// These do not belong; places count from 1.
    Letters(Vec<(usize, char)>),
    /// There are a few letters too few or too many at the end.
    End,
}

/// The bytes of some letters.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, Misspelt> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let mut foreign = Vec::new();
    let (mut group, mut bits) = (0u32, 0);
    for (index, letter) in text.chars().enumerate() {
        let Some(value) = value(letter) else {
            foreign.push((index + 1, letter));
            continue;
        };
        group = group << 6 | value;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((group >> bits) as u8);
            group &= (1 << bits) - 1;
        }
    }
    if !foreign.is_empty() {
        return Err(Misspelt::Letters(foreign));
    }
    // What is left of the last letter carries nothing.
    if bits >= 6 || group != 0 {
        Err(Misspelt::End)
    } else {
        Ok(bytes)
    }
}

fn value(letter: char) -> Option<u32> {
    let value = match letter {
        'A'..='Z' => letter as u32 - 'A' as u32,
        'a'..='z' => letter as u32 - 'a' as u32 + 26,
        '0'..='9' => letter as u32 - '0' as u32 + 52,
        '-' => 62,
        '_' => 63,
        _ => return None,
    };
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_spellings() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
        }
        assert_eq!(encode(&[0xfb, 0xff, 0xbf]), "-_-_");
    }

    #[test]
    fn other_spellings_are_refused() {
        assert_eq!(decode("Zh"), Err(Misspelt::End), "bits that carry nothing");
        assert_eq!(decode("Zm9vY"), Err(Misspelt::End), "one letter is no byte");
        assert_eq!(
            decode("Zm+/="),
            Err(Misspelt::Letters(vec![(3, '+'), (4, '/'), (5, '=')]))
        );
        assert_eq!(decode("Zé"), Err(Misspelt::Letters(vec![(2, 'é')])));
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            let text = encode(&bytes);
            prop_assert!(text.bytes().all(|letter| LETTERS.contains(&letter)));
            prop_assert_eq!(decode(&text), Ok(bytes));
        }

        #[test]
        fn every_text_has_one_meaning(text in "[A-Za-z0-9_-]{0,40}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
