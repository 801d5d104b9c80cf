//! What the oracle knows of one obligation, in one byte.

/// State of one obligation: a message that one inlet has to handle.
///
/// Bit 0: a queue took it, or a service its call. Bit 1: the sender was told
/// that it is safe. Bit 2: nothing will hand it out again. Bit 3: a consumer
/// has received it at least once. Bits 4 and 5: how far the newest delivery
/// is. Bits 6 and 7: how often its effect exists, counted to 2; 3 if there is
/// none and somebody deleted the message because he wanted to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct State(pub(super) u8);

/// How far the newest delivery of a message is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub(super) enum Hand {
    /// Nobody has it: it waits somewhere, or it is gone.
    Nobody = 0,
    /// It is on its way to a consumer, or waits there.
    Delivered = 1,
    /// A worker is at it.
    Started = 2,
    /// Its handling ended.
    Finished = 3,
}

const ACCEPTED: u8 = 1;
const TOLD: u8 = 1 << 1;
const GONE: u8 = 1 << 2;
const RECEIVED: u8 = 1 << 3;
const HAND: u8 = 0b11 << 4;
const EFFECT: u8 = 1 << 6;
const EFFECTS: u8 = 0b11 << 6;
/// It was deleted by hand before it took effect.
const PURGED: u8 = 0b11 << 6;

impl State {
    #[inline]
    pub(super) const fn accept(self) -> State {
        // What is accepted again (a resend) is no longer gone.
        let is_new = self.0 & ACCEPTED == 0;
        State((self.wanted().0 | ACCEPTED) & !GONE & if is_new { !RECEIVED } else { u8::MAX })
    }

    /// Deleted by hand: nothing will hand it out again, and that is no loss.
    #[inline]
    pub(super) const fn purge(self) -> State {
        let purged = if self.effects() == 0 { PURGED } else { 0 };
        State(self.0 | GONE | purged)
    }

    #[inline]
    const fn is_purged(self) -> bool {
        self.0 & EFFECTS == PURGED
    }

    /// The same as if it had not been deleted by hand.
    #[inline]
    const fn wanted(self) -> State {
        if self.is_purged() {
            State(self.0 & !EFFECTS)
        } else {
            self
        }
    }

    /// It vanished on its way to a queue, and nobody will ever tell its
    /// sender.
    pub(super) const fn vanish(self) -> State {
        // Nothing else is gone and received without having been accepted.
        State(self.0 | GONE | RECEIVED)
    }

    #[inline]
    pub(super) const fn tell(self) -> State {
        State(self.0 | TOLD)
    }

    #[inline]
    pub(super) const fn end(self) -> State {
        State(self.0 | GONE)
    }

    /// Not taken after all, and its sender knows: nobody owes its handling.
    #[inline]
    pub(super) const fn refuse(self) -> State {
        State((self.0 & !(ACCEPTED | RECEIVED)) | GONE).with(Hand::Nobody)
    }

    #[inline]
    pub(super) const fn receive(self) -> State {
        State(self.0 | RECEIVED)
    }

    #[inline]
    pub(super) const fn with(self, hand: Hand) -> State {
        State(self.0 & !HAND | (hand as u8) << 4)
    }

    #[inline]
    pub(super) const fn take_effect(self) -> State {
        let state = self.wanted();
        if state.0 & EFFECTS >= EFFECT * 2 {
            state
        } else {
            State(state.0 + EFFECT)
        }
    }

    #[inline]
    pub(super) const fn hand(self) -> u8 {
        (self.0 & HAND) >> 4
    }

    #[inline]
    pub(super) const fn is_accepted(self) -> bool {
        self.0 & ACCEPTED != 0
    }

    #[inline]
    pub(super) const fn is_told(self) -> bool {
        self.0 & TOLD != 0
    }

    /// Whether nothing will hand it out again.
    #[inline]
    pub(super) const fn is_gone(self) -> bool {
        self.0 & GONE != 0
    }

    #[inline]
    pub(super) const fn is_received(self) -> bool {
        self.0 & RECEIVED != 0
    }

    #[inline]
    pub(super) const fn effects(self) -> u8 {
        (self.wanted().0 & EFFECTS) >> 6
    }

    /// What a state counts as.
    #[inline]
    pub(super) const fn class(self) -> u8 {
        CLASSES[self.0 as usize]
    }

    const fn classify(self) -> u8 {
        let gone = self.0 & GONE != 0;
        let hand = self.hand();
        let begun = hand >= Hand::Started as u8 || gone && hand != Hand::Delivered as u8;
        let idle = hand == Hand::Nobody as u8 || hand == Hand::Finished as u8;
        let owed = self.is_accepted() || self.is_received();
        let without_effect = owed && gone && idle && self.effects() == 0 && !self.is_purged();
        let told = self.0 & TOLD != 0;
        (if begun { BEGUN } else { 0 })
            | (if gone { ENDED } else { 0 })
            | (if without_effect && told { LOST } else { 0 })
            | (if without_effect && !told { UNCONFIRMED_LOST } else { 0 })
            | (if self.effects() >= 2 { DUPLICATED } else { 0 })
            | (if self.is_accepted() { OWED } else { 0 })
            | (if gone && hand == Hand::Finished as u8 && self.effects() == 1 {
                QUIET
            } else {
                0
            })
    }
}

/// Somebody works on it, has worked on it, or nobody ever will.
pub(super) const BEGUN: u8 = 1;
/// Nothing will hand it out again.
pub(super) const ENDED: u8 = 1 << 1;
/// See the metric `lost`.
pub(super) const LOST: u8 = 1 << 2;
/// See the metric `unconfirmed_lost`.
pub(super) const UNCONFIRMED_LOST: u8 = 1 << 3;
/// Its effect exists more than once.
pub(super) const DUPLICATED: u8 = 1 << 4;
/// A queue or service has taken it.
pub(super) const OWED: u8 = 1 << 5;
/// Handled once, settled, nothing more expected: its memory can be retired.
pub(super) const QUIET: u8 = 1 << 6;
/// No class: what happened to a state calls for a closer look.
pub(super) const ODD: u8 = 1 << 7;

/// A change of state, worked out beforehand for every state: what it becomes,
/// and as what it counts no more or newly. Millions of facts a second each
/// change a state.
#[derive(Debug)]
pub(super) struct Change(pub(super) [u16; 256]);

/// The [`Change`] that makes of every state the one that the expression says;
/// `odd` are the states for which that is no ordinary thing to happen.
macro_rules! change {
    (|$state:ident| $after:expr) => {
        change!(|$state| $after, odd: false)
    };
    (|$state:ident| $after:expr, odd: $odd:expr) => {{
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let $state = State(index as u8);
            let after: State = $after;
            let changed = $state.class() ^ after.class();
            let odd = if $odd { $crate::oracle::state::ODD } else { 0 };
            table[index] = after.0 as u16 | ((changed | odd) as u16) << 8;
            index += 1;
        }
        Change(table)
    }};
}
pub(super) use change;

impl Change {
    /// What a state becomes, and the classes in which that differs, with
    /// [`ODD`].
    #[inline(always)]
    pub(super) const fn of(&self, before: State) -> (State, u8) {
        let entry = self.0[before.0 as usize];
        (State(entry as u8), (entry >> 8) as u8)
    }
}

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut state = 0;
    while state < 256 {
        classes[state] = State(state as u8).classify();
        state += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_says_what_a_state_becomes() {
        static END: Change = change!(|state| state.end());
        for bits in 0..=u8::MAX {
            let before = State(bits);
            let (after, changed) = END.of(before);
            assert_eq!((after, changed), (before.end(), before.class() ^ before.end().class()));
        }
    }

    #[test]
    fn a_good_life_ends_quiet() {
        let state = State::default().accept().tell().with(Hand::Delivered).receive();
        assert_eq!(state.class(), OWED);
        let state = state.with(Hand::Started);
        assert_eq!(state.class(), OWED | BEGUN);
        let state = state.take_effect().with(Hand::Finished).end();
        assert_eq!(state.class(), OWED | BEGUN | ENDED | QUIET);
    }

    #[test]
    fn gone_without_effect_is_lost_once_nobody_has_it() {
        let started = State::default().accept().tell().with(Hand::Started).end();
        assert_eq!(started.class() & LOST, 0, "the worker may still finish");
        assert_eq!(started.with(Hand::Nobody).class() & LOST, LOST);
        let untold = State::default().accept().end();
        assert_eq!(untold.class() & (LOST | UNCONFIRMED_LOST), UNCONFIRMED_LOST);
        assert_eq!(untold.tell().class() & (LOST | UNCONFIRMED_LOST), LOST);
        assert_eq!(untold.accept().class() & UNCONFIRMED_LOST, 0, "a resend revives it");
    }

    #[test]
    fn what_is_deleted_by_hand_is_not_lost() {
        let waiting = State::default().accept().tell();
        let purged = waiting.purge();
        assert_eq!(purged.class(), OWED | BEGUN | ENDED);
        assert_eq!(purged.effects(), 0);
        let late = purged.with(Hand::Started).take_effect().with(Hand::Finished);
        assert_eq!(late.effects(), 1, "a worker that had it all the same");
        assert_eq!(purged.accept(), waiting, "it was sent again");
        assert_eq!(purged.accept().end().class() & LOST, LOST);
        let handled = waiting.take_effect().purge();
        assert_eq!((handled.effects(), handled.take_effect().effects()), (1, 2));
    }

    #[test]
    fn two_effects_are_a_duplicate_and_three_are_two() {
        let twice = State::default().accept().take_effect().take_effect();
        assert_eq!(twice.class() & DUPLICATED, DUPLICATED);
        assert_eq!(twice.take_effect(), twice);
    }
}
