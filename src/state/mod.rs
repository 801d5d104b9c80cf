//! What the page is made of apart from the browser: plain data and pure
//! functions, tested natively.

pub mod camera;
pub mod chart;
pub mod chips;
pub mod curves;
pub mod diagram;
pub mod format;
pub mod gesture;
pub mod job;
pub mod lab;
pub mod layout;
pub mod meter;
pub mod numbers;
pub mod pacing;
pub mod scenarios;
pub mod selection;
pub mod session;
pub mod texts;
pub mod theme;
pub mod trail;
pub mod walk;
pub mod work;
