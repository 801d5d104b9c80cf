//! The keys of variants, and of what is done to and expected of a run.

use super::Default::{Absent, Is, Required};
use super::{COUNT_MAX, CRASHES, Key, LOSSES, ValueKind as V, row};

/// In the order of the reference page.
pub(super) const ROWS: &[Key] = &[
    row(
        "variant",
        V::Map,
        Absent,
        "Configurations of the scenario that run on the same workload, side by side.",
    ),
    row(
        "variant.*",
        V::Variant,
        Absent,
        "One of them, merged over the text outside: tables merge, values replace.",
    ),
    row(
        "variant.*.remove",
        V::Texts,
        Absent,
        "What is not there in this variant, such as \"service.writer\". It goes before the rest is merged.",
    ),
    row(
        "at",
        V::Tables,
        Absent,
        "What happens to the world at an instant, after everything else of that instant. Exactly one of the actions below.",
    ),
    row("at[].time", V::Time, Required, "The instant."),
    row("at[].variant", V::NameOrNames, Is("all"), "In which variants."),
    row("at[].crash", V::Name, Absent, "The node dies."),
    row(
        "at[].kind",
        V::Choice(CRASHES),
        Is("\"killed\""),
        "What a `crash` is. `killed`: the process; what it has written is still there. `power`: the machine loses its power; what the disk had not synced is gone. `disk`: the disk is lost with everything on it.",
    ),
    row("at[].restart", V::Name, Absent, "A node that is down starts again."),
    row(
        "at[].pause",
        V::Name,
        Absent,
        "The node stops doing anything and keeps its memory; what reaches it waits.",
    ),
    row("at[].resume", V::Name, Absent, "A paused node goes on."),
    row(
        "at[].cut",
        V::Way,
        Absent,
        "The connection between two nodes, [\"users\", \"rabbitmq\"], lets nothing through. What is under way or sent meanwhile is not lost: it waits for the connection to heal. { from = \"users\", to = \"rabbitmq\" } cuts one direction only.",
    ),
    row("at[].cut.from", V::Name, Required, "Who sends what does not arrive."),
    row("at[].cut.to", V::Name, Required, "Who does not get it."),
    row(
        "at[].partition",
        V::Groups,
        Absent,
        "Every connection between nodes of different groups is cut: [[\"users\", \"rabbitmq\"], [\"writer\"]]. A node that is in no group keeps all of its connections.",
    ),
    row(
        "at[].heal",
        V::EndsOrAll,
        Absent,
        "A connection that is cut works again, or \"all\" of them. What waited arrives in order, one delay later.",
    ),
    row(
        "at[].lose",
        V::Table,
        Absent,
        "The next packets of a kind between a broker and a client do not arrive. Each takes its connection along: both ends notice at once and connect again.",
    ),
    row(
        "at[].lose.between",
        V::Ends,
        Required,
        "The two nodes, [\"relay\", \"rabbitmq\"].",
    ),
    row(
        "at[].lose.what",
        V::Choice(LOSSES),
        Required,
        "A published message, the confirm of one, a message on its way to a consumer, or the acknowledgement of one.",
    ),
    row(
        "at[].lose.next",
        V::Integer(0, 1_000_000_000),
        Is("1"),
        "How many of them from now on; 0 is none any more.",
    ),
    row(
        "at[].disk_full",
        V::Name,
        Absent,
        "The disk of this broker is close to full: it stops reading from whoever publishes, until there is room again. Consumers go on.",
    ),
    row("at[].disk_free", V::Name, Absent, "It has room again."),
    row(
        "at[].purge",
        V::Name,
        Absent,
        "What waits in this queue is deleted; what is delivered and not acknowledged stays. It does not count as lost.",
    ),
    row(
        "at[].publish",
        V::Table,
        Absent,
        "A load offers messages now, also if its `count` is reached.",
    ),
    row("at[].publish.load", V::Name, Required, "The load."),
    row("at[].publish.count", V::Integer(1, COUNT_MAX), Is("1"), "How many."),
    row(
        "at[].publish.key",
        V::Text,
        Is("the load's"),
        "The routing key that they carry. Of a load that publishes to a queue it is the name of a queue; without such a queue the message cannot be routed.",
    ),
    row(
        "at[].publish.payload",
        V::Text,
        Absent,
        "What is in them, for people to read: nothing else looks at it.",
    ),
    row(
        "at[].set",
        V::Settings,
        Absent,
        "Live keys change: { \"service.writer.consume.prefetch\" = 10 }. A step counts from 0: \"service.writer.steps.0.work\".",
    ),
    row(
        "expect",
        V::Tables,
        Absent,
        "What must be so. Checked at the end of the run, unless the entry says otherwise.",
    ),
    row(
        "expect[].that",
        V::Comparison,
        Required,
        "One comparison of one metric: \"backlog(orders) == 10_800_000\".",
    ),
    row("expect[].variant", V::NameOrNames, Is("all"), "In which variants."),
    row(
        "expect[].at",
        V::Time,
        Absent,
        "Checked at this instant, after everything that happens at it.",
    ),
    row(
        "expect[].always",
        V::True,
        Absent,
        "Checked after every instant of the run.",
    ),
    row(
        "expect[].never",
        V::True,
        Absent,
        "It must not hold after any instant of the run.",
    ),
    row(
        "expect[].row",
        V::Row,
        Absent,
        "The row of the catalogue that it proves.",
    ),
];
