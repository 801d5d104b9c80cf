//! What can be seen of a disk.

use super::World;
use mqlab_model::{DiskPlan, DiskWork, NodeId};

/// A broker's disk as it stands now.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct DiskView {
    /// How fast it is, and when it syncs.
    pub plan: DiskPlan,
    /// Whether a message that is written to it is confirmed when that is
    /// synced, and not before.
    pub confirms_synced: bool,
    /// Writes that are not done.
    pub unwritten: u64,
    /// Writes that are done and not synced.
    pub unsynced: u64,
    /// How often it had to go elsewhere, and was read from.
    pub work: DiskWork,
    /// Whether a sync is under way.
    pub is_syncing: bool,
    /// Publishes whose confirm waits for it.
    pub unconfirmed: u64,
    /// Whether it is close to full, and the broker's alarm on.
    pub is_full: bool,
    /// Publishing connections that are not read from because of that.
    pub blocked: u64,
    /// What was published on them meanwhile.
    pub unread: u64,
}

impl World {
    /// The disk of a broker; `None` of any other node.
    pub fn disk(&self, node: NodeId) -> Option<DiskView> {
        let user = self.nodes[usize::from(node.0)].disk_user()?;
        let disk = self.core.disks[usize::from(node.0)].as_deref();
        let (unwritten, unsynced, is_syncing) = disk.map_or((0, 0, false), super::super::disk::Disk::state);
        Some(DiskView {
            plan: disk.map_or(DiskPlan::IDEAL, |disk| disk.plan),
            confirms_synced: user.confirms_synced,
            unwritten: unwritten as u64,
            unsynced: unsynced as u64,
            work: disk.map_or(DiskWork::default(), super::super::disk::Disk::work),
            is_syncing,
            unconfirmed: user.unconfirmed,
            is_full: user.is_alarmed,
            blocked: user.blocked,
            unread: user.unread,
        })
    }
}
