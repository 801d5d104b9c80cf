//! The directory of a broker's logs (`log.dir`) as it would be listed now.
//!
//! Names and formats are Kafka's own. Sizes are computed from the logs: what a
//! record takes is what the scenario says, so the log files hold no heads of
//! batches. Left out is what is about to be deleted (`.deleted`), and what is
//! checkpointed from time to time is shown as it would be written now; only the high
//! watermarks are really those that were written down last.

use super::Broker;
use super::hosted::Hosted;
use crate::kafka::cluster::PartitionId;
use crate::kafka::defaults::{Owner, Value, default_of};
use crate::kafka::{Ended, MetadataLog, Record};
use crate::parts::Segment;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use mqlab_kernel::SimTime;

/// Bytes of an entry of an index by offset: an offset counted from the base, and
/// where in the file.
const OFFSET_ENTRY: u64 = 8;
/// Bytes of an entry of an index by time: a time and an offset.
const TIME_ENTRY: u64 = 12;
/// Bytes of an entry of a transaction index.
const ABORTED_ENTRY: u64 = 34;
/// Bytes of a snapshot of producers before the first: a version, a checksum and how many
/// there are (`ProducerStateManager.PID_SNAPSHOT_MAP_SCHEMA`).
const SNAPSHOT: u64 = 2 + 4 + 4;
/// Bytes of a producer in it: its id and epoch, its last sequence number, offset and how
/// many offsets that batch had, when, the coordinator's epoch, and where its open
/// transaction begins.
const SNAPSHOT_ENTRY: u64 = 8 + 2 + 4 + 8 + 4 + 8 + 4 + 8;
/// Bytes of the file with a topic's id, which has 22 letters.
const METADATA: u64 = 43;

/// A file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// What stands in it, if it is text.
    pub text: Option<String>,
}

/// The directory of a replica's log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Folder {
    /// Its partition; `None` of the controller's log, which is no partition of a topic.
    pub partition: Option<PartitionId>,
    /// Its name: the topic's and the partition's number, `orders-0`.
    pub name: String,
    /// The segments and what belongs to them, oldest first, then the rest.
    pub files: Vec<File>,
}

/// Everything in a directory of logs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogDir {
    /// A directory for each replica here.
    pub folders: Vec<Folder>,
    /// The files beside them.
    pub files: Vec<File>,
}

impl File {
    fn new(name: String, bytes: u64) -> File {
        File {
            name,
            bytes,
            text: None,
        }
    }

    fn text(name: &str, text: String) -> File {
        File {
            name: String::from(name),
            bytes: text.len() as u64,
            text: Some(text),
        }
    }

    /// A checkpoint: its version, the number of its lines, and these.
    fn checkpoint(name: &str, lines: &[String]) -> File {
        let mut text = format!("0\n{}\n", lines.len());
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
        File::text(name, text)
    }
}

impl Folder {
    /// The size of all its files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

impl Broker {
    /// What lies in the directory of its logs.
    pub fn log_dir(&self) -> LogDir {
        let hosted = self.cluster.partitions().filter_map(|one| {
            let hosted = self.hosted[one.0 as usize].as_deref()?;
            Some((one, hosted))
        });
        let hosted: Vec<(PartitionId, &Hosted)> = hosted.collect();
        let folder = |(partition, hosted): &(PartitionId, &Hosted)| Folder {
            partition: Some(*partition),
            name: self.spelled(*partition, '-'),
            files: files(hosted),
        };
        LogDir {
            folders: hosted.iter().map(folder).collect(),
            files: self.checkpoints(&hosted),
        }
    }

    fn spelled(&self, partition: PartitionId, between: char) -> String {
        let number = self.cluster.place_in_topic(partition).1;
        format!("{}{between}{number}", self.cluster.topic(partition).name)
    }

    /// The files of all logs together.
    fn checkpoints(&self, hosted: &[(PartitionId, &Hosted)]) -> Vec<File> {
        let checkpoint = |name: &str, offset: &dyn Fn(PartitionId, &Hosted) -> Option<u64>| {
            let lines = hosted.iter().filter_map(|(partition, hosted)| {
                let offset = offset(*partition, hosted)?;
                Some(format!("{} {offset}", self.spelled(*partition, ' ')))
            });
            File::checkpoint(name, &lines.collect::<Vec<String>>())
        };
        alloc::vec![
            File::new(String::from(".lock"), 0),
            checkpoint("cleaner-offset-checkpoint", &|_, hosted| {
                Some(hosted.log.first_dirty()).filter(|offset| *offset > 0)
            }),
            checkpoint("log-start-offset-checkpoint", &|_, hosted| {
                // Only where it is not the name of the first segment.
                let start = hosted.log.marks().start();
                let first = hosted.log.segments().next().map_or(0, Segment::base);
                Some(start).filter(|start| *start > first)
            }),
            File::text("meta.properties", format!("node.id={}\nversion=1\n", self.id.0 + 1)),
            checkpoint("recovery-point-offset-checkpoint", &|partition, hosted| {
                // A segment is synced when the next one begins.
                let active = hosted.log.segments().last().map_or(0, Segment::base);
                let unsynced = self.cache.first_unsynced(partition);
                Some(unsynced.map_or(active, |unsynced| unsynced.min(active)))
            }),
            checkpoint("replication-offset-checkpoint", &|_, hosted| Some(hosted.checkpoint)),
        ]
    }
}

/// The controller's log, as it lies in the directory of each node: `controller` is the
/// number of the node that leads the quorum.
pub(crate) fn metadata_folder(log: &MetadataLog, controller: u32, now: SimTime) -> Folder {
    let epochs: Vec<String> = log
        .epochs()
        .iter()
        .map(|(epoch, start)| format!("{epoch} {start}"))
        .collect();
    let epoch = log.epochs().last().map_or(0, |(epoch, _)| *epoch);
    // `QuorumStateData`, as it is written with a fixed list of voters.
    let quorum = format!(
        "{{\"clusterId\":\"\",\"leaderId\":{controller},\"leaderEpoch\":{epoch},\"votedId\":-1,\"appliedOffset\":0,\
         \"currentVoters\":[{{\"voterId\":{controller}}}],\"data_version\":0}}"
    );
    let first = |ending: &str, bytes: u64| File::new(format!("{:020}.{ending}", 0), bytes);
    Folder {
        partition: None,
        name: String::from("__cluster_metadata-0"),
        files: alloc::vec![
            first("log", log.at(now).1),
            first("index", preallocated() / OFFSET_ENTRY * OFFSET_ENTRY),
            first("timeindex", preallocated() / TIME_ENTRY * TIME_ENTRY),
            File::checkpoint("leader-epoch-checkpoint", &epochs),
            File::new("partition.metadata".to_string(), METADATA),
            File::text("quorum-state", quorum),
        ],
    }
}

/// The files of one log.
fn files(hosted: &Hosted) -> Vec<File> {
    let mut files = Vec::new();
    let aborted = hosted.log.aborted(0);
    let mut segments = hosted.log.segments().peekable();
    let mut snapshots = hosted.log.snapshots().iter().peekable();
    while let Some(segment) = segments.next() {
        add_segment(&mut files, segment, segments.peek().is_none(), &aborted);
        while let Some(one) = snapshots.next_if(|one| one.offset < segment.end().max(segment.base() + 1)) {
            let bytes = SNAPSHOT + u64::from(one.producers) * SNAPSHOT_ENTRY;
            files.push(File::new(format!("{:020}.snapshot", one.offset), bytes));
        }
    }
    let begun = hosted.log.epochs().begun().iter();
    let epochs: Vec<String> = begun.map(|(epoch, start)| format!("{epoch} {start}")).collect();
    files.push(File::checkpoint("leader-epoch-checkpoint", &epochs));
    files.push(File::new("partition.metadata".to_string(), METADATA));
    files
}

/// The indexes of the segment that is written to are as large as they may become,
/// and are cut to what is in them when it is sealed.
fn add_segment(files: &mut Vec<File>, segment: &Segment<Record>, is_active: bool, aborted: &[Ended]) {
    let base = segment.base();
    let index = segment.entries();
    let size = |entries: u32, entry: u64| {
        if is_active {
            preallocated() / entry * entry
        } else {
            u64::from(entries) * entry
        }
    };
    let mut add = |ending: &str, bytes: u64| files.push(File::new(format!("{base:020}.{ending}"), bytes));
    add("log", segment.bytes());
    add("index", size(index.offsets(), OFFSET_ENTRY));
    add("timeindex", size(index.times(segment.newest(), !is_active), TIME_ENTRY));
    let here = aborted.iter().filter(|one| (base..segment.end()).contains(&one.marker));
    let entries = here.count() as u64;
    if entries > 0 {
        add("txnindex", entries * ABORTED_ENTRY);
    }
}

/// `segment.index.bytes`.
fn preallocated() -> u64 {
    match default_of(Owner::Topic, "segment.index.bytes") {
        Some(Value::Number(bytes)) => bytes.unsigned_abs(),
        other => panic!("segment.index.bytes is {other:?}"),
    }
}
