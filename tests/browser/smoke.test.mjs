// The page starts: from any path, without an error, without the network.

import assert from "node:assert/strict";

import { pageTest } from "./harness.mjs";

pageTest("the page becomes ready without an error", {}, async ({ page }) => {
  assert.notEqual(await page.title(), "");
});
