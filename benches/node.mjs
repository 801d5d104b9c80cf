// How fast the same scenarios run as WebAssembly under Node.js, beside the
// native figures.
//
//   node benches/node.mjs path/to/mqlab_wasm.js path/to/native.json
//
// `cargo xtask bench` builds the module, writes the native figures and runs
// this. Each digest must be the native one.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Messages a second in one go of as many runs as the native figure had. */
function speed(module, text, workload) {
  const start = performance.now();
  for (let time = 0; time < workload.times; time += 1) {
    const report = module.runScenario(text, { variants: [workload.variant] });
    const [variant] = report.variants;
    if (variant.digest !== workload.digest) {
      throw new Error(`${workload.name}: native ${workload.digest}, here ${variant.digest}`);
    }
  }
  return (workload.messages * workload.times) / ((performance.now() - start) / 1000);
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function main() {
  const [, , loader, figures] = process.argv;
  if (!figures) throw new Error("usage: node benches/node.mjs mqlab_wasm.js native.json");
  const module = createRequire(import.meta.url)(resolve(loader));
  const { pairs, workloads } = JSON.parse(readFileSync(figures, "utf8"));
  const row = (name, native, wasm, ratio, bare) =>
    console.log(
      `${name.padEnd(14)} ${native.padStart(11)} ${wasm.padStart(11)} ${ratio.padStart(7)} ${bare.padStart(11)}`,
    );
  // The first second runs code that is not optimised yet.
  const [first] = workloads;
  if (first) speed(module, readFileSync(join(root, first.file), "utf8"), first);
  row("", "native M/s", "wasm M/s", "ratio", "wasm/bare");
  for (const workload of workloads) {
    const text = readFileSync(join(root, workload.file), "utf8");
    const here = median(Array.from({ length: pairs }, () => speed(module, text, workload)));
    row(
      workload.name,
      (workload.native / 1e6).toFixed(2),
      (here / 1e6).toFixed(2),
      (here / workload.native).toFixed(3),
      (here / workload.bare).toFixed(3),
    );
  }
  console.log("\nratio: wasm over native; wasm/bare: wasm over the native bare loop.");
}

main();
