//! Frames as four words.
//!
//! A frame is written once and read once, millions of times a second, and a
//! processor stalls when it reads in another width what it has just written.
//! Four whole words travel in registers.

use super::{ChannelId, ConsumerTag, ExchangeId, Frame, KeyId, QueueId};
use mqlab_model::{Message, PlaceId};

/// With the second flag: it is open, and is put into confirm mode.
const OPEN: u64 = 0;
const CONSUME: u64 = 1;
const QOS: u64 = 2;
const PUBLISH: u64 = 3;
const CONFIRM: u64 = 4;
const DELIVER: u64 = 5;
const ACK: u64 = 6;
const NACK: u64 = 7;
const CHANNEL_QOS: u64 = 8;
const GET: u64 = 9;
/// With the flag: there was nothing.
const GET_OK: u64 = 10;
const CANCEL: u64 = 11;
const CLOSE: u64 = 12;
const RETURN: u64 = 13;
const REFUSE: u64 = 14;
const DECLARE: u64 = 15;

/// The head word: method in bits 0 to 3, channel in 8 to 15, consumer in 16
/// to 23, two flags in 24 and 25, two numbers of sixteen bits above them.
#[inline]
const fn head(method: u64, channel: ChannelId, consumer: u8, flags: u64, low: u16, high: u16) -> u64 {
    method | (channel.0 as u64) << 8 | (consumer as u64) << 16 | flags << 24 | (low as u64) << 32 | (high as u64) << 48
}

/// The first word of a frame: the method and the small fields. For whoever
/// expects a method and needs its fields only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head(u64);

impl Head {
    /// The head of [`Frame::to_words`].
    #[inline(always)]
    pub const fn of(words: [u64; 4]) -> Head {
        Head(words[0])
    }

    #[inline(always)]
    const fn is(self, method: u64) -> bool {
        // With the bits that frames leave free: other kinds are no frames.
        self.0 & 0xff == method
    }

    /// Whether it is `basic.publish`.
    #[inline(always)]
    pub const fn is_publish(self) -> bool {
        self.is(PUBLISH)
    }

    /// The mandatory flag of `basic.publish`.
    #[inline(always)]
    pub const fn mandatory(self) -> bool {
        self.flag()
    }

    /// Whether it is a confirm.
    #[inline(always)]
    pub const fn is_confirm(self) -> bool {
        self.is(CONFIRM)
    }

    /// Whether it is `basic.deliver`.
    #[inline(always)]
    pub const fn is_deliver(self) -> bool {
        self.is(DELIVER)
    }

    /// Whether it is the client's `basic.ack` without `multiple`.
    #[inline(always)]
    pub const fn is_single_ack(self) -> bool {
        self.is(ACK) && !self.flag()
    }

    /// The channel.
    #[inline(always)]
    pub const fn channel(self) -> ChannelId {
        ChannelId((self.0 >> 8) as u8)
    }

    /// The exchange of `basic.publish`.
    #[inline(always)]
    pub const fn exchange(self) -> ExchangeId {
        ExchangeId(self.low())
    }

    /// The routing key of `basic.publish`.
    #[inline(always)]
    pub const fn key(self) -> KeyId {
        KeyId(self.high())
    }

    /// The number of queues of a confirm.
    #[inline(always)]
    pub const fn queues(self) -> u16 {
        self.low()
    }

    /// The redelivered flag of `basic.deliver`.
    #[inline(always)]
    pub const fn redelivered(self) -> bool {
        self.flag()
    }

    #[inline(always)]
    const fn flag(self) -> bool {
        self.0 >> 24 & 1 != 0
    }

    #[inline(always)]
    const fn second_flag(self) -> bool {
        self.0 >> 25 & 1 != 0
    }

    #[inline(always)]
    const fn low(self) -> u16 {
        (self.0 >> 32) as u16
    }

    #[inline(always)]
    const fn high(self) -> u16 {
        (self.0 >> 48) as u16
    }
}

impl Frame {
    /// The frame as words. Bits 4 to 7 of the first are left free for whoever
    /// has more kinds of things than frames.
    #[inline(always)]
    pub const fn to_words(self) -> [u64; 4] {
        match self {
            Frame::Open { channel, confirms } => [head(OPEN, channel, 0, confirms as u64, 0, 0), 0, 0, 0],
            Frame::Select { channel } => [head(OPEN, channel, 0, 2, 0, 0), 0, 0, 0],
            Frame::Consume {
                channel,
                consumer,
                queue,
                prefetch,
                automatic,
                exclusive,
                priority,
            } => [
                head(
                    CONSUME,
                    channel,
                    consumer.0,
                    automatic as u64 | (exclusive as u64) << 1,
                    queue.0,
                    priority as u16,
                ),
                prefetch as u64,
                0,
                0,
            ],
            Frame::Qos {
                channel,
                consumer,
                prefetch,
            } => [head(QOS, channel, consumer.0, 0, 0, 0), prefetch as u64, 0, 0],
            Frame::Publish {
                channel,
                exchange,
                key,
                message,
                mandatory,
            } => {
                let [id, stamp] = message.to_words();
                let word = head(PUBLISH, channel, 0, mandatory as u64, exchange.0, key.0);
                [word, 0, id, stamp]
            }
            Frame::Confirm {
                channel,
                sequence,
                queues,
            } => [head(CONFIRM, channel, 0, 0, queues, 0), sequence, 0, 0],
            Frame::Deliver {
                channel,
                consumer,
                redelivered,
                from,
                tag,
                message,
            } => {
                let [id, stamp] = message.to_words();
                [
                    head(DELIVER, channel, consumer.0, redelivered as u64, from.0, 0),
                    tag,
                    id,
                    stamp,
                ]
            }
            Frame::Ack { channel, tag, multiple } => [head(ACK, channel, 0, multiple as u64, 0, 0), tag, 0, 0],
            Frame::Nack {
                channel,
                tag,
                multiple,
                requeue,
            } => [
                head(NACK, channel, 0, multiple as u64 | (requeue as u64) << 1, 0, 0),
                tag,
                0,
                0,
            ],
            Frame::ChannelQos { channel, prefetch } => [head(CHANNEL_QOS, channel, 0, 0, 0, 0), prefetch as u64, 0, 0],
            Frame::Get {
                channel,
                queue,
                automatic,
            } => [head(GET, channel, 0, automatic as u64, queue.0, 0), 0, 0, 0],
            Frame::GetOk { channel, remaining } => [head(GET_OK, channel, 0, 0, 0, 0), remaining, 0, 0],
            Frame::GetEmpty { channel } => [head(GET_OK, channel, 0, 1, 0, 0), 0, 0, 0],
            Frame::Cancel { channel, consumer } => [head(CANCEL, channel, consumer.0, 0, 0, 0), 0, 0, 0],
            Frame::Close { channel, code } => [head(CLOSE, channel, 0, 0, code, 0), 0, 0, 0],
            Frame::Return { channel, message } => {
                let [id, stamp] = message.to_words();
                [head(RETURN, channel, 0, 0, 0, 0), 0, id, stamp]
            }
            Frame::Refuse { channel, sequence } => [head(REFUSE, channel, 0, 0, 0, 0), sequence, 0, 0],
            Frame::Declare { channel, queue } => [head(DECLARE, channel, 0, 0, queue.0, 0), 0, 0, 0],
        }
    }

    /// The frame that [`Frame::to_words`] was asked of.
    ///
    /// # Panics
    /// If the words are not of a frame.
    #[inline(always)]
    pub const fn from_words([word, tag, id, stamp]: [u64; 4]) -> Frame {
        let head = Head(word);
        let channel = head.channel();
        let consumer = ConsumerTag((word >> 16) as u8);
        let (flag, second) = (head.flag(), head.second_flag());
        let (low, high) = (head.low(), head.high());
        match word & 0xf {
            OPEN if second => Frame::Select { channel },
            OPEN => Frame::Open {
                channel,
                confirms: flag,
            },
            CONSUME => Frame::Consume {
                channel,
                consumer,
                queue: QueueId(low),
                prefetch: tag as u32,
                automatic: flag,
                exclusive: second,
                priority: high as i16,
            },
            QOS => Frame::Qos {
                channel,
                consumer,
                prefetch: tag as u32,
            },
            PUBLISH => {
                let message = Message::from_words([id, stamp]);
                Frame::Publish {
                    channel,
                    exchange: ExchangeId(low),
                    key: KeyId(high),
                    message,
                    mandatory: flag,
                }
            }
            CONFIRM => Frame::Confirm {
                channel,
                sequence: tag,
                queues: low,
            },
            DELIVER => {
                let message = Message::from_words([id, stamp]);
                Frame::Deliver {
                    channel,
                    consumer,
                    redelivered: flag,
                    from: PlaceId(low),
                    tag,
                    message,
                }
            }
            ACK => Frame::Ack {
                channel,
                tag,
                multiple: flag,
            },
            NACK => Frame::Nack {
                channel,
                tag,
                multiple: flag,
                requeue: second,
            },
            CHANNEL_QOS => Frame::ChannelQos {
                channel,
                prefetch: tag as u32,
            },
            GET => Frame::Get {
                channel,
                queue: QueueId(low),
                automatic: flag,
            },
            GET_OK if flag => Frame::GetEmpty { channel },
            GET_OK => Frame::GetOk {
                channel,
                remaining: tag,
            },
            CANCEL => Frame::Cancel { channel, consumer },
            CLOSE => Frame::Close { channel, code: low },
            RETURN => {
                let message = Message::from_words([id, stamp]);
                Frame::Return { channel, message }
            }
            REFUSE => Frame::Refuse { channel, sequence: tag },
            DECLARE => Frame::Declare {
                channel,
                queue: QueueId(low),
            },
            _ => panic!("these words are not of a frame"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_kernel::SimTime;
    use mqlab_model::{MessageId, SourceId};

    #[test]
    fn every_method_survives_its_words() {
        let (channel, consumer) = (ChannelId(0xab), ConsumerTag(0xcd));
        let message = Message::new(MessageId::new(SourceId(9), 77), SimTime::from_nanos(123), true);
        let (queue, tag, prefetch) = (QueueId(0xfffe), u64::MAX - 1, u32::MAX);
        let (exchange, key, from) = (ExchangeId(0x1234), KeyId(0xfedc), PlaceId(0xbeef));
        for frame in [
            Frame::Open {
                channel,
                confirms: true,
            },
            Frame::Select { channel },
            Frame::Consume {
                channel,
                consumer,
                queue,
                prefetch,
                automatic: true,
                exclusive: false,
                priority: -3,
            },
            Frame::Consume {
                channel,
                consumer,
                queue,
                prefetch,
                automatic: false,
                exclusive: true,
                priority: i16::MAX,
            },
            Frame::Qos {
                channel,
                consumer,
                prefetch,
            },
            Frame::Publish {
                channel,
                exchange,
                key,
                message,
                mandatory: true,
            },
            Frame::Confirm {
                channel,
                sequence: tag,
                queues: 0xffff,
            },
            Frame::Deliver {
                channel,
                consumer,
                redelivered: true,
                from,
                tag,
                message,
            },
            Frame::Ack {
                channel,
                tag,
                multiple: true,
            },
            Frame::Nack {
                channel,
                tag,
                multiple: false,
                requeue: true,
            },
            Frame::Nack {
                channel,
                tag,
                multiple: true,
                requeue: false,
            },
            Frame::ChannelQos { channel, prefetch },
            Frame::Get {
                channel,
                queue,
                automatic: true,
            },
            Frame::GetOk {
                channel,
                remaining: tag,
            },
            Frame::GetEmpty { channel },
            Frame::Cancel { channel, consumer },
            Frame::Close { channel, code: 406 },
            Frame::Return { channel, message },
            Frame::Refuse { channel, sequence: tag },
            Frame::Declare { channel, queue },
        ] {
            assert_eq!(Frame::from_words(frame.to_words()), frame);
        }
    }
}
