//! The closed formulas that sizing puts beside what was measured.

use std::f64;

/// Erlang's second formula: the probability that an arrival has to wait, with
/// `servers` servers and a load of `load` erlangs. 1 if there is more load than
/// servers.
pub(super) fn erlang_c(servers: u64, load: f64) -> f64 {
    let count = servers as f64;
    if load >= count {
        return 1.0;
    }
    let mut blocking = 1.0;
    for server in 1..=servers {
        blocking = load * blocking / (server as f64 + load * blocking);
    }
    blocking / (1.0 - load / count * (1.0 - blocking))
}

/// The mean wait at random arrivals and exponential service, in seconds;
/// infinite if there is more load than servers.
pub(super) fn mean_wait(servers: u64, arrivals: f64, service: f64) -> f64 {
    let spare = servers as f64 / service - arrivals;
    if spare > 0.0 {
        erlang_c(servers, arrivals * service) / spare
    } else {
        f64::INFINITY
    }
}

/// A queue as a fluid: it fills by (lambda - mu) x T and empties by
/// (mu - lambda) x T, for arrivals in stretches of `step` seconds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Fluid {
    /// The most there is at any time.
    pub(super) peak: f64,
    /// Seconds from then until it is empty; `None` if it never is.
    pub(super) drain: Option<f64>,
}

/// The fluid of a queue that is served at `capacity` a second, all servers
/// together, while there is any. `jumps` is what comes at once at the
/// beginning of each stretch, and not evenly over it.
pub(super) fn fluid(arrivals: &[f64], jumps: &[f64], step: f64, capacity: f64) -> Fluid {
    let mut level = 0.0_f64;
    let mut fluid = Fluid {
        peak: 0.0,
        drain: Some(0.0),
    };
    let mut peak_at = 0.0;
    for (index, (&arrived, &jump)) in arrivals.iter().zip(jumps).enumerate() {
        let start = index as f64 * step;
        level += jump;
        if level > fluid.peak {
            (fluid.peak, fluid.drain, peak_at) = (level, None, start);
        }
        let rate = (arrived - jump).max(0.0) / step - capacity;
        let end = level + rate * step;
        if fluid.drain.is_none() && end <= 0.0 {
            fluid.drain = Some(start + level / -rate - peak_at);
        }
        level = end.max(0.0);
        if level > fluid.peak {
            (fluid.peak, fluid.drain, peak_at) = (level, None, start + step);
        }
    }
    if fluid.drain.is_none() && capacity > 0.0 {
        // Nothing arrives any more.
        fluid.drain = Some(arrivals.len() as f64 * step + level / capacity - peak_at);
    }
    fluid
}

/// How many servers empty a queue of `waiting` within `within` seconds while
/// more comes at `arrivals` a second, if each takes `service` seconds:
/// T = B / (n mu - lambda), solved for n.
pub(super) fn servers_to_drain(waiting: f64, within: f64, arrivals: f64, service: f64) -> u64 {
    let needed = (waiting / within + arrivals) * service;
    // What is whole but for the rounding of the division is whole.
    (needed - 1e-9).ceil().max(1.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erlangs_formula_is_that_of_the_tables() {
        assert!((erlang_c(1, 0.5) - 0.5).abs() < 1e-12);
        assert!((erlang_c(2, 1.8) - 0.852_631_578_947).abs() < 1e-9);
        assert!((erlang_c(10, 9.0) - 0.668_732).abs() < 1e-6);
        assert_eq!(erlang_c(2, 2.0), 1.0);
        assert!((mean_wait(1, 0.9, 1.0) - 9.0).abs() < 1e-9);
        assert!(mean_wait(1, 1.0, 1.0).is_infinite());
    }

    #[test]
    fn a_queue_fills_and_empties_by_the_difference_of_the_rates() {
        // 5 a second for 100 seconds, then 1, served at 3.
        let mut arrivals = vec![50.0; 10];
        arrivals.extend([10.0; 20]);
        let fluid = fluid(&arrivals, &[0.0; 30], 10.0, 3.0);
        assert_eq!((fluid.peak, fluid.drain), (200.0, Some(100.0)));
    }

    #[test]
    fn what_comes_at_once_is_there_at_once() {
        let of = |capacity| fluid(&[600.0, 0.0], &[600.0, 0.0], 10.0, capacity);
        assert_eq!((of(100.0).peak, of(100.0).drain), (600.0, Some(6.0)));
        // It is emptied after the last stretch.
        assert_eq!(of(10.0).drain, Some(60.0));
        assert_eq!(of(0.0).drain, None);
    }

    #[test]
    fn servers_are_as_many_as_the_formula_says() {
        // 10 million at 1,000 a second each, within 3,333.3 s and a bit: three.
        assert_eq!(servers_to_drain(10e6, 3_334.0, 0.0, 0.001), 3);
        assert_eq!(servers_to_drain(10e6, 3_333.0, 0.0, 0.001), 4);
        assert_eq!(servers_to_drain(10e6, 10_000.0, 1_000.0, 0.001), 2);
        assert_eq!(servers_to_drain(0.0, 1.0, 0.0, 1.0), 1);
    }
}
