//! A client of a cluster: publishes with confirms, consumes, and connects anew
//! when it has to.

use mqlab_brokers::parts::Delivery;
use mqlab_brokers::rabbitmq::cluster::Wire;
use mqlab_brokers::rabbitmq::{ChannelId, Consumer, ExchangeId, Frame, KeyId, Producer, QueueId, Subscription};
use mqlab_kernel::SimSpan;
use mqlab_model::{Context, Crash, Lifted, Message, MessageId, Node, PlaceId, Port, SourceId, TimerLane};

const PUBLISHES: ChannelId = ChannelId(0);
const CONSUMES: ChannelId = ChannelId(1);
/// It connects anew so long after it was turned away.
const AGAIN_AFTER: SimSpan = SimSpan::from_millis(500);

#[derive(Clone, Debug)]
pub struct App {
    own: usize,
    /// The member that it is connected to.
    pub member: usize,
    queue: QueueId,
    producer: Producer,
    consumer: Option<Consumer>,
    /// Whether it acknowledges at once.
    pub acks: bool,
    made: u64,
    /// Its member is there; else nobody hears it.
    is_connected: bool,
    pub confirmed: Vec<MessageId>,
    pub refused: Vec<MessageId>,
    /// What was delivered, and whether it was said to have been before.
    pub got: Vec<(MessageId, bool)>,
    pub held: Vec<Delivery>,
    /// Reply codes of what the member has closed.
    pub codes: Vec<u16>,
    pub cancels: u32,
}

impl App {
    pub fn new(own: usize, member: usize, queue: QueueId, prefetch: Option<u32>) -> App {
        let port = Port(member as u16);
        let subscription = |prefetch| Subscription {
            queue,
            prefetch,
            automatic: false,
            exclusive: false,
        };
        App {
            own,
            member,
            queue,
            producer: Producer::new(PlaceId(own as u16), port, PUBLISHES, true),
            consumer: prefetch.map(|prefetch| Consumer::new(port, CONSUMES, subscription(prefetch))),
            acks: true,
            made: 0,
            is_connected: true,
            confirmed: Vec::new(),
            refused: Vec::new(),
            got: Vec::new(),
            held: Vec::new(),
            codes: Vec::new(),
            cancels: 0,
        }
    }

    fn connect<C: Context<Wire>>(&mut self, cx: &mut C) {
        let mut cx: Lifted<'_, _, Wire> = Lifted::new(cx);
        self.producer.open(&mut cx);
        if let Some(consumer) = &mut self.consumer {
            consumer.open(&mut cx);
        }
    }

    pub fn publish<C: Context<Wire>>(&mut self, cx: &mut C, persistent: bool) -> MessageId {
        self.made += 1;
        let id = MessageId::new(SourceId(self.own as u16), self.made);
        let message = Message::new(id, cx.now(), persistent);
        let mut cx: Lifted<'_, _, Wire> = Lifted::new(cx);
        let sent = self
            .producer
            .publish(&mut cx, ExchangeId::DEFAULT, KeyId(self.queue.0), message);
        if sent.is_none() {
            self.refused.push(id);
        }
        id
    }

    /// How many publishes nobody has answered.
    pub fn outstanding(&self) -> u64 {
        self.producer.outstanding() as u64
    }

    pub fn settle<C: Context<Wire>>(&mut self, cx: &mut C, nth: usize, requeue: Option<bool>) {
        let delivery = self.held.remove(nth);
        let mut cx: Lifted<'_, _, Wire> = Lifted::new(cx);
        let consumer = self.consumer.as_mut().unwrap();
        match requeue {
            None => consumer.ack(&mut cx, &delivery),
            Some(requeue) => consumer.nack(&mut cx, &delivery, requeue),
        }
    }

    /// `basic.ack` of all up to a tag, whatever it has.
    pub fn ack_up_to<C: Context<Wire>>(&mut self, cx: &mut C, tag: u64) {
        let ack = Frame::Ack {
            channel: CONSUMES,
            tag,
            multiple: true,
        };
        cx.send(Port(self.member as u16), Wire::Client(ack));
    }

    fn lose_connection<C: Context<Wire>>(&mut self, cx: &mut C) {
        let mut cx: Lifted<'_, _, Wire> = Lifted::new(cx);
        self.producer.on_closed(&mut cx);
        if let Some(consumer) = &mut self.consumer {
            consumer.on_closed();
        }
        self.held.clear();
    }
}

impl Node<Wire> for App {
    fn start<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.connect(cx);
    }

    fn on_packet<C: Context<Wire>>(&mut self, cx: &mut C, _port: Port, wire: Wire) {
        let Wire::Client(frame) = wire else {
            panic!("members speak to each other only");
        };
        match frame {
            Frame::Confirm { sequence, queues, .. } => {
                let mut cx: Lifted<'_, _, Wire> = Lifted::new(cx);
                self.confirmed
                    .extend(self.producer.on_confirm(&mut cx, sequence, queues));
            }
            Frame::Refuse { sequence, .. } => {
                let mut cx: Lifted<'_, _, Wire> = Lifted::new(cx);
                self.refused.extend(self.producer.on_refuse(&mut cx, sequence));
            }
            Frame::Deliver {
                tag,
                message,
                redelivered,
                ..
            } => {
                let consumer = self.consumer.as_mut().unwrap();
                if !consumer.is_open() {
                    return;
                }
                let delivery = consumer.on_deliver(message, tag);
                self.got.push((message.id, redelivered));
                self.held.push(delivery);
                if self.acks {
                    self.settle(cx, self.held.len() - 1, None);
                }
            }
            Frame::Close { code, .. } => {
                self.codes.push(code);
                self.lose_connection(cx);
                cx.arm(TimerLane(0), cx.now().saturating_add(AGAIN_AFTER), 0);
            }
            Frame::Cancel { .. } => {
                self.cancels += 1;
                self.consumer.as_mut().unwrap().on_closed();
                self.held.clear();
                cx.arm(TimerLane(0), cx.now().saturating_add(AGAIN_AFTER), 0);
            }
            _ => {}
        }
    }

    fn on_timer<C: Context<Wire>>(&mut self, cx: &mut C, _token: u64) {
        if self.is_connected {
            self.connect(cx);
        }
    }

    fn on_closed<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        if usize::from(port.0) == self.member {
            self.is_connected = false;
            self.lose_connection(cx);
        }
    }

    fn on_opened<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        if usize::from(port.0) == self.member {
            self.is_connected = true;
            self.connect(cx);
        }
    }
    fn crash<C: Context<Wire>>(&mut self, _cx: &mut C, _crash: Crash) {
        panic!("clients do not die here");
    }
}
