//! Everything that can be on a connection of the world, in one closed set.

use crate::plan::{Address, Loss};
use crate::statement::{Ending, Statement};
use mqlab_brokers::kafka;
use mqlab_brokers::rabbitmq::cluster::{PeerFrame, Wire as ClusterWire};
use mqlab_brokers::rabbitmq::{self, Frame};
use mqlab_kernel::SimSpan;
use mqlab_model::{LocalTime, Message, PlaceId};

/// What travels on a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wire {
    /// AMQP 0-9-1, between a RabbitMQ node and its clients.
    Amqp(Frame),
    /// A frame of a request or an answer, between a broker of Kafka and its
    /// peers. On a connection it is in a parcel with all of them.
    Kafka(kafka::Frame),
    /// Between the nodes of a RabbitMQ cluster. On a connection it is in a parcel,
    /// with the entries that stand behind it.
    Peer(PeerFrame),
    /// A call of a service.
    Request {
        /// The caller's token, returned in the reply.
        token: u64,
        /// What it is about.
        message: Message,
    },
    /// The answer to a call.
    Reply {
        /// The caller's token.
        token: u64,
        /// What it was about.
        message: Message,
        /// Whether the service has done it.
        done: bool,
    },
    /// A row for a table.
    Query {
        /// The client's token, returned in the answer.
        token: u64,
        /// The business id of the row.
        message: Message,
        /// The inlet whose handler writes.
        writer: PlaceId,
        /// Whether this row is the effect that the handler exists for.
        effect: bool,
    },
    /// Something else that a table is to do.
    Statement {
        /// The client's token, returned in the answer.
        token: u64,
        /// Whose business id it is about.
        message: Message,
        /// The inlet whose handler asks.
        writer: PlaceId,
        /// Whether the row is the effect that the handler exists for.
        effect: bool,
        /// What.
        statement: Statement,
    },
    /// One more row of what the client will ask for next with this token.
    Along {
        /// The client's token.
        token: u64,
        /// The business id of the row.
        message: Message,
    },
    /// By which clock the client asks for what comes next with this token.
    Stamp {
        /// The client's token.
        token: u64,
        /// What its clock shows; `None` if it leaves that to the table.
        shown: Option<LocalTime>,
        /// For how long it claims a row.
        lease: SimSpan,
    },
    /// A transaction of a client at a table is over, or is to be.
    End {
        /// The client's token: of its worker it is the transaction.
        token: u64,
        /// The client.
        client: PlaceId,
        /// How.
        ending: Ending,
    },
    /// What a table was asked is so, or not.
    Found {
        /// The client's token.
        token: u64,
        /// Whether it is.
        is_so: bool,
    },
    /// A row that somebody is looking for.
    Row {
        /// The message that it was written for.
        message: Message,
    },
    /// A table's answer.
    Answer {
        /// The client's token.
        token: u64,
        /// Whether the row was written.
        done: bool,
    },
}

/// What no broker says or hears. A pattern and not a wild card, so that the
/// packets of a new family are asked about everywhere.
macro_rules! no_broker {
    () => {
        Wire::Request { .. }
            | Wire::Reply { .. }
            | Wire::Query { .. }
            | Wire::Statement { .. }
            | Wire::Along { .. }
            | Wire::Stamp { .. }
            | Wire::End { .. }
            | Wire::Found { .. }
            | Wire::Row { .. }
            | Wire::Answer { .. }
    };
}

impl From<Frame> for Wire {
    #[inline]
    fn from(frame: Frame) -> Self {
        Wire::Amqp(frame)
    }
}

impl From<kafka::Frame> for Wire {
    #[inline]
    fn from(frame: kafka::Frame) -> Self {
        Wire::Kafka(frame)
    }
}

impl From<ClusterWire> for Wire {
    fn from(wire: ClusterWire) -> Self {
        match wire {
            ClusterWire::Client(frame) => Wire::Amqp(frame),
            ClusterWire::Peer(frame) => Wire::Peer(frame),
        }
    }
}

impl Wire {
    /// What the sender gets back if nobody listens at the other end.
    pub(crate) fn bounced(self) -> Option<Wire> {
        match self {
            Wire::Request { token, message } => Some(Wire::Reply {
                token,
                message,
                done: false,
            }),
            Wire::Query { token, .. } | Wire::Statement { token, .. } | Wire::End { token, .. } => {
                Some(Wire::Answer { token, done: false })
            }
            Wire::Amqp(_)
            | Wire::Kafka(_)
            | Wire::Peer(_)
            | Wire::Reply { .. }
            | Wire::Along { .. }
            | Wire::Stamp { .. }
            | Wire::Answer { .. }
            | Wire::Found { .. }
            | Wire::Row { .. } => None,
        }
    }

    /// Whether it is a call of a service, or the answer to one: each may take its own
    /// way through the network.
    pub(crate) fn is_call(&self) -> bool {
        matches!(self, Wire::Request { .. } | Wire::Reply { .. })
    }

    /// The message whose content is on board.
    pub(crate) fn body(&self) -> Option<Message> {
        match *self {
            Wire::Amqp(frame) => frame.cargo().map(|(message, _)| message),
            Wire::Kafka(frame) => frame.cargo().map(|(message, _)| message),
            Wire::Peer(frame) => frame.content(),
            Wire::Request { message, .. } | Wire::Query { message, .. } => Some(message),
            Wire::Reply { .. }
            | Wire::Statement { .. }
            | Wire::Along { .. }
            | Wire::Stamp { .. }
            | Wire::End { .. }
            | Wire::Found { .. }
            | Wire::Row { .. }
            | Wire::Answer { .. } => None,
        }
    }

    /// The message that it is about, with its content or without.
    pub(crate) fn about(&self) -> Option<Message> {
        match *self {
            Wire::Amqp(frame) => frame.cargo().map(|(message, _)| message),
            Wire::Kafka(frame) => frame.cargo().map(|(message, _)| message),
            Wire::Peer(frame) => frame.content(),
            Wire::Request { message, .. }
            | Wire::Reply { message, .. }
            | Wire::Query { message, .. }
            | Wire::Statement { message, .. }
            | Wire::Along { message, .. }
            | Wire::Row { message } => Some(message),
            Wire::Stamp { .. } | Wire::End { .. } | Wire::Found { .. } | Wire::Answer { .. } => None,
        }
    }

    /// The message on board of a broker's packet, with the queue it was taken
    /// from.
    pub(crate) fn cargo(&self) -> Option<(Message, Option<PlaceId>)> {
        match self {
            Wire::Amqp(frame) => frame.cargo(),
            Wire::Kafka(frame) => frame.cargo(),
            Wire::Peer(frame) => frame.cargo().map(|(message, _)| (message, None)),
            no_broker!() => None,
        }
    }

    /// What the message on board is published to, if it is published.
    pub(crate) fn address(&self) -> Option<Address> {
        match *self {
            Wire::Amqp(Frame::Publish { exchange, .. }) => Some(Address::Rabbit(rabbitmq::Address::Exchange(exchange))),
            Wire::Amqp(_) | Wire::Kafka(_) | Wire::Peer(_) | no_broker!() => None,
        }
    }

    /// Whether it answers something: a confirm, an acknowledgement, a reply.
    pub(crate) fn is_answer(&self) -> bool {
        match self {
            Wire::Amqp(frame) => matches!(frame, Frame::Confirm { .. } | Frame::Ack { .. } | Frame::Nack { .. }),
            Wire::Kafka(frame) => matches!(frame, kafka::Frame::Produced { .. } | kafka::Frame::Heard { .. }),
            Wire::Peer(frame) => frame.content().is_none(),
            Wire::Reply { .. } | Wire::Row { .. } | Wire::Answer { .. } | Wire::Found { .. } => true,
            Wire::Request { .. }
            | Wire::Query { .. }
            | Wire::Statement { .. }
            | Wire::Along { .. }
            | Wire::Stamp { .. }
            | Wire::End { .. } => false,
        }
    }

    /// Which kind it is of those that a fault can take out of a connection of
    /// a broker.
    pub(crate) fn loss(&self) -> Option<Loss> {
        match self {
            Wire::Amqp(Frame::Publish { .. }) => Some(Loss::Publish),
            Wire::Amqp(Frame::Confirm { .. }) => Some(Loss::Confirm),
            Wire::Amqp(Frame::Deliver { .. }) => Some(Loss::Delivery),
            Wire::Amqp(Frame::Ack { .. }) => Some(Loss::Ack),
            Wire::Amqp(_) | Wire::Kafka(_) | Wire::Peer(_) | no_broker!() => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_fits_in_forty_bytes() {
        assert!(size_of::<Wire>() <= 40, "{}", size_of::<Wire>());
    }
}
