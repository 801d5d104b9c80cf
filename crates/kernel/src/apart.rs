//! A box that is copied and emptied by functions of its own.

use alloc::boxed::Box;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};

/// A box whose contents are copied and dropped out of line: what a world seldom has is then
/// no part of the functions that copy a world and end it. The page loads such functions
/// later than the others.
#[derive(PartialEq, Eq, Debug)]
pub struct Apart<T>(Option<ManuallyDrop<Box<T>>>);

const FULL: &str = "only who drops the box empties it";

impl<T: Clone> Clone for Apart<T> {
    #[inline(never)]
    fn clone(&self) -> Self {
        Apart(self.0.clone())
    }
}

impl<T> Drop for Apart<T> {
    fn drop(&mut self) {
        if let Some(inside) = self.0.take() {
            end(ManuallyDrop::into_inner(inside));
        }
    }
}

#[inline(never)]
fn end<T>(inside: Box<T>) {
    drop(inside);
}

impl<T> From<T> for Apart<T> {
    fn from(inside: T) -> Self {
        Apart(Some(ManuallyDrop::new(Box::new(inside))))
    }
}

impl<T> Deref for Apart<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect(FULL)
    }
}

impl<T> DerefMut for Apart<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect(FULL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::rc::Rc;

    #[test]
    fn a_copy_is_of_its_own() {
        let one = Apart::from(1);
        let mut other = one.clone();
        *other += 1;
        assert_eq!((*one, *other), (1, 2));
    }

    #[test]
    fn what_is_inside_ends_with_it() {
        let inside = Rc::new(());
        let apart = Apart::from(inside.clone());
        assert_eq!(Rc::strong_count(&inside), 2);
        drop(apart);
        assert_eq!(Rc::strong_count(&inside), 1);
    }
}
