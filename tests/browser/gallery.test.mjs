// The gallery: the page one enters by, searched, read in three languages,
// used by keys and by fingers.

import assert from "node:assert/strict";

import { PHONE, assertAccessible, pageTest } from "./harness.mjs";
import { becomes, pick, press, slide } from "./page.mjs";

const DAY = "peak-shaving-day";
const SMALL = "five-in-two-out";

const cards = (page) => page.$$eval("[data-action=open]", (all) => all.map((one) => one.dataset.scenario));
/** The page draws what was typed when it next has time. */
async function seesCards(page, expected) {
  const isThere = (expected) => {
    const all = [...document.querySelectorAll("[data-action=open]")];
    return all.map((one) => one.dataset.scenario).join() === expected;
  };
  await page.waitForFunction(isThere, expected.join()).catch(() => {});
  assert.deepEqual(await cards(page), expected);
}
const search = (page, text) => page.fill("[data-action=search]", text);
const titles = (page) => page.$$eval("[data-action=open]", (all) => all.map((one) => one.textContent.trim()));

pageTest("a first visit sees every scenario, with a drawing and a sentence", {}, async ({ page }) => {
  const seen = await page.$$eval(".card", (all) =>
    all.map((card) => ({
      title: card.querySelector("h3").textContent.trim(),
      sentence: card.querySelector(".card-sentence").textContent.trim(),
      shapes: card.querySelectorAll(".sketch > :not(.sketch-way)").length,
      // All ways are one path, and each of them begins with a move.
      ways: card.querySelector(".sketch-way")?.getAttribute("d").match(/M/g)?.length ?? 0,
    })),
  );
  assert.ok(seen.length >= 8);
  for (const card of seen) {
    assert.ok(!card.sentence.includes("`"), card.sentence);
    assert.ok(card.title && card.sentence && card.shapes >= 3 && card.ways >= 2, JSON.stringify(card));
  }
  assert.ok((await page.textContent("[data-concept=too-much-at-once]")).includes("A5"));
});

pageTest("the path for beginners is numbered and leads into a scenario", {}, async ({ page }) => {
  const steps = await page.$$eval("[data-action=step]", (all) => all.map((one) => one.dataset.scenario));
  assert.deepEqual(steps.slice(0, 1), ["sync-or-async"]);
  assert.ok(steps.includes(DAY));
  const numbers = await page.$$eval(".step-number", (all) => all.map((one) => one.textContent));
  assert.deepEqual(numbers, steps.map((_, index) => String(index + 1)));
  await page.click("[data-action=step]");
  await becomes(page, "ready");
  assert.equal(await page.inputValue("[data-action=pick]"), "sync-or-async");
});

pageTest("a search finds by row, by name and by word, and says when there is nothing", {}, async ({ page }) => {
  await search(page, "A5");
  await seesCards(page, [DAY]);
  await search(page, "acknowledge");
  await seesCards(page, ["crash-before-ack"]);
  assert.equal(await page.isVisible(".path"), false, "what was asked for comes first");
  await search(page, "<b>no such thing</b>");
  await seesCards(page, []);
  assert.match(await page.textContent(".search-found"), /<b>no such thing<\/b>/);
  assert.equal(await page.locator(".search-found b").count(), 0);
  await press(page, "clear-search");
  assert.equal(await page.inputValue("[data-action=search]"), "");
  assert.ok((await cards(page)).length >= 8);
});

pageTest("the gallery speaks three languages", {}, async ({ page }) => {
  const english = await titles(page);
  for (const tag of ["zh-Hans", "zh-Hant"]) {
    await page.selectOption("[data-action=language]", tag);
    const chinese = await titles(page);
    assert.ok(chinese.every((title, index) => /\p{Script=Han}/u.test(title) && title !== english[index]));
  }
  await search(page, "簡訊");
  await seesCards(page, ["sync-or-async-2"]);
  await search(page, "text message");
  await seesCards(page, ["sync-or-async-2"]);
});

pageTest("keys are enough", {}, async ({ page }) => {
  // Nothing of a run is to be seen here, so the keys of a run do nothing.
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.getAttribute(".page", "data-state"), "ready");
  await page.focus("[data-action=search]");
  await page.keyboard.type("mm10");
  await page.keyboard.press("Enter");
  await seesCards(page, ["mm10"]);
  await page.keyboard.press("Tab");
  const focused = await page.evaluate(() => document.activeElement.dataset.scenario);
  assert.equal(focused, "mm10");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".stage");
  assert.equal(await page.inputValue("[data-action=pick]"), "mm10");
  // And back, to where the search stood.
  await page.keyboard.press("g");
  await seesCards(page, ["mm10"]);
});

pageTest("who was at work comes back to it", {}, async ({ page }) => {
  assert.equal(await page.locator("[data-action=back-to-work]").count(), 0);
  await pick(page, SMALL);
  await slide(page, "speed");
  await press(page, "play");
  await becomes(page, "finished");
  await press(page, "gallery");
  await press(page, "back-to-work");
  await becomes(page, "finished");
});

const phone = { viewport: PHONE, isTouch: true };

pageTest("a phone shows the gallery in one column", phone, async ({ page }) => {
  const seen = await page.evaluate(() => {
    const height = (one) => one.getBoundingClientRect().height;
    const left = new Set([...document.querySelectorAll(".card")].map((one) => one.getBoundingClientRect().left));
    const small = [...document.querySelectorAll(".step, .card, .search input")].filter((one) => height(one) < 44);
    const texts = [...document.querySelectorAll(".gallery *")].filter((one) => one.childElementCount === 0);
    const tiny = texts.filter((one) => one.textContent.trim() && parseFloat(getComputedStyle(one).fontSize) < 12);
    return {
      columns: left.size,
      isWide: document.documentElement.scrollWidth > innerWidth,
      small: small.length,
      tiny: tiny.map((one) => one.className || one.tagName),
    };
  });
  assert.deepEqual(seen, { columns: 1, isWide: false, small: 0, tiny: [] });
  // Anywhere on the card will do.
  const sentence = page.locator(`.card:has([data-scenario="${SMALL}"]) .card-sentence`);
  await sentence.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await sentence.boundingBox();
  await page.touchscreen.tap(x + width / 2, y + height / 2);
  await page.waitForSelector(".stage");
  assert.equal(await page.inputValue("[data-action=pick]"), SMALL);
});

for (const theme of ["light", "dark"]) {
  for (const locale of ["en-GB", "zh-CN", "zh-TW"]) {
    pageTest(`no serious accessibility finding in the gallery, ${theme}, ${locale}`, { theme, locale }, async ({ page }) => {
      await assertAccessible(page);
      await search(page, "nothing like this");
      await assertAccessible(page);
    });
  }
}
