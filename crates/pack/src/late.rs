//! Functions that no first visit calls before the rest is here.
//!
//! They are measured (`xtask/late.mjs`), and known by their names without hashes. What is
//! not in the list, as it is new or has another name now, stays in the first part. What is
//! called too early all the same is loaded on the spot (`cut.rs`); `tests/browser/rest.test.mjs`
//! plays without the rest. So an old list costs room, and nothing else.

use std::collections::BTreeSet;

use crate::Outcome;
use crate::leb::{self, Reader};
use crate::module::{HEAD, section as put_section};
use crate::program::section;
use crate::reach::plain;

/// The names, a line each.
const NAMES: &str = include_str!("late.txt");
/// What is put before these names, so that wasm-opt leaves those functions as they are:
/// it would make many of them a part of the one function that calls them.
pub(crate) const MARK: &str = "late::";

/// The number of the names of functions in the section of names.
const OF_FUNCTIONS: u8 = 1;

/// The module with the mark before the names of late functions.
pub(crate) fn marked(module: &[u8]) -> Outcome<Vec<u8>> {
    let names: BTreeSet<&str> = NAMES.lines().collect();
    let mut reader = Reader::new(module);
    let mut made = reader.take(HEAD)?.to_vec();
    while !reader.is_at_end() {
        let id = reader.byte()?;
        let length = reader.unsigned()?;
        let body = reader.take(length)?;
        let mut inside = Reader::new(body);
        if id == section::CUSTOM && inside.text()? == "name" {
            let mut section = inside.since(0).to_vec();
            while !inside.is_at_end() {
                let id = inside.byte()?;
                let length = inside.unsigned()?;
                let part = inside.take(length)?;
                if id == OF_FUNCTIONS {
                    put_section(&mut section, id, &with_marks(part, &names)?);
                } else {
                    put_section(&mut section, id, part);
                }
            }
            put_section(&mut made, id, &section);
        } else {
            put_section(&mut made, id, body);
        }
    }
    Ok(made)
}

fn with_marks(functions: &[u8], late: &BTreeSet<&str>) -> Outcome<Vec<u8>> {
    let mut reader = Reader::new(functions);
    let count = reader.unsigned()?;
    let mut made = Vec::new();
    leb::write(&mut made, count);
    for _ in 0..count {
        leb::write(&mut made, reader.unsigned()?);
        let name = reader.text()?;
        let mark = if late.contains(plain(name)) { MARK } else { "" };
        leb::write(&mut made, mark.len() + name.len());
        made.extend(mark.bytes().chain(name.bytes()));
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::MAGIC;

    #[test]
    fn late_functions_are_marked() {
        let part = |names: [&str; 2]| {
            let mut part = vec![2];
            for (function, name) in names.iter().enumerate() {
                part.extend([function as u8, name.len() as u8]);
                part.extend(name.bytes());
            }
            part
        };
        let names = part(["a::b::h0123456789abcdef", "a::c"]);
        let expected = part(["late::a::b::h0123456789abcdef", "a::c"]);
        assert_eq!(with_marks(&names, &BTreeSet::from(["a::b"])), Ok(expected));
        assert_eq!(with_marks(&names, &BTreeSet::from(["a"])), Ok(names));
    }

    #[test]
    fn everything_but_names_stays() {
        let mut module = MAGIC.to_vec();
        put_section(&mut module, section::TYPES, &[1, 0x60, 0, 0]);
        put_section(
            &mut module,
            section::CUSTOM,
            b"\x04name\x00\x02\x01m\x01\x04\x01\x00\x01f",
        );
        put_section(&mut module, section::CUSTOM, b"\x05other\x01");
        assert_eq!(marked(&module), Ok(module));
    }
}
