//! Loads: when messages are offered, how many, with which key.

use super::{PublisherPlan, Target};
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
    /// What its producer is set to, where its broker's family has such settings.
    pub producer: PublisherPlan,
    /// How large they are. Disks and links take longer for what is larger.
    pub size: Sizes,
    /// How long a delayed exchange keeps each of them back.
    pub delay: Option<Dist>,
    /// What they are about, if anybody says.
    pub things: Option<ThingsPlan>,
}

impl LoadPlan {
    /// About when it offers its last message, of at most so many, if the plan
    /// says that: not of users, who wait, and not if it goes on for ever. What
    /// is left to chance comes hardly ever sooner.
    pub(crate) fn last_offer(&self, most: u64) -> Option<SimTime> {
        let Arrivals { segments, each, .. } = &self.arrivals;
        let goes_on = self.count.is_none() && !segments.last()?.rate.is_zero();
        if goes_on || self.users.is_some() || self.arrivals.ramp {
            return None;
        }
        let in_bursts = self.bursts.iter().map(|burst| burst.count).sum();
        let messages = self.count.unwrap_or(u64::MAX).min(most).saturating_sub(in_bursts);
        let mut left = messages.div_ceil((*each).max(1));
        if self.arrivals.poisson {
            // Four standard deviations.
            left = left.saturating_sub(4 * left.isqrt());
        }
        let mut last = None;
        for (index, segment) in segments.iter().enumerate() {
            let end = segments.get(index + 1).map_or(SimTime::MAX, |next| next.start);
            let offers = segment.rate.count_before(end.since(segment.start)).min(left);
            left -= offers;
            let offset = offers.checked_sub(1).and_then(|last| segment.rate.offset(last));
            last = offset.map(|offset| segment.start.saturating_add(offset)).or(last);
        }
        last
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_kernel::SimSpan;

    fn load(segments: &[(&str, &str)], count: Option<u64>) -> LoadPlan {
        let segments = segments.iter().map(|(start, rate)| Segment {
            start: SimTime::ZERO.saturating_add(SimSpan::parse(start).expect("a span")),
            rate: Rate::parse(rate).expect("a rate"),
        });
        LoadPlan {
            to: Target::Service(mqlab_model::NodeId(0)),
            arrivals: Arrivals {
                segments: segments.collect(),
                ..Arrivals::default()
            },
            users: None,
            sender: SenderPlan::default(),
            bursts: Vec::new(),
            count,
            key: KeyPlan::None,
            persistent: false,
            properties: 0,
            mandatory: false,
            is_timer: false,
            confirms: false,
            producer: PublisherPlan::Plain,
            size: Sizes::ZERO,
            delay: None,
            things: None,
        }
    }

    fn last(load: &LoadPlan) -> Option<u64> {
        let last = load.last_offer(1_000_000)?;
        Some(last.nanos() / 1_000_000)
    }

    #[test]
    fn the_last_offer_is_where_arithmetic_puts_it() {
        let mut peak = load(&[("0s", "5000/s"), ("6s", "50/s")], Some(30_462));
        assert_eq!(last(&peak), Some(15_220));
        // So many are offered before they matter.
        peak.bursts.push(Burst {
            at: SimTime::ZERO,
            count: 461,
        });
        assert_eq!(last(&peak), Some(6_000));
        peak.arrivals.each = 10;
        assert_eq!(last(&peak), Some(600));
    }

    #[test]
    fn a_pause_at_the_end_ends_it_too() {
        let ends = load(&[("1s", "1/s"), ("4s", "0/s")], None);
        assert_eq!(last(&ends), Some(3_000));
        assert_eq!(last(&load(&[("1s", "0/s")], None)), None);
        assert_eq!(last(&load(&[("1s", "1/s")], None)), None);
        // Of at most a million.
        let many = load(&[("0s", "1000/s")], Some(u64::MAX));
        assert_eq!(last(&many), Some(999_999));
    }

    #[test]
    fn chance_is_left_some_time() {
        let mut chance = load(&[("0s", "100/s")], Some(10_000));
        chance.arrivals.poisson = true;
        assert_eq!(last(&chance), Some(95_990));
        chance.count = Some(10);
        assert_eq!(last(&chance), None);
    }
}
