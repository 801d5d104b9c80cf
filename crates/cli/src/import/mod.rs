//! `mqlab import`: a RabbitMQ's exported definitions, or the lines by which
//! topics of Kafka are created, as the beginning of a scenario.

mod definitions;
mod names;
mod policies;
mod topics;
mod write;

use crate::arguments::ImportArguments;
use crate::ending::{Ending, Failure, warn};
use crate::input;
use definitions::Definitions;
use std::io;
use write::Writer;

/// Reads the definitions, writes the scenario to standard output, and says on
/// standard error what is not in it.
pub(crate) fn import(arguments: &ImportArguments, out: &mut dyn io::Write) -> Result<Ending, Failure> {
    let inputs = input::read_sized(std::slice::from_ref(&arguments.file), input::DEFINITIONS)?;
    let Some(input) = inputs.first() else {
        return Err(Failure::Said);
    };
    let (text, left_out) = scenario(&input.text, &input.stem, arguments.vhost.as_deref())
        .map_err(|why| Failure::input(format!("{}: {why}", input.name)))?;
    left_out.iter().for_each(warn);
    write!(out, "{text}")?;
    Ok(Ending::Held)
}

/// A scenario's text, and what could not be said in it.
fn scenario(text: &str, title: &str, host: Option<&str>) -> Result<(String, Vec<String>), String> {
    if topics::are_topics(text) {
        return topics::scenario(text, title);
    }
    let mut definitions: Definitions =
        serde_json::from_str(text).map_err(|error| format!("these are no definitions of RabbitMQ: {error}"))?;
    let host = chosen(&definitions, host)?;
    definitions.keep(&host);
    Ok(Writer::new(&definitions).text(title))
}

/// The virtual host that is meant.
fn chosen(definitions: &Definitions, host: Option<&str>) -> Result<String, String> {
    let hosts = definitions.hosts();
    let all = hosts.join("`, `");
    match (host, &hosts[..]) {
        (_, []) => Err("there are no queues and no exchanges in it".to_owned()),
        (Some(host), _) if hosts.contains(&host) => Ok(host.to_owned()),
        (Some(host), _) => Err(format!("it has no virtual host `{host}`, but `{all}`")),
        (None, [only]) => Ok((*only).to_owned()),
        (None, _) => Err(format!(
            "it has several virtual hosts: choose one with --vhost: `{all}`"
        )),
    }
}

#[cfg(test)]
mod tests;
