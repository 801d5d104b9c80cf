//! Messages that a load is told to make. Its plan says how many it makes by
//! itself; whoever asks for more gets them.

use super::{Load, Output};
use crate::plan::PUBLISH_MAX;
use crate::wire::Wire;
use core::mem;
use core::ops::Range;
use mqlab_model::{Context, FactKind, KeyId, Message, MessageId};

impl Load {
    /// Makes `count` messages now.
    pub(crate) fn burst_by_hand<C: Context<Wire>>(&mut self, cx: &mut C, count: u64) {
        let limit = mem::replace(&mut self.limit, u64::MAX);
        self.burst(cx, count, true);
        self.limit = limit;
    }

    /// Makes `count` messages now, at most [`PUBLISH_MAX`] and all in one
    /// action, with `key` in place of the one that is their own. Returns their
    /// ids.
    pub(crate) fn publish<C: Context<Wire>>(&mut self, cx: &mut C, count: u64, key: Option<KeyId>) -> Range<u64> {
        let id = |number| MessageId::new(self.source, number).bits();
        let first = id(self.made);
        let before = self.made;
        let limit = mem::replace(&mut self.limit, u64::MAX);
        for _ in 0..count.min(PUBLISH_MAX) {
            match (key, &self.output) {
                (Some(key), Output::Publish(..)) => self.offer_with(cx, key),
                // Who is called looks at no key.
                _ => {
                    self.offer(cx);
                }
            }
            if self.is_cut_off {
                break;
            }
        }
        self.limit = limit;
        first..first + (self.made - before)
    }

    fn offer_with<C: Context<Wire>>(&mut self, cx: &mut C, key: KeyId) {
        if self.made >= self.run_limit {
            self.is_cut_off = true;
            cx.run_out();
            return;
        }
        let Output::Publish(producer, usual) = &mut self.output else {
            return;
        };
        let message = Message::new(MessageId::new(self.source, self.made), cx.now(), self.persistent)
            .with_properties(self.properties);
        self.made += 1;
        let route = usual.with(key);
        let is_astray = route.misses(*usual);
        cx.emit(self.place, FactKind::Offered, message.id, u64::from(is_astray));
        if self.sender.is_some() {
            self.send_or_hold(cx, message, route);
        } else {
            producer.publish(cx, route, message);
        }
    }
}
