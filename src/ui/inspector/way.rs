//! A way, with the connection under it.

use super::{Subject, list, messages, settings};
use crate::state::diagram::Shown;
use crate::state::texts::Key;
use crate::state::{format, numbers};
use mqlab_engine::LinkView;
use mqlab_kernel::SimTime;
use mqlab_model::{MessageId, NodeId};
use yew::{Html, html};

/// The way at a position of the diagram.
pub(super) fn view(subject: Subject<'_>, index: usize) -> Html {
    let (lane, diagram) = (subject.lane, &subject.lane.diagram);
    let way = &diagram.ways[index];
    let (from, to) = (diagram.items[way.from].node, diagram.items[way.to].node);
    let (rate, failed) = lane.flow(index);
    let mut rows = vec![(subject.text(Key::MeasuredRate), html! { format::rate(rate) })];
    if failed > 0.0 {
        rows.push((subject.text(Key::Refused), html! { format::rate(failed) }));
    }
    // A way inside a broker has no connection under it.
    let links: Vec<LinkView> = lane.world().links().filter(|link| joins(link, from, to)).collect();
    let under_way: usize = links.iter().map(|link| link.packets).sum();
    let live = subject.lab.scenario.live_link(subject.variant, from, to);
    if let Some(link) = links.first() {
        let latency = link.latency.nanos() as f64;
        rows.push((subject.text(Key::Latency), html! { format::span(latency) }));
        rows.push((subject.text(Key::UnderWay), html! { format::count(under_way as u64) }));
    }
    html! {
        <>
            <h2>{ numbers::name(lane, Shown::Way(index)) }{ " " }<span class="kind">{ subject.text(Key::Way) }</span></h2>
            { list(rows.into_iter()) }
            { settings::of(subject, &live) }
            if !links.is_empty() {
                { messages::under_way(subject, packets(subject, &links)) }
            }
        </>
    }
}

fn joins(link: &LinkView, from: NodeId, to: NodeId) -> bool {
    (link.from, link.to) == (from, to) || (link.from, link.to) == (to, from)
}

/// Messages on the connection, soonest first.
fn packets(subject: Subject<'_>, links: &[LinkView]) -> Vec<(MessageId, SimTime)> {
    const LOOKED_AT: usize = 100;
    let world = subject.lane.world();
    let on = |link| world.packets(link).take(LOOKED_AT);
    let packets = links.iter().flat_map(on);
    let mut packets: Vec<(MessageId, SimTime)> = packets
        .filter_map(|packet| Some((packet.message?, packet.arrives)))
        .collect();
    packets.sort_by_key(|(_, arrives)| *arrives);
    packets
}
