//! A cluster of Kafka: its nodes and groups, and of a partition its replicas
//! and how far each group is.

use super::{Subject, actions, kafka_views, list, settings};
use crate::state::acts;
use crate::state::diagram::Shown;
use crate::state::format;
use crate::state::numbers::{self, kafka};
use crate::state::selection::{Selection, Thing};
use crate::state::session::Action;
use crate::state::texts::Key;
use crate::ui::rest;
use mqlab_engine::{LinkView, Partition, Status};
use mqlab_model::{NodeId, PlaceId};
use mqlab_scenario::{SeekTo, What};
use yew::{Callback, Html, MouseEvent, html};

/// A node of a cluster.
pub(super) fn member(subject: Subject<'_>, index: usize) -> Html {
    let member = &subject.lane.diagram.members[index];
    let numbers = kafka::of_member(subject.lane.world(), member.node, subject.view.session.language);
    let rows = numbers
        .into_iter()
        .map(|row| (subject.text(row.name), html! { row.value }));
    let kind = match subject.lane.world().rabbit_cluster(member.node) {
        Some(_) => Key::ClusterNode,
        None => kafka::member_word(member.is),
    };
    html! {
        <>
            <h2>{ &member.name }{ " " }<span class="kind">{ subject.text(kind) }</span></h2>
            { list(rows) }
            { rest::behind(subject.view, || rest_of_member(subject, index)) }
        </>
    }
}

/// What can be done to a node of a cluster.
#[inline(never)]
fn rest_of_member(subject: Subject<'_>, index: usize) -> Html {
    let node = subject.lane.diagram.members[index].node;
    html! {
        <>
            { settings::of(subject, Shown::Member(index)) }
            { actions::of_node(subject, node, None) }
            { cutting(subject, node) }
            { kafka_views::files(subject, node) }
        </>
    }
}

/// Cuts a node off from everybody else, or heals what is cut.
fn cutting(subject: Subject<'_>, node: NodeId) -> Html {
    if acts::is_too_late(subject.lab) {
        return html! {};
    }
    let world = subject.lane.world();
    let own = |link: &LinkView| link.from == node || link.to == node;
    let mut others: Vec<NodeId> = Vec::new();
    let mut is_cut = false;
    for link in world.links().filter(own) {
        is_cut |= link.is_cut;
        let other = if link.from == node { link.to } else { link.from };
        if !others.contains(&other) {
            others.push(other);
        }
    }
    let name = |node: &NodeId| subject.name(*node).to_owned();
    let button = if is_cut {
        actions::button(subject, "heal-all", (Key::KafkaHealAll, None), What::HealAll)
    } else {
        let what = What::Partition(vec![vec![name(&node)], others.iter().map(name).collect()]);
        actions::button(subject, "cut-off", (Key::KafkaCutOff, None), what)
    };
    html! { <div class="buttons">{ button }</div> }
}

/// The nodes and the groups of a cluster; nothing of any other broker.
pub(super) fn cluster(subject: Subject<'_>, node: NodeId) -> Html {
    let world = subject.lane.world();
    let Some(cluster) = world.cluster(node) else {
        return html! {};
    };
    let language = subject.view.session.language;
    let members = subject
        .lane
        .diagram
        .members
        .iter()
        .filter(|member| member.cluster == node);
    let members = members.map(|member| {
        let kind = subject.text(kafka::member_word(member.is));
        let state = numbers::status_word(world.status(member.node), language);
        vec![node_link(subject, member.node), html! { kind }, html! { state }]
    });
    let members = table(
        subject,
        Key::KafkaNodes,
        &[Key::KafkaNode, Key::KafkaRole, Key::State],
        members.collect(),
    );
    let groups = cluster.groups.iter().map(|group| {
        let coordinator = group.coordinator.map(|broker| node_link(subject, broker));
        let members: Vec<String> = group
            .members
            .iter()
            .map(|member| match member.generation {
                // Outside of any generation.
                -1 => format!("({})", subject.name(member.service)),
                _ => subject.name(member.service).to_owned(),
            })
            .collect();
        vec![
            html! { &world.places().get(group.place).name },
            html! { subject.text(kafka::group_word(group.state)) },
            html! { group.generation.to_string() },
            coordinator.unwrap_or_default(),
            html! { members.join(", ") },
        ]
    });
    let heads = [
        Key::KafkaGroup,
        Key::State,
        Key::KafkaGeneration,
        Key::KafkaCoordinator,
        Key::KafkaMembers,
    ];
    html! {
        <>
            { members }
            { table(subject, Key::KafkaGroups, &heads, groups.collect()) }
            { kafka_views::members(subject, &cluster) }
            { kafka_views::placement(subject, node) }
            { kafka_views::znodes(subject, node) }
            if !acts::is_too_late(subject.lab) {
                <div class="buttons">
                    { actions::button(
                        subject,
                        "elect-preferred",
                        (Key::KafkaElectPreferred, None),
                        What::ElectPreferred(subject.name(node).to_owned()),
                    ) }
                </div>
            }
        </>
    }
}

/// The replicas of a partition, and how far each group is in it.
pub(super) fn partition(subject: Subject<'_>, place: PlaceId) -> Html {
    let world = subject.lane.world();
    let Some(partition) = world.partition_at(place) else {
        return html! {};
    };
    let replicas = partition.replicas.iter().map(|replica| {
        let state = match world.status(replica.node) {
            Status::Up => subject.text(kafka::replica_word(&partition, replica)).to_owned(),
            other => numbers::status_word(other, subject.view.session.language),
        };
        vec![
            node_link(subject, replica.node),
            html! { state },
            html! { format::count(replica.high_watermark) },
            html! { format::count(replica.log_end) },
        ]
    });
    let heads = [Key::KafkaNode, Key::State, Key::KafkaHighShort, Key::KafkaEndShort];
    let shares = kafka::shares(world, place).into_iter().map(|(group, share)| {
        // Its consumer stands below the group: five columns are too many here.
        let reader = share.consumer.map(|service| {
            html! { <small class="below">{ subject.text(Key::KafkaConsumer) }{ ": " }{ subject.name(service) }</small> }
        });
        vec![
            html! { <>{ group }{ reader.unwrap_or_default() }</> },
            html! { kafka::offset(share.committed) },
            html! { kafka::offset(share.position) },
            html! { kafka::offset(share.lag()) },
        ]
    });
    let of_groups = [Key::KafkaGroup, Key::KafkaCommitted, Key::KafkaPosition, Key::KafkaLag];
    html! {
        <>
            { table(subject, Key::KafkaReplicas, &heads, replicas.collect()) }
            { table(subject, Key::KafkaGroups, &of_groups, shares.collect()) }
            { kafka_views::log(subject, place) }
            { leading(subject, place, &partition) }
            { seeking(subject, place) }
        </>
    }
}

/// Makes another replica in sync the leader.
fn leading(subject: Subject<'_>, place: PlaceId, partition: &Partition) -> Html {
    if acts::is_too_late(subject.lab) {
        return html! {};
    }
    let world = subject.lane.world();
    let able = partition.replicas.iter().filter(|replica| {
        replica.in_sync && partition.leader != Some(replica.node) && world.status(replica.node) == Status::Up
    });
    let buttons = able.map(|replica| {
        let to = subject.name(replica.node);
        let what = What::MoveLeader {
            partition: world.places().get(place).name.clone(),
            to: to.to_owned(),
        };
        actions::button(subject, "move-leader", (Key::KafkaMakeLeader, Some(to)), what)
    });
    html! { <div class="buttons">{ for buttons }</div> }
}

/// Sends the consumers of a partition back to its beginning, or to its end.
fn seeking(subject: Subject<'_>, place: PlaceId) -> Html {
    if acts::is_too_late(subject.lab) {
        return html! {};
    }
    let world = subject.lane.world();
    let name = &world.places().get(place).name;
    let shares = kafka::shares(world, place).into_iter();
    let consumers = shares.filter_map(|(_, share)| share.consumer);
    let up = consumers.filter(|service| world.status(*service) == Status::Up);
    let buttons = up.flat_map(|service| {
        let service = subject.name(service);
        let ways = [
            (SeekTo::Beginning, Key::KafkaSeekBeginning),
            (SeekTo::End, Key::KafkaSeekEnd),
        ];
        ways.map(|(to, key)| {
            let what = What::Seek {
                service: service.to_owned(),
                partition: Some(name.clone()),
                to,
            };
            actions::button(subject, "seek", (key, Some(service)), what)
        })
    });
    html! { <div class="buttons">{ for buttons }</div> }
}

/// The name of a node of a cluster, which selects it.
pub(super) fn node_link(subject: Subject<'_>, node: NodeId) -> Html {
    let (act, variant) = (subject.view.act.clone(), subject.variant);
    let thing = Thing::Place(PlaceId(node.0));
    let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Select(Some(Selection { variant, thing }))));
    html! {
        <button type="button" class="link" data-action="select-node" {onclick}>
            { subject.name(node) }
        </button>
    }
}

pub(super) fn table(subject: Subject<'_>, title: Key, heads: &[Key], rows: Vec<Vec<Html>>) -> Html {
    if rows.is_empty() {
        return html! {};
    }
    let heads = heads
        .iter()
        .map(|key| html! { <th scope="col">{ subject.text(*key) }</th> });
    let rows = rows.into_iter().map(|cells| {
        let cells = cells.into_iter().map(|cell| html! { <td>{ cell }</td> });
        html! { <tr>{ for cells }</tr> }
    });
    html! {
        <>
            <h3>{ subject.text(title) }</h3>
            <div class="scrolls" tabindex="0" role="region" aria-label={subject.text(title)}>
                <table>
                    <thead><tr>{ for heads }</tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </>
    }
}
