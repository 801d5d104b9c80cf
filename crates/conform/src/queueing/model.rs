//! Models of stations, in Kendall's notation: arrivals / service / servers /
//! places.

use serde_json::{Map, Value};

/// A station.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Model {
    /// One queue in front of equal servers.
    Single(Single),
    /// Classes of arrivals at one server, the first before the others; `true`
    /// if one of a higher class takes the server away from one of a lower.
    Priority(Vec<(f64, Service)>, bool),
    /// One server after the other.
    Tandem(Vec<Single>),
}

/// One queue in front of equal servers.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Single {
    /// Whether arrivals are at random or in equal gaps.
    pub(super) is_random: bool,
    /// Arrivals per unit of time.
    pub(super) rate: f64,
    /// How long a service takes.
    pub(super) service: Service,
    /// Servers; `None` is as many as are needed.
    pub(super) servers: Option<u32>,
    /// Places in all, those in service included; `None` is no limit.
    pub(super) places: Option<u32>,
}

/// How long a service takes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Service {
    /// Always the same.
    Constant(f64),
    /// Exponential, with this mean.
    Exponential(f64),
    /// Stages and the mean of their sum.
    Erlang(u32, f64),
    /// From and to.
    Uniform(f64, f64),
    /// The share of the first mean, and both.
    HyperExponential(f64, f64, f64),
    /// Mean and deviation of the logarithm.
    LogNormal(f64, f64),
    /// Mean and squared coefficient of variation.
    Gamma(f64, f64),
}

impl Service {
    pub(super) fn mean(self) -> f64 {
        match self {
            Service::Constant(mean)
            | Service::Exponential(mean)
            | Service::Erlang(_, mean)
            | Service::Gamma(mean, _) => mean,
            Service::Uniform(low, high) => (low + high) / 2.0,
            Service::HyperExponential(share, first, second) => share * first + (1.0 - share) * second,
            Service::LogNormal(mean, deviation) => (mean + deviation * deviation / 2.0).exp(),
        }
    }

    /// As the scenario language writes it, if `scale` is to take one second.
    pub(super) fn written(self, scale: f64) -> String {
        let span = |time: f64| format!("{:.0}ns", time / scale * 1e9);
        match self {
            Service::Constant(mean) => span(mean),
            Service::Exponential(mean) => format!("exp({})", span(mean)),
            Service::Erlang(stages, mean) => format!("erlang({stages}, {})", span(mean)),
            Service::Uniform(low, high) => format!("uniform({}, {})", span(low), span(high)),
            Service::HyperExponential(share, first, second) => {
                format!("hyperexp({share:.9}, {}, {})", span(first), span(second))
            }
            Service::LogNormal(mean, deviation) => format!("lognormal({}, {deviation:.3})", span(mean.exp())),
            Service::Gamma(mean, variation) => format!("gamma({}, {variation:.3})", span(mean)),
        }
    }

    /// Any service with this mean and this mean of squares: waits in front of
    /// one server depend on nothing else (Pollaczek and Khinchine).
    fn of_moments(mean: f64, squares: f64) -> Result<Service, String> {
        let variation = squares / (mean * mean) - 1.0;
        match variation {
            v if v.is_nan() || v < -1e-9 => Err("a mean of squares is at least the square of the mean".to_owned()),
            v if v < 0.0005 => Ok(Service::Constant(mean)),
            v if (v - 1.0).abs() < 0.0005 => Ok(Service::Exponential(mean)),
            v => Ok(Service::Gamma(mean, v)),
        }
    }
}

type Input = Map<String, Value>;

impl Model {
    /// Reads a station.
    pub(super) fn read(input: &Input) -> Result<Model, String> {
        let name = input.get("model").and_then(Value::as_str).ok_or("`model` is missing")?;
        let simple: String = name.to_lowercase().replace([' ', '_'], "-");
        if simple.contains("priority") {
            let is_preemptive = simple.contains("preemptive")
                && !simple.contains("nonpreemptive")
                && !simple.contains("non-preemptive");
            if is_preemptive && simple.contains("repeat") {
                return Err(format!("no model `{name}`"));
            }
            let classes = input
                .get("classes")
                .and_then(Value::as_array)
                .ok_or("`classes` is missing")?;
            let class = |class: &Value| {
                let class = class.as_object().ok_or("a class has `lam` and its service")?;
                Ok((positive(class, "lam")?, exponential_or_moments(class)?))
            };
            return Ok(Model::Priority(
                classes.iter().map(class).collect::<Result<_, String>>()?,
                is_preemptive,
            ));
        }
        if simple.contains("tandem") {
            let rate = positive(input, "lam")?;
            let rates = input.get("mus").and_then(Value::as_array).ok_or("`mus` is missing")?;
            let stage = |rate_of_service: &Value| {
                let served = rate_of_service.as_f64().filter(|served| *served > 0.0);
                Ok(Single {
                    is_random: true,
                    rate,
                    service: Service::Exponential(1.0 / served.ok_or("`mus` are numbers above 0")?),
                    servers: Some(1),
                    places: None,
                })
            };
            return Ok(Model::Tandem(rates.iter().map(stage).collect::<Result<_, String>>()?));
        }
        let parts: Vec<&str> = simple.split('/').collect();
        let (arrivals, service, servers, places) = match parts.as_slice() {
            [arrivals, service, servers] => (*arrivals, *service, *servers, None),
            [arrivals, service, servers, places] => (*arrivals, *service, *servers, Some(*places)),
            _ => return Err(format!("no model `{name}`")),
        };
        let is_random = match arrivals {
            "m" => true,
            "d" => false,
            _ => return Err(format!("no model `{name}`: arrivals are M or D")),
        };
        let servers = count(input, servers, "c")?;
        let places = match places {
            // Erlang's loss system is written M/M/c/c.
            Some("c") => servers,
            Some(places) => count(input, places, "K")?,
            None => None,
        };
        if servers.zip(places).is_some_and(|(servers, places)| places < servers) {
            return Err("there are fewer places than servers".to_owned());
        }
        Ok(Model::Single(Single {
            is_random,
            rate: positive(input, "lam")?,
            service: service_named(input, service).ok_or(format!("no model `{name}`: its service"))??,
            servers,
            places,
        }))
    }
}

/// A number of servers or places: a digit, a letter that stands for a
/// parameter, or infinity.
fn count(input: &Input, written: &str, parameter: &str) -> Result<Option<u32>, String> {
    if ["inf", "infinity", "infinite", "\u{221e}"].contains(&written) {
        return Ok(None);
    }
    if let Ok(count) = written.parse::<u32>() {
        let none = || format!("`{written}` where at least 1 has to be");
        return (count > 0).then_some(Some(count)).ok_or_else(none);
    }
    let names = [parameter, written];
    let value = names.iter().find_map(|name| input.get(*name)).and_then(Value::as_u64);
    let value = value
        .and_then(|value| u32::try_from(value).ok())
        .filter(|value| *value > 0);
    value
        .map(Some)
        .ok_or(format!("`{parameter}` is a whole number above 0"))
}

/// The service that a letter of the notation stands for; `None` if there is no
/// such letter.
fn service_named(input: &Input, name: &str) -> Option<Result<Service, String>> {
    let with_mean = || first_of(input, &["mean", "es", "d"]);
    Some(match name {
        "m" => mean_or_rate(input).map(Service::Exponential),
        "d" => first_of(input, &["d", "mean", "es"])
            .or_else(|_| mean_or_rate(input))
            .map(Service::Constant),
        "u" | "uniform" => pair(input, "a", "b", false).map(|(low, high)| Service::Uniform(low, high)),
        "h2" | "hyperexponential" => positive(input, "p").and_then(|share| {
            let (first, second) = pair(input, "m1", "m2", true)?;
            Ok(Service::HyperExponential(share.min(1.0), first, second))
        }),
        "ln" | "lognormal" => {
            let number = |name: &str| {
                input
                    .get(name)
                    .and_then(Value::as_f64)
                    .ok_or(format!("`{name}` is a number"))
            };
            number("mu_log")
                .or_else(|_| number("m"))
                .and_then(|mean| Ok(Service::LogNormal(mean, number("sigma_log").or_else(|_| number("s"))?)))
        }
        "gamma" | "ga" | "g" => exponential_or_moments(input),
        erlang => {
            let stages = erlang.strip_prefix('e').or_else(|| erlang.strip_prefix("erlang"))?;
            let stages = match stages.trim_start_matches('-') {
                "k" | "" | "rlang" => input.get("k").and_then(Value::as_u64),
                digits => digits.parse().ok(),
            };
            let stages = stages.and_then(|stages| u32::try_from(stages).ok());
            match stages {
                Some(stages) => with_mean()
                    .or_else(|_| mean_or_rate(input))
                    .map(|mean| Service::Erlang(stages, mean)),
                None => Err("`k` is a whole number".to_owned()),
            }
        }
    })
}

/// A service by its rate (exponential), by mean and variation, or by mean and
/// mean of squares.
fn exponential_or_moments(input: &Input) -> Result<Service, String> {
    if input.contains_key("es2") {
        return Service::of_moments(positive(input, "es")?, positive(input, "es2")?);
    }
    if let Some(variation) = input.get("scv").and_then(Value::as_f64) {
        let mean = first_of(input, &["mean", "es"])?;
        return Service::of_moments(mean, mean * mean * (1.0 + variation));
    }
    mean_or_rate(input).map(Service::Exponential)
}

fn mean_or_rate(input: &Input) -> Result<f64, String> {
    positive(input, "mu")
        .map(|rate| 1.0 / rate)
        .or_else(|why| first_of(input, &["mean", "es"]).map_err(|_| why))
}

fn first_of(input: &Input, names: &[&str]) -> Result<f64, String> {
    let name = names
        .iter()
        .find(|name| input.contains_key(**name))
        .unwrap_or(&names[0]);
    positive(input, name)
}

fn positive(input: &Input, name: &str) -> Result<f64, String> {
    let number = input.get(name).and_then(Value::as_f64);
    number
        .filter(|number| *number > 0.0)
        .ok_or(format!("`{name}` is a number above 0"))
}

fn pair(input: &Input, low: &str, high: &str, is_positive: bool) -> Result<(f64, f64), String> {
    let number = |name: &str| {
        let number = input.get(name).and_then(Value::as_f64);
        number
            .filter(|number| *number > 0.0 || (!is_positive && *number == 0.0))
            .ok_or(format!("`{name}` is a number"))
    };
    Ok((number(low)?, number(high)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(input: Value) -> Result<Model, String> {
        Model::read(input.as_object().unwrap())
    }

    fn single(input: Value) -> (Service, Option<u32>, Option<u32>) {
        match read(input) {
            Ok(Model::Single(single)) => (single.service, single.servers, single.places),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn kendalls_notation_is_read() {
        let (one, rate) = (Some(1), 2.0);
        for (model, parameters, expected) in [
            ("M/M/1", json!({}), (Service::Exponential(0.5), one, None)),
            ("M/M/c", json!({"c": 3}), (Service::Exponential(0.5), Some(3), None)),
            ("M/M/1/K", json!({"K": 5}), (Service::Exponential(0.5), one, Some(5))),
            (
                "M/M/c/K",
                json!({"c": 2, "K": 5}),
                (Service::Exponential(0.5), Some(2), Some(5)),
            ),
            (
                "M/M/c/c",
                json!({"c": 4}),
                (Service::Exponential(0.5), Some(4), Some(4)),
            ),
            ("M/M/inf", json!({}), (Service::Exponential(0.5), None, None)),
            ("M/D/1", json!({"d": 0.25}), (Service::Constant(0.25), one, None)),
            (
                "M/Ek/1",
                json!({"k": 4, "mean": 0.1}),
                (Service::Erlang(4, 0.1), one, None),
            ),
            ("M/E2/1", json!({"mean": 0.1}), (Service::Erlang(2, 0.1), one, None)),
            (
                "M/U/1",
                json!({"a": 0.0, "b": 1}),
                (Service::Uniform(0.0, 1.0), one, None),
            ),
            (
                "M/H2/1",
                json!({"p": 0.9, "m1": 0.1, "m2": 2}),
                (Service::HyperExponential(0.9, 0.1, 2.0), one, None),
            ),
            (
                "M/LN/1",
                json!({"mu_log": -0.5, "sigma_log": 1.0}),
                (Service::LogNormal(-0.5, 1.0), one, None),
            ),
            (
                "M/Gamma/1",
                json!({"mean": 0.5, "scv": 4}),
                (Service::Gamma(0.5, 4.0), one, None),
            ),
            ("M/G/1", json!({"es": 1, "es2": 1}), (Service::Constant(1.0), one, None)),
            (
                "M/G/1",
                json!({"es": 1, "es2": 2}),
                (Service::Exponential(1.0), one, None),
            ),
            (
                "M/G/1",
                json!({"es": 1, "es2": 3}),
                (Service::Gamma(1.0, 2.0), one, None),
            ),
        ] {
            let mut input = json!({"model": model, "lam": 1, "mu": rate});
            input
                .as_object_mut()
                .unwrap()
                .extend(parameters.as_object().unwrap().clone());
            assert_eq!(single(input), expected, "{model}");
        }
    }

    #[test]
    fn what_is_no_station_says_why() {
        for (input, part) in [
            (json!({}), "`model`"),
            (json!({"model": "M/X/1", "lam": 1}), "no model"),
            (json!({"model": "G/M/1", "lam": 1, "mu": 1}), "arrivals are M or D"),
            (json!({"model": "M/M/1", "lam": -1, "mu": 1}), "`lam`"),
            (json!({"model": "M/M/1", "lam": 1}), "`mu`"),
            (json!({"model": "M/M/c", "lam": 1, "mu": 1}), "`c`"),
            (
                json!({"model": "M/M/c/K", "lam": 1, "mu": 1, "c": 3, "K": 2}),
                "fewer places",
            ),
            (
                json!({"model": "M/G/1", "lam": 1, "es": 2, "es2": 1}),
                "mean of squares",
            ),
            (json!({"model": "tandem-M/M/1", "lam": 1}), "`mus`"),
        ] {
            let why = read(input).unwrap_err();
            assert!(why.contains(part), "{why}");
        }
    }

    #[test]
    fn services_are_written_in_the_scenario_language() {
        for (service, text) in [
            (Service::Constant(0.02), "1000000000ns"),
            (Service::Erlang(4, 0.02), "erlang(4, 1000000000ns)"),
            (
                Service::HyperExponential(0.25, 0.02, 0.04),
                "hyperexp(0.250000000, 1000000000ns, 2000000000ns)",
            ),
            (Service::Gamma(0.02, 2.5), "gamma(1000000000ns, 2.500)"),
        ] {
            assert_eq!(service.written(0.02), text);
            assert!(mqlab_kernel::Dist::parse(text).is_some(), "{text}");
        }
    }
}
