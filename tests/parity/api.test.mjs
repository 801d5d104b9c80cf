// What the JavaScript API promises, in Node.js.
//
//   MQLAB_MODULE=path/to/mqlab_wasm.js node --test tests/parity/api.test.mjs

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { test } from "node:test";

const mqlab = createRequire(import.meta.url)(resolve(process.env.MQLAB_MODULE));
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const parcels = read("crates/cli/tests/scenarios/parcels.toml");

/** The message of what is thrown, which must be an `Error`. */
function message(action) {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof Error, `${error} is no Error`);
    return error.message;
  }
  assert.fail("nothing was thrown");
}

test("a report consists of plain values that JSON can carry", () => {
  const report = mqlab.runScenario(parcels);
  assert.equal(report.scenario, "Parcels at a counter");
  assert.deepEqual(report.variants.map((variant) => variant.name), ["one-clerk", "three-clerks"]);
  const [variant] = report.variants;
  assert.match(variant.digest, /^[0-9a-f]{16}$/);
  assert.equal(variant.metrics["offered(van)"], 3);
  assert.equal(variant.metrics["wait_max(parcels)"], 2_000_000_000);
  assert.equal(variant.metrics["died_at(shelf)"], null);
  assert.deepEqual(variant.verdicts.lost, { count: 0, first: null });
  assert.ok(variant.expectations.every((expectation) => expectation.pass));
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
});

test("options choose variants, seed and values", () => {
  const options = { seed: 42, variants: ["three-clerks"], set: { "service.clerk.workers": 2 } };
  const report = mqlab.runScenario(parcels, options);
  assert.equal(report.seed, 42);
  assert.equal(report.variants.length, 1);
  const plain = mqlab.runScenario(parcels).variants[1];
  assert.notEqual(report.variants[0].digest, plain.digest);
});

test("what is wrong with a text or an option is said in words", () => {
  assert.match(message(() => mqlab.runScenario("title = 1")), /cannot run\n1:9 /);
  assert.match(message(() => mqlab.runScenario(parcels, { sed: 1 })), /no `sed`.*seed, variants, set/);
  assert.match(message(() => mqlab.runScenario(parcels, { seed: 1.5 })), /^options: /);
  assert.match(message(() => mqlab.runScenario(parcels, { seed: -1 })), /^options: /);
  assert.match(message(() => mqlab.runScenario(parcels, 7)), /^options: /);
  assert.match(message(() => mqlab.runScenario(parcels, { variants: ["x"] })), /no variant `x`/);
  assert.match(message(() => mqlab.runScenario(parcels, { set: { "load.x.count": 1 } })), /load/);
  assert.match(message(() => new mqlab.Session(parcels, "x")), /no variant `x`/);
  // The instance is as good as before.
  assert.equal(mqlab.runScenario(parcels, null).variants.length, 2);
});

test("findings have places in the string that was checked", () => {
  assert.deepEqual(mqlab.check(parcels), []);
  const text = 'title = "\u{961f}\u{1f40c}"\nunti = "1s"\n';
  const unknown = mqlab.check(text).find((finding) => finding.code === "unknown-key");
  assert.equal(unknown.severity, "error");
  assert.deepEqual([unknown.line, unknown.column], [2, 1]);
  assert.equal(text.slice(unknown.start, unknown.end), "unti");
  assert.match(unknown.help, /until/);
});

test("a session in pieces comes to what a whole run does", () => {
  const session = new mqlab.Session(parcels, "one-clerk");
  assert.equal(session.now(), 0);
  assert.equal(session.runUntil("1500ms"), "reached");
  assert.equal(session.now(), 1_500_000_000);
  assert.equal(session.clock(), "00:00:01.5");
  assert.equal(session.metric("backlog(parcels)"), 1);
  assert.equal(session.metric("died_at(shelf)"), null);
  assert.equal(session.metric("row_at(shelf, 1)"), 1_000_000_000);
  assert.equal(session.runUntil(2_000_000_000), "reached");
  let pieces = 0;
  while (session.runUntil("24h", 1) === "budget") pieces += 1;
  assert.ok(pieces > 0, "the last stretch is not in pieces");
  const [whole] = mqlab.runScenario(parcels, { variants: ["one-clerk"] }).variants;
  assert.equal(session.digest(), whole.digest);
  assert.equal(session.actions(), whole.steps);
  assert.deepEqual(session.report(), whole);
  session.free();
});

test("a session refuses what it does not understand and goes on", () => {
  const session = new mqlab.Session(parcels);
  assert.match(message(() => session.runUntil("soon")), /`soon` is no instant/);
  assert.match(message(() => session.runUntil(-1)), /-1 is no whole number/);
  assert.match(message(() => session.runUntil({})), /an instant is/);
  assert.match(message(() => session.runUntil("1s", 0)), /maxActions/);
  assert.match(message(() => session.metric("backlog")), /needs the name/);
  assert.match(message(() => session.metric("drained(parcels, 13:00)")), /looks out for it/);
  assert.match(message(() => session.metric("backlog(nobody)")), /nothing of that name/);
  assert.match(message(() => new mqlab.Session(parcels, null, { variants: [] })), /one variant/);
  assert.equal(session.runUntil("00:00:10"), "ended");
  session.free();
});

test("the schema is JSON and the version a version", () => {
  assert.equal(typeof JSON.parse(mqlab.schema()), "object");
  assert.match(mqlab.version(), /^\d+\.\d+\.\d+$/);
});

test("the example of the documentation prints what it says", () => {
  const document = read("docs/javascript.md");
  const block = (language) => document.match(new RegExp("```" + language + "\\n([^]*?)```"))[1];
  const printed = [];
  const console = { log: (...words) => printed.push(words.join(" ")) };
  new Function("mqlab", "text", "console", block("js"))(mqlab, parcels, console);
  assert.equal(`${printed.join("\n")}\n`, block("text"));
});
