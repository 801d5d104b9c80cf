//! Lessons.

pub(super) const ROWS: super::Rows = rows! {
    NeedsLanguages: "`{0}` 是{1}，需要每种语言各一段文本", "`{0}` 是{1}，需要每種語言各一段文字";
    WrittenAsTables: "`{0}` 是{1}；应写成 [[{0}]]", "`{0}` 是{1}；應寫成 [[{0}]]";
    ListOfTables: "`{0}` 是表的列表，而这是{1}", "`{0}` 是表的清單，而這是{1}";
    ExpectedText: "应为文本，实为{0}", "應為文字，實為{0}";
    NobodyLooks: "场景在此时刻没有这样的期望，因此没有谁去看", "情境在此時刻沒有這樣的期望，因此沒有誰去看";
    ExpectTheSame: "请在场景中加上同样的 [[expect]]，或去掉 `at`", "請在情境中加上同樣的 [[expect]]，或去掉 `at`";
    SayWhichVariant: "场景有多个变体，请写明：variant = \"name\"", "情境有多個變體，請寫明：variant = \"name\"";
    CannotMeasure: "在变体 `{2}` 中无法度量 `{1}` 的 `{0}`", "在變體 `{2}` 中無法度量 `{1}` 的 `{0}`";
    TakesNoNote: "场景对此没有期望，因此运行不会记下它", "情境對此沒有期望，因此執行不會記下它";
    ExpectTheMetric: "请在场景中加上同一指标的 [[expect]]", "請在情境中加上同一指標的 [[expect]]";
    TheLesson: "讲解", "講解";
    LessonNeedsOne: "讲解至少需要一个 [[{0}]]", "講解至少需要一個 [[{0}]]";
    TheWatched: "观察项", "觀察項";
    APrediction: "预测", "預測";
    CannotAnswer: "`{0}` 不能用 {1} 来回答", "`{0}` 不能用 {1} 來回答";
    AWrongAnswer: "错误答案", "錯誤答案";
    NoAnswerOfKind: "`{0}` 不是此类答案", "`{0}` 不是此類答案";
    ATry: "试一试", "試一試";
    OneWayToTry: "`set`、`add` 与 `open` 一次只能用一个", "`set`、`add` 與 `open` 一次只能用一個";
    NoSettingForm: "`{0}` 不是 service.writer.workers = 2 这样的设置", "`{0}` 不是 service.writer.workers = 2 這樣的設定";
    NoKindOfAnswer: "没有 `{0}` 这类答案", "沒有 `{0}` 這類答案";
    NoUnitOfTime: "`{0}` 不是 ms 或 s 这样的时间单位", "`{0}` 不是 ms 或 s 這樣的時間單位";
    ToleranceOrAmount: "1%，或一个量，如 5 或 10ms", "1%，或一個量，如 5 或 10ms";
};
