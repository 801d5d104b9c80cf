//! Loads: when messages are offered, how many, with which key.

use super::Target;
use alloc::vec::Vec;
use mqlab_kernel::{Dist, Rate, SimTime, Sizes};
use mqlab_model::KeyId;

/// A source of messages (or of requests, if its target is a service).
#[derive(Clone, PartialEq, Debug)]
pub struct LoadPlan {
    /// Its arrivals are the ticks of a timer, and come by its clock.
    pub is_timer: bool,
    /// Where they go.
    pub to: Target,
    /// When they are offered.
    pub arrivals: Arrivals,
    /// Users who wait for their answers, in place of arrivals.
    pub users: Option<UsersPlan>,
    /// What it does with messages that it may not or cannot send.
    pub sender: SenderPlan,
    /// Scheduled bursts, beside the arrivals.
    pub bursts: Vec<Burst>,
    /// It stops after this many, all together.
    pub count: Option<u64>,
    /// Which key each carries.
    pub key: KeyPlan,
    /// Whether messages are published with delivery mode 2.
    pub persistent: bool,
    /// The number of their properties among those of the broker; 0 is none.
    pub properties: u16,
    /// Whether what cannot be routed comes back.
    pub mandatory: bool,
    /// Whether its channel is in confirm mode. Without it nobody is ever told
    /// that a message is safe.
    pub confirms: bool,
    /// How large they are. Disks and links take longer for what is larger.
    pub size: Sizes,
    /// What they are about, if anybody says.
    pub things: Option<ThingsPlan>,
}

/// What the messages of a load are about: customers, orders, accounts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ThingsPlan {
    /// How many there are; at least 1.
    pub count: u64,
    /// Message n is about thing n mod count; else one is drawn for each.
    pub in_turn: bool,
}

/// An arrival process.
#[derive(Clone, PartialEq, Debug)]
pub struct Arrivals {
    /// Segments in time order; each runs from its start to the next one's.
    pub segments: Vec<Segment>,
    /// Exponential gaps with the segment's mean in place of equal ones.
    pub poisson: bool,
    /// The rate goes in a straight line from one segment's to the next one's
    /// in place of jumping.
    pub ramp: bool,
    /// How many messages are offered at each instant; at least 1.
    pub each: u64,
}

impl Default for Arrivals {
    fn default() -> Self {
        Arrivals {
            segments: Vec::new(),
            poisson: false,
            ramp: false,
            each: 1,
        }
    }
}

/// A closed loop: each user thinks, asks, waits for the answer (or for the
/// confirm), and begins anew.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct UsersPlan {
    /// How many there are.
    pub count: u32,
    /// How long one thinks.
    pub think: Dist,
}

/// What a publisher holds back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SenderPlan {
    /// Most messages that are sent and not confirmed. What is more waits.
    pub window: Option<u32>,
    /// Most messages that wait to be sent, because the window is full or the
    /// broker is gone; one more is refused. What is not confirmed when the
    /// connection closes goes back into it. Without it what waits for the
    /// window has no limit, and nothing waits for a broker that is gone.
    pub buffer: Option<u64>,
}

/// A stretch of constant rate: offers at `start + k / rate` for k = 0, 1, ...
/// while the instant is before the next segment. Poisson arrivals start with
/// a gap.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Segment {
    /// Where it begins.
    pub start: SimTime,
    /// How many a second; zero is a pause.
    pub rate: Rate,
}

/// Messages that are offered all at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Burst {
    /// When.
    pub at: SimTime,
    /// How many.
    pub count: u64,
}

/// Which key a message carries: of its broker's list of keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeyPlan {
    /// None of its own: the target needs none, or knows which.
    None,
    /// Drawn for each message from these, all alike in probability.
    OneOf(Vec<KeyId>),
    /// Message n carries key n mod count.
    InTurn(Vec<KeyId>),
}
