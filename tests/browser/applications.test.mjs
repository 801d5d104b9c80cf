// The application side and its faults: steps of services, rows of tables,
// disks, what a node has died of, and faults at random.

import assert from "node:assert/strict";

import { assertAccessible, pageTest, PHONE } from "./harness.mjs";
import { lanes, numbers, pick, runTo } from "./page.mjs";

/** Selects something by its name in the list of everything. */
const select = (page, name, variant) =>
  page.selectOption("[data-action=select]", { label: `${name} · ${variant}` });

/** The steps of the selected service: words and how many workers are there. */
const steps = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".right .handler-step")].map((step) => [
      step.querySelector("code").textContent,
      Number(step.dataset.workers),
    ]),
  );

/** What is told of a thing on the stage of a variant. */
const told = (page, variant, name) =>
  page.evaluate(
    ({ variant, name }) => {
      const lane = document.querySelector(`.lane[data-variant="${variant}"]`);
      const things = [...lane.querySelectorAll(".things [role=option]")];
      return things.map((thing) => thing.ariaLabel).find((label) => label.startsWith(`${name}, `));
    },
    { variant, name },
  );

pageTest("a service shows its steps and where its workers are", {}, async ({ page }) => {
  await pick(page, "mail-workers");
  await select(page, "mailer", "five-workers");
  const before = await steps(page);
  assert.ok(before.length > 1, `${before}`);
  assert.equal(before.reduce((sum, [, count]) => sum + count, 0), 0);
  await runTo(page, 0.1);
  const busy = (await steps(page)).reduce((sum, [, count]) => sum + count, 0);
  assert.equal(busy, 5);
  assert.equal((await numbers(page))["Busy now"], "5");
  await assertAccessible(page);
});

pageTest("a table shows what it should have", {}, async ({ page }) => {
  await pick(page, "dual-write");
  await runTo(page, 1);
  await select(page, "mails", "db-first-between");
  const rows = await numbers(page);
  assert.deepEqual(
    [rows["Rows expected"], rows["Rows missing"], rows["Rows too many"]],
    ["1", "1", "0"],
  );
  assert.match(rows["First inconsistent at"], /00:00:00\.01/);
  assert.match(await told(page, "db-first-between", "mails"), /1 missing/);
  assert.match(await told(page, "mq-first-between", "mails"), /1 too many/);
  assert.match(await told(page, "db-first-answered", "mails"), /as expected/);
});

pageTest("what a node has died of is told", {}, async ({ page }) => {
  await pick(page, "one-sync-for-a-hundred");
  await runTo(page, 0.5);
  assert.match(await told(page, "classic", "rabbitmq"), /without power since/);
  assert.match(await told(page, "classic-killed", "rabbitmq"), /, dead since/);
  await select(page, "rabbitmq", "classic");
  assert.equal((await numbers(page)).Disk, "has room");
});

pageTest("a full disk is an alarm until it has room", {}, async ({ page }) => {
  await pick(page, "one-sync-for-a-hundred");
  await select(page, "rabbitmq", "by-the-hundred");
  await page.click("[data-action=disk-full]");
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".things [role=option]")].some((thing) =>
      thing.ariaLabel.includes("disk full"),
    ),
  );
  assert.equal((await numbers(page)).Disk, "disk full");
  await page.click("[data-action=disk-free]");
  await page.waitForFunction(
    () =>
      ![...document.querySelectorAll(".things [role=option]")].some((thing) =>
        thing.ariaLabel.includes("disk full"),
      ),
  );
});

pageTest("faults at random are listed, marked and counted", {}, async ({ page }) => {
  await pick(page, "faults-at-random");
  const listed = () => page.locator(".random-faults").innerText();
  assert.match(await listed(), /crash\s*0\.1\/s/);
  assert.match(await listed(), /skew\s*never/);
  await runTo(page, 0.4);
  assert.match(await listed(), /Crashes\s+\d+ \(of these with consequences \d+\)/);
  // Every fault is a mark with its name and time, and a click goes there.
  const mark = page.locator("[data-mark=crash][data-action=run-to-mark]").first();
  const at = await mark.getAttribute("data-at-ns");
  await mark.evaluate((button) => button.click());
  await page.waitForFunction(
    (at) => document.querySelector(".lane").dataset.nowNs === at,
    at,
  );
  assert.ok(Object.values(await lanes(page)).every(({ now }) => now === Number(at)));
  await page.click("[data-action=edit-random]");
  await page.waitForSelector(".script");
});

pageTest("faults at random change while the run goes on", {}, async ({ page }) => {
  await pick(page, "faults-at-random");
  const digests = async () => Object.values(await lanes(page)).map(({ digest }) => digest);
  const acts = (count) =>
    page.waitForFunction((count) => document.querySelectorAll(".by-hand li").length === count, count);
  const stands = () =>
    page.waitForFunction(() => document.querySelector(".page").dataset.state !== "running");
  await runTo(page, 0.4);
  const untouched = await digests();
  await runTo(page, 0.1);

  await page.click(".kind-of-fault[data-kind=crash] > summary");
  const rate = page.locator('input[type=text][data-setting="faults.random.crash.rate"]');
  assert.equal(await rate.inputValue(), "0.1/s");
  await rate.fill("2/s");
  await rate.press("Enter");
  await acts(1);
  assert.equal(await rate.inputValue(), "2/s");
  const nodes = page.locator('[data-setting="faults.random.nodes"]');
  await nodes.locator("[data-choice=rabbitmq]").click();
  await acts(2);
  assert.ok(!(await nodes.locator("[data-choice=rabbitmq]").isChecked()));
  assert.ok(await nodes.locator("[data-choice=worker]").isChecked());
  await assertAccessible(page);
  await runTo(page, 0.4);
  const changed = await digests();
  assert.notDeepEqual(changed, untouched);

  for (const left of [1, 0]) {
    await page.click("[data-action=undo]");
    await acts(left);
    await stands();
  }
  assert.deepEqual(await digests(), untouched, "undone");
  for (const there of [1, 2]) {
    await page.click("[data-action=redo]");
    await acts(there);
    await stands();
  }
  assert.deepEqual(await digests(), changed, "done again");
  await page.click("[data-action=acts-to-script]");
  await acts(0);
  await stands();
  assert.deepEqual(await digests(), changed, "the script does the same");
});

pageTest("all of it on a phone", { viewport: PHONE }, async ({ page }) => {
  await pick(page, "faults-at-random");
  // Its card stood far below the first screen of the gallery.
  assert.equal(await page.evaluate(() => window.scrollY), 0);
  await runTo(page, 0.2);
  await select(page, "worker", "careful");
  assert.ok((await steps(page)).length === 3);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= PHONE.width, `${wide} px`);
  await assertAccessible(page);
});
