//! The right panel: the numbers of what is selected, its settings, what can be
//! done to it, and its messages.

mod actions;
mod by_hand;
mod definition;
mod item;
mod kafka;
mod kafka_views;
mod messages;
mod publish;
mod rabbit_cluster;
mod random;
mod settings;
mod steps;
mod way;

use super::app::View;
use super::rest;
use super::switches::chosen;
use crate::state::diagram::Shown;
use crate::state::lab::{Lab, Lane};
use crate::state::numbers;
use crate::state::selection::{Selection, Thing};
use crate::state::session::Action;
use crate::state::texts::Key;
use mqlab_model::{NodeId, PlaceId};
use yew::{Html, html};

/// What a part of the panel is about.
#[derive(Clone, Copy)]
struct Subject<'a> {
    view: &'a View<'a>,
    lab: &'a Lab,
    variant: usize,
    lane: &'a Lane,
}

impl Subject<'_> {
    fn text(&self, key: Key) -> &'static str {
        self.view.text(key)
    }

    /// The name of a node in the scenario.
    fn name(&self, node: NodeId) -> &str {
        &self.lane.world().places().get(PlaceId(node.0)).name
    }
}

/// The right panel.
pub(crate) fn view(view: &View<'_>) -> Html {
    let Some(lab) = &view.pump.lab else {
        return html! { <aside class="right" aria-label={view.text(Key::Inspector)} tabindex="0" /> };
    };
    html! {
        <aside class="right" aria-label={view.text(Key::Inspector)} tabindex="0">
            { choice(view, lab) }
            { selected(view, lab) }
            if view.rest.is_here() {
                { by_hand::rest_view(view) }
                { random::rest_view(view, lab) }
            }
        </aside>
    }
}

fn selected(view: &View<'_>, lab: &Lab) -> Option<Html> {
    let Selection { variant, thing } = view.session.selection?;
    let lane = lab.lanes.get(variant)?;
    let subject = Subject {
        view,
        lab,
        variant,
        lane,
    };
    if let Thing::Message(message) = thing {
        return Some(rest::behind(view, || messages::rest_one(subject, message)));
    }
    Some(match lane.diagram.find(thing)? {
        Shown::Item(index) => item::view(subject, index),
        Shown::Way(index) => way::view(subject, index),
        Shown::Member(index) => kafka::member(subject, index),
        Shown::Broker(index) => {
            let broker = &lane.diagram.brokers[index];
            let place = PlaceId(broker.node.0);
            let numbers = numbers::of_broker(lane.world(), place, view.session.language);
            let rows = numbers
                .into_iter()
                .map(|row| (view.text(row.name), html! { row.value }));
            html! {
                <>
                    <h2>{ &broker.name }{ " " }<span class="kind">{ view.text(Key::Broker) }</span></h2>
                    { list(rows) }
                    { rest::behind(view, || rest_hands_on(subject, index, broker.node)) }
                </>
            }
        }
    })
}

/// What can be changed about a broker and done to it.
#[inline(never)]
fn rest_hands_on(subject: Subject<'_>, index: usize, broker: NodeId) -> Html {
    html! {
        <>
            { kafka::cluster(subject, broker) }
            { rabbit_cluster::nodes(subject, broker) }
            { settings::of(subject, Shown::Broker(index)) }
            { actions::of_node(subject, broker, None) }
        </>
    }
}

/// Selecting without a pointer.
fn choice(view: &View<'_>, lab: &Lab) -> Html {
    let lanes = lab.lanes.iter().enumerate();
    let all: Vec<(Selection, String)> = lanes
        .flat_map(|(variant, lane)| {
            let diagram = &lane.diagram;
            diagram.shown().filter_map(move |shown| {
                let thing = diagram.thing(shown)?;
                let label = format!("{} · {}", numbers::name(lane, shown), lane.name);
                Some((Selection { variant, thing }, label))
            })
        })
        .collect();
    let options = all.iter().map(|(selection, label)| {
        let is_chosen = view.session.selection == Some(*selection);
        html! { <option selected={is_chosen}>{ label }</option> }
    });
    let options: Vec<Html> = options.collect();
    // A message is not on the stage, nor is what another text has not.
    let beside = match view.session.selection {
        Some(selection) if all.iter().any(|(other, _)| *other == selection) => None,
        Some(Selection {
            thing: Thing::Message(_),
            ..
        }) => Some(view.text(Key::Message)),
        _ => Some("\u{2013}"),
    };
    let places: Vec<Selection> = all.iter().map(|(selection, _)| *selection).collect();
    let onchange = chosen(&view.act, move |position| {
        places.get(position).map(|selection| Action::Select(Some(*selection)))
    });
    html! {
        <label class="choice">
            <span class="soft">{ view.text(Key::Inspector) }</span>
            <select data-action="select" {onchange}>
                { for options }
                if let Some(beside) = beside {
                    <option selected=true>{ beside }</option>
                }
            </select>
        </label>
    }
}

/// A list of names with their values.
fn list(rows: impl Iterator<Item = (&'static str, Html)>) -> Html {
    let rows = rows.map(|(name, value)| html! { <><dt>{ name }</dt><dd>{ value }</dd></> });
    html! { <dl>{ for rows }</dl> }
}
