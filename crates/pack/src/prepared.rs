//! A program that has begun already: it is started when it is built, prepares itself
//! (`src/state/prepared.rs`), and what its memory holds then is what it begins with.
//!
//! What it prepares needs nothing of a page, and leaves nothing behind but memory: no
//! global has another value than before, and the stack is empty.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::Command;

use crate::leb::{self, Reader};
use crate::module::{HEAD, MAGIC, section as put_section};
use crate::program::{END, NUMBER, Program, section};
use crate::{Outcome, read, write};

/// The function that prepares everything.
const PREPARE: &str = "mqlabPrepare";
/// The unit of memory.
const PAGE: usize = 1 << 16;
/// More noughts than this part what memory holds: a part takes about as much.
const GAP: usize = 12;

/// The same program, prepared, without the function that does it.
pub(crate) fn prepared(module: &[u8], folder: &Path) -> Outcome<Vec<u8>> {
    let [from, to] = ["unprepared.wasm", "memory"].map(|name| folder.join(name));
    write(&from, module)?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/prepare.mjs");
    let status = Command::new("node")
        .args([Path::new(script), &from, &to, Path::new(PREPARE)])
        .status()
        .map_err(|error| format!("cannot start node: {error}"))?;
    if !status.success() {
        return Err(format!("the program cannot be prepared ({status})"));
    }
    let memory = read(&to)?;
    for file in [from, to] {
        fs::remove_file(&file).map_err(|error| format!("cannot remove {}: {error}", file.display()))?;
    }
    with_memory(module, memory)
}

/// The module with other contents of its memory.
fn with_memory(module: &[u8], mut memory: Vec<u8>) -> Outcome<Vec<u8>> {
    let program = Program::read(module)?;
    let start = program.data.iter().map(|(start, _)| *start).min();
    let start = start.ok_or("the program has no data")?;
    if stack(&program)? > start {
        return Err("the stack does not stand before everything else".to_owned());
    }
    // What is left on the stack means nothing.
    memory[..start].fill(0);
    let heap = pages(&program)? * PAGE;
    if let Some(free) = free(&memory, heap) {
        for part in free {
            memory[part].fill(0);
        }
    }
    let parts = parts(&memory);
    let mut reader = Reader::new(module);
    let mut made = reader.take(HEAD)?.to_vec();
    debug_assert_eq!(made, MAGIC);
    while !reader.is_at_end() {
        let id = reader.byte()?;
        let length = reader.unsigned()?;
        let body = reader.take(length)?;
        let body = match id {
            section::MEMORY => with_pages(body, memory.len() / PAGE)?,
            section::EXPORTS => without(&program, PREPARE)?,
            section::DATA => data(&parts),
            section::DATA_COUNT => number(parts.len()),
            _ => body.to_vec(),
        };
        put_section(&mut made, id, &body);
    }
    Ok(made)
}

/// Where the stack begins, from which it grows down: the first global says it.
fn stack(program: &Program<'_>) -> Outcome<usize> {
    let globals = program.raw.get(&section::GLOBALS).ok_or("the program has no stack")?;
    let mut reader = Reader::new(globals);
    reader.unsigned()?;
    reader.take(2)?;
    if reader.byte()? != NUMBER {
        return Err("the first global is not the stack's".to_owned());
    }
    usize::try_from(reader.signed()?).map_err(|_| "the stack begins nowhere".to_owned())
}

/// What the allocator has free, but for what it has written there itself: in place of what
/// was there before, nothing need be sent. Nothing if its pieces do not make up the
/// memory from `heap` on, because it is another allocator than is known here.
///
/// A piece begins with two words, the second one with its length, a multiple of eight, and
/// in its second bit whether it is used. A free one has at most six words more.
fn free(memory: &[u8], heap: usize) -> Option<Vec<Range<usize>>> {
    const USED: usize = 2;
    const FLAGS: usize = 7;
    const OWN: usize = 32;
    let mut free = Vec::new();
    let mut at = heap;
    while at < memory.len() {
        let head = memory.get(at + 4..at + 8)?;
        let head = u32::from_le_bytes(head.try_into().ok()?) as usize;
        let length = head & !FLAGS;
        if length == 0 {
            return None;
        }
        if head & USED == 0 && length > OWN {
            free.push(at + OWN..at + length);
        }
        at += length;
    }
    (at == memory.len()).then_some(free)
}

/// How many pages the memory has at the beginning.
fn pages(program: &Program<'_>) -> Outcome<usize> {
    let memory = program.raw.get(&section::MEMORY).ok_or("the program has no memory")?;
    let mut reader = Reader::new(memory);
    reader.take(2)?;
    reader.unsigned()
}

/// What is not nought, by address.
fn parts(memory: &[u8]) -> Vec<(usize, &[u8])> {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for (at, _) in memory.iter().enumerate().filter(|(_, byte)| **byte != 0) {
        match parts.last_mut() {
            Some((_, end)) if at - *end <= GAP => *end = at + 1,
            _ => parts.push((at, at + 1)),
        }
    }
    parts.into_iter().map(|(from, to)| (from, &memory[from..to])).collect()
}

fn number(number: usize) -> Vec<u8> {
    let mut body = Vec::new();
    leb::write(&mut body, number);
    body
}

fn data(parts: &[(usize, &[u8])]) -> Vec<u8> {
    let mut body = number(parts.len());
    for (address, part) in parts {
        body.extend([0, NUMBER]);
        leb::write_signed(&mut body, *address as i32);
        body.push(END);
        leb::write(&mut body, part.len());
        body.extend(*part);
    }
    body
}

/// The section of memory with so many pages at the beginning.
fn with_pages(body: &[u8], pages: usize) -> Outcome<Vec<u8>> {
    let mut reader = Reader::new(body);
    let mut made = reader.take(2)?.to_vec();
    reader.unsigned()?;
    leb::write(&mut made, pages);
    made.extend(&body[reader.position()..]);
    Ok(made)
}

/// The section of exports without one of them.
fn without(program: &Program<'_>, name: &str) -> Outcome<Vec<u8>> {
    let others: Vec<_> = program.exports.iter().filter(|export| export.name != name).collect();
    if others.len() + 1 != program.exports.len() {
        return Err(format!("the program has no function `{name}`"));
    }
    let mut body = number(others.len());
    for export in others {
        leb::write(&mut body, export.name.len());
        body.extend(export.name.as_bytes());
        body.push(export.kind);
        leb::write(&mut body, export.index);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program() -> Vec<u8> {
        let mut module = MAGIC.to_vec();
        put_section(&mut module, section::TYPES, &[1, 0x60, 0, 0]);
        put_section(&mut module, section::FUNCTIONS, &[1, 0]);
        put_section(&mut module, section::MEMORY, &[1, 1, 1, 9]);
        put_section(&mut module, section::GLOBALS, &[1, 0x7f, 1, NUMBER, 16, END]);
        let name = PREPARE.as_bytes();
        let exports = [&[2, 1, b'm', 2, 0, name.len() as u8], name, &[0, 0]].concat();
        put_section(&mut module, section::EXPORTS, &exports);
        put_section(&mut module, section::CODE, &[1, 2, 0, END]);
        put_section(&mut module, section::DATA, &[1, 0, NUMBER, 16, END, 1, b'a']);
        module
    }

    #[test]
    fn memory_is_what_was_prepared_without_the_stack() {
        let mut memory = vec![0; 2 * PAGE];
        memory[15] = 1;
        memory[16] = b'b';
        memory[18] = b'c';
        memory[PAGE] = b'd';
        let module = with_memory(&program(), memory).expect("a program");
        let program = Program::read(&module).expect("a program");
        assert_eq!(program.data, [(16, &b"b\0c"[..]), (PAGE, &b"d"[..])]);
        assert_eq!(program.raw[&section::MEMORY], [1, 1, 2, 9]);
        let names: Vec<&str> = program.exports.iter().map(|export| export.name).collect();
        assert_eq!(names, ["m"]);
    }

    #[test]
    fn what_the_allocator_has_free_is_known_by_its_pieces() {
        let mut memory = vec![0; 200];
        let mut piece = |at: usize, head: u8| memory[at + 4] = head;
        // Used, free, and too short to have anything of before.
        piece(8, 40 | 2);
        piece(48, 120 | 1);
        piece(168, 32);
        let expected = std::iter::once(80..168).collect();
        assert_eq!(free(&memory, 8), Some(expected));
        assert_eq!(free(&memory, 16), None, "no piece begins there");
        memory[172] = 40;
        assert_eq!(free(&memory, 8), None, "they do not end where memory does");
    }

    #[test]
    fn a_stack_behind_the_data_is_refused() {
        let module = program();
        let with_stack = |start: u8| {
            let at = module
                .windows(3)
                .position(|part| part == [NUMBER, 16, END])
                .expect("the stack");
            let mut other = module.clone();
            other[at + 1] = start;
            with_memory(&other, vec![0; PAGE])
        };
        assert!(with_stack(15).is_ok());
        assert!(with_stack(17).is_err());
    }

    #[test]
    fn a_program_that_prepares_nothing_is_refused() {
        let module = with_memory(&program(), vec![0; PAGE]).expect("a program");
        let again = with_memory(&module, vec![0; PAGE]);
        assert!(again.is_err());
    }
}
