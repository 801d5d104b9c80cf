// Prints how soon the page can be used, how long the longest stretch of work is
// while a whole day runs at full speed with every panel open, and what the page
// holds while a scenario is played and rewound, over and over. Not a test, since
// it takes minutes: `node tests/browser/memory.mjs [MINUTES] [SCENARIO]`.

import { openPage } from "./harness.mjs";
import { becomes, pick, press, runTo, slide } from "./page.mjs";

const DAY = "peak-shaving-day";
const MINUTES = Number(process.argv[2] ?? 4);
const PLAYED = process.argv[3] ?? DAY;
const VIEWPORT = { width: 1440, height: 900 };
const MIB = 1024 * 1024;

/** Keeps the program's memory where the page can be asked for its size. */
function keepMemory() {
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const plain = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await plain.apply(WebAssembly, given);
      globalThis.programMemory = (made.instance ?? made).exports.memory;
      return made;
    };
  }
}

async function look(page, devtools) {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  const { metrics } = await devtools.send("Performance.getMetrics");
  const count = (name) => metrics.find((metric) => metric.name === name).value;
  const program = await page.evaluate(() => globalThis.programMemory.buffer.byteLength);
  return {
    program: program / MIB,
    heap: usedSize / MIB,
    nodes: count("Nodes"),
    listeners: count("JSEventListeners"),
  };
}

/** Plays for a while, goes to another hour, and uses the panels on the way. */
async function round(page, number) {
  await press(page, "play");
  await page.waitForTimeout(1_000);
  // Multiples of the golden ratio come everywhere on the axis.
  await runTo(page, (number * 0.618034) % 1);
  await page.click(`[data-tab=${["lesson", "script", "facts"][number % 3]}]`);
  await page.click(`[data-tab=${["charts", "compare"][number % 2]}]`);
  const things = page.locator("[data-action=select] option");
  const value = await things.nth(number % (await things.count())).getAttribute("value");
  await page.selectOption("[data-action=select]", value);
}

async function memory() {
  const { page, context, problems, close } = await openPage({ viewport: VIEWPORT, before: keepMemory });
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable");
  await pick(page, PLAYED);
  await slide(page, "speed");
  const begin = performance.now();
  console.log("minutes  rounds  program MiB  heap MiB  nodes  listeners");
  let told = -Infinity;
  for (let number = 1; ; number += 1) {
    await round(page, number);
    const minutes = (performance.now() - begin) / 60_000;
    if (minutes - told >= MINUTES / 16 || minutes >= MINUTES) {
      told = minutes;
      const { program, heap, nodes, listeners } = await look(page, devtools);
      const row = [minutes.toFixed(1), number, program.toFixed(1), heap.toFixed(1), nodes, listeners];
      console.log(row.map((cell, column) => String(cell).padStart([7, 6, 11, 8, 5, 9][column])).join("  "));
    }
    if (minutes >= MINUTES) break;
  }
  if (problems.length > 0) console.log(problems.join("\n"));
  await close();
}

async function day() {
  const { page, problems, close } = await openPage({ viewport: VIEWPORT });
  const usable = await page.evaluate(() => performance.getEntriesByName("mqlab-ready")[0]?.startTime);
  await pick(page, DAY);
  await page.click("[data-tab=facts]");
  await page.evaluate(() => {
    for (const box of document.querySelectorAll("[data-action=show-chart]:not(:checked)")) box.click();
  });
  await slide(page, "speed");
  await press(page, "play");
  await becomes(page, "finished");
  const { longestFrameMs, longestWorkMs, wallMs } = await page.evaluate(() => ({
    ...document.querySelector(".page").dataset,
  }));
  console.log(
    `the day at full speed: ${(wallMs / 1000).toFixed(1)} s; longest work ${longestWorkMs} ms, ` +
      `longest frame ${longestFrameMs} ms; first usable screen after ${usable?.toFixed(0)} ms`,
  );
  if (problems.length > 0) console.log(problems.join("\n"));
  await close();
}

if (PLAYED === DAY) await day();
await memory();
// The browser ends with the process.
process.exit(0);
