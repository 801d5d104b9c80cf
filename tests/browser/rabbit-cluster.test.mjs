// A cluster of RabbitMQ on the page: a quorum queue says which nodes have it, and
// when its leader is crashed by hand another one leads.

import assert from "node:assert/strict";

import { pageTest } from "./harness.mjs";
import { isDone, pick, runTo, says, select } from "./page.mjs";

/** The rows of a table of the inspector, by its title. */
const rows = (page, title) =>
  page.evaluate((title) => {
    const region = document.querySelector(`aside.right [role=region][aria-label="${title}"]`);
    const lines = [...(region?.querySelectorAll("tbody tr") ?? [])];
    return lines.map((line) => [...line.children].map((cell) => cell.textContent.trim()));
  }, title);

pageTest("the leader of a quorum queue is crashed by hand, and another one leads", {}, async ({ page }) => {
  await pick(page, "four-ways-to-keep-a-queue");
  await runTo(page, 0.2);
  await select(page, "mails · quorum");
  assert.equal(await says(page, "Where it is"), "rabbitmq-2");
  const before = await rows(page, "Where it is");
  assert.deepEqual(
    before.map(([node, word]) => `${node}: ${word}`),
    ["rabbitmq-2: leader", "rabbitmq-3: follower, has everything", "rabbitmq-1: follower, has everything"],
  );

  await page.locator("[data-action=select-node]", { hasText: "rabbitmq-2" }).first().click();
  assert.equal(await says(page, "State"), "up");
  await page.click("[data-action=crash]");
  await isDone(page);
  assert.match(await says(page, "State"), /^dead since/);

  await runTo(page, 0.26);
  await select(page, "mails · quorum");
  const after = await rows(page, "Where it is");
  assert.deepEqual(after[0].slice(0, 2), ["rabbitmq-2", "away"]);
  assert.ok(after.some(([, word]) => word === "leader"), JSON.stringify(after));

  await select(page, "rabbitmq · quorum");
  const nodes = await rows(page, "Nodes");
  assert.equal(nodes.length, 3);
  assert.deepEqual(nodes[0], ["rabbitmq-1", "up", "rabbitmq-1, rabbitmq-3"]);
});

pageTest("a member is cut off by hand, and heals", {}, async ({ page }) => {
  await pick(page, "four-ways-to-keep-a-queue");
  await runTo(page, 0.1);
  await select(page, "rabbitmq-1 · quorum");
  await page.click("[data-action=cut-off]");
  await isDone(page);
  await page.waitForSelector("[data-action=heal-all]");
});
