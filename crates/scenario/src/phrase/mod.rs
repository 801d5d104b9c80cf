//! What a finding says: phrases of a closed list, with what is put into them.
//!
//! A finding is made of phrases, and no phrase is made on the spot: so whoever shows
//! findings in another language has a list of all that there is to be translated.
//! English stands here, in tables by area. A row is a phrase; `{0}` and `{1}` in it are
//! the places of its arguments.

mod said;
mod table;

pub use said::{Argument, Text, Words};
pub use table::Phrase;

pub(crate) use said::Say;

/// A phrase with its arguments: `text!(UnknownKey, path)`.
macro_rules! text {
    ($phrase:ident $(, $argument:expr)* $(,)?) => {
        $crate::phrase::Text::new(
            $crate::phrase::Phrase::$phrase,
            vec![$($crate::phrase::Say::argument(&$argument)),*],
        )
    };
}
pub(crate) use text;
