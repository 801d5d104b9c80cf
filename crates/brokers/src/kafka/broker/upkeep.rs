//! What a broker does from time to time.

use super::hosted::Part;
use super::{Broker, Wake, emit_all, size_of_record};
use crate::kafka::Record;
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::Frame;
use crate::kafka::{LagRule, Reader};
use alloc::vec::Vec;
use mqlab_kernel::SimSpan;
use mqlab_model::{Context, FactKind, Port};

impl Broker {
    /// How often each is done. Who is in sync is looked at twice in the time
    /// that a follower may lag.
    fn every(&self, wake: Wake) -> SimSpan {
        let settings = &self.cluster.settings;
        match wake {
            Wake::Checkpoint => settings.checkpoint,
            Wake::Retention => settings.retention_check,
            Wake::Cleaner => settings.cleaner_backoff,
            Wake::Lag => {
                let lags = self.cluster.topics().iter().map(|topic| match topic.rules.lag {
                    LagRule::Time(span) => SimSpan::from_nanos(span.nanos() / 2),
                    LagRule::Records(_) => SimSpan::from_secs(1),
                });
                lags.min()
                    .unwrap_or(SimSpan::from_secs(15))
                    .max(SimSpan::from_millis(1))
            }
            _ => settings.heartbeat,
        }
    }

    pub(super) fn begin_upkeep<C: Context<Frame>>(&mut self, cx: &mut C) {
        for wake in [
            Wake::Heartbeat,
            Wake::Checkpoint,
            Wake::Retention,
            Wake::Cleaner,
            Wake::Lag,
        ] {
            self.arm_upkeep(cx, wake);
        }
    }

    fn arm_upkeep<C: Context<Frame>>(&self, cx: &mut C, wake: Wake) {
        let at = cx.now().saturating_add(self.every(wake));
        let number = if wake == Wake::Cleaner { self.cleaner } else { 0 };
        cx.arm(wake.lane(), at, wake.token(number));
    }

    /// The cleaner is started anew: it looks at once, and then as often as it is told
    /// to now.
    pub(super) fn restart_cleaner<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.cleaner += 1;
        self.on_upkeep(cx, Wake::Cleaner, self.cleaner);
    }

    pub(super) fn on_upkeep<C: Context<Frame>>(&mut self, cx: &mut C, wake: Wake, number: u64) {
        match wake {
            Wake::Cleaner if number != self.cleaner => return,
            Wake::Heartbeat => self.beat(cx),
            Wake::Checkpoint => self.checkpoint(),
            Wake::Retention => {
                self.delete_old(cx);
                self.expire_offsets(cx);
            }
            Wake::Cleaner => self.compact(cx),
            _ => self.shrink(cx),
        }
        self.arm_upkeep(cx, wake);
    }

    /// Asks the controller to belong to the cluster.
    pub(super) fn register<C: Context<Frame>>(&mut self, cx: &mut C) {
        self.is_registered = false;
        if let Some(controller) = self.wiring.controller {
            let (broker, life) = (self.id, self.life);
            cx.send(controller, Frame::Register { broker, life });
        }
    }

    fn beat<C: Context<Frame>>(&mut self, cx: &mut C) {
        let (Some(controller), broker) = (self.wiring.controller, self.id) else {
            return;
        };
        match self.epoch.filter(|_| self.is_registered) {
            Some(broker_epoch) => cx.send(controller, Frame::Alive { broker, broker_epoch }),
            None => self.register(cx),
        }
    }

    pub(super) fn lost_controller(&mut self) {
        self.is_registered = false;
    }

    /// The high watermarks are written down.
    pub(super) fn checkpoint(&mut self) {
        for hosted in self.hosted.iter_mut().flatten() {
            hosted.checkpoint = hosted.log.marks().high_watermark();
        }
    }

    fn here(&self) -> Vec<PartitionId> {
        let is_here = |one: &PartitionId| self.hosted[one.0 as usize].is_some();
        self.cluster.partitions().filter(is_here).collect()
    }

    /// Deletes what is too old or too much. What goes at the leader is gone for
    /// everybody who has not read it.
    fn delete_old<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        for partition in self.here() {
            let cluster = self.cluster.clone();
            let Some(hosted) = self.host(partition) else { continue };
            let before = hosted.log.clone();
            if hosted.log.delete_old(now) == 0 {
                continue;
            }
            let (from, to) = (before.marks().start(), hosted.log.marks().start());
            if !matches!(hosted.part, Part::Leader(_)) {
                continue;
            }
            if let Ok(read) = before.read(from, Reader::Replica) {
                let gone = read.take_while(|(offset, _)| *offset < to);
                emit_all(
                    cx,
                    (&cluster, partition),
                    (FactKind::Expired, 0),
                    gone.map(|(_, record)| record),
                );
            }
        }
    }

    /// Compacts what is worth it. What goes at the leader is gone for everybody who
    /// has not read it: a younger record of its key says all that it said.
    fn compact<C: Context<Frame>>(&mut self, cx: &mut C) {
        let now = cx.now();
        for partition in self.here() {
            let is_internal = self.cluster.place(partition).is_none();
            let bytes_of = |record: &Record| size_of_record(cx, is_internal, record);
            let Some(hosted) = self.host(partition) else { continue };
            let gone = hosted.log.compact(&bytes_of, now);
            if matches!(hosted.part, Part::Leader(_)) {
                let cluster = self.cluster.clone();
                emit_all(cx, (&cluster, partition), (FactKind::Expired, 0), gone.iter());
            }
        }
    }

    /// A producer id is wanted, or was given by the controller.
    pub(super) fn on_producer_id<C: Context<Frame>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        match frame {
            Frame::InitProducer {
                correlation,
                id: Some(id),
                timeout_ms,
            } => {
                let timeout = SimSpan::from_millis(u64::from(timeout_ms));
                self.init_transactional(cx, id, (port, correlation), timeout);
            }
            Frame::InitProducer { correlation, .. } => {
                if let Some(controller) = self.wiring.controller {
                    let request = u64::from(correlation) << 16 | u64::from(port.0);
                    cx.send(controller, Frame::WantProducerId { request });
                }
            }
            Frame::ProducerIdGiven { request, producer } => {
                if self.on_transactional_id(cx, request, producer) {
                    return;
                }
                cx.send(
                    Port((request & 0xffff) as u16),
                    Frame::Producer {
                        correlation: (request >> 16) as u32,
                        error: None,
                        producer,
                        epoch: 0,
                    },
                );
            }
            _ => {}
        }
    }
}
