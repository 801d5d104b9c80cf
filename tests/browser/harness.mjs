// What the end-to-end tests share: the built page on a local server, one
// Chromium per test file, and pages that fail their test on any error.
//
// `CHROMIUM` chooses the browser, `MQLAB_DIST` another folder than dist/.

import assert from "node:assert/strict";
import { accessSync, appendFileSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

import { serve } from "./server.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const DIST = resolve(ROOT, process.env.MQLAB_DIST ?? "dist");
const RESULTS = join(ROOT, "test-results");
/** What the pages say of their speed, a line for each: `xtask/figures.mjs`. */
const FIGURES = join(RESULTS, "figures.jsonl");

const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Nothing that reaches for the network, and no sandbox: containers lack it. */
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * How long anything is waited for before a test gives up. It is there for what
 * hangs, not for what is slow: the slowest wait, ten million messages in three
 * variants, takes half a minute here, and a busy machine has all the time.
 */
const PATIENCE_MS = 300_000;

/** Window sizes that the page is designed for. */
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of CHROMIUM_NAMES) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const candidate = join(folder, name);
      try {
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        // Not here.
      }
    }
  }
  throw new Error("no Chromium found: run `cargo xtask setup --browser`");
}

let shared;

/** The server and the browser of this test file, started on first use. */
function environment() {
  shared ??= (async () => {
    if (!existsSync(join(DIST, "index.html"))) {
      throw new Error("no built page: run `cargo xtask test --only page`");
    }
    const server = await serve(DIST);
    const browser = await chromium.launch({
      executablePath: findChromium(),
      args: CHROMIUM_FLAGS,
    });
    return { server, browser };
  })();
  return shared;
}

/** Ends the browser and the server of this file. */
export async function closeAll() {
  const started = await shared?.catch(() => undefined);
  await started?.browser.close();
  await started?.server.close();
}

after(closeAll);

/**
 * Opens the page in a fresh profile.
 *
 * - `viewport`: width and height in CSS pixels
 * - `theme`: the system's `light` or `dark`
 * - `locale`: the browser's language, as in `zh-CN`
 * - `path`: what follows the page's address, as in `#s=gallery`
 * - `reducedMotion`: the system's wish for little motion
 * - `isTouch`: a touch screen instead of a mouse
 * - `ready`: whether to wait for the page's `data-ready`
 * - `rest`: whether to wait for the rest of the program too, which is loaded
 *   behind the first screen
 * - `prepare`: a function that is given the page before it opens anything
 * - `before`: a function that the page runs before anything of its own
 * - `offline`: with its service worker, which other tests do without: it loads
 *   everything once more
 * - `url`: the address of another server than that of dist/
 *
 * Resolves to `{ page, context, url, problems, close }`. `problems` collects
 * console errors, uncaught exceptions, and requests that leave the page's own
 * path or fail.
 */
export async function openPage({
  viewport = DESKTOP,
  theme = "light",
  locale = "en-GB",
  path = "",
  reducedMotion = false,
  isTouch = false,
  ready = true,
  rest = true,
  prepare,
  before,
  offline = false,
  url,
} = {}) {
  const { server, browser } = await environment();
  const base = url ?? server.url;
  const context = await browser.newContext({
    viewport,
    locale,
    colorScheme: theme,
    reducedMotion: reducedMotion ? "reduce" : "no-preference",
    hasTouch: isTouch,
    timezoneId: "UTC",
    serviceWorkers: offline ? "allow" : "block",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  if (before) await context.addInitScript(before);
  const page = await context.newPage();
  const problems = watch(page, base);
  const close = () => context.close();
  try {
    await prepare?.(page);
    await page.goto(base + path);
    if (ready) await page.waitForSelector("body[data-ready]");
    if (ready && rest) await page.waitForSelector("html[data-rest=here]");
  } catch (error) {
    await close();
    throw new Error([error.message, ...problems].join("\n"), { cause: error });
  }
  return { page, context, url: base, problems, close };
}

function watch(page, base) {
  const problems = [];
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const { url } = message.location();
    problems.push(`console: ${message.text()}${url ? ` (${url})` : ""}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.stack ?? error}`));
  page.on("crash", () => problems.push("the page crashed"));
  page.on("requestfailed", (request) => {
    // A page that navigates away gives up its own requests.
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") problems.push(`request: ${request.url()} ${reason}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    const isOwn = url.startsWith(base) || url.startsWith("data:") || url.startsWith("blob:");
    if (!isOwn) problems.push(`request outside the page's own path: ${url}`);
  });
  return problems;
}

/**
 * A test of the page: opens it with `options`, runs `body({ page, ... })`, and
 * fails on anything in `problems` that `options.expected` does not match. A
 * failing test leaves a picture in test-results/.
 */
export function pageTest(name, options, body) {
  const { expected, ...opening } = options;
  test(name, async () => {
    const opened = await openPage(opening);
    try {
      await body(opened);
      const unexpected = opened.problems.filter((problem) => !expected?.test(problem));
      assert.deepEqual(unexpected, [], "the page reported errors");
      await note(opened.page, name);
    } catch (error) {
      await picture(opened.page, name);
      throw error;
    } finally {
      await opened.close();
    }
  });
}

/** Notes what the page says of its speed. */
async function note(page, name) {
  const figures = await page
    .evaluate(() => {
      const [ready] = performance.getEntriesByName("mqlab-ready");
      const { longestFrameMs, longestWorkMs } = document.querySelector(".page")?.dataset ?? {};
      return { ready: ready?.startTime, frame: Number(longestFrameMs), work: Number(longestWorkMs) };
    })
    // A page that was closed says nothing.
    .catch(() => undefined);
  if (!figures) return;
  mkdirSync(RESULTS, { recursive: true });
  appendFileSync(FIGURES, `${JSON.stringify({ name, ...figures })}\n`);
}

async function picture(page, name) {
  mkdirSync(RESULTS, { recursive: true });
  const file = `${name.replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.png`;
  // The test's own failure matters more than a missing picture.
  await page.screenshot({ path: join(RESULTS, file) }).catch(() => {});
}

/** Fails on serious accessibility findings in the page as it stands. */
export async function assertAccessible(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) {
    const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
    await page.evaluate(readFileSync(source, "utf8"));
  }
  const found = await page.evaluate(async () => {
    // What passes need not be told in full, which takes longer than the looking.
    const { violations } = await globalThis.axe.run({ resultTypes: ["violations"] });
    return violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      where: nodes.map((node) => node.target.join(" ")),
    }));
  });
  const serious = found.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(serious, [], "serious accessibility findings");
}
