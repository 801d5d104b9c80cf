//! What is said of the log of a partition: its segments, and what becomes of
//! them.

use crate::state::format;
use crate::state::local;
use crate::state::texts::{Key, Language};
use mqlab_engine::{LogView, SegmentView, Slot};
use mqlab_kernel::SimTime;

/// What becomes of a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is written to.
    Active,
    /// The next look at old segments deletes it.
    Due,
    /// It is too old from this instant on.
    OldAt(SimTime),
    /// It was compacted.
    Clean,
    /// It is to be compacted.
    Dirty,
    /// Nothing takes it.
    Stays,
}

/// A segment in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SegmentRow {
    /// Its base offset.
    pub base: String,
    /// How many records it holds, and of how many offsets if that is not the same.
    pub records: String,
    /// Their size.
    pub size: String,
    /// How old its youngest record is.
    pub age: String,
    /// What becomes of it.
    pub fate: Fate,
    /// The same in words.
    pub word: String,
}

/// A size in bytes, exact.
pub fn size(bytes: u64) -> String {
    format!("{} B", format::count(bytes))
}

/// What becomes of a segment of a log.
pub fn fate(log: &LogView, segment: &SegmentView) -> Fate {
    let retention = log.settings.retention;
    let old_at = retention.time.filter(|_| retention.deletes);
    match old_at.map(|time| segment.newest.saturating_add(time)) {
        _ if segment.is_due => Fate::Due,
        _ if segment.is_active => Fate::Active,
        _ if log.settings.compaction.compacts && segment.end > log.first_dirty => Fate::Dirty,
        Some(at) => Fate::OldAt(at),
        None if log.settings.compaction.compacts => Fate::Clean,
        None => Fate::Stays,
    }
}

fn word(fate: Fate, language: Language) -> String {
    let key = match fate {
        Fate::Active => Key::KafkaSegmentActive,
        Fate::Due => Key::KafkaSegmentDue,
        Fate::OldAt(at) => return language.with(Key::KafkaSegmentOldAt, &at.to_string()),
        Fate::Clean => Key::KafkaSegmentClean,
        Fate::Dirty => Key::KafkaSegmentDirty,
        Fate::Stays => Key::KafkaSegmentStays,
    };
    language.text(key).to_owned()
}

/// The segments of a log, oldest first.
pub fn rows(log: &LogView, now: SimTime, language: Language) -> Vec<SegmentRow> {
    let row = |segment: &SegmentView| {
        let (records, offsets) = (segment.records, segment.end - segment.base);
        let fate = fate(log, segment);
        SegmentRow {
            base: format::count(segment.base),
            records: match records == offsets {
                true => format::count(records),
                false => format!("{} / {}", format::count(records), format::count(offsets)),
            },
            size: size(segment.bytes),
            age: local::span(now.saturating_since(segment.newest).nanos() as f64, language),
            fate,
            word: word(fate, language),
        }
    };
    log.segments.iter().map(row).collect()
}

/// What stands at the offsets of a log, counted.
pub fn summary(slots: &[Slot], language: Language) -> String {
    let count = |wanted: Slot| slots.iter().filter(|slot| **slot == wanted).count() as u64;
    let all = [
        ("{records}", count(Slot::Record) + count(Slot::Tombstone)),
        ("{tombstones}", count(Slot::Tombstone)),
        ("{markers}", count(Slot::Marker)),
        ("{gaps}", count(Slot::Gap)),
    ];
    let text = language.text(Key::KafkaSlots).to_owned();
    all.into_iter()
        .fold(text, |text, (name, count)| text.replace(name, &format::count(count)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::Lab;
    use crate::state::scenarios::{SCENARIOS, position};

    /// The log of a partition of a scenario of the gallery, and the time.
    fn log_at(stem: &str, variant: &str, name: &str, seconds: u64) -> (LogView, SimTime) {
        let text = SCENARIOS[position(stem).expect("it is in the gallery")].text();
        let (scenario, found) = mqlab_scenario::parse(text);
        let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
        let now = SimTime::from_nanos(seconds * 1_000_000_000);
        lab.advance(now, u64::MAX, |_| false);
        let lane = lab.lanes.iter().find(|lane| lane.name == variant).expect("it is there");
        let place = lane.world().places().named(name).expect("it is there");
        (lane.world().log_view(place).expect("it is a partition"), now)
    }

    #[test]
    fn it_says_which_segment_goes_next() {
        let (log, now) = log_at("what-lies-on-disk", "one-minute", "orders-2", 75);
        let rows = rows(&log, now, Language::English);
        let bases: Vec<&str> = rows.iter().map(|row| row.base.as_str()).collect();
        assert_eq!(bases, ["0", "10", "20"]);
        assert!(matches!(rows[0].fate, Fate::OldAt(at) if at > now), "{rows:?}");
        assert_eq!(rows[2].fate, Fate::Active);
        assert_eq!(rows[0].size, "10,000 B");
        // Its youngest record is older than a minute, and nobody has looked yet.
        let (log, _) = log_at("what-lies-on-disk", "one-minute", "orders-2", 109);
        assert_eq!(fate(&log, &log.segments[0]), Fate::Due);
    }

    #[test]
    fn it_says_what_compaction_has_left() {
        let (log, now) = log_at("latest-per-key", "compact", "profiles-0", 60);
        let rows = rows(&log, now, Language::English);
        assert!(rows.iter().any(|row| row.records.contains(" / ")), "{rows:?}");
        assert!(rows.iter().any(|row| row.fate == Fate::Clean), "{rows:?}");
        let text = summary(&log.slots, Language::English);
        let gaps = log.slots.iter().filter(|slot| **slot == Slot::Gap).count();
        assert!(gaps > 90, "{text}");
        assert!(text.ends_with(&format!(" {gaps} gaps")), "{text}");
        assert!(text.contains(", 1 without a value, "), "{text}");
    }

    #[test]
    fn without_a_rule_it_stays() {
        let (mut log, _) = log_at("what-lies-on-disk", "two-replicas", "orders-2", 75);
        log.settings.retention.time = None;
        assert_eq!(fate(&log, &log.segments[0]), Fate::Stays);
    }
}
