//! A cluster of RabbitMQ as its own tools show it: `rabbitmqctl list_queues name
//! type state leader members online` and `rabbitmqctl cluster_status`.

use crate::table::{Side, Table};
use mqlab_engine::{BrokerView, Copies, NodeView, World};
use mqlab_model::{NodeId, PlaceId};
use std::io::{self, Write};

/// A cluster at the end of a run.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    name: String,
    queues: Vec<QueueRow>,
    nodes: Vec<NodeRow>,
}

/// One queue, and where it is.
#[derive(Clone, Debug)]
struct QueueRow {
    name: String,
    kind: &'static str,
    state: &'static str,
    leaders: Vec<String>,
    members: Vec<String>,
    online: Vec<String>,
    synchronised: Vec<String>,
}

/// One node, as the nodes see each other.
#[derive(Clone, Debug)]
struct NodeRow {
    name: String,
    state: &'static str,
    sees: Vec<String>,
}

impl Cluster {
    /// What a node shows, if it is a cluster of RabbitMQ.
    pub(super) fn of(world: &World, node: NodeId) -> Option<Cluster> {
        world.rabbit_cluster(node)?;
        let NodeView::Broker(BrokerView::Rabbit { queues }) = world.node(node) else {
            return None;
        };
        let place = |place: PlaceId| world.places().get(place).name.clone();
        let name = |node: NodeId| place(PlaceId(node.0));
        let row = |queue: PlaceId| {
            let hosted = world.hosted(queue)?;
            let members = hosted.members.iter();
            Some(QueueRow {
                name: place(queue),
                kind: match hosted.copies {
                    Copies::One => "classic",
                    Copies::Mirrored => "mirrored",
                    Copies::Quorum => "quorum",
                },
                // As the queues themselves say it since 3.13.
                state: match (hosted.works(), hosted.leaders.is_empty()) {
                    (true, _) => "running",
                    (false, true) => "down",
                    (false, false) => "minority",
                },
                leaders: hosted.leaders.iter().copied().map(name).collect(),
                members: members.clone().map(|member| name(member.node)).collect(),
                online: members
                    .clone()
                    .filter(|member| member.is_online)
                    .map(|member| name(member.node))
                    .collect(),
                synchronised: members
                    .filter(|member| member.is_online && member.is_synchronised)
                    .map(|member| name(member.node))
                    .collect(),
            })
        };
        let state = |is_up: bool, is_paused: bool| match (is_up, is_paused) {
            (false, _) => "down",
            (true, true) => "paused",
            (true, false) => "running",
        };
        let nodes = world.cluster_nodes(node).into_iter().map(|one| NodeRow {
            name: name(one.node),
            state: state(one.is_up, one.is_paused),
            sees: one.sees.into_iter().map(name).collect(),
        });
        Some(Cluster {
            name: name(node),
            queues: queues.iter().filter_map(|queue| row(queue.place)).collect(),
            nodes: nodes.collect(),
        })
    }

    /// Writes both tables.
    pub(super) fn write(&self, ended: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n  where the queues of {} are at {ended}", self.name)?;
        self.places().write(out, "  ")?;
        writeln!(out, "\n  nodes of {} at {ended}", self.name)?;
        self.status().write(out, "  ")
    }

    fn places(&self) -> Table {
        use Side::Left;
        let columns = ["name", "type", "state", "leader", "members", "online", "synchronised"];
        let mut table = Table::new(&columns.map(|column| (column, Left)));
        for row in &self.queues {
            table.row(vec![
                row.name.clone(),
                row.kind.to_owned(),
                row.state.to_owned(),
                listed(&row.leaders),
                listed(&row.members),
                listed(&row.online),
                listed(&row.synchronised),
            ]);
        }
        table
    }

    fn status(&self) -> Table {
        use Side::Left;
        let mut table = Table::new(&["node", "state", "running nodes"].map(|column| (column, Left)));
        for row in &self.nodes {
            table.row(vec![row.name.clone(), row.state.to_owned(), listed(&row.sees)]);
        }
        table
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        return "-".to_owned();
    }
    names.join(",")
}
