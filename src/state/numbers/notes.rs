//! What is said beside things on the stage.

use crate::state::diagram::ItemKind;
use crate::state::format;
use crate::state::lab::{Lane, measure};
use crate::state::texts::{Key, Language};
use mqlab_engine::plan::{Setting, SettingKind};
use mqlab_engine::{BreakerState, DiskView, MetricKind, NodeView, Value, World};
use mqlab_kernel::Bytes;
use mqlab_model::{NodeId, PlaceId};

/// What stands beside an item on the stage, in words: its headline, and what
/// else there is to say of how it stands.
pub fn words(lane: &Lane, item: usize, language: Language) -> String {
    let (world, thing) = (lane.world(), &lane.diagram.items[item]);
    let notes = match thing.kind {
        ItemKind::Load => load_notes(world, thing.node, language),
        ItemKind::Service => service_notes(world, thing.node, language).0,
        ItemKind::Table => table_notes(world, thing.place, language).0,
        ItemKind::Partition => super::kafka::notes(world, thing.place, language).0,
        ItemKind::Exchange | ItemKind::Queue => Vec::new(),
    };
    let mut words = super::headline(lane, item, language);
    for note in notes {
        words.push_str(", ");
        words.push_str(&note);
    }
    words
}

/// What stands on a broker of its disk and its memory, in words.
pub fn disk_words(world: &World, broker: NodeId, language: Language) -> Vec<String> {
    let mut words = match world.disk(broker) {
        Some(disk) if disk.is_full => vec![language.text(Key::DiskFullShort).to_owned()],
        Some(disk) => disk_notes(&disk, language),
        None => Vec::new(),
    };
    words.extend(memory_words(world, broker, language));
    words
}

/// How much of its memory a broker's messages may take up, and do.
pub(super) fn memory_words(world: &World, broker: NodeId, language: Language) -> Option<String> {
    let memory = world.memory(broker)?;
    let [used, limit] = [memory.used, memory.limit].map(|bytes| Bytes(bytes).to_string());
    Some(language.with(Key::MemoryShort, &format!("{used} / {limit}")))
}

/// Whether an alarm of a broker is on: it does not read from whoever publishes.
pub fn is_alarmed(world: &World, broker: NodeId) -> bool {
    let of_memory = world.memory(broker).is_some_and(|memory| memory.is_alarmed);
    of_memory || world.disk(broker).is_some_and(|disk| disk.is_full)
}

/// What a disk has still to do.
fn disk_notes(disk: &DiskView, language: Language) -> Vec<String> {
    let mut notes = Vec::new();
    let mut count = |key, count: u64| {
        if count > 0 {
            notes.push(language.with(key, &format::count(count)));
        }
    };
    count(Key::DiskUnwritten, disk.unwritten);
    count(Key::DiskUnsynced, disk.unsynced);
    if disk.is_syncing {
        notes.push(language.text(Key::DiskSyncing).to_owned());
    }
    notes
}

/// What is said beside a load: its users, and what it holds back.
pub fn load_notes(world: &World, load: NodeId, language: Language) -> Vec<String> {
    let NodeView::Load {
        outstanding,
        held,
        users,
        ..
    } = world.node(load)
    else {
        return Vec::new();
    };
    let (window, buffer) = sender(world, load);
    let of = |count: u64, most: u64| format!("{} / {}", format::count(count), format::count(most));
    let mut notes = Vec::new();
    match users {
        Some(1) => notes.push(language.text(Key::UsersOne).to_owned()),
        Some(users) => notes.push(language.with(Key::UsersShort, &format::count(u64::from(users)))),
        None => {}
    }
    if let Some(window) = window {
        notes.push(language.with(Key::WindowShort, &of(outstanding, u64::from(window))));
    }
    match buffer {
        Some(buffer) => notes.push(language.with(Key::BufferShort, &of(held, buffer))),
        None if held > 0 => notes.push(language.with(Key::BufferShort, &format::count(held))),
        None => {}
    }
    notes
}

/// The publisher window of a load and the size of its buffer, where it has
/// them.
pub fn sender(world: &World, load: NodeId) -> (Option<u32>, Option<u64>) {
    let window = match world.setting(load, SettingKind::Window) {
        Some(Setting::Window(most)) => Some(most),
        _ => None,
    };
    let buffer = match world.setting(load, SettingKind::Buffer) {
        Some(Setting::Buffer(most)) => Some(most),
        _ => None,
    };
    (window, buffer)
}

/// What is said beside a table of its rows: against those that it should
/// have, and the locks on them. The flag says that something is wrong.
pub fn table_notes(world: &World, table: PlaceId, language: Language) -> (Vec<String>, bool) {
    let count = |kind| match measure(world, kind, table) {
        Value::Count(count) => count,
        _ => 0,
    };
    let short = |key, count: u64| (count > 0).then(|| language.with(key, &format::count(count)));
    let wrong = short(Key::MissingShort, count(MetricKind::Missing));
    let wrong: Vec<String> = wrong
        .into_iter()
        .chain(short(Key::ExtraShort, count(MetricKind::Extra)))
        .collect();
    let is_wrong = !wrong.is_empty();
    let fine = !is_wrong && count(MetricKind::Expected) > 0;
    let fine = fine.then(|| language.text(Key::AsExpected).to_owned());
    let locked = short(Key::LockedShort, count(MetricKind::Locked));
    let notes = wrong.into_iter().chain(locked).chain(fine);
    (notes.collect(), is_wrong)
}

/// What is said beside a service of what waits for its workers, and of the
/// breakers that keep it from calling. The flag says that there is no room.
pub fn service_notes(world: &World, service: NodeId, language: Language) -> (Vec<String>, bool) {
    let NodeView::Service { buffered, queue, .. } = world.node(service) else {
        return (Vec::new(), false);
    };
    let is_full = queue.is_some_and(|most| most > 0 && buffered >= u64::from(most));
    let waiting = match queue {
        Some(most) if most > 0 || buffered > 0 => {
            let of = format!("{} / {}", format::count(buffered), format::count(u64::from(most)));
            let key = if is_full { Key::NoRoom } else { Key::WaitingShort };
            Some(language.with(key, &of))
        }
        None if buffered > 0 => Some(language.with(Key::WaitingShort, &format::count(buffered))),
        _ => None,
    };
    let states = world.breakers(service).into_iter().map(|breaker| breaker.state);
    let word = match states.fold((false, false), |(open, half), state| match state {
        BreakerState::Open { .. } => (true, half),
        BreakerState::HalfOpen => (open, true),
        BreakerState::Closed { .. } => (open, half),
    }) {
        (true, _) => Some(Key::BreakerOpen),
        (false, true) => Some(Key::BreakerHalf),
        _ => None,
    };
    let word = word.map(|key| language.text(key).to_owned());
    (waiting.into_iter().chain(word).collect(), is_full)
}
