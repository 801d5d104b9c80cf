// Who uses what: a table in the gallery and in the lessons about receiving, whose
// entries open the run of each system.

import assert from "node:assert/strict";

import { PHONE, assertAccessible, pageTest } from "./harness.mjs";
import { pick, press } from "./page.mjs";

const FAMILIES = [
  "RabbitMQ",
  "ActiveMQ",
  "NSQ",
  "Kafka",
  "Kafka",
  "RocketMQ",
  "Redis",
  "Redis",
  "Redis",
];

/** Every entry: its system, where it leads, and what it says. */
const entries = (page) =>
  page.$$eval("[data-action=family]", (all) =>
    all.map((one) => ({
      family: one.dataset.family,
      target: Object.fromEntries(new URLSearchParams(new URL(one.href).hash.slice(1))),
      text: one.textContent.trim(),
    })),
  );

/** Waits until the run of an entry is open, and its thing is selected in its lane. */
async function opened(page, { scenario, select }) {
  const [variant, thing] = select.split("/");
  await page.waitForFunction(
    ({ scenario, variant, thing }) =>
      document.querySelector("[data-action=pick]")?.value === scenario &&
      document.querySelector(`.lane[data-variant="${variant}"] [aria-selected=true]`) &&
      document.querySelectorAll(".lane [aria-selected=true]").length === 1 &&
      document.querySelector("aside.right h2")?.textContent.startsWith(thing),
    { scenario, variant, thing },
  );
}

pageTest("every entry opens the run of its system", {}, async ({ page }) => {
  await page.waitForSelector(".families");
  const all = await entries(page);
  assert.deepEqual(all.map((one) => one.family), FAMILIES);
  for (const [index, one] of all.entries()) {
    await page.locator("[data-action=family]").nth(index).click();
    await opened(page, one.target);
    await press(page, "gallery");
    await page.waitForSelector(".families");
  }
  // The same one twice: the address does not change by that.
  await page.locator("[data-action=family]").last().click();
  await opened(page, all.at(-1).target);
  const marked = all.filter((one) => one.text.endsWith("*")).map((one) => one.family);
  assert.deepEqual(marked, FAMILIES.filter((family, index) => family !== "RabbitMQ" && index !== 3));
});

pageTest("the table stands in the lessons about receiving, and in no other", {}, async ({ page }) => {
  for (const [stem, isThere] of [["push-pull-longpoll", true], ["asking-in-vain", true], ["mm1", false]]) {
    await pick(page, stem);
    await page.waitForSelector(".lesson");
    assert.equal(await page.locator(".lesson .families").count(), isThere ? 1 : 0, stem);
  }
  await pick(page, "asking-in-vain");
  await page.locator("[data-action=family][data-family=RocketMQ]").click();
  await opened(page, { scenario: "push-pull-longpoll", select: "long-poll/reader" });
});

pageTest("keys are enough, and a search for the row finds it", {}, async ({ page }) => {
  await page.fill("[data-action=search]", "C7");
  await page.waitForFunction(() => document.querySelectorAll("[data-action=open]").length === 1);
  const nsq = page.locator("[data-action=family][data-family=NSQ]");
  await nsq.focus();
  await page.keyboard.press("Enter");
  await opened(page, { scenario: "push-pull-longpoll", select: "push-window/reader" });
});

for (const locale of ["en-GB", "zh-CN", "zh-TW"]) {
  pageTest(`a phone shows all of it, ${locale}`, { viewport: PHONE, isTouch: true, locale }, async ({ page }) => {
    await page.waitForSelector(".families");
    const seen = await page.$$eval(".families a", (all) =>
      all.map((one) => ({
        right: one.getBoundingClientRect().right,
        tall: one.getBoundingClientRect().height,
      })),
    );
    assert.ok(seen.every((one) => one.right <= PHONE.width && one.tall >= 44), JSON.stringify(seen));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    await assertAccessible(page);
    const last = page.locator("[data-action=family]").last();
    await last.scrollIntoViewIfNeeded();
    await last.tap();
    await opened(page, { scenario: "push-pull-longpoll", select: "push-all/reader" });
  });
}
