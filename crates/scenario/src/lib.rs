//! The scenario language of mqlab: a TOML text becomes validated plans, one
//! per variant, with findings that say where they are and what to do.
//!
//! The engine knows nothing of TOML and this crate nothing of simulation; in
//! between lies [`mqlab_engine::plan::Plan`]. One table of keys ([`KEYS`])
//! drives the parser, the JSON schema and the reference page.
//!
//! ```
//! let text = r#"
//! title = "One message"
//! broker.rabbitmq.queue.orders = {}
//! load.shop = { to = "orders", burst = [["0s", 1]] }
//!
//! [[expect]]
//! that = "ready(orders) == 1"
//! "#;
//! let (scenario, findings) = mqlab_scenario::parse(text);
//! assert!(findings.is_empty());
//! assert_eq!(scenario.unwrap().variants[0].plan.nodes.len(), 2);
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod act;
mod build;
mod chance;
pub mod cluster;
mod diagnostic;
mod dotted;
mod expect;
mod json;
mod keys;
mod lesson;
pub mod life;
pub mod limits;
mod live;
mod measure;
mod names;
mod nesting;
mod overrides;
mod parse;
mod phrase;
mod print;
mod read;
mod reference;
pub mod report;
mod resolution;
mod run;
mod scenario;
mod schema;
mod seek;
mod setting;
mod shape;
mod suggest;
mod topics;
mod tree;
mod variants;

pub use act::{Act, SeekTo, What, quoted, with_acts, without_faults};
pub use diagnostic::{CODES, Diagnostic, Instead, Position, Severity};
pub use expect::{Comparison, Expectation, Literal, MetricName, Op, Precision, Tolerance, When};
pub use keys::{Default, KEYS, Key, RABBITMQ_VERSIONS, ValueKind};
pub use lesson::{AnswerKind, How, LESSON_LANGUAGES, Lesson, Prediction, Texts, Try, Watch, Wrong};
pub use live::LiveSetting;
pub use overrides::Overrides;
pub use parse::{DEFAULT_VARIANT, parse, parse_with};
pub use phrase::{Argument, Phrase, Text, Words};
pub use print::print;
pub use read::{is_of_name, parse_time};
pub use reference::reference;
pub use run::{Checked, Runner, State};
pub use scenario::{Scenario, Variant};
pub use schema::schema;
pub use setting::with_setting;
pub use topics::{NoTopic, TopicLine, is_topic_line};

#[cfg(test)]
mod parse_tests;
