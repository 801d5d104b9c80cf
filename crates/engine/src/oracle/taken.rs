//! Who has taken a message: known without asking everybody.
//!
//! A confirm concerns every place that has taken the message. With a few queues
//! it is quickest to ask all of them. A topic of a thousand partitions, or one
//! with a hundred groups, has far more places than ever take one message.
//!
//! Messages go to few different sets of places, and those that take a message
//! do so one after the other. So a set is a path in a tree, and of a message it
//! is enough to know where its path ends.

use alloc::vec::Vec;
use mqlab_kernel::SortedMap;

/// Of so many messages of a source, the youngest, it is known who took them, to begin
/// with.
const KNOWN: usize = 1 << 12;

/// And of so many at most, where as many are under way that nobody has confirmed.
const KNOWN_MAX: usize = 1 << 18;

/// With more places than this it is worth the trouble: to ask one whether it has taken
/// a message costs a tenth of what it costs to note that one has.
pub(super) const WORTH_IT: usize = 64;

/// The end of a path: the place's track, and the rest of the path.
#[derive(Clone, Copy, Debug)]
struct Step {
    track: u16,
    before: u32,
}

/// The paths of one source's messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    /// Every path's last step; 0 is the path of nobody.
    steps: Vec<Step>,
    /// Where a path leads when one more takes the message.
    next: SortedMap<(u32, u16), u32>,
    /// The last step that was looked up, and where it led: records of a batch all take
    /// the same one.
    last: ((u32, u16), u32),
    /// By number modulo their count. A message that is older than the one that stands
    /// there is not known.
    ends: Vec<End>,
}

/// Where the path of a message ends.
#[derive(Clone, Copy, Default, Debug)]
struct End {
    /// Which message, counted from 1.
    number: u64,
    path: u32,
    /// Who sent it was told: it will hardly be asked for again.
    is_told: bool,
}

impl Taken {
    /// The place with this track takes a message.
    pub(super) fn take(&mut self, number: u64, track: u16) {
        if self.ends.is_empty() {
            self.ends.resize(KNOWN, End::default());
            self.steps.push(Step { track: 0, before: 0 });
        }
        let mut known = self.ends[self.index(number)];
        while known.number > 0 && known.number != number + 1 && !known.is_told && self.ends.len() < KNOWN_MAX {
            self.grow();
            known = self.ends[self.index(number)];
        }
        if known.number > number + 1 {
            return;
        }
        let is_known = known.number == number + 1;
        let path = if is_known { known.path } else { 0 };
        let path = self.step(path, track);
        let index = self.index(number);
        self.ends[index] = End {
            number: number + 1,
            path,
            is_told: is_known && known.is_told,
        };
    }

    /// Where a path leads when one more takes the message; never back to nobody.
    fn step(&mut self, path: u32, track: u16) -> u32 {
        if self.last.0 != (path, track) || self.last.1 == 0 {
            let found = self.next.get(&(path, track)).copied();
            let end = found.unwrap_or_else(|| self.lengthen(path, track));
            self.last = ((path, track), end);
        }
        self.last.1
    }

    fn index(&self, number: u64) -> usize {
        number as usize % self.ends.len()
    }

    /// More messages wait for their confirm than are known: asking everybody about each
    /// of them would cost far more than to know twice as many.
    #[cold]
    fn grow(&mut self) {
        let old = core::mem::take(&mut self.ends);
        self.ends.resize(old.len() * 2, End::default());
        for end in old.into_iter().filter(|end| end.number > 0) {
            let index = self.index(end.number - 1);
            self.ends[index] = end;
        }
    }

    #[cold]
    fn lengthen(&mut self, end: u32, track: u16) -> u32 {
        let longer = if self.path(end).any(|known| known == track) {
            end
        } else {
            self.steps.push(Step { track, before: end });
            (self.steps.len() - 1) as u32
        };
        self.next.insert((end, track), longer);
        longer
    }

    fn path(&self, end: u32) -> impl Iterator<Item = u16> {
        let mut at = end;
        core::iter::from_fn(move || {
            let step = self.steps.get(at as usize).filter(|_| at > 0)?;
            at = step.before;
            Some(step.track)
        })
    }

    /// Who has sent a message is told that it is taken. The tracks of all that have taken
    /// it, the last one first; `None` if that is not known.
    pub(super) fn tell(&mut self, number: u64) -> Option<impl Iterator<Item = u16>> {
        let index = number as usize % self.ends.len().max(1);
        let end = self.ends.get_mut(index).filter(|end| end.number == number + 1)?;
        end.is_told = true;
        let path = end.path;
        Some(self.path(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Taken {
        fn is_known(&self, number: u64) -> bool {
            self.ends[self.index(number)].number == number + 1
        }
    }

    use alloc::collections::{BTreeMap, BTreeSet};
    use proptest::prelude::*;

    #[test]
    fn many_messages_share_few_paths() {
        let mut taken = Taken::default();
        for number in 0..10_000 {
            for group in 0..100 {
                taken.take(number, group * 16 + (number % 16) as u16);
            }
            assert_eq!(taken.tell(number).map(Iterator::count), Some(100));
        }
        assert_eq!(taken.steps.len(), 1 + 1_600);
        assert!(taken.tell(10_000).is_none() && taken.tell(3).is_none());
    }

    #[test]
    fn what_nobody_was_told_of_is_not_forgotten() {
        let mut taken = Taken::default();
        for number in 0..20_000 {
            taken.take(number, 1);
        }
        assert!((0..20_000).all(|number| taken.is_known(number)));
        for number in 20_000..2 * KNOWN_MAX as u64 {
            taken.take(number, 1);
        }
        assert!(!taken.is_known(0));
        assert_eq!(taken.ends.len(), KNOWN_MAX);
    }

    proptest! {
        #[test]
        fn what_is_known_is_all(takes in proptest::collection::vec((0u64..4, 0u64..4, 0u16..5), 0..200)) {
            let mut taken = Taken::default();
            let mut model: BTreeMap<u64, BTreeSet<u16>> = BTreeMap::new();
            for (round, number, track) in takes {
                let number = round * KNOWN as u64 + number;
                taken.take(number, track);
                let known: Option<BTreeSet<u16>> = taken.tell(number).map(Iterator::collect);
                prop_assert!(known.is_none_or(|known| known.contains(&track)));
                model.entry(number).or_default().insert(track);
            }
            for (number, tracks) in &model {
                let is_youngest = !model.keys().any(|other| other > number && (other - number) % KNOWN as u64 == 0);
                let known: Option<BTreeSet<u16>> = taken.tell(*number).map(Iterator::collect);
                let expected = is_youngest.then(|| tracks.clone());
                prop_assert_eq!(known, expected);
            }
        }
    }
}
