//! A member of a cluster: what arrives, from clients and from other members,
//! and who is there.

use super::alarm::Alarm;
use super::classic::{Copy, Master, Stored};
use super::content::{Attached, Content};
use super::front::Front;
use super::link::Link;
use super::mirrors::Standing;
use super::partition::Split;
use super::quorum::{Replica, ReplicaView};
use super::wire::{Inbox, Wire};
use super::{Cluster, Command, Keeping, MemberId, PeerFrame, memory, timing};
use crate::rabbitmq::exchange::Routes;
use crate::rabbitmq::{ChannelId, Command as Operation, QueueId};
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use mqlab_kernel::{SortedMap, SortedSet};
use mqlab_model::{Context, Crash, FactKind, Message, Node, PlaceId, Port, TimerLane};

pub(super) const BEAT: TimerLane = TimerLane(0);
/// So many beats pass before who leads a queue says so again.
const ANNOUNCED_EVERY: u32 = 20;

/// Another member, as this one knows it.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    port: Option<Port>,
    /// Its life; 0 if nothing was heard of it.
    pub(super) life: u16,
    /// It is not down, as far as this one can tell.
    pub(super) is_reached: bool,
    pub(super) is_alarmed: bool,
    is_paused: bool,
    /// For so many beats nothing was heard of it.
    silence: u32,
    is_suspected: bool,
    pub(super) side: u8,
    pub(super) clients: u16,
    /// How often this one has given up the connection to it, and how often it has
    /// said that it did.
    gave_up: u8,
    given_up: u8,
    inbox: Inbox,
}

impl Peer {
    /// Whether it does its work.
    pub(super) fn is_up(&self) -> bool {
        self.is_reached && !self.is_paused
    }

    /// Whether it has been heard of lately.
    pub(super) fn is_trusted(&self) -> bool {
        self.is_up() && !self.is_suspected
    }
}

/// A member of a cluster.
#[derive(Clone, Debug)]
pub struct Member {
    pub(super) cluster: Rc<Cluster>,
    /// As it was first.
    pub(super) boot: Rc<Cluster>,
    pub(super) own: MemberId,
    pub(super) place: PlaceId,
    pub(super) life: u16,
    pub(super) is_paused: bool,
    pub(super) peers: Vec<Peer>,
    pub(super) split: Split,
    pub(super) routes: Routes,
    pub(super) front: Front,
    pub(super) alarm: Alarm,
    pub(super) links: Vec<Link>,
    /// The classic queues that are here.
    pub(super) masters: SortedMap<QueueId, Master>,
    /// Those of which a mirror is here.
    pub(super) copies: SortedMap<QueueId, Copy>,
    /// Where mirrored queues are, as far as it knows.
    pub(super) standings: SortedMap<QueueId, Standing>,
    /// What the disk has of those that were here when the member died.
    pub(super) rests: SortedMap<QueueId, Stored>,
    /// The quorum queues that have a replica here.
    pub(super) replicas: SortedMap<QueueId, Replica>,
    /// What it says to itself.
    local: VecDeque<PeerFrame>,
    /// The queues that are not there, as far as it knows.
    pub(super) gone: SortedSet<QueueId>,
    /// Who waits for a queue to say whether it could be declared.
    pub(super) declared: Vec<(QueueId, (Port, ChannelId))>,
    beats: u32,
    /// What its messages took up when it looked.
    pub(super) used: u64,
}

/// What a member shows of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemberView {
    /// It has stopped itself because it reaches too few.
    pub is_paused: bool,
    /// Members that it holds for up, itself among them.
    pub up: u8,
}

impl Member {
    /// How many timer lanes it has.
    pub const LANES: u16 = 1;

    /// A member that is not up yet. `ports` has the port of each other member.
    pub fn new(boot: Rc<Cluster>, own: MemberId, place: PlaceId, ports: &[Option<Port>]) -> Member {
        let mut cluster = boot.clone();
        if !boot.config.unbound.is_empty() {
            Rc::make_mut(&mut cluster).config.unbind_first();
        }
        let peer = |port: &Option<Port>| Peer {
            port: *port,
            life: 0,
            is_reached: port.is_some(),
            is_alarmed: false,
            is_paused: false,
            silence: 0,
            is_suspected: false,
            side: 0,
            clients: 0,
            gave_up: 0,
            given_up: 0,
            inbox: Inbox::default(),
        };
        let mut member = Member {
            own,
            place,
            life: 0,
            is_paused: false,
            peers: ports.iter().map(peer).collect(),
            split: Split::default(),
            routes: Routes::new(&cluster.config),
            front: Front::default(),
            alarm: Alarm::default(),
            links: Vec::new(),
            masters: SortedMap::new(),
            copies: SortedMap::new(),
            standings: SortedMap::new(),
            rests: SortedMap::new(),
            replicas: SortedMap::new(),
            local: VecDeque::new(),
            gone: SortedSet::new(),
            declared: Vec::new(),
            beats: 0,
            used: 0,
            boot,
            cluster,
        };
        member.links.resize_with(member.cluster.keeping.len(), Link::default);
        let cluster = member.cluster.clone();
        for queue in cluster.queues() {
            match cluster.keeping(queue) {
                Keeping::Home(home) if *home == own => {
                    let master = Master::new(Content::new(&cluster.config, queue));
                    member.masters.insert(queue, master);
                }
                Keeping::Home(_) => {}
                Keeping::Mirrored { master, mirrors, .. } => member.begin_mirrored(queue, *master, mirrors),
                Keeping::Quorum(replicas) if replicas.contains(&own) => {
                    let replica = Replica::new(own, replicas, &cluster.config, queue);
                    member.replicas.insert(queue, replica);
                }
                Keeping::Quorum(_) => {}
            }
        }
        member.begin_without_exclusive();
        member
    }

    /// What it shows of itself.
    pub fn view(&self) -> MemberView {
        let up = self.peers.iter().zip(0..).filter(|(peer, _)| peer.is_up());
        MemberView {
            is_paused: self.is_paused,
            up: up.fold(self.own.bit(), |set, (_, member)| set | MemberId(member).bit()),
        }
    }

    /// What it shows of its replica of a quorum queue.
    pub fn replica(&self, queue: QueueId) -> Option<ReplicaView> {
        self.replicas.get(&queue).map(Replica::view)
    }

    /// Whether a queue is here: it is its home or its master, or leads it.
    pub fn has(&self, queue: QueueId) -> bool {
        self.masters.contains_key(&queue)
            || self
                .replicas
                .get(&queue)
                .is_some_and(|replica| replica.raft.is_in_charge())
    }

    pub(super) fn content(&self, queue: QueueId) -> Option<&Content> {
        let master = self.masters.get(&queue).map(|master| &master.content);
        master.or_else(|| self.replicas.get(&queue).map(|replica| &replica.content))
    }

    /// What waits in a queue that is here, or as far as its replica here knows.
    pub fn waiting(&self, queue: QueueId) -> impl Iterator<Item = Message> {
        self.content(queue).into_iter().flat_map(Content::waiting)
    }

    /// How many messages wait in a queue that is here, how many are handed out,
    /// and how many consumers it has.
    pub fn level(&self, queue: QueueId) -> Option<(u64, u64, u32)> {
        self.content(queue).map(Content::level)
    }

    /// How many messages an exchange keeps back that will come to a queue that is here.
    pub fn delayed(&self, queue: QueueId) -> u64 {
        self.content(queue).map_or(0, Content::delayed)
    }

    /// The connection that an exclusive queue belongs to that is here: its member, and
    /// its port there.
    pub fn owner(&self, queue: QueueId) -> Option<(MemberId, Port)> {
        let (member, _, connection) = self.content(queue)?.owner()?;
        Some((member, Port(connection)))
    }

    /// Its number.
    pub fn id(&self) -> MemberId {
        self.own
    }

    /// How many queues are here, and of how many there is at least a copy.
    pub fn hosts(&self) -> (usize, usize) {
        let here = self.cluster.queues().filter(|queue| self.has(*queue)).count();
        (here, self.masters.len() + self.copies.len() + self.replicas.len())
    }

    /// The mirrors of a queue that have everything, as far as it knows: a bit for
    /// each member.
    pub fn synchronised(&self, queue: QueueId) -> u8 {
        self.standings.get(&queue).map_or(0, Standing::synchronised)
    }

    /// The consumers of a queue that is here, in the order in which they are
    /// served next.
    pub fn attached(&self, queue: QueueId) -> impl Iterator<Item = Attached> {
        self.content(queue).into_iter().flat_map(Content::attached)
    }

    /// The connection of a consumer that this member serves.
    pub fn client_of(&self, queue: QueueId, number: u16) -> Option<Port> {
        self.links[usize::from(queue.0)].client_of(number)
    }

    /// Says something to a member, which may be itself.
    pub(super) fn tell<C: Context<Wire>>(&mut self, cx: &mut C, to: MemberId, frame: PeerFrame) {
        if to == self.own {
            self.local.push_back(frame);
        } else if let Some(port) = self.peers[usize::from(to.0)].port {
            cx.send(port, Wire::Peer(frame));
        }
    }

    pub(super) fn others(&self) -> impl Iterator<Item = MemberId> + use<> {
        let own = self.own;
        (0..self.cluster.members)
            .map(MemberId)
            .filter(move |member| *member != own)
    }

    pub(super) fn tell_all<C: Context<Wire>>(&mut self, cx: &mut C, frame: PeerFrame) {
        for to in 0..self.cluster.members {
            self.tell(cx, MemberId(to), frame);
        }
    }

    /// A queue is here: everybody hears of it, or one.
    pub(super) fn announce<C: Context<Wire>>(&mut self, cx: &mut C, queue: QueueId, to: Option<MemberId>) {
        let generation = if let Some(replica) = self.replicas.get(&queue) {
            replica.raft.term()
        } else if let Some(standing) = self.standings.get(&queue) {
            standing.generation
        } else {
            u32::from(self.life)
        };
        let is_there = self.content(queue).is_none_or(Content::is_there);
        let here = PeerFrame::Here {
            queue,
            generation,
            is_there,
        };
        match to {
            Some(to) => self.tell(cx, to, here),
            None => self.tell_all(cx, here),
        }
    }

    fn announce_all<C: Context<Wire>>(&mut self, cx: &mut C, to: Option<MemberId>) {
        for queue in self.cluster.queues() {
            if self.has(queue) {
                self.announce(cx, queue, to);
                self.show_standing(cx, queue);
            }
        }
    }

    /// Shows all others that it is there.
    pub(super) fn beat<C: Context<Wire>>(&mut self, cx: &mut C) {
        for to in self.others() {
            let beat = PeerFrame::Beat {
                life: self.life,
                clients: self.front.channels(),
                side: self.side(),
                is_paused: self.is_paused,
                is_alarmed: self.alarm.is_on(),
                given_up: self.peers[usize::from(to.0)].gave_up,
            };
            self.tell(cx, to, beat);
        }
    }

    fn on_beat<C: Context<Wire>>(&mut self, cx: &mut C, from: MemberId, beat: PeerFrame) {
        let PeerFrame::Beat {
            life,
            clients,
            side,
            is_paused,
            is_alarmed,
            given_up,
        } = beat
        else {
            return;
        };
        let peer = &mut self.peers[usize::from(from.0)];
        let lives_anew = peer.life != 0 && life > peer.life;
        // Who was silent itself, because it stood still, finds the connection closed.
        let is_cut = peer.life != 0 && !lives_anew && peer.given_up != given_up;
        let was_up = peer.is_up() && !is_cut;
        (peer.life, peer.clients, peer.side) = (life, clients, side);
        (peer.silence, peer.is_suspected) = (0, false);
        peer.given_up = given_up;
        if lives_anew {
            self.on_end(cx, from);
            self.note_restart(from);
        } else if is_cut {
            self.lose_touch(cx, from);
        }
        let peer = &mut self.peers[usize::from(from.0)];
        (peer.is_reached, peer.is_paused, peer.is_alarmed) = (true, is_paused, is_alarmed);
        match (was_up && !lives_anew, peer.is_up()) {
            (false, true) => self.announce_all(cx, Some(from)),
            (true, false) => self.on_down(cx, from),
            _ => {}
        }
        self.look_at_partition(cx);
        self.read_on(cx);
    }

    /// A life of a member is over.
    fn on_end<C: Context<Wire>>(&mut self, cx: &mut C, of: MemberId) {
        for replica in self.replicas.values_mut() {
            replica.raft.on_death(of.0);
        }
        let peer = &mut self.peers[usize::from(of.0)];
        peer.inbox = Inbox::default();
        if core::mem::replace(&mut peer.is_reached, false) {
            self.on_down(cx, of);
        }
    }

    /// The connection to a member is closed, by one of the two that heard nothing of the
    /// other.
    fn lose_touch<C: Context<Wire>>(&mut self, cx: &mut C, of: MemberId) {
        let peer = &mut self.peers[usize::from(of.0)];
        let was_up = peer.is_up();
        if core::mem::replace(&mut peer.is_reached, false) {
            self.note_silence(of);
            if was_up {
                self.on_down(cx, of);
            }
        }
    }

    /// A member is not there any more, or does not work any more.
    fn on_down<C: Context<Wire>>(&mut self, cx: &mut C, of: MemberId) {
        self.read_on(cx);
        for queue in self.cluster.queues() {
            self.look_after_mirrors(cx, queue, of);
            self.look_after_classic_guests(cx, queue);
            self.look_after_guests(cx, queue);
            self.advance(cx, queue);
            if self.links[usize::from(queue.0)].at == Some(of) {
                self.on_lost_queue(cx, queue);
            }
        }
    }

    fn on_beat_due<C: Context<Wire>>(&mut self, cx: &mut C) {
        let at = cx.later(self.cluster.beat);
        cx.arm(BEAT, at, 0);
        self.beats += 1;
        self.beat(cx);
        let beats = |span: mqlab_kernel::SimSpan| (span.nanos() / self.cluster.beat.nanos().max(1)) as u32;
        let (suspect_after, down_after) = (beats(self.cluster.suspect_after), beats(self.cluster.down_after));
        for member in self.others() {
            let peer = &mut self.peers[usize::from(member.0)];
            peer.silence += 1;
            peer.is_suspected |= peer.silence > suspect_after;
            if peer.silence > down_after && peer.is_reached {
                peer.gave_up = peer.gave_up.wrapping_add(1);
                self.lose_touch(cx, member);
            }
        }
        self.tick_partition();
        self.look_at_partition(cx);
        if self.beats.is_multiple_of(memory::LOOKS_EVERY) {
            self.look_at_memory(cx);
        }
        if self.is_paused {
            return;
        }
        for queue in self.cluster.queues() {
            self.tick_replica(cx, queue);
            self.tick_mirrored(cx, queue);
        }
        if self.beats.is_multiple_of(ANNOUNCED_EVERY) {
            self.announce_all(cx, None);
        }
    }

    fn on_peer<C: Context<Wire>>(&mut self, cx: &mut C, from: MemberId, frame: PeerFrame) {
        if let PeerFrame::Beat { .. } = frame {
            return self.on_beat(cx, from, frame);
        }
        if self.is_paused {
            return;
        }
        match frame {
            PeerFrame::Request { queue, command } => {
                if let Some(replica) = self.replicas.get_mut(&queue) {
                    replica.propose(command, cx.now());
                    self.advance(cx, queue);
                } else {
                    self.on_request(cx, queue, command);
                }
            }
            PeerFrame::Taken {
                queue,
                life,
                number,
                is_refused,
            } => self.on_taken(cx, queue, (life, number), is_refused),
            PeerFrame::Handed {
                queue,
                life,
                consumer,
                delivery,
                remaining,
                redelivered,
                message,
            } if life == self.life => {
                self.on_handed(cx, (queue, consumer, delivery), (remaining, redelivered), message);
            }
            PeerFrame::Resume {
                queue,
                life,
                consumer,
                next,
            } => self.on_resume(cx, queue, (from, life, consumer), next),
            PeerFrame::Resumed { queue, life, consumer } if life == self.life => self.on_resumed(queue, consumer),
            PeerFrame::Here {
                queue,
                generation,
                is_there,
            } => self.on_here(cx, queue, (from, is_there), generation),
            PeerFrame::Join { queue, survives } => self.on_join(cx, from, queue, survives),
            PeerFrame::Copy {
                queue,
                position,
                member,
                life,
                number,
                message,
            } => self.on_copy(cx, from, (queue, position), (member, life, number), message),
            PeerFrame::Way { queue, exchange, key } => self.on_way(from, queue, (exchange, key)),
            PeerFrame::Fate { queue, fate } => self.on_fate(from, queue, fate),
            PeerFrame::Forget { queue, position } => self.on_forget(cx, from, queue, position),
            PeerFrame::Copied { queue, count } => self.on_copied(cx, from, queue, count),
            PeerFrame::Standing { .. } => self.on_standing(cx, frame),
            PeerFrame::LastMaster {
                queue,
                generation,
                master,
            } => self.on_last_master(cx, from, (queue, generation, master)),
            _ => {
                if let Some((queue, note)) = self.peers[usize::from(from.0)].inbox.take(frame) {
                    self.on_note(cx, from, queue, note);
                }
            }
        }
    }

    /// A member wants deliveries again that it has not got.
    fn on_resume<C: Context<Wire>>(
        &mut self,
        cx: &mut C,
        queue: QueueId,
        (member, life, consumer): (MemberId, u16, u16),
        next: u32,
    ) {
        let Some(replica) = self.replicas.get(&queue).filter(|replica| replica.raft.is_in_charge()) else {
            return;
        };
        let mut effects = Vec::new();
        replica.content.resume((member, life, consumer), next, &mut effects);
        self.tell(cx, member, PeerFrame::Resumed { queue, life, consumer });
        self.perform(cx, queue, effects);
    }

    /// Does what it has said to itself.
    pub(super) fn work_off<C: Context<Wire>>(&mut self, cx: &mut C) {
        while let Some(frame) = self.local.pop_front() {
            self.on_peer(cx, self.own, frame);
        }
    }

    /// It comes up.
    pub(super) fn go_on<C: Context<Wire>>(&mut self, cx: &mut C) {
        self.life += 1;
        self.beat(cx);
        self.announce_all(cx, None);
        self.catch_up(cx);
        self.follow_policies(cx);
        self.regroup_all(cx);
    }

    /// Does what an operator asks for: whichever member is asked, the queue does it.
    pub fn command<C: Context<Wire>>(&mut self, cx: &mut C, command: Operation) {
        let Operation::Purge(queue) = command;
        let (member, life) = (self.own, self.life);
        if !self.is_paused && !self.is_down(queue) {
            self.ask(cx, queue, None, |number| Command::Purge { member, life, number });
        }
        self.work_off(cx);
    }

    /// Everything in memory is gone, and of the disk what a crash takes.
    pub(super) fn die<C: Context<Wire>>(&mut self, cx: &mut C, crash: Crash) {
        let kept = cx.disk().left_by(crash);
        let cluster = self.cluster.clone();
        for queue in cluster.queues() {
            self.lose_classic(cx, queue, crash, kept);
            if let Some(replica) = self.replicas.get_mut(&queue) {
                // What changed since then stands in its log.
                replica.crash(&self.boot.config, queue, crash, kept);
            }
        }
        self.local.clear();
        self.declared.clear();
        self.drop_all_unread(cx);
        (self.alarm.is_of_memory, self.used) = (false, 0);
        if crash == Crash::Disk {
            self.forget_alarm();
        }
        self.front = Front::default();
        for link in &mut self.links {
            for message in core::mem::take(link).unasked() {
                cx.emit(self.place, FactKind::Dropped, message.id, 0);
            }
        }
    }

    fn member_at(&self, port: Port) -> Option<MemberId> {
        let member = self.peers.iter().position(|peer| peer.port == Some(port))?;
        Some(MemberId(member as u8))
    }
}

impl Node<Wire> for Member {
    fn start<C: Context<Wire>>(&mut self, cx: &mut C) {
        for peer in &mut self.peers {
            (peer.is_reached, peer.is_paused) = (peer.port.is_some(), false);
            (peer.life, peer.silence, peer.is_suspected, peer.is_alarmed) = (0, 0, false, false);
            (peer.gave_up, peer.given_up) = (0, 0);
        }
        self.split = Split::default();
        self.is_paused = false;
        let at = cx.later(self.cluster.beat);
        cx.arm(BEAT, at, 0);
        self.go_on(cx);
        self.work_off(cx);
    }

    fn on_packet<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, wire: Wire) {
        match (wire, self.member_at(port)) {
            (Wire::Peer(frame), Some(from)) => self.on_peer(cx, from, frame),
            (Wire::Client(frame), None) if self.is_paused => self.turn_away(cx, port, frame),
            (Wire::Client(frame), None) => self.on_client(cx, port, frame),
            _ => {}
        }
        self.work_off(cx);
    }

    fn on_timer<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) {
        match timing::queue_of(token) {
            Some(queue) => self.on_time(cx, queue),
            None => self.on_beat_due(cx),
        }
        self.work_off(cx);
    }

    fn on_disk<C: Context<Wire>>(&mut self, cx: &mut C) {
        if !self.is_paused {
            for queue in self.cluster.queues() {
                self.advance(cx, queue);
                self.settle_owed(cx, queue);
            }
        }
        self.work_off(cx);
    }

    fn on_closed<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        match self.member_at(port) {
            Some(member) => {
                self.on_end(cx, member);
                self.look_at_partition(cx);
            }
            None => self.close_port(cx, port),
        }
        self.work_off(cx);
    }

    fn on_opened<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        if self.member_at(port).is_some() {
            self.beat(cx);
        }
        self.work_off(cx);
    }

    fn crash<C: Context<Wire>>(&mut self, cx: &mut C, crash: Crash) {
        self.die(cx, crash);
    }
}
