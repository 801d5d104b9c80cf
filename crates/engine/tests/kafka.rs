//! A cluster of Kafka in the engine: what happens to messages, and what the
//! oracle says of it.

mod kafka_plan;

use kafka_plan::{BROKERS, CLUSTER, SERVICE, Shape, acks, at, count, ms, whole};
use mqlab_brokers::kafka::{Acks, GroupState};
use mqlab_engine::plan::Command;
use mqlab_engine::{BrokerView, MetricKind, NodeView, World};
use mqlab_kernel::{Dist, SimSpan, SimTime};
use mqlab_model::FactKind;

/// Verdicts that no good run has.
const BAD: [MetricKind; 7] = [
    MetricKind::Lost,
    MetricKind::UnconfirmedLost,
    MetricKind::Duplicated,
    MetricKind::DeliveredAgain,
    MetricKind::Phantom,
    MetricKind::Stuck,
    MetricKind::Unknown,
];

#[test]
fn every_record_is_handled_once_and_settled_by_a_commit() {
    let world = Shape::default().run();
    eprintln!("{:?}", world.cluster(CLUSTER).unwrap().groups);
    let facts = [
        FactKind::Offered,
        FactKind::Sent,
        FactKind::Enqueued,
        FactKind::Confirmed,
        FactKind::Dispatched,
        FactKind::Received,
        FactKind::Started,
        FactKind::Handled,
        FactKind::Settled,
    ];
    let counts = facts.map(|kind| (kind, count(&world, kind)));
    assert_eq!(counts, facts.map(|kind| (kind, 10_000)));
    let verdicts = BAD.map(|kind| (kind, whole(&world, kind)));
    assert_eq!(verdicts, BAD.map(|kind| (kind, 0)));
}
