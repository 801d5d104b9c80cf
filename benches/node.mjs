// How fast the same scenarios run as WebAssembly under Node.js, beside the
// native figures.
//
//   node benches/node.mjs path/to/mqlab_wasm.js path/to/native.json
//
// `cargo xtask bench` builds the module, writes the native figures and runs
// this. Native and WebAssembly take turns here too, and a ratio is the median of
// what the pairs give. Each digest must be the native one.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Messages a second as WebAssembly, in as many runs as the native figure had. */
function here(module, text, workload) {
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

/** Messages a second natively. */
function natively(program, workload) {
  return Number(execFileSync(program, ["--once", workload.name], { encoding: "utf8", cwd: root }));
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function main() {
  const [, , loader, figures] = process.argv;
  if (!figures) throw new Error("usage: node benches/node.mjs mqlab_wasm.js native.json");
  const module = createRequire(import.meta.url)(resolve(loader));
  const { program, workloads } = JSON.parse(readFileSync(figures, "utf8"));
  const row = (name, native, wasm, ratio, bare) =>
    console.log(
      `${name.padEnd(14)} ${native.padStart(11)} ${wasm.padStart(11)} ${ratio.padStart(7)} ${bare.padStart(11)}`,
    );
  const millions = (speeds) => (median(speeds) / 1e6).toFixed(2);
  const read = (workload) => readFileSync(join(root, workload.file), "utf8");
  // The first second runs code that is not optimised yet.
  if (workloads.length > 0) here(module, read(workloads[0]), workloads[0]);
  row("", "native M/s", "wasm M/s", "ratio", "wasm/bare");
  for (const workload of workloads) {
    const text = read(workload);
    const pairs = Array.from({ length: workload.pairs }, () => ({
      native: natively(program, workload),
      wasm: here(module, text, workload),
    }));
    const ratio = median(pairs.map(({ native, wasm }) => wasm / native));
    row(
      workload.name,
      millions(pairs.map(({ native }) => native)),
      millions(pairs.map(({ wasm }) => wasm)),
      ratio.toFixed(3),
      (ratio * workload.ratio).toFixed(3),
    );
  }
  console.log("\nratio: wasm over native; wasm/bare: that times native over bare.");
}

main();
