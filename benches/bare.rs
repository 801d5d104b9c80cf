//! The same workloads as bare loops over one `BinaryHeap`: no broker, no
//! acknowledgements on the wire, no facts, no oracle, no metrics but one sum.
//!
//! This is what a person writes who wants just this one figure, and what the
//! simulator is measured against. Random numbers come from a small generator
//! of its own, so the figures are those of the same distribution and not of
//! the same draws.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

const SECOND: u64 = 1_000_000_000;

/// What happens next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A message arrives.
    Arrival,
    /// A server, or a consumer's worker, has finished.
    Done(u32),
}

/// Future events: by time, and among equals in the order of scheduling.
#[derive(Default)]
struct Agenda {
    heap: BinaryHeap<Reverse<(u64, u64, Event)>>,
    scheduled: u64,
}

impl Agenda {
    fn push(&mut self, at: u64, event: Event) {
        self.scheduled += 1;
        self.heap.push(Reverse((at, self.scheduled, event)));
    }

    fn pop(&mut self) -> Option<(u64, Event)> {
        self.heap.pop().map(|Reverse((at, _, event))| (at, event))
    }
}

/// xorshift64*: enough for a workload.
struct Random(u64);

impl Random {
    /// An exponential draw with this mean, in nanoseconds.
    fn exponential(&mut self, mean: f64) -> u64 {
        // The draw is above 0 because of the added half.
        let unit = ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
        (-unit.ln() * mean) as u64
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
}

/// What came of a loop.
pub(crate) struct Figures {
    /// Messages that arrived.
    pub(crate) messages: u64,
    /// When the last thing happened, in nanoseconds.
    pub(crate) end: u64,
    /// Waiting times or times in the system, all together.
    pub(crate) total: u128,
}

/// W1: 5,000 messages a second for so many seconds, then 50, until the queue
/// is empty.
pub(crate) fn peak(seconds: u64, messages: u64) -> Figures {
    let rush = 5_000 * seconds;
    shaving(|k| {
        (k < messages).then(|| {
            if k < rush {
                k * 200_000
            } else {
                seconds * SECOND + (k - rush) * 20_000_000
            }
        })
    })
}

/// The day: 50 a second, 5,000 from 12:00 to 13:00, until 24:00.
pub(crate) fn day() -> Figures {
    const NOON: u64 = 43_200;
    const BEFORE: u64 = NOON * 50;
    const RUSH: u64 = 3_600 * 5_000;
    shaving(|k| {
        let at = if k < BEFORE {
            k * 20_000_000
        } else if k < BEFORE + RUSH {
            NOON * SECOND + (k - BEFORE) * 200_000
        } else {
            (NOON + 3_600) * SECOND + (k - BEFORE - RUSH) * 20_000_000
        };
        (at < 86_400 * SECOND).then_some(at)
    })
}

/// One server of 0.5 ms; `arrival` says when the k-th message comes.
fn shaving(arrival: impl Fn(u64) -> Option<u64>) -> Figures {
    const WORK: u64 = 500_000;
    let mut agenda = Agenda::default();
    let mut queue = VecDeque::new();
    let mut busy = false;
    let mut figures = Figures {
        messages: 0,
        end: 0,
        total: 0,
    };
    if let Some(first) = arrival(0) {
        agenda.push(first, Event::Arrival);
    }
    while let Some((now, event)) = agenda.pop() {
        match event {
            Event::Arrival => {
                queue.push_back(now);
                figures.messages += 1;
                if let Some(next) = arrival(figures.messages) {
                    agenda.push(next, Event::Arrival);
                }
            }
            Event::Done(_) => {
                if let Some(arrived) = queue.pop_front() {
                    figures.total += u128::from(now - arrived);
                }
                busy = false;
            }
        }
        if !busy && !queue.is_empty() {
            busy = true;
            agenda.push(now + WORK, Event::Done(0));
        }
        figures.end = now;
    }
    figures
}

/// W2: nine messages a second, ten servers that need a second each.
pub(crate) fn ten_servers(messages: u64) -> Figures {
    let mut agenda = Agenda::default();
    let mut random = Random(2);
    let mut queue = VecDeque::new();
    let mut free = 10u32;
    let mut figures = Figures {
        messages: 0,
        end: 0,
        total: 0,
    };
    agenda.push(random.exponential(SECOND as f64 / 9.0), Event::Arrival);
    while let Some((now, event)) = agenda.pop() {
        match event {
            Event::Arrival => {
                queue.push_back(now);
                figures.messages += 1;
                if figures.messages < messages {
                    agenda.push(now + random.exponential(SECOND as f64 / 9.0), Event::Arrival);
                }
            }
            Event::Done(_) => free += 1,
        }
        if free > 0
            && let Some(arrived) = queue.pop_front()
        {
            figures.total += u128::from(now - arrived);
            free -= 1;
            agenda.push(now + random.exponential(SECOND as f64), Event::Done(free));
        }
        figures.end = now;
    }
    figures
}

/// A consumer of W3.
#[derive(Clone, Default)]
struct Consumer {
    /// Deliveries that it has and has not acknowledged.
    unacked: u32,
    /// When the messages arrived that wait for room.
    waiting: VecDeque<u64>,
}

/// W3: 36,000 messages a second, each to one of four consumers in each of
/// three groups, every delivery acknowledged after about 10 ms.
pub(crate) fn fan_out(messages: u64) -> Figures {
    const WORK: f64 = 10_000_000.0;
    const WINDOW: u32 = 100;
    let gap = SECOND as f64 / 36_000.0;
    let mut agenda = Agenda::default();
    let mut random = Random(3);
    let mut consumers = vec![Consumer::default(); 12];
    let mut figures = Figures {
        messages: 0,
        end: 0,
        total: 0,
    };
    agenda.push(random.exponential(gap), Event::Arrival);
    while let Some((now, event)) = agenda.pop() {
        match event {
            Event::Arrival => {
                figures.messages += 1;
                let partition = random.next() >> 60;
                for group in 0..3 {
                    let index = group * 4 + (partition % 4) as u32;
                    let consumer = &mut consumers[index as usize];
                    if consumer.unacked < WINDOW {
                        consumer.unacked += 1;
                        agenda.push(now + random.exponential(WORK), Event::Done(index));
                    } else {
                        consumer.waiting.push_back(now);
                    }
                }
                if figures.messages < messages {
                    agenda.push(now + random.exponential(gap), Event::Arrival);
                }
            }
            Event::Done(index) => {
                let consumer = &mut consumers[index as usize];
                match consumer.waiting.pop_front() {
                    Some(arrived) => {
                        figures.total += u128::from(now - arrived);
                        agenda.push(now + random.exponential(WORK), Event::Done(index));
                    }
                    None => consumer.unacked -= 1,
                }
            }
        }
        figures.end = now;
    }
    figures
}

/// W4: so many records a second over sixteen partitions, which twelve consumers
/// share; each handles a record in a microsecond.
pub(crate) fn partitions(messages: u64, rate: u64) -> Figures {
    let gap = SECOND / rate;
    const WORK: u64 = 1_000;
    let mut agenda = Agenda::default();
    let mut logs = vec![VecDeque::new(); 16];
    let mut is_busy = [false; 12];
    let mut figures = Figures {
        messages: 0,
        end: 0,
        total: 0,
    };
    agenda.push(0, Event::Arrival);
    while let Some((now, event)) = agenda.pop() {
        let consumer = match event {
            Event::Arrival => {
                let partition = (figures.messages % 16) as usize;
                logs[partition].push_back(now);
                figures.messages += 1;
                if figures.messages < messages {
                    agenda.push(figures.messages * gap, Event::Arrival);
                }
                partition % 12
            }
            Event::Done(consumer) => {
                is_busy[consumer as usize] = false;
                consumer as usize
            }
        };
        if !is_busy[consumer] {
            // The first four consumers have two partitions each.
            let own = [consumer, consumer + 12];
            let mut own = own.into_iter().filter(|partition| *partition < 16);
            if let Some(arrived) = own.find_map(|partition| logs[partition].pop_front()) {
                figures.total += u128::from(now - arrived);
                is_busy[consumer] = true;
                agenda.push(now + WORK, Event::Done(consumer as u32));
            }
        }
        figures.end = now;
    }
    figures
}
