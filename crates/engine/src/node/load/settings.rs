//! What of a load may change while it runs.

use super::Load;
use super::{Output, Publisher};
use crate::plan::{PublishRule, PublishRuleKind, Segment, Setting, SettingKind};
use crate::wire::Wire;
use mqlab_kernel::SimTime;
use mqlab_model::{Context, SourceId};

impl Load {
    /// Changes a setting, from now on; of a load that is down, from its start
    /// on. The new value as a number, or `None` if it has no such setting.
    pub(crate) fn set<C: Context<Wire>>(&mut self, cx: &mut C, setting: &Setting, is_up: bool) -> Option<u64> {
        let value = match *setting {
            Setting::Rate(rate) => {
                self.segments = alloc::vec![Segment {
                    start: self.own_time(cx),
                    rate
                }];
                self.segment = 0;
                self.begin_phase();
                rate.period().nanos()
            }
            Setting::Poisson(poisson) => {
                self.poisson = poisson;
                self.begin_phase();
                u64::from(poisson)
            }
            Setting::Count(count) => {
                self.limit = count;
                if is_up {
                    self.users_join(cx);
                }
                count
            }
            Setting::Publish(ref rule) => return self.set_publish(cx, rule),
            Setting::Persistent(persistent) => {
                self.persistent = persistent;
                return Some(u64::from(persistent));
            }
            _ => return self.set_habit(cx, setting, is_up),
        };
        if is_up && !self.is_armed {
            self.arm_arrival(cx);
        }
        Some(value)
    }

    /// The same for settings that leave the arrivals alone.
    fn set_habit<C: Context<Wire>>(&mut self, cx: &mut C, setting: &Setting, is_up: bool) -> Option<u64> {
        let value = match *setting {
            Setting::Each(each) => {
                self.each = each;
                each
            }
            Setting::Users(count) => {
                self.users.as_mut()?.wanted = count;
                if is_up {
                    self.users_join(cx);
                }
                u64::from(count)
            }
            Setting::Think(think) => {
                self.users.as_mut()?.think = think;
                think.mean().nanos()
            }
            Setting::Window(window) => {
                self.sender.as_mut()?.plan.window = Some(window);
                if is_up {
                    self.send_waiting(cx);
                }
                u64::from(window)
            }
            Setting::Buffer(most) => {
                self.sender.as_mut()?.plan.buffer = Some(most);
                most
            }
            _ => return None,
        };
        Some(value)
    }

    /// The same for the flags of its publishes, and of the channel that they go through.
    fn set_publish<C: Context<Wire>>(&mut self, cx: &mut C, rule: &PublishRule) -> Option<u64> {
        let Output::Publish(publisher @ Publisher::Rabbit(_), _) = &mut self.output else {
            return None;
        };
        match rule {
            PublishRule::Mandatory(on) => publisher.set_mandatory(*on),
            PublishRule::Confirms(true) if !self.confirms => {
                publisher.select_confirms(cx);
                self.confirms = true;
            }
            // What is known of these is with the brokers that look at them.
            _ => return None,
        }
        Some(rule.value())
    }

    /// The number of the properties that its messages carry.
    pub(crate) fn properties(&self) -> u16 {
        self.properties
    }

    /// Its messages carry others from now on.
    pub(crate) fn set_properties(&mut self, number: u16) {
        self.properties = number;
    }

    /// The source that its messages are of.
    pub(crate) fn source(&self) -> SourceId {
        self.source
    }

    fn publish_setting(&self, kind: PublishRuleKind) -> Option<Setting> {
        let Output::Publish(publisher, _) = &self.output else {
            return None;
        };
        match kind {
            PublishRuleKind::Mandatory => Some(Setting::Publish(PublishRule::Mandatory(publisher.is_mandatory()))),
            PublishRuleKind::Confirms => Some(Setting::Publish(PublishRule::Confirms(self.confirms))),
            _ => None,
        }
    }

    /// A setting as it is now.
    pub(crate) fn setting(&self, kind: SettingKind, now: SimTime) -> Option<Setting> {
        match kind {
            SettingKind::Rate => self.rate(now).map(Setting::Rate),
            SettingKind::Poisson => Some(Setting::Poisson(self.poisson)),
            SettingKind::Count => (self.limit < u64::MAX).then_some(Setting::Count(self.limit)),
            SettingKind::Each => Some(Setting::Each(self.each)),
            SettingKind::Users => self.users.map(|users| Setting::Users(users.wanted)),
            SettingKind::Think => self.users.map(|users| Setting::Think(users.think)),
            SettingKind::Window => self.sender.as_ref()?.plan.window.map(Setting::Window),
            SettingKind::Buffer => self.sender.as_ref()?.plan.buffer.map(Setting::Buffer),
            SettingKind::Publish(kind) => self.publish_setting(kind),
            SettingKind::Persistent => Some(Setting::Persistent(self.persistent)),
            _ => None,
        }
    }

    /// The arrival that is armed is stale.
    fn begin_phase(&mut self) {
        self.in_segment = 0;
        self.is_armed = false;
        self.generation += 1;
    }
}
