//! What the page is made of apart from the browser: plain data and pure
//! functions, tested natively.

pub mod acts;
pub mod announce;
pub mod autosave;
pub mod camera;
pub mod chart;
pub mod chips;
pub mod controls;
pub mod curves;
pub mod diagram;
pub mod facts;
pub mod file;
pub mod format;
pub mod gallery;
pub mod gesture;
pub mod job;
pub mod lab;
pub mod layout;
pub mod lessons;
pub mod link;
pub mod local;
pub mod meter;
pub mod notice;
pub mod numbers;
pub mod pacing;
pub mod scenarios;
pub mod script;
pub mod selection;
pub mod session;
pub mod share;
pub mod snapshot;
pub mod texts;
pub mod theme;
pub mod trail;
pub mod walk;
pub mod work;
