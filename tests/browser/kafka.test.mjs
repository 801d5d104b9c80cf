// A cluster of Kafka on the page: its partitions are logs with a leader, and
// when the leader is crashed by hand another one leads.

import assert from "node:assert/strict";

import { pageTest } from "./harness.mjs";
import { isDone, pick, runTo, says, select } from "./page.mjs";

pageTest("the leader of a partition is crashed by hand, and another one leads", {}, async ({ page }) => {
  await pick(page, "acks-and-replicas");
  await runTo(page, 0.05);
  await select(page, "orders-0 · acks-all");
  assert.equal(await says(page, "Leader"), "kafka-1");
  assert.equal(await says(page, "In sync (ISR)"), "1, 2, 3");

  await page.locator("[data-action=select-node]", { hasText: "kafka-1" }).first().click();
  assert.equal(await says(page, "State"), "up");
  await page.click("[data-action=crash]");
  await isDone(page);
  assert.match(await says(page, "State"), /^dead since/);

  // The controller waits for nine seconds before it counts a broker as dead.
  await runTo(page, 0.3);
  await select(page, "orders-0 · acks-all");
  assert.equal(await says(page, "Leader"), "kafka-2");
  assert.equal(await says(page, "In sync (ISR)"), "2, 3");
});

pageTest("a leader is moved by hand, and everything of a cluster can be selected", {}, async ({ page }) => {
  await pick(page, "acks-and-replicas");
  await runTo(page, 0.05);
  await select(page, "orders-0 · acks-all");
  await page.locator("[data-action=move-leader]", { hasText: "kafka-3" }).click();
  await isDone(page);
  await runTo(page, 0.08);
  assert.equal(await says(page, "Leader"), "kafka-3");

  for (const name of ["kafka", "kafka-2", "kafka-controller"]) {
    await select(page, `${name} · acks-all`);
    assert.equal(await says(page, "State"), "up", name);
  }
  await select(page, "kafka · acks-all");
  assert.equal(await says(page, "Brokers alive"), "3");
});
