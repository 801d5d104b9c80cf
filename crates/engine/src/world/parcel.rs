//! Parcels: requests and answers that are more than one packet of the agenda
//! can hold.
//!
//! A request of Kafka is a frame and all that stands behind it: batches with
//! their records. On a connection it is one thing, which arrives as a whole or
//! not at all. So the frames lie here, and what travels is the parcel's number.

use super::{Action, Core};
use crate::plan::Loss;
use alloc::vec::Vec;
use mqlab_brokers::kafka::{Frame, PartitionId};
use mqlab_kernel::LaneId;
use mqlab_model::{FactKind, Message, PlaceId};

/// All that are under way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parcels {
    slots: Vec<Vec<Frame>>,
    free: Vec<u32>,
    /// Memory of parcels that have arrived.
    spare: Vec<Vec<Frame>>,
    /// The one that is being put together: its link, its frames, and how many
    /// are still to come.
    open: Option<(LaneId, Vec<Frame>, u32)>,
}

/// So much memory is kept for the next parcels.
const SPARE_MAX: usize = 64;

impl Parcels {
    /// What is in a parcel.
    pub(super) fn get(&self, number: u32) -> &[Frame] {
        &self.slots[number as usize]
    }

    fn keep(&mut self, frames: Vec<Frame>) -> u32 {
        if let Some(number) = self.free.pop() {
            self.slots[number as usize] = frames;
            return number;
        }
        self.slots.push(frames);
        (self.slots.len() - 1) as u32
    }

    /// It has arrived, or will not.
    pub(super) fn take(&mut self, number: u32) -> Vec<Frame> {
        self.free.push(number);
        core::mem::take(&mut self.slots[number as usize])
    }

    /// Nobody needs it any more.
    pub(super) fn give_back(&mut self, mut frames: Vec<Frame>) {
        if self.spare.len() < SPARE_MAX {
            frames.clear();
            self.spare.push(frames);
        }
    }

    /// One more frame; the number of the parcel when it is complete.
    fn add(&mut self, link: LaneId, frame: Frame) -> Option<u32> {
        let Some((known, frames, left)) = &mut self.open else {
            return self.begin(link, frame);
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

    /// The first frame of a parcel says how many follow.
    fn begin(&mut self, link: LaneId, frame: Frame) -> Option<u32> {
        let (mut frames, left) = (self.spare.pop().unwrap_or_default(), frame.more());
        frames.reserve(left as usize + 1);
        frames.push(frame);
        if left == 0 {
            return Some(self.keep(frames));
        }
        self.open = Some((link, frames, left));
        None
    }
}

/// The message on board of a frame.
fn cargo(frame: &Frame) -> Option<Message> {
    frame.cargo().map(|(message, _)| message)
}

impl Core {
    /// Puts a frame of a parcel on a link.
    #[inline]
    pub(super) fn put_frame(&mut self, link: LaneId, frame: Frame) {
        if let Some(number) = self.parcels.add(link, frame) {
            self.put(link, Action::Parcel(number));
        }
    }

    /// How many bytes of messages a parcel carries, and whether it carries any.
    pub(super) fn weigh(&self, number: u32) -> (u64, bool) {
        let messages = self.parcels.get(number).iter().filter_map(cargo);
        messages.fold((0, false), |(bytes, _), message| {
            (bytes + self.size_of(message.id), true)
        })
    }

    /// A parcel has nobody to receive it.
    pub(super) fn lose_parcel(&mut self, link: LaneId, number: u32) {
        let frames = self.parcels.take(number);
        let is_produced = matches!(frames.first(), Some(Frame::Produce { .. }));
        let receiver = PlaceId(self.links[link.0 as usize].to.0);
        let mut place = is_produced.then_some(receiver);
        for frame in &frames {
            if let (Frame::Batch(batch), false) = (frame, is_produced) {
                place = self.owner_of(link, batch.partition);
            }
            if let (Some(place), Some(message)) = (place, cargo(frame)) {
                self.recorder.record(self.now, place, FactKind::Dropped, message.id, 0);
            }
        }
        self.parcels.give_back(frames);
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
                let frames = self.parcels.get(number);
                match frames.first()? {
                    Frame::Produce { .. } => Some(Loss::Publish),
                    Frame::Produced { .. } => Some(Loss::Confirm),
                    Frame::Commit { .. } => Some(Loss::Ack),
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
