//! Parcels: requests and answers that are more than one packet of the agenda
//! can hold.
//!
//! A request of Kafka is a frame and all that stands behind it: batches with
//! their records; so is what the nodes of a RabbitMQ cluster say to each other. On
//! a connection it is one thing, which arrives as a whole or not at all. So the
//! frames lie here, and what travels is the parcel's number.

use super::{Action, Core};
use crate::plan::Loss;
use alloc::vec::Vec;
use mqlab_brokers::kafka::{Acks, Frame, PartitionId};
use mqlab_brokers::rabbitmq::cluster::PeerFrame;
use mqlab_kernel::LaneId;
use mqlab_model::{FOR_GOOD, FactKind, Message, PlaceId};

/// All that are under way, by family. The lowest bit of a number tells which.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parcels {
    pub(super) kafka: Store<Frame>,
    pub(super) rabbit: Store<PeerFrame>,
}

/// One frame of a parcel.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece {
    Kafka(Frame),
    Rabbit(PeerFrame),
}

/// What is in a parcel.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Kafka(Vec<Frame>),
    Rabbit(Vec<PeerFrame>),
}

/// Those of one family.
#[derive(Clone, Debug)]
pub(crate) struct Store<F> {
    slots: Vec<Vec<F>>,
    free: Vec<u32>,
    /// Memory of parcels that have arrived.
    spare: Vec<Vec<F>>,
    /// The one that is being put together: its link, its frames, and how many
    /// are still to come.
    open: Option<(LaneId, Vec<F>, u32)>,
}

impl<F> Default for Store<F> {
    fn default() -> Self {
        Store {
            slots: Vec::new(),
            free: Vec::new(),
            spare: Vec::new(),
            open: None,
        }
    }
}

/// So much memory is kept for the next parcels.
const SPARE_MAX: usize = 64;

impl<F> Store<F> {
    fn keep(&mut self, frames: Vec<F>) -> u32 {
        if let Some(number) = self.free.pop() {
            self.slots[number as usize] = frames;
            return number;
        }
        self.slots.push(frames);
        (self.slots.len() - 1) as u32
    }

    fn take(&mut self, number: u32) -> Vec<F> {
        self.free.push(number);
        core::mem::take(&mut self.slots[number as usize])
    }

    /// Nobody needs it any more.
    pub(super) fn give_back(&mut self, mut frames: Vec<F>) {
        if self.spare.len() < SPARE_MAX {
            frames.clear();
            self.spare.push(frames);
        }
    }

    /// One more frame, with `more` behind it if it is the first; the number of
    /// the parcel when it is complete.
    fn add(&mut self, link: LaneId, frame: F, more: u32) -> Option<u32> {
        let Some((known, frames, left)) = &mut self.open else {
            return self.begin(link, frame, more);
        };
        assert!(*known == link, "who sends a request sends it whole");
        frames.push(frame);
        *left -= 1;
        if *left > 0 {
            return None;
        }
        let (_, frames, _) = self.open.take()?;
        Some(self.keep(frames))
    }

    /// The first frame of a parcel, with `left` behind it.
    fn begin(&mut self, link: LaneId, frame: F, left: u32) -> Option<u32> {
        let mut frames = self.spare.pop().unwrap_or_default();
        frames.reserve(left as usize + 1);
        frames.push(frame);
        if left == 0 {
            return Some(self.keep(frames));
        }
        self.open = Some((link, frames, left));
        None
    }
}

impl Parcels {
    /// What is in a parcel of Kafka.
    pub(super) fn of_kafka(&self, number: u32) -> Option<&[Frame]> {
        (number & 1 == 0).then(|| self.kafka.slots[number as usize / 2].as_slice())
    }

    /// What is in one of RabbitMQ.
    pub(super) fn of_rabbit(&self, number: u32) -> Option<&[PeerFrame]> {
        (number & 1 == 1).then(|| self.rabbit.slots[number as usize / 2].as_slice())
    }

    /// It has arrived, or will not.
    pub(super) fn take(&mut self, number: u32) -> Content {
        match number & 1 {
            0 => Content::Kafka(self.kafka.take(number / 2)),
            _ => Content::Rabbit(self.rabbit.take(number / 2)),
        }
    }

    fn add(&mut self, link: LaneId, piece: Piece) -> Option<u32> {
        match piece {
            Piece::Kafka(frame) => self.kafka.add(link, frame, frame.more()).map(|number| number * 2),
            Piece::Rabbit(frame) => self.rabbit.add(link, frame, frame.more()).map(|number| number * 2 + 1),
        }
    }
}

/// The message on board of a frame.
fn cargo(frame: &Frame) -> Option<Message> {
    frame.cargo().map(|(message, _)| message)
}

impl Core {
    /// Puts a frame of a parcel on a link.
    #[inline]
    pub(super) fn put_frame(&mut self, link: LaneId, piece: Piece) {
        if let Some(number) = self.parcels.add(link, piece) {
            self.put(link, Action::Parcel(number));
        }
    }

    /// How many bytes of messages a parcel carries, and whether it carries any.
    pub(super) fn weigh(&self, number: u32) -> (u64, bool) {
        let of_kafka = self.parcels.of_kafka(number).unwrap_or_default().iter();
        let records = of_kafka.filter_map(|frame| match frame {
            Frame::Record(record) if cargo(frame).is_some() => Some(record.bytes(self.size_of(record.message.id))),
            _ => None,
        });
        let of_rabbit = self.parcels.of_rabbit(number).unwrap_or_default().iter();
        let messages = of_rabbit.filter_map(PeerFrame::content);
        let all = records.chain(messages.map(|message| self.size_of(message.id)));
        all.fold((0, false), |(sum, _), bytes| (sum + bytes, true))
    }

    /// A parcel has nobody to receive it.
    pub(super) fn lose_parcel(&mut self, link: LaneId, number: u32) {
        match self.parcels.take(number) {
            Content::Kafka(frames) => self.lose_request(link, frames),
            Content::Rabbit(frames) => self.lose_peer_frames(link, frames),
        }
    }

    fn lose_request(&mut self, link: LaneId, frames: Vec<Frame>) {
        let produced = match frames.first() {
            Some(Frame::Produce { acks, .. }) => Some(*acks),
            _ => None,
        };
        let receiver = PlaceId(self.links[link.0 as usize].to.0);
        let mut place = produced.is_some().then_some(receiver);
        let mut owners = Vec::new();
        for frame in &frames {
            match (frame, produced) {
                (Frame::Batch(batch), None) => place = self.owner_of(link, batch.partition),
                // Nobody sends it again.
                (Frame::Batch(batch), Some(Acks::None)) => owners = self.owners_at(link, batch.partition),
                _ => {}
            }
            if let (Some(place), Some(message)) = (place, cargo(frame)) {
                self.recorder.record(self.now, place, FactKind::Dropped, message.id, 0);
                for owner in &owners {
                    self.recorder
                        .record(self.now, *owner, FactKind::Dropped, message.id, FOR_GOOD);
                }
            }
        }
        self.parcels.kafka.give_back(frames);
    }

    /// Everybody who would have to handle what does not arrive at the broker at the
    /// end of a link.
    fn owners_at(&self, link: LaneId, partition: PartitionId) -> Vec<PlaceId> {
        let broker = self.links[link.0 as usize].to;
        let cluster = self.frame.clusters[usize::from(broker.0)].as_ref();
        cluster.map_or_else(Vec::new, |cluster| cluster.owners(partition).collect())
    }

    /// What a node asks a queue to do it says again when it has to, as long as it
    /// lives; what a queue has handed out is in nobody's hand.
    fn lose_peer_frames(&mut self, link: LaneId, frames: Vec<PeerFrame>) {
        let from = self.links[link.0 as usize].from;
        if let Some(cluster) = self.frame.rabbits[usize::from(from.0)].clone() {
            for (message, queue) in frames.iter().filter_map(PeerFrame::cargo) {
                if let Some(queue) = queue {
                    let place = cluster.config.queues[usize::from(queue.0)].place;
                    self.recorder.record(self.now, place, FactKind::Dropped, message.id, 0);
                }
            }
        }
        self.parcels.rabbit.give_back(frames);
    }

    /// Where the receiver at the end of a link owes the handling of what it
    /// fetches of a partition, if it does.
    fn owner_of(&self, link: LaneId, partition: PartitionId) -> Option<PlaceId> {
        let link = &self.links[link.0 as usize];
        let cluster = self.frame.clusters[usize::from(link.from.0)].as_ref()?;
        let read = cluster.place(partition)?;
        let places = &self.frame.places;
        let owned = places.iter().filter(|(_, place)| place.node == link.to);
        let mut owners = owned.filter_map(|(_, place)| place.of);
        owners.find(|owner| places.get(*owner).of == Some(read))
    }

    /// Which kind it is of those that a fault can take out of a connection.
    pub(super) fn loss_of(&self, action: Action) -> Option<Loss> {
        match action {
            Action::Packet(wire) => wire.loss(),
            Action::Parcel(number) => {
                let frames = self.parcels.of_kafka(number)?;
                match frames.first()? {
                    Frame::Produce { .. } => Some(Loss::Publish),
                    Frame::Produced { .. } => Some(Loss::Confirm),
                    Frame::Commit { .. } | Frame::CommitInTransaction { .. } => Some(Loss::Ack),
                    Frame::Fetched { .. } => frames
                        .iter()
                        .any(|frame| cargo(frame).is_some())
                        .then_some(Loss::Delivery),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
