//! Lists the scenario files and their lessons, so that the page carries the
//! very texts that the command line runs, whatever is added to the folders.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Where the page's table of functions begins: a number that means nothing else,
/// so that `crates/pack/src/reach.rs` can tell who refers to which function.
const TABLE_START: u32 = 10_007;

fn main() -> io::Result<()> {
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        println!("cargo::rustc-link-arg-bins=--table-base={TABLE_START}");
    }
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let folder = Path::new(&root).join("scenarios");
    fs::write(Path::new(&out).join("scenarios.rs"), scenarios(&folder)?)?;
    let folder = folder.join("lessons");
    let mut lessons = list(&folder, "Every lesson, by the names of the files.", "LESSONS")?;
    lessons.push_str(&heads(&folder)?);
    fs::write(Path::new(&out).join("lessons.rs"), lessons)
}

/// The scenarios that a first visit can play before the rest of the program is here: the
/// path for beginners as far as it is RabbitMQ's, and two of the simplest. The texts of
/// all others come with the rest, and with them whatever only they need.
const EARLY: &[&str] = &[
    "crash-before-ack",
    "five-in-two-out",
    "mm1",
    "peak-shaving-day",
    "poison-to-dead-letter",
    "push-pull-longpoll",
    "queue-or-topic",
    "sync-or-async",
    "ttl-at-the-head",
];

/// The code of the table of scenarios. Texts that come with the rest stand together
/// between the marks of `src/state/texts/catalogue.rs`, for `crates/pack` to find.
fn scenarios(folder: &Path) -> io::Result<String> {
    const BEFORE: &str = "\u{2}file:rest\n";
    let mut entries = String::new();
    let mut late = String::from(BEFORE);
    for path in files(folder)? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = if EARLY.contains(&&*stem) {
            let shown = path.to_string_lossy();
            format!("Text::Early(include_str!({shown:?}))")
        } else {
            let from = late.len();
            late.push_str(&fs::read_to_string(&path)?);
            format!("Text::Late({from}, {})", late.len())
        };
        writeln!(entries, "    Entry {{ stem: {stem:?}, text: {text} }},").map_err(io::Error::other)?;
    }
    late.push('\u{3}');
    Ok(format!(
        "/// Every scenario, by the names of the files.\n\
        pub const SCENARIOS: &[Entry] = &[\n{entries}];\n\
        /// The texts of those that are late.\n\
        const LATE: &str = {late:?};\n"
    ))
}

/// The languages of a lesson, in the order of the page. Texts of all but the first
/// are marked: see `src/state/texts/catalogue.rs`.
const LANGUAGES: [&str; 3] = ["en", "zh-Hans", "zh-Hant"];

/// The code of what the page shows of all lessons before it has them: of each its
/// concept, and in each language two lines: a title and a sentence.
fn heads(folder: &Path) -> io::Result<String> {
    let mut concepts = String::new();
    let mut lines = LANGUAGES.map(|_| String::new());
    for path in files(folder)? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path)?;
        let head = text.split("\n[about]").next().unwrap_or_default();
        let concept = value(head, "concept");
        writeln!(concepts, "    ({stem:?}, {concept:?}),").map_err(io::Error::other)?;
        for part in ["[title]", "[sentence]"] {
            let (_, texts) = head.split_once(part).unwrap_or_default();
            for (language, lines) in LANGUAGES.iter().zip(&mut lines) {
                lines.push_str(&value(texts, language));
                lines.push('\n');
            }
        }
    }
    for (language, lines) in LANGUAGES.iter().zip(&mut lines).skip(1) {
        *lines = format!("\u{2}file:{language}\n{lines}\u{3}");
    }
    Ok(format!(
        "/// Every lesson by its file's name, with its concept.\n\
        pub(crate) const CONCEPTS_OF_LESSONS: &[(&str, &str)] = &[\n{concepts}];\n\
        /// Two lines of every lesson in each language: its title, and a sentence.\n\
        pub(crate) const HEAD_LINES: [&str; 3] = {lines:?};\n"
    ))
}

/// The first value of a name: lessons have such texts in a line each.
fn value(text: &str, name: &str) -> String {
    let values = text
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(" = \""));
    let value = values.map(|value| value.trim_end().trim_end_matches('"')).next();
    value.unwrap_or_default().replace("\\\"", "\"")
}

/// The TOML files of a folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            paths.push(path);
        }
    }
    // By name without the ending: that is what people see.
    paths.sort_by_key(|path| path.file_stem().map(|stem| stem.to_owned()));
    Ok(paths)
}

/// The code of a table of all TOML files in a folder.
fn list(folder: &Path, about: &str, name: &str) -> io::Result<String> {
    let mut code = format!("/// {about}\nconst {name}: &[File] = &[\n");
    for path in files(folder)? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let shown = path.to_string_lossy();
        writeln!(code, "    File {{ stem: {stem:?}, text: include_str!({shown:?}) }},").map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    Ok(code)
}
