//! Actions as four words, which is how the agenda holds them (see
//! [`Frame::to_words`] for why).

use super::Action;
use crate::statement::{Ending, STATEMENT_BITS, Statement};
use crate::wire::Wire;
use mqlab_brokers::rabbitmq::Frame;
use mqlab_kernel::SimSpan;
use mqlab_model::{LocalTime, Message, PlaceId};

/// An action in the agenda.
#[derive(Clone, Copy, Default)]
pub(crate) struct Packed([u64; 4]);

/// Bits 4 to 7 of the first word; frames of AMQP leave them 0.
const REQUEST: u64 = 1 << 4;
const REPLY: u64 = 2 << 4;
const QUERY: u64 = 3 << 4;
const ANSWER: u64 = 4 << 4;
const STATEMENT: u64 = 5 << 4;
const END: u64 = 6 << 4;
const FOUND: u64 = 7 << 4;
const ROW: u64 = 8 << 4;
const STAMP: u64 = 9 << 4;
/// Of a cluster, see [`super::parcel`].
const PARCEL: u64 = 10 << 4;
const ALONG: u64 = 11 << 4;
// From here on no packets.
const CLOSED: u64 = 12 << 4;
const OPENED: u64 = 13 << 4;
const TIMER: u64 = 14 << 4;
const COMMAND: u64 = 15 << 4;

const FLAG: u32 = 8;
const NUMBER: u32 = 32;

impl Packed {
    /// Whether it is a packet, as opposed to news or a timer.
    #[inline(always)]
    pub(crate) fn is_packet(self) -> bool {
        self.0[0] & 0xf0 < CLOSED
    }

    /// Whether it is a call of a service.
    pub(super) fn is_request(self) -> bool {
        self.0[0] & 0xf0 == REQUEST
    }

    /// The packet that it is, if it is one.
    pub(super) fn as_wire(self) -> Option<Wire> {
        match self.into() {
            Action::Packet(wire) => Some(wire),
            _ => None,
        }
    }

    /// The number of the parcel that it is, if it is one.
    #[inline(always)]
    pub(crate) fn parcel(self) -> Option<u32> {
        let [head, number, ..] = self.0;
        (head & 0xf0 == PARCEL).then_some(number as u32)
    }

    /// The four words. For a frame of AMQP they are the frame's own.
    #[inline(always)]
    pub(crate) fn words(self) -> [u64; 4] {
        self.0
    }

    /// What [`Packed::words`] was asked of.
    pub(super) fn from_words(words: [u64; 4]) -> Self {
        Packed(words)
    }

    /// Token and life of a timer.
    #[inline(always)]
    pub(crate) fn timer(self) -> (u64, u32) {
        (self.0[1], (self.0[0] >> NUMBER) as u32)
    }

    /// Token, message and writer of a row for a table, with whether it is the
    /// effect, if it is one.
    #[inline(always)]
    pub(crate) fn query(self) -> Option<(u64, Message, PlaceId, bool)> {
        let [head, token, id, stamp] = self.0;
        let writer = PlaceId((head >> NUMBER) as u16);
        let is_effect = head >> FLAG & 1 != 0;
        (head & 0xf0 == QUERY).then(|| (token, Message::from_words([id, stamp]), writer, is_effect))
    }

    /// Token of a table's answer and whether the row was written, if it is one.
    #[inline(always)]
    pub(crate) fn answer(self) -> Option<(u64, bool)> {
        let [head, token, ..] = self.0;
        (head & 0xf0 == ANSWER).then_some((token, head >> FLAG & 1 != 0))
    }

    /// A packet of any protocol.
    ///
    /// # Panics
    /// If it is not a packet.
    #[inline(always)]
    pub(crate) fn wire(self) -> Wire {
        match self.into() {
            Action::Packet(wire) => wire,
            _ => unreachable!("only packets are handed to nodes"),
        }
    }
}

impl From<Action> for Packed {
    #[inline(always)]
    fn from(action: Action) -> Packed {
        Packed(match action {
            Action::Packet(Wire::Amqp(frame)) => frame.to_words(),
            Action::Packet(Wire::Request { token, message }) => {
                let [id, stamp] = message.to_words();
                [REQUEST, token, id, stamp]
            }
            Action::Packet(Wire::Reply { token, message, done }) => {
                let [id, stamp] = message.to_words();
                [REPLY | u64::from(done) << FLAG, token, id, stamp]
            }
            Action::Packet(Wire::Query {
                token,
                message,
                writer,
                effect,
            }) => {
                let [id, stamp] = message.to_words();
                [
                    QUERY | u64::from(effect) << FLAG | u64::from(writer.0) << NUMBER,
                    token,
                    id,
                    stamp,
                ]
            }
            Action::Packet(Wire::Statement {
                token,
                message,
                writer,
                effect,
                statement,
            }) => {
                let [id, stamp] = message.to_words();
                let what = u64::from(effect) << FLAG | u64::from(statement.pack()) << (FLAG + 1);
                [STATEMENT | what | u64::from(writer.0) << NUMBER, token, id, stamp]
            }
            Action::Packet(Wire::End { token, client, ending }) => [
                END | (ending as u64) << FLAG | u64::from(client.0) << NUMBER,
                token,
                0,
                0,
            ],
            Action::Packet(Wire::Found { token, is_so }) => [FOUND | u64::from(is_so) << FLAG, token, 0, 0],
            Action::Packet(Wire::Row { message }) => {
                let [id, stamp] = message.to_words();
                [ROW, 0, id, stamp]
            }
            Action::Packet(Wire::Along { token, message }) => {
                let [id, stamp] = message.to_words();
                [ALONG, token, id, stamp]
            }
            Action::Packet(Wire::Stamp { token, shown, lease }) => [
                STAMP | u64::from(shown.is_some()) << FLAG,
                token,
                shown.map_or(0, |shown| shown.nanos().cast_unsigned()),
                lease.nanos(),
            ],
            Action::Packet(Wire::Answer { token, done }) => [ANSWER | u64::from(done) << FLAG, token, 0, 0],
            Action::Packet(Wire::Kafka(_)) => unreachable!("frames of Kafka travel in parcels"),
            Action::Packet(Wire::Peer(_)) => unreachable!("so do those between nodes of RabbitMQ"),
            Action::Parcel(number) => [PARCEL, u64::from(number), 0, 0],
            Action::Closed => [CLOSED, 0, 0, 0],
            Action::Opened => [OPENED, 0, 0, 0],
            Action::Timer { token, life } => [TIMER | u64::from(life) << NUMBER, token, 0, 0],
            Action::Command(index) => [COMMAND, u64::from(index), 0, 0],
        })
    }
}

impl From<Packed> for Action {
    #[inline(always)]
    fn from(packed: Packed) -> Action {
        let [head, token, id, stamp] = packed.0;
        let message = Message::from_words([id, stamp]);
        let flag = head >> FLAG & 1 != 0;
        let number = (head >> NUMBER) as u32;
        match head & 0xf0 {
            CLOSED => Action::Closed,
            OPENED => Action::Opened,
            TIMER => Action::Timer { token, life: number },
            COMMAND => Action::Command(token as u32),
            PARCEL => Action::Parcel(token as u32),
            REQUEST => Action::Packet(Wire::Request { token, message }),
            REPLY => Action::Packet(Wire::Reply {
                token,
                message,
                done: flag,
            }),
            QUERY => Action::Packet(Wire::Query {
                token,
                message,
                writer: PlaceId(number as u16),
                effect: flag,
            }),
            ANSWER => Action::Packet(Wire::Answer { token, done: flag }),
            STATEMENT => Action::Packet(Wire::Statement {
                token,
                message,
                writer: PlaceId(number as u16),
                effect: flag,
                statement: Statement::unpack((head >> (FLAG + 1)) as u32 & ((1 << STATEMENT_BITS) - 1)),
            }),
            END => Action::Packet(Wire::End {
                token,
                client: PlaceId(number as u16),
                ending: Ending::from_number(head >> FLAG),
            }),
            FOUND => Action::Packet(Wire::Found { token, is_so: flag }),
            ROW => Action::Packet(Wire::Row { message }),
            STAMP => Action::Packet(Wire::Stamp {
                token,
                shown: flag.then(|| LocalTime::from_nanos(id.cast_signed())),
                lease: SimSpan::from_nanos(stamp),
            }),
            ALONG => Action::Packet(Wire::Along { token, message }),
            _ => Action::Packet(Wire::Amqp(Frame::from_words(packed.0))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::RowState;
    use crate::statement::Operation;
    use mqlab_brokers::rabbitmq::ChannelId;
    use mqlab_kernel::SimTime;
    use mqlab_model::{MessageId, SourceId};

    #[test]
    fn every_action_survives_packing() {
        let message = Message::new(MessageId::new(SourceId(3), 5), SimTime::from_nanos(7), true);
        let (token, writer) = (u64::MAX, PlaceId(0xfffe));
        let frame = Frame::Ack {
            channel: ChannelId(255),
            tag: 9,
            multiple: false,
        };
        for action in [
            Action::Packet(Wire::Amqp(frame)),
            Action::Packet(Wire::Request { token, message }),
            Action::Packet(Wire::Reply {
                token,
                message,
                done: true,
            }),
            Action::Packet(Wire::Query {
                token,
                message,
                writer,
                effect: true,
            }),
            Action::Packet(Wire::Answer { token, done: true }),
            Action::Packet(Wire::Statement {
                token,
                message,
                writer,
                effect: true,
                statement: Statement {
                    operation: Operation::Scan {
                        state: RowState::Cancelled,
                        times: u16::MAX,
                    },
                    in_transaction: true,
                },
            }),
            Action::Packet(Wire::End {
                token,
                client: writer,
                ending: Ending::Forget,
            }),
            Action::Packet(Wire::Found { token, is_so: true }),
            Action::Packet(Wire::Row { message }),
            Action::Packet(Wire::Along { token, message }),
            Action::Packet(Wire::Stamp {
                token,
                shown: Some(LocalTime::from_nanos(-5)),
                lease: SimSpan::from_secs(5),
            }),
            Action::Packet(Wire::Stamp {
                token,
                shown: None,
                lease: SimSpan::ZERO,
            }),
            Action::Closed,
            Action::Opened,
            Action::Timer { token, life: u32::MAX },
            Action::Command(u32::MAX),
            Action::Parcel(u32::MAX),
        ] {
            let packed = Packed::from(action);
            assert_eq!(Action::from(packed), action);
            let query = packed.query().map(|(token, message, writer, effect)| {
                Action::Packet(Wire::Query {
                    token,
                    message,
                    writer,
                    effect,
                })
            });
            assert_eq!(query.is_some(), matches!(action, Action::Packet(Wire::Query { .. })));
            assert!(query.is_none_or(|query| query == action));
            let answer = packed.answer();
            let answer = answer.map(|(token, done)| Action::Packet(Wire::Answer { token, done }));
            assert_eq!(answer.is_some(), matches!(action, Action::Packet(Wire::Answer { .. })));
            assert!(answer.is_none_or(|answer| answer == action));
        }
    }
}
