//! What travels in a cluster: the methods of clients, and what members say to
//! each other.
//!
//! A frame has a fixed size. The entries of a Raft log that a leader sends are
//! frames of their own, behind the one that says how many there are.

use super::{Fate, MemberId};
use crate::parts::raft::{Entry, Note};
use crate::rabbitmq::{ExchangeId, Frame, KeyId, QueueId, QueueRule};
use alloc::vec::Vec;
use mqlab_kernel::SimTime;
use mqlab_model::Message;

/// What travels on a connection of a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wire {
    /// Between a client and the member that it is connected to.
    Client(Frame),
    /// Between members.
    Peer(PeerFrame),
}

impl From<Frame> for Wire {
    fn from(frame: Frame) -> Wire {
        Wire::Client(frame)
    }
}

/// What a member wants a queue to do, on behalf of a client. Those of a member
/// are numbered for each queue, so that none is done twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// A message joins the queue.
    Enqueue {
        /// The member that the publisher is connected to.
        member: MemberId,
        /// In which of its lives.
        life: u16,
        /// The number.
        number: u32,
        /// The message.
        message: Message,
    },
    /// A consumer is there.
    Attach {
        /// The member that it is connected to.
        member: MemberId,
        /// In which of its lives.
        life: u16,
        /// The number.
        number: u32,
        /// The consumer's number at its member.
        consumer: u16,
        /// Most deliveries without acknowledgement; 0 is no limit.
        prefetch: u32,
        /// A message is forgotten when it is handed out.
        automatic: bool,
        /// Nobody else may consume meanwhile.
        exclusive: bool,
        /// `x-priority`.
        priority: i16,
        /// The number of its connection there.
        connection: u16,
    },
    /// The queue is declared: it is there if it was not.
    Declare {
        /// The member that the client is connected to.
        member: MemberId,
        /// In which of its lives.
        life: u16,
        /// The number.
        number: u32,
        /// The number of the client's connection there.
        connection: u16,
    },
    /// A connection is closed, to which the queue may belong.
    Leave {
        /// The member.
        member: MemberId,
        /// In which of its lives.
        life: u16,
        /// The number.
        number: u32,
        /// The number of the connection there.
        connection: u16,
    },
    /// Somebody wants one message, if there is one (`basic.get`).
    Get {
        /// The member that it is connected to.
        member: MemberId,
        /// In which of its lives.
        life: u16,
        /// The number.
        number: u32,
        /// A number of its own at its member, as if it were a consumer.
        consumer: u16,
        /// The message is forgotten when it is handed out.
        automatic: bool,
        /// The number of its connection there.
        connection: u16,
    },
    /// By which way the messages come that follow.
    Route {
        /// The member.
        member: MemberId,
        /// In which of its lives.
        life: u16,
        /// The number.
        number: u32,
        /// The exchange that they were published to.
        exchange: ExchangeId,
        /// The routing key.
        key: KeyId,
    },
    /// By which channel the messages come that follow; or one of those is closed.
    Channel {
        /// The member.
        member: MemberId,
        /// In which of its lives.
        life: u16,
        /// The number.
        number: u32,
        /// What tells the channel from all others there.
        opening: u32,
        /// Nothing more comes by it.
        is_closed: bool,
    },
    /// The message that comes next is a dead letter.
    Died {
        /// The member.
        member: MemberId,
        /// In which of its lives.
        life: u16,
        /// The number.
        number: u32,
        /// What is to be known of it.
        fate: Fate,
    },
    /// An operator deletes what waits.
    Purge {
        /// The member that was told.
        member: MemberId,
        /// In which of its lives.
        life: u16,
        /// The number.
        number: u32,
    },
    /// What time it is, as far as the queue is concerned.
    Time {
        /// So late.
        now: SimTime,
    },
    /// An operator's policy has changed what the queue does.
    Rule {
        /// What.
        rule: QueueRule,
    },
    /// A consumer is gone, and what it has comes back; or it has cancelled, and keeps
    /// that until it settles it.
    Detach {
        /// The member.
        member: MemberId,
        /// In which of its lives.
        life: u16,
        /// The number.
        number: u32,
        /// The consumer.
        consumer: u16,
        /// It has cancelled.
        keeps: bool,
    },
    /// A delivery is over.
    Settle {
        /// The member.
        member: MemberId,
        /// In which of its lives.
        life: u16,
        /// The number.
        number: u32,
        /// The consumer.
        consumer: u16,
        /// Which delivery, as the queue counts those to the consumer.
        delivery: u32,
        /// How.
        how: Settlement,
    },
    /// A member's life is over, and with it its consumers.
    Gone {
        /// The member.
        member: MemberId,
        /// The life, and those before.
        life: u16,
    },
    /// A member cannot be reached: its consumers get nothing, and what they
    /// have comes back.
    Away {
        /// The member.
        member: MemberId,
    },
    /// It can be reached again.
    Back {
        /// The member.
        member: MemberId,
    },
}

impl Command {
    /// Whose it is, in which life, and its number.
    pub(super) fn origin(&self) -> Option<(MemberId, u16, u32)> {
        match *self {
            Command::Enqueue {
                member, life, number, ..
            }
            | Command::Attach {
                member, life, number, ..
            }
            | Command::Declare {
                member, life, number, ..
            }
            | Command::Leave {
                member, life, number, ..
            }
            | Command::Detach {
                member, life, number, ..
            }
            | Command::Get {
                member, life, number, ..
            }
            | Command::Route {
                member, life, number, ..
            }
            | Command::Channel {
                member, life, number, ..
            }
            | Command::Died {
                member, life, number, ..
            }
            | Command::Purge { member, life, number }
            | Command::Settle {
                member, life, number, ..
            } => Some((member, life, number)),
            Command::Gone { .. }
            | Command::Away { .. }
            | Command::Back { .. }
            | Command::Time { .. }
            | Command::Rule { .. } => None,
        }
    }
}

/// How a delivery ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settlement {
    /// Acknowledged.
    Done,
    /// The consumer puts it back.
    Returned,
    /// The consumer does not want it.
    Dropped,
}

/// What members say to each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PeerFrame {
    /// A member is there.
    Beat {
        /// In which of its lives.
        life: u16,
        /// How many clients it has.
        clients: u16,
        /// Whom it reaches, a bit for each member; in a partition that is not
        /// over, whom it reached in it.
        side: u8,
        /// It has stopped itself, because it reaches too few.
        is_paused: bool,
        /// Its disk is close to full.
        is_alarmed: bool,
        /// How often it has given up the connection to whom it tells this, because it
        /// heard nothing: modulo 256.
        given_up: u8,
    },
    /// To the member that a queue is at.
    Request {
        /// The queue.
        queue: QueueId,
        /// What it is to do.
        command: Command,
    },
    /// All commands of a life up to this number are done for good.
    Taken {
        /// The queue.
        queue: QueueId,
        /// The life of the member that asked.
        life: u16,
        /// The number.
        number: u32,
        /// But this one was refused.
        is_refused: bool,
    },
    /// A delivery, to the member that the consumer is connected to.
    Handed {
        /// The queue.
        queue: QueueId,
        /// The member's life in which the consumer came.
        life: u16,
        /// The consumer's number there.
        consumer: u16,
        /// The number of the delivery; each consumer's are counted from 1.
        delivery: u32,
        /// How many messages wait behind it.
        remaining: u32,
        /// Whether the message was handed out before.
        redelivered: bool,
        /// The message.
        message: Message,
    },
    /// A member wants all deliveries to one of its consumers again that it has
    /// not got: whoever leads the queue has changed.
    Resume {
        /// The queue.
        queue: QueueId,
        /// The member's life in which the consumer came.
        life: u16,
        /// The consumer's number.
        consumer: u16,
        /// The first delivery that is missing.
        next: u32,
    },
    /// What follows are those, and then new ones.
    Resumed {
        /// The queue.
        queue: QueueId,
        /// The member's life in which the consumer came.
        life: u16,
        /// The consumer's number.
        consumer: u16,
    },
    /// The queue is here now.
    Here {
        /// The queue.
        queue: QueueId,
        /// One more each time that it moves; terms of a quorum queue.
        generation: u32,
        /// Whether it is there: it may have been deleted.
        is_there: bool,
    },
    /// [`Note::Ask`] about a queue.
    Ask {
        /// The queue.
        queue: QueueId,
        /// The term.
        term: u32,
        /// The last entry.
        last: u32,
        /// Its term.
        last_term: u32,
        /// Only whether.
        is_trial: bool,
    },
    /// [`Note::Vote`] about a queue.
    Vote {
        /// The queue.
        queue: QueueId,
        /// The term.
        term: u32,
        /// Yes.
        is_granted: bool,
        /// Only whether.
        is_trial: bool,
    },
    /// [`Note::Append`], the head of it.
    Append {
        /// The queue.
        queue: QueueId,
        /// The term.
        term: u32,
        /// The entry before.
        previous: u32,
        /// Its term.
        previous_term: u32,
        /// What is agreed on.
        committed: u32,
        /// How many [`PeerFrame::Entry`] follow.
        entries: u16,
    },
    /// One entry.
    Entry {
        /// Its term.
        term: u32,
        /// What is to be done.
        command: Option<Command>,
    },
    /// [`Note::Appended`].
    Appended {
        /// The queue.
        queue: QueueId,
        /// The term.
        term: u32,
        /// Up to where.
        matched: u32,
        /// Whether it fits.
        is_accepted: bool,
        /// Whether it counts not.
        is_blank: bool,
    },
    /// A mirror is there, and wants to have what the master has.
    Join {
        /// The queue.
        queue: QueueId,
        /// It was a mirror of the master before.
        survives: bool,
    },
    /// A message for a mirror.
    Copy {
        /// The queue.
        queue: QueueId,
        /// Its place in the queue.
        position: u32,
        /// Who published it, if that was now: the member,
        member: MemberId,
        /// the life,
        life: u16,
        /// and the number; 0 if it is an old one.
        number: u32,
        /// The message.
        message: Message,
    },
    /// By which way the message comes that is the next [`PeerFrame::Copy`].
    Way {
        /// The queue.
        queue: QueueId,
        /// The exchange that it was published to.
        exchange: ExchangeId,
        /// The routing key.
        key: KeyId,
    },
    /// What it died of before, behind [`PeerFrame::Way`].
    Fate {
        /// The queue.
        queue: QueueId,
        /// What is to be known of it.
        fate: Fate,
    },
    /// A mirror forgets a message.
    Forget {
        /// The queue.
        queue: QueueId,
        /// Its place in the queue.
        position: u32,
    },
    /// A mirror has so many of what it was told since it joined.
    Copied {
        /// The queue.
        queue: QueueId,
        /// How many.
        count: u32,
    },
    /// Who has a mirrored queue.
    Standing {
        /// The queue.
        queue: QueueId,
        /// One more with each master.
        generation: u32,
        /// The master.
        master: MemberId,
        /// The members among which it is, whether they are there or not, a bit for each.
        group: u8,
        /// How many mirrors there are.
        mirrors: u8,
        /// They, the oldest first, four bits each.
        order: u32,
        /// Those that have everything, a bit for each member.
        synchronised: u8,
    },
    /// Who had a mirrored queue last, as far as a member knows that has come up and waits, or
    /// another one that knows better.
    LastMaster {
        /// The queue.
        queue: QueueId,
        /// One more with each master.
        generation: u32,
        /// The master.
        master: MemberId,
    },
}

impl PeerFrame {
    /// The message on board, if losing the frame loses it, and the queue that has
    /// handed it out, if it has: those of logs and copies are elsewhere too.
    pub fn cargo(&self) -> Option<(Message, Option<QueueId>)> {
        match *self {
            PeerFrame::Handed { message, queue, .. } => Some((message, Some(queue))),
            PeerFrame::Request {
                command: Command::Enqueue { message, .. },
                ..
            } => Some((message, None)),
            _ => None,
        }
    }

    /// The message whose content is on board: what a copy costs.
    pub fn content(&self) -> Option<Message> {
        match *self {
            PeerFrame::Handed { message, .. }
            | PeerFrame::Copy { message, .. }
            | PeerFrame::Request {
                command: Command::Enqueue { message, .. },
                ..
            }
            | PeerFrame::Entry {
                command: Some(Command::Enqueue { message, .. }),
                ..
            } => Some(message),
            _ => None,
        }
    }

    /// How many frames follow that belong to it.
    pub fn more(&self) -> u32 {
        match *self {
            PeerFrame::Append { entries, .. } => u32::from(entries),
            _ => 0,
        }
    }
}

/// A note as frames.
pub(super) fn frames(queue: QueueId, note: Note<Command>, mut each: impl FnMut(PeerFrame)) {
    match note {
        Note::Ask {
            term,
            last,
            last_term,
            is_trial,
        } => each(PeerFrame::Ask {
            queue,
            term,
            last,
            last_term,
            is_trial,
        }),
        Note::Vote {
            term,
            is_granted,
            is_trial,
        } => each(PeerFrame::Vote {
            queue,
            term,
            is_granted,
            is_trial,
        }),
        Note::Append {
            term,
            previous,
            previous_term,
            committed,
            entries,
        } => {
            each(PeerFrame::Append {
                queue,
                term,
                previous,
                previous_term,
                committed,
                entries: entries.len() as u16,
            });
            for Entry { term, command } in entries {
                each(PeerFrame::Entry { term, command });
            }
        }
        Note::Appended {
            term,
            matched,
            is_accepted,
            is_blank,
        } => each(PeerFrame::Appended {
            queue,
            term,
            matched,
            is_accepted,
            is_blank,
        }),
    }
}

/// Puts the frames of a connection together again.
#[derive(Clone, Debug, Default)]
pub(super) struct Inbox {
    /// An append whose entries are not all there, and how many that are to be.
    open: Option<(QueueId, Note<Command>, usize)>,
}

impl Inbox {
    /// The note that is complete with this frame. Half of one whose rest is lost
    /// is dropped: its sender will say it again.
    pub(super) fn take(&mut self, frame: PeerFrame) -> Option<(QueueId, Note<Command>)> {
        if let PeerFrame::Entry { term, command } = frame {
            let (_, Note::Append { entries, .. }, count) = self.open.as_mut()? else {
                return None;
            };
            entries.push(Entry { term, command });
            if entries.len() < *count {
                return None;
            }
            return self.open.take().map(|(queue, note, _)| (queue, note));
        }
        self.open = None;
        let (queue, note) = match frame {
            PeerFrame::Ask {
                queue,
                term,
                last,
                last_term,
                is_trial,
            } => {
                let note = Note::Ask {
                    term,
                    last,
                    last_term,
                    is_trial,
                };
                (queue, note)
            }
            PeerFrame::Vote {
                queue,
                term,
                is_granted,
                is_trial,
            } => {
                let note = Note::Vote {
                    term,
                    is_granted,
                    is_trial,
                };
                (queue, note)
            }
            PeerFrame::Append {
                queue,
                term,
                previous,
                previous_term,
                committed,
                entries: count,
            } => {
                let note = Note::Append {
                    term,
                    previous,
                    previous_term,
                    committed,
                    entries: Vec::new(),
                };
                if count > 0 {
                    self.open = Some((queue, note, usize::from(count)));
                    return None;
                }
                (queue, note)
            }
            PeerFrame::Appended {
                queue,
                term,
                matched,
                is_accepted,
                is_blank,
            } => {
                let note = Note::Appended {
                    term,
                    matched,
                    is_accepted,
                    is_blank,
                };
                (queue, note)
            }
            _ => return None,
        };
        Some((queue, note))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_half_a_cache_line() {
        assert!(size_of::<PeerFrame>() <= 32, "{}", size_of::<PeerFrame>());
    }

    #[test]
    fn an_append_arrives_with_its_entries_or_not_at_all() {
        let entry = Entry {
            term: 2,
            command: Some(Command::Away { member: MemberId(1) }),
        };
        let note = Note::Append {
            term: 3,
            previous: 7,
            previous_term: 2,
            committed: 5,
            entries: alloc::vec![entry; 3],
        };
        let mut sent = Vec::new();
        frames(QueueId(4), note.clone(), |frame| sent.push(frame));
        assert_eq!(sent.len(), 4);
        let mut inbox = Inbox::default();
        let mut arrived = sent.iter().filter_map(|frame| inbox.take(*frame));
        assert_eq!(arrived.next(), Some((QueueId(4), note)));
        assert_eq!(arrived.next(), None);
        // The last entry of one is lost, and the head of the next one.
        let rest = sent[..3].iter().chain(&sent[1..]);
        let mut inbox = Inbox::default();
        let whole = rest.filter_map(|frame| inbox.take(*frame)).count();
        assert_eq!(whole, 1);
    }
}
