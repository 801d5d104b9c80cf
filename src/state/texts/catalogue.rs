//! The catalogue: one row per text, one column per language. A row with a
//! missing column does not compile.

macro_rules! catalogue {
    ($($key:ident: $english:literal, $simplified:literal, $traditional:literal;)+) => {
        /// A text of the page.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Key { $(#[doc = $english] $key),+ }

        impl Key {
            /// Every key, in the order of the catalogue.
            pub const ALL: &'static [Key] = &[$(Key::$key),+];

            /// Its texts, in the order of the languages.
            pub const fn texts(self) -> [&'static str; 3] {
                match self { $(Key::$key => [$english, $simplified, $traditional]),+ }
            }
        }
    };
}

catalogue! {
    // The header.
    Scenario: "Scenario", "场景", "情境";
    Transport: "Run", "运行", "執行";
    Play: "Play", "播放", "播放";
    Pause: "Pause", "暂停", "暫停";
    Step: "Step to the next instant", "前进到下一时刻", "前進到下一時刻";
    StepBack: "Back to the instant before", "退回到上一时刻", "退回到上一時刻";
    Restart: "Restart", "重新开始", "重新開始";
    Speed: "Speed", "速度", "速度";
    SpeedMax: "full speed", "全速", "全速";
    SpeedReal: "reaches {}", "实际 {}", "實際 {}";
    Clock: "Simulated time", "模拟时间", "模擬時間";
    Seed: "seed {}", "种子 {}", "種子 {}";
    Digest: "digest", "摘要", "摘要";
    DigestHelp: "Digest of every fact so far: equal for equal runs, here and on the command line", "迄今全部事实的摘要：相同的运行得到相同的摘要，命令行中亦然", "迄今全部事實的摘要：相同的執行得到相同的摘要，命令列中亦然";
    LanguageLabel: "Language", "语言", "語言";
    ThemeLabel: "Theme", "主题", "主題";
    ThemeSystem: "Auto", "自动", "自動";
    ThemeLight: "Light", "浅色", "淺色";
    ThemeDark: "Dark", "深色", "深色";

    // How the run stands.
    StateReady: "ready", "就绪", "就緒";
    StateRunning: "running", "运行中", "執行中";
    StatePaused: "paused", "已暂停", "已暫停";
    StateFinished: "finished", "已结束", "已結束";
    StateLimit: "ended by the limit “{}”", "因达到上限“{}”而结束", "因達到上限「{}」而結束";
    StateFailed: "This scenario cannot run", "此场景无法运行", "此情境無法執行";
    StateFailedHelp: "Its text has errors:", "场景文本中有错误：", "情境文字中有錯誤：";
    LineColumn: "line {}", "第 {} 行", "第 {} 行";

    // Panels.
    Lesson: "Lesson", "讲解", "講解";
    NoAbout: "This scenario says nothing about itself.", "此场景没有说明。", "此情境沒有說明。";
    Expectations: "What must be so", "应当成立的结果", "應當成立的結果";
    ExpectHeld: "holds", "成立", "成立";
    ExpectFailed: "does not hold", "不成立", "不成立";
    ExpectPending: "not yet known", "尚未可知", "尚未可知";
    ExpectAt: "at {}", "于 {}", "於 {}";
    ExpectEnd: "at the end", "结束时", "結束時";
    ExpectAlways: "always", "始终", "始終";
    ExpectNever: "never", "从不", "從不";
    ExpectGot: "it was {}", "实际为 {}", "實際為 {}";
    Script: "Script", "脚本", "指令稿";
    Facts: "Facts", "事实", "事實";
    LifeUntil: "followed up to {}", "跟踪至 {}", "追蹤至 {}";
    LifeOf: "Life of message {}", "消息 {} 的经历", "訊息 {} 的經歷";
    Panels: "Panels", "面板", "面板";
    Boards: "Charts and comparison", "图表与对比", "圖表與對比";
    ChartsTab: "Charts", "图表", "圖表";
    Compare: "Compare", "对比", "對比";
    Gallery: "Gallery", "场景库", "情境庫";
    Keys: "Keyboard", "键盘", "鍵盤";
    KeysHelp: "Space plays and pauses, → and ← step, R restarts.", "空格播放或暂停，→ ← 单步前进或后退，R 重新开始。", "空白鍵播放或暫停，→ ← 單步前進或後退，R 重新開始。";
    Inspector: "Selected", "所选对象", "所選物件";
    Variants: "Variants", "变体", "變體";
    NoneShown: "No variant is shown. Choose one above.", "没有显示任何变体，请在上方选择。", "沒有顯示任何變體，請在上方選擇。";
    CatchingUp: "catching up, now at {}", "正在追赶，当前 {}", "正在追趕，目前 {}";
    AsTable: "as table", "表格", "表格";
    NumbersOf: "Numbers of {}", "{} 的数据", "{} 的數據";
    NumbersOfCharts: "Numbers of the charts", "图表数据", "圖表數據";
    Name: "Name", "名称", "名稱";
    Kind: "Kind", "类型", "類型";
    State: "State", "状态", "狀態";
    Number: "Number", "数值", "數值";
    Variant: "Variant", "变体", "變體";

    // Kinds of things.
    Load: "load", "负载", "負載";
    Exchange: "exchange", "交换机", "交換器";
    Queue: "queue", "队列", "佇列";
    Service: "service", "服务", "服務";
    Table: "table", "数据表", "資料表";

    // Numbers of things.
    Ready: "Ready", "就绪", "就緒";
    Unacked: "Unacked", "未确认", "未確認";
    Backlog: "Backlog", "积压", "積壓";
    Consumers: "Consumers", "消费者", "消費者";
    PublishRate: "In", "流入", "流入";
    DeliverRate: "Delivered", "投递", "投遞";
    Redelivered: "Redelivered", "重新投递", "重新投遞";
    Oldest: "Oldest message", "最旧消息", "最舊訊息";
    OldestShort: "oldest {}", "最旧 {}", "最舊 {}";
    Accepted: "Accepted", "已接收", "已接收";
    Handled: "Handled", "已处理", "已處理";
    Settled: "Acknowledged", "已确认", "已確認";
    WaitMean: "Wait, mean", "等待，平均", "等待，平均";
    WaitP50: "Wait, median", "等待，中位数", "等待，中位數";
    WaitP99: "Wait, 99 %", "等待，99 %", "等待，99 %";
    WaitMax: "Wait, longest", "等待，最长", "等待，最長";
    Offered: "Offered", "已发出", "已發出";
    Confirmed: "Confirmed", "已获确认", "已獲確認";
    Refused: "Refused", "被拒绝", "被拒絕";
    Responded: "Answered", "已应答", "已回應";
    ResponseMean: "Response, mean", "响应，平均", "回應，平均";
    ResponseP99: "Response, 99 %", "响应，99 %", "回應，99 %";
    Outstanding: "Not yet confirmed", "尚未获确认", "尚未獲確認";
    PlannedRate: "Rate by plan", "计划速率", "計劃速率";
    MeasuredRate: "Rate", "速率", "速率";
    Workers: "Workers", "工作线程", "工作執行緒";
    Busy: "Busy now", "当前忙碌", "目前忙碌";
    BusyShare: "Busy lately", "近期忙碌", "近期忙碌";
    BusyShort: "{} busy", "忙碌 {}", "忙碌 {}";
    InHand: "in hand", "处理中", "處理中";
    Utilisation: "Busy all along", "总体忙碌", "整體忙碌";
    Buffered: "In hand, not begun", "已取未处理", "已取未處理";
    Prefetch: "Prefetch", "预取", "預取";
    NoLimit: "no limit", "无上限", "無上限";
    Rows: "Rows", "行数", "列數";
    Capacity: "Capacity", "容量", "容量";
    Pending: "Unfinished", "未完成", "未完成";
    WritesRefused: "Refused writes", "被拒写入", "被拒寫入";
    PeakRate: "Peak, in one second", "单秒峰值", "單秒峰值";
    DiedAt: "Died at", "宕机于", "當機於";
    Head: "Head of the queue", "队首", "佇列開頭";
    HeadEmpty: "Nothing waits.", "没有等待的消息。", "沒有等待的訊息。";
    Message: "Message", "消息", "訊息";
    Published: "Offered", "发出", "發出";
    Waiting: "Waiting", "已等待", "已等待";

    // States of things.
    Up: "up", "运行", "運作";
    DeadSince: "dead since {}", "自 {} 起宕机", "自 {} 起當機";
    Dead: "dead", "已宕机", "已當機";
    PausedNode: "held", "已挂起", "已暫停";
    AtLimit: "at its limit", "已达上限", "已達上限";
    ReadyShort: "ready", "就绪", "就緒";
    InFlight: "{} in flight", "{} 在途", "{} 在途";
    Full: "Drawn full at", "满格对应", "滿格對應";

    // What is done by hand.
    Acts: "Done by hand", "手动操作", "手動操作";
    ActCrash: "crash {}", "{} 崩溃", "{} 當機";
    ActRestart: "restart {}", "重启 {}", "重新啟動 {}";
    ActPause: "pause {}", "暂停 {}", "暫停 {}";
    ActResume: "resume {}", "恢复 {}", "恢復 {}";
    ActPublish: "{} publishes", "{} 发布", "{} 發布";
    ActionsOf: "Actions", "操作", "操作";
    Crash: "Crash", "崩溃", "當機";
    RestartNode: "Restart", "重启", "重新啟動";
    PauseNode: "Pause", "暂停", "暫停";
    ResumeNode: "Resume", "恢复", "恢復";
    PublishOne: "Publish", "发布", "發布";
    PublishCount: "How many", "条数", "筆數";
    InAllVariants: "in all variants", "在所有变体中", "在所有變體中";
    Undo: "Undo", "撤销", "復原";
    Redo: "Redo", "重做", "重做";
    RemoveAct: "Take out: {}", "移除：{}", "移除：{}";
    ActsToScript: "Write into the script", "写入脚本", "寫入指令稿";
    TooLate: "The run is over. Go back to an earlier instant to change something.", "运行已结束。请退回到更早的时刻再进行操作。", "執行已結束。請退回到更早的時刻再進行操作。";
    NotDone: "This cannot be done: {}", "无法执行：{}", "無法執行：{}";

    // Verdicts.
    ChipLost: "{} lost", "丢失 {}", "遺失 {}";
    ChipLostUnconfirmed: "{} lost, unconfirmed", "未确认丢失 {}", "未確認遺失 {}";
    ChipDuplicated: "{} duplicated", "重复 {}", "重複 {}";
    ChipReordered: "{} out of order", "乱序 {}", "亂序 {}";
    ChipAgain: "{} delivered again", "再次投递 {}", "再次投遞 {}";
    ChipOverloaded: "overloaded at {}", "于 {} 过载", "於 {} 過載";
    ChipNotOverloaded: "nothing overloaded", "无过载", "無過載";
    ChipStuck: "{} stuck", "滞留 {}", "滯留 {}";
    ChipRefused: "{} refused", "拒绝 {}", "拒絕 {}";
    ChipLimit: "limit “{}”", "上限“{}”", "上限「{}」";
    ChipShow: "show the first time", "查看首次发生", "查看首次發生";
    ChipGood: "good", "良好", "良好";
    ChipBad: "bad", "不良", "不良";
    ChipNote: "note", "注意", "注意";
    Verdicts: "Verdicts", "判定", "判定";

    // The charts.
    Timeline: "Timeline: choose an instant to run to", "时间轴：选择要运行到的时刻", "時間軸：選擇要執行到的時刻";
    Charts: "Rate, backlog and waiting time over the simulated time", "速率、积压与等待时间随模拟时间的变化", "速率、積壓與等待時間隨模擬時間的變化";
    ChartRate: "rate", "速率", "速率";
    ChartBacklog: "backlog", "积压", "積壓";
    ChartWait: "wait, p99", "等待 p99", "等待 p99";
    In: "in {}", "入 {}", "入 {}";
    Out: "out {}", "出 {}", "出 {}";
    Dies: "{} dies", "{} 宕机", "{} 當機";
    SampledEvery: "one sample every {}", "每 {} 一个样本", "每 {} 一個樣本";

    // The script.
    ScriptTools: "Script tools", "脚本工具", "指令稿工具";
    ScriptFormat: "Format", "格式化", "格式化";
    ScriptFormatted: "The text is formatted. Comments stay.", "文本已格式化，注释保持不变。", "文字已格式化，註解保持不變。";
    ScriptFormattedAlready: "The text is formatted already.", "文本已经是规范格式。", "文字已經是標準格式。";
    ScriptNotToml: "The text is not valid TOML yet: mend the errors first, then format it.", "文本还不是有效的 TOML：请先改正错误，再格式化。", "文字還不是有效的 TOML：請先修正錯誤，再格式化。";
    ScriptSuggest: "Suggest", "建议", "建議";
    ScriptSuggestions: "Suggestions", "建议列表", "建議清單";
    ScriptSuggestionCount: "{} suggestions", "{} 条建议", "{} 項建議";
    ScriptNoSuggestions: "Nothing to suggest here.", "此处没有建议。", "此處沒有建議。";
    ScriptRevert: "Revert", "还原", "還原";
    ScriptRevertAsk: "Put the gallery's text back in place of yours? Undo brings yours back.", "用场景库中的原文替换您的文本？之后仍可撤销。", "以情境庫中的原文取代您的文字？之後仍可復原。";
    ScriptRevertYes: "Put it back", "换回原文", "換回原文";
    ScriptRevertNo: "Keep mine", "保留我的", "保留我的";
    ScriptReverted: "The gallery's text is back.", "已换回场景库中的原文。", "已換回情境庫中的原文。";
    ScriptChanged: "changed", "已修改", "已修改";
    ScriptChangedHelp: "The text differs from the one in the gallery.", "文本与场景库中的原文不同。", "文字與情境庫中的原文不同。";
    ScriptError: "error", "错误", "錯誤";
    ScriptWarning: "warning", "警告", "警告";
    ScriptOneError: "1 error", "1 个错误", "1 個錯誤";
    ScriptErrors: "{} errors", "{} 个错误", "{} 個錯誤";
    ScriptOneWarning: "1 warning", "1 个警告", "1 個警告";
    ScriptWarnings: "{} warnings", "{} 个警告", "{} 個警告";
    ScriptRuns: "The run shows this text.", "运行的就是这份文本。", "執行的就是這份文字。";
    ScriptRunsWith: "The run shows this text: {}.", "运行的就是这份文本：{}。", "執行的就是這份文字：{}。";
    ScriptRunsOlder: "The run shows the text of a moment ago: {}.", "运行的仍是之前的文本：{}。", "執行的仍是先前的文字：{}。";
    ScriptRunsNothing: "This text cannot run: {}.", "此文本无法运行：{}。", "此文字無法執行：{}。";
    ScriptReadIn: "read in {}", "读取用时 {}", "讀取耗時 {}";
    ScriptReplace: "Replace with “{}”", "替换为“{}”", "取代為「{}」";
    ScriptFindings: "Findings", "检查结果", "檢查結果";
    ScriptNextFinding: "Next finding (F8)", "下一处（F8）", "下一處（F8）";
    ScriptPreviousFinding: "Previous finding (Shift+F8)", "上一处（Shift+F8）", "上一處（Shift+F8）";
    ScriptKeys: "Keys of the editor", "编辑器按键", "編輯器按鍵";
    ScriptKeyRun: "run the text at once", "立即运行文本", "立即執行文字";
    ScriptKeySuggest: "suggest what may stand here", "建议此处可写的内容", "建議此處可寫的內容";
    ScriptKeyFinding: "next finding, with Shift the one before", "下一处检查结果，加 Shift 为上一处", "下一處檢查結果，加 Shift 為上一處";
    ScriptKeyIndent: "indent more or less; Tab moves on", "增减缩进；Tab 键移到下一控件", "增減縮排；Tab 鍵移到下一個控制項";
    ScriptKeyComment: "make comments of lines, or lines of comments", "注释或取消注释所选行", "註解或取消註解所選行";
    ScriptReference: "Language reference", "语言参考", "語言參考";
    ScriptReferenceSearch: "Search keys and metrics", "搜索键和指标", "搜尋鍵與指標";
    ScriptReferenceNone: "No key or metric matches.", "没有匹配的键或指标。", "沒有符合的鍵或指標。";
    ScriptReferenceCount: "{} entries", "{} 项", "{} 項";
    ScriptMetric: "metric", "指标", "指標";
    ScriptDefault: "default: {}", "默认：{}", "預設：{}";
    ScriptRequired: "required", "必填", "必填";
    ScriptLive: "can change during a run", "运行中可更改", "執行中可更改";
    ScriptBroker: "broker", "消息代理", "訊息代理";
    ScriptLink: "connection", "连接", "連線";

    // What the keys of the script hold.
    HoldsText: "text", "文本", "文字";
    HoldsTexts: "list of texts", "文本列表", "文字清單";
    HoldsRow: "row of the catalogue", "目录条目", "目錄條目";
    HoldsInteger: "whole number, {}", "整数，{}", "整數，{}";
    HoldsFlag: "true or false", "true 或 false", "true 或 false";
    HoldsTrue: "only true", "只能为 true", "只能為 true";
    HoldsChoice: "one of {}", "{} 之一", "{} 之一";
    HoldsSpan: "length of time", "时长", "時長";
    HoldsTime: "instant", "时刻", "時刻";
    HoldsRate: "rate", "速率", "速率";
    HoldsRates: "rate, or list of instants with rates", "速率，或时刻与速率的列表", "速率，或時刻與速率的清單";
    HoldsDist: "length of time, or a distribution", "时长或其分布", "時長或其分布";
    HoldsBurst: "list of instants with numbers", "时刻与数量的列表", "時刻與數量的清單";
    HoldsWorkers: "whole number from 1, or \"unlimited\"", "从 1 起的整数，或 \"unlimited\"", "從 1 起的整數，或 \"unlimited\"";
    HoldsName: "name", "名称", "名稱";
    HoldsNames: "list of names", "名称列表", "名稱清單";
    HoldsNameOrNames: "name, or list of names", "名称或名称列表", "名稱或名稱清單";
    HoldsEnds: "two names", "两个名称", "兩個名稱";
    HoldsComparison: "comparison", "比较式", "比較式";
    HoldsSteps: "list of steps", "步骤列表", "步驟清單";
    HoldsSettings: "paths with new values", "路径与新值", "路徑與新值";
    HoldsTable: "table", "表", "表";
    HoldsMap: "table of names", "以名称为键的表", "以名稱為鍵的表";
    HoldsTables: "list of tables", "表的列表", "表的清單";
    HoldsCount: "number", "数量", "數量";
    HoldsRatio: "percentage", "百分比", "百分比";

    // What a finding about the script is, by its code.
    CodeAcknowledgedTwice: "Acknowledged twice", "重复确认", "重複確認";
    CodeBadExpectation: "Expectation that cannot be read", "无法读取的期望", "無法讀取的期望";
    CodeBadName: "Name that is not allowed", "不允许的名称", "不允許的名稱";
    CodeBadOverride: "Override that does not fit", "不适用的覆盖设置", "不適用的覆寫設定";
    CodeBadSetting: "Setting that cannot change", "不能更改的设置", "不能更改的設定";
    CodeBadStep: "Unknown step", "未知步骤", "未知步驟";
    CodeBadValue: "Value that does not fit", "不合适的值", "不合適的值";
    CodeCallCycle: "Services that call each other in a circle", "服务循环调用", "服務循環呼叫";
    CodeDuplicateBinding: "Binding twice", "重复的绑定", "重複的繫結";
    CodeDuplicateLink: "Connection twice", "重复的连接", "重複的連線";
    CodeDuplicateName: "Name twice", "重名", "名稱重複";
    CodeEndless: "Run without an end", "没有结束的运行", "沒有結束的執行";
    CodeKeys: "Routing keys that do not fit", "不合适的路由键", "不合適的路由鍵";
    CodeLimit: "Beyond a limit", "超出上限", "超出上限";
    CodeMissingKey: "Missing key", "缺少键", "缺少鍵";
    CodeNeverAcknowledged: "Never acknowledged", "从未确认", "從未確認";
    CodeNewName: "New name in a variant", "变体中的新名称", "變體中的新名稱";
    CodeNothingToAcknowledge: "Nothing to acknowledge", "没有可确认的消息", "沒有可確認的訊息";
    CodeOneAct: "Not one act", "不是单一操作", "不是單一操作";
    CodeOneOf: "Exactly one is needed", "必须且只能有一个", "必須且只能有一個";
    CodeOutOfRange: "Out of range", "超出范围", "超出範圍";
    CodeRow: "Unlisted row", "未列出的条目", "未列出的條目";
    CodeSegments: "Segments that do not fit", "不合适的分段", "不合適的分段";
    CodeSharedKey: "Key of all variants", "所有变体共用的键", "所有變體共用的鍵";
    CodeToml: "Not valid TOML", "不是有效的 TOML", "不是有效的 TOML";
    CodeTooLate: "Too late", "为时过晚", "為時已晚";
    CodeUnknownKey: "Unknown key", "未知的键", "未知的鍵";
    CodeUnknownName: "Unknown name", "未知名称", "未知名稱";
    CodeUnknownSubject: "Nothing to measure", "没有可度量的对象", "沒有可度量的物件";
    CodeUnknownVariant: "Unknown variant", "未知变体", "未知變體";
    CodeUnsupported: "Not supported", "不支持", "不支援";
    CodeUnusedLink: "Unused connection", "未使用的连接", "未使用的連線";
    CodeWrongType: "Wrong kind of value", "值的类型不对", "值的類型不對";

    // What the shell says when the page itself breaks.
    FailedTitle: "The laboratory has stopped", "实验室已停止", "實驗室已停止";
    FailedHelp: "The page hit an error of its own and cannot go on. Reload it to start again.", "页面自身出错，无法继续。请重新载入。", "頁面自身出錯，無法繼續。請重新載入。";
    Reload: "Reload", "重新载入", "重新載入";
}
