//! From settings to commands.
//!
//! A fault begins when an amount of chance is used up that its stream has drawn, and
//! it is used up as fast as the rate says. So settings may change in between: what has
//! begun by then stays as it is, the next fault comes sooner or later, and no stream
//! is drawn from more or less often.

use super::{Chance, RandomFaults, Trouble, Wrong};
use crate::plan::{Command, LinkPlan, NodeKind, Plan, Setting, TimedCommand, Wear};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use mqlab_kernel::{Dist, SimSpan, SimTime, Stream, round, sort_by_key};
use mqlab_model::{Crash, NodeId};

/// The settings in force from an instant on.
pub(crate) type Phase = (SimTime, RandomFaults);

/// What is known of the things that faults may be faults of.
#[derive(Clone, Debug)]
pub struct Subjects {
    seed: u64,
    things: Vec<Thing>,
    links: Vec<LinkPlan>,
}

/// A node, as it is when all is well.
#[derive(Clone, Debug)]
struct Thing {
    name: String,
    /// How long a sync of its disk takes, if it is a broker.
    sync: Option<Dist>,
    /// Whether it calls or is called.
    calls: bool,
    /// By how much its clock is off.
    offset: i64,
}

/// Something that goes wrong with a thing from `begin` to `end`.
struct Fault {
    begin: SimTime,
    end: SimTime,
    wrong: Command,
    right: Command,
}

impl Subjects {
    /// The things of a plan.
    pub fn of(plan: &Plan) -> Subjects {
        let thing = |(node, id): (&crate::plan::NodePlan, u16)| {
            let known = plan.clocks.iter().find(|(known, _)| *known == NodeId(id));
            Thing {
                name: node.name.clone(),
                sync: node.kind.broker().map(|broker| broker.disk().unwrap_or_default().sync),
                calls: matches!(node.kind, NodeKind::Load(_) | NodeKind::Service(_)),
                offset: known.map_or(0, |(_, skew)| skew.offset),
            }
        };
        Subjects {
            seed: plan.seed,
            things: plan.nodes.iter().zip(0..).map(thing).collect(),
            links: plan.links.clone(),
        }
    }

    /// The commands that settings come to, in order of time; `None` if there would be
    /// more than `most` of them. `phases` are in order of time, and there is one.
    pub(crate) fn commands(&self, phases: &[Phase], most: usize) -> Option<Vec<TimedCommand>> {
        let mut drawing = Drawing {
            phases,
            subjects: self,
            all: Vec::new(),
            left: most,
        };
        let mut nodes = Vec::new();
        let mut connections = Vec::new();
        for (_, settings) in phases {
            join(&mut nodes, &settings.targets.nodes);
            join(&mut connections, &settings.targets.connections);
        }
        for node in nodes {
            drawing.process(node)?;
            drawing.clock(node)?;
            if let Some(usual) = self.thing(node).sync {
                drawing.disk(node, usual)?;
            }
        }
        for ends in connections {
            drawing.connection(ends)?;
        }
        // A stable sort: what ends ends before the next thing begins.
        sort_by_key(&mut drawing.all, |timed| timed.at);
        Some(drawing.all)
    }

    fn thing(&self, node: NodeId) -> &Thing {
        &self.things[usize::from(node.0)]
    }

    fn usual(&self, a: NodeId, b: NodeId) -> (Dist, Wear) {
        let ends = |link: &&LinkPlan| (link.a, link.b) == (a, b) || (link.a, link.b) == (b, a);
        let link = self.links.iter().find(ends);
        link.map_or((Dist::Constant(SimSpan::ZERO), Wear::NONE), |link| {
            (link.latency, link.wear)
        })
    }
}

impl RandomFaults {
    /// The commands that they come to in a run of `plan` in which nobody changes them;
    /// see [`Plan::at_random`].
    pub fn commands(&self, plan: &Plan, most: usize) -> Option<Vec<TimedCommand>> {
        Subjects::of(plan).commands(&[(SimTime::ZERO, self.clone())], most)
    }
}

impl Plan {
    /// What happens at random in a run of the plan, in order of time, also after
    /// changes of its settings; `None` if that is more than `most` commands.
    pub fn at_random(&self, most: usize) -> Option<Vec<TimedCommand>> {
        let Some(settings) = &self.random else {
            return Some(Vec::new());
        };
        let mut commands: Vec<&TimedCommand> = self.commands.iter().collect();
        sort_by_key(&mut commands, |timed| timed.at);
        let mut phases = alloc::vec![(SimTime::ZERO, settings.clone())];
        for timed in commands {
            if let Command::Chance(change) = &timed.command {
                change_phases(&mut phases, timed.at, change);
            }
        }
        Subjects::of(self).commands(&phases, most)
    }
}

/// A setting changes at an instant, and is in force after it: what happens at random
/// comes before what is done by hand.
pub(crate) fn change_phases(phases: &mut Vec<Phase>, at: SimTime, change: &Chance) {
    let from = at.saturating_add(SimSpan::from_nanos(1));
    let Some((last, settings)) = phases.last_mut() else {
        return;
    };
    let mut changed = settings.clone();
    changed.set(change.clone());
    if *last == from {
        *settings = changed;
    } else {
        phases.push((from, changed));
    }
}

fn join<T: Copy + PartialEq>(all: &mut Vec<T>, more: &[T]) {
    for one in more {
        if !all.contains(one) {
            all.push(*one);
        }
    }
}

/// Commands that are being drawn.
struct Drawing<'a> {
    phases: &'a [Phase],
    subjects: &'a Subjects,
    all: Vec<TimedCommand>,
    /// How many more there may be.
    left: usize,
}

/// Which kind of fault of which thing.
#[derive(Clone, Copy)]
enum Of {
    Node(Wrong, NodeId),
    Connection(Wrong, (NodeId, NodeId)),
}

impl Of {
    /// How it goes wrong by these settings, if it does.
    fn trouble(self, settings: &RandomFaults) -> Option<&Trouble> {
        let (kind, is_target) = match self {
            Of::Node(kind, node) => (kind, settings.targets.nodes.contains(&node)),
            Of::Connection(kind, ends) => (kind, settings.targets.connections.contains(&ends)),
        };
        settings.active(kind).filter(|_| is_target)
    }
}

/// What is drawn of a fault besides when it is: by its own stream, the settings and
/// the trouble of the instant at which it begins.
type Make<'a> = &'a dyn Fn(&mut Stream, &RandomFaults, &Trouble) -> (Command, Command);

impl<'a> Drawing<'a> {
    fn name(&self, node: NodeId) -> &'a str {
        &self.subjects.thing(node).name
    }

    /// A process dies or holds its breath.
    fn process(&mut self, node: NodeId) -> Option<()> {
        let name = self.name(node);
        let mut faults = self.draw(
            Of::Node(Wrong::Crash, node),
            &format!("crash of {name}"),
            &|stream, settings, _| {
                let crash = match settings.crashes.len() as u64 {
                    0 => Crash::Killed,
                    count => settings.crashes[stream.below(count) as usize],
                };
                let wrong = match crash {
                    Crash::Killed => Command::Crash(node),
                    Crash::Power => Command::PowerCut(node),
                    Crash::Disk => Command::DiskLost(node),
                };
                (wrong, Command::Restart(node))
            },
        )?;
        faults.extend(
            self.draw(Of::Node(Wrong::Pause, node), &format!("pause of {name}"), &|_, _, _| {
                (Command::Pause(node), Command::Resume(node))
            })?,
        );
        self.settle(faults);
        Some(())
    }

    /// A disk is slow or full, which is nothing to each other.
    fn disk(&mut self, node: NodeId, usual: Dist) -> Option<()> {
        let name = self.name(node);
        let set = |sync| Command::Set {
            node,
            setting: Setting::DiskSync(sync),
        };
        let slow = self.draw(
            Of::Node(Wrong::SlowDisk, node),
            &format!("slow disk of {name}"),
            &|_, _, trouble| (set(trouble.span.unwrap_or(usual)), set(usual)),
        )?;
        self.settle(slow);
        let full = self.draw(
            Of::Node(Wrong::FullDisk, node),
            &format!("full disk of {name}"),
            &|_, _, _| (Command::FillDisk(node), Command::FreeDisk(node)),
        )?;
        self.settle(full);
        Some(())
    }

    /// A connection is cut or slow, which is nothing to each other.
    fn connection(&mut self, (a, b): (NodeId, NodeId)) -> Option<()> {
        let name = format!("{} and {}", self.name(a), self.name(b));
        let cut = self.draw(
            Of::Connection(Wrong::Cut, (a, b)),
            &format!("cut of {name}"),
            &|stream, _, trouble| {
                let is_one_way = stream.next_u64() < trouble.share.unwrap_or(0);
                let wrong = match (is_one_way, stream.chance(1, 2)) {
                    (false, _) => Command::Cut { a, b },
                    (true, false) => Command::CutOneWay { from: a, to: b },
                    (true, true) => Command::CutOneWay { from: b, to: a },
                };
                (wrong, Command::Heal { a, b })
            },
        )?;
        self.settle(cut);
        let set = |latency| Command::Set {
            node: a,
            setting: Setting::Latency { peer: b, latency },
        };
        let (usual, _) = self.subjects.usual(a, b);
        let slow = self.draw(
            Of::Connection(Wrong::Slow, (a, b)),
            &format!("slowness of {name}"),
            &|_, _, trouble| (set(trouble.span.unwrap_or(usual)), set(usual)),
        )?;
        self.settle(slow);
        self.network((a, b), &name)
    }

    /// Packets are lost; and calls come twice, or in another order.
    fn network(&mut self, (a, peer): (NodeId, NodeId), name: &str) -> Option<()> {
        let (_, usual) = self.subjects.usual(a, peer);
        let calls = self.subjects.thing(a).calls && self.subjects.thing(peer).calls;
        let loss = |share| Setting::Loss { peer, share };
        let duplicate = |share| Setting::Duplicate { peer, share };
        let reorder = |share| Setting::Reorder { peer, share };
        let kinds: [(_, _, &dyn Fn(u64) -> Setting, _); 3] = [
            ("loss", Wrong::Loss, &loss, usual.loss),
            ("doubling", Wrong::Duplicate, &duplicate, usual.duplicate),
            ("overtaking", Wrong::Reorder, &reorder, usual.reorder),
        ];
        for (word, kind, make, usual) in kinds {
            if kind != Wrong::Loss && !calls {
                continue;
            }
            let set = |share| Command::Set {
                node: a,
                setting: make(share),
            };
            let faults = self.draw(
                Of::Connection(kind, (a, peer)),
                &format!("{word} between {name}"),
                &|_, _, trouble| (set(trouble.share.unwrap_or(usual)), set(usual)),
            )?;
            self.settle(faults);
        }
        Some(())
    }

    /// The clock of a node goes wrong; that of a broker shows nothing.
    fn clock(&mut self, node: NodeId) -> Option<()> {
        let Thing {
            sync, offset: usual, ..
        } = *self.subjects.thing(node);
        if sync.is_some() {
            return Some(());
        }
        let set = |offset| Command::Set {
            node,
            setting: Setting::ClockOffset(offset),
        };
        let what = format!("skew of {}", self.name(node));
        let faults = self.draw(Of::Node(Wrong::Skew, node), &what, &|stream, _, trouble| {
            let offset = trouble
                .span
                .map_or(SimSpan::ZERO, |offset| offset.sample(stream.next_u64()));
            let by = offset.nanos().cast_signed();
            let by = if stream.below(2) == 0 { by } else { -by };
            (set(usual.saturating_add(by)), set(usual))
        })?;
        self.settle(faults);
        Some(())
    }

    /// When something goes wrong, as if it went wrong by itself.
    fn draw(&mut self, of: Of, what: &str, make: Make<'_>) -> Option<Vec<Fault>> {
        let mut faults = Vec::new();
        if self.phases.iter().all(|(_, settings)| of.trouble(settings).is_none()) {
            return Some(faults);
        }
        let mut stream = Stream::new(self.subjects.seed, &format!("random: {what}"));
        let mut begin = SimTime::ZERO;
        loop {
            let Some((at, phase)) = self.next(of, begin, stream.next_u64()) else {
                return Some(faults);
            };
            begin = at;
            let settings = &self.phases[phase].1;
            let trouble = of.trouble(settings)?;
            self.left = self.left.checked_sub(2)?;
            let end = self.end(begin.saturating_add(trouble.lasts.sample(stream.next_u64())), phase);
            let (wrong, right) = make(&mut stream, settings, trouble);
            faults.push(Fault {
                begin,
                end,
                wrong,
                right,
            });
        }
    }

    /// When the next fault after an instant begins by what was drawn for it, and in which
    /// phase that is.
    fn next(&self, of: Of, last: SimTime, drawn: u64) -> Option<(SimTime, usize)> {
        // What is left of how much, both in nanoseconds of an earlier rate.
        let mut rest: Option<(u64, u64)> = None;
        for (index, (from, settings)) in self.phases.iter().enumerate() {
            let until = self.phases.get(index + 1).map_or(SimTime::MAX, |(next, _)| *next);
            let (begin, end) = (last.max(*from).max(settings.start), settings.stop.min(until));
            let Some(trouble) = of.trouble(settings).filter(|_| begin < end) else {
                continue;
            };
            let mean = SimSpan::from_nanos_rounded(round(trouble.rate.mean_gap_ns()));
            let gap = Dist::Exponential { mean }.sample(drawn).nanos();
            let needs = match rest {
                Some((left, of)) => (u128::from(gap) * u128::from(left) / u128::from(of)) as u64,
                None => gap,
            };
            let at = begin.saturating_add(SimSpan::from_nanos(needs));
            if at < end {
                return Some((at, index));
            }
            // It needs more than there is, so it is above zero.
            rest = Some((needs.saturating_sub(end.since(begin).nanos()), gap.max(1)));
        }
        None
    }

    /// When a fault is over that began in a phase and would last until `end`: not after
    /// the stop, also if that is told later.
    fn end(&self, end: SimTime, phase: usize) -> SimTime {
        let later = self.phases[phase..].iter().enumerate();
        later.fold(end, |end, (index, (from, settings))| match index {
            0 => end.min(settings.stop),
            _ if *from < end => end.min(settings.stop.max(*from)),
            _ => end,
        })
    }

    /// Takes the faults of one thing in order: what would begin while another
    /// one lasts, or too soon after it, does not happen.
    fn settle(&mut self, mut faults: Vec<Fault>) {
        sort_by_key(&mut faults, |fault| fault.begin);
        let mut over: Option<SimTime> = None;
        for fault in faults {
            let stable = self.at(fault.begin).stable;
            if over.is_some_and(|over| fault.begin < over.saturating_add(stable)) {
                self.left += 2;
                continue;
            }
            over = Some(fault.end);
            for (at, command) in [(fault.begin, fault.wrong), (fault.end, fault.right)] {
                self.all.push(TimedCommand { at, command });
            }
        }
    }

    /// The settings in force at an instant.
    fn at(&self, at: SimTime) -> &'a RandomFaults {
        let phase = self.phases.iter().rev().find(|(from, _)| *from <= at);
        &phase.unwrap_or(&self.phases[0]).1
    }
}
