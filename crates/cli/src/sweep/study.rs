//! What a study came to, as plain data. The formats are beside it.

use super::grid::Grid;
use super::runs::{Job, Measured};
use super::statistics::Summary;
use mqlab_engine::plan::LimitHit;
use mqlab_engine::{METRICS, MetricKind, NodeView, PlaceKind, Subject, Unit, World};
use mqlab_scenario::MetricName;

/// A study.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Study {
    /// The scenario's title.
    pub(super) title: String,
    /// The file it was read from.
    pub(super) file: String,
    /// The first seed.
    pub(super) seed: u64,
    /// How many seeds each point has.
    pub(super) seeds: u64,
    /// The probability of the confidence intervals.
    pub(super) confidence: f64,
    /// The paths that were set, with their values.
    pub(super) axes: Vec<(String, Vec<String>)>,
    /// What was measured.
    pub(super) columns: Vec<Column>,
    /// Every point and variant, in the order of the grid.
    pub(super) rows: Vec<Row>,
}

/// A metric.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Column {
    /// Its name in the scenario language.
    pub(super) name: String,
    /// What its numbers are.
    pub(super) unit: Unit,
}

/// One variant at one point.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Row {
    /// Which value of each axis.
    pub(super) at: Vec<usize>,
    /// The variant's name.
    pub(super) variant: String,
    /// Runs that came to an end; fewer than there are seeds if somebody
    /// stopped the study.
    pub(super) runs: usize,
    /// Runs that a limit ended, and the limit that did so first.
    pub(super) limited: Option<(usize, LimitHit)>,
    /// Of each metric; `None` where no run had anything to measure.
    pub(super) cells: Vec<Option<Summary>>,
}

impl Study {
    /// Sums the runs up. Of metrics that nobody asked for, those that are 0
    /// everywhere or nowhere to be measured are left out.
    pub(super) fn of(
        grid: &Grid,
        jobs: &[Job],
        measured: &[Option<Measured>],
        metrics: &Metrics,
        seeds: (u64, u64),
        confidence: f64,
    ) -> Study {
        let mut rows = Vec::new();
        let mut start = 0;
        while let Some(first) = jobs.get(start) {
            let same = |job: &&Job| (job.point, job.variant) == (first.point, first.variant);
            let end = start + jobs[start..].iter().take_while(same).count();
            let scenario = &grid.points[first.point].scenario;
            let ended: Vec<&Measured> = measured[start..end].iter().flatten().collect();
            let mut limits = ended.iter().filter_map(|run| run.limit);
            let first_limit = limits.next();
            let cell = |column: usize| {
                let numbers: Vec<f64> = ended.iter().filter_map(|run| run.numbers[column]).collect();
                Summary::of(&numbers, confidence)
            };
            rows.push(Row {
                at: grid.points[first.point].at.clone(),
                variant: scenario.variants[first.variant].name.clone(),
                runs: ended.len(),
                limited: first_limit.map(|hit| (1 + limits.count(), hit)),
                cells: (0..metrics.names.len()).map(cell).collect(),
            });
            start = end;
        }
        let scenario = &grid.points[0].scenario;
        let mut study = Study {
            title: scenario.title.clone(),
            file: grid.input.name.clone(),
            seed: seeds.0,
            seeds: seeds.1,
            confidence,
            axes: grid
                .axes
                .iter()
                .map(|axis| (axis.path.clone(), axis.values.clone()))
                .collect(),
            columns: metrics.names.iter().map(Column::of).collect(),
            rows,
        };
        if !metrics.is_asked {
            study.drop_idle_columns();
        }
        study
    }

    fn drop_idle_columns(&mut self) {
        for column in (0..self.columns.len()).rev() {
            let is_idle = |cell: &Option<Summary>| cell.is_none_or(|cell| cell.most == 0.0);
            if self.rows.iter().all(|row| is_idle(&row.cells[column])) {
                self.columns.remove(column);
                for row in &mut self.rows {
                    row.cells.remove(column);
                }
            }
        }
    }
}

impl Column {
    fn of(name: &MetricName) -> Column {
        let info = name.kind.info();
        let written = match &name.subject {
            Some(subject) => match name.argument {
                mqlab_engine::Argument::None => format!("{}({subject})", info.name),
                mqlab_engine::Argument::After(after) => format!("{}({subject}, {after})", info.name),
                mqlab_engine::Argument::Nth(nth) => format!("{}({subject}, {nth})", info.name),
                mqlab_engine::Argument::State(state) => format!("{}({subject}, {})", info.name, state.word()),
            },
            None => info.name.to_owned(),
        };
        Column {
            name: written,
            unit: info.unit,
        }
    }
}

/// What is measured.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Metrics {
    /// By name.
    pub(super) names: Vec<MetricName>,
    /// Whether the user named them.
    pub(super) is_asked: bool,
}

/// Most metrics that are chosen where nobody names any, verdicts apart.
pub(super) const CHOSEN_MAX: usize = 8;

impl Metrics {
    /// What a study shows where nobody asked for anything: how long messages
    /// wait, what is left over, how busy the services are, and every verdict.
    pub(super) fn chosen(grid: &Grid, variants: &[usize]) -> Metrics {
        let mut waits = Vec::new();
        let mut busy = Vec::new();
        for &variant in variants {
            let plan = &grid.points[0].scenario.variants[variant].plan;
            let world = World::new(plan);
            for (_, place) in world.places().iter() {
                let kinds: &[MetricKind] = match place.kind {
                    PlaceKind::Queue | PlaceKind::Service => {
                        &[MetricKind::WaitMean, MetricKind::WaitP99, MetricKind::Backlog]
                    }
                    _ => &[],
                };
                let names = kinds.iter().map(|kind| named(*kind, Some(&place.name)));
                let names: Vec<MetricName> = names
                    .filter(|name| name.resolve(plan, world.places()).is_some())
                    .collect();
                add(&mut waits, names);
                if matches!(world.node(place.node), NodeView::Service { workers: Some(_), .. })
                    && place.kind == PlaceKind::Service
                {
                    add(&mut busy, vec![named(MetricKind::Utilisation, Some(&place.name))]);
                }
            }
        }
        waits.extend(busy);
        waits.truncate(CHOSEN_MAX);
        let verdicts = METRICS.iter().filter(|info| info.subject == Subject::WorldOrInlet);
        waits.extend(verdicts.map(|info| named(info.kind, None)));
        Metrics {
            names: waits,
            is_asked: false,
        }
    }
}

fn add(all: &mut Vec<MetricName>, more: Vec<MetricName>) {
    for name in more {
        if !all.contains(&name) {
            all.push(name);
        }
    }
}

fn named(kind: MetricKind, subject: Option<&str>) -> MetricName {
    MetricName {
        kind,
        subject: subject.map(str::to_owned),
        argument: mqlab_engine::Argument::None,
    }
}
