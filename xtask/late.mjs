// Finds out which functions of the program no first visit calls before the rest is
// here, and writes them to crates/pack/src/late.txt: docs/decisions/0012-two-parts.md.
//
//   MQLAB_PACK_COUNT=1 MQLAB_PACK_LIST=target/functions.txt trunk build --release
//   node xtask/late.mjs target/functions.txt
//
// At the end it says which of the others were not called either, largest first: what is
// in by_hand.txt was found among these.
//
// It does what somebody may do without the rest: looks at the gallery, opens one early
// scenario after the other, plays it to its end, and looks at everything in it.

import { readFileSync, writeFileSync } from "node:fs";

import { DESKTOP, PHONE, closeAll, openPage } from "../tests/browser/harness.mjs";
import { becomes, pick, press, runTo, slide } from "../tests/browser/page.mjs";

const LATE = new URL("../crates/pack/src/late.txt", import.meta.url);
const REST = "**/rest-*.packed";
/** What is shorter stays: the place that calls it would be as long, and one name may be
 * that of several functions that are the same. */
const LENGTH_MIN = 80;

const rows = readFileSync(process.argv[2], "utf8").trimEnd().split("\n");
const functions = rows.map((row) => {
  const [, number, part, length, name] = row.match(/^(\d+) (\w+) (\d+) (.*)$/);
  return { number, part, length: Number(length), name };
});
const called = new Set();
/** What nothing but a cluster can call: of everything else a busy machine calls some
 * that an idle one does not. */
const OF_CLUSTERS = /kafka|rabbitmq::cluster|parts::raft|rabbit_cluster|roaming/;

/** Keeps what the program gives, to ask it afterwards. */
function watch() {
  const { Instance } = WebAssembly;
  const keep = (instance) => {
    if ("__wbindgen_start" in instance.exports) globalThis.counted = instance.exports;
    return instance;
  };
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...given) => {
    const made = await instantiate.apply(WebAssembly, given);
    keep(made.instance ?? made);
    return made;
  };
  WebAssembly.Instance = function (...given) {
    return keep(new Instance(...given));
  };
}

/** Opens the page without the rest, does something, comes back, and notes what was called. */
async function visit(options, acts) {
  const prepare = (page) => page.route(REST, options.refuse ?? ((route) => route.abort()));
  const { page, close } = await openPage({ ...options, rest: false, prepare, before: watch });
  await acts(page);
  await note(page);
  // As it comes back with what is remembered of it.
  await page.waitForTimeout(1000);
  await page.reload();
  await page.waitForSelector("body[data-ready]");
  await page.waitForTimeout(1000);
  await note(page);
  await close();
}

async function note(page) {
  const names = await page.evaluate(() => {
    const given = Object.entries(globalThis.counted);
    return given.filter(([name, value]) => name.startsWith("called") && value.value === 1).map(([name]) => name.slice(6));
  });
  for (const name of names) called.add(name);
  console.log(`${called.size} of ${functions.length} functions`);
}

const gallery = (page) => page.evaluate(() => document.querySelector("[data-action=gallery]").click());

/** Cards come and go. */
async function search(page) {
  for (const text of ["five", "nothing is called that", ""]) {
    await page.fill("[data-action=search]", text);
    await page.waitForTimeout(300);
  }
}

/** Looks at everything that can be chosen beside the stage. */
async function choose(page) {
  const choices = await page.$$eval("[data-action=select] option", (all) => all.length);
  for (let index = 0; index < choices; index += 1) await page.selectOption("[data-action=select]", { index });
}

async function play(page, stem) {
  await pick(page, stem);
  await slide(page, "speed");
  await press(page, "play");
  await becomes(page, "finished");
  await choose(page);
  await runTo(page, 0.4);
  await choose(page);
  await press(page, "step");
}

/** What is done with a pointer and keys. */
async function handle(page) {
  for (const selector of [".lane canvas", ".board canvas", "[data-action=run-to]"]) {
    const box = await page.locator(selector).first().boundingBox();
    if (!box) continue;
    for (let step = 0; step <= 8; step += 1) await page.mouse.move(box.x + (box.width * step) / 8, box.y + box.height * (0.3 + step / 20));
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.up();
    await page.mouse.wheel(0, 120);
  }
  for (const key of ["Tab", "Tab", "r", " ", "ArrowRight", "ArrowRight", " ", "r"]) await page.keyboard.press(key);
  for (const tab of await page.locator("[role=tab]").all()) if (await tab.isVisible()) await tab.click();
  for (const box of await page.locator("[data-action=show-variant]").all()) if (await box.isVisible()) await box.click();
  await page.evaluate(() => document.querySelector("[data-action=theme]")?.click());
}

/** Those that a first visit can play: the list in build.rs. */
const [, EARLY] = readFileSync(new URL("../build.rs", import.meta.url), "utf8").match(/const EARLY: &\[&str\] = &\[([^\]]*)\]/);

const isLate = (stem) => !EARLY.includes(`"${stem}"`);

/** What has to wait for the rest, whether it still comes or not. */
async function ask(page) {
  await page.click('[data-action=open][data-scenario="acks-and-replicas"]');
  await play(page, "five-in-two-out");
  await page.keyboard.press("?");
  for (const action of ["share", "load-rest", "help"]) {
    const button = page.locator(`[data-action=${action}]`).first();
    if (await button.isVisible()) await button.click();
  }
  await handle(page);
  await page.waitForTimeout(1000);
}

/** The rest comes when the visit is over. */
function delayed() {
  const waiting = [];
  const refuse = (route) => void waiting.push(route);
  return { refuse, over: () => Promise.all(waiting.splice(0).map((route) => route.abort())) };
}

await visit({}, ask);
const { refuse, over } = delayed();
await visit({ refuse }, async (page) => {
  await ask(page);
  await note(page);
  setInterval(over, 1000).unref();
});
await visit({ viewport: DESKTOP }, async (page) => {
  const cards = await page.$$eval("[data-action=open][data-scenario]", (all) => all.map((one) => one.dataset.scenario));
  for (const stem of new Set(cards)) {
    if (isLate(stem)) continue;
    await play(page, stem);
    await gallery(page);
  }
});
for (const [theme, viewport, locale] of [
  ["dark", DESKTOP, "zh-CN"],
  ["light", PHONE, "zh-TW"],
]) {
  await visit({ theme, viewport, locale, isTouch: viewport === PHONE }, async (page) => {
    await search(page);
    await play(page, "five-in-two-out");
    await handle(page);
    await page.setViewportSize({ width: 800, height: 600 });
    await page.waitForTimeout(500);
  });
}
await visit({ reducedMotion: true }, (page) => play(page, "crash-before-ack"));
await closeAll();

// A name may be that of several functions: all of them must be late.
const byName = new Map();
for (const one of functions) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
const isUncalled = (one) => one.part !== "first" || !called.has(one.number);
const late = [...byName].filter(
  ([name, all]) => OF_CLUSTERS.test(name) && all.some((one) => one.part === "first" && one.length >= LENGTH_MIN) && all.every(isUncalled),
);
writeFileSync(LATE, late.map(([name]) => `${name}\n`).sort().join(""));
const bytes = (all) => all.filter((one) => one.part === "first").reduce((sum, one) => sum + one.length, 0);
const gone = bytes(late.flatMap(([, all]) => all));
console.log(`${late.length} names; of ${bytes(functions)} bytes of code ${gone} are late, and ${bytes(functions.filter((one) => called.has(one.number)))} called`);

/** What somebody has to judge who looks for more: of each of these only its length is known. */
const SHOWN = 150;
const names = new Set(late.map(([name]) => name));
const others = [...byName].filter(([name, all]) => !names.has(name) && all.every(isUncalled) && bytes(all) >= LENGTH_MIN);
console.log("\nnot called, and not late:");
for (const [name, all] of others.toSorted(([, a], [, b]) => bytes(b) - bytes(a)).slice(0, SHOWN)) console.log(`${bytes(all)} ${name}`);
