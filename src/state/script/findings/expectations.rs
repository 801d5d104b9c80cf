//! Expectations and metrics.

pub(super) const ROWS: super::Rows = rows! {
    ComparisonForm: "写法：metric(subject) == value，运算符为 == != < <= > >= 之一", "寫法：metric(subject) == value，運算子為 == != < <= > >= 之一";
    NoComparison: "其中没有比较", "其中沒有比較";
    Operators: "应为 == != < <= > >= 之一", "應為 == != < <= > >= 之一";
    NoSuchOperator: "没有这个运算符", "沒有這個運算子";
    BracketOpen: "括号没有闭合，或者其后还有内容", "括號沒有閉合，或者其後還有內容";
    NoSuchMetric: "没有指标 `{0}`", "沒有指標 `{0}`";
    MetricIs: "{0}({1})：{2}", "{0}({1})：{2}";
    MetricNeedsName: "`{0}` 需要指明名称：{1}", "`{0}` 需要指明名稱：{1}";
    NoFurtherArgument: "`{0}` 不接受更多参数", "`{0}` 不接受更多參數";
    DrainedForExample: "drained(orders, 12:00:00)：不早于该时刻", "drained(orders, 12:00:00)：不早於該時刻";
    NoInstant: "`{0}` 不是时刻", "`{0}` 不是時刻";
    StatesAre: "状态有 {0}", "狀態有 {0}";
    NoState: "`{0}` 不是行的状态", "`{0}` 不是列的狀態";
    RowAtForExample: "row_at(mysql, 2)：第二行；从 1 数起", "row_at(mysql, 2)：第二列；從 1 數起";
    NoRowNumber: "`{0}` 不是行的序号", "`{0}` 不是列的序號";
    CannotCompare: "`{0}` 不能与 `{1}` 比较", "`{0}` 不能與 `{1}` 比較";
    ComparedWith: "可与之比较的是{0}", "可與之比較的是{0}";
    NeverIsEqual: "`never` 只能比较是否相等", "`never` 只能比較是否相等";
    ToleranceOfNumbers: "只有用 == 和 != 与数比较时才能有容差", "只有用 == 和 != 與數比較時才能有容差";
    ToleranceForExample: "== 0.6687s +- 10%，或 == 953ms +- 1ms", "== 0.6687s +- 10%，或 == 953ms +- 1ms";
    NoTolerance: "`{0}` 在此不是容差", "`{0}` 在此不是容差";
    AskForQueue: "它不被直接调用；请改问它的队列 `{0}`", "它不被直接呼叫；請改問它的佇列 `{0}`";
    OfMetric: "指标 {0}：{1}", "指標 {0}：{1}";
    AfterTheEnd: "{0} 在运行结束（{1}）之后，永远不会检查", "{0} 在執行結束（{1}）之後，永遠不會檢查";
    SayOtherVariant: "如果别的变体中有它，请写明：variant = \"name\"", "如果別的變體中有它，請寫明：variant = \"name\"";
    ExpectsNoRows: "`{0}` 没有说明它的行因何而存在", "`{0}` 沒有說明它的列因何而存在";
    ExpectsForExample: "table.{0}.expects = ..，写负载或另一张数据表", "table.{0}.expects = ..，寫負載或另一張資料表";
    MeasuredOfOther: "`{0}` 度量的是{1}，而 `{2}` 不是", "`{0}` 度量的是{1}，而 `{2}` 不是";
};
