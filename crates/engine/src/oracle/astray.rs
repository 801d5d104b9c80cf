//! Messages that go elsewhere than the others of their source.

use alloc::vec::Vec;
use core::ops::Range;
use mqlab_model::MessageId;

/// Messages that were given a key by hand. They are few, and come in rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Astray {
    /// Rows of ids in order.
    rows: Vec<Range<u64>>,
}

impl Astray {
    pub(super) fn add(&mut self, message: MessageId) {
        let id = message.bits();
        let at = self.rows.partition_point(|row| row.end < id);
        match self.rows.get_mut(at) {
            Some(row) if row.contains(&id) => {}
            Some(row) if row.end == id => row.end += 1,
            _ => self.rows.insert(at, id..id + 1),
        }
    }

    #[inline]
    pub(super) fn has(&self, message: MessageId) -> bool {
        let id = message.bits();
        let at = self.rows.partition_point(|row| row.end <= id);
        self.rows.get(at).is_some_and(|row| row.contains(&id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_model::SourceId;

    #[test]
    fn it_has_what_was_added_and_nothing_else() {
        let id = |source, number| MessageId::new(SourceId(source), number);
        let mut astray = Astray::default();
        let added = [id(1, 5), id(1, 6), id(0, 9), id(1, 7), id(1, 9), id(1, 6)];
        added.iter().for_each(|message| astray.add(*message));
        assert!(added.iter().all(|message| astray.has(*message)));
        for other in [id(0, 5), id(0, 8), id(0, 10), id(1, 4), id(1, 8), id(1, 10), id(2, 5)] {
            assert!(!astray.has(other));
        }
        assert_eq!(astray.rows.len(), 3);
    }
}
