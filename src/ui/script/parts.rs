//! What stands around the text: its tools, how it stands, and what the caret
//! is in.

use super::editor::Message;
use super::keys::Command;
use crate::state::script::document::Document;
use crate::state::script::help::{Help, help};
use crate::state::script::{docs, marks, words};
use crate::state::texts::{Key, Language};
use mqlab_scenario::Diagnostic;
use yew::{Callback, Html, MouseEvent, html};

/// A button that does something with the text.
fn button(language: Language, name: &'static str, word: Key, tell: &Callback<Message>, message: Message) -> Html {
    tool(name, language.text(word), None, true, tell, message)
}

/// A button with a sign in place of a word.
fn tool(
    name: &'static str,
    label: &'static str,
    sign: Option<&'static str>,
    is_enabled: bool,
    tell: &Callback<Message>,
    message: Message,
) -> Html {
    let onclick = tell.reform(move |_: MouseEvent| message.clone());
    html! {
        <button
            type="button"
            data-action={name}
            disabled={!is_enabled}
            aria-label={sign.map(|_| label)}
            title={sign.map(|_| label)}
            {onclick}
        >
            { sign.unwrap_or(label) }
        </button>
    }
}

/// The tools.
pub(super) fn tools(language: Language, document: &Document, may_revert: bool, tell: &Callback<Message>) -> Html {
    let undo = language.text(Key::Undo);
    let redo = language.text(Key::Redo);
    html! {
        <div class="script-tools" role="toolbar" aria-label={language.text(Key::ScriptTools)}>
            { tool("script-undo", undo, Some("↶"), document.can_undo(), tell, Message::Do(Command::Undo)) }
            { tool("script-redo", redo, Some("↷"), document.can_redo(), tell, Message::Do(Command::Redo)) }
            { button(language, "format", Key::ScriptFormat, tell, Message::Do(Command::Format)) }
            { button(language, "suggest", Key::ScriptSuggest, tell, Message::Do(Command::Suggest)) }
            if may_revert {
                { button(language, "revert", Key::ScriptRevert, tell, Message::Ask(true)) }
                <span class="changed" title={language.text(Key::ScriptChangedHelp)}>
                    { language.text(Key::ScriptChanged) }
                </span>
            }
        </div>
    }
}

/// Asks before the text is given up for the gallery's.
pub(super) fn question(language: Language, tell: &Callback<Message>) -> Html {
    html! {
        <div class="ask" role="group" aria-label={language.text(Key::ScriptRevert)}>
            <p>{ language.text(Key::ScriptRevertAsk) }</p>
            { button(language, "revert-yes", Key::ScriptRevertYes, tell, Message::Revert) }
            { button(language, "revert-no", Key::ScriptRevertNo, tell, Message::Ask(false)) }
        </div>
    }
}

/// How many findings there are, in words.
fn counted(language: Language, findings: &[Diagnostic]) -> Vec<String> {
    let some = |count: usize, one, many| match count {
        0 => None,
        1 => Some(language.text(one).to_owned()),
        count => Some(language.with(many, &count.to_string())),
    };
    let (errors, warnings) = marks::count(findings);
    let errors = some(errors, Key::ScriptOneError, Key::ScriptErrors);
    let warnings = some(warnings, Key::ScriptOneWarning, Key::ScriptWarnings);
    errors.into_iter().chain(warnings).collect()
}

/// Which text runs, and what is wrong with this one.
pub(super) fn standing(language: Language, findings: &[Diagnostic], has_run: bool) -> (&'static str, String) {
    let (errors, _) = marks::count(findings);
    let comma = if language == Language::English { ", " } else { "，" };
    let counted = counted(language, findings).join(comma);
    match (errors, has_run) {
        (0, _) if counted.is_empty() => ("good", language.text(Key::ScriptRuns).to_owned()),
        (0, _) => ("warned", language.with(Key::ScriptRunsWith, &counted)),
        (_, true) => ("older", language.with(Key::ScriptRunsOlder, &counted)),
        (_, false) => ("nothing", language.with(Key::ScriptRunsNothing, &counted)),
    }
}

/// Buttons that go from finding to finding.
pub(super) fn walk(language: Language, tell: &Callback<Message>) -> Html {
    let (before, next) = (Key::ScriptPreviousFinding, Key::ScriptNextFinding);
    let go = |name, word, sign, is_next| {
        let message = Message::Do(Command::Finding(is_next));
        tool(name, language.text(word), Some(sign), true, tell, message)
    };
    html! {
        <>
            { go("previous-finding", before, "↑", false) }
            { go("next-finding", next, "↓", true) }
        </>
    }
}

/// What the caret is in.
pub(super) fn explained(language: Language, document: &Document) -> Html {
    let found = help(document.text(), document.lines(), document.selection().end);
    let said = match found {
        None => html! {},
        Some(Help::Key(key)) => html! {
            <>
                <code>{ words::path(key) }</code>
                <span class="soft">{ words::facts(language, key).join(" · ") }</span>
                <span>{ docs::key(language, key) }</span>
            </>
        },
        Some(Help::Metric(info)) => html! {
            <>
                <code>{ info.name }</code>
                <span class="soft">{ words::unit(language, info) }</span>
                <span>{ docs::metric(language, info) }</span>
            </>
        },
    };
    html! { <p class="script-help" id="script-help">{ said }</p> }
}

/// The keys of the editor.
pub(super) fn keys(language: Language) -> Html {
    let rows = [
        ("Ctrl+Enter", Key::ScriptKeyRun),
        ("Ctrl+Space", Key::ScriptKeySuggest),
        ("F8", Key::ScriptKeyFinding),
        ("Ctrl+] Ctrl+[", Key::ScriptKeyIndent),
        ("Ctrl+/", Key::ScriptKeyComment),
        ("Ctrl+Shift+F", Key::ScriptFormat),
        ("Ctrl+Z", Key::Undo),
        ("Ctrl+Shift+Z", Key::Redo),
    ];
    let rows = rows.map(|(keys, word)| html! { <><dt><kbd>{ keys }</kbd></dt><dd>{ language.text(word) }</dd></> });
    html! {
        <details class="reference">
            <summary>{ language.text(Key::ScriptKeys) }</summary>
            <dl class="shortcuts">{ for rows }</dl>
        </details>
    }
}
