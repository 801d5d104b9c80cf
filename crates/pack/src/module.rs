//! A module's sections: what need not be sent is left out.

use std::collections::BTreeMap;

use crate::Outcome;
use crate::cut::Parts;
use crate::leb::{self, Reader};

/// The length of what stands before the first section.
pub(crate) const HEAD: usize = 8;
pub(crate) const MAGIC: &[u8] = b"\0asm\x01\0\0\0";
/// The number of a section that no browser needs.
const CUSTOM: u8 = 0;
/// The number of the section of what the module is given.
const IMPORTS: u8 = 2;
/// The number of the section of functions.
pub(crate) const CODE: u8 = 10;

/// The digits of a hash at the end of a name.
const HASH_DIGITS: usize = 16;

/// Both parts of a program and their loader, with short names for what the
/// loader gives them, and without what nobody needs. The names that wasm-bindgen
/// makes end in a hash, which takes more room than the rest of the name once all
/// is packed.
pub(crate) fn shorten(parts: &Parts, loader: &str) -> Outcome<(Vec<u8>, Vec<u8>, String)> {
    let mut names = Names::default();
    let first = with_short_names(&parts.first, &mut names)?;
    let rest = with_short_names(&parts.rest, &mut names)?;
    Ok((first, rest, names.in_loader(loader)?))
}

fn with_short_names(module: &[u8], names: &mut Names) -> Outcome<Vec<u8>> {
    let mut reader = Reader::new(module);
    if reader.take(HEAD)? != MAGIC {
        return Err("what index.html names is not a WebAssembly module".to_owned());
    }
    let mut short = MAGIC.to_vec();
    while !reader.is_at_end() {
        let id = reader.byte()?;
        let length = reader.unsigned()?;
        let body = reader.take(length)?;
        match id {
            CUSTOM => {}
            IMPORTS => section(&mut short, id, &imports(body, names)?),
            _ => section(&mut short, id, body),
        }
    }
    Ok(short)
}

pub(crate) fn section(into: &mut Vec<u8>, id: u8, body: &[u8]) {
    into.push(id);
    leb::write(into, body.len());
    into.extend(body);
}

/// The section of imports with short names.
fn imports(section: &[u8], names: &mut Names) -> Outcome<Vec<u8>> {
    const FUNCTION: u8 = 0;
    const TABLE: u8 = 1;
    const GLOBAL: u8 = 3;
    let mut reader = Reader::new(section);
    let count = reader.unsigned()?;
    let mut short = Vec::new();
    leb::write(&mut short, count);
    for _ in 0..count {
        let source = reader.text()?;
        let name = names.short(reader.text()?);
        for text in [source, &name] {
            leb::write(&mut short, text.len());
            short.extend(text.as_bytes());
        }
        let start = reader.position();
        match reader.byte()? {
            FUNCTION => drop(reader.raw()?),
            GLOBAL => drop(reader.take(2)?),
            kind => {
                if kind == TABLE {
                    reader.byte()?;
                }
                let has_max = reader.byte()? == 1;
                reader.raw()?;
                if has_max {
                    reader.raw()?;
                }
            }
        }
        short.extend(reader.since(start));
    }
    Ok(short)
}

/// Long names with their short ones.
#[derive(Default)]
struct Names {
    short: BTreeMap<String, String>,
    /// How many names begin alike.
    counts: BTreeMap<String, u32>,
}

impl Names {
    /// The short name: without the hash, and with a number where another one is
    /// the same without it.
    fn short(&mut self, name: &str) -> String {
        let Some(stem) = without_hash(name) else {
            return name.to_owned();
        };
        if let Some(known) = self.short.get(name) {
            return known.clone();
        }
        let count = self.counts.entry(stem.to_owned()).or_default();
        *count += 1;
        // No name of a browser's interface ends like this.
        let short = format!("{stem}__{count}");
        self.short.insert(name.to_owned(), short.clone());
        short
    }

    /// The loader's text with short names, without indents and comments.
    fn in_loader(&self, loader: &str) -> Outcome<String> {
        let mut text = loader.to_owned();
        for (name, short) in &self.short {
            if !text.contains(name.as_str()) {
                return Err(format!("the loader does not give the module `{name}`"));
            }
            text = text.replace(name.as_str(), short);
        }
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
        Ok(lines.flat_map(|line| [line, "\n"]).collect())
    }
}

/// A name without its hash, if it ends in one.
fn without_hash(name: &str) -> Option<&str> {
    let (stem, hash) = name.rsplit_once('_')?;
    let is_hash = hash.len() == HASH_DIGITS && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
    (is_hash && stem.starts_with("__wb")).then_some(stem)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A module with one function of this body.
    pub(crate) fn with_body(body: &[u8]) -> Vec<u8> {
        let mut module = MAGIC.to_vec();
        section(&mut module, 1, &[1, 0x60, 0, 0]);
        section(&mut module, 3, &[1, 0]);
        let mut code = vec![1];
        leb::write(&mut code, body.len());
        code.extend(body);
        section(&mut module, CODE, &code);
        module
    }

    /// A module that does nothing.
    pub(crate) fn small() -> Vec<u8> {
        with_body(&[0, 0x0b])
    }

    fn importing(names: &[&str]) -> Vec<u8> {
        let mut body = vec![names.len() as u8];
        for name in names {
            body.extend([1, b'm', name.len() as u8]);
            body.extend(name.as_bytes());
            body.extend([0, 0]);
        }
        let mut module = MAGIC.to_vec();
        section(&mut module, CUSTOM, b"\x04name");
        section(&mut module, IMPORTS, &body);
        module
    }

    #[test]
    fn names_are_shortened_on_both_sides() {
        let names = [
            "__wbg_new_0123456789abcdef",
            "__wbg_new_fedcba9876543210",
            "__wbindgen_throw",
        ];
        let loader = "a = {\n    // Says who.\n    __wbg_new_0123456789abcdef: 1,\n\n    __wbg_new_fedcba9876543210: 2,\n    __wbindgen_throw: 3 }\n";
        let parts = Parts {
            first: importing(&names),
            rest: importing(&names[1..]),
            texts: BTreeMap::new(),
        };
        let (module, rest, loader) = shorten(&parts, loader).expect("it is a module");
        let mut expected = importing(&["__wbg_new__1", "__wbg_new__2", "__wbindgen_throw"]);
        expected.drain(HEAD..HEAD + 7);
        assert_eq!(module, expected);
        let mut expected = importing(&["__wbg_new__2", "__wbindgen_throw"]);
        expected.drain(HEAD..HEAD + 7);
        assert_eq!(rest, expected);
        assert_eq!(
            loader,
            "a = {\n__wbg_new__1: 1,\n__wbg_new__2: 2,\n__wbindgen_throw: 3 }\n"
        );
    }

    #[test]
    fn a_loader_of_another_module_is_refused() {
        let parts = |first: &[u8]| Parts {
            first: first.to_vec(),
            rest: small(),
            texts: BTreeMap::new(),
        };
        let module = importing(&["__wbg_new_0123456789abcdef"]);
        let message = shorten(&parts(&module), "").expect_err("it gives nothing");
        assert!(message.contains("__wbg_new"));
        assert!(shorten(&parts(b"<!doctype html>"), "").is_err());
    }
}
