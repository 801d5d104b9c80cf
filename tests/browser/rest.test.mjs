// The rest of the program: what a first visit does without it, and what becomes
// of those who want something of it before it is there.

import assert from "node:assert/strict";

import { pageTest } from "./harness.mjs";
import { becomes, lanes, numbers, pick, press, slide } from "./page.mjs";

const REST = "**/rest-*.packed";
/** What the console says of a file that cannot be had. */
const MISSING = /rest-[0-9a-f]+\.packed|ERR_FAILED/;

/** The style sheet of what only the rest shows. */
const STYLE = "**/rest-style-*.css";

const missing = (page) => page.route(REST, (route) => route.abort());

/** Lets files wait until `page.letIn()` is called. */
async function hold(page, files) {
  const open = new Promise((resolve) => {
    page.letIn = resolve;
  });
  await page.route(files, (route) => open.then(() => route.continue()));
}

const held = (page) => hold(page, REST);

pageTest("a first visit opens and plays a scenario without the rest", { rest: false, prepare: missing, expected: MISSING }, async ({ page }) => {
  await page.waitForSelector("html[data-rest=failed]");
  await page.fill("[data-action=search]", "five");
  await pick(page, "five-in-two-out");
  await slide(page, "speed");
  await press(page, "play");
  await becomes(page, "finished");
  const [lane] = Object.values(await lanes(page));
  assert.ok(lane.isOver && Object.keys(lane.chips).length > 0, "it is judged");
  assert.ok(Object.keys(await numbers(page)).length > 0, "the inspector has numbers");
  const choices = await page.$$eval("[data-action=select] option", (all) => all.length);
  for (let index = 0; index < choices; index += 1) {
    await page.selectOption("[data-action=select]", { index });
  }
  await press(page, "restart");
  await press(page, "step");
  await becomes(page, "paused");
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await page.isVisible("#failed"), false, "nothing of the rest was called");
});

// All that build.rs has as early, but for the day, which takes a minute, and the one above.
for (const stem of ["crash-before-ack", "mm1", "poison-to-dead-letter", "push-pull-longpoll", "queue-or-topic", "sync-or-async", "ttl-at-the-head"]) {
  pageTest(`${stem} plays without the rest`, { rest: false, prepare: missing, expected: MISSING }, async ({ page }) => {
    await pick(page, stem);
    await slide(page, "speed");
    await press(page, "play");
    await becomes(page, "finished");
    assert.equal(await page.isVisible("#failed"), false, "nothing of the rest was called");
  });
}

pageTest("what could not be loaded is said, and tried again", { rest: false, prepare: missing, expected: MISSING }, async ({ page }) => {
  await pick(page, "mm1");
  await page.waitForSelector(".left [data-action=load-rest]");
  await page.click("#tab-left-1");
  await press(page, "share");
  await page.waitForFunction(() => document.querySelector(".notice").textContent.includes("could not be loaded"));
  await page.unroute(REST);
  await page.click(".left [data-action=load-rest]");
  await page.waitForSelector("html[data-rest=here]");
  await page.waitForSelector("dialog[open] [data-action], [role=dialog]");
  assert.equal(await page.textContent(".notice"), "", "what was waited for is done");
  assert.equal(await page.isVisible("[data-action=load-rest]"), false);
});

/** Whether something that only the rest shows looks as it should. */
const isDressed = (page) => page.$eval(".left .predict", (one) => getComputedStyle(one).borderTopLeftRadius === "8px");

/** Everything comes but the style sheet. */
async function plain(page) {
  page.rest = page.waitForResponse(/rest-[0-9a-f]+\.packed/);
  await hold(page, STYLE);
}

pageTest("nothing of the rest is shown before its style sheet is there", { rest: false, prepare: plain }, async ({ page }) => {
  await pick(page, "five-in-two-out");
  await (await page.rest).finished();
  // The other files are there, and have all the time to be put together.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2_000)));
  assert.equal(await page.getAttribute("html", "data-rest"), "loading");
  assert.ok(await page.isVisible(".left .rest-loading"));
  assert.equal(await page.locator(".left .predict").count(), 0);
  page.letIn();
  await page.waitForSelector(".left .predict");
  assert.ok(await isDressed(page));
});

const undressed = (page) => page.route(STYLE, (route) => route.abort());

pageTest("a style sheet that could not be loaded is tried again", { rest: false, prepare: undressed, expected: /rest-style|ERR_FAILED/ }, async ({ page }) => {
  await pick(page, "five-in-two-out");
  await page.waitForSelector(".left [data-action=load-rest]");
  await page.unroute(STYLE);
  await page.click(".left [data-action=load-rest]");
  await page.waitForSelector(".left .predict");
  assert.ok(await isDressed(page));
});

pageTest("what is wanted before the rest is there waits for it", { rest: false, prepare: held }, async ({ page }) => {
  await pick(page, "five-in-two-out");
  await page.waitForSelector(".left .rest-loading");
  await page.keyboard.press("?");
  await page.waitForFunction(() => document.querySelector(".notice").textContent.includes("Loading"));
  page.letIn();
  await page.waitForSelector(".shortcuts");
  await page.waitForSelector(".left .lesson h2");
});

pageTest("most scenarios wait for the rest, and the first ones do not wait for it", { rest: false, prepare: held }, async ({ page }) => {
  const card = (stem) => page.click(`[data-action=open][data-scenario="${stem}"]`);
  const isOpen = (stem) => page.waitForFunction((stem) => document.querySelector("[data-action=pick]")?.value === stem, stem);
  await card("acks-and-replicas");
  await page.waitForFunction(() => document.querySelector(".notice").textContent.includes("Loading"));
  assert.equal(await page.isVisible("[data-action=search]"), true, "it is still the gallery");
  const drawings = await page.$$eval(".card .sketch", (all) => all.filter((one) => one.querySelector("rect, circle")).length);
  assert.equal(drawings, await page.locator(".card").count(), "what is late is drawn as well");
  await pick(page, "five-in-two-out");
  page.letIn();
  await page.waitForSelector("html[data-rest=here]");
  await page.waitForSelector(".left .lesson h2");
  await isOpen("five-in-two-out");
  for (const stem of ["acks-and-replicas", "what-survives-a-restart", "faults-at-random"]) {
    await pick(page, stem);
    await slide(page, "speed");
    await press(page, "play");
    await becomes(page, "finished");
  }
});

pageTest("a link starts with all of the program", { path: "#scenario=crash-before-ack&paused", rest: false }, async ({ page }) => {
  assert.equal(await page.getAttribute("html", "data-rest"), "here");
  assert.ok(await page.isVisible(".left .lesson h2"));
  assert.ok(await isDressed(page));
});

/** Lets only requests through that the page waits for. */
const onlyAtOnce = (page) => page.route(REST, (route) => (route.request().resourceType() === "xhr" ? route.continue() : undefined));

pageTest("should something be called too early, the rest is loaded on the spot", { rest: false, prepare: onlyAtOnce }, async ({ page }) => {
  await pick(page, "five-in-two-out");
  assert.equal(await page.getAttribute("html", "data-rest"), "loading");
  // What a stand-in in the table of functions does.
  await page.evaluate(() => globalThis.mqlabLoadRest());
  await page.waitForSelector("html[data-rest=here]");
  await page.waitForSelector(".left .lesson h2");
  await press(page, "share");
  await page.waitForSelector("[data-action=copy-link], #share-link");
});
