//! The lines of a script that creates topics of Kafka, `kafka-topics.sh --create
//! ...`, as a cluster.

use mqlab_scenario::quoted;
use mqlab_scenario::{NoTopic, TopicLine, is_topic_line};
use std::fmt::Write as _;

/// How many brokers a cluster has of which nobody says that.
const BROKERS: u32 = 3;

/// The commands of a script: a line that ends in `\` goes on in the next one.
fn commands(text: &str) -> Vec<(usize, String)> {
    let mut all: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in (1..).zip(text.lines()) {
        let (line, continues) = match line.trim_end().strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        match all.last_mut().filter(|_| goes_on) {
            Some((_, last)) => {
                let _ = write!(last, " {}", line.trim());
            }
            None => all.push((number, line.trim().to_owned())),
        }
        goes_on = continues;
    }
    all
}

/// Whether a text is such a script.
pub(super) fn are_topics(text: &str) -> bool {
    commands(text).iter().any(|(_, line)| is_topic_line(line))
}

/// A scenario's text, and what could not be said in it.
pub(super) fn scenario(text: &str, title: &str) -> Result<(String, Vec<String>), String> {
    let mut left_out = Vec::new();
    let mut topics = Vec::new();
    for (number, line) in commands(text).iter().filter(|(_, line)| is_topic_line(line)) {
        match TopicLine::parse(line) {
            Ok(topic) => topics.push(topic),
            Err(NoTopic::NotCreate) => left_out.push(format!("line {number} is left out: it creates no topic")),
            Err(why) => return Err(format!("line {number}: {}", said(&why))),
        }
    }
    if topics.is_empty() {
        return Err("no line creates a topic".to_owned());
    }
    let mut lines = vec![
        "# The topics as they are created. Add loads, services and tables, and run it.".to_owned(),
        String::new(),
        format!("title = {}", quoted(title)),
        "until = \"60s\"".to_owned(),
        String::new(),
        "[broker.kafka]".to_owned(),
    ];
    let brokers = topics.iter().filter_map(|topic| topic.replication_factor).max();
    if let Some(brokers) = brokers.filter(|brokers| *brokers > BROKERS) {
        lines.push(format!("brokers = {brokers}"));
    }
    for topic in &topics {
        if let Some(today) = topic.today() {
            lines.push("# Since Kafka 3.0, without ZooKeeper:".to_owned());
            lines.push(format!("# {today}"));
        }
        let (line, unknown) = topic.to_toml();
        lines.push(line);
        let name = &topic.name;
        left_out.extend(
            unknown
                .iter()
                .map(|setting| format!("topic \"{name}\": `{setting}` is left out")),
        );
    }
    Ok((lines.join("\n") + "\n", left_out))
}

fn said(why: &NoTopic) -> String {
    match why {
        NoTopic::NotCreate => "it creates no topic".to_owned(),
        NoTopic::Value(option) => format!("`{option}` needs a value that it can have"),
        NoTopic::Unknown(option) => format!("kafka-topics.sh has no `{option}`"),
        NoTopic::NoName => "`--topic` is missing".to_owned(),
    }
}
