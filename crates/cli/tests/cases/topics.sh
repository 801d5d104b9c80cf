#!/bin/sh
# The line of a course from the time of ZooKeeper.
bin/kafka-topics.sh --create --zookeeper node1:2181 \
    --replication-factor 2 --partitions 3 --topic sixsix
bin/kafka-topics.sh --list --zookeeper node1:2181
kafka-topics.sh --bootstrap-server node1:9092 --create --topic audit \
    --replication-factor 5 --config retention.ms=3600000 --config preallocate=true
