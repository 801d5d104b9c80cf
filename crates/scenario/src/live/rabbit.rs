//! What operators of RabbitMQ change while it runs: policies, bindings, mirrors, the
//! watermark of the memory.

use crate::keys::{APPLIES_TO, COUNT_MAX, OVERFLOWS};
use crate::names::{Named, Names};
use crate::phrase::Phrase;
use crate::read::{self, Read};
use crate::tree::Tree;
use mqlab_brokers::rabbitmq::{Address, Config, Overflow, PolicyRule, PolicyRuleKind as Kind, QueueId};
use mqlab_engine::plan::{Setting, SettingKind};
use mqlab_kernel::Bytes;

/// Adds the settings of a node or a cluster, with their paths below it.
pub(super) fn add(config: &Config, mut add: impl FnMut(&str, SettingKind)) {
    if config.memory.is_some() {
        add("watermark", SettingKind::Watermark);
    }
    super::mirrors::add(config, &mut add);
    let policies = config.policies.iter().flat_map(|policies| &policies.all);
    for (number, policy) in (0u16..).zip(policies) {
        for kind in Kind::ALL {
            let path = format!("policy.{}.{}", policy.name, policy_key(kind));
            add(&path, SettingKind::Policy(number, kind));
        }
    }
    for number in 0..config.bindings.len() as u16 {
        add(&format!("binding.{number}.bound"), SettingKind::Bound(number));
    }
}

/// The key of what a policy says.
pub(super) const fn policy_key(kind: Kind) -> &'static str {
    match kind {
        Kind::On => "on",
        Kind::Pattern => "pattern",
        Kind::ApplyTo => "apply_to",
        Kind::Priority => "priority",
        Kind::MessageTtl => "message_ttl",
        Kind::MaxLength => "max_length",
        Kind::MaxLengthBytes => "max_length_bytes",
        Kind::Overflow => "overflow",
        Kind::Expires => "expires",
        Kind::DeadLetter => "dead_letter",
        Kind::DeadLetterKey => "dead_letter_key",
        Kind::DeliveryLimit => "delivery_limit",
        Kind::Alternate => "alternate",
    }
}

/// The row of the table of keys.
pub(super) const fn policy_row(kind: Kind) -> &'static str {
    match kind {
        Kind::On => "broker.rabbitmq.policy.*.on",
        Kind::Pattern => "broker.rabbitmq.policy.*.pattern",
        Kind::ApplyTo => "broker.rabbitmq.policy.*.apply_to",
        Kind::Priority => "broker.rabbitmq.policy.*.priority",
        Kind::MessageTtl => "broker.rabbitmq.policy.*.message_ttl",
        Kind::MaxLength => "broker.rabbitmq.policy.*.max_length",
        Kind::MaxLengthBytes => "broker.rabbitmq.policy.*.max_length_bytes",
        Kind::Overflow => "broker.rabbitmq.policy.*.overflow",
        Kind::Expires => "broker.rabbitmq.policy.*.expires",
        Kind::DeadLetter => "broker.rabbitmq.policy.*.dead_letter",
        Kind::DeadLetterKey => "broker.rabbitmq.policy.*.dead_letter_key",
        Kind::DeliveryLimit => "broker.rabbitmq.policy.*.delivery_limit",
        Kind::Alternate => "broker.rabbitmq.policy.*.alternate",
    }
}

/// Reads what a policy is to say.
pub(super) fn read_rule(kind: Kind, tree: &Tree, names: &Names<'_>) -> Read<PolicyRule> {
    let exchange = |named: Named| named.exchange().map(Address::Exchange);
    let either = |named: Named| {
        named
            .queue()
            .map(|(_, queue)| Address::Queue(queue))
            .or(exchange(named))
    };
    let number = |most: u64| read::integer(tree, 0, most);
    let small = || number(1_000_000).map(|number| number as u32);
    Ok(match kind {
        Kind::On => PolicyRule::On(read::flag(tree)?),
        Kind::Pattern => PolicyRule::Pattern(crate::build::matching(&read::pattern(tree)?, names).into()),
        Kind::ApplyTo => PolicyRule::ApplyTo(crate::build::applies_to(Some(read::choice(tree, APPLIES_TO)?))),
        Kind::Priority => PolicyRule::Priority(small()?),
        Kind::MessageTtl => PolicyRule::MessageTtl(Some(read::span(tree)?)),
        Kind::Expires => PolicyRule::Expires(Some(read::span(tree)?)),
        Kind::MaxLength => PolicyRule::MaxLength(Some(number(COUNT_MAX)?)),
        Kind::MaxLengthBytes => PolicyRule::MaxLengthBytes(Some(read::bytes(tree)?)),
        Kind::Overflow => PolicyRule::Overflow(Some(crate::build::overflow_named(read::choice(tree, OVERFLOWS)?))),
        Kind::DeliveryLimit => PolicyRule::DeliveryLimit(Some(small()?)),
        Kind::DeadLetter => PolicyRule::DeadLetter(Some(names.read(tree, Phrase::QueueOrExchange, either)?)),
        Kind::DeadLetterKey => PolicyRule::DeadLetterKey(Some(read::key(tree)?.into())),
        Kind::Alternate => PolicyRule::Alternate(Some(names.read(tree, Phrase::AnExchange, Named::exchange)?)),
    })
}

/// A value as it is written in TOML; names are those of `config`.
pub(super) fn text(config: Option<&Config>, setting: Setting) -> Option<String> {
    let quoted = |text: &dyn std::fmt::Display| Some(format!("\"{text}\""));
    let rule = match setting {
        Setting::Policy { rule, .. } => rule,
        Setting::Bound { on, .. } => return Some(on.to_string()),
        Setting::Mirroring { rule, .. } => return Some(super::mirrors::text(rule)),
        Setting::Watermark(share) => return quoted(&read::share_text(share)),
        _ => return None,
    };
    match rule {
        PolicyRule::On(on) => Some(on.to_string()),
        PolicyRule::Pattern(pattern) => Some(crate::act::quoted(&pattern.text)),
        PolicyRule::ApplyTo(what) => quoted(&crate::build::applies_to_word(what)),
        PolicyRule::Priority(number) => Some(number.to_string()),
        PolicyRule::MessageTtl(span) | PolicyRule::Expires(span) => quoted(&span?),
        PolicyRule::MaxLength(most) => Some(most?.to_string()),
        PolicyRule::MaxLengthBytes(most) => quoted(&Bytes(most?)),
        PolicyRule::DeliveryLimit(limit) => Some(limit?.to_string()),
        PolicyRule::Overflow(overflow) => quoted(&match overflow? {
            Overflow::DropHead => "drop-head",
            Overflow::RejectPublish => "reject-publish",
            Overflow::RejectPublishDeadLetter => "reject-publish-dlx",
        }),
        PolicyRule::DeadLetter(to) => quoted(&config?.name(to?)?),
        PolicyRule::DeadLetterKey(key) => Some(crate::act::quoted(&key?)),
        PolicyRule::Alternate(to) => quoted(&config?.name(Address::Exchange(to?))?),
    }
}

/// The value of a setting in the plan.
pub(super) fn planned(config: &Config, kind: SettingKind) -> Option<String> {
    let setting = match kind {
        SettingKind::Policy(policy, rule) => Setting::Policy {
            policy,
            rule: config.policy_rule(policy, rule)?,
        },
        SettingKind::Bound(binding) => Setting::Bound {
            binding,
            on: !config.unbound.contains(config.bindings.get(usize::from(binding))?),
        },
        SettingKind::Mirroring(queue, rule) => Setting::Mirroring {
            queue,
            rule: config.cluster.as_ref()?.mirror_rule(QueueId(queue), rule)?,
        },
        SettingKind::Watermark => Setting::Watermark(config.memory?.watermark),
        _ => return None,
    };
    text(Some(config), setting)
}

/// Whether operators change it, and not the machine of a node.
pub(super) fn is_definition(kind: SettingKind) -> bool {
    matches!(
        kind,
        SettingKind::Policy(..) | SettingKind::Bound(_) | SettingKind::Mirroring(..) | SettingKind::Watermark
    )
}
