//! One variant of a scenario, running, with its expectations checked on the
//! way.

use crate::expect::{Comparison, When};
use crate::scenario::Scenario;
use mqlab_engine::plan::{Command, TimedCommand};
use mqlab_engine::{Metric, Outcome, Replay, Value, World};
use mqlab_kernel::{SimTime, sort_by_key};

/// What is known of an expectation so far.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum State {
    /// The time to tell has not come.
    Pending,
    /// It holds.
    Held {
        /// What was measured.
        actual: Value,
    },
    /// It does not hold.
    Failed {
        /// What was measured.
        actual: Value,
    },
}

/// An expectation in one run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Checked {
    /// Its place in [`Scenario::expectations`].
    pub expectation: usize,
    /// What is known of it.
    pub state: State,
    /// The instant that told.
    pub at: Option<SimTime>,
}

impl Checked {
    /// Whether it is known to hold.
    pub fn is_held(&self) -> bool {
        matches!(self.state, State::Held { .. })
    }

    /// Whether it is known not to hold.
    pub fn is_failed(&self) -> bool {
        matches!(self.state, State::Failed { .. })
    }
}

/// An expectation as this variant checks it.
#[derive(Clone, Debug)]
struct Check {
    metric: Metric,
    that: Comparison,
    when: When,
}

/// One variant of a scenario, running.
///
/// It may be cloned at any time, and both go on alike: a checkpoint of a
/// run with its expectations.
#[derive(Clone)]
pub struct Runner {
    world: World,
    checks: Vec<Check>,
    results: Vec<Checked>,
    /// Expectations at an instant, soonest last.
    instants: Vec<(SimTime, usize)>,
    has_begun: bool,
}

impl Runner {
    /// The variant at this place in [`Scenario::variants`], not yet begun.
    ///
    /// # Panics
    /// If there is no such variant.
    pub fn new(scenario: &Scenario, variant: usize) -> Runner {
        let chosen = &scenario.variants[variant];
        let world = World::new(&chosen.plan);
        let mut runner = Runner {
            world,
            checks: Vec::new(),
            results: Vec::new(),
            instants: Vec::new(),
            has_begun: false,
        };
        for (index, expectation) in scenario.expectations.iter().enumerate() {
            if !expectation.is_about(&chosen.name) {
                continue;
            }
            let Some(metric) = expectation.that.metric.resolve(&chosen.plan, runner.world.places()) else {
                continue;
            };
            if let When::At(at) = expectation.when {
                runner.instants.push((at, runner.checks.len()));
            }
            runner.checks.push(Check {
                metric,
                that: expectation.that.clone(),
                when: expectation.when,
            });
            runner.results.push(Checked {
                expectation: index,
                state: State::Pending,
                at: None,
            });
        }
        sort_by_key(&mut runner.instants, |(at, _)| std::cmp::Reverse(*at));
        runner
    }

    /// Runs until everything at or before `to` has happened, or about
    /// `actions_max` actions are used up. On the way it stops inside at every
    /// instant that an expectation asks for; however a run is cut, the results
    /// are the same.
    pub fn advance(&mut self, to: SimTime, actions_max: u64) -> Outcome {
        let budget = self.world.actions().saturating_add(actions_max);
        loop {
            let asked = self.instants.last().map_or(SimTime::MAX, |(at, _)| *at);
            let stop = asked.min(to);
            match self.run_to(stop, budget) {
                Outcome::Reached => {
                    self.check_instants(stop);
                    if stop >= to {
                        return Outcome::Reached;
                    }
                    if self.world.actions() >= budget {
                        return Outcome::Budget;
                    }
                }
                Outcome::Budget => return Outcome::Budget,
                Outcome::Ended => {
                    // Nothing changes any more, so this is also the state at
                    // every later instant.
                    self.check_instants(SimTime::MAX);
                    self.check_end();
                    return Outcome::Ended;
                }
                Outcome::Limit(hit) => {
                    self.give_up();
                    return Outcome::Limit(hit);
                }
            }
        }
    }

    /// Runs to the end.
    pub fn finish(&mut self) -> Outcome {
        self.advance(SimTime::MAX, u64::MAX)
    }

    /// The world as it stands.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The world, to give commands to. Whoever lets it run past this runner
    /// gets wrong results for the expectations in between.
    pub fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// Every expectation about this variant, in the order of the text.
    pub fn results(&self) -> &[Checked] {
        &self.results
    }

    /// Whether one of them is known not to hold.
    pub fn has_failed(&self) -> bool {
        self.results.iter().any(Checked::is_failed)
    }

    /// Runs the world to `stop`, instant by instant if something must hold
    /// after each of them.
    fn run_to(&mut self, stop: SimTime, budget: u64) -> Outcome {
        while self.is_watching() {
            // Before it first runs, a world does not know yet what is next.
            let next = if self.has_begun {
                self.world.next_time()
            } else {
                Some(SimTime::ZERO)
            };
            self.has_begun = true;
            let Some(next) = next.filter(|next| *next <= stop) else {
                break;
            };
            let outcome = self.world.run_until(next, budget.saturating_sub(self.world.actions()));
            self.check_each();
            if outcome != Outcome::Reached {
                return outcome;
            }
            if self.world.actions() >= budget {
                return Outcome::Budget;
            }
        }
        self.has_begun = true;
        self.world.run_until(stop, budget.saturating_sub(self.world.actions()))
    }

    /// Whether an expectation about every instant is still undecided.
    fn is_watching(&self) -> bool {
        let undecided = |(check, result): (&Check, &Checked)| {
            matches!(check.when, When::Always | When::Never) && result.state == State::Pending
        };
        self.checks.iter().zip(&self.results).any(undecided)
    }

    /// Decides what must hold, or must not, after every instant, where it does
    /// not, or does.
    fn check_each(&mut self) {
        let now = self.world.now();
        for (check, result) in self.checks.iter().zip(&mut self.results) {
            let wanted = match check.when {
                When::Always => true,
                When::Never => false,
                When::At(_) | When::End => continue,
            };
            if result.state != State::Pending {
                continue;
            }
            let actual = self.world.metric(&check.metric);
            if check.that.holds(actual) != wanted {
                result.state = State::Failed { actual };
                result.at = Some(now);
            }
        }
    }

    /// Decides everything that is asked for at `reached` or before.
    fn check_instants(&mut self, reached: SimTime) {
        while let Some((_, index)) = self.instants.pop_if(|(at, _)| *at <= reached) {
            self.decide(index);
        }
    }

    /// Decides what is left at the end of the run.
    fn check_end(&mut self) {
        self.check_each();
        for index in 0..self.checks.len() {
            if self.results[index].state != State::Pending {
                continue;
            }
            match self.checks[index].when {
                // Nothing has shown the contrary until now.
                When::Always | When::Never => {
                    let actual = self.world.metric(&self.checks[index].metric);
                    self.results[index].state = State::Held { actual };
                    self.results[index].at = Some(self.world.now());
                }
                When::At(_) | When::End => self.decide(index),
            }
        }
    }

    fn decide(&mut self, index: usize) {
        let (check, result) = (&self.checks[index], &mut self.results[index]);
        let actual = self.world.metric(&check.metric);
        let holds = check.that.holds(actual);
        result.state = if holds {
            State::Held { actual }
        } else {
            State::Failed { actual }
        };
        result.at = Some(self.world.now());
    }

    /// A limit ended the run: what is undecided was not shown to hold.
    fn give_up(&mut self) {
        for (check, result) in self.checks.iter().zip(&mut self.results) {
            if result.state == State::Pending {
                result.state = State::Failed {
                    actual: self.world.metric(&check.metric),
                };
                result.at = Some(self.world.now());
            }
        }
        self.instants.clear();
    }
}

impl Replay for Runner {
    fn now(&self) -> SimTime {
        self.world.now()
    }

    fn actions(&self) -> u64 {
        self.world.actions()
    }

    fn advance(&mut self, to: SimTime, actions_max: u64) -> Outcome {
        Runner::advance(self, to, actions_max)
    }

    fn given(&self) -> &[TimedCommand] {
        self.world.given()
    }

    fn give(&mut self, command: Command, at: SimTime) {
        self.world.give(command, at);
    }

    fn is_over(&self) -> bool {
        self.has_begun && self.world.is_over()
    }

    fn has_judged(&self) -> bool {
        self.results.iter().any(|result| result.at == Some(self.world.now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(expectations: &str) -> Scenario {
        let text = format!(
            "title = \"t\"\n[broker.rabbitmq]\nqueue.orders = {{}}\n[service.writer]\n\
             consume = {{ queue = \"orders\", prefetch = 1 }}\nsteps = [{{ work = \"1s\" }}, \"ack\"]\n\
             [load.users]\nto = \"orders\"\nburst = [[\"0s\", 3]]\n{expectations}"
        );
        let (scenario, found) = crate::parse(&text);
        scenario.unwrap_or_else(|| panic!("{found:#?}"))
    }

    fn expect(that: &str, when: &str) -> String {
        format!("[[expect]]\nthat = \"{that}\"\n{when}\n")
    }

    fn states(runner: &Runner) -> String {
        let letter = |result: &Checked| match result.state {
            State::Pending => 'p',
            State::Held { .. } => 'h',
            State::Failed { .. } => 'f',
        };
        runner.results().iter().map(letter).collect()
    }

    fn all() -> Scenario {
        scenario(
            &[
                expect("settled(orders) == 1", "at = \"1s\""),
                expect("settled(orders) == 1", "at = \"999ms\""),
                expect("settled(orders) == 3", ""),
                expect("unacked(orders) <= 1", "always = true"),
                expect("ready(orders) > 0", "always = true"),
                expect("ready(orders) > 2", "never = true"),
                expect("ready(orders) == 1", "never = true"),
            ]
            .concat(),
        )
    }

    #[test]
    fn expectations_are_decided_when_their_time_comes() {
        let scenario = all();
        let mut runner = Runner::new(&scenario, 0);
        assert_eq!(states(&runner), "ppppppp");
        assert_eq!(
            runner.advance(SimTime::from_nanos(1_500_000_000), u64::MAX),
            Outcome::Reached
        );
        assert_eq!(states(&runner), "hfpp".to_owned() + "ppf");
        assert_eq!(runner.finish(), Outcome::Ended);
        assert_eq!(states(&runner), "hfhhfhf");
        assert_eq!(runner.results()[0].at, Some(SimTime::from_nanos(1_000_000_000)));
    }

    #[test]
    fn results_do_not_depend_on_how_a_run_is_cut() {
        let scenario = all();
        let mut whole = Runner::new(&scenario, 0);
        whole.finish();
        let mut cut = Runner::new(&scenario, 0);
        while cut.advance(SimTime::MAX, 1) == Outcome::Budget {}
        assert_eq!(cut.results(), whole.results());
        assert_eq!(cut.world().digest(), whole.world().digest());
    }

    #[test]
    fn a_run_that_hits_a_limit_shows_nothing() {
        // A world may look at its limits now and then only, so the run must be
        // longer than that.
        let text = format!(
            "[limits]\nactions = 5\n[load.more]\nto = \"orders\"\nburst = [[\"0s\", 200000]]\n{}",
            expect("lost == 0", "")
        );
        let scenario = scenario(&text);
        let mut runner = Runner::new(&scenario, 0);
        assert!(matches!(runner.finish(), Outcome::Limit(_)));
        assert!(runner.has_failed());
    }
}
