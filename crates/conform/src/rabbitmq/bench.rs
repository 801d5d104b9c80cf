//! A node on a bench: its clock moves when somebody says so, and a client is on
//! its only connection.

use mqlab_brokers::rabbitmq::Frame;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, FactKind, MessageId, PlaceId, Port, Progress, Purpose, TimerLane};
use std::collections::BTreeMap;

/// What the node acts on.
#[derive(Default)]
pub(super) struct Bench {
    now: SimTime,
    /// What the node has sent and the client has not read.
    pub(super) sent: Vec<Frame>,
    /// Timers by instant, then in the order in which they were armed.
    timers: BTreeMap<(SimTime, u64), u64>,
    armed: u64,
    /// Bytes of the messages, by number.
    pub(super) sizes: Vec<u64>,
}

impl Bench {
    /// The next timer that is due by `until`; the clock is where it is then.
    /// Without any the clock is at `until`.
    pub(super) fn next_timer(&mut self, until: SimTime) -> Option<u64> {
        match self.timers.first_entry().filter(|due| due.key().0 <= until) {
            Some(due) => {
                self.now = due.key().0.max(self.now);
                Some(due.remove())
            }
            None => {
                self.now = until;
                None
            }
        }
    }
}

impl Context<Frame> for Bench {
    fn now(&self) -> SimTime {
        self.now
    }

    fn send(&mut self, _port: Port, frame: Frame) {
        self.sent.push(frame);
    }

    fn arm(&mut self, _lane: TimerLane, at: SimTime, token: u64) {
        self.timers.insert((at, self.armed), token);
        self.armed += 1;
    }

    fn emit(&mut self, _place: PlaceId, _kind: FactKind, _message: MessageId, _value: u64) {}

    fn draw(&self, message: MessageId, _purpose: Purpose, _salt: u32) -> u64 {
        message.bits()
    }

    fn random(&mut self) -> u64 {
        0
    }

    fn run_out(&mut self) {}

    fn die(&mut self) {}

    fn size(&self, message: MessageId) -> u64 {
        self.sizes.get(message.number() as usize).copied().unwrap_or(0)
    }

    fn write(&mut self, _bytes: u64) -> u64 {
        0
    }

    fn disk(&self) -> Progress {
        Progress::default()
    }
}
