//! What the agenda costs: nanoseconds per push and pop, beside one
//! `BinaryHeap` doing the same.
//!
//! `cargo run --release -p mqlab-kernel --example agenda_speed`
//!
//! Each popped action schedules one in the next lane, as a message on its way
//! through links and workers does, so the number of pending actions is constant.
//! "One each" has one action per lane, the busiest the tournament gets; "full
//! pipes" has 64, so that most pushes only queue up behind others.

#![expect(clippy::disallowed_types, reason = "a measurement reads the clock")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Instant;

use mqlab_kernel::{Agenda, LaneId, SimSpan, SimTime, draw};

const ROUNDS: u64 = 4_000_000;

/// The size of a small action enum.
type Action = (u64, u32);

fn main() {
    println!("ns per push+pop        agenda   heap   ratio");
    for (name, in_flight) in [("one each", 1), ("full pipes", 64)] {
        for lanes in [4, 8, 16, 256, 4_096] {
            // Alternating, so that a change of the machine's pace hits both.
            let mut best = [f64::INFINITY; 2];
            for _ in 0..3 {
                best[0] = best[0].min(agenda(lanes, in_flight));
                best[1] = best[1].min(heap(lanes, in_flight));
            }
            let [agenda, heap] = best;
            println!(
                "{name:<10} {lanes:>5} lanes {agenda:>6.1} {heap:>6.1} {:>7.2}",
                heap / agenda
            );
        }
    }
}

/// Each lane delays by a constant of its own, so its pushes are nearly in
/// order: exactly when every lane's input is.
fn delays(lanes: u32) -> Vec<SimSpan> {
    (0..lanes)
        .map(|lane| SimSpan::from_nanos(500_000 + draw(1, 2, lane.into(), 3) % 1_000_000))
        .collect()
}

fn starts(lanes: u32, in_flight: u32) -> Vec<(u32, SimTime)> {
    let mut starts: Vec<_> = (0..lanes * in_flight)
        .map(|n| (n % lanes, SimTime::from_nanos(draw(1, 1, n.into(), 1) % 1_000_000)))
        .collect();
    starts.sort_by_key(|start| start.1);
    starts
}

fn agenda(lanes: u32, in_flight: u32) -> f64 {
    let delays = delays(lanes);
    let mut agenda: Agenda<Action> = Agenda::new(lanes);
    for (lane, at) in starts(lanes, in_flight) {
        agenda.push(LaneId(lane), at, (u64::from(lane), lane));
    }
    let start = Instant::now();
    let mut last = (0, 0);
    for _ in 0..ROUNDS {
        let (at, lane, action) = agenda
            .pop_until(SimTime::MAX)
            .expect("the number of actions is constant");
        let next = if lane.0 + 1 == lanes { 0 } else { lane.0 + 1 };
        agenda.push(LaneId(next), at + delays[next as usize], (action.0 + 1, next));
        last = action;
    }
    black_box(last);
    start.elapsed().as_nanos() as f64 / ROUNDS as f64
}

fn heap(lanes: u32, in_flight: u32) -> f64 {
    let delays = delays(lanes);
    let mut heap = BinaryHeap::new();
    let mut pushed = 0u64;
    for (lane, at) in starts(lanes, in_flight) {
        heap.push(Reverse((at, lane, pushed, (u64::from(lane), lane))));
        pushed += 1;
    }
    let start = Instant::now();
    let mut last = (0, 0);
    for _ in 0..ROUNDS {
        let Reverse((at, lane, _, action)) = heap.pop().expect("the number of actions is constant");
        let next = if lane + 1 == lanes { 0 } else { lane + 1 };
        heap.push(Reverse((
            at + delays[next as usize],
            next,
            pushed,
            (action.0 + 1, next),
        )));
        pushed += 1;
        last = action;
    }
    black_box(last);
    start.elapsed().as_nanos() as f64 / ROUNDS as f64
}
