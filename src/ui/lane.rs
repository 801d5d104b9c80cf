//! A lane of the stage: its name, its verdicts, its canvas, and the numbers of
//! the canvas as a table.

use super::app::View;
use super::{chip, ghost, stage};
use crate::state::chips;
use crate::state::lab::{Lab, Lane};
use crate::state::layout::{self, Point};
use crate::state::selection::Selection;
use crate::state::session::Action;
use crate::state::texts::Key;
use crate::state::{format, numbers};
use web_sys::HtmlElement;
use yew::{Callback, Html, MouseEvent, TargetCast, html};

/// One variant.
pub(crate) fn view(view: &View<'_>, lab: &Lab, index: usize, lane: &Lane) -> Html {
    let world = lane.world();
    let digest = format::digest(world.digest());
    let heights = format!(
        "--lane-wide:{:.0}px;--lane-tall:{:.0}px",
        layout::height_needed(&lane.diagram, 1000.0),
        layout::height_needed(&lane.diagram, 390.0),
    );
    let is_behind = !lane.is_over() && world.now() < lab.clock();
    let behind = is_behind.then(|| {
        view.session
            .language
            .with(Key::CatchingUp, &format::clock(world.now(), 0).0)
    });
    html! {
        <section
            class="lane"
            key={lane.name.clone()}
            aria-label={lane.name.clone()}
            style={heights}
            data-variant={lane.name.clone()}
            data-digest={digest.clone()}
            data-now-ns={world.now().nanos().to_string()}
            data-over={lane.is_over().to_string()}
        >
            <div class="lane-head">
                <h2>{ &lane.name }</h2>
                <span class="mono" title={view.text(Key::DigestHelp)}>{ &digest[..8] }</span>
                { table(view, lane) }
                <span class="behind">{ behind }</span>
                <ul class="chips" aria-label={view.text(Key::Verdicts)}>
                    { for chips::chips(world, view.session.language).iter().map(|chip| chip::view(view, index, chip)) }
                </ul>
            </div>
            <div class="picture">
                <canvas
                    ref={view.pump.screen.lane(index)}
                    role="img"
                    aria-label={summary(view, lane)}
                    onclick={select(view, index, lane)}
                />
                { ghost::view(view, lab, lane) }
            </div>
        </section>
    }
}

/// A click on the canvas selects what stands there.
fn select(view: &View<'_>, variant: usize, lane: &Lane) -> Callback<MouseEvent> {
    let act = view.act.clone();
    let lane_diagram = lane.diagram.clone();
    Callback::from(move |event: MouseEvent| {
        let Some(canvas) = event.target_dyn_into::<HtmlElement>() else {
            return;
        };
        let size = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        let point = Point {
            x: f64::from(event.offset_x()),
            y: f64::from(event.offset_y()),
        };
        if let Some(place) = stage::hit(&lane_diagram, size, point) {
            act.emit(Action::Select(Some(Selection::of_place(variant, place))));
        }
    })
}

/// The canvas in one sentence.
fn summary(view: &View<'_>, lane: &Lane) -> String {
    let language = view.session.language;
    let items = lane.diagram.items.iter().enumerate();
    let parts = items.map(|(index, item)| {
        let state = numbers::state_word(lane, index, language);
        format!(
            "{} ({}): {}",
            item.name,
            state,
            numbers::headline(lane, index, language)
        )
    });
    format!("{}: {}", lane.name, parts.collect::<Vec<_>>().join("; "))
}

/// The canvas as a table.
fn table(view: &View<'_>, lane: &Lane) -> Html {
    let language = view.session.language;
    let rows = lane.diagram.items.iter().enumerate().map(|(index, item)| {
        html! {
            <tr>
                <th scope="row">{ &item.name }</th>
                <td>{ view.text(numbers::kind_word(item.kind)) }</td>
                <td>{ numbers::state_word(lane, index, language) }</td>
                <td>{ numbers::headline(lane, index, language) }</td>
            </tr>
        }
    });
    html! {
        <details class="numbers">
            <summary>
                { view.text(Key::AsTable) }
                <span class="hidden">{ ": " }{ language.with(Key::NumbersOf, &lane.name) }</span>
            </summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ view.text(Key::Name) }</th>
                        <th scope="col">{ view.text(Key::Kind) }</th>
                        <th scope="col">{ view.text(Key::State) }</th>
                        <th scope="col">{ view.text(Key::Number) }</th>
                    </tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
        </details>
    }
}
