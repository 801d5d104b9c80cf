//! Steps of services, and the tables that they write.

pub(super) const ROWS: super::Rows = rows! {
    TooManySteps: "一个服务的步骤超过 {0} 个", "一個服務的步驟超過 {0} 個";
    NeedsSteps: "`{0}` 需要 `steps`：由它决定的步骤", "`{0}` 需要 `steps`：由它決定的步驟";
    AttemptsWithin: "attempts 中再有 attempts 尚未建模", "attempts 中再有 attempts 尚未建模";
    TransactionWithin: "事务之中又有事务", "交易之中又有交易";
    EndsNoTransaction: "此处没有可以结束的事务", "此處沒有可以結束的交易";
    TransactionOfNothing: "此事务中没有与数据表有关的步骤", "此交易中沒有與資料表有關的步驟";
    TransactionHolds: "事务可包含对数据表所做的，或者在生产者有 `transactional_id` 时包含发往 Kafka 的：{ transaction = [{ publish = \"out\" }, \"ack\"] }", "交易可包含對資料表所做的，或者在生產者有 `transactional_id` 時包含發往 Kafka 的：{ transaction = [{ publish = \"out\" }, \"ack\"] }";
    OneTransactionAtATime: "生产者同一时间只能打开一个事务，因此其服务只能有一个工作线程", "生產者同一時間只能開啟一個交易，因此其服務只能有一個工作執行緒";
    PublishesOutside: "有 `transactional_id` 的生产者只在事务中发布，且每个事务只涉及 Kafka", "有 `transactional_id` 的生產者只在交易中發布，且每個交易只涉及 Kafka";
    ConfirmedAtItsEnd: "事务中发布的要到事务结束才被确认：`confirm` 会永远等下去", "交易中發布的要到交易結束才被確認：`confirm` 會永遠等下去";
    RabbitIsNoPart: "告诉 RabbitMQ 的不属于 Kafka 的事务", "告訴 RabbitMQ 的不屬於 Kafka 的交易";
    AckBehindIt: "可以把它放在事务之后", "可以把它放在交易之後";
    NackWithin: "在 Kafka 的事务中，用 \"rollback\" 撤回已做的", "在 Kafka 的交易中，用 \"rollback\" 撤回已做的";
    TwoPhasesOfRecords: "只涉及 Kafka 的事务自有两个阶段：`two_phase` 是针对数据库的", "只涉及 Kafka 的交易自有兩個階段：`two_phase` 是針對資料庫的";
    TooManyDatabases: "一个事务涉及 {0} 个数据库，上限为 {1}", "一個交易涉及 {0} 個資料庫，上限為 {1}";
    NotOneDatabase: "`{0}` 与 `{1}` 不在同一个数据库中，没有事务能同时包含两者", "`{0}` 與 `{1}` 不在同一個資料庫中，沒有交易能同時包含兩者";
    SameDatabase: "请让两张表的 `database` 相同，或给事务加上 `two_phase = true`", "請讓兩張表的 `database` 相同，或給交易加上 `two_phase = true`";
    NothingIsDuplicate: "`{0}` 来多少行就收多少行：那里没有重复可言", "`{0}` 來多少列就收多少列：那裡沒有重複可言";
    UpdateNeedsSet: "`update` 需要 `set`：行要改成的状态", "`update` 需要 `set`：列要改成的狀態";
    RowGoneAtOnce: "立即消失的行等于从未存在", "立即消失的列等於從未存在";
    PerThingExpects: "`table.{0}` 按事物各存一行，而 `expects` 是针对消息的", "`table.{0}` 按事物各存一列，而 `expects` 是針對訊息的";
    TableOfItsOwn: "数据表不能因它自己的行而存在", "資料表不能因它自己的列而存在";
    ConsumesOrScans: "服务要么消费队列，要么扫描数据表，不能两者并用", "服務要麼消費佇列，要麼掃描資料表，不能兩者並用";
    MakeTwoServices: "请分成两个服务", "請分成兩個服務";
    NothingButLook: "它会只顾查看：时间必须大于零", "它會只顧查看：時間必須大於零";
    ScannerNeedsUntil: "反复查看的服务需要 `until`：否则运行不会结束", "反覆查看的服務需要 `until`：否則執行不會結束";
};
