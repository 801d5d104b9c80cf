//! Members that do not reach each other, and what they do about it.
//!
//! A member counts as down when it has been silent for so long, or when its
//! connection is gone. One that was silent may only have been cut off: then both
//! sides have gone on, each for itself (docs: "Clustering and Network
//! Partitions").

use super::wire::Wire;
use super::{Member, MemberId};
use crate::rabbitmq::{ChannelId, Frame};
use mqlab_model::{Context, Crash, Port};

/// `CONNECTION_FORCED`, what clients are told by a member that stops.
const FORCED: u16 = 320;
/// So many beats after everybody is there again the side that goes on holds
/// the partition for over, even if nobody has restarted.
const HEALED_AFTER: u32 = 20;

/// What members do when they do not reach each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum PartitionHandling {
    /// Both sides go on, and stay apart.
    #[default]
    Ignore,
    /// Who reaches half of the members or fewer, itself among them, stops until
    /// it reaches more.
    PauseMinority,
    /// When they reach each other again, one side goes on and the others start
    /// anew: that with most clients, then that with most members.
    Autoheal,
}

/// What a member knows of the partition it is in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Split {
    /// Whom it lost by silence.
    lost: u8,
    /// Whom it reached then, itself among them.
    side: u8,
    /// For so many beats everybody has been there again.
    healed: u32,
}

impl Member {
    /// Whom it reaches, itself among them, a bit for each.
    fn reached(&self) -> u8 {
        let reached = self.peers.iter().zip(0..).filter(|(peer, _)| peer.is_reached);
        reached.fold(self.own.bit(), |set, (_, member)| set | MemberId(member).bit())
    }

    /// What it tells others of whom it reaches.
    pub(super) fn side(&self) -> u8 {
        if self.split.lost == 0 {
            self.reached()
        } else {
            self.split.side
        }
    }

    /// A member has become silent.
    pub(super) fn note_silence(&mut self, of: MemberId) {
        if self.cluster.partition == PartitionHandling::Autoheal {
            self.split.lost |= of.bit();
            self.split.side = self.reached();
            self.split.healed = 0;
        }
    }

    /// A member lives anew: it does not hold on to anything.
    pub(super) fn note_restart(&mut self, of: MemberId) {
        self.split.lost &= !of.bit();
        self.split.side |= of.bit();
    }

    /// Looks whether it is to stop, to go on, or to start anew.
    pub(super) fn look_at_partition<C: Context<Wire>>(&mut self, cx: &mut C) {
        match self.cluster.partition {
            PartitionHandling::Ignore => {}
            PartitionHandling::PauseMinority => {
                let is_minority = self.reached().count_ones() * 2 <= u32::from(self.cluster.members);
                if is_minority && !self.is_paused {
                    self.stop(cx);
                    self.is_paused = true;
                    self.beat(cx);
                } else if !is_minority && self.is_paused {
                    self.is_paused = false;
                    self.go_on(cx);
                }
            }
            PartitionHandling::Autoheal => self.heal(cx),
        }
    }

    fn heal<C: Context<Wire>>(&mut self, cx: &mut C) {
        let everybody = (0..self.cluster.members).fold(0, |set, member| set | MemberId(member).bit());
        if self.split.lost == 0 || self.reached() != everybody {
            return;
        }
        let own = self.own.bit();
        let is_known = |(peer, member): (&super::member::Peer, u8)| {
            // What it said before it was lost may still arrive.
            self.split.lost & MemberId(member).bit() == 0 || peer.side & own == 0
        };
        if self.split.healed > HEALED_AFTER {
            self.split = Split::default();
            return;
        }
        if !self.peers.iter().zip(0..).all(is_known) {
            return;
        }
        let side_of = |member: u8| {
            if member == self.own.0 {
                self.side()
            } else {
                self.peers[usize::from(member)].side
            }
        };
        let clients_of = |member: u8| {
            if member == self.own.0 {
                u32::from(self.front.channels())
            } else {
                u32::from(self.peers[usize::from(member)].clients)
            }
        };
        let weight = |side: u8| {
            let clients: u32 = (0..self.cluster.members)
                .filter(|member| side & MemberId(*member).bit() != 0)
                .map(clients_of)
                .sum();
            // The rest is only there to decide.
            (clients, side.count_ones(), u8::MAX - side)
        };
        let winner = (0..self.cluster.members).map(side_of).max_by_key(|side| weight(*side));
        if winner.is_some_and(|winner| winner & self.own.bit() == 0) {
            self.stop(cx);
            self.go_on(cx);
            self.split = Split::default();
        }
    }

    /// With each beat: how long everybody has been there again.
    pub(super) fn tick_partition(&mut self) {
        let is_whole = self.reached().count_ones() == u32::from(self.cluster.members);
        self.split.healed = if is_whole { self.split.healed + 1 } else { 0 };
    }

    /// It stops as if its process was killed; its clients hear of it.
    fn stop<C: Context<Wire>>(&mut self, cx: &mut C) {
        for (port, channel) in self.front.close_all() {
            cx.send(port, close(channel));
        }
        self.die(cx, Crash::Killed);
    }

    /// A client speaks to a member that has stopped.
    pub(super) fn turn_away<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, frame: Frame) {
        match frame {
            Frame::Open { channel, .. } => cx.send(port, close(channel)),
            Frame::Publish { message, .. } => {
                cx.emit(self.place, mqlab_model::FactKind::Dropped, message.id, 0);
            }
            _ => {}
        }
    }
}

fn close(channel: ChannelId) -> Wire {
    Wire::Client(Frame::Close { channel, code: FORCED })
}
