//! A client that knows several nodes of a cluster: it is connected to one of
//! them, and connects to another when it has to. One that knows a single node, which
//! may refuse it for what another client does, tries again there.
//!
//! Client libraries do so after a while. Here it takes the next node of its list;
//! the Java client shuffles the list each time, and asks one after the other
//! (`RecoveryAwareAMQConnectionFactory`).

use alloc::boxed::Box;
use alloc::vec::Vec;
use mqlab_kernel::SimSpan;
use mqlab_model::{Context, Port, TimerLane};

/// So long after it has lost its connection it looks for another one: the Java
/// client's `ConnectionFactory.DEFAULT_NETWORK_RECOVERY_INTERVAL`, 5000 ms, and the
/// .NET client's `ConnectionFactory.NetworkRecoveryInterval`, 5 s.
const RECOVERS_AFTER: SimSpan = SimSpan::from_secs(5);

/// The nodes that a client knows.
#[derive(Clone, Debug)]
pub struct Roaming {
    ports: Vec<Port>,
    /// Those that nobody has heard the end of, a bit for each.
    there: u32,
    /// The one that it is connected to, or was.
    at: usize,
    timer: (TimerLane, u64),
    /// Its timer is armed.
    waits: bool,
}

impl Roaming {
    /// A client that knows the nodes at these ports, begins with one of them, and
    /// whose timer comes as `timer` says.
    ///
    /// # Panics
    /// If it knows none.
    pub fn new(ports: Vec<Port>, first: usize, timer: (TimerLane, u64)) -> Box<Roaming> {
        assert!(!ports.is_empty(), "a client knows at least one node");
        Box::new(Roaming {
            there: ports.iter().fold(0, |there, _| there << 1 | 1),
            at: first % ports.len(),
            ports,
            timer,
            waits: false,
        })
    }

    /// Whether it knows one node only.
    pub(super) fn is_alone(&self) -> bool {
        self.ports.len() == 1
    }

    /// The port that it is connected at, or was.
    pub(super) fn port(&self) -> Port {
        self.ports[self.at]
    }

    /// The token of its timer.
    pub(super) fn token(&self) -> u64 {
        self.timer.1
    }

    /// Whether there may be a node of it at a port.
    pub(super) fn knows(&self, port: Port) -> bool {
        self.ports.contains(&port)
    }

    /// A node is there or is not.
    pub(super) fn note(&mut self, port: Port, is_there: bool) {
        if let Some(index) = self.ports.iter().position(|known| *known == port) {
            self.there = self.there & !(1 << index) | u32::from(is_there) << index;
        }
    }

    /// Its connection is gone: it looks for another one, after a while. Of a single
    /// node it hears when that is back.
    pub(super) fn look_around<C: Context<W>, W>(&mut self, cx: &mut C) {
        if self.is_alone() && self.there == 0 {
            return;
        }
        if !core::mem::replace(&mut self.waits, true) {
            let at = cx.later(RECOVERS_AFTER);
            cx.arm(self.timer.0, at, self.timer.1);
        }
    }

    /// The application died, and with it what it knew. A process that starts
    /// finds out by itself who is there.
    pub(super) fn forget(&mut self) {
        self.waits = false;
    }

    /// Moves on to the next node that is there; `false` if none is.
    fn move_on(&mut self) -> bool {
        let count = self.ports.len();
        let next = (1..=count).map(|step| (self.at + step) % count);
        let Some(next) = next.into_iter().find(|index| self.there >> index & 1 != 0) else {
            return false;
        };
        self.at = next;
        true
    }

    /// It is time to look. `false` if nobody is there: it takes the first that
    /// comes back.
    pub(super) fn on_timer(&mut self) -> bool {
        self.waits = false;
        self.move_on()
    }

    /// A node is back; whether it is time to connect to it.
    pub(super) fn on_opened(&mut self, port: Port, is_open: bool) -> bool {
        self.note(port, true);
        !is_open && !self.waits && self.move_on()
    }

    /// The application starts: whether there is somebody.
    pub(super) fn begin(&mut self) -> bool {
        self.there >> self.at & 1 != 0 || self.move_on()
    }
}
