// A cluster of Kafka as its operators look at it: where replicas lie, files,
// what ZooKeeper held, and the segments of a log whose rules are changed by hand.

import assert from "node:assert/strict";

import { assertAccessible, pageTest } from "./harness.mjs";
import { isDone, pick, runTo, select } from "./page.mjs";

const lines = (page, view) => page.locator(`[data-view=${view}] li > code:first-child`).allTextContents();

pageTest("a cluster shows where replicas lie and what ZooKeeper held", {}, async ({ page }) => {
  await pick(page, "spread-over-brokers");
  await runTo(page, 0.1);
  await select(page, "kafka · nobody-elects");
  assert.equal(await page.locator("table.placement tbody tr").count(), 7);
  assert.deepEqual(await page.locator("table.placement tbody tr").last().locator("td").allTextContents(), [
    "2 / 4",
    "2 / 4",
    "2 / 4",
  ]);
  await page.click("[data-view=zookeeper] summary");
  const nodes = await lines(page, "zookeeper");
  assert.equal(nodes.filter((name) => name.startsWith("/")).length, 10);
  await assertAccessible(page);

  // After a broker has died the others lead in its place.
  await runTo(page, 0.45);
  const counts = await page.locator("table.placement tbody tr").last().locator("td").allTextContents();
  assert.equal(counts[0], "0 / 4");
});

pageTest("a broker shows the files of its logs", {}, async ({ page }) => {
  await pick(page, "what-lies-on-disk");
  await runTo(page, 0.3);
  await select(page, "kafka-1 · two-replicas");
  await page.click("[data-view=files] summary");
  const files = await lines(page, "files");
  assert.ok(files.includes("orders-0/") && files.includes("orders-2/") && !files.includes("orders-1/"), files.join());
  assert.ok(files.includes("00000000000000000010.timeindex"), files.join());
  await assertAccessible(page);
});

pageTest("the retention of a topic is changed by hand, and its segments say what becomes of them", {}, async ({ page }) => {
  await pick(page, "kept-for-how-long");
  await runTo(page, 0.35);
  await select(page, "events-0 · an-hour");
  assert.equal(await page.locator(".fate.due").count(), 0);
  const field = page.locator('input[type=text][data-setting="broker.kafka.topic.events.retention"]');
  await field.fill("5s");
  await field.press("Enter");
  await isDone(page);
  assert.ok((await page.locator(".fate.due").count()) > 0);
  await assertAccessible(page);
});
