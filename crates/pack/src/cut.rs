//! A program cut in two: the first part, and the rest, which is loaded later
//! and works in the first part's memory and tables.
//!
//! Every function of the rest that the first part may call has a place in the
//! table. The first part calls it there; the rest, when it is loaded, puts it
//! there. Until then a *stand-in* stands in the place: it asks for the rest,
//! which then must come at once, and calls what has taken its place. The page
//! lets nobody come this far (`src/ui/rest.rs`); if somebody does all the same, the
//! program waits for a moment, and does not stop.

use std::collections::{BTreeMap, BTreeSet};

use crate::Outcome;
use crate::code::{Meaning, walk};
use crate::leb;
use crate::module::{MAGIC, section as put_section};
use crate::program::{END, NUMBER, Program, section};
use crate::texts::{self, Place};

/// The module and the name of the function that loads the rest on the spot.
/// `page.rs` adds it to what the loader gives.
pub(crate) const LOAD: &str = "load";
/// The module that the rest takes the first part's things from.
pub(crate) const FIRST: &str = "first";

/// How many noughts between two parts of memory take less room, when they are packed, than
/// the address and the length of a part.
const GAP: usize = 256;

const CALL: u8 = 0x10;
const CALL_AT: u8 = 0x11;
const GET: u8 = 0x20;
/// The kinds of imports and exports.
const FUNCTION: u8 = 0;
const TABLE: u8 = 1;
const MEMORY: u8 = 2;
const GLOBAL: u8 = 3;

/// The parts, as modules.
pub(crate) struct Parts {
    pub(crate) first: Vec<u8>,
    pub(crate) rest: Vec<u8>,
    /// Nothing but texts, by name.
    pub(crate) texts: BTreeMap<String, Vec<u8>>,
}

/// Cuts a program. `stays` are the functions of the first part.
/// `moved` are the places in memory whose contents come with the rest, and `texts`
/// those whose contents come in files of their own.
pub(crate) fn cut(
    program: &Program<'_>,
    stays: &BTreeSet<usize>,
    moved: &[Place],
    texts: &BTreeMap<String, Vec<Place>>,
) -> Outcome<Parts> {
    let mut gone: Vec<Place> = moved.iter().chain(texts.values().flatten()).copied().collect();
    gone.sort_unstable();
    let plan = Plan::new(program, stays, moved, &gone)?;
    let texts = texts.iter();
    Ok(Parts {
        first: plan.first()?,
        rest: plan.rest()?,
        texts: texts
            .map(|(name, places)| Ok((name.clone(), plan.texts(places)?)))
            .collect::<Outcome<_>>()?,
    })
}

/// Where everything goes.
struct Plan<'a> {
    program: &'a Program<'a>,
    /// The places in memory whose contents come with the rest.
    moved: &'a [Place],
    /// All places in memory whose contents do not come with the first part.
    gone: &'a [Place],
    /// The functions with code, part by part.
    first: Vec<usize>,
    rest: Vec<usize>,
    /// The imports, part by part.
    first_imports: Vec<usize>,
    rest_imports: Vec<usize>,
    /// What the rest calls in the first part.
    lent: Vec<usize>,
    /// The functions of the rest that have a place in the table, by place.
    placed: BTreeMap<usize, usize>,
    /// The places, by function.
    places: BTreeMap<usize, usize>,
    /// How long the table is.
    table: usize,
    /// The type of a function that takes and gives nothing.
    plain: usize,
}

impl<'a> Plan<'a> {
    fn new(program: &'a Program<'a>, stays: &BTreeSet<usize>, moved: &'a [Place], gone: &'a [Place]) -> Outcome<Self> {
        let coded = program.imports.len()..program.count();
        let (first, rest): (Vec<usize>, Vec<usize>) = coded.partition(|function| stays.contains(function));
        let called_by_first = calls(program, &first)?;
        let called_by_rest = calls(program, &rest)?;
        let is_import = |function: &usize| *function < program.imports.len();
        let mut imported: BTreeSet<usize> = called_by_first.iter().copied().filter(is_import).collect();
        // A place in the table, or an export, needs what stands there.
        imported.extend(program.slots.values().copied().filter(is_import));
        imported.extend(
            program
                .exports
                .iter()
                .filter(|export| export.kind == FUNCTION)
                .map(|export| export.index)
                .filter(is_import),
        );

        let mut table = program.tables.first().ok_or("the program has no table")?.min;
        let mut placed: BTreeMap<usize, usize> = BTreeMap::new();
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        for (slot, function) in &program.slots {
            if !is_import(function) && !stays.contains(function) {
                placed.insert(*slot, *function);
                places.insert(*function, *slot);
            }
        }
        for function in called_by_first
            .iter()
            .filter(|function| !is_import(function) && !stays.contains(function))
        {
            if !places.contains_key(function) {
                placed.insert(table, *function);
                places.insert(*function, table);
                table += 1;
            }
        }
        let plain = program.types.iter().position(|(_, is_plain)| *is_plain);
        Ok(Plan {
            program,
            moved,
            gone,
            lent: called_by_rest
                .iter()
                .copied()
                .filter(|function| !is_import(function) && stays.contains(function))
                .collect(),
            rest_imports: called_by_rest.iter().copied().filter(is_import).collect(),
            first_imports: imported.into_iter().collect(),
            first,
            rest,
            placed,
            places,
            table,
            plain: plain.ok_or("no function takes and gives nothing")?,
        })
    }

    /// The first part: what it is given, what stays, and the stand-ins.
    fn first(&self) -> Outcome<Vec<u8>> {
        let load = self.first_imports.len();
        let order = self.first_imports.iter().chain([&usize::MAX]).chain(&self.first);
        let numbers: BTreeMap<usize, usize> = order.enumerate().map(|(new, old)| (*old, new)).collect();
        let stand_ins: BTreeMap<usize, usize> = (numbers.len()..)
            .zip(self.placed.keys())
            .map(|(new, slot)| (*slot, new))
            .collect();

        let mut imports = Items::default();
        for import in &self.first_imports {
            self.put_import(&mut imports, *import);
        }
        imports.function(LOAD, LOAD, self.plain);
        let mut functions = Items::default();
        let mut codes = Items::default();
        for function in &self.first {
            functions.number(self.program.kind(*function));
            codes.body(&self.moved(*function, &numbers)?);
        }
        for (slot, function) in &self.placed {
            functions.number(self.program.kind(*function));
            codes.body(&self.stand_in(*slot, *function, load));
        }
        let mut exports = Items::default();
        for export in &self.program.exports {
            let index = if export.kind == FUNCTION {
                number_of(&numbers, export.index)?
            } else {
                export.index
            };
            exports.export(export.name, export.kind, index);
        }
        for (name, function) in self.lent.iter().enumerate() {
            exports.export(&name.to_string(), FUNCTION, number_of(&numbers, *function)?);
        }
        for table in 0..self.program.tables.len() {
            exports.export(&format!("t{table}"), TABLE, table);
        }
        for global in 0..self.program.globals.len() {
            exports.export(&format!("g{global}"), GLOBAL, global);
        }
        exports.export("m", MEMORY, 0);
        let mut table = BTreeMap::new();
        for (slot, function) in &self.program.slots {
            if !self.placed.contains_key(slot) {
                table.insert(*slot, number_of(&numbers, *function)?);
            }
        }
        table.extend(&stand_ins);

        let parts = self.program.data.iter();
        let data = parts.flat_map(|(start, part)| texts::without(*start, part, self.gone));
        let data = joined(data);
        let data = contents(data.iter().map(|(address, part)| (*address, &part[..])));
        let mut made = BTreeMap::from([
            (section::DATA, data.section()),
            (section::IMPORTS, imports.section()),
            (section::FUNCTIONS, functions.section()),
            (section::TABLES, self.tables().section()),
            (section::EXPORTS, exports.section()),
            (section::ELEMENTS, elements(&table).section()),
            (section::CODE, codes.section()),
        ]);
        if self.program.raw.contains_key(&section::DATA_COUNT) {
            made.insert(section::DATA_COUNT, Items::single(data.count));
        }
        if let Some(start) = self.program.raw.get(&section::START) {
            let start = leb::Reader::new(start).unsigned()?;
            made.insert(section::START, Items::single(number_of(&numbers, start)?));
        }
        Ok(self.module(&made, &[section::TYPES, section::MEMORY, section::GLOBALS]))
    }

    /// The rest: everything that is not its own is the first part's.
    fn rest(&self) -> Outcome<Vec<u8>> {
        let order = self.rest_imports.iter().chain(&self.lent).chain(&self.rest);
        let numbers: BTreeMap<usize, usize> = order.enumerate().map(|(new, old)| (*old, new)).collect();
        let mut imports = Items::default();
        for import in &self.rest_imports {
            self.put_import(&mut imports, *import);
        }
        for (name, function) in self.lent.iter().enumerate() {
            imports.function(FIRST, &name.to_string(), self.program.kind(*function));
        }
        for (index, table) in self.program.tables.iter().enumerate() {
            // It may have grown, but not past its limit.
            let min = if index == 0 { self.table } else { table.min };
            imports.import(FIRST, &format!("t{index}"), TABLE);
            imports.limits(Some(table.of), min, table.max.map(|max| max.max(min)));
        }
        self.put_memory(&mut imports)?;
        for (index, global) in self.program.globals.iter().enumerate() {
            imports.import(FIRST, &format!("g{index}"), GLOBAL);
            imports.bytes.extend(global);
        }
        let mut functions = Items::default();
        let mut codes = Items::default();
        for function in &self.rest {
            functions.number(self.program.kind(*function));
            codes.body(&self.within(*function, &numbers)?);
        }
        let mut table = BTreeMap::new();
        for (slot, function) in &self.placed {
            table.insert(*slot, number_of(&numbers, *function)?);
        }
        let made = BTreeMap::from([
            (section::IMPORTS, imports.section()),
            (section::FUNCTIONS, functions.section()),
            (section::ELEMENTS, elements(&table).section()),
            (section::CODE, codes.section()),
            (
                section::DATA,
                contents(self.moved.iter().filter_map(|place| self.content(*place))).section(),
            ),
        ]);
        Ok(self.module(&made, &[section::TYPES]))
    }

    /// A part that is nothing but texts in the first part's memory.
    fn texts(&self, places: &[Place]) -> Outcome<Vec<u8>> {
        let mut imports = Items::default();
        self.put_memory(&mut imports)?;
        let texts = contents(places.iter().filter_map(|place| self.content(*place)));
        let made = BTreeMap::from([(section::IMPORTS, imports.section()), (section::DATA, texts.section())]);
        Ok(self.module(&made, &[]))
    }

    /// The first part's memory is given.
    fn put_memory(&self, imports: &mut Items) -> Outcome {
        let memory = self.program.raw.get(&section::MEMORY);
        let memory = memory.ok_or("the program has no memory")?;
        imports.import(FIRST, "m", MEMORY);
        // One memory: its limits follow the count.
        imports.bytes.extend(&memory[1..]);
        Ok(())
    }

    /// What stands at a place in memory.
    fn content(&self, (address, length): Place) -> Option<(usize, &'a [u8])> {
        let mut parts = self.program.data.iter();
        let (start, part) = parts.find(|(start, part)| (*start..start + part.len()).contains(&address))?;
        Some((address, part.get(address - start..address - start + length)?))
    }

    fn put_import(&self, into: &mut Items, import: usize) {
        let import = self.program.imports[import];
        into.function(import.module, import.name, import.kind);
    }

    fn tables(&self) -> Items {
        let mut tables = Items::default();
        for (index, table) in self.program.tables.iter().enumerate() {
            let min = if index == 0 { self.table } else { table.min };
            tables.count += 1;
            tables.limits(Some(table.of), min, table.max.map(|max| max.max(min)));
        }
        tables
    }

    /// The code of a function of the first part: what it calls in the rest, it
    /// calls by its place.
    fn moved(&self, function: usize, numbers: &BTreeMap<usize, usize>) -> Outcome<Vec<u8>> {
        self.rewritten(function, |called, code| {
            match (numbers.get(&called), self.places.get(&called)) {
                (Some(number), _) => {
                    code.push(CALL);
                    leb::write(code, *number);
                    Ok(())
                }
                (None, Some(slot)) => {
                    call_at(code, *slot, self.program.kind(called));
                    Ok(())
                }
                (None, None) => Err(format!("the function {called} is in neither part")),
            }
        })
    }

    /// The code of a function of the rest.
    fn within(&self, function: usize, numbers: &BTreeMap<usize, usize>) -> Outcome<Vec<u8>> {
        self.rewritten(function, |called, code| {
            code.push(CALL);
            leb::write(code, number_of(numbers, called)?);
            Ok(())
        })
    }

    fn rewritten(&self, function: usize, mut call: impl FnMut(usize, &mut Vec<u8>) -> Outcome) -> Outcome<Vec<u8>> {
        let body = self.program.code(function).ok_or("an import has no code")?;
        let mut code = Vec::with_capacity(body.len());
        let mut outcome = Ok(());
        walk(body, |meaning, raw| {
            let done = match meaning {
                Meaning::Call(called) => call(called, &mut code),
                Meaning::Function(_) => Err("a function is taken as a value".to_owned()),
                Meaning::Number(_) | Meaning::Offset(_) | Meaning::Other => {
                    code.extend(raw);
                    Ok(())
                }
            };
            if done.is_err() && outcome.is_ok() {
                outcome = done;
            }
        })?;
        outcome.map(|()| code)
    }

    /// Stands in a place until the rest is there.
    fn stand_in(&self, slot: usize, function: usize, load: usize) -> Vec<u8> {
        let kind = self.program.kind(function);
        let mut code = vec![0, CALL];
        leb::write(&mut code, load);
        for argument in 0..self.program.types[kind].0 {
            code.push(GET);
            leb::write(&mut code, argument);
        }
        call_at(&mut code, slot, kind);
        code.push(END);
        code
    }

    /// A module of sections that were made, and of some that stay as they are.
    fn module(&self, made: &BTreeMap<u8, Vec<u8>>, kept: &[u8]) -> Vec<u8> {
        // The count of the data stands before the code, against its number.
        const ORDER: [u8; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];
        let mut module = MAGIC.to_vec();
        for id in ORDER {
            let kept = self.program.raw.get(&id).copied().filter(|_| kept.contains(&id));
            if let Some(body) = made.get(&id).map(Vec::as_slice).or(kept) {
                put_section(&mut module, id, body);
            }
        }
        module
    }
}

/// Calls what stands at a place of the table.
fn call_at(code: &mut Vec<u8>, slot: usize, kind: usize) {
    put_place(code, slot);
    code.push(CALL_AT);
    leb::write(code, kind);
    code.push(0);
}

fn put_place(into: &mut Vec<u8>, place: usize) {
    into.push(NUMBER);
    // No table is so long that this would have a sign.
    leb::write_signed(into, place as i32);
}

fn number_of(numbers: &BTreeMap<usize, usize>, function: usize) -> Outcome<usize> {
    let number = numbers.get(&function).copied();
    number.ok_or_else(|| format!("the function {function} is not where it is called"))
}

fn calls(program: &Program<'_>, functions: &[usize]) -> Outcome<BTreeSet<usize>> {
    let mut calls = BTreeSet::new();
    for code in functions.iter().filter_map(|function| program.code(*function)) {
        walk(code, |meaning, _| {
            if let Meaning::Call(called) = meaning {
                calls.insert(called);
            }
        })?;
    }
    Ok(calls)
}

/// What stands in the table, in runs of places one behind the other.
fn elements(table: &BTreeMap<usize, usize>) -> Items {
    let mut runs: Vec<(usize, Vec<usize>)> = Vec::new();
    for (slot, function) in table {
        match runs.last_mut() {
            Some((start, run)) if *start + run.len() == *slot => run.push(*function),
            _ => runs.push((*slot, vec![*function])),
        }
    }
    let mut items = Items::default();
    for (start, run) in runs {
        items.count += 1;
        items.bytes.push(0);
        put_place(&mut items.bytes, start);
        items.bytes.push(END);
        leb::write(&mut items.bytes, run.len());
        for function in run {
            leb::write(&mut items.bytes, function);
        }
    }
    items
}

/// The same with noughts between parts that are near each other. What comes there later,
/// from another module, comes after these.
fn joined<'b>(parts: impl Iterator<Item = (usize, &'b [u8])>) -> Vec<(usize, Vec<u8>)> {
    let mut joined: Vec<(usize, Vec<u8>)> = Vec::new();
    for (address, part) in parts {
        match joined.last_mut() {
            Some((start, before)) if address - (*start + before.len()) <= GAP => {
                before.resize(address - *start, 0);
                before.extend(part);
            }
            _ => joined.push((address, part.to_vec())),
        }
    }
    joined
}

/// What memory holds, by address.
fn contents<'b>(parts: impl Iterator<Item = (usize, &'b [u8])>) -> Items {
    let mut items = Items::default();
    for (address, part) in parts {
        items.count += 1;
        items.bytes.push(0);
        put_place(&mut items.bytes, address);
        items.bytes.push(END);
        leb::write(&mut items.bytes, part.len());
        items.bytes.extend(part);
    }
    items
}

/// A section as it is written.
#[derive(Default)]
struct Items {
    count: usize,
    bytes: Vec<u8>,
}

impl Items {
    fn section(&self) -> Vec<u8> {
        let mut section = Items::single(self.count);
        section.extend(&self.bytes);
        section
    }

    fn single(number: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        leb::write(&mut bytes, number);
        bytes
    }

    fn number(&mut self, number: usize) {
        self.count += 1;
        leb::write(&mut self.bytes, number);
    }

    fn body(&mut self, code: &[u8]) {
        self.number(code.len());
        self.bytes.extend(code);
    }

    fn text(&mut self, text: &str) {
        leb::write(&mut self.bytes, text.len());
        self.bytes.extend(text.as_bytes());
    }

    fn import(&mut self, module: &str, name: &str, kind: u8) {
        self.count += 1;
        self.text(module);
        self.text(name);
        self.bytes.push(kind);
    }

    fn function(&mut self, module: &str, name: &str, kind: usize) {
        self.import(module, name, FUNCTION);
        leb::write(&mut self.bytes, kind);
    }

    fn export(&mut self, name: &str, kind: u8, index: usize) {
        self.count += 1;
        self.text(name);
        self.bytes.push(kind);
        leb::write(&mut self.bytes, index);
    }

    fn limits(&mut self, of: Option<u8>, min: usize, max: Option<usize>) {
        self.bytes.extend(of);
        self.bytes.push(u8::from(max.is_some()));
        leb::write(&mut self.bytes, min);
        if let Some(max) = max {
            leb::write(&mut self.bytes, max);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reach::reached;

    /// A program with four functions: an import, one that is exported and calls a
    /// gate, the gate, which calls the last one and the import, and the last one.
    fn program() -> Vec<u8> {
        let mut module = MAGIC.to_vec();
        let mut put = |id, body: &[u8]| put_section(&mut module, id, body);
        put(section::TYPES, &[1, 0x60, 0, 0]);
        put(section::IMPORTS, &[1, 1, b'm', 1, b'f', 0, 0]);
        put(section::FUNCTIONS, &[3, 0, 0, 0]);
        put(section::TABLES, &[1, 0x70, 0, 8]);
        put(section::MEMORY, &[1, 0, 1]);
        put(section::GLOBALS, &[1, 0x7f, 1, NUMBER, 0, END]);
        put(section::EXPORTS, &[1, 1, b'a', FUNCTION, 1]);
        // The last function stands in the table as well.
        put(section::ELEMENTS, &[1, 0, NUMBER, 5, END, 1, 3]);
        put(
            section::CODE,
            &[3, 4, 0, CALL, 2, END, 6, 0, CALL, 3, CALL, 0, END, 2, 0, END],
        );
        put(section::DATA, &[1, 0, NUMBER, 8, END, 4, b'a', b'b', b'c', b'd']);
        let names = [&[4][..], b"name", &[1, 10, 1, 2, 7], b"rest_on"].concat();
        put(section::CUSTOM, &names);
        module
    }

    #[test]
    fn what_stands_behind_a_gate_goes_and_is_called_by_its_place() {
        let module = program();
        let program = Program::read(&module).expect("it is a program");
        let stays = reached(&program).expect("it has a gate").first;
        assert_eq!(stays, BTreeSet::from([1]));
        let parts = cut(&program, &stays, &[(9, 2)], &BTreeMap::new()).expect("it can be cut");

        let first = Program::read(&parts.first).expect("the first part is a program");
        let given: Vec<&str> = first.imports.iter().map(|import| import.name).collect();
        assert_eq!(given, [LOAD], "nobody calls the other one here");
        // The exported function, and a stand-in for each place.
        let call = [0, NUMBER, 8, CALL_AT, 0, 0, END];
        let stand_in = |slot| [0, CALL, 0, NUMBER, slot, CALL_AT, 0, 0, END];
        let codes: Vec<Vec<u8>> = first.codes.iter().map(|code| code.to_vec()).collect();
        assert_eq!(codes, [call.to_vec(), stand_in(5).to_vec(), stand_in(8).to_vec()]);
        assert_eq!(first.slots, BTreeMap::from([(5, 2), (8, 3)]));
        assert_eq!(first.tables[0].min, 9, "it is one place longer");
        assert_eq!(first.data, [(8, &b"a\0\0d"[..])]);
        let names: Vec<&str> = first.exports.iter().map(|export| export.name).collect();
        assert_eq!(names, ["a", "t0", "g0", "m"]);
    }

    #[test]
    fn the_rest_takes_its_places() {
        let module = program();
        let program = Program::read(&module).expect("it is a program");
        let parts = cut(&program, &BTreeSet::from([1]), &[(9, 2)], &BTreeMap::new()).expect("it can be cut");
        let mut reader = leb::Reader::new(&parts.rest);
        assert!(reader.take(MAGIC.len()).is_ok());
        let mut sections = BTreeMap::new();
        while !reader.is_at_end() {
            let id = reader.byte().expect("a section has a number");
            let length = reader.unsigned().expect("a section has a length");
            sections.insert(id, reader.take(length).expect("a section is whole"));
        }
        // The import comes first, then the gate and the last function.
        assert_eq!(sections[&section::CODE], [2, 6, 0, CALL, 2, CALL, 0, END, 2, 0, END]);
        assert_eq!(
            sections[&section::ELEMENTS],
            [2, 0, NUMBER, 5, END, 1, 2, 0, NUMBER, 8, END, 1, 1]
        );
        assert_eq!(sections[&section::DATA], [1, 0, NUMBER, 9, END, 2, b'b', b'c']);
        let imports = [
            &[4, 1, b'm', 1, b'f', FUNCTION, 0, 5][..],
            b"first",
            &[2, b't', b'0', TABLE, 0x70, 0, 9, 5],
            b"first",
            &[1, b'm', MEMORY, 0, 1, 5],
            b"first",
            &[2, b'g', b'0', GLOBAL, 0x7f, 1],
        ];
        assert_eq!(sections[&section::IMPORTS], imports.concat());
    }

    #[test]
    fn texts_become_parts_of_their_own() {
        let module = program();
        let program = Program::read(&module).expect("it is a program");
        let texts = BTreeMap::from([("x".to_owned(), vec![(8, 1)])]);
        let parts = cut(&program, &BTreeSet::from([1]), &[(9, 2)], &texts).expect("it can be cut");
        let first = Program::read(&parts.first).expect("the first part is a program");
        assert_eq!(first.data, [(11, &b"d"[..])]);
        let mut expected = MAGIC.to_vec();
        put_section(
            &mut expected,
            section::IMPORTS,
            &[&[1, 5][..], b"first", &[1, b'm', MEMORY, 0, 1]].concat(),
        );
        put_section(&mut expected, section::DATA, &[1, 0, NUMBER, 8, END, 1, b'a']);
        assert_eq!(parts.texts, BTreeMap::from([("x".to_owned(), expected)]));
    }

    #[test]
    fn parts_of_memory_that_are_near_each_other_are_one() {
        let far = 9 + GAP + 1;
        let parts = [(8, &b"a"[..]), (far - 1, b"b"), (far + GAP + 1, b"c")];
        let near = [&b"a"[..], &[0; GAP], b"b"].concat();
        let expected = vec![(8, near), (far + GAP + 1, b"c".to_vec())];
        assert_eq!(joined(parts.into_iter()), expected);
    }

    #[test]
    fn a_program_without_a_gate_is_refused() {
        let module = program();
        let mut program = Program::read(&module).expect("it is a program");
        program.names.clear();
        assert!(reached(&program).is_err_and(|message| message.contains("-g")));
    }
}
