//! The left panel: lesson, script and facts, as tabs.

use super::app::View;
use super::tabs::{self, Tab};
use super::{facts, lesson, rest, script};
use crate::state::session::{Action, Panel};
use crate::state::texts::Key;
use yew::{Callback, Html, html};

/// The left panel.
pub(crate) fn view(view: &View<'_>) -> Html {
    let tabs = Panel::ALL.map(|panel| Tab {
        name: panel.name(),
        label: view.text(word(panel)).to_owned(),
        is_open: panel == view.session.panel,
    });
    let act = view.act.clone();
    let open = Callback::from(move |index: usize| act.emit(Action::Panel(Panel::ALL[index])));
    html! {
        <aside class="left" aria-label={view.text(Key::Panels)}>
            { tabs::list("left", view.text(Key::Panels), &tabs, &open) }
            <div class="panel" id="panel-left" role="tabpanel" aria-label={view.text(word(view.session.panel))} tabindex="0">
                {
                    rest::behind(view, || match view.session.panel {
                        Panel::Lesson => lesson::rest_view(view),
                        Panel::Script => script::rest_view(view),
                        Panel::Facts => facts::rest_view(view),
                    })
                }
            </div>
        </aside>
    }
}

fn word(panel: Panel) -> Key {
    match panel {
        Panel::Lesson => Key::Lesson,
        Panel::Script => Key::Script,
        Panel::Facts => Key::Facts,
    }
}
