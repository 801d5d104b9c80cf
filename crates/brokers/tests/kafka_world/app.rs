//! An application with a producer, and perhaps a consumer that it polls.

use mqlab_brokers::kafka::{
    BufferFull, Cluster, Consumer, ConsumerSettings, Frame, GroupId, Key, Outcome, Polled, Producer, ProducerSettings,
    ToSend, Wiring, murmur2,
};
use mqlab_kernel::SimSpan;
use mqlab_model::{Context, Crash, Message, MessageId, Node, PlaceId, Port, SourceId, TimerLane};
use std::rc::Rc;

const PRODUCER: u64 = 1;
const CONSUMER: u64 = 2;
const POLL: u64 = 3;
/// How often it polls.
const EVERY: SimSpan = SimSpan::from_millis(100);

#[derive(Clone, Debug)]
pub struct App {
    pub producer: Producer,
    pub consumer: Option<Consumer>,
    pub polled: Vec<Polled>,
    /// It does something else than to poll.
    pub is_busy: bool,
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
            consumer: None,
            polled: Vec::new(),
            is_busy: false,
            source: SourceId(node as u16),
            made: 0,
            outcomes: Vec::new(),
            blocked: Vec::new(),
        }
    }

    /// The application consumes the first topic, too.
    pub fn consuming(
        mut self,
        cluster: &Rc<Cluster>,
        wiring: &Wiring,
        group: GroupId,
        settings: ConsumerSettings,
    ) -> App {
        let timer = (TimerLane(1), CONSUMER);
        let subscription = (group, vec![0]);
        self.consumer = Some(Consumer::new(cluster.clone(), settings, subscription, wiring, timer));
        self
    }

    fn poll<C: Context<Frame>>(&mut self, cx: &mut C) {
        cx.arm(TimerLane(2), cx.now().saturating_add(EVERY), POLL);
        if let Some(consumer) = self.consumer.as_mut().filter(|_| !self.is_busy) {
            self.polled.extend(consumer.poll(cx));
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
        // One connection each would be true to life; here one is enough.
        if self.consumer.is_some() {
            self.poll(cx);
        } else {
            self.producer.start(cx);
        }
    }

    fn on_packet<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        match &mut self.consumer {
            Some(consumer) => consumer.on_frame(cx, port, frame),
            None => self.producer.on_frame(cx, port, frame),
        }
        self.outcomes.extend(self.producer.take_outcomes());
    }

    fn on_timer<C: Context<Frame>>(&mut self, cx: &mut C, token: u64) {
        match (token, &mut self.consumer) {
            (POLL, _) => self.poll(cx),
            (CONSUMER, Some(consumer)) => consumer.on_timer(cx),
            _ => self.producer.on_timer(cx),
        }
        self.outcomes.extend(self.producer.take_outcomes());
    }

    fn on_closed<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        match &mut self.consumer {
            Some(consumer) => consumer.on_closed(cx, port),
            None => self.producer.on_closed(cx, port),
        }
        self.outcomes.extend(self.producer.take_outcomes());
    }

    fn on_opened<C: Context<Frame>>(&mut self, cx: &mut C, port: Port) {
        match &mut self.consumer {
            Some(consumer) => consumer.on_opened(cx, port),
            None => self.producer.on_opened(cx, port),
        }
    }

    fn crash<C: Context<Frame>>(&mut self, cx: &mut C, _crash: Crash) {
        self.producer.forget();
        if let Some(consumer) = &mut self.consumer {
            consumer.forget(cx);
        }
    }
}
