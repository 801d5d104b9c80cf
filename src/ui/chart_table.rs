//! The table of a chart, beside the charts so that both can be read at once.

use super::app::View;
use super::{chart_menu, plot_view};
use crate::state::boards::BoardAction;
use crate::state::crosshair::Grid;
use crate::state::csv;
use crate::state::curves::Curve;
use crate::state::lab::Lab;
use crate::state::local;
use crate::state::samples;
use crate::state::session::Action;
use crate::state::texts::Key;
use mqlab_kernel::SimTime;
use yew::{Callback, Html, MouseEvent, html};

/// The table of the chart whose table is open.
#[inline(never)]
pub(crate) fn rest_view(view: &View<'_>, lab: &Lab) -> Html {
    let Some(band) = view.session.boards.table else {
        return html! {};
    };
    let language = view.session.language;
    let curves = plot_view::asked(view, lab).curves(band);
    let instants = samples::instants(&curves, lab.clock());
    // What is pointed at stands first, where it can be seen.
    let pointed = view.session.hover.filter(|at| *at <= lab.clock());
    let apart = match instants.as_slice() {
        [.., later, last] => later.saturating_since(*last).nanos(),
        _ => Grid::of(lab).step_ns(),
    };
    let heads = curves
        .iter()
        .map(|curve| html! { <th scope="col">{ curve.title() }</th> });
    let rows = instants.iter().map(|at| row(view, &curves, *at, false));
    let name = view.text(band.name());
    let title = language.with(Key::TableOf, name);
    html! {
        <section class="chart-table" aria-label={title.clone()} data-chart-table={band.id()}>
            <div class="chart-table-head">
                <h2>{ title }</h2>
                { chart_menu::save(view, band, true) }
                { chart_menu::save(view, band, false) }
                <button
                    type="button"
                    data-action="close-table"
                    onclick={chart_menu::act(view, BoardAction::Table(None))}
                >
                    { view.text(Key::Close) }
                </button>
            </div>
            <div class="chart-table-body" tabindex="0" role="group" aria-label={name}>
                <table>
                    <caption>{ language.with(Key::RowsThinned, &local::span(apart as f64, language)) }</caption>
                    <thead><tr><th scope="col">{ view.text(Key::Time) }</th>{ for heads }</tr></thead>
                    <tbody>{ for pointed.map(|at| row(view, &curves, at, true)) }</tbody>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </section>
    }
}

fn row(view: &View<'_>, curves: &[Curve], at: SimTime, is_pointed: bool) -> Html {
    let language = view.session.language;
    let cells = curves.iter().map(|curve| {
        let value = curve.at(at).map(|value| curve.band.label(value, language));
        html! { <td>{ value.unwrap_or_else(|| "\u{2013}".to_owned()) }</td> }
    });
    let act = view.act.clone();
    let run = Callback::from(move |_: MouseEvent| act.emit(Action::RunTo(at)));
    let clock = csv::clock(at);
    html! {
        <tr
            key={at.nanos().to_string()}
            class={is_pointed.then_some("pointed")}
            aria-current={is_pointed.then_some("true")}
            data-at-ns={at.nanos().to_string()}
        >
            <th scope="row">
                <button type="button" class="link" title={language.with(Key::RunToInstant, &clock)} onclick={run}>
                    { &clock }
                </button>
            </th>
            { for cells }
        </tr>
    }
}
