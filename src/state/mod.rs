//! What the page is made of apart from the browser: plain data and pure
//! functions, tested natively.

pub mod acts;
pub mod announce;
pub mod autosave;
pub mod boards;
pub mod chart;
pub mod chips;
pub mod comparison;
pub mod crosshair;
pub mod csv;
pub mod curves;
pub mod diagram;
pub mod file;
pub mod format;
pub mod job;
pub mod lab;
pub mod layout;
pub mod link;
pub mod marks;
pub mod meter;
pub mod numbers;
pub mod pacing;
pub mod plot;
pub mod samples;
pub mod scenarios;
pub mod selection;
pub mod session;
pub mod snapshot;
pub mod texts;
pub mod theme;
pub mod work;
