//! Connections and faults.

pub(super) const ROWS: super::Rows = rows! {
    KindWithoutCrash: "`at.kind` 说明 `crash` 的种类，而此处没有 `crash`", "`at.kind` 說明 `crash` 的種類，而此處沒有 `crash`";
    IdealDisk: "`{0}` 的磁盘是理想的：断电造成的损失不会多于终止进程", "`{0}` 的磁碟是理想的：斷電造成的損失不會多於終止行程";
    DiskThatSyncs: "不时同步的磁盘：broker.{0}.disk = { interval = \"200ms\" }", "不時同步的磁碟：broker.{0}.disk = { interval = \"200ms\" }";
    TwiceInGroups: "`{0}` 在各组中出现两次", "`{0}` 在各組中出現兩次";
    NothingCut: "这些组之间没有连接：什么也不会断开", "這些組之間沒有連線：什麼也不會中斷";
    LinkTwice: "`link.{0}`：两者之间另有一个 link", "`link.{0}`：兩者之間另有一個 link";
    LinkUnused: "`link.{0}` 不起作用：两者之间没有连接", "`link.{0}` 不起作用：兩者之間沒有連線";
    AboutCallsOnly: "`{0}` 针对调用，而此连接知道自己收到过什么", "`{0}` 針對呼叫，而此連線知道自己收到過什麼";
    WhatElseGoesWrong: "发往消息代理或数据表的可以迟到（`loss`、`latency`）、断开（`cut`），或随连接一同丢失（`lose`）", "發往訊息代理或資料表的可以遲到（`loss`、`latency`）、中斷（`cut`），或隨連線一同遺失（`lose`）";
    LinkOfOneNode: "link 连接的是两个不同的节点", "link 連接的是兩個不同的節點";
    TooManyRandom: "`faults.random` 产生的命令超过 {0} 条", "`faults.random` 產生的命令超過 {0} 條";
    RandomNeedsOne: "`faults.random`：至少需要 {0} 之一", "`faults.random`：至少需要 {0} 之一";
    TooManyRandomThen: "`{0}`：这样产生的命令超过 {1} 条", "`{0}`：這樣產生的命令超過 {1} 條";
    NothingRandom: "`{0}`：此处没有 `[faults.random]`", "`{0}`：此處沒有 `[faults.random]`";
    BeginRandomInText: "随机故障须先在文本中写出；若要等待，可写 `on = false`", "隨機故障須先在文字中寫出；若要等待，可寫 `on = false`";
    RandomWaitsFor: "`{0}`：给出 `{1}` 之前什么也不会发生", "`{0}`：給出 `{1}` 之前什麼也不會發生";
    RandomStopsBeforeStart: "`faults.random.stop` 不晚于 `start`：不会出任何问题", "`faults.random.stop` 不晚於 `start`：不會出任何問題";
    EndsBeforeWell: "运行在一切恢复正常之前就结束了：看不到最后结果如何", "執行在一切恢復正常之前就結束了：看不到最後結果如何";
    GoOnAfterStop: "请让运行在 `faults.random.stop` 之后再持续一段时间", "請讓執行在 `faults.random.stop` 之後再持續一段時間";
    CrashNeedsKind: "`faults.random.crash.kinds` 至少需要一个种类", "`faults.random.crash.kinds` 至少需要一個種類";
    NoSuchCrash: "`faults.random.crash.kinds`：没有 \"{0}\" 这种崩溃", "`faults.random.crash.kinds`：沒有 \"{0}\" 這種當機";
};
