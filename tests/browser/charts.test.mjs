// The boards below the stage: charts with their crosshair, tables and files,
// the marks on the time axis, and the comparison.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { assertAccessible, pageTest, PHONE } from "./harness.mjs";
import { clock, lanes, numbers, pick, runTo, slide } from "./page.mjs";

const SMALL = "five-in-two-out";
const CRASH = "crash-before-ack";

/** Opens or closes a menu above the boards. */
const menu = (page, name) => page.click(`[data-menu=${name}] summary`);

/** The crosshair's words and instant. */
const crosshair = (page) =>
  page.evaluate(() => {
    const canvas = document.querySelector("[data-action=crosshair]");
    return { at: Number(canvas.dataset.atNs), text: canvas.getAttribute("aria-valuetext") };
  });

/** The open table: its heads, and the row that is pointed at. */
const table = (page) =>
  page.evaluate(() => {
    const texts = (cells) => [...cells].map((cell) => cell.textContent.trim());
    const heads = texts(document.querySelectorAll(".chart-table thead th"));
    const row = document.querySelector(".chart-table tr.pointed");
    return { heads, row: row && texts(row.children), at: row && Number(row.dataset.atNs) };
  });

/** What a button saves: the file's name and text. */
async function saved(page, selector) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

/** The rows of a table in a file; none of them has quotes. */
function rows({ text }) {
  assert.ok(text.endsWith("\r\n"), "lines end as RFC 4180 has it");
  const [head, ...lines] = text.trimEnd().split("\r\n").map((line) => line.split(","));
  for (const line of lines) assert.equal(line.length, head.length);
  return lines.map((line) => Object.fromEntries(head.map((name, index) => [name, line[index]])));
}

pageTest("the crosshair says what the table, the stage and the file say", {}, async ({ page }) => {
  await pick(page, SMALL);
  await runTo(page, 0.6);
  await menu(page, "charts");
  await page.click("[data-action=chart-table][data-chart=backlog]");
  const { text: file, ...download } = await saved(page, "[data-action=save-csv][data-chart=backlog]");
  assert.equal(download.name, `${SMALL}-backlog-seed-1.csv`);
  await menu(page, "charts");

  await page.focus("[data-action=crosshair]");
  await page.keyboard.press("Home");
  for (let pages = 0; pages < 4; pages += 1) await page.keyboard.press("PageUp");
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector(".chart-table tr.pointed");
  const pointed = await crosshair(page);
  const { heads, row, at } = await table(page);
  assert.equal(at, pointed.at);
  const exact = rows({ text: file }).find(({ time_s }) => Math.round(time_s * 1e9) === pointed.at);
  for (const variant of ["slow-database", "fast-database"]) {
    const shown = row[heads.indexOf(`backlog · ${variant}`)];
    assert.ok(pointed.text.includes(`${shown} ${variant}`), `${shown} in ${pointed.text}`);
    assert.equal(shown.replaceAll(",", ""), exact[`backlog [${variant}]`]);
    const ghost = await page.textContent(`.lane[data-variant=${variant}] .ghost-line`);
    assert.ok(ghost.includes(`${shown} waiting`), `${shown} in ${ghost}`);
  }

  // The file has the engine's own numbers: here is the same instant, run to.
  await page.keyboard.press("Enter");
  await page.waitForFunction(
    (at) => Number(document.querySelector(".lane").dataset.nowNs) === at,
    pointed.at,
  );
  await page.keyboard.press("Escape");
  await page.waitForSelector(".ghost-line", { state: "detached" });
  assert.equal((await numbers(page)).Backlog.replaceAll(",", ""), exact["backlog [slow-database]"]);
});

pageTest("a pointer over the charts moves the crosshair, a click runs there", {}, async ({ page }) => {
  await pick(page, SMALL);
  await runTo(page, 0.8);
  const box = await page.locator("[data-action=crosshair]").boundingBox();
  // Half of the axis: beside it stand names and labels.
  const middle = { x: box.x + 104 + (box.width - 104 - 208) / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.waitForSelector(".ghost-line");
  const { at } = await crosshair(page);
  assert.ok(Math.abs(at - 5.5e9) < 0.02e9, `${at} ns`);
  await page.mouse.click(middle.x, middle.y);
  await page.waitForFunction(() => document.querySelector(".page").dataset.state !== "running");
  assert.deepEqual(new Set(Object.values(await lanes(page)).map(({ now }) => now)), new Set([at]));
  await page.mouse.move(box.x + 100, 20);
  await page.waitForSelector(".ghost-line", { state: "detached" });
});

pageTest("charts are chosen and remembered", {}, async ({ page }) => {
  await pick(page, SMALL);
  await menu(page, "charts");
  await page.click("[data-action=show-chart][data-chart=load]");
  await page.click("[data-action=show-chart][data-chart=rate]");
  await page.click("[data-action=show-percentile][data-chart=p50]");
  await page.focus("[data-action=boards-tall]");
  await page.keyboard.press("ArrowUp");
  const tall = await page.getAttribute("[data-action=boards-tall]", "aria-valuenow");
  const isStored = () => localStorage.getItem("mqlab-settings")?.includes("backlog wait load p50 p99");
  await page.waitForFunction(isStored);
  await page.reload();
  await page.waitForSelector("body[data-ready]");
  assert.equal(await page.getAttribute("[data-action=boards-tall]", "aria-valuenow"), tall);
  assert.equal(await page.isChecked("[data-action=show-chart][data-chart=load]"), true);
  assert.equal(await page.isChecked("[data-action=show-chart][data-chart=rate]"), false);
  const height = await page.evaluate(() => document.querySelector(".time").clientHeight);
  assert.ok(Math.abs(height - Number(tall)) <= 1, `${height} of ${tall}`);
});

pageTest("every chart has a picture that reads as XML", {}, async ({ page }) => {
  await pick(page, SMALL);
  await runTo(page, 0.5);
  await menu(page, "charts");
  for (const chart of ["rate", "backlog", "age", "wait", "load"]) {
    const { name, text } = await saved(page, `[data-action=save-svg][data-chart=${chart}]`);
    assert.equal(name, `${SMALL}-${chart}-seed-1.svg`);
    const found = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
      return {
        error: parsed.querySelector("parsererror")?.textContent,
        title: parsed.querySelector("title")?.textContent,
        curves: parsed.querySelectorAll("polyline").length,
        labels: [...parsed.querySelectorAll("text")].map((label) => label.textContent),
      };
    }, text);
    assert.equal(found.error, undefined);
    assert.match(found.title, /seed 1$/);
    assert.ok(found.curves > 6 && found.labels.length > 6, `${found.curves} lines`);
  }
  const rates = rows(await saved(page, "[data-action=save-csv][data-chart=rate]"));
  const last = rates.at(-1);
  assert.equal(last["offered_per_s [slow-database]"], "5000");
  assert.equal(last["handled_per_s [slow-database]"], "2000");
});

pageTest("marks run to their instants", {}, async ({ page }) => {
  await pick(page, CRASH);
  const at = () =>
    page.$$eval("[data-action=run-to-mark]", (marks) =>
      marks.map(({ dataset }) => [dataset.mark, Number(dataset.atNs)]),
    );
  // What the script does is known before; what happens is marked when it has.
  assert.deepEqual([...new Set((await at()).map(([kind]) => kind))].sort(), ["crash", "restart"]);
  await slide(page, "run-to");
  await page.waitForFunction(() => document.querySelector(".page").dataset.state === "finished");
  const marks = await at();
  const verdicts = marks.filter(([kind]) => kind === "verdict");
  assert.ok(verdicts.length > 0, "losses and duplicates are marked");
  await menu(page, "marks");
  for (const [kind, instant] of [marks[0], verdicts[0]]) {
    await page.click(`[data-action=run-to-mark][data-mark=${kind}][data-at-ns="${instant}"]`);
    await page.waitForFunction(
      (instant) => Number(document.querySelector(".lane").dataset.nowNs) === instant,
      instant,
    );
  }
  assert.deepEqual(await at(), marks, "what was seen stays marked");
  await menu(page, "marks");
  await page.locator("svg[data-mark]").first().click();
  await page.waitForFunction(
    (instant) => Number(document.querySelector(".lane").dataset.nowNs) === instant,
    marks[0][1],
  );
});

pageTest("the comparison says how far variants are apart", {}, async ({ page }) => {
  await pick(page, CRASH);
  await slide(page, "run-to");
  await page.waitForFunction(() => document.querySelector(".page").dataset.state === "finished");
  await page.click("[data-tab=compare]");
  const cells = (metric) =>
    page.$$eval(`tr[data-metric=${metric}] td`, (cells) =>
      cells.map((cell) => ({
        value: cell.querySelector(".compare-value").textContent,
        judgement: cell.querySelector("[data-judgement]")?.dataset.judgement,
        text: cell.querySelector("[data-judgement]")?.textContent.trim(),
      })),
    );
  const lost = await cells("lost");
  // A chip says first how it is meant.
  const chips = Object.values(await lanes(page)).map(({ chips }) => chips.lost.split(": ").at(-1));
  assert.deepEqual(lost.map(({ value }) => `${value} lost`), chips);
  assert.deepEqual(lost.map(({ judgement }) => judgement), [undefined, "worse", "same", "worse"]);
  assert.equal(lost[3].text, `+${lost[3].value}▼ worse`);

  await page.selectOption("[data-action=compare-base]", "3");
  await page.waitForSelector("tr[data-metric=lost] td:first-of-type [data-judgement=better]");
  const back = await cells("lost");
  assert.equal(back[0].text, `−${lost[3].value} (−100 %)▲ better`);

  const file = rows(await saved(page, "[data-action=save-compare]"));
  const row = file.find(({ metric }) => metric === "lost");
  assert.equal(row["value [ack-first]"], lost[1].value);
  assert.equal(row["difference [ack-last - auto-ack]"], `-${lost[3].value}`);

  const order = () => page.$$eval("tr[data-metric]", (all) => all.map((row) => row.dataset.metric));
  const [plain, head] = [await order(), page.locator(".compare th:has([data-action=sort])").last()];
  await head.locator("button").focus();
  for (const sort of ["descending", "ascending", "none"]) {
    await page.keyboard.press("Enter");
    await page.waitForSelector(`.compare th[aria-sort=${sort}] button:focus`);
    assert.equal(JSON.stringify(await order()) === JSON.stringify(plain), sort === "none", sort);
    assert.deepEqual((await order()).toSorted(), plain.toSorted(), "every row is still there");
  }

  const before = await page.locator("tr[data-metric]").count();
  await page.click("[data-action=hide-equal]");
  await page.waitForFunction(
    (before) => document.querySelectorAll("tr[data-metric]").length < before,
    before,
  );
  assert.equal(await page.locator("tr[data-metric=offered]").count(), 0);
  await assertAccessible(page);
});

for (const [locale, word] of [
  ["en-GB", "backlog"],
  ["zh-CN", "积压"],
  ["zh-TW", "積壓"],
]) {
  pageTest(`charts on a phone in ${locale}`, { viewport: PHONE, locale, isTouch: true }, async ({ page }) => {
    await pick(page, SMALL);
    await runTo(page, 0.5);
    await menu(page, "charts");
    await page.click("[data-action=chart-table][data-chart=backlog]");
    const small = await page.$$eval(".time button, .time summary, .time select, .time .toggle", (all) =>
      all
        .filter((one) => one.offsetParent && !one.matches(".tab"))
        .map((one) => [one.outerHTML.slice(0, 60), one.getBoundingClientRect().height])
        .filter(([, height]) => height < 44),
    );
    assert.deepEqual(small, []);
    await menu(page, "charts");
    await page.locator("[data-action=crosshair]").dispatchEvent("pointermove", {
      pointerType: "touch",
      clientX: 100,
      clientY: 400,
      bubbles: true,
    });
    await page.waitForSelector(".chart-table tr.pointed");
    assert.ok((await crosshair(page)).text.includes(word));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= PHONE.width, `${wide} px`);
    await assertAccessible(page);
  });
}

pageTest("a run at full speed keeps its clock beside a crosshair", {}, async ({ page }) => {
  await pick(page, SMALL);
  await runTo(page, 0.3);
  await page.focus("[data-action=crosshair]");
  await page.keyboard.press("Home");
  const { at } = await crosshair(page);
  await runTo(page, 0.5);
  assert.equal(await clock(page), "00:00:05");
  assert.equal((await crosshair(page)).at, at, "it stays where it was put");
});

// Between the two other columns the axis is much narrower than the window.
for (const viewport of [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, { width: 900, height: 700 }, PHONE]) {
  pageTest(`words of marks stand on nothing else, ${viewport.width} pixels wide`, { viewport, locale: "zh-CN" }, async ({ page }) => {
    await pick(page, "acks-and-replicas");
    await runTo(page, 0.7);
    await page.waitForFunction(() => document.querySelectorAll(".mark-shape text").length > 0);
    const over = await page.evaluate(() => {
      const box = (one) => [one.textContent || "mark", one.getBoundingClientRect()];
      const all = [...document.querySelectorAll(".mark-shape text, .mark-shape path")].map(box);
      const meet = ([, a], [, b]) => a.left < b.right && b.left < a.right;
      return all.flatMap((one, at) => all.slice(at + 1).filter((other) => meet(one, other)).map((other) => `${one[0]} and ${other[0]}`));
    });
    assert.deepEqual(over, []);
    // The axis and the charts have the same ends.
    const [rail, plot] = await page.evaluate(() => [".rail", ".plot"].map((name) => document.querySelector(name).getBoundingClientRect().toJSON()));
    const sides = plot.width >= 700 ? [104, 208] : [12, 12];
    assert.deepEqual([rail.left - plot.left, plot.right - rail.right].map(Math.round), sides);
  });
}
