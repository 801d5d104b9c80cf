//! Definitions as a scenario's text.

use super::definitions::{Arguments, Binding, Definitions, Exchange, Queue};
use super::names::Names;
use super::policies::{Kind, Policies};
use mqlab_scenario::{RABBITMQ_VERSIONS as VERSIONS, quoted};
use serde_json::Value;

/// A text that is being written, and what could not be written.
pub(super) struct Writer<'a> {
    definitions: &'a Definitions,
    names: Names,
    left_out: Vec<String>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(definitions: &'a Definitions) -> Self {
        Writer {
            names: Names::of(definitions),
            definitions,
            left_out: Vec::new(),
        }
    }

    /// The text, and in a sentence each what is not in it.
    pub(super) fn text(mut self, title: &str) -> (String, Vec<String>) {
        let mut left_out = Vec::new();
        let policies = Policies::new(&self.definitions.policies, |said| left_out.push(said));
        self.left_out = left_out;
        let mut lines = vec![
            "# The broker as it was exported. Add loads, services and tables, and run it.".to_owned(),
            String::new(),
            format!("title = {}", quoted(title)),
            "until = \"60s\"".to_owned(),
            String::new(),
            "[broker.rabbitmq]".to_owned(),
        ];
        lines.extend(self.version());
        for queue in &self.definitions.queues {
            lines.extend(self.queue(queue, &policies));
        }
        let predeclared = self.predeclared();
        for exchange in self.definitions.exchanges.iter().chain(&predeclared) {
            lines.extend(self.exchange(exchange, &policies));
        }
        let bindings: Vec<String> = self
            .definitions
            .bindings
            .iter()
            .filter_map(|binding| self.binding(binding))
            .collect();
        if !bindings.is_empty() {
            lines.push("binding = [".to_owned());
            lines.extend(bindings.iter().map(|binding| format!("    {binding},")));
            lines.push("]".to_owned());
        }
        let mut text = lines.join("\n");
        text.push('\n');
        let mut said = self.names.renamed();
        said.extend(self.left_out);
        (text, said)
    }

    fn version(&mut self) -> Option<String> {
        let given = self.definitions.rabbit_version.as_deref()?;
        let given = numbers(given)?;
        let newest = VERSIONS
            .iter()
            .rev()
            .find(|known| numbers(known).is_some_and(|known| known <= given));
        Some(format!("version = {}", quoted(newest.unwrap_or(&VERSIONS[0]))))
    }

    fn queue(&mut self, queue: &Queue, policies: &Policies<'_>) -> Option<String> {
        let name = self.names.queue(&queue.name)?.to_owned();
        let is_quorum = queue.arguments.get("x-queue-type").and_then(Value::as_str) == Some("quorum");
        let kind = if is_quorum { Kind::Quorum } else { Kind::Classic };
        let arguments = policies.merged(&queue.name, kind, &queue.arguments);
        let mut keys = Vec::new();
        for (argument, value) in &arguments {
            match self.argument(argument, value, &arguments) {
                Some(Some(key)) => keys.push(key),
                Some(None) => {}
                None => self
                    .left_out
                    .push(format!("queue {:?}: {argument} = {value} is left out", queue.name)),
            }
        }
        if !queue.durable {
            keys.push("durable = false".to_owned());
        }
        if queue.auto_delete && !is_quorum {
            keys.push("auto_delete = true".to_owned());
        }
        Some(format!("queue.{} = {}", key_of(&name), inline(&keys)))
    }

    /// A queue's argument as a key, if it is one; inside that nothing if it says what
    /// is so anyway, or another argument says it.
    fn argument(&self, argument: &str, value: &Value, all: &Arguments) -> Option<Option<String>> {
        let milliseconds = |key: &str| Some(format!("{key} = \"{}ms\"", value.as_u64()?));
        let number = |key: &str| Some(format!("{key} = {}", value.as_u64()?));
        Some(Some(match argument {
            "x-queue-type" if value == "classic" => return Some(None),
            "x-queue-type" => format!("type = {}", quoted(value.as_str()?)),
            "x-message-ttl" => milliseconds("message_ttl")?,
            "x-expires" => milliseconds("expires")?,
            "x-max-length" => number("max_length")?,
            "x-max-length-bytes" => format!("max_length_bytes = \"{}B\"", value.as_u64()?),
            "x-overflow" if !has_limit(all) => return Some(None),
            "x-overflow" => format!("overflow = {}", quoted(value.as_str()?)),
            "x-max-priority" => number("max_priority")?,
            "x-single-active-consumer" => format!("single_active_consumer = {}", value.as_bool()?),
            "x-delivery-limit" => number("delivery_limit")?,
            "x-dead-letter-exchange" => self.dead_letter(value.as_str()?, all)?,
            "x-dead-letter-routing-key" if all.contains_key("x-dead-letter-exchange") => return Some(None),
            // How a classic queue kept its messages before 3.12.
            "x-queue-mode" | "x-queue-version" => return Some(None),
            _ => return None,
        }))
    }

    /// Where dead letters go. By way of the default exchange they go to the queue
    /// that their key names.
    fn dead_letter(&self, exchange: &str, all: &Arguments) -> Option<String> {
        let key = all.get("x-dead-letter-routing-key").and_then(Value::as_str);
        if exchange.is_empty() {
            return Some(format!("dead_letter = {}", quoted(self.names.queue(key?)?)));
        }
        let name = quoted(self.names.exchange(exchange)?);
        Some(match key {
            Some(key) => format!("dead_letter = {name}, dead_letter_key = {}", quoted(key)),
            None => format!("dead_letter = {name}"),
        })
    }

    /// The exchanges that every broker has, as far as anything is bound to them.
    fn predeclared(&self) -> Vec<Exchange> {
        let used = self.names.predeclared().into_iter();
        used.map(|name| Exchange {
            kind: match name.trim_start_matches("amq.") {
                "match" => "headers".to_owned(),
                kind => kind.to_owned(),
            },
            name,
            vhost: None,
            arguments: Arguments::new(),
        })
        .collect()
    }

    fn exchange(&mut self, exchange: &Exchange, policies: &Policies<'_>) -> Option<String> {
        let name = self.names.exchange(&exchange.name)?.to_owned();
        let arguments = policies.merged(&exchange.name, Kind::Exchange, &exchange.arguments);
        let mut keys = Vec::new();
        let kind = match exchange.kind.as_str() {
            "x-delayed-message" => {
                keys.push("delayed = true".to_owned());
                arguments
                    .get("x-delayed-type")
                    .and_then(Value::as_str)
                    .unwrap_or("direct")
            }
            kind => kind,
        };
        keys.insert(0, format!("type = {}", quoted(kind)));
        for (argument, value) in &arguments {
            let alternate = value.as_str().and_then(|name| self.names.exchange(name));
            match (argument.as_str(), alternate) {
                ("alternate-exchange", Some(alternate)) => keys.push(format!("alternate = {}", quoted(alternate))),
                ("x-delayed-type", _) => {}
                _ => self.left_out.push(format!(
                    "exchange {:?}: {argument} = {value} is left out",
                    exchange.name
                )),
            }
        }
        Some(format!("exchange.{} = {}", key_of(&name), inline(&keys)))
    }

    fn binding(&mut self, binding: &Binding) -> Option<String> {
        if binding.source.is_empty() {
            // Every queue is bound to the default exchange by its name.
            return None;
        }
        let is_queue = binding.destination_type == "queue";
        let target = if is_queue {
            self.names.queue(&binding.destination)
        } else {
            self.names.exchange(&binding.destination)
        };
        let (Some(source), Some(target)) = (self.names.exchange(&binding.source), target) else {
            let (source, target) = (&binding.source, &binding.destination);
            self.left_out.push(format!(
                "the binding from {source:?} to {target:?}: one of them is left out"
            ));
            return None;
        };
        let to = if is_queue { "queue" } else { "to" };
        let mut keys = vec![
            format!("exchange = {}", quoted(source)),
            format!("{to} = {}", quoted(target)),
        ];
        let is_blind = self.names.is_blind(&binding.source);
        if !is_blind {
            keys.push(format!("key = {}", quoted(&binding.routing_key)));
        }
        let mut headers = Vec::new();
        for (name, value) in &binding.arguments {
            match (name.as_str(), value) {
                ("x-match", Value::String(how)) => keys.push(format!("match = {}", quoted(how))),
                (_, Value::String(text)) => headers.push(format!("{} = {}", key_of(name), quoted(text))),
                (_, Value::Bool(_)) => headers.push(format!("{} = {value}", key_of(name))),
                (_, Value::Number(number)) if number.is_i64() => headers.push(format!("{} = {value}", key_of(name))),
                _ => self.left_out.push(format!(
                    "a binding of {:?}: {name} = {value} is left out",
                    binding.source
                )),
            }
        }
        if !headers.is_empty() && self.names.has_headers(&binding.source) {
            keys.push(format!("headers = {}", inline(&headers)));
        }
        Some(inline(&keys))
    }
}

fn has_limit(arguments: &Arguments) -> bool {
    arguments.contains_key("x-max-length") || arguments.contains_key("x-max-length-bytes")
}

fn inline(keys: &[String]) -> String {
    if keys.is_empty() {
        return "{}".to_owned();
    }
    format!("{{ {} }}", keys.join(", "))
}

/// Major and minor number of a version.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map_while(|number| number.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// A key in TOML.
fn key_of(name: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if !name.is_empty() && name.chars().all(is_bare) {
        return name.to_owned();
    }
    quoted(name)
}
