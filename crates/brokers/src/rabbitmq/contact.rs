//! What a producer and a consumer have in common: a connection, which may be one to
//! any node of a cluster.

use super::Roaming;
use alloc::boxed::Box;
use mqlab_model::{Context, Port};

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

    /// Whether it looks for a connection by itself, for which it needs a timer.
    pub fn looks_around(&self) -> bool {
        self.roaming.is_some()
    }

    /// Whether it knows the nodes of a cluster.
    pub fn roams(&self) -> bool {
        self.roaming.as_ref().is_some_and(|roaming| !roaming.is_alone())
    }

    /// Whether it tries again at the one node that it knows when that refuses it.
    pub fn insists(&self) -> bool {
        self.roaming.as_ref().is_some_and(|roaming| roaming.is_alone())
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
