// The script tab: the text is edited, checked, completed, formatted, taken
// back, and it runs.

import assert from "node:assert/strict";

import { assertAccessible, DESKTOP, pageTest, PHONE } from "./harness.mjs";
import { lanes, pick } from "./page.mjs";

const SMALL = "five-in-two-out";
const FIELD = "[data-action=edit]";

/** Opens the script of a scenario. */
async function script(page, stem = SMALL) {
  await pick(page, stem);
  await page.click("[data-tab=script]");
  await page.waitForSelector(FIELD);
}

const text = (page) => page.inputValue(FIELD);

/** Puts the caret behind some text of the field. */
const caretBehind = (page, words) =>
  page.evaluate(
    ({ FIELD, words }) => {
      const field = document.querySelector(FIELD);
      const at = field.value.indexOf(words) + words.length;
      field.focus();
      field.setSelectionRange(at, at);
    },
    { FIELD, words },
  );

/** The words around the caret: what stands before it in its line. */
const before = (page) =>
  page.evaluate((FIELD) => {
    const { value, selectionStart } = document.querySelector(FIELD);
    return value.slice(0, selectionStart).split("\n").at(-1);
  }, FIELD);

/** Gives the field a text that would take long to be typed. */
const put = (page, whole) =>
  page.evaluate(
    ({ FIELD, whole }) => {
      const field = document.querySelector(FIELD);
      field.value = whole;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    },
    { FIELD, whole },
  );

const stands = (page, standing) =>
  page.waitForSelector(`.script-standing[data-standing=${standing}]`);

const names = async (page) => Object.keys(await lanes(page));

/** Waits for a run with a variant of this name. */
const runs = (page, variant) =>
  page.waitForSelector(`.lane[data-variant="${variant}"]`);

pageTest("a text runs as soon as it rests", {}, async ({ page }) => {
  await script(page);
  await page.fill(FIELD, `${await text(page)}\n[variant.mine]\n`);
  await runs(page, "mine");
  await stands(page, "good");
  // At once with a key.
  await caretBehind(page, "[variant.mine");
  await page.keyboard.type("-too");
  await page.keyboard.press("Control+Enter");
  await runs(page, "mine-too");
});

pageTest("a text that changes while the run plays goes on playing", {}, async ({ page }) => {
  await script(page, "peak-shaving-day");
  // A minute of the run a second: it is far from its end.
  await page.evaluate(() => {
    const slider = document.querySelector("[data-action=speed]");
    slider.value = String(Math.round(Number(slider.max) * 0.7));
    slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  await page.click("[data-action=play]");
  const now = () => page.evaluate(() => Number(document.querySelector(".lane").dataset.nowNs));
  await page.waitForFunction(() => Number(document.querySelector(".lane").dataset.nowNs) > 1e9);
  await put(page, `${await text(page)}\n[variant.kept]\n`);
  const stood = await now();
  await runs(page, "kept");
  const before = await now();
  await page.waitForFunction(
    (before) => Number(document.querySelector(".lane").dataset.nowNs) > before + 2e9,
    before,
  );
  assert.ok((await now()) > stood, "nothing of the way is lost");
  assert.equal(await page.getAttribute(".page", "data-state"), "running");
  await page.click("[data-action=pause]");
});

pageTest("with errors the last good text runs on, and is said to", {}, async ({ page }) => {
  await script(page);
  const good = await names(page);
  const text_ = await text(page);
  await page.fill(FIELD, text_.replace("title", "titel"));
  await stands(page, "older");
  assert.deepEqual(await names(page), good);
  assert.match(await page.textContent(".script-standing"), /text of a moment ago: 2 errors/);
  assert.equal(await page.getAttribute(FIELD, "aria-invalid"), "true");

  // The line is marked, and the very word.
  await page.focus(FIELD);
  await page.keyboard.press("F8");
  await page.keyboard.press("F8");
  await page.waitForSelector(".line .is-key[data-severity=error]");
  assert.equal(await page.locator(".number[data-severity=error]").count() > 0, true);
  assert.equal(await page.textContent(".line .is-key[data-severity=error]"), "titel");
  const codes = await page.$$eval(".script .findings li", (all) => all.map((one) => one.dataset.code));
  assert.deepEqual(codes.sort(), ["missing-key", "unknown-key"]);

  // The name that is meant goes in by a click, and out again.
  await page.click("[data-code=unknown-key] [data-action=replace]");
  assert.equal(await text(page), text_);
  await stands(page, "good");
  await page.click("[data-action=script-undo]");
  await stands(page, "older");
  await page.click("[data-action=script-redo]");
  await stands(page, "good");
  assert.equal(await text(page), text_);
});

/** A text with a mistake of every kind of area. */
const MISTAKES = `title = "Mistakes"
unti = "1m"
[broker.rabbitmq.queue.orders]
delivery_limit = 3
[load.shop]
to = "ordres"
rate = "5ms"
persistent = "yes"
[service.writer]
consume = { queue = "orders", prefech = 3 }
workers = "many"
steps = [{ work = 10 }, "insert", { insert = "mysql", call = "shop" }]
[table.mysql]
expires = "0s"
[[at]]
time = "5s"
crash = "nobody"
[[expect]]
that = "lsot(orders) == 0"
[[expect]]
at = "noon"
that = "ready == 5"
`;

for (const locale of ["zh-CN", "zh-TW"]) {
  pageTest(`findings speak the language of the page, ${locale}`, { locale }, async ({ page }) => {
    await script(page);
    await page.fill(FIELD, MISTAKES);
    await stands(page, "older");
    const said = await page.$$eval(".script .findings .finding", (all) => all.map((one) => one.textContent));
    assert.ok(said.length >= 10, said.join("\n"));
    for (const sentence of said) {
      // What is the scenario language's own stands in quotes, or is one word of it.
      const words = sentence.replace(/`[^`]*`|"[^"]*"/g, "");
      assert.match(words, /[\u4e00-\u9fff]/, sentence);
      assert.doesNotMatch(words, /[a-z]+ [a-z]+/i, sentence);
    }
    await assertAccessible(page);
  });
}

pageTest("findings lead to their places", {}, async ({ page }) => {
  await script(page, "peak-shaving-day");
  const wrong = (await text(page)).replace("capacity", "capacty").replace('"backlog(orders) == 30_000"', '"baklog(orders) == 30_000"');
  await page.fill(FIELD, wrong);
  await stands(page, "older");
  await page.click("[data-code=bad-expectation] [data-action=go]");
  assert.equal(await before(page), 'that = "');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.action), "edit");
  const isSeen = await page.evaluate(() => {
    const current = document.querySelector(".line.current").getBoundingClientRect();
    const field = document.querySelector("[data-action=edit]").getBoundingClientRect();
    return current.top >= field.top && current.bottom <= field.bottom;
  });
  assert.equal(isSeen, true, "it scrolls there");
  await page.keyboard.press("F8");
  assert.equal(await before(page), "");
  await page.keyboard.press("Shift+F8");
  assert.equal(await before(page), 'that = "');
});

pageTest("what is painted is what is written, wherever it is scrolled", {}, async ({ page }) => {
  await script(page, "peak-shaving-day");
  for (const share of [0, 0.5, 1]) {
    const seen = await page.evaluate(async (share) => {
      const field = document.querySelector("[data-action=edit]");
      field.scrollTop = share * field.scrollHeight;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const lines = field.value.split("\n");
      const style = getComputedStyle(field);
      const height = parseFloat(style.lineHeight);
      const top = field.getBoundingClientRect().top + parseFloat(style.paddingTop) - field.scrollTop;
      const numbers = [...document.querySelectorAll(".number")];
      const painted = [...document.querySelectorAll(".line")];
      return painted.map((line, index) => ({
        text: line.textContent,
        wanted: lines[Number(numbers[index].textContent) - 1],
        off: line.getBoundingClientRect().top - top - (Number(numbers[index].textContent) - 1) * height,
        gutter: numbers[index].getBoundingClientRect().top - line.getBoundingClientRect().top,
      }));
    }, share);
    assert.ok(seen.length > 5 && seen.length < 120, `${seen.length} lines`);
    for (const { text, wanted, off, gutter } of seen) {
      assert.equal(text, wanted);
      assert.ok(Math.abs(off) < 1 && Math.abs(gutter) < 1, `${text}: ${off} ${gutter}`);
    }
  }
});

pageTest("letters are painted below themselves", {}, async ({ page }) => {
  await script(page);
  await page.fill(FIELD, 'about = "a\u4f60\u597d, b" # c\n');
  // The field measures itself; the paint has to be as wide.
  const widths = await page.evaluate(() => {
    const field = document.querySelector("[data-action=edit]");
    field.value = field.value.trim().repeat(40);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    return new Promise((done) =>
      requestAnimationFrame(() =>
        requestAnimationFrame(() =>
          done([field.scrollWidth, document.querySelector(".line").getBoundingClientRect().width]),
        ),
      ),
    );
  });
  assert.ok(Math.abs(widths[0] - widths[1]) <= 10, `${widths}`);
});

pageTest("every change can be taken back, by key and by button", {}, async ({ page }) => {
  await script(page);
  const first = await text(page);
  await caretBehind(page, "[broker.rabbitmq]");
  await page.keyboard.type("  # mine");
  const typed = await text(page);
  await page.keyboard.press("Control+Shift+F");
  await page.waitForFunction(() => document.querySelector(".script-standing").textContent.includes("formatted"));
  await page.click("[data-action=revert]");
  await page.click("[data-action=revert-no]");
  assert.equal(await text(page), typed, "asked, and kept");
  await page.click("[data-action=revert]");
  await page.click("[data-action=revert-yes]");
  assert.equal(await text(page), first);
  assert.equal(await page.locator("[data-action=revert]").count(), 0);
  await page.focus(FIELD);
  await page.keyboard.press("Control+z");
  assert.equal(await text(page), typed);
  // Word by word: the space before one, the sign, the word.
  for (const _ of "123") await page.keyboard.press("Control+z");
  assert.equal(await text(page), first);
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("Control+y");
  assert.equal(await text(page), typed);
});

pageTest("formatting keeps every comment and says what it cannot do", {}, async ({ page }) => {
  await script(page);
  await page.fill(FIELD, 'title="x"#why\n# loose\nrows=[ "A5" ]\n');
  await page.click("[data-action=format]");
  assert.equal(await text(page), 'title = "x"  #why\n# loose\nrows = ["A5"]\n');
  await page.fill(FIELD, "title = = 1");
  await page.click("[data-action=format]");
  assert.equal(await text(page), "title = = 1");
  assert.match(await page.textContent(".script-standing"), /not valid TOML/);
});

pageTest("a new line keeps its indentation, and Tab moves on", {}, async ({ page }) => {
  await script(page);
  await page.fill(FIELD, "steps = [");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("1,");
  await page.keyboard.press("Enter");
  assert.equal(await text(page), "steps = [\n    1,\n    ");
  await page.keyboard.press("Control+[");
  await page.keyboard.type("]");
  await page.keyboard.press("Control+/");
  assert.equal(await text(page), "steps = [\n    1,\n# ]");
  await page.keyboard.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement.dataset.action), "edit");
});

pageTest("a key means the caret where it stands now", {}, async ({ page }) => {
  await script(page);
  const whole = await text(page);
  const at = whole.indexOf("until");
  // In one go: the browser tells of a moved caret only a little later.
  await page.evaluate(
    ({ FIELD, at }) => {
      const field = document.querySelector(FIELD);
      field.focus();
      field.setSelectionRange(at, at);
      const init = { inputType: "insertLineBreak", bubbles: true, cancelable: true };
      field.dispatchEvent(new InputEvent("beforeinput", init));
    },
    { FIELD, at },
  );
  await page.waitForFunction(
    ({ FIELD, whole }) => document.querySelector(FIELD).value !== whole,
    { FIELD, whole },
  );
  assert.equal(await text(page), `${whole.slice(0, at)}\n${whole.slice(at)}`);
  assert.equal(await page.evaluate((FIELD) => document.querySelector(FIELD).selectionStart, FIELD), at + 1);
});

pageTest("completion knows the table, the names and the metrics", {}, async ({ page }) => {
  await script(page, "peak-shaving-day");
  await caretBehind(page, "workers = 1");
  await page.keyboard.press("Enter");
  await page.keyboard.type("con");
  await page.keyboard.press("Control+Space");
  await page.waitForSelector(".suggestions [role=listbox]");
  const active = await page.getAttribute(FIELD, "aria-activedescendant");
  assert.match(await page.textContent(`#${active}`), /^consume/);
  await assertAccessible(page);
  await page.keyboard.press("Enter");
  // A table goes on with its keys.
  await page.waitForSelector(".suggestions [role=option] >> text=prefetch");
  await page.keyboard.type("pre");
  await page.keyboard.press("Enter");
  assert.equal(await before(page), "consume.prefetch = ");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");

  await page.fill(FIELD, `${await text(page)}\n[[expect]]\nthat = "writes"\n`);
  await caretBehind(page, 'that = "writes');
  await page.click("[data-action=suggest]");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".suggestions [role=option] >> text=mysql");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  assert.match(await text(page), /that = "writes_refused\(mysql\)"/);
  await page.keyboard.press("Control+Space");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".suggestions [role=listbox]").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.action), "edit");
});

pageTest("the key at the caret is explained", {}, async ({ page }) => {
  await script(page, "peak-shaving-day");
  await caretBehind(page, "prefetch");
  await page.waitForSelector(".script-help code");
  assert.equal(await page.textContent(".script-help code"), "service.NAME.consume.prefetch");
  assert.match(await page.textContent(".script-help"), /65535.*default: 0.*acknowledgement/);
  await page.selectOption("[data-action=language]", "zh-Hant");
  assert.match(await page.textContent(".script-help"), /未確認/);
});

pageTest("nothing happens while something is composed", {}, async ({ page, context }) => {
  await script(page);
  const whole = await text(page);
  await caretBehind(page, "title = ");
  const devtools = await context.newCDPSession(page);
  await devtools.send("Input.imeSetComposition", { text: "ni", selectionStart: 2, selectionEnd: 2 });
  await page.waitForTimeout(700);
  assert.match(await page.textContent(".paint"), /title = ni/, "it is painted");
  assert.equal(await page.locator(".script-standing[data-standing=good]").count(), 1, "it is not read");
  await devtools.send("Input.insertText", { text: "\u4f60" });
  await stands(page, "older");
  assert.match(await text(page), /title = \u4f60/);
  await page.keyboard.press("Control+z");
  assert.equal(await text(page), whole, "one step");
});

pageTest("what is typed outlives the tab", {}, async ({ page }) => {
  await script(page);
  const whole = await text(page);
  await page.fill(FIELD, `${whole}\n[variant.kept]\n`);
  // At once, before the text has rested.
  await page.click("[data-tab=lesson]");
  await runs(page, "kept");
  await page.click("[data-tab=script]");
  assert.equal(await text(page), `${whole}\n[variant.kept]\n`);
  await page.click("[data-action=script-undo]");
  assert.equal(await text(page), whole);
  // Another scenario is a new beginning.
  await pick(page, "mm1");
  await page.waitForFunction(() => document.querySelector("[data-action=edit]").value.includes("exp("));
  assert.equal(await page.isDisabled("[data-action=script-undo]"), true);
});

pageTest("large and foreign texts are findings and no harm", {}, async ({ page }) => {
  await script(page);
  const good = await text(page);
  const foreign = [...Array(4_000).keys()].map((at) => String.fromCodePoint(1 + ((at * 7919) % 0x2fff))).join("");
  await page.fill(FIELD, foreign);
  await stands(page, "older");
  const large = `${good}\n${"# a comment of some length, over and over again\n".repeat(21_000)}`;
  assert.ok(large.length < 1 << 20);
  await put(page, large);
  await stands(page, "good");
  assert.ok((await page.locator(".line").count()) < 120, "only what is seen is painted");
  await page.evaluate(() => {
    const field = document.querySelector("[data-action=edit]");
    field.scrollTop = field.scrollHeight;
  });
  await page.waitForFunction(() => Number(document.querySelector(".number").textContent) > 20_000);
  await put(page, large + large);
  await stands(page, "older");
  assert.match(await page.textContent(".script .findings"), /Beyond a limit/);
  await put(page, "<img src=x onerror=alert(1)>");
  await stands(page, "older");
  assert.equal(await page.locator(".script img").count(), 0);
});

for (const viewport of [DESKTOP, PHONE]) {
  pageTest(`the reference can be read, ${viewport.width} pixels wide`, { viewport }, async ({ page }) => {
    await script(page);
    await page.click(".reference summary >> text=Language reference");
    await page.waitForSelector(".reference dl:not(.shortcuts) dd");
    const found = await page.evaluate(() => {
      const entries = [...document.querySelectorAll(".reference dl:not(.shortcuts) dd")];
      const room = document.querySelector(".reference").clientWidth;
      const narrow = entries.filter((one) => one.getBoundingClientRect().width < room - 1);
      return { count: entries.length, narrow: narrow.length, over: document.documentElement.scrollWidth - innerWidth };
    });
    assert.ok(found.count > 300, `${found.count} entries`);
    assert.deepEqual([found.narrow, found.over], [0, 0], "each has the width of the panel, and nothing more");
  });
}

pageTest("the reference is searched", {}, async ({ page }) => {
  await script(page);
  await page.click(".reference summary >> text=Language reference");
  await page.fill("[data-action=search-reference]", "prefetch");
  await page.waitForFunction(() => document.querySelectorAll(".reference dt code").length < 5);
  assert.match(await page.textContent(".reference dl:not(.shortcuts)"), /service\.NAME\.consume\.prefetch/);
  await page.fill("[data-action=search-reference]", "xyzzy");
  await page.waitForSelector(".reference [role=status] >> text=No key or metric");
});

for (const [tag, words] of [["zh-Hans", ["已修改", "未知的键", "2 个错误"]], ["zh-Hant", ["已修改", "未知的鍵", "2 個錯誤"]]]) {
  pageTest(`the tab speaks ${tag}`, { locale: tag }, async ({ page }) => {
    await script(page);
    await page.fill(FIELD, (await text(page)).replace("title", "titel"));
    await stands(page, "older");
    const said = await page.textContent(".script");
    for (const word of words) assert.ok(said.includes(word), word);
    await assertAccessible(page);
  });
}

for (const theme of ["light", "dark"]) {
  pageTest(`the tab has no serious accessibility finding, ${theme}`, { theme }, async ({ page }) => {
    await script(page);
    await page.fill(FIELD, (await text(page)).replace("title", "titel").replace("until", "untill"));
    await stands(page, "older");
    for (const summary of await page.$$(".script summary")) await summary.click();
    await assertAccessible(page);
  });
}

pageTest("the tab fits a phone", { viewport: PHONE, isTouch: true }, async ({ page }) => {
  await script(page);
  await page.fill(FIELD, (await text(page)).replace("title", "titel"));
  await stands(page, "older");
  await caretBehind(page, "[broker.rabbitmq]\n");
  await page.click("[data-action=suggest]");
  await page.waitForSelector(".suggestions [role=listbox]");
  const seen = await page.evaluate(() => {
    const controls = [...document.querySelectorAll(".script :is(button, input, summary, [role=option])")];
    const small = controls.filter((one) => one.getBoundingClientRect().height < 44);
    return {
      small: small.map((one) => one.dataset.action ?? one.textContent),
      font: parseFloat(getComputedStyle(document.querySelector("[data-action=edit]")).fontSize),
      isWide: document.documentElement.scrollWidth > innerWidth,
    };
  });
  assert.deepEqual(seen, { small: [], font: 16, isWide: false });
  await assertAccessible(page);
});

pageTest("a long text is pasted at once", {}, async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await script(page);
  const whole = await text(page);
  const pasted = `${"# pasted\n".repeat(20_000)}`;
  await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), pasted);
  await page.focus(FIELD);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+v");
  await page.waitForFunction(() => document.querySelector("[data-action=edit]").value.startsWith("# pasted"));
  assert.equal(await text(page), pasted);
  await page.click("[data-action=script-undo]");
  assert.equal(await text(page), whole);
});
