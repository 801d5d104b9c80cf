//! The stage: how the run stands, and one lane per variant.

use super::app::View;
use super::{header, lane, rest, script, things};
use crate::state::lab::Lab;
use crate::state::session::{Action, Standing};
use crate::state::texts::Key;
use yew::{Callback, Html, html};

/// The stage.
pub(crate) fn view(view: &View<'_>) -> Html {
    let Some(lab) = &view.pump.lab else {
        return findings(view);
    };
    let shown = lab.lanes.iter().enumerate().filter(|(_, lane)| !lane.is_hidden);
    let lanes: Vec<Html> = shown.map(|(index, lane)| lane::view(view, lab, index, lane)).collect();
    let is_empty = lanes.is_empty();
    html! {
        <main class="stage">
            { bar(view, lab) }
            { for lanes }
            if is_empty {
                <p class="empty">{ view.text(Key::NoneShown) }</p>
            }
        </main>
    }
}

/// Above the lanes: how the run stands, and which variants are shown.
fn bar(view: &View<'_>, lab: &Lab) -> Html {
    let standing = header::state(view);
    let word = match standing {
        Standing::Ready => view.text(Key::StateReady).to_owned(),
        Standing::Running => view.text(Key::StateRunning).to_owned(),
        Standing::Paused => view.text(Key::StatePaused).to_owned(),
        Standing::Finished => view.text(Key::StateFinished).to_owned(),
        Standing::Failed => view.text(Key::StateFailed).to_owned(),
        Standing::Limited => {
            let hit = lab.shown().find_map(|lane| lane.world().limit_hit());
            view.session
                .language
                .with(Key::StateLimit, hit.map_or("", |hit| hit.name()))
        }
    };
    let toggles = lab.lanes.iter().enumerate().map(|(index, lane)| {
        let act = view.act.clone();
        let toggle = Callback::from(move |_: yew::Event| act.emit(Action::ToggleVariant(index)));
        html! {
            <label class="toggle">
                <input
                    type="checkbox"
                    data-action="show-variant"
                    data-variant={lane.name.clone()}
                    checked={!lane.is_hidden}
                    onchange={toggle}
                />
                { &lane.name }
            </label>
        }
    });
    html! {
        <div class="bar">
            <p class="standing" role="status" data-standing={standing.name()}>{ word }</p>
            { camera(view) }
            if lab.lanes.len() > 1 {
                <div class="toggles" role="group" aria-label={view.text(Key::Variants)}>{ for toggles }</div>
            }
        </div>
    }
}

/// The buttons of the camera; what they do is the stage's own affair.
fn camera(view: &View<'_>) -> Html {
    let button = |how: &'static str, key: Key, path: &'static str| {
        html! {
            <button type="button" class="ghost" data-zoom={how} title={view.text(key)} aria-label={view.text(key)}>
                <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden="true">
                    <path d={path} stroke-width="1.5" />
                </svg>
            </button>
        }
    };
    html! {
        <div class="camera">
            { button("out", Key::ZoomOut, "M3 8h10") }
            { button("in", Key::ZoomIn, "M3 8h10M8 3v10") }
            { button("fit", Key::ZoomFit, "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10") }
            <p id={things::HELP} class="hidden">{ view.text(Key::StageHelp) }</p>
        </div>
    }
}

/// A scenario that cannot run: what is wrong with its text, and where.
fn findings(view: &View<'_>) -> Html {
    html! {
        <main class="stage">
            <div class="failed-scenario" role="alert">
                <h2>{ view.text(Key::StateFailed) }</h2>
                <p>{ view.text(Key::StateFailedHelp) }</p>
                { rest::behind(view, || script::rest_findings(view)) }
            </div>
        </main>
    }
}
