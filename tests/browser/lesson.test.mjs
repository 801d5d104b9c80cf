// The lesson: what to watch ticks itself, guesses are compared with the
// engine's own result, and what to try is done by a button.

import assert from "node:assert/strict";

import { PHONE, assertAccessible, pageTest } from "./harness.mjs";
import { becomes, pick, press, pulse, runTo, slide } from "./page.mjs";

const CRASH = "crash-before-ack";
const DAY = "peak-shaving-day";
const CLICK = "sync-or-async";
const SMALL = "five-in-two-out";

const ticks = (page) =>
  page.$$eval(".watch li", (all) => all.map((one) => one.dataset.state));

/** Guesses and waits for what is said to it. */
async function guess(page, index, text) {
  const form = page.locator(`[data-predict="${index}"]`);
  await form.locator("[data-action=guess]").fill(text);
  await form.locator("[data-action=check]").click();
  const done = (standing) => standing !== "open" && standing !== "checking";
  await page.waitForFunction(
    (index) => !["open", "checking"].includes(document.querySelector(`[data-predict="${index}"]`).dataset.standing),
    index,
  );
  const standing = await form.getAttribute("data-standing");
  assert.ok(done(standing));
  return { standing, said: (await form.locator(".guess-said").textContent()).trim() };
}

pageTest("what is to be watched ticks itself, and is unticked on the way back", {}, async ({ page }) => {
  await pick(page, CRASH);
  const before = await ticks(page);
  assert.ok(before.length >= 3 && before.every((state) => state === "pending"), before.join());
  await runTo(page, 1);
  assert.deepEqual(await ticks(page), before.map(() => "held"));
  await press(page, "restart");
  await becomes(page, "ready");
  assert.deepEqual(await ticks(page), before);
});

pageTest("a guess is compared with the end of the run, which nobody has to wait for", {}, async ({ page }) => {
  await pick(page, CRASH);
  const wrong = await guess(page, 0, "10");
  assert.equal(wrong.standing, "known-wrong");
  assert.match(wrong.said, /acknowledged before its work began/);
  assert.equal(await page.isVisible("[data-predict='0'] details p"), false, "the answer is not given away");
  await page.click("[data-predict='0'] [data-action=reveal]");
  assert.match(await page.textContent("[data-predict='0'] details p"), /9 rows/);
  assert.equal((await guess(page, 0, "7")).standing, "wrong");
  assert.equal((await guess(page, 0, "9")).standing, "right");
  assert.equal((await guess(page, 1, "１０ rows")).standing, "right");
  assert.equal((await guess(page, 2, "3")).standing, "right");
  assert.equal(await page.getAttribute(".page", "data-state"), "ready", "the run on the stage has not moved");
});

pageTest("an answer that cannot be read gets a hint", {}, async ({ page }) => {
  await pick(page, CRASH);
  for (const [text, hint] of [["", /guess first/], ["many", /whole number/], ["<i>9</i>", /whole number/]]) {
    const { standing, said } = await guess(page, 0, text);
    assert.equal(standing, "unreadable");
    assert.match(said, hint);
  }
  await pick(page, CLICK);
  assert.match((await guess(page, 0, "soon")).said, /length of time/);
  assert.equal((await guess(page, 0, "458")).standing, "right");
  assert.equal((await guess(page, 0, "0.458 s")).standing, "right");
});

pageTest("the day is run to its end beside the stage, which never freezes", {}, async ({ page }) => {
  await pick(page, DAY);
  const { standing, said } = await guess(page, 0, "14:30");
  assert.equal(standing, "known-wrong");
  assert.match(said, /50 orders a second/);
  for (const text of ["14:32:18", "14:32", "2:32 pm", "5538 s", "1 h 32 min"]) {
    assert.equal((await guess(page, 0, text)).standing, "right", text);
  }
  assert.equal((await guess(page, 1, "90 min")).standing, "right");
  assert.match((await guess(page, 1, "5400")).said, /unit/);
  assert.ok((await pulse(page)).frame < 100);
});

pageTest("a check goes on when the run plays, and when the text is changed", {}, async ({ page }) => {
  await pick(page, DAY);
  await page.locator("[data-predict='0'] [data-action=guess]").fill("14:32:18");
  await page.keyboard.press("Enter");
  await slide(page, "speed");
  await press(page, "play");
  await page.waitForFunction(() => Number(document.querySelector(".lane").dataset.nowNs) > 0);
  await press(page, "pause");
  await page.click("[data-try='0'] [data-action=try-edit]");
  await page.waitForSelector("[data-predict='0'][data-standing=right]");
});

pageTest("what to try is done by a button and taken back by another", {}, async ({ page }) => {
  await pick(page, SMALL);
  await press(page, "try-edit");
  assert.equal(await page.isDisabled("[data-action=try-edit]"), true, "it is done");
  await runTo(page, 1);
  const backlog = await page.evaluate(() => [...document.querySelectorAll(".expectations .got")].length);
  assert.ok(backlog > 0, "what the scenario expects no longer holds");
  // The question is still about the scenario as it was.
  assert.equal((await guess(page, 0, "33,000")).standing, "right");
  await press(page, "original");
  assert.equal(await page.locator("[data-action=original]").count(), 0);
  assert.equal(await page.isDisabled("[data-action=try-edit]"), false);
  await press(page, "try-open");
  assert.equal(await page.inputValue("[data-action=pick]"), DAY);
});

pageTest("the lesson speaks three languages, and keeps a guess", {}, async ({ page }) => {
  await pick(page, CLICK);
  await guess(page, 0, "8");
  for (const [tag, about, overlooks, unit] of [
    ["zh-Hans", /用户点了一下按钮/, /应答只说明消息留下了/, /毫秒/],
    ["zh-Hant", /使用者按了一下按鈕/, /回應只說明訊息留下了/, /毫秒/],
  ]) {
    await page.selectOption("[data-action=language]", tag);
    const lesson = await page.textContent(".lesson");
    for (const part of [about, overlooks]) assert.match(lesson, part);
    assert.match(await page.getAttribute("[data-action=guess]", "placeholder"), unit);
    assert.equal(await page.inputValue("[data-action=guess]"), "8");
  }
  assert.equal((await guess(page, 0, "458毫秒")).standing, "right");
  assert.match((await guess(page, 0, "458 毫秒")).said, /458 毫秒/);
});

pageTest("names in a lesson are set as code, and no backtick is left", {}, async ({ page }) => {
  for (const stem of ["read-and-written-at-once", "ttl-at-the-head"]) {
    await pick(page, stem);
    await page.waitForFunction(() => document.querySelectorAll(".lesson p code").length > 0);
    assert.ok(!(await page.textContent(".lesson")).includes("`"), stem);
  }
});

const phone = { viewport: PHONE, isTouch: true };

for (const theme of ["light", "dark"]) {
  pageTest(`no serious accessibility finding in a lesson, ${theme}`, { theme, ...phone }, async ({ page }) => {
    await pick(page, CRASH);
    await guess(page, 0, "10");
    await guess(page, 1, "10");
    await guess(page, 2, "none");
    await page.click(".expectations summary");
    await assertAccessible(page);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll(".lesson :is(input, button, summary)")]
        .filter((one) => one.getBoundingClientRect().height < 44)
        .map((one) => one.dataset.action ?? one.className),
    );
    assert.deepEqual(small, [], "too small for a finger");
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  });
}
