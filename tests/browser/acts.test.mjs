// What is done by hand: in the run, undone by replay, as lines of the script;
// and what happened, fact by fact.

import assert from "node:assert/strict";

import { pageTest } from "./harness.mjs";
import { clock, lanes, pick, press, runTo } from "./page.mjs";

const CRASH = "crash-before-ack";

const digests = async (page) => Object.values(await lanes(page)).map(({ digest }) => digest);

const select = (page, label) => page.selectOption("[data-action=select]", { label });

const stands = (page) =>
  page.waitForFunction(() => document.querySelector(".page").dataset.state !== "running");

/** Waits until the digests are other than these. */
const changes = (page, before) =>
  page.waitForFunction(
    (before) =>
      [...document.querySelectorAll(".lane")].some((lane, index) => lane.dataset.digest !== before[index]),
    before,
  );

const acts = (page) => page.locator(".by-hand li").count();

pageTest("acts are undone by replay and become lines of the script", {}, async ({ page }) => {
  await pick(page, CRASH);
  await runTo(page, 0.04);
  const untouched = await digests(page);

  await select(page, "shop · ack-last");
  await page.fill("[data-action=publish-count]", "5");
  await page.fill("[data-action=publish-payload]", "a gift");
  await page.click("[data-action=publish]");
  await changes(page, untouched);
  const published = await digests(page);
  await select(page, "worker · ack-last");
  await page.click("[data-action=crash]");
  await changes(page, published);
  assert.equal(await acts(page), 2);

  await page.click("[data-action=undo]");
  await page.waitForFunction(() => document.querySelectorAll(".by-hand li").length === 1);
  await stands(page);
  assert.deepEqual(await digests(page), published, "the run without the crash");
  await page.click("[data-action=undo]");
  await page.waitForFunction(() => document.querySelectorAll(".by-hand li").length === 0);
  await stands(page);
  assert.deepEqual(await digests(page), untouched, "the run without anything");
  await page.click("[data-action=redo]");
  await page.waitForFunction(() => document.querySelectorAll(".by-hand li").length === 1);
  await stands(page);
  assert.deepEqual(await digests(page), published);

  await page.click("[data-action=acts-to-script]");
  await page.waitForFunction(() => document.querySelectorAll(".by-hand li").length === 0);
  await stands(page);
  assert.deepEqual(await digests(page), published, "the script does the same");
});

pageTest("a setting changes while the run stands, and is what the engine says", {}, async ({ page }) => {
  await pick(page, CRASH);
  await runTo(page, 0.02);
  const before = await digests(page);
  await select(page, "worker · ack-last");
  const field = page.locator('input[type=text][data-setting="service.worker.consume.prefetch"]');
  assert.equal(await field.inputValue(), "1");
  await field.fill("3");
  await field.press("Enter");
  await changes(page, before);
  assert.equal(await field.inputValue(), "3");

  // What cannot be is said, and nothing changes.
  const changed = await digests(page);
  await field.fill("a lot");
  await field.press("Enter");
  await page.waitForFunction(() => document.querySelector(".notice").textContent !== "");
  assert.deepEqual(await digests(page), changed);
});

pageTest("a step back is the instant before", {}, async ({ page }) => {
  await pick(page, CRASH);
  for (let step = 0; step < 3; step++) {
    const before = Object.values(await lanes(page)).map(({ now }) => now);
    await press(page, "step");
    await page.waitForFunction(
      (before) => [...document.querySelectorAll(".lane")].some((lane, index) => Number(lane.dataset.nowNs) > before[index]),
      before,
    ).catch(() => {});
  }
  await runTo(page, 0.5);
  const there = await digests(page);
  const at = await clock(page);
  await press(page, "back");
  // Nothing has happened since, so the run is the same and the clock is not.
  await page.waitForFunction((at) => document.querySelector(".clock").firstChild.textContent < at, at);
  await stands(page);
  assert.deepEqual(await digests(page), there);
});

pageTest("a verdict leads to the fact that shows it, and to the life of its message", {}, async ({ page }) => {
  await pick(page, CRASH);
  await runTo(page, 1);
  await page.click('.lane[data-variant="ack-first"] [data-about=lost] button');
  await page.waitForSelector("[data-life]");
  await stands(page);
  const life = await page.textContent("[data-life]");
  assert.match(life, /offered/);
  const now = (await lanes(page))["ack-first"].now;
  assert.equal(now, 350_000_000, "the consumer dies");

  // From there to the next thing that happens where it was lost.
  await page.click("[data-action=next-fact]");
  await page.waitForFunction(
    (now) => Number(document.querySelector('.lane[data-variant="ack-first"]').dataset.nowNs) > now,
    now,
  );
});
