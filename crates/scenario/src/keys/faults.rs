//! The keys of faults at random.

use super::Default::{Absent, Is, Required};
use super::ValueKind as V;
use super::{Key, live, row};

pub(super) const ROWS: &[Key] = &[
    row(
        "clock",
        V::Map,
        Absent,
        "Clocks that are wrong, by the name of the node whose they are: a service, a table, or a load that is a timer. All others are right. What a node measures or writes down goes by its clock: `timeout`, `backoff`, `breaker`, `pause`, `merge.wait`, `scan.every`, `lease`, `expires`, `replace_by` and `load.*.every`. What it does for a while (`work`) does not.",
    ),
    row("clock.*", V::Table, Absent, "One clock."),
    live(
        "clock.*.offset",
        V::Offset,
        Is("\"0s\""),
        "By how much it is ahead; behind, if it is below zero: \"-2s\". A change sets the clock: schedules and what expires go by what it shows from then on, while timeouts that run go on as they were.",
    ),
    live(
        "clock.*.drift",
        V::Drift,
        Is("\"0ppm\""),
        "By how many millionths it goes too fast; too slow, if it is below zero: \"-200ppm\".",
    ),
    row("faults", V::Table, Absent, "What goes wrong."),
    row(
        "faults.random",
        V::Table,
        Absent,
        "Faults at random. They are drawn before the run begins, of a random stream for each thing and each kind, and are done like `[[at]]` entries. Every kind may be left out.",
    ),
    row(
        "faults.random.start",
        V::Time,
        Is("\"0s\""),
        "Nothing goes wrong before this instant.",
    ),
    row(
        "faults.random.stop",
        V::Time,
        Required,
        "From this instant on everything is well again: nodes are up, connections whole, disks as they were.",
    ),
    row(
        "faults.random.stable",
        V::Span,
        Is("\"0s\""),
        "How long a process, a disk or a connection is left alone after something was wrong with it.",
    ),
    row(
        "faults.random.nodes",
        V::Names,
        Is("all brokers and services"),
        "Which nodes are concerned, with their disks and the connections among them.",
    ),
    row("faults.random.crash", V::Table, Absent, "Nodes die, and start again."),
    row(
        "faults.random.crash.rate",
        V::Rate,
        Required,
        "How often on average, each of them: \"6/m\".",
    ),
    row("faults.random.crash.lasts", V::Dist, Is("\"1s\""), "How long."),
    row(
        "faults.random.crash.kinds",
        V::Texts,
        Is("[\"killed\"]"),
        "What kinds of crashes, all alike in probability; see `[[at]] kind`.",
    ),
    row("faults.random.pause", V::Table, Absent, "Nodes hold their breath."),
    row(
        "faults.random.pause.rate",
        V::Rate,
        Required,
        "How often on average, each of them: \"6/m\".",
    ),
    row("faults.random.pause.lasts", V::Dist, Is("\"1s\""), "How long."),
    row("faults.random.cut", V::Table, Absent, "Connections are cut, and heal."),
    row(
        "faults.random.cut.rate",
        V::Rate,
        Required,
        "How often on average, each of them: \"6/m\".",
    ),
    row("faults.random.cut.lasts", V::Dist, Is("\"1s\""), "How long."),
    row(
        "faults.random.cut.one_way",
        V::Chance,
        Is("\"0%\""),
        "How many of the cuts are of one direction only.",
    ),
    row(
        "faults.random.slow",
        V::Table,
        Absent,
        "Connections are slow for a while.",
    ),
    row(
        "faults.random.slow.rate",
        V::Rate,
        Required,
        "How often on average, each of them: \"6/m\".",
    ),
    row("faults.random.slow.lasts", V::Dist, Is("\"1s\""), "How long."),
    row(
        "faults.random.slow.latency",
        V::Dist,
        Required,
        "Their one-way delay meanwhile.",
    ),
    row(
        "faults.random.slow_disk",
        V::Table,
        Absent,
        "Disks of brokers are slow for a while.",
    ),
    row(
        "faults.random.slow_disk.rate",
        V::Rate,
        Required,
        "How often on average, each of them: \"6/m\".",
    ),
    row("faults.random.slow_disk.lasts", V::Dist, Is("\"1s\""), "How long."),
    row(
        "faults.random.slow_disk.sync",
        V::Dist,
        Required,
        "How long a sync takes meanwhile.",
    ),
    row(
        "faults.random.full_disk",
        V::Table,
        Absent,
        "Disks of brokers are full for a while.",
    ),
    row(
        "faults.random.full_disk.rate",
        V::Rate,
        Required,
        "How often on average, each of them: \"6/m\".",
    ),
    row("faults.random.full_disk.lasts", V::Dist, Is("\"1s\""), "How long."),
    row(
        "faults.random.skew",
        V::Table,
        Absent,
        "Clocks are wrong for a while: of services, tables and loads.",
    ),
    row(
        "faults.random.skew.rate",
        V::Rate,
        Required,
        "How often on average, each of them: \"6/m\".",
    ),
    row("faults.random.skew.lasts", V::Dist, Is("\"1s\""), "How long."),
    row(
        "faults.random.skew.offset",
        V::Dist,
        Required,
        "By how much, ahead or behind with the same chance.",
    ),
];
