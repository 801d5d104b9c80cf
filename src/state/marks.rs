//! Marks on the time axis: what is done to the run by its script and by hand,
//! what dies, and where a verdict first shows.

use super::acts;
use super::lab::{Lab, Lane, measure};
use super::texts::{Key, Language};
use mqlab_brokers::kafka;
use mqlab_brokers::rabbitmq;
use mqlab_engine::plan::{BrokerCommand, Command, TimedCommand};
use mqlab_engine::{MetricKind, PlaceKind, Value, VerdictKind};
use mqlab_kernel::{SimTime, sort_by_key};
use mqlab_model::{NodeId, PlaceId};
use mqlab_scenario::{Act, What};

/// What a mark stands for: decides its shape. What matters more stands before
/// the others, and causes before what comes of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MarkKind {
    /// A node is killed.
    Crash,
    /// Something died by itself.
    Death,
    /// A verdict that is somebody's fault first shows.
    Verdict,
    /// A node starts again.
    Restart,
    /// A node is held.
    Pause,
    /// A node goes on.
    Resume,
    /// A connection is cut.
    Cut,
    /// A connection is whole again.
    Heal,
    /// A disk is full.
    Full,
    /// A disk has room again.
    Free,
    /// A queue is emptied.
    Purge,
    /// A setting changes.
    Change,
    /// Messages are published.
    Publish,
    /// Something worth knowing and nobody's fault first shows.
    Note,
}

impl MarkKind {
    /// Its name in the style sheet and in tests.
    pub const fn name(self) -> &'static str {
        match self {
            MarkKind::Death => "death",
            MarkKind::Verdict => "verdict",
            MarkKind::Crash => "crash",
            MarkKind::Restart => "restart",
            MarkKind::Pause => "pause",
            MarkKind::Resume => "resume",
            MarkKind::Cut => "cut",
            MarkKind::Heal => "heal",
            MarkKind::Full => "full",
            MarkKind::Free => "free",
            MarkKind::Purge => "purge",
            MarkKind::Change => "change",
            MarkKind::Publish => "publish",
            MarkKind::Note => "note",
        }
    }

    /// Its outline around (0, 0), within 6 to each side.
    pub const fn outline(self) -> &'static str {
        match self {
            MarkKind::Death => "M-6,-5 L6,-5 L0,6 Z",
            MarkKind::Verdict => "M-5,-5 L5,-5 L5,5 L-5,5 Z",
            MarkKind::Crash => "M-5,-3 L-3,-5 L0,-2 L3,-5 L5,-3 L2,0 L5,3 L3,5 L0,2 L-3,5 L-5,3 L-2,0 Z",
            MarkKind::Restart => "M-6,5 L6,5 L0,-6 Z",
            MarkKind::Pause => "M-5,-5 L-1.5,-5 L-1.5,5 L-5,5 Z M1.5,-5 L5,-5 L5,5 L1.5,5 Z",
            MarkKind::Resume => "M-4,-6 L6,0 L-4,6 Z",
            MarkKind::Cut => {
                "M-6,-1.5 H-2 V1.5 H-6 Z M2,-1.5 H6 V1.5 H2 Z M-1,5 L-1,2 L1,2 L1,5 Z M-1,-5 L-1,-2 L1,-2 L1,-5 Z"
            }
            MarkKind::Heal => "M-6,-1.5 H6 V1.5 H-6 Z",
            MarkKind::Full => "M-5,-6 H5 V6 H-5 Z",
            MarkKind::Free => "M-5,-6 H-3 V4 H3 V-6 H5 V6 H-5 Z",
            MarkKind::Purge => "M-5,-5 H5 L3,6 H-3 Z",
            MarkKind::Change => "M0,-6 L6,0 L0,6 L-6,0 Z",
            MarkKind::Publish => "M-1.5,-6 H1.5 V-1.5 H6 V1.5 H1.5 V6 H-1.5 V1.5 H-6 V-1.5 H-1.5 Z",
            MarkKind::Note => "M0,-5 A5,5 0 1 1 0,5 A5,5 0 1 1 0,-5 Z",
        }
    }
}

/// One mark.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// When.
    pub at: SimTime,
    /// What it stands for.
    pub kind: MarkKind,
    /// What it says.
    pub text: String,
    /// The variants that it is about; empty if it is about all of them.
    pub variants: Vec<String>,
}

/// What has been seen of a run: it stays known when the clock goes back, as
/// long as the same things are done to it.
#[derive(Clone, Default, Debug)]
pub struct Seen {
    acts: Vec<Act>,
    lanes: Vec<Vec<Event>>,
}

/// Something that happened in one variant.
#[derive(Clone, PartialEq, Debug)]
struct Event {
    at: SimTime,
    what: Happened,
}

#[derive(Clone, PartialEq, Debug)]
enum Happened {
    Died(String),
    Verdict(VerdictKind),
}

impl Seen {
    /// Looks at a run as it stands now.
    pub fn look(&mut self, lab: &Lab, acts: &[Act]) {
        if self.lanes.len() != lab.lanes.len() || self.acts != acts {
            // What was seen belongs to another run from where they differ on;
            // what is behind the clock is seen again.
            self.lanes = vec![Vec::new(); lab.lanes.len()];
            self.acts = acts.to_vec();
        }
        for (lane, known) in lab.lanes.iter().zip(&mut self.lanes) {
            let now = lane.world().now();
            known.retain(|event| event.at > now);
            events(lane, known);
        }
    }

    /// Every mark, in the order of time.
    pub fn marks(&self, lab: &Lab, language: Language) -> Vec<Mark> {
        let mut marks: Vec<Mark> = self.acts.iter().map(|act| of_act(act, language)).collect();
        let count = lab.shown().count();
        for (variant, lane) in lab.lanes.iter().enumerate() {
            if lane.is_hidden {
                continue;
            }
            let random = lab.scenario.drawn_acts(variant, &mut lane.world().at_random());
            let written = &lab.plan(variant).commands;
            let commands = written.iter().map(|timed| of_command(lane, timed, language));
            let random = random.iter().map(|act| of_random(act, language));
            let commands = commands.chain(random);
            let events = self.lanes.get(variant).into_iter().flatten();
            // Who is killed is marked by that.
            let events = events.filter(|event| !self.is_killed(lab, variant, event));
            for mark in commands.chain(events.map(|event| of_event(event, language))) {
                add(&mut marks, mark, &lane.name);
            }
        }
        for mark in &mut marks {
            if mark.variants.len() == count {
                mark.variants.clear();
            }
        }
        marks.retain(|mark| mark.at <= lab.axis_end());
        sort_by_key(&mut marks, |mark| (mark.at, mark.kind));
        marks
    }
}

impl Seen {
    /// Whether somebody died because the script or a hand killed it.
    fn is_killed(&self, lab: &Lab, variant: usize, event: &Event) -> bool {
        let Happened::Died(name) = &event.what else {
            return false;
        };
        let places = lab.lanes[variant].world().places();
        let is_it = |timed: &TimedCommand| match &timed.command {
            Command::Crash(node) | Command::PowerCut(node) | Command::DiskLost(node) => {
                timed.at == event.at && places.get(PlaceId(node.0)).name == *name
            }
            _ => false,
        };
        let by_hand = |act: &Act| {
            let killed = match &act.what {
                What::Crash(node) | What::PowerCut(node) | What::DiskLost(node) => Some(node),
                _ => None,
            };
            act.at == event.at && killed == Some(name)
        };
        let mut drawn = lab.lanes[variant].world().at_random();
        lab.plan(variant).commands.iter().any(is_it) || drawn.any(is_it) || self.acts.iter().any(by_hand)
    }
}

/// The same thing at the same instant in several variants is one mark.
fn add(marks: &mut Vec<Mark>, mark: Mark, variant: &str) {
    let same = |known: &&mut Mark| known.at == mark.at && known.kind == mark.kind && known.text == mark.text;
    match marks.iter_mut().find(same) {
        Some(known) => known.variants.push(variant.to_owned()),
        None => marks.push(Mark {
            variants: vec![variant.to_owned()],
            ..mark
        }),
    }
}

/// What happened in a variant up to now.
fn events(lane: &Lane, known: &mut Vec<Event>) {
    let world = lane.world();
    for (id, place) in world.places().iter().take(world.node_count()) {
        if let Value::Time(at) = measure(world, MetricKind::DiedAt, id) {
            let what = Happened::Died(place.name.clone());
            known.push(Event { at, what });
        }
    }
    for verdict in world.verdicts() {
        let first = verdict.first.filter(|_| verdict.count > 0);
        // What dies of too much is marked by its death.
        if let (Some(fact), true) = (first, verdict.kind != VerdictKind::Overloaded) {
            let what = Happened::Verdict(verdict.kind);
            known.push(Event { at: fact.at, what });
        }
    }
}

fn mark(at: SimTime, kind: MarkKind, text: String) -> Mark {
    Mark {
        at,
        kind,
        text,
        variants: Vec::new(),
    }
}

fn of_event(event: &Event, language: Language) -> Mark {
    match &event.what {
        Happened::Died(name) => mark(event.at, MarkKind::Death, language.with(Key::Dies, name)),
        Happened::Verdict(kind) => {
            let (shape, key) = match kind {
                VerdictKind::Lost => (MarkKind::Verdict, Key::MarkLost),
                VerdictKind::UnconfirmedLost => (MarkKind::Verdict, Key::MarkLostUnconfirmed),
                VerdictKind::Duplicated => (MarkKind::Verdict, Key::MarkDuplicated),
                VerdictKind::Reordered => (MarkKind::Verdict, Key::MarkReordered),
                VerdictKind::DeliveredAgain => (MarkKind::Note, Key::MarkAgain),
                VerdictKind::Overloaded => (MarkKind::Verdict, Key::MarkOverloaded),
                VerdictKind::Phantom => (MarkKind::Verdict, Key::MarkPhantom),
                VerdictKind::Stuck => (MarkKind::Verdict, Key::MarkStuck),
                VerdictKind::Inconsistent => (MarkKind::Verdict, Key::MarkInconsistent),
                VerdictKind::StaleRead => (MarkKind::Verdict, Key::MarkStaleRead),
                VerdictKind::Skipped => (MarkKind::Verdict, Key::MarkSkipped),
                VerdictKind::NonMonotonic => (MarkKind::Note, Key::MarkNonMonotonic),
                VerdictKind::OverDelivered => (MarkKind::Verdict, Key::MarkOverDelivered),
                VerdictKind::Starved => (MarkKind::Verdict, Key::MarkStarved),
                VerdictKind::Expired => (MarkKind::Verdict, Key::MarkExpired),
                VerdictKind::Unknown => (MarkKind::Note, Key::MarkUnknown),
            };
            mark(event.at, shape, language.text(key).to_owned())
        }
    }
}

/// What the script does.
fn of_command(lane: &Lane, timed: &TimedCommand, language: Language) -> Mark {
    let places = lane.world().places();
    let name = |node: &NodeId| places.get(PlaceId(node.0)).name.as_str();
    let pair = |a: &NodeId, b: &NodeId| format!("{} – {}", name(a), name(b));
    let (kind, text) = match &timed.command {
        Command::Crash(node) => (MarkKind::Crash, language.with(Key::ActCrash, name(node))),
        Command::PowerCut(node) => (MarkKind::Crash, language.with(Key::ActPowerCut, name(node))),
        Command::DiskLost(node) => (MarkKind::Crash, language.with(Key::ActDiskLost, name(node))),
        Command::FillDisk(node) => (MarkKind::Full, language.with(Key::ActDiskFull, name(node))),
        Command::FreeDisk(node) => (MarkKind::Free, language.with(Key::ActDiskFree, name(node))),
        Command::Restart(node) => (MarkKind::Restart, language.with(Key::ActRestart, name(node))),
        Command::Pause(node) => (MarkKind::Pause, language.with(Key::ActPause, name(node))),
        Command::Resume(node) => (MarkKind::Resume, language.with(Key::ActResume, name(node))),
        Command::Cut { a, b } => (MarkKind::Cut, language.with(Key::ActCut, &pair(a, b))),
        Command::Lose { a, b, .. } => (MarkKind::Cut, language.with(Key::ActLose, &pair(a, b))),
        Command::CutOneWay { from, to } => {
            let way = format!("{} → {}", name(from), name(to));
            (MarkKind::Cut, language.with(Key::ActCut, &way))
        }
        Command::Heal { a, b } => (MarkKind::Heal, language.with(Key::ActHeal, &pair(a, b))),
        Command::Broker {
            broker,
            command: BrokerCommand::Rabbit(rabbitmq::Command::Purge(queue)),
        } => {
            let place = places.find(*broker, PlaceKind::Queue, usize::from(queue.0));
            let queue = place.map_or("", |place| places.get(place).name.as_str());
            (MarkKind::Purge, language.with(Key::ActPurge, queue))
        }
        Command::Broker {
            broker,
            command: BrokerCommand::Kafka(command),
        } => {
            let text = match command {
                kafka::Command::MoveLeader { topic, partition, to } => {
                    let topic = places.find(*broker, PlaceKind::Topic, usize::from(topic.0));
                    let partition = topic.and_then(|topic| places.parts_of(topic).nth(*partition as usize));
                    let partition = partition.map_or("", |place| places.get(place).name.as_str());
                    // The brokers of a cluster stand right behind it.
                    let to = NodeId(broker.0 + 1 + to.0 as u16);
                    language.with(Key::ActMoveLeader, &format!("{partition} → {}", name(&to)))
                }
                kafka::Command::ElectPreferred => language.with(Key::ActElectPreferred, name(broker)),
            };
            (MarkKind::Change, text)
        }
        Command::Consumer { service, .. } => (MarkKind::Change, language.with(Key::ActSeek, name(service))),
        Command::Publish { load, count, .. } => {
            let text = language.with(Key::ActPublish, name(load));
            (MarkKind::Publish, format!("{text} × {}", super::format::count(*count)))
        }
        Command::Set { node, .. } => (MarkKind::Change, language.with(Key::MarkChange, name(node))),
        Command::Chance(_) => (
            MarkKind::Change,
            language.with(Key::MarkChange, language.text(Key::RandomFaults)),
        ),
    };
    mark(timed.at, kind, text)
}

/// What is done at random.
fn of_random(act: &Act, language: Language) -> Mark {
    let text = language.with(Key::MarkRandom, &acts::words(act, language));
    mark(act.at, kind_of(&act.what), text)
}

/// What is done by hand.
fn of_act(act: &Act, language: Language) -> Mark {
    let text = language.with(Key::MarkByHand, &acts::words(act, language));
    Mark {
        variants: act.variants.clone().unwrap_or_default(),
        ..mark(act.at, kind_of(&act.what), text)
    }
}

fn kind_of(what: &What) -> MarkKind {
    match what {
        What::Crash(_) | What::PowerCut(_) | What::DiskLost(_) => MarkKind::Crash,
        What::DiskFull(_) => MarkKind::Full,
        What::DiskFree(_) => MarkKind::Free,
        What::Restart(_) => MarkKind::Restart,
        What::Pause(_) => MarkKind::Pause,
        What::Resume(_) => MarkKind::Resume,
        What::Lose { .. } => MarkKind::Cut,
        What::Cut { .. } | What::CutOneWay { .. } | What::Partition(_) => MarkKind::Cut,
        What::Heal { .. } | What::HealAll => MarkKind::Heal,
        What::Purge(_) => MarkKind::Purge,
        What::MoveLeader { .. } | What::ElectPreferred(_) | What::Seek { .. } => MarkKind::Change,
        What::Publish { .. } => MarkKind::Publish,
        What::Set { .. } => MarkKind::Change,
    }
}

/// Marks that stand too close together for one each.
#[derive(Clone, PartialEq, Debug)]
pub struct Cluster {
    /// Where, as a share of the axis.
    pub share: f64,
    /// The marks, in the order of time.
    pub marks: Vec<Mark>,
    /// What stands beside it, if there is room for it.
    pub label: Option<String>,
}

impl Cluster {
    /// Everything that its marks say.
    pub fn text(&self) -> String {
        let lines = self.marks.iter().map(Mark::line);
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The mark that stands for all of them: what matters most.
    pub fn lead(&self) -> Option<&Mark> {
        self.marks.iter().min_by_key(|mark| mark.kind)
    }
}

impl Mark {
    /// It with its instant and its variants.
    pub fn line(&self) -> String {
        let variants = match self.variants.is_empty() {
            true => String::new(),
            false => format!(" · {}", self.variants.join(", ")),
        };
        format!("{} {}{variants}", self.at, self.text)
    }
}

/// From one cluster to the next, in CSS pixels.
const APART: f64 = 16.0;

/// Puts marks that would stand on each other together, on an axis of this
/// width. Labels stand where they meet neither each other nor another mark.
pub fn clusters(marks: Vec<Mark>, end: SimTime, width: f64) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for mark in marks {
        let share = mark.at.nanos() as f64 / end.nanos().max(1) as f64;
        match clusters.last_mut() {
            Some(last) if (share - last.share) * width < APART => last.marks.push(mark),
            _ => clusters.push(Cluster {
                share,
                marks: vec![mark],
                label: None,
            }),
        }
    }
    let places: Vec<f64> = clusters.iter().map(|cluster| cluster.share * width).collect();
    for (index, cluster) in clusters.iter_mut().enumerate() {
        let Some(lead) = cluster.lead() else {
            continue;
        };
        let text = match cluster.marks.len() - 1 {
            0 => lead.text.clone(),
            others => format!("{} +{others}", lead.text),
        };
        let next = places.get(index + 1).copied().unwrap_or(width + 160.0);
        if places[index] + 12.0 + wide(&text) < next - 10.0 {
            cluster.label = Some(text);
        }
    }
    clusters
}

/// About how wide a text is in the smallest type.
fn wide(text: &str) -> f64 {
    text.chars()
        .map(|letter| if letter < '\u{2e80}' { 6.6 } else { 12.0 })
        .sum()
}

#[cfg(test)]
mod tests;
