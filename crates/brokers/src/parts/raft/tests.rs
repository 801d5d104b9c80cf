//! Voters under random courses of everything that may happen to them: what is
//! agreed on stays, and there is one leader to a term.

use super::{Entry, Note, Raft};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use mqlab_kernel::{SortedMap, Stream};
use std::{env, panic};

/// Whether disks do what they say.
#[derive(Clone, Copy, PartialEq)]
enum Disks {
    Honest,
    /// They say that a write is safe as soon as they have got it.
    Lying,
}

struct Machine {
    raft: Raft<u32>,
    /// Writes that the disk was given, written (all) and synced.
    written: u64,
    synced: u64,
    is_up: bool,
}

struct World {
    machines: Vec<Machine>,
    links: SortedMap<(u8, u8), VecDeque<Note<u32>>>,
    cut: Vec<(u8, u8)>,
    disks: Disks,
    random: Stream,
    proposed: u32,
    /// What was ever agreed on, from entry 1, and who saw it.
    agreed: Vec<Entry<u32>>,
    leaders: SortedMap<u32, u8>,
    faults: u32,
    is_broken: bool,
}

impl World {
    fn new(voters: u8, disks: Disks, seed: u64) -> World {
        let all: Vec<u8> = (0..voters).collect();
        let machine = |own: &u8| Machine {
            raft: Raft::new(*own, &all),
            written: 0,
            synced: 0,
            is_up: true,
        };
        World {
            machines: all.iter().map(machine).collect(),
            links: SortedMap::new(),
            cut: Vec::new(),
            disks,
            random: Stream::new(seed, "raft"),
            proposed: 0,
            agreed: Vec::new(),
            leaders: SortedMap::new(),
            faults: 0,
            is_broken: false,
        }
    }

    fn pick(&mut self) -> u8 {
        self.random.below(self.machines.len() as u64) as u8
    }

    fn settle(&mut self, own: u8) {
        let machine = &mut self.machines[usize::from(own)];
        if !machine.is_up {
            return;
        }
        let written = &mut machine.written;
        machine.raft.write(|_| {
            *written += 1;
            *written - 1
        });
        let safe = if self.disks == Disks::Lying {
            machine.written
        } else {
            machine.synced
        };
        machine.raft.on_synced(safe);
        while let Some((to, note)) = machine.raft.next_note() {
            self.links.get_or_default((own, to)).push_back(note);
        }
        self.check(own);
    }

    fn check(&mut self, own: u8) {
        let raft = &mut self.machines[usize::from(own)].raft;
        if raft.is_leader() {
            let known = *self.leaders.get_or_insert_with(raft.term(), || own);
            self.is_broken |= known != own;
        }
        while let Some(entry) = raft.next_committed() {
            let nth = raft.applied as usize - 1;
            match self.agreed.get(nth) {
                Some(known) => self.is_broken |= *known != entry,
                None => self.agreed.push(entry),
            }
        }
    }

    fn deliver(&mut self, from: u8, to: u8) -> bool {
        if self.cut.contains(&(from.min(to), from.max(to))) {
            return false;
        }
        let Some(note) = self.links.get_mut(&(from, to)).and_then(VecDeque::pop_front) else {
            return false;
        };
        let machine = &mut self.machines[usize::from(to)];
        if machine.is_up {
            machine.raft.on_note(from, note);
            self.settle(to);
        }
        true
    }

    fn propose(&mut self, own: u8) {
        if self.machines[usize::from(own)].is_up {
            self.proposed += 1;
            self.machines[usize::from(own)].raft.propose(self.proposed);
            self.settle(own);
        }
    }

    /// It misses its leader, whether that is gone or not.
    fn grow_impatient(&mut self, own: u8) {
        let machine = &mut self.machines[usize::from(own)];
        if machine.is_up {
            machine.raft.trust(false);
            machine.raft.campaign();
            self.settle(own);
        }
    }

    fn remind(&mut self, own: u8) {
        for to in 0..self.machines.len() as u8 {
            self.machines[usize::from(own)].raft.remind(to);
        }
        self.settle(own);
    }

    fn sync(&mut self, own: u8) {
        let machine = &mut self.machines[usize::from(own)];
        machine.synced = machine.written;
        self.settle(own);
    }

    fn crash(&mut self, own: u8, cuts_power: bool) {
        let machine = &mut self.machines[usize::from(own)];
        if !machine.is_up {
            return;
        }
        self.faults += 1;
        if cuts_power {
            machine.written = machine.synced;
        }
        if cuts_power && self.disks == Disks::Lying {
            // What it called safe is gone all the same.
            machine.raft.log.truncate(machine.raft.log.len() / 2);
        }
        machine.raft.crash(machine.written);
        machine.is_up = false;
        for other in 0..self.machines.len() as u8 {
            self.links.remove(&(own, other));
            self.links.remove(&(other, own));
            self.machines[usize::from(other)].raft.on_death(own);
        }
    }

    fn act(&mut self) {
        let (one, other) = (self.pick(), self.pick());
        match self.random.below(100) {
            0..55 => while self.deliver(one, other) && self.random.below(4) > 0 {},
            55..65 => self.propose(one),
            65..76 => self.sync(one),
            76..82 => self.remind(one),
            82..86 => self.grow_impatient(one),
            86..89 => self.machines[usize::from(one)].raft.trust(false),
            89 => self.crash(one, other % 2 == 0),
            90..95 => self.machines[usize::from(one)].is_up = true,
            95 => {
                self.faults += 1;
                self.cut.push((one.min(other), one.max(other)));
            }
            96..99 => self.cut.clear(),
            _ => {
                // A connection breaks, with what is on it.
                self.faults += 1;
                self.links.remove(&(one, other));
            }
        }
    }

    /// Nothing is wrong any more, and everything goes on.
    fn recover(&mut self) {
        self.cut.clear();
        self.machines.iter_mut().for_each(|machine| machine.is_up = true);
        for round in 0..60_u64 {
            let count = self.machines.len() as u8;
            if round == 50 {
                (0..count).for_each(|one| self.propose(one));
            }
            for one in 0..count {
                self.sync(one);
                self.remind(one);
                let raft = &mut self.machines[usize::from(one)].raft;
                raft.trust(round > 0 && raft.leader().is_some());
                if raft.misses_leader() && (round + u64::from(one)).is_multiple_of(u64::from(count) + 1) {
                    self.grow_impatient(one);
                }
            }
            for _ in 0..20 {
                for (one, other) in (0..count).flat_map(|one| (0..count).map(move |other| (one, other))) {
                    while self.deliver(one, other) {}
                }
                (0..count).for_each(|one| self.sync(one));
            }
        }
    }
}

fn course(voters: u8, disks: Disks, seed: u64) -> World {
    let mut world = World::new(voters, disks, seed);
    for _ in 0..1_500 {
        world.act();
    }
    world
}

fn courses() -> u64 {
    let cases = env::var("MQLAB_CASES").ok().and_then(|cases| cases.parse().ok());
    cases.unwrap_or(60)
}

#[test]
fn what_is_agreed_on_stays_whatever_happens() {
    let (mut faults, mut agreed, mut leaders) = (0, 0, 0);
    for seed in 0..courses() {
        let mut world = course(if seed % 3 == 0 { 5 } else { 3 }, Disks::Honest, seed);
        assert!(!world.is_broken, "course {seed}");
        let before = world.agreed.len();
        world.recover();
        assert!(!world.is_broken, "course {seed} at its end");
        // Whoever leads has everything, and everybody gets it.
        let leader = world.machines.iter().position(|machine| machine.raft.is_in_charge());
        let leader = leader.expect("somebody leads when all is well");
        assert!(world.agreed.len() > before, "course {seed} goes on");
        for machine in &world.machines {
            assert_eq!(machine.raft.log(), world.machines[leader].raft.log(), "course {seed}");
            assert_eq!(machine.raft.committed() as usize, world.agreed.len(), "course {seed}");
        }
        (faults, agreed) = (faults + world.faults, agreed + world.agreed.len());
        leaders += world.leaders.len();
    }
    // The courses were not idle.
    let courses = courses() as usize;
    std::println!("{courses} courses: {faults} faults, {agreed} entries agreed on, {leaders} leaders");
    assert!(faults as usize > 20 * courses && agreed > 10 * courses && leaders > 2 * courses);
}

#[test]
fn disks_that_lie_break_it() {
    // One who goes on without what it has promised meets what cannot be.
    let is_broken = |seed| panic::catch_unwind(|| course(3, Disks::Lying, seed).is_broken).unwrap_or(true);
    let broken = (0..courses()).filter(|seed| is_broken(*seed));
    assert!(broken.count() > 0);
}

/// Three voters, the first of whom leads.
fn led() -> World {
    let mut world = World::new(3, Disks::Honest, 1);
    world.grow_impatient(0);
    run(&mut world);
    assert!(world.machines[0].raft.is_in_charge());
    world
}

fn run(world: &mut World) {
    for _ in 0..6 {
        for (one, other) in [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)] {
            while world.deliver(one, other) {}
        }
        (0..3).for_each(|one| world.sync(one));
    }
}

#[test]
fn a_minority_agrees_on_nothing() {
    let mut world = led();
    world.crash(1, false);
    world.crash(2, false);
    let agreed = world.agreed.len();
    world.propose(0);
    run(&mut world);
    assert_eq!(world.agreed.len(), agreed);
    world.machines[1].is_up = true;
    world.remind(0);
    run(&mut world);
    assert_eq!(world.agreed.len(), agreed + 1, "one of them is enough");
}

#[test]
fn a_vote_is_not_given_twice_across_a_restart() {
    let mut world = World::new(3, Disks::Honest, 1);
    let ask = |from: u8, term| {
        let note = Note::Ask {
            term,
            last: 0,
            last_term: 0,
            is_trial: false,
        };
        (from, note)
    };
    let granted = |world: &mut World, to: u8| {
        let notes = world.links.get_mut(&(2, to)).map(core::mem::take).unwrap_or_default();
        notes
            .iter()
            .any(|note| matches!(note, Note::Vote { is_granted: true, .. }))
    };
    let (from, note) = ask(0, 1);
    world.machines[2].raft.on_note(from, note);
    world.settle(2);
    assert!(!granted(&mut world, 0), "it waits for the disk");
    world.sync(2);
    assert!(granted(&mut world, 0));
    world.crash(2, true);
    world.machines[2].is_up = true;
    let (from, note) = ask(1, 1);
    world.machines[2].raft.on_note(from, note);
    world.sync(2);
    assert!(!granted(&mut world, 1), "it has not forgotten");
}

#[test]
fn an_entry_of_an_older_term_is_agreed_on_with_one_of_the_own() {
    // Figure 8 of the paper: what a majority has of an older term may still go.
    let mut world = led();
    world.cut = [(0, 1), (0, 2)].into();
    world.propose(0);
    world.sync(0);
    let agreed = world.agreed.len();
    world.machines[2].raft.trust(false);
    world.grow_impatient(1);
    run(&mut world);
    assert!(world.machines[1].raft.is_in_charge());
    assert_eq!(world.agreed.len(), agreed + 1, "the beginning of the new term");
    world.cut.clear();
    world.remind(1);
    run(&mut world);
    assert!(!world.machines[0].raft.is_leader());
    assert_eq!(
        world.machines[0].raft.log(),
        world.machines[1].raft.log(),
        "what nobody else had is gone"
    );
}

#[test]
fn one_who_was_cut_off_drives_nobody_out() {
    let mut world = led();
    let term = world.machines[0].raft.term();
    world.cut = [(0, 1), (1, 2)].into();
    for _ in 0..5 {
        world.grow_impatient(1);
        run(&mut world);
    }
    world.cut.clear();
    world.grow_impatient(1);
    run(&mut world);
    assert!(world.machines[0].raft.is_leader() && world.machines[0].raft.term() == term);
}

#[test]
fn one_who_lost_its_disk_gets_the_log_and_counts_no_more() {
    let mut world = led();
    world.propose(0);
    run(&mut world);
    let agreed = world.agreed.len();
    world.machines[1].raft.lose();
    (world.machines[1].written, world.machines[1].synced) = (0, 0);
    world.remind(0);
    run(&mut world);
    assert_eq!(world.machines[1].raft.log().len(), agreed, "it has everything again");
    world.crash(2, false);
    world.propose(0);
    run(&mut world);
    assert_eq!(world.agreed.len(), agreed, "no majority with it");
    world.crash(0, false);
    world.machines[2].is_up = true;
    world.grow_impatient(2);
    run(&mut world);
    assert!(!world.machines[2].raft.is_leader(), "nor does it vote");
}

#[test]
fn one_who_is_far_behind_is_not_sent_more_and_more() {
    let mut world = led();
    world.crash(2, false);
    world.machines[2].raft.lose();
    (0..500).for_each(|_| world.propose(0));
    run(&mut world);
    world.machines[2].is_up = true;
    // What it cannot place yet comes in several notes, each of which it refuses.
    (0..5).for_each(|_| world.remind(0));
    world.propose(0);
    let mut notes = 0;
    for _ in 0..100 {
        for (one, other) in [(0, 2), (2, 0)] {
            while world.deliver(one, other) {
                notes += 1;
            }
        }
        (0..3).for_each(|one| world.sync(one));
    }
    assert_eq!(world.machines[2].raft.log(), world.machines[0].raft.log());
    assert!(notes < 100, "{notes}");
}
