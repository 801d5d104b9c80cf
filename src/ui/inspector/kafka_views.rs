//! A cluster of Kafka as its operators look at it: where replicas lie, the files
//! of a broker, what ZooKeeper held, and of a partition its segments.

use super::Subject;
use super::kafka::{node_link, table};
use crate::state::format;
use crate::state::numbers::kafka;
use crate::state::numbers::kafka_log::{self, Fate};
use crate::state::texts::Key;
use mqlab_engine::{ClusterView, Slot};
use mqlab_model::{NodeId, PlaceId};
use mqlab_scenario::cluster::{self, Placed};
use yew::{Html, html};

/// Who is meant for each group, and how far each has come with joining it.
pub(super) fn members(subject: Subject<'_>, cluster: &ClusterView) -> Html {
    let world = subject.lane.world();
    let name = |place: PlaceId| world.places().get(place).name.clone();
    let members = cluster.groups.iter().flat_map(|group| {
        group.members.iter().map(move |member| {
            let partitions: Vec<String> = member.partitions.iter().map(|one| name(*one)).collect();
            let generation = match member.generation {
                -1 => kafka::offset(None),
                generation => generation.to_string(),
            };
            vec![
                html! { name(group.place) },
                node_link(subject, member.service),
                html! { subject.text(kafka::phase_word(member.phase)) },
                html! { generation },
                html! { partitions.join(", ") },
            ]
        })
    });
    let heads = [
        Key::KafkaGroup,
        Key::KafkaConsumer,
        Key::State,
        Key::KafkaGeneration,
        Key::KafkaItsPartitions,
    ];
    table(subject, Key::KafkaMembers, &heads, members.collect())
}

/// Which broker has what of which partition; nothing of any other broker.
pub(super) fn placement(subject: Subject<'_>, node: NodeId) -> Html {
    let world = subject.lane.world();
    let Some(placement) = cluster::placement(world, node) else {
        return html! {};
    };
    let heads = placement.brokers.iter();
    let heads = heads.map(|broker| html! { <th scope="col">{ node_link(subject, *broker) }</th> });
    let rows = placement.rows.iter().map(|(partition, cells)| {
        let cells = cells.iter().map(|cell| placed(subject, *cell));
        html! { <tr><th scope="row">{ &world.places().get(*partition).name }</th>{ for cells }</tr> }
    });
    let counts = (0..placement.brokers.len()).map(|column| {
        html! { <td>{ format!("{} / {}", placement.leads(column), placement.hosts(column)) }</td> }
    });
    html! {
        <>
            <h3>{ subject.text(Key::KafkaPlacement) }</h3>
            <div class="scrolls" tabindex="0" role="region" aria-label={subject.text(Key::KafkaPlacement)}>
                <table class="placement">
                    <thead><tr><th scope="col">{ subject.text(Key::KafkaPartition) }</th>{ for heads }</tr></thead>
                    <tbody>
                        { for rows }
                        <tr><th scope="row">{ subject.text(Key::KafkaLeadsHosts) }</th>{ for counts }</tr>
                    </tbody>
                </table>
            </div>
            <p class="soft">{ subject.text(Key::KafkaPlacementLegend) }</p>
        </>
    }
}

fn placed(subject: Subject<'_>, cell: Option<Placed>) -> Html {
    let Some(placed) = cell else {
        return html! { <td /> };
    };
    let word = match (placed.is_leader, placed.is_in_sync) {
        (true, _) => Key::KafkaIsLeader,
        (false, true) => Key::KafkaReplica,
        (false, false) => Key::KafkaReplicaLags,
    };
    let class = match (placed.is_leader, placed.is_in_sync) {
        (true, _) => "placed leads",
        (false, true) => "placed",
        (false, false) => "placed lags",
    };
    let star = if placed.is_preferred { "*" } else { "" };
    html! { <td><span {class}>{ subject.text(word) }{ star }</span></td> }
}

/// What lies in a broker's directory of logs.
pub(super) fn files(subject: Subject<'_>, node: NodeId) -> Html {
    let lines = cluster::files(subject.lane.world(), node);
    if lines.is_empty() {
        return html! {};
    }
    let lines = lines.into_iter().map(|line| {
        let text = line.text.map(|text| html! { <pre tabindex="0">{ text }</pre> });
        html! {
            <li class={format!("depth-{}", line.depth)}>
                <code>{ line.name }</code>
                <span class="soft unbroken">{ kafka_log::size(line.bytes) }</span>
                { for text }
            </li>
        }
    });
    html! {
        <details class="tree" data-view="files">
            <summary>{ subject.text(Key::KafkaFiles) }</summary>
            <p class="soft">{ subject.text(Key::KafkaFilesNote) }</p>
            <ul>{ for lines }</ul>
        </details>
    }
}

/// What ZooKeeper held of a cluster, as a tree; nothing of any other broker.
pub(super) fn znodes(subject: Subject<'_>, node: NodeId) -> Html {
    let nodes = cluster::znodes(subject.lane.world(), node);
    if nodes.is_empty() {
        return html! {};
    }
    let lines = nodes.into_iter().map(|znode| {
        let depth = znode.depth();
        let slash = if depth == 0 { "/" } else { "" };
        let word = znode
            .is_ephemeral
            .then(|| html! { <span class="soft">{ subject.text(Key::KafkaEphemeral) }</span> });
        html! {
            <li class={format!("depth-{}", depth.min(5))}>
                <code>{ slash }{ znode.name().to_owned() }</code>
                { for word }
                { for znode.data.map(|data| html! { <code class="soft">{ data }</code> }) }
            </li>
        }
    });
    html! {
        <details class="tree" data-view="zookeeper">
            <summary>{ subject.text(Key::KafkaZookeeper) }</summary>
            <p class="soft">{ subject.text(Key::KafkaZookeeperNote) }</p>
            <ul>{ for lines }</ul>
        </details>
    }
}

/// The segments of a partition's log, what will become of them, and what stands
/// at its offsets.
pub(super) fn log(subject: Subject<'_>, place: PlaceId) -> Html {
    let world = subject.lane.world();
    let Some(log) = world.log_view(place) else {
        return html! {};
    };
    let language = subject.view.session.language;
    let rows = kafka_log::rows(&log, world.now(), language).into_iter().map(|row| {
        let class = match row.fate {
            Fate::Due => "fate due",
            Fate::Active => "fate active",
            _ => "fate",
        };
        vec![
            html! { row.base },
            html! { row.records },
            html! { <span class="unbroken">{ row.size }</span> },
            html! { <span class="unbroken">{ row.age }</span> },
            html! { <span {class}>{ row.word }</span> },
        ]
    });
    let heads = [
        Key::KafkaBase,
        Key::KafkaRecords,
        Key::KafkaBytes,
        Key::KafkaAge,
        Key::KafkaFate,
    ];
    html! {
        <>
            { table(subject, Key::KafkaSegments, &heads, rows.collect()) }
            { slots(subject, place, &log.slots) }
        </>
    }
}

/// A box for each offset of a short log, with marks where it is committed.
fn slots(subject: Subject<'_>, place: PlaceId, slots: &[Slot]) -> Html {
    let Some(partition) = subject.lane.world().partition_at(place).filter(|_| !slots.is_empty()) else {
        return html! {};
    };
    let boxes = (partition.log_start..).zip(slots).map(|(offset, slot)| {
        let kind = match slot {
            Slot::Record => "record",
            Slot::Tombstone => "tombstone",
            Slot::Marker => "marker",
            Slot::Gap => "gap",
        };
        let mark = if offset + 1 == partition.high_watermark {
            " high"
        } else {
            ""
        };
        let open = if offset >= partition.high_watermark {
            " open"
        } else {
            ""
        };
        html! { <i class={format!("{kind}{mark}{open}")} title={format::count(offset)} /> }
    });
    let label = kafka_log::summary(slots, subject.view.session.language);
    html! {
        <>
            <div class="slots" role="img" aria-label={label.clone()}>{ for boxes }</div>
            <p class="soft">{ label }</p>
        </>
    }
}
