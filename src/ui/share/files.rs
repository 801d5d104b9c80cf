//! Files: chosen by a button or dropped onto the page, and saved.

use super::Request;
use crate::state::file::{FILE_BYTES_MAX, FileFinding};
use crate::state::texts::Key;
use crate::ui::app::View;
use crate::ui::{download, shell};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, FileList, HtmlInputElement};
use yew::{Callback, Event, Html, TargetCast, html};

const FIELD: &str = "file-field";

/// The field behind every button that opens a file, and the place to drop one.
pub(super) fn view(view: &View<'_>) -> Html {
    let request = view.share.clone();
    let onchange = Callback::from(move |event: Event| {
        let field: Option<HtmlInputElement> = event.target_dyn_into();
        if let Some(field) = field {
            if let Some(list) = field.files() {
                read(&list, &request);
            }
            // The same file may be chosen again.
            field.set_value("");
        }
    });
    html! {
        <>
            <input id={FIELD} type="file" accept=".toml,text/plain" aria-label={view.text(Key::FileOpen)} hidden=true {onchange} />
            if view.sharing.is_hovering {
                <div class="drop-here" aria-hidden="true"><p>{ view.text(Key::FileDrop) }</p></div>
            }
        </>
    }
}

/// Lets somebody choose a file.
pub(super) fn choose() {
    let field = shell::document().get_element_by_id(FIELD);
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        field.click();
    }
}

/// Reads the first of some files.
pub(super) fn read(list: &FileList, request: &Callback<Request>) {
    let Some(file) = list.get(0) else { return };
    let (request, are_many) = (request.clone(), list.length() > 1);
    spawn_local(async move {
        let bytes = bytes_of(&file).await;
        request.emit(Request::Read {
            name: file.name(),
            bytes,
            are_many,
        });
    });
}

async fn bytes_of(file: &File) -> Result<Vec<u8>, FileFinding> {
    // A film is not read just to say that it is none.
    if file.size() > FILE_BYTES_MAX as f64 {
        return Err(FileFinding::TooLarge(file.size() as usize));
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| FileFinding::Unreadable)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Hands a text to the browser to be saved; whether that worked.
pub(super) fn save(name: &str, text: &str) -> bool {
    download::save(name, "application/toml;charset=utf-8", text)
}
