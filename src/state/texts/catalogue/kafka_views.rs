//! Texts about clusters of Kafka as their operators look at them: segments,
//! files, where replicas lie, and what ZooKeeper held.

/// Gives these rows to the catalogue, behind the rows that it has.
macro_rules! with_kafka_views {
    ($($before:tt)*) => {
        catalogue! {
            $($before)*

            // The log of a partition.
            KafkaSegments: "Segments of the log", "日志段", "日誌段";
            KafkaBase: "From offset", "起始位移", "起始位移";
            KafkaRecords: "Records", "记录数", "記錄數";
            KafkaBytes: "Size", "大小", "大小";
            KafkaAge: "Age", "存在时长", "存在時長";
            KafkaFate: "What becomes of it", "去向", "去向";
            KafkaSegmentActive: "is written to", "正在写入", "正在寫入";
            KafkaSegmentDue: "the next check deletes it", "下次检查时删除", "下次檢查時刪除";
            KafkaSegmentOldAt: "too old at {}", "{} 过期", "{} 過期";
            KafkaSegmentClean: "compacted", "已压实", "已壓實";
            KafkaSegmentDirty: "not compacted yet", "尚未压实", "尚未壓實";
            KafkaSegmentStays: "stays", "保留", "保留";
            KafkaSlots: "{records} records, {tombstones} without a value, {markers} ends of transactions, {gaps} gaps", "{records} 条记录，{tombstones} 条无值，{markers} 个事务结束标记，{gaps} 个空缺", "{records} 筆記錄，{tombstones} 筆無值，{markers} 個交易結束標記，{gaps} 個空缺";

            // Charts.
            ChartLeftOut: "Too many things: charts are kept of the first ones only.", "数量太多，只保留前几个的图表。", "數量太多，只保留前幾個的圖表。";

            // What a log gave up.
            KafkaDeletedUnread: "{} deleted by retention before being read", "未读就因超过保留期限或大小而删除 {}", "未讀就因超過保留期限或大小而刪除 {}";
            KafkaCompactedUnread: "{} compacted away before being read", "未读就被压实清除 {}", "未讀就被壓實清除 {}";
            KafkaCleanedUnread: "{} deleted by retention or compaction before being read", "未读就因保留规则或压实而删除 {}", "未讀就因保留規則或壓實而刪除 {}";

            // Members of groups.
            KafkaPhaseOut: "not in it", "未加入", "未加入";
            KafkaPhaseJoining: "joins: waits for the others", "加入中：等待其他成员", "加入中：等待其他成員";
            KafkaPhaseSyncing: "syncs: waits for its partitions", "同步中：等待分到分区", "同步中：等待分到分割區";
            KafkaPhaseResuming: "asks how far the group is", "询问组的进度", "詢問群組的進度";
            KafkaItsPartitions: "Its partitions", "它的分区", "它的分割區";

            // Where replicas lie.
            KafkaPlacement: "Where replicas lie", "副本分布", "副本分布";
            KafkaReplica: "replica", "副本", "副本";
            KafkaReplicaLags: "out of sync", "未同步", "未同步";
            KafkaLeadsHosts: "leads / has", "领导 / 拥有", "領導 / 擁有";
            KafkaPlacementLegend: "* leads by preference: the first replica of its partition", "* 首选首领：分区的第一个副本", "* 偏好首領：分割區的第一個副本";

            // Files and ZooKeeper.
            KafkaFiles: "Files in the directory of logs", "日志目录中的文件", "日誌目錄中的檔案";
            KafkaFilesNote: "As they would be listed now. Names and formats are Kafka's; sizes come from the simulated log.", "此刻列出的样子。名称与格式同 Kafka；大小由模拟的日志算出。", "此刻列出的樣子。名稱與格式同 Kafka；大小由模擬的日誌算出。";
            KafkaZookeeper: "In ZooKeeper (historical)", "在 ZooKeeper 中（历史）", "在 ZooKeeper 中（歷史）";
            KafkaZookeeperNote: "Kafka 4.0 removed ZooKeeper. This is what it would hold of this cluster now; nothing in the run reads it.", "Kafka 4.0 已移除 ZooKeeper。这是它此刻会保存的内容；运行中没有谁读取它。", "Kafka 4.0 已移除 ZooKeeper。這是它此刻會保存的內容；執行中沒有誰讀取它。";
            KafkaEphemeral: "ephemeral", "临时节点", "臨時節點";
        }
    };
}
