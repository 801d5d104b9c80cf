// The stage: what is selected by pointer, finger and keyboard, the camera, and
// what the canvas shows of dead and paused things.

import assert from "node:assert/strict";

import { assertAccessible, pageTest, PHONE } from "./harness.mjs";
import { becomes, numbers, pick, press, runTo, select, slide } from "./page.mjs";

const DAY = "peak-shaving-day";
const SMALL = "five-in-two-out";
const CRASH = "crash-before-ack";

/** The members of a lane's list: what they stand for, and where they lie. */
const things = (page, variant) =>
  page.evaluate((variant) => {
    const lane = document.querySelector(`.lane[data-variant="${variant}"]`);
    const canvas = lane.querySelector("canvas").getBoundingClientRect();
    return [...lane.querySelectorAll(".things > [role=option]")].map((member) => {
      const box = member.getBoundingClientRect();
      return {
        label: member.getAttribute("aria-label"),
        isSelected: member.getAttribute("aria-selected") === "true",
        hasFocus: member === document.activeElement,
        x: box.x + box.width / 2 - canvas.x,
        y: box.y + box.height / 2 - canvas.y,
        width: box.width,
      };
    });
  }, variant);

/** The member whose label begins with `name`, once it lies somewhere. */
async function thing(page, variant, name) {
  const begins = (one) => one.label.startsWith(name) && one.width > 0;
  for (let tries = 0; tries < 50; tries += 1) {
    const found = (await things(page, variant)).find(begins);
    if (found) return found;
    await page.waitForTimeout(50);
  }
  throw new Error(`${name} is not on the stage of ${variant}`);
}

const selected = async (page, variant) =>
  (await things(page, variant)).filter(({ isSelected }) => isSelected).map(({ label }) => label);

/** Waits until exactly this is selected. */
const becomesSelected = (page, variant, name) =>
  page.waitForFunction(
    ({ variant, name }) => {
      const members = document.querySelectorAll(`.lane[data-variant="${variant}"] [aria-selected=true]`);
      return members.length === 1 && members[0].getAttribute("aria-label").startsWith(name);
    },
    { variant, name },
  );

const canvasOf = (page, variant) => page.locator(`.lane[data-variant="${variant}"] canvas`);

/** Whether the canvas has ink where something lies. */
const inkAt = (page, variant, { x, y }, reach) =>
  page.evaluate(
    ({ variant, x, y, reach }) => {
      const canvas = document.querySelector(`.lane[data-variant="${variant}"] canvas`);
      const ratio = canvas.width / canvas.clientWidth;
      const side = Math.round(2 * reach * ratio);
      const from = [(x - reach) * ratio, (y - reach) * ratio].map(Math.round);
      const { data } = canvas.getContext("2d").getImageData(...from, side, side);
      const colors = {};
      for (let dot = 0; dot < data.length; dot += 4) {
        if (data[dot + 3] < 200) continue;
        const name = [data[dot], data[dot + 1], data[dot + 2]].join(",");
        colors[name] = (colors[name] ?? 0) + 1;
      }
      return colors;
    },
    { variant, x, y, reach },
  );

/** A colour of the palette, as `inkAt` names it. */
const colorOf = (page, name) =>
  page.evaluate((name) => {
    const color = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const parts = color.match(/[0-9a-f]{2}/g).map((part) => parseInt(part, 16));
    return parts.join(",");
  }, name);

pageTest("a click selects things, ways and brokers", {}, async ({ page }) => {
  await pick(page, DAY);
  const canvas = canvasOf(page, "with-queue");
  for (const name of ["mysql", "writer", "users", "orders", "way from orders"]) {
    const { x, y } = await thing(page, "with-queue", name);
    await canvas.click({ position: { x, y } });
    await becomesSelected(page, "with-queue", name);
  }
  // The frame itself, beside what it holds.
  const { x, y, width } = await thing(page, "with-queue", "rabbitmq");
  await canvas.click({ position: { x: x - width / 2 + 7, y: y + 20 } });
  await becomesSelected(page, "with-queue", "rabbitmq");
  // The inspector follows.
  const orders = await thing(page, "with-queue", "orders");
  await canvas.click({ position: orders });
  await becomesSelected(page, "with-queue", "orders");
  assert.ok("Ready" in (await numbers(page)));
});

pageTest("the keyboard walks along the ways", {}, async ({ page }) => {
  await pick(page, DAY);
  await page.focus('.lane[data-variant="with-queue"] [role=option][tabindex="0"]');
  await page.keyboard.press("Home");
  await becomesSelected(page, "with-queue", "users");
  for (const name of ["way from users", "orders", "way from orders", "writer", "way from writer", "mysql"]) {
    await page.keyboard.press("ArrowRight");
    await becomesSelected(page, "with-queue", name);
  }
  const focused = (await things(page, "with-queue")).filter(({ hasFocus }) => hasFocus);
  assert.equal(focused.length, 1);
  assert.match(focused[0].label, /^mysql/);
  // The arrows did not step the run.
  assert.equal(await page.getAttribute(".lane", "data-now-ns"), "0");
  // The mark of the focus can be seen, and lies where the thing is.
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
});

pageTest("one stop of the tabulator key per lane", {}, async ({ page }) => {
  await pick(page, DAY);
  const stops = await page.$$eval(".lane .things", (lists) =>
    lists.map((list) => list.querySelectorAll('[tabindex="0"]').length),
  );
  assert.deepEqual(stops, [1, 1, 1]);
});

pageTest("buttons, keys and the wheel zoom, and everything comes back", {}, async ({ page }) => {
  await pick(page, SMALL);
  const at = () => thing(page, "slow-database", "orders");
  const settles = async () => {
    for (let before = await at(); ; ) {
      await page.waitForTimeout(120);
      const now = await at();
      if (now.width === before.width && now.x === before.x) return now;
      before = now;
    }
  };
  // On a busy machine the camera may be late to begin.
  const comesTo = async (isThere) => {
    for (let tries = 0; ; tries += 1) {
      const now = await settles();
      if (isThere(now) || tries === 40) return now;
    }
  };
  const whole = await settles();
  await page.click("[data-zoom=in]");
  const near = await comesTo((now) => now.width > whole.width * 1.2);
  assert.ok(near.width > whole.width * 1.2, `${near.width} after ${whole.width}`);
  await page.focus('.lane[data-variant="slow-database"] [role=option][tabindex="0"]');
  await page.keyboard.press("0");
  assert.deepEqual((await comesTo((now) => now.width === whole.width)).width, whole.width);

  // What is under the pointer stays under it.
  const box = await canvasOf(page, "slow-database").boundingBox();
  await page.mouse.move(box.x + whole.x, box.y + whole.y);
  await page.keyboard.down("Control");
  for (let turn = 0; turn < 4; turn += 1) await page.mouse.wheel(0, -100);
  await page.keyboard.up("Control");
  const wheeled = await comesTo((now) => now.width > whole.width * 1.5);
  assert.ok(wheeled.width > whole.width * 1.5);
  assert.ok(Math.abs(wheeled.x - whole.x) < 6, `${wheeled.x} instead of ${whole.x}`);
  // All lanes look at the same share of their pictures.
  const other = await thing(page, "fast-database", "orders");
  assert.ok(Math.abs(other.width - wheeled.width) < 2);

  // A drag moves the picture and selects nothing.
  const before = await selected(page, "slow-database");
  await page.mouse.down();
  await page.mouse.move(box.x + whole.x - 60, box.y + whole.y, { steps: 4 });
  await page.mouse.up();
  const dragged = await comesTo((now) => now.x < wheeled.x - 30);
  assert.ok(dragged.x < wheeled.x - 30, `${dragged.x} after ${wheeled.x}`);
  assert.deepEqual(await selected(page, "slow-database"), before);

  await page.click("[data-zoom=fit]");
  assert.deepEqual((await comesTo((now) => now.width === whole.width)).width, whole.width);
});

pageTest("without motion the camera is there at once", { reducedMotion: true }, async ({ page }) => {
  await pick(page, SMALL);
  const whole = await thing(page, "slow-database", "orders");
  await page.click("[data-zoom=in]");
  await page.waitForTimeout(100);
  const near = await thing(page, "slow-database", "orders");
  await page.waitForTimeout(300);
  assert.ok(near.width > whole.width * 1.2);
  assert.equal((await thing(page, "slow-database", "orders")).width, near.width);
});

pageTest("a dead worker is crossed out", {}, async ({ page }) => {
  await pick(page, CRASH);
  await runTo(page, 0.5 / 5);
  const worker = await thing(page, "ack-last", "worker");
  assert.match(worker.label, /dead since/);
  const colors = await inkAt(page, "ack-last", worker, 14);
  // The cross has a colour of its own in the middle of what it crosses out.
  const lost = await colorOf(page, "--lost");
  assert.ok((colors[lost] ?? 0) > 20, JSON.stringify(colors));
  await runTo(page, 1.5 / 5);
  assert.match((await thing(page, "ack-last", "worker")).label, /, up,/);
});

pageTest("a cut way is broken, and says what it holds up", {}, async ({ page }) => {
  await pick(page, SMALL);
  await runTo(page, 1 / 11);
  const whole = await thing(page, "slow-database", "way from users");
  const lost = await colorOf(page, "--lost");
  assert.equal((await inkAt(page, "slow-database", whole, 14))[lost], undefined);
  await canvasOf(page, "slow-database").click({ position: { x: whole.x, y: whole.y } });
  await becomesSelected(page, "slow-database", "way from users");
  await page.click("[data-action=cut]");
  await page.waitForSelector('.lane[data-variant="slow-database"] [aria-label*=", cut"]');
  await runTo(page, 2 / 11);
  const cut = await thing(page, "slow-database", "way from users");
  // 5,000 a second are sent, and nothing has come through for a second.
  const held = Number(cut.label.match(/, cut . ([\d,]+) held up$/)[1].replace(",", ""));
  assert.ok(held > 4_900 && held < 5_100, cut.label);
  assert.match(await canvasOf(page, "slow-database").getAttribute("aria-label"), /users → orders: cut/);
  const panel = await numbers(page);
  assert.deepEqual([panel.State, panel["Held up"]], ["cut", held.toLocaleString("en-GB")]);
  const colors = await inkAt(page, "slow-database", cut, 14);
  assert.ok((colors[lost] ?? 0) > 20, JSON.stringify(colors));
  // Between the two strokes there is nothing, not even of the way.
  const accent = await colorOf(page, "--accent");
  assert.equal((await inkAt(page, "slow-database", cut, 2))[accent], undefined);
  assert.ok((await inkAt(page, "slow-database", whole, 60))[accent] > 20, "the way goes on beside");
  await page.click("[data-action=heal]");
  await page.waitForFunction(
    () => !document.querySelector('.lane[data-variant="slow-database"] [aria-label*=", cut"]'),
  );
});

pageTest("a stage of any size is drawn", {}, async ({ page }) => {
  await pick(page, CRASH);
  await runTo(page, 0.04);
  for (const height of [1, 2, 20, 3000, 300]) {
    await page.evaluate((height) => {
      // Below the layout's own sizes: what a window can become for a moment.
      for (const picture of document.querySelectorAll(".picture")) {
        picture.style.flex = "none";
        picture.style.minHeight = picture.style.height = `${height}px`;
        picture.querySelector("canvas").style.height = `${height}px`;
      }
    }, height);
    await page.waitForTimeout(100);
    await page.click("[data-zoom=in]");
    await page.click("[data-zoom=fit]");
  }
  // A dead program would not.
  await press(page, "step");
});

const phone = { viewport: PHONE, isTouch: true };

pageTest("on a phone messages flow down and a finger selects", phone, async ({ page }) => {
  await pick(page, DAY);
  const [users, orders, writer] = [
    await thing(page, "with-queue", "users"),
    await thing(page, "with-queue", "orders"),
    await thing(page, "with-queue", "writer"),
  ];
  assert.ok(users.y < orders.y && orders.y < writer.y);
  const canvas = canvasOf(page, "with-queue");
  await canvas.scrollIntoViewIfNeeded();
  await canvas.tap({ position: { x: writer.x, y: writer.y } });
  await becomesSelected(page, "with-queue", "writer");
});

pageTest("what is on the canvas is in its label and its table", {}, async ({ page }) => {
  await pick(page, SMALL);
  await press(page, "step");
  const label = await canvasOf(page, "slow-database").getAttribute("aria-label");
  for (const name of ["orders", "mysql", "writer", "users"]) assert.ok(label.includes(name), label);
  await page.click('.lane[data-variant="slow-database"] .numbers summary');
  const cells = page.locator('.lane[data-variant="slow-database"] .numbers tbody th');
  await cells.first().waitFor();
  const rows = await cells.allTextContents();
  assert.deepEqual(rows.toSorted(), ["mysql", "orders", "users", "writer"]);
});

/** A hundred times load, queue, service and the one that it calls, with a table for every two. */
function crowd() {
  const lines = ['title = "Two hundred"', 'until = "10s"'];
  for (let at = 0; at < 100; at += 1) {
    lines.push(`broker.rabbitmq.queue.q${at} = {}`, `load.l${at} = { to = "q${at}", rate = "20/s" }`);
    const steps = `steps = [{ call = "b${at}" }, "ack"]`;
    lines.push(`service.a${at} = { consume = { queue = "q${at}" }, ${steps} }`);
    lines.push(`service.b${at} = { steps = [{ insert = "t${Math.floor(at / 2)}" }] }`);
    if (at % 2 === 0) lines.push(`table.t${at / 2} = {}`);
  }
  return lines.join("\n");
}

pageTest("two hundred services and fifty tables begin where they can be read", {}, async ({ page }) => {
  await pick(page, SMALL);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press(page, "open-file")]);
  await chooser.setFiles({ name: "crowd.toml", mimeType: "text/plain", buffer: Buffer.from(crowd()) });
  await page.waitForSelector('.lane[data-variant="default"]');
  const first = await thing(page, "default", "a0");
  assert.ok(first.width > 30, `${first.width} px`);
  const { width, height } = await canvasOf(page, "default").boundingBox();
  assert.ok(first.x > 0 && first.x < width && first.y > 0 && first.y < height);
  await runTo(page, 0.5);
  assert.ok(Object.keys(await inkAt(page, "default", first, 20)).length > 0);

  // All of it is one press away.
  await page.click("[data-zoom=fit]");
  await page.waitForFunction(() => document.querySelector(".lane canvas").dataset.sight === "fit");
  const last = await thing(page, "default", "a99");
  assert.ok(last.x > 0 && last.x < width && last.y > 0 && last.y < height);
});

/** A thousand queues at an exchange, each with a consumer of its own. */
function thousand() {
  const all = Array.from({ length: 1_000 }, (_, index) => index);
  const queues = all.map((index) => `queue.q${index} = {}`).join("\n");
  const bindings = all.map((index) => `{ exchange = "all", queue = "q${index}", key = "q${index}" }`).join(", ");
  const services = all.map((index) => `[service.s${index}]\nconsume = { queue = "q${index}", prefetch = 1 }\nsteps = [{ work = "1ms" }, "ack"]`);
  const keys = all.map((index) => `"q${index}"`).join(", ");
  return `title = "A thousand"
[broker.rabbitmq]
exchange.all = {}
${queues}
binding = [${bindings}]
${services.join("\n")}
[load.shop]
to = "all"
keys = [${keys}]
key = "in-turn"
rate = "1000/s"
count = 2000
`;
}

pageTest("a thousand queues with consumers open, are drawn, and play", {}, async ({ page }) => {
  await pick(page, SMALL);
  // What was painted before the run was another one, picture by picture.
  await page.evaluate(() => {
    globalThis.painted = [];
    const look = () => {
      const status = document.querySelector(".opening");
      globalThis.painted.push([status.textContent.trim(), status.checkVisibility(), document.querySelectorAll(".things > *").length]);
      if (globalThis.painted.at(-1)[2] < 4_000) requestAnimationFrame(look);
    };
    look();
  });
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press(page, "open-file")]);
  await chooser.setFiles({ name: "thousand.toml", mimeType: "text/plain", buffer: Buffer.from(thousand()) });
  await page.waitForFunction(() => document.querySelectorAll(".things > *").length > 4_000);
  const painted = await page.evaluate(() => globalThis.painted);
  assert.ok(painted.some(([said, isSeen, things]) => said.startsWith("Loading") && isSeen && things < 100), "the page says that it opens it");
  assert.equal((await page.textContent(".opening")).trim(), "");
  // Thousands of rows are made for who looks at them.
  assert.equal(await page.locator(".lane .numbers tbody tr").count(), 0);
  await page.click(".lane .numbers summary");
  await page.waitForFunction(() => document.querySelectorAll(".lane .numbers tbody tr").length === 2_002);
  await page.click(".lane .numbers summary");
  const places = await page.evaluate(() => new Set([...document.querySelectorAll(".things > *")].map((one) => `${one.style.left} ${one.style.top}`)).size);
  assert.ok(places > 4_000, `${places} places`);
  await slide(page, "speed");
  await press(page, "play");
  await becomes(page, "finished");
  const last = await page.$$eval("[data-action=select] option", (all) => all.find((one) => one.textContent.startsWith("q999 ·")).textContent);
  await select(page, last);
  assert.equal((await numbers(page)).Acknowledged, "2");
});
