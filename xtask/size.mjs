// Prints the sizes of the built page's files, raw and as a web server sends
// them, and fails if what a first visit loads is too much.
//
//   node xtask/size.mjs dist

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** The most that a first visit may load until the gallery is shown and a scenario
 * plays on the stage, with charts, inspector and verdicts, in bytes as sent, in each
 * language. */
const FIRST_MAX = 400_000;
/** The most that is loaded behind the first screen: the rest of the program with its
 * style sheet, for the lesson, the script, the facts, the comparison, what is done by
 * hand, sharing, clusters, their texts in three languages, and most scenarios with all
 * that reads them. */
const REST_MAX = 630_000;

const folder = process.argv[2] ?? "dist";
const index = readFileSync(join(folder, "index.html"), "utf8");

/** Texts in a language that the page does not begin with. */
const isTexts = (name) => name.startsWith("texts-");
const isRest = (name) => name.startsWith("rest-");
/** Loaded by every first visit before it is of use: index.html, what it names, and
 * the service worker. */
const isFirst = (name) => !isRest(name) && !isTexts(name) && (["index.html", "offline.js"].includes(name) || index.includes(`"./${name}"`));

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
const texts = rows.filter((row) => isTexts(row.name));
table("texts: with the first visit in their language, else behind", texts);
const behind = table("behind the first screen", rows.filter((row) => isRest(row.name)));
table("never by a visitor", rows.filter((row) => !row.isFirst && !isRest(row.name) && !isTexts(row.name)));
/** Whoever speaks the language whose texts are longest loads most. */
const longest = Math.max(0, ...texts.map((row) => row.gzip));
const all = first + behind + texts.reduce((sum, row) => sum + row.gzip, 0);

/** Says how much is left of a limit. */
function judge(what, bytes, max) {
  const left = max - bytes;
  const size = kilobytes(Math.abs(left)).trim();
  console.log(`${what}: limit ${kilobytes(max).trim()}, ${left < 0 ? "too much by" : "left"} ${size}`);
  if (left < 0) process.exitCode = 1;
}

console.log();
console.log(`in English ${kilobytes(first).trim()}, in every language at most ${kilobytes(first + longest).trim()}, everything ${kilobytes(all).trim()}`);
judge("a first visit", first + longest, FIRST_MAX);
judge("behind the first screen", behind, REST_MAX);
