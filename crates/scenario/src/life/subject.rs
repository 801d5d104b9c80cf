//! The message whose life is asked for.

use super::notation::{counted, grouped};
use mqlab_engine::{NodeView, Sources, Trace, World};
use mqlab_model::{FactKind, MessageId, PlaceId, SourceId};

/// A message and everything that is made from it: all of these have its
/// number, each at its own source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// Its name, `source#number`.
    pub name: String,
    /// The source that was named, first, and those that make something of
    /// its messages.
    pub sources: Vec<SourceId>,
    /// The running number.
    pub number: u64,
}

/// A message and the one that it was made from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Born {
    /// The message.
    pub message: MessageId,
    /// What a handler made it from; `None` of what a load made.
    pub from: Option<MessageId>,
}

impl Subject {
    /// A message and everything that is made from it.
    pub fn of(message: MessageId, sources: &Sources) -> Subject {
        let source = message.source();
        Subject {
            name: format!("{}#{}", sources.get(source).name, message.number()),
            sources: sources.family(source),
            number: message.number(),
        }
    }

    /// The message of a load that a message goes back to, with everything that
    /// is made from that.
    pub fn whole(message: MessageId, sources: &Sources) -> Subject {
        let mut source = message.source();
        while let Some(parent) = sources.get(source).parent {
            source = parent;
        }
        Subject::of(MessageId::new(source, message.number()), sources)
    }

    /// Whether a message belongs to it.
    pub fn has(&self, message: MessageId) -> bool {
        message.is_some() && message.number() == self.number && self.sources.contains(&message.source())
    }

    /// A trace that collects its facts.
    pub fn trace(&self, runs_max: usize) -> Trace {
        Trace::new(Some((self.sources.clone(), self.number)), runs_max)
    }

    /// Every message that it may consist of, with what each is made from;
    /// which of them there are is what the facts tell.
    pub fn messages(&self, sources: &Sources) -> Vec<Born> {
        let message = |source: SourceId| MessageId::new(source, self.number);
        let born = |id: &SourceId| Born {
            message: message(*id),
            from: sources.get(*id).parent.map(message),
        };
        self.sources.iter().map(born).collect()
    }

    /// Reads `users#123`, or `123` where only one load makes messages.
    pub fn parse(text: &str, sources: &Sources) -> Result<Subject, String> {
        let (source, number) = match text.rsplit_once('#') {
            Some((source, number)) => (Some(source), number),
            None => (None, text),
        };
        let number: u64 = number
            .replace('_', "")
            .parse()
            .map_err(|_| format!("`{text}` is no message: write a source and a number, such as users#123"))?;
        let named: Vec<SourceId> = sources
            .iter()
            .filter(|(_, known)| match source {
                Some(source) => known.name == source,
                None => known.parent.is_none(),
            })
            .map(|(id, _)| id)
            .collect();
        let first = match (named.first(), source) {
            (None, Some(source)) => {
                let known = sources.iter().map(|(_, known)| known.name.as_str());
                return Err(format!(
                    "nothing called `{source}` makes messages, but {}",
                    one_of(known)
                ));
            }
            (None, None) => return Err("no load makes messages".to_owned()),
            (Some(_), None) if named.len() > 1 => {
                let known = named.iter().map(|id| sources.get(*id).name.as_str());
                return Err(format!(
                    "several loads have a message {number}: name one of {}",
                    one_of(known)
                ));
            }
            (Some(first), _) => *first,
        };
        // One publish step has as many sources as there are ways to it; all of
        // them have one name.
        let mut family = Vec::new();
        for id in named.iter().flat_map(|id| sources.family(*id)) {
            if !family.contains(&id) {
                family.push(id);
            }
        }
        Ok(Subject {
            name: format!("{}#{number}", sources.get(first).name),
            sources: family,
            number,
        })
    }

    /// Why nothing is known of the message, if it never existed.
    pub fn missing(&self, world: &World, is_windowed: bool) -> Option<String> {
        let source = world.sources().get(*self.sources.first()?);
        let made = match world.node(source.node) {
            NodeView::Load { made, .. } => made,
            // What a service makes has the numbers of what it was made from,
            // so only the facts tell whether there was one with this number.
            _ if is_windowed => return None,
            _ => {
                let made = world.fact_count(PlaceId(source.node.0), FactKind::Offered);
                let maker = &world.places().get(PlaceId(source.node.0)).name;
                let made = counted(made, "message");
                return Some(format!("there was no message {}: {maker} made {made}", self.name));
            }
        };
        if self.number < made {
            return None;
        }
        let numbers = match made {
            0 => String::new(),
            1 => ", #0".to_owned(),
            _ => format!(", #0 to #{}", made - 1),
        };
        Some(format!(
            "there was no message {} by {}: {} made {}{numbers}",
            self.name,
            world.now(),
            source.name,
            if made == 0 { "none".to_owned() } else { grouped(made) },
        ))
    }
}

fn one_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN_MAX: usize = 8;
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    let more = names.len().saturating_sub(SHOWN_MAX);
    names.truncate(SHOWN_MAX);
    let listed = names.join(", ");
    if more > 0 {
        format!("{listed} and {more} more")
    } else {
        listed
    }
}
