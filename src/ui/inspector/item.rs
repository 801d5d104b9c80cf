//! A load, an exchange, a queue, a service or a table.

use super::{Subject, actions, definition, messages, settings, steps};
use crate::state::diagram::{ItemKind, Shown};
use crate::state::texts::Key;
use crate::state::{format, numbers};
use crate::ui::rest;
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

/// What can be changed about it and done to it, and its messages.
#[inline(never)]
fn rest_hands_on(subject: Subject<'_>, index: usize) -> Html {
    let item = &subject.lane.diagram.items[index];
    html! {
        <>
            if item.kind == ItemKind::Service {
                { steps::view(subject, item.node) }
            }
            { definition::view(subject, item) }
            { settings::of(subject, Shown::Item(index)) }
            { actions::of_node(subject, item.node, Some(item)) }
            {
                match item.kind {
                    ItemKind::Queue => html! { <>{ messages::of_queue(subject, item.place) }{ messages::out(subject, item.place) }</> },
                    ItemKind::Service => messages::in_hand(subject, item.node),
                    _ => html! {},
                }
            }
        </>
    }
}
