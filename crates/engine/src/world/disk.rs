//! Disks: what a node has written, and what of it would survive.
//!
//! A disk writes one thing after the other, and syncs what it has written, one
//! sync at a time. It belongs to the machine and not to the process: it goes
//! on while the node is paused, and after a killed process the machine still
//! syncs what was written.

use super::context::Cx;
use super::{Action, Condition, Core, LaneRole, Packed, World};
use crate::node::AnyNode;
use crate::plan::{Setting, SettingKind};
use crate::recorder::Recorder;
use alloc::boxed::Box;
use mqlab_kernel::{Agenda, Bytes, LaneId, Ring, SimSpan, SimTime, Stream, draw};
use mqlab_model::{Crash, DiskPlan, DiskWork, FactKind, MessageId, NodeId, PlaceId, Progress, Purpose};

/// The disk of one node.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    pub(crate) plan: DiskPlan,
    /// Its actions, and the node that it belongs to.
    lane: LaneId,
    place: PlaceId,
    stream: Stream,
    progress: Progress,
    /// What the node was told last.
    told: Progress,
    /// Sizes of what is not written yet, with the files that it belongs to, oldest
    /// first: the first of them is being written.
    waiting: Ring<(u64, u32)>,
    /// Where it was last: at the end of a file, or at a place in one.
    head: Option<(u32, Option<u64>)>,
    work: DiskWork,
    /// What was read went ahead of what is to be written, which waits for it.
    owed: SimSpan,
    /// When what is not synced yet was written, oldest first.
    unsynced: Ring<SimTime>,
    /// A sync is under way, and covers this many.
    syncing: Option<u64>,
    /// It looks again at this instant whether a sync is due.
    looks: SimTime,
    /// Actions of an earlier life are stale.
    writes: u32,
    syncs: u32,
}

/// What a disk acts on.
struct Outside<'a> {
    now: SimTime,
    agenda: &'a mut Agenda<Packed>,
    recorder: &'a mut Recorder,
}

/// What an action of a disk is: the end of a write, the end of a sync, or the
/// end of the wait for one.
const WRITTEN: u64 = 0;
const SYNCED: u64 = 1;
const DUE: u64 = 2;

impl Disk {
    pub(crate) fn new(plan: DiskPlan, node: NodeId, lane: LaneId, stream: Stream) -> Self {
        Disk {
            plan,
            lane,
            place: PlaceId(node.0),
            stream,
            progress: Progress::default(),
            told: Progress::default(),
            waiting: Ring::default(),
            head: None,
            work: DiskWork::default(),
            owed: SimSpan::ZERO,
            unsynced: Ring::default(),
            syncing: None,
            looks: SimTime::ZERO,
            writes: 0,
            syncs: 0,
        }
    }

    /// How many writes are not done, how many of those that are done are not
    /// synced, and whether a sync is under way.
    pub(crate) fn state(&self) -> (usize, usize, bool) {
        (self.waiting.len(), self.unsynced.len(), self.syncing.is_some())
    }

    /// What it has done beside writing and syncing.
    pub(crate) fn work(&self) -> DiskWork {
        self.work
    }

    /// Goes to a place, and says how long that takes.
    fn go(&mut self, to: (u32, Option<u64>)) -> SimSpan {
        if self.head == Some(to) {
            return SimSpan::ZERO;
        }
        // Where it is at first nobody knows.
        self.work.seeks += u64::from(self.head.is_some());
        let is_first = self.head.replace(to).is_none();
        if is_first { SimSpan::ZERO } else { self.plan.seek }
    }

    fn read(&mut self, (file, from, to): (u32, u64, u64), bytes: u64) -> SimSpan {
        let going = self.go((file, Some(from)));
        self.head = Some((file, Some(to)));
        self.work.reads += 1;
        let moving = self.plan.bandwidth.map_or(SimSpan::ZERO, |most| Bytes(bytes).at(most));
        let takes = going.saturating_add(moving);
        self.owed = self.owed.saturating_add(takes);
        takes
    }

    fn write(&mut self, out: &mut Outside<'_>, bytes: u64, file: u32) -> u64 {
        let number = self.progress.written + self.waiting.len() as u64;
        self.waiting.push_back((bytes, file));
        if self.waiting.len() == 1 {
            self.go_on(out);
        }
        number
    }

    /// Does what takes no time, and begins what does.
    fn go_on(&mut self, out: &mut Outside<'_>) {
        while let Some((bytes, file)) = self.waiting.front() {
            let takes = self.takes(bytes, file);
            if !takes.is_zero() {
                out.later(self.lane, takes, (WRITTEN, self.writes));
                break;
            }
            self.finish_write(out);
        }
        self.sync_if_due(out);
    }

    fn takes(&mut self, bytes: u64, file: u32) -> SimSpan {
        let moving = self.plan.bandwidth.map_or(SimSpan::ZERO, |most| Bytes(bytes).at(most));
        let writing = self.plan.write.sample(self.stream.next_u64()).saturating_add(moving);
        let going = self.go((file, None));
        let owed = core::mem::take(&mut self.owed);
        writing.saturating_add(going).saturating_add(owed)
    }

    fn finish_write(&mut self, out: &mut Outside<'_>) {
        self.waiting.pop_front();
        self.progress.written += 1;
        self.unsynced.push_back(out.now);
        // A full batch is not kept waiting by what is written at once.
        if self.unsynced.len() as u64 == self.batch() {
            self.sync_if_due(out);
        }
    }

    fn batch(&self) -> u64 {
        self.plan.batch.unwrap_or(u64::MAX)
    }

    /// Begins a sync if none is under way and there is something that has
    /// waited for it long enough.
    fn sync_if_due(&mut self, out: &mut Outside<'_>) {
        while self.syncing.is_none()
            && let Some(oldest) = self.unsynced.front()
        {
            let waiting = self.unsynced.len() as u64;
            let due = oldest.saturating_add(self.plan.interval);
            if waiting < self.batch() && due > out.now {
                if self.looks != due {
                    self.looks = due;
                    out.later(self.lane, due.since(out.now), (DUE, self.syncs));
                }
                return;
            }
            let covers = waiting.min(self.batch());
            self.syncing = Some(covers);
            let takes = self.plan.sync.sample(self.stream.next_u64());
            if !takes.is_zero() {
                out.later(self.lane, takes, (SYNCED, self.syncs));
                return;
            }
            self.finish_sync(out);
        }
    }

    fn finish_sync(&mut self, out: &mut Outside<'_>) {
        let Some(covers) = self.syncing.take() else { return };
        for _ in 0..covers {
            self.unsynced.pop_front();
        }
        self.progress.synced += covers;
        let message = crate::oracle::ABOUT_A_NODE;
        out.recorder
            .record(out.now, self.place, FactKind::Synced, message, covers);
    }

    /// Something of it is over.
    fn act(&mut self, out: &mut Outside<'_>, what: u64, life: u32) {
        match what {
            WRITTEN if life == self.writes => self.finish_write(out),
            SYNCED if life == self.syncs => self.finish_sync(out),
            DUE if life == self.syncs => {}
            _ => return,
        }
        match what {
            WRITTEN => self.go_on(out),
            _ => self.sync_if_due(out),
        }
    }

    /// What a crash leaves.
    fn crash(&mut self, crash: Crash) {
        self.waiting.clear();
        self.owed = SimSpan::ZERO;
        self.writes += 1;
        if crash == Crash::Killed {
            return;
        }
        self.unsynced.clear();
        self.syncing = None;
        self.looks = SimTime::ZERO;
        self.syncs += 1;
        // The numbers of what is gone are given out again.
        self.progress.written = self.progress.synced;
    }
}

impl Outside<'_> {
    fn later(&mut self, lane: LaneId, span: SimSpan, (what, life): (u64, u32)) {
        let at = self.now.saturating_add(span);
        self.agenda.push(lane, at, Action::Timer { token: what, life }.into());
    }
}

impl Core {
    /// Lets the disk of a node act; `None` if it has none.
    fn with_disk<T>(&mut self, node: NodeId, act: impl FnOnce(&mut Disk, &mut Outside<'_>) -> T) -> Option<T> {
        let disk = self.disks[usize::from(node.0)].as_mut()?;
        let mut out = Outside {
            now: self.now,
            agenda: &mut self.agenda,
            recorder: &mut self.recorder,
        };
        Some(act(disk, &mut out))
    }

    /// Writes something to a node's disk and returns its number. A node
    /// without a disk has an ideal one: what it writes is synced at once.
    #[cold]
    #[inline(never)]
    pub(super) fn write(&mut self, node: NodeId, bytes: u64, file: u32) -> u64 {
        self.with_disk(node, |disk, out| disk.write(out, bytes, file))
            .unwrap_or(0)
    }

    /// Reads a stretch of a file from a node's disk, and says how long that takes.
    #[cold]
    #[inline(never)]
    pub(super) fn read(&mut self, node: NodeId, what: (u32, u64, u64), bytes: u64) -> SimSpan {
        self.with_disk(node, |disk, _| disk.read(what, bytes))
            .unwrap_or(SimSpan::ZERO)
    }

    /// How many bytes a message has.
    #[inline]
    pub(super) fn size_of(&self, message: MessageId) -> u64 {
        let source = usize::from(message.source().0);
        let sizes = self.frame.sizes[source];
        if let Some(bytes) = sizes.fixed() {
            return bytes.0;
        }
        let bits = draw(
            self.frame.seed,
            self.frame.draw_keys[source],
            message.number(),
            Purpose::Size as u64,
        );
        sizes.sample(bits).0
    }

    /// How far a node's disk has come.
    pub(super) fn progress(&self, node: NodeId) -> Progress {
        let all = Progress {
            written: u64::MAX,
            synced: u64::MAX,
        };
        self.disks[usize::from(node.0)]
            .as_ref()
            .map_or(all, |disk| disk.progress)
    }

    pub(super) fn crash_disk(&mut self, node: NodeId, crash: Crash) {
        self.with_disk(node, |disk, _| disk.crash(crash));
    }
}

impl World {
    /// An action of a node's disk is due.
    pub(super) fn disk_is_due(&mut self, node: NodeId, (what, life): (u64, u32)) {
        self.core.with_disk(node, |disk, out| disk.act(out, what, life));
        self.tell_of_disk(node);
    }

    /// Tells a node that its disk has come further, if it has and the node
    /// listens.
    pub(super) fn tell_of_disk(&mut self, node: NodeId) {
        let index = usize::from(node.0);
        if self.conditions[index] != Condition::Up {
            return;
        }
        let Some(disk) = self.core.disks[index].as_mut() else {
            return;
        };
        if disk.told == disk.progress {
            return;
        }
        disk.told = disk.progress;
        let mut cx = Cx::new(&mut self.core, node);
        self.nodes[index].on_disk(&mut cx);
    }

    /// A node's disk is close to full, or has room again; of a cluster those of all
    /// its nodes. Nothing happens to a node that is down, or keeps nothing on its
    /// disk.
    #[inline(never)]
    pub(super) fn fill_disk(&mut self, node: NodeId, full: bool) {
        let index = usize::from(node.0);
        if matches!(self.nodes[index], AnyNode::Cluster(_)) {
            for member in self.core.frame.members[index].clone() {
                self.fill_disk(member, full);
            }
            return;
        }
        if self.conditions[index] != Condition::Up {
            return;
        }
        let Some(user) = self.nodes[index].disk_user() else {
            return;
        };
        if user.is_alarmed == full {
            return;
        }
        self.core.hits.full_disks.all += u64::from(full);
        self.core.hits.full_disks.hit += u64::from(!full && user.unread > 0);
        let kind = if full { FactKind::DiskFull } else { FactKind::DiskFree };
        let about = crate::oracle::ABOUT_A_NODE;
        self.core
            .recorder
            .record(self.core.now, PlaceId(node.0), kind, about, 0);
        let mut cx = Cx::new(&mut self.core, node);
        self.nodes[index].set_disk_alarm(&mut cx, full);
    }

    /// A setting of a node's disk; `None` if it is none, else the new value as
    /// a number for the record.
    pub(super) fn set_disk(&mut self, node: NodeId, setting: &Setting) -> Option<u64> {
        match *setting {
            Setting::DiskWrite(takes) => {
                self.change_disk(node, |disk| disk.write = takes);
                Some(takes.mean().nanos())
            }
            Setting::DiskBandwidth(most) => {
                self.change_disk(node, |disk| disk.bandwidth = most);
                Some(most.unwrap_or(0))
            }
            Setting::DiskSync(takes) => {
                self.change_disk(node, |disk| disk.sync = takes);
                Some(takes.mean().nanos())
            }
            Setting::DiskBatch(most) => {
                self.change_disk(node, |disk| disk.batch = most);
                Some(most.unwrap_or(0))
            }
            Setting::DiskInterval(span) => {
                self.change_disk(node, |disk| disk.interval = span);
                Some(span.nanos())
            }
            _ => None,
        }
    }

    /// A node's disk as it is now; of a cluster that of its first node.
    pub(super) fn disk_setting(&self, node: NodeId, kind: SettingKind) -> Option<Setting> {
        let first = self.core.frame.members[usize::from(node.0)].first().unwrap_or(&node);
        let plan = match &self.core.disks[usize::from(first.0)] {
            Some(disk) => disk.plan,
            None => DiskPlan::IDEAL,
        };
        Some(match kind {
            SettingKind::DiskWrite => Setting::DiskWrite(plan.write),
            SettingKind::DiskBandwidth => Setting::DiskBandwidth(plan.bandwidth),
            SettingKind::DiskSync => Setting::DiskSync(plan.sync),
            SettingKind::DiskBatch => Setting::DiskBatch(plan.batch),
            SettingKind::DiskInterval => Setting::DiskInterval(plan.interval),
            _ => return None,
        })
    }

    /// The lane of a node's disk, if it may have one.
    fn disk_lane(&self, node: NodeId) -> Option<LaneId> {
        let mut lanes = (0..).zip(&self.core.lanes);
        let found = lanes.find(|(_, lane)| lane.role == LaneRole::Disk && lane.home.node() == node);
        found.map(|(index, _)| LaneId(index))
    }

    /// Changes a node's disk, of a cluster those of all its nodes; a node that had
    /// none has an ideal one until then. What is under way ends as it began.
    pub(super) fn change_disk(&mut self, node: NodeId, change: impl Fn(&mut DiskPlan)) {
        for member in self.core.frame.members[usize::from(node.0)].clone() {
            self.change_own_disk(member, &change);
        }
    }

    fn change_own_disk(&mut self, node: NodeId, change: impl Fn(&mut DiskPlan)) {
        let index = usize::from(node.0);
        let Some(lane) = self.disk_lane(node) else { return };
        let (seed, name) = (self.core.frame.seed, &self.core.frame.places.get(PlaceId(node.0)).name);
        let disk = self.core.disks[index].get_or_insert_with(|| {
            let stream = disk_stream(seed, name);
            Box::new(Disk::new(DiskPlan::IDEAL, node, lane, stream))
        });
        change(&mut disk.plan);
        self.nodes[index].use_disk();
        self.core.with_disk(node, |disk, out| disk.sync_if_due(out));
        self.tell_of_disk(node);
    }
}

/// The random stream of a node's disk.
pub(super) fn disk_stream(seed: u64, name: &str) -> Stream {
    Stream::new(seed, &alloc::format!("{name}: disk"))
}
