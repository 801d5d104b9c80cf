// The packed program of a release build, and what unpacks it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import vm from "node:vm";

import { DIST } from "./harness.mjs";

const file = (start) => {
  const [name] = readdirSync(DIST).filter((name) => name.startsWith(start) && name.endsWith(".packed"));
  return new Uint8Array(readFileSync(join(DIST, name)));
};
const packed = file("program-");
const source = readFileSync(new URL("../../www/unpack.js", import.meta.url), "utf8");
const unpack = vm.runInThisContext(`${source}; unpack`);

test("what is unpacked is a module with what the shell calls", async () => {
  const bytes = unpack(packed);
  assert.ok(bytes.length > 2 * packed.length, `${packed.length} bytes became ${bytes.length}`);
  const names = WebAssembly.Module.exports(await WebAssembly.compile(bytes)).map(({ name }) => name);
  assert.ok(names.includes("__wbindgen_start"), String(names));
});

test("the rest is a module that takes everything but code from the first part", async () => {
  const rest = await WebAssembly.compile(unpack(file("rest-")));
  const exports = WebAssembly.Module.exports(await WebAssembly.compile(unpack(packed)));
  const given = new Set(exports.map(({ name, kind }) => `${name} ${kind}`));
  const taken = WebAssembly.Module.imports(rest).filter(({ module }) => module === "first");
  assert.ok(taken.some(({ kind }) => kind === "memory") && taken.some(({ kind }) => kind === "table"));
  assert.deepEqual(taken.filter(({ name, kind }) => !given.has(`${name} ${kind}`)), []);
});

test("a file that lies elsewhere in memory is unpacked alike", () => {
  const shifted = new Uint8Array(packed.length + 5).subarray(5);
  shifted.set(packed);
  assert.deepEqual(unpack(shifted), unpack(packed));
});

test("a file that was cut short or changed is no program", () => {
  for (const length of [20, 5_000, packed.length - 1]) {
    assert.throws(() => unpack(packed.slice(0, length)), `cut at ${length}`);
  }
  const changed = packed.slice();
  changed[packed.length >> 1] ^= 1;
  let bytes = new Uint8Array();
  try {
    bytes = unpack(changed);
  } catch {
    return;
  }
  assert.ok(!WebAssembly.validate(bytes));
});
