//! What the browser shows: panels by Yew, everything that moves on canvas.
//!
//! The simulation is held by the pump, which lets it run between two
//! pictures; every view borrows it from there.

mod app;
mod backdrop;
mod bottom;
mod chart_menu;
mod chart_table;
mod charts;
mod chip;
mod compare;
mod dialog;
mod download;
mod facts;
mod families;
mod flow;
mod found;
mod gallery;
mod gestures;
mod ghost;
mod header;
mod help;
mod inspector;
mod items;
mod keys;
mod laboratory;
mod lane;
mod left;
mod lesson;
mod marks;
mod menu;
mod opening;
mod palette;
mod pane;
mod pen;
mod plot_view;
mod pulse;
mod pump;
mod rest;
mod saving;
mod screen;
mod script;
mod share;
mod shell;
mod splitter;
mod stage;
mod stage_view;
mod storage;
mod surface;
mod switches;
mod tabs;
mod things;
mod ticker;
mod timeline;
mod watchers;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the page.
pub fn start() {
    shell::catch_panics();
    let Some(root) = shell::document().get_element_by_id("app") else {
        shell::fail("the page has no element called `app`");
        return;
    };
    yew::Renderer::<app::App>::with_root(root).render();
}

/// Reads the scenarios that a first visit can play: `crates/pack` calls it, and takes it
/// out of the program.
#[wasm_bindgen(js_name = mqlabPrepare)]
pub fn prepare() {
    crate::state::prepared::prepare();
}

/// Stops the program as a mistake in it would, so that a test can see what
/// becomes of the work. Nothing in the page calls it, and no text or link can.
#[wasm_bindgen(js_name = plantPanic)]
pub fn plant_panic() {
    panic!("a planted panic");
}
