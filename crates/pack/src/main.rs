//! Packs the built page: what trunk runs after a release build.
//!
//! The program is by far the largest file of the page. It is packed better than
//! a web server would do it, and `www/unpack.js` unpacks it: see
//! `docs/decisions/0007-packing.md`. The style sheets become two. A debug build is
//! left as it is.

mod code;
mod counted;
mod cut;
mod late;
mod leb;
mod locations;
mod module;
mod optimise;
mod page;
mod prepared;
mod program;
mod reach;
mod streams;
mod texts;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use cut::Parts;
use lzma_rust2::{EncodeMode, LzmaOptions, LzmaWriter, MfType};
use program::Program;
use reach::Reached;

/// Either it worked, or a sentence for the person at the terminal.
type Outcome<T = ()> = Result<T, String>;

/// How far back a repetition is found: more than the module is long.
const WINDOW: u32 = 1 << 23;

/// How deep the search for a repetition goes: packing takes a second.
const SEARCH_DEPTH: i32 = 1000;

/// What the rest of the program is called in marks, names of files and ids.
const REST: &str = "rest";
/// What the style sheet of what only the rest shows is called.
const REST_STYLE: &str = "rest-style";

/// If this variable names a file, it says afterwards what lies in which part.
const LIST: &str = "MQLAB_PACK_LIST";
/// If this variable is set, the first part has all that may be called from it, and notes
/// which of its functions are: `xtask/late.mjs`.
const COUNT: &str = "MQLAB_PACK_COUNT";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    if env::var("TRUNK_PROFILE").as_deref() != Ok("release") {
        return Ok(());
    }
    let folder = env::var("TRUNK_STAGING_DIR").map_err(|_| "trunk runs this, as a hook: see Trunk.toml".to_owned())?;
    let folder = Path::new(&folder);
    let index = text(&folder.join("index.html"))?;
    let named = page::program(&index)?;

    let module = read(&folder.join(named.module))?;
    let module = if is_counted() { module } else { late::marked(&module)? };
    let module = optimise::optimised(&module, folder, is_counted())?;
    let module = prepared::prepared(&module, folder)?;
    let loader = text(&folder.join(named.loader))?;
    let parts = parts(&module)?;
    let (first, rest, loader) = module::shorten(&parts, &loader)?;
    let mut new_index = index.clone();
    for (name, ending, bytes) in [
        (named.module, "packed", packed(&first)?),
        (named.loader, "js", page::loader(&loader)?.into_bytes()),
    ] {
        let new_name = format!("program-{:016x}.{ending}", hash(&bytes));
        write(&folder.join(&new_name), &bytes)?;
        remove(&folder.join(name))?;
        new_index = new_index.replace(name, &new_name);
    }
    let behind = parts
        .texts
        .iter()
        .map(|(name, module)| (format!("texts-{name}"), module));
    for (stem, module) in behind.chain([(REST.to_owned(), &rest)]) {
        let bytes = packed(module)?;
        let name = format!("{stem}-{:016x}.packed", hash(&bytes));
        write(&folder.join(&name), &bytes)?;
        new_index = page::with_part(&new_index, &stem, &name)?;
    }
    new_index = dressed(&index, &new_index, folder)?;
    for name in page::scripts(&index)? {
        let path = folder.join(name);
        write(&path, page::tight_script(&text(&path)?).as_bytes())?;
    }
    write(&folder.join("index.html"), page::tight_page(&new_index).as_bytes())
}

/// index.html with two style sheets in the place of all: the first screen's, and that of
/// what only the rest shows.
fn dressed(index: &str, new_index: &str, folder: &Path) -> Outcome<String> {
    let sheets = page::sheets(index)?;
    let named = |stem: &str, is_late: bool| -> Outcome<String> {
        let mut sheet = String::new();
        for one in sheets.iter().filter(|sheet| sheet.is_late == is_late) {
            let path = folder.join(one.file);
            sheet.push_str(&page::tight(&text(&path)?));
            remove(&path)?;
        }
        let name = format!("{stem}-{:016x}.css", hash(sheet.as_bytes()));
        write(&folder.join(&name), sheet.as_bytes())?;
        Ok(name)
    };
    let first = page::with_sheet(new_index, &sheets, &named("style", false)?);
    page::with_part(&first, REST_STYLE, &named(REST_STYLE, true)?)
}

fn is_counted() -> bool {
    env::var_os(COUNT).is_some()
}

/// The program, cut in two.
fn parts(module: &[u8]) -> Outcome<Parts> {
    let program = Program::read(module)?;
    let reached = reach::reached(&program)?;
    if let Some(path) = env::var_os(LIST) {
        write(Path::new(&path), list(&program, &reached).as_bytes())?;
    }
    let stays = reached.first;
    let counted = if is_counted() {
        Some(counted::counted(module, &stays)?)
    } else {
        None
    };
    let program = Program::read(counted.as_deref().unwrap_or(module))?;
    let mut marked = texts::marked(&program);
    let mut moved = texts::places(&program, &texts::lessons()?)?;
    moved.extend(marked.remove(REST).unwrap_or_default());
    moved.extend(texts::explanations(&program)?);
    moved.sort_unstable();
    cut::cut(&program, &stays, &moved, &marked)
}

/// Every function in a line: its number, its part, its length, and its name.
fn list(program: &Program<'_>, reached: &Reached) -> String {
    let mut list = String::new();
    for function in 0..program.count() {
        let Some(code) = program.code(function) else { continue };
        let part = match function {
            _ if reached.first.contains(&function) => "first",
            _ if reached.gates.contains(&function) => "gate",
            _ => "rest",
        };
        let name = program.names.get(&function).copied().unwrap_or("?");
        let name = name.strip_prefix(late::MARK).unwrap_or(name);
        list.push_str(&format!("{function} {part} {} {}\n", code.len(), reach::plain(name)));
    }
    list
}

/// The hash in a file's name: other contents, another name, so that whoever keeps
/// files by their names never mixes two builds. FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A module as the page gets it: its parts in streams, and those as one LZMA
/// file without an end mark.
fn packed(module: &[u8]) -> Outcome<Vec<u8>> {
    let sorted = streams::sorted(module)?;
    if streams::woven(&sorted)? != module {
        return Err("the module comes back changed from its streams".to_owned());
    }
    let options = LzmaOptions {
        dict_size: WINDOW,
        lc: 4,
        lp: 0,
        pb: 0,
        mode: EncodeMode::Normal,
        nice_len: LzmaOptions::NICE_LEN_MAX,
        mf: MfType::Bt4,
        depth_limit: SEARCH_DEPTH,
        preset_dict: None,
    };
    compressed(&sorted, &options).map_err(|error| format!("cannot pack the module: {error}"))
}

fn compressed(bytes: &[u8], options: &LzmaOptions) -> std::io::Result<Vec<u8>> {
    let mut writer = LzmaWriter::new_use_header(Vec::new(), options, Some(bytes.len() as u64))?;
    std::io::Write::write_all(&mut writer, bytes)?;
    writer.finish()
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn remove(path: &Path) -> Outcome {
    fs::remove_file(path).map_err(|error| format!("cannot remove {}: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Outcome {
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_is_packed_is_an_lzma_file_of_the_streams() {
        let module = module::tests::small();
        let packed = packed(&module).expect("it is a module");
        let mut sorted = Vec::new();
        lzma_rust2::LzmaReader::new_mem_limit(&packed[..], u32::MAX, None)
            .expect("the head is right")
            .read_to_end(&mut sorted)
            .expect("the body is right");
        assert_eq!(streams::woven(&sorted), Ok(module));
    }
}
