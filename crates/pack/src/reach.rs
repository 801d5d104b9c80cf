//! Which functions the first part of a program needs.
//!
//! From what the page calls at the start, along every call and every number
//! that may be the place of a function in the table, but through no gate. The
//! table begins at a place that no other number is likely to be (`build.rs`).
//! Should a place be found by arithmetic that is not seen here, the call is caught
//! (`cut.rs`), and loads the rest on the spot.

use std::collections::BTreeSet;

use crate::Outcome;
use crate::code::{Meaning, walk};
use crate::late;
use crate::program::Program;

/// The kind of an export that is a function.
const FUNCTION: u8 = 0;
/// The bytes of a number in memory.
const WORD: usize = 4;

/// What the names of the gates begin with: functions that the page calls only
/// when the rest of the program is here (`src/ui/rest.rs`).
const GATE: &str = "rest_";

/// A shorter late function stays: what calls it in its place is as long, and one name may
/// be left of several functions that are the same.
const LATE_MIN: usize = 80;

/// What a function refers to.
#[derive(Default)]
struct Refers {
    calls: BTreeSet<usize>,
    numbers: BTreeSet<usize>,
}

/// The name of a function without the hash that the compiler puts behind it.
pub(crate) fn plain(name: &str) -> &str {
    match name.rsplit_once("::h") {
        Some((plain, hash)) if hash.bytes().all(|digit| digit.is_ascii_hexdigit() || digit == b'_') => plain,
        _ => name,
    }
}

/// What can be reached from the start.
pub(crate) struct Reached {
    /// The functions of the first part.
    pub(crate) first: BTreeSet<usize>,
    /// The gates that these come to.
    pub(crate) gates: BTreeSet<usize>,
}

/// What can be reached from the start.
pub(crate) fn reached(program: &Program<'_>) -> Outcome<Reached> {
    let closed = gates(program)?;
    let mut gates: BTreeSet<usize> = BTreeSet::new();
    let refers: Vec<Refers> = (0..program.count())
        .map(|function| refers(program, function))
        .collect::<Outcome<_>>()?;
    let memory = Memory::of(program, &refers);
    let mut found: BTreeSet<usize> = BTreeSet::new();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut open: Vec<usize> = exported(program).collect();
    while let Some(function) = open.pop() {
        if closed.contains(&function) {
            gates.insert(function);
            continue;
        }
        if !found.insert(function) {
            continue;
        }
        let refers = &refers[function];
        open.extend(&refers.calls);
        let mut numbers: Vec<usize> = refers.numbers.iter().copied().collect();
        while let Some(number) = numbers.pop() {
            open.extend(program.slots.get(&number));
            if memory.holds(number) && seen.insert(number) {
                numbers.extend(memory.object(number));
            }
        }
    }
    Ok(Reached { first: found, gates })
}

/// The functions that the page calls.
fn exported(program: &Program<'_>) -> impl Iterator<Item = usize> {
    let exported = program.exports.iter().filter(|export| export.kind == FUNCTION);
    exported.map(|export| export.index)
}

/// The gates, and late functions: a page without any gate is not the one that is meant.
fn gates(program: &Program<'_>) -> Outcome<BTreeSet<usize>> {
    let is_gate = |name: &str| {
        plain(name)
            .rsplit("::")
            .next()
            .is_some_and(|last| last.starts_with(GATE))
    };
    let gates = program.names.iter().filter(|(_, name)| is_gate(name));
    let mut gates: BTreeSet<usize> = gates.map(|(function, _)| *function).collect();
    if gates.is_empty() {
        return Err(format!(
            "no function's name begins with `{GATE}`: are the names of functions kept (`-g`)?"
        ));
    }
    let given: BTreeSet<usize> = exported(program).collect();
    let late = program.names.iter().filter(|(_, name)| name.starts_with(late::MARK));
    let is_long = |function: &usize| program.code(*function).is_some_and(|code| code.len() >= LATE_MIN);
    gates.extend(
        late.map(|(function, _)| *function)
            .filter(|function| is_long(function) && !given.contains(function)),
    );
    Ok(gates)
}

fn refers(program: &Program<'_>, function: usize) -> Outcome<Refers> {
    let mut refers = Refers::default();
    if let Some(code) = program.code(function) {
        walk(code, |meaning, _| match meaning {
            Meaning::Call(other) | Meaning::Function(other) => drop(refers.calls.insert(other)),
            // Places and addresses have no sign.
            Meaning::Number(number) => drop(refers.numbers.insert(number as u32 as usize)),
            Meaning::Offset(offset) => drop(refers.numbers.insert(offset)),
            Meaning::Other => {}
        })?;
    }
    Ok(refers)
}

/// What memory holds at the beginning, in objects: from one address that
/// something points at to the next.
struct Memory {
    start: usize,
    /// All of it, with the noughts that the module leaves out, even within a number.
    bytes: Vec<u8>,
    starts: BTreeSet<usize>,
}

impl Memory {
    fn of(program: &Program<'_>, refers: &[Refers]) -> Self {
        let start = program.data.iter().map(|(start, _)| *start).min().unwrap_or(0);
        let end = program
            .data
            .iter()
            .map(|(start, part)| start + part.len())
            .max()
            .unwrap_or(0);
        let mut bytes = vec![0; end - start + WORD];
        for (address, part) in &program.data {
            bytes[address - start..][..part.len()].copy_from_slice(part);
        }
        let mut memory = Memory {
            start,
            bytes,
            starts: BTreeSet::new(),
        };
        let in_code = refers.iter().flat_map(|refers| &refers.numbers).copied();
        let in_memory = words(start, &memory.bytes);
        let starts = in_code.chain(in_memory).filter(|address| memory.holds(*address));
        memory.starts = starts.collect();
        memory
    }

    fn holds(&self, address: usize) -> bool {
        (self.start..self.start + self.bytes.len()).contains(&address)
    }

    /// The numbers in the object at an address.
    fn object(&self, address: usize) -> Vec<usize> {
        let next = self.starts.range(address + 1..).next().copied();
        let end = next.map_or(self.bytes.len(), |next| (next - self.start).min(self.bytes.len()));
        words(address, &self.bytes[address - self.start..end]).collect()
    }
}

/// The numbers at the even addresses of a part of memory.
fn words(start: usize, part: &[u8]) -> impl Iterator<Item = usize> {
    let skipped = (WORD - start % WORD) % WORD;
    let (whole, _) = part.get(skipped..).unwrap_or_default().as_chunks::<WORD>();
    whole.iter().map(|word| u32::from_le_bytes(*word) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_name_is_compared_without_its_hash() {
        assert_eq!(plain("a::rest_b::h0123456789abcdef"), "a::rest_b");
        assert_eq!(plain("a::hello"), "a::hello");
    }

    #[test]
    fn the_place_of_a_function_is_found_though_its_noughts_are_left_out() {
        // The function stands at the place 258, and memory says so at the address 8.
        let program = Program {
            types: vec![(0, true)],
            functions: vec![0, 0],
            codes: vec![&[0, 0x41, 8, 0x28, 2, 0, 0x1a, 0x0b], &[0, 0x0b]],
            slots: BTreeMap::from([(258, 1)]),
            data: vec![(8, &[2, 1])],
            ..Program::default()
        };
        let refers: Vec<Refers> = (0..2)
            .map(|function| refers(&program, function).expect("code"))
            .collect();
        let memory = Memory::of(&program, &refers);
        assert_eq!(memory.object(8), [258]);
    }
}
