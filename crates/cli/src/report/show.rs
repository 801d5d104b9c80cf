//! What is shown of a cluster of Kafka if somebody asks for it: the files of its
//! brokers, where replicas lie, and what ZooKeeper would have held.

use crate::arguments::Show;
use crate::table::{Side, Table};
use mqlab_engine::{PlaceKind, World};
use mqlab_model::{NodeId, PlaceId};
use mqlab_scenario::cluster::{self, Placed};
use std::io::{self, Write};

/// One thing that is shown.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// What it is, and of what.
    title: String,
    table: Table,
    /// What the signs in it mean.
    legend: Option<&'static str>,
}

impl Shown {
    /// What was asked for of every cluster.
    pub(super) fn all(world: &World, asked: &[Show]) -> Vec<Shown> {
        let places = world.places().iter();
        let brokers = places.filter(|(_, place)| place.kind == PlaceKind::Broker);
        let clusters: Vec<NodeId> = brokers
            .map(|(_, place)| place.node)
            .filter(|node| world.cluster(*node).is_some())
            .collect();
        let show = |what: &Show| {
            let clusters = clusters.iter();
            let shown: Vec<Shown> = match what {
                Show::Files => clusters.flat_map(|node| files(world, *node)).collect(),
                Show::Placement => clusters.filter_map(|node| placement(world, *node)).collect(),
                Show::Zookeeper => clusters.map(|node| znodes(world, *node)).collect(),
            };
            shown
        };
        asked.iter().flat_map(show).collect()
    }

    /// Writes it.
    pub(super) fn write(&self, ended: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n  {} at {ended}", self.title)?;
        self.table.write(out, "  ")?;
        match self.legend {
            Some(legend) => writeln!(out, "  {legend}"),
            None => Ok(()),
        }
    }
}

fn name(world: &World, node: NodeId) -> &str {
    &world.places().get(PlaceId(node.0)).name
}

/// The directory of each broker's logs.
fn files(world: &World, node: NodeId) -> Vec<Shown> {
    let brokers = cluster::brokers(world, node).into_iter();
    let shown = brokers.map(|broker| {
        let mut table = Table::new(&[("file", Side::Left), ("bytes", Side::Right)]);
        for line in cluster::files(world, broker) {
            let indent = "  ".repeat(line.depth);
            table.row(vec![format!("{indent}{}", line.name), line.bytes.to_string()]);
        }
        Shown {
            title: format!("files of {}", name(world, broker)),
            table,
            legend: None,
        }
    });
    shown.collect()
}

fn placement(world: &World, node: NodeId) -> Option<Shown> {
    let placement = cluster::placement(world, node)?;
    let names = placement
        .brokers
        .iter()
        .map(|broker| (name(world, *broker), Side::Left));
    let columns: Vec<(&str, Side)> = [("partition", Side::Left)].into_iter().chain(names).collect();
    let mut table = Table::new(&columns);
    for (partition, cells) in &placement.rows {
        let cells = cells.iter().map(|cell| cell.map_or(String::new(), placed));
        let partition = world.places().get(*partition).name.clone();
        table.row([partition].into_iter().chain(cells).collect());
    }
    let columns = 0..placement.brokers.len();
    let leads = columns.clone().map(|column| placement.leads(column).to_string());
    table.row(["leads".to_owned()].into_iter().chain(leads).collect());
    let hosts = columns.map(|column| placement.hosts(column).to_string());
    table.row(["hosts".to_owned()].into_iter().chain(hosts).collect());
    Some(Shown {
        title: format!("placement in {}", name(world, node)),
        table,
        legend: Some("* preferred leader, () out of sync"),
    })
}

fn placed(placed: Placed) -> String {
    let word = if placed.is_leader { "leader" } else { "replica" };
    let star = if placed.is_preferred { "*" } else { "" };
    if placed.is_in_sync {
        format!("{word}{star}")
    } else {
        format!("({word}{star})")
    }
}

fn znodes(world: &World, node: NodeId) -> Shown {
    let mut table = Table::new(&[("node", Side::Left), ("data", Side::Left)]);
    for znode in cluster::znodes(world, node) {
        let indent = "  ".repeat(znode.depth());
        let slash = if znode.depth() == 0 { "/" } else { "" };
        let session = if znode.is_ephemeral { " (ephemeral)" } else { "" };
        table.row(vec![
            format!("{indent}{slash}{}{session}", znode.name()),
            znode.data.unwrap_or_default(),
        ]);
    }
    Shown {
        title: format!("what ZooKeeper held of {} until Kafka 4.0,", name(world, node)),
        table,
        legend: None,
    }
}
