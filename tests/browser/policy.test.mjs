// The content security policy: it is there, it is strict, the page lives with
// it, and what it forbids does not happen.

import assert from "node:assert/strict";

import { pageTest } from "./harness.mjs";
import { becomes, pick, press, slide } from "./page.mjs";

const POLICY = 'meta[http-equiv="Content-Security-Policy"]';

/** The directives of the page's policy by their names. */
const directives = async (page) => {
  const content = await page.getAttribute(POLICY, "content");
  return Object.fromEntries(
    content.split(";").map((directive) => {
      const [name, ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
};

pageTest("the policy allows files of the page and WebAssembly, and nothing else", {}, async ({ page }) => {
  const found = await directives(page);
  assert.deepEqual(found["default-src"], ["'none'"]);
  assert.deepEqual(found["script-src"], ["'self'", "'wasm-unsafe-eval'"]);
  assert.deepEqual(found["style-src"], ["'self'"]);
  const sources = Object.values(found).flat();
  const loose = sources.filter((source) => /unsafe-(inline|eval|hashes)|\*|^https?:/.test(source));
  assert.deepEqual(loose.filter((source) => source !== "'wasm-unsafe-eval'"), []);
  assert.equal(await page.locator("script:not([src]), style").count(), 0, "nothing stands in the page itself");
});

/** Notes every violation from the very beginning. */
const watched = {
  before: () => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      globalThis.violations.push(`${violatedDirective} ${blockedURI} ${sample}`),
    );
  },
};

pageTest("a whole run, with every panel open, violates nothing", watched, async ({ page }) => {
  await pick(page, "five-in-two-out");
  await slide(page, "speed");
  await press(page, "play");
  await becomes(page, "finished");
  for (const tab of await page.locator("[role=tab]").all()) await tab.click();
  for (const theme of ["dark", "light"]) await page.selectOption("[data-action=theme]", theme);
  assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
});

const blocked = { ...watched, expected: /Content Security Policy|Refused to/ };

pageTest("what is smuggled into the page does not run", blocked, async ({ page }) => {
  const ran = await page.evaluate(async () => {
    globalThis.ran = [];
    const script = document.createElement("script");
    script.textContent = "globalThis.ran.push('script')";
    document.body.append(script);
    const box = document.createElement("div");
    box.innerHTML = `<img src="data:," onerror="globalThis.ran.push('handler')"><p style="color: red">x</p>`;
    document.body.append(box);
    const link = document.createElement("a");
    link.href = "javascript:globalThis.ran.push('link')";
    document.body.append(link);
    link.click();
    try {
      // As a page's own script would, and not by the hand of the test.
      setTimeout("globalThis.ran.push('text')");
    } catch {
      // Refused at once.
    }
    const colour = getComputedStyle(box.querySelector("p")).color;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { ran: globalThis.ran, colour, violations: globalThis.violations.length };
  });
  assert.deepEqual(ran.ran, []);
  assert.notEqual(ran.colour, "rgb(255, 0, 0)");
  assert.ok(ran.violations >= 4, `${ran.violations} violations were reported`);
});
