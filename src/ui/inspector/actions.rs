//! What can be done to the thing that is selected.

use crate::state::acts::{self, Reach};
use crate::state::diagram::{Item, ItemKind};
use crate::state::lab::{Lab, Lane};
use crate::state::session::Action;
use crate::state::texts::Key;
use crate::ui::app::View;
use mqlab_engine::Status;
use mqlab_model::PlaceId;
use mqlab_scenario::What;
use web_sys::HtmlInputElement;
use yew::{Callback, Html, MouseEvent, NodeRef, html};

/// The buttons.
pub(super) fn view(view: &View<'_>, lab: &Lab, (variant, lane): (usize, &Lane), item: &Item) -> Html {
    if acts::is_too_late(lab) {
        return html! {
            <>
                <h3>{ view.text(Key::ActionsOf) }</h3>
                <p class="soft">{ view.text(Key::TooLate) }</p>
            </>
        };
    }
    // A queue lives and dies with its broker.
    let node = lane.world().places().get(PlaceId(item.node.0)).name.clone();
    let is_queue = item.kind == ItemKind::Queue;
    let label = |key: Key| {
        if is_queue {
            format!("{}: {node}", view.text(key))
        } else {
            view.text(key).to_owned()
        }
    };
    let button = |name: &'static str, key: Key, what: What, is_harm: bool| {
        let (act, reach) = (view.act.clone(), reach(view, lab, variant));
        let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Do(what.clone(), reach)));
        html! {
            <button type="button" class={if is_harm { "harm" } else { "" }} data-action={name} {onclick}>{ label(key) }</button>
        }
    };
    let buttons = match lane.world().status(item.node) {
        Status::Up => vec![
            button("pause-node", Key::PauseNode, What::Pause(node.clone()), false),
            button("crash", Key::Crash, What::Crash(node.clone()), true),
        ],
        Status::Paused => vec![
            button("resume-node", Key::ResumeNode, What::Resume(node.clone()), false),
            button("crash", Key::Crash, What::Crash(node.clone()), true),
        ],
        Status::Down { .. } => {
            vec![button(
                "restart-node",
                Key::RestartNode,
                What::Restart(node.clone()),
                false,
            )]
        }
    };
    html! {
        <>
            <h3>{ view.text(Key::ActionsOf) }</h3>
            <div class="buttons">{ for buttons }</div>
            if item.kind == ItemKind::Load {
                { publish(view, lab, variant, &node) }
            }
            if lab.lanes.len() > 1 {
                { everywhere(view) }
            }
        </>
    }
}

/// Where things are done.
pub(super) fn reach(view: &View<'_>, lab: &Lab, variant: usize) -> Reach {
    if view.session.acts_everywhere && lab.lanes.len() > 1 {
        Reach::All
    } else {
        Reach::Variant(variant)
    }
}

/// Whether things are done in all variants.
fn everywhere(view: &View<'_>) -> Html {
    let act = view.act.clone();
    let is_on = view.session.acts_everywhere;
    let onchange = Callback::from(move |_: yew::Event| act.emit(Action::ActEverywhere(!is_on)));
    html! {
        <label class="toggle">
            <input type="checkbox" data-action="act-everywhere" checked={is_on} {onchange} />
            { view.text(Key::InAllVariants) }
        </label>
    }
}

/// Publishing by hand.
fn publish(view: &View<'_>, lab: &Lab, variant: usize, load: &str) -> Html {
    let (act, reach, load) = (view.act.clone(), reach(view, lab, variant), load.to_owned());
    let count_ref = NodeRef::default();
    let field = count_ref.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        let input = field.cast::<HtmlInputElement>();
        let count = input.and_then(|input| input.value().parse().ok()).unwrap_or(1);
        let what = What::Publish {
            load: load.clone(),
            count,
        };
        act.emit(Action::Do(what, reach));
    });
    html! {
        <div class="publish">
            <label>
                { view.text(Key::PublishCount) }{ " " }
                <input ref={count_ref} type="number" min="1" value="1" data-action="publish-count" />
            </label>
            <button type="button" data-action="publish" {onclick}>{ view.text(Key::PublishOne) }</button>
        </div>
    }
}
