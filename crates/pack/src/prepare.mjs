// Starts a program without a page, lets it prepare itself, and writes down what its
// memory holds then.
//
//   node prepare.mjs program.wasm memory prepare

import { readFileSync, writeFileSync } from "node:fs";

const [from, to, name] = process.argv.slice(2);
const program = new WebAssembly.Module(readFileSync(from));
const given = {};
for (const { module, name, kind } of WebAssembly.Module.imports(program)) {
  if (kind !== "function") throw new Error(`the program is given something that is no function: ${name}`);
  given[module] ??= {};
  given[module][name] = () => {
    throw new Error(`what prepares itself needs a page: ${name}`);
  };
}
const { exports } = new WebAssembly.Instance(program, given);
exports[name]();
writeFileSync(to, new Uint8Array(exports.memory.buffer));
