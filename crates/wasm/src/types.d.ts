/** What to change in a scenario without touching its text. */
export interface RunOptions {
  /** A seed in place of the text's. */
  seed?: number;
  /** The variants to run; all of them if none is named. */
  variants?: string[];
  /** Values for keys by their paths, such as "service.writer.workers". */
  set?: Record<string, string | number | boolean>;
}

/** How a scenario went: what `mqlab run --format json` says of one file. */
export interface Report {
  /** The title. */
  scenario: string;
  seed: number;
  /** The version of mqlab. */
  engine: string;
  variants: VariantReport[];
}

export interface VariantReport {
  name: string;
  /** Sixteen hexadecimal digits over every fact, equal on every platform. */
  digest: string;
  /** Actions of the simulator; may differ between versions. */
  steps: number;
  facts: number;
  messages: number;
  /** Faults of each kind: how many there were, and how many changed anything for a message. */
  faults?: Record<string, { all: number; hit: number }>;
  /** The clock time at which the run stands. */
  ended: string;
  /** The limit that ended the run, if one did. */
  limit?: string;
  /** By name as in an expectation: counts, nanoseconds, or shares of 1. */
  metrics: Record<string, number | null>;
  verdicts: Record<string, Verdict>;
  expectations: Expectation[];
}

export interface Verdict {
  /** How often it was given; 0 means that it does not hold. */
  count: number;
  /** The first fact that shows it. */
  first: Fact | null;
}

export interface Fact {
  at: string;
  place: string;
  fact: string;
  message: string | null;
  value: number;
  /** What is in the message, where it is offered with something in it. */
  payload?: string;
}

export interface Expectation {
  /** The comparison as it is written. */
  that: string;
  /** A clock time, `always`, `never` or `end`. */
  at: string;
  /** The row of the catalogue that it proves. */
  row?: string;
  /** What was measured. */
  actual: string | null;
  /** Whether it holds; null while that is not known. */
  pass: boolean | null;
  /** The instant that told. */
  decided: string | null;
}

/** A finding about a scenario text. */
export interface Diagnostic {
  severity: "error" | "warning";
  /** A stable name of the kind of finding, such as `unknown-key`. */
  code: string;
  message: string;
  /** From 1. */
  line: number;
  /** From 1, in characters. */
  column: number;
  /** Where it begins and ends in the string that was checked. */
  start: number;
  end: number;
  /** What to do about it. */
  help?: string;
}

/**
 * How a stretch of a run ended: everything up to the instant has happened, the
 * actions are used up, the run is over, or a limit of the scenario ended it.
 */
export type Outcome = "reached" | "budget" | "ended" | "limit";
