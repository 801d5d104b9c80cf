//! Functions that no first visit calls before the rest is here.
//!
//! Those of clusters are measured (`xtask/late.mjs`), others chosen by hand; all are known by
//! their names without hashes. What is not in the lists, as it is new or has another name now,
//! stays in the first part. What is called too early all the same is loaded on the spot
//! (`cut.rs`); `tests/browser/rest.test.mjs` plays without the rest. So an old list costs
//! room, and nothing else.

use std::collections::BTreeSet;

use crate::Outcome;
use crate::leb::{self, Reader};
use crate::module::{HEAD, section as put_section};
use crate::program::section;
use crate::reach::plain;

/// Names that are measured, a line each.
const NAMES: &str = include_str!("late.txt");
/// Names that are chosen, a line each: a star stands for any part of a name.
const CHOSEN: &str = include_str!("by_hand.txt");
/// What is put before these names, so that wasm-opt leaves those functions as they are:
/// it would make many of them a part of the one function that calls them.
pub(crate) const MARK: &str = "late::";

/// The number of the names of functions in the section of names.
const OF_FUNCTIONS: u8 = 1;

/// The module with the mark before the names of late functions.
pub(crate) fn marked(module: &[u8]) -> Outcome<Vec<u8>> {
    let names = Late::of(NAMES, CHOSEN);
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

/// Which names are those of late functions.
struct Late<'a> {
    names: BTreeSet<&'a str>,
    patterns: Vec<&'a str>,
}

impl<'a> Late<'a> {
    fn of(names: &'a str, chosen: &'a str) -> Self {
        let chosen = chosen.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (patterns, single): (Vec<&str>, Vec<&str>) = chosen.partition(|line| line.contains('*'));
        Late {
            names: names.lines().chain(single).collect(),
            patterns,
        }
    }

    fn contains(&self, name: &str) -> bool {
        self.names.contains(name) || self.patterns.iter().any(|pattern| fits(name, pattern))
    }
}

/// Whether a name is one of a pattern's.
fn fits(name: &str, pattern: &str) -> bool {
    let Some((head, more)) = pattern.split_once('*') else {
        return name == pattern;
    };
    let Some(rest) = name.strip_prefix(head) else {
        return false;
    };
    rest.char_indices()
        .map(|(at, _)| at)
        .chain([rest.len()])
        .any(|at| fits(&rest[at..], more))
}

fn with_marks(functions: &[u8], late: &Late<'_>) -> Outcome<Vec<u8>> {
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
        assert_eq!(with_marks(&names, &Late::of("a::b\n", "")), Ok(expected.clone()));
        assert_eq!(with_marks(&names, &Late::of("", "# a::c\n\na::b\n")), Ok(expected));
        assert_eq!(with_marks(&names, &Late::of("a", "")), Ok(names));
    }

    #[test]
    fn a_star_stands_for_any_part_of_a_name() {
        for (name, pattern) in [("a::b", "a::*"), ("a::", "a::*"), ("a::b::c", "a::*::c"), ("ab", "*b*")] {
            assert!(fits(name, pattern), "{name} {pattern}");
        }
        for (name, pattern) in [("b::a::c", "a::*"), ("a::c", "a::*::c"), ("a::b::d", "a::*::c")] {
            assert!(!fits(name, pattern), "{name} {pattern}");
        }
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
