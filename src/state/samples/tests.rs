//! Tests of `samples`.

use super::*;
use crate::state::lab::Lab;
use crate::state::texts::Language;

fn lab() -> Lab {
    let text = r#"
        title = "t"
        until = "100s"
        broker.rabbitmq.queue.orders = {}
        table.mysql = { capacity = "2.5/s" }
        service.writer = { workers = 1, consume = { queue = "orders", prefetch = 1 }, steps = [{ insert = "mysql" }, "ack"] }
        load.users = { to = "orders", rate = "3/s" }
        variant.a = {}
        variant.-b.load.users.rate = "1/s"
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::from_nanos(50_000_000_000), u64::MAX, |_| false);
    lab
}

fn asked(lab: &Lab) -> Asked<'_> {
    Asked {
        lab,
        selection: None,
        percentiles: &[Percentile::P99],
        language: Language::English,
    }
}

#[test]
fn a_file_has_every_sample_exactly() {
    let lab = lab();
    for band in Band::ALL {
        let text = file(&asked(&lab), band);
        let mut lines = text.split("\r\n");
        let head = lines.next().unwrap_or_default();
        assert!(head.starts_with("time_s,clock,"), "{head}");
        assert!(head.contains(" [-b]") && !head.contains(",-"), "{head}");
        // The 500th is taken when the clock goes on; and the end of the last line.
        assert_eq!(lines.clone().count(), 500, "{band:?}");
        assert_eq!(lines.next().and_then(|line| line.split(',').next()), Some("0.1"));
    }
    let series = lab.lanes[0].world().series();
    let orders = lab.lanes[0].world().places().named("orders").expect("a queue");
    let backlog = &series.column(orders, ColumnKind::Backlog).expect("a column").values;
    let text = file(&asked(&lab), Band::Backlog);
    let third: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
    assert_eq!(third, backlog.iter().map(u64::to_string).collect::<Vec<_>>());
    let loads = file(&asked(&lab), Band::Load);
    assert!(loads.contains("capacity_per_s of mysql [a]") && loads.contains(",2.5,"));
}

#[test]
fn a_table_is_thinned() {
    let lab = lab();
    let curves = asked(&lab).curves(Band::Backlog);
    let rows = instants(&curves, lab.clock());
    assert!(rows.len() <= 49, "{}", rows.len());
    assert_eq!(rows[0].nanos(), 49_900_000_000);
    assert!(rows.is_sorted_by(|a, b| a > b));
    assert!(instants(&curves, SimTime::ZERO).is_empty());
    assert!(instants(&[], lab.clock()).is_empty());
}
