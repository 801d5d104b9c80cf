//! A cluster of Kafka as its own tools show it: `kafka-topics.sh --describe` and
//! `kafka-consumer-groups.sh --describe`. Offsets are plain digits there, and what
//! is not known is a dash.

use crate::table::{Side, Table};
use mqlab_engine::World;
use mqlab_model::{NodeId, PlaceId};
use std::io::{self, Write};

/// A cluster at the end of a run.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    name: String,
    partitions: Vec<PartitionRow>,
    shares: Vec<ShareRow>,
}

/// One partition.
#[derive(Clone, Debug)]
struct PartitionRow {
    topic: String,
    number: u32,
    leader: Option<usize>,
    replicas: Vec<usize>,
    in_sync: Vec<usize>,
}

/// How far one group is in one partition.
#[derive(Clone, Debug)]
struct ShareRow {
    group: String,
    topic: String,
    number: u32,
    committed: Option<u64>,
    /// What the tool calls the end of the log is the end of what is committed.
    end: u64,
    lag: Option<u64>,
    consumer: Option<String>,
}

impl Cluster {
    /// What a node shows, if it is a cluster of Kafka.
    pub(super) fn of(world: &World, node: NodeId) -> Option<Cluster> {
        let view = world.cluster(node)?;
        let name = |place: PlaceId| world.places().get(place).name.clone();
        // Brokers are numbered from 1, and their nodes follow the cluster.
        let number = |broker: NodeId| usize::from(broker.0 - node.0);
        let partitions = view.partitions.iter().map(|one| PartitionRow {
            topic: name(one.topic),
            number: one.number,
            leader: one.leader.map(number),
            replicas: one.replicas.iter().map(|replica| number(replica.node)).collect(),
            in_sync: (one.replicas.iter().filter(|replica| replica.in_sync))
                .map(|replica| number(replica.node))
                .collect(),
        });
        let shares = view.groups.iter().flat_map(|group| {
            group.shares.iter().filter_map(|share| {
                let partition = view.partitions.iter().find(|one| one.place == share.partition)?;
                Some(ShareRow {
                    group: name(group.place),
                    topic: name(partition.topic),
                    number: partition.number,
                    committed: share.committed,
                    end: share.high_watermark,
                    lag: share.lag(),
                    consumer: share.consumer.map(|service| name(PlaceId(service.0))),
                })
            })
        });
        Some(Cluster {
            name: name(PlaceId(node.0)),
            partitions: partitions.collect(),
            shares: shares.collect(),
        })
    }

    /// Writes both tables.
    pub(super) fn write(&self, ended: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n  topics of {} at {ended}", self.name)?;
        self.topics().write(out, "  ")?;
        let shares = self.groups();
        if shares.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n  groups of {} at {ended}", self.name)?;
        shares.write(out, "  ")
    }

    /// The lines of `kafka-topics.sh --describe`, with a column for each word.
    fn topics(&self) -> Table {
        use Side::{Left, Right};
        let mut table = Table::new(&[
            ("Topic", Left),
            ("Partition", Right),
            ("Leader", Right),
            ("Replicas", Left),
            ("Isr", Left),
        ]);
        for row in &self.partitions {
            table.row(vec![
                row.topic.clone(),
                row.number.to_string(),
                row.leader.map_or("none".to_owned(), |leader| leader.to_string()),
                listed(&row.replicas),
                listed(&row.in_sync),
            ]);
        }
        table
    }

    /// The lines of `kafka-consumer-groups.sh --describe`, without hosts.
    fn groups(&self) -> Table {
        use Side::{Left, Right};
        let mut table = Table::new(&[
            ("GROUP", Left),
            ("TOPIC", Left),
            ("PARTITION", Right),
            ("CURRENT-OFFSET", Right),
            ("LOG-END-OFFSET", Right),
            ("LAG", Right),
            ("CONSUMER-ID", Left),
        ]);
        let known = |offset: Option<u64>| offset.map_or("-".to_owned(), |offset| offset.to_string());
        for row in &self.shares {
            table.row(vec![
                row.group.clone(),
                row.topic.clone(),
                row.number.to_string(),
                known(row.committed),
                row.end.to_string(),
                known(row.lag),
                row.consumer.clone().unwrap_or("-".to_owned()),
            ]);
        }
        table
    }
}

fn listed(numbers: &[usize]) -> String {
    let words: Vec<String> = numbers.iter().map(usize::to_string).collect();
    words.join(",")
}
