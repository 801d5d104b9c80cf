//! The edge between the stage and the boards: it is dragged, or moved by
//! keys.

use super::app::View;
use super::shell;
use crate::state::boards::{BoardAction, TALL_MAX, TALL_MIN, TALL_STEP};
use crate::state::session::Action;
use crate::state::texts::Key;
use web_sys::{Element, KeyboardEvent};
use yew::{Callback, Html, PointerEvent, TargetCast, html};

/// The edge.
pub(crate) fn view(view: &View<'_>) -> Html {
    let tall = view.session.boards.tall;
    let act = view.act.clone();
    let set = Callback::from(move |tall: u32| act.emit(Action::SetBoard(BoardAction::Tall(tall))));
    let keys = set.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let next = match event.key().as_str() {
            "ArrowUp" => tall + TALL_STEP,
            "ArrowDown" => tall.saturating_sub(TALL_STEP),
            "Home" => TALL_MIN,
            "End" => TALL_MAX,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        keys.emit(next.min(tallest()));
    });
    let onpointerdown = Callback::from(|event: PointerEvent| {
        if let Some(edge) = event.target_dyn_into::<Element>() {
            event.prevent_default();
            // Without it the edge is lost when the pointer leaves it.
            let _ = edge.set_pointer_capture(event.pointer_id());
        }
    });
    let onpointermove = Callback::from(move |event: PointerEvent| {
        let edge: Option<Element> = event.target_dyn_into();
        if edge.is_some_and(|edge| edge.has_pointer_capture(event.pointer_id())) {
            let (_, height) = shell::window_size();
            let tall = (height - f64::from(event.client_y())).max(0.0);
            set.emit((tall as u32).min(tallest()));
        }
    });
    html! {
        <div
            class="splitter"
            role="separator"
            tabindex="0"
            data-action="boards-tall"
            aria-orientation="horizontal"
            aria-label={view.text(Key::BoardsTall)}
            aria-valuemin={TALL_MIN.to_string()}
            aria-valuemax={TALL_MAX.to_string()}
            aria-valuenow={tall.to_string()}
            {onkeydown}
            {onpointerdown}
            {onpointermove}
        />
    }
}

/// Something of the stage stays to be seen.
fn tallest() -> u32 {
    let (_, height) = shell::window_size();
    (height * 0.75) as u32
}
