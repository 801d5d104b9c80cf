//! What becomes of the members of a group when its coordinator moves.

mod common;

use common::holds;

#[test]
fn who_waits_to_join_hears_that_the_coordinator_has_moved() {
    // The first broker dies and comes back; meanwhile a group begins whose
    // coordinator gives its partitions back while everybody still waits to join.
    // A member that is told nothing waits for max.poll.interval.ms.
    let groups: Vec<String> = (0..8).map(|one| format!("group-{one}")).collect();
    let readers: String = groups
        .iter()
        .map(|group| {
            format!(
                "[table.{group}-rows]\n[service.{group}-reader]\n\
                 consume = {{ topic = \"orders\", group = \"{group}\", offset_reset = \"earliest\" }}\n\
                 steps = [{{ insert = \"{group}-rows\" }}]\n\
                 [[at]]\ntime = \"0s\"\ncrash = \"{group}-reader\"\n\
                 [[at]]\ntime = \"25s\"\nrestart = \"{group}-reader\"\n\
                 [[expect]]\nthat = \"rows({group}-rows) == 100\"\n"
            )
        })
        .collect();
    holds(&format!(
        "title = \"A coordinator moves\"\nuntil = \"60s\"\n{readers}\
         [load.shop]\nto = \"orders\"\nrate = \"100/s\"\ncount = 100\n\
         [broker.kafka]\ninitial_rebalance_delay = \"10s\"\nleader_rebalance_interval = \"30s\"\n\
         topic.orders = {{ replication_factor = 3, min_insync_replicas = 2 }}\n\
         [[at]]\ntime = \"2s\"\ncrash = \"kafka-1\"\n[[at]]\ntime = \"15s\"\nrestart = \"kafka-1\"\n"
    ));
}
