//! The sheet of shortcuts.

use super::app::View;
use super::dialog::Dialog;
use crate::state::session::Action;
use crate::state::texts::Key;
use yew::{Callback, Html, html};

/// Keys, and what they do.
const SHORTCUTS: [(&[&str], Key); 10] = [
    (&["Space"], Key::HelpToggle),
    (&["→"], Key::Step),
    (&["←"], Key::StepBack),
    (&["R"], Key::Restart),
    (&["Ctrl", "Z"], Key::Undo),
    (&["Ctrl", "Y"], Key::Redo),
    (&["+", "−"], Key::HelpZoom),
    (&["0"], Key::HelpFit),
    (&["G"], Key::Gallery),
    (&["?"], Key::Help),
];

/// The sheet.
#[inline(never)]
pub(crate) fn rest_view(view: &View<'_>) -> Html {
    let act = view.act.clone();
    let on_close = Callback::from(move |()| act.emit(Action::Help(false)));
    let rows = SHORTCUTS.iter().map(|(keys, word)| {
        let keys = keys.iter().map(|key| html! { <kbd>{ *key }</kbd> });
        html! { <tr><th scope="row">{ for keys }</th><td>{ view.text(*word) }</td></tr> }
    });
    html! {
        <Dialog name="help" title={view.text(Key::Keys)} close={view.text(Key::Close)} {on_close}>
            <table class="shortcuts"><tbody>{ for rows }</tbody></table>
            <p class="soft">{ view.text(Key::HelpFields) }</p>
        </Dialog>
    }
}
