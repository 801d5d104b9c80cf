//! What the keys mean in the text field.

use web_sys::KeyboardEvent;

/// Something to do with the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Command {
    /// Takes the last step back.
    Undo,
    /// Makes it again.
    Redo,
    /// Begins a line.
    NewLine,
    /// One level deeper.
    Indent,
    /// One level less deep.
    Outdent,
    /// Makes comments of lines, or lines of comments.
    Comment,
    /// The canonical layout.
    Format,
    /// Lets the page run the text now.
    Run,
    /// Goes to the next finding, or to the one before.
    Finding(bool),
    /// Lists what may be written here.
    Suggest,
    /// The next suggestion, or the one before.
    Choose(bool),
    /// Writes the chosen suggestion.
    Take,
    /// Closes the list.
    Close,
}

/// What a key means; nothing if it is the field's own.
pub(super) fn command(event: &KeyboardEvent, is_listing: bool) -> Option<Command> {
    if event.is_composing() || event.default_prevented() {
        return None;
    }
    let key = event.key();
    let is_control = event.ctrl_key() || event.meta_key();
    let is_shift = event.shift_key();
    if event.alt_key() {
        return None;
    }
    if !is_control {
        return match key.as_str() {
            "ArrowDown" if is_listing && !is_shift => Some(Command::Choose(true)),
            "ArrowUp" if is_listing && !is_shift => Some(Command::Choose(false)),
            "Enter" if is_listing => Some(Command::Take),
            "Escape" if is_listing => Some(Command::Close),
            "F8" => Some(Command::Finding(!is_shift)),
            _ => None,
        };
    }
    match (key.to_ascii_lowercase().as_str(), is_shift) {
        ("z", false) => Some(Command::Undo),
        ("z", true) | ("y", false) => Some(Command::Redo),
        ("]", _) => Some(Command::Indent),
        ("[", _) => Some(Command::Outdent),
        ("/", _) => Some(Command::Comment),
        ("f", true) => Some(Command::Format),
        ("enter", _) => Some(Command::Run),
        (" ", _) => Some(Command::Suggest),
        _ => None,
    }
}
