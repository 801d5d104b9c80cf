// The day of peak shaving in the browser: the figures on the page, the
// digests of the command line, and how long it takes.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

import { pageTest } from "./harness.mjs";
import { becomes, clock, lanes, numbers, pick, press, pulse, runTo, slide } from "./page.mjs";

const STEM = "peak-shaving-day";
const GOLDEN = new URL("../golden/digests.txt", import.meta.url);

/** How long a whole day may take: a stalled run fails, a slow machine does not. */
const DAY_MS_MAX = 240_000;

/** The recorded digests of a scenario by variant: lines `stem variant digest`. */
function recorded(stem) {
  if (!existsSync(GOLDEN)) {
    throw new Error(
      "tests/golden/digests.txt is missing: write it with " +
        "`cargo run --release -p mqlab-cli -- digests scenarios/*.toml`",
    );
  }
  const lines = readFileSync(GOLDEN, "utf8").split("\n");
  const words = lines.map((line) => line.trim().split(/\s+/));
  const own = words.filter(([name]) => name === stem || name === `scenarios/${stem}.toml`);
  assert.notEqual(own.length, 0, `tests/golden/digests.txt has no line for ${stem}`);
  return Object.fromEntries(own.map(([, variant, digest]) => [variant, digest]));
}

const digestsOf = (found) =>
  Object.fromEntries(Object.entries(found).map(([variant, { digest }]) => [variant, digest]));

pageTest("at 13:00 the backlog and the verdicts are those of the day", {}, async ({ page }) => {
  await pick(page, STEM);
  await runTo(page, 13 / 24);
  assert.equal(await clock(page), "13:00:00");
  const shown = await lanes(page);
  assert.equal(shown["without-queue"].chips.overloaded, "overloaded at 12:00:00.4");
  assert.match(shown["without-queue"].chips.refused, /^17,99\d,\d{3} refused$/);
  assert.equal(shown["with-queue"].chips.lost, "0 lost");
  assert.equal(shown["with-queue"].chips.overloaded, "nothing overloaded");
  const orders = await numbers(page);
  assert.equal(orders.Backlog, "10,800,000");
  assert.equal(orders.Ready, "10,799,001");
  assert.equal(orders["Oldest message"], "36 min");
});

pageTest("the whole day gives the recorded digests", {}, async ({ page }) => {
  await pick(page, STEM);
  await slide(page, "speed");
  await press(page, "play");
  await becomes(page, "finished", DAY_MS_MAX);
  const found = await lanes(page);
  assert.ok(Object.values(found).every(({ isOver }) => isOver));
  const failed = await page.locator(".tasks [data-state=failed]").allTextContents();
  assert.deepEqual(failed, [], "expectations that do not hold");
  const { wall, frame, work } = await pulse(page);
  console.log(`all variants: ${wall} ms, longest frame ${frame} ms, longest work ${work} ms`);
  assert.deepEqual(digestsOf(found), recorded(STEM));
});

pageTest("one variant alone runs at full speed", {}, async ({ page }) => {
  await pick(page, STEM);
  for (const variant of ["without-queue", "small-window"]) {
    await page.click(`[data-action=show-variant][data-variant=${variant}]`);
  }
  await slide(page, "speed");
  await press(page, "play");
  await becomes(page, "finished", DAY_MS_MAX);
  const found = await lanes(page);
  assert.deepEqual(Object.keys(found), ["with-queue"]);
  const orders = await numbers(page);
  assert.equal(orders.Handled, "22,140,000");
  const { wall, frame, work } = await pulse(page);
  console.log(`with-queue alone: ${wall} ms, longest frame ${frame} ms, longest work ${work} ms`);
  assert.equal(found["with-queue"].digest, recorded(STEM)["with-queue"]);
});
