//! The text as a whole, variants, and settings from outside.

pub(super) const ROWS: super::Rows = rows! {
    OfOverride: "--set {0}：{1}", "--set {0}：{1}";
    NoPath: "这不是 service.writer.workers 这样的路径", "這不是 service.writer.workers 這樣的路徑";
    ValueTooDeep: "值的嵌套过深", "值的巢狀過深";
    CannotBeSet: "`{0}` 不能这样设置", "`{0}` 不能這樣設定";
    UseSeed: "请用 --seed", "請用 --seed";
    NoKeyHere: "此处没有键 `{0}`", "此處沒有鍵 `{0}`";
    NoSuch: "没有 `{0}`", "沒有 `{0}`";
    NoPlaceInList: "列表有 {1} 项，没有 `{0}` 这一项；从 0 数起", "清單有 {1} 項，沒有 `{0}` 這一項；從 0 數起";
    NothingBelow: "没有可以把 `{0}` 放在其下的内容", "沒有可以把 `{0}` 放在其下的內容";
    ExcludeEachOther: "`{0}` 与 `{1}` 不能并用", "`{0}` 與 `{1}` 不能並用";
    TooManyCommands: "{0} 条命令，上限为 {1}", "{0} 條命令，上限為 {1}";
    TooManyEntries: "`{1}` 有 {0} 个条目，上限为 {2}", "`{1}` 有 {0} 個條目，上限為 {2}";
    RowNotListed: "条目 {0} 不在场景的 `rows` 之列", "條目 {0} 不在情境的 `rows` 之列";
    TooManyVariants: "{0} 个变体，上限为 {1}", "{0} 個變體，上限為 {1}";
    SameInEveryVariant: "`{0}` 在所有变体中都相同，请写在变体之外", "`{0}` 在所有變體中都相同，請寫在變體之外";
    NothingToRemove: "没有可移除的 `{0}`", "沒有可移除的 `{0}`";
    InVariant: "{0}（变体 `{1}`）", "{0}（變體 `{1}`）";
    TextTooLong: "文本有 {0} 字节，上限为 {1}", "文字有 {0} 位元組，上限為 {1}";
    TooDeep: "此处的表和列表嵌套超过 {0} 层", "此處的表和清單巢狀超過 {0} 層";
};
