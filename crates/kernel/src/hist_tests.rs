use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;

fn of(values: &[u64]) -> Histogram {
    let mut histogram = Histogram::new();
    values.iter().for_each(|&v| histogram.record(v));
    histogram
}

#[test]
fn buckets_tile_the_integers() {
    assert_eq!(bucket_first(0), 0);
    assert_eq!(bucket_last(bucket_of(u64::MAX)), u64::MAX);
    for bucket in 0..bucket_of(u64::MAX) {
        assert_eq!(bucket_last(bucket) + 1, bucket_first(bucket + 1));
        assert_eq!(bucket_of(bucket_first(bucket)), bucket);
        assert_eq!(bucket_of(bucket_last(bucket)), bucket);
    }
}

#[test]
fn an_empty_histogram_is_all_zero() {
    let empty = Histogram::new();
    assert!(empty.is_empty());
    assert_eq!(
        (empty.min(), empty.max(), empty.sum(), empty.quantile(0.5)),
        (0, 0, 0, 0)
    );
    assert!(empty.mean_f64().abs() < 1e-300);
    assert_eq!(empty.count_up_to(10), 0);
}

#[test]
fn small_values_have_exact_quantiles() {
    let hundred = of(&(1..=100).collect::<Vec<_>>());
    for percent in 1..=100u32 {
        assert_eq!(hundred.quantile(f64::from(percent) / 100.0), u64::from(percent));
    }
    assert_eq!(hundred.quantile(0.0), 1);
    assert_eq!(hundred.quantile(-1.0), 1);
    assert_eq!(hundred.quantile(2.0), 100);
    assert_eq!(hundred.count_up_to(40), 40);
}

#[test]
fn several_quantiles_are_those_of_each() {
    let values = of(&[1, 1, 300, 70_000, 70_001, 5_000_000]);
    let shares = [0.0, 0.3, 0.5, 0.5, 0.9, 1.0];
    assert_eq!(values.quantiles(shares), shares.map(|share| values.quantile(share)));
    assert_eq!(
        values.quantiles([0.5, 1.0]),
        [300, 5_000_000].map(|value| bucket_last(bucket_of(value)).min(5_000_000))
    );
    assert_eq!(Histogram::new().quantiles([0.1, 0.9]), [0, 0]);
}

#[test]
fn recording_many_at_once_equals_recording_each() {
    let mut at_once = Histogram::new();
    at_once.record_n(1_000_000, 3);
    at_once.record_n(7, 0);
    assert_eq!(at_once, of(&[1_000_000; 3]));
    assert_eq!(at_once.sum(), 3_000_000);
    assert_eq!(at_once.quantile(0.5), 1_000_000, "held at the largest recorded value");
}

#[test]
fn clearing_forgets() {
    let mut histogram = of(&[5, 500_000]);
    histogram.clear();
    assert!(histogram.is_empty());
    histogram.record(9);
    assert_eq!((histogram.min(), histogram.max(), histogram.count()), (9, 9, 1));
    assert_eq!(histogram.iter().collect::<Vec<_>>(), vec![(9, 9, 1)]);
}

#[test]
fn room_is_for_what_was_recorded_and_grows_both_ways() {
    let mut histogram = of(&[5_000_000, 5_000_001]);
    assert_eq!(histogram.buckets.len(), 128, "one octave");
    histogram.record(1_000_000_000);
    histogram.record(3);
    assert_eq!(histogram.first, 0);
    let held: Vec<_> = histogram
        .iter()
        .map(|(least, most, n)| (least <= 5_000_000 && 5_000_000 <= most, n))
        .collect();
    assert_eq!(held, vec![(false, 1), (true, 2), (false, 1)]);
    assert_eq!(histogram.count_up_to(3), 1);
    assert_eq!(of(&[1_000_000_000]).count_up_to(3), 0, "below all there is room for");
    assert_eq!(histogram.quantile(0.25), 3);
}

#[test]
fn merging_into_an_empty_one_copies() {
    let full = of(&[3, 70_000]);
    let mut merged = Histogram::new();
    merged.merge(&full);
    merged.merge(&Histogram::new());
    assert_eq!(merged, full);
}

fn latencies() -> impl Strategy<Value = Vec<u64>> {
    let value = (0u64.., 0u32..64).prop_map(|(v, shift)| v >> shift);
    proptest::collection::vec(value, 1..200)
}

proptest! {
    #[test]
    fn quantiles_are_just_above_the_exact_ones(values in latencies(), q in 0.0..=1.0f64) {
        let mut sorted = values.clone();
        sorted.sort_unstable();
        let rank = ((q * values.len() as f64).ceil() as usize).clamp(1, values.len());
        let (exact, got) = (sorted[rank - 1], of(&values).quantile(q));
        prop_assert!(got >= exact && got - exact <= exact / 128, "{got} for {exact}");
    }

    #[test]
    fn totals_are_exact_and_merging_equals_recording(a in latencies(), b in latencies()) {
        let both: Vec<u64> = a.iter().chain(&b).copied().collect();
        let mut merged = of(&a);
        merged.merge(&of(&b));
        let (together, sum) = (of(&both), both.iter().map(|&v| u128::from(v)).sum::<u128>());
        prop_assert_eq!(merged.sum(), sum);
        prop_assert_eq!(merged.count(), both.len() as u64);
        prop_assert_eq!(Some(merged.min()), both.iter().min().copied());
        prop_assert_eq!(Some(merged.max()), both.iter().max().copied());
        prop_assert!(merged.iter().eq(together.iter()));
    }

    #[test]
    fn agrees_with_hdrhistogram(values in proptest::collection::vec(1..1u64 << 53, 1..200), permille in 0u32..=1000) {
        // Where the share is a whole number of values theirs may take one more: 0.56 * 25 is
        // a little above 14 in binary.
        prop_assume!(!(values.len() as u64 * u64::from(permille)).is_multiple_of(1000));
        let mut reference = hdrhistogram::Histogram::<u64>::new(3).unwrap();
        values.iter().for_each(|&v| reference.record(v).unwrap());
        let q = f64::from(permille) / 1000.0;
        let (ours, theirs) = (of(&values).quantile(q) as f64, reference.value_at_quantile(q) as f64);
        // Their resolution is 0.1 %, ours 0.8 %, both round up.
        prop_assert!((ours / theirs - 1.0).abs() < 0.009, "{ours} and {theirs}");
    }
}
