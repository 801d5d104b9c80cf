//! What the broker was told about a queue or an exchange: its arguments, and
//! what is bound. Written as in a scenario, and so in no language.

use super::diagram::{Item, ItemKind};
use mqlab_brokers::parts::Value;
use mqlab_brokers::rabbitmq::{
    Binding, Config, DelayedRetry, DeliveryLimit, ExchangeId, ExchangeKind, Overflow, QueueArguments, QueueKind, Target,
};
use mqlab_engine::World;
use mqlab_engine::plan::{BrokerPlan, NodeKind, Plan};
use mqlab_kernel::Bytes;

/// The lines for an item, as operators have it now; none if there is nothing to say.
pub fn lines(world: &World, plan: &Plan, item: &Item) -> Vec<String> {
    let Some(NodeKind::Broker(BrokerPlan::Rabbit(planned))) =
        plan.nodes.get(usize::from(item.node.0)).map(|node| &node.kind)
    else {
        return Vec::new();
    };
    let config = world.rabbit_definitions(item.node).unwrap_or(planned);
    match (item.kind, item.exchange) {
        (ItemKind::Queue, _) => {
            // One that is not there now has no name.
            let queue = planned.queue(&item.name);
            let queue = queue.and_then(|id| config.queues.get(usize::from(id.0)));
            let is_exclusive = queue.is_some_and(|queue| queue.exclusive);
            let arguments = queue.and_then(|queue| queue.arguments.as_ref());
            let mut lines = arguments.map_or_else(Vec::new, |arguments| of_queue(arguments));
            lines.extend(is_exclusive.then(|| "exclusive = true".to_owned()));
            lines
        }
        (ItemKind::Exchange, Some(exchange)) => of_exchange(config, exchange),
        _ => Vec::new(),
    }
}

fn of_queue(arguments: &QueueArguments) -> Vec<String> {
    let mut lines = Vec::new();
    let mut say = |line: Option<String>| lines.extend(line);
    say((arguments.kind == QueueKind::Quorum).then(|| "type = \"quorum\"".to_owned()));
    say(arguments.message_ttl.map(|ttl| format!("message_ttl = \"{ttl}\"")));
    say(arguments.max_length.map(|most| format!("max_length = {most}")));
    say(arguments
        .max_length_bytes
        .map(|most| format!("max_length_bytes = \"{}\"", Bytes(most))));
    say(match arguments.overflow {
        Overflow::DropHead => None,
        Overflow::RejectPublish => Some("overflow = \"reject-publish\"".to_owned()),
        Overflow::RejectPublishDeadLetter => Some("overflow = \"reject-publish-dlx\"".to_owned()),
    });
    say(arguments.expires.map(|unused| format!("expires = \"{unused}\"")));
    say(arguments.auto_delete.then(|| "auto_delete = true".to_owned()));
    say(arguments.dequeue.map(|takes| format!("dequeue = \"{takes}\"")));
    if let Some(target) = &arguments.dead_letter {
        let key = target.key.as_deref();
        let is_queue = target.exchange.is_empty();
        let name = if is_queue {
            key.unwrap_or_default()
        } else {
            target.exchange.as_str()
        };
        say(Some(format!("dead_letter = \"{name}\"")));
        say(key
            .filter(|_| !is_queue)
            .map(|key| format!("dead_letter_key = \"{key}\"")));
    }
    say(arguments
        .max_priority
        .map(|highest| format!("max_priority = {highest}")));
    say(arguments
        .single_active_consumer
        .then(|| "single_active_consumer = true".to_owned()));
    if let DeliveryLimit::At(limit) = arguments.delivery_limit {
        say(Some(format!("delivery_limit = {limit}")));
    }
    if let Some(DelayedRetry { min, max, .. }) = arguments.delayed_retry {
        say(Some(format!("delayed_retry = {{ min = \"{min}\", max = \"{max}\" }}")));
    }
    lines
}

fn of_exchange(config: &Config, id: ExchangeId) -> Vec<String> {
    let Some(exchange) = config.exchanges.get(usize::from(id.0)) else {
        return Vec::new();
    };
    let kind = match exchange.kind {
        ExchangeKind::Default => return Vec::new(),
        ExchangeKind::Direct => "direct",
        ExchangeKind::Fanout => "fanout",
        ExchangeKind::Topic => "topic",
        ExchangeKind::Headers => "headers",
    };
    let mut lines = vec![format!("type = \"{kind}\"")];
    lines.extend(exchange.is_delayed.then(|| "delayed = true".to_owned()));
    lines.extend(exchange.alternate.iter().map(|name| format!("alternate = \"{name}\"")));
    let bound = config.bindings.iter().filter(|binding| binding.exchange == id);
    lines.extend(bound.map(|binding| of_binding(config, exchange.kind, binding)));
    lines
}

/// What is wanted, and who gets it.
fn of_binding(config: &Config, kind: ExchangeKind, binding: &Binding) -> String {
    let to = match binding.target {
        Target::Queue(queue) => config.queues.get(usize::from(queue.0)).map(|queue| queue.name.as_str()),
        Target::Exchange(exchange) => {
            let exchange = config.exchanges.get(usize::from(exchange.0));
            exchange.map(|exchange| exchange.name.as_str())
        }
    };
    let to = to.unwrap_or_default();
    match kind {
        ExchangeKind::Fanout => format!("\u{2192} {to}"),
        ExchangeKind::Headers => {
            let wanted: Vec<String> = binding.arguments.iter().map(header).collect();
            format!("{} \u{2192} {to}", wanted.join(", "))
        }
        _ => format!("{} \u{2192} {to}", config.key(binding.key).unwrap_or_default()),
    }
}

fn header((name, value): &(String, Value)) -> String {
    match value {
        Value::Text(text) => format!("{name} = \"{text}\""),
        Value::Integer(number) => format!("{name} = {number}"),
        Value::Boolean(flag) => format!("{name} = {flag}"),
        Value::Void | Value::Float(_) | Value::List(_) => name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::diagram::Diagram;
    use mqlab_engine::Places;
    use mqlab_kernel::{SimSpan, SimTime};

    const TEXT: &str = r#"
        title = "t"
        broker.rabbitmq = { queue.a = { type = "quorum", message_ttl = "90s", max_length = 5, overflow = "reject-publish", dead_letter = "b" }, queue.b = { dead_letter = "topics", dead_letter_key = "k", max_priority = 3, single_active_consumer = true }, queue.c = { type = "quorum", delivery_limit = 4 }, queue.d = {}, exchange.topics = { type = "topic", alternate = "all" }, exchange.all = { type = "fanout" }, exchange.heads = { type = "headers" }, binding = [{ exchange = "topics", queue = "a", key = "x.#" }, { exchange = "topics", to = "all", key = "y" }, { exchange = "all", queue = "c" }, { exchange = "all", to = "heads" }, { exchange = "heads", queue = "d", headers = { n = 1, s = "t", f = true }, match = "any" }] }
        load.l = { to = "topics", keys = ["x"], burst = 1 }
        load.m = { to = "b", burst = 1 }
        load.n = { to = "c", burst = 1 }
    "#;

    fn said(name: &str) -> Vec<String> {
        let (scenario, found) = mqlab_scenario::parse(TEXT);
        let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
        let plan = &scenario.variants[0].plan;
        let diagram = Diagram::of(plan, &Places::of(plan));
        let item = diagram.items.iter().find(|item| item.name == name);
        let item = item.unwrap_or_else(|| panic!("{name} is not drawn"));
        lines(&World::new(plan), plan, item)
    }

    /// What a policy has changed shows.
    #[test]
    fn it_is_what_operators_have_made_of_it() {
        let text = "title = \"t\"\nbroker.rabbitmq = { queue.a = {}, policy.p = { pattern = \"a\", on = false, \
                    max_length = 3 } }\nload.l = { to = \"a\", burst = 1 }\n\
                    [[at]]\ntime = \"1s\"\nset = { \"broker.rabbitmq.policy.p.on\" = true }";
        let (scenario, found) = mqlab_scenario::parse(text);
        let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
        let plan = &scenario.variants[0].plan;
        let diagram = Diagram::of(plan, &Places::of(plan));
        let item = diagram.items.iter().find(|item| item.name == "a").expect("it is drawn");
        let mut world = World::new(plan);
        assert_eq!(lines(&world, plan, item), Vec::<String>::new());
        world.run_until(SimTime::ZERO + SimSpan::from_secs(2), u64::MAX);
        assert_eq!(lines(&world, plan, item), ["max_length = 3"]);
    }

    #[test]
    fn a_queue_says_its_arguments() {
        let a = [
            "type = \"quorum\"",
            "message_ttl = \"1m30s\"",
            "max_length = 5",
            "overflow = \"reject-publish\"",
            "dead_letter = \"b\"",
        ];
        assert_eq!(said("a"), a);
        let b = [
            "dead_letter = \"topics\"",
            "dead_letter_key = \"k\"",
            "max_priority = 3",
            "single_active_consumer = true",
        ];
        assert_eq!(said("b"), b);
        assert_eq!(said("c"), ["type = \"quorum\"", "delivery_limit = 4"]);
        assert_eq!(said("d"), Vec::<String>::new());
    }

    #[test]
    fn an_exchange_says_what_is_bound() {
        let topics = [
            "type = \"topic\"",
            "alternate = \"all\"",
            "x.# \u{2192} a",
            "y \u{2192} all",
        ];
        assert_eq!(said("topics"), topics);
        assert_eq!(said("all"), ["type = \"fanout\"", "\u{2192} c", "\u{2192} heads"]);
        let heads = [
            "type = \"headers\"",
            "n = 1, s = \"t\", f = true, x-match = \"any\" \u{2192} d",
        ];
        assert_eq!(said("heads"), heads);
        assert_eq!(said("l"), Vec::<String>::new());
    }
}
