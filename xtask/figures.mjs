// Prints what the pages of the browser tests said of their speed.
//
//   node xtask/figures.mjs test-results/figures.jsonl
//
// Measured in passing, with tests beside each other on a shared machine: the
// figures say how it felt, and nothing fails because of them.

import { existsSync, readFileSync } from "node:fs";

const file = process.argv[2] ?? "test-results/figures.jsonl";
const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
const figures = lines.filter((line) => line !== "").map((line) => JSON.parse(line));

function row(name, key) {
  const values = figures.map((figure) => ({ test: figure.name, value: figure[key] })).filter(({ value }) => value > 0);
  if (values.length === 0) return;
  values.sort((a, b) => a.value - b.value);
  const median = values[Math.floor(values.length / 2)].value;
  const worst = values.at(-1);
  const milliseconds = (value) => `${value.toFixed(0)} ms`.padStart(9);
  console.log(`${name.padEnd(26)} ${milliseconds(median)} ${milliseconds(worst.value)}  ${worst.test}`);
}

console.log(`\n${`of ${figures.length} pages`.padEnd(26)} ${"median".padStart(9)} ${"worst".padStart(9)}`);
row("first usable screen after", "ready");
row("longest frame while playing", "frame");
row("longest work in one frame", "work");
