//! Produce requests: records are written, and who waits for replicas waits.

use super::hosted::{Part, Then, Waiting};
use super::{Broker, Wake, emit_all, size_of_record};
use crate::kafka::cluster::PartitionId;
use crate::kafka::wire::{Batch, Correlation, Frame, batches};
use crate::kafka::{Acks, Answer, Error, Record, Stamp};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use mqlab_model::{Context, FOR_GOOD, FactKind, Port};

/// A produce request that waits for replicas.
#[derive(Clone, Debug)]
struct Request {
    port: Port,
    correlation: Correlation,
    /// Partitions that it waits for.
    left: Vec<PartitionId>,
    outcomes: Vec<Frame>,
}

/// All that wait.
#[derive(Clone, Default, Debug)]
pub(super) struct Requests {
    waiting: BTreeMap<u64, Request>,
    next: u64,
}

impl Requests {
    /// Who asked is gone.
    pub(super) fn close(&mut self, port: Port) {
        self.waiting.retain(|_, request| request.port != port);
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }
}

/// What a batch comes to.
pub(super) struct Written {
    pub(super) first: u64,
    end: u64,
    answer: Answer,
}

impl Broker {
    /// Writes what it is sent. With `acks=0` nobody waits for an answer, and what
    /// could not be written nobody sends again; but the broker closes the
    /// connection then, so that the producer asks who leads
    /// (`KafkaApis.handleProduceRequest`). Here an answer with the errors alone
    /// stands for that.
    pub(super) fn on_produce<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        port: Port,
        (acks, correlation): (Acks, Correlation),
        behind: &[Frame],
    ) {
        let number = self.requests.next;
        let mut request = Request {
            port,
            correlation,
            left: Vec::new(),
            outcomes: Vec::new(),
        };
        let mut touched = Vec::new();
        for (batch, records) in batches(behind) {
            let partition = batch.partition;
            match self.write(cx, &batch, &records, acks) {
                Ok(written) => {
                    touched.push(partition);
                    if written.answer == Answer::AfterHighWatermark {
                        request.left.push(partition);
                        self.wait(partition, &written, Then::Produced(number));
                    } else if acks != Acks::None {
                        request.outcomes.push(outcome(partition, Ok(written.first)));
                    }
                }
                Err(error) => {
                    request.outcomes.push(outcome(partition, Err(error)));
                    if acks == Acks::None {
                        emit_all(
                            cx,
                            (&self.cluster, partition),
                            (FactKind::Dropped, FOR_GOOD),
                            records.iter(),
                        );
                    }
                }
            }
        }
        if !request.left.is_empty() {
            self.requests.next += 1;
            self.requests.waiting.insert(number, request);
            let late = cx.now().saturating_add(self.cluster.settings.request_timeout);
            cx.arm(Wake::RequestLate.lane(), late, Wake::RequestLate.token(number));
        } else if acks != Acks::None || !request.outcomes.is_empty() {
            answer(cx, &request);
        }
        for partition in touched {
            self.wake_followers(cx, partition);
            self.advance(cx, partition);
        }
    }

    /// Writes a batch as the leader.
    pub(super) fn write<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        batch: &Batch,
        records: &[Record],
        acks: Acks,
    ) -> Result<Written, Error> {
        let partition = batch.partition;
        let place = self.cluster.place(partition);
        let cluster = self.cluster.clone();
        let epoch = self.leader_epoch(partition);
        let now = cx.now();
        self.note_idle_followers(partition);
        let bytes_of = |record: &Record| size_of_record(cx, place.is_none(), record);
        let bytes = records.iter().map(bytes_of).sum();
        let is_leader = self.host(partition).is_some_and(|hosted| hosted.leader().is_some());
        if is_leader && !self.has_room(cx, bytes) {
            return Err(Error::KafkaStorageError);
        }
        let hosted = self.host(partition).ok_or(Error::NotLeaderOrFollower)?;
        let Part::Leader(leader) = &hosted.part else {
            return Err(Error::NotLeaderOrFollower);
        };
        let answer = acks.admit(leader.is_under_min_isr())?;
        let stamp = batch.producer.map(|writer| Stamp {
            producer: writer.producer(),
            epoch: writer.epoch(),
            sequence: batch.sequence,
            records: records.len() as i32,
            is_transactional: records.first().is_some_and(|record| record.transaction().is_some()),
        });
        let bytes_of = |record: &Record| size_of_record(cx, place.is_none(), record);
        let appended = hosted.log.append(records, stamp.as_ref(), epoch, &bytes_of, now)?;
        let end = appended.first + records.len() as u64;
        if !appended.is_duplicate {
            emit_all(cx, (&cluster, partition), (FactKind::Enqueued, 1), records.iter());
            self.wrote(cx, partition, appended.first, bytes);
        }
        Ok(Written {
            first: appended.first,
            end,
            answer,
        })
    }

    pub(super) fn wait(&mut self, partition: PartitionId, written: &Written, then: Then) {
        self.wait_until(partition, (written.first, written.end), then);
    }

    /// Something waits until all before `end` is replicated.
    pub(super) fn wait_until(&mut self, partition: PartitionId, (first, end): (u64, u64), then: Then) {
        let waiting = Waiting { end, first, then };
        if let Some(hosted) = self.host(partition) {
            hosted.waiting.push_back(waiting);
        }
    }

    /// A batch of a produce request is replicated, or will not be.
    pub(super) fn produced<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        number: u64,
        partition: PartitionId,
        result: Result<u64, Error>,
    ) {
        let Some(request) = self.requests.waiting.get_mut(&number) else {
            return;
        };
        let Some(at) = request.left.iter().position(|left| *left == partition) else {
            return;
        };
        request.left.remove(at);
        request.outcomes.push(outcome(partition, result));
        if request.left.is_empty() {
            answer(cx, request);
            self.requests.waiting.remove(&number);
        }
    }

    /// A request has waited for as long as it may.
    pub(super) fn on_request_late<C: Context<Frame>>(&mut self, cx: &mut C, number: u64) {
        let Some(mut request) = self.requests.waiting.remove(&number) else {
            return;
        };
        for partition in core::mem::take(&mut request.left) {
            request.outcomes.push(outcome(partition, Err(Error::RequestTimedOut)));
            if let Some(hosted) = self.host(partition) {
                hosted.waiting.retain(|one| one.then != Then::Produced(number));
            }
        }
        answer(cx, &request);
    }
}

fn outcome(partition: PartitionId, result: Result<u64, Error>) -> Frame {
    Frame::Outcome {
        partition,
        error: result.err(),
        first: result.unwrap_or(0),
    }
}

fn answer<C: Context<Frame>>(cx: &mut C, request: &Request) {
    let head = Frame::Produced {
        correlation: request.correlation,
        more: request.outcomes.len() as u32,
    };
    Broker::send_all(cx, request.port, head, &request.outcomes);
}
