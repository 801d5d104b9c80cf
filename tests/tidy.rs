//! Rules about the text of the repository's own files.

use std::fs;
use std::path::{Path, PathBuf};

/// A file longer than this holds more than one idea.
const LINES_MAX: usize = 800;

/// A file that says this near its top was written by a program.
const GENERATED_MARK: &str = "@generated";

const SOURCE_ENDINGS: [&str; 5] = ["rs", "mjs", "js", "css", "html"];

/// Files whose contents belong to the tools that write them.
const LOCK_FILES: [&str; 2] = ["Cargo.lock", "package-lock.json"];

/// A text file of the repository.
struct File {
    /// Relative to the root, with forward slashes.
    name: String,
    text: String,
}

impl File {
    fn is_source(&self) -> bool {
        let ending = self.name.rsplit('.').next().unwrap_or_default();
        SOURCE_ENDINGS.contains(&ending)
    }

    fn is_rust(&self) -> bool {
        self.name.ends_with(".rs")
    }

    fn is_generated(&self) -> bool {
        let mut head = self.text.lines().take(5);
        head.any(|line| line.contains(GENERATED_MARK))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file below the root, except what `.gitignore` names and git's
/// own folder. Git itself is not asked: a source archive has none.
fn files() -> Vec<File> {
    let ignored = ignored();
    let mut files = Vec::new();
    let mut folders = vec![root().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder was listed before") {
            let path = entry.expect("the folder can be read").path();
            if ignored.contains(&path) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let name = path.strip_prefix(root()).expect("the walk starts at root");
                let name = name.to_string_lossy().replace('\\', "/");
                files.push(File { name, text });
            }
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

fn ignored() -> Vec<PathBuf> {
    let list = fs::read_to_string(root().join(".gitignore")).unwrap_or_default();
    list.lines()
        .filter_map(|line| line.trim().strip_prefix('/'))
        .chain([".git"])
        .map(|name| root().join(name.trim_end_matches('/')))
        .collect()
}

/// What a finished source file does not contain. The words are put together
/// here so that this file does not contain them either.
fn unfinished_words() -> Vec<String> {
    ["todo", "unimplemented", "dbg"]
        .map(|name| format!("{name}!("))
        .to_vec()
}

/// What ties a file to one machine or one package registry.
fn foreign_words() -> Vec<String> {
    let word = |parts: &[&str]| parts.concat();
    vec![
        word(&["..", "/shared"]),
        word(&["/ro", "ot/"]),
        word(&["/ho", "me/"]),
        word(&["/Us", "ers/"]),
        word(&["/wo", "rk/"]),
        word(&["npm", "js.", "org"]),
        word(&["npm", "js.", "com"]),
        word(&["crates", ".io"]),
    ]
}

/// Whether `text` contains `word`, and not as the middle of a longer path or
/// address, as in `example.org/home/page`.
fn mentions(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let continues = before.is_some_and(|one| one.is_alphanumeric() || "-_~})]".contains(one));
        !(word.starts_with('/') && continues)
    })
}

/// The lines of `files` that contain one of `words`.
fn lines_with(files: &[File], words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for (number, line) in (1..).zip(file.text.lines()) {
            if words.iter().any(|word| mentions(line, word)) {
                found.push(format!("{}:{number}: {}", file.name, line.trim()));
            }
        }
    }
    found
}

#[test]
fn no_source_file_is_too_long() {
    let mut files = files();
    files.retain(|file| file.is_source() && !file.is_generated());
    let long: Vec<String> = files
        .iter()
        .map(|file| (file.text.lines().count(), &file.name))
        .filter(|(lines, _)| *lines > LINES_MAX)
        .map(|(lines, name)| format!("{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "split these, past {LINES_MAX}: {long:#?}");
}

#[test]
fn nothing_is_left_unfinished() {
    let mut files = files();
    files.retain(File::is_rust);
    let found = lines_with(&files, &unfinished_words());
    assert!(found.is_empty(), "unfinished code: {found:#?}");
}

#[test]
fn the_page_shares_one_sort() {
    // Every type that the standard library sorts costs the page four kilobytes.
    let mut files = files();
    files.retain(|file| file.is_rust() && is_of_the_page(&file.name));
    for file in &mut files {
        let code = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        file.text = code.to_owned();
    }
    let calls = [".sort(", ".sort_by", ".sort_unstable"].map(str::to_owned);
    let found = lines_with(&files, &calls);
    assert!(found.is_empty(), "use `mqlab_kernel::sort_by`: {found:#?}");
}

/// Whether a source file becomes a part of the page, and not of its tests.
fn is_of_the_page(name: &str) -> bool {
    let is_inside = name.starts_with("src/") || name.starts_with("crates/scenario/src/");
    is_inside && !name.contains("tests")
}

#[test]
fn no_view_sets_a_style_attribute() {
    // The content security policy of the page forbids it; a property it allows.
    let mut files = files();
    files.retain(|file| file.is_rust() && file.name.starts_with("src/ui/"));
    let words = [" style=", "\"style\""].map(str::to_owned);
    let found = lines_with(&files, &words);
    assert!(found.is_empty(), "write `~style={{...}}` instead: {found:#?}");
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    let mut files = files();
    files.retain(|file| !LOCK_FILES.contains(&file.name.as_str()));
    let found = lines_with(&files, &foreign_words());
    assert!(found.is_empty(), "the project speaks of itself: {found:#?}");
}

#[test]
fn every_crate_says_what_it_is() {
    let mut files = files();
    files.retain(|file| file.name.ends_with("src/lib.rs") || file.name.ends_with("src/main.rs"));
    assert!(!files.is_empty(), "the walk found no crate");
    for file in files {
        assert!(file.text.starts_with("//!"), "{} does not start with `//!`", file.name);
    }
}

#[test]
fn the_core_crates_share_their_lint_settings() {
    let read = |folder: &str| {
        fs::read_to_string(root().join(format!("crates/{folder}/clippy.toml")))
            .unwrap_or_else(|error| panic!("crates/{folder}/clippy.toml: {error}"))
    };
    let kernel = read("kernel");
    for folder in ["model", "brokers", "engine"] {
        assert!(read(folder) == kernel, "crates/{folder}/clippy.toml differs");
    }
}

#[test]
fn a_forbidden_word_is_found_where_it_stands_alone() {
    let file = |text: String| File {
        name: "one.md".to_owned(),
        text,
    };
    let home = foreign_words().swap_remove(2);
    let bad = [file(format!("fine\nsee {home}someone\n"))];
    let good = [file(format!("https://example.org{home}page\n"))];
    assert_eq!(lines_with(&bad, &foreign_words()).len(), 1);
    assert!(lines_with(&good, &foreign_words()).is_empty());
}

/// Targets of Markdown links in a text, without those of other sites and of
/// headings.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', '#']).next()?;
        (!target.is_empty() && !target.contains("://") && !target.contains(' ')).then_some(target)
    })
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let mut broken = Vec::new();
    for file in files().into_iter().filter(|file| file.name.ends_with(".md")) {
        let folder = root().join(&file.name);
        let folder = folder.parent().expect("a file is in a folder");
        let missing = links(&file.text).filter(|target| !folder.join(target).exists());
        broken.extend(missing.map(|target| format!("{}: {target}", file.name)));
    }
    assert!(broken.is_empty(), "links to nothing: {broken:#?}");
}
