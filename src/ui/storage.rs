//! What the browser stores for the page: the settings that are remembered from
//! one visit to the next, and texts by name. It may be switched off or full.

use super::shell;
use crate::state::boards::Boards;
use crate::state::notice::Unsaved;
use crate::state::scenarios::{self, SCENARIOS};
use crate::state::session::{Screen, Session, Theme};
use crate::state::texts::Language;
use wasm_bindgen::JsValue;
use web_sys::Storage;

const NAME: &str = "mqlab-settings";

/// The page as it was left, or as it is for a first visit, and the scenario
/// that was worked on.
pub(crate) fn restore() -> (Session, Option<usize>) {
    let spoken = shell::window().navigator().language().unwrap_or_default();
    let mut session = Session::new(Language::of_tag(&spoken));
    session.screen = Screen::Gallery;
    let Some(stored) = read() else {
        return (session, None);
    };
    let field = |name: &str| js_sys::Reflect::get(&stored, &JsValue::from_str(name)).unwrap_or_default();
    let text = |name: &str| field(name).as_string();
    if let Some(language) = text("language") {
        session.language = Language::of_tag(&language);
    }
    session.theme = text("theme").map_or(Theme::System, |name| Theme::named(&name));
    session.boards = text("boards").map_or_else(Boards::default, |boards| Boards::of_text(&boards));
    let scenario = text("scenario").and_then(|stem| scenarios::position(&stem));
    // Whether a scenario was shown. Earlier pages had no gallery to come back to.
    if field("isAtWork").as_bool().unwrap_or(scenario.is_some()) {
        session.screen = Screen::Laboratory;
    }
    (session, scenario)
}

/// The settings as they are stored: an object, whatever it holds.
fn read() -> Option<JsValue> {
    let storage = shell::window().local_storage().ok().flatten()?;
    let text = storage.get_item(NAME).ok().flatten()?;
    js_sys::JSON::parse(&text).ok().filter(JsValue::is_object)
}

/// Remembers the page's settings.
pub(crate) fn remember(session: &Session, scenario: Option<usize>) {
    let entry = scenario.and_then(|position| SCENARIOS.get(position));
    let stored = shell::object(&[
        ("language", session.language.tag().into()),
        ("theme", session.theme.name().into()),
        ("scenario", entry.map_or(JsValue::NULL, |entry| entry.stem.into())),
        ("isAtWork", (session.screen == Screen::Laboratory).into()),
        ("boards", session.boards.to_text().into()),
    ]);
    let text = js_sys::JSON::stringify(&stored).ok();
    if let (Some(text), Ok(Some(storage))) = (text, shell::window().local_storage()) {
        // A full or forbidden storage costs the settings and nothing else.
        let _ = storage.set_item(NAME, &String::from(text));
    }
}

/// One of the two storages of the browser.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// That of this tab.
    Tab,
    /// That of all tabs.
    Shared,
}

fn storage(place: Place) -> Option<Storage> {
    let window = shell::window();
    let storage = match place {
        Place::Tab => window.session_storage(),
        Place::Shared => window.local_storage(),
    };
    storage.ok().flatten()
}

/// What is stored under a name, if the browser lets the page look.
pub(crate) fn get(place: Place, name: &str) -> Option<String> {
    storage(place)?.get_item(name).ok().flatten()
}

/// Stores a value under a name.
pub(crate) fn set(place: Place, name: &str, value: &str) -> Result<(), Unsaved> {
    let storage = storage(place).ok_or(Unsaved::Forbidden)?;
    storage.set_item(name, value).map_err(|error| {
        let name = js_sys::Reflect::get(&error, &"name".into());
        let is_full = name.is_ok_and(|name| name.as_string().is_some_and(|name| name.contains("Quota")));
        if is_full { Unsaved::Full } else { Unsaved::Forbidden }
    })
}

/// Removes what is stored under a name.
pub(crate) fn remove(place: Place, name: &str) {
    if let Some(storage) = storage(place) {
        // What cannot be removed could not be stored.
        let _ = storage.remove_item(name);
    }
}
