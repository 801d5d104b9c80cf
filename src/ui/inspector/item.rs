//! A load, an exchange, a queue, a service or a table.

use super::{Subject, actions, definition, kafka, messages, rabbit_cluster, settings, steps};
use crate::state::diagram::{Item, ItemKind, Shown};
use crate::state::texts::Key;
use crate::state::{format, numbers};
use crate::ui::rest;
use mqlab_model::NodeId;
use yew::{Html, html};

/// The item at a position of the diagram.
pub(super) fn view(subject: Subject<'_>, index: usize) -> Html {
    let lane = subject.lane;
    let item = &lane.diagram.items[index];
    let rows = numbers::of_item(lane, index, subject.view.session.language);
    let rows = rows.iter().map(|row| {
        let swatch = match row.name {
            Key::Ready => Some("ready"),
            Key::Unacked => Some("flight"),
            _ => None,
        };
        html! {
            <>
                <dt>
                    if let Some(swatch) = swatch {
                        <span class={format!("swatch {swatch}")} aria-hidden="true" />
                    }
                    { subject.text(row.name) }
                </dt>
                <dd>{ &row.value }</dd>
            </>
        }
    });
    let mut rows: Vec<Html> = rows.collect();
    if item.kind == ItemKind::Queue {
        // The scale of the level on the stage.
        let full = format::count(numbers::full_scale(subject.lab) as u64);
        rows.push(html! { <><dt>{ subject.text(Key::Full) }</dt><dd>{ full }</dd></> });
    }
    html! {
        <>
            <h2>{ &item.name }{ " " }<span class="kind">{ subject.text(numbers::kind_word(item.kind)) }</span></h2>
            <dl>{ for rows }</dl>
            { rest::behind(subject.view, || rest_hands_on(subject, index)) }
        </>
    }
}

/// The node that it lives and dies with: of a partition its leader, else what it
/// is a part of.
fn hands_on(subject: Subject<'_>, item: &Item) -> NodeId {
    let is_partition = item.kind == ItemKind::Partition;
    let partition = || subject.lane.world().partition_at(item.place);
    let leader = is_partition
        .then(partition)
        .flatten()
        .and_then(|partition| partition.leader);
    leader.unwrap_or(item.node)
}

/// What can be changed about it and done to it, and its messages.
#[inline(never)]
fn rest_hands_on(subject: Subject<'_>, index: usize) -> Html {
    let item = &subject.lane.diagram.items[index];
    html! {
        <>
            if item.kind == ItemKind::Service {
                { steps::view(subject, item.node) }
            }
            if item.kind == ItemKind::Partition {
                { kafka::partition(subject, item.place) }
            }
            { definition::view(subject, item) }
            { settings::of(subject, Shown::Item(index)) }
            { actions::of_node(subject, hands_on(subject, item), Some(item)) }
            {
                match item.kind {
                    ItemKind::Queue => html! { <>{ rabbit_cluster::members(subject, item.place) }{ messages::of_queue(subject, item.place) }{ messages::out(subject, item.place) }</> },
                    ItemKind::Service => messages::in_hand(subject, item.node),
                    _ => html! {},
                }
            }
        </>
    }
}
