//! Who of a group reads which partition.

use super::read::{Fields, Object};
use crate::case::Case;
use crate::outcome::{Mismatch, Outcome};
use mqlab_brokers::kafka::{Assignment, Assignor, Member, TopicPartition, Topics, member_order};
use serde_json::{Map, Value, json};

pub(super) fn judge(case: &Case) -> Result<Outcome, String> {
    let input = Fields(&case.input);
    match case.kind.as_str() {
        "member_order" => order(input, &case.expected),
        "ownership_transfer" => transfer(input, &case.expected),
        "rebalance_sequence" => sequence(case),
        kind => match kind.strip_prefix("assign_").and_then(Assignor::by_name) {
            Some(assignor) => once(assignor, case),
            None => Err(format!("no kind `{kind}`")),
        },
    }
}

/// Most partitions of a case.
const PARTITIONS_MAX: u64 = 100_000;

/// A group that is about to rebalance.
struct Group {
    topics: Topics,
    members: Vec<Member>,
}

impl Group {
    fn read(input: Fields<'_>) -> Result<Group, String> {
        let mut topics = Vec::new();
        if input.has("partitions_per_topic") {
            for (name, count) in Fields::of(input.value("partitions_per_topic")?)?.0 {
                let count = count.as_u64().and_then(|count| u32::try_from(count).ok());
                topics.push((
                    name.clone(),
                    count.ok_or_else(|| format!("`{name}` has a number of partitions"))?,
                ));
            }
        }
        let all: u64 = topics.iter().map(|(_, count)| u64::from(*count)).sum();
        if all > PARTITIONS_MAX {
            return Err(format!("{all} partitions are too many"));
        }
        let topics = Topics::new(topics);
        let members = input
            .list("members")?
            .iter()
            .map(|one| member(&topics, Fields::of(one)?));
        let members: Result<Vec<Member>, String> = members.collect();
        Ok(Group {
            members: members?,
            topics,
        })
    }

    /// A list of partitions by member.
    fn json(&self, assignment: &Assignment) -> Object {
        let list = |list: &Vec<TopicPartition>| list.iter().map(|one| json!(self.name(*one))).collect();
        let members = self.members.iter().zip(&assignment.partitions);
        members
            .map(|(member, has)| (member.id.clone(), Value::Array(list(has))))
            .collect()
    }

    fn name(&self, one: TopicPartition) -> String {
        format!("{}-{}", self.topics.name(one.topic), one.partition)
    }
}

fn member(topics: &Topics, fields: Fields<'_>) -> Result<Member, String> {
    fields.has_only(&["id", "topics", "instance_id", "owned", "generation"])?;
    let texts = |name: &str| -> Result<Vec<String>, String> {
        let texts = if fields.has(name) {
            fields.texts(name)?
        } else {
            Vec::new()
        };
        Ok(texts.into_iter().map(str::to_owned).collect())
    };
    let mut owned = Vec::new();
    for name in texts("owned")? {
        let parts = name
            .rsplit_once('-')
            .and_then(|(topic, number)| Some((topic, number.parse().ok()?)));
        let (topic, partition) = parts.ok_or_else(|| format!("`{name}` is no partition"))?;
        // What a topic that is gone had is nobody's.
        owned.extend(topics.index(topic).map(|topic| TopicPartition { topic, partition }));
    }
    Ok(Member {
        id: fields.text("id")?.to_owned(),
        instance: fields
            .has("instance_id")
            .then(|| fields.text("instance_id"))
            .transpose()?
            .map(str::to_owned),
        topics: texts("topics")?,
        owned,
        generation: i32::try_from(fields.whole_or("generation", -1)?).map_err(|_| "`generation` is too large")?,
    })
}

fn order(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let members = Group::read(input)?.members;
    let order = member_order(&members);
    let order: Vec<&str> = order.into_iter().map(|index| members[index].id.as_str()).collect();
    super::read::held(expected, &|name| (name == "order").then(|| json!(order)))
}

fn transfer(input: Fields<'_>, expected: &Object) -> Result<Outcome, String> {
    let group = Group::read(input)?;
    let assignment = Assignor::Sticky.assign(&group.topics, &group.members);
    let to = assignment.transferring.iter();
    let to: Object = to
        .map(|(one, to)| (group.name(*one), json!(group.members[*to].id)))
        .collect();
    super::read::held(expected, &|name| (name == "transferring").then(|| json!(to)))
}

fn once(assignor: Assignor, case: &Case) -> Result<Outcome, String> {
    case.expects_only(&["assignment"])?;
    let group = Group::read(Fields(&case.input))?;
    let expected = Fields::of(Fields(&case.expected).value("assignment")?)?.0;
    let assignment = assignor.assign(&group.topics, &group.members);
    let mismatch = compared("assignment", case, expected, group.json(&assignment));
    Ok(Outcome::of(mismatch.into_iter().collect()))
}

fn sequence(case: &Case) -> Result<Outcome, String> {
    let input = Fields(&case.input);
    case.expects_only(&["assignments"])?;
    let name = input.text("assignor")?;
    let assignor = Assignor::by_name(name).ok_or_else(|| format!("no assignor `{name}`"))?;
    let rounds = input.list("rounds")?;
    let expected = Fields(&case.expected).list("assignments")?;
    if rounds.len() != expected.len() {
        return Err("as many rounds as assignments".to_owned());
    }
    let mut mismatches = Vec::new();
    for (number, (round, expected)) in rounds.iter().zip(expected).enumerate() {
        let round = Fields::of(round)?;
        // What happened before it is said for people.
        round.has_only(&["event", "members", "partitions_per_topic"])?;
        let group = Group::read(round)?;
        let assignment = assignor.assign(&group.topics, &group.members);
        let what = format!("round {number}");
        mismatches.extend(compared(&what, case, Fields::of(expected)?.0, group.json(&assignment)));
    }
    Ok(Outcome::of(mismatches))
}

/// Compares the lists of each member, in order only if the case says so.
fn compared(what: &str, case: &Case, expected: &Object, actual: Object) -> Option<Mismatch> {
    let is_set = case.compare == "set";
    let expected = Value::Object(
        expected
            .iter()
            .map(|(id, list)| (id.clone(), arranged(list.clone(), is_set)))
            .collect(),
    );
    let actual: Map<String, Value> = actual
        .into_iter()
        .map(|(id, list)| (id, arranged(list, is_set)))
        .collect();
    Mismatch::of_values(what, &expected, &Value::Object(actual))
}

fn arranged(mut list: Value, is_set: bool) -> Value {
    if let Value::Array(list) = &mut list
        && is_set
    {
        list.sort_by_key(Value::to_string);
    }
    list
}
