//! Calls that do not wait for ever, are made again, or are not made at all.
//!
//! Each try of such a call has a number of its own, which is what the called
//! service gets as token: an answer that comes after the caller has given up
//! means nothing any more.

use super::breaker::{Breaker, Change};
use super::workers::{Job, Token};
use super::{Service, Step};
use crate::plan::{BreakerPlan, Patience};
use crate::wire::Wire;
use crate::world::BreakerState;
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SortedMap};
use mqlab_model::{CallFailure, Context, FactKind, Message, Port, Purpose, TimerLane};

/// The lane of timeouts and pauses, which only such services have.
const PATIENCE: TimerLane = TimerLane(1);

/// In a token: it means a try, and no worker. Workers leave this bit alone.
const TRY: u64 = 1 << 63;

/// Longest pause between two tries, however often it is doubled.
const PAUSE_MAX: SimSpan = SimSpan::from_secs(86_400);

/// Whether a token means a try.
#[inline(always)]
pub(super) fn is_try(token: u64) -> bool {
    token & TRY != 0
}

/// One try of a call.
#[derive(Clone, Copy, Debug)]
struct Try {
    /// The worker and which of its calls.
    waits: Token,
    step: u16,
    port: Port,
    message: Message,
    /// How many tries there were before it.
    number: u32,
    stage: Stage,
}

/// How far a try is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// The call is made, and the answer is awaited.
    Asked,
    /// It is not to be made: the breaker is open.
    Barred,
    /// It is made when a pause is over.
    Pausing,
}

/// The calls of a service that are made with patience.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls {
    tries: SortedMap<u64, Try>,
    next: u64,
    /// By step, and by the place of the service among those it calls.
    breakers: SortedMap<(u16, u8), Breaker>,
}

impl Calls {
    /// The process dies, and forgets whom it has called and who has failed.
    pub(super) fn forget(&mut self) {
        self.tries.clear();
        self.breakers.clear();
    }

    /// How many breakers are open.
    pub(super) fn open(&self) -> u32 {
        self.breakers.values().filter(|breaker| breaker.is_open()).count() as u32
    }
}

impl Service {
    /// A call that is made without patience has failed.
    #[cold]
    pub(super) fn note_plain_failure<C: Context<Wire>>(&mut self, cx: &mut C, index: u32, job: Job) {
        let step = usize::from(self.workers.slot(index).step);
        if let Some(Step::Call { patience: None, .. }) = self.program.get(step) {
            cx.emit(
                self.place,
                FactKind::CallFailed,
                job.message().id,
                CallFailure::Refused.value(),
            );
        }
    }

    /// Whether it has calls that are made with patience.
    pub(crate) fn is_patient(&self) -> bool {
        let patient = |step: &Step| matches!(step, Step::Call { patience: Some(_), .. });
        self.program.iter().any(patient)
    }

    /// How many of its breakers are open.
    pub(crate) fn open_breakers(&self) -> u32 {
        self.calls_made.open()
    }

    /// Its breakers: the step, the port of whom it calls, and how it stands.
    pub(crate) fn breakers(&self) -> Vec<(u16, Port, BreakerState)> {
        let mut all = Vec::new();
        for (index, step) in (0u16..).zip(&self.program) {
            let Step::Call {
                services,
                patience: Some(Patience { breaker: Some(_), .. }),
                ..
            } = step
            else {
                continue;
            };
            for (part, port) in (0u8..).zip(services) {
                let known = self.calls_made.breakers.get(&(index, part));
                all.push((index, *port, known.copied().unwrap_or_default().state()));
            }
        }
        all
    }

    pub(super) fn patience(&self, step: u16) -> Option<(Patience, u32)> {
        match self.program.get(usize::from(step)) {
            Some(Step::Call { patience, salt, .. }) => patience.map(|patience| (patience, *salt)),
            _ => None,
        }
    }

    /// A worker calls a service for the first time in this step.
    pub(super) fn call_patiently<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        waits: Token,
        (step, port): (u16, Port),
        message: Message,
    ) {
        let one = Try {
            waits,
            step,
            port,
            message,
            number: 0,
            stage: Stage::Asked,
        };
        self.make(cx, one);
    }

    /// Makes a try, if the breaker lets it.
    fn make<C: Context<Wire>>(&mut self, cx: &mut C, mut one: Try) {
        let Some((patience, _)) = self.patience(one.step) else {
            return;
        };
        let token = self.calls_made.next | TRY;
        self.calls_made.next += 1;
        let key = (one.step, one.waits.part);
        let may = patience.breaker.is_none() || (self.calls_made.breakers.get_or_default(key)).lets_through(cx.now());
        one.stage = if may { Stage::Asked } else { Stage::Barred };
        self.calls_made.tries.insert(token, one);
        if !may {
            // What becomes of a step is not said while it is being taken.
            cx.arm(PATIENCE, cx.now(), token);
            return;
        }
        let message = one.message;
        cx.send(one.port, Wire::Request { token, message });
        if let Some(timeout) = patience.timeout {
            let at = cx.later(timeout);
            cx.arm(PATIENCE, at, token);
        }
    }

    /// A try is answered.
    #[cold]
    #[inline(never)]
    pub(super) fn try_answered<C: Context<Wire>>(&mut self, cx: &mut C, token: u64, done: bool) {
        let Some(one) = self.calls_made.tries.remove(&token) else {
            return;
        };
        if !done {
            return self.try_failed(cx, one, CallFailure::Refused);
        }
        self.note(cx, &one, true);
        self.answered(cx, one.waits.pack(), true);
    }

    /// The time of a try is over, or the pause before it.
    #[cold]
    #[inline(never)]
    pub(super) fn try_timed<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) {
        let Some(one) = self.calls_made.tries.remove(&token) else {
            return;
        };
        // Whoever has failed for another reason has no use for it any more.
        if self.workers.expected(one.waits).is_none() {
            return self.note_abandoned(cx, &one);
        }
        match one.stage {
            Stage::Asked => self.try_failed(cx, one, CallFailure::TimedOut),
            Stage::Barred => self.try_failed(cx, one, CallFailure::NotTried),
            Stage::Pausing => self.make(cx, one),
        }
    }

    /// The peer at `port` is gone, and will not answer.
    pub(super) fn tries_closed<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        let asked = self.calls_made.tries.iter();
        let asked = asked.filter(|(_, one)| one.port == port && one.stage == Stage::Asked);
        let tokens: Vec<u64> = asked.map(|(token, _)| *token).collect();
        for token in tokens {
            self.try_answered(cx, token, false);
        }
    }

    fn try_failed<C: Context<Wire>>(&mut self, cx: &mut C, one: Try, why: CallFailure) {
        cx.emit(self.place, FactKind::CallFailed, one.message.id, why.value());
        if why != CallFailure::NotTried {
            self.note(cx, &one, false);
        }
        let Some((patience, salt)) = self.patience(one.step) else {
            return;
        };
        let is_wanted = self.workers.expected(one.waits).is_some();
        if !is_wanted || one.number >= patience.retries {
            self.abandon_others(one.waits);
            return self.answered(cx, one.waits.pack(), false);
        }
        let number = one.number + 1;
        cx.emit(self.place, FactKind::Retried, one.message.id, u64::from(number));
        let salt = salt.wrapping_add(number << 6 | u32::from(one.waits.part));
        let draw = cx.draw(one.message.id, Purpose::Backoff, salt);
        let at = cx.later(pause(&patience, number, draw));
        let token = self.calls_made.next | TRY;
        self.calls_made.next += 1;
        let stage = Stage::Pausing;
        self.calls_made.tries.insert(token, Try { number, stage, ..one });
        cx.arm(PATIENCE, at, token);
    }

    /// A breaker hears of the end of a call.
    fn note<C: Context<Wire>>(&mut self, cx: &mut C, one: &Try, well: bool) {
        let Some((
            Patience {
                breaker: Some(plan), ..
            },
            _,
        )) = self.patience(one.step)
        else {
            return;
        };
        // As long as it is by the service's own clock.
        let open = cx.later(plan.open).saturating_since(cx.now());
        let plan = BreakerPlan { open, ..plan };
        let breaker = self.calls_made.breakers.get_or_default((one.step, one.waits.part));
        let kind = match breaker.note(well, plan, cx.now()) {
            Change::Nothing => return,
            Change::Opened => FactKind::BreakerOpened,
            Change::Closed => FactKind::BreakerClosed,
        };
        cx.emit(self.place, kind, one.message.id, u64::from(one.port.0));
    }

    /// The step fails: nobody waits for its other calls any more, whatever
    /// becomes of the step. One that was on trial leaves that to the next.
    fn abandon_others(&mut self, waits: Token) {
        let Calls { tries, breakers, .. } = &mut self.calls_made;
        tries.retain(|_, one| {
            let is_other = (one.waits.slot, one.waits.generation) == (waits.slot, waits.generation);
            let is_asked = is_other && one.stage == Stage::Asked;
            if is_asked && let Some(breaker) = breakers.get_mut(&(one.step, one.waits.part)) {
                breaker.release();
            }
            !is_other
        });
    }

    /// A call that nobody waits for any more has had no answer in time. The
    /// breaker has to hear of it: it may have been the one on trial.
    fn note_abandoned<C: Context<Wire>>(&mut self, cx: &mut C, one: &Try) {
        if one.stage == Stage::Asked {
            self.note(cx, one, false);
        }
    }
}

/// The pause before the try with this number, counted from 1.
fn pause(patience: &Patience, number: u32, draw: u64) -> SimSpan {
    let nanos = patience.backoff.nanos();
    let doubled = u128::from(nanos) << (number - 1).min(63);
    let jitter = (u128::from(patience.jitter.nanos()) * u128::from(draw)) >> 64;
    let most = u128::from(PAUSE_MAX.nanos());
    SimSpan::from_nanos((doubled.min(most) + jitter.min(most)) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_have_an_end() {
        let patience = Patience {
            backoff: SimSpan::from_millis(100),
            jitter: SimSpan::from_millis(50),
            ..Patience::default()
        };
        let millis = |number, draw| pause(&patience, number, draw).nanos() / 1_000_000;
        assert_eq!([1, 2, 3, 4].map(|number| millis(number, 0)), [100, 200, 400, 800]);
        assert_eq!(millis(2, 1 << 63), 225);
        assert_eq!(pause(&patience, 1000, 0), PAUSE_MAX);
    }
}
