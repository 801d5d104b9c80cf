//! The script: the text that is worked on, and what is wrong with it.

use super::app::View;
use crate::state::session::Action;
use crate::state::texts::Key;
use web_sys::HtmlTextAreaElement;
use yew::{Callback, Event, Html, TargetCast, html};

/// The script tab.
pub(crate) fn view(view: &View<'_>) -> Html {
    let act = view.act.clone();
    let onchange = Callback::from(move |event: Event| {
        let area: Option<HtmlTextAreaElement> = event.target_dyn_into();
        if let Some(area) = area {
            act.emit(Action::Edit(area.value().into()));
        }
    });
    html! {
        <>
            <textarea
                class="editor mono"
                data-action="edit"
                aria-label={view.text(Key::Script)}
                spellcheck="false"
                value={view.work.text.to_string()}
                {onchange}
            />
            { findings(view) }
        </>
    }
}

/// What is to be said of the text, and where.
pub(crate) fn findings(view: &View<'_>) -> Html {
    let items = view.findings.iter().map(|finding| {
        let line = finding.position(&view.work.text).line.to_string();
        html! {
            <li>
                <b>{ view.session.language.with(Key::LineColumn, &line) }</b>{ " " }{ &finding.message }
                if let Some(help) = &finding.help {
                    <br /><span class="soft">{ help }</span>
                }
            </li>
        }
    });
    html! { <ul class="findings">{ for items }</ul> }
}
