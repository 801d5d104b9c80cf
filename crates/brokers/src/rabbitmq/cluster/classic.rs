//! A classic queue where it is: its home, or its master if it has mirrors.

use super::content::{Content, Effect};
use super::story::Way;
use super::wire::Wire;
use super::{Command, Member, MemberId, PeerFrame};
use crate::rabbitmq::QueueId;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SortedMap};
use mqlab_model::{Context, Crash, FactKind, Message};

/// A message that is kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) message: Message,
    /// Its write, if it goes to the disk.
    pub(super) write: Option<u64>,
    /// How it came, if its queue may have to say so.
    pub(super) way: Option<Box<Way>>,
}

/// Messages by their positions.
pub(super) type Stored = SortedMap<u64, Kept>;

/// A mirror, as the master knows it.
#[derive(Clone, Debug)]
pub(super) struct Mirror {
    pub(super) member: MemberId,
    /// How much it was told since it joined, and how much it has.
    pub(super) sent: u32,
    pub(super) has: u32,
    /// What stands before this position it does not have.
    pub(super) first: u64,
    /// It has everything when it has so much of what it was told.
    pub(super) complete_at: Option<u32>,
    pub(super) is_synchronised: bool,
}

/// An answer that waits for the disk and the mirrors.
#[derive(Clone, Debug)]
struct Owed {
    to: MemberId,
    answer: PeerFrame,
    /// So many writes have to be written.
    written: u64,
    copied: Vec<(MemberId, u32)>,
}

/// A classic queue, where it is.
#[derive(Clone, Debug)]
pub(super) struct Master {
    pub(super) content: Content,
    pub(super) stored: Stored,
    /// The position of the next message.
    pub(super) next: u64,
    pub(super) mirrors: Vec<Mirror>,
    owed: VecDeque<Owed>,
}

/// A mirror, where it is.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    pub(super) master: MemberId,
    pub(super) stored: Stored,
    /// The last command of each life that it has a message of.
    pub(super) sessions: SortedMap<(MemberId, u16), u32>,
    /// How the message comes that is the next.
    pub(super) way: Option<Box<Way>>,
    pub(super) count: u32,
    /// What it has not said to have, and how many writes that waits for.
    pub(super) unsaid: VecDeque<(u64, u32)>,
}

impl Master {
    pub(super) fn new(content: Content) -> Self {
        Master {
            content,
            stored: Stored::new(),
            next: 0,
            mirrors: Vec::new(),
            owed: VecDeque::new(),
        }
    }

    /// A member is no mirror any more: no answer waits for it.
    pub(super) fn drop_mirror(&mut self, of: MemberId) {
        self.mirrors.retain(|mirror| mirror.member != of);
        for owed in &mut self.owed {
            owed.copied.retain(|(member, _)| *member != of);
        }
    }
}

impl Member {
    /// A command for a classic queue that is here; else it is lost, and will be
    /// said again when its sender knows where the queue is.
    pub(super) fn on_request<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, command: Command) {
        if self.masters.contains_key(&queue) {
            self.do_classic(cx, queue, command);
        }
    }

    /// A classic queue that is here does a command.
    pub(super) fn do_classic<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, command: Command) {
        let (size, now) = (super::quorum::weight_of(cx, &command), cx.now());
        let config = &self.cluster.config;
        let Some(master) = self.masters.get_mut(&queue) else {
            return;
        };
        let mut effects = Vec::new();
        if master.content.lacks_time(now) {
            let weight = (0, SimSpan::ZERO);
            master
                .content
                .apply(config, Command::Time { now }, weight, &mut effects);
        }
        master.content.apply(config, command, size, &mut effects);
        self.perform_classic(cx, queue, effects);
        self.look_at_time(cx, queue);
    }

    /// Consumers of members that are not there, or not in that life, are gone.
    pub(super) fn look_after_classic_guests<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let Some(master) = self.masters.get_mut(&queue) else {
            return;
        };
        let mut gone = Vec::new();
        for (member, life, _) in master.content.guests() {
            let is_gone = member != self.own && {
                let peer = &self.peers[usize::from(member.0)];
                !peer.is_up() || peer.life > life
            };
            if is_gone {
                gone.push(Command::Gone { member, life });
            }
        }
        for command in gone {
            self.do_classic(cx, queue, command);
        }
    }

    fn perform_classic<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, effects: Vec<Effect>) {
        let is_durable = self.cluster.config.queues[usize::from(queue.0)].durable;
        let mut written = 0;
        for effect in effects {
            match effect {
                Effect::Stored {
                    position,
                    message,
                    from,
                    way,
                } => {
                    let size = cx.size(message.id);
                    let write = (is_durable && message.is_persistent()).then(|| cx.write(size));
                    written = write.map_or(0, |write| write + 1);
                    let Some(master) = self.masters.get_mut(&queue) else {
                        return;
                    };
                    master.next = position + 1;
                    let mirrors: Vec<MemberId> = master.mirrors.iter().map(|mirror| mirror.member).collect();
                    for to in mirrors {
                        self.tell_way(cx, to, queue, way.as_deref());
                    }
                    if let Some(master) = self.masters.get_mut(&queue) {
                        master.stored.insert(position, Kept { message, write, way });
                    }
                    self.tell_mirrors(cx, queue, copy(queue, position, from, message));
                }
                Effect::Forgotten { position } => {
                    if let Some(master) = self.masters.get_mut(&queue) {
                        master.stored.remove(&position);
                    }
                    let position = position as u32;
                    self.tell_mirrors(cx, queue, PeerFrame::Forget { queue, position });
                }
                Effect::Tell(member, answer @ PeerFrame::Taken { .. }) => self.owe(queue, member, answer, written),
                Effect::Tell(..) | Effect::Fact(..) | Effect::Dead(..) | Effect::Existence => {
                    self.perform(cx, queue, [effect]);
                }
            }
        }
        self.look_who_is_synchronised(cx, queue);
        self.settle_owed(cx, queue);
    }

    fn owe(&mut self, queue: QueueId, to: MemberId, answer: PeerFrame, written: u64) {
        if let Some(master) = self.masters.get_mut(&queue) {
            let copied = master
                .mirrors
                .iter()
                .map(|mirror| (mirror.member, mirror.sent))
                .collect();
            master.owed.push_back(Owed {
                to,
                answer,
                written,
                copied,
            });
        }
    }

    /// Gives the answers whose messages are written, here and at all mirrors
    /// that are there.
    pub(super) fn settle_owed<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let written = cx.disk().written;
        loop {
            let Some(master) = self.masters.get_mut(&queue) else {
                return self.settle_copied(cx, queue);
            };
            let mirrors = &master.mirrors;
            let has = |(member, count): &(MemberId, u32)| {
                let mut mirrors = mirrors.iter().filter(|mirror| mirror.member == *member);
                mirrors.all(|mirror| mirror.has >= *count)
            };
            let is_due = |owed: &Owed| owed.written <= written && owed.copied.iter().all(has);
            if !master.owed.front().is_some_and(is_due) {
                return;
            }
            if let Some(Owed { to, answer, .. }) = master.owed.pop_front() {
                self.tell(cx, to, answer);
            }
        }
    }

    /// The member dies: what a classic queue here keeps is what the disk has.
    pub(super) fn lose_classic<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, crash: Crash, kept: u64) {
        let is_only_here = self.is_kept_once(queue) && self.masters.contains_key(&queue);
        if !is_only_here {
            self.forget_copy(queue);
        }
        let place = self.cluster.config.queues[usize::from(queue.0)].place;
        let is_exclusive = self.cluster.config.queues[usize::from(queue.0)].exclusive;
        let Some(master) = self.masters.get_mut(&queue) else {
            return;
        };
        let survives = |write: &Option<u64>| !is_exclusive && write.is_some_and(|write| write < kept);
        // Others may have what a mirrored queue loses here.
        let has_ledger = self.standings.contains_key(&queue);
        for Kept { message, write, .. } in master.stored.values() {
            if is_only_here && !survives(write) {
                cx.emit(place, FactKind::Destroyed, message.id, 0);
                if let Some(ledger) = cx.ledger(place).filter(|_| has_ledger) {
                    ledger.remove(message.id);
                }
            }
        }
        master.stored.retain(|_, kept| survives(&kept.write));
        if crash == Crash::Power {
            // What the disk has by now it has for good; it counts on from there.
            master.stored.values_mut().for_each(|kept| kept.write = Some(0));
        }
        let stored = &master.stored;
        master.content.outlive(|position| stored.contains_key(&position));
        master.owed.clear();
        master.mirrors.clear();
        if is_exclusive {
            self.set_existence(queue, false);
        }
        self.give_up_mastery(queue);
    }
}

/// A message for a mirror.
pub(super) fn copy(queue: QueueId, position: u64, from: (MemberId, u16, u32), message: Message) -> PeerFrame {
    let (member, life, number) = from;
    PeerFrame::Copy {
        queue,
        position: position as u32,
        member,
        life,
        number,
        message,
    }
}
