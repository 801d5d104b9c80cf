//! What a finding is, in the language of the page, by its code.

use crate::state::texts::Key;

/// The heading for a code; none for one that this page does not know.
pub fn heading(code: &str) -> Option<Key> {
    Some(match code {
        "acknowledged-twice" => Key::CodeAcknowledgedTwice,
        "bad-binding" => Key::CodeBadBinding,
        "bad-clock" => Key::CodeBadClock,
        "bad-consume" => Key::CodeBadConsume,
        "bad-expectation" => Key::CodeBadExpectation,
        "bad-name" => Key::CodeBadName,
        "bad-override" => Key::CodeBadOverride,
        "bad-producer" => Key::CodeBadProducer,
        "bad-scan" => Key::CodeBadScan,
        "bad-seek" => Key::CodeBadSeek,
        "bad-setting" => Key::CodeBadSetting,
        "bad-step" => Key::CodeBadStep,
        "bad-value" => Key::CodeBadValue,
        "call-cycle" => Key::CodeCallCycle,
        "cluster" => Key::CodeCluster,
        "dead-letter" => Key::CodeDeadLetter,
        "delay" => Key::CodeDelay,
        "duplicate-binding" => Key::CodeDuplicateBinding,
        "duplicate-link" => Key::CodeDuplicateLink,
        "duplicate-name" => Key::CodeDuplicateName,
        "empty-text" => Key::CodeEmptyText,
        "endless" => Key::CodeEndless,
        "ideal-disk" => Key::CodeIdealDisk,
        "keys" => Key::CodeKeys,
        "limit" => Key::CodeLimit,
        "mandatory" => Key::CodeMandatory,
        "memory" => Key::CodeMemory,
        "missing-key" => Key::CodeMissingKey,
        "needs-key" => Key::CodeNeedsKey,
        "never-acknowledged" => Key::CodeNeverAcknowledged,
        "new-name" => Key::CodeNewName,
        "no-bound" => Key::CodeNoBound,
        "no-connection" => Key::CodeNoConnection,
        "no-effect" => Key::CodeNoEffect,
        "not-expected" => Key::CodeNotExpected,
        "nothing-to-acknowledge" => Key::CodeNothingToAcknowledge,
        "one-act" => Key::CodeOneAct,
        "one-of" => Key::CodeOneOf,
        "out-of-range" => Key::CodeOutOfRange,
        "polling" => Key::CodePolling,
        "queue-length" => Key::CodeQueueLength,
        "queue-type" => Key::CodeQueueType,
        "replicas" => Key::CodeReplicas,
        "row" => Key::CodeRow,
        "segments" => Key::CodeSegments,
        "shared-key" => Key::CodeSharedKey,
        "toml" => Key::CodeToml,
        "too-late" => Key::CodeTooLate,
        "two-databases" => Key::CodeTwoDatabases,
        "unknown-key" => Key::CodeUnknownKey,
        "unknown-name" => Key::CodeUnknownName,
        "unknown-subject" => Key::CodeUnknownSubject,
        "unknown-variant" => Key::CodeUnknownVariant,
        "unused-clock" => Key::CodeUnusedClock,
        "unused-link" => Key::CodeUnusedLink,
        "wrong-type" => Key::CodeWrongType,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqlab_scenario::CODES;

    #[test]
    fn every_code_has_a_heading() {
        for code in CODES {
            assert!(heading(code).is_some(), "{code}");
        }
        assert_eq!(heading("nonsense"), None);
    }
}
