//! Commands: what is done to a world from outside, scripted or by hand.

use super::{
    BrokerCommand, Chance, ConsumerCommand, FailPlan, Overload, PublishRule, PublishRuleKind, Strain, TopicRule,
    TopicRuleKind, Workers,
};
use alloc::boxed::Box;
use mqlab_brokers::rabbitmq::cluster::{MirrorRule, MirrorRuleKind};
use mqlab_brokers::rabbitmq::{PolicyRule, PolicyRuleKind};
use mqlab_kernel::{Dist, Rate, SimSpan, SimTime};
use mqlab_model::NodeId;

/// A command and its instant. Commands rank last in their instant, and among
/// themselves by their order in the plan.
#[derive(Clone, PartialEq, Debug)]
pub struct TimedCommand {
    /// When.
    pub at: SimTime,
    /// What.
    pub command: Command,
}

/// Something that is done to a world.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// The node's process is killed. Nothing happens to one that is down.
    Crash(NodeId),
    /// The power of the node's machine is cut: what its disk had not synced is
    /// gone as well, also if the node is down already.
    PowerCut(NodeId),
    /// The node's disk is lost, with everything on it, and the node dies. It
    /// starts again with an empty one.
    DiskLost(NodeId),
    /// A node's disk is close to full.
    FillDisk(NodeId),
    /// It has room again.
    FreeDisk(NodeId),
    /// A node that is down starts again.
    Restart(NodeId),
    /// The node stops doing anything and keeps its memory; what reaches it
    /// waits.
    Pause(NodeId),
    /// A paused node goes on.
    Resume(NodeId),
    /// The connection between two nodes lets nothing through: what is under
    /// way and what is sent waits. Nothing happens to one that is cut.
    Cut {
        /// One end.
        a: NodeId,
        /// The other end.
        b: NodeId,
    },
    /// The same in one direction: what the one sends does not arrive at the
    /// other, what the other sends does.
    CutOneWay {
        /// Who sends what does not arrive.
        from: NodeId,
        /// Who does not get it.
        to: NodeId,
    },
    /// A connection that is cut, in one direction or in both, lets everything through again; what waited
    /// arrives in order, one delay later.
    Heal {
        /// One end.
        a: NodeId,
        /// The other end.
        b: NodeId,
    },
    /// The next packets of a kind between two nodes do not arrive, and each
    /// takes its connection along: both ends notice, and connect again.
    Lose {
        /// One end.
        a: NodeId,
        /// The other end.
        b: NodeId,
        /// Which packets.
        kind: Loss,
        /// How many from now on; 0 takes an earlier such command back.
        next: u32,
    },
    /// A broker is told something, in the words of its family. Nothing happens
    /// if it is down.
    Broker {
        /// The broker.
        broker: NodeId,
        /// What.
        command: BrokerCommand,
    },
    /// A service does something with what it consumes, in the words of its
    /// broker's family. Nothing happens if it is down.
    Consumer {
        /// The service.
        service: NodeId,
        /// What.
        command: ConsumerCommand,
    },
    /// A load offers `count` messages now.
    Publish {
        /// The load.
        load: NodeId,
        /// How many; at most [`PUBLISH_MAX`] with a key or payload.
        count: u64,
        /// The key that they carry in place of the load's.
        key: Option<Box<str>>,
        /// What is in them. Nothing but people looks at it.
        payload: Option<Box<str>>,
    },
    /// A setting changes.
    Set {
        /// Whose.
        node: NodeId,
        /// To what.
        setting: Setting,
    },
    /// A setting of the faults at random changes: those that have not begun are
    /// drawn anew. Nothing happens in a world without.
    Chance(Chance),
}

/// Packets between a broker and its clients that may be lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Loss {
    /// A published message, on its way to the broker.
    Publish,
    /// The broker's confirm of one.
    Confirm,
    /// A message on its way to a consumer.
    Delivery,
    /// The consumer's acknowledgement.
    Ack,
}

impl Loss {
    /// The words for them in the scenario language.
    pub const WORDS: &'static [&'static str] = &["publish", "confirm", "delivery", "ack"];
    const ALL: [Loss; 4] = [Loss::Publish, Loss::Confirm, Loss::Delivery, Loss::Ack];

    /// Its word.
    pub const fn word(self) -> &'static str {
        Loss::WORDS[self as usize]
    }

    /// The one with this word.
    pub fn named(word: &str) -> Option<Loss> {
        Loss::ALL.into_iter().find(|loss| loss.word() == word)
    }
}

/// Most messages with a key or payload of their own at a time.
pub const PUBLISH_MAX: u64 = 10_000;

/// A setting that may change while a world runs, with its new value.
#[derive(Clone, PartialEq, Debug)]
pub enum Setting {
    /// A load's rate from now on; its arrivals start a new phase, and later
    /// segments of its plan no longer apply.
    Rate(Rate),
    /// Whether a load's arrivals are at random, from now on.
    Poisson(bool),
    /// After how many messages a load stops, all together.
    Count(u64),
    /// How many messages a load offers at each arrival.
    Each(u64),
    /// How many users a closed loop has. Who is too many leaves after thinking.
    Users(u32),
    /// How long its users think, from their next thought on.
    Think(Dist),
    /// Most messages that a load has sent and that are not confirmed.
    Window(u32),
    /// Most messages that wait at a load to be sent.
    Buffer(u64),
    /// Whether a load publishes with delivery mode 2.
    Persistent(bool),
    /// What a load says with each publish to RabbitMQ besides.
    Publish(PublishRule),
    /// A consumer's prefetch; 0 is no limit.
    Prefetch(u32),
    /// A service's number of workers. Those above it finish what they have.
    Workers(Workers),
    /// Most calls and deliveries that wait for a worker of a service.
    Queue(u32),
    /// What a service does with a call for which there is no room.
    Strain(Strain),
    /// How many calls a service takes in all.
    Admits(u64),
    /// How long the work of one step takes.
    Work {
        /// Which step, counted from 0.
        step: u16,
        /// How long.
        takes: Dist,
    },
    /// When a step fails that does so now and then.
    Fail {
        /// Which step, counted from 0.
        step: u16,
        /// When; counts begin anew.
        plan: FailPlan,
    },
    /// How long a publish step takes before its messages leave.
    Takes {
        /// Which step, counted from 0.
        step: u16,
        /// How long.
        takes: SimSpan,
    },
    /// Whether a publish step waits for its confirms.
    Confirm {
        /// Which step, counted from 0.
        step: u16,
        /// Whether.
        on: bool,
    },
    /// Whether a call step calls all services at once.
    Parallel {
        /// Which step, counted from 0.
        step: u16,
        /// Whether.
        on: bool,
    },
    /// After how long without an answer a call of a step has failed.
    Timeout {
        /// Which step, counted from 0.
        step: u16,
        /// How long.
        after: SimSpan,
    },
    /// How often a failed call of a step is made again.
    Retries {
        /// Which step, counted from 0.
        step: u16,
        /// How often.
        most: u32,
    },
    /// The pause before a failed call of a step is made again.
    Backoff {
        /// Which step, counted from 0.
        step: u16,
        /// How long, the first time.
        pause: SimSpan,
    },
    /// Whether what a nack step rejects goes back into its queue.
    Requeue {
        /// Which step, counted from 0.
        step: u16,
        /// Whether.
        on: bool,
    },
    /// How many deliveries and calls a service takes on together at most.
    MergeMost(u32),
    /// How long the first of them waits for more to come, from the next on.
    MergeWait(SimSpan),
    /// A table's capacity.
    Capacity(Option<Rate>),
    /// What a table does above its capacity.
    Overload(Overload),
    /// The delay of the connection between the node and `peer`.
    Latency {
        /// The other end.
        peer: NodeId,
        /// One-way.
        latency: Dist,
    },
    /// How many packets of the connection between the node and `peer` are lost
    /// and sent again.
    Loss {
        /// The other end.
        peer: NodeId,
        /// In parts of 2^64.
        share: u64,
    },
    /// How many calls and answers between the node and `peer` arrive twice.
    Duplicate {
        /// The other end.
        peer: NodeId,
        /// In parts of 2^64.
        share: u64,
    },
    /// How many of them are overtaken by those behind them.
    Reorder {
        /// The other end.
        peer: NodeId,
        /// In parts of 2^64.
        share: u64,
    },
    /// Bytes per second that the connection between the node and `peer` can
    /// carry.
    Bandwidth {
        /// The other end.
        peer: NodeId,
        /// `None` is no limit.
        most: Option<u64>,
    },
    /// How long a write to a broker's disk takes, whatever its size.
    DiskWrite(Dist),
    /// Bytes per second that it can write on top of that.
    DiskBandwidth(Option<u64>),
    /// How long a sync takes.
    DiskSync(Dist),
    /// Most writes that one sync covers.
    DiskBatch(Option<u64>),
    /// How long a write may wait for its sync to begin.
    DiskInterval(SimSpan),
    /// What a topic of Kafka follows, at the controller and all brokers of the cluster
    /// at once.
    Topic {
        /// Which topic, counted from 0.
        topic: u16,
        /// What changes.
        rule: TopicRule,
    },
    /// What a policy of RabbitMQ says, or whether it is set, at all members of a
    /// cluster at once.
    Policy {
        /// Which policy, counted from 0.
        policy: u16,
        /// What changes.
        rule: PolicyRule,
    },
    /// Whether something is bound to an exchange of RabbitMQ.
    Bound {
        /// Which binding of the plan, counted from 0.
        binding: u16,
        /// Whether it is there.
        on: bool,
    },
    /// How a classic queue of a cluster of RabbitMQ is mirrored, as all members know at once.
    Mirroring {
        /// Which queue, counted from 0.
        queue: u16,
        /// What changes.
        rule: MirrorRule,
    },
    /// `vm_memory_high_watermark` of RabbitMQ, in parts of 2^64.
    Watermark(u64),
    /// `log.cleaner.backoff.ms` of all brokers of a cluster of Kafka.
    CleanerBackoff(SimSpan),
    /// By how many nanoseconds a node's clock is ahead; behind, if below zero.
    ClockOffset(i64),
    /// By how many millionths it goes too fast; too slow, if below zero.
    ClockDrift(i32),
}

/// Which setting, without a value. Steps are counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SettingKind {
    /// [`Setting::Rate`].
    Rate,
    /// [`Setting::Poisson`].
    Poisson,
    /// [`Setting::Count`].
    Count,
    /// [`Setting::Each`].
    Each,
    /// [`Setting::Users`].
    Users,
    /// [`Setting::Think`].
    Think,
    /// [`Setting::Window`].
    Window,
    /// [`Setting::Buffer`].
    Buffer,
    /// [`Setting::Persistent`].
    Persistent,
    /// [`Setting::Publish`].
    Publish(PublishRuleKind),
    /// [`Setting::Prefetch`].
    Prefetch,
    /// [`Setting::Workers`].
    Workers,
    /// [`Setting::Queue`].
    Queue,
    /// [`Setting::Strain`].
    Strain,
    /// [`Setting::Admits`].
    Admits,
    /// [`Setting::Work`] of a step.
    Work(u16),
    /// [`Setting::Fail`] of a step.
    Fail(u16),
    /// [`Setting::Takes`] of a step.
    Takes(u16),
    /// [`Setting::Confirm`] of a step.
    Confirm(u16),
    /// [`Setting::Parallel`] of a step.
    Parallel(u16),
    /// [`Setting::Timeout`] of a step.
    Timeout(u16),
    /// [`Setting::Retries`] of a step.
    Retries(u16),
    /// [`Setting::Backoff`] of a step.
    Backoff(u16),
    /// [`Setting::Requeue`] of a step.
    Requeue(u16),
    /// [`Setting::MergeMost`].
    MergeMost,
    /// [`Setting::MergeWait`].
    MergeWait,
    /// [`Setting::Capacity`].
    Capacity,
    /// [`Setting::Overload`].
    Overload,
    /// [`Setting::Latency`] of the connection with a peer.
    Latency(NodeId),
    /// [`Setting::Loss`] of the connection with a peer.
    Loss(NodeId),
    /// [`Setting::Duplicate`] of the connection with a peer.
    Duplicate(NodeId),
    /// [`Setting::Reorder`] of the connection with a peer.
    Reorder(NodeId),
    /// [`Setting::Bandwidth`] of the connection with a peer.
    Bandwidth(NodeId),
    /// [`Setting::DiskWrite`].
    DiskWrite,
    /// [`Setting::DiskBandwidth`].
    DiskBandwidth,
    /// [`Setting::DiskSync`].
    DiskSync,
    /// [`Setting::DiskBatch`].
    DiskBatch,
    /// [`Setting::DiskInterval`].
    DiskInterval,
    /// [`Setting::Topic`] of a topic.
    Topic(u16, TopicRuleKind),
    /// [`Setting::Policy`] of a policy.
    Policy(u16, PolicyRuleKind),
    /// [`Setting::Bound`] of a binding.
    Bound(u16),
    /// [`Setting::Mirroring`] of a queue.
    Mirroring(u16, MirrorRuleKind),
    /// [`Setting::Watermark`].
    Watermark,
    /// [`Setting::CleanerBackoff`].
    CleanerBackoff,
    /// [`Setting::ClockOffset`].
    ClockOffset,
    /// [`Setting::ClockDrift`].
    ClockDrift,
}
