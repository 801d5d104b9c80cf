// Links, files, and work that is saved by itself.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { assertAccessible, openPage, pageTest, PHONE } from "./harness.mjs";
import { becomes, clock, lanes, pick, press, runTo } from "./page.mjs";

const DAY = "peak-shaving-day";
const CRASH = "crash-before-ack";

/** A link that the first version wrote, without its `#`. */
const fixture = (name) => {
  const file = new URL(`../fixtures/links/${name}.txt`, import.meta.url);
  return readFileSync(file, "utf8").split("\n")[0];
};

const pickedScenario = (page) => page.$eval("[data-action=pick]", (select) => select.value);
const spoken = (page) => page.evaluate(() => document.documentElement.lang);
const script = (page) => page.inputValue("[data-action=edit]");
const work = (page) => page.evaluate(() => localStorage.getItem("mqlab-work"));

/** The codes of what is listed in a notice. */
const listed = (page, notice) =>
  page.$$eval(`[data-notice=${notice}] li`, (items) => items.map((item) => item.dataset.code));

/** Opens the script tab and replaces the text. */
async function edit(page, text) {
  await page.click("[data-tab=script]");
  await page.fill("[data-action=edit]", text);
  await page.locator("[data-action=edit]").press("Control+Enter");
}

/** The link that the dialog offers. */
async function sharedLink(page) {
  await press(page, "share");
  const link = await page.inputValue("#share-link");
  await page.keyboard.press("Escape");
  return link;
}

/** Opens a link in a fresh profile and hands over its page. */
async function inFreshProfile(link, body, options = {}) {
  const opened = await openPage({ path: link.slice(link.indexOf("#")), ...options });
  try {
    await body(opened.page);
    assert.deepEqual(opened.problems, []);
  } finally {
    await opened.close();
  }
}

/** Waits until the run stands at an instant. */
const standsAt = (page, text) =>
  page.waitForFunction(
    (text) =>
      document.querySelector(".clock").firstChild.textContent === text &&
      document.querySelector(".page").dataset.state !== "running",
    text,
  );

pageTest("a link opens the same page elsewhere", {}, async ({ page }) => {
  await pick(page, CRASH);
  await page.selectOption("[data-action=language]", "zh-Hant");
  await runTo(page, 0.4);
  const before = { lanes: await lanes(page), clock: await clock(page) };
  const link = await sharedLink(page);
  assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/some\/where\/#1\.[\w-]+$/);
  assert.ok(link.length < 2_100, `${link.length} characters`);
  await inFreshProfile(link, async (other) => {
    await standsAt(other, before.clock);
    assert.deepEqual({ lanes: await lanes(other), clock: await clock(other) }, before);
    assert.equal(await spoken(other), "zh-Hant");
    assert.equal(await pickedScenario(other), CRASH);
  });
});

pageTest("a link holds a text of one's own", {}, async ({ page }) => {
  await pick(page, CRASH);
  await page.click("[data-tab=script]");
  const own = (await script(page)).replace(/^title = .*$/m, 'title = "Mine"');
  await edit(page, own);
  await runTo(page, 0.6);
  const before = { lanes: await lanes(page), clock: await clock(page) };
  const link = await sharedLink(page);
  await inFreshProfile(link, async (other) => {
    await standsAt(other, before.clock);
    assert.equal(await script(other), own);
    assert.deepEqual(await lanes(other), before.lanes);
  });
});

pageTest("the dialog says what is in the link and leaves out what is not wanted", {}, async ({ page }) => {
  await pick(page, DAY);
  await runTo(page, 0.25);
  await press(page, "share");
  const holds = () => page.$$eval("[data-dialog=share] dd", (all) => all.map((one) => one.textContent));
  const length = async () => (await page.inputValue("#share-link")).length;
  const all = { holds: await holds(), length: await length() };
  assert.ok(all.holds.some((text) => text.includes("06:00:00")), all.holds.join(" | "));
  assert.ok(all.holds.includes("English"));
  await assertAccessible(page);
  await page.uncheck("[data-action=with-instant]");
  await page.uncheck("[data-action=with-language]");
  const less = await holds();
  assert.ok(!less.some((text) => text.includes("06:00:00") || text === "English"), less.join(" | "));
  assert.ok((await length()) < all.length);
  // The keys of the run are not those of the dialog.
  await page.focus("[data-action=with-instant]");
  await page.keyboard.press("r");
  assert.equal(await clock(page), "06:00:00");
  await page.keyboard.press("Escape");
  await page.waitForSelector("[data-dialog=share]", { state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.dataset.action), "share");
});

test("the link and the code are copied", async () => {
  const opened = await openPage();
  try {
    await opened.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const { page } = opened;
    await pick(page, CRASH);
    await press(page, "share");
    await press(page, "copy-share-link");
    await page.waitForFunction(() => document.querySelector("[data-dialog=share]").textContent.includes("Copied"));
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    assert.equal(await copied(), await page.inputValue("#share-link"));
    await page.click("[data-action=embedding]");
    await press(page, "copy-share-code");
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith("<iframe "));
    assert.equal(await copied(), await page.inputValue("#share-code"));
    assert.deepEqual(opened.problems, []);
  } finally {
    await opened.close();
  }
});

pageTest("a teacher's code shows the stage within another page", {}, async ({ page, url }) => {
  await pick(page, DAY);
  await page.waitForFunction(() => localStorage.getItem("mqlab-work"));
  const before = await work(page);
  await press(page, "share");
  await page.click("[data-action=embedding]");
  await page.uncheck("[data-action=embed-paused]");
  const code = await page.inputValue("#share-code");
  const body = `<!doctype html><html lang="en"><title>Lesson</title><h1>Lesson</h1>${code}</html>`;
  await page.route("**/lesson.html", (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${url}lesson.html`);
  const frame = page.frameLocator("iframe");
  await frame.locator(".page-embedded[data-state=running]").waitFor();
  assert.equal(await frame.locator(".left").isVisible(), false);
  assert.equal(await frame.locator("[data-action=pick]").isVisible(), false);
  await frame.locator("[data-action=pause]").click();
  const whole = await frame.locator("[data-action=whole]").getAttribute("href");
  assert.match(whole, /#1\.[\w-]+$/);
  // The page within leaves the work of the page itself alone.
  assert.equal(await work(page), before);
});

const byHand = { path: "#scenario=mm1&lang=zh-Hans&theme=dark&t=00:10:00&seed=5" };
pageTest("a link can be written by hand", byHand, async ({ page }) => {
  await standsAt(page, "00:10:00");
  assert.equal(await pickedScenario(page), "mm1");
  assert.equal(await spoken(page), "zh-Hans");
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  assert.match(await page.textContent(".identity"), /\b5\b/);
  assert.equal(await page.locator("[data-notice]").count(), 0);
});

pageTest("a link about looks alone leaves the gallery in front", { path: "#lang=zh-Hant&theme=dark" }, async ({ page }) => {
  assert.equal(await spoken(page), "zh-Hant");
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  assert.equal(await page.locator(".page-gallery").count(), 1);
});

const WRONG = [
  [fixture("everything").slice(1, -9), ["cut-short"]],
  [`${fixture("everything").slice(1, 40)}*${fixture("everything").slice(40)}`, ["foreign-character"]],
  [`7${fixture("everything").slice(2)}`, ["unknown-version"]],
  [`${fixture("everything").slice(1, 60)}AA${fixture("everything").slice(62)}`, ["changed"]],
  ["lang=klingon&theme&sped=3&paused=1&&t=99", ["bad-value", "no-value", "unknown-flag", "needless-value", "empty-flag", "bad-value"]],
  ["scenario=%3Cimg%20src=x%20onerror=alert(1)%3E", ["bad-value"]],
  [`1.${"A".repeat(9_000)}`, ["too-long"]],
];
for (const locale of ["en-GB", "zh-CN", "zh-TW"]) {
  pageTest(`what is wrong with a link is listed, ${locale}`, { locale, path: `#${WRONG[0][0]}` }, async ({ page }) => {
    for (const [fragment, codes] of WRONG) {
      await page.evaluate((fragment) => (location.hash = fragment), fragment);
      await page.waitForFunction(
        (codes) => {
          const items = document.querySelectorAll("[data-notice=link] li");
          return JSON.stringify([...items].map((item) => item.dataset.code)) === codes;
        },
        JSON.stringify(codes),
      );
      const text = await page.textContent("[data-notice=link]");
      assert.equal(/[一-鿿]/.test(text), locale !== "en-GB", text);
    }
    // The page is there all the same.
    assert.equal(await page.getAttribute(".page", "data-state"), "ready");
    await assertAccessible(page);
    await press(page, "dismiss");
    assert.equal(await page.locator("[data-notice]").count(), 0);
  });
}

/** A number in groups of seven bits. */
const number = (value) => (value < 128 ? [value] : [(value % 128) + 128, ...number(Math.floor(value / 128))]);

/** The checksum of zip files. */
function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

/** A link whose envelope is right, written by another program than the page. */
function linkOf(fields) {
  const content = Buffer.concat(
    fields.map(([field, body]) => Buffer.concat([Buffer.from([field, ...number(body.length)]), Buffer.from(body)])),
  );
  const dictionary = readFileSync(new URL("../../src/state/link/words-1.txt", import.meta.url));
  const packed = deflateRawSync(content, { dictionary, level: 9 });
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(packed));
  return `#1.${Buffer.concat([sum, Buffer.from(number(packed.length)), packed]).toString("base64url")}`;
}

const foreign = { path: linkOf([[1, 'title = "Written elsewhere"\nuntil = "60s"\n[broker.rabbitmq]\nqueue.jobs = {}\n'], [6, "zh-Hans"]]) };
pageTest("a link may be written by another program", foreign, async ({ page }) => {
  assert.equal(await spoken(page), "zh-Hans");
  await page.click("[data-tab=script]");
  assert.match(await script(page), /Written elsewhere/);
  assert.equal(await page.locator("[data-notice]").count(), 0);
});

const BOMBS = [
  ["spaces", [[1, " ".repeat(4 << 20)]], ["too-large"]],
  ["a giant script", [[1, "#".repeat((1 << 20) + 1)]], ["field-too-long"]],
  ["controls", [[1, "title = \u0000"], [2, "a\nb"], [3, [255, 255]], [99, ""], [6, "klingon"]], ["control-character", "control-character", "malformed", "unknown-field", "unknown-name"]],
];
for (const [name, fields, codes] of BOMBS) {
  pageTest(`refused: ${name}`, { path: linkOf(fields) }, async ({ page }) => {
    assert.deepEqual(await listed(page, "link"), codes);
    assert.equal(await page.getAttribute(".page", "data-state"), "ready");
  });
}

const deep = { path: linkOf([[1, `x = ${"[".repeat(30_000)}`]]) };
pageTest("deep nesting is refused by its limit", deep, async ({ page }) => {
  assert.equal(await page.getAttribute(".page", "data-state"), "failed");
  assert.match(await page.textContent(".findings"), /nest deeper than 64/);
});

const hostile = { path: fixture("markup-in-every-text") };
pageTest("texts of a link never become markup", hostile, async ({ page }) => {
  await page.click("[data-tab=script]");
  assert.match(await script(page), /<script>alert\(1\)<\/script>/);
  await press(page, "share");
  const found = await page.evaluate(() => ({
    scripts: document.querySelectorAll(".page script, .page img, .page i:not(.mark i), .page b b").length,
    title: document.querySelector("[data-dialog=share]").textContent.includes("<script>alert(1)</script>"),
  }));
  assert.deepEqual(found, { scripts: 0, title: true });
  const code = await page.inputValue("#share-code");
  assert.ok(!code.includes("<script>"), code);
  await page.keyboard.press("Escape");
  // A title that is markup is only text where it is kept and listed, too.
  await edit(page, 'title = "<img src=x onerror=alert(4)>"\n');
  await page.evaluate(() => (location.hash = "scenario=mm1"));
  await page.waitForSelector("[data-notice=displaced]");
  assert.match(await page.textContent("[data-notice=displaced]"), /<img src=x onerror=alert\(4\)>/);
  assert.equal(await page.locator(".page img").count(), 0);
});

pageTest("work survives a reload, and one right after the change too", {}, async ({ page }) => {
  await pick(page, CRASH);
  const own = 'title = "Mine"\nuntil = "60s"\n[broker.rabbitmq]\nqueue.jobs = {}\n[load.shop]\nto = "jobs"\nrate = "3/s"\n';
  await edit(page, own);
  await runTo(page, 0.5);
  const before = { lanes: await lanes(page), clock: await clock(page) };
  await page.reload();
  await page.waitForSelector("body[data-ready]");
  await standsAt(page, before.clock);
  assert.deepEqual({ lanes: await lanes(page), clock: await clock(page) }, before);
  assert.equal(await script(page), own);
  // Nothing waits for a timer when the page goes.
  await page.fill("[data-action=edit]", `${own}# more\n`);
  await page.reload();
  await page.waitForSelector("body[data-ready]");
  assert.equal(await script(page), `${own}# more\n`);
});

pageTest("a tab keeps its own work, and a new one finds the newest", {}, async ({ page, context, url }) => {
  await pick(page, CRASH);
  await edit(page, 'title = "First tab"\n');
  await page.waitForFunction(() => localStorage.getItem("mqlab-work") === sessionStorage.getItem("mqlab-work"));
  const other = await context.newPage();
  await other.goto(url);
  await other.waitForSelector("body[data-ready]");
  await other.click("[data-tab=script]");
  assert.equal(await script(other), 'title = "First tab"\n');
  await edit(other, 'title = "Second tab"\n');
  await other.close({ runBeforeUnload: true });
  await page.reload();
  await page.waitForSelector("body[data-ready]");
  assert.equal(await script(page), 'title = "First tab"\n');
});

pageTest("a link wins over saved work, which is offered back", {}, async ({ page, url }) => {
  await pick(page, CRASH);
  await edit(page, 'title = "Mine"\nuntil = "60s"\n[broker.rabbitmq]\nqueue.jobs = {}\n');
  await page.waitForFunction(() => localStorage.getItem("mqlab-work"));
  await page.goto("about:blank");
  await page.goto(`${url}#scenario=mm1`);
  await page.waitForSelector("body[data-ready]");
  assert.equal(await pickedScenario(page), "mm1");
  assert.match(await page.textContent("[data-notice=displaced]"), /Mine/);
  await press(page, "reopen");
  await page.waitForFunction(() => !location.hash);
  await page.click("[data-tab=script]");
  assert.match(await script(page), /Mine/);
  assert.equal(await page.locator("[data-notice]").count(), 0);
});

pageTest("a link that was left behind does not come back with a reload", { path: "#scenario=mm1&theme=dark" }, async ({ page }) => {
  await pick(page, DAY);
  await page.waitForFunction(() => location.hash === "#theme=dark");
  await page.reload();
  await page.waitForSelector("body[data-ready]");
  assert.equal(await pickedScenario(page), DAY);
});

for (const garbage of ["", "null", '{"version":9}', "1.AAAA", "\u0000", "9.AAAA", "x".repeat(100_000)]) {
  pageTest(`saved work that is none is set aside: ${garbage.slice(0, 15)}`, {}, async ({ page }) => {
    await page.evaluate((garbage) => {
      sessionStorage.clear();
      localStorage.setItem("mqlab-work", garbage);
      localStorage.setItem("mqlab-shelf", garbage);
      localStorage.setItem("mqlab-settings", garbage);
    }, garbage);
    await page.reload();
    await page.waitForSelector("body[data-ready]");
    assert.equal(await page.getAttribute(".page", "data-state"), "ready");
    const notice = await page.textContent("[data-notice=refused]");
    const kept = await page.evaluate(() => localStorage.getItem("mqlab-refused-1"));
    assert.equal(kept, garbage);
    assert.match(notice, /mqlab-refused-1/);
  });
}

test("a full storage is told, and the work can be saved as a file", async () => {
  const opened = await openPage();
  try {
    const { page } = opened;
    await pick(page, CRASH);
    await page.evaluate(() => {
      for (let size = 4_000_000; size > 0; size = Math.floor(size / 2)) {
        for (const storage of [localStorage, sessionStorage]) {
          try {
            storage.setItem(`filler-${size}`, "x".repeat(size));
          } catch {
            // Full enough.
          }
        }
      }
    });
    // It must not fit where the work before was.
    const noise = Array.from({ length: 400 }, (_, index) => Math.sin(index + 1).toString(36));
    await edit(page, `title = "Mine"\n# ${noise.join("")}\n`);
    const notice = await page.waitForSelector("[data-notice=unsaved]");
    assert.match(await notice.textContent(), /full/);
    const [download] = await Promise.all([page.waitForEvent("download"), press(page, "save-unsaved")]);
    assert.equal(download.suggestedFilename(), "mine.toml");
    assert.deepEqual(opened.problems, []);
  } finally {
    await opened.close();
  }
});

pageTest("a file is saved and opened again", {}, async ({ page }) => {
  await pick(page, DAY);
  await press(page, "share");
  const [download] = await Promise.all([page.waitForEvent("download"), press(page, "save-file")]);
  assert.equal(download.suggestedFilename(), `${DAY}.toml`);
  const text = readFileSync(await download.path(), "utf8");
  const original = readFileSync(new URL(`../../scenarios/${DAY}.toml`, import.meta.url), "utf8");
  assert.equal(text, original);
  await page.keyboard.press("Escape");

  const choose = async (name, buffer) => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press(page, "open-file")]);
    await chooser.setFiles({ name, mimeType: "text/plain", buffer: Buffer.from(buffer) });
  };
  await choose("mine.toml", original.replace(/^title = .*$/m, 'title = "From a file"'));
  await page.waitForFunction(() => document.querySelector("[data-action=pick]").selectedOptions[0].text === "From a file");
  for (const [name, bytes, codes] of [
    ["<b>film</b>.toml", new Uint8Array(2 ** 20 + 1), ["file-too-large"]],
    ["picture.png", [0x89, 0x50, 0x0a, 0x00, 0xff], ["file-nul", "file-not-text"]],
    ["notepad.toml", [0xff, 0xfe, 0x61, 0x00], ["file-utf16"]],
    ["nothing.toml", [], ["file-empty"]],
  ]) {
    await choose(name, bytes);
    await page.waitForFunction(
      ({ name, codes }) => {
        const notice = document.querySelector("[data-notice=file]");
        const found = [...(notice?.querySelectorAll("li") ?? [])].map((item) => item.dataset.code);
        return notice?.textContent.includes(name) && JSON.stringify(found) === JSON.stringify(codes);
      },
      { name, codes },
    );
  }
  assert.equal(await page.locator("[data-notice] b").count(), 0);
  await press(page, "dismiss");
  await page.click("[data-tab=script]");
  assert.match(await script(page), /From a file/);
});

pageTest("a file can be dropped onto the page", {}, async ({ page }) => {
  await pick(page, CRASH);
  const drag = (type, text) =>
    page.evaluate(
      ({ type, text }) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], "dropped.toml"));
        const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer });
        return !document.querySelector(".page").dispatchEvent(event);
      },
      { type, text },
    );
  assert.equal(await drag("dragover", ""), true, "the page takes it");
  await page.waitForSelector(".drop-here");
  await drag("drop", 'title = "Dropped"\nuntil = "60s"\n[broker.rabbitmq]\nqueue.jobs = {}\n');
  await page.waitForSelector(".drop-here", { state: "detached" });
  await page.click("[data-tab=script]");
  await page.waitForFunction(() => document.querySelector("[data-action=edit]").value.includes("Dropped"));
});

pageTest("what is too long for a link becomes a file", {}, async ({ page }) => {
  await pick(page, CRASH);
  const noise = Array.from({ length: 1_500 }, (_, index) => `# ${((index * 2654435761) % 4294967291).toString(36)}${Math.sin(index)}`);
  await edit(page, `title = "Long"\n${noise.join("\n")}\n`);
  await press(page, "share");
  assert.equal(await page.locator("#share-link").count(), 0);
  assert.deepEqual(await page.$$eval("[data-note=impossible] li", (all) => all.map((one) => one.dataset.code)), ["too-long"]);
  const [download] = await Promise.all([page.waitForEvent("download"), press(page, "save-file")]);
  assert.equal(download.suggestedFilename(), "long.toml");
});

const phone = { viewport: PHONE, isTouch: true, path: "#scenario=mm1&lang=klingon" };
pageTest("dialog and notices fit a phone", phone, async ({ page }) => {
  await assertAccessible(page);
  await press(page, "dismiss");
  await press(page, "share");
  await page.click("[data-action=embedding]");
  const seen = await page.evaluate(() => ({
    isWide: document.documentElement.scrollWidth > innerWidth,
    small: [...document.querySelectorAll("dialog :is(button, summary, label)")]
      .filter((one) => one.getBoundingClientRect().height < 44)
      .map((one) => one.dataset.action ?? one.textContent),
  }));
  assert.deepEqual(seen, { isWide: false, small: [] });
  await assertAccessible(page);
});
