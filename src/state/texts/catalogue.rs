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

    // The sheet of shortcuts.
    Help: "Shortcuts", "快捷键", "快速鍵";
    Close: "Close", "关闭", "關閉";
    HelpToggle: "Play or pause", "播放或暂停", "播放或暫停";
    HelpZoom: "Zoom the stage", "缩放舞台", "縮放舞台";
    HelpFit: "Fit the stage to its frame", "让舞台适合窗口", "讓舞台符合視窗";
    HelpFields: "In a field, keys belong to the field.", "焦点在输入框中时，按键用于输入。", "焦點在輸入框中時，按鍵用於輸入。";

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
    ChartWait: "wait", "等待", "等待";
    In: "in", "入", "入";
    Out: "out", "出", "出";
    Dies: "{} dies", "{} 宕机", "{} 當機";
    SampledEvery: "one sample every {}", "每 {} 一个样本", "每 {} 一個樣本";

    // The boards: charts, their crosshair, their files.
    ChartAge: "oldest", "最旧消息", "最舊訊息";
    ChartLoad: "in use", "利用率", "使用率";
    ChartUnacked: "unacked", "未确认", "未確認";
    ChartLongest: "longest", "最长", "最長";
    ChartsShown: "Charts", "显示的图表", "顯示的圖表";
    ChartsNone: "No chart is shown. Choose some under “Charts”.", "没有显示任何图表，请在“显示的图表”中选择。", "沒有顯示任何圖表，請在「顯示的圖表」中選擇。";
    Percentiles: "Waits up to", "等待的百分位", "等待的百分位";
    TableShort: "Table", "表格", "表格";
    TableOf: "Table: {}", "表格：{}", "表格：{}";
    SaveCsv: "Save as CSV: {}", "存为 CSV：{}", "存為 CSV：{}";
    SaveSvg: "Save as SVG: {}", "存为 SVG：{}", "存為 SVG：{}";
    Crosshair: "Crosshair: arrow keys move it, Enter runs to its instant, Escape takes it away", "十字线：方向键移动，回车运行到该时刻，Esc 取消", "十字線：方向鍵移動，Enter 執行到該時刻，Esc 取消";
    CrosshairOff: "no instant chosen", "未选择时刻", "未選擇時刻";
    NotYet: "not reached yet", "尚未运行到", "尚未執行到";
    AsOf: "as of {}", "{} 时", "{} 時";
    AsOfIn: "in {}", "流入 {}", "流入 {}";
    AsOfWaiting: "{} waiting", "积压 {}", "積壓 {}";
    AsOfOut: "out {}", "流出 {}", "流出 {}";
    RunToInstant: "Run to {}", "运行到 {}", "執行到 {}";
    BoardsTall: "Height of the charts", "图表区高度", "圖表區高度";
    Time: "Time", "时间", "時間";
    RowsThinned: "Every {}, the latest first; the file has every sample.", "每 {} 一行，最新在前；文件中包含全部样本。", "每 {} 一列，最新在前；檔案中包含全部樣本。";

    // Marks on the time axis.
    Marks: "Marks", "标记", "標記";
    MarksNone: "Nothing is marked yet.", "尚无标记。", "尚無標記。";
    MarksMore: "and {} more", "另有 {} 个", "另有 {} 個";
    MarkByHand: "by hand: {}", "手动：{}", "手動：{}";
    MarkChange: "change {}", "更改 {}", "變更 {}";
    MarkLost: "first loss", "首次丢失", "首次遺失";
    MarkLostUnconfirmed: "first loss, unconfirmed", "首次丢失（未确认）", "首次遺失（未確認）";
    MarkDuplicated: "first duplicate", "首次重复", "首次重複";
    MarkReordered: "first out of order", "首次乱序", "首次亂序";
    MarkAgain: "first delivered again", "首次再次投递", "首次再次投遞";
    MarkOverloaded: "first overload", "首次过载", "首次過載";
    MarkStuck: "first stuck", "首次滞留", "首次滯留";

    // The comparison.
    CompareOne: "There is one variant: nothing to compare. Its figures:", "只有一个变体，没有可对比的对象。其数据如下：", "只有一個變體，沒有可對比的對象。其數據如下：";
    CompareWith: "Compared with", "对比基准", "對比基準";
    HideEqual: "Hide equal rows", "隐藏相同的行", "隱藏相同的列";
    AllEqual: "All rows are equal.", "所有行都相同。", "所有列都相同。";
    CompareWhole: "The whole run", "整个运行", "整個執行";
    CompareMetric: "Figure", "指标", "指標";
    CompareSame: "same", "相同", "相同";
    CompareBetter: "better", "更好", "更好";
    CompareWorse: "worse", "更差", "更差";
    CompareNever: "never", "从未", "從未";
    ComparePoints: "{} points", "{} 个百分点", "{} 個百分點";
    CompareLost: "Lost", "丢失", "遺失";
    CompareLostUnconfirmed: "Lost, unconfirmed", "丢失（未确认）", "遺失（未確認）";
    CompareDuplicated: "Duplicated", "重复", "重複";
    CompareAgain: "Delivered again", "再次投递", "再次投遞";
    CompareReordered: "Out of order", "乱序", "亂序";
    CompareOverloaded: "Died of overload", "因过载宕机", "因過載當機";
    CompareStuck: "Stuck", "滞留", "滯留";
    ComparePeakBacklog: "Largest backlog (sampled)", "最大积压（采样）", "最大積壓（取樣）";
    ComparePeakAt: "Largest backlog at", "最大积压的时刻", "最大積壓的時刻";
    CompareDrained: "Empty again, from {} on", "再次清空（{} 起）", "再次清空（{} 起）";
    CompareWaited: "Had to wait", "需要等待的条数", "需要等待的筆數";
    CompareWaitP90: "Wait, 90 %", "等待，90 %", "等待，90 %";
    CompareWaitP999: "Wait, 99.9 %", "等待，99.9 %", "等待，99.9 %";
    CompareLatencyP50: "Until done, median", "至完成，中位数", "至完成，中位數";
    CompareLatencyP99: "Until done, 99 %", "至完成，99 %", "至完成，99 %";
    CompareLatencyMax: "Until done, longest", "至完成，最长", "至完成，最長";
    CompareDeaths: "Deaths", "宕机次数", "當機次數";
    ComparePeakAsked: "Most asked, in one second", "单秒请求峰值", "單秒請求峰值";
    CompareUnroutable: "Unroutable", "无法路由", "無法路由";

    // What the shell says when the page itself breaks.
    FailedTitle: "The laboratory has stopped", "实验室已停止", "實驗室已停止";
    FailedHelp: "The page hit an error of its own and cannot go on. Reload it to start again.", "页面自身出错，无法继续。请重新载入。", "頁面自身出錯，無法繼續。請重新載入。";
    Reload: "Reload", "重新载入", "重新載入";

    // What is wrong with a link.
    LinkTooLong: "It has {} characters; a link has at most 8,000.", "链接有 {} 个字符，最多只能有 8,000 个。", "連結有 {} 個字元，最多只能有 8,000 個。";
    LinkUnknownVersion: "This page does not know links of version “{}”. A newer page may.", "本页面不认识版本为“{}”的链接，较新的页面也许认识。", "本頁面不認識版本為「{}」的連結，較新的頁面也許認識。";
    LinkForeignCharacter: "A character that links never hold: {}.", "出现了链接中不会有的字符：{}。", "出現了連結中不會有的字元：{}。";
    LinkCutShort: "Its end is missing. Was it copied whole?", "链接的结尾缺失。是否完整复制？", "連結的結尾缺失。是否完整複製？";
    LinkContinued: "Something stands behind its end that does not belong to it.", "链接结尾之后还有多余的内容。", "連結結尾之後還有多餘的內容。";
    LinkChanged: "Its checksum does not fit: a part of it was changed on the way.", "校验和不符：链接在传送途中有部分被改动。", "總和檢查碼不符：連結在傳送途中有部分被改動。";
    LinkBroken: "Its content cannot be unpacked.", "内容无法解压。", "內容無法解壓縮。";
    LinkTooLarge: "Unpacked, its content is larger than a link may hold.", "解压后的内容超过链接允许的大小。", "解壓縮後的內容超過連結允許的大小。";
    LinkContentCut: "Its content ends in the middle of a field.", "内容在某个字段中途结束。", "內容在某個欄位中途結束。";
    LinkUnknownField: "Field {} is not known.", "未知的字段 {}。", "未知的欄位 {}。";
    LinkRepeatedField: "Given twice: {}.", "重复出现：{}。", "重複出現：{}。";
    LinkNoScript: "There is no script in it.", "其中没有脚本。", "其中沒有指令碼。";
    LinkNotUtf8: "Not readable as text (UTF-8): {}.", "无法作为文本（UTF-8）读取：{}。", "無法作為文字（UTF-8）讀取：{}。";
    LinkControlCharacter: "Control characters, which cannot be seen, in: {}.", "含有看不见的控制字符：{}。", "含有看不見的控制字元：{}。";
    LinkOutOfRange: "A number outside of what is possible: {}.", "数值超出允许范围：{}。", "數值超出允許範圍：{}。";
    LinkMalformed: "Not built as it should be: {}.", "格式不正确：{}。", "格式不正確：{}。";
    LinkFieldTooLong: "Longer than it may be: {}.", "超过允许的长度：{}。", "超過允許的長度：{}。";
    LinkTooMany: "More entries than there may be: {}.", "条目过多：{}。", "項目過多：{}。";
    LinkUnknownName: "Not known – {}.", "未知的值——{}。", "未知的值──{}。";
    LinkUnknownFlag: "There is no setting “{}”. There are: scenario, t, seed, lang, theme, paused, embed.", "没有名为“{}”的设置。可用的有：scenario、t、seed、lang、theme、paused、embed。", "沒有名為「{}」的設定。可用的有：scenario、t、seed、lang、theme、paused、embed。";
    LinkRepeatedFlag: "Set twice: {}.", "重复设置：{}。", "重複設定：{}。";
    LinkNoValue: "A value is missing: {}.", "缺少值：{}。", "缺少值：{}。";
    LinkNeedlessValue: "It takes no value: {}.", "不需要值：{}。", "不需要值：{}。";
    LinkBadValue: "Not a possible value: {}.", "无效的值：{}。", "無效的值：{}。";
    LinkEmptyFlag: "There is nothing between two “&”, or behind the last one.", "两个“&”之间或最后一个“&”之后没有内容。", "兩個「&」之間或最後一個「&」之後沒有內容。";
    LinkBadPercent: "A “%” that stands for no character: {}.", "“%”没有对应的字符：{}。", "「%」沒有對應的字元：{}。";
    LinkScenarioBesidesScript: "It names a scenario of the gallery and holds a script as well; the script counts.", "链接既指定了场景库中的场景，又带有脚本；以脚本为准。", "連結既指定了情境庫中的情境，又帶有指令碼；以指令碼為準。";
    LinkMore: "And {} more.", "另有 {} 项。", "另有 {} 項。";
    FlagTakesNothing: "no value", "无需值", "不需要值";
    FlagTakesTheme: "system, light or dark", "可用 system、light 或 dark", "可用 system、light 或 dark";
    FlagTakesLanguage: "en, zh-Hans or zh-Hant", "可用 en、zh-Hans 或 zh-Hant", "可用 en、zh-Hans 或 zh-Hant";
    FlagTakesInstant: "an instant such as 12:00:00", "时刻，例如 12:00:00", "時刻，例如 12:00:00";
    FlagTakesScenario: "the name of a scenario of the gallery, such as mm1", "场景库中的名称，例如 mm1", "情境庫中的名稱，例如 mm1";
    FlagTakesSeed: "a whole number", "非负整数", "非負整數";
    FieldScript: "the script", "脚本", "指令碼";
    FieldOrigin: "its name in the gallery", "场景库中的名称", "情境庫中的名稱";
    FieldSeed: "the seed", "随机种子", "隨機種子";
    FieldAt: "the instant", "时刻", "時刻";
    FieldSelection: "the selected thing", "所选对象", "所選物件";
    FieldLanguage: "the language", "语言", "語言";
    FieldActs: "what was done by hand", "手动操作", "手動操作";
    FieldHidden: "the hidden variants", "隐藏的变体", "隱藏的變體";
    FieldSpeed: "the speed", "速度", "速度";
    FieldPanel: "the open panel", "打开的面板", "開啟的面板";
    FieldPlaying: "whether it plays", "是否播放", "是否播放";

    // What is wrong with a file.
    FileTooLarge: "The file has {}; a scenario has at most 1,024 KiB.", "文件大小为 {}，场景最大为 1,024 KiB。", "檔案大小為 {}，情境最大為 1,024 KiB。";
    FileUtf16: "The file is saved as UTF-16. Save it as UTF-8.", "文件以 UTF-16 保存，请改存为 UTF-8。", "檔案以 UTF-16 儲存，請改存為 UTF-8。";
    FileNotText: "Line {} is not text in UTF-8. Is this a scenario (.toml)?", "第 {} 行不是 UTF-8 文本。这是场景文件（.toml）吗？", "第 {} 行不是 UTF-8 文字。這是情境檔案（.toml）嗎？";
    FileNul: "Line {} holds a NUL character, which no text has. Is this a scenario (.toml)?", "第 {} 行含有文本中不会出现的 NUL 字符。这是场景文件（.toml）吗？", "第 {} 行含有文字中不會出現的 NUL 字元。這是情境檔案（.toml）嗎？";
    FileEmpty: "The file is empty.", "文件是空的。", "檔案是空的。";
    FileUnreadable: "The browser could not read the file.", "浏览器无法读取该文件。", "瀏覽器無法讀取該檔案。";
}
