//! Texts about clusters of RabbitMQ: where a queue is, and the nodes that see
//! each other.

/// Gives these rows to the catalogue, behind the rows that it has.
macro_rules! with_rabbit_cluster {
    ($($before:tt)*) => {
        with_kafka! {
            $($before)*

            ClusterNode: "node of the cluster", "集群节点", "叢集節點";
            ClusterSees: "Sees running", "认为在运行的", "認為在執行的";
            ClusterPaused: "paused: it reaches too few", "已停下：能到达的节点太少", "已停下：能連通的節點太少";
            ClusterQueuesHere: "Queues that are here", "在此处的队列", "在此處的佇列";
            ClusterCopiesHere: "Queues and copies here", "此处的队列与副本", "此處的佇列與副本";
            ClusterWhere: "Where it is", "所在节点", "所在節點";
            ClusterHome: "home", "所在", "所在";
            ClusterMaster: "master", "主副本", "主副本";
            ClusterMirror: "mirror, has everything", "镜像，内容齐全", "鏡像，內容齊全";
            ClusterMirrorLags: "mirror, has not everything", "镜像，内容不全", "鏡像，內容不全";
            ClusterLeads: "leader", "领导者", "領導者";
            ClusterFollows: "follower, has everything", "跟随者，内容齐全", "跟隨者，內容齊全";
            ClusterLags: "follower, has not everything", "跟随者，内容不全", "跟隨者，內容不全";
            ClusterAway: "away", "不在", "不在";
            ClusterNoLeader: "nobody has it", "没有节点拥有它", "沒有節點擁有它";
            ClusterNoMajority: "most replicas are away", "多数副本不在", "多數副本不在";
            ClusterLog: "Log", "日志", "日誌";
            FlagTakesSelection: "a variant and a thing in it, such as long-poll/reader", "变体与其中的对象，例如 long-poll/reader", "變體與其中的對象，例如 long-poll/reader";
            QueueOwner: "Belongs to", "归属", "歸屬";
            ExclusiveConsumer: "Only consumer", "独占消费者", "獨佔消費者";
            ClusterAgreed: "Agreed on", "已达成一致", "已達成一致";
        }
    };
}
