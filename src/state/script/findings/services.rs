//! Services: what they consume, how they wait, what they limit.

pub(super) const ROWS: super::Rows = rows! {
    NothingWaitsWithoutWorkers: "`{0}` 在此没有意义：工作线程不限数量，就没有等待", "`{0}` 在此沒有意義：工作執行緒不限數量，就沒有等待";
    GiveWorkers: "请给服务设定 `workers` 的数量", "請給服務設定 `workers` 的數量";
    NoOverloadWithoutLimit: "`overload` 在此没有意义：等待不限数量，就没有过载", "`overload` 在此沒有意義：等待不限數量，就沒有過載";
    SayHowManyWait: "请写明可以有多少等待：queue = 100", "請寫明可以有多少等待：queue = 100";
    NobodyCalls: "没有谁调用 `{0}`：它的 `{1}` 不起作用", "沒有誰呼叫 `{0}`：它的 `{1}` 不起作用";
    PushedIsLimited: "推送给消费者的数量由 `consume.prefetch` 限制", "推送給消費者的數量由 `consume.prefetch` 限制";
    NeverThatManyMerged: "可供合并的最多只有 {0} 条，永远到不了 {1} 条", "可供合併的最多只有 {0} 則，永遠到不了 {1} 則";
    PrefetchOrMore: "prefetch = {0} 或更大", "prefetch = {0} 或更大";
    StepsMayDiffer: "这些步骤是否执行因消息而异，而这些消息是合并处理的", "這些步驟是否執行因訊息而異，而這些訊息是合併處理的";
    SkipLeavesOut: "{ insert = \"..\", on_duplicate = \"skip\" } 会略过已有的", "{ insert = \"..\", on_duplicate = \"skip\" } 會略過已有的";
    TooManyConfirms: "一个工作线程最多等待 {0} 个确认，此处为 {1} 个", "一個工作執行緒最多等待 {0} 個確認，此處為 {1} 個";
    WhoDoesWhat: "没有 `workers` 的数量，就无从确定谁处理什么", "沒有 `workers` 的數量，就無從確定誰處理什麼";
    OrderAndMerge: "同一服务中并用 `keep_order` 与 `merge` 尚未建模", "同一服務中並用 `keep_order` 與 `merge` 尚未建模";
    AboutItself: "没有说明消息关于什么：对 `{0}` 来说每条只关于它自己", "沒有說明訊息關於什麼：對 `{0}` 來說每則只關於它自己";
    KeyWithoutPartner: "没有 `{1}`，`{0}` 就没有意义", "沒有 `{1}`，`{0}` 就沒有意義";
    RetriesForExample: "retries = 3：失败的调用重试这么多次", "retries = 3：失敗的呼叫重試這麼多次";
    TimeoutOfZero: "`timeout`：零时间内等不到应答", "`timeout`：零時間內等不到回應";
    AsksOneWay: "消费者要么不时询问，要么发出会等待的请求，不能两者并用", "消費者要麼不時詢問，要麼發出會等待的請求，不能兩者並用";
    PrefetchOfAsker: "此 `prefetch` 不起作用：主动询问的消费者为每个空闲的工作线程取一条消息", "此 `prefetch` 不起作用：主動詢問的消費者為每個閒置的工作執行緒取一則訊息";
    AskerNeedsUntil: "反复询问的消费者需要 `until`：否则运行不会结束", "反覆詢問的消費者需要 `until`：否則執行不會結束";
    NothingButAsk: "它会只顾询问：时间必须大于零", "它會只顧詢問：時間必須大於零";
    NeedsPushed: "`{0}` 需要推送来的消息，而此消费者一次只询问一条", "`{0}` 需要推送來的訊息，而此消費者一次只詢問一則";
    KeyOfOtherStep: "`{0}` 属于 {1} 步骤", "`{0}` 屬於 {1} 步驟";
    StepNeedsName: "此步骤至少需要一个名称", "此步驟至少需要一個名稱";
    TooManyNames: "一个步骤中有 {0} 个名称，上限为 {1}", "一個步驟中有 {0} 個名稱，上限為 {1}";
    ExchangeNeedsKey: "交换机需要 `key` 来路由", "交換器需要 `key` 來路由";
    KeyUnused: "此 `key` 不起作用：只有交换机才看路由键", "此 `key` 不起作用：只有交換器才看路由鍵";
    AcknowledgedTwice: "一次投递只能确认一次，消息代理会在此关闭信道", "一次投遞只能確認一次，訊息代理會在此關閉通道";
    NeverAcknowledged: "没有步骤确认：每次投递都会一直处于未确认状态", "沒有步驟確認：每次投遞都會一直處於未確認狀態";
    AddAck: "请加上 \"ack\" 步骤，或以 ack = \"auto\" 消费", "請加上 \"ack\" 步驟，或以 ack = \"auto\" 消費";
    NothingLeftToAcknowledge: "ack = \"auto\" 时没有可确认的，消息代理会在此关闭信道", "ack = \"auto\" 時沒有可確認的，訊息代理會在此關閉通道";
    NothingToAcknowledge: "此服务不消费队列，没有可确认的", "此服務不消費佇列，沒有可確認的";
    AnsweredOnce: "一次调用只应答一次", "一次呼叫只回應一次";
};
