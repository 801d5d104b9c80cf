//! A lane of the stage: its name, its verdicts, its canvas, and the numbers of
//! the canvas as a table.

use super::app::View;
use super::pane::Pane;
use super::{chip, ghost, pulse, things};
use crate::state::chips;
use crate::state::connection::Connection;
use crate::state::diagram::{Item, Shown};
use crate::state::lab::{Lab, Lane};
use crate::state::texts::Key;
use crate::state::{csv, format, numbers};
use web_sys::Element;
use yew::{Callback, Event, Html, TargetCast, html};

/// One variant.
pub(crate) fn view(view: &View<'_>, lab: &Lab, index: usize, lane: &Lane) -> Html {
    let world = lane.world();
    let digest = format::digest(world.digest());
    html! {
        <section
            class="lane"
            key={lane.name.clone()}
            aria-label={lane.name.clone()}
            data-variant={lane.name.clone()}
            data-digest={digest.clone()}
            data-now-ns={world.now().nanos().to_string()}
            data-over={lane.is_over().to_string()}
        >
            <div class="lane-head">
                <h2>{ &lane.name }</h2>
                <span class="mono" title={view.text(Key::DigestHelp)}>{ &digest[..8] }</span>
                { table(view, index, lane) }
                { standing(view, lab, lane) }
                <ul class="chips" aria-label={view.text(Key::Verdicts)}>
                    { for chips::chips(world, view.session.language).iter().map(|chip| chip::view(view, index, lane, chip)) }
                </ul>
            </div>
            <div class="picture">
                if lane.diagram.items.is_empty() {
                    <p class="empty">{ view.text(Key::NothingDrawn) }</p>
                } else {
                    <canvas
                        ref={view.pump.screen.pane(index).map(Pane::canvas).unwrap_or_default()}
                        role="img"
                        aria-label={summary(view, lane)}
                        data-lane={index.to_string()}
                    />
                    { things::view(view, index, lane) }
                }
                { ghost::view(view, lab, lane) }
            </div>
        </section>
    }
}

/// How a lane stands where it is not as the clock says.
fn standing(view: &View<'_>, lab: &Lab, lane: &Lane) -> Html {
    let (world, language) = (lane.world(), view.session.language);
    let at = csv::clock(world.now());
    if let Some(limit) = world.limit_hit() {
        return html! { <span class="note bad">{ language.with(Key::StateLimit, limit.name()) }</span> };
    }
    if lane.is_over() {
        return html! { <span class="note over">{ language.with(Key::FinishedAt, &at) }</span> };
    }
    if world.now() < lab.clock() {
        return html! { <span class="note">{ language.with(Key::CatchingUp, &at) }</span> };
    }
    html! {}
}

/// The canvas in one sentence.
fn summary(view: &View<'_>, lane: &Lane) -> String {
    let language = view.session.language;
    let items = lane.diagram.items.iter().enumerate();
    let parts = items.map(|(index, item)| {
        let state = numbers::state_word(lane, index, language);
        format!("{} ({}): {}", item.name, state, numbers::words(lane, index, language))
    });
    let ways = lane.diagram.ways.iter().enumerate();
    let cut = ways.filter_map(|(index, way)| {
        let words = Connection::of(lane, way).cut_words(language)?;
        Some(format!("{}: {words}", numbers::name(lane, Shown::Way(index))))
    });
    format!("{}: {}", lane.name, parts.chain(cut).collect::<Vec<_>>().join("; "))
}

/// The canvas as a table. Its rows are made only while somebody looks: there may be
/// thousands of them.
fn table(view: &View<'_>, index: usize, lane: &Lane) -> Html {
    let language = view.session.language;
    let Some(pane) = view.pump.screen.pane(index) else {
        return html! {};
    };
    let (is_open, notify) = (pane.is_table_open(), view.pump.notify());
    let opened = is_open.clone();
    let ontoggle = Callback::from(move |event: Event| {
        let details = event.target_dyn_into::<Element>();
        opened.set(details.is_some_and(|details| details.has_attribute("open")));
        notify.emit(pulse::Event::Refresh);
    });
    html! {
        <details class="numbers" {ontoggle}>
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
                <tbody>
                    if is_open.get() {
                        { for lane.diagram.items.iter().enumerate().map(|(index, item)| row(view, lane, index, item)) }
                    }
                </tbody>
            </table>
        </details>
    }
}

/// One thing in the table.
fn row(view: &View<'_>, lane: &Lane, index: usize, item: &Item) -> Html {
    let language = view.session.language;
    html! {
        <tr>
            <th scope="row">{ &item.name }</th>
            <td>{ view.text(numbers::kind_word(item.kind)) }</td>
            <td>{ numbers::state_word(lane, index, language) }</td>
            <td>{ numbers::words(lane, index, language) }</td>
        </tr>
    }
}
