// What hands do to a run: every button of the inspector does what it says, and what two
// fingers mean; that work outlives a tab that dies; and that every figure has a table.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

import { pageTest, PHONE } from "./harness.mjs";
import { becomes, isDone, lanes, pick, runTo, says, select } from "./page.mjs";

const CRASH = "crash-before-ack";
const SMALL = "five-in-two-out";

/** What the script says is done by hand. */
const script = async (page) => {
  await page.click("[data-action=acts-to-script]");
  await page.waitForFunction(() => document.querySelectorAll(".by-hand li").length === 0);
  await page.click("[data-tab=script]");
  return page.inputValue("[data-action=edit]");
};

/** The state of the selected thing, once it is this. */
const becomesState = (page, state) =>
  page.waitForFunction((state) => {
    const names = [...document.querySelectorAll("aside.right dt")];
    const at = names.find((one) => one.textContent.trim() === "State");
    return at?.nextElementSibling.textContent.startsWith(state);
  }, state);

pageTest("a node is paused, goes on, is killed and comes back by hand", {}, async ({ page }) => {
  await pick(page, CRASH);
  await runTo(page, 0.02);
  await select(page, "worker · ack-last");
  await becomesState(page, "up");
  const steps = [
    ["pause-node", "held"],
    ["resume-node", "up"],
    ["crash", "dead"],
    ["restart-node", "up"],
  ];
  for (const [index, [action, state]] of steps.entries()) {
    await page.click(`[data-action=${action}]`);
    await isDone(page, index + 1);
    await becomesState(page, state);
  }
  const digests = Object.values(await lanes(page)).map(({ digest }) => digest);
  const text = await script(page);
  for (const line of ['pause = "worker"', 'resume = "worker"', 'crash = "worker"', 'restart = "worker"']) {
    assert.ok(text.includes(line), `${line} in ${text}`);
  }
  await page.waitForFunction(() => document.querySelector(".page").dataset.state !== "running");
  assert.deepEqual(
    Object.values(await lanes(page)).map(({ digest }) => digest),
    digests,
    "the text does the same",
  );
});

pageTest("a message is published with key and payload, looked at, and purged", {}, async ({ page }) => {
  await pick(page, CRASH);
  await runTo(page, 0.02);
  await select(page, "worker · ack-last");
  await page.click("[data-action=pause-node]");
  await isDone(page, 1);
  await select(page, "shop · ack-last");
  await page.fill("[data-action=publish-key]", "anna");
  await page.fill("[data-action=publish-payload]", "<b>a gift</b>");
  await page.click("[data-action=publish]");
  await isDone(page, 2);

  // It is the last one that waits; its life begins with the publish by hand.
  await select(page, "orders · ack-last");
  const ready = Number(await says(page, "Ready"));
  assert.ok(ready > 0, `${ready} wait`);
  await page.locator("aside.right [data-action=life]").first().click();
  await page.waitForSelector("[data-life]");
  assert.match(await page.textContent("[data-life]"), /offered/);
  assert.equal(await page.locator("[data-life] b").count(), 0, "a payload is no markup");

  await select(page, "orders · ack-last");
  await page.click("[data-action=purge]");
  await isDone(page, 3);
  assert.equal(await says(page, "Ready"), "0");
  const text = await script(page);
  assert.match(text, /purge = "orders"/);
  assert.match(text, /publish = \{.*key = "anna".*payload = "<b>a gift<\/b>"/);
});

pageTest("the next fact is one of the selected thing", {}, async ({ page }) => {
  await pick(page, CRASH);
  await runTo(page, 0.02);
  await select(page, "worker · ack-last");
  await page.click("[data-tab=facts]");
  for (let step = 0; step < 3; step += 1) {
    const { now: before } = (await lanes(page))["ack-last"];
    await page.click("[data-action=next-fact]");
    await page.waitForFunction(
      (before) => Number(document.querySelector('.lane[data-variant="ack-last"]').dataset.nowNs) > before,
      before,
    );
    await page.waitForFunction(() => document.querySelector(".page").dataset.state !== "running");
    // The newest of what happened to it happened now.
    const clock = (await page.textContent(".clock")).trim();
    const first = (await page.locator(".fact-list [data-action=go-to-fact]").first().textContent()).trim();
    assert.ok(clock.startsWith(first) || first.startsWith(clock), `${first} at ${clock}`);
  }
});

pageTest("every chart has its table, which says what is drawn", {}, async ({ page }) => {
  await pick(page, SMALL);
  await runTo(page, 0.5);
  for (const chart of ["rate", "backlog", "age", "wait", "load"]) {
    await page.click("[data-menu=charts] summary");
    await page.click(`[data-action=chart-table][data-chart=${chart}]`);
    await page.waitForSelector(`[data-chart-table=${chart}] tbody tr`);
    const seen = await page.evaluate((chart) => {
      const table = document.querySelector(`[data-chart-table=${chart}] table`);
      const rows = [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => row.cells.length);
      return { heads: table.tHead.rows[0].cells.length, rows };
    }, chart);
    assert.ok(seen.heads > 1 && seen.rows.length > 5, JSON.stringify(seen));
    assert.ok(seen.rows.every((cells) => cells === seen.heads), "every row is whole");
    await page.click("[data-action=close-table]");
    if (await page.locator("details[data-menu=charts][open]").count()) await page.click("[data-menu=charts] summary");
  }
  // And so have the comparison, and every lane of the stage.
  assert.equal(await page.locator(".lane .numbers table").count(), await page.locator(".lane").count());
  for (const lane of await page.locator(".lane").all()) {
    const things = await lane.locator(".things > *").count();
    await lane.locator(".numbers summary").click();
    await lane.locator(".numbers tbody tr").first().waitFor();
    const rows = await lane.locator(".numbers tbody tr").count();
    assert.ok(rows > 2 && rows <= things, `${rows} of ${things} things`);
    await lane.locator(".numbers summary").click();
    await lane.locator(".numbers tbody tr").first().waitFor({ state: "detached" });
  }
});

const phone = { viewport: PHONE, isTouch: true };

pageTest("two fingers make the picture larger around what is between them", phone, async ({ page, context }) => {
  await pick(page, SMALL);
  const canvas = page.locator('.lane[data-variant="slow-database"] canvas');
  await canvas.scrollIntoViewIfNeeded();
  const width = () =>
    page.evaluate(() => {
      const members = document.querySelectorAll('.lane[data-variant="slow-database"] .things > [role=option]');
      const member = [...members].find((one) => one.getAttribute("aria-label").startsWith("orders"));
      return member.getBoundingClientRect().width;
    });
  await page.waitForFunction(() => document.querySelector(".things > [role=option]")?.getBoundingClientRect().width > 0);
  const before = await width();
  const box = await canvas.boundingBox();
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const devtools = await context.newCDPSession(page);
  const touch = (type, apart) =>
    devtools.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: apart === undefined ? [] : [-1, 1].map((side, id) => ({ x: middle.x + (side * apart) / 2, y: middle.y, id })),
    });
  await touch("touchStart", 60);
  for (let apart = 70; apart <= 150; apart += 10) await touch("touchMove", apart);
  await touch("touchEnd");
  await page.waitForFunction(
    (before) => {
      const members = document.querySelectorAll('.lane[data-variant="slow-database"] .things > [role=option]');
      const member = [...members].find((one) => one.getAttribute("aria-label").startsWith("orders"));
      return member.getBoundingClientRect().width > before * 1.5;
    },
    before,
  );
  assert.equal(await page.evaluate(() => visualViewport.scale), 1, "the page itself is as large as before");
});

/** A number in groups of seven bits, and where what follows it begins. */
function number(bytes, from) {
  let [value, at] = [0, from];
  for (let weight = 1; ; weight *= 128, at += 1) {
    value += (bytes[at] % 128) * weight;
    if (bytes[at] < 128) return [value, at + 1];
  }
}

/** What the page has saved by itself: what was done by hand, and where the clock stands. */
async function saved(page) {
  const text = await page.evaluate(() => localStorage.getItem("mqlab-work"));
  const bytes = Buffer.from((text ?? "").split(".")[1] ?? "", "base64url");
  const body = new Map();
  if (bytes.length > 0) {
    const dictionary = readFileSync(new URL("../../src/state/link/words-1.txt", import.meta.url));
    // Behind a checksum and its own length.
    const content = inflateRawSync(bytes.subarray(number(bytes, 4)[1]), { dictionary });
    for (let at = 0; at < content.length; ) {
      const [length, begin] = number(content, at + 1);
      body.set(content[at], content.subarray(begin, begin + length));
      at = begin + length;
    }
  }
  return { acts: String(body.get(7) ?? ""), at: body.has(4) ? number(body.get(4), 0)[0] : 0 };
}

pageTest("work outlives a tab that dies", { expected: /crashed/ }, async ({ page, context, url }) => {
  await pick(page, CRASH);
  await runTo(page, 0.02);
  await select(page, "worker · ack-last");
  await page.click("[data-action=crash]");
  await isDone(page, 1);
  const kept = await lanes(page);
  // Work is saved when it has stood for a moment. What was saved just before is
  // not it: an earlier change may have asked for that.
  const isSaved = ({ acts, at }) => acts.includes('crash = "worker"') && at === kept["ack-last"].now;
  for (let tries = 0; !isSaved(await saved(page)); tries += 1) {
    assert.ok(tries < 1_000, "what was done is saved");
    await page.waitForTimeout(50);
  }
  const devtools = await context.newCDPSession(page);
  // Nobody is left to answer.
  devtools.send("Page.crash").catch(() => {});
  await page.waitForEvent("crash");
  const next = await context.newPage();
  await next.goto(url);
  await next.waitForSelector("html[data-rest=here]");
  await becomes(next, "paused");
  await next.waitForFunction(() => document.querySelectorAll(".by-hand li").length === 1);
  assert.deepEqual((await lanes(next))["ack-last"].digest, kept["ack-last"].digest, "the same run, at the same instant");
});
