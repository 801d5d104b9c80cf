//! Who uses what: how messages come to a consumer in the systems that people know, and
//! the run that shows it.
//!
//! A system without a node of its own in the lab is stood for by a queue of RabbitMQ
//! that is asked in the same way; the table says so.

use super::texts::Language;
use Line::{LongPoll, PushAll, PushWindow, ShortPoll};

/// How messages come, and what else the table says: its texts by their lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Line {
    /// The heading.
    Title,
    /// What the table is.
    About,
    /// Over the systems.
    System,
    /// Over the ways.
    How,
    /// The broker sends as much as the window lets out.
    PushWindow,
    /// A request waits at the broker until there is something.
    LongPoll,
    /// A request is answered at once, also with nothing.
    ShortPoll,
    /// The broker sends whatever comes.
    PushAll,
    /// Only the first versions.
    Formerly,
    /// What the mark behind a way means.
    StandsFor,
}

/// A system.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// The ways in which messages come to its consumers.
    pub ways: &'static [Way],
}

/// One way in which messages come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Way {
    /// Which.
    pub how: Line,
    /// What it is called there; of former versions, the last one that had it.
    pub by: &'static str,
    /// Whether it was so in the first versions only.
    pub is_former: bool,
    /// Whether the run has a node of that system; else RabbitMQ stands for it.
    pub is_own: bool,
    /// The file of the scenario.
    pub scenario: &'static str,
    /// The variant in it.
    pub variant: &'static str,
    /// The thing that is selected.
    pub thing: &'static str,
}

impl Way {
    /// What stands behind the `#` of a link that opens its run.
    pub fn fragment(&self) -> String {
        format!("scenario={}&select={}/{}", self.scenario, self.variant, self.thing)
    }
}

/// A way that a queue of RabbitMQ shows, asked as `variant` of the scenario that
/// compares all of them asks.
const fn compared(how: Line, by: &'static str, variant: &'static str) -> Way {
    Way {
        how,
        by,
        is_former: false,
        is_own: false,
        scenario: "push-pull-longpoll",
        variant,
        thing: "reader",
    }
}

/// The systems, and what their documentation says of them.
pub const FAMILIES: [Family; 6] = [
    Family {
        name: "RabbitMQ",
        // docs: "Consumer Prefetch".
        ways: &[Way {
            is_own: true,
            ..compared(PushWindow, "prefetch", "push-window")
        }],
    },
    Family {
        name: "ActiveMQ",
        // docs: "What is the Prefetch Limit For?".
        ways: &[compared(PushWindow, "prefetchSize", "push-window")],
    },
    Family {
        name: "NSQ",
        // docs: "TCP Protocol Spec", RDY.
        ways: &[compared(PushWindow, "RDY", "push-window")],
    },
    Family {
        name: "Kafka",
        // docs: consumer configs; short polls until KAFKA-48, which is in 0.8.
        ways: &[
            Way {
                is_own: true,
                scenario: "groups-on-a-topic",
                variant: "two-groups",
                thing: "storeman",
                ..compared(LongPoll, "fetch.max.wait.ms", "")
            },
            Way {
                is_former: true,
                ..compared(ShortPoll, "0.7", "short-poll")
            },
        ],
    },
    Family {
        name: "RocketMQ",
        // org.apache.rocketmq.client.consumer.DefaultMQPullConsumer.
        ways: &[compared(LongPoll, "brokerSuspendMaxTimeMillis", "long-poll")],
    },
    Family {
        name: "Redis",
        // docs: the commands' own pages.
        ways: &[
            compared(LongPoll, "BLPOP", "long-poll"),
            compared(LongPoll, "XREAD BLOCK", "long-poll"),
            compared(PushAll, "SUBSCRIBE", "push-all"),
        ],
    },
];

/// Every text in English, simplified and traditional Chinese, one below the other. They
/// come with the rest of the program (`crates/pack`).
const TEXTS: &str = concat!(
    "\u{2}file:rest\n",
    "Who uses what\n谁用哪一种\n誰用哪一種\n",
    "How messages come to a consumer. Each entry opens a run that shows it.\n\
     消息怎样到达消费者。每一项都打开一次展示它的运行。\n\
     訊息怎樣到達消費者。每一項都開啟一次展示它的執行。\n",
    "System\n系统\n系統\n",
    "How messages come\n消息怎样到来\n訊息怎樣到來\n",
    "push with a window\n推送，有窗口\n推送，有視窗\n",
    "long poll\n长轮询\n長輪詢\n",
    "short poll\n短轮询\n短輪詢\n",
    "push without a limit\n推送，无上限\n推送，無上限\n",
    "its first versions, up to\n最初的版本，至\n最初的版本，至\n",
    "* The lab has no node of this one yet. In the run a queue of RabbitMQ stands for it, from which messages come \
     in the same way.\n\
     * 实验室还没有它的节点。运行中由一个 RabbitMQ 队列代替，消息以同样的方式到来。\n\
     * 實驗室還沒有它的節點。執行中由一個 RabbitMQ 佇列代替，訊息以同樣的方式到來。\n",
    "\u{3}"
);

/// A text of the table.
pub fn text(line: Line, language: Language) -> &'static str {
    let column = match language {
        Language::English => 0,
        Language::Simplified => 1,
        Language::Traditional => 2,
    };
    TEXTS.lines().nth(1 + 3 * line as usize + column).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::diagram::Shown;
    use crate::state::lab::Lab;
    use crate::state::link;
    use crate::state::scenarios::{self, SCENARIOS};
    use mqlab_engine::plan::{BrokerPlan, ConsumePlan, NodeKind, PollPlan};

    fn ways() -> impl Iterator<Item = (&'static str, &'static Way)> {
        FAMILIES
            .iter()
            .flat_map(|family| family.ways.iter().map(|way| (family.name, way)))
    }

    #[test]
    fn every_way_opens_the_run_that_it_names() {
        for (family, way) in ways() {
            let (link, found) = link::read(&way.fragment());
            assert!(found.is_empty(), "{family}: {found:?}");
            let opened = link.opens().expect("it names a scenario");
            assert_eq!(opened.origin.as_deref(), Some(way.scenario));
            let selected = opened.selection.expect("it names a thing");
            assert_eq!(
                (selected.variant.as_str(), selected.thing.as_str()),
                (way.variant, way.thing)
            );
            let position = scenarios::position(way.scenario).expect("it is there");
            let (scenario, _) = mqlab_scenario::parse(SCENARIOS[position].text());
            let lab = Lab::new(scenario.expect("it runs"));
            let lane = lab.lanes.iter().find(|lane| lane.name == way.variant);
            let diagram = &lane.unwrap_or_else(|| panic!("{family}: {}", way.variant)).diagram;
            let is_drawn = diagram.shown().any(|shown| match shown {
                Shown::Item(item) => diagram.items[item].name == way.thing,
                _ => false,
            });
            assert!(is_drawn, "{family}: {}", way.thing);
        }
    }

    /// What is said of a run is what its plan has.
    #[test]
    fn messages_come_as_the_table_says() {
        for (family, way) in ways() {
            let position = scenarios::position(way.scenario).expect("it is there");
            let (scenario, _) = mqlab_scenario::parse(SCENARIOS[position].text());
            let scenario = scenario.expect("it runs");
            let variant = scenario.variants.iter().find(|variant| variant.name == way.variant);
            let plan = &variant.expect("it is there").plan;
            let node = plan.nodes.iter().find(|node| node.name == way.thing);
            let NodeKind::Service(service) = &node.expect("it is there").kind else {
                panic!("{family}: a service consumes")
            };
            let consume = service.consume.as_ref().expect("it consumes");
            let broker = plan.nodes[usize::from(consume.broker.0)]
                .kind
                .broker()
                .expect("a broker");
            assert_eq!(how(consume, broker), way.how, "{family}");
            let own = match broker {
                BrokerPlan::Rabbit(_) => "RabbitMQ",
                BrokerPlan::Kafka(_) => "Kafka",
            };
            assert_eq!(own == family, way.is_own, "{family}");
        }
    }

    fn how(consume: &ConsumePlan, broker: &BrokerPlan) -> Line {
        match (broker, consume.poll, consume.subscription.prefetch()) {
            (BrokerPlan::Kafka(_), ..) | (_, Some(PollPlan::Hold(_)), _) => LongPoll,
            (_, Some(PollPlan::Every(_)), _) => ShortPoll,
            (_, None, Some(0)) => PushAll,
            (_, None, _) => PushWindow,
        }
    }

    #[test]
    fn every_text_is_there_in_every_language() {
        assert_eq!(text(Line::Title, Language::English), "Who uses what");
        assert!(text(Line::StandsFor, Language::English).starts_with("* The lab"));
        assert_eq!(TEXTS.lines().count(), 1 + 3 * LINES.len() + 1, "lines and the marks");
        for (index, line) in LINES.into_iter().enumerate() {
            assert_eq!(line as usize, index, "{line:?} stands in its place");
            let [english, simplified, traditional] = Language::ALL.map(|language| text(line, language));
            assert!(english.is_ascii() && !english.is_empty(), "{english}");
            for chinese in [simplified, traditional] {
                assert!(chinese.chars().any(|letter| letter >= '\u{4e00}'), "{chinese}");
            }
        }
    }

    /// All of them, in their order.
    const LINES: [Line; Line::StandsFor as usize + 1] = [
        Line::Title,
        Line::About,
        Line::System,
        Line::How,
        PushWindow,
        LongPoll,
        ShortPoll,
        PushAll,
        Line::Formerly,
        Line::StandsFor,
    ];
}
