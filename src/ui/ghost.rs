//! What a lane showed at the instant that is pointed at in the charts: one
//! line over the picture, marked as of that instant.

use super::app::View;
use super::plot_view;
use crate::state::crosshair;
use crate::state::csv;
use crate::state::lab::{Lab, Lane};
use crate::state::texts::Key;
use yew::{Html, html};

/// The line of a lane, while somebody points at an instant it was sampled at.
pub(crate) fn view(view: &View<'_>, lab: &Lab, lane: &Lane) -> Html {
    let Some(at) = view.session.hover else {
        return html! {};
    };
    let asked = plot_view::asked(view, lab);
    let Some((offered, readouts)) = crosshair::readouts(&asked, lane, at) else {
        return html! {};
    };
    let language = view.session.language;
    let queues = readouts.iter().map(|readout| {
        html! {
            <span data-readout={readout.name.clone()}>
                <b>{ &readout.name }</b>{ " " }
                { language.with(Key::AsOfWaiting, &readout.waiting) }{ ", " }
                { language.with(Key::AsOfOut, &readout.out) }
            </span>
        }
    });
    html! {
        <p class="ghost-line" data-at-ns={at.nanos().to_string()}>
            <span class="ghost-when">{ language.with(Key::AsOf, &csv::clock(at)) }</span>
            <span>{ language.with(Key::AsOfIn, &offered) }</span>
            { for queues }
        </p>
    }
}
