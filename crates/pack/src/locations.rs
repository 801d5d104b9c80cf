//! Where in the source a panic comes from: a thousand places, each an object in
//! memory with an address of its own, and the names of files beside them. Together
//! they take as much room as a view of the page, and they keep wasm-opt from seeing
//! that two ends of functions are the same.
//!
//! A release build has one such place, which says no more than that it is the
//! program. What a panic says stays as it is; a debug build, and the same run on
//! the command line, say where it comes from.

use std::collections::{BTreeMap, BTreeSet};

use crate::Outcome;
use crate::code::{Meaning, walk};
use crate::leb::{self, Reader};
use crate::module::{HEAD, section as put_section};
use crate::program::{END, NUMBER, Program, section};

/// The bytes of a number in memory.
const WORD: usize = 4;
/// A place in the source: the address and the length of a file's name, a line, and
/// a column.
const LOCATION: usize = 4 * WORD;
/// What names of source files end in.
const ENDING: &[u8] = b".rs";
/// No name, line or column is longer, so that nothing else is taken for a place.
const NAME_MAX: usize = 250;
const LINE_MAX: usize = 50_000;
const COLUMN_MAX: usize = 1_000;
/// What the one place calls its file.
const NAME: &[u8] = b"mqlab";
/// What the names of functions have in them that end a program, and are told last
/// where in the source: a number that stands right before such a call is a place, and
/// not, by chance, where a table before that place ends.
const ENDS: &[&str] = &["panic", "unwrap_failed", "expect_failed", "_fail", "handle_error"];
/// The crates of the standard library, which those functions are of.
const CRATES: &[&str] = &["core", "alloc", "std"];

/// The module in which all panics come from one place.
pub(crate) fn merged(module: &[u8]) -> Outcome<Vec<u8>> {
    let program = Program::read(module)?;
    let mut memory = Memory::of(&program);
    let found = memory.locations();
    let mut replaced: BTreeSet<usize> = BTreeSet::new();
    let mut kept: BTreeSet<usize> = BTreeSet::new();
    for code in &program.codes {
        each_number(&program, code, |number, is_told, _| {
            let set = if is_told && found.contains_key(&number) {
                &mut replaced
            } else {
                &mut kept
            };
            set.insert(number);
        })?;
    }
    let Some(one) = replaced.difference(&kept).next().copied() else {
        return Ok(module.to_vec());
    };
    memory.clear(&found, &replaced, one, &kept);

    let mut result = module[..HEAD].to_vec();
    let mut reader = Reader::new(&module[HEAD..]);
    while !reader.is_at_end() {
        let id = reader.byte()?;
        let length = reader.unsigned()?;
        let body = reader.take(length)?;
        match id {
            section::CODE => put_section(&mut result, id, &code(&program, &replaced, one)?),
            section::DATA => put_section(&mut result, id, &memory.section(&program)),
            _ => put_section(&mut result, id, body),
        }
    }
    Ok(result)
}

/// Whether a function ends the program, and is told last where in the source.
fn is_end(program: &Program<'_>, function: usize) -> bool {
    let name = program.names.get(&function).copied().unwrap_or_default();
    let name = name.trim_start_matches('<');
    CRATES.iter().any(|start| name.starts_with(start)) && ENDS.iter().any(|part| name.contains(part))
}

/// Tells of every number and address in a function, whether the program's end is told
/// of it as the place, and of all bytes up to there.
fn each_number<'a>(program: &Program<'_>, body: &'a [u8], mut each: impl FnMut(usize, bool, &'a [u8])) -> Outcome {
    let mut before: Option<(usize, &[u8])> = None;
    walk(body, |meaning, raw| {
        if let Some((number, bytes)) = before.take() {
            each(
                number,
                matches!(meaning, Meaning::Call(called) if is_end(program, called)),
                bytes,
            );
        }
        match meaning {
            // Addresses have no sign.
            Meaning::Number(number) => before = Some((number as u32 as usize, raw)),
            Meaning::Offset(offset) => each(offset, false, raw),
            Meaning::Call(_) | Meaning::Function(_) | Meaning::Other => each(usize::MAX, false, raw),
        }
    })
}

/// The section of code, with the one place wherever another one was told of.
fn code(program: &Program<'_>, replaced: &BTreeSet<usize>, one: usize) -> Outcome<Vec<u8>> {
    let mut section = Vec::new();
    leb::write(&mut section, program.codes.len());
    for body in &program.codes {
        let mut code = Vec::with_capacity(body.len());
        each_number(program, body, |number, is_told, raw| {
            if is_told && replaced.contains(&number) {
                put_number(&mut code, one);
            } else {
                code.extend(raw);
            }
        })?;
        leb::write(&mut section, code.len());
        section.extend(code);
    }
    Ok(section)
}

fn put_number(into: &mut Vec<u8>, number: usize) {
    into.push(NUMBER);
    // As a number of 32 bits it may look negative.
    leb::write_signed(into, number as u32 as i32);
}

/// What memory holds at the beginning, in one piece.
struct Memory {
    start: usize,
    bytes: Vec<u8>,
}

impl Memory {
    fn of(program: &Program<'_>) -> Self {
        let start = program.data.iter().map(|(start, _)| *start).min().unwrap_or(0);
        let ends = program.data.iter().map(|(start, part)| start + part.len());
        let mut bytes = vec![0; ends.max().unwrap_or(0) - start];
        for (address, part) in &program.data {
            bytes[address - start..][..part.len()].copy_from_slice(part);
        }
        Memory { start, bytes }
    }

    fn part(&self, address: usize, length: usize) -> Option<&[u8]> {
        let from = address.checked_sub(self.start)?;
        self.bytes.get(from..from.checked_add(length)?)
    }

    fn word(&self, address: usize) -> Option<usize> {
        let word = self.part(address, WORD)?.first_chunk::<WORD>()?;
        Some(u32::from_le_bytes(*word) as usize)
    }

    fn put_word(&mut self, address: usize, value: usize) {
        self.bytes[address - self.start..][..WORD].copy_from_slice(&(value as u32).to_le_bytes());
    }

    /// The addresses at which a number may stand.
    fn words(&self) -> impl Iterator<Item = usize> + use<> {
        (self.start.next_multiple_of(WORD)..self.start + self.bytes.len()).step_by(WORD)
    }

    /// The places in the source, each with the address and length of its file's name.
    fn locations(&self) -> BTreeMap<usize, (usize, usize)> {
        let found = self
            .words()
            .filter_map(|address| Some((address, self.location(address)?)));
        found.collect()
    }

    fn location(&self, address: usize) -> Option<(usize, usize)> {
        let name = (self.word(address)?, self.word(address + WORD)?);
        let line = self.word(address + 2 * WORD)?;
        let column = self.word(address + 3 * WORD)?;
        let is_small = (1..NAME_MAX).contains(&name.1) && (1..LINE_MAX).contains(&line);
        let is_one = is_small && (1..COLUMN_MAX).contains(&column) && self.part(name.0, name.1)?.ends_with(ENDING);
        is_one.then_some(name)
    }

    /// Clears the places that are replaced, and the names that nobody uses any more.
    /// The one place that is left gets a name of its own.
    fn clear(
        &mut self,
        found: &BTreeMap<usize, (usize, usize)>,
        replaced: &BTreeSet<usize>,
        one: usize,
        kept: &BTreeSet<usize>,
    ) {
        let in_memory: BTreeSet<usize> = self.words().filter_map(|address| self.word(address)).collect();
        let is_used = |address: &usize| in_memory.contains(address) || kept.contains(address);
        for address in replaced.iter().filter(|address| !is_used(address)) {
            if *address != one {
                self.put(*address, &[0; LOCATION]);
            }
        }
        let (name, length) = found[&one];
        self.put(one, &[0; LOCATION]);
        let used: BTreeSet<usize> = self.words().filter_map(|address| self.word(address)).collect();
        let names: BTreeMap<usize, usize> = found.values().copied().collect();
        for (name, length) in names {
            if !used.contains(&name) && !kept.contains(&name) {
                self.put(name, &vec![0; length]);
            }
        }
        // A name that is used elsewhere as well keeps its bytes, and stays the name.
        let is_free = self
            .part(name, length)
            .is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0));
        let shown = if is_free { NAME.len().min(length) } else { length };
        if is_free {
            self.put(name, &NAME[..shown]);
        }
        self.put_word(one, name);
        self.put_word(one + WORD, shown);
    }

    fn put(&mut self, address: usize, bytes: &[u8]) {
        self.bytes[address - self.start..][..bytes.len()].copy_from_slice(bytes);
    }

    /// The section of data, in the pieces that the program has.
    fn section(&self, program: &Program<'_>) -> Vec<u8> {
        let mut section = Vec::new();
        leb::write(&mut section, program.data.len());
        for (address, part) in &program.data {
            section.push(0);
            put_number(&mut section, *address);
            section.push(END);
            leb::write(&mut section, part.len());
            section.extend(&self.bytes[address - self.start..][..part.len()]);
        }
        section
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::MAGIC;

    /// Where the memory of the program below begins: not a round number.
    const START: usize = 10_004;
    const NAMES: &[u8] = b"src/a.rssrc/b.rs";

    /// Three places, of which the last one is told of in memory as well, the names
    /// of their files, and something that only looks like a place.
    fn memory() -> Vec<u8> {
        let names = START + 5 * LOCATION;
        let words = [
            [names, 8, 1, 2],
            [names + 8, 8, 3, 4],
            [names + 8, 8, 5, 6],
            [names, 7, 1, 1],
            [START + 2 * LOCATION, 0, 0, 0],
        ];
        let mut memory: Vec<u8> = words
            .as_flattened()
            .iter()
            .flat_map(|word| (*word as u32).to_le_bytes())
            .collect();
        memory.extend(NAMES);
        memory
    }

    /// A program that ends at these places, and that uses these other numbers.
    fn program(places: &[usize], others: &[usize]) -> Vec<u8> {
        let mut module = MAGIC.to_vec();
        put_section(&mut module, section::TYPES, &[1, 0x60, 0, 0]);
        put_section(&mut module, section::IMPORTS, &[1, 1, b'm', 1, b'f', 0, 0]);
        put_section(&mut module, section::FUNCTIONS, &[1, 0]);
        let mut body = vec![0];
        for number in others {
            put_number(&mut body, *number);
            body.push(0x1a);
        }
        for place in places {
            put_number(&mut body, *place);
            body.extend([0x10, 0]);
        }
        body.push(END);
        let mut code = vec![1];
        leb::write(&mut code, body.len());
        code.extend(body);
        put_section(&mut module, section::CODE, &code);
        let mut data = vec![1, 0];
        put_number(&mut data, START);
        data.push(END);
        leb::write(&mut data, memory().len());
        data.extend(memory());
        put_section(&mut module, section::DATA, &data);
        let names = [&[4][..], b"name", &[1, 14, 1, 0, 11], b"core::panic"].concat();
        put_section(&mut module, section::CUSTOM, &names);
        module
    }

    fn numbers(module: &[u8]) -> Vec<usize> {
        let program = Program::read(module).expect("it is a program");
        let mut numbers = Vec::new();
        walk(program.codes[0], |meaning, _| {
            if let Meaning::Number(number) = meaning {
                numbers.push(number as u32 as usize);
            }
        })
        .expect("its code is whole");
        numbers
    }

    #[test]
    fn one_place_is_left_and_says_that_it_is_the_program() {
        let [a, b, c, odd] = [0, 1, 2, 3].map(|index| START + index * LOCATION);
        let module = merged(&program(&[a, b, c, odd], &[7])).expect("it is a program");
        assert_eq!(numbers(&module), [7, a, a, a, odd]);
        let program = Program::read(&module).expect("it is still a program");
        let memory = Memory::of(&program);
        let (name, length) = (memory.word(a).unwrap_or(0), memory.word(a + WORD).unwrap_or(0));
        assert_eq!(memory.part(name, length), Some(&NAMES[..8]), "somebody else uses it");
        assert_eq!(memory.word(a + 2 * WORD), Some(0));
        assert_eq!(memory.part(b, LOCATION), Some(&[0; LOCATION][..]));
        assert_eq!(
            memory.location(c),
            Some((START + 5 * LOCATION + 8, 8)),
            "memory tells of it"
        );
        assert!(module.ends_with(b"panic"));
    }

    #[test]
    fn a_name_that_nobody_else_uses_gives_its_room() {
        let second = START + LOCATION;
        let module = merged(&program(&[second, START + 2 * LOCATION], &[])).expect("it is a program");
        let program = Program::read(&module).expect("it is still a program");
        let memory = Memory::of(&program);
        // The third place stays, because memory tells of it, and so does its name.
        assert_eq!(numbers(&module), [second, second]);
        assert_eq!(
            memory.location(START),
            Some((START + 5 * LOCATION, 8)),
            "no code uses it"
        );
    }

    #[test]
    fn where_a_table_ends_is_not_a_place() {
        let [a, b] = [0, 1].map(|index| START + index * LOCATION);
        let module = merged(&program(&[a, b], &[b])).expect("it is a program");
        assert_eq!(numbers(&module), [b, a, a]);
        let program = Program::read(&module).expect("it is still a program");
        assert!(Memory::of(&program).location(b).is_some(), "it may be meant");
    }

    #[test]
    fn a_program_without_places_stays_as_it_is() {
        let module = program(&[START + 3 * LOCATION], &[START]);
        assert_eq!(merged(&module), Ok(module));
    }
}
