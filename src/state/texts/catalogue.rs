//! The catalogue: one row per text, one column per language. A row with a
//! missing column does not compile.

macro_rules! catalogue {
    (
        $($key:ident: $english:literal, $simplified:literal, $traditional:literal;)+
        =>
        $($late:ident: $late_english:literal, $late_simplified:literal, $late_traditional:literal;)+
    ) => {
        /// A text of the page.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Key { $(#[doc = $english] $key,)+ $(#[doc = $late_english] $late),+ }

        impl Key {
            /// Every key, in the order of the catalogue.
            pub const ALL: &'static [Key] = &[$(Key::$key,)+ $(Key::$late),+];

        }

        /// So many of them are there from the start.
        pub(super) const EARLY: usize = [$(Key::$key),+].len();

        /// The texts in the order of the languages, each in a line: addresses of
        /// two thousand texts would take more room than many of the texts. The first
        /// line names the language, and the mark before it and the one behind the
        /// last line show `crates/pack` what makes up a file of its own.
        pub(super) const LINES: [&str; 3] = [
            concat!($($english, "\n"),+),
            concat!("\u{2}file:zh-Hans\n", $($simplified, "\n"),+, "\u{3}"),
            concat!("\u{2}file:zh-Hant\n", $($traditional, "\n"),+, "\u{3}"),
        ];

        /// The same of the others, which come with the rest of the program.
        pub(super) const LATE_LINES: [&str; 3] = [
            concat!("\u{2}file:rest\n", $($late_english, "\n"),+, "\u{3}"),
            concat!("\u{2}file:rest\n", $($late_simplified, "\n"),+, "\u{3}"),
            concat!("\u{2}file:rest\n", $($late_traditional, "\n"),+, "\u{3}"),
        ];
    };
}

#[macro_use]
mod applications;
#[macro_use]
mod kafka;
#[macro_use]
mod kafka_views;
#[macro_use]
mod late;
#[macro_use]
mod rabbit_cluster;

applications! { with_late {
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
    Name: "Name", "名称", "名稱";
    Kind: "Kind", "类型", "類型";
    State: "State", "状态", "狀態";
    Number: "Number", "数值", "數值";
    Variant: "Variant", "变体", "變體";

    // Kinds of things.
    Load: "load", "负载", "負載";
    Definition: "Definition", "定义", "定義";
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
    WaitP99: "Wait, 99 %", "等待，99%", "等待，99%";
    WaitMax: "Wait, longest", "等待，最长", "等待，最長";
    Offered: "Offered", "已发出", "已發出";
    Confirmed: "Confirmed", "已获确认", "已獲確認";
    Refused: "Refused", "被拒绝", "被拒絕";
    Responded: "Answered", "已应答", "已回應";
    ResponseMean: "Response, mean", "响应，平均", "回應，平均";
    ResponseP99: "Response, 99 %", "响应，99%", "回應，99%";
    Outstanding: "Not yet confirmed", "尚未获确认", "尚未獲確認";
    Held: "Waiting to be sent", "等待发送", "等待傳送";
    Users: "Users", "用户数", "使用者數";
    PlannedRate: "Rate by plan", "计划速率", "計劃速率";
    MeasuredRate: "Rate", "速率", "速率";
    Workers: "Workers", "工作线程", "工作執行緒";
    Busy: "Busy now", "当前忙碌", "目前忙碌";
    BusyShare: "Busy lately", "近期忙碌", "近期忙碌";
    BusyShort: "{} busy", "忙碌 {}", "忙碌 {}";
    InHand: "in hand", "处理中", "處理中";
    Utilisation: "Busy all along", "总体忙碌", "整體忙碌";
    Buffered: "In hand, not begun", "已取未处理", "已取未處理";
    MergeGroups: "Together in groups", "合并成组", "合併成組";
    Rounds: "Times begun", "执行次数", "執行次數";
    Requests: "Requests", "请求数", "請求數";
    Outdated: "Rows that are out of date", "过时的行", "過時的列";
    Reordered: "Out of order", "乱序", "亂序";
    Places: "May wait", "可等待数", "可等待數";
    TurnedAway: "Calls turned away", "拒绝的调用", "拒絕的呼叫";
    FailedCalls: "Its calls that failed", "它失败的调用", "它失敗的呼叫";
    Retries: "Calls made again", "重试的调用", "重試的呼叫";
    OpenBreakers: "Breakers open", "断开的熔断器", "斷開的斷路器";
    FirstRefused: "First refused", "最先被拒的序号", "最先被拒的序號";
    BlacklistedAt: "Caller blacklisted at", "列入黑名单于", "列入黑名單於";
    Prefetch: "Prefetch", "预取", "預取";
    NoLimit: "no limit", "无上限", "無上限";
    Rows: "Rows", "行数", "列數";
    Capacity: "Capacity", "容量", "容量";
    Pending: "Unfinished", "未完成", "未完成";
    Locked: "Locked rows", "被锁住的行", "被鎖住的列";
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
    PausedNode: "held", "已暂停", "已暫停";
    AtLimit: "at its limit", "已达上限", "已達上限";
    ReadyShort: "ready", "就绪", "就緒";
    HeldUpShort: "{} held up", "受阻 {}", "受阻 {}";
    HeldUp: "Held up", "受阻", "受阻";
    InFlight: "{} in flight", "在途 {}", "在途 {}";
    Full: "Drawn full at", "满格对应", "滿格對應";

    // The sheet of shortcuts.
    Help: "Shortcuts", "快捷键", "快速鍵";
    Close: "Close", "关闭", "關閉";
    HelpToggle: "Play or pause", "播放或暂停", "播放或暫停";
    HelpZoom: "Zoom the stage", "缩放舞台", "縮放舞台";
    HelpFit: "Fit the stage to its frame", "让舞台适合窗口", "讓舞台符合視窗";
    HelpFields: "In a field, keys belong to the field.", "焦点在输入框中时，按键用于输入。", "焦點在輸入框中時，按鍵用於輸入。";

    // The inspector.
    Broker: "broker", "消息代理", "訊息代理";
    Way: "connection", "连接", "連線";
    Settings: "Settings", "设置", "設定";
    Latency: "One-way delay", "单程延迟", "單程延遲";
    UnderWay: "Under way", "传输中", "傳輸中";
    MessagesUnderWay: "Messages under way", "传输中的消息", "傳輸中的訊息";
    NothingUnderWay: "Nothing is under way.", "没有传输中的消息。", "沒有傳輸中的訊息。";
    ArrivesIn: "Arrives in", "到达尚需", "尚需";
    MessagesInHand: "Messages in hand", "处理中的消息", "處理中的訊息";
    NothingInHand: "Nothing is in hand.", "没有处理中的消息。", "沒有處理中的訊息。";

    // What is done by hand.
    Acts: "Done by hand", "手动操作", "手動操作";
    ActCrash: "crash {}", "{} 崩溃", "{} 當機";
    ActPowerCut: "cut the power of {}", "{} 断电", "{} 斷電";
    ActDiskLost: "lose the disk of {}", "{} 丢失磁盘", "{} 遺失磁碟";
    ActDiskFull: "fill the disk of {}", "写满 {} 的磁盘", "寫滿 {} 的磁碟";
    ActDiskFree: "free the disk of {}", "清理 {} 的磁盘", "清理 {} 的磁碟";
    ActPartition: "partition {}", "网络分区 {}", "網路分割 {}";
    ActHealAll: "heal all connections", "恢复所有连接", "恢復所有連線";
    ActRestart: "restart {}", "重启 {}", "重新啟動 {}";
    ActPause: "pause {}", "暂停 {}", "暫停 {}";
    ActResume: "resume {}", "恢复 {}", "恢復 {}";
    ActCut: "cut {}", "断开 {}", "中斷 {}";
    ActLose: "lose packets {}", "丢失数据包 {}", "遺失封包 {}";
    ActHeal: "heal {}", "恢复连接 {}", "恢復連線 {}";
    ActPurge: "purge {}", "清空 {}", "清空 {}";
    ActMoveLeader: "new leader: {}", "更换首领：{}", "更換首領：{}";
    ActSeek: "{} goes on elsewhere", "{} 转到别处继续读", "{} 轉到別處繼續讀";
    ActElectPreferred: "first replicas lead in {}", "{} 由第一副本担任首领", "{} 由第一副本擔任首領";
    Cut: "Cut", "断开", "中斷";
    Heal: "Heal", "恢复连接", "恢復連線";
    Purge: "Purge", "清空队列", "清空佇列";
    PublishKey: "Routing key", "路由键", "路由鍵";
    PublishPayload: "Content", "内容", "內容";
    OutNow: "Delivered, not acknowledged", "已投递，未确认", "已投遞，未確認";
    OutNone: "Nothing is out.", "没有未确认的投递。", "沒有未確認的投遞。";
    OutTo: "With", "持有者", "持有者";
    IsCut: "cut", "已断开", "已中斷";
    ActPublish: "{} publishes", "{} 发布", "{} 發布";
    ActionsOf: "Actions", "操作", "操作";
    Crash: "Crash", "崩溃", "當機";
    PowerCut: "Cut the power", "断电", "斷電";
    LoseDisk: "Lose the disk", "丢失磁盘", "遺失磁碟";
    FillDisk: "Fill the disk", "写满磁盘", "寫滿磁碟";
    FreeDisk: "Free the disk", "清理磁盘", "清理磁碟";
    CutOneWay: "Cut one way", "单向断开", "單向中斷";
    Syncs: "Syncs of the disk", "磁盘同步次数", "磁碟同步次數";
    Unwritten: "Not written yet", "尚未写入", "尚未寫入";
    Unsynced: "Written, not synced", "已写入，未同步", "已寫入，未同步";
    Blocked: "Publishers blocked", "被阻塞的发布者", "被阻擋的發布者";
    Unread: "Messages not read", "未读取的消息", "未讀取的訊息";
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

    // The stage.
    SentShort: "{} sent", "已发 {}", "已發 {}";
    RowsShort: "{} written", "已写 {}", "已寫 {}";
    WaitingShort: "{} waiting", "等待 {}", "等待 {}";
    StageThings: "Things on the stage of {}", "{} 舞台上的对象", "{} 舞台上的物件";
    StageHelp: "Arrow keys follow the ways, plus and minus zoom, 0 shows everything.", "方向键沿路径移动，加号和减号缩放，0 显示全部。", "方向鍵沿路徑移動，加號和減號縮放，0 顯示全部。";
    WayFromTo: "way from {}", "路径：{}", "路徑：{}";
    FinishedAt: "ended at {}", "于 {} 结束", "於 {} 結束";
    ZoomIn: "Zoom in", "放大", "放大";
    ZoomOut: "Zoom out", "缩小", "縮小";
    ZoomFit: "Show everything", "显示全部", "顯示全部";
    NothingDrawn: "No message can go anywhere in this variant.", "此变体中没有消息可以流动。", "此變體中沒有訊息可以流動。";

    // Verdicts.
    ChipLost: "{} lost", "丢失 {}", "遺失 {}";
    ChipLostUnconfirmed: "{} lost, unconfirmed", "未确认丢失 {}", "未確認遺失 {}";
    ChipDuplicated: "{} duplicated", "重复 {}", "重複 {}";
    ChipReordered: "{} out of order", "乱序 {}", "亂序 {}";
    ChipAgain: "{} delivered again", "再次投递 {}", "再次投遞 {}";
    ChipOverloaded: "overloaded at {}", "于 {} 过载", "於 {} 過載";
    ChipNotOverloaded: "nothing overloaded", "无过载", "無過載";
    ChipPhantom: "{} out of nowhere", "凭空投递 {}", "憑空投遞 {}";
    ChipStuck: "{} stuck", "滞留 {}", "滯留 {}";
    ChipInconsistent: "{} inconsistent", "不一致 {}", "不一致 {}";
    ChipStaleRead: "{} stale reads", "陈旧读取 {}", "陳舊讀取 {}";
    ChipSkipped: "{} skipped", "跳过 {}", "略過 {}";
    ChipNonMonotonic: "{} handed out backwards", "逆序投递 {}", "逆序投遞 {}";
    ChipOverDelivered: "{} delivered too early", "过早投递 {}", "過早投遞 {}";
    ChipStarved: "{} starved", "{} 个分不到消息", "{} 個分不到訊息";
    ChipExpired: "{} expired too early", "过早过期 {}", "過早逾期 {}";
    ChipUnknown: "{} still open", "{} 条尚无定论", "{} 則尚無定論";
    ChipRefused: "{} refused", "拒绝 {}", "拒絕 {}";
    ChipEvicted: "{} evicted from a full queue", "队列已满，丢弃 {}", "佇列已滿，捨棄 {}";
    ChipTimedOut: "{} expired in a queue", "队列中过期 {}", "佇列中逾期 {}";
    ChipLimit: "limit “{}”", "上限“{}”", "上限「{}」";
    ChipShow: "show the first time", "查看首次发生", "查看首次發生";
    ChipGood: "good", "良好", "良好";
    ChipBad: "bad", "不良", "不良";
    ChipNote: "note", "注意", "注意";
    Verdicts: "Verdicts", "判定", "判定";

    // Units of time, and what a number can be.
    UnitDay: "d", "天", "天";
    UnitHour: "h", "小时", "小時";
    UnitMinute: "min", "分", "分";
    UnitSecond: "s", "秒", "秒";
    UnitMilli: "ms", "毫秒", "毫秒";
    UnitMicro: "\u{b5}s", "微秒", "微秒";
    UnitNano: "ns", "纳秒", "奈秒";
    ValueNever: "never", "从未", "從未";

    // The lesson.
    LessonWatch: "What to watch", "看什么", "看什麼";
    LessonSeen: "seen", "已看到", "已看到";
    LessonUnseen: "not seen yet", "尚未看到", "尚未看到";
    LessonPredict: "Predict.", "猜一猜：", "猜一猜：";
    LessonAnswer: "Your answer", "你的答案", "你的答案";
    LessonAnswerIn: "Your answer, in {}", "你的答案（单位：{}）", "你的答案（單位：{}）";
    LessonCheck: "Check", "核对", "核對";
    LessonChecking: "The engine runs “{}” to its end …", "引擎正在把“{}”运行到底……", "引擎正在把「{}」執行到底……";
    LessonRight: "Right.", "答对了。", "答對了。";
    LessonWrong: "Not quite.", "不太对。", "不太對。";
    LessonNoAnswer: "The run was cut short by a limit and has no end to compare with.", "运行因达到上限而中断，没有结果可供核对。", "執行因達到上限而中斷，沒有結果可供核對。";
    LessonTry: "Then try", "接着试试", "接著試試";
    LessonTryDo: "Change the script so", "这样改脚本", "這樣改指令稿";
    LessonTryDone: "Done", "已改好", "已改好";
    LessonTryGone: "The script has no such line any more", "脚本里已经没有这一行", "指令稿裡已經沒有這一行";
    LessonReveal: "Show the engine's answer", "看引擎的答案", "看引擎的答案";
    LessonAgain: "Think again, or look at the engine's answer.", "再想想，或者看引擎的答案。", "再想想，或者看引擎的答案。";
    LessonProgress: "How far the run is", "运行进度", "執行進度";
    LessonChanged: "The script was changed. Predictions are about the original.", "脚本已被改动。猜的仍是原来的场景。", "指令稿已被改動。猜的仍是原來的情境。";
    LessonOriginal: "Back to the original", "恢复原样", "恢復原樣";
    LessonTryOpen: "Open “{}”", "打开“{}”", "開啟「{}」";
    HintEmpty: "Write your guess first.", "请先写下你的猜测。", "請先寫下你的猜測。";
    HintCount: "A whole number is wanted, such as 10,800,000.", "请填一个整数，例如 10,800,000 或 1080 万。", "請填一個整數，例如 10,800,000 或 1080 萬。";
    HintSpan: "A length of time is wanted, such as 36 min or 5,400 s.", "请填一段时间，例如 36 分钟或 5,400 秒。", "請填一段時間，例如 36 分鐘或 5,400 秒。";
    HintUnit: "Say in which unit: 90 s, 90 min, 90 ms?", "请写上单位：90 秒、90 分钟还是 90 毫秒？", "請寫上單位：90 秒、90 分鐘還是 90 毫秒？";
    HintClock: "A clock time is wanted, such as 14:32 or 14:32:18.", "请填一个时刻，例如 14:32 或 14:32:18。", "請填一個時刻，例如 14:32 或 14:32:18。";
    HintShare: "A percentage is wanted, such as 90 %.", "请填一个百分比，例如 90%。", "請填一個百分比，例如 90%。";

    // The gallery.
    GalleryIntro: "Watch message queues work, predict what they do, and break them.", "看消息队列怎么工作，猜它会怎样，再亲手弄坏它。", "看訊息佇列怎麼運作，猜它會怎樣，再親手弄壞它。";
    GalleryPath: "New here? Take these in order", "第一次来？按这个顺序看", "第一次來？照這個順序看";
    GalleryStep: "Step {}", "第 {} 步", "第 {} 步";
    GallerySearch: "Search scenarios", "搜索场景", "搜尋情境";
    GallerySearchHelp: "crash, mysql, A5 …", "宕机、mysql、A5……", "當機、mysql、A5……";
    GalleryFound: "{} scenarios", "{} 个场景", "{} 個情境";
    GalleryFoundOne: "1 scenario", "1 个场景", "1 個情境";
    GalleryNone: "Nothing found for “{}”.", "没有找到“{}”。", "找不到「{}」。";
    GalleryBack: "Back to “{}”", "回到“{}”", "回到「{}」";
    GalleryClear: "Show all", "显示全部", "顯示全部";
    GalleryRows: "Rows of the catalogue", "目录条目", "目錄條目";
    ConceptWhy: "Why a queue", "为什么要用消息队列", "為什麼要用訊息佇列";
    ConceptWho: "Who gets a message", "消息给谁", "訊息給誰";
    ConceptGone: "When is a message gone", "消息什么时候才算没了", "訊息什麼時候才算沒了";
    ConceptMuch: "Too much at once", "一下子来得太多", "一下子來得太多";
    ConceptTravels: "How a message travels", "消息怎么送到", "訊息怎麼送到";
    ConceptFails: "What if it fails", "处理失败怎么办", "處理失敗怎麼辦";
    ConceptOrder: "In which order", "顺序", "順序";
    ConceptSurvives: "What survives", "什么能幸存", "什麼能倖存";
    ConceptTheory: "Queueing theory", "排队论", "等候理論";
    ConceptOthers: "Others", "其他", "其他";

    // The charts.
    Timeline: "Timeline: choose an instant to run to", "时间轴：选择要运行到的时刻", "時間軸：選擇要執行到的時刻";
    Charts: "Rate, backlog and waiting time over the simulated time", "速率、积压与等待时间随模拟时间的变化", "速率、積壓與等待時間隨模擬時間的變化";
    ChartRate: "rate", "速率", "速率";
    ChartBacklog: "backlog", "积压", "積壓";
    ChartWait: "wait", "等待", "等待";
    In: "in", "入", "入";
    Out: "out", "出", "出";
    Dies: "{} dies", "{} 宕机", "{} 當機";

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
    NotSaved: "The browser could not save the file.", "浏览器无法保存文件。", "瀏覽器無法儲存檔案。";
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
    MarkPhantom: "first out of nowhere", "首次凭空投递", "首次憑空投遞";
    MarkStuck: "first stuck", "首次滞留", "首次滯留";
    MarkInconsistent: "first inconsistent", "首次不一致", "首次不一致";
    MarkStaleRead: "first stale read", "首次陈旧读取", "首次陳舊讀取";
    MarkSkipped: "first skipped", "首次跳过", "首次略過";
    MarkNonMonotonic: "first handed out backwards", "首次逆序投递", "首次逆序投遞";
    MarkOverDelivered: "first delivered too early", "首次过早投递", "首次過早投遞";
    MarkStarved: "first starved", "首次分不到消息", "首次分不到訊息";
    MarkExpired: "first expired too early", "首次过早过期", "首次過早逾期";
    MarkUnknown: "first still open", "首条尚无定论", "首則尚無定論";

    // What the shell says when the page itself breaks.

    // Sharing, files, and work that is saved by itself.
    Share: "Share", "分享", "分享";
    ShareTitle: "Share what is on the page", "分享当前页面", "分享目前頁面";
    ShareLink: "Link", "链接", "連結";
    ShareHelp: "The link holds everything itself; nothing is stored on a server.", "链接本身包含全部内容，不会存储到任何服务器。", "連結本身包含全部內容，不會儲存到任何伺服器。";
    ShareCopy: "Copy link", "复制链接", "複製連結";
    ShareCopyCode: "Copy code", "复制代码", "複製程式碼";
    ShareCopied: "Copied", "已复制", "已複製";
    ShareNotCopied: "The browser does not let the page copy. The text is selected: copy it with Ctrl+C or ⌘C.", "浏览器不允许页面复制。文本已选中，请按 Ctrl+C 或 ⌘C 复制。", "瀏覽器不允許頁面複製。文字已選取，請按 Ctrl+C 或 ⌘C 複製。";
    ShareCharacters: "{} characters", "{} 个字符", "{} 個字元";
    ShareLong: "Some mail and chat programs cut links of more than 2,000 characters. If the link does not open, send the file.", "有些邮件和聊天软件会截断超过 2,000 个字符的链接。如果链接打不开，请改为发送文件。", "有些郵件和聊天軟體會截斷超過 2,000 個字元的連結。如果連結打不開，請改為傳送檔案。";
    ShareImpossible: "This cannot go into a link. Save it as a file and send that:", "无法放入链接，请保存为文件后发送：", "無法放入連結，請儲存為檔案後傳送：";
    ShareHolds: "What is in it", "包含的内容", "包含的內容";
    ShareLines: "{} lines", "{} 行", "{} 行";
    ShareWithInstant: "Open at {}", "在 {} 处打开", "在 {} 處開啟";
    ShareWithLanguage: "Open in this language: {}", "以此语言打开：{}", "以此語言開啟：{}";
    ShareEmbed: "In a page of your own", "嵌入网页", "嵌入網頁";
    ShareEmbedHelp: "The stage and its controls, without the rest of the page. Paste this code into a lesson or an article.", "只含演示区和控制按钮。把这段代码粘贴到课件或文章中。", "只含演示區和控制按鈕。把這段程式碼貼到教材或文章中。";
    ShareEmbedPaused: "Wait for somebody to press play", "等待点击播放", "等待點按播放";
    ShareFile: "As a file", "保存为文件", "儲存為檔案";
    ShareFileHelp: "A scenario file runs here and on the command line alike. What was done by hand is written into it.", "场景文件可在此处和命令行中运行，手动操作也会写入其中。", "情境檔案可在此處和命令列中執行，手動操作也會寫入其中。";
    FileSave: "Save file", "保存文件", "儲存檔案";
    FileOpen: "Open file…", "打开文件…", "開啟檔案…";
    FileDrop: "Drop the scenario here to open it", "拖放到此处以打开场景", "拖放到此處以開啟情境";
    FileWrong: "“{}” cannot be opened.", "无法打开“{}”。", "無法開啟「{}」。";
    FileOne: "One file at a time: the first one was opened.", "一次只能打开一个文件：已打开第一个。", "一次只能開啟一個檔案：已開啟第一個。";
    LinkWrong: "This link cannot be opened.", "无法打开此链接。", "無法開啟此連結。";
    LinkWrongInPart: "A part of this link is wrong. The rest of it counts.", "此链接部分有误，其余部分有效。", "此連結部分有誤，其餘部分有效。";
    LinkActsWrong: "Some of what was done by hand in this link cannot be done here.", "链接中的部分手动操作在这里无法执行。", "連結中的部分手動操作在這裡無法執行。";
    Notices: "Notices", "通知", "通知";
    Dismiss: "Dismiss", "关闭提示", "關閉提示";
    WorkDisplaced: "Your work from before is kept: {}.", "之前的内容已保留：{}。", "之前的內容已保留：{}。";
    WorkReopen: "Reopen", "重新打开", "重新開啟";
    WorkForget: "Remove", "移除", "移除";
    WorkEarlier: "Earlier work", "之前的内容", "先前的內容";
    WorkUntitled: "without a title", "无标题", "無標題";
    WorkRefused: "Saved work could not be read. It is kept in this browser’s storage as “{}”.", "无法读取已保存的内容。它以“{}”为名保留在浏览器存储中。", "無法讀取已儲存的內容。它以「{}」為名保留在瀏覽器儲存空間中。";
    WorkFull: "Your work is not being saved: the browser’s storage is full. Save it as a file.", "浏览器存储空间已满，当前内容未能自动保存。请保存为文件。", "瀏覽器儲存空間已滿，目前內容未能自動儲存。請儲存為檔案。";
    WorkForbidden: "Your work is not being saved: the browser does not let the page store anything. Save it as a file.", "浏览器不允许页面存储数据，当前内容未能自动保存。请保存为文件。", "瀏覽器不允許頁面儲存資料，目前內容未能自動儲存。請儲存為檔案。";
    WorkTooLarge: "Your work is not being saved: it is too large. Save it as a file.", "内容过大，未能自动保存。请保存为文件。", "內容過大，未能自動儲存。請儲存為檔案。";
    OpenWhole: "Open in mqlab", "在 mqlab 中打开", "在 mqlab 中開啟";
    RestLoading: "Loading …", "正在载入……", "正在載入……";
    RestFailed: "A part of the page could not be loaded.", "页面有一部分未能载入。", "頁面有一部分未能載入。";
    RestAgain: "Try again", "重试", "重試";
    OwnText: "own text", "自己的文本", "自己的文字";
}}
