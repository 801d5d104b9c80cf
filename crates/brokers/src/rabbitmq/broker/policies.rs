//! What operators change while the node runs: policies (`rabbitmqctl set_policy`,
//! `clear_policy`) and the watermark of its memory
//! (`rabbitmqctl set_vm_memory_high_watermark`).

use super::{Broker, Rc};
use crate::rabbitmq::{Binding, Config, Frame, PolicyRule, Properties, QueueId};
use mqlab_model::Context;

impl Broker {
    /// A policy changes, and the queues that it is for follow it at once if the node
    /// is up; a queue that is gone will when it is declared again. The new value as a
    /// number; `None` if there is no such policy.
    #[inline(never)]
    pub fn set_policy<C: Context<Frame>>(
        &mut self,
        cx: &mut C,
        policy: u16,
        rule: &PolicyRule,
        is_up: bool,
    ) -> Option<u64> {
        Rc::make_mut(&mut self.boot).change_policy(policy, rule)?;
        let before = self.definitions.clone();
        let value = Rc::make_mut(&mut self.definitions).change_policy(policy, rule);
        self.redefined();
        for index in 0..before.queues.len() {
            self.follow(cx, QueueId(index as u16), &before);
        }
        if is_up {
            self.work_off(cx);
        } else {
            // All queues are looked at when it comes up.
            self.desk.to_do.clear();
        }
        value
    }

    /// A queue follows its definition. Whatever changes, the time begins anew after
    /// which it expires (`rabbit_amqqueue_process:process_args_policy`).
    fn follow<C: Context<Frame>>(&mut self, cx: &mut C, id: QueueId, before: &Config) {
        let index = usize::from(id.0);
        let now = &self.definitions.queues[index];
        if now.arguments == before.queues[index].arguments {
            return;
        }
        let (Some(arguments), Some(special)) = (&now.arguments, &mut self.desk.queues[index].special) else {
            return;
        };
        for rule in special.arguments.rules_towards(arguments) {
            special.follow(rule);
        }
        special.arguments.dead_letter = arguments.dead_letter.clone();
        special.used = cx.now();
        self.desk.to_do.push(id);
    }

    /// The number of properties that somebody publishes with from now on; `None` if there
    /// are too many of them.
    #[inline(never)]
    pub fn number_properties(&mut self, properties: &Properties) -> Option<u16> {
        let number = Rc::make_mut(&mut self.definitions).number(properties.clone())?;
        self.redefined();
        Some(number)
    }

    /// All bindings of the first definitions, also those that are not there now.
    pub fn bindings(&self) -> &[Binding] {
        &self.boot.bindings
    }

    /// Something of the first definitions is bound, or is not (`queue.bind`,
    /// `queue.unbind`). Returns the new value as a number, if there is such a binding.
    #[inline(never)]
    pub fn set_bound(&mut self, binding: u16, on: bool) -> Option<u64> {
        let binding = self.boot.bindings.get(usize::from(binding))?.clone();
        Rc::make_mut(&mut self.definitions).set_bound(binding, on);
        self.redefined();
        Some(u64::from(on))
    }

    /// The watermark moves, and the node looks at once what it uses if it is up
    /// (`vm_memory_monitor:set_vm_memory_high_watermark`). Returns the new one in
    /// bytes; `None` if its memory has no end.
    #[inline(never)]
    pub fn set_watermark<C: Context<Frame>>(&mut self, cx: &mut C, watermark: u64, is_up: bool) -> Option<u64> {
        let memory = Rc::make_mut(&mut self.definitions).memory.as_mut()?;
        memory.watermark = watermark;
        let limit = memory.limit();
        self.move_watermark(cx, limit, is_up);
        Some(limit)
    }
}
