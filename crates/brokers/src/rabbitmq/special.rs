//! A queue with arguments: what it keeps of every message, and its rules.
//!
//! It is another way of keeping messages, [`super::queue::Queue`] has one or
//! the other. A queue without arguments becomes a special one when a message
//! arrives that has more to it than sixteen bytes say: one that was
//! dead-lettered, or may wait for so long only.

use super::arguments::milliseconds;
use super::queue::ConsumerIndex;
use super::{
    ChannelId, Config, ExchangeId, KeyId, Overflow, Properties, QueueArguments, QueueId, QueueKind, QueueRule, Version,
};
use crate::parts::{Deaths, Precedence, Ready, Reason, Shelf, Spot};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime, SortedMap};
use mqlab_model::{Message, Port};

/// What `x-death` keeps of a death.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Death {
    /// The exchange that the message was published to.
    pub exchange: ExchangeId,
    /// Its routing keys then.
    pub keys: Vec<String>,
    /// When.
    pub at: SimTime,
    /// The expiration that it had of its own, which it loses.
    pub expiration: Option<String>,
}

/// What the node has added to a message that was dead-lettered.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Story {
    /// The header `x-death`.
    pub deaths: Deaths<QueueId, Death>,
    /// The header `CC` is no longer looked at: some queue chose the key.
    pub is_key_chosen: bool,
    /// The header `CC` is gone.
    pub has_no_copies: bool,
}

/// A channel that publishes, as a queue knows it: its node in which life, and what tells
/// it from others there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Publisher {
    pub(super) node: (u8, u16),
    pub(super) channel: u32,
}

impl From<(Port, ChannelId)> for Publisher {
    /// A channel of the node that has the queue.
    fn from((port, channel): (Port, ChannelId)) -> Publisher {
        Publisher {
            node: (0, 0),
            channel: u32::from(port.0) << 8 | u32::from(channel.0),
        }
    }
}

impl Publisher {
    /// Whether it is a channel of this connection to the node that has the queue.
    pub(super) fn is_of(self, port: Port) -> bool {
        self.channel >> 8 == u32::from(port.0)
    }
}

/// A message in a special queue.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) message: Message,
    pub(super) bytes: u64,
    /// Where it was published to, and with which key.
    pub(super) exchange: ExchangeId,
    pub(super) key: KeyId,
    entered: SimTime,
    expires: Option<SimTime>,
    /// How often it was put back.
    pub(super) returns: u32,
    /// How many of these count towards the delivery limit.
    pub(super) failures: u32,
    pub(super) story: Option<Box<Story>>,
    /// It is kept back by the exchange that it was published to.
    is_scheduled: bool,
}

/// What is published to a special queue.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub(super) message: Message,
    pub(super) bytes: u64,
    pub(super) exchange: ExchangeId,
    pub(super) key: KeyId,
    pub(super) story: Option<Box<Story>>,
    /// How long the exchange keeps it back.
    pub(super) delay: SimSpan,
}

/// What a queue gives up, and why.
#[derive(Clone, Debug)]
pub(super) struct Dead {
    pub(super) queue: QueueId,
    pub(super) position: u64,
    pub(super) entry: Entry,
    pub(super) reason: Reason,
}

/// Messages above this priority are of the higher class of a quorum queue of
/// 4.0 to 4.2.
const NORMAL_PRIORITY: u8 = 4;
/// The highest priority of a quorum queue since 4.3.
const QUORUM_PRIORITY_MAX: u8 = 31;

/// How often a quorum queue looks whether it is in use.
const QUORUM_TICK: SimSpan = SimSpan::from_nanos(5_000_000_000);

/// The content of a queue with arguments.
#[derive(Clone, Debug)]
pub(super) struct Special {
    pub(super) arguments: Box<QueueArguments>,
    version: Version,
    limit: Option<u32>,
    shelf: Shelf<Entry>,
    /// What is handed out, by position.
    out: SortedMap<u64, (Spot, Entry)>,
    /// What came back and has to wait, by the instant at which that is over.
    delayed: SortedMap<(SimTime, u64), (Spot, Entry)>,
    /// How many of these are kept back by an exchange, and have not come yet.
    scheduled: usize,
    /// Until when it is busy with handing out.
    busy_until: SimTime,
    /// Bytes of what waits.
    bytes: u64,
    /// Bytes of all that is here, also of what is handed out.
    held: u64,
    /// The channels that have published to a quorum queue, and whether it has told
    /// each that it is full (`rabbit_fifo:evaluate_limit`).
    publishers: Vec<(Publisher, bool)>,
    /// The timer that is armed.
    pub(super) timer: Option<SimTime>,
    /// The head of a classic queue may be another one, so that it has to look whether
    /// that is over. What comes to stand in front of others because of its priority
    /// does not count (`rabbit_amqqueue_process:deliver_or_enqueue`).
    is_stale: bool,
    /// When a classic queue looks at its head again.
    watched: Option<SimTime>,
    /// What has just come into an empty classic queue: it may go out at once, however
    /// little time it has.
    just_came: Option<u64>,
    /// Since when nobody has used it.
    pub(super) used: SimTime,
    /// Since when it is there.
    pub(super) since: SimTime,
    /// What was handed out last.
    pub(super) last: Option<Box<Entry>>,
    /// The consumer that gets everything, if there is to be one only.
    pub(super) active: Option<ConsumerIndex>,
    /// It makes room for one of a higher priority.
    pub(super) hands_over: bool,
}

impl Special {
    pub(super) fn new(arguments: Box<QueueArguments>, version: Version) -> Self {
        let (highest, precedence) = classes(&arguments, version);
        Special {
            hands_over: arguments.kind == QueueKind::Quorum && version >= Version::new(4, 0),
            active: None,
            limit: arguments.limit_of_returns(version),
            arguments,
            version,
            shelf: Shelf::new(highest, precedence),
            out: SortedMap::new(),
            delayed: SortedMap::new(),
            scheduled: 0,
            busy_until: SimTime::ZERO,
            bytes: 0,
            held: 0,
            publishers: Vec::new(),
            timer: None,
            is_stale: true,
            watched: None,
            just_came: None,
            used: SimTime::ZERO,
            since: SimTime::ZERO,
            last: None,
        }
    }

    /// An operator's policy changes one of its arguments. What is here keeps the time
    /// that it was given when it came (`rabbit_amqqueue_process:calculate_msg_expiry`,
    /// `rabbit_fifo:update_expiry_header`).
    pub(super) fn follow(&mut self, rule: QueueRule) {
        self.arguments.follow(rule);
        self.limit = self.arguments.limit_of_returns(self.version);
        if self.arguments.overflow == Overflow::DropHead {
            self.tell(false);
        }
    }

    fn is_quorum(&self) -> bool {
        self.arguments.kind == QueueKind::Quorum
    }

    /// Whether it keeps everything on the disk, whatever the message says.
    pub(super) fn keeps_all(&self) -> bool {
        self.is_quorum()
    }

    /// Whether `basic.get` works: a quorum queue with a single active consumer
    /// hands out to that one only.
    pub(super) fn can_be_asked(&self) -> bool {
        !self.arguments.hands_out_to_one_only()
    }

    /// Whether it tells somebody who asks for one message how many are left before it has
    /// looked what is over: a quorum queue does that (`rabbit_fifo:apply`, `dequeue`), a
    /// classic queue looks at its new head before it counts
    /// (`rabbit_amqqueue_process:fetch`).
    pub(super) fn counts_first(&self, automatic: bool) -> bool {
        self.is_quorum() && !automatic
    }

    /// Whether the window of a consumer grows by one with what it puts back once too often,
    /// because that is counted as settled and as returned: in a quorum queue until 3.13
    /// (seen on 3.10).
    pub(super) fn widens_windows(&self) -> bool {
        self.is_quorum() && self.version < Version::new(4, 0)
    }

    /// Whether consumers wait in the order in which they came, whatever their
    /// priority: those of a quorum queue with a single active one, until 3.13.
    pub(super) fn ignores_ranks(&self) -> bool {
        self.is_quorum() && self.arguments.single_active_consumer && !self.hands_over
    }

    /// A message that was in the queue when it was an ordinary one.
    pub(super) fn adopt(&mut self, position: u64, message: Message, returned: bool) {
        let mut entry = Entry::bare(message);
        entry.returns = u32::from(returned);
        self.shelf.put_back(Spot { class: 0, position }, entry);
    }

    /// A message of which the queue knows that it has it, and what it carries: its
    /// time begins anew.
    pub(super) fn inherit(
        &mut self,
        now: SimTime,
        position: u64,
        (message, bytes): (Message, u64),
        properties: Option<&Properties>,
    ) {
        let mut entry = Entry::bare(message);
        entry.bytes = bytes;
        self.bytes += bytes;
        self.held += bytes;
        (entry.entered, entry.expires) = (now, self.expiry(now, properties));
        let class = self.class(properties.and_then(|properties| properties.priority));
        let highest = self.shelf.classes() - 1;
        let class = class.min(highest);
        self.shelf.put_back(Spot { class, position }, entry);
        self.shelf.skip_to(position + 1);
    }

    /// When a message expires that is there from `entered` on.
    fn expiry(&self, entered: SimTime, properties: Option<&Properties>) -> Option<SimTime> {
        let of_message = properties.and_then(|properties| properties.expiration_ms().ok().flatten());
        let ttl: Option<SimSpan> = match (of_message.map(milliseconds), self.arguments.message_ttl) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        ttl.map(|ttl| entered.saturating_add(ttl))
    }

    /// The next position is this one.
    pub(super) fn skip_to(&mut self, position: u64) {
        self.shelf.skip_to(position);
    }

    /// Adds a message.
    pub(super) fn push(&mut self, now: SimTime, post: Post, properties: Option<&Properties>) {
        let entered = now.saturating_add(post.delay);
        // A dead letter has lost an expiration of its own.
        let expires = self.expiry(entered, properties.filter(|_| post.story.is_none()));
        let entry = Entry {
            message: post.message,
            bytes: post.bytes,
            exchange: post.exchange,
            key: post.key,
            entered,
            expires,
            returns: 0,
            failures: 0,
            story: post.story,
            is_scheduled: entered > now,
        };
        self.held += entry.bytes;
        let class = self.class(properties.and_then(|properties| properties.priority));
        if entry.is_scheduled {
            let position = self.shelf.next_position();
            self.shelf.skip_to(position + 1);
            self.scheduled += 1;
            self.delayed
                .insert((entered, position), (Spot { class, position }, entry));
            return;
        }
        self.bytes += entry.bytes;
        let position = self.shelf.push(class, entry).position;
        if self.shelf.len() == 1 {
            self.is_stale = true;
            self.just_came = Some(position);
        }
    }

    fn class(&self, priority: Option<u8>) -> u8 {
        if self.is_quorum() && self.version < Version::new(4, 3) {
            u8::from(priority.is_some_and(|priority| priority > NORMAL_PRIORITY))
        } else if self.is_quorum() {
            priority.unwrap_or(NORMAL_PRIORITY)
        } else {
            priority.unwrap_or(0)
        }
    }

    /// The position of what will be added next.
    pub(super) fn next_position(&self) -> u64 {
        self.shelf.next_position()
    }

    /// The position of what was added last.
    pub(super) fn last_position(&self) -> u64 {
        self.shelf.next_position() - 1
    }

    /// Takes the head, to be handed out.
    pub(super) fn pop(&mut self) -> Option<Ready> {
        let (spot, entry) = self.shelf.pop()?;
        self.is_stale = true;
        self.bytes -= entry.bytes;
        let ready = Ready {
            message: entry.message,
            position: spot.position,
            returned: entry.returns > 0,
        };
        self.last = Some(entry.clone().into());
        self.out.insert(spot.position, (spot, entry));
        Some(ready)
    }

    /// What was handed out is settled for good.
    pub(super) fn settle(&mut self, position: u64, message: Message) -> Entry {
        let entry = self.take_out(position, message).1;
        self.held -= entry.bytes;
        entry
    }

    fn take_out(&mut self, position: u64, message: Message) -> (Spot, Entry) {
        // What was handed out by an ordinary queue is not known here.
        let bare = || (Spot { class: 0, position }, Entry::bare(message));
        self.out.remove(&position).unwrap_or_else(bare)
    }

    /// What was handed out comes back, because of a failure or because a
    /// consumer wants it. Returns it if it came back too often.
    pub(super) fn put_back(&mut self, now: SimTime, position: u64, message: Message, failed: bool) -> Option<Entry> {
        let (spot, mut entry) = self.take_out(position, message);
        entry.returns += 1;
        if !self.is_quorum() {
            self.bytes += entry.bytes;
            self.is_stale = true;
            self.shelf.put_back(spot, entry);
            return None;
        }
        if failed || self.version.counts_requeues() {
            entry.failures += 1;
        }
        if self.limit.is_some_and(|limit| entry.failures > limit) {
            self.held -= entry.bytes;
            return Some(entry);
        }
        let retry = self.arguments.delayed_retry;
        let retry = retry.filter(|retry| if failed { retry.of_failed } else { retry.of_returned });
        if let Some(retry) = retry {
            let times = u64::from(entry.failures.max(1));
            let delay = retry.min.nanos().saturating_mul(times).min(retry.max.nanos());
            let due = now.saturating_add(SimSpan::from_nanos(delay));
            self.delayed.insert((due, spot.position), (spot, entry));
            return None;
        }
        self.bytes += entry.bytes;
        if self.limit.is_none() && !failed {
            // Without a limit it is written anew, so that the log can be cut.
            self.shelf.push(spot.class, entry);
        } else {
            self.shelf.put_in_front(spot, entry);
        }
        None
    }

    /// What has waited long enough after it came back, or at its exchange, waits for
    /// a consumer. Calls `moved` with the old and the new position of what has only
    /// come now: behind everything else.
    pub(super) fn end_delays(&mut self, now: SimTime, mut moved: impl FnMut(u64, u64)) {
        let is_due =
            |delayed: &SortedMap<(SimTime, u64), _>| delayed.first_key_value().is_some_and(|((due, _), _)| *due <= now);
        while is_due(&self.delayed)
            && let Some((_, (spot, mut entry))) = self.delayed.pop_first()
        {
            self.is_stale = true;
            self.bytes += entry.bytes;
            if !entry.is_scheduled {
                self.shelf.put_in_front(spot, entry);
                continue;
            }
            self.scheduled -= 1;
            entry.is_scheduled = false;
            moved(spot.position, self.shelf.push(spot.class, entry).position);
        }
    }

    /// Whether it is still busy with what it handed out last.
    pub(super) fn is_busy(&self, now: SimTime) -> bool {
        self.busy_until > now
    }

    /// It hands out a message, which keeps it busy.
    pub(super) fn work(&mut self, now: SimTime) {
        if let Some(takes) = self.arguments.dequeue {
            self.busy_until = now.saturating_add(takes);
        }
    }

    /// How many messages an exchange keeps back.
    pub(super) fn scheduled(&self) -> usize {
        self.scheduled
    }

    /// Takes a message whose time is over. Only what is at the head is looked
    /// at: in a classic queue at that of all priorities, and only if it may have
    /// changed or its time has come; in a quorum queue at that of each. What has just
    /// come has a chance to go out at once, and is `spared`.
    pub(super) fn pop_expired(&mut self, now: SimTime, spared: bool) -> Option<(u64, Entry)> {
        if !self.is_quorum() {
            return self.pop_expired_head(now, spared);
        }
        let is_over = |(_, entry): &(Spot, &Entry)| {
            let is_spared = spared && entry.entered == now;
            entry.expires.is_some_and(|expires| expires <= now) && !is_spared
        };
        let mut classes = (0..self.shelf.classes()).rev();
        let spot = classes.find_map(|class| self.shelf.head_of(class).filter(is_over))?.0;
        self.remove_head(spot.class)
    }

    fn pop_expired_head(&mut self, now: SimTime, spared: bool) -> Option<(u64, Entry)> {
        self.is_stale |= self.watched.is_some_and(|watched| watched <= now);
        if !self.is_stale {
            return None;
        }
        let head = self.shelf.head().map(|(spot, entry)| (spot, entry.expires));
        if spared && head.is_some_and(|(spot, _)| self.just_came == Some(spot.position)) {
            return None;
        }
        self.just_came = None;
        if let Some((spot, Some(expires))) = head
            && expires <= now
        {
            return self.remove_head(spot.class);
        }
        self.is_stale = false;
        self.watched = head.and_then(|(_, expires)| expires);
        None
    }

    fn remove_head(&mut self, class: u8) -> Option<(u64, Entry)> {
        let (spot, entry) = self.shelf.pop_of(class)?;
        self.bytes -= entry.bytes;
        self.held -= entry.bytes;
        Some((spot.position, entry))
    }

    /// Takes the head if there is too much.
    pub(super) fn pop_surplus(&mut self) -> Option<(u64, Entry)> {
        if self.arguments.overflow != Overflow::DropHead || !self.exceeds(self.counted(), self.bytes) {
            return None;
        }
        self.is_stale = true;
        self.remove_head(self.shelf.head()?.0.class)
    }

    /// How many messages count towards the limit: what is handed out does not.
    fn counted(&self) -> u64 {
        (self.shelf.len() + self.delayed.len() - self.scheduled) as u64
    }

    fn exceeds(&self, messages: u64, bytes: u64) -> bool {
        let QueueArguments {
            max_length,
            max_length_bytes,
            ..
        } = *self.arguments;
        max_length.is_some_and(|max| messages > max) || max_length_bytes.is_some_and(|max| bytes > max)
    }

    /// Whether a classic queue refuses a message of so many bytes: it looks ahead.
    fn refuses(&self, bytes: u64) -> bool {
        match self.arguments.overflow {
            Overflow::DropHead => false,
            _ => self.exceeds(self.counted() + 1, self.bytes + bytes),
        }
    }

    /// Whether it refuses a message of so many bytes that a channel publishes. A quorum
    /// queue tells each of its publishers when it has become too full, and again when it
    /// is down to four fifths; one that is new is told how things stand. What is
    /// dead-lettered comes from none, and no quorum queue refuses it.
    pub(super) fn refuses_from(&mut self, bytes: u64, from: Option<Publisher>) -> bool {
        if !self.arguments.tells_publishers() {
            return self.refuses(bytes);
        }
        let Some(from) = from else { return false };
        let known = self.publishers.iter().find(|(known, _)| *known == from);
        if let Some((_, is_told)) = known {
            return *is_told;
        }
        let is_full = self.exceeds(self.counted(), self.bytes);
        self.publishers.push((from, is_full));
        is_full
    }

    /// Channels are gone.
    pub(super) fn forget(&mut self, is_gone: impl Fn(Publisher) -> bool) {
        self.publishers.retain(|(known, _)| !is_gone(*known));
    }

    /// It tells its publishers whether it is full.
    fn tell(&mut self, is_full: bool) {
        self.publishers.iter_mut().for_each(|(_, is_told)| *is_told = is_full);
    }

    /// Looks how full it is.
    pub(super) fn look_at_level(&mut self) {
        let is_below = |max: Option<u64>, now| max.is_none_or(|max| now <= max.saturating_mul(4) / 5);
        if self.exceeds(self.counted(), self.bytes) {
            self.tell(true);
        } else if is_below(self.arguments.max_length, self.counted())
            && is_below(self.arguments.max_length_bytes, self.bytes)
        {
            self.tell(false);
        }
    }

    /// When something has to be looked at again.
    pub(super) fn next_due(&self, now: SimTime, is_unused: bool) -> Option<SimTime> {
        // Those that `pop_expired` looks at.
        let head = |class: u8| Some(self.shelf.head_of(class)?.1.expires);
        let heads = (0..self.shelf.classes()).filter(|_| self.is_quorum()).filter_map(head);
        let heads = heads.flatten().chain(self.watched);
        let delayed = self.delayed.first_key_value().map(|((due, _), _)| *due);
        let unused = self.unused_until(now).filter(|_| is_unused);
        let idle = Some(self.busy_until).filter(|until| *until > now && !self.shelf.is_empty());
        heads.chain(delayed).chain(unused).chain(idle).min()
    }

    /// Until when it may stay without being used. A quorum queue looks every five
    /// seconds only (`rabbit_fifo:tick`, `quorum_tick_interval`).
    pub(super) fn unused_until(&self, now: SimTime) -> Option<SimTime> {
        let until = self.used.saturating_add(self.arguments.expires?);
        if !self.is_quorum() {
            return Some(until);
        }
        let after = until.saturating_since(self.since).nanos();
        let after = after.max(now.saturating_since(self.since).nanos().saturating_sub(1));
        let ticks = after / QUORUM_TICK.nanos() + 1;
        let wait = SimSpan::from_nanos(ticks.saturating_mul(QUORUM_TICK.nanos()));
        Some(self.since.saturating_add(wait))
    }

    pub(super) fn len(&self) -> usize {
        self.shelf.len()
    }

    pub(super) fn head(&self) -> Option<Message> {
        self.shelf.head().map(|(_, entry)| entry.message)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Message> {
        self.shelf.iter().map(|(_, entry)| entry.message)
    }

    /// Keeps what `keep` wants of what waits.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(u64, Message) -> bool) {
        self.is_stale = true;
        let (bytes, held) = (&mut self.bytes, &mut self.held);
        self.shelf.retain(|spot, entry| {
            let stays = keep(spot.position, entry.message);
            if !stays {
                *bytes -= entry.bytes;
                *held -= entry.bytes;
            }
            stays
        });
        let scheduled = &mut self.scheduled;
        self.delayed.retain(|_, (spot, entry)| {
            let stays = keep(spot.position, entry.message);
            if !stays {
                *held -= entry.bytes;
                *scheduled -= usize::from(entry.is_scheduled);
            }
            stays
        });
    }

    /// How many messages are here, also those that are handed out.
    pub(super) fn held_messages(&self) -> u64 {
        (self.shelf.len() + self.delayed.len() + self.out.len()) as u64
    }

    /// How many bytes these have.
    pub(super) fn held_bytes(&self) -> u64 {
        self.held
    }
}

impl Entry {
    /// A message of which nothing else is known.
    pub(super) fn bare(message: Message) -> Self {
        Entry {
            message,
            bytes: 0,
            exchange: ExchangeId::DEFAULT,
            key: KeyId::UNBOUND,
            entered: SimTime::ZERO,
            expires: None,
            returns: 0,
            failures: 0,
            story: None,
            is_scheduled: false,
        }
    }

    /// What becomes of it when it is given up in `queue`: its story with one
    /// death more.
    pub(super) fn die(mut self, config: &Config, at: SimTime, queue: QueueId, reason: Reason) -> (Self, Box<Story>) {
        let properties = config.properties(self.message);
        let had_expiration = self.story.is_none();
        let mut story = self.story.take().unwrap_or_default();
        let death = Death {
            exchange: self.exchange,
            keys: keys(config, self.message, self.key, story.is_key_chosen, Properties::copies),
            at,
            expiration: properties
                .filter(|_| had_expiration)
                .and_then(|known| known.expiration.clone()),
        };
        story.deaths.add(queue, reason, death);
        (self, story)
    }
}

/// The keys that a message is routed with: its own, and `more` if no queue has
/// chosen the key.
pub(super) fn keys<'a, I: Iterator<Item = &'a str>>(
    config: &'a Config,
    message: Message,
    key: KeyId,
    is_chosen: bool,
    more: fn(&'a Properties) -> I,
) -> Vec<String> {
    let copies = config.properties(message).filter(|_| !is_chosen);
    let copies = copies.into_iter().flat_map(more);
    config.key(key).into_iter().chain(copies).map(String::from).collect()
}

/// The highest class of priority, and which class is served first.
fn classes(arguments: &QueueArguments, version: Version) -> (u8, Precedence) {
    match arguments.kind {
        QueueKind::Classic => (arguments.max_priority.unwrap_or(0), Precedence::Strict),
        QueueKind::Quorum if version < Version::new(4, 0) => (0, Precedence::Strict),
        QueueKind::Quorum if version < Version::new(4, 3) => (1, Precedence::TwoToOne),
        QueueKind::Quorum => (QUORUM_PRIORITY_MAX, Precedence::Strict),
    }
}

impl Death {
    /// AMQP's word for a reason, as it stands in `x-death`.
    pub const fn word(reason: Reason) -> &'static str {
        match reason {
            Reason::Rejected => "rejected",
            Reason::Expired => "expired",
            Reason::Full => "maxlen",
            Reason::Returned => "delivery_limit",
        }
    }
}
