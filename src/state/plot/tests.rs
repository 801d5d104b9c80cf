//! Tests of `plot`.

use super::surface::{Anchor, Ink, Label, Stroke, Surface};
use super::*;
use crate::state::boards::Boards;
use crate::state::curves::Percentile;
use crate::state::lab::Lab;
use crate::state::layout::Point;
use crate::state::selection::Selection;

fn lab() -> Lab {
    lab_of("")
}

/// Four variants, whose names end like this.
fn lab_of(ending: &str) -> Lab {
    let text = r#"
        title = "t"
        until = "100s"
        broker.rabbitmq.queue.orders = {}
        service.writer = { workers = 1, consume = { queue = "orders", prefetch = 1 }, steps = [{ work = "100ms" }, "ack"] }
        load.users = { to = "orders", rate = "30/s" }
        variant.aX = {}
        variant.bX.load.users.rate = "29/s"
        variant.cX.load.users.rate = "28/s"
        variant.dX.load.users.rate = "27/s"
    "#;
    let (scenario, found) = mqlab_scenario::parse(&text.replace('X', ending));
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::from_nanos(60_000_000_000), u64::MAX, |_| false);
    lab
}

fn plot(lab: &Lab, size: (f64, f64)) -> Plot {
    let asked = Asked {
        lab,
        selection: None,
        percentiles: &Percentile::ALL,
        language: Language::English,
    };
    Plot::new(&asked, &Band::ALL, size)
}

/// Remembers what is drawn on it.
#[derive(Default)]
struct Memory {
    labels: Vec<(String, Point)>,
    /// Left and right end of each label, and the line that its letters stand on.
    rooms: Vec<(f64, f64, f64)>,
    paths: Vec<Vec<Point>>,
    dots: Vec<Point>,
}

impl Surface for Memory {
    fn width_of(&mut self, text: &str) -> f64 {
        7.0 * text.chars().count() as f64
    }

    fn path(&mut self, points: &[Point], _stroke: Stroke) {
        self.paths.push(points.to_vec());
    }

    fn area(&mut self, _points: &[Point], _ink: Ink, _opacity: f64) {}

    fn label(&mut self, label: Label<'_>) {
        let wide = self.width_of(label.text);
        let left = match label.anchor {
            Anchor::Start => label.at.x,
            Anchor::Middle => label.at.x - wide / 2.0,
            Anchor::End => label.at.x - wide,
        };
        self.rooms.push((left, left + wide, label.at.y));
        self.labels.push((label.text.to_owned(), label.at));
    }

    fn dot(&mut self, at: Point, _radius: f64, _ink: Ink) {
        self.dots.push(at);
    }
}

#[test]
fn charts_stand_below_each_other() {
    let lab = lab();
    let plot = plot(&lab, (1200.0, 400.0));
    assert_eq!(plot.strips.len(), 5);
    let ends = plot.strips.windows(2);
    assert!(ends.into_iter().all(|pair| pair[0].top + pair[0].height < pair[1].top));
    let last = &plot.strips[4];
    assert!((last.top + last.height + BOTTOM - 400.0).abs() < 1e-6);
}

/// Where the clock stands in the middle of a phone, long labels fit on neither side of it.
#[test]
fn labels_are_never_cut_and_never_overlap() {
    let boards = Boards {
        bands: Band::ALL.to_vec(),
        ..Boards::default()
    };
    let (tall, tall_narrow) = boards.charts_tall();
    let (tall, tall_narrow) = (f64::from(tall), f64::from(tall_narrow));
    for ending in ["", "-with-a-queue", "-with-a-queue-and-a-small-window"] {
        let lab = lab_of(ending);
        for size in [
            (1440.0, 700.0),
            (1440.0, tall),
            (1024.0, tall),
            (744.0, tall),
            (390.0, tall_narrow),
        ] {
            let plot = plot(&lab, size);
            let seconds = [None, Some(1), Some(20), Some(33), Some(50), Some(60)];
            for at in seconds.map(|second| second.map(|second| SimTime::from_nanos(second * 1_000_000_000))) {
                let mut memory = Memory::default();
                plot.draw(&mut memory);
                let others = memory.labels.len();
                for strip in &plot.strips {
                    plot.draw_values(&mut memory, strip, at);
                }
                assert!(memory.labels.len() > others, "there are values");
                check_labels(&memory, size.0, &format!("{ending} {size:?} {at:?}"));
            }
        }
    }
}

/// Every label is whole, within the picture, and by itself.
fn check_labels(memory: &Memory, width: f64, what: &str) {
    for (index, ((text, _), room)) in memory.labels.iter().zip(&memory.rooms).enumerate() {
        assert!(!text.contains('\u{2026}'), "{what}: {text}");
        assert!(room.0 >= 0.0 && room.1 <= width, "{what}: {text} {room:?}");
        for ((other, _), next) in memory.labels.iter().zip(&memory.rooms).skip(index + 1) {
            let is_beside = room.1 <= next.0 || next.1 <= room.0;
            assert!(
                is_beside || (room.2 - next.2).abs() > 13.9,
                "{what}: {text} and {other}"
            );
        }
    }
}

#[test]
fn the_crosshair_has_a_dot_on_every_curve() {
    let lab = lab();
    let plot = plot(&lab, (1200.0, 400.0));
    let at = SimTime::from_nanos(30_000_000_000);
    let mut memory = Memory::default();
    plot.draw_crosshair(&mut memory, at);
    let curves: usize = plot.strips.iter().map(|strip| strip.curves.len()).sum();
    assert_eq!(memory.dots.len(), curves);
    assert!(memory.dots.iter().all(|dot| dot.x == plot.axis.x(at)));
    assert!(memory.labels.iter().any(|(text, _)| text == "00:00:30"));
    let later = SimTime::from_nanos(70_000_000_000);
    let mut memory = Memory::default();
    plot.draw_crosshair(&mut memory, later);
    assert!(memory.dots.is_empty(), "nothing is known of what is to come");
}

#[test]
fn a_level_curve_has_few_points() {
    let lab = lab();
    let plot = plot(&lab, (1200.0, 400.0));
    let mut memory = Memory::default();
    plot.draw(&mut memory);
    let most = memory.paths.iter().map(Vec::len).max().unwrap_or(0);
    assert!(most < 3000, "{most}");
    assert!(
        memory
            .paths
            .iter()
            .flatten()
            .all(|point| point.x.is_finite() && point.y.is_finite())
    );
}

#[test]
fn a_picture_is_well_formed_whatever_things_are_called() {
    let lab = lab();
    let picture = svg::picture(&plot(&lab, (960.0, 400.0)), "a <title> & \"more\"");
    assert!(picture.starts_with("<svg xmlns=") && picture.ends_with("</svg>\n"));
    assert!(picture.contains("a &lt;title&gt; &amp; &quot;more&quot;"));
    assert!(!picture.contains("NaN") && !picture.contains("inf") && !picture.contains("style="));
}

/// Messages for ten seconds, and more of them when half a minute has gone by.
#[test]
fn a_wait_is_not_drawn_where_nobody_waited() {
    let text = r#"
        title = "t"
        until = "60s"
        broker.rabbitmq.queue.orders = {}
        service.writer = { workers = 1, consume = { queue = "orders", prefetch = 1 }, steps = [{ work = "100ms" }, "ack"] }
        load.users = { to = "orders", rate = [["0s", "9/s"], ["10s", "0/s"], ["40s", "9/s"], ["50s", "0/s"]] }
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::from_nanos(60_000_000_000), u64::MAX, |_| false);
    let plot = plot(&lab, (1200.0, 400.0));
    let second = |second: u64| SimTime::from_nanos(second * 1_000_000_000);
    let strip = plot
        .strips
        .iter()
        .find(|strip| strip.band == Band::Wait)
        .expect("it is drawn");
    for curve in &strip.curves {
        assert_eq!(curve.at(second(20)), None);
        let pieces = plot.pieces(strip, curve);
        assert_eq!(pieces.len(), 2, "{:?}", curve.word);
        let quiet = plot.axis.x(second(11))..plot.axis.x(second(39));
        assert!(pieces.iter().flatten().all(|point| !quiet.contains(&point.x)));
        let end = plot.axis.x(second(52));
        assert!(
            pieces.iter().flatten().all(|point| point.x < end),
            "it ends where the last wait did"
        );
    }
    // What is a level goes on to the clock.
    let backlog = plot
        .strips
        .iter()
        .find(|strip| strip.band == Band::Backlog)
        .expect("it is drawn");
    for curve in &backlog.curves {
        let pieces = plot.pieces(backlog, curve);
        let last = pieces.last().and_then(|piece| piece.last()).map(|point| point.x);
        assert_eq!((pieces.len(), last), (1, Some(plot.axis.x(plot.clock))));
    }
}

#[test]
fn a_variant_that_ended_early_stays_where_it_ended() {
    let text = r#"
        title = "t"
        broker.rabbitmq.queue.orders = {}
        service.writer = { workers = 1, consume = { queue = "orders", prefetch = 5 }, steps = [{ work = "100ms" }, "ack"] }
        load.users = { to = "orders", burst = [["0s", 3]] }
        variant.short = {}
        [variant.long]
        load.more = { to = "orders", rate = "30/s", count = 1500 }
    "#;
    let (scenario, found) = mqlab_scenario::parse(text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    for second in 1..=60 {
        lab.advance(SimTime::from_nanos(second * 1_000_000_000), u64::MAX, |_| false);
    }
    let plot = plot(&lab, (1200.0, 400.0));
    let strip = plot
        .strips
        .iter()
        .find(|strip| strip.band == Band::Backlog)
        .expect("it is drawn");
    let short = strip.curves.iter().filter(|curve| curve.variant == "short");
    for curve in short {
        let ended = curve.values.len() as u64 * curve.step_ns;
        assert!(ended < 2_000_000_000, "it ends within its first seconds: {ended} ns");
        let points = plot.pieces(strip, curve).concat();
        let far = points.windows(2).filter(|pair| pair[1].x - pair[0].x > 10.0);
        let slopes: Vec<_> = far.filter(|pair| pair[0].y != pair[1].y).collect();
        assert!(slopes.is_empty(), "{slopes:?}");
    }
}

/// Of fifty queues the first ones have samples: what has none says so, in place of
/// curves that would be empty.
#[test]
fn what_is_not_sampled_says_so() {
    let queues: String = (0..50)
        .map(|number| format!("broker.rabbitmq.queue.q{number} = {{}}\n"))
        .collect();
    let text = format!(
        "title = \"t\"\nuntil = \"9s\"\n{queues}load.first = {{ to = \"q0\", rate = \"3/s\" }}\nload.last = {{ to = \"q49\", rate = \"3/s\" }}\n"
    );
    let (scenario, found) = mqlab_scenario::parse(&text);
    let mut lab = Lab::new(scenario.unwrap_or_else(|| panic!("{found:#?}")));
    lab.advance(SimTime::from_nanos(5_000_000_000), u64::MAX, |_| false);
    let said = |name: &str| {
        let place = lab.lanes[0].world().places().named(name);
        let asked = Asked {
            lab: &lab,
            selection: place.map(|place| Selection::of_place(0, place)),
            percentiles: &Percentile::ALL,
            language: Language::English,
        };
        let mut memory = Memory::default();
        let plot = Plot::new(&asked, &Band::ALL, (900.0, 400.0));
        plot.draw(&mut memory);
        let curves: Vec<String> = (plot.strips.iter())
            .flat_map(|strip| &strip.curves)
            .map(|curve| curve.column.clone())
            .collect();
        let notes = memory.labels.iter();
        (
            notes.filter(|(text, _)| text.starts_with("Too many things")).count(),
            curves,
        )
    };
    let (notes, curves) = said("q0");
    assert!(notes == 0 && curves.len() > 5, "{curves:?}");
    let (notes, curves) = said("q49");
    assert_eq!(notes, Band::ALL.len() - 2, "all others say so, but what workers do");
    assert_eq!(
        curves,
        ["offered_per_s"],
        "what all loads offer is sampled, and no line at zero is drawn"
    );
}
