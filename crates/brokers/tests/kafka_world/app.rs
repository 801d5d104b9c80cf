//! An application with a producer.

use mqlab_brokers::kafka::{
    BufferFull, Cluster, Frame, Key, Outcome, Producer, ProducerSettings, ToSend, Wiring, murmur2,
};
use mqlab_model::{Context, Crash, Message, MessageId, Node, PlaceId, Port, SourceId, TimerLane};
use std::rc::Rc;

const PRODUCER: u64 = 1;

#[derive(Clone, Debug)]
pub struct App {
    pub producer: Producer,
    source: SourceId,
    made: u64,
    pub outcomes: Vec<Outcome>,
    /// What did not find room.
    pub blocked: Vec<MessageId>,
}

impl App {
    pub fn new(cluster: &Rc<Cluster>, node: usize, wiring: &Wiring, settings: ProducerSettings) -> App {
        let place = PlaceId(node as u16);
        let timer = (TimerLane(0), PRODUCER);
        App {
            producer: Producer::new(cluster.clone(), settings, place, wiring, timer),
            source: SourceId(node as u16),
            made: 0,
            outcomes: Vec::new(),
            blocked: Vec::new(),
        }
    }

    pub fn produce<C: Context<Frame>>(&mut self, cx: &mut C, partition: Option<u32>, key: Option<u32>) -> MessageId {
        let id = MessageId::new(self.source, self.made);
        self.made += 1;
        let key = key.map(|number| Key {
            number,
            hash: murmur2(format!("key-{number}").as_bytes()),
        });
        let one = ToSend {
            topic: 0,
            partition,
            key,
            is_tombstone: false,
            message: Message::new(id, cx.now(), true),
        };
        if self.producer.send(cx, one) == Err(BufferFull) {
            self.blocked.push(id);
        }
        self.outcomes.extend(self.producer.take_outcomes());
        id
    }
}

impl Node<Frame> for App {
    fn start<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.producer.start(cx);
    }

    fn on_packet<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        self.producer.on_frame(cx, port, frame);
        self.outcomes.extend(self.producer.take_outcomes());
    }

    fn on_timer<C: Context<Frame>>(&mut self, cx: &mut C, _token: u64) {
        self.producer.on_timer(cx);
        self.outcomes.extend(self.producer.take_outcomes());
    }

    fn on_closed<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        self.producer.on_closed(cx, port);
        self.outcomes.extend(self.producer.take_outcomes());
    }

    fn on_opened<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        self.producer.on_opened(cx, port);
    }

    fn crash<C: Context<Frame>>(&mut self, _cx: &mut C, _crash: Crash) {
        self.producer.forget();
    }
}
