//! Where the run stands on its time axis, and the charts.

use super::app::View;
use crate::state::curves::{self, Band};
use crate::state::lab::Lab;
use crate::state::session::Action;
use crate::state::texts::Key;
use crate::state::{format, local};
use mqlab_kernel::SimTime;
use web_sys::HtmlInputElement;
use yew::{Callback, Event, Html, PointerEvent, TargetCast, html};

/// Steps of the time axis: the minutes of a day.
const STEPS: u64 = 1440;

/// The time axis with the charts.
pub(crate) fn view(view: &View<'_>, lab: &Lab) -> Html {
    html! {
        <>
            <canvas ref={view.pump.screen.charts()} role="img" aria-label={view.text(Key::Charts)} />
            { scrubber(view, lab) }
            { table(view, lab) }
        </>
    }
}

fn scrubber(view: &View<'_>, lab: &Lab) -> Html {
    let (now, end) = (lab.clock(), lab.axis_end());
    let position = (now.nanos() as f64 / end.nanos().max(1) as f64 * STEPS as f64).round();
    let act = view.act.clone();
    let onchange = Callback::from(move |event: Event| {
        let input: Option<HtmlInputElement> = event.target_dyn_into();
        if let Some(input) = input {
            let share = input.value_as_number() / STEPS as f64;
            let at = SimTime::from_nanos((share * end.nanos() as f64) as u64);
            act.emit(Action::RunTo(at));
        }
    });
    // A clock that runs on would pull the handle out of the hand.
    let act = view.act.clone();
    let hold = Callback::from(move |_: PointerEvent| act.emit(Action::Pause));
    html! {
        <input
            class="scrubber"
            type="range"
            data-action="run-to"
            min="0"
            max={STEPS.to_string()}
            value={position.to_string()}
            aria-label={view.text(Key::Timeline)}
            aria-valuetext={format::clock(now, 0).0}
            onpointerdown={hold}
            {onchange}
        />
    }
}

/// The ends of the curves as a table.
fn table(view: &View<'_>, lab: &Lab) -> Html {
    let language = view.session.language;
    let bands = Band::ALL.into_iter();
    let rows: Vec<Html> = bands
        .flat_map(|band| {
            let curves = curves::of_band(lab, band, view.session.selection, language);
            curves.into_iter().map(move |curve| {
                html! {
                    <tr>
                        <th scope="row">{ language.text(band.name()) }</th>
                        <td>{ curve.variant }</td>
                        <td>{ curve.label }</td>
                    </tr>
                }
            })
        })
        .collect();
    let step = lab
        .shown()
        .next()
        .map(|lane| lane.world().series().step().nanos() as f64);
    let step = step.map(|step| language.with(Key::SampledEvery, &local::span(step, language)));
    html! {
        <details class="numbers">
            <summary>
                { view.text(Key::AsTable) }
                <span class="hidden">{ ": " }{ view.text(Key::NumbersOfCharts) }</span>
            </summary>
            <table>
                <caption>{ format::clock(lab.clock(), 3).0 }{ " · " }{ step }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ view.text(Key::Name) }</th>
                        <th scope="col">{ view.text(Key::Variant) }</th>
                        <th scope="col">{ view.text(Key::Number) }</th>
                    </tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
        </details>
    }
}
