//! Language and colours; and what every `select` element of the page does.

use super::app::View;
use crate::state::session::{Action, Theme};
use crate::state::texts::{Key, Language};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, html};

/// Callback of a `select` element: the position of what was chosen.
pub(crate) fn chosen(act: &Callback<Action>, action: impl Fn(usize) -> Option<Action> + 'static) -> Callback<Event> {
    let act = act.clone();
    Callback::from(move |event: Event| {
        let select = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        let position = select.and_then(|select| usize::try_from(select.selected_index()).ok());
        if let Some(action) = position.and_then(&action) {
            act.emit(action);
        }
    })
}

/// The switches of the header.
pub(crate) fn view(view: &View<'_>) -> Html {
    let languages = Language::ALL.into_iter().map(|language| {
        let is_chosen = language == view.session.language;
        html! { <option value={language.tag()} lang={language.tag()} selected={is_chosen}>{ language.name() }</option> }
    });
    let themes = Theme::ALL.into_iter().map(|theme| {
        let word = view.text(match theme {
            Theme::System => Key::ThemeSystem,
            Theme::Light => Key::ThemeLight,
            Theme::Dark => Key::ThemeDark,
        });
        html! { <option value={theme.name()} selected={theme == view.session.theme}>{ word }</option> }
    });
    let speak = chosen(&view.act, |position| {
        Language::ALL.get(position).copied().map(Action::Speak)
    });
    let wear = chosen(&view.act, |position| {
        Theme::ALL.get(position).copied().map(Action::Wear)
    });
    html! {
        <div class="switches">
            <label>
                <span class="hidden">{ view.text(Key::LanguageLabel) }</span>
                <select data-action="language" onchange={speak}>{ for languages }</select>
            </label>
            <label>
                <span class="hidden">{ view.text(Key::ThemeLabel) }</span>
                <select data-action="theme" onchange={wear}>{ for themes }</select>
            </label>
        </div>
    }
}
