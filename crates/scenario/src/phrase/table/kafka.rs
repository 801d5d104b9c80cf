//! Kafka: clusters, topics, groups, producers.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! kafka {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                ANodeOfACluster: "a node of a cluster";
                APartition: "a partition";
                AConsumerGroup: "a consumer group";
                AKafkaCluster: "a Kafka cluster";
                ABrokerOfACluster: "a broker of the cluster";
                AClusterNode: "a node of a cluster";
                QueueExchangeTopicOrService: "a queue, an exchange, a topic or a service";
                QueueExchangeOrTopic: "a queue, an exchange or a topic";
                TooManyTopics: "{0} topics, the limit is {1}";
                TooManyPartitions: "more than {0} partitions in all";
                TooManyGroups: "more than {0} consumer groups";
                BrokerHeartbeatTooSlow: "a broker that is heard of every {0} counts as dead after {1}";
                HeartbeatShorter: "the heartbeat has to be shorter than the session";
                NoEffectBecause: "this `{0}` has no effect: {1}";
                RebalanceIsOff: "`leader_rebalance` is off";
                MessagesTakePlace: "`replica_lag_messages` takes its place";
                PolicyDeletesNothing: "the `cleanup_policy` deletes nothing";
                PolicyCompactsNothing: "the `cleanup_policy` compacts nothing";
                LooksAtNeither: "the `partitioner` that goes round looks at neither";
                LearnsOfNoFailure: "without `acks` a producer learns of no failure";
                OnlyRabbitLooks: "only RabbitMQ looks at it, and this goes to Kafka";
                OnlyKafkasClients: "only Kafka's clients have such settings";
                NoStepToKafka: "no step publishes to Kafka";
                NobodyIsNear: "no consumer has a `client_rack`";
                ReadsAreLeaders: "the cluster's `reads` is `leader`";
                ThroughApplication: "what is fetched comes through the application";
                NothingEncrypted: "`tls` is off";
                MakesNoTransactions: "without a `transactional_id` there are no transactions";
                TransactionsNeedIdempotence: "a producer with a `transactional_id` has to be idempotent";
                AutoCommitIsOff: "`auto_commit` is off";
                CommitsByItself: "it commits by itself; `auto_commit = false` leaves it to the steps";
                OwnTopic: "`{0}`: topics that begin with `__` are Kafka's own";
                TooManyReplicas: "{0} replicas need as many brokers, and there are {1}";
                MoreBrokers: "`broker.kafka.brokers = {0}`, or fewer replicas";
                TooManyInSync: "no more than {0} can be in sync: there are no more replicas";
                MoreReplicas: "`replication_factor = {0}`, or fewer in sync";
                LessThanLagMin: "this is less than `min_compaction_lag`, which is {0}";
                LagsCross: "`max_compaction_lag` would be less than `min_compaction_lag`, which is {0}";
                IdempotentNeedsAcks: "an idempotent producer needs `acks = \"all\"`";
                IdempotentNeedsRetries: "an idempotent producer needs `retries` above 0";
                IdempotentNeedsFew: "an idempotent producer needs a `max_in_flight` of at most {0}";
                DeliveryTimeoutTooShort: "`delivery_timeout` ({0}) has to be at least `linger` and `request_timeout` together ({1})";
                ConsumeNeedsOne: "`consume` needs a `queue` or a `topic`, and only one of them";
                BelongsToTopic: "`{0}` belongs to a `topic` of Kafka";
                BelongsToQueue: "`{0}` belongs to a `queue` of RabbitMQ";
                SomeTopics: "between one and {0} topics are needed";
                TopicTwice: "this topic stands here twice";
                GroupMissing: "who reads a topic belongs to a consumer group: `group` is missing";
                GroupForExample: "`group = \"billing\"`: each record goes to one consumer of every group";
                OtherAssignor: "another consumer of `{0}` has the assignor \"{1}\"";
                SameAssignor: "all consumers of a group have the same";
                ConsumerHeartbeatTooSlow: "a consumer that is heard of every {0} is out of its group after {1}";
                HeartbeatAThird: "the heartbeat has to be shorter than the session, a third of it at most";
                NumberedAlone: "`numbered` says how many of each of the `keys` there are, and there are none";
                PartitionChosen: "`load.{0}.keys` has no effect: its partition is chosen";
                RecordAcknowledgedTwice: "a record can be acknowledged once";
                NothingCommitted: "no step acknowledges: nothing is ever committed";
                AddAckOrAutoCommit: "add an \"ack\" step, or leave out `auto_commit = false`";
                ConsumerCommitsItself: "this consumer commits by itself: there is nothing to acknowledge";
                AckedIsCommitted: "with `auto_commit = false`, what is acknowledged is committed";
                SeekNeedsOne: "one of `to`, `offset` and `since` says where";
                ReadsNoTopic: "`{0}` reads no topic of Kafka";
                ReadsOtherTopic: "`{0}` does not read this topic";
                NoReplica: "this broker has no replica of `{0}`";
                ReplicaOn: "there is one on {0}";
                TopicOfShell: "this is a command of a shell, and no key of a scenario";
                TopicHere: "below `[broker.kafka]`: `{0}`";
                TopicCreatedSo: "below `[broker.kafka]`: `topic.orders = { partitions = 3, replication_factor = 2 }`";
                ClientReadsOnce: "Kafka's clients read their settings when they start: one that is set otherwise is another client";
                BrokerReadsOnce: "Kafka calls it read-only: brokers read it when they start";
                PartitionsStay: "Kafka can give a topic more partitions while it runs; here a run keeps those that it begins with, and a variant may have more";
                ReplicasStay: "Kafka can move replicas while it runs; that is not simulated";
                MachinesStay: "it belongs to the machines of the cluster, which stay as they are";
                KafkaCallsHere: "Kafka's `{0}` is `{1}` here";
                KafkaCallsIn: "Kafka's `{0}` is `{1}` in `{2}`";
                KafkaOnly: "Kafka's `{0}` means nothing here: what it sets is not simulated";
            }
        }
    };
}
