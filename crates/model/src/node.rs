//! The contract between the world and what lives in it.
//!
//! A node does no I/O: it is told what reached it, and it acts through its
//! context only. It reads neither another node's memory nor any clock but the
//! one that the context gives it. That makes it testable alone, and lets the
//! world clone it, pause it, kill it and replay it.

use crate::{Crash, FactKind, Ledger, LocalTime, MessageId, PlaceId, Port, Progress, Purpose, TimerLane};
use core::marker::PhantomData;
use mqlab_kernel::{SimSpan, SimTime};

/// What a node may do to the world. `W` is what travels on its connections.
pub trait Context<W> {
    /// What time it really is: what facts are recorded with. A node that measures
    /// how long something takes, or writes down when it was, uses its clock.
    fn now(&self) -> SimTime;

    /// What the node's clock shows.
    fn clock(&mut self) -> LocalTime {
        LocalTime::right(self.now())
    }

    /// The first instant from now on at which the node's clock shows this or
    /// more, if nobody sets it meanwhile.
    fn when(&mut self, shown: LocalTime) -> SimTime {
        let start = SimSpan::from_nanos(u64::try_from(shown.nanos()).unwrap_or(0).min(SimSpan::MAX.nanos()));
        SimTime::ZERO.saturating_add(start).max(self.now())
    }

    /// The instant at which so much has passed by the node's clock.
    fn later(&mut self, span: SimSpan) -> SimTime {
        let shown = self.clock().saturating_add(span);
        self.when(shown)
    }

    /// Puts `wire` on the connection at `port`; it arrives after the link's
    /// delay, in order, unless a fault intervenes.
    fn send(&mut self, port: Port, wire: W);

    /// Asks for `on_timer(token)` at `at`. There is no disarming: a node that
    /// no longer wants a timer recognises the stale token by its generation.
    fn arm(&mut self, lane: TimerLane, at: SimTime, token: u64);

    /// Records that `kind` happened to `message` at `place`, now.
    fn emit(&mut self, place: PlaceId, kind: FactKind, message: MessageId, value: u64);

    /// Sixty-four bits that belong to `message` and `purpose` alone: whoever
    /// asks, whenever, gets the same. `salt` keeps several draws of one
    /// purpose apart (the index of a step, say).
    fn draw(&self, message: MessageId, purpose: Purpose, salt: u32) -> u64;

    /// The next sixty-four bits of the node's own named stream.
    fn random(&mut self) -> u64;

    /// The limit of messages is reached: the run ends after this action.
    fn run_out(&mut self);

    /// The node dies of what it was just asked to do. It gets [`Node::crash`]
    /// before anything else reaches it.
    fn die(&mut self);

    /// How many bytes a message has; it is the same wherever it is.
    fn size(&self, message: MessageId) -> u64;

    /// How long the message wants to be kept back before it is routed (`x-delay`
    /// of RabbitMQ's delayed exchange).
    fn delay(&self, _message: MessageId) -> SimSpan {
        SimSpan::ZERO
    }

    /// Gives the node's disk something to write, behind everything that it was
    /// given before. Returns its number: it is written, or synced, when
    /// [`Context::disk`] has come further than that, which may be so at once.
    fn write(&mut self, bytes: u64) -> u64;

    /// The same at the end of one of the node's files.
    fn append(&mut self, _file: u32, bytes: u64) -> u64 {
        self.write(bytes)
    }

    /// Reads from one of the node's files, at a place of it that is counted in any
    /// unit that `from` and `to` have in common. Returns how long that takes: it
    /// goes ahead of what is to be written, which waits for so long.
    fn read(&mut self, _file: u32, _from: u64, _to: u64, _bytes: u64) -> SimSpan {
        SimSpan::ZERO
    }

    /// How far the node's disk has come.
    fn disk(&self) -> Progress;

    /// What the world knows of a place whose content several nodes have; `None`
    /// where nobody keeps that. It is there for the record: what nodes do must
    /// not depend on it.
    fn ledger(&mut self, _place: PlaceId) -> Option<&mut Ledger> {
        None
    }
}

/// A state machine in the world. `W` is what travels on its connections.
pub trait Node<W>: Clone {
    /// The node comes up: at the start of the run, and after each restart.
    fn start<C: Context<W>>(&mut self, cx: &mut C);

    /// `wire` arrived at `port`.
    fn on_packet<C: Context<W>>(&mut self, cx: &mut C, port: Port, wire: W);

    /// A timer that the node armed is due. Timers of an earlier life never
    /// arrive.
    fn on_timer<C: Context<W>>(&mut self, cx: &mut C, token: u64);

    /// The peer at `port` is gone; everything it sent before has arrived.
    fn on_closed<C: Context<W>>(&mut self, cx: &mut C, port: Port);

    /// The peer at `port` is back and accepts connections.
    fn on_opened<C: Context<W>>(&mut self, cx: &mut C, port: Port);

    /// The node's disk has come further. Without a disk of its own that has
    /// any use for it a node need not listen.
    fn on_disk<C: Context<W>>(&mut self, _cx: &mut C) {}

    /// The node dies: whatever it held in memory is gone, and of its disk as
    /// much as `crash` says. It can record what that destroyed, and nothing it
    /// sends leaves the machine. A node that is down already may die once more
    /// of something worse.
    fn crash<C: Context<W>>(&mut self, cx: &mut C, crash: Crash);
}

/// Lets a part that speaks only `F` work inside a node that speaks a wider
/// `W`: a broker family knows its own frames and nothing else.
pub struct Lifted<'a, C, W> {
    inner: &'a mut C,
    wire: PhantomData<W>,
}

impl<'a, C, W> Lifted<'a, C, W> {
    /// Wraps a context of `W` for a part that speaks less.
    #[inline]
    pub fn new(inner: &'a mut C) -> Self {
        Lifted {
            inner,
            wire: PhantomData,
        }
    }
}

impl<F, W: From<F>, C: Context<W>> Context<F> for Lifted<'_, C, W> {
    #[inline(always)]
    fn now(&self) -> SimTime {
        self.inner.now()
    }
    fn clock(&mut self) -> LocalTime {
        self.inner.clock()
    }
    fn when(&mut self, shown: LocalTime) -> SimTime {
        self.inner.when(shown)
    }
    #[inline(always)]
    fn send(&mut self, port: Port, wire: F) {
        self.inner.send(port, wire.into());
    }
    #[inline(always)]
    fn arm(&mut self, lane: TimerLane, at: SimTime, token: u64) {
        self.inner.arm(lane, at, token);
    }
    #[inline(always)]
    fn emit(&mut self, place: PlaceId, kind: FactKind, message: MessageId, value: u64) {
        self.inner.emit(place, kind, message, value);
    }
    #[inline(always)]
    fn draw(&self, message: MessageId, purpose: Purpose, salt: u32) -> u64 {
        self.inner.draw(message, purpose, salt)
    }
    #[inline(always)]
    fn random(&mut self) -> u64 {
        self.inner.random()
    }
    #[inline(always)]
    fn die(&mut self) {
        self.inner.die();
    }
    fn run_out(&mut self) {
        self.inner.run_out();
    }
    fn size(&self, message: MessageId) -> u64 {
        self.inner.size(message)
    }
    fn delay(&self, message: MessageId) -> SimSpan {
        self.inner.delay(message)
    }
    fn write(&mut self, bytes: u64) -> u64 {
        self.inner.write(bytes)
    }
    fn append(&mut self, file: u32, bytes: u64) -> u64 {
        self.inner.append(file, bytes)
    }
    fn read(&mut self, file: u32, from: u64, to: u64, bytes: u64) -> SimSpan {
        self.inner.read(file, from, to, bytes)
    }
    fn disk(&self) -> Progress {
        self.inner.disk()
    }
    fn ledger(&mut self, place: PlaceId) -> Option<&mut Ledger> {
        self.inner.ledger(place)
    }
}
