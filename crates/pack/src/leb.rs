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
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        assert!(Reader::new(&[0x80, 0x80]).raw().is_err());
        assert!(Reader::new(&[1]).take(2).is_err());
        assert!(Reader::new(&[0x80, 0x80, 0x80, 0x80, 0x80, 0]).unsigned().is_err());
    }
}
