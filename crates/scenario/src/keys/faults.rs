//! The keys of faults at random.

use super::Default::{Absent, Is, Required};
use super::ValueKind as V;
use super::{Key, row};

pub(super) const ROWS: &[Key] = &[
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
];
