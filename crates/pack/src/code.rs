//! A walk through the instructions of a function.

use crate::Outcome;
use crate::leb::Reader;
use crate::streams::{Operands, operands, operands_of_more};

/// What an instruction means for where a function belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Meaning {
    /// It calls the function of this number.
    Call(usize),
    /// It is this number, which may be an address.
    Number(i32),
    /// It reads or writes memory, this far behind an address that it is given:
    /// where that is nought, this is the address.
    Offset(usize),
    /// It takes the function of this number as a value.
    Function(usize),
    /// Anything else; so are the variables before the first instruction.
    Other,
}

const CALL: u8 = 0x10;
const NUMBER: u8 = 0x41;
const FUNCTION: u8 = 0xd2;
/// The instructions that read or write memory.
const MEMORY_FIRST: u8 = 0x28;
const MEMORY_LAST: u8 = 0x3e;

/// Tells of every instruction of a function what it means, and its bytes.
pub(crate) fn walk<'a>(body: &'a [u8], mut each: impl FnMut(Meaning, &'a [u8])) -> Outcome {
    let mut reader = Reader::new(body);
    for _ in 0..reader.unsigned()? {
        reader.unsigned()?;
        reader.byte()?;
    }
    each(Meaning::Other, reader.since(0));
    while !reader.is_at_end() {
        let start = reader.position();
        let code = reader.byte()?;
        let mut meaning = Meaning::Other;
        match code {
            CALL => meaning = Meaning::Call(reader.unsigned()?),
            NUMBER => meaning = Meaning::Number(reader.signed()?),
            MEMORY_FIRST..=MEMORY_LAST => {
                // How the address is aligned.
                reader.unsigned()?;
                meaning = Meaning::Offset(reader.unsigned()?);
            }
            FUNCTION => meaning = Meaning::Function(reader.unsigned()?),
            _ => skip(&mut reader, code)?,
        }
        each(meaning, reader.since(start));
    }
    Ok(())
}

/// Reads past what follows the code of an instruction.
fn skip(reader: &mut Reader<'_>, code: u8) -> Outcome {
    let count = match operands(code)? {
        Operands::Integers(streams) => streams.len(),
        Operands::Bytes(count) => return reader.take(count).map(drop),
        Operands::Block | Operands::Get | Operands::Set => 1,
        Operands::End => 0,
        Operands::Table => reader.unsigned()? + 1,
        Operands::More => operands_of_more(reader.unsigned()?)?,
    };
    for _ in 0..count {
        reader.raw()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_come_with_their_bytes_and_their_meaning() {
        let body = [
            1, 2, 0x7f, 0x41, 0x7f, 0x10, 0x85, 0x01, 0x28, 2, 8, 0x0e, 1, 0, 0, 0xd2, 3, 0x0b,
        ];
        let mut found = Vec::new();
        let mut bytes: Vec<u8> = Vec::new();
        let walked = walk(&body, |meaning, raw| {
            found.push(meaning);
            bytes.extend(raw);
        });
        assert_eq!(walked, Ok(()));
        assert_eq!(bytes, body);
        let expected = [
            Meaning::Other,
            Meaning::Number(-1),
            Meaning::Call(133),
            Meaning::Offset(8),
            Meaning::Other,
            Meaning::Function(3),
            Meaning::Other,
        ];
        assert_eq!(found, expected);
    }
}
