//! The messages of what is selected, each with the way to its life.

use super::Subject;
use crate::state::job::Quest;
use crate::state::session::{Action, Panel};
use crate::state::texts::Key;
use crate::state::{format, local};
use mqlab_kernel::SimTime;
use mqlab_model::{MessageId, NodeId, PlaceId};
use yew::{Callback, Html, MouseEvent, html};

/// Messages that are listed at most.
const LISTED: usize = 5;

/// The messages that leave a queue next.
pub(super) fn of_queue(subject: Subject<'_>, queue: PlaceId) -> Html {
    let (world, language) = (subject.lane.world(), subject.view.session.language);
    let head = world.waiting_in(queue).take(LISTED);
    let rows = head.map(|message| {
        let waited = world.now().saturating_since(message.offered()).nanos() as f64;
        let (whole, _) = format::clock(message.offered(), 0);
        (message.id, [whole, local::span(waited, language)])
    });
    table(
        subject,
        (Key::Head, Key::HeadEmpty),
        [Key::Published, Key::Waiting],
        rows.collect(),
    )
}

/// The messages of a queue that are delivered and not acknowledged.
pub(super) fn out(subject: Subject<'_>, queue: PlaceId) -> Html {
    let out = subject.lane.world().unacked_in(queue).take(LISTED);
    let rows = out.map(|delivered| (delivered.message.id, [subject.name(delivered.to).to_owned()]));
    table(subject, (Key::OutNow, Key::OutNone), [Key::OutTo], rows.collect())
}

/// The messages that a service's workers have in hand.
pub(super) fn in_hand(subject: Subject<'_>, service: NodeId) -> Html {
    let messages = subject.lane.world().in_hand(service).into_iter().take(LISTED);
    table(
        subject,
        (Key::MessagesInHand, Key::NothingInHand),
        [],
        messages.map(|message| (message, [])).collect(),
    )
}

/// The messages under way on a link, soonest first.
pub(super) fn under_way(subject: Subject<'_>, packets: Vec<(MessageId, SimTime)>) -> Html {
    let (now, language) = (subject.lane.world().now(), subject.view.session.language);
    let rows = packets.into_iter().take(LISTED).map(|(message, arrives)| {
        let left = arrives.saturating_since(now).nanos() as f64;
        (message, [local::span(left, language)])
    });
    table(
        subject,
        (Key::MessagesUnderWay, Key::NothingUnderWay),
        [Key::ArrivesIn],
        rows.collect(),
    )
}

/// One message.
#[inline(never)]
pub(super) fn rest_one(subject: Subject<'_>, message: MessageId) -> Html {
    let source = subject.lane.world().sources().get(message.source());
    html! {
        <>
            <h2>{ &source.name }{ " " }<span class="kind">{ subject.text(Key::Message) }</span></h2>
            <p>{ life_button(subject, message) }</p>
        </>
    }
}

fn table<const N: usize>(
    subject: Subject<'_>,
    (title, empty): (Key, Key),
    columns: [Key; N],
    rows: Vec<(MessageId, [String; N])>,
) -> Html {
    if rows.is_empty() {
        return html! { <><h3>{ subject.text(title) }</h3><p class="soft">{ subject.text(empty) }</p></> };
    }
    let columns = columns.map(|key| html! { <th scope="col">{ subject.text(key) }</th> });
    let rows = rows.into_iter().map(|(message, cells)| {
        let cells = cells.into_iter().map(|cell| html! { <td>{ cell }</td> });
        html! { <tr><td>{ life_button(subject, message) }</td>{ for cells }</tr> }
    });
    html! {
        <>
            <h3>{ subject.text(title) }</h3>
            <table>
                <thead><tr><th scope="col">{ subject.text(Key::Message) }</th>{ for columns }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </>
    }
}

/// A message's number, which opens its life.
fn life_button(subject: Subject<'_>, message: MessageId) -> Html {
    let (act, look, variant) = (subject.view.act.clone(), subject.view.look.clone(), subject.variant);
    let number = format!("#{}", format::count(message.number()));
    let label = subject.view.session.language.with(Key::LifeOf, &number);
    let open = Callback::from(move |_: MouseEvent| {
        act.emit(Action::Panel(Panel::Facts));
        look.emit(Quest::Life { variant, message });
    });
    html! {
        <button type="button" class="link" data-action="life" aria-label={label} onclick={open}>{ number }</button>
    }
}
