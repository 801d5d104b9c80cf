//! Reads the things and the ways between them off a plan.

use super::{Broker, Carries, Diagram, Item, ItemKind, Member, Tally, Way};
use mqlab_brokers::kafka;
use mqlab_brokers::rabbitmq::{self, Config, ExchangeId, QueueId};
use mqlab_engine::plan::{Address, BrokerPlan, NodeKind, Plan, StepPlan, Target};
use mqlab_engine::{PlaceKind, Places};
use mqlab_model::{FactKind, NodeId, PlaceId};

/// Everything in a plan, reached by messages or not.
pub(super) fn draw(plan: &Plan, places: &Places) -> Diagram {
    let mut drawing = Drawing {
        plan,
        places,
        diagram: Diagram::default(),
    };
    drawing.items();
    drawing.ways();
    drawing.diagram
}

struct Drawing<'a> {
    plan: &'a Plan,
    places: &'a Places,
    diagram: Diagram,
}

impl Drawing<'_> {
    fn items(&mut self) {
        for (index, node) in self.plan.nodes.iter().enumerate() {
            let id = NodeId(index as u16);
            let kind = match &node.kind {
                NodeKind::Load(_) => ItemKind::Load,
                NodeKind::Service(_) => ItemKind::Service,
                NodeKind::Table(_) => ItemKind::Table,
                NodeKind::Broker(BrokerPlan::Rabbit(config)) => {
                    self.broker(id, &node.name, config);
                    continue;
                }
                NodeKind::Broker(BrokerPlan::Kafka(_)) => {
                    self.cluster(id, &node.name);
                    continue;
                }
                // They are drawn with their cluster.
                NodeKind::Member(_) => continue,
            };
            self.item(kind, id, PlaceId(id.0), None, &node.name);
        }
    }

    fn broker(&mut self, node: NodeId, name: &str, config: &Config) {
        self.diagram.brokers.push(Broker {
            node,
            name: name.to_owned(),
            has_foot: config.cluster.is_some() || config.disk.is_some() || config.memory.is_some(),
        });
        // The first is the default one, which is never drawn: what is sent
        // there is sent to a queue.
        for (index, exchange) in config.exchanges.iter().enumerate().skip(1) {
            let id = ExchangeId(index as u16);
            self.item(ItemKind::Exchange, node, PlaceId(node.0), Some(id), &exchange.name);
        }
        for (index, queue) in config.queues.iter().enumerate() {
            if let Some(place) = self.places.find(node, PlaceKind::Queue, index) {
                self.item(ItemKind::Queue, node, place, None, &queue.name);
            }
        }
        if config.cluster.is_some() {
            self.members(node);
        }
    }

    /// A cluster of Kafka: its partitions, and the nodes that it consists of.
    fn cluster(&mut self, node: NodeId, name: &str) {
        self.diagram.brokers.push(Broker {
            node,
            name: name.to_owned(),
            has_foot: true,
        });
        let places = self.places;
        let partitions = places.iter().filter(|(_, place)| place.node == node);
        for (id, place) in partitions.filter(|(_, place)| place.kind == PlaceKind::Partition) {
            self.item(ItemKind::Partition, node, id, None, &place.name);
        }
        self.members(node);
    }

    /// The nodes that a cluster consists of.
    fn members(&mut self, node: NodeId) {
        for member in self.plan.members(node) {
            let known = &self.plan.nodes[usize::from(member.0)];
            let NodeKind::Member(plan) = &known.kind else {
                continue;
            };
            self.diagram.members.push(Member {
                node: member,
                name: known.name.clone(),
                cluster: node,
                is: plan.is,
            });
        }
    }

    fn item(&mut self, kind: ItemKind, node: NodeId, place: PlaceId, exchange: Option<ExchangeId>, name: &str) {
        self.diagram.items.push(Item {
            kind,
            node,
            place,
            exchange,
            name: name.to_owned(),
        });
    }

    fn ways(&mut self) {
        for (index, node) in self.plan.nodes.iter().enumerate() {
            let id = NodeId(index as u16);
            match &node.kind {
                NodeKind::Load(load) => self.sends(id, load.to),
                NodeKind::Broker(BrokerPlan::Rabbit(config)) => {
                    self.bindings(id, config);
                    self.dead_letters(id, config);
                }
                NodeKind::Service(service) => {
                    if let Some(consume) = &service.consume {
                        for (number, owner) in consume.places(self.places).into_iter().enumerate() {
                            self.consumed(id, owner, number);
                        }
                    }
                    if let Some(scan) = service.scan {
                        let found = Some((PlaceId(scan.table.0), FactKind::Found));
                        self.way(self.node(scan.table), self.node(id), Carries::Deliveries, found, None);
                    }
                    service.steps.iter().for_each(|step| self.step(id, step));
                }
                // What is in a partition waits there for whoever reads it.
                NodeKind::Table(_) | NodeKind::Member(_) | NodeKind::Broker(BrokerPlan::Kafka(_)) => {}
            }
        }
    }

    /// What a service gets of what owes it to a place: a queue, or a partition.
    fn consumed(&mut self, service: NodeId, owner: PlaceId, number: usize) {
        let read = self.places.get(owner).of.unwrap_or(owner);
        let from = self.diagram.item_at(owner).or_else(|| self.diagram.item_at(read));
        let inlet = self.places.find(service, PlaceKind::Subscription, number);
        let failed = inlet.map(|place| (place, FactKind::Failed));
        let passed = inlet.map(|place| (place, FactKind::Received));
        self.way(from, self.node(service), Carries::Deliveries, passed, failed);
    }

    fn step(&mut self, service: NodeId, step: &StepPlan) {
        match step {
            StepPlan::Publish { to, .. } => to.iter().for_each(|target| self.sends(service, *target)),
            StepPlan::Call { services, .. } => {
                for called in services {
                    self.sends(service, Target::Service(*called));
                }
            }
            // Whatever it does there: the row is what people look for.
            _ => step.table().into_iter().for_each(|table| self.works_on(service, table)),
        }
    }

    /// A service writes into a table, or looks something up there.
    fn works_on(&mut self, service: NodeId, table: NodeId) {
        let passed = Some((PlaceId(table.0), FactKind::Written));
        let failed = Some((PlaceId(table.0), FactKind::WriteRefused));
        self.way(self.node(service), self.node(table), Carries::Effects, passed, failed);
    }

    /// What a load or a service sends to a target.
    fn sends(&mut self, from: NodeId, target: Target) {
        let refused = Some((PlaceId(from.0), FactKind::Refused));
        let offered = Some((PlaceId(from.0), FactKind::Offered));
        let is_load = self.places.get(PlaceId(from.0)).kind == PlaceKind::Load;
        let (to, carries, passed) = match target {
            Target::Broker {
                broker,
                address: Address::Rabbit(rabbitmq::Address::Exchange(exchange)),
            } => (self.exchange(broker, exchange), Carries::Messages, offered),
            Target::Broker {
                broker,
                address: Address::Kafka(address),
            } => {
                self.records(from, broker, address);
                return;
            }
            Target::Broker { .. } => {
                let place = target.place(self.places);
                let enqueued = place.map(|place| (place, FactKind::Enqueued));
                let to = place.and_then(|place| self.diagram.item_at(place));
                (to, Carries::Messages, enqueued)
            }
            Target::Service(service) => {
                let calls = self.places.find(service, PlaceKind::Calls, 0);
                let received = calls.map(|place| (place, FactKind::Received));
                (self.node(service), Carries::Calls, received)
            }
        };
        // A load has one target, so that what it offers is what sets out.
        let passed = if is_load { offered } else { passed };
        self.way(self.node(from), to, carries, passed, refused.filter(|_| is_load));
    }

    /// Records go to the partition that their producer chooses. How many it was
    /// counts the first group that reads there, or the partition itself.
    fn records(&mut self, from: NodeId, cluster: NodeId, address: kafka::Address) {
        let places = self.places;
        let Some(topic) = places.find(cluster, PlaceKind::Topic, usize::from(address.topic.0)) else {
            return;
        };
        let chosen = |number: usize| address.partition.is_none_or(|one| one as usize == number);
        let partitions = places.parts_of(topic).enumerate();
        for (_, partition) in partitions.filter(|(number, _)| chosen(*number)) {
            let counted = places.parts_of(partition).next().unwrap_or(partition);
            let to = self.diagram.item_at(partition);
            let passed = Some((counted, FactKind::Enqueued));
            self.way(self.node(from), to, Carries::Messages, passed, None);
        }
    }

    fn bindings(&mut self, broker: NodeId, config: &Config) {
        for binding in &config.bindings {
            let exchange = self.exchange(broker, binding.exchange);
            let target = match binding.target {
                rabbitmq::Target::Queue(queue) => self.queue(broker, queue),
                rabbitmq::Target::Exchange(other) => self.exchange(broker, other),
            };
            let passed = target.map(|item| (self.diagram.items[item].place, FactKind::Enqueued));
            self.way(exchange, target, Carries::Messages, passed, None);
        }
    }

    /// What queues give up, and what exchanges find no queue for.
    fn dead_letters(&mut self, broker: NodeId, config: &Config) {
        for (index, queue) in config.queues.iter().enumerate() {
            let arguments = queue.arguments.as_ref();
            let Some(target) = arguments.and_then(|arguments| arguments.dead_letter.as_ref()) else {
                continue;
            };
            let from = self.queue(broker, QueueId(index as u16));
            let named = target.key.as_deref().and_then(|key| config.queue(key));
            let to = match named.filter(|_| target.exchange.is_empty()) {
                Some(queue) => self.queue(broker, queue),
                None => config
                    .exchange(&target.exchange)
                    .and_then(|exchange| self.exchange(broker, exchange)),
            };
            let passed = from.map(|item| (self.diagram.items[item].place, FactKind::DeadLettered));
            self.way(from, to, Carries::Messages, passed, None);
        }
        for (index, exchange) in config.exchanges.iter().enumerate() {
            let alternate = exchange.alternate.as_deref().and_then(|name| config.exchange(name));
            let from = self.exchange(broker, ExchangeId(index as u16));
            let to = alternate.and_then(|exchange| self.exchange(broker, exchange));
            let passed = to.map(|item| (self.diagram.items[item].place, FactKind::Enqueued));
            self.way(from, to, Carries::Messages, passed, None);
        }
    }

    fn way(
        &mut self,
        from: Option<usize>,
        to: Option<usize>,
        carries: Carries,
        passed: Option<(PlaceId, FactKind)>,
        failed: Option<(PlaceId, FactKind)>,
    ) {
        let (Some(from), Some(to), Some(passed)) = (from, to, passed) else {
            return;
        };
        // Two steps to the same target, or two keys of one binding, are one way.
        if self.diagram.ways.iter().any(|way| (way.from, way.to) == (from, to)) {
            return;
        }
        let tally = |(place, kind)| Tally { place, kind };
        self.diagram.ways.push(Way {
            from,
            to,
            carries,
            passed: tally(passed),
            failed: failed.map(tally),
        });
    }

    fn node(&self, node: NodeId) -> Option<usize> {
        self.diagram.item_at(PlaceId(node.0))
    }

    fn queue(&self, broker: NodeId, queue: QueueId) -> Option<usize> {
        let place = self.places.find(broker, PlaceKind::Queue, usize::from(queue.0))?;
        self.diagram.item_at(place)
    }

    fn exchange(&self, broker: NodeId, exchange: ExchangeId) -> Option<usize> {
        let is_it = |item: &Item| item.node == broker && item.exchange == Some(exchange);
        self.diagram.items.iter().position(is_it)
    }
}
