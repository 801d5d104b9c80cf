//! What the browser stores for the page: the settings that are remembered from
//! one visit to the next, and texts by name. It may be switched off or full.

use super::shell;
use crate::state::boards::Boards;
use crate::state::notice::Unsaved;
use crate::state::scenarios::{self, SCENARIOS};
use crate::state::session::{Screen, Session, Theme};
use crate::state::texts::Language;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

const NAME: &str = "mqlab-settings";

/// The settings as they are stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    language: Option<String>,
    theme: Option<String>,
    scenario: Option<String>,
    /// Whether a scenario was shown, and not the gallery.
    is_at_work: Option<bool>,
    boards: Option<String>,
}

/// The page as it was left, or as it is for a first visit, and the scenario
/// that was worked on.
pub(crate) fn restore() -> (Session, Option<usize>) {
    let spoken = shell::window().navigator().language().unwrap_or_default();
    let mut session = Session::new(Language::of_tag(&spoken));
    session.screen = Screen::Gallery;
    let Some(stored) = read() else {
        return (session, None);
    };
    if let Some(language) = stored.language {
        session.language = Language::of_tag(&language);
    }
    session.theme = stored.theme.as_deref().map_or(Theme::System, Theme::named);
    session.boards = stored.boards.as_deref().map_or_else(Boards::default, Boards::of_text);
    let scenario = stored.scenario.as_deref().and_then(scenarios::position);
    // Earlier pages had no gallery to come back to.
    if stored.is_at_work.unwrap_or(scenario.is_some()) {
        session.screen = Screen::Laboratory;
    }
    (session, scenario)
}

fn read() -> Option<Stored> {
    let storage = shell::window().local_storage().ok().flatten()?;
    let text = storage.get_item(NAME).ok().flatten()?;
    let value = js_sys::JSON::parse(&text).ok()?;
    serde_wasm_bindgen::from_value(value).ok()
}

/// Remembers the page's settings.
pub(crate) fn remember(session: &Session, scenario: Option<usize>) {
    let stored = Stored {
        language: Some(session.language.tag().to_owned()),
        theme: Some(session.theme.name().to_owned()),
        scenario: scenario
            .and_then(|position| SCENARIOS.get(position))
            .map(|entry| entry.stem.to_owned()),
        is_at_work: Some(session.screen == Screen::Laboratory),
        boards: Some(session.boards.to_text()),
    };
    let value = serde_wasm_bindgen::to_value(&stored).ok();
    let text = value.and_then(|value| js_sys::JSON::stringify(&value).ok());
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
