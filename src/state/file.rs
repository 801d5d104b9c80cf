//! The work as a file: the scenario's text, with what was done by hand as
//! `[[at]]` entries in it, so that any other tool reads it.

use crate::state::letters;
use crate::state::texts::{Key, Language};
use mqlab_scenario::limits::TEXT_BYTES_MAX;
use mqlab_scenario::{Act, with_acts};

/// The largest file that is opened.
pub const FILE_BYTES_MAX: usize = TEXT_BYTES_MAX;

/// The name of a file whose text has no title.
const NAMELESS: &str = "scenario";

/// The most characters of a file's name, without its ending.
const NAME_CHARS_MAX: usize = 60;

/// What is wrong with a file that somebody opens. Lines count from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileFinding {
    /// More bytes than [`FILE_BYTES_MAX`].
    TooLarge(usize),
    /// It is text in two bytes a letter.
    Utf16,
    /// A byte that is no text, in this line.
    NotText(usize),
    /// A character without meaning that texts never hold, in this line.
    Nul(usize),
    /// Nothing but space.
    Empty,
    /// The browser could not read it.
    Unreadable,
}

impl FileFinding {
    /// A stable name.
    pub const fn code(self) -> &'static str {
        match self {
            FileFinding::TooLarge(_) => "file-too-large",
            FileFinding::Utf16 => "file-utf16",
            FileFinding::NotText(_) => "file-not-text",
            FileFinding::Nul(_) => "file-nul",
            FileFinding::Empty => "file-empty",
            FileFinding::Unreadable => "file-unreadable",
        }
    }

    /// What it says to a person.
    pub fn text(self, language: Language) -> String {
        match self {
            FileFinding::TooLarge(bytes) => language.with(Key::FileTooLarge, &kib(bytes)),
            FileFinding::Utf16 => language.text(Key::FileUtf16).to_owned(),
            FileFinding::NotText(line) => language.with(Key::FileNotText, &line.to_string()),
            FileFinding::Nul(line) => language.with(Key::FileNul, &line.to_string()),
            FileFinding::Empty => language.text(Key::FileEmpty).to_owned(),
            FileFinding::Unreadable => language.text(Key::FileUnreadable).to_owned(),
        }
    }
}

fn kib(bytes: usize) -> String {
    format!("{} KiB", crate::state::format::count(bytes.div_ceil(1024) as u64))
}

/// The text of an opened file, or everything that is wrong with it.
pub fn open(bytes: &[u8]) -> Result<String, Vec<FileFinding>> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(vec![FileFinding::TooLarge(bytes.len())]);
    }
    if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return Err(vec![FileFinding::Utf16]);
    }
    let mut found = Vec::new();
    // Some editors write this mark in front of every text; it means nothing.
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        found.push(FileFinding::Nul(line(bytes, at)));
    }
    match str::from_utf8(bytes) {
        Err(error) => found.push(FileFinding::NotText(line(bytes, error.valid_up_to()))),
        Ok(text) if text.trim().is_empty() => found.push(FileFinding::Empty),
        Ok(text) if found.is_empty() => return Ok(text.to_owned()),
        Ok(_) => {}
    }
    Err(found)
}

fn line(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count()
}

/// What is written into a file: the text with what was done by hand in it,
/// and with the seed that counts in place of the text's own.
pub fn contents(text: &str, acts: &[Act], seed: Option<u64>) -> String {
    let text = with_acts(text, acts);
    match seed {
        Some(seed) => with_seed(&text, seed),
        None => text,
    }
}

/// The text with this seed. If there is no telling where it belongs, a remark
/// says it in place of a key that would break the text.
fn with_seed(text: &str, seed: u64) -> String {
    let line = format!("seed = {seed}");
    let is_seed = |line: &&str| {
        let rest = line.trim_start().strip_prefix("seed");
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let head = text.find("\n[").unwrap_or(text.len());
    let known = text[..head].lines().find(is_seed);
    let changed = match known {
        Some(known) => text.replacen(known, &line, 1),
        None => format!("{line}\n{text}"),
    };
    let reads_back = |text: &str| {
        mqlab_scenario::parse(text)
            .0
            .is_some_and(|scenario| scenario.seed == seed)
    };
    if reads_back(&changed) {
        changed
    } else {
        format!("# {line}\n{text}")
    }
}

/// A name for the file: that of the gallery, else the title in letters that
/// every file system takes.
pub fn name(origin: Option<&str>, title: Option<&str>) -> String {
    let mut stem = String::new();
    for letter in origin.or(title).unwrap_or_default().chars() {
        if letter.is_alphanumeric() {
            stem.push(letter);
        } else if !stem.is_empty() && !stem.ends_with('-') {
            stem.push('-');
        }
    }
    let stem: String = letters::small(&stem).chars().take(NAME_CHARS_MAX).collect();
    let stem = stem.trim_matches('-');
    format!("{}.toml", if stem.is_empty() { NAMELESS } else { stem })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::scenarios::SCENARIOS;

    #[test]
    fn text_is_opened_without_the_mark_of_its_editor() {
        assert_eq!(open(b"title = \"x\"\r\n").as_deref(), Ok("title = \"x\"\r\n"));
        assert_eq!(open("\u{feff}a = 1".as_bytes()).as_deref(), Ok("a = 1"));
    }

    #[test]
    fn everything_wrong_with_a_file_is_said() {
        assert_eq!(
            open(&vec![b'#'; FILE_BYTES_MAX + 1]),
            Err(vec![FileFinding::TooLarge(FILE_BYTES_MAX + 1)])
        );
        assert!(open(&vec![b'#'; FILE_BYTES_MAX]).is_ok());
        assert_eq!(open(b"a\n\xff\xfe"), Err(vec![FileFinding::NotText(2)]));
        assert_eq!(open(b"\xff\xfea\0"), Err(vec![FileFinding::Utf16]));
        assert_eq!(
            open(b"a\n\nb\0\n\x80"),
            Err(vec![FileFinding::Nul(3), FileFinding::NotText(4)])
        );
        for empty in ["", " \r\n\t", "\u{feff}"] {
            assert_eq!(open(empty.as_bytes()), Err(vec![FileFinding::Empty]));
        }
    }

    #[test]
    fn every_finding_has_words_of_its_own() {
        let all = [
            FileFinding::TooLarge(3 << 20),
            FileFinding::Utf16,
            FileFinding::NotText(3),
            FileFinding::Nul(4),
            FileFinding::Empty,
            FileFinding::Unreadable,
        ];
        for language in Language::ALL {
            let mut texts: Vec<String> = all.iter().map(|finding| finding.text(language)).collect();
            texts.sort();
            texts.dedup();
            assert_eq!(texts.len(), all.len(), "{}", language.tag());
        }
        assert!(
            FileFinding::TooLarge(3 << 20)
                .text(Language::English)
                .contains("3,072 KiB")
        );
    }

    #[test]
    fn a_file_runs_as_the_page_did() {
        for entry in SCENARIOS {
            let text = contents(entry.text(), &[], Some(4711));
            let (scenario, found) = mqlab_scenario::parse(&text);
            let scenario = scenario.unwrap_or_else(|| panic!("{}: {found:#?}", entry.stem));
            assert_eq!(scenario.seed, 4711, "{}", entry.stem);
            assert_eq!(contents(entry.text(), &[], None), entry.text());
        }
        assert_eq!(contents("broken [", &[], Some(1)), "# seed = 1\nbroken [");
        let hidden = "title = \"\"\"\nseed = 3\"\"\"\n[broker.rabbitmq]\nqueue.q = {}\n";
        assert!(contents(hidden, &[], Some(5)).ends_with(hidden), "a text is no key");
        let act = Act::parse("[[at]]\ntime = \"1s\"\npause = \"worker\"").expect("an act");
        let text = contents(SCENARIOS[0].text(), &[act], None);
        assert!(
            text.starts_with(SCENARIOS[0].text()) && text.contains("pause = \"worker\""),
            "{text}"
        );
    }

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(name(Some("mm1"), Some("One worker")), "mm1.toml");
        assert_eq!(
            name(None, Some("One worker, nine tenths / busy!")),
            "one-worker-nine-tenths-busy.toml"
        );
        assert_eq!(name(None, Some("../../etc/passwd")), "etc-passwd.toml");
        assert_eq!(name(None, Some("削峰填谷")), "削峰填谷.toml");
        assert_eq!(name(None, Some("<>")), "scenario.toml");
        assert_eq!(name(None, None), "scenario.toml");
        assert!(name(None, Some(&"ab ".repeat(99))).chars().count() <= NAME_CHARS_MAX + 5);
    }
}
