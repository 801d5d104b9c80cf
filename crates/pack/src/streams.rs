//! A module with its code in streams: what instructions do in one, what they do
//! it with in others, by kind. Like next to like packs better: the numbers of
//! local variables are no help in guessing the next instruction. Which variable is read
//! is said by how many others were used since it was: what does the same then looks the
//! same, whatever numbers the variables have.
//!
//! `www/unpack.js` weaves the streams together again. The form:
//!
//! - the length of the module, and for each stream its length: 32 bits each, the
//!   lowest byte first
//! - the streams, in the order of [`STREAMS`]
//!
//! The lengths of functions are left out: an instruction says where a function
//! ends, so the weaver finds them again.

use crate::Outcome;
use crate::leb::{self, Reader};
use crate::module::{CODE, HEAD};

/// Streams by number. The decoder has the same ones.
const REST: usize = 0;
const CODES: usize = 1;
const GETS: usize = 2;
const SETS: usize = 3;
const OFFSETS: usize = 4;
const NUMBERS: usize = 5;
const WIDE_NUMBERS: usize = 6;
const VARIABLES: usize = 7;
/// How many blocks a branch leaves.
const BRANCHES: usize = 8;
/// Numbers that take more than three bytes: mostly addresses.
const LONG_NUMBERS: usize = 9;
/// How many streams there are.
const STREAMS: usize = 10;

/// The code of `i32.const`, and what stands for it if its number is a long one: no
/// instruction has that code.
const NUMBER: u8 = 0x41;
const LONG_NUMBER: u8 = 0x27;
/// How many bytes a long number has at least.
const LONG: usize = 4;
/// No function has so many variables.
const VARIABLES_MAX: usize = 1 << 16;

/// What follows the code of an instruction.
pub(crate) enum Operands {
    /// Integers, each in a stream.
    Integers(&'static [usize]),
    /// The number of a variable that is read.
    Get,
    /// The number of a variable that is written.
    Set,
    /// As many bytes, in the stream of wide numbers.
    Bytes(usize),
    /// The type of a block, which the code `END` closes.
    Block,
    /// Closes a block or the function.
    End,
    /// A count and, in the stream of codes, that many integers, and one more.
    Table,
    /// A number that says which instruction it is, and its operands.
    More,
}

/// What follows an instruction. Instructions that the compiler does not use are
/// not in the table: a module with one of them is refused.
pub(crate) fn operands(code: u8) -> Outcome<Operands> {
    Ok(match code {
        0x02..=0x04 => Operands::Block,
        0x0b => Operands::End,
        0x0c | 0x0d => Operands::Integers(&[BRANCHES]),
        0x10 => Operands::Integers(&[CODES]),
        0x0e => Operands::Table,
        0x11 => Operands::Integers(&[CODES, CODES]),
        0x20 => Operands::Get,
        0x21 | 0x22 => Operands::Set,
        0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => Operands::Integers(&[CODES]),
        0x28..=0x3e => Operands::Integers(&[CODES, OFFSETS]),
        NUMBER => Operands::Integers(&[NUMBERS]),
        0x42 => Operands::Integers(&[WIDE_NUMBERS]),
        0x43 => Operands::Bytes(4),
        0x44 => Operands::Bytes(8),
        0xfc => Operands::More,
        0x00 | 0x01 | 0x05 | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => Operands::Integers(&[]),
        _ => return Err(format!("the packer does not know the instruction {code:#04x}")),
    })
}

/// How many integers follow a number after the code 0xfc.
pub(crate) fn operands_of_more(number: usize) -> Outcome<usize> {
    match number {
        0..=7 => Ok(0),
        9 | 11 | 13 | 15..=17 => Ok(1),
        8 | 10 | 12 | 14 => Ok(2),
        _ => Err(format!("the packer does not know the instruction 0xfc {number}")),
    }
}

/// A module's bytes, in streams.
pub(crate) fn sorted(module: &[u8]) -> Outcome<Vec<u8>> {
    let mut streams: [Vec<u8>; STREAMS] = Default::default();
    let mut reader = Reader::new(module);
    streams[REST].extend(reader.take(HEAD)?);
    while !reader.is_at_end() {
        let id = reader.byte()?;
        let length = reader.unsigned()?;
        let body = reader.take(length)?;
        streams[REST].push(id);
        if id == CODE {
            sort_code(body, &mut streams)?;
        } else {
            leb::write(&mut streams[REST], length);
            streams[REST].extend(body);
        }
    }
    let mut sorted = Vec::new();
    for length in [module.len()].into_iter().chain(streams.iter().map(Vec::len)) {
        let length = u32::try_from(length).map_err(|error| error.to_string())?;
        sorted.extend(length.to_le_bytes());
    }
    sorted.extend(streams.concat());
    Ok(sorted)
}

fn sort_code(code: &[u8], streams: &mut [Vec<u8>; STREAMS]) -> Outcome {
    let mut reader = Reader::new(code);
    let count = reader.unsigned()?;
    leb::write(&mut streams[REST], count);
    for _ in 0..count {
        let length = reader.unsigned()?;
        let mut body = Reader::new(reader.take(length)?);
        let mut weave = Weave {
            pull: |_: usize, kind| match kind {
                Pull::Bytes(count) => body.take(count),
                Pull::Integer => body.raw(),
            },
            push: |stream: usize, bytes: &[u8]| streams[stream].extend(bytes),
            is_sorting: true,
            recent: Recent::default(),
        };
        weave.function()?;
        if !body.is_at_end() {
            return Err("a function goes on behind its end".to_owned());
        }
    }
    if reader.is_at_end() {
        Ok(())
    } else {
        Err("bytes stand behind the code".to_owned())
    }
}

/// The module whose streams these are: what `www/unpack.js` does.
pub(crate) fn woven(sorted: &[u8]) -> Outcome<Vec<u8>> {
    let mut reader = Reader::new(sorted);
    let mut lengths = [0; STREAMS + 1];
    for length in &mut lengths {
        let bytes = reader.take(4)?;
        *length = bytes
            .iter()
            .rev()
            .fold(0, |value, byte| value << 8 | usize::from(*byte));
    }
    let mut streams = [Reader::new(&[]); STREAMS];
    for (stream, length) in streams.iter_mut().zip(&lengths[1..]) {
        *stream = Reader::new(reader.take(*length)?);
    }
    let mut module = streams[REST].take(HEAD)?.to_vec();
    while !streams[REST].is_at_end() {
        let id = streams[REST].byte()?;
        module.push(id);
        let body = if id == CODE {
            weave_code(&mut streams)?
        } else {
            let length = streams[REST].unsigned()?;
            streams[REST].take(length)?.to_vec()
        };
        leb::write(&mut module, body.len());
        module.extend(body);
    }
    let is_whole = module.len() == lengths[0] && streams.iter().all(Reader::is_at_end);
    if is_whole {
        Ok(module)
    } else {
        Err("the streams do not end together".to_owned())
    }
}

fn weave_code(streams: &mut [Reader<'_>; STREAMS]) -> Outcome<Vec<u8>> {
    let count = streams[REST].unsigned()?;
    let mut code = Vec::new();
    leb::write(&mut code, count);
    for _ in 0..count {
        let mut body: Vec<u8> = Vec::new();
        let mut weave = Weave {
            pull: |stream: usize, kind| match kind {
                Pull::Bytes(count) => streams[stream].take(count),
                Pull::Integer => streams[stream].raw(),
            },
            push: |_: usize, bytes: &[u8]| body.extend(bytes),
            is_sorting: false,
            recent: Recent::default(),
        };
        weave.function()?;
        leb::write(&mut code, body.len());
        code.extend(body);
    }
    Ok(code)
}

/// What is asked of a stream.
enum Pull {
    Bytes(usize),
    Integer,
}

/// The variables of a function, the one that was used last first: behind those that were
/// used come the others, by number.
#[derive(Default)]
struct Recent(Vec<usize>);

impl Recent {
    /// How many others were used since a variable was, which is used now.
    fn rank(&mut self, variable: usize) -> Outcome<usize> {
        self.know(variable)?;
        let rank = self.0.iter().position(|known| *known == variable);
        let rank = rank.ok_or("a variable is lost")?;
        self.0[..=rank].rotate_right(1);
        Ok(rank)
    }

    /// The variable since which so many others were used, which is used now.
    fn at(&mut self, rank: usize) -> Outcome<usize> {
        self.know(rank)?;
        self.0[..=rank].rotate_right(1);
        Ok(self.0[0])
    }

    fn know(&mut self, last: usize) -> Outcome {
        if last >= VARIABLES_MAX {
            return Err(format!("a function has no variable {last}"));
        }
        self.0.extend(self.0.len()..=last);
        Ok(())
    }
}

/// One walk through the instructions, for both directions: what is pulled from
/// one side is pushed to the other, and the stream is said to both.
struct Weave<F, P> {
    pull: F,
    push: P,
    /// Whether it goes from a module to its streams.
    is_sorting: bool,
    recent: Recent,
}

impl<'a, F: FnMut(usize, Pull) -> Outcome<&'a [u8]>, P: FnMut(usize, &[u8])> Weave<F, P> {
    /// Hands on a part and returns it.
    fn pass(&mut self, stream: usize, kind: Pull) -> Outcome<&'a [u8]> {
        let bytes = (self.pull)(stream, kind)?;
        (self.push)(stream, bytes);
        Ok(bytes)
    }

    fn integer(&mut self, stream: usize) -> Outcome<usize> {
        Reader::new(self.pass(stream, Pull::Integer)?).unsigned()
    }

    /// Hands on which variable is read.
    fn get(&mut self) -> Outcome {
        let given = Reader::new((self.pull)(GETS, Pull::Integer)?).unsigned()?;
        let handed = if self.is_sorting {
            self.recent.rank(given)?
        } else {
            self.recent.at(given)?
        };
        let mut bytes = Vec::new();
        leb::write(&mut bytes, handed);
        (self.push)(GETS, &bytes);
        Ok(())
    }

    /// Hands on the code of an instruction, and returns it; of a number with the number.
    fn code(&mut self) -> Outcome<u8> {
        let code = (self.pull)(CODES, Pull::Bytes(1))?[0];
        if self.is_sorting && code == NUMBER {
            let number = (self.pull)(NUMBERS, Pull::Integer)?;
            let (code, stream) = match number.len() {
                ..LONG => (NUMBER, NUMBERS),
                _ => (LONG_NUMBER, LONG_NUMBERS),
            };
            (self.push)(CODES, &[code]);
            (self.push)(stream, number);
        } else if !self.is_sorting && matches!(code, NUMBER | LONG_NUMBER) {
            let stream = if code == NUMBER { NUMBERS } else { LONG_NUMBERS };
            (self.push)(CODES, &[NUMBER]);
            self.pass(stream, Pull::Integer)?;
        } else {
            (self.push)(CODES, &[code]);
            return Ok(code);
        }
        Ok(NUMBER)
    }

    fn function(&mut self) -> Outcome {
        for _ in 0..self.integer(VARIABLES)? {
            self.pass(VARIABLES, Pull::Integer)?;
            self.pass(VARIABLES, Pull::Bytes(1))?;
        }
        let mut depth = 1;
        while depth > 0 {
            let code = self.code()?;
            match operands(code)? {
                // It is handed on already.
                Operands::Integers(_) if code == NUMBER => {}
                Operands::Integers(streams) => {
                    for stream in streams {
                        self.pass(*stream, Pull::Integer)?;
                    }
                }
                Operands::Get => self.get()?,
                Operands::Set => drop(self.integer(SETS).and_then(|variable| self.recent.rank(variable))?),
                Operands::Bytes(count) => drop(self.pass(WIDE_NUMBERS, Pull::Bytes(count))?),
                Operands::Block => {
                    self.pass(CODES, Pull::Integer)?;
                    depth += 1;
                }
                Operands::End => depth -= 1,
                Operands::Table => {
                    for _ in 0..=self.integer(CODES)? {
                        self.pass(CODES, Pull::Integer)?;
                    }
                }
                Operands::More => {
                    let number = self.integer(CODES)?;
                    for _ in 0..operands_of_more(number)? {
                        self.pass(CODES, Pull::Integer)?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::tests::{small, with_body};
    use proptest::prelude::*;

    /// One of a module's streams.
    fn stream(module: &[u8], stream: usize) -> Vec<u8> {
        let sorted = sorted(module).expect("it is a module");
        let lengths = sorted[4..].chunks(4).take(STREAMS);
        let lengths: Vec<usize> = lengths
            .map(|length| u32::from_le_bytes(length.try_into().expect("four bytes")) as usize)
            .collect();
        let from = 4 * (STREAMS + 1) + lengths[..stream].iter().sum::<usize>();
        sorted[from..][..lengths[stream]].to_vec()
    }

    #[test]
    fn a_module_comes_back_from_its_streams() {
        let module = small();
        assert_eq!(woven(&sorted(&module).expect("it is a module")), Ok(module));
    }

    #[test]
    fn every_kind_of_operand_comes_back() {
        let body = [
            &[1, 2, 0x7f][..],                     // two variables
            &[0x02, 0x40, 0x20, 0, 0x0d, 0, 0x0b], // a block with a way out
            &[0x41, 0xff, 0x00, 0x42, 0x80, 0x7f], // integers
            &[0x41, 0x80, 0x80, 0x80, 0x01],       // a long one
            &[0x20, 7, 0x20, 7, 0x22, 3, 0x20, 7], // variables, again and again
            &[0x43, 1, 2, 3, 4],                   // floats
            &[0x44, 1, 2, 3, 4, 5, 6, 7, 8],
            &[0x28, 2, 0x80, 0x01, 0x21, 1],        // memory, a variable
            &[0x0e, 2, 0, 0, 0],                    // a table of ways
            &[0xfc, 10, 0, 0, 0xfc, 0, 0x11, 0, 0], // more
            &[0x0b],
        ]
        .concat();
        let module = with_body(&body);
        assert_eq!(woven(&sorted(&module).expect("it is a module")), Ok(module));
    }

    #[test]
    fn code_with_other_variables_soon_looks_the_same() {
        let body = |a: u8, b: u8| [0, 0x21, 5, 0x20, a, 0x20, b, 0x20, a, 0x20, b, 0x20, a, 0x20, b, 0x0b];
        let gets = |a, b| stream(&with_body(&body(a, b)), GETS);
        assert_eq!(gets(1, 2), [2, 3, 1, 1, 1, 1]);
        assert_eq!(gets(3, 4), [4, 5, 1, 1, 1, 1]);
    }

    #[test]
    fn an_unknown_instruction_is_named() {
        let message = sorted(&with_body(&[0, 0xfd, 0x0b])).expect_err("vectors are not known");
        assert!(message.contains("0xfd"), "{message}");
        let message = sorted(&with_body(&[0, 0xfc, 99, 0x0b])).expect_err("there is no such one");
        assert!(message.contains("99"), "{message}");
    }

    #[test]
    fn a_function_that_goes_on_behind_its_end_is_refused() {
        assert!(sorted(&with_body(&[0, 0x0b, 0x0b])).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_no_module_is_refused_without_a_panic(bytes: Vec<u8>) {
            let module = [&b"\0asm\x01\0\0\0"[..], &bytes].concat();
            let _ = (sorted(&bytes), sorted(&module), sorted(&with_body(&bytes)), woven(&bytes));
        }
    }
}
