//! The playground: a page on which scenarios are seen running.
//!
//! [`state`] is what the page knows, pure and natively tested; `ui` is what
//! the browser shows of it and exists only there. The simulation itself is
//! borrowed wherever it is shown and never copied.

pub mod state;

#[cfg(target_arch = "wasm32")]
pub mod ui;
