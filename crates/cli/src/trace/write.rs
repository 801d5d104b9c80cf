//! Facts as a table or as JSON, one after the other: nobody knows at the first
//! how many there will be.

use crate::arguments::TraceFormat;
use crate::load::Loaded;
use mqlab_engine::World;
use mqlab_model::FactKind;
use mqlab_scenario::life::{FactRow, Subject};
use std::io::{self, Write};

/// Digits of a clock time with nanoseconds.
const TIME_WIDTH: usize = 18;

/// Digits of a message's number that keep the columns straight.
const NUMBER_WIDTH: usize = 9;

/// Writes facts.
pub(super) struct Writer<'a> {
    format: TraceFormat,
    out: &'a mut dyn Write,
    place_width: usize,
    message_width: usize,
    /// What stands before the facts; `None` once it is written. It waits for
    /// the first of them, because it may turn out that there is nothing to
    /// show but an error.
    head: Option<String>,
    is_first: bool,
}

impl<'a> Writer<'a> {
    /// A writer that has written nothing.
    pub(super) fn new(format: TraceFormat, out: &'a mut dyn Write) -> Self {
        Writer {
            format,
            out,
            place_width: 0,
            message_width: 0,
            head: None,
            is_first: true,
        }
    }

    /// Prepares what stands before the facts.
    pub(super) fn head(
        &mut self,
        loaded: &Loaded,
        variant: usize,
        world: &World,
        subject: Option<&Subject>,
    ) -> io::Result<()> {
        let (title, file) = (&loaded.scenario.title, &loaded.input.name);
        let (seed, variant) = (loaded.scenario.seed, &loaded.scenario.variants[variant].name);
        let message = subject.map(|subject| &subject.name);
        if self.format == TraceFormat::Json {
            let text = |value: &str| serde_json::to_string(value);
            let message = message.map_or(Ok("null".to_owned()), |message| text(message))?;
            self.head = Some(format!(
                "{{\n  \"scenario\": {},\n  \"file\": {},\n  \"seed\": {seed},\n  \"engine\": {},\n  \
                 \"variant\": {},\n  \"message\": {message},\n  \"facts\": [",
                text(title)?,
                text(file)?,
                text(env!("CARGO_PKG_VERSION"))?,
                text(variant)?,
            ));
            return Ok(());
        }
        let places = world.places().iter().map(|(_, place)| place.name.chars().count());
        self.place_width = places.max().unwrap_or(0).max("place".len());
        let sources = world.sources().iter().map(|(_, source)| source.name.chars().count());
        self.message_width = sources.max().unwrap_or(0) + NUMBER_WIDTH;
        let message = message.map_or(String::new(), |message| {
            format!(", message {message} and what was made from it")
        });
        let columns = self.line(["time", "place", "fact", "message", ""]);
        self.head = Some(format!(
            "{title}\n{file}, seed {seed}, variant {variant}{message}\n\n{columns}\n"
        ));
        Ok(())
    }

    fn begin(&mut self) -> io::Result<()> {
        match self.head.take() {
            Some(head) => self.out.write_all(head.as_bytes()),
            None => Ok(()),
        }
    }

    /// Writes one fact.
    pub(super) fn fact(&mut self, row: &FactRow) -> io::Result<()> {
        self.begin()?;
        if self.format == TraceFormat::Json {
            let separator = if self.is_first { "\n    " } else { ",\n    " };
            self.is_first = false;
            self.out.write_all(separator.as_bytes())?;
            return Ok(serde_json::to_writer(&mut *self.out, row)?);
        }
        let at = row.fact.at.to_string();
        let message = row.message.as_deref().unwrap_or("");
        let line = self.line([&at, &row.place, row.fact.kind.word(), message, &row.remarks()]);
        writeln!(self.out, "{line}")
    }

    /// Writes what stands after the facts.
    pub(super) fn foot(&mut self, has_more: bool) -> io::Result<()> {
        self.begin()?;
        if self.format == TraceFormat::Text {
            return Ok(());
        }
        let end = if self.is_first { "" } else { "\n  " };
        writeln!(self.out, "{end}],\n  \"more\": {has_more}\n}}")
    }

    fn line(&self, cells: [&str; 5]) -> String {
        let fact_width = FactKind::ALL.iter().map(|kind| kind.word().len()).max().unwrap_or(0);
        let [at, place, fact, message, detail] = cells;
        let (places, messages) = (self.place_width, self.message_width);
        let line = format!("{at:TIME_WIDTH$}  {place:places$}  {fact:fact_width$}  {message:messages$}  {detail}");
        line.trim_end().to_owned()
    }
}
