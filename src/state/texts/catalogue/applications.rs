//! Texts about the application side: services at work, tables and their rows,
//! disks, and faults at random.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! applications {
    ($then:ident { $($before:tt)* }) => {
        $then! {
            $($before)*

            // What a node has died of.
            DeadOverload: "dead of overload since {}", "自 {} 起因过载宕机", "自 {} 起因過載當機";
            DeadPower: "without power since {}", "自 {} 起断电", "自 {} 起斷電";
            DeadDisk: "disk lost, dead since {}", "自 {} 起磁盘丢失，宕机", "自 {} 起磁碟遺失，當機";

            Killed: "killed", "被终止", "被終止";
            Overwhelmed: "overloaded", "过载", "過載";
            NoPower: "no power", "断电", "斷電";
            DiskLost: "disk lost", "磁盘丢失", "磁碟遺失";
            Since: "since {}", "自 {}", "自 {}";

            Memory: "memory", "内存", "記憶體";
            MemoryShort: "memory {}", "内存 {}", "記憶體 {}";
            Delayed: "kept back by the exchange", "交换机扣留", "交換器扣留";

            // Notes beside things on the stage.
            UsersShort: "{} users", "{} 个用户", "{} 位使用者";
            UsersOne: "1 user", "1 个用户", "1 位使用者";
            WindowShort: "{} unconfirmed", "未获确认 {}", "未獲確認 {}";
            BufferShort: "{} held back", "暂存 {}", "暫存 {}";
            NoRoom: "{} waiting, no room", "等待 {}，已无空位", "等待 {}，已無空位";
            BreakerClosed: "breaker closed", "熔断器闭合", "斷路器閉合";
            BreakerFailures: "breaker closed, {} failed in a row", "熔断器闭合，连续失败 {} 次", "斷路器閉合，連續失敗 {} 次";
            BreakerOpen: "breaker open", "熔断器断开", "斷路器斷開";
            BreakerUntil: "breaker open until {}", "熔断器断开至 {}", "斷路器斷開至 {}";
            BreakerHalf: "breaker half open", "熔断器半开", "斷路器半開";
            MissingShort: "{} missing", "缺 {} 行", "缺 {} 列";
            ExtraShort: "{} too many", "多 {} 行", "多 {} 列";
            AsExpected: "as expected", "与预期一致", "與預期一致";
            LockedShort: "{} locked", "锁住 {} 行", "鎖住 {} 列";
            DiskFullShort: "disk full", "磁盘已满", "磁碟已滿";
            DiskUnwritten: "{} to write", "待写 {}", "待寫 {}";
            DiskUnsynced: "{} to sync", "待同步 {}", "待同步 {}";
            DiskSyncing: "syncing", "同步中", "同步中";

            // Steps of a service.
            Steps: "Steps", "步骤", "步驟";
            StepsHelp: "Each with how many workers are at it now", "数字为当前正在此步的工作线程数", "數字為目前正在此步的工作執行緒數";
            StepsCount: "{} here now", "此步 {} 个", "此步 {} 個";
            StepOnFailure: "if that failed", "失败时", "失敗時";
            StepScans: "looks through {}", "扫描 {}", "掃描 {}";

            // Rows of a table.
            RowsNew: "Rows, new", "行，新建", "列，新建";
            RowsPending: "Rows, pending", "行，处理中", "列，處理中";
            RowsSent: "Rows, sent", "行，已发送", "列，已傳送";
            RowsDone: "Rows, done", "行，已完成", "列，已完成";
            RowsFailed: "Rows, failed", "行，已失败", "列，已失敗";
            RowsCancelled: "Rows, cancelled", "行，已取消", "列，已取消";
            RowsExpected: "Rows expected", "应有的行", "應有的列";
            RowsMissing: "Rows missing", "缺少的行", "缺少的列";
            RowsExtra: "Rows too many", "多出的行", "多出的列";
            InconsistentAt: "First inconsistent at", "最先不一致于", "最先不一致於";
            ConsistentAt: "Consistent again since", "恢复一致于", "恢復一致於";
            LongestLock: "Longest lock", "最长锁定", "最長鎖定";
            RowsRepeated: "Not written, already there", "已存在而未写", "已存在而未寫";
            RowsUpdated: "Rows updated", "更新的行", "更新的列";
            RowsDeleted: "Rows deleted", "删除的行", "刪除的列";
            RowsFound: "Rows handed out", "扫描取出的行", "掃描取出的列";
            RolledBack: "Rolled back", "回滚次数", "回復次數";

            // A disk.
            DiskWrites: "A write takes", "写一次需", "寫一次需";
            DiskSyncTakes: "A sync takes", "同步一次需", "同步一次需";
            DiskState: "Disk", "磁盘", "磁碟";
            DiskRoom: "has room", "有空间", "有空間";
            WaitForDisk: "Confirms that wait for it", "等待它的确认", "等待它的確認";

            // Faults at random.
            RandomFaults: "Faults at random", "随机故障", "隨機故障";
            RandomHelp: "Drawn from the seed and marked on the timeline. A change counts from the clock on: what has begun stays, the rest is drawn anew.", "按种子抽取，并标在时间轴上。改动自当前时刻起生效：已开始的保持不变，其余重新抽取。", "依種子抽取，並標在時間軸上。改動自目前時刻起生效：已開始的保持不變，其餘重新抽取。";
            RandomNever: "never", "从不", "從不";
            RandomEdit: "Change in the script", "在脚本中修改", "在指令稿中修改";
            RandomSoFar: "So far", "至今", "至今";
            RandomHit: "of these with consequences", "其中有后果", "其中有後果";
            MarkRandom: "at random: {}", "随机：{}", "隨機：{}";
            HitCrashes: "Crashes", "崩溃", "當機";
            HitPauses: "Pauses", "暂停", "暫停";
            HitCuts: "Cuts", "断开", "中斷";
            HitLosses: "Lost packets", "丢包", "丟包";
            HitDoubled: "Calls that came twice", "重复到达的调用", "重複到達的呼叫";
            HitOvertaken: "Calls that were overtaken", "被超越的调用", "被超越的呼叫";
            HitFullDisks: "Full disks", "磁盘写满", "磁碟寫滿";
            HitSkews: "Wrong clocks", "时钟不准", "時鐘不準";
        }
    };
}
