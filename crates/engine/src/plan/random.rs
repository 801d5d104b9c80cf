//! Faults at random: what may go wrong, how often and for how long.
//!
//! They are drawn before the run begins, and become commands like any others:
//! what happens at random can be read, taken over into a text and done again.
//! Every kind of fault of every thing has a random stream of its own, named
//! after the two, so that a thing more or less changes nothing for the others.

use super::{Command, LinkPlan, NodeKind, Plan, Setting, TimedCommand, Wear};
use alloc::format;
use alloc::vec::Vec;
use mqlab_kernel::{Dist, Rate, SimSpan, SimTime, Stream, round, sort_by_key};
use mqlab_model::{Crash, DiskPlan, NodeId};

/// What may go wrong, when, and with what.
#[derive(Clone, PartialEq, Debug)]
pub struct RandomFaults {
    /// Nothing goes wrong before this instant.
    pub start: SimTime,
    /// From this instant on everything is well again.
    pub stop: SimTime,
    /// How long a thing is left alone after a fault of it is over.
    pub stable: SimSpan,
    /// The nodes that may be concerned.
    pub nodes: Vec<NodeId>,
    /// The connections that may be.
    pub connections: Vec<(NodeId, NodeId)>,
    /// Nodes die, and start again.
    pub crash: Option<Trouble>,
    /// In which ways, all alike in probability.
    pub crashes: Vec<Crash>,
    /// Nodes hold their breath.
    pub pause: Option<Trouble>,
    /// Connections are cut, and heal.
    pub cut: Option<Trouble>,
    /// How many of these cuts are of one direction only, in parts of 2^64.
    pub one_way: u64,
    /// Connections have this delay for a while.
    pub slow: Option<(Trouble, Dist)>,
    /// Connections lose so many packets for a while, in parts of 2^64.
    pub loss: Option<(Trouble, u64)>,
    /// So many calls and answers arrive twice for a while.
    pub duplicate: Option<(Trouble, u64)>,
    /// So many of them are overtaken.
    pub reorder: Option<(Trouble, u64)>,
    /// A sync of a broker's disk takes this long for a while.
    pub slow_disk: Option<(Trouble, Dist)>,
    /// A broker's disk is full for a while.
    pub full_disk: Option<Trouble>,
    /// The clock of a node that is no broker is off by so much for a while, ahead or
    /// behind.
    pub skew: Option<(Trouble, Dist)>,
}

/// How often something goes wrong with a thing, and how long it lasts.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Trouble {
    /// How often on average, as long as nothing is wrong with the thing.
    pub rate: Rate,
    /// How long.
    pub lasts: Dist,
}

/// Something that goes wrong with a thing from `begin` to `end`.
struct Fault {
    begin: SimTime,
    end: SimTime,
    wrong: Command,
    right: Command,
}

impl RandomFaults {
    /// Nothing, between two instants.
    pub fn none(start: SimTime, stop: SimTime) -> Self {
        RandomFaults {
            start,
            stop,
            stable: SimSpan::ZERO,
            nodes: Vec::new(),
            connections: Vec::new(),
            crash: None,
            crashes: alloc::vec![Crash::Killed],
            pause: None,
            cut: None,
            one_way: 0,
            slow: None,
            loss: None,
            duplicate: None,
            reorder: None,
            slow_disk: None,
            full_disk: None,
            skew: None,
        }
    }

    /// The commands that they come to in a run of `plan`, in order of time;
    /// `None` if there would be more than `most` of them.
    pub fn commands(&self, plan: &Plan, most: usize) -> Option<Vec<TimedCommand>> {
        let mut drawing = Drawing {
            settings: self,
            plan,
            all: Vec::new(),
            left: most,
        };
        for node in &self.nodes {
            drawing.process(*node)?;
            drawing.clock(*node)?;
            if let NodeKind::Broker(broker) = &plan.nodes[usize::from(node.0)].kind {
                drawing.disk(*node, broker.disk().unwrap_or(DiskPlan::IDEAL))?;
            }
        }
        for ends in &self.connections {
            drawing.connection(*ends)?;
        }
        // A stable sort: what ends ends before the next thing begins.
        sort_by_key(&mut drawing.all, |timed| timed.at);
        Some(drawing.all)
    }
}

/// Commands that are being drawn.
struct Drawing<'a> {
    settings: &'a RandomFaults,
    plan: &'a Plan,
    all: Vec<TimedCommand>,
    /// How many more there may be.
    left: usize,
}

impl<'a> Drawing<'a> {
    fn name(&self, node: NodeId) -> &'a str {
        &self.plan.nodes[usize::from(node.0)].name
    }

    /// A process dies or holds its breath.
    fn process(&mut self, node: NodeId) -> Option<()> {
        let (settings, name) = (self.settings, self.name(node));
        let mut faults = self.draw(settings.crash, &format!("crash of {name}"), |stream| {
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
        })?;
        faults.extend(self.draw(settings.pause, &format!("pause of {name}"), |_| {
            (Command::Pause(node), Command::Resume(node))
        })?);
        self.settle(faults);
        Some(())
    }

    /// A disk is slow or full, which is nothing to each other.
    fn disk(&mut self, node: NodeId, usual: DiskPlan) -> Option<()> {
        let (settings, name) = (self.settings, self.name(node));
        if let Some((trouble, sync)) = settings.slow_disk {
            let set = |sync| Command::Set {
                node,
                setting: Setting::DiskSync(sync),
            };
            let slow = self.draw(Some(trouble), &format!("slow disk of {name}"), |_| {
                (set(sync), set(usual.sync))
            })?;
            self.settle(slow);
        }
        let full = self.draw(settings.full_disk, &format!("full disk of {name}"), |_| {
            (Command::FillDisk(node), Command::FreeDisk(node))
        })?;
        self.settle(full);
        Some(())
    }

    /// A connection is cut or slow, which is nothing to each other.
    fn connection(&mut self, (a, b): (NodeId, NodeId)) -> Option<()> {
        let settings = self.settings;
        let name = format!("{} and {}", self.name(a), self.name(b));
        let cut = self.draw(settings.cut, &format!("cut of {name}"), |stream| {
            let (is_one_way, is_back) = (stream.next_u64() < settings.one_way, stream.chance(1, 2));
            let wrong = match (is_one_way, is_back) {
                (false, _) => Command::Cut { a, b },
                (true, false) => Command::CutOneWay { from: a, to: b },
                (true, true) => Command::CutOneWay { from: b, to: a },
            };
            (wrong, Command::Heal { a, b })
        })?;
        self.settle(cut);
        if let Some((trouble, latency)) = settings.slow {
            let set = |latency| Command::Set {
                node: a,
                setting: Setting::Latency { peer: b, latency },
            };
            let (usual, _) = self.usual(a, b);
            let slow = self.draw(Some(trouble), &format!("slowness of {name}"), |_| {
                (set(latency), set(usual))
            })?;
            self.settle(slow);
        }
        self.network(a, b)
    }

    /// Packets are lost; and calls come twice, or in another order.
    fn network(&mut self, a: NodeId, b: NodeId) -> Option<()> {
        let settings = self.settings;
        let name = format!("{} and {}", self.name(a), self.name(b));
        let (_, usual) = self.usual(a, b);
        let (peer, calls) = (b, self.plan.has_calls(a, b));
        let loss = |share| Setting::Loss { peer, share };
        let duplicate = |share| Setting::Duplicate { peer, share };
        let reorder = |share| Setting::Reorder { peer, share };
        let kinds: [(_, _, &dyn Fn(u64) -> Setting, _); 3] = [
            ("loss", settings.loss, &loss, usual.loss),
            (
                "doubling",
                settings.duplicate.filter(|_| calls),
                &duplicate,
                usual.duplicate,
            ),
            (
                "overtaking",
                settings.reorder.filter(|_| calls),
                &reorder,
                usual.reorder,
            ),
        ];
        for (kind, wanted, make, usual) in kinds {
            let Some((trouble, share)) = wanted else { continue };
            let set = |share| Command::Set {
                node: a,
                setting: make(share),
            };
            let faults = self.draw(Some(trouble), &format!("{kind} between {name}"), |_| {
                (set(share), set(usual))
            })?;
            self.settle(faults);
        }
        Some(())
    }

    /// The clock of a node goes wrong.
    fn clock(&mut self, node: NodeId) -> Option<()> {
        let Some((trouble, offset)) = self.settings.skew else {
            return Some(());
        };
        if self.plan.is_broker(node) {
            return Some(());
        }
        let known = self.plan.clocks.iter().find(|(known, _)| *known == node);
        let usual = known.map_or(0, |(_, skew)| skew.offset);
        let set = |offset| Command::Set {
            node,
            setting: Setting::ClockOffset(offset),
        };
        let what = format!("skew of {}", self.name(node));
        let faults = self.draw(Some(trouble), &what, |stream| {
            let by = offset.sample(stream.next_u64()).nanos().cast_signed();
            let by = if stream.below(2) == 0 { by } else { -by };
            (set(usual.saturating_add(by)), set(usual))
        })?;
        self.settle(faults);
        Some(())
    }

    fn usual(&self, a: NodeId, b: NodeId) -> (Dist, Wear) {
        let ends = |link: &&LinkPlan| (link.a, link.b) == (a, b) || (link.a, link.b) == (b, a);
        let link = self.plan.links.iter().find(ends);
        link.map_or((Dist::Constant(SimSpan::ZERO), Wear::NONE), |link| {
            (link.latency, link.wear)
        })
    }

    /// When something goes wrong, as if it went wrong by itself.
    fn draw(
        &mut self,
        trouble: Option<Trouble>,
        what: &str,
        mut make: impl FnMut(&mut Stream) -> (Command, Command),
    ) -> Option<Vec<Fault>> {
        let mut faults = Vec::new();
        let RandomFaults { start, stop, .. } = *self.settings;
        let Some(Trouble { rate, lasts }) = trouble.filter(|trouble| !trouble.rate.is_zero()) else {
            return Some(faults);
        };
        let mean = SimSpan::from_nanos_rounded(round(rate.mean_gap_ns()));
        let mut stream = Stream::new(self.plan.seed, &format!("random: {what}"));
        let mut begin = start;
        loop {
            let gap = Dist::Exponential { mean }.sample(stream.next_u64());
            begin = begin.saturating_add(gap);
            if begin >= stop {
                return Some(faults);
            }
            self.left = self.left.checked_sub(2)?;
            let end = begin.saturating_add(lasts.sample(stream.next_u64())).min(stop);
            let (wrong, right) = make(&mut stream);
            faults.push(Fault {
                begin,
                end,
                wrong,
                right,
            });
        }
    }

    /// Takes the faults of one thing in order: what would begin while another
    /// one lasts, or too soon after it, does not happen.
    fn settle(&mut self, mut faults: Vec<Fault>) {
        sort_by_key(&mut faults, |fault| fault.begin);
        let mut free = SimTime::ZERO;
        for fault in faults.into_iter() {
            if fault.begin < free {
                self.left += 2;
                continue;
            }
            free = fault.end.saturating_add(self.settings.stable);
            for (at, command) in [(fault.begin, fault.wrong), (fault.end, fault.right)] {
                self.all.push(TimedCommand { at, command });
            }
        }
    }
}
