//! What holds where a key is not given, if that is said in words.

use super::Rows;

pub(super) const DEFAULTS: Rows = rows! {
    "1 if it consumes, else \"unlimited\"": "消费队列时为 1，否则为 \"unlimited\"", "消費佇列時為 1，否則為 \"unlimited\"";
    "20 in a quorum queue since 4.0": "4.0 起 quorum 队列为 20", "4.0 起 quorum 佇列為 20";
    "3, or as many nodes as there are": "3，节点不足时有几个就是几个", "3，節點不足時有幾個就是幾個";
    "a day": "一天", "一天";
    "all": "全部", "全部";
    "all brokers and services": "所有消息代理和服务", "所有訊息代理和服務";
    "for ever": "永久", "永久";
    "ideal: what is written is synced, and that at once": "理想：写入即同步，且不耗时", "理想：寫入即同步，且不耗時";
    "never": "从不", "從不";
    "no limit": "无上限", "無上限";
    "no limit with a `window`, none without": "有 `window` 时无上限，没有则不暂存", "有 `window` 時無上限，沒有則不暫存";
    "no priorities": "无优先级", "無優先順序";
    "one of its own": "各自独立", "各自獨立";
    "pushed": "由代理推送", "由代理推送";
    "the first node": "第一个节点", "第一個節點";
    "the load's": "同负载", "同負載";
    "all that it has": "它拥有的全部", "它擁有的全部";
    "the message's own key": "消息自身的键", "訊息自身的鍵";
    "the name of what takes": "接收者的名称", "接收者的名稱";
    "true, unless another setting forbids it": "true，除非另一设置不允许", "true，除非另一設定不允許";
    "when nothing is left to do": "直到无事可做", "直到無事可做";
};
