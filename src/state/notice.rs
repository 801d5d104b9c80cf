//! What the page has to say beside what it shows: about links, files, and
//! work that is saved by itself. Each notice stays until somebody has read it.

use super::file::FileFinding;
use super::link::Finding;
use super::script::findings::said;
use super::snapshot::Snapshot;
use super::texts::{Key, Language};
use mqlab_scenario::Text;

/// The most findings of one notice that are shown.
const ITEMS_MAX: usize = 20;

/// Why nothing is saved by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unsaved {
    /// There is no room.
    Full,
    /// The browser does not allow it.
    Forbidden,
    /// It is more than what is ever saved.
    TooLarge,
}

/// Something that a person should know.
#[derive(Clone, PartialEq, Debug)]
pub enum Notice {
    /// A link with something wrong in it.
    Link {
        /// What is wrong.
        findings: Vec<Finding>,
        /// Whether a part of it counts all the same.
        is_in_part: bool,
    },
    /// Something done by hand that cannot be done; what is wrong with it.
    Acts(Vec<Text>),
    /// A file that cannot be opened.
    File {
        /// Its name.
        name: String,
        /// What is wrong.
        findings: Vec<FileFinding>,
    },
    /// More files than one.
    ManyFiles,
    /// Work that gave way to something else, as it is called.
    Displaced(String),
    /// A stored value that could not be read.
    Refused {
        /// Under which name it is kept.
        name: String,
        /// What is wrong.
        findings: Vec<Finding>,
    },
    /// Nothing is saved by itself.
    Unsaved(Unsaved),
}

impl Notice {
    /// A stable name of its kind; there is one of each kind at a time.
    pub const fn code(&self) -> &'static str {
        match self {
            Notice::Link { .. } => "link",
            Notice::Acts(_) => "acts",
            Notice::File { .. } => "file",
            Notice::ManyFiles => "many-files",
            Notice::Displaced(_) => "displaced",
            Notice::Refused { .. } => "refused",
            Notice::Unsaved(_) => "unsaved",
        }
    }

    /// Whether something went wrong.
    pub const fn is_bad(&self) -> bool {
        !matches!(self, Notice::Displaced(_) | Notice::ManyFiles)
    }

    /// What it says first.
    pub fn title(&self, language: Language) -> String {
        match self {
            Notice::Link { is_in_part: false, .. } => language.text(Key::LinkWrong).to_owned(),
            Notice::Link { .. } => language.text(Key::LinkWrongInPart).to_owned(),
            Notice::Acts(_) => language.text(Key::LinkActsWrong).to_owned(),
            Notice::File { name, .. } => language.with(Key::FileWrong, name),
            Notice::ManyFiles => language.text(Key::FileOne).to_owned(),
            Notice::Displaced(name) => language.with(Key::WorkDisplaced, name),
            Notice::Refused { name, .. } => language.with(Key::WorkRefused, name),
            Notice::Unsaved(why) => language
                .text(match why {
                    Unsaved::Full => Key::WorkFull,
                    Unsaved::Forbidden => Key::WorkForbidden,
                    Unsaved::TooLarge => Key::WorkTooLarge,
                })
                .to_owned(),
        }
    }

    /// What is wrong in particular: a stable name and words each.
    pub fn items(&self, language: Language) -> Vec<(&'static str, String)> {
        let of_link = |finding: &Finding| (finding.code(), finding.text(language));
        match self {
            Notice::Link { findings, .. } | Notice::Refused { findings, .. } => findings.iter().map(of_link).collect(),
            Notice::File { findings, .. } => {
                let of_file = |finding: &FileFinding| (finding.code(), finding.text(language));
                findings.iter().map(of_file).collect()
            }
            Notice::Acts(messages) => {
                let shown = messages.iter().take(ITEMS_MAX);
                shown.map(|message| ("act", said(language, message))).collect()
            }
            Notice::ManyFiles | Notice::Displaced(_) | Notice::Unsaved(_) => Vec::new(),
        }
    }
}

/// What a piece of work is called in a list of them.
pub fn name(snapshot: &Snapshot, language: Language) -> String {
    let title = snapshot.name(language);
    format!("{title} · {}", super::format::clock(snapshot.at, 0).0)
}

/// Adds a notice; one of its kind that is there already gives way.
pub fn add(notices: &mut Vec<Notice>, notice: Notice) {
    notices.retain(|known| known.code() != notice.code());
    notices.push(notice);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_lists_what_is_wrong() {
        let notice = Notice::Link {
            findings: vec![Finding::CutShort, Finding::EmptyFlag],
            is_in_part: false,
        };
        let codes: Vec<&str> = notice.items(Language::English).iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, ["cut-short", "empty-flag"]);
        assert!(notice.is_bad() && notice.title(Language::Simplified).contains("链接"));
    }

    #[test]
    fn there_is_one_of_each_kind() {
        let mut notices = vec![Notice::ManyFiles, Notice::Unsaved(Unsaved::Full)];
        add(&mut notices, Notice::Unsaved(Unsaved::Forbidden));
        assert_eq!(notices, [Notice::ManyFiles, Notice::Unsaved(Unsaved::Forbidden)]);
    }

    #[test]
    fn work_is_called_by_its_title_and_where_it_stands() {
        let snapshot = Snapshot {
            script: "title = \"<b>\"".into(),
            ..Snapshot::default()
        };
        assert_eq!(name(&snapshot, Language::English), "<b> · 00:00:00");
        assert_eq!(
            name(&Snapshot::default(), Language::English),
            "without a title · 00:00:00"
        );
    }
}
