//! The script as it is edited: what the text looks like, what may stand at
//! the caret, and how edits are taken back. Places are bytes of the text.

pub mod complete;
pub mod docs;
pub mod document;
pub mod findings;
pub mod headings;
pub mod help;
pub mod highlight;
pub mod lines;
pub mod marks;
pub mod names;
pub mod pieces;
pub mod typing;
pub mod undo;
pub mod units;
pub mod walk;
pub mod words;
