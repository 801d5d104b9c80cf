//! The parts of a module, as far as they count when it is cut in two.

use std::collections::BTreeMap;

use crate::Outcome;
use crate::leb::Reader;
use crate::module::{HEAD, MAGIC};

/// The numbers of the sections.
pub(crate) mod section {
    pub(crate) const CUSTOM: u8 = 0;
    pub(crate) const TYPES: u8 = 1;
    pub(crate) const IMPORTS: u8 = 2;
    pub(crate) const FUNCTIONS: u8 = 3;
    pub(crate) const TABLES: u8 = 4;
    pub(crate) const MEMORY: u8 = 5;
    pub(crate) const GLOBALS: u8 = 6;
    pub(crate) const EXPORTS: u8 = 7;
    pub(crate) const START: u8 = 8;
    pub(crate) const ELEMENTS: u8 = 9;
    pub(crate) const CODE: u8 = 10;
    pub(crate) const DATA: u8 = 11;
    pub(crate) const DATA_COUNT: u8 = 12;
}

/// The code of `i32.const`, and of the end of an expression.
pub(crate) const NUMBER: u8 = 0x41;
pub(crate) const END: u8 = 0x0b;

/// A function that the module is given.
#[derive(Clone, Copy)]
pub(crate) struct Import<'a> {
    pub(crate) module: &'a str,
    pub(crate) name: &'a str,
    pub(crate) kind: usize,
}

/// What the module gives: a function (kind 0), table, memory or global.
#[derive(Clone, Copy)]
pub(crate) struct Export<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: u8,
    pub(crate) index: usize,
}

/// A table: what is in it, and how long it is at the beginning.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    pub(crate) of: u8,
    pub(crate) min: usize,
    pub(crate) max: Option<usize>,
}

/// A module. Functions are numbered with the imports first.
#[derive(Default)]
pub(crate) struct Program<'a> {
    /// The sections as they stand, by number.
    pub(crate) raw: BTreeMap<u8, &'a [u8]>,
    /// Of each type: how many values a function takes, and whether it neither
    /// takes nor gives any.
    pub(crate) types: Vec<(usize, bool)>,
    pub(crate) imports: Vec<Import<'a>>,
    /// The types of the functions with code.
    pub(crate) functions: Vec<usize>,
    pub(crate) tables: Vec<Table>,
    /// Of each global its type: what it is, and whether it may change.
    pub(crate) globals: Vec<[u8; 2]>,
    pub(crate) exports: Vec<Export<'a>>,
    /// Which function stands at which place of the first table.
    pub(crate) slots: BTreeMap<usize, usize>,
    pub(crate) codes: Vec<&'a [u8]>,
    /// What memory holds at the beginning, by address.
    pub(crate) data: Vec<(usize, &'a [u8])>,
    /// What functions are called in the source.
    pub(crate) names: BTreeMap<usize, &'a str>,
}

impl<'a> Program<'a> {
    /// Takes a module apart. What a compiled program does not use is refused.
    pub(crate) fn read(module: &'a [u8]) -> Outcome<Self> {
        let mut program = Program::default();
        let mut reader = Reader::new(module);
        if reader.take(HEAD)? != MAGIC {
            return Err("what index.html names is not a WebAssembly module".to_owned());
        }
        while !reader.is_at_end() {
            let id = reader.byte()?;
            let length = reader.unsigned()?;
            let body = reader.take(length)?;
            program.section(id, body)?;
            if id != section::CUSTOM {
                program.raw.insert(id, body);
            }
        }
        if program.functions.len() != program.codes.len() {
            return Err("not every function has its code".to_owned());
        }
        Ok(program)
    }

    fn section(&mut self, id: u8, body: &'a [u8]) -> Outcome {
        let mut reader = Reader::new(body);
        if id == section::CUSTOM {
            return if reader.text()? == "name" {
                self.name_section(reader)
            } else {
                Ok(())
            };
        }
        if matches!(id, section::MEMORY | section::START | section::DATA_COUNT) {
            return Ok(());
        }
        for _ in 0..reader.unsigned()? {
            match id {
                section::TYPES => self.types.push(signature(&mut reader)?),
                section::IMPORTS => self.imports.push(import(&mut reader)?),
                section::FUNCTIONS => self.functions.push(reader.unsigned()?),
                section::TABLES => self.tables.push(table(&mut reader)?),
                section::GLOBALS => self.globals.push(global(&mut reader)?),
                section::EXPORTS => self.exports.push(Export {
                    name: reader.text()?,
                    kind: reader.byte()?,
                    index: reader.unsigned()?,
                }),
                section::ELEMENTS => self.elements(&mut reader)?,
                section::CODE => {
                    let length = reader.unsigned()?;
                    self.codes.push(reader.take(length)?);
                }
                section::DATA => {
                    let address = place(&mut reader)?;
                    let length = reader.unsigned()?;
                    self.data.push((address, reader.take(length)?));
                }
                _ => return Err(format!("the packer does not know the section {id}")),
            }
        }
        Ok(())
    }

    fn elements(&mut self, reader: &mut Reader<'a>) -> Outcome {
        let start = place(reader)?;
        for slot in start..start + reader.unsigned()? {
            self.slots.insert(slot, reader.unsigned()?);
        }
        Ok(())
    }

    fn name_section(&mut self, mut reader: Reader<'a>) -> Outcome {
        const OF_FUNCTIONS: u8 = 1;
        while !reader.is_at_end() {
            let id = reader.byte()?;
            let length = reader.unsigned()?;
            let mut names = Reader::new(reader.take(length)?);
            if id != OF_FUNCTIONS {
                continue;
            }
            for _ in 0..names.unsigned()? {
                self.names.insert(names.unsigned()?, names.text()?);
            }
        }
        Ok(())
    }

    /// The type of a function.
    pub(crate) fn kind(&self, function: usize) -> usize {
        match self.imports.get(function) {
            Some(import) => import.kind,
            None => self.functions[function - self.imports.len()],
        }
    }

    /// How many functions there are, imports among them.
    pub(crate) fn count(&self) -> usize {
        self.imports.len() + self.functions.len()
    }

    /// The code of a function; nothing for an import.
    pub(crate) fn code(&self, function: usize) -> Option<&'a [u8]> {
        self.codes.get(function.checked_sub(self.imports.len())?).copied()
    }
}

fn signature(reader: &mut Reader<'_>) -> Outcome<(usize, bool)> {
    const FUNCTION: u8 = 0x60;
    if reader.byte()? != FUNCTION {
        return Err("a type is not that of a function".to_owned());
    }
    let takes = reader.unsigned()?;
    reader.take(takes)?;
    let gives = reader.unsigned()?;
    reader.take(gives)?;
    Ok((takes, takes + gives == 0))
}

fn import<'a>(reader: &mut Reader<'a>) -> Outcome<Import<'a>> {
    let (module, name) = (reader.text()?, reader.text()?);
    if reader.byte()? != 0 {
        return Err(format!("the import `{name}` is not a function"));
    }
    let kind = reader.unsigned()?;
    Ok(Import { module, name, kind })
}

fn table(reader: &mut Reader<'_>) -> Outcome<Table> {
    let of = reader.byte()?;
    let has_max = reader.byte()? == 1;
    let min = reader.unsigned()?;
    let max = if has_max { Some(reader.unsigned()?) } else { None };
    Ok(Table { of, min, max })
}

fn global(reader: &mut Reader<'_>) -> Outcome<[u8; 2]> {
    let kind = [reader.byte()?, reader.byte()?];
    if reader.byte()? != NUMBER {
        return Err("a global does not begin as a number".to_owned());
    }
    reader.raw()?;
    if reader.byte()? != END {
        return Err("a global begins as a sum".to_owned());
    }
    Ok(kind)
}

/// Where a part of the first table, or of the memory, begins.
fn place(reader: &mut Reader<'_>) -> Outcome<usize> {
    if reader.byte()? != 0 || reader.byte()? != NUMBER {
        return Err("a part of a table or of the memory has no fixed place".to_owned());
    }
    let place = reader.signed()?;
    if reader.byte()? != END {
        return Err("a part of a table or of the memory has no fixed place".to_owned());
    }
    // Addresses have no sign.
    Ok(place as u32 as usize)
}
