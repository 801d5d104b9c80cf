// The page without a network, and the page after a new build.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { DIST, openPage } from "./harness.mjs";
import { becomes, pick, press, slide } from "./page.mjs";
import { serve } from "./server.mjs";

let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "mqlab-offline-"));
  cpSync(DIST, folder, { recursive: true });
});

after(() => rmSync(folder, { recursive: true, force: true }));

const isReady = (page) => page.waitForSelector("body[data-ready]");

/** Waits until the page is kept. */
const isKept = (page) => page.waitForFunction(() => navigator.serviceWorker.ready.then(() => true));

/** The versions that are kept, each with its number of files. */
const versions = (page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    return Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
  });

async function playsToItsEnd(page) {
  await pick(page, "five-in-two-out");
  await slide(page, "speed");
  await press(page, "play");
  await becomes(page, "finished");
}

/** Another build: other files under other names, named by another page. */
function build(mark) {
  const path = join(folder, "index.html");
  const page = readFileSync(path, "utf8");
  const old = page.match(/shell-[^".]*\.js/)[0];
  const shell = `shell-${mark.repeat(16)}.js`;
  const code = `${readFileSync(join(folder, old), "utf8")}\ndocument.documentElement.dataset.build = "${mark}";\n`;
  rmSync(join(folder, old));
  writeFileSync(join(folder, shell), code);
  // The hash of the old file is not that of the new one.
  writeFileSync(path, page.replace(new RegExp(`${old}"( integrity="[^"]*")?`), `${shell}"`));
}

const buildOf = (page) => page.getAttribute("html", "data-build");

test("once loaded, under any path, it starts and runs without a network", async () => {
  const server = await serve(DIST, "/a/b/");
  const { page, close, problems } = await openPage({ url: server.url, offline: true });
  try {
    await isKept(page);
    await server.close();
    await page.reload();
    await isReady(page);
    // With its style sheet, which the shell asks for itself.
    await page.waitForSelector("html[data-rest=here]");
    assert.equal(await page.evaluate(() => document.styleSheets.length), 2);
    await playsToItsEnd(page);
    assert.deepEqual(problems.filter((problem) => !problem.includes("ERR_CONNECTION_REFUSED")), []);
    assert.equal((await versions(page)).length, 1);
  } finally {
    await close();
    await server.close().catch(() => {});
  }
});

test("a new build replaces the old one, and never by halves", async () => {
  const server = await serve(folder, "/lab/");
  const { page, close } = await openPage({ url: server.url, offline: true });
  try {
    await isKept(page);
    const [files] = await versions(page);
    build("a");
    await page.reload();
    await isReady(page);
    assert.equal(await buildOf(page), "a", "the new build is used at once");

    // A build of which a file is missing is not used.
    build("b");
    const missing = join(folder, `shell-${"b".repeat(16)}.js`);
    const kept = readFileSync(missing);
    rmSync(missing);
    await page.reload();
    await isReady(page);
    assert.equal(await buildOf(page), "a", "half a build is no build");
    writeFileSync(missing, kept);
    await page.reload();
    await isReady(page);
    assert.equal(await buildOf(page), "b");

    // The old ones go when nobody can be loading them any more.
    await page.reload();
    await isReady(page);
    await page.waitForFunction(async () => (await caches.keys()).length === 1);
    assert.deepEqual(await versions(page), [files]);
    await server.close();
    await page.reload();
    await isReady(page);
    assert.equal(await buildOf(page), "b");
  } finally {
    await close();
    await server.close().catch(() => {});
  }
});

test("a stranger who answers instead is shown and not kept", async () => {
  const server = await serve(folder, "/lab/");
  const { page, close } = await openPage({ url: server.url, offline: true });
  try {
    await isKept(page);
    const path = join(folder, "index.html");
    const own = readFileSync(path);
    writeFileSync(path, "<!doctype html><title>hotel</title><p>Please log in.</p>");
    await page.reload();
    assert.equal(await page.title(), "hotel");
    writeFileSync(path, own);
    await server.close();
    await page.reload();
    await isReady(page);
    assert.equal(await page.title(), "mqlab");
  } finally {
    await close();
    await server.close().catch(() => {});
  }
});

test("where there are no service workers, the page is there all the same", async () => {
  const without = () => Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => undefined });
  const { page, close, problems } = await openPage({ before: without, offline: true });
  try {
    await playsToItsEnd(page);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
