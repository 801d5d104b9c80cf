// Runs every scenario in the WebAssembly build under Node.js and compares its
// digests with those recorded in tests/golden/digests.txt.
//
//   node tests/parity/run.mjs path/to/mqlab_wasm.js
//
// The module is what `wasm-bindgen --target nodejs` wrote. A line of the golden
// file reads `scenario variant digest`, where the scenario is its file's name
// without `.toml`. What the scenarios expect must hold here as well.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const scenarios = join(root, "scenarios");
const golden = join(root, "tests/golden/digests.txt");

function readGolden() {
  if (!existsSync(golden)) fail(["tests/golden/digests.txt does not exist"]);
  const lines = readFileSync(golden, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const [scenario, variant, digest, ...rest] = line.trim().split(/\s+/);
      if (!digest || rest.length > 0) fail([`unreadable golden line: ${line}`]);
      return [`${scenario} ${variant}`, digest];
    }),
  );
}

function runAll(module, problems) {
  const digests = new Map();
  const files = readdirSync(scenarios).filter((name) => name.endsWith(".toml")).sort();
  for (const file of files) {
    const name = basename(file, ".toml");
    const start = performance.now();
    const report = module.runScenario(readFileSync(join(scenarios, file), "utf8"));
    for (const variant of report.variants) {
      digests.set(`${name} ${variant.name}`, variant.digest);
      for (const { that, actual, pass } of variant.expectations) {
        if (!pass) problems.push(`${name} ${variant.name}: ${that}, but it is ${actual}`);
      }
    }
    const time = ((performance.now() - start) / 1000).toFixed(2);
    console.log(`${name}: ${report.variants.length} variant(s) in ${time} s`);
  }
  return digests;
}

/** What differs between two maps of digests, in words. */
function differences(expected, actual) {
  const problems = [];
  for (const [key, digest] of expected) {
    const found = actual.get(key);
    if (found === undefined) problems.push(`${key}: recorded, but did not run`);
    else if (found !== digest) problems.push(`${key}: recorded ${digest}, got ${found}`);
  }
  for (const key of actual.keys()) {
    if (!expected.has(key)) problems.push(`${key}: ran, but is not recorded`);
  }
  return problems;
}

function fail(problems) {
  for (const problem of problems) console.error(problem);
  process.exit(1);
}

if (process.argv.length !== 3) fail(["usage: node tests/parity/run.mjs path/to/mqlab_wasm.js"]);
const expected = readGolden();
const module = createRequire(import.meta.url)(resolve(process.argv[2]));
const problems = [];
const actual = runAll(module, problems);
problems.push(...differences(expected, actual));
if (actual.size === 0) problems.push("no scenario ran");
if (problems.length > 0) fail(problems);
console.log(`${actual.size} digests agree with the recorded ones`);
