//! Texts about clusters of Kafka: partitions with their replicas, groups, and
//! the nodes of the cluster.

/// Gives these rows to the catalogue, behind the rows that it has.
macro_rules! with_kafka {
    ($($before:tt)*) => {
        with_kafka_views! {
            $($before)*

            KafkaPartition: "partition", "分区", "分割區";
            KafkaBroker: "broker of the cluster", "集群节点", "叢集節點";
            KafkaController: "controller", "控制器", "控制器";

            // A partition.
            KafkaLeader: "Leader", "首领", "首領";
            KafkaEpoch: "Leader epoch", "首领纪元", "首領紀元";
            KafkaInSync: "In sync (ISR)", "同步副本（ISR）", "同步副本（ISR）";
            KafkaLogStart: "Log start offset", "日志起始位移", "日誌起始位移";
            KafkaHighWatermark: "High watermark", "高水位", "高水位";
            KafkaLogEnd: "Log end offset", "日志末端位移", "日誌末端位移";
            KafkaHighShort: "HW", "高水位", "高水位";
            KafkaEndShort: "LEO", "末端位移", "末端位移";
            KafkaLastStable: "Last stable offset", "最后稳定位移", "最後穩定位移";
            KafkaNoLeader: "no leader", "无首领", "無首領";
            KafkaReplicas: "Replicas", "副本", "副本";
            KafkaIsLeader: "leader", "首领", "首領";
            KafkaFollows: "follower, in sync", "跟随者，已同步", "追隨者，已同步";
            KafkaLags: "follower, out of sync", "跟随者，未同步", "追隨者，未同步";
            KafkaLedShort: "leader {}", "首领 {}", "首領 {}";
            KafkaInSyncShort: "in sync {}", "同步 {}", "同步 {}";
            KafkaSeekBeginning: "Read from the beginning", "从头读起", "從頭讀起";
            KafkaSeekEnd: "Go to the end", "转到末尾", "轉到末尾";
            KafkaMakeLeader: "Make it the leader", "设为首领", "設為首領";

            // Groups.
            KafkaGroups: "Consumer groups", "消费者组", "消費者群組";
            KafkaGroup: "Group", "组", "群組";
            KafkaCommitted: "Committed", "已提交", "已提交";
            KafkaPosition: "Reads next", "下次读取", "下次讀取";
            KafkaLag: "Lag", "积压", "延遲量";
            KafkaConsumer: "Consumer", "消费者", "消費者";
            KafkaGeneration: "Generation", "代次", "世代";
            KafkaCoordinator: "Coordinator", "协调者", "協調者";
            KafkaMembers: "Members", "成员", "成員";
            KafkaEmpty: "empty", "空", "空";
            KafkaPreparing: "rebalancing: waits for joins", "再均衡：等待加入", "重新平衡：等待加入";
            KafkaCompleting: "rebalancing: assigning", "再均衡：分配中", "重新平衡：分配中";
            KafkaStable: "stable", "稳定", "穩定";
            KafkaRebalances: "{} rebalances", "{} 再均衡中", "{} 重新平衡中";
            KafkaLagShort: "{} behind", "落后 {}", "落後 {}";

            // Of a cluster, in the comparison.
            CompareBytesIn: "Bytes of messages that came in at its nodes", "各节点收到的消息字节数", "各節點收到的訊息位元組數";
            CompareUnderReplicated: "Partitions under-replicated", "副本不足的分区", "副本不足的分割區";
            CompareLeaderless: "Partitions without a leader", "无首领的分区", "無首領的分割區";
            CompareLeaderChanges: "Changes of leaders", "首领变更次数", "首領變更次數";
            CompareRebalances: "Rebalances", "再均衡次数", "重新平衡次數";

            // The cluster and its nodes.
            KafkaLive: "Brokers alive", "存活节点", "存活節點";
            KafkaControllerEpoch: "Controller epoch", "控制器纪元", "控制器紀元";
            KafkaPartitions: "Partitions", "分区数", "分割區數";
            KafkaUnderReplicated: "of these under-replicated", "其中副本不足", "其中副本不足";
            KafkaLeaderless: "of these without a leader", "其中无首领", "其中無首領";
            KafkaNode: "Node", "节点", "節點";
            KafkaRole: "Role", "角色", "角色";
            KafkaNodes: "Nodes", "节点", "節點";
            KafkaLeads: "Partitions led", "领导的分区", "領導的分割區";
            KafkaHosts: "Replicas here", "此处的副本", "此處的副本";
            KafkaWaiting: "Requests waiting for replicas", "等待副本的请求", "等待副本的請求";
            KafkaTransfers: "Portions sent to readers", "发给读者的份数", "傳給讀者的份數";
            KafkaCopies: "Copies made of them", "为此复制次数", "為此複製次數";
            KafkaSwitches: "Switches into the kernel and back", "进出内核次数", "進出核心次數";
            KafkaSeeks: "Seeks of the disk", "磁盘移动次数", "磁碟移動次數";
            KafkaDiskReads: "Reads from the disk", "磁盘读取次数", "磁碟讀取次數";
            KafkaCutOff: "Cut off", "隔离", "隔離";
            KafkaHealAll: "Heal all connections", "恢复所有连接", "恢復所有連線";
            KafkaElectPreferred: "Elect preferred leaders", "选举首选首领", "選舉偏好首領";
        }
    };
}
