//! What a setting is unless somebody sets it.

use super::read::{Fields, held};
use crate::case::Case;
use crate::outcome::Outcome;
use mqlab_brokers::kafka::defaults::{Owner, Value as Default, default_of};
use serde_json::{Value, json};

/// A setting with the name of its client before it; without one it is a
/// topic's or else a broker's, or that of the only client that has it.
pub(super) fn judge(case: &Case) -> Result<Outcome, String> {
    let name = Fields(&case.input).text("setting")?;
    let known = match name.split_once(' ') {
        Some(("producer", name)) => default_of(Owner::Producer, name),
        Some(("consumer", name)) => default_of(Owner::Consumer, name),
        Some(("topic", name)) => default_of(Owner::Topic, name),
        Some(("broker", name)) => default_of(Owner::Broker, name),
        _ => [Owner::Topic, Owner::Broker, Owner::Producer, Owner::Consumer]
            .into_iter()
            .find_map(|owner| default_of(owner, name)),
    };
    let known = known.ok_or_else(|| format!("no setting `{name}`"))?;
    held(&case.expected, &|field| (field == "value").then(|| json(known)))
}

fn json(value: Default) -> Value {
    match value {
        Default::Flag(flag) => json!(flag),
        Default::Number(number) => json!(number),
        Default::Ratio(ratio) => json!(ratio),
        Default::Word(word) => json!(word),
        Default::Nothing => Value::Null,
    }
}
