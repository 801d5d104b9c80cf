//! A module that notes which of its functions are called: what `late.txt` is
//! measured with.

use std::collections::BTreeSet;

use crate::Outcome;
use crate::code::walk;
use crate::leb::{self, Reader};
use crate::module::{CODE, HEAD, MAGIC, section as put_section};
use crate::program::{END, NUMBER, Program, section};

/// What stands before a function's number in the name of the global that becomes 1
/// when it is called.
const CALLED: &str = "called";
const SET: u8 = 0x24;
const GLOBAL: u8 = 3;
/// A number of 32 bits that may change.
const CHANGING: [u8; 2] = [0x7f, 1];

/// The same module with a global for every one of some functions.
pub(crate) fn counted(module: &[u8], functions: &BTreeSet<usize>) -> Outcome<Vec<u8>> {
    let program = Program::read(module)?;
    let coded: Vec<usize> = functions
        .iter()
        .copied()
        .filter(|function| program.code(*function).is_some())
        .collect();
    let before = program.globals.len();
    let mut reader = Reader::new(module);
    reader.take(HEAD)?;
    let mut made = MAGIC.to_vec();
    while !reader.is_at_end() {
        let id = reader.byte()?;
        let length = reader.unsigned()?;
        let body = reader.take(length)?;
        let body = match id {
            section::GLOBALS => longer(body, coded.len(), |_, into| {
                into.extend(CHANGING);
                into.extend([NUMBER, 0, END]);
            })?,
            section::EXPORTS => longer(body, coded.len(), |index, into| {
                let name = format!("{CALLED}{}", coded[index]);
                leb::write(into, name.len());
                into.extend(name.as_bytes());
                into.push(GLOBAL);
                leb::write(into, before + index);
            })?,
            CODE => codes(&program, &coded)?,
            _ => body.to_vec(),
        };
        put_section(&mut made, id, &body);
    }
    Ok(made)
}

/// A section with more items at its end.
fn longer(body: &[u8], more: usize, each: impl Fn(usize, &mut Vec<u8>)) -> Outcome<Vec<u8>> {
    let mut reader = Reader::new(body);
    let count = reader.unsigned()?;
    let mut made = Vec::new();
    leb::write(&mut made, count + more);
    made.extend(&body[reader.position()..]);
    for index in 0..more {
        each(index, &mut made);
    }
    Ok(made)
}

fn codes(program: &Program<'_>, counted: &[usize]) -> Outcome<Vec<u8>> {
    let mut made = Vec::new();
    leb::write(&mut made, program.codes.len());
    for (index, body) in program.codes.iter().enumerate() {
        let mut code = Vec::with_capacity(body.len());
        let place = counted.binary_search(&(index + program.imports.len()));
        let mut is_begun = false;
        walk(body, |_, raw| {
            code.extend(raw);
            // Behind the variables.
            if !is_begun && let Ok(place) = place {
                code.extend([NUMBER, 1, SET]);
                leb::write(&mut code, program.globals.len() + place);
            }
            is_begun = true;
        })?;
        leb::write(&mut made, code.len());
        made.extend(code);
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counted_function_sets_its_global_first() {
        let mut module = MAGIC.to_vec();
        let mut put = |id, body: &[u8]| put_section(&mut module, id, body);
        put(section::TYPES, &[1, 0x60, 0, 0]);
        put(section::IMPORTS, &[1, 1, b'm', 1, b'f', 0, 0]);
        put(section::FUNCTIONS, &[2, 0, 0]);
        put(section::GLOBALS, &[1, 0x7f, 1, NUMBER, 0, END]);
        put(section::EXPORTS, &[1, 1, b'a', 0, 1]);
        // The second one has a variable.
        put(CODE, &[2, 2, 0, END, 4, 1, 1, 0x7f, END]);
        let counted = counted(&module, &BTreeSet::from([0, 2])).expect("it is a module");
        let program = Program::read(&counted).expect("it is still one");
        let codes: Vec<Vec<u8>> = program.codes.iter().map(|code| code.to_vec()).collect();
        assert_eq!(codes, [vec![0, END], vec![1, 1, 0x7f, NUMBER, 1, SET, 1, END]]);
        assert_eq!(program.globals, [CHANGING, CHANGING]);
        let given: Vec<(&str, u8, usize)> = program
            .exports
            .iter()
            .map(|export| (export.name, export.kind, export.index))
            .collect();
        assert_eq!(given, [("a", 0, 1), ("called2", GLOBAL, 1)], "an import is not counted");
    }
}
