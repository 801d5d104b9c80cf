// Prints the sizes of the built page's files, raw and as a web server sends
// them, and fails if what a first visit loads is too much.
//
//   node xtask/size.mjs dist

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** The most that a first visit may load, in bytes as sent: about what it loads
 * now, so that it does not grow unnoticed. It should come down to `FIRST_GOAL`. */
const FIRST_MAX = 568_000;
const FIRST_GOAL = 400_000;

const folder = process.argv[2] ?? "dist";
const index = readFileSync(join(folder, "index.html"), "utf8");

/** Loaded by every first visit: index.html, what it names, and the service
 * worker. Whatever else lies in the folder is loaded when it is asked for. */
const isFirst = (name) => ["index.html", "offline.js"].includes(name) || index.includes(`"./${name}"`);

const rows = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const bytes = readFileSync(path);
    const name = path.slice(join(folder, "/").length).replaceAll("\\", "/");
    return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, isFirst: isFirst(name) };
  })
  .sort((a, b) => b.raw - a.raw);

const width = Math.max(...rows.map((row) => row.name.length), 12);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
const print = ({ name, raw, gzip }) => console.log(`${name.padEnd(width)}  ${kilobytes(raw)}  ${kilobytes(gzip)}`);

function table(title, rows) {
  console.log(`\n${title.padEnd(width)}  ${"raw".padStart(10)}  ${"gzip".padStart(10)}`);
  const total = { name: "together", raw: 0, gzip: 0 };
  for (const row of rows) {
    print(row);
    total.raw += row.raw;
    total.gzip += row.gzip;
  }
  print(total);
  return total.gzip;
}

const first = table("a first visit", rows.filter((row) => row.isFirst));
const rest = rows.filter((row) => !row.isFirst);
if (rest.length > 0) table("on demand", rest);
const left = FIRST_MAX - first;
console.log(`\ngoal ${kilobytes(FIRST_GOAL).trim()}, limit ${kilobytes(FIRST_MAX).trim()}, ${left < 0 ? "too much by" : "left"} ${kilobytes(Math.abs(left)).trim()}`);
if (left < 0) process.exit(1);
