//! What the node has given to its disk and is not synced: which copies would
//! be missing after a crash, and which confirms wait for the disk.

use super::config::ConfirmWhen;
use super::{ChannelId, Frame, QueueId};
use alloc::collections::VecDeque;
use mqlab_kernel::{SortedMap, SortedSet};
use mqlab_model::{Context, Crash, Port};

/// A copy of a message in a queue: the queue and the place there.
pub(super) type Copy = (QueueId, u64);

/// A copy on its way to the disk.
#[derive(Clone, Copy, Debug)]
struct Entry {
    copy: Copy,
    /// The publish whose confirm waits for it.
    publish: Option<u64>,
}

/// A publish whose confirm waits.
#[derive(Clone, Copy, Debug)]
struct Publish {
    port: Port,
    channel: ChannelId,
    sequence: u64,
    queues: u16,
    /// How many copies it waits for.
    left: u16,
}

/// Copies on their way to the disk, in the order of their writes.
#[derive(Clone, Debug)]
pub(super) struct Storage {
    when: ConfirmWhen,
    /// What is not synced, and the number of the first of it.
    entries: VecDeque<Entry>,
    first: u64,
    /// Everything before this number is as safe as a confirm wants it.
    safe: u64,
    publishes: SortedMap<u64, Publish>,
    next_publish: u64,
    /// The numbers of the copies that a confirm waits for.
    awaited: SortedMap<Copy, u64>,
}

impl Storage {
    pub(super) fn new(when: ConfirmWhen) -> Self {
        Storage {
            when,
            entries: VecDeque::new(),
            first: 0,
            safe: 0,
            publishes: SortedMap::new(),
            next_publish: 0,
            awaited: SortedMap::new(),
        }
    }

    /// A publish is to be confirmed when `copies` of it are safe.
    pub(super) fn await_copies(
        &mut self,
        (port, channel): (Port, ChannelId),
        (sequence, queues): (u64, u16),
        copies: u16,
    ) -> u64 {
        let publish = Publish {
            port,
            channel,
            sequence,
            queues,
            left: copies,
        };
        self.next_publish += 1;
        self.publishes.insert(self.next_publish, publish);
        self.next_publish
    }

    /// Writes a copy.
    pub(super) fn write<C: Context<Frame>>(&mut self, cx: &mut C, copy: Copy, bytes: u64, publish: Option<u64>) {
        let number = cx.write(bytes);
        debug_assert_eq!(number, self.first + self.entries.len() as u64, "writes are counted");
        self.entries.push_back(Entry { copy, publish });
        if publish.is_some() {
            self.awaited.insert(copy, number);
        }
    }

    /// Confirms what the disk has made safe.
    pub(super) fn catch_up<C: Context<Frame>>(&mut self, cx: &mut C) {
        let progress = cx.disk();
        let safe = match self.when {
            ConfirmWhen::Written => progress.written,
            ConfirmWhen::Synced => progress.synced,
        };
        while self.safe < safe {
            let entry = self.entries[(self.safe - self.first) as usize];
            self.safe += 1;
            if let Some(publish) = entry.publish {
                self.awaited.remove(&entry.copy);
                self.safer(cx, publish);
            }
        }
        while self.first < progress.synced {
            self.entries.pop_front();
            self.first += 1;
        }
    }

    /// One copy less for a confirm to wait for.
    fn safer<C: Context<Frame>>(&mut self, cx: &mut C, number: u64) {
        let Some(publish) = self.publishes.get_mut(&number) else {
            return;
        };
        publish.left -= 1;
        if publish.left > 0 {
            return;
        }
        let Publish {
            port,
            channel,
            sequence,
            queues,
            ..
        } = *publish;
        self.publishes.remove(&number);
        let confirm = Frame::Confirm {
            channel,
            sequence,
            queues,
        };
        cx.send(port, confirm);
    }

    /// A copy is settled: whoever waits for it to be safe waits no longer
    /// (the confirm follows the write, or the consumer's acknowledgement if
    /// that comes first).
    pub(super) fn settle<C: Context<Frame>>(&mut self, cx: &mut C, copy: Copy) {
        let Some(number) = self.awaited.remove(&copy) else {
            return;
        };
        let entry = &mut self.entries[(number - self.first) as usize];
        if let Some(publish) = entry.publish.take() {
            self.safer(cx, publish);
        }
    }

    /// Nobody waits for the confirms of a connection any more, or of one
    /// channel of it.
    pub(super) fn close(&mut self, port: Port, channel: Option<ChannelId>) {
        let ours = |publish: &Publish| publish.port == port && channel.is_none_or(|only| only == publish.channel);
        self.publishes.retain(|_, publish| !ours(publish));
    }

    /// The node dies; returns the copies that are gone with it. Nobody waits
    /// for any confirm.
    pub(super) fn crash<C: Context<Frame>>(&mut self, cx: &C, crash: Crash) -> SortedSet<Copy> {
        let disk = cx.disk();
        let known = self.entries.len() as u64;
        let kept = disk.left_by(crash).saturating_sub(self.first).min(known) as usize;
        let gone = self.entries.drain(kept..).map(|entry| entry.copy).collect();
        if crash != Crash::Killed {
            // The disk counts on from what it had synced.
            self.entries.clear();
            self.first = disk.synced;
        }
        self.publishes.clear();
        self.awaited.clear();
        self.entries.iter_mut().for_each(|entry| entry.publish = None);
        self.safe = self.first + self.entries.len() as u64;
        gone
    }

    /// Copies have got other places in their queues, from `moved`; what is not
    /// in it is in no queue any more, and stays where it was.
    pub(super) fn renumber(&mut self, moved: &SortedMap<Copy, u64>) {
        for entry in &mut self.entries {
            if let Some(position) = moved.get(&entry.copy) {
                entry.copy.1 = *position;
            }
        }
    }

    /// A copy has got another place in its queue.
    pub(super) fn move_one(&mut self, copy: Copy, position: u64) {
        for entry in self.entries.iter_mut().filter(|entry| entry.copy == copy) {
            entry.copy.1 = position;
        }
        if let Some(number) = self.awaited.remove(&copy) {
            self.awaited.insert((copy.0, position), number);
        }
    }

    /// How many publishes wait for the disk.
    pub(super) fn unconfirmed(&self) -> usize {
        self.publishes.len()
    }
}
