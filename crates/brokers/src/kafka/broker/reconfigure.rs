//! Settings that change while a broker runs.

use super::Broker;
use crate::kafka::cluster::Cluster;
use crate::kafka::wire::Frame;
use alloc::rc::Rc;
use mqlab_model::Context;

impl Broker {
    /// The cluster as it is set up now.
    pub const fn cluster(&self) -> &Rc<Cluster> {
        &self.cluster
    }

    /// The cluster is set up otherwise: settings of topics and those of brokers that
    /// Kafka calls dynamic, nothing else. A broker that is down finds them when it
    /// comes up.
    ///
    /// Logs and leaders go by them with what they do next, and nothing is done at
    /// once: who waits for the high watermark is answered when a follower asks again
    /// or something else is written. Only a cleaner with another
    /// `log.cleaner.backoff.ms` is started anew, and so looks at once
    /// (`LogCleaner.reconfigure`).
    #[inline(never)]
    pub fn reconfigure<C: Context<Frame>>(&mut self, cx: &mut C, cluster: Rc<Cluster>, is_up: bool) {
        let has_other_backoff = cluster.settings.cleaner_backoff != self.cluster.settings.cleaner_backoff;
        self.cluster = cluster;
        for (partition, hosted) in self.cluster.partitions().zip(&mut self.hosted) {
            let Some(hosted) = hosted else { continue };
            let topic = self.cluster.topic(partition);
            hosted.log.set_settings(topic.log);
            if let Some(leader) = hosted.leader_mut() {
                leader.set_rules(topic.rules);
            }
        }
        if has_other_backoff && is_up {
            self.restart_cleaner(cx);
        }
    }
}
