//! What a scenario says of Kafka's logs, their disks and who reads them from
//! where, and what comes of it.

mod common;

use common::{assert_said, findings, holds};

/// A cluster with these definitions, a load of a hundred records of 1 kB, one in
/// 10 ms from 10 s on, and a reader.
fn world(broker: &str, load: &str, consume: &str, rest: &str) -> String {
    format!(
        "title = \"Kafka's log\"\nuntil = \"60s\"\n[table.rows]\n\
         [load.shop]\nto = \"orders\"\nrate = [[\"10s\", \"100/s\"]]\ncount = 100\nsize = \"1kB\"\n{load}\n\
         [service.worker]\nconsume = {{ topic = \"orders\", group = \"billing\"{consume} }}\n\
         steps = [{{ insert = \"rows\" }}]\n[broker.kafka]\n{broker}\n{rest}\n"
    )
}

const THREE: &str = "topic.orders = { replication_factor = 3, min_insync_replicas = 2 }";

#[test]
fn whoever_is_nearest_has_to_be_a_broker_that_may_be_read_from() {
    let near = |reads: &str, rack: &str| {
        let broker = format!("{THREE}\nreads = \"{reads}\"");
        world(&broker, "", &format!(", client_rack = \"{rack}\""), "")
    };
    assert_eq!(findings(&near("follower", "kafka-3")), [""; 0]);
    assert_said(&near("leader", "kafka-3"), &["no-effect", "`client_rack`", "`leader`"]);
    let nobody = near("follower", "kafka-3").replace(", client_rack = \"kafka-3\"", "");
    assert_said(&nobody, &["no-effect", "`reads`", "`client_rack`"]);
    assert_said(&near("follower", "kafka-4"), &["unknown-name", "kafka-4"]);
    assert_said(
        &near("follower", "kafka-controller"),
        &["unknown-name", "a broker of the cluster"],
    );
}

#[test]
fn who_reads_from_a_follower_goes_on_at_the_leader_when_that_is_gone() {
    let broker = format!("{THREE}\nreads = \"follower\"");
    let crash = "[[at]]\ntime = \"10.5s\"\ncrash = \"kafka-2\"\n\
                 [[expect]]\nthat = \"rows(rows) == 100\"\n[[expect]]\nthat = \"duplicated == 0\"\n";
    holds(&world(
        &broker,
        "",
        ", client_rack = \"kafka-2\", auto_commit_interval = \"10ms\"",
        crash,
    ));
}

#[test]
fn a_power_cut_takes_what_is_in_the_page_cache() {
    let crash = "[[at]]\ntime = \"15s\"\ncrash = \"kafka-1\"\nkind = \"power\"\n[[at]]\ntime = \"16s\"\nrestart = \"kafka-1\"\n";
    let lost = |disk: &str, count: u32| {
        let broker = format!("brokers = 1\ntopic.orders = {{}}\ndisk = {disk}");
        let expect = format!("[[expect]]\nthat = \"lost == {count}\"\n");
        // Nobody reads it before the power is gone.
        let reader = "[[at]]\ntime = \"0s\"\ncrash = \"worker\"\n";
        holds(&world(&broker, "", "", &format!("{reader}{crash}{expect}")));
    };
    lost("{ interval = \"30s\" }", 100);
    lost("{ interval = \"1s\" }", 0);
}

#[test]
fn a_broker_stops_when_the_directory_of_its_logs_is_full() {
    let broker = |size: &str| format!("brokers = 1\ntopic.orders = {{}}\ndisk = {{ size = \"{size}\" }}");
    let expect = |deaths: u32, rows: &str| {
        format!("[[expect]]\nthat = \"deaths(kafka-1) == {deaths}\"\n[[expect]]\nthat = \"rows(rows) {rows}\"\n")
    };
    // Offsets and generations of the group take room as well.
    holds(&world(&broker("200kB"), "", "", &expect(0, "== 100")));
    holds(&world(&broker("50kB"), "", "", &expect(1, "<= 50")));
}

#[test]
fn a_group_without_members_is_forgotten() {
    let broker = |days: &str| {
        format!("brokers = 1\ntopic.orders = {{}}\noffsets_retention = \"{days}\"\nretention_check_interval = \"1s\"")
    };
    // Its session ends after 6 s; three seconds more and somebody joins again.
    let away = "[[at]]\ntime = \"20s\"\ncrash = \"worker\"\n[[at]]\ntime = \"40s\"\nrestart = \"worker\"\n";
    let consume = ", offset_reset = \"earliest\", session_timeout = \"6s\", heartbeat_interval = \"1s\"";
    for (days, duplicated) in [("5s", 100), ("30s", 0)] {
        let expect = format!("[[expect]]\nthat = \"duplicated == {duplicated}\"\n");
        holds(&world(&broker(days), "", consume, &format!("{away}{expect}")));
    }
}

#[test]
fn a_record_without_a_value_deletes_its_key() {
    let topic = "brokers = 1\ncleaner_backoff = \"1s\"\ntopic.orders = { cleanup_policy = \"compact\", segment = \"100ms\", \
                 delete_retention = \"1s\", min_cleanable_dirty_ratio = \"1%\" }";
    let load = |tombstones: bool| format!("keys = [\"a\"]\nproducer = {{ tombstones = {tombstones} }}\n");
    let late = "[load.tail]\nto = \"orders\"\nrate = [[\"12s\", \"1/s\"]]\ncount = 10\nsize = \"1kB\"\nkeys = [\"z\"]\n\
                [[at]]\ntime = \"0s\"\ncrash = \"worker\"\n[[at]]\ntime = \"40s\"\nrestart = \"worker\"\n";
    // Of `z` the latest that is sealed, and the one in the active segment.
    for (tombstones, rows) in [(false, 3), (true, 2)] {
        let expect = format!("[[expect]]\nthat = \"rows(rows) == {rows}\"\n[[expect]]\nthat = \"unknown == 0\"\n");
        let consume = ", offset_reset = \"earliest\"";
        holds(&world(topic, &load(tombstones), consume, &format!("{late}{expect}")));
    }
}

#[test]
fn what_cannot_matter_on_the_way_to_the_network_is_said() {
    let of = |settings: &str| world(&format!("{settings}\ntopic.orders = {{}}"), "", "", "");
    assert_eq!(
        findings(&of("zero_copy = true\ngather = false\npage_cache = \"1MB\"")),
        [""; 0]
    );
    assert_said(
        &of("zero_copy = false\ngather = true"),
        &["no-effect", "`gather`", "through the application"],
    );
    assert_said(
        &of("tls = true\nzero_copy = true"),
        &["no-effect", "`zero_copy`", "through the application"],
    );
    assert_said(
        &of("cipher_bandwidth = \"1GB/s\""),
        &["no-effect", "`cipher_bandwidth`", "`tls` is off"],
    );
}

#[test]
fn who_reads_waits_for_the_processor_and_for_the_disk() {
    // A hundred records of 1 kB and more, one at a time: 2 us each at 1 GB/s, twice.
    let slow = |settings: &str, most: &str| {
        let broker = format!("brokers = 1\ntopic.orders = {{}}\n{settings}");
        let expect = format!(
            "[[expect]]\nthat = \"rows(rows) == 100\"\n[[expect]]\nthat = \"wait_max(billing/orders-0) {most}\"\n"
        );
        holds(&world(&broker, "producer = { linger = \"0s\" }", "", &expect));
    };
    slow("", "== 0s");
    slow("zero_copy = false\ncopy_bandwidth = \"1MB/s\"", ">= 2ms");
    slow("gather = false\ncopy_bandwidth = \"1MB/s\"", ">= 1ms");
    slow("copy_bandwidth = \"1MB/s\"", "== 0s");
    slow("tls = true\ncipher_bandwidth = \"1MB/s\"", ">= 1ms");
    slow("page_cache = \"10B\"\ndisk = { bandwidth = \"1MB/s\" }", ">= 1ms");
    slow("page_cache = \"10B\"\ndisk = { seek = \"3ms\" }", ">= 3ms");
}

#[test]
fn a_compressed_record_takes_up_less_room_everywhere() {
    // Ten records to a batch of what is left of them, and ten times as many on the disk.
    let of = |compressed: &str, expect: &str| {
        let broker = "brokers = 1\ntopic.orders = {}\ndisk = { size = \"50kB\" }";
        let load = format!("producer = {{ linger = \"1s\", batch_size = \"1000B\"{compressed} }}");
        let expect = format!("[[expect]]\nthat = \"{expect}\"\n");
        holds(&world(broker, &load, "", &expect));
    };
    of("", "rows(rows) < 60");
    of(", compressed_to = \"10%\"", "rows(rows) == 100");
    of(", compressed_to = \"10%\"", "batches(shop) == 10");
    of(", compressed_to = \"100%\"", "rows(rows) < 60");
    let text = world("topic.orders = {}", "producer = { compressed_to = \"110%\" }", "", "");
    assert_said(&text, &["compressed_to"]);
}

#[test]
fn an_application_that_flushes_does_not_wait_for_its_batches() {
    let of = |flush: &str, most: &str| {
        let load = format!("producer = {{ linger = \"1s\"{flush} }}");
        let expect = format!("[[expect]]\nthat = \"wait_max(billing/orders-0) {most}\"\n");
        holds(&world("brokers = 1\ntopic.orders = {}", &load, "", &expect));
    };
    of("", "== 1s");
    of(", flush_every = 1", "== 0s");
    of(", flush_every = 10", "== 90ms");
}

/// Records wait at their application while the buffer is full, and are refused when
/// that has taken too long: nobody takes any from 5 s to 20 s.
#[test]
fn who_finds_no_room_in_the_buffer_waits_so_long_and_no_longer() {
    let away = "[[at]]\ntime = \"5s\"\ncrash = \"kafka-1\"\n[[at]]\ntime = \"20s\"\nrestart = \"kafka-1\"\n";
    for (max_block, refused, at) in [("1m", 0, "60s"), ("2s", 90, "14s")] {
        let load = format!("producer = {{ buffer_memory = \"10kB\", max_block = \"{max_block}\" }}\n");
        let expect = format!("[[expect]]\nat = \"{at}\"\nthat = \"refused(shop) == {refused}\"\n");
        let broker = "brokers = 1\ntopic.orders = {}";
        holds(&world(broker, &load, "", &format!("{away}{expect}")));
    }
}
