//! What stands on a canvas, as a list: for the keyboard and for those who do
//! not see the canvas. Its members lie over what they stand for.

use super::app::View;
use crate::state::connection::Connection;
use crate::state::diagram::Shown;
use crate::state::lab::Lane;
use crate::state::selection::Selection;
use crate::state::texts::Key;
use crate::state::{local, numbers};
use yew::{Html, html};

/// Where the keys are explained.
pub(crate) const HELP: &str = "stage-help";

/// The list of a lane.
pub(crate) fn view(view: &View<'_>, index: usize, lane: &Lane) -> Html {
    let Some(pane) = view.pump.screen.pane(index) else {
        return html! {};
    };
    let selected = view.session.selection.and_then(|selection| {
        let shown = lane.diagram.find(selection.thing)?;
        (selection.variant == index).then_some(shown)
    });
    // One stop for the tabulator key: what is selected, else the first.
    let stop = selected.or_else(|| pane.order().first().copied());
    let members = pane.order().iter().enumerate().map(|(position, shown)| {
        let thing = lane.diagram.thing(*shown);
        let is_selected = view.session.selection == thing.map(|thing| Selection { variant: index, thing });
        html! {
            <div
                key={position}
                role="option"
                aria-label={label(view, lane, *shown)}
                aria-selected={is_selected.to_string()}
                data-index={position.to_string()}
                tabindex={if stop == Some(*shown) { "0" } else { "-1" }}
            />
        }
    });
    html! {
        <div
            ref={pane.list()}
            class="things"
            role="listbox"
            aria-label={view.session.language.with(Key::StageThings, &lane.name)}
            aria-describedby={HELP}
            data-lane={index.to_string()}
        >
            { for members }
        </div>
    }
}

/// Something on the stage in words.
fn label(view: &View<'_>, lane: &Lane, shown: Shown) -> String {
    let (language, diagram) = (view.session.language, &lane.diagram);
    match shown {
        Shown::Item(item) => {
            let thing = &diagram.items[item];
            let kind = view.text(numbers::kind_word(thing.kind));
            let state = numbers::state_word(lane, item, language);
            format!(
                "{}, {kind}, {state}, {}",
                thing.name,
                numbers::words(lane, item, language)
            )
        }
        Shown::Way(way) => {
            let (from, to) = (diagram.ways[way].from, diagram.ways[way].to);
            let ends = format!("{} \u{2192} {}", diagram.items[from].name, diagram.items[to].name);
            let rate = local::rate(lane.flow(way).0, language);
            let words = format!("{}, {rate}", language.with(Key::WayFromTo, &ends));
            match Connection::of(lane, &diagram.ways[way]).cut_words(language) {
                Some(cut) => format!("{words}, {cut}"),
                None => words,
            }
        }
        Shown::Member(member) => {
            let member = &diagram.members[member];
            let state = numbers::status_word(lane.world().status(member.node), language);
            let kind = view.text(numbers::kafka::member_word(member.is));
            format!("{}, {kind}, {state}", member.name)
        }
        Shown::Broker(broker) => {
            let broker = &diagram.brokers[broker];
            let state = numbers::status_word(lane.world().status(broker.node), language);
            let disk = numbers::disk_words(lane.world(), broker.node, language);
            let words = [broker.name.clone(), view.text(Key::Broker).to_owned(), state];
            words.into_iter().chain(disk).collect::<Vec<_>>().join(", ")
        }
    }
}
