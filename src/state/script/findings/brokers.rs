//! Brokers: queues, exchanges, bindings.

pub(super) const ROWS: super::Rows = rows! {
    TooManyBindings: "{0} 个绑定，上限为 {1}", "{0} 個繫結，上限為 {1}";
    BindingTwice: "此绑定已经有了，消息代理会忽略第二个", "此繫結已經有了，訊息代理會忽略第二個";
    TooManyHashes: "此模式含 {0} 个 `#`，此版本最多接受 {1} 个", "此模式含 {0} 個 `#`，此版本最多接受 {1} 個";
    NewVersionTakesHashes: "version = \"4.2\" 不限个数", "version = \"4.2\" 不限個數";
    HeadersUnseen: "`{0}` 不起作用：此交换机不看消息头", "`{0}` 不起作用：此交換器不看訊息標頭";
    HeadersExchangeSees: "type = \"headers\" 的交换机才看", "type = \"headers\" 的交換器才看";
    MatchBesideHeaders: "如何比较写在消息头旁边：match = \"any\"", "如何比較寫在訊息標頭旁邊：match = \"any\"";
    TooManyKeys: "不同的路由键和绑定键超过 {0} 个", "不同的路由鍵和繫結鍵超過 {0} 個";
    KeyTooLong: "一个键最多 {0} 字节", "一個鍵最多 {0} 位元組";
    RetryTooOld: "`delayed_retry` 是 4.3 及以后版本的队列参数", "`delayed_retry` 是 4.3 及以後版本的佇列參數";
    OverflowOfClassic: "`reject-publish-dlx` 只用于 `type = \"classic\"` 的队列", "`reject-publish-dlx` 只用於 `type = \"classic\"` 的佇列";
    WatermarkAlone: "此 `watermark` 不起作用：节点没有 `memory`", "此 `watermark` 不起作用：節點沒有 `memory`";
    DeadLetterKeyAlone: "`dead_letter_key` 需要 `dead_letter` 来说明去向", "`dead_letter_key` 需要 `dead_letter` 來說明去向";
    DeadLetterKeyUnused: "此 `dead_letter_key` 不起作用：死信全部进入一个队列", "此 `dead_letter_key` 不起作用：死信全部進入一個佇列";
    QueueOfOtherType: "`{0}` 是 `type = \"{1}\"` 队列的参数", "`{0}` 是 `type = \"{1}\"` 佇列的參數";
    OverflowUnused: "此 `overflow` 不起作用：队列没有 `max_length`", "此 `overflow` 不起作用：佇列沒有 `max_length`";
    WholeMilliseconds: "过期时间必须是整数毫秒", "過期時間必須是整數毫秒";
    BindingHasOne: "绑定需要 `queue` 或 `to` 之一", "繫結需要 `queue` 或 `to` 之一";
    BindingHasOnlyOne: "绑定只能有 `queue` 或 `to` 之一", "繫結只能有 `queue` 或 `to` 之一";
    OneNode: "只有一个节点", "只有一個節點";
    NotInACluster: "多节点集群中尚无 `{0}`", "多節點叢集中尚無 `{0}`";
    WithOneNode: "`nodes = 1` 时可用", "`nodes = 1` 時可用";
    NotWithMirrors: "有镜像的队列中尚无 `{0}`", "有鏡像的佇列中尚無 `{0}`";
    WithoutMirrors: "没有 `mirrors` 时可用，`type = \"quorum\"` 的队列也可用", "沒有 `mirrors` 時可用，`type = \"quorum\"` 的佇列也可用";
    QuorumHasReplicas: "仲裁队列有的是副本，见 `group_size`", "仲裁佇列有的是副本，見 `group_size`";
    OnlyQuorumAgrees: "只有 `type = \"quorum\"` 的队列才有须达成一致的副本", "只有 `type = \"quorum\"` 的佇列才有須達成一致的副本";
    NoMirrors: "该队列没有 `mirrors`", "該佇列沒有 `mirrors`";
    MirrorsAreGone: "自 4.0 起不再有镜像队列", "自 4.0 起不再有鏡像佇列";
    MirrorsOrQuorum: "`version = \"3.13\"`，或使用 `type = \"quorum\"` 的队列", "`version = \"3.13\"`，或使用 `type = \"quorum\"` 的佇列";
    NobodyDeclares: "`{0}` 属于声明它的连接，却没有谁声明它：没有服务消费它", "`{0}` 屬於宣告它的連線，卻沒有誰宣告它：沒有服務消費它";
    ConsumerDeclares: "带有 consume = { queue = \"..\" } 的服务会声明它", "帶有 consume = { queue = \"..\" } 的服務會宣告它";
    QuorumIsForAll: "此 `exclusive` 不起作用：仲裁队列不理会它", "此 `exclusive` 不起作用：仲裁佇列不理會它";
    SingleActiveInstead: "队列的 `single_active_consumer` 使同一时刻只有一个消费者", "佇列的 `single_active_consumer` 使同一時刻只有一個消費者";
    TooManyCopies: "{0} 份副本需要同样多的节点，而只有 {1} 个", "{0} 份副本需要同樣多的節點，而只有 {1} 個";
};
