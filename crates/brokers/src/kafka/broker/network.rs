//! What is fetched on its way to the network: from the page cache or the disk,
//! one answer after the other.

use super::{Broker, Wake};
use crate::kafka::alarm::Alarm;
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::{Frame, GroupId};
use crate::kafka::{Served, Serving};
use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{Context, Crash, Port};

/// What of the logs is in the page cache: what was written last.
#[derive(Clone, Default, Debug)]
pub(super) struct Warm {
    /// Each write with where its log ended then, oldest first.
    held: VecDeque<(PartitionId, u64, u64)>,
    bytes: u64,
    /// By partition, up to where it is on the disk alone.
    cold: BTreeMap<PartitionId, u64>,
}

impl Warm {
    /// A log that ends at `end` now has grown by so many bytes; there is room for
    /// `most`.
    pub(super) fn wrote(&mut self, partition: PartitionId, end: u64, bytes: u64, most: u64) {
        self.held.push_back((partition, end, bytes));
        self.bytes += bytes;
        while self.bytes > most
            && let Some((partition, end, bytes)) = self.held.pop_front()
        {
            self.bytes -= bytes;
            let cold = self.cold.entry(partition).or_default();
            *cold = end.max(*cold);
        }
    }

    fn is_cold(&self, partition: PartitionId, offset: u64) -> bool {
        self.cold.get(&partition).is_some_and(|cold| offset < *cold)
    }

    /// A log ends earlier than it did.
    pub(super) fn cut(&mut self, partition: PartitionId, end: u64) {
        if let Some(cold) = self.cold.get_mut(&partition) {
            *cold = end.min(*cold);
        }
    }

    /// The machine has lost its memory.
    fn lose(&mut self) {
        for (partition, end, _) in core::mem::take(&mut self.held) {
            let cold = self.cold.entry(partition).or_default();
            *cold = end.max(*cold);
        }
        self.bytes = 0;
    }
}

/// An answer that is worked at.
#[derive(Clone, Debug)]
struct Answer {
    at: SimTime,
    port: Port,
    /// The group that it goes to, if it goes to one.
    group: Option<GroupId>,
    head: Frame,
    behind: Vec<Frame>,
}

/// What is on its way to the network.
#[derive(Clone, Default, Debug)]
pub(super) struct Network {
    answers: VecDeque<Answer>,
    free: SimTime,
    alarm: Alarm,
    pub(super) warm: Warm,
    pub(super) served: Served,
}

impl Network {
    /// The process dies, and the machine perhaps.
    pub(super) fn crash(&mut self, crash: Crash) {
        self.answers.clear();
        self.free = SimTime::ZERO;
        self.alarm.clear();
        if crash != Crash::Killed {
            self.warm.lose();
        }
    }
}

/// What a partition has put into an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Portion {
    pub(super) partition: PartitionId,
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) bytes: u64,
}

impl Broker {
    /// Sends the answer to a fetch when its bytes are on the network card: at once
    /// where that costs nothing.
    pub(super) fn serve<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (port, group): (Port, Option<GroupId>),
        (head, behind): (Frame, Vec<Frame>),
        portions: &[Portion],
    ) {
        let now = cx.now();
        let serving = self.cluster.settings.serving;
        let (mut reading, mut working) = (SimSpan::ZERO, SimSpan::ZERO);
        for portion in portions.iter().filter(|portion| portion.bytes > 0) {
            let is_cold = self.network.warm.is_cold(portion.partition, portion.from);
            if is_cold {
                let (file, from, to) = (portion.partition.0, portion.from, portion.to);
                reading = reading.saturating_add(cx.read(file, from, to, portion.bytes));
            }
            let served = &mut self.network.served;
            served.transfers += 1;
            served.copies += serving.copies(is_cold);
            served.switches += serving.switches();
            served.bytes += portion.bytes;
            working = working.saturating_add(serving.takes(portion.bytes));
        }
        let network = &mut self.network;
        network.served.worked = network.served.worked.saturating_add(working);
        let read = now.saturating_add(reading);
        let at = read.max(network.free).saturating_add(working);
        if at == now && network.answers.is_empty() {
            return self.send_answer(cx, (port, group), head, &behind);
        }
        network.free = at;
        let answer = Answer {
            at,
            port,
            group,
            head,
            behind,
        };
        network.answers.push_back(answer);
        if let Some(first) = network.answers.front() {
            let token = Wake::Network.token(0);
            network.alarm.want(cx, Wake::Network.lane(), first.at, token);
        }
    }

    fn send_answer<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        (port, group): (Port, Option<GroupId>),
        head: Frame,
        behind: &[Frame],
    ) {
        if let Some(group) = group {
            self.note_dispatch(cx, group, behind);
        }
        Self::send_all(cx, port, head, behind);
    }

    /// The next answer is ready.
    pub(super) fn on_network<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        if !self.network.alarm.rang(now) {
            return;
        }
        while let Some(answer) = self.network.answers.pop_front_if(|answer| answer.at <= now) {
            self.send_answer(cx, (answer.port, answer.group), answer.head, &answer.behind);
        }
        if let Some(first) = self.network.answers.front() {
            let token = Wake::Network.token(0);
            self.network.alarm.want(cx, Wake::Network.lane(), first.at, token);
        }
    }

    /// Who asked is gone.
    pub(super) fn forget_answers(&mut self, port: Port) {
        self.network.answers.retain(|answer| answer.port != port);
    }

    /// What it has served, in all of its lives.
    pub fn served(&self) -> Served {
        self.network.served
    }

    /// How it does that.
    pub fn serving(&self) -> Serving {
        self.cluster.settings.serving
    }

    /// How many answers are on their way to the network.
    pub fn answering(&self) -> usize {
        self.network.answers.len()
    }
}
