//! Which RabbitMQ it is, where that makes a difference.

/// A version, as far as behaviour changes with it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Version {
    /// The first number.
    pub major: u16,
    /// The second.
    pub minor: u16,
}

impl Default for Version {
    fn default() -> Self {
        Version::NEWEST
    }
}

impl Version {
    /// The newest that is modelled.
    pub const NEWEST: Version = Version::new(4, 3);
    /// The oldest that is.
    pub const OLDEST: Version = Version::new(3, 10);

    /// A version.
    pub const fn new(major: u16, minor: u16) -> Self {
        Version { major, minor }
    }

    /// Most deliveries that end without acknowledgement before a quorum queue
    /// gives a message up, if the queue does not say (since 4.0).
    pub(super) fn default_delivery_limit(self) -> Option<u32> {
        (self >= Version::new(4, 0)).then_some(20)
    }

    /// Whether `basic.nack` and `basic.reject` with requeue count towards the
    /// delivery limit, as they did until 4.2; now only what fails does.
    pub(super) fn counts_requeues(self) -> bool {
        self < Version::new(4, 3)
    }

    /// Most words `#` of a topic binding (since 4.3).
    pub fn hashes_max(self) -> Option<usize> {
        (self >= Version::new(4, 3)).then_some(2)
    }

    /// Whether what is published for a classic queue whose home is down is refused.
    /// Until 4.1 (Mnesia) the queue is taken out of what is routed to, though its
    /// definition stays: then the message goes nowhere, and is confirmed.
    pub(super) fn refuses_for_dead_homes(self) -> bool {
        self >= Version::new(4, 2)
    }

    /// Whether the consumers of a channel can share one window.
    pub(super) fn has_channel_windows(self) -> bool {
        self < Version::new(4, 3)
    }

    /// Whether the header `CC` stays when a message is dead-lettered with a
    /// routing key of the queue's choice (since 3.13).
    pub(super) fn keeps_copies(self) -> bool {
        self >= Version::new(3, 13)
    }
}
