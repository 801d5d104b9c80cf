//! Texts that do not come with the code that reads them: the lessons, which belong
//! to the rest of the program, and are found in the module by what they say, so the
//! files in the repository are all there is; and the texts in the languages that
//! the page does not begin with, each language a file of its own. Those stand in the
//! module between two marks, and the first line says which language it is
//! (`src/state/texts/catalogue.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::program::Program;

/// A part of the memory: its address, and its length.
pub(crate) type Place = (usize, usize);

/// What stands before the name of a text's file, and behind the text.
const BEFORE: &[u8] = b"\x02file:";
const BEHIND: u8 = 3;
/// What is shorter may be part of something else.
const EXPLANATION_MIN: usize = 30;

/// The marked texts of a program, by the names of the files that they go to.
pub(crate) fn marked(program: &Program<'_>) -> BTreeMap<String, Vec<Place>> {
    let mut files: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for (start, part) in &program.data {
        let mut from = 0;
        while let Some((offset, length, name)) = next_marked(&part[from..]) {
            let places = files.entry(name.to_owned()).or_default();
            places.push((start + from + offset, length));
            from += offset + length;
        }
    }
    files
}

/// The first marked text: where it begins, its length with its marks, and the name
/// in its first line.
fn next_marked(part: &[u8]) -> Option<(usize, usize, &str)> {
    let mut marks = part.windows(BEFORE.len()).enumerate();
    marks.find_map(|(at, window)| {
        if window != BEFORE {
            return None;
        }
        let length = part[at..].iter().position(|byte| *byte == BEHIND)? + 1;
        let text = std::str::from_utf8(&part[at + BEFORE.len()..at + length]).ok()?;
        let (name, _) = text.split_once('\n')?;
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_name.then_some((at, length, name))
    })
}

/// The texts of all lessons.
pub(crate) fn lessons() -> Outcome<Vec<String>> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/lessons"));
    let wrong = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            texts.push(crate::text(&path)?);
        }
    }
    Ok(texts)
}

/// Where the explanations of keys stand: the first part has the table of keys, but
/// explains none. They are those of the JSON schema, and nearly all of them.
pub(crate) fn explanations(program: &Program<'_>) -> Outcome<Vec<Place>> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/scenario.schema.json");
    let schema = crate::text(Path::new(file))?;
    let descriptions = schema.lines().filter_map(|line| {
        let value = line.trim().strip_prefix("\"description\": \"")?;
        Some(value.trim_end_matches(',').strip_suffix('"')?.replace("\\\"", "\""))
    });
    let texts: BTreeSet<String> = descriptions.filter(|text| text.len() >= EXPLANATION_MIN).collect();
    let found = texts
        .iter()
        .flat_map(|text| places(program, std::slice::from_ref(text)));
    let mut places: Vec<Place> = found.flatten().collect();
    places.sort_unstable();
    // None within another one.
    places.dedup_by(|next, before| next.0 < before.0 + before.1);
    if places.len() * 2 < texts.len() {
        return Err(format!(
            "of {} explanations in {file}, {} stand in the program",
            texts.len(),
            places.len()
        ));
    }
    Ok(places)
}

/// Where texts stand in the memory of a program, by address. Each has to stand
/// there once.
pub(crate) fn places(program: &Program<'_>, texts: &[String]) -> Outcome<Vec<Place>> {
    let mut places: Vec<Place> = Vec::new();
    for text in texts {
        let found = program
            .data
            .iter()
            .flat_map(|(start, part)| found_in(*start, part, text.as_bytes()));
        let found: Vec<usize> = found.collect();
        let [address] = found[..] else {
            let line = text.lines().next().unwrap_or_default();
            return Err(format!("a text stands in the module {} times: {line}", found.len()));
        };
        places.push((address, text.len()));
    }
    places.sort_unstable();
    Ok(places)
}

/// The addresses of a text in a part of the memory that begins at `start`.
fn found_in(start: usize, part: &[u8], text: &[u8]) -> Vec<usize> {
    let windows = part.windows(text.len().max(1)).enumerate();
    let same = windows.filter(|(_, window)| *window == text);
    same.map(|(at, _)| start + at).collect()
}

/// A part of the memory without the moved places in it, in pieces.
pub(crate) fn without<'a>(start: usize, part: &'a [u8], moved: &[Place]) -> Vec<(usize, &'a [u8])> {
    let mut pieces = Vec::new();
    let (mut from, end) = (start, start + part.len());
    for (address, length) in moved.iter().filter(|(address, _)| (start..end).contains(address)) {
        pieces.push((from, &part[from - start..address - start]));
        from = address + length;
    }
    pieces.push((from, &part[from - start..]));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_texts_are_found_by_the_names_of_their_files() {
        let program = Program {
            data: vec![
                (100, b"\x02file\0\x02file:zh\nabc\x03def\x02file:a b\nc\x03"),
                (200, b"\x02file:zh\n\x03\x02file:x-y\n1\x03\x02file:open\n"),
            ],
            ..Program::default()
        };
        let expected = [("x-y", vec![(210, 12)]), ("zh", vec![(106, 13), (200, 10)])];
        let expected = expected.map(|(name, places)| (name.to_owned(), places));
        assert_eq!(marked(&program), BTreeMap::from(expected));
    }

    #[test]
    fn texts_are_found_and_left_out() {
        let program = Program {
            data: vec![(100, b"abcdefgh"), (200, b"ijk")],
            ..Program::default()
        };
        let moved = places(&program, &["ijk".to_owned(), "cd".to_owned(), "h".to_owned()]);
        assert_eq!(moved, Ok(vec![(102, 2), (107, 1), (200, 3)]));
        let moved = moved.unwrap_or_default();
        assert_eq!(
            without(100, b"abcdefgh", &moved),
            [(100, &b"ab"[..]), (104, &b"efg"[..])]
        );
        assert!(without(200, b"ijk", &moved).is_empty());
        assert!(places(&program, &["x".to_owned()]).is_err(), "it is nowhere");
        let twice = Program {
            data: vec![(0, b"aba")],
            ..Program::default()
        };
        assert!(places(&twice, &["a".to_owned()]).is_err());
    }
}
