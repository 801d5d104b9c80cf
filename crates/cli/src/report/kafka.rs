//! A cluster of Kafka as its own tools show it: `kafka-topics.sh --describe` and
//! `kafka-consumer-groups.sh --describe`. Offsets are plain digits there, and what
//! is not known is a dash.

use crate::notation::grouped;
use crate::table::{Side, Table};
use mqlab_engine::World;
use mqlab_kernel::SimSpan;
use mqlab_model::{DiskWork, NodeId, PlaceId};
use std::io::{self, Write};

/// A cluster at the end of a run.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    name: String,
    partitions: Vec<PartitionRow>,
    shares: Vec<ShareRow>,
    brokers: Vec<BrokerRow>,
}

/// What one broker has served, and its disk has done for that.
#[derive(Clone, Debug)]
struct BrokerRow {
    name: String,
    transfers: u64,
    copies: u64,
    switches: u64,
    /// How long its processor worked at them.
    worked: SimSpan,
    disk: DiskWork,
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
        let brokers = world.members(node).iter().filter_map(|member| {
            let member = *member;
            // Where nobody has said what it costs it is nobody's concern.
            let served = world.served(member).filter(|_| world.counts_copies(member))?;
            Some(BrokerRow {
                name: name(PlaceId(member.0)),
                transfers: served.transfers,
                copies: served.copies,
                switches: served.switches,
                worked: served.worked,
                disk: world.disk(member).map_or(DiskWork::default(), |disk| disk.work),
            })
        });
        Some(Cluster {
            brokers: brokers.collect(),
            name: name(PlaceId(node.0)),
            partitions: partitions.collect(),
            shares: shares.collect(),
        })
    }

    /// Writes both tables.
    pub(super) fn write(&self, ended: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n  topics of {} at {ended}", self.name)?;
        self.topics().write(out, "  ")?;
        if !self.brokers.is_empty() {
            writeln!(out, "\n  fetches from {} at {ended}", self.name)?;
            self.served().write(out, "  ")?;
        }
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

    /// What it has cost the brokers to answer fetches.
    fn served(&self) -> Table {
        use Side::{Left, Right};
        let mut table = Table::new(&[
            ("broker", Left),
            ("transfers", Right),
            ("copies", Right),
            ("switches", Right),
            ("processor", Right),
            ("disk reads", Right),
            ("seeks", Right),
        ]);
        for row in &self.brokers {
            table.row(vec![
                row.name.clone(),
                grouped(row.transfers),
                grouped(row.copies),
                grouped(row.switches),
                row.worked.to_string(),
                grouped(row.disk.reads),
                grouped(row.disk.seeks),
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
