// Room for everything: what is on the page can be read whole, lies where it belongs, and
// is large enough for a finger, in every size of window that the page is designed for.

import assert from "node:assert/strict";

import { PHONE, pageTest } from "./harness.mjs";
import { becomes, pick, press, runTo } from "./page.mjs";

const LAPTOP = { width: 1440, height: 900 };
const CRASH = "crash-before-ack";
const phone = { viewport: PHONE, isTouch: true };

for (const viewport of [LAPTOP, { width: 1280, height: 800 }, { width: 1024, height: 768 }, PHONE]) {
  pageTest(`the longest title can be read whole, ${viewport.width} px`, { viewport }, async ({ page }) => {
    await pick(page, CRASH);
    const longest = await page.$$eval("[data-action=pick] option", (all) =>
      all.map((one) => one.value).sort((a, b) => {
        const length = (value) => all.find((one) => one.value === value).label.length;
        return length(b) - length(a);
      })[0],
    );
    await pick(page, longest);
    const title = await page.evaluate(() => {
      const heading = document.querySelector(".picker h1");
      const chosen = document.querySelector("[data-action=pick]").selectedOptions[0].label;
      const { clientHeight, scrollHeight, clientWidth, scrollWidth, textContent } = heading;
      return { isSame: textContent === chosen, length: chosen.length, over: [scrollHeight - clientHeight, scrollWidth - clientWidth] };
    });
    assert.ok(title.isSame && title.length > 50, JSON.stringify(title));
    assert.ok(title.over.every((pixels) => pixels <= 1), `too long by ${title.over}`);
  });
}

pageTest("three lanes fit a laptop", { viewport: LAPTOP }, async ({ page }) => {
  await pick(page, "flash-sale-threshold");
  const stage = await page.evaluate(() => {
    const { scrollHeight, clientHeight } = document.querySelector(".stage");
    return { scrollHeight, clientHeight, lanes: document.querySelectorAll(".lane").length };
  });
  assert.equal(stage.lanes, 3);
  assert.equal(stage.scrollHeight, stage.clientHeight);
});

pageTest("who uses what has room below its cards", { viewport: LAPTOP }, async ({ page }) => {
  await press(page, "gallery");
  const seen = await page.evaluate(() => {
    const table = document.querySelector(".families");
    const cards = table.parentElement.querySelector(".cards").getBoundingClientRect();
    const { left, top, width } = table.getBoundingClientRect();
    return { isBelow: left === cards.left && top >= cards.bottom, width, over: table.scrollWidth - table.clientWidth };
  });
  assert.ok(seen.isBelow && seen.width > 500 && seen.over === 0, JSON.stringify(seen));
});

pageTest("a question is no box in a box, once the script was open, too", {}, async ({ page }) => {
  await pick(page, CRASH);
  await page.click("[data-tab=script]");
  await page.click("[data-tab=lesson]");
  const widths = await page.$$eval(".question", (all) => all.map((one) => getComputedStyle(one).borderTopWidth));
  assert.ok(widths.length > 0 && widths.every((width) => width === "0px"), widths.join());
});

for (const viewport of [LAPTOP, PHONE]) {
  pageTest(`a verdict leads to something with an inspector, and to words that are whole, ${viewport.width} px`, { viewport }, async ({ page }) => {
    await pick(page, CRASH);
    await runTo(page, 1);
    await becomes(page, "finished");
    const verdicts = page.locator("[data-action=verdict]");
    for (let index = 0; index < (await verdicts.count()); index += 1) {
      await verdicts.nth(index).click();
      await page.waitForFunction(() => document.querySelector(".page").dataset.state !== "running");
      const name = await page.textContent("aside.right h2");
      const chosen = await page.$eval("[data-action=select]", (list) => list.selectedOptions[0].label);
      assert.ok(name.startsWith(chosen.split(" · ")[0]), `${name} is chosen as ${chosen}`);
    }
    await page.waitForSelector("[data-life] td");
    const broken = await page.$$eval("[data-life] :is(th, td:nth-child(2))", (cells) =>
      cells
        .filter((cell) => {
          const words = document.createRange();
          words.selectNodeContents(cell);
          return new Set([...words.getClientRects()].map(({ top }) => top)).size > 1;
        })
        .map((cell) => cell.textContent),
    );
    assert.deepEqual(broken, [], "in two lines");
  });
}

pageTest("what is not on the stage is not chosen as another thing", {}, async ({ page }) => {
  await pick(page, CRASH);
  await runTo(page, 0.02);
  await page.locator("aside.right [data-action=life]").first().click();
  await page.waitForSelector("[data-life]");
  const chosen = await page.$eval("[data-action=select]", (list) => list.selectedOptions[0].label);
  const name = await page.textContent("aside.right h2");
  assert.ok(name.startsWith(chosen.split(" · ")[0]), `${name} is chosen as ${chosen}`);
});

for (const locale of ["en-GB", "zh-CN"]) {
  pageTest(`everything is as wide and as high as a finger, ${locale}`, { locale, ...phone }, async ({ page }) => {
    await pick(page, CRASH);
    await runTo(page, 1);
    for (const tab of ["lesson", "script", "facts", "charts", "compare"]) {
      await page.click(`[data-tab=${tab}]`);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll("button, select, summary, [role=tab]")]
          .filter((one) => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }))
          .map((one) => [one.dataset.action ?? one.className ?? one.tagName, one.getBoundingClientRect()])
          .filter(([, { width, height }]) => width > 0 && (width < 44 || height < 44))
          .map(([name, { width, height }]) => `${name} ${width} x ${height}`),
      );
      assert.deepEqual(small, [], `too small, ${tab}`);
    }
  });
}

pageTest("what plays the run stays in sight on a phone", phone, async ({ page }) => {
  await pick(page, CRASH);
  await page.evaluate(() => document.querySelector(".left").scrollIntoView());
  const seen = await page.evaluate(() => {
    const box = (name) => document.querySelector(name).getBoundingClientRect();
    const at = box("[data-action=play]");
    const top = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
    return { isOnTop: top?.closest("[data-action=play]") !== null, top: at.top, clock: box(".clock").bottom, panel: box(".left").top };
  });
  assert.ok(seen.isOnTop && seen.top >= 0 && seen.clock < seen.panel + 1, JSON.stringify(seen));
});
