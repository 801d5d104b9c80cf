use super::*;
use mqlab_scenario::KEYS;

const WORLD: &str = r#"title = "x"
[broker.rabbitmq]
queue.orders = {}
queue."a.b" = {}
exchange.shop = {}
[table.mysql]
[service.writer]
[load.users]
[variant.small]
"#;

fn completed(marked: &str) -> Option<(String, Completion)> {
    let marked = format!("{WORLD}{marked}");
    let caret = marked.find('|').expect("it is there");
    let text = marked.replacen('|', "", 1);
    let found = complete(&text, &Lines::of(&text), caret)?;
    Some((text, found))
}

fn labels(marked: &str) -> Vec<String> {
    let found = completed(marked).map(|(_, found)| found.proposals).unwrap_or_default();
    found.into_iter().map(|proposal| proposal.label).collect()
}

/// The last line when the first proposal is taken, with its caret.
fn taken(marked: &str) -> String {
    let (mut text, found) = completed(marked).expect("there are proposals");
    let first = &found.proposals[0];
    text.replace_range(found.range.clone(), &first.text);
    text.insert(found.range.start + first.caret, '|');
    text.lines().last().expect("it is there").to_owned()
}

#[test]
fn keys_of_the_table_are_proposed_with_their_shape() {
    assert_eq!(taken("[service.w]\nwor|"), "workers = |");
    assert_eq!(taken("[service.w]\ncon|"), "consume.|");
    assert_eq!(taken("[service.w]\nconsume.pre|"), "consume.prefetch = |");
    assert_eq!(taken("[service.w]\nconsume = { qu| }"), "consume = { queue = \"|\" }");
    assert_eq!(taken("[service.w]\nste|"), "steps = [|]");
    assert_eq!(taken("[[expect]]\nth|"), "that = \"|\"");
    assert_eq!(taken("[[at]]\nset|"), "set = { | }");
    assert_eq!(taken("[variant.v]\nserv|"), "service.|");
    assert_eq!(taken("[variant.v]\nservice.wri|"), "service.writer|");
}

#[test]
fn keys_that_are_there_are_not_proposed_again() {
    let all = labels("[load.x]\n|");
    assert!(all.contains(&"to".into()) && all.contains(&"rate".into()));
    let rest = labels("[load.x]\nto = \"orders\"\n|");
    assert!(!rest.contains(&"to".into()) && rest.contains(&"rate".into()));
}

#[test]
fn names_are_proposed_where_names_stand() {
    assert_eq!(labels("[load.x]\nto = \"|\""), ["a.b", "orders", "shop", "writer"]);
    assert_eq!(taken("[load.x]\nto = |"), "to = \"a.b\"|");
    assert_eq!(labels("[service.w]\nsteps = [{ insert = \"|\" }]"), ["mysql"]);
    assert_eq!(
        labels("[service.w]\nsteps = [{ publish = [\"orders\", \"|\"] }]"),
        ["a.b", "orders", "shop"]
    );
    assert_eq!(labels("[[at]]\nvariant = \"|"), ["small"]);
    assert_eq!(labels("[[at]]\ncut = [\"|\"]"), ["users", "rabbitmq", "writer"]);
    assert_eq!(labels("[[at]]\npurge = \"|\""), ["a.b", "orders"]);
    assert_eq!(taken("[[at]]\ncrash = \"rab|\""), "crash = \"rabbitmq|\"");
    assert_eq!(
        taken("[variant.v]\nremove = [\"serv|\"]"),
        "remove = [\"service.writer|\"]"
    );
}

#[test]
fn words_and_shapes_are_proposed_for_values() {
    assert_eq!(labels("[table.t]\noverload = |"), ["slows", "dies"]);
    assert_eq!(taken("[table.t]\noverload = \"d|\""), "overload = \"dies|\"");
    assert_eq!(labels("[load.x]\nconfirms = |"), ["true", "false"]);
    assert_eq!(taken("[service.w]\nsteps = [in|]"), "steps = [{ insert = \"|\" }]");
    assert_eq!(taken("[service.w]\nsteps = [\"ac|\"]"), "steps = [\"ack|\"]");
    assert_eq!(labels("title = \"|\""), Vec::<String>::new());
}

#[test]
fn comparisons_get_metrics_and_their_subjects() {
    assert_eq!(taken("[[expect]]\nthat = \"backl|\""), "that = \"backlog(|)\"");
    assert_eq!(taken("[[expect]]\nthat = \"los| == 0\""), "that = \"lost| == 0\"");
    assert_eq!(labels("[[expect]]\nthat = \"rows(|)\""), ["mysql"]);
    assert_eq!(labels("[[expect]]\nthat = \"ready(|)\""), ["a.b", "orders"]);
    assert_eq!(labels("[[expect]]\nthat = \"lost == |\""), Vec::<String>::new());
}

#[test]
fn what_stands_behind_is_not_written_again() {
    assert_eq!(taken("[service.w]\nwor| = 1"), "workers| = 1");
    assert_eq!(taken("[service.w]\ncon|.ack = 1"), "consume|.ack = 1");
    assert_eq!(
        taken("[[expect]]\nthat = \"backl|(orders) == 1\""),
        "that = \"backlog|(orders) == 1\""
    );
    assert_eq!(
        taken("[table.t]\noverload = \"d|\" # x = 1"),
        "overload = \"dies|\" # x = 1"
    );
}

#[test]
fn headers_are_tables() {
    assert!(labels("[|]").contains(&"service".into()));
    assert!(!labels("[|]").contains(&"title".into()));
    assert_eq!(taken("[ser|]"), "[service.|]");
    assert_eq!(taken("[[exp|]]"), "[[expect|]]");
    assert_eq!(labels("[variant.small.broker.|]"), ["rabbitmq", "kafka"]);
}

#[test]
fn settings_are_paths_of_what_is_there() {
    assert_eq!(
        taken("[[at]]\nset = { pref| }"),
        "set = { \"service.writer.consume.prefetch\" = | }"
    );
    assert_eq!(
        taken("[[at]]\nset = { \"table.mysql.cap|\" = 1 }"),
        "set = { \"table.mysql.capacity|\" = 1 }"
    );
}

#[test]
fn nothing_is_proposed_in_comments_and_for_what_is_unknown() {
    assert_eq!(labels("# ti|"), Vec::<String>::new());
    assert_eq!(labels("[nonsense]\n|"), Vec::<String>::new());
}

#[test]
fn every_key_can_be_reached_by_completion() {
    for key in KEYS.iter().filter(|key| key.name() != "*") {
        let above = key.path.rsplit_once('.').map_or("", |(above, _)| above);
        let table = above.replace('*', "new");
        let marked = match table.split_once("[]") {
            _ if above.is_empty() => "[x]\n".to_owned(),
            None => format!("[{table}]\n|"),
            Some((list, "")) => format!("[[{list}]]\n|"),
            Some((list, rest)) => format!("[[{list}]]\n{}.|", &rest[1..]),
        };
        if marked.contains('|') && !key.path.contains("steps") {
            assert!(
                labels(&marked).contains(&key.name().to_owned()),
                "{} in {marked}",
                key.path
            );
        }
    }
}
