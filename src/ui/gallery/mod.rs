//! The gallery: every scenario, to choose one.

mod card;
mod sketch;

use super::app::View;
use super::families;
use crate::state::gallery::{Card, Gallery};
use crate::state::scenarios::SCENARIOS;
use crate::state::session::{Action, Screen};
use crate::state::texts::Key;
use crate::state::{lessons, local};
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::{Callback, Html, InputEvent, MouseEvent, TargetCast, html};

/// Longer than anything that could be found.
const QUERY_CHARS_MAX: &str = "80";

/// The gallery.
pub(crate) fn view(view: &View<'_>) -> Html {
    let gallery = view.gallery.get_or_init(|| Gallery::read(view.rest.is_here()));
    let is_searching = !view.query.trim().is_empty();
    html! {
        <main class="gallery" aria-label={view.text(Key::Gallery)}>
            <div class="gallery-page">
                <div class="gallery-head">
                    <h1>{ view.text(Key::GalleryIntro) }</h1>
                    { back(view) }
                </div>
                if !is_searching {
                    { path(view, &gallery.path()) }
                }
                { search(view) }
                { groups(view, gallery) }
            </div>
        </main>
    }
}

/// The way back to what is worked on, once anything was done in it.
fn back(view: &View<'_>) -> Html {
    let has_begun = view.pump.lab.as_ref().is_some_and(|lab| lab.has_begun());
    if !has_begun && !view.work.is_changed() {
        return html! {};
    }
    let entry = view.work.origin.and_then(|position| SCENARIOS.get(position));
    let read = view.pump.lab.as_ref().map_or("", |lab| lab.scenario.title.as_str());
    let title = entry.map_or(read, |entry| lessons::title(entry, view.session.language));
    let act = view.act.clone();
    let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Show(Screen::Laboratory)));
    html! {
        <button type="button" class="link" data-action="back-to-work" {onclick}>
            { view.session.language.with(Key::GalleryBack, title) }
        </button>
    }
}

/// The path for beginners, step by step.
fn path(view: &View<'_>, cards: &[&Card]) -> Html {
    let steps = cards.iter().map(|card| {
        let place = card.place.unwrap_or_default().to_string();
        html! {
            <li>
                <button type="button" class="step" data-action="step" data-scenario={card.stem} onclick={card::open(view, card)}>
                    <span class="step-number" aria-hidden="true">{ &place }</span>
                    <span class="hidden">{ view.session.language.with(Key::GalleryStep, &place) }{ ": " }</span>
                    <span>{ card.title(view.session.language) }</span>
                </button>
            </li>
        }
    });
    html! {
        <section class="path" aria-labelledby="path-title">
            <h2 id="path-title">{ view.text(Key::GalleryPath) }</h2>
            <ol>{ for steps }</ol>
        </section>
    }
}

fn search(view: &View<'_>) -> Html {
    let search = view.search.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let input: Option<HtmlInputElement> = event.target_dyn_into();
        if let Some(input) = input {
            search.emit(input.value());
        }
    });
    // Everything is found while one types; Enter has nothing left to do.
    let onsubmit = Callback::from(|event: SubmitEvent| event.prevent_default());
    html! {
        <form class="search" role="search" {onsubmit}>
            <label for="gallery-search">{ view.text(Key::GallerySearch) }</label>
            <input
                id="gallery-search"
                type="search"
                data-action="search"
                autocomplete="off"
                spellcheck="false"
                maxlength={QUERY_CHARS_MAX}
                placeholder={view.text(Key::GallerySearchHelp)}
                value={view.query.to_owned()}
                {oninput}
            />
        </form>
    }
}

fn groups(view: &View<'_>, gallery: &Gallery) -> Html {
    let language = view.session.language;
    let groups = gallery.groups(view.query, language);
    let count: usize = groups.iter().map(|(_, cards)| cards.len()).sum();
    let found = match count {
        0 => language.with(Key::GalleryNone, view.query.trim()),
        1 => view.text(Key::GalleryFoundOne).to_owned(),
        _ => language.with(Key::GalleryFound, &local::count(count as u64)),
    };
    let search = view.search.clone();
    let clear = Callback::from(move |_: MouseEvent| search.emit(String::new()));
    let sections = groups.iter().map(|(concept, cards)| {
        let id = format!("concept-{}", concept.name);
        let has_families = cards.iter().any(|card| card.rows.contains(&families::ROW));
        let shown = cards.iter().map(|card| card::view(view, card));
        html! {
            <section key={concept.name} data-concept={concept.name} aria-labelledby={id.clone()}>
                <h2 {id}>{ view.text(concept.key) }</h2>
                <ul class="cards">{ for shown }</ul>
                if has_families && view.rest.is_here() {
                    { families::rest_view(view) }
                }
            </section>
        }
    });
    html! {
        <>
            <p class="search-found" role="status">
                { found }
                if count == 0 {
                    { " " }
                    <button type="button" class="link" data-action="clear-search" onclick={clear}>
                        { view.text(Key::GalleryClear) }
                    </button>
                }
            </p>
            { for sections }
        </>
    }
}
