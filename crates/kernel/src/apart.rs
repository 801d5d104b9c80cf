//! A box that is copied by a function of its own.

use alloc::boxed::Box;
use core::ops::{Deref, DerefMut};

/// A box whose contents are copied out of line: what a world seldom has is then no part of
/// the function that copies a world. The page loads such functions later than the others.
#[derive(PartialEq, Eq, Debug)]
pub struct Apart<T>(Box<T>);

impl<T: Clone> Clone for Apart<T> {
    #[inline(never)]
    fn clone(&self) -> Self {
        Apart(self.0.clone())
    }
}

impl<T> From<T> for Apart<T> {
    fn from(inside: T) -> Self {
        Apart(Box::new(inside))
    }
}

impl<T> Deref for Apart<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Apart<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_of_its_own() {
        let one = Apart::from(1);
        let mut other = one.clone();
        *other += 1;
        assert_eq!((*one, *other), (1, 2));
    }
}
