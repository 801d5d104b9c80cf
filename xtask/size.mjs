// Prints the sizes of a folder's files, raw and as a web server sends them.
//
//   node xtask/size.mjs dist

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const folder = process.argv[2] ?? "dist";
const total = { name: "total", raw: 0, gzip: 0 };
const rows = [];

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const name = join(entry.parentPath ?? entry.path, entry.name);
  const bytes = readFileSync(name);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  rows.push({ name, raw: bytes.length, gzip });
  total.raw += bytes.length;
  total.gzip += gzip;
}

rows.sort((a, b) => b.raw - a.raw);
const width = Math.max(...rows.map((row) => row.name.length), 5);
const print = (name, raw, gzip) =>
  console.log(`${name.padEnd(width)}  ${raw.padStart(10)}  ${gzip.padStart(10)}`);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

print("file", "raw", "gzip");
for (const row of [...rows, total]) {
  print(row.name, kilobytes(row.raw), kilobytes(row.gzip));
}
