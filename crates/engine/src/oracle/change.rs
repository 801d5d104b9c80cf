//! What facts do to the state of an obligation.

use super::state::{Change, Hand, State, change};

/// A queue took it, or a service its call; odd if that is not the first that is
/// heard of it.
pub(super) static ACCEPT: Change = change!(|state| state.accept(), odd: state.0 != 0);
/// A queue handed it to a consumer; odd if it is not there.
pub(super) static DISPATCH: Change = change!(
    |state| state.with(Hand::Delivered),
    odd: state.is_gone() || !state.is_accepted()
);
/// It reached a consumer; odd if not for the first time.
pub(super) static RECEIVE: Change = change!(
    |state| state.receive().with(Hand::Delivered),
    odd: state.is_received()
);
/// A worker began.
pub(super) static START: Change = change!(|state| state.with(Hand::Started));
/// The row that the handler exists for was written; odd if it was there.
pub(super) static TAKE_EFFECT: Change = change!(|state| state.take_effect(), odd: state.effects() > 0);
/// The row that the handler exists for is there already: from an earlier
/// delivery, or from another message about the same business.
pub(super) static HAS_EFFECT: Change = change!(|state| if state.effects() == 0 {
    state.take_effect()
} else {
    state
});
/// The same, and nothing will hand it out again.
pub(super) static SETTLE_WITHIN: Change = change!(|state| if state.effects() == 0 {
    state.take_effect().end()
} else {
    state.end()
});
/// Nothing will hand it out again.
pub(super) static END: Change = change!(|state| state.end());
/// Deleted by hand: nothing will hand it out again, and that is no loss.
pub(super) static PURGE: Change = change!(|state| state.purge());
/// A log has deleted it: nothing will hand it out again, and that is no loss,
/// unless it was one already.
pub(super) static DELETE: Change = change!(|state| if state.is_gone() { state } else { state.purge() });
/// Nobody has it in hand any more.
pub(super) static LET_GO: Change = change!(|state| state.with(Hand::Nobody));
/// A call has failed, and the caller knows.
pub(super) static REFUSE: Change = change!(|state| state.refuse());
/// The sender was told that it was not taken. Where a queue has taken it all
/// the same, the queue still owes its handling.
pub(super) static REFUSE_SENDER: Change = change!(|state| if state.is_accepted() { state } else { state.refuse() });
/// It was lost on its way to a queue, and nobody will ask for it again.
pub(super) static VANISH: Change = change!(|state| if state.is_accepted() { state } else { state.vanish() });
/// The sender was told that it is safe.
pub(super) static TELL: Change = change!(|state| state.tell());
/// A handling ended well: of a delivery or of a call, which is over then; and
/// with the end as its effect, which is odd if it was there, or with a row.
pub(super) const fn finish(calls: bool, writes: bool) -> &'static Change {
    match (calls, writes) {
        (false, false) => &FINISH,
        (false, true) => &FINISH_WRITTEN,
        (true, false) => &FINISH_CALL,
        (true, true) => &FINISH_WRITTEN_CALL,
    }
}

static FINISH: Change = change!(
    |state| state.take_effect().with(Hand::Finished),
    odd: state.effects() > 0
);
/// A handling ended well whose effect is there once, whoever says so first: it was
/// committed along with the acknowledgement.
pub(super) static FINISH_WITHIN: Change = change!(
    |state| if state.effects() == 0 {
        state.take_effect().with(Hand::Finished)
    } else {
        state.with(Hand::Finished)
    },
    odd: state.effects() > 0
);
static FINISH_WRITTEN: Change = change!(|state| state.with(Hand::Finished));
static FINISH_CALL: Change = change!(
    |state| state.take_effect().with(Hand::Finished).end(),
    odd: state.effects() > 0
);
static FINISH_WRITTEN_CALL: Change = change!(|state| state.with(Hand::Finished).end());
