//! Everything that can live in the world, in one closed set.

mod load;
mod service;
mod table;

pub(crate) use load::Load;
pub(crate) use service::{CONSUMING, Output, PUBLISHING, Parts as ServiceParts, Service, Step};
pub(crate) use table::Table;

use crate::plan::Setting;
use crate::wire::Wire;
use crate::world::Packed;
use alloc::boxed::Box;
use mqlab_brokers::rabbitmq;
use mqlab_model::{Context, Lifted, Node, Port};

/// A node. Dispatch is by match; nothing is boxed per packet.
#[derive(Clone, Debug)]
pub(crate) enum AnyNode {
    Load(Box<Load>),
    Rabbit(Box<rabbitmq::Broker>),
    Service(Box<Service>),
    Table(Box<Table>),
}

/// Calls a method of whatever node it is, with a broker behind a lifted
/// context.
macro_rules! dispatch {
    ($node:expr, $cx:expr, |$inner:ident, $inner_cx:ident| $call:expr) => {
        match $node {
            AnyNode::Load($inner) => {
                let $inner_cx = $cx;
                $call
            }
            AnyNode::Rabbit($inner) => {
                let $inner_cx = &mut Lifted::<_, Wire>::new($cx);
                $call
            }
            AnyNode::Service($inner) => {
                let $inner_cx = $cx;
                $call
            }
            AnyNode::Table($inner) => {
                let $inner_cx = $cx;
                $call
            }
        }
    };
}

impl AnyNode {
    pub(crate) fn start<C: Context<Wire>>(&mut self, cx: &mut C) {
        dispatch!(self, cx, |node, cx| node.start(cx));
    }

    #[inline(always)]
    pub(crate) fn on_packet<C: Context<Wire>>(&mut self, cx: &mut C, port: Port, packet: Packed) {
        match self {
            AnyNode::Load(node) => node.on_packet(cx, port, packet.wire()),
            AnyNode::Service(node) => node.on_packet(cx, port, packet.wire()),
            AnyNode::Table(node) => node.on_packet(cx, port, packet.wire()),
            AnyNode::Rabbit(node) => {
                if let Some(frame) = packet.amqp() {
                    node.on_packet(&mut Lifted::<_, Wire>::new(cx), port, frame);
                }
            }
        }
    }

    #[inline]
    pub(crate) fn on_timer<C: Context<Wire>>(&mut self, cx: &mut C, token: u64) {
        dispatch!(self, cx, |node, cx| node.on_timer(cx, token));
    }

    pub(crate) fn on_closed<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        dispatch!(self, cx, |node, cx| node.on_closed(cx, port));
    }

    pub(crate) fn on_opened<C: Context<Wire>>(&mut self, cx: &mut C, port: Port) {
        dispatch!(self, cx, |node, cx| node.on_opened(cx, port));
    }

    pub(crate) fn crash<C: Context<Wire>>(&mut self, cx: &mut C) {
        dispatch!(self, cx, |node, cx| node.crash(cx));
    }

    /// Changes a setting of the node itself; `None` if it has no such setting,
    /// else the new value as a number for the record.
    pub(crate) fn set<C: Context<Wire>>(&mut self, cx: &mut C, setting: Setting) -> Option<u64> {
        match self {
            AnyNode::Load(load) => load.set(cx, setting),
            AnyNode::Service(service) => service.set(cx, setting),
            AnyNode::Table(table) => table.set(setting),
            AnyNode::Rabbit(_) => None,
        }
    }
}
