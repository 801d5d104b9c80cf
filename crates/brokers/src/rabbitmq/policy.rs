//! Policies: arguments that operators give to whatever has a name of some pattern,
//! and change while the node runs (docs: "Policies"; `rabbitmqctl set_policy`,
//! `clear_policy`).
//!
//! At most one applies to a queue or an exchange: of those that are set and match, that
//! of the highest priority. What a queue says itself stays its own: of two limits
//! the lower one counts, and of anything else its own word
//! (`rabbit_queue_type_util:args_policy_lookup`).

use super::{
    Address, Config, DeadLetter, DeliveryLimit, ExchangeConfig, ExchangeId, Overflow, QueueArguments, QueueConfig,
    QueueId, QueueKind,
};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_kernel::SimSpan;

/// What a policy may be meant for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum AppliesTo {
    /// Queues and exchanges.
    #[default]
    All,
    /// Queues of any type.
    Queues,
    /// Those of this type.
    QueuesOf(QueueKind),
    /// Exchanges.
    Exchanges,
}

impl AppliesTo {
    /// Whether it is for queues of a type.
    pub fn has_queue(self, kind: QueueKind) -> bool {
        match self {
            AppliesTo::All | AppliesTo::Queues => true,
            AppliesTo::QueuesOf(only) => only == kind,
            AppliesTo::Exchanges => false,
        }
    }

    /// It as a number, for the record of changes.
    fn number(self) -> u64 {
        match self {
            AppliesTo::All => 0,
            AppliesTo::Queues => 1,
            AppliesTo::QueuesOf(kind) => 2 + kind as u64,
            AppliesTo::Exchanges => 4,
        }
    }

    /// Whether it is for exchanges.
    pub fn has_exchange(self) -> bool {
        matches!(self, AppliesTo::All | AppliesTo::Exchanges)
    }
}

/// What a policy says.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Definition {
    /// `message-ttl`.
    pub message_ttl: Option<SimSpan>,
    /// `expires`.
    pub expires: Option<SimSpan>,
    /// `max-length`.
    pub max_length: Option<u64>,
    /// `max-length-bytes`.
    pub max_length_bytes: Option<u64>,
    /// `overflow`.
    pub overflow: Option<Overflow>,
    /// `dead-letter-exchange`: an exchange without a key, or a queue by way of the default
    /// exchange, which then is the key.
    pub dead_letter: Option<DeadLetter>,
    /// `dead-letter-routing-key`, unless `dead_letter` is a queue. Looked up by itself: it
    /// is also for a queue that says only the exchange
    /// (`rabbit_amqqueue_process:init_dlx_rkey`).
    pub dead_letter_key: Option<String>,
    /// `delivery-limit`, of quorum queues.
    pub delivery_limit: Option<u32>,
    /// `alternate-exchange`, of exchanges.
    pub alternate: Option<String>,
}

/// The names that a policy is for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pattern {
    /// The regular expression.
    pub text: Box<str>,
    /// The queues whose names match, of whatever type.
    pub queues: Vec<QueueId>,
    /// The exchanges whose names match.
    pub exchanges: Vec<ExchangeId>,
}

/// A policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    /// Its name. Which of two of one priority applies RabbitMQ leaves open; here it is
    /// the first by name.
    pub name: String,
    /// What it is for.
    pub applies_to: AppliesTo,
    /// Of all that match, the one of the highest priority applies.
    pub priority: u32,
    /// Whether it is set now.
    pub is_set: bool,
    /// Which names it is for.
    pub pattern: Pattern,
    /// What it says.
    pub definition: Definition,
}

/// What may change of a policy while the node runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PolicyRule {
    /// Whether it is set.
    On(bool),
    /// [`Policy::pattern`].
    Pattern(Box<Pattern>),
    /// [`Policy::applies_to`].
    ApplyTo(AppliesTo),
    /// [`Policy::priority`].
    Priority(u32),
    /// [`Definition::message_ttl`].
    MessageTtl(Option<SimSpan>),
    /// [`Definition::expires`].
    Expires(Option<SimSpan>),
    /// [`Definition::max_length`].
    MaxLength(Option<u64>),
    /// [`Definition::max_length_bytes`].
    MaxLengthBytes(Option<u64>),
    /// [`Definition::overflow`].
    Overflow(Option<Overflow>),
    /// [`Definition::dead_letter`]: a queue by way of the default exchange, or an
    /// exchange.
    DeadLetter(Option<Address>),
    /// [`Definition::dead_letter_key`].
    DeadLetterKey(Option<Box<str>>),
    /// [`Definition::delivery_limit`].
    DeliveryLimit(Option<u32>),
    /// [`Definition::alternate`].
    Alternate(Option<ExchangeId>),
}

/// Which of these, without a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PolicyRuleKind {
    /// [`PolicyRule::On`].
    On,
    /// [`PolicyRule::Pattern`].
    Pattern,
    /// [`PolicyRule::ApplyTo`].
    ApplyTo,
    /// [`PolicyRule::Priority`].
    Priority,
    /// [`PolicyRule::MessageTtl`].
    MessageTtl,
    /// [`PolicyRule::MaxLength`].
    MaxLength,
    /// [`PolicyRule::MaxLengthBytes`].
    MaxLengthBytes,
    /// [`PolicyRule::Overflow`].
    Overflow,
    /// [`PolicyRule::Expires`].
    Expires,
    /// [`PolicyRule::DeadLetter`].
    DeadLetter,
    /// [`PolicyRule::DeadLetterKey`].
    DeadLetterKey,
    /// [`PolicyRule::DeliveryLimit`].
    DeliveryLimit,
    /// [`PolicyRule::Alternate`].
    Alternate,
}

impl PolicyRuleKind {
    /// All of them.
    pub const ALL: [PolicyRuleKind; 13] = [
        PolicyRuleKind::On,
        PolicyRuleKind::Pattern,
        PolicyRuleKind::ApplyTo,
        PolicyRuleKind::Priority,
        PolicyRuleKind::MessageTtl,
        PolicyRuleKind::MaxLength,
        PolicyRuleKind::MaxLengthBytes,
        PolicyRuleKind::Overflow,
        PolicyRuleKind::Expires,
        PolicyRuleKind::DeadLetter,
        PolicyRuleKind::DeadLetterKey,
        PolicyRuleKind::DeliveryLimit,
        PolicyRuleKind::Alternate,
    ];
}

/// What a queue itself says, without any policy.
#[derive(Clone, PartialEq, Debug)]
struct Own {
    arguments: QueueArguments,
    has_overflow: bool,
}

/// The policies of a node, and what they are laid upon.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Policies {
    /// In the order of the scenario.
    pub all: Vec<Policy>,
    queues: Vec<Own>,
    alternates: Vec<Option<String>>,
}

/// What changes in a queue while it runs. Everything else it was declared with. It travels
/// between the members of a cluster, whose frames have no room for options: what is
/// `NOTHING` is not there any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QueueRule {
    /// `message-ttl` in nanoseconds, of what comes from now on.
    MessageTtl(u64),
    /// `expires` in nanoseconds, counted from now on.
    Expires(u64),
    /// `max-length`.
    MaxLength(u64),
    /// `max-length-bytes`.
    MaxLengthBytes(u64),
    /// `overflow`.
    Overflow(Overflow),
    /// `delivery-limit`.
    DeliveryLimit(DeliveryLimit),
}

/// No limit; no run and no queue is so long.
const NOTHING: u64 = u64::MAX;

impl QueueArguments {
    /// What has to change so that a queue with these arguments follows `other`, as
    /// far as policies go. Dead letters are looked up when something dies.
    pub fn rules_towards(&self, other: &QueueArguments) -> Vec<QueueRule> {
        let of_span = |span: Option<SimSpan>| span.map_or(NOTHING, SimSpan::nanos);
        let all = |of: &QueueArguments| {
            [
                QueueRule::MessageTtl(of_span(of.message_ttl)),
                QueueRule::Expires(of_span(of.expires)),
                QueueRule::MaxLength(of.max_length.unwrap_or(NOTHING)),
                QueueRule::MaxLengthBytes(of.max_length_bytes.unwrap_or(NOTHING)),
                QueueRule::Overflow(of.overflow),
                QueueRule::DeliveryLimit(of.delivery_limit),
            ]
        };
        let pairs = all(self).into_iter().zip(all(other));
        pairs.filter_map(|(old, new)| (old != new).then_some(new)).collect()
    }

    /// One of them changes.
    pub fn follow(&mut self, rule: QueueRule) {
        let limit = |most: u64| (most != NOTHING).then_some(most);
        let span = |nanos: u64| limit(nanos).map(SimSpan::from_nanos);
        match rule {
            QueueRule::MessageTtl(nanos) => self.message_ttl = span(nanos),
            QueueRule::Expires(nanos) => self.expires = span(nanos),
            QueueRule::MaxLength(most) => self.max_length = limit(most),
            QueueRule::MaxLengthBytes(most) => self.max_length_bytes = limit(most),
            QueueRule::Overflow(overflow) => self.overflow = overflow,
            QueueRule::DeliveryLimit(limit) => self.delivery_limit = limit,
        }
    }
}

fn lower<T: Ord>(own: Option<T>, given: Option<T>) -> Option<T> {
    match (own, given) {
        (Some(own), Some(given)) => Some(own.min(given)),
        (own, given) => own.or(given),
    }
}

impl Own {
    /// The arguments of a queue with those of its policy.
    fn with(&self, given: &Definition) -> QueueArguments {
        let mut all = self.arguments.clone();
        all.message_ttl = lower(all.message_ttl, given.message_ttl);
        all.expires = lower(all.expires, given.expires);
        all.max_length = lower(all.max_length, given.max_length);
        all.max_length_bytes = lower(all.max_length_bytes, given.max_length_bytes);
        if let (Some(overflow), false) = (given.overflow, self.has_overflow) {
            all.overflow = match (overflow, all.kind) {
                // A quorum queue has no such thing, and drops its head.
                (Overflow::RejectPublishDeadLetter, QueueKind::Quorum) => Overflow::DropHead,
                (overflow, _) => overflow,
            };
        }
        all.dead_letter = all.dead_letter.take().or_else(|| given.dead_letter.clone());
        if let Some(DeadLetter { key: key @ None, .. }) = &mut all.dead_letter {
            *key = given.key().map(String::from);
        }
        if let (Some(given), QueueKind::Quorum) = (given.delivery_limit, all.kind) {
            all.delivery_limit = match all.delivery_limit {
                DeliveryLimit::At(own) => DeliveryLimit::At(own.min(given)),
                DeliveryLimit::OfVersion => DeliveryLimit::At(given),
                DeliveryLimit::Unlimited => DeliveryLimit::Unlimited,
            };
        }
        all
    }
}

impl Policies {
    /// `all`, over queues and exchanges as they say themselves what they want;
    /// `has_overflow` knows which queues say what they do when they are full.
    pub fn over(
        all: Vec<Policy>,
        queues: &[QueueConfig],
        exchanges: &[ExchangeConfig],
        has_overflow: impl Fn(QueueId) -> bool,
    ) -> Policies {
        let own = |(id, queue): (u16, &QueueConfig)| Own {
            arguments: queue.arguments.as_deref().cloned().unwrap_or_default(),
            has_overflow: has_overflow(QueueId(id)),
        };
        Policies {
            all,
            queues: (0..).zip(queues).map(own).collect(),
            alternates: exchanges.iter().map(|exchange| exchange.alternate.clone()).collect(),
        }
    }

    /// Those that match a queue, set or not.
    pub fn for_queue(&self, id: QueueId) -> impl Iterator<Item = &Policy> {
        let kind = self.queues.get(usize::from(id.0)).map(|own| own.arguments.kind);
        let matches = move |one: &&Policy| kind.is_some_and(|kind| one.applies_to.has_queue(kind));
        self.all
            .iter()
            .filter(move |one| one.pattern.queues.contains(&id))
            .filter(matches)
    }

    fn for_exchange(&self, id: ExchangeId) -> impl Iterator<Item = &Policy> {
        let matches = move |one: &&Policy| one.applies_to.has_exchange() && one.pattern.exchanges.contains(&id);
        self.all.iter().filter(matches)
    }
}

/// Which of several policies applies.
fn first<'a>(matching: impl Iterator<Item = &'a Policy>) -> Option<&'a Policy> {
    matching.filter(|one| one.is_set).reduce(|best, one| {
        let is_better = (one.priority, &best.name) > (best.priority, &one.name);
        if is_better { one } else { best }
    })
}

impl Config {
    /// Lays its policies over its queues and exchanges. Every queue then has
    /// arguments, so that it knows of its messages what a policy may ask for, also one whose
    /// pattern changes.
    pub fn follow_policies(&mut self) {
        let Some(policies) = &self.policies else { return };
        for (index, own) in (0..).zip(&policies.queues) {
            let applied = first(policies.for_queue(QueueId(index)));
            let arguments = applied.map_or_else(|| own.arguments.clone(), |policy| own.with(&policy.definition));
            self.queues[usize::from(index)].arguments = Some(arguments.into());
        }
        for (index, own) in (0..).zip(&policies.alternates) {
            let applied = first(policies.for_exchange(ExchangeId(index)));
            let given = applied.and_then(|policy| policy.definition.alternate.clone());
            // A deleted exchange has none.
            let exchange = &mut self.exchanges[usize::from(index)];
            if !exchange.name.is_empty() {
                exchange.alternate = own.clone().or(given);
            }
        }
    }

    /// A policy changes, with all that follows it. `None` if there is no such policy;
    /// else the new value as a number.
    pub fn change_policy(&mut self, policy: u16, rule: &PolicyRule) -> Option<u64> {
        let named = match *rule {
            PolicyRule::DeadLetter(Some(to)) => Some(String::from(self.name(to)?)),
            PolicyRule::Alternate(Some(to)) => Some(String::from(self.name(Address::Exchange(to))?)),
            PolicyRule::DeadLetterKey(ref key) => key.as_deref().map(String::from),
            _ => None,
        };
        if let (PolicyRule::DeadLetter(Some(Address::Queue(_))) | PolicyRule::DeadLetterKey(_), Some(key)) =
            (rule, &named)
        {
            self.intern(key);
        }
        let policy = self.policies.as_mut()?.all.get_mut(usize::from(policy))?;
        let value = policy.change(rule, named);
        self.follow_policies();
        Some(value)
    }

    /// What a policy says now; `None` if it says nothing of it.
    pub fn policy_rule(&self, policy: u16, kind: PolicyRuleKind) -> Option<PolicyRule> {
        let policy = self.policies.as_ref()?.all.get(usize::from(policy))?;
        let given = &policy.definition;
        Some(match kind {
            PolicyRuleKind::On => PolicyRule::On(policy.is_set),
            PolicyRuleKind::Pattern => PolicyRule::Pattern(policy.pattern.clone().into()),
            PolicyRuleKind::ApplyTo => PolicyRule::ApplyTo(policy.applies_to),
            PolicyRuleKind::Priority => PolicyRule::Priority(policy.priority),
            PolicyRuleKind::MessageTtl => PolicyRule::MessageTtl(Some(given.message_ttl?)),
            PolicyRuleKind::Expires => PolicyRule::Expires(Some(given.expires?)),
            PolicyRuleKind::MaxLength => PolicyRule::MaxLength(Some(given.max_length?)),
            PolicyRuleKind::MaxLengthBytes => PolicyRule::MaxLengthBytes(Some(given.max_length_bytes?)),
            PolicyRuleKind::Overflow => PolicyRule::Overflow(Some(given.overflow?)),
            PolicyRuleKind::DeliveryLimit => PolicyRule::DeliveryLimit(Some(given.delivery_limit?)),
            PolicyRuleKind::DeadLetter => {
                let to = given.dead_letter.as_ref()?;
                let queue = to.key.as_deref().filter(|_| to.exchange.is_empty());
                let to = match queue {
                    Some(queue) => Address::Queue(self.queue(queue)?),
                    None => Address::Exchange(self.exchange(&to.exchange)?),
                };
                PolicyRule::DeadLetter(Some(to))
            }
            PolicyRuleKind::DeadLetterKey => PolicyRule::DeadLetterKey(Some(given.dead_letter_key.as_deref()?.into())),
            PolicyRuleKind::Alternate => PolicyRule::Alternate(Some(self.exchange(given.alternate.as_deref()?)?)),
        })
    }
}

impl Policy {
    /// It says something else; `named` is the name of what the rule is about. The new
    /// value as a number.
    fn change(&mut self, rule: &PolicyRule, named: Option<String>) -> u64 {
        let of_span = |span: Option<SimSpan>| span.map_or(0, SimSpan::nanos);
        let given = &mut self.definition;
        match *rule {
            PolicyRule::On(on) => {
                self.is_set = on;
                u64::from(on)
            }
            PolicyRule::Pattern(ref pattern) => {
                self.pattern = Pattern::clone(pattern);
                (pattern.queues.len() + pattern.exchanges.len()) as u64
            }
            PolicyRule::ApplyTo(what) => {
                self.applies_to = what;
                what.number()
            }
            PolicyRule::Priority(priority) => {
                self.priority = priority;
                u64::from(priority)
            }
            PolicyRule::MessageTtl(ttl) => {
                given.message_ttl = ttl;
                of_span(ttl)
            }
            PolicyRule::Expires(expires) => {
                given.expires = expires;
                of_span(expires)
            }
            PolicyRule::MaxLength(most) => {
                given.max_length = most;
                most.unwrap_or(0)
            }
            PolicyRule::MaxLengthBytes(most) => {
                given.max_length_bytes = most;
                most.unwrap_or(0)
            }
            PolicyRule::Overflow(overflow) => {
                given.overflow = overflow;
                overflow.map_or(0, |overflow| overflow as u64)
            }
            PolicyRule::DeliveryLimit(limit) => {
                given.delivery_limit = limit;
                limit.map_or(0, u64::from)
            }
            PolicyRule::DeadLetter(to) => {
                given.dead_letter = to.zip(named).map(|(to, name)| DeadLetter::at(to, name));
                u64::from(to.is_some())
            }
            PolicyRule::DeadLetterKey(ref key) => {
                given.dead_letter_key = named;
                u64::from(key.is_some())
            }
            PolicyRule::Alternate(to) => {
                given.alternate = named;
                u64::from(to.is_some())
            }
        }
    }
}

impl Definition {
    /// The routing key of dead letters, if it says one.
    fn key(&self) -> Option<&str> {
        let queue = self.dead_letter.as_ref().and_then(|to| to.key.as_deref());
        queue.or(self.dead_letter_key.as_deref())
    }
}

impl DeadLetter {
    /// A queue by way of the default exchange, or an exchange with the message's own key.
    fn at(to: Address, name: String) -> DeadLetter {
        match to {
            Address::Queue(_) => DeadLetter {
                exchange: String::new(),
                key: Some(name),
            },
            Address::Exchange(_) => DeadLetter {
                exchange: name,
                key: None,
            },
        }
    }
}
