//! A replica of a quorum queue: a log that the replicas agree on, and what it
//! has made of the queue.

use super::content::{Content, Effect};
use super::wire::{Wire, frames};
use super::{Command, Member, MemberId};
use crate::parts::raft::{Entry, Note, Raft, Step};
use crate::rabbitmq::{Config, QueueArguments, QueueId};
use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{Context, Crash};

/// Bytes that an entry has beside its message.
const ENTRY_BYTES: u64 = 32;

#[derive(Clone, Debug)]
pub(super) struct Replica {
    pub(super) raft: Raft<Command>,
    pub(super) content: Content,
    /// It has said that it leads, in this term.
    announced: u32,
    /// It looks for another leader after so many beats.
    patience: Option<u8>,
    /// It leads first: the queue was declared here.
    is_first: bool,
    /// As a leader it has proposed that it is so late.
    pub(super) told: SimTime,
    /// What its arguments will be when all is done that it has proposed as a leader.
    pub(super) asked: Option<Box<QueueArguments>>,
}

/// What a replica shows of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReplicaView {
    /// Its term.
    pub term: u32,
    /// Who leads, as far as it knows.
    pub leader: Option<MemberId>,
    /// Whether it leads and knows all that was agreed on before.
    pub is_in_charge: bool,
    /// How many entries its log has.
    pub last: u32,
    /// How many of them are agreed on, as far as it knows.
    pub committed: u32,
    /// It has lost its disk, and its vote with it.
    pub is_blank: bool,
}

impl Replica {
    pub(super) fn new(own: MemberId, replicas: &[MemberId], config: &Config, queue: QueueId) -> Self {
        let voters: Vec<u8> = replicas.iter().map(|member| member.0).collect();
        Replica {
            raft: Raft::new(own.0, &voters),
            content: Content::new(config, queue),
            announced: 0,
            patience: None,
            is_first: replicas.first() == Some(&own),
            told: SimTime::ZERO,
            asked: None,
        }
    }

    /// If it leads, it adds a command to the log, behind the time if that makes a
    /// difference.
    pub(super) fn propose(&mut self, command: Command, now: SimTime) {
        if self.raft.is_leader() && self.told < now && self.content.lacks_time(now) {
            self.told = now;
            self.raft.propose(Command::Time { now });
        }
        if !matches!(command, Command::Time { .. }) {
            self.raft.propose(command);
        }
    }

    pub(super) fn view(&self) -> ReplicaView {
        ReplicaView {
            term: self.raft.term(),
            leader: self.raft.leader().map(MemberId),
            is_in_charge: self.raft.is_in_charge(),
            last: self.raft.last(),
            committed: self.raft.committed(),
            is_blank: self.raft.is_blank(),
        }
    }

    pub(super) fn crash(&mut self, config: &Config, queue: QueueId, crash: Crash, kept: u64) {
        match crash {
            Crash::Disk => self.raft.lose(),
            Crash::Killed | Crash::Power => self.raft.crash(kept),
        }
        self.content = Content::new(config, queue);
        (self.announced, self.patience) = (0, None);
    }
}

impl Member {
    /// A replica goes on as far as it can: it gives the disk what is to be
    /// written, says what is safe, and does what is agreed on.
    pub(super) fn advance<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let place = self.cluster.config.queues[usize::from(queue.0)].place;
        let mut effects = Vec::new();
        let mut has_done = false;
        loop {
            let Some(replica) = self.replicas.get_mut(&queue) else {
                return;
            };
            replica.raft.write(|step| {
                let bytes = bytes_of(cx, &step);
                cx.write(bytes)
            });
            replica.raft.on_synced(cx.disk().synced);
            let mut goes_on = false;
            let mut notes = Vec::new();
            while let Some((to, note)) = replica.raft.next_note() {
                frames(queue, note, |frame| notes.push((MemberId(to), frame)));
            }
            while let Some(entry) = replica.raft.next_committed() {
                (goes_on, has_done) = (true, true);
                let mut done = Vec::new();
                if let Some(command) = entry.command {
                    let size = weight_of(cx, &command);
                    replica.content.apply(&self.cluster.config, command, size, &mut done);
                }
                // What is agreed on is true as soon as somebody knows it, whoever
                // that is; what comes of it others hear from the leader.
                let number = u64::from(replica.raft.applied());
                let is_told = cx.ledger(place).is_some_and(|ledger| !ledger.is_first(number));
                let leads = replica.raft.is_in_charge();
                effects.extend(done.into_iter().filter_map(|effect| effect.at_replica(is_told, leads)));
            }
            let takes_charge = replica.raft.is_in_charge() && replica.announced < replica.raft.term();
            if takes_charge {
                replica.announced = replica.raft.term();
                (replica.told, replica.asked) = (SimTime::ZERO, None);
            }
            for (to, frame) in notes {
                self.tell(cx, to, frame);
            }
            if takes_charge {
                self.announce(cx, queue, None);
                self.look_after_guests(cx, queue);
                self.follow_policies(cx);
            } else if !goes_on {
                break;
            }
        }
        self.perform(cx, queue, effects);
        if has_done {
            self.look_at_time(cx, queue);
        }
    }

    /// What the leader's content has brought about.
    pub(super) fn perform<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        queue: QueueId,
        effects: impl IntoIterator<Item = Effect>,
    ) {
        let place = self.cluster.config.queues[usize::from(queue.0)].place;
        for effect in effects {
            match effect {
                Effect::Tell(member, news) => self.tell(cx, member, news),
                Effect::Fact(kind, message, value) => {
                    self.note(cx, queue, kind, message);
                    cx.emit(place, kind, message.id, value);
                }
                Effect::Dead(dead, burial) => self.bury(cx, &dead, burial),
                Effect::Existence => self.on_existence(cx, queue),
                Effect::Stored { .. } | Effect::Forgotten { .. } => {}
            }
        }
    }

    pub(super) fn on_note<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        from: MemberId,
        queue: QueueId,
        note: Note<Command>,
    ) {
        self.look_at_leader(queue);
        if let Some(replica) = self.replicas.get_mut(&queue) {
            replica.raft.on_note(from.0, note);
            self.advance(cx, queue);
        }
    }

    fn look_at_leader(&mut self, queue: QueueId) {
        let Some(replica) = self.replicas.get_mut(&queue) else {
            return;
        };
        if let Some(leader) = replica.raft.leader() {
            let trusts = self.own.0 == leader || self.peers[usize::from(leader)].is_trusted();
            replica.raft.trust(trusts);
        }
    }

    /// With each beat: who misses a leader looks for one, after a while that is
    /// not the same for all; who leads says again what may not have arrived.
    pub(super) fn tick_replica<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        self.look_at_leader(queue);
        let Some(replica) = self.replicas.get_mut(&queue) else {
            return;
        };
        if replica.raft.misses_leader() {
            let patience = replica.patience.get_or_insert_with(|| {
                let waits = 1 + (cx.random() % 6) as u8;
                match (replica.raft.term(), replica.is_first) {
                    (0, true) => 1,
                    (0, false) => waits + 3,
                    _ => waits,
                }
            });
            *patience -= 1;
            if *patience == 0 {
                replica.patience = None;
                replica.raft.campaign();
            }
        } else {
            replica.patience = None;
            for to in 0..self.cluster.members {
                if self.peers[usize::from(to)].is_up() {
                    replica.raft.remind(to);
                }
            }
        }
        self.look_after_guests(cx, queue);
        self.advance(cx, queue);
    }

    /// Consumers of members that are not there get nothing; those of members
    /// that live anew are gone. The leader has that agreed on.
    pub(super) fn look_after_guests<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId) {
        let Some(replica) = self.replicas.get_mut(&queue) else {
            return;
        };
        // One thing after the other, or it would say so again and again.
        if !replica.raft.is_in_charge() || replica.raft.committed() < replica.raft.last() {
            return;
        }
        for (member, life, is_away) in replica.content.guests() {
            let (known, is_up) = if member == self.own {
                (self.life, true)
            } else {
                let peer = &self.peers[usize::from(member.0)];
                (peer.life, peer.is_up())
            };
            let command = if known > life {
                Command::Gone { member, life }
            } else if is_up && is_away {
                Command::Back { member }
            } else if !is_up && !is_away {
                Command::Away { member }
            } else {
                continue;
            };
            replica.propose(command, cx.now());
        }
    }
}

fn size_of<C: Context<Wire>>(cx: &C, command: &Command) -> u64 {
    match command {
        Command::Enqueue { message, .. } => cx.size(message.id),
        _ => 0,
    }
}

/// The size of a command's message, and how long that wants to be delayed.
pub(super) fn weight_of<C: Context<Wire>>(cx: &C, command: &Command) -> (u64, SimSpan) {
    match command {
        Command::Enqueue { message, .. } => (cx.size(message.id), cx.delay(message.id)),
        _ => (0, SimSpan::ZERO),
    }
}

fn bytes_of<C: Context<Wire>>(cx: &C, step: &Step<Command>) -> u64 {
    let of_entry = |entry: &Entry<Command>| entry.command.as_ref().map_or(0, |command| size_of(cx, command));
    match step {
        Step::Append(entry) => ENTRY_BYTES + of_entry(entry),
        Step::Cut(_) | Step::Vote { .. } => ENTRY_BYTES,
    }
}
