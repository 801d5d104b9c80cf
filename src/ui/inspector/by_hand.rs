//! What was done by hand: listed, taken out, undone, written into the script.

use crate::state::acts;
use crate::state::format;
use crate::state::session::Action;
use crate::state::texts::Key;
use crate::ui::app::View;
use yew::{Callback, Html, MouseEvent, html};

/// The list; nothing while nothing was done.
#[inline(never)]
pub(super) fn rest_view(view: &View<'_>) -> Html {
    let list = view.acts.list();
    if list.is_empty() && !view.acts.can_undo() && !view.acts.can_redo() {
        return html! {};
    }
    let language = view.session.language;
    let rows = list.iter().enumerate().map(|(index, act)| {
        let (whole, fraction) = format::clock(act.at, 9);
        let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
        let words = acts::words(act, language);
        let variants = act.variants.as_ref().map(|names| names.join(", "));
        let label = language.with(Key::RemoveAct, &words);
        html! {
            <li>
                <button type="button" class="link" onclick={click(view, Action::RunTo(act.at))}>{ whole }{ fraction }</button>
                <span>
                    { words }
                    if let Some(variants) = variants {
                        <span class="soft">{ " · " }{ variants }</span>
                    }
                </span>
                <button
                    type="button"
                    class="ghost"
                    data-action="remove-act"
                    aria-label={label.clone()}
                    title={label}
                    onclick={click(view, Action::RemoveAct(index))}
                >
                    { "×" }
                </button>
            </li>
        }
    });
    html! {
        <section class="by-hand">
            <h3>{ view.text(Key::Acts) }</h3>
            <ol>{ for rows }</ol>
            <div class="buttons">
                { button(view, "undo", Key::Undo, Action::Undo, view.acts.can_undo()) }
                { button(view, "redo", Key::Redo, Action::Redo, view.acts.can_redo()) }
                { button(view, "acts-to-script", Key::ActsToScript, Action::ActsToScript, !list.is_empty()) }
            </div>
        </section>
    }
}

fn click(view: &View<'_>, action: Action) -> Callback<MouseEvent> {
    let act = view.act.clone();
    Callback::from(move |_: MouseEvent| act.emit(action.clone()))
}

fn button(view: &View<'_>, name: &'static str, label: Key, action: Action, is_possible: bool) -> Html {
    html! {
        <button type="button" data-action={name} disabled={!is_possible} onclick={click(view, action)}>
            { view.text(label) }
        </button>
    }
}
