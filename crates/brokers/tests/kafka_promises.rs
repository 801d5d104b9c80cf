//! What Kafka promises of a partition, held by its mechanisms put together: a
//! log for each of three replicas, a leader, elections, truncation. There is
//! no network; whoever is up does one thing after the other, in any order.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use mqlab_brokers::kafka::{
    Acks, Answer, BrokerId, Election, Electorate, Leader, LogSettings, PartitionLog, Reader, Record, Replication, cut,
};
use mqlab_kernel::{SimSpan, SimTime};
use mqlab_model::{Message, MessageId, SourceId};
use proptest::prelude::*;

const REPLICAS: [BrokerId; 3] = [BrokerId(0), BrokerId(1), BrokerId(2)];

struct Broker {
    log: PartitionLog,
    is_up: bool,
    /// Whether it has asked the present leader where their logs part.
    is_in_line: bool,
}

/// A partition with its controller and one producer.
struct Cluster {
    brokers: Vec<Broker>,
    rules: Replication,
    acks: Acks,
    election: Election,
    leader: Option<Leader>,
    epoch: u32,
    in_sync: Vec<BrokerId>,
    now: SimTime,
    produced: u64,
    /// Ends of records that are not answered, with their numbers.
    waiting: Vec<(u64, u64)>,
    confirmed: Vec<u64>,
}

fn bytes_of(_: &Record) -> u64 {
    100
}

fn settings() -> LogSettings {
    let mut settings = LogSettings::default();
    // Three records to a segment, so that cuts meet several.
    settings.roll.bytes = 300;
    settings
}

impl Cluster {
    fn new(acks: Acks, min_insync: usize, election: Election) -> Cluster {
        let broker = |_| Broker {
            log: PartitionLog::new(settings(), 0, SimTime::ZERO),
            is_up: true,
            is_in_line: true,
        };
        let mut cluster = Cluster {
            brokers: REPLICAS.map(broker).into(),
            rules: Replication {
                min_insync,
                ..Replication::default()
            },
            acks,
            election,
            leader: None,
            epoch: 0,
            in_sync: REPLICAS.to_vec(),
            now: SimTime::ZERO,
            produced: 0,
            waiting: Vec::new(),
            confirmed: Vec::new(),
        };
        cluster.elect();
        cluster
    }

    fn at(&mut self, broker: BrokerId) -> &mut Broker {
        &mut self.brokers[broker.0 as usize]
    }

    fn live(&self) -> Vec<BrokerId> {
        REPLICAS
            .into_iter()
            .filter(|one| self.brokers[one.0 as usize].is_up)
            .collect()
    }

    fn elect(&mut self) {
        let live = self.live();
        let electorate = Electorate {
            replicas: &REPLICAS,
            in_sync: &self.in_sync,
            eligible: &[],
            last_known: None,
            leader: None,
            live: &live,
        };
        let Some(elected) = electorate.elect(self.election) else {
            return;
        };
        self.epoch += 1;
        if elected.is_unclean {
            self.in_sync = vec![elected.leader];
        }
        let epoch = self.epoch;
        self.brokers.iter_mut().for_each(|one| one.is_in_line = false);
        let leader = self.at(elected.leader);
        leader.is_in_line = true;
        leader.log.begin_epoch(epoch);
        let end = leader.log.marks().end();
        self.leader = Some(Leader::new(
            elected.leader,
            &REPLICAS,
            &self.in_sync,
            self.rules,
            end,
            self.now,
        ));
        self.fence();
    }

    /// The controller takes brokers that are down out of those in sync, but
    /// for the last one.
    fn fence(&mut self) {
        let live = self.live();
        let mut rest = self.in_sync.clone();
        rest.retain(|one| live.contains(one));
        if !rest.is_empty() {
            self.in_sync = rest;
        }
        let in_sync = self.in_sync.clone();
        if let Some(leader) = &mut self.leader {
            leader.confirmed(&in_sync);
            REPLICAS
                .into_iter()
                .for_each(|one| leader.set_eligible(one, live.contains(&one)));
        }
    }

    fn produce(&mut self) {
        let Some(leader) = &self.leader else { return };
        let Ok(answer) = self.acks.admit(leader.is_under_min_isr()) else {
            return;
        };
        let (number, epoch, now, broker) = (self.produced, self.epoch, self.now, leader.broker);
        self.produced += 1;
        let message = Message::new(MessageId::new(SourceId(0), number), now, true);
        let log = &mut self.at(broker).log;
        log.append(&[Record::new(message, None)], None, epoch, &bytes_of, now)
            .unwrap();
        let end = log.marks().end();
        match answer {
            Answer::AfterHighWatermark => self.waiting.push((end, number)),
            Answer::AfterAppend => self.confirmed.push(number),
            Answer::Never => {}
        }
        self.commit();
    }

    /// A follower fetches up to `most` records from its leader.
    fn fetch(&mut self, follower: BrokerId, most: usize) {
        let Some(leader) = self.leader.as_mut().filter(|leader| leader.broker != follower) else {
            return;
        };
        let theirs = self.brokers[leader.broker.0 as usize].log.clone();
        let own = &mut self.brokers[follower.0 as usize];
        if !own.is_up {
            return;
        }
        while !own.is_in_line {
            let (end, high_watermark) = (own.log.marks().end(), own.log.marks().high_watermark());
            let asked = own.log.epochs().latest();
            let answer = asked.and_then(|epoch| theirs.epochs().end_of(epoch, theirs.marks().end()));
            let cut = cut(own.log.epochs(), end, high_watermark, answer);
            own.log.truncate(cut.to, &bytes_of);
            own.is_in_line = cut.is_final || asked.is_none();
        }
        let from = own.log.marks().end();
        leader.fetched(
            follower,
            from,
            theirs.marks().end(),
            theirs.marks().high_watermark(),
            self.now,
        );
        for (offset, record) in theirs.read(from, Reader::Replica).unwrap().take(most) {
            let epoch = theirs.epochs().at(offset).unwrap();
            own.log.append(&[*record], None, epoch, &bytes_of, self.now).unwrap();
        }
        self.commit();
        let leader = self.leader.as_ref().unwrap().broker;
        let high_watermark = self.at(leader).log.marks().high_watermark();
        self.at(follower).log.follow_commit(high_watermark);
    }

    /// The leader looks how far all is committed, and answers.
    fn commit(&mut self) {
        let Some(leader) = &self.leader else { return };
        let log = &mut self.brokers[leader.broker.0 as usize].log;
        let high_watermark = leader.high_watermark(log.marks().high_watermark(), log.marks().end(), self.now);
        log.commit(high_watermark);
        let is_under_min = leader.is_under_min_isr();
        let confirmed = &mut self.confirmed;
        self.waiting
            .retain(|(end, number)| match Answer::due(*end, high_watermark, is_under_min) {
                None => true,
                Some(Ok(())) => {
                    confirmed.push(*number);
                    false
                }
                Some(Err(_)) => false,
            });
    }

    fn shrink(&mut self, seconds: u64) {
        self.now = self.now + SimSpan::from_secs(seconds);
        if let Some(leader) = &mut self.leader {
            let end = self.brokers[leader.broker.0 as usize].log.marks().end();
            leader.shrink(end, self.now);
        }
    }

    /// The controller answers what the leader proposed.
    fn confirm(&mut self) {
        let live = self.live();
        let Some(leader) = &mut self.leader else { return };
        if let Some(proposed) = leader.proposed().map(<[BrokerId]>::to_vec) {
            if proposed.iter().all(|one| live.contains(one)) {
                leader.confirmed(&proposed);
                self.in_sync = proposed;
            } else {
                leader.refused();
            }
        }
        self.commit();
    }

    /// One broker at a time.
    fn crash(&mut self, broker: BrokerId) {
        if self.live().len() < REPLICAS.len() {
            return;
        }
        self.at(broker).is_up = false;
        if self.leader.as_ref().is_some_and(|leader| leader.broker == broker) {
            self.leader = None;
            self.waiting.clear();
            self.elect();
        } else {
            self.fence();
        }
    }

    fn restart(&mut self) {
        for broker in REPLICAS {
            self.at(broker).is_up = true;
        }
        if self.leader.is_none() {
            self.elect();
        } else {
            // Who was away asks its leader first.
            let leader = self.leader.as_ref().map(|leader| leader.broker);
            for broker in REPLICAS.into_iter().filter(|one| Some(*one) != leader) {
                self.at(broker).is_in_line = false;
            }
            self.fence();
        }
    }

    /// Everybody comes back and catches up. Returns how many records were
    /// confirmed and are gone.
    fn lost(mut self) -> usize {
        self.restart();
        for _ in 0..4 {
            REPLICAS.into_iter().for_each(|one| self.fetch(one, usize::MAX));
            self.confirm();
        }
        let numbers = |broker: &Broker| -> Vec<u64> {
            let records = broker.log.read(0, Reader::Uncommitted).unwrap();
            records.map(|(_, record)| record.message.id.number()).collect()
        };
        let kept = numbers(&self.brokers[0]);
        assert!(
            self.brokers.iter().all(|one| numbers(one) == kept),
            "replicas are one in the end"
        );
        self.confirmed.iter().filter(|number| !kept.contains(number)).count()
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Produce,
    Fetch(u32, usize),
    Shrink(u64),
    Confirm,
    Crash(u32),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Produce),
        10 => (0u32..3, 0usize..4).prop_map(|(who, most)| Step::Fetch(who, most)),
        1 => (0u64..40).prop_map(Step::Shrink),
        3 => Just(Step::Confirm),
        2 => (0u32..3).prop_map(Step::Crash),
        3 => Just(Step::Restart),
    ]
}

fn lost(mut cluster: Cluster, steps: &[Step]) -> usize {
    for step in steps {
        match *step {
            Step::Produce => cluster.produce(),
            Step::Fetch(who, most) => cluster.fetch(BrokerId(who), most),
            Step::Shrink(seconds) => cluster.shrink(seconds),
            Step::Confirm => cluster.confirm(),
            Step::Crash(who) => cluster.crash(BrokerId(who)),
            Step::Restart => cluster.restart(),
        }
    }
    cluster.lost()
}

/// How many courses of events are tried; `MQLAB_CASES` for a long hunt.
fn cases() -> ProptestConfig {
    let cases = std::env::var("MQLAB_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(1_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    /// `acks=all`, `min.insync.replicas=2`, clean elections: one broker may
    /// fail at any time, again and again, and nothing that was confirmed is
    /// lost.
    #[test]
    fn what_all_have_confirmed_survives_any_single_failure(steps in proptest::collection::vec(step(), 1..80)) {
        prop_assert_eq!(lost(Cluster::new(Acks::All, 2, Election::Online), &steps), 0);
    }
}

#[test]
fn what_the_leader_alone_has_confirmed_dies_with_it() {
    let steps = [Step::Produce, Step::Crash(0)];
    assert_eq!(lost(Cluster::new(Acks::Leader, 2, Election::Online), &steps), 1);
    assert_eq!(lost(Cluster::new(Acks::All, 2, Election::Online), &steps), 0);
}

#[test]
fn an_unclean_leader_loses_what_was_confirmed() {
    // The others are slow and leave; with one replica asked for, the leader
    // goes on alone and then fails.
    let steps = [
        Step::Shrink(31),
        Step::Produce,
        Step::Shrink(31),
        Step::Confirm,
        Step::Crash(0),
    ];
    let unclean = Cluster::new(Acks::All, 1, Election::Unclean);
    assert_eq!(lost(unclean, &steps), 1);
    let clean = Cluster::new(Acks::All, 1, Election::Online);
    assert_eq!(lost(clean, &steps), 0);
}
