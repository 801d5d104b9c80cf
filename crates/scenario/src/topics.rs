//! Topics as Kafka's own tool creates them: `kafka-topics.sh --create ...`.

use crate::dotted;
use std::fmt::Write as _;

/// A line that creates a topic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TopicLine {
    /// The topic's name.
    pub name: String,
    /// How many brokers keep each partition, if the line says so.
    pub replication_factor: Option<u32>,
    partitions: Option<u32>,
    configs: Vec<(String, String)>,
    /// Where the brokers are, or, before Kafka 3.0, where ZooKeeper was.
    server: Option<String>,
    is_historical: bool,
}

/// Why a line is none that creates a topic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoTopic {
    /// It has another purpose: nothing is created.
    NotCreate,
    /// This option needs a value, or another one.
    Value(String),
    /// The tool has no such option.
    Unknown(String),
    /// It does not say `--topic`.
    NoName,
}

/// Whether a line calls the tool.
pub fn is_topic_line(line: &str) -> bool {
    let program = line
        .split_whitespace()
        .find(|word| !matches!(*word, "$" | "#" | "sudo"));
    let program = program.map(|path| path.rsplit(['/', '\\']).next().unwrap_or(path));
    matches!(program, Some("kafka-topics.sh" | "kafka-topics" | "kafka-topics.bat"))
}

impl TopicLine {
    /// Reads a line that calls the tool.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(line: &str) -> Result<TopicLine, NoTopic> {
        let mut words = line.split_whitespace().skip_while(|word| !word.starts_with("--"));
        let mut topic = TopicLine {
            name: String::new(),
            replication_factor: None,
            partitions: None,
            configs: Vec::new(),
            server: None,
            is_historical: false,
        };
        let mut creates = false;
        while let Some(word) = words.next() {
            let (option, given) = match word.split_once('=') {
                Some((option, value)) if word.starts_with("--") => (option, Some(value)),
                _ => (word, None),
            };
            let mut value = || {
                let value = given
                    .or_else(|| words.next())
                    .map(|value| value.trim_matches(['"', '\'']));
                value.ok_or_else(|| NoTopic::Value(option.to_owned()))
            };
            let number = |text: &str| {
                let number = text.parse().ok().filter(|number: &u32| *number > 0);
                number.ok_or_else(|| NoTopic::Value(option.to_owned()))
            };
            match option {
                "--create" => creates = true,
                "--if-not-exists" => {}
                "--topic" => value()?.clone_into(&mut topic.name),
                "--partitions" => topic.partitions = Some(number(value()?)?),
                "--replication-factor" => topic.replication_factor = Some(number(value()?)?),
                "--config" => {
                    let Some((name, value)) = value()?.split_once('=') else {
                        return Err(NoTopic::Value(option.to_owned()));
                    };
                    topic.configs.push((name.to_owned(), value.to_owned()));
                }
                "--bootstrap-server" | "--zookeeper" | "--command-config" => {
                    let value = value()?.to_owned();
                    if option != "--command-config" {
                        topic.server = Some(value);
                        topic.is_historical = option == "--zookeeper";
                    }
                }
                "--list" | "--describe" | "--delete" | "--alter" => return Err(NoTopic::NotCreate),
                other => return Err(NoTopic::Unknown(other.to_owned())),
            }
        }
        match (creates, topic.name.is_empty()) {
            (false, _) => Err(NoTopic::NotCreate),
            (true, true) => Err(NoTopic::NoName),
            (true, false) => Ok(topic),
        }
    }

    /// The same as a line below `[broker.kafka]`, and the settings that the
    /// language has no word for.
    pub fn to_toml(&self) -> (String, Vec<String>) {
        let mut keys = Vec::new();
        if let Some(partitions) = self.partitions {
            keys.push(format!("partitions = {partitions}"));
        }
        if let Some(factor) = self.replication_factor {
            keys.push(format!("replication_factor = {factor}"));
        }
        let mut left_out = Vec::new();
        for (name, value) in &self.configs {
            match dotted::of_topic(name, value) {
                Some(key) => keys.push(key),
                None => left_out.push(name.clone()),
            }
        }
        let name = if self.name.contains('.') {
            format!("\"{}\"", self.name)
        } else {
            self.name.clone()
        };
        let keys = if keys.is_empty() {
            String::from("{}")
        } else {
            format!("{{ {} }}", keys.join(", "))
        };
        (format!("topic.{name} = {keys}"), left_out)
    }

    /// The line as today's tool takes it, if this one is of the time before 3.0,
    /// when topics were created at ZooKeeper.
    pub fn today(&self) -> Option<String> {
        self.is_historical.then(|| {
            let mut line = format!("kafka-topics.sh --create --topic {}", self.name);
            let host = self
                .server
                .as_deref()
                .and_then(|server| server.split([':', '/', ',']).next());
            let _ = write!(line, " --bootstrap-server {}:9092", host.unwrap_or("localhost"));
            for (option, number) in [
                ("--partitions", self.partitions),
                ("--replication-factor", self.replication_factor),
            ] {
                if let Some(number) = number {
                    let _ = write!(line, " {option} {number}");
                }
            }
            for (name, value) in &self.configs {
                let _ = write!(line, " --config {name}={value}");
            }
            line
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line of a lesson about Kafka from the time of ZooKeeper.
    const OLD: &str =
        "bin/kafka-topics.sh --create --zookeeper node1:2181 --replication-factor 2 --partitions 3 --topic sixsix";

    #[test]
    fn the_line_from_the_time_of_zookeeper_is_read() {
        assert!(is_topic_line(OLD));
        let topic = TopicLine::parse(OLD).unwrap();
        let (text, left_out) = topic.to_toml();
        assert_eq!(text, "topic.sixsix = { partitions = 3, replication_factor = 2 }");
        assert!(left_out.is_empty());
        assert_eq!(
            topic.today().unwrap(),
            "kafka-topics.sh --create --topic sixsix --bootstrap-server node1:9092 --partitions 3 --replication-factor 2"
        );
    }

    #[test]
    fn settings_get_their_names_here() {
        let line = "kafka-topics.sh --bootstrap-server h:9092 --create --topic=a.b --config retention.ms=1000 \
                    --config cleanup.policy=compact --config min.insync.replicas=2 --config flush.ms=1";
        let topic = TopicLine::parse(line).unwrap();
        let (text, left_out) = topic.to_toml();
        assert_eq!(
            text,
            "topic.\"a.b\" = { retention = \"1000ms\", cleanup_policy = \"compact\", min_insync_replicas = 2 }"
        );
        assert_eq!(left_out, ["flush.ms"]);
        assert_eq!(topic.today(), None);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |rest: &str| TopicLine::parse(&format!("kafka-topics.sh {rest}")).unwrap_err();
        assert_eq!(wrong("--list --bootstrap-server h:1"), NoTopic::NotCreate);
        assert_eq!(wrong("--create --partitions 3"), NoTopic::NoName);
        assert_eq!(
            wrong("--create --topic a --partitions"),
            NoTopic::Value("--partitions".into())
        );
        assert_eq!(
            wrong("--create --topic a --partitions 0"),
            NoTopic::Value("--partitions".into())
        );
        assert_eq!(wrong("--create --tpoic a"), NoTopic::Unknown("--tpoic".into()));
        assert!(!is_topic_line("topic.orders = {}") && !is_topic_line("kafka-configs.sh --alter"));
    }
}
