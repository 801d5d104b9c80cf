// The packed program of a release build, and what unpacks it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import vm from "node:vm";

import { DIST } from "./harness.mjs";

const [name] = readdirSync(DIST).filter((name) => name.endsWith(".packed"));
const packed = new Uint8Array(readFileSync(join(DIST, name)));
const source = readFileSync(new URL("../../www/unpack.js", import.meta.url), "utf8");
const unpack = vm.runInThisContext(`${source}; unpack`);

test("what is unpacked is a module with what the shell calls", async () => {
  const bytes = unpack(packed);
  assert.ok(bytes.length > 2 * packed.length, `${packed.length} bytes became ${bytes.length}`);
  const names = WebAssembly.Module.exports(await WebAssembly.compile(bytes)).map(({ name }) => name);
  assert.ok(names.includes("__wbindgen_start"), String(names));
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
