//! What a load says with each publish to RabbitMQ, as it may change while a world runs.

use crate::phrase::Phrase;
use crate::read::{self, Read};
use crate::tree::Tree;
use mqlab_brokers::parts::Value;
use mqlab_brokers::rabbitmq::{Address as RabbitAddress, Properties};
use mqlab_engine::plan::{Address, BrokerPlan, LoadPlan, NodeKind, Plan, PublishRule, PublishRuleKind as Kind, Target};
use mqlab_kernel::{Dist, SimSpan};

/// What of a load may change: nothing of one that does not publish to RabbitMQ.
pub(super) fn kinds<'a>(plan: &'a Plan, load: &'a LoadPlan) -> impl Iterator<Item = Kind> + 'a {
    let is_there = |kind: &Kind| match (load.to, kind) {
        (
            Target::Broker {
                broker,
                address: Address::Rabbit(RabbitAddress::Exchange(exchange)),
            },
            Kind::Delay,
        ) => match plan.nodes.get(usize::from(broker.0)).map(|node| &node.kind) {
            Some(NodeKind::Broker(BrokerPlan::Rabbit(config))) => config.delays(exchange),
            _ => false,
        },
        // A queue is reached through the default exchange, which keeps nothing back.
        (_, Kind::Delay) => false,
        // A channel that is in confirm mode stays in it.
        (_, Kind::Confirms) if load.confirms => false,
        (
            Target::Broker {
                address: Address::Rabbit(_),
                ..
            },
            _,
        ) => true,
        _ => false,
    };
    Kind::ALL.into_iter().filter(is_there)
}

/// The key, below its load.
pub(super) const fn key(kind: Kind) -> &'static str {
    match kind {
        Kind::Priority => "priority",
        Kind::Expiration => "expiration",
        Kind::Headers => "headers",
        Kind::Delay => "delay",
        Kind::Mandatory => "mandatory",
        Kind::Confirms => "confirms",
    }
}

/// The row of the table of keys.
pub(super) const fn row(kind: Kind) -> &'static str {
    match kind {
        Kind::Priority => "load.*.priority",
        Kind::Expiration => "load.*.expiration",
        Kind::Headers => "load.*.headers",
        Kind::Delay => "load.*.delay",
        Kind::Mandatory => "load.*.mandatory",
        Kind::Confirms => "load.*.confirms",
    }
}

/// Reads a new value.
pub(super) fn read(kind: Kind, tree: &Tree) -> Read<PublishRule> {
    Ok(match kind {
        Kind::Priority => PublishRule::Priority(read::integer(tree, 0, 255)? as u8),
        Kind::Expiration => PublishRule::Expiration(read::expiration(tree)?),
        Kind::Headers => PublishRule::Headers(read::headers(tree)?),
        Kind::Delay => PublishRule::Delay(read::dist(tree)?),
        Kind::Mandatory => PublishRule::Mandatory(read::flag(tree)?),
        Kind::Confirms if read::flag(tree)? => PublishRule::Confirms(true),
        Kind::Confirms => return read::refused(tree, Phrase::ConfirmsStay),
    })
}

/// A value as it is written in TOML.
pub(super) fn text(rule: &PublishRule) -> String {
    match rule {
        PublishRule::Priority(priority) => priority.to_string(),
        PublishRule::Expiration(span) => format!("\"{span}\""),
        PublishRule::Headers(headers) => {
            let header = |(name, value): &(String, Value)| {
                let value = match value {
                    Value::Text(text) => crate::act::quoted(text),
                    Value::Boolean(flag) => flag.to_string(),
                    Value::Integer(number) => number.to_string(),
                    // Nobody can write any other.
                    _ => String::new(),
                };
                format!("{} = {value}", crate::act::quoted(name))
            };
            let headers: Vec<String> = headers.iter().map(header).collect();
            format!("{{ {} }}", headers.join(", "))
        }
        PublishRule::Delay(delay) => format!("\"{delay}\""),
        PublishRule::Mandatory(on) | PublishRule::Confirms(on) => on.to_string(),
    }
}

/// The value in the plan.
pub(super) fn planned(plan: &Plan, load: &LoadPlan, kind: Kind) -> Option<String> {
    let rule = match kind {
        Kind::Delay => PublishRule::Delay(load.delay.unwrap_or(Dist::Constant(SimSpan::ZERO))),
        Kind::Mandatory => PublishRule::Mandatory(load.mandatory),
        Kind::Confirms => PublishRule::Confirms(load.confirms),
        kind => {
            let broker = plan.nodes.get(usize::from(load.to.node().0))?;
            let NodeKind::Broker(BrokerPlan::Rabbit(config)) = &broker.kind else {
                return None;
            };
            let index = usize::from(load.properties).checked_sub(1);
            let known = index.and_then(|index| config.properties.get(index));
            kind.of(known.unwrap_or(&Properties::default()))?
        }
    };
    Some(text(&rule))
}
