//! What is done by hand: `[[at]]` entries.

pub(super) const ROWS: super::Rows = rows! {
    OnlyOneAct: "此处只能有一个 `[[at]]` 条目", "此處只能有一個 `[[at]]` 條目";
    OneActNeeded: "需要一个 `[[at]]` 条目，现有 {0} 个", "需要一個 `[[at]]` 條目，現有 {0} 個";
    OneSettingPerAct: "一次操作只更改一项设置，现有 {0} 项", "一次操作只更改一項設定，現有 {0} 項";
    EntryForEach: "请为每项各写一个条目", "請為每項各寫一個條目";
    NeverHappens: "这在运行结束时或之后，不会发生", "這在執行結束時或之後，不會發生";
    NoBrokerBetween: "两者都不是消息代理：它们之间没有这类数据包", "兩者都不是訊息代理：它們之間沒有這類封包";
    TooManyAtOnce: "一次 {0} 条消息，而 `limits.messages` 为 {1}", "一次 {0} 則訊息，而 `limits.messages` 為 {1}";
    TooManyWithKey: "{0} 条自带键或内容的消息，上限为 {1}", "{0} 則自帶鍵或內容的訊息，上限為 {1}";
    CallsLookAtNoKey: "`{0}` 直接调用 `{1}`：只有消息代理才看键", "`{0}` 直接呼叫 `{1}`：只有訊息代理才看鍵";
    AnotherQueueByHand: "`{0}` 不是 `{1}` 的队列，只有较小的场景才能手动发布到别的队列", "`{0}` 不是 `{1}` 的佇列，只有較小的情境才能手動發布到別的佇列";
    TooManyToFollow: "它的位置和消息来源太多，无法在各处跟踪每条消息", "它的位置和訊息來源太多，無法在各處追蹤每則訊息";
    PayloadTooLong: "内容有 {0} 字节，上限为 {1}", "內容有 {0} 位元組，上限為 {1}";
    NoSetting: "`{0}` 不是运行中可以更改的设置", "`{0}` 不是執行中可以更改的設定";
    SettingsBegin: "应以 load、service、table、broker、clock、link、links 或 faults.random 开头，如 \"service.writer.consume.prefetch\"", "應以 load、service、table、broker、clock、link、links 或 faults.random 開頭，如 \"service.writer.consume.prefetch\"";
    SettingTooMany: "`{0}`：{1} 条消息，而 `limits.messages` 为 {2}", "`{0}`：{1} 則訊息，而 `limits.messages` 為 {2}";
    ConsumesNoQueue: "`{0}`：`{1}` 不消费队列", "`{0}`：`{1}` 不消費佇列";
    HasNoSuchStep: "它没有 {0} 步骤", "它沒有 {0} 步驟";
    ItsSteps: "它的 {0} 步骤：{1}", "它的 {0} 步驟：{1}";
    NoSuchStep: "`{0}` 不是 {1} 步骤；步骤从 0 数起", "`{0}` 不是 {1} 步驟；步驟從 0 數起";
    WhatCanChange: "可以更改的有：{0}", "可以更改的有：{0}";
    CannotChange: "`{0}` 在运行中不能更改", "`{0}` 在執行中不能更改";
    NoLinkCalled: "没有 `link.{0}`", "沒有 `link.{0}`";
    LinkCanChange: "可以更改的有：link.{0}.latency、link.{0}.bandwidth、link.{0}.loss，若为调用还有 link.{0}.duplicate 和 link.{0}.reorder", "可以更改的有：link.{0}.latency、link.{0}.bandwidth、link.{0}.loss，若為呼叫還有 link.{0}.duplicate 和 link.{0}.reorder";
    LinksCanChange: "可以更改的有：links.latency、links.bandwidth 和 links.loss；单条连接的写法如 links.A.B.latency，其中 A、B 为两个节点的名称", "可以更改的有：links.latency、links.bandwidth 和 links.loss；單條連線的寫法如 links.A.B.latency，其中 A、B 為兩個節點的名稱";
    NoCallsBetween: "`{0}` 不能更改：两者之间没有调用", "`{0}` 不能更改：兩者之間沒有呼叫";
    NotConnected: "`{0}` 与 `{1}` 之间没有连接", "`{0}` 與 `{1}` 之間沒有連線";
    ConnectedWith: "与 `{0}` 连接的有 {1}", "與 `{0}` 連線的有 {1}";
};
