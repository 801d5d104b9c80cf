//! Names, and what they stand for.

pub(super) const ROWS: super::Rows = rows! {
    TooManyNodes: "{0} 个节点，上限为 {1}", "{0} 個節點，上限為 {1}";
    IsAlready: "`{0}` 已经是{1}；名称在一个场景中不能重复", "`{0}` 已經是{1}；名稱在一個情境中不能重複";
    IsAnother: "`{0}` 是{1}，此处需要{2}", "`{0}` 是{1}，此處需要{2}";
    NothingCalled: "没有名为 `{0}` 的对象；此处需要{1}", "沒有名為 `{0}` 的對象；此處需要{1}";
    ALoad: "负载", "負載";
    ABroker: "消息代理", "訊息代理";
    AService: "服务", "服務";
    ATable: "数据表", "資料表";
    ANode: "节点", "節點";
    AQueue: "队列", "佇列";
    AnExchange: "交换机", "交換器";
    ATopic: "主题", "主題";
    QueueOrExchange: "队列或交换机", "佇列或交換器";
    LoadOrOtherTable: "负载或另一张数据表", "負載或另一張資料表";
    QueueOrCalledService: "队列或被调用的服务", "佇列或被呼叫的服務";
    LoadOrSender: "负载，或者发布消息或发起调用的服务", "負載，或者發布訊息或發起呼叫的服務";
    ThereIs: "有 {0}", "有 {0}";
    DidYouMean: "是否想写 `{0}`？", "是否想寫 `{0}`？";
    MeantOneThere: "是否指已有的 `{0}`？", "是否指已有的 `{0}`？";
    NoVariant: "没有变体 `{0}`", "沒有變體 `{0}`";
    NothingCalledSo: "没有名为 `{0}` 的对象", "沒有名為 `{0}` 的對象";
    AddsLoad: "这会新增一个负载 `{0}`", "這會新增一個負載 `{0}`";
    AddsBroker: "这会新增一个消息代理 `{0}`", "這會新增一個訊息代理 `{0}`";
    AddsService: "这会新增一个服务 `{0}`", "這會新增一個服務 `{0}`";
    AddsTable: "这会新增一张数据表 `{0}`", "這會新增一張資料表 `{0}`";
    TooManyQueues: "{0} 个队列，上限为 {1}", "{0} 個佇列，上限為 {1}";
    TooManyExchanges: "{0} 个交换机，上限为 {1}", "{0} 個交換器，上限為 {1}";
};
