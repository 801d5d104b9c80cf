//! What is to be said of the text: a list, each with its place.

use super::editor::Message;
use super::paint::name;
use crate::state::script::document::Document;
use crate::state::script::findings::said;
use crate::state::script::headings::heading;
use crate::state::texts::{Key, Language};
use mqlab_scenario::{Diagnostic, Position, Severity};
use yew::{Callback, Html, MouseEvent, html};

/// The list, with a way to each place and, where a name is proposed, a button
/// that puts it in.
pub(super) fn list(language: Language, document: &Document, findings: &[Diagnostic], tell: &Callback<Message>) -> Html {
    let items = findings.iter().enumerate().map(|(index, finding)| {
        let place = document.carried(finding.span.clone());
        let go = tell.reform(move |_: MouseEvent| Message::Go(index));
        // What stands there may have been changed since.
        let is_there = !document.is_ahead();
        let replacement = finding.replacement(document.text()).filter(|_| is_there);
        html! {
            <li data-severity={name(finding.severity)} data-code={finding.code}>
                <button type="button" class="finding" data-action="go" onclick={go}>
                    { sentence(language, finding, Position::of(document.text(), place.start)) }
                </button>
                if let Some(replacement) = replacement {
                    <button
                        type="button"
                        class="mend"
                        data-action="replace"
                        onclick={tell.reform(move |_: MouseEvent| Message::Replace(index))}
                    >
                        { language.with(Key::ScriptReplace, replacement.trim_matches(['"', '\''])) }
                    </button>
                }
            </li>
        }
    });
    html! { <ol class="findings" aria-label={language.text(Key::ScriptFindings)}>{ for items }</ol> }
}

/// The list beside the script, only to be read.
pub(super) fn plain(language: Language, text: &str, findings: &[Diagnostic]) -> Html {
    let items = findings.iter().map(|finding| {
        html! {
            <li data-severity={name(finding.severity)}>
                <div class="finding">{ sentence(language, finding, finding.position(text)) }</div>
            </li>
        }
    });
    html! { <ol class="findings">{ for items }</ol> }
}

fn sentence(language: Language, finding: &Diagnostic, at: Position) -> Html {
    let severity = match finding.severity {
        Severity::Error => Key::ScriptError,
        Severity::Warning => Key::ScriptWarning,
    };
    html! {
        <>
            <span class="severity">{ language.text(severity) }</span>
            { " " }
            <span class="place">{ format!("{}:{}", at.line, at.column) }</span>
            { " " }
            if let Some(heading) = heading(finding.code) {
                <b>{ language.text(heading) }</b>
                { " " }
            }
            <span>{ said(language, &finding.message) }</span>
            if let Some(help) = &finding.help {
                <span class="soft">{ " " }{ said(language, help) }</span>
            }
        </>
    }
}
