use alloc::collections::VecDeque;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;

fn filled(len: u64) -> Chain<u64> {
    (0..len).collect()
}

#[test]
fn first_in_first_out_across_blocks() {
    let mut chain = filled(10_000);
    assert_eq!(
        (chain.len(), chain.front(), chain.back()),
        (10_000, Some(&0), Some(&9_999))
    );
    for expected in 0..10_000 {
        assert_eq!(chain.pop_front(), Some(expected));
    }
    assert_eq!((chain.pop_front(), chain.front(), chain.back()), (None, None, None));
    assert!(chain.is_empty());
}

#[test]
fn sealed_blocks_are_shared_with_clones() {
    let chain = filled(BLOCK as u64 * 3 + 5);
    let clone = chain.clone();
    assert_eq!(chain.sealed.len(), 3);
    for (mine, theirs) in chain.sealed.iter().zip(&clone.sealed) {
        assert!(Rc::ptr_eq(mine, theirs));
    }
}

#[test]
fn a_popped_block_is_written_again_unless_shared() {
    let mut chain = filled(BLOCK as u64 * 2);
    let first = chain.sealed[0].as_ptr();
    chain.truncate_front(BLOCK);
    chain.push_back(7);
    assert_eq!(chain.tail.as_ptr(), first);

    let mut chain = filled(BLOCK as u64 * 2);
    let clone = chain.clone();
    chain.truncate_front(BLOCK);
    chain.push_back(7);
    assert_eq!(clone.get(0), Some(&0));
}

#[test]
fn a_queue_of_a_few_stays_in_a_few_blocks() {
    let mut chain = filled(5);
    for value in 5..100_000 {
        chain.push_back(value);
        assert_eq!(chain.pop_front(), Some(value - 5));
        assert!(chain.sealed.len() <= 1);
    }
}

/// Bytes held, in a chain that shares nothing.
fn held_bytes(chain: &Chain<u64>) -> usize {
    let blocks = chain
        .sealed
        .iter()
        .map(|block| block.capacity() * 8 + 40)
        .sum::<usize>();
    blocks + chain.sealed.capacity() * 8 + (chain.tail.capacity() + chain.spare.capacity()) * 8
}

#[test]
fn memory_is_the_elements_and_two_blocks() {
    let len = 1_000_000;
    let mut chain = filled(len as u64);
    assert!(held_bytes(&chain) <= len * 8 * 102 / 100 + 2 * BLOCK * 8);
    // Also when the tail went through a clone, which has no slack to grow in.
    let mut clone = filled(3_000).clone();
    (0..len as u64).for_each(|value| clone.push_back(value));
    assert!(held_bytes(&clone) <= len * 8 * 102 / 100 + 2 * BLOCK * 8);
    while chain.pop_front().is_some() {}
    // And the list of blocks keeps its length.
    assert!(held_bytes(&chain) <= 2 * BLOCK * 8 + 2 * len / BLOCK * 8);
}

#[test]
fn truncating_a_clone_leaves_the_original() {
    let chain = filled(10_000);
    let mut cut = chain.clone();
    cut.truncate_back(5_000);
    cut.push_back(77);
    assert_eq!(
        (cut.len(), cut.get(4_999), cut.get(5_000)),
        (5_001, Some(&4_999), Some(&77))
    );
    assert!(chain.iter().copied().eq(0..10_000));
}

#[derive(Clone, Debug)]
enum Step {
    Push(usize),
    Pop(usize),
    TruncateBack(usize),
    TruncateFront(usize),
    Clear,
    Fork,
    Swap(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..9_000usize).prop_map(Step::Push),
        5 => (0..9_000usize).prop_map(Step::Pop),
        1 => (0..20_000usize).prop_map(Step::TruncateBack),
        1 => (0..20_000usize).prop_map(Step::TruncateFront),
        1 => Just(Step::Clear),
        2 => Just(Step::Fork),
        2 => (0..8usize).prop_map(Step::Swap),
    ]
}

fn apply(step: &Step, next: &mut u32, chain: &mut Chain<u32>, naive: &mut VecDeque<u32>) {
    match *step {
        Step::Push(count) => {
            for _ in 0..count {
                chain.push_back(*next);
                naive.push_back(*next);
                *next += 1;
            }
        }
        Step::Pop(count) => {
            for _ in 0..count {
                assert_eq!(chain.front(), naive.front());
                assert_eq!(chain.pop_front(), naive.pop_front());
            }
        }
        Step::TruncateBack(len) => {
            chain.truncate_back(len);
            naive.truncate(len);
        }
        Step::TruncateFront(len) => {
            chain.truncate_front(len);
            naive.drain(..naive.len().saturating_sub(len));
        }
        Step::Clear => {
            chain.clear();
            naive.clear();
        }
        Step::Fork | Step::Swap(_) => {}
    }
}

fn assert_same(chain: &Chain<u32>, naive: &VecDeque<u32>) {
    assert_eq!((chain.len(), chain.back()), (naive.len(), naive.back()));
    assert_eq!(chain.iter().len(), naive.len());
    assert!(chain.iter().eq(naive.iter()));
    for index in [
        0,
        1,
        naive.len() / 2,
        naive.len().saturating_sub(1),
        naive.len(),
        usize::MAX,
    ] {
        assert_eq!(chain.get(index), naive.get(index));
        assert_eq!(chain.iter_from(index).next(), naive.get(index));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn agrees_with_a_plain_queue_and_clones_diverge(steps in proptest::collection::vec(step(), 1..30)) {
        // Forks stay in the pool and take turns, so writes after a clone go to
        // both sides of it.
        let mut pool = Vec::from([(Chain::new(), VecDeque::new())]);
        let (mut current, mut next) = (0, 0);
        for step in &steps {
            match *step {
                Step::Fork => pool.push(pool[current].clone()),
                Step::Swap(index) => current = index % pool.len(),
                _ => {}
            }
            let (chain, naive) = &mut pool[current];
            apply(step, &mut next, chain, naive);
        }
        pool.iter().for_each(|(chain, naive)| assert_same(chain, naive));
    }
}
