//! A cluster of RabbitMQ: its nodes as they see each other, and of a queue the
//! nodes that have it.

use super::Subject;
use super::kafka::{node_link, table};
use crate::state::numbers::{self, rabbit_cluster};
use crate::state::texts::Key;
use mqlab_model::{NodeId, PlaceId};
use yew::{Html, html};

/// The nodes of a cluster; nothing of any other broker.
pub(super) fn nodes(subject: Subject<'_>, cluster: NodeId) -> Html {
    let world = subject.lane.world();
    let language = subject.view.session.language;
    let nodes = rabbit_cluster::nodes(world, cluster).into_iter();
    let rows = nodes.map(|(node, is_paused, sees)| {
        let state = match is_paused {
            true => subject.text(Key::ClusterPaused).to_owned(),
            false => numbers::status_word(world.status(node), language),
        };
        vec![node_link(subject, node), html! { state }, html! { sees }]
    });
    let heads = [Key::KafkaNode, Key::State, Key::ClusterSees];
    table(subject, Key::KafkaNodes, &heads, rows.collect())
}

/// The nodes that have a queue, or a copy of it; nothing of a queue of one node.
pub(super) fn members(subject: Subject<'_>, queue: PlaceId) -> Html {
    let members = rabbit_cluster::members(subject.lane.world(), queue);
    let has_logs = members.iter().any(|keeper| keeper.log.is_some());
    let rows = members.into_iter().map(|keeper| {
        let mut cells = vec![node_link(subject, keeper.node), html! { subject.text(keeper.word) }];
        cells.extend(keeper.log.into_iter().flatten().map(|count| html! { count }));
        cells
    });
    let heads = [Key::KafkaNode, Key::KafkaRole, Key::ClusterLog, Key::ClusterAgreed];
    let heads = if has_logs { &heads[..] } else { &heads[..2] };
    table(subject, Key::ClusterWhere, heads, rows.collect())
}
