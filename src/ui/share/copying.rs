//! Copying a text of the page.

use super::Request;
use crate::ui::shell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlDocument, HtmlTextAreaElement};
use yew::Callback;

/// Copies the text of a field and tells how that went. Where the browser does
/// not allow it, the text stays selected, so that one key does it.
pub(super) fn copy(field: &'static str, request: Callback<Request>) {
    let Some(area) = area(field) else { return };
    area.select();
    let navigator = shell::window().navigator();
    // Only pages from a safe origin have a clipboard.
    let has_clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| !clipboard.is_undefined() && !clipboard.is_null());
    if !has_clipboard {
        request.emit(Request::Copied(field, copy_selected()));
        return;
    }
    let promise = navigator.clipboard().write_text(&area.value());
    spawn_local(async move {
        let is_copied = JsFuture::from(promise).await.is_ok() || copy_selected();
        request.emit(Request::Copied(field, is_copied));
    });
}

fn area(id: &str) -> Option<HtmlTextAreaElement> {
    shell::document().get_element_by_id(id)?.dyn_into().ok()
}

/// The old way, which needs no permission.
fn copy_selected() -> bool {
    let document = shell::document().dyn_into::<HtmlDocument>();
    document.is_ok_and(|document| document.exec_command("copy").unwrap_or(false))
}
