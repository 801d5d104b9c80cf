//! What the page is made of apart from the browser: plain data and pure
//! functions, tested natively.

pub mod chart;
pub mod chips;
pub mod curves;
pub mod diagram;
pub mod format;
pub mod gallery;
pub mod lab;
pub mod layout;
pub mod lessons;
pub mod local;
pub mod meter;
pub mod numbers;
pub mod pacing;
pub mod scenarios;
pub mod session;
pub mod texts;
