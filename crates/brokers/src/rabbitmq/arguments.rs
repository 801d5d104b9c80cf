//! The arguments of a queue, and which of them the node accepts.

use super::Version;
use super::properties::is_expiration;
use crate::parts::{Headers, Value, header};
use alloc::string::String;
use mqlab_kernel::{SimSpan, sort_by};

/// The type of a queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum QueueKind {
    /// On one node.
    #[default]
    Classic,
    /// A replicated log with its own rules for what comes back.
    Quorum,
}

/// What a full queue does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Overflow {
    /// The message at the head goes.
    #[default]
    DropHead,
    /// What is published is refused.
    RejectPublish,
    /// The same, and it is dead-lettered.
    RejectPublishDeadLetter,
}

/// Where what a queue gives up goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeadLetter {
    /// The name of the exchange; it need not exist.
    pub exchange: String,
    /// The routing key; without it the message keeps its own. It has to be
    /// among the node's keys.
    pub key: Option<String>,
}

/// How often a message may come back to a quorum queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DeliveryLimit {
    /// As often as the version says.
    #[default]
    OfVersion,
    /// For ever.
    Unlimited,
    /// As often as that.
    At(u32),
}

/// What comes back to a quorum queue waits before it is handed out again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DelayedRetry {
    /// Whether that is so for what consumers put back.
    pub of_returned: bool,
    /// Whether that is so for deliveries that failed.
    pub of_failed: bool,
    /// How long the first time, and so much more each time.
    pub min: SimSpan,
    /// Never longer than that.
    pub max: SimSpan,
}

/// The arguments of a queue.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct QueueArguments {
    /// `x-queue-type`.
    pub kind: QueueKind,
    /// `x-message-ttl`.
    pub message_ttl: Option<SimSpan>,
    /// `x-expires`.
    pub expires: Option<SimSpan>,
    /// `x-max-length`.
    pub max_length: Option<u64>,
    /// `x-max-length-bytes`.
    pub max_length_bytes: Option<u64>,
    /// `x-overflow`.
    pub overflow: Overflow,
    /// `x-dead-letter-exchange` and `x-dead-letter-routing-key`.
    pub dead_letter: Option<DeadLetter>,
    /// `x-max-priority` of a classic queue.
    pub max_priority: Option<u8>,
    /// `x-single-active-consumer`.
    pub single_active_consumer: bool,
    /// `x-delivery-limit` of a quorum queue.
    pub delivery_limit: DeliveryLimit,
    /// `x-delayed-retry-*` of a quorum queue.
    pub delayed_retry: Option<DelayedRetry>,
    /// How long the queue is busy with handing out one message: a queue is one
    /// process of the node. No argument of a real one; not given, it takes no time.
    pub dequeue: Option<SimSpan>,
    /// It is gone when its last consumer is.
    pub auto_delete: bool,
    /// The arguments that were given, by name: whoever declares the queue
    /// again has to give the same.
    pub given: Headers,
}

/// Why the node closes a channel: AMQP's reply codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u16)]
pub enum ChannelError {
    /// `ACCESS_REFUSED`.
    AccessRefused = 403,
    /// `NOT_FOUND`.
    NotFound = 404,
    /// `RESOURCE_LOCKED`.
    ResourceLocked = 405,
    /// `PRECONDITION_FAILED`.
    PreconditionFailed = 406,
    /// `NOT_IMPLEMENTED`.
    NotImplemented = 540,
}

/// Every argument by name.
const KNOWN: [&str; 27] = [
    "x-queue-type",
    "x-message-ttl",
    "x-expires",
    "x-max-length",
    "x-max-length-bytes",
    "x-overflow",
    "x-dead-letter-exchange",
    "x-dead-letter-routing-key",
    "x-max-priority",
    "x-single-active-consumer",
    "x-delivery-limit",
    "x-queue-mode",
    "x-delayed-retry-type",
    "x-delayed-retry-min",
    "x-delayed-retry-max",
    "x-dead-letter-strategy",
    "x-queue-version",
    "x-queue-master-locator",
    "x-queue-leader-locator",
    "x-quorum-initial-group-size",
    "x-max-in-memory-length",
    "x-max-in-memory-bytes",
    "x-max-age",
    "x-stream-max-segment-size-bytes",
    "x-stream-filter-size-bytes",
    "x-initial-cluster-size",
    "x-consumer-timeout",
];

impl QueueArguments {
    /// Whether it hands out to its single active consumer only: then `basic.get` is
    /// refused.
    pub(super) fn hands_out_to_one_only(&self) -> bool {
        self.kind == QueueKind::Quorum && self.single_active_consumer
    }

    /// Whether it tells each of its publishers when it is full: a classic queue refuses
    /// each message by itself (`rabbit_fifo:evaluate_limit`).
    pub(super) fn tells_publishers(&self) -> bool {
        self.kind == QueueKind::Quorum && self.overflow != Overflow::DropHead
    }

    /// What `queue.declare` says with its arguments. Names that nobody knows
    /// are ignored.
    ///
    /// # Errors
    /// `PRECONDITION_FAILED` if one has the wrong type, is out of its range, or
    /// is not one of the queue's type.
    pub fn read(given: &[(String, Value)], version: Version) -> Result<QueueArguments, ChannelError> {
        let read = Reader { given };
        let kind = match read.text("x-queue-type")? {
            None | Some("classic") => QueueKind::Classic,
            Some("quorum") => QueueKind::Quorum,
            Some(_) => return Err(ChannelError::PreconditionFailed),
        };
        let is_foreign = |name: &str| !belongs(name, kind, version);
        if given
            .iter()
            .any(|(name, _)| KNOWN.contains(&&name[..]) && is_foreign(name))
        {
            return Err(ChannelError::PreconditionFailed);
        }
        let arguments = QueueArguments {
            kind,
            message_ttl: read.milliseconds("x-message-ttl", 0)?,
            expires: read.milliseconds("x-expires", 1)?,
            max_length: read.number("x-max-length")?,
            max_length_bytes: read.number("x-max-length-bytes")?,
            overflow: read.overflow(kind)?,
            dead_letter: read.dead_letter()?,
            max_priority: read.priority()?,
            single_active_consumer: read.flag("x-single-active-consumer")?,
            delivery_limit: read.delivery_limit(version)?,
            delayed_retry: read.delayed_retry()?,
            dequeue: None,
            auto_delete: false,
            given: known(given),
        };
        read.look_at_others()?;
        Ok(arguments)
    }

    /// What `queue.declare` says of a queue that is there: arguments that queues of
    /// its type do not have are not looked at (`rabbit_amqqueue:assert_equivalence`).
    ///
    /// # Errors
    /// As [`QueueArguments::read`].
    pub fn read_again(&self, given: &[(String, Value)], version: Version) -> Result<QueueArguments, ChannelError> {
        let is_compared = |name: &str| belongs(name, self.kind, version);
        let given: Headers = given.iter().filter(|(name, _)| is_compared(name)).cloned().collect();
        QueueArguments::read(&given, version)
    }

    /// Most times that a message may come back.
    pub(super) fn limit_of_returns(&self, version: Version) -> Option<u32> {
        match self.delivery_limit {
            DeliveryLimit::OfVersion => version.default_delivery_limit(),
            DeliveryLimit::Unlimited => None,
            DeliveryLimit::At(limit) => Some(limit),
        }
    }
}

/// The arguments that mean something, by name; the type of a queue that is
/// classic anyway means nothing.
fn known(given: &[(String, Value)]) -> Headers {
    let is_default = |(name, value): &(String, Value)| name == "x-queue-type" && value.as_text() == Some("classic");
    let known = given
        .iter()
        .filter(|one| KNOWN.contains(&&one.0[..]) && !is_default(one));
    let mut known: Headers = known.cloned().collect();
    sort_by(&mut known, |(one, _), (other, _)| one.cmp(other));
    known
}

/// Whether queues of that type have such an argument.
fn belongs(name: &str, kind: QueueKind, version: Version) -> bool {
    match name {
        "x-delivery-limit" => kind == QueueKind::Quorum,
        "x-delayed-retry-type" | "x-delayed-retry-min" | "x-delayed-retry-max" => {
            kind == QueueKind::Quorum && version >= Version::new(4, 3)
        }
        "x-max-priority" => kind == QueueKind::Classic,
        "x-queue-mode" => kind == QueueKind::Classic && version < Version::new(4, 3),
        // Classic queues had a setting of their own until 3.10.
        "x-queue-leader-locator" => kind == QueueKind::Quorum || version > Version::OLDEST,
        "x-stream-filter-size-bytes" => version < Version::new(3, 13),
        "x-queue-version" | "x-queue-master-locator" => kind == QueueKind::Classic,
        "x-dead-letter-strategy"
        | "x-quorum-initial-group-size"
        | "x-max-in-memory-length"
        | "x-max-in-memory-bytes" => kind == QueueKind::Quorum,
        // Streams have these.
        "x-max-age" | "x-stream-max-segment-size-bytes" | "x-initial-cluster-size" => false,
        _ => true,
    }
}

/// The arguments as they are given.
struct Reader<'a> {
    given: &'a [(String, Value)],
}

impl<'a> Reader<'a> {
    fn text(&self, name: &str) -> Result<Option<&'a str>, ChannelError> {
        header(self.given, name)
            .map(|value| value.as_text().ok_or(ChannelError::PreconditionFailed))
            .transpose()
    }

    fn flag(&self, name: &str) -> Result<bool, ChannelError> {
        match header(self.given, name) {
            None => Ok(false),
            Some(Value::Boolean(flag)) => Ok(*flag),
            Some(_) => Err(ChannelError::PreconditionFailed),
        }
    }

    fn integer(&self, name: &str) -> Result<Option<i64>, ChannelError> {
        match header(self.given, name) {
            None => Ok(None),
            Some(Value::Integer(number)) => Ok(Some(*number)),
            Some(_) => Err(ChannelError::PreconditionFailed),
        }
    }

    fn number(&self, name: &str) -> Result<Option<u64>, ChannelError> {
        let number = self.integer(name)?.map(u64::try_from).transpose();
        number.map_err(|_| ChannelError::PreconditionFailed)
    }

    fn milliseconds(&self, name: &str, least: u64) -> Result<Option<SimSpan>, ChannelError> {
        let Some(number) = self.number(name)? else {
            return Ok(None);
        };
        if number < least || !is_expiration(number) {
            return Err(ChannelError::PreconditionFailed);
        }
        Ok(Some(milliseconds(number)))
    }

    fn overflow(&self, kind: QueueKind) -> Result<Overflow, ChannelError> {
        Ok(match self.text("x-overflow")? {
            None | Some("drop-head") => Overflow::DropHead,
            Some("reject-publish") => Overflow::RejectPublish,
            // A quorum queue logs a warning and drops its head.
            Some("reject-publish-dlx") if kind == QueueKind::Quorum => Overflow::DropHead,
            Some("reject-publish-dlx") => Overflow::RejectPublishDeadLetter,
            Some(_) => return Err(ChannelError::PreconditionFailed),
        })
    }

    /// Arguments that change nothing here, but have to be what they are.
    fn look_at_others(&self) -> Result<(), ChannelError> {
        let is_one_of = |name: &str, words: &[&str]| match self.text(name)? {
            Some(word) if !words.contains(&word) => Err(ChannelError::PreconditionFailed),
            _ => Ok(()),
        };
        is_one_of("x-queue-mode", &["default", "lazy"])?;
        is_one_of(
            "x-queue-leader-locator",
            &["client-local", "balanced", "random", "least-leaders"],
        )?;
        is_one_of("x-dead-letter-strategy", &["at-most-once", "at-least-once"])?;
        for name in ["x-max-in-memory-length", "x-max-in-memory-bytes"] {
            self.number(name)?;
        }
        let version = self.number("x-queue-version")?;
        let size = self.number("x-quorum-initial-group-size")?;
        if version.is_some_and(|version| !(1..=2).contains(&version)) || size == Some(0) {
            return Err(ChannelError::PreconditionFailed);
        }
        Ok(())
    }

    fn dead_letter(&self) -> Result<Option<DeadLetter>, ChannelError> {
        let exchange = self.text("x-dead-letter-exchange")?;
        let key = self.text("x-dead-letter-routing-key")?;
        if exchange.is_none() && key.is_some() {
            return Err(ChannelError::PreconditionFailed);
        }
        Ok(exchange.map(|exchange| DeadLetter {
            exchange: exchange.into(),
            key: key.map(Into::into),
        }))
    }

    fn priority(&self) -> Result<Option<u8>, ChannelError> {
        let number = self.number("x-max-priority")?.map(u8::try_from).transpose();
        number.map_err(|_| ChannelError::PreconditionFailed)
    }

    fn delivery_limit(&self, version: Version) -> Result<DeliveryLimit, ChannelError> {
        if version < Version::new(4, 0) {
            return Ok(self.unchecked_limit());
        }
        match self.integer("x-delivery-limit")? {
            None => Ok(DeliveryLimit::OfVersion),
            Some(limit) => match u32::try_from(limit) {
                Ok(limit) => Ok(DeliveryLimit::At(limit)),
                Err(_) if limit == -1 && version >= Version::new(4, 0) => Ok(DeliveryLimit::Unlimited),
                Err(_) => Err(ChannelError::PreconditionFailed),
            },
        }
    }

    /// Nobody looked at it until 3.13: whatever it is, deliveries are compared with
    /// it, in Erlang's order of terms (`rabbit_fifo:return_one`).
    fn unchecked_limit(&self) -> DeliveryLimit {
        match header(self.given, "x-delivery-limit") {
            None | Some(Value::Void) => DeliveryLimit::OfVersion,
            // The first return is one too many for anything below one.
            Some(Value::Integer(limit)) => DeliveryLimit::At(u32::try_from((*limit).max(0)).unwrap_or(u32::MAX)),
            // Every number comes before what is no number.
            Some(_) => DeliveryLimit::At(u32::MAX),
        }
    }

    fn delayed_retry(&self) -> Result<Option<DelayedRetry>, ChannelError> {
        let kind = self.text("x-delayed-retry-type")?;
        let min = self.milliseconds("x-delayed-retry-min", 0)?;
        let max = self.milliseconds("x-delayed-retry-max", 0)?;
        let (of_returned, of_failed) = match kind {
            None | Some("disabled") => return Ok(None),
            Some("all") => (true, true),
            Some("returned") => (true, false),
            Some("failed") => (false, true),
            Some(_) => return Err(ChannelError::PreconditionFailed),
        };
        let min = min.unwrap_or(SimSpan::ZERO);
        Ok(Some(DelayedRetry {
            of_returned,
            of_failed,
            min,
            max: max.unwrap_or(milliseconds(24 * 3_600_000)),
        }))
    }
}

/// Milliseconds as a span; longer than a run can be is as long as it can be.
pub(super) fn milliseconds(number: u64) -> SimSpan {
    SimSpan::from_nanos(number.saturating_mul(1_000_000).min(SimSpan::MAX.nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn read(given: &[(&str, Value)], version: Version) -> Result<QueueArguments, ChannelError> {
        let given: Vec<_> = given
            .iter()
            .map(|(name, value)| (String::from(*name), value.clone()))
            .collect();
        QueueArguments::read(&given, version)
    }

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn what_is_out_of_its_range_or_of_another_type_is_refused() {
        let refused = [
            ("x-max-priority", Value::Integer(256)),
            ("x-max-priority", Value::Integer(-1)),
            ("x-message-ttl", Value::Integer(-1)),
            ("x-message-ttl", text("100")),
            ("x-message-ttl", Value::Integer(315_360_000_001)),
            ("x-expires", Value::Integer(0)),
            ("x-max-length", Value::Integer(-1)),
            ("x-overflow", text("drop-tail")),
            ("x-queue-type", text("tea")),
            ("x-dead-letter-routing-key", text("without an exchange")),
            ("x-delivery-limit", Value::Integer(3)),
            ("x-single-active-consumer", Value::Integer(1)),
        ];
        for argument in refused {
            let result = read(core::slice::from_ref(&argument), Version::NEWEST);
            assert_eq!(result, Err(ChannelError::PreconditionFailed), "{argument:?}");
        }
        let accepted = [
            ("x-max-priority", Value::Integer(255)),
            ("x-message-ttl", Value::Integer(0)),
            ("x-message-ttl", Value::Integer(315_360_000_000)),
            ("x-expires", Value::Integer(1)),
            ("x-max-length", Value::Integer(0)),
            ("x-something-else", text("nobody knows")),
        ];
        for argument in accepted {
            assert!(
                read(core::slice::from_ref(&argument), Version::NEWEST).is_ok(),
                "{argument:?}"
            );
        }
    }

    #[test]
    fn what_was_given_is_more_than_what_it_means() {
        let classic = [("x-queue-type", text("classic"))];
        let overflow = [("x-overflow", text("drop-head"))];
        let none = read(&[], Version::NEWEST).unwrap();
        assert_eq!(read(&classic, Version::NEWEST).unwrap(), none);
        assert_ne!(read(&overflow, Version::NEWEST).unwrap(), none);
        let stranger = [("x-something-else", Value::Integer(1))];
        assert_eq!(read(&stranger, Version::NEWEST).unwrap(), none);
        let order = |first, second| read(&[first, second], Version::NEWEST).unwrap();
        let [one, other] = [
            ("x-max-length", Value::Integer(3)),
            ("x-message-ttl", Value::Integer(5)),
        ];
        assert_eq!(order(one.clone(), other.clone()), order(other, one));
    }

    #[test]
    fn words_and_numbers_that_change_nothing_have_to_be_right_all_the_same() {
        let quorum = || ("x-queue-type", text("quorum"));
        for (argument, is_right) in [
            (("x-dead-letter-strategy", text("at-least-once")), true),
            (("x-dead-letter-strategy", text("now-and-then")), false),
            (("x-quorum-initial-group-size", Value::Integer(0)), false),
            (("x-max-in-memory-length", Value::Integer(-1)), false),
            (("x-max-age", text("1D")), false),
        ] {
            let result = read(&[quorum(), argument.clone()], Version::NEWEST);
            assert_eq!(result.is_ok(), is_right, "{argument:?}");
        }
        let mode = |word| read(&[("x-queue-mode", text(word))], Version::OLDEST).is_ok();
        assert_eq!((mode("lazy"), mode("eager")), (true, false));
        let version = |number| read(&[("x-queue-version", Value::Integer(number))], Version::NEWEST).is_ok();
        assert_eq!((version(1), version(2), version(3)), (true, true, false));
    }

    #[test]
    fn a_version_knows_its_own_arguments() {
        let quorum = ("x-queue-type", text("quorum"));
        let unlimited = [quorum.clone(), ("x-delivery-limit", Value::Integer(-1))];
        // An older one compares with whatever it was given.
        let below = read(&unlimited, Version::OLDEST).unwrap();
        assert_eq!(below.limit_of_returns(Version::OLDEST), Some(0));
        let word = [quorum.clone(), ("x-delivery-limit", text("often"))];
        let above = read(&word, Version::OLDEST).unwrap();
        assert_eq!(above.limit_of_returns(Version::OLDEST), Some(u32::MAX));
        assert!(read(&word, Version::NEWEST).is_err());
        assert_eq!(
            read(&unlimited, Version::NEWEST)
                .unwrap()
                .limit_of_returns(Version::NEWEST),
            None
        );
        let delayed = [quorum.clone(), ("x-delayed-retry-type", text("all"))];
        assert!(read(&delayed, Version::new(4, 2)).is_err());
        assert!(read(&delayed, Version::NEWEST).unwrap().delayed_retry.is_some());
        let limit = |version| {
            read(core::slice::from_ref(&quorum), version)
                .unwrap()
                .limit_of_returns(version)
        };
        assert_eq!((limit(Version::OLDEST), limit(Version::new(4, 0))), (None, Some(20)));
        let lazy = [("x-queue-mode", text("lazy"))];
        assert!(read(&lazy, Version::new(4, 2)).is_ok() && read(&lazy, Version::NEWEST).is_err());
    }
}
