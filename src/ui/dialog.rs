//! A dialog over the page: the browser keeps the focus inside and closes it
//! by Escape.

use web_sys::HtmlDialogElement;
use yew::{
    Callback, Children, Event, Html, MouseEvent, NodeRef, Properties, component, html, use_effect_with, use_node_ref,
};

/// What a dialog is given.
#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    /// Its name in tests.
    pub(crate) name: &'static str,
    /// Its heading.
    pub(crate) title: String,
    /// What the button says that closes it.
    pub(crate) close: String,
    /// It was closed.
    pub(crate) on_close: Callback<()>,
    /// What is in it.
    pub(crate) children: Children,
}

/// A dialog. It is open as long as it is there.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    use_opening(&node);
    let on_close = props.on_close.clone();
    let onclose = Callback::from(move |_: Event| on_close.emit(()));
    let inside = node.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(dialog) = inside.cast::<HtmlDialogElement>() {
            dialog.close();
        }
    });
    let id = format!("dialog-{}", props.name);
    html! {
        <dialog ref={node} data-dialog={props.name} aria-labelledby={id.clone()} {onclose}>
            <div class="dialog-head">
                <h2 {id}>{ &props.title }</h2>
                <button type="button" class="ghost" data-action="close-dialog" aria-label={props.close.clone()} title={props.close.clone()} {onclick}>
                    { "×" }
                </button>
            </div>
            { for props.children.iter() }
        </dialog>
    }
}

#[yew::hook]
fn use_opening(node: &NodeRef) {
    let node = node.clone();
    use_effect_with((), move |()| {
        if let Some(dialog) = node.cast::<HtmlDialogElement>() {
            // One that is open already stays so.
            let _ = dialog.show_modal();
        }
    });
}
