//! A way, with the connection under it.

use super::{Subject, actions, list, messages, settings};
use crate::state::acts;
use crate::state::connection::Connection;
use crate::state::diagram::Shown;
use crate::state::texts::Key;
use crate::state::{format, local, numbers};
use crate::ui::rest;
use mqlab_engine::LinkView;
use mqlab_kernel::{SimTime, sort_by_key};
use mqlab_model::MessageId;
use mqlab_scenario::What;
use yew::{Html, html};

/// The way at a position of the diagram.
pub(super) fn view(subject: Subject<'_>, index: usize) -> Html {
    let (lane, diagram) = (subject.lane, &subject.lane.diagram);
    let language = subject.view.session.language;
    let way = &diagram.ways[index];
    let (rate, failed) = lane.flow(index);
    let mut rows = vec![(subject.text(Key::MeasuredRate), html! { local::rate(rate, language) })];
    if failed > 0.0 {
        rows.push((subject.text(Key::Refused), html! { local::rate(failed, language) }));
    }
    // A way inside a broker has no connection under it.
    let connection = Connection::of(lane, way);
    let links: Vec<LinkView> = connection.forth.into_iter().chain(connection.back).collect();
    if connection.is_cut() {
        rows.push((subject.text(Key::State), html! { subject.text(Key::IsCut) }));
        rows.push((
            subject.text(Key::HeldUp),
            html! { format::count(connection.held_up() as u64) },
        ));
    }
    if let Some(link) = links.first() {
        let latency = link.latency.nanos() as f64;
        rows.push((subject.text(Key::Latency), html! { local::span(latency, language) }));
        rows.push((
            subject.text(Key::UnderWay),
            html! { format::count(connection.packets() as u64) },
        ));
    }
    html! {
        <>
            <h2>{ numbers::name(lane, Shown::Way(index)) }{ " " }<span class="kind">{ subject.text(Key::Way) }</span></h2>
            { list(rows.into_iter()) }
            { rest::behind(subject.view, || rest_hands_on(subject, index, &links, connection.is_cut())) }
        </>
    }
}

/// What can be changed about it and done to it, and the messages on it.
#[inline(never)]
fn rest_hands_on(subject: Subject<'_>, index: usize, links: &[LinkView], is_cut: bool) -> Html {
    html! {
        <>
            { settings::of(subject, Shown::Way(index)) }
            { for links.first().map(|link| cutting(subject, link, is_cut)) }
            if !links.is_empty() {
                { messages::under_way(subject, packets(subject, links)) }
            }
        </>
    }
}

/// Cuts the connection, or heals it.
fn cutting(subject: Subject<'_>, link: &LinkView, is_cut: bool) -> Html {
    if acts::is_too_late(subject.lab) {
        return html! {};
    }
    let (a, b) = (subject.name(link.from).to_owned(), subject.name(link.to).to_owned());
    let way = |from: &str, to: &str| {
        let what = What::CutOneWay {
            from: from.to_owned(),
            to: to.to_owned(),
        };
        let label = format!("{from} → {to}");
        let name = if from == a { "cut-forth" } else { "cut-back" };
        actions::button(subject, name, (Key::CutOneWay, Some(&label)), what)
    };
    let buttons = if is_cut {
        vec![actions::button(subject, "heal", (Key::Heal, None), What::Heal { a, b })]
    } else {
        let (forth, back) = (way(&a, &b), way(&b, &a));
        let cut = actions::button(subject, "cut", (Key::Cut, None), What::Cut { a, b });
        vec![cut, forth, back]
    };
    html! {
        <>
            <h3>{ subject.text(Key::ActionsOf) }</h3>
            <div class="buttons">{ for buttons }</div>
            if subject.lab.lanes.len() > 1 {
                { actions::everywhere(subject) }
            }
        </>
    }
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
    sort_by_key(&mut packets, |(_, arrives)| *arrives);
    packets
}
