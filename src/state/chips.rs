//! Verdicts as chips: what is said of a variant, and whether it is good.

use super::format;
use super::texts::{Key, Language};
use mqlab_engine::plan::{Overload, Setting, SettingKind, Strain};
use mqlab_engine::{PlaceKind, VerdictKind, World};
use mqlab_kernel::sort_by_key;
use mqlab_model::{Fact, FactKind, NodeId};

/// How a chip is meant: decides its colour, its shape and its word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// A square.
    Good,
    /// A triangle.
    Bad,
    /// A circle: worth knowing, nobody's fault.
    Note,
}

impl Tone {
    /// Its name in the style sheet and in tests.
    pub const fn name(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Note => "note",
        }
    }

    /// Its word, for those who see neither colour nor shape.
    pub const fn word(self) -> Key {
        match self {
            Tone::Good => Key::ChipGood,
            Tone::Bad => Key::ChipBad,
            Tone::Note => Key::ChipNote,
        }
    }
}

/// One chip.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chip {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: String,
    /// A stable name of what it is about.
    pub about: &'static str,
    /// The first fact that shows it.
    pub first: Option<Fact>,
}

/// The chips of a world as it stands now, in the order of weight.
pub fn chips(world: &World, language: Language) -> Vec<Chip> {
    let mut chips = Vec::new();
    if let Some(hit) = world.limit_hit() {
        chips.push(chip(Tone::Bad, "limit", language.with(Key::ChipLimit, hit.name())));
    }
    for verdict in world.verdicts() {
        let number = format::count(verdict.count);
        let bad = verdict.count > 0;
        let (tone, text) = match verdict.kind {
            // What is always said, because its absence is news too.
            VerdictKind::Lost => {
                let tone = if bad { Tone::Bad } else { Tone::Good };
                (tone, language.with(Key::ChipLost, &number))
            }
            VerdictKind::Overloaded if bad => {
                let at = verdict.first.map_or_else(String::new, |fact| fact.at.to_string());
                (Tone::Bad, language.with(Key::ChipOverloaded, &at))
            }
            VerdictKind::Overloaded if can_be_overloaded(world) => {
                (Tone::Good, language.text(Key::ChipNotOverloaded).to_owned())
            }
            _ if !bad => continue,
            VerdictKind::UnconfirmedLost => (Tone::Bad, language.with(Key::ChipLostUnconfirmed, &number)),
            VerdictKind::Duplicated => (Tone::Bad, language.with(Key::ChipDuplicated, &number)),
            VerdictKind::Reordered => (Tone::Bad, language.with(Key::ChipReordered, &number)),
            VerdictKind::Phantom => (Tone::Bad, language.with(Key::ChipPhantom, &number)),
            VerdictKind::Stuck => (Tone::Bad, language.with(Key::ChipStuck, &number)),
            VerdictKind::Inconsistent => (Tone::Bad, language.with(Key::ChipInconsistent, &number)),
            VerdictKind::StaleRead => (Tone::Bad, language.with(Key::ChipStaleRead, &number)),
            VerdictKind::Skipped => (Tone::Bad, language.with(Key::ChipSkipped, &number)),
            VerdictKind::OverDelivered => (Tone::Bad, language.with(Key::ChipOverDelivered, &number)),
            VerdictKind::Starved => (Tone::Bad, language.with(Key::ChipStarved, &number)),
            VerdictKind::Expired => (Tone::Bad, language.with(Key::ChipExpired, &number)),
            VerdictKind::NonMonotonic => (Tone::Note, language.with(Key::ChipNonMonotonic, &number)),
            // While it runs there is always something of which nobody can tell.
            VerdictKind::Unknown if world.is_over() => (Tone::Note, language.with(Key::ChipUnknown, &number)),
            VerdictKind::Unknown => continue,
            VerdictKind::DeliveredAgain => (Tone::Note, language.with(Key::ChipAgain, &number)),
            VerdictKind::Overloaded => continue,
        };
        let shown = Chip {
            first: verdict.first,
            ..chip(tone, verdict.kind.name(), text)
        };
        chips.push(shown);
    }
    let refused = refused(world);
    if refused > 0 {
        let text = language.with(Key::ChipRefused, &format::count(refused));
        chips.push(chip(Tone::Bad, "refused", text));
    }
    // What a queue gives up as it was told to is not lost, and gone all the same.
    let deleted = world.deleted_unread();
    for (count, tone, about, text) in [
        (
            in_queues(world, FactKind::Evicted),
            Tone::Bad,
            "evicted",
            Key::ChipEvicted,
        ),
        (
            in_queues(world, FactKind::Expired),
            Tone::Note,
            "ttl_expired",
            Key::ChipTimedOut,
        ),
        (
            deleted.by_retention,
            Tone::Note,
            "deleted_unread",
            Key::KafkaDeletedUnread,
        ),
        (
            deleted.by_compaction,
            Tone::Note,
            "compacted_unread",
            Key::KafkaCompactedUnread,
        ),
        (deleted.by_either, Tone::Note, "cleaned_unread", Key::KafkaCleanedUnread),
    ] {
        if count > 0 {
            chips.push(chip(tone, about, language.with(text, &format::count(count))));
        }
    }
    // What is wrong stands first; the order within stays.
    sort_by_key(&mut chips, |chip| match chip.tone {
        Tone::Bad => 0,
        Tone::Note => 1,
        Tone::Good => 2,
    });
    chips
}

fn chip(tone: Tone, about: &'static str, text: String) -> Chip {
    Chip {
        tone,
        text,
        about,
        first: None,
    }
}

/// Whether anything dies of too much: of what only slows down nobody expects
/// that.
fn can_be_overloaded(world: &World) -> bool {
    let mut nodes = (0..world.node_count() as u16).map(NodeId);
    let dies = |node: NodeId| {
        let of = |kind| world.setting(node, kind);
        of(SettingKind::Overload) == Some(Setting::Overload(Overload::Dies)) && of(SettingKind::Capacity).is_some()
            || of(SettingKind::Strain) == Some(Setting::Strain(Strain::Dies))
    };
    nodes.any(dies)
}

/// What the loads were told was not taken.
fn refused(world: &World) -> u64 {
    counted(world, PlaceKind::Load, FactKind::Refused)
}

/// What happened to messages in queues. What a log deletes many have read.
fn in_queues(world: &World, fact: FactKind) -> u64 {
    counted(world, PlaceKind::Queue, fact)
}

fn counted(world: &World, kind: PlaceKind, fact: FactKind) -> u64 {
    let places = world.places().iter().filter(|(_, place)| place.kind == kind);
    places.map(|(id, _)| world.fact_count(id, fact)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_scenario::Runner;

    fn chips_of(variant: usize) -> Vec<(Tone, String)> {
        let text = r#"
            title = "t"
            until = "10s"
            broker.rabbitmq.queue.orders = {}
            table.mysql = { capacity = "10/s", overload = "dies" }
            service.writer = { consume = { queue = "orders" }, steps = [{ insert = "mysql" }, "ack"] }
            load.users = { to = "orders", rate = "20/s" }
            variant.queued = {}
            [variant.direct]
            load.users.to = "handler"
            service.handler = { steps = [{ insert = "mysql" }] }
        "#;
        let (scenario, found) = mqlab_scenario::parse(text);
        let scenario = scenario.unwrap_or_else(|| panic!("{found:#?}"));
        let mut runner = Runner::new(&scenario, variant);
        runner.finish();
        let chips = chips(runner.world(), Language::English);
        chips.into_iter().map(|chip| (chip.tone, chip.text)).collect()
    }

    #[test]
    fn what_is_fine_is_said_as_well() {
        // The run ends while the queue is still long.
        let expected = [
            (Tone::Note, "101 still open"),
            (Tone::Good, "0 lost"),
            (Tone::Good, "nothing overloaded"),
        ];
        assert_eq!(chips_of(0), expected.map(|(tone, text)| (tone, text.to_owned())));
    }

    #[test]
    fn what_cannot_be_overloaded_is_not_said_to_be_well() {
        let text = r#"
            title = "t"
            until = "10s"
            table.mysql = { capacity = "10/s" }
            service.handler = { steps = [{ insert = "mysql" }] }
            load.users = { to = "handler", rate = "20/s" }
        "#;
        let (scenario, found) = mqlab_scenario::parse(text);
        let mut runner = Runner::new(&scenario.unwrap_or_else(|| panic!("{found:#?}")), 0);
        runner.finish();
        let chips = chips(runner.world(), Language::English);
        assert_eq!(
            chips.iter().map(|chip| chip.text.as_str()).collect::<Vec<_>>(),
            ["101 still open", "0 lost"]
        );
    }

    #[test]
    fn what_a_queue_gives_up_is_said() {
        let text = r#"
            title = "t"
            until = "10s"
            broker.rabbitmq.queue = { orders = { max_length = 3 }, offers = { message_ttl = "1s" } }
            load.users = { to = "orders", burst = 10 }
            load.others = { to = "offers", burst = 2 }
        "#;
        let (scenario, found) = mqlab_scenario::parse(text);
        let mut runner = Runner::new(&scenario.unwrap_or_else(|| panic!("{found:#?}")), 0);
        runner.finish();
        let chips = chips(runner.world(), Language::English);
        let said = |about| {
            chips
                .iter()
                .find(|chip| chip.about == about)
                .map(|chip| (chip.tone, chip.text.as_str()))
        };
        assert_eq!(said("evicted"), Some((Tone::Bad, "7 evicted from a full queue")));
        assert_eq!(said("ttl_expired"), Some((Tone::Note, "2 expired in a queue")));
        assert_eq!(said("lost"), Some((Tone::Good, "0 lost")));
        assert!(
            chips_of(0)
                .iter()
                .all(|(_, text)| !text.contains("evicted") && !text.contains("expired"))
        );
    }

    /// What a log has deleted of a topic of 40 records with these rules, in segments of
    /// ten, whose only reader comes after 10 seconds.
    fn said_of_a_log(rules: &str) -> Vec<(&'static str, String)> {
        let text = format!(
            "title = \"t\"\nuntil = \"20s\"\n\
             broker.kafka.topic.orders = {{ partitions = 1, replication_factor = 1, segment_bytes = \"1kB\", {rules} }}\n\
             broker.kafka.retention_check_interval = \"1s\"\nbroker.kafka.cleaner_backoff = \"1s\"\n\
             load.users = {{ to = \"orders\", rate = [[\"2s\", \"100/s\"]], count = 40, size = \"100B\", keys = [\"a\", \"b\"], key = \"in-turn\" }}\n\
             [service.reader]\nconsume = {{ topic = \"orders\", group = \"g\", offset_reset = \"earliest\" }}\nsteps = []\n\
             [[at]]\ntime = \"1ms\"\ncrash = \"reader\"\n[[at]]\ntime = \"10s\"\nrestart = \"reader\"\n"
        );
        let (scenario, found) = mqlab_scenario::parse(&text);
        let mut runner = Runner::new(&scenario.unwrap_or_else(|| panic!("{found:#?}")), 0);
        runner.finish();
        let chips = chips(runner.world(), Language::English).into_iter();
        let deletes = ["ttl_expired", "deleted_unread", "compacted_unread", "cleaned_unread"];
        chips
            .filter(|chip| deletes.contains(&chip.about))
            .map(|chip| (chip.about, chip.text))
            .collect()
    }

    #[test]
    fn what_a_log_deletes_before_it_is_read_is_said_in_its_own_words() {
        assert_eq!(said_of_a_log("retention = \"1m\""), []);
        let [(about, text)] = &said_of_a_log("retention = \"3s\"")[..] else {
            panic!("one chip");
        };
        assert_eq!(*about, "deleted_unread");
        assert!(text.ends_with(" deleted by retention before being read"), "{text}");
        let [(about, text)] = &said_of_a_log("cleanup_policy = \"compact\"")[..] else {
            panic!("one chip");
        };
        assert_eq!(*about, "compacted_unread");
        assert!(text.ends_with(" compacted away before being read"), "{text}");
    }

    #[test]
    fn what_broke_stands_first() {
        let chips = chips_of(1);
        assert_eq!(chips[0], (Tone::Bad, "overloaded at 00:00:00.5".to_owned()));
        assert_eq!(chips[1], (Tone::Bad, "195 refused".to_owned()));
    }
}
