//! The list of phrases with their English.
//!
//! To add one: a row in the file of its area, and a row with its Chinese in the file of
//! the same name in the page's `src/state/script/findings/`.

#[macro_use]
mod acts;
#[macro_use]
mod brokers;
#[macro_use]
mod clocks;
#[macro_use]
mod expectations;
#[macro_use]
mod faults;
#[macro_use]
mod kafka;
#[macro_use]
mod lessons;
#[macro_use]
mod loads;
#[macro_use]
mod names;
#[macro_use]
mod services;
#[macro_use]
mod steps;
#[macro_use]
mod toml;
#[macro_use]
mod values;
#[macro_use]
mod whole;

macro_rules! phrases {
    ($($name:ident: $english:literal;)+) => {
        /// What a finding, its help, or a part of them can say.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[allow(rustdoc::broken_intra_doc_links, reason = "`[[at]]` is TOML, and no link")]
        pub enum Phrase { $(#[doc = $english] $name),+ }

        impl Phrase {
            /// Every phrase, in the order of the tables.
            pub const ALL: &'static [Phrase] = &[$(Phrase::$name),+];
        }

        /// A line for each phrase. The marks show the packer of the page (`crates/pack`)
        /// what the first screen does not need.
        const LINES: &str = concat!("\u{2}file:rest\n", $($english, "\n"),+, "\u{3}");
    };
}

/// Gathers the rows of one table after the other.
macro_rules! gather {
    ([] { $($rows:tt)* }) => { phrases! { $($rows)* } };
    ([$first:ident $($next:ident)*] { $($rows:tt)* }) => { $first! { gather [$($next)*] { $($rows)* } } };
}

gather! {
    [values names whole loads brokers kafka services steps clocks faults acts expectations lessons toml] {}
}

impl Phrase {
    /// The phrase in English, with `{0}`, `{1}` in the places of its arguments.
    pub fn english(self) -> &'static str {
        LINES.lines().nth(self as usize + 1).unwrap_or_default()
    }

    /// The phrase of the TOML parser that is `english`.
    pub(super) fn of_toml(english: &str) -> Option<Phrase> {
        let first = Phrase::TomlDuplicateKey as usize;
        let lines = LINES.lines().skip(first + 1);
        let position = lines.take(Phrase::ALL.len() - first).position(|line| line == english)?;
        Phrase::ALL.get(first + position).copied()
    }
}
