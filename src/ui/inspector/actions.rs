//! What can be done to the thing that is selected.

use super::{Subject, publish};
use crate::state::acts::{self, Reach};
use crate::state::diagram::{Item, ItemKind};
use crate::state::session::Action;
use crate::state::texts::Key;
use mqlab_engine::Status;
use mqlab_model::NodeId;
use mqlab_scenario::What;
use yew::{Callback, Html, MouseEvent, html};

/// The buttons of a node; `item` is the part of it that is selected.
pub(super) fn of_node(subject: Subject<'_>, node: NodeId, item: Option<&Item>) -> Html {
    let title = html! { <h3>{ subject.text(Key::ActionsOf) }</h3> };
    if acts::is_too_late(subject.lab) {
        return html! { <>{ title }<p class="soft">{ subject.text(Key::TooLate) }</p></> };
    }
    let name = subject.name(node).to_owned();
    let of = |make: fn(String) -> What| make(name.clone());
    // A queue lives and dies with its broker.
    let owner = item.is_some_and(|item| item.name != name).then_some(name.as_str());
    let mut buttons = match subject.lane.world().status(node) {
        Status::Up => vec![
            button(subject, "pause-node", (Key::PauseNode, owner), of(What::Pause)),
            button(subject, "crash", (Key::Crash, owner), of(What::Crash)),
        ],
        Status::Paused => vec![
            button(subject, "resume-node", (Key::ResumeNode, owner), of(What::Resume)),
            button(subject, "crash", (Key::Crash, owner), of(What::Crash)),
        ],
        Status::Down { .. } => vec![button(
            subject,
            "restart-node",
            (Key::RestartNode, owner),
            of(What::Restart),
        )],
    };
    if item.is_none() {
        buttons.extend(of_disk(subject, node, of));
    }
    // In a cluster a queue cannot be purged yet.
    let is_alone = |item: &&Item| item.kind == ItemKind::Queue && subject.lane.world().hosted(item.place).is_none();
    if let Some(queue) = item.filter(is_alone) {
        let what = What::Purge(queue.name.clone());
        buttons.insert(0, button(subject, "purge", (Key::Purge, None), what));
    }
    html! {
        <>
            { title }
            <div class="buttons">{ for buttons }</div>
            if item.is_some_and(|item| item.kind == ItemKind::Load) {
                { publish::view(subject, &name) }
            }
            if subject.lab.lanes.len() > 1 {
                { everywhere(subject) }
            }
        </>
    }
}

/// What can be done to a disk; nothing where there is none, and to a queue's
/// only where its broker is selected.
fn of_disk(subject: Subject<'_>, node: NodeId, of: impl Fn(fn(String) -> What) -> What) -> Vec<Html> {
    let world = subject.lane.world();
    let Some(disk) = world.disk(node) else {
        return Vec::new();
    };
    let mut buttons = Vec::new();
    if world.status(node) == Status::Up {
        buttons.push(match disk.is_full {
            true => button(subject, "disk-free", (Key::FreeDisk, None), of(What::DiskFree)),
            false => button(subject, "disk-full", (Key::FillDisk, None), of(What::DiskFull)),
        });
    }
    buttons.push(button(subject, "power-cut", (Key::PowerCut, None), of(What::PowerCut)));
    buttons.push(button(subject, "disk-lost", (Key::LoseDisk, None), of(What::DiskLost)));
    buttons
}

/// A button that does something at the clock.
pub(super) fn button(
    subject: Subject<'_>,
    name: &'static str,
    (label, owner): (Key, Option<&str>),
    what: What,
) -> Html {
    let (act, reach) = (subject.view.act.clone(), reach(subject));
    let class = match name {
        "crash" | "power-cut" | "disk-lost" => "harm",
        _ => "",
    };
    let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Do(what.clone(), reach)));
    let owner = owner.map(|owner| html! { <span class="soft">{ " " }{ owner }</span> });
    html! {
        <button type="button" {class} data-action={name} {onclick}>{ subject.text(label) }{ owner }</button>
    }
}

/// Where things are done.
pub(super) fn reach(subject: Subject<'_>) -> Reach {
    if subject.view.session.acts_everywhere && subject.lab.lanes.len() > 1 {
        Reach::All
    } else {
        Reach::Variant(subject.variant)
    }
}

/// Whether things are done in all variants.
pub(super) fn everywhere(subject: Subject<'_>) -> Html {
    let act = subject.view.act.clone();
    let is_on = subject.view.session.acts_everywhere;
    let onchange = Callback::from(move |_: yew::Event| act.emit(Action::ActEverywhere(!is_on)));
    html! {
        <label class="toggle">
            <input type="checkbox" data-action="act-everywhere" checked={is_on} {onchange} />
            { subject.text(Key::InAllVariants) }
        </label>
    }
}
