//! Publishing by hand.

use super::{Subject, actions};
use crate::state::session::Action;
use crate::state::texts::Key;
use mqlab_scenario::What;
use web_sys::HtmlInputElement;
use yew::{Callback, Html, NodeRef, SubmitEvent, html};

/// The form of a load.
pub(super) fn view(subject: Subject<'_>, load: &str) -> Html {
    let (act, reach, load) = (subject.view.act.clone(), actions::reach(subject), load.to_owned());
    let [count, key, payload] = [(); 3].map(|()| NodeRef::default());
    let fields = [count.clone(), key.clone(), payload.clone()];
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let [count, key, payload] = fields.each_ref().map(value);
        act.emit(Action::Do(
            What::Publish {
                load: load.clone(),
                count: count.and_then(|count| count.parse().ok()).unwrap_or(1),
                key,
                payload,
            },
            reach,
        ));
    });
    html! {
        <form class="publish" data-form="publish" {onsubmit}>
            <label>
                <span>{ subject.text(Key::PublishCount) }</span>
                <input ref={count} type="number" min="1" value="1" data-action="publish-count" />
            </label>
            <label>
                <span>{ subject.text(Key::PublishKey) }</span>
                <input ref={key} type="text" data-action="publish-key" />
            </label>
            <label>
                <span>{ subject.text(Key::PublishPayload) }</span>
                <input ref={payload} type="text" data-action="publish-payload" />
            </label>
            <button type="submit" data-action="publish">{ subject.text(Key::PublishOne) }</button>
        </form>
    }
}

/// What is written in a field; nothing if it is empty.
fn value(field: &NodeRef) -> Option<String> {
    let input = field.cast::<HtmlInputElement>()?;
    Some(input.value()).filter(|value| !value.is_empty())
}
