//! The right panel: the numbers of what is selected.

mod actions;
mod by_hand;

use super::app::View;
use super::switches::chosen;
use crate::state::diagram::ItemKind;
use crate::state::job::Quest;
use crate::state::lab::{Lab, Lane};
use crate::state::selection::Selection;
use crate::state::session::{Action, Panel};
use crate::state::texts::Key;
use crate::state::{format, numbers};
use mqlab_model::{MessageId, PlaceId};
use yew::{Callback, Html, MouseEvent, html};

/// Messages of a queue that are listed.
const HEAD: usize = 5;

/// The right panel.
pub(crate) fn view(view: &View<'_>) -> Html {
    let Some(lab) = &view.pump.lab else {
        return html! { <aside class="right" aria-label={view.text(Key::Inspector)} tabindex="0" /> };
    };
    let selected = view.session.selection.and_then(|selection| {
        let lane = lab.lanes.get(selection.variant)?;
        Some((selection.variant, lane, lane.diagram.find(selection.thing)?.item()?))
    });
    html! {
        <aside class="right" aria-label={view.text(Key::Inspector)} tabindex="0">
            { choice(view, lab) }
            if let Some((variant, lane, item)) = selected {
                { item_view(view, lab, (variant, lane), item) }
            }
            { by_hand::view(view) }
        </aside>
    }
}

/// Selecting without a pointer.
fn choice(view: &View<'_>, lab: &Lab) -> Html {
    let lanes = lab.lanes.iter().enumerate();
    let all: Vec<(Selection, String)> = lanes
        .flat_map(|(variant, lane)| {
            lane.diagram.items.iter().map(move |item| {
                let selection = Selection {
                    variant,
                    thing: item.station().into(),
                };
                (selection, format!("{} · {}", item.name, lane.name))
            })
        })
        .collect();
    let options = all.iter().map(|(selection, label)| {
        let is_chosen = view.session.selection == Some(*selection);
        html! { <option selected={is_chosen}>{ label }</option> }
    });
    let options: Vec<Html> = options.collect();
    let places: Vec<Selection> = all.iter().map(|(selection, _)| *selection).collect();
    let onchange = chosen(&view.act, move |position| {
        places.get(position).map(|selection| Action::Select(Some(*selection)))
    });
    html! {
        <label class="choice">
            <span class="soft">{ view.text(Key::Inspector) }</span>
            <select data-action="select" {onchange}>{ for options }</select>
        </label>
    }
}

fn item_view(view: &View<'_>, lab: &Lab, (variant, lane): (usize, &Lane), index: usize) -> Html {
    let item = &lane.diagram.items[index];
    let rows = numbers::of_item(lane, index, view.session.language);
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
                    { view.text(row.name) }
                </dt>
                <dd>{ &row.value }</dd>
            </>
        }
    });
    let mut rows: Vec<Html> = rows.collect();
    if item.kind == ItemKind::Queue {
        // The scale of the level on the stage.
        let full = format::count(numbers::full_scale(lab) as u64);
        rows.push(html! { <><dt>{ view.text(Key::Full) }</dt><dd>{ full }</dd></> });
    }
    html! {
        <>
            <h2>{ &item.name }{ " " }<span class="kind">{ view.text(numbers::kind_word(item.kind)) }</span></h2>
            <dl>{ for rows }</dl>
            { actions::view(view, lab, (variant, lane), item) }
            if item.kind == ItemKind::Queue {
                { head(view, (variant, lane), item.place) }
            }
        </>
    }
}

/// The messages that leave a queue next.
fn head(view: &View<'_>, (variant, lane): (usize, &Lane), queue: PlaceId) -> Html {
    let world = lane.world();
    let rows: Vec<Html> = world
        .waiting_in(queue)
        .take(HEAD)
        .map(|message| {
            let waited = world.now().saturating_since(message.offered()).nanos() as f64;
            let (whole, _) = format::clock(message.offered(), 0);
            html! {
                <tr>
                    <td>{ life_button(view, variant, message.id) }</td>
                    <td>{ whole }</td>
                    <td>{ format::span(waited) }</td>
                </tr>
            }
        })
        .collect();
    let is_empty = rows.is_empty();
    html! {
        <>
            <h3>{ view.text(Key::Head) }</h3>
            if is_empty {
                <p class="soft">{ view.text(Key::HeadEmpty) }</p>
            } else {
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{ view.text(Key::Message) }</th>
                            <th scope="col">{ view.text(Key::Published) }</th>
                            <th scope="col">{ view.text(Key::Waiting) }</th>
                        </tr>
                    </thead>
                    <tbody>{ for rows }</tbody>
                </table>
            }
        </>
    }
}

/// A message's number, which opens its life.
fn life_button(view: &View<'_>, variant: usize, message: MessageId) -> Html {
    let (act, look) = (view.act.clone(), view.look.clone());
    let number = format!("#{}", format::count(message.number()));
    let label = view.session.language.with(Key::LifeOf, &number);
    let open = Callback::from(move |_: MouseEvent| {
        act.emit(Action::Panel(Panel::Facts));
        look.emit(Quest::Life { variant, message });
    });
    html! {
        <button type="button" class="link" data-action="life" aria-label={label} onclick={open}>{ number }</button>
    }
}
