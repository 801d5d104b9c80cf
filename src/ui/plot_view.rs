//! The charts on the page: their canvas, and the crosshair over it, which
//! listens to pointers and keys.

use super::app::View;
use crate::state::crosshair::{self, Grid};
use crate::state::curves::Asked;
use crate::state::lab::Lab;
use crate::state::plot::Axis;
use crate::state::session::Action;
use crate::state::texts::Key;
use mqlab_kernel::SimTime;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::{Callback, Html, MouseEvent, PointerEvent, TargetCast, html};

/// How many samples a page of the keyboard is.
const PAGE: i64 = 60;

/// Whose curves the page asks for.
pub(crate) fn asked<'a>(view: &View<'a>, lab: &'a Lab) -> Asked<'a> {
    Asked {
        lab,
        selection: view.session.selection,
        percentiles: &view.session.boards.percentiles,
        language: view.session.language,
    }
}

/// The charts.
pub(crate) fn view(view: &View<'_>, lab: &Lab) -> Html {
    if view.session.boards.bands.is_empty() {
        return html! { <p class="empty">{ view.text(Key::ChartsNone) }</p> };
    }
    html! {
        <div class="plot">
            <canvas ref={view.pump.screen.charts.curves()} role="img" aria-label={view.text(Key::Charts)} />
            { pointed(view, lab) }
        </div>
    }
}

fn pointed(view: &View<'_>, lab: &Lab) -> Html {
    let grid = Grid::of(lab);
    let hover = view.session.hover;
    let text = match hover {
        Some(at) => crosshair::words(&asked(view, lab), &view.session.boards.bands, at),
        None => view.text(Key::CrosshairOff).to_owned(),
    };
    let (point, leave, run) = (view.act.clone(), view.act.clone(), view.act.clone());
    let onpointermove = Callback::from(move |event: PointerEvent| {
        let at = instant(&event, &grid);
        if at.is_some() && at != hover {
            point.emit(Action::Hover(at));
        }
    });
    let onpointerleave = Callback::from(move |event: PointerEvent| {
        // A finger that is lifted leaves the line where it was.
        if event.pointer_type() != "touch" {
            leave.emit(Action::Hover(None));
        }
    });
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(at) = instant(&event, &grid) {
            run.emit(Action::RunTo(at));
        }
    });
    html! {
        <canvas
            ref={view.pump.screen.charts.crosshair()}
            class="crosshair"
            role="slider"
            tabindex="0"
            data-action="crosshair"
            data-at-ns={hover.map(|at| at.nanos().to_string())}
            aria-label={view.text(Key::Crosshair)}
            aria-valuemin="1"
            aria-valuemax={grid.count().to_string()}
            aria-valuenow={grid.index(hover.unwrap_or(grid.moved(None, 0))).to_string()}
            aria-valuetext={text}
            onpointerdown={onpointermove.clone()}
            {onpointermove}
            {onpointerleave}
            {onclick}
            onkeydown={keys(view, grid)}
        />
    }
}

/// The instant under a pointer.
fn instant(event: &MouseEvent, grid: &Grid) -> Option<SimTime> {
    let canvas = event.target_dyn_into::<HtmlElement>()?;
    let axis = Axis::new(f64::from(canvas.client_width()), grid.end());
    Some(grid.snap(axis.instant(f64::from(event.offset_x()))))
}

fn keys(view: &View<'_>, grid: Grid) -> Callback<KeyboardEvent> {
    let (act, hover) = (view.act.clone(), view.session.hover);
    Callback::from(move |event: KeyboardEvent| {
        let far = if event.shift_key() { 10 } else { 1 };
        let action = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => Action::Hover(Some(grid.moved(hover, -far))),
            "ArrowRight" | "ArrowUp" => Action::Hover(Some(grid.moved(hover, far))),
            "PageDown" => Action::Hover(Some(grid.moved(hover, -PAGE))),
            "PageUp" => Action::Hover(Some(grid.moved(hover, PAGE))),
            "Home" => Action::Hover(Some(grid.snap(SimTime::ZERO))),
            "End" => Action::Hover(Some(grid.moved(None, 0))),
            "Escape" => Action::Hover(None),
            "Enter" => match hover {
                Some(at) => Action::RunTo(at),
                None => return,
            },
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        act.emit(action);
    })
}
