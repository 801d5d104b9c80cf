//! Texts that belong to the rest of the program: the lessons. They are found in
//! the module by what they say, so the files in the repository are all there is.

use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::program::Program;

/// A part of the memory: its address, and its length.
pub(crate) type Place = (usize, usize);

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
