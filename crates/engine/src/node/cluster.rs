//! A cluster: a name for its members, which are nodes of their own. It does
//! nothing, and nothing reaches it.

use crate::wire::Wire;
use mqlab_model::{Context, Crash, Node, Port};

/// The node that has the cluster's name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cluster;

impl Node<Wire> for Cluster {
    fn start<C: Context<Wire>>(&mut self, _cx: &mut C) {}

    fn on_packet<C: Context<Wire>>(&mut self, _cx: &mut C, _port: Port, _wire: Wire) {}

    fn on_timer<C: Context<Wire>>(&mut self, _cx: &mut C, _token: u64) {}

    fn on_closed<C: Context<Wire>>(&mut self, _cx: &mut C, _port: Port) {}

    fn on_opened<C: Context<Wire>>(&mut self, _cx: &mut C, _port: Port) {}

    fn crash<C: Context<Wire>>(&mut self, _cx: &mut C, _crash: Crash) {}
}
