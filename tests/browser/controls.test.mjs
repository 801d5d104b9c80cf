// The controls: buttons, keys, the time axis, what is selected, languages and
// colours.

import assert from "node:assert/strict";

import { assertAccessible, pageTest, PHONE } from "./harness.mjs";
import { becomes, clock, lanes, numbers, pick, press, runTo, slide } from "./page.mjs";

const DAY = "peak-shaving-day";
const SMALL = "five-in-two-out";

const nows = async (page) => Object.values(await lanes(page)).map(({ now }) => now);

/** Where the lanes stand, once two refreshes of the panels agree on it. */
async function settled(page) {
  for (let before = null; ; ) {
    const now = await nows(page);
    if (before && now.every((value, lane) => value === before[lane])) return now;
    before = now;
    await page.waitForTimeout(250);
  }
}

/** Waits until a lane has gone on: a pause leaves them a little apart, and a
 * step moves the one that is most behind. */
const moves = (page, before) =>
  page.waitForFunction(
    (before) =>
      [...document.querySelectorAll(".lane")].some(
        (lane, index) => Number(lane.dataset.nowNs) > before[index],
      ),
    before,
  );

pageTest("play, pause, step and restart", {}, async ({ page }) => {
  await pick(page, DAY);
  await press(page, "play");
  await becomes(page, "running");
  await page.waitForFunction(() => Number(document.querySelector(".lane").dataset.nowNs) > 0);
  await press(page, "pause");
  await becomes(page, "paused");
  const paused = await settled(page);
  assert.ok(paused.every((now) => now === paused[0]), "all lanes stand at one instant");

  await press(page, "step");
  await moves(page, paused);
  const stepped = await settled(page);
  // 50 a second, an insert and its end: nothing is more than 20 ms apart.
  const steps = stepped.map((now, lane) => now - paused[lane]);
  assert.ok(steps.every((step) => step <= 20_000_000), `${steps} ns`);

  await press(page, "restart");
  await becomes(page, "ready");
  assert.deepEqual(new Set(await nows(page)), new Set([0]));
});

pageTest("the keyboard plays, steps and restarts", {}, async ({ page }) => {
  await pick(page, DAY);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Space");
  await becomes(page, "running");
  await page.waitForFunction(() => Number(document.querySelector(".lane").dataset.nowNs) > 0);
  await page.keyboard.press("Space");
  await becomes(page, "paused");
  const before = await settled(page);
  await page.keyboard.press("ArrowRight");
  await moves(page, before);
  await page.keyboard.press("r");
  await becomes(page, "ready");
});

pageTest("the same way back gives the same run", {}, async ({ page }) => {
  await pick(page, SMALL);
  await runTo(page, 0.5);
  const first = await lanes(page);
  await runTo(page, 0.8);
  await runTo(page, 0.5);
  assert.deepEqual(await lanes(page), first);
});

pageTest("the handle of the time axis stops at round instants and at marks", {}, async ({ page }) => {
  const handle = page.locator("[data-action=run-to]");
  const stands = async (now) => {
    await page.waitForFunction(
      (now) => Number(document.querySelector(".lane").dataset.nowNs) === now,
      now,
    );
  };
  await pick(page, SMALL);
  await handle.focus();
  await page.keyboard.press("ArrowRight");
  await stands(10_000_000);
  await becomes(page, "paused");
  assert.equal(await handle.getAttribute("aria-valuetext"), "00:00:00.01");
  await page.keyboard.press("End");
  await stands(11_000_000_000);

  // A hand lets go a little beside the mark of the crash at 350 ms.
  await pick(page, "crash-before-ack");
  const { x, y, width, height } = await handle.boundingBox();
  // The axis begins in the middle of the handle at its first position.
  const place = (share) => x + 8 + (width - 16) * share;
  await page.mouse.move(place(0), y + height / 2);
  await page.mouse.down();
  await page.mouse.move(place(0.36 / 5), y + height / 2, { steps: 5 });
  await page.mouse.up();
  await stands(350_000_000);
});

pageTest("every scenario of the picker can be played to its end", {}, async ({ page }) => {
  await pick(page, SMALL);
  const stems = await page.$$eval("[data-action=pick] option", (all) => all.map((one) => one.value));
  for (const stem of stems.filter((stem) => stem !== DAY)) {
    await pick(page, stem);
    await slide(page, "speed");
    await press(page, "play");
    await becomes(page, "finished");
    const failed = await page.locator(".tasks [data-state=failed]").allTextContents();
    assert.deepEqual(failed, [], stem);
  }
});

pageTest("a click on a thing shows its numbers", {}, async ({ page }) => {
  await pick(page, DAY);
  await page.selectOption("[data-action=select]", { label: "mysql · with-queue" });
  assert.equal((await numbers(page)).Capacity, "2,000/s");
  const canvas = page.locator(".lane[data-variant=with-queue] canvas");
  const { width, height } = await canvas.boundingBox();
  // The queue is the second of four things, a little left of the middle.
  await canvas.click({ position: { x: width * 0.36, y: height * 0.42 } });
  assert.ok("Ready" in (await numbers(page)));
});

pageTest("the page speaks three languages", {}, async ({ page }) => {
  const words = async () => (await page.textContent(".standing")).trim();
  const lang = () => page.evaluate(() => document.documentElement.lang);
  await pick(page, SMALL);
  for (const [tag, word] of [["zh-Hans", "就绪"], ["zh-Hant", "就緒"], ["en", "ready"]]) {
    await page.selectOption("[data-action=language]", tag);
    assert.deepEqual([await lang(), await words()], [tag, word]);
  }
});

pageTest("settings are explained in the language of the page", { locale: "zh-CN" }, async ({ page }) => {
  await pick(page, SMALL);
  await page.selectOption("[data-action=select]", { label: "writer · slow-database" });
  await page.waitForSelector("label.setting");
  const titles = await page.$$eval("label.setting", (all) => all.map((one) => one.title));
  assert.ok(titles.every((title) => /[\u4e00-\u9fff]/.test(title)), titles.join("\n"));
});

pageTest("the language of the browser comes first", { locale: "zh-TW" }, async ({ page }) => {
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-Hant");
});

pageTest("settings survive a reload", {}, async ({ page }) => {
  await page.selectOption("[data-action=theme]", "dark");
  await pick(page, SMALL);
  // They are written when they have stood for a moment.
  await page.waitForFunction(() => localStorage.getItem("mqlab-settings")?.includes("five-in"));
  await page.reload();
  await page.waitForSelector("body[data-ready]");
  assert.equal(await page.inputValue("[data-action=pick]"), SMALL);
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
});

const phone = { viewport: PHONE, isTouch: true };

pageTest("a phone shows the stage first and never scrolls sideways", phone, async ({ page }) => {
  await pick(page, DAY);
  await runTo(page, 12.01 / 24);
  const seen = await page.evaluate(() => {
    const top = (selector) => document.querySelector(selector).getBoundingClientRect().top;
    const controls = [...document.querySelectorAll(".page :is(button, select, input[type=range], .toggle)")];
    const small = controls.filter((one) => one.getBoundingClientRect().height < 44);
    const texts = [...document.querySelectorAll(".page *")].filter((one) => one.childElementCount === 0);
    const tiny = texts.filter((one) => one.textContent.trim() && parseFloat(getComputedStyle(one).fontSize) < 12);
    return {
      order: [".top", ".stage", ".time", ".left", ".right"].map(top),
      isWide: document.documentElement.scrollWidth > innerWidth,
      small: small.map((one) => one.dataset.action ?? one.className),
      tiny: tiny.map((one) => one.className || one.tagName),
    };
  });
  assert.deepEqual(seen.order, [...seen.order].sort((a, b) => a - b));
  assert.equal(seen.isWide, false, "it scrolls sideways");
  assert.deepEqual(seen.small, [], "too small for a finger");
  assert.deepEqual(seen.tiny, [], "smaller than 12 px");
  await assertAccessible(page);
});

pageTest("little motion is respected", { reducedMotion: true }, async ({ page }) => {
  await pick(page, DAY);
  await press(page, "play");
  await page.waitForFunction(() => Number(document.querySelector(".lane").dataset.nowNs) > 0);
  await press(page, "pause");
  await becomes(page, "paused");
  assert.match(await clock(page), /^\d\d:\d\d:\d\d$/);
});

pageTest("a program that stops says so", { expected: /mqlab test/ }, async ({ page }) => {
  await page.evaluate(() =>
    dispatchEvent(new CustomEvent("mqlab-failed", { detail: "mqlab test" })),
  );
  assert.equal(await page.isVisible("#failed"), true);
  assert.equal(await page.textContent("#failed-message"), "mqlab test");
  await press(page, "reload");
  await page.waitForSelector("body[data-ready]");
});
