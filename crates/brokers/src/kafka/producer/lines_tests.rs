use super::super::accumulator::Pending;
use super::*;
use crate::kafka::Record;
use mqlab_model::{Message, MessageId, SourceId};
use proptest::prelude::*;

const PARTITIONS: u32 = 5;

/// What happens to a line; times are in milliseconds.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Time passes.
    Wait(u64),
    /// A record that fills a batch.
    Put(u32),
    /// The first batch is sent.
    Send(u32),
    /// A batch that was sent comes back, to be held for so long.
    Return(u32, u64),
    /// One that was sent is answered.
    Answer(u32),
    Unresolved(u32, bool),
    Leader(u32, Option<u32>),
}

fn step() -> impl Strategy<Value = Step> {
    let partition = || 0..PARTITIONS;
    prop_oneof![
        3 => (0u64..40).prop_map(Step::Wait),
        6 => partition().prop_map(Step::Put),
        4 => partition().prop_map(Step::Send),
        3 => (partition(), 0u64..30).prop_map(|(one, held)| Step::Return(one, held)),
        2 => partition().prop_map(Step::Answer),
        1 => (partition(), any::<bool>()).prop_map(|(one, is)| Step::Unresolved(one, is)),
        2 => (partition(), prop::option::of(0u32..3)).prop_map(|(one, leader)| Step::Leader(one, leader)),
    ]
}

/// Lines, and what the model knows besides.
#[derive(Default)]
struct World {
    lines: Lines,
    now: SimTime,
    leaders: [Option<BrokerId>; PARTITIONS as usize],
    sent: [Vec<Pending>; PARTITIONS as usize],
}

impl World {
    fn take(&mut self, step: Step) {
        let now = self.now;
        match step {
            Step::Wait(millis) => self.now = now + SimSpan::from_millis(millis),
            Step::Put(one) => {
                let message = Message::new(MessageId::new(SourceId(0), 1), now, true);
                let record = Record::new(message, None);
                self.lines.line(PartitionId(one)).put(record, 10, 10, now);
            }
            Step::Send(one) => {
                let Some(line) = self.lines.get_mut(PartitionId(one)) else {
                    return;
                };
                if let Some(first) = line.queue.pop_front() {
                    line.flying += 1;
                    self.sent[one as usize].push(first);
                }
            }
            Step::Return(one, held) => {
                if let Some(mut pending) = self.sent[one as usize].pop() {
                    pending.not_before = now + SimSpan::from_millis(held);
                    let line = self.lines.line(PartitionId(one));
                    line.flying -= 1;
                    line.put_back(pending, held % 2 == 0);
                }
            }
            Step::Answer(one) => {
                if self.sent[one as usize].pop().is_some() {
                    self.lines.line(PartitionId(one)).flying -= 1;
                }
            }
            Step::Unresolved(one, is) => self.lines.line(PartitionId(one)).is_unresolved = is,
            Step::Leader(one, leader) => {
                self.leaders[one as usize] = leader.map(BrokerId);
                self.lines.touch(PartitionId(one));
            }
        }
    }

    /// Every line, with its partition.
    fn all(&self) -> impl Iterator<Item = (PartitionId, &Line)> {
        let all = (0..PARTITIONS).map(PartitionId);
        all.filter_map(|one| Some((one, self.lines.get(one)?)))
    }

    /// The first batches.
    fn first(&self) -> impl Iterator<Item = (PartitionId, &Pending)> {
        self.all().filter_map(|(one, line)| Some((one, line.queue.front()?)))
    }
}

proptest! {
    /// The model looks at every line.
    #[test]
    fn it_is_what_looking_at_every_line_gives(
        steps in proptest::collection::vec(step(), 1..60),
        age in (0u64..60).prop_map(SimSpan::from_millis),
    ) {
        let mut world = World::default();
        for step in steps {
            world.take(step);
            let leaders = world.leaders;
            world.lines.refresh(|one| leaders[one.0 as usize]);
            let now = world.now;

            let waiting: Vec<PartitionId> = world.first().map(|(one, _)| one).collect();
            prop_assert_eq!(world.lines.waiting().collect::<Vec<_>>(), waiting.clone());
            prop_assert_eq!(world.lines.is_empty(), waiting.is_empty());
            for leader in [None, Some(BrokerId(0)), Some(BrokerId(1)), Some(BrokerId(2))] {
                let own = waiting.iter().copied().filter(|one| leaders[one.0 as usize] == leader);
                prop_assert_eq!(world.lines.waiting_for(leader).collect::<Vec<_>>(), own.collect::<Vec<_>>());
            }
            let unresolved = world.all().filter(|(_, line)| line.is_unresolved).map(|(one, _)| one);
            prop_assert_eq!(world.lines.unresolved(), unresolved.collect::<Vec<_>>());
            prop_assert_eq!(world.lines.is_flying(), world.all().any(|(_, line)| line.flying > 0));

            let created = || world.first().map(|(_, one)| one.created);
            prop_assert_eq!(world.lines.first_created(), created().min());
            let younger = created().filter(|created| created.saturating_add(age) > now).min();
            prop_assert_eq!(world.lines.first_younger_than(age, now), younger);
            let held = world.first().map(|(_, one)| one.not_before).filter(|held| *held > now).min();
            prop_assert_eq!(world.lines.first_held(now), held);
            let is_old = |line: &Line| line.queue.iter().any(|one| one.created.saturating_add(age) <= now);
            let has_as_old = world.all().any(|(_, line)| is_old(line));
            prop_assert_eq!(world.lines.has_as_old(age, now), has_as_old);
        }
    }
}
