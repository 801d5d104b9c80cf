//! Which charts are shown, and what can be had of each: its table, and files.

use super::app::View;
use super::menu;
use super::saving::Save;
use crate::state::boards::BoardAction;
use crate::state::curves::{Band, Percentile};
use crate::state::session::Action;
use crate::state::texts::Key;
use yew::{Callback, Event, Html, MouseEvent, html};

/// The menus above the charts.
pub(crate) fn view(view: &View<'_>) -> Html {
    let bands = Band::ALL.into_iter().map(|band| row(view, band));
    let percentiles = Percentile::ALL.into_iter().map(|percentile| {
        let label = match percentile {
            Percentile::Max => view.text(Key::ChartLongest),
            other => other.id(),
        };
        let is_shown = view.session.boards.percentiles.contains(&percentile);
        let action = BoardAction::Percentile(percentile, !is_shown);
        toggle(view, "show-percentile", percentile.id(), label, is_shown, action)
    });
    let body = html! {
        <div class="menu-body">
            <ul>{ for bands }</ul>
            <fieldset>
                <legend>{ view.text(Key::Percentiles) }</legend>
                { for percentiles }
            </fieldset>
        </div>
    };
    menu::view("charts", view.text(Key::ChartsShown).to_owned(), body)
}

fn row(view: &View<'_>, band: Band) -> Html {
    let name = view.text(band.name());
    let is_shown = view.session.boards.bands.contains(&band);
    let action = BoardAction::Band(band, !is_shown);
    let is_open = view.session.boards.table == Some(band);
    let table = act(view, BoardAction::Table((!is_open).then_some(band)));
    let language = view.session.language;
    html! {
        <li class="menu-row">
            { toggle(view, "show-chart", band.id(), name, is_shown, action) }
            <button
                type="button"
                data-action="chart-table"
                data-chart={band.id()}
                aria-pressed={is_open.to_string()}
                aria-label={language.with(Key::TableOf, name)}
                onclick={table}
            >
                { view.text(Key::TableShort) }
            </button>
            { save(view, band, true) }
            { save(view, band, false) }
        </li>
    }
}

/// A box to tick that changes something about the boards.
pub(crate) fn toggle(
    view: &View<'_>,
    name: &'static str,
    id: &'static str,
    label: &str,
    is_on: bool,
    action: BoardAction,
) -> Html {
    let emit = view.act.clone();
    let onchange = Callback::from(move |_: Event| emit.emit(Action::SetBoard(action)));
    html! {
        <label class="toggle">
            <input type="checkbox" data-action={name} data-chart={id} checked={is_on} {onchange} />
            { label.to_owned() }
        </label>
    }
}

/// What a click changes about the boards.
pub(crate) fn act(view: &View<'_>, action: BoardAction) -> Callback<MouseEvent> {
    let emit = view.act.clone();
    Callback::from(move |_: MouseEvent| emit.emit(Action::SetBoard(action)))
}

/// A button that saves a file of a chart.
pub(crate) fn save(view: &View<'_>, band: Band, is_csv: bool) -> Html {
    let (key, word, action, save) = if is_csv {
        (Key::SaveCsv, "CSV", "save-csv", Save::Csv(band))
    } else {
        (Key::SaveSvg, "SVG", "save-svg", Save::Svg(band))
    };
    let emit = view.save.clone();
    let onclick = Callback::from(move |_: MouseEvent| emit.emit(save));
    html! {
        <button
            type="button"
            data-action={action}
            data-chart={band.id()}
            aria-label={view.session.language.with(key, view.text(band.name()))}
            {onclick}
        >
            { word }
        </button>
    }
}
