//! What is remembered from one visit to the next: language, colours and the
//! scenario. Losing it is no error; storage may be switched off.

use super::shell;
use crate::state::boards::Boards;
use crate::state::scenarios::{self, SCENARIOS};
use crate::state::session::{Session, Theme};
use crate::state::texts::Language;
use serde::{Deserialize, Serialize};

const NAME: &str = "mqlab-settings";

/// The settings as they are stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    language: Option<String>,
    theme: Option<String>,
    scenario: Option<String>,
    boards: Option<String>,
}

/// The page as it was left, or as it is for a first visit, and the scenario
/// that was worked on.
pub(crate) fn restore() -> (Session, Option<usize>) {
    let spoken = shell::window().navigator().language().unwrap_or_default();
    let mut session = Session::new(Language::of_tag(&spoken));
    let Some(stored) = read() else {
        return (session, None);
    };
    if let Some(language) = stored.language {
        session.language = Language::of_tag(&language);
    }
    session.theme = stored.theme.as_deref().map_or(Theme::System, Theme::named);
    session.boards = stored.boards.as_deref().map_or_else(Boards::default, Boards::of_text);
    let scenario = stored.scenario.as_deref().and_then(scenarios::position);
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
        boards: Some(session.boards.to_text()),
    };
    let value = serde_wasm_bindgen::to_value(&stored).ok();
    let text = value.and_then(|value| js_sys::JSON::stringify(&value).ok());
    if let (Some(text), Ok(Some(storage))) = (text, shell::window().local_storage()) {
        // A full or forbidden storage costs the settings and nothing else.
        let _ = storage.set_item(NAME, &String::from(text));
    }
}
