// What stands outside the program: the screen before it, and the card after it
// has stopped, from which the work comes back.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { assertAccessible, pageTest, PHONE } from "./harness.mjs";
import { lanes, pick, press, runTo } from "./page.mjs";

const SMALL = "five-in-two-out";
const TAGS = ["en", "zh-Hans", "zh-Hant"];

/** What a page reports when its program panics. */
const panicked = /a planted panic|unreachable/;

/** Lets the program panic, truly: its instance is dead afterwards. */
async function plantPanic(page) {
  const message = await page.evaluate(async () => {
    const program = await import(document.getElementById("program").href);
    try {
      program.plantPanic();
    } catch (error) {
      return String(error);
    }
  });
  assert.match(message, /unreachable|RuntimeError/);
  await page.waitForSelector("#failed:not([hidden])");
}

const isReady = (page) => page.waitForSelector("body[data-ready]");
const scenario = (page) => page.inputValue("[data-action=pick]");
const remembered = (page, stem) =>
  page.waitForFunction((stem) => localStorage.getItem("mqlab-settings")?.includes(stem), stem);

/** The texts of the card that can be seen. */
const shownTexts = (page) =>
  page.evaluate(() => {
    const all = [...document.querySelectorAll("#failed [lang]")];
    return all.filter((one) => one.checkVisibility()).map(({ lang, textContent }) => ({ lang, text: textContent.trim() }));
  });

pageTest("whatever the shell says, it says in three languages", {}, async ({ page }) => {
  const found = await page.evaluate(() => {
    // The screen before the program is gone by now.
    const read = (root) => [...root.querySelectorAll(".spoken")];
    return read(document).map((spoken) => [...spoken.children].map(({ lang, textContent }) => [lang, textContent.trim()]));
  });
  assert.ok(found.length >= 10, `${found.length} texts`);
  for (const texts of found) {
    assert.deepEqual(texts.map(([lang]) => lang), TAGS, texts[0]?.[1]);
    assert.equal(new Set(texts.map(([, text]) => text)).size, 3, texts[0]?.[1]);
    assert.ok(texts.every(([, text]) => text.length > 0));
  }
});

/** Holds the program back, so that the screen before it can be seen. */
const held = {
  ready: false,
  before: () => {
    for (const way of ["instantiateStreaming", "instantiate"]) globalThis.WebAssembly[way] = () => new Promise(() => {});
  },
};

for (const [locale, tag, words] of [
  ["en-GB", "en", "Loading the laboratory …"],
  ["zh-CN", "zh-Hans", "正在载入实验室……"],
  ["zh-HK", "zh-Hant", "正在載入實驗室……"],
]) {
  pageTest(`before the program the page speaks the browser's language, ${locale}`, { ...held, locale }, async ({ page }) => {
    assert.equal(await page.getAttribute("html", "lang"), tag);
    assert.equal((await page.locator(".loading [role=status]").innerText()).trim(), words);
    await assertAccessible(page);
  });
}

const stored = {
  ...held,
  locale: "zh-CN",
  before: () => {
    for (const way of ["instantiateStreaming", "instantiate"]) globalThis.WebAssembly[way] = () => new Promise(() => {});
    localStorage.setItem("mqlab-settings", JSON.stringify({ language: "zh-Hant", theme: "dark" }));
    // What the page looks like when its body begins, before the first picture.
    new MutationObserver((_, observer) => {
      if (!document.body) return;
      observer.disconnect();
      const { lang, dataset } = document.documentElement;
      globalThis.first = { lang, theme: dataset.theme, colour: getComputedStyle(document.body).backgroundColor };
    }).observe(document, { childList: true, subtree: true });
  },
};

pageTest("and it wears what it wore last time, from the first picture on", stored, async ({ page }) => {
  assert.deepEqual(await page.evaluate(() => globalThis.first), {
    lang: "zh-Hant",
    theme: "dark",
    colour: "rgb(15, 18, 21)",
  });
});

pageTest("a program that panics is started again with the work", { expected: panicked, locale: "zh-TW" }, async ({ page }) => {
  await pick(page, SMALL);
  await remembered(page, SMALL);
  await plantPanic(page);
  const texts = await shownTexts(page);
  assert.deepEqual(new Set(texts.map(({ lang }) => lang)), new Set(["zh-Hant"]));
  assert.equal(texts[0].text, "實驗室已停止");
  assert.match(await page.textContent("#failed-message"), /a planted panic/);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.action), "reload");
  await assertAccessible(page);

  // The dead program hears no key.
  const state = () => page.getAttribute(".page", "data-state");
  const before = await state();
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  assert.equal(await state(), before);

  await press(page, "reload");
  await isReady(page);
  assert.equal(await page.isVisible("#failed"), false);
  assert.equal(await scenario(page), SMALL);
  assert.equal(await page.getAttribute("html", "data-restart"), "here");
});

pageTest("the work comes back where it stood, or at its beginning", { expected: panicked }, async ({ page }) => {
  await pick(page, SMALL);
  await runTo(page, 0.5);
  const stood = await lanes(page);
  const saved = () => page.evaluate(() => sessionStorage.getItem("mqlab-work"));
  // It is saved a moment after the clock has come to stand.
  for (let last = null; last === null || last !== (await saved()); ) {
    last = await saved();
    await page.waitForTimeout(2_500);
  }
  await plantPanic(page);
  assert.match(await page.locator("#failed-link a").evaluate((link) => link.href), /#1\../, "the link holds the work");
  await press(page, "reload");
  await isReady(page);
  await page.waitForFunction(
    (now) => [...document.querySelectorAll(".lane")].every((lane) => Number(lane.dataset.nowNs) === now),
    Object.values(stood)[0].now,
  );
  assert.deepEqual(await lanes(page), stood, "the very same run");

  await plantPanic(page);
  await press(page, "start-at-beginning");
  await isReady(page);
  assert.equal(await scenario(page), SMALL);
  assert.ok(Object.values(await lanes(page)).every(({ now }) => now === 0));
});

pageTest("a program that panics again and again offers other ways in", { expected: panicked }, async ({ page }) => {
  await pick(page, SMALL);
  await remembered(page, SMALL);
  await plantPanic(page);
  assert.equal(await page.isVisible("[data-action=start-in-gallery]"), false);
  await press(page, "reload");
  await isReady(page);

  await plantPanic(page);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.action), "start-at-beginning");
  await assertAccessible(page);
  await press(page, "start-at-beginning");
  await isReady(page);
  assert.equal(await scenario(page), SMALL);
  assert.equal(await page.getAttribute("html", "data-restart"), "beginning");

  await plantPanic(page);
  await press(page, "start-in-gallery");
  await isReady(page);
  assert.equal(await page.locator(".page-gallery").count(), 1);
  // It was for this once.
  await page.reload();
  await isReady(page);
  assert.equal(await page.getAttribute("html", "data-restart"), null);
});

pageTest("the card has the script, as text and as a file", { expected: panicked }, async ({ page }) => {
  await pick(page, SMALL);
  const text = readFileSync(new URL(`../../scenarios/${SMALL}.toml`, import.meta.url), "utf8");
  await plantPanic(page);
  await page.click("#failed-script summary");
  assert.equal(await page.inputValue("#failed-script textarea"), text);
  const [download] = await Promise.all([page.waitForEvent("download"), press(page, "download-script")]);
  assert.equal(readFileSync(await download.path(), "utf8"), text);
  assert.equal(download.suggestedFilename(), "scenario.toml");
  await assertAccessible(page);
});

pageTest("the card has the link to where the work stood", { expected: panicked }, async ({ page, url }) => {
  await page.evaluate(() =>
    dispatchEvent(new CustomEvent("mqlab-work", { detail: { link: "lang=zh-Hans", script: "<b>bold</b>" } })),
  );
  await plantPanic(page);
  assert.equal(await page.locator("#failed-link a").evaluate((link) => link.href), `${url}#lang=zh-Hans`);
  assert.equal(await page.locator("#failed b").count(), 0, "no text becomes markup");
  await page.click("#failed-link a");
  await isReady(page);
  assert.equal(page.url(), `${url}#lang=zh-Hans`);
});

const phone = { expected: panicked, viewport: PHONE, isTouch: true };

pageTest("the card fits a phone", phone, async ({ page }) => {
  await plantPanic(page);
  await page.click("#failed-script summary");
  const found = await page.evaluate(() => {
    const controls = [...document.querySelectorAll("#failed :is(button, summary, a)")].filter((one) => one.checkVisibility());
    return {
      small: controls.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.textContent.trim()),
      right: Math.max(...[...document.querySelectorAll("#failed :not(.hidden, .hidden *)")].map((one) => one.getBoundingClientRect().right)),
    };
  });
  assert.deepEqual(found.small, []);
  assert.ok(found.right <= PHONE.width, `it ends at ${found.right}`);
});

const broken = {
  ready: false,
  locale: "zh-CN",
  expected: /no such thing/,
  before: () => {
    globalThis.WebAssembly.instantiateStreaming = () => Promise.reject(new Error("no such thing"));
    globalThis.WebAssembly.instantiate = () => Promise.reject(new Error("no such thing"));
  },
};

pageTest("a program that cannot be started says so", broken, async ({ page }) => {
  await page.waitForSelector("#failed:not([hidden])");
  assert.equal((await shownTexts(page))[0].text, "实验室无法启动");
  assert.match(await page.textContent("#failed-message"), /no such thing/);
  assert.equal(await page.isVisible("#failed-script"), false);
  await assertAccessible(page);
});
