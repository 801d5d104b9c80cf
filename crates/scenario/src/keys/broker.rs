//! The keys of brokers.

use super::Default::{Absent, Is, Required};
use super::{COUNT_MAX, Key, ValueKind as V, live, row};
use crate::limits::RABBIT_NODES_MAX;

/// The versions of RabbitMQ that a scenario can name, the oldest first.
pub const VERSIONS: &[&str] = &["3.10", "3.13", "4.0", "4.1", "4.2", "4.3"];
/// Types of queues.
pub(crate) const QUEUE_TYPES: &[&str] = &["classic", "quorum"];
/// What a full queue does.
pub(crate) const OVERFLOWS: &[&str] = &["drop-head", "reject-publish", "reject-publish-dlx"];
/// Which of what comes back to a quorum queue waits.
pub(crate) const RETRIES: &[&str] = &["all", "failed", "returned"];
/// What a policy is for.
pub(crate) const APPLIES_TO: &[&str] = &["all", "queues", "classic_queues", "quorum_queues", "exchanges"];
/// Types of exchanges.
pub(crate) const EXCHANGE_TYPES: &[&str] = &["direct", "fanout", "topic", "headers"];
/// How much of what a binding wants a message's headers must have.
pub(crate) const MATCHES: &[&str] = &["all", "any", "all-with-x", "any-with-x"];
pub(crate) const CONFIRMS: &[&str] = &["written", "synced"];

/// What nodes do that do not reach each other.
pub(crate) const PARTITIONS: &[&str] = &["ignore", "pause_minority", "autoheal"];
/// Which mirror may take over.
pub(crate) const PROMOTES: &[&str] = &["always", "when-synced"];
/// What a new mirror gets of what is there.
pub(crate) const MIRROR_SYNCS: &[&str] = &["manual", "automatic"];

/// The keys of brokers.
pub(super) const ROWS: &[Key] = &[
    row("broker", V::Table, Absent, "Message brokers, by family."),
    row(
        "broker.rabbitmq",
        V::Table,
        Absent,
        "A RabbitMQ node, or a cluster of several. Its name is `rabbitmq`.",
    ),
    row(
        "broker.rabbitmq.version",
        V::Choice(VERSIONS),
        Is("\"4.3\""),
        "Which RabbitMQ it is, where that makes a difference.",
    ),
    row(
        "broker.rabbitmq.nodes",
        V::Integer(1, RABBIT_NODES_MAX),
        Is("1"),
        "How many nodes it has. More than one are a cluster: they are called `rabbitmq-1`, `rabbitmq-2` and so on, and each can be crashed, stopped and cut off by itself. A client is connected to one of them, the next client to the next; one that has lost its node looks for another after 5 s.",
    ),
    row(
        "broker.rabbitmq.latency",
        V::Dist,
        Is("\"0s\""),
        "One-way delay of every connection between its nodes; see `link`.",
    ),
    row(
        "broker.rabbitmq.partition_handling",
        V::Choice(PARTITIONS),
        Is("\"ignore\""),
        "What nodes do that do not reach each other. `ignore`: each side goes on. `pause_minority`: who reaches half of the nodes or fewer stops until that is over. `autoheal`: when they reach each other again the side with fewer clients starts anew.",
    ),
    row(
        "broker.rabbitmq.net_ticktime",
        V::Span,
        Is("\"60s\""),
        "After so much silence a node counts as down. Of one whose process has died the others hear at once.",
    ),
    row(
        "broker.rabbitmq.confirm",
        V::Choice(CONFIRMS),
        Is("\"written\""),
        "When a persistent message in a durable queue is confirmed. `written`: when it is written; what classic queues do. `synced`: when the disk has synced it; what quorum queues do. A message that is acknowledged before that is confirmed then.",
    ),
    row(
        "broker.rabbitmq.memory",
        V::Bytes,
        Is("no limit"),
        "The memory of its machine. What messages carry takes it up: up to 3.11 all of them, since 3.12 at most 2,048 of each queue; the others are on the disk.",
    ),
    live(
        "broker.rabbitmq.watermark",
        V::Chance,
        Is("\"60%\", before 4.0 \"40%\""),
        "Which part of the memory its messages may take up. Above that it stops reading from whoever publishes, and consumers go on. It looks every 2.5 s.",
    ),
    row(
        "broker.rabbitmq.disk",
        V::Table,
        Is("ideal: what is written is synced, and that at once"),
        "Its disk. It writes persistent messages in durable queues, one after the other, and syncs what it has written, one sync at a time. A killed process leaves what is written; a cut of the power leaves what is synced.",
    ),
    live(
        "broker.rabbitmq.disk.write",
        V::Dist,
        Is("\"0s\""),
        "How long it takes to write one message, whatever its size.",
    ),
    live(
        "broker.rabbitmq.disk.bandwidth",
        V::Bandwidth,
        Is("no limit"),
        "Bytes per second that it can write on top of that; see `load.*.size`.",
    ),
    live(
        "broker.rabbitmq.disk.sync",
        V::Dist,
        Is("\"0s\""),
        "How long a sync takes.",
    ),
    live(
        "broker.rabbitmq.disk.batch",
        V::Integer(1, COUNT_MAX),
        Is("no limit"),
        "Most messages that one sync covers; it begins as soon as so many wait for it. With 1 every message has a sync of its own.",
    ),
    live(
        "broker.rabbitmq.disk.interval",
        V::Span,
        Is("\"0s\""),
        "How long a message waits for more to come before its sync begins.",
    ),
    row(
        "broker.rabbitmq.queue",
        V::Map,
        Absent,
        "Its queues. Each is bound to the default exchange by its name.",
    ),
    row("broker.rabbitmq.queue.*", V::Table, Absent, "One queue."),
    row(
        "broker.rabbitmq.queue.*.type",
        V::Choice(QUEUE_TYPES),
        Is("\"classic\""),
        "Its type. A `quorum` queue keeps every message through a restart, and has rules of its own for what comes back. In a cluster its replicas agree on all that happens to it, and it goes on as long as most of them are there.",
    ),
    row(
        "broker.rabbitmq.queue.*.node",
        V::Name,
        Is("the first node"),
        "Of a cluster, the node at which the queue is: a classic queue is there only, a mirrored one begins there, and a quorum queue has its first leader there.",
    ),
    row(
        "broker.rabbitmq.queue.*.group_size",
        V::Integer(1, RABBIT_NODES_MAX),
        Is("3, or as many nodes as there are"),
        "How many replicas a quorum queue has in a cluster. A message is confirmed when most of them have synced it.",
    ),
    live(
        "broker.rabbitmq.queue.*.mirrors",
        V::Integer(0, RABBIT_NODES_MAX),
        Absent,
        "How many mirrors a classic queue has in a cluster, beside its master: until 3.13. A message is confirmed when all of them have it. Where there are to be more, nodes join that are there; where there are to be less, the youngest go.",
    ),
    live(
        "broker.rabbitmq.queue.*.promote",
        V::Choice(PROMOTES),
        Is("\"always\""),
        "Which mirror may take over when the master fails: one that has everything, or else (`always`) one that has not.",
    ),
    live(
        "broker.rabbitmq.queue.*.mirror_sync",
        V::Choice(MIRROR_SYNCS),
        Is("\"manual\""),
        "What a mirror gets that joins: only what comes from then on, or (`automatic`) all that is there as well. Whoever lacks something when it becomes `automatic` gets it then.",
    ),
    row(
        "broker.rabbitmq.queue.*.message_ttl",
        V::Span,
        Is("no limit"),
        "How long a message may wait. It is given up when it is at the head by then, not before; see `load.*.expiration`.",
    ),
    row(
        "broker.rabbitmq.queue.*.max_length",
        V::Integer(0, COUNT_MAX),
        Is("no limit"),
        "Most messages that wait. What is delivered and not acknowledged does not count.",
    ),
    row(
        "broker.rabbitmq.queue.*.max_length_bytes",
        V::Bytes,
        Is("no limit"),
        "The same in bytes of what the messages carry; see `load.*.size`.",
    ),
    row(
        "broker.rabbitmq.queue.*.overflow",
        V::Choice(OVERFLOWS),
        Is("\"drop-head\""),
        "What a full queue does: `drop-head` gives up the message at the head, `reject-publish` refuses what is published, and its sender hears of it; `reject-publish-dlx`, of a classic queue, dead-letters it as well.",
    ),
    row(
        "broker.rabbitmq.queue.*.expires",
        V::Span,
        Is("never"),
        "The queue is deleted, with all that waits in it, when nobody has consumed it or asked it for a message for so long. Whoever consumes it declares it again.",
    ),
    row(
        "broker.rabbitmq.queue.*.auto_delete",
        V::Flag,
        Is("false"),
        "Whether the queue is deleted, with all that waits in it, when its last consumer goes. Whoever consumes it declares it again.",
    ),
    row(
        "broker.rabbitmq.queue.*.exclusive",
        V::Flag,
        Is("false"),
        "Whether the queue belongs to one connection: that of the service that consumes it, which declares it when it connects. With that connection it is gone, and all that waits in it. Other services that consume it are refused (405) and try again every 5 s. Publishing to it is free to everybody.",
    ),
    row(
        "broker.rabbitmq.queue.*.dead_letter",
        V::Name,
        Absent,
        "The queue or exchange that gets what the queue gives up: what is rejected, has expired, is too much, or came back too often. Without it that is gone.",
    ),
    row(
        "broker.rabbitmq.queue.*.dead_letter_key",
        V::Text,
        Is("the message's own key"),
        "The routing key with which it goes to an exchange.",
    ),
    row(
        "broker.rabbitmq.queue.*.max_priority",
        V::Integer(0, 255),
        Is("no priorities"),
        "The highest priority of a classic queue; a message of a higher one counts as that. See `load.*.priority`.",
    ),
    row(
        "broker.rabbitmq.queue.*.single_active_consumer",
        V::Flag,
        Is("false"),
        "Whether one consumer gets everything, and the next takes over when it is gone.",
    ),
    row(
        "broker.rabbitmq.queue.*.delivery_limit",
        V::Integer(0, 1_000_000),
        Is("20 in a quorum queue since 4.0"),
        "How often a message may come back to a quorum queue before it is given up: it is delivered once more than that.",
    ),
    row(
        "broker.rabbitmq.queue.*.dequeue",
        V::Span,
        Is("\"0s\""),
        "How long the queue is busy with handing out one message. A queue is one process of the node, so it does one thing at a time, however many consume it.",
    ),
    row(
        "broker.rabbitmq.queue.*.delayed_retry",
        V::Table,
        Absent,
        "What comes back to a quorum queue waits before it is handed out again: since 4.3.",
    ),
    row(
        "broker.rabbitmq.queue.*.delayed_retry.type",
        V::Choice(RETRIES),
        Is("\"all\""),
        "Which waits: what a consumer puts back (`returned`), what it loses or rejects in a way that counts as a failure (`failed`), or both.",
    ),
    row(
        "broker.rabbitmq.queue.*.delayed_retry.min",
        V::Span,
        Required,
        "How long the first time, and so much more each time.",
    ),
    row(
        "broker.rabbitmq.queue.*.delayed_retry.max",
        V::Span,
        Is("a day"),
        "Never longer than that.",
    ),
    row(
        "broker.rabbitmq.queue.*.durable",
        V::Flag,
        Is("true"),
        "Whether the queue is there again after a restart of the node.",
    ),
    row(
        "broker.rabbitmq.exchange",
        V::Map,
        Absent,
        "Its exchanges, beside the default one.",
    ),
    row("broker.rabbitmq.exchange.*", V::Table, Absent, "One exchange."),
    row(
        "broker.rabbitmq.exchange.*.type",
        V::Choice(EXCHANGE_TYPES),
        Is("\"direct\""),
        "How it routes. `direct`: to the queues whose binding key is the routing key. `fanout`: to all that are bound. `topic`: to those whose binding key matches the routing key; `*` in it stands for one word, `#` for any number of them, and dots part words. `headers`: to those whose binding's `headers` the message has.",
    ),
    row(
        "broker.rabbitmq.exchange.*.delayed",
        V::Flag,
        Is("false"),
        "Whether it keeps every message back for its `delay` and routes it then: the plugin's `x-delayed-message`, with `type` as its `x-delayed-type`. See `load.*.delay`.",
    ),
    row(
        "broker.rabbitmq.exchange.*.alternate",
        V::Name,
        Absent,
        "The exchange that gets what this one routes to nothing.",
    ),
    row(
        "broker.rabbitmq.policy",
        V::Map,
        Absent,
        "Its policies: arguments for whatever has a name of some pattern. At most one applies to a queue or an exchange.",
    ),
    row("broker.rabbitmq.policy.*", V::Table, Absent, "One policy."),
    live(
        "broker.rabbitmq.policy.*.on",
        V::Flag,
        Is("true"),
        "Whether it is set: `rabbitmqctl set_policy` and `clear_policy`. Queues and exchanges follow at once.",
    ),
    live(
        "broker.rabbitmq.policy.*.pattern",
        V::Text,
        Required,
        "The names that it is for: a regular expression, found anywhere in a name unless `^` and `$` say where. What looks around, and references back, are not understood.",
    ),
    live(
        "broker.rabbitmq.policy.*.apply_to",
        V::Choice(APPLIES_TO),
        Is("\"all\""),
        "What of these names it is for.",
    ),
    live(
        "broker.rabbitmq.policy.*.priority",
        V::Integer(0, 1_000_000),
        Is("0"),
        "Of all policies that match, the one of the highest priority applies.",
    ),
    live(
        "broker.rabbitmq.policy.*.message_ttl",
        V::Span,
        Absent,
        "As of a queue; if the queue says something itself, the lower one counts.",
    ),
    live(
        "broker.rabbitmq.policy.*.max_length",
        V::Integer(0, COUNT_MAX),
        Absent,
        "As of a queue; the lower one counts.",
    ),
    live(
        "broker.rabbitmq.policy.*.max_length_bytes",
        V::Bytes,
        Absent,
        "As of a queue; the lower one counts.",
    ),
    live(
        "broker.rabbitmq.policy.*.overflow",
        V::Choice(OVERFLOWS),
        Absent,
        "As of a queue; what the queue says itself counts.",
    ),
    live(
        "broker.rabbitmq.policy.*.expires",
        V::Span,
        Absent,
        "As of a queue; the lower one counts.",
    ),
    live(
        "broker.rabbitmq.policy.*.dead_letter",
        V::Name,
        Absent,
        "As of a queue; what the queue says itself counts.",
    ),
    live(
        "broker.rabbitmq.policy.*.dead_letter_key",
        V::Text,
        Is("the message's own key"),
        "As of a queue, with its `dead_letter`.",
    ),
    live(
        "broker.rabbitmq.policy.*.delivery_limit",
        V::Integer(0, 1_000_000),
        Absent,
        "As of a quorum queue; the lower one counts.",
    ),
    live(
        "broker.rabbitmq.policy.*.alternate",
        V::Name,
        Absent,
        "As of an exchange; what the exchange says itself counts.",
    ),
    row(
        "broker.rabbitmq.binding",
        V::Tables,
        Absent,
        "Which queue, or which other exchange, takes from which exchange.",
    ),
    row("broker.rabbitmq.binding[].exchange", V::Name, Required, "The exchange."),
    row(
        "broker.rabbitmq.binding[].queue",
        V::Name,
        Absent,
        "The queue that takes from it.",
    ),
    row(
        "broker.rabbitmq.binding[].to",
        V::Name,
        Absent,
        "In place of a queue, another exchange, which routes on.",
    ),
    row(
        "broker.rabbitmq.binding[].key",
        V::Text,
        Is("the name of what takes"),
        "The binding key.",
    ),
    live(
        "broker.rabbitmq.binding[].bound",
        V::Flag,
        Is("true"),
        "Whether it is there: `queue.bind` and `queue.unbind`. The path of a change counts the bindings from 0: `broker.rabbitmq.binding.0.bound`.",
    ),
    row(
        "broker.rabbitmq.binding[].headers",
        V::Headers,
        Absent,
        "For an exchange of the type `headers`: what a message's headers are compared with. See `load.*.headers`.",
    ),
    row(
        "broker.rabbitmq.binding[].match",
        V::Choice(MATCHES),
        Is("\"all\""),
        "Whether a message must have `all` of these headers or `any` of them. Those that begin with `x-` are left out, unless it says `with-x`.",
    ),
];
