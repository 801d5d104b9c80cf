//! The variable-length integers of WebAssembly.

use crate::Outcome;

/// Reads bytes from the front.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, at: 0 }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// The next `count` bytes.
    pub(crate) fn take(&mut self, count: usize) -> Outcome<&'a [u8]> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| format!("it is cut short at byte {}", self.at))?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    pub(crate) fn byte(&mut self) -> Outcome<u8> {
        Ok(self.take(1)?[0])
    }

    /// The bytes of an integer, whatever its sign and width.
    pub(crate) fn raw(&mut self) -> Outcome<&'a [u8]> {
        let length = self.bytes[self.at..].iter().position(|byte| byte & 0x80 == 0);
        self.take(length.map_or(usize::MAX, |last| last + 1))
    }

    /// Where it stands.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The bytes from a place on up to where it stands.
    pub(crate) fn since(&self, start: usize) -> &'a [u8] {
        &self.bytes[start..self.at]
    }

    /// A count, and as much text.
    pub(crate) fn text(&mut self) -> Outcome<&'a str> {
        let length = self.unsigned()?;
        std::str::from_utf8(self.take(length)?).map_err(|error| format!("a name is not text: {error}"))
    }

    /// A signed integer of 32 bits.
    pub(crate) fn signed(&mut self) -> Outcome<i32> {
        let raw = self.raw()?;
        let mut value: i64 = 0;
        for (index, byte) in raw.iter().take(5).enumerate() {
            value |= i64::from(byte & 0x7f) << (7 * index);
        }
        let bits = 7 * raw.len().min(5);
        // The highest digit tells the sign.
        if value >> (bits - 1) & 1 == 1 {
            value -= 1 << bits;
        }
        i32::try_from(value).map_err(|_| format!("a number before byte {} is too long", self.at))
    }

    /// An unsigned integer.
    pub(crate) fn unsigned(&mut self) -> Outcome<usize> {
        let raw = self.raw()?;
        if raw.len() > 5 {
            return Err(format!("a number before byte {} is too long", self.at));
        }
        let digits = raw.iter().rev();
        Ok(digits.fold(0, |value, byte| value << 7 | usize::from(byte & 0x7f)))
    }
}

/// Writes an unsigned integer, as short as it can be.
pub(crate) fn write(into: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        into.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}

/// Writes a signed integer, as short as it can be.
pub(crate) fn write_signed(into: &mut Vec<u8>, mut value: i32) {
    loop {
        let digit = (value & 0x7f) as u8;
        value >>= 7;
        let is_done = (value == 0 && digit & 0x40 == 0) || (value == -1 && digit & 0x40 != 0);
        if is_done {
            into.push(digit);
            return;
        }
        into.push(digit | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_read_as_they_were_written(value: u32) {
            let mut bytes = Vec::new();
            write(&mut bytes, value as usize);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.unsigned(), Ok(value as usize));
            prop_assert!(reader.is_at_end());
        }

        #[test]
        fn signed_numbers_are_read_as_they_were_written(value: i32) {
            let mut bytes = Vec::new();
            write_signed(&mut bytes, value);
            prop_assert_eq!(Reader::new(&bytes).signed(), Ok(value));
        }
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        assert!(Reader::new(&[0x80, 0x80]).raw().is_err());
        assert!(Reader::new(&[1]).take(2).is_err());
        assert!(Reader::new(&[0x80, 0x80, 0x80, 0x80, 0x80, 0]).unsigned().is_err());
    }
}
