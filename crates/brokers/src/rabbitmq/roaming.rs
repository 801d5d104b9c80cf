//! A client that knows several nodes of a cluster: it is connected to one of
//! them, and connects to another when it has to.
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

    /// The port that it is connected at, or was.
    fn port(&self) -> Port {
        self.ports[self.at]
    }

    /// The token of its timer.
    fn token(&self) -> u64 {
        self.timer.1
    }

    /// Whether there may be a node of it at a port.
    fn knows(&self, port: Port) -> bool {
        self.ports.contains(&port)
    }

    /// A node is there or is not.
    fn note(&mut self, port: Port, is_there: bool) {
        if let Some(index) = self.ports.iter().position(|known| *known == port) {
            self.there = self.there & !(1 << index) | u32::from(is_there) << index;
        }
    }

    /// Its connection is gone: it looks for another one, after a while.
    fn look_around<C: Context<W>, W>(&mut self, cx: &mut C) {
        if !core::mem::replace(&mut self.waits, true) {
            let at = cx.later(RECOVERS_AFTER);
            cx.arm(self.timer.0, at, self.timer.1);
        }
    }

    /// The application died, and with it what it knew. A process that starts
    /// finds out by itself who is there.
    fn forget(&mut self) {
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
    fn on_timer(&mut self) -> bool {
        self.waits = false;
        self.move_on()
    }

    /// A node is back; whether it is time to connect to it.
    fn on_opened(&mut self, port: Port, is_open: bool) -> bool {
        self.note(port, true);
        !is_open && !self.waits && self.move_on()
    }

    /// The application starts: whether there is somebody.
    fn begin(&mut self) -> bool {
        self.there >> self.at & 1 != 0 || self.move_on()
    }
}

/// What a channel of a client is on: the connection to its node, or to whichever
/// node of a cluster is there.
#[derive(Clone, Debug)]
pub struct Contact {
    port: Port,
    is_open: bool,
    roaming: Option<Box<Roaming>>,
}

impl Contact {
    /// With the node at a port; it is not open yet.
    pub(super) fn with(port: Port) -> Contact {
        Contact {
            port,
            is_open: false,
            roaming: None,
        }
    }

    /// With one of the nodes that are known.
    pub(super) fn roaming(roaming: Box<Roaming>) -> Contact {
        Contact {
            port: roaming.port(),
            is_open: false,
            roaming: Some(roaming),
        }
    }

    /// The port of the connection, or of the last one.
    #[inline(always)]
    pub fn port(&self) -> Port {
        self.port
    }

    /// Whether there is a connection.
    #[inline(always)]
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether there may be a node of it at a port, connected or not.
    pub fn knows(&self, port: Port) -> bool {
        self.port == port || self.roaming.as_ref().is_some_and(|roaming| roaming.knows(port))
    }

    /// Whether it knows the nodes of a cluster.
    pub fn roams(&self) -> bool {
        self.roaming.is_some()
    }

    /// The node at a port is gone. What that means to a channel on it the client is
    /// told by itself.
    pub fn on_gone(&mut self, port: Port) {
        if let Some(roaming) = &mut self.roaming {
            roaming.note(port, false);
        }
    }

    /// A node is back; whether to open the channel.
    pub(super) fn on_opened(&mut self, port: Port) -> bool {
        let is_open = self.is_open;
        let roaming = self.roaming.as_mut();
        roaming.is_none_or(|roaming| roaming.on_opened(port, is_open))
    }

    /// A timer: whether to open the channel, and `None` if it is not its own.
    pub(super) fn on_timer(&mut self, token: u64) -> Option<bool> {
        let roaming = self.roaming.as_mut().filter(|roaming| roaming.token() == token)?;
        Some(roaming.on_timer() && !self.is_open)
    }

    /// Connects; `false` if it is connected, or nobody is there.
    pub(super) fn open(&mut self) -> bool {
        if self.is_open {
            return false;
        }
        if let Some(roaming) = &mut self.roaming {
            if !roaming.begin() {
                return false;
            }
            self.port = roaming.port();
        }
        self.is_open = true;
        true
    }

    /// The connection is gone, or of no use any more: it looks for another one.
    pub(super) fn lose<C: Context<W>, W>(&mut self, cx: &mut C) {
        if let (Some(roaming), true) = (&mut self.roaming, self.is_open) {
            roaming.look_around(cx);
        }
        self.is_open = false;
    }

    /// The application died.
    pub(super) fn forget(&mut self) {
        if let Some(roaming) = &mut self.roaming {
            roaming.forget();
        }
        self.is_open = false;
    }
}
