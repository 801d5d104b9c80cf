//! Where the members of one layer stand: each as near as possible to where it
//! would like to be, in their order and without touching.

/// The begin of each member, given where it would like to begin and how large
/// it is, with the gap behind it. Of all arrangements it is the one with the
/// least sum of squared distances.
pub(super) fn settle(wished: &[f64], sizes: &[f64]) -> Vec<f64> {
    // Without the room that those before take, the order alone is left: a
    // rising sequence, found by pooling neighbours that violate it.
    let mut taken = Vec::with_capacity(sizes.len());
    let mut sum = 0.0;
    for size in sizes {
        taken.push(sum);
        sum += size;
    }
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (wish, taken) in wished.iter().zip(&taken) {
        let mut pool = (wish - taken, 1);
        while let Some((mean, count)) = pools.last().copied().filter(|(mean, _)| *mean > pool.0) {
            pools.pop();
            let all = count + pool.1;
            pool = ((mean * count as f64 + pool.0 * pool.1 as f64) / all as f64, all);
        }
        pools.push(pool);
    }
    let free = pools
        .iter()
        .flat_map(|(mean, count)| std::iter::repeat_n(*mean, *count));
    free.zip(&taken).map(|(free, taken)| free + taken).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_room_stands_where_it_likes() {
        assert_eq!(settle(&[0.0, 50.0], &[15.0, 10.0]), [0.0, 50.0]);
    }

    #[test]
    fn who_has_none_shares_the_way() {
        assert_eq!(settle(&[20.0, 20.0], &[20.0, 10.0]), [10.0, 30.0]);
        assert_eq!(settle(&[0.0, 0.0, 0.0], &[10.0; 3]), [-10.0, 0.0, 10.0]);
    }
}
