//! A log-linear histogram of integers: exact below 256, then 128 buckets per
//! octave, so that a quantile is at most 1/128 (0.8 %) above the true value.

use alloc::vec;
use alloc::vec::Vec;

/// Buckets per octave as a power of two.
const FINE_BITS: u32 = 7;
/// Buckets that are passed at a time on the way to a quantile.
const STRETCH: usize = 16;

/// Counts of recorded integers, usually nanoseconds.
///
/// Count, sum, minimum and maximum are exact; quantiles are within a bucket.
/// Memory is for the octaves from the smallest value to the largest, 1 KiB each
/// and at most 58 KiB: 11 KiB for latencies from a millisecond to a second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    /// From the bucket `first` on.
    buckets: Vec<u64>,
    /// A whole number of octaves.
    first: usize,
    count: u64,
    sum: u128,
    /// `u64::MAX` while empty, so that recording needs no test for it.
    min: u64,
    max: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self::new()
    }
}

impl Histogram {
    /// An empty histogram; it allocates with the first value.
    pub const fn new() -> Self {
        Histogram {
            buckets: Vec::new(),
            first: 0,
            count: 0,
            sum: 0,
            min: u64::MAX,
            max: 0,
        }
    }

    /// Records one `value`.
    #[inline(always)]
    pub fn record(&mut self, value: u64) {
        self.record_in(bucket_of(value), value);
    }

    /// Records one `value` here and in another histogram.
    #[inline(always)]
    pub fn record_twice(&mut self, other: &mut Histogram, value: u64) {
        let bucket = bucket_of(value);
        self.record_in(bucket, value);
        other.record_in(bucket, value);
    }

    #[inline(always)]
    fn record_in(&mut self, bucket: usize, value: u64) {
        match self.buckets.get_mut(bucket.wrapping_sub(self.first)) {
            Some(count) => *count += 1,
            None => self.begin(bucket),
        }
        self.count += 1;
        self.sum += u128::from(value);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// The first value in `bucket`, which is outside of the others.
    #[cold]
    #[inline(never)]
    fn begin(&mut self, bucket: usize) {
        self.grow(bucket, bucket);
        self.buckets[bucket - self.first] += 1;
    }

    /// Records `value` `n` times.
    #[inline]
    pub fn record_n(&mut self, value: u64, n: u64) {
        if n == 0 {
            return;
        }
        let bucket = bucket_of(value);
        self.grow(bucket, bucket);
        self.buckets[bucket - self.first] += n;
        self.count += n;
        self.sum += u128::from(value) * u128::from(n);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Makes room for all buckets from `least` to `most`.
    fn grow(&mut self, least: usize, most: usize) {
        // Whole octaves, so that a slowly rising latency does not reallocate
        // at every new bucket.
        let octave = 1 << FINE_BITS;
        let (least, end) = (least / octave * octave, (most / octave + 1) * octave);
        if self.buckets.is_empty() {
            self.first = least;
        }
        if least < self.first {
            let mut wider = vec![0; self.first - least];
            wider.append(&mut self.buckets);
            (self.buckets, self.first) = (wider, least);
        }
        if end > self.first + self.buckets.len() {
            self.buckets.resize(end - self.first, 0);
        }
    }

    /// Number of recorded values.
    #[inline]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether nothing was recorded.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Smallest recorded value, 0 when empty.
    #[inline]
    pub fn min(&self) -> u64 {
        if self.count == 0 { 0 } else { self.min }
    }

    /// Largest recorded value, 0 when empty.
    #[inline]
    pub fn max(&self) -> u64 {
        self.max
    }

    /// Sum of the recorded values.
    #[inline]
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// Mean of the recorded values, 0 when empty.
    #[inline]
    pub fn mean_f64(&self) -> f64 {
        if self.count == 0 {
            0.0
        } else {
            self.sum as f64 / self.count as f64
        }
    }

    /// The value below or at which at least the share `q` of the values lies.
    ///
    /// The rule: walk the buckets upwards to the first one with a cumulative
    /// count of at least `ceil(q * count)` (at least 1), and give the largest
    /// value that bucket can hold, but no more than [`Histogram::max`]. It is
    /// never below the exact quantile and at most 1/128 above it. `q` is held
    /// in 0..=1; an empty histogram gives 0.
    pub fn quantile(&self, q: f64) -> u64 {
        let [value] = self.quantiles([q]);
        value
    }

    /// The same for several shares, which ascend: one walk finds them all.
    pub fn quantiles<const N: usize>(&self, shares: [f64; N]) -> [u64; N] {
        debug_assert!(shares.is_sorted(), "shares ascend");
        let mut values = [0; N];
        if self.is_empty() {
            return values;
        }
        // Nothing lies below the smallest value's bucket.
        let (mut bucket, mut below) = (bucket_of(self.min), 0);
        if bucket == bucket_of(self.max) {
            return [self.max; N];
        }
        bucket -= self.first;
        for (value, share) in values.iter_mut().zip(shares) {
            let rank = self.rank(share);
            // Between few values there are many empty buckets.
            while let Some(stretch) = self.buckets.get(bucket..bucket + STRETCH) {
                let held: u64 = stretch.iter().sum();
                if below + held >= rank {
                    break;
                }
                below += held;
                bucket += STRETCH;
            }
            while below + self.buckets[bucket] < rank {
                below += self.buckets[bucket];
                bucket += 1;
            }
            *value = bucket_last(self.first + bucket).min(self.max);
        }
        values
    }

    /// How many values lie at or below the quantile of a share.
    fn rank(&self, share: f64) -> u64 {
        // 0.07 * 100 is a little above 7 in binary; without the allowance the
        // rank would be 8.
        let rank = share.clamp(0.0, 1.0) * self.count as f64 * (1.0 - 4.0 * f64::EPSILON);
        // Rounded up.
        let whole = rank as u64;
        (whole + u64::from((whole as f64) < rank)).clamp(1, self.count)
    }

    /// Number of recorded values in buckets that lie wholly at or below
    /// `value`: what a "share within a deadline" is computed from.
    pub fn count_up_to(&self, value: u64) -> u64 {
        if value >= self.max {
            return self.count;
        }
        let full = bucket_of(value) + usize::from(bucket_last(bucket_of(value)) == value);
        self.buckets.iter().take(full.saturating_sub(self.first)).sum()
    }

    /// Adds all values of `other`.
    pub fn merge(&mut self, other: &Histogram) {
        if other.is_empty() {
            return;
        }
        self.grow(other.first, other.first + other.buckets.len() - 1);
        let mine = &mut self.buckets[other.first - self.first..];
        for (mine, theirs) in mine.iter_mut().zip(&other.buckets) {
            *mine += theirs;
        }
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Forgets everything; the memory is kept.
    pub fn clear(&mut self) {
        if self.count == 0 {
            return;
        }
        // Only what lies between the extremes was touched: charts clear a
        // histogram of a few values a thousand times a run.
        self.buckets[bucket_of(self.min) - self.first..=bucket_of(self.max) - self.first].fill(0);
        (self.count, self.sum, self.min, self.max) = (0, 0, u64::MAX, 0);
    }

    /// The occupied buckets in ascending order: smallest and largest value of
    /// the bucket, and its count. For charts.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        let all = (self.first..).zip(&self.buckets);
        all.filter(|&(_, &n)| n > 0)
            .map(|(bucket, &n)| (bucket_first(bucket), bucket_last(bucket), n))
    }
}

/// Values below 2^(FINE_BITS + 1) are their own bucket; above, the bucket is
/// made of the octave and the FINE_BITS bits that follow the leading one.
#[inline]
fn bucket_of(value: u64) -> usize {
    let octave = (63 - FINE_BITS).saturating_sub((value | 1).leading_zeros());
    ((octave << FINE_BITS) as usize) + (value >> octave) as usize
}

fn bucket_first(bucket: usize) -> u64 {
    let octave = (bucket >> FINE_BITS).saturating_sub(1);
    ((bucket - (octave << FINE_BITS)) as u64) << octave
}

fn bucket_last(bucket: usize) -> u64 {
    let octave = (bucket >> FINE_BITS).saturating_sub(1);
    bucket_first(bucket) + ((1 << octave) - 1)
}

#[cfg(test)]
#[path = "hist_tests.rs"]
mod tests;
