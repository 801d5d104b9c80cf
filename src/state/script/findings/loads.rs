//! Loads and the whole of a variant.

pub(super) const ROWS: super::Rows = rows! {
    LoadKeyWithoutPartner: "没有 `{2}`，`load.{0}.{1}` 就没有意义", "沒有 `{2}`，`load.{0}.{1}` 就沒有意義";
    RampNeedsTwoPoints: "`load.{0}.ramp`：一条线需要两个点，而 `rate` 不足两个", "`load.{0}.ramp`：一條線需要兩個點，而 `rate` 不足兩個";
    TwoPaces: "`load.{0}` 同时有 `{1}` 和 `{2}`：何时发出只能由其中一个决定", "`load.{0}` 同時有 `{1}` 和 `{2}`：何時發出只能由其中一個決定";
    TimerNeedsTime: "`every`：定时器的两次触发之间需要一段时间", "`every`：計時器的兩次觸發之間需要一段時間";
    CallIsNotPublished: "`load.{0}.{1}` 在此没有意义：调用不是发布", "`load.{0}.{1}` 在此沒有意義：呼叫不是發布";
    CallersAreLimitedBy: "限制调用者的是 `users`，限制调用的是服务的 `queue`", "限制呼叫者的是 `users`，限制呼叫的是服務的 `queue`";
    WindowWithoutConfirms: "没有发布确认，`load.{0}.window` 就没有意义：什么都不会得到确认", "沒有發布確認，`load.{0}.window` 就沒有意義：什麼都不會得到確認";
    LoadNeverEnds: "`load.{0}` 永不结束，运行也就不会结束", "`load.{0}` 永不結束，執行也就不會結束";
    GiveAnEnd: "请给场景加上 `until`，或给负载加上 `count`", "請給情境加上 `until`，或給負載加上 `count`";
    OffersTooMany: "`load.{0}` 发出 {1} 条消息，而 `limits.messages` 为 {2}", "`load.{0}` 發出 {1} 則訊息，而 `limits.messages` 為 {2}";
    SegmentTooLate: "`load.{0}` 有一段在运行结束时或之后才开始", "`load.{0}` 有一段在執行結束時或之後才開始";
    BurstTooLate: "`load.{0}` 有一次突发在运行结束时或之后，不会发生", "`load.{0}` 有一次突發在執行結束時或之後，不會發生";
    UsersNeverGo: "`load.{0}` 的用户从不离开，运行也就不会结束", "`load.{0}` 的使用者從不離開，執行也就不會結束";
    UntilIsStart: "`until`：开始之前什么都不会发生，运行需要一段时间", "`until`：開始之前什麼都不會發生，執行需要一段時間";
    CallCircle: "循环调用会互相等待：{0}", "循環呼叫會互相等待：{0}";
    TooManySources: "负载与发布步骤形成的消息来源过多：来源上限为 {0}，来源与其消息所到的队列或服务的组合上限为 {1}", "負載與發布步驟形成的訊息來源過多：來源上限為 {0}，來源與其訊息所到的佇列或服務的組合上限為 {1}";
    KeyWithoutKeys: "没有 `keys` 或 `things`，`load.{0}.key` 就没有意义", "沒有 `keys` 或 `things`，`load.{0}.key` 就沒有意義";
    ThingsForExample: "things = 100：这些消息关于一百位客户", "things = 100：這些訊息關於一百位客戶";
    DelayUnused: "此 `delay` 不起作用：只有 `delayed` 交换机才会扣留消息", "此 `delay` 不起作用：只有 `delayed` 交換器才會扣留訊息";
    ConfirmsStay: "进入确认模式的信道会一直保持：AMQP 有 `confirm.select`，却没有取消它的方法", "進入確認模式的通道會一直保持：AMQP 有 `confirm.select`，卻沒有取消它的方法";
    MandatoryCalls: "此 `mandatory` 不起作用：调用不经路由", "此 `mandatory` 不起作用：呼叫不經路由";
    LoadNeedsOneKey: "`load.{0}.keys` 至少需要一个键", "`load.{0}.keys` 至少需要一個鍵";
    LoadNeedsKeys: "`load.{0}` 发布到交换机，需要 `keys`", "`load.{0}` 發布到交換器，需要 `keys`";
    KeysForExample: "keys = [\"eu\", \"us\"]：每条消息带其中一个", "keys = [\"eu\", \"us\"]：每則訊息帶其中一個";
    LoadKeysUnused: "`load.{0}.keys` 不起作用：只有交换机才看路由键", "`load.{0}.keys` 不起作用：只有交換器才看路由鍵";
    Calls: "{0} 调用 {1}", "{0} 呼叫 {1}";
};
