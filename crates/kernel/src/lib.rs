//! The discrete-event kernel of mqlab: simulated time, the agenda of future
//! actions, deterministic randomness, distributions, and the two containers
//! every model needs, a histogram and a cheaply cloned queue.
//!
//! The kernel knows nothing of messages, brokers or networks. It reads no
//! clock, does no I/O, iterates no hash map and calls no platform maths, so the
//! same inputs give the same bits natively and in a browser.
//!
//! ```
//! use mqlab_kernel::{Agenda, LaneId, SimSpan, SimTime};
//!
//! let mut agenda = Agenda::new(2);
//! let noon = SimTime::parse_clock("12:00").unwrap();
//! agenda.push(LaneId(1), noon, "second");
//! agenda.push(LaneId(0), noon, "first");
//! agenda.push(LaneId(0), noon + SimSpan::from_millis(1), "later");
//! assert_eq!(agenda.pop_until(noon), Some((noon, LaneId(0), "first")));
//! assert_eq!(agenda.pop_until(noon), Some((noon, LaneId(1), "second")));
//! assert_eq!(agenda.pop_until(noon), None);
//! ```

#![no_std]
#![cfg_attr(test, allow(clippy::unwrap_used))]

extern crate alloc;

mod agenda;
mod apart;
mod bytes;
mod chain;
mod decimal;
mod dist;
mod dist_shapes;
mod draw;
mod held;
mod hist;
mod lane;
mod late;
mod math;
mod order;
mod rate;
mod ring;
mod rng;
mod sorted;
mod span;
mod time;
mod tree;

pub use agenda::{Agenda, LaneId};
pub use apart::Apart;
pub use bytes::{Bytes, Sizes};
pub use chain::{Chain, ChainIter};
pub use dist::Dist;
pub use draw::{draw, draw_at, draw_key, hash_name, mix};
pub use hist::Histogram;
pub use math::{ceil, erfc, exp, floor, ln, normal_quantile, pow, round, sqrt};
pub use order::{sort_by, sort_by_key};
pub use rate::Rate;
pub use ring::Ring;
pub use rng::Stream;
pub use sorted::{SortedMap, SortedSet};
pub use span::SimSpan;
pub use time::SimTime;
