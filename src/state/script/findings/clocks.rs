//! Clocks.

pub(super) const ROWS: super::Rows = rows! {
    NoClockOfItsOwn: "`{0}` 在此没有自己的时钟", "`{0}` 在此沒有自己的時鐘";
    WhoHasClocks: "服务、数据表，以及作为定时器（`every`）的负载才有", "服務、資料表，以及作為計時器（`every`）的負載才有";
    ClockUnused: "`clock.{0}` 不起作用：`{0}` 所做的都不看时钟", "`clock.{0}` 不起作用：`{0}` 所做的都不看時鐘";
    WhatGoesByClocks: "看时钟的有：`timeout`、`backoff`、`breaker`、`pause`、`merge`、`scan`、`expires`、`lease`、`replace_by`、`every`", "看時鐘的有：`timeout`、`backoff`、`breaker`、`pause`、`merge`、`scan`、`expires`、`lease`、`replace_by`、`every`";
    LeaseByWithoutLease: "`lease_by` 说明 `lease` 以谁的时钟为准，而此处没有 `lease`", "`lease_by` 說明 `lease` 以誰的時鐘為準，而此處沒有 `lease`";
    ClaimOverAtOnce: "立即失效的占有等于没有占有", "立即失效的佔有等於沒有佔有";
    LeaseInTransaction: "事务中的 `lease` 尚未建模：提交之前别人看不到它", "交易中的 `lease` 尚未建模：提交之前別人看不到它";
    NothingReplaced: "`table.{0}` 中没有可取代的：它为每条消息各存一行", "`table.{0}` 中沒有可取代的：它為每則訊息各存一列";
    NothingGoesByClock: "`{0}` 所做的都不看时钟", "`{0}` 所做的都不看時鐘";
    ClockCanChange: "可以更改的有：clock.{0}.offset、clock.{0}.drift", "可以更改的有：clock.{0}.offset、clock.{0}.drift";
    StampInTransaction: "`{0}` 在事务中写入 `{1}`，与 `replace_by` 并用尚未建模", "`{0}` 在交易中寫入 `{1}`，與 `replace_by` 並用尚未建模";
    StampTogether: "`{0}` 合并写入 `{1}`，与 `replace_by` 并用尚未建模", "`{0}` 合併寫入 `{1}`，與 `replace_by` 並用尚未建模";
};
