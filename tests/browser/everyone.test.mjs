// For everyone: no serious accessibility finding, whatever is open and selected,
// in every language and both themes.

import assert from "node:assert/strict";

import { assertAccessible, pageTest } from "./harness.mjs";
import { pick, press, runTo } from "./page.mjs";

/** What is looked at of each scenario: things that have an inspector of their own. */
const SCENES = [
  // Loads, queues, a database that is dead.
  { stem: "peak-shaving-day", share: 12.5 / 24, kinds: ["users", "orders", "direct", "mysql", "rabbitmq"] },
  // Exchanges and their bindings.
  { stem: "which-queues-match", share: 0.5, kinds: ["events", "exact"] },
  // A cluster of RabbitMQ with a dead node.
  { stem: "four-ways-to-keep-a-queue", share: 0.6, kinds: ["rabbitmq", "rabbitmq-1", "orders"], last: true },
  // A cluster of Kafka with a dead broker.
  { stem: "acks-and-replicas", share: 0.2, kinds: ["kafka", "kafka-1", "orders-0", "biller"] },
];

const OPEN = {
  tabs: ["lesson", "script", "facts", "charts", "compare"],
  dialogs: ["share", "help"],
};

/** The selectable things whose label begins with a name; the first or the last variant's. */
const thing = (page, name, last) =>
  page.evaluate(
    ({ name, last }) => {
      const options = [...document.querySelectorAll("[data-action=select] option")];
      const found = options.filter((one) => one.label.split(" \u00b7 ")[0] === name);
      return (last ? found.at(-1) : found[0])?.value;
    },
    { name, last },
  );

async function look(page, what) {
  try {
    await assertAccessible(page);
  } catch (error) {
    throw new Error(`${what}: ${error.message}`, { cause: error });
  }
}

async function walk(page, scenes) {
  for (const { stem, share, kinds, last } of scenes) {
    await pick(page, stem);
    await runTo(page, share);
    for (const name of kinds) {
      const value = await thing(page, name, last);
      assert.ok(value, `${name} of ${stem} can be selected`);
      await page.selectOption("[data-action=select]", value);
      for (const more of await page.$$("aside.right details:not([open]) > summary")) await more.click();
      await look(page, `${name} of ${stem}`);
    }
  }
  for (const tab of OPEN.tabs) {
    await page.click(`[data-tab=${tab}]`);
    for (const more of await page.$$(`main details:not([open]) > summary`)) {
      if (await more.isVisible()) await more.click();
    }
    await look(page, `tab ${tab}`);
  }
  for (const dialog of OPEN.dialogs) {
    await press(page, dialog);
    await page.waitForSelector("dialog[open]");
    await look(page, `dialog ${dialog}`);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
  }
}

/** Everything once in either theme; in the other languages what differs most. */
const LOOKS = [
  { theme: "light", locale: "en-GB", scenes: SCENES },
  { theme: "dark", locale: "zh-CN", scenes: SCENES },
  { theme: "dark", locale: "en-GB", scenes: SCENES.slice(-1) },
  { theme: "light", locale: "zh-CN", scenes: SCENES.slice(-1) },
  { theme: "light", locale: "zh-TW", scenes: SCENES.slice(-2) },
  { theme: "dark", locale: "zh-TW", scenes: SCENES.slice(-1) },
];

for (const { theme, locale, scenes } of LOOKS) {
  pageTest(`nothing that is open has a serious finding, ${theme}, ${locale}`, { theme, locale }, ({ page }) =>
    walk(page, scenes),
  );
}
