// Makes the pictures of the README anew, from the built page: in broad daylight, in the
// dark, and on a phone. Not a test.
// `node tests/browser/pictures.mjs FOLDER`; the repository has them with 256 colours.

import { join } from "node:path";

import { DESKTOP, PHONE, closeAll, openPage } from "./harness.mjs";
import { pick, press, select, slide } from "./page.mjs";

const folder = process.argv[2] ?? "docs/images";
const WIDE = { ...DESKTOP, width: 1440, height: 900 };
const PICTURES = [
  { name: "playground-desktop", viewport: WIDE, theme: "light" },
  { name: "playground-dark", viewport: WIDE, theme: "dark" },
  { name: "playground-phone", viewport: PHONE, theme: "light", isTouch: true },
];

/** Minutes of the day: in the rush, so long that everything has marks on its ways. */
const DAY = 24 * 60;
const BEGIN = 12 * 60 + 20;
const ENOUGH = 12 * 60 + 50;
const END = 12 * 60 + 59;

/** At most so many times as fast as the clock of the wall. */
const CALM = 600;

const standAt = async (page, minute) => {
  const last = Number(await page.getAttribute("[data-action=run-to]", "max"));
  await slide(page, "run-to", Math.round((last * minute) / DAY));
  await page.waitForFunction(() => document.querySelector(".page").dataset.state !== "running");
};

/** Makes the run slower; the position of the slider before. */
const calm = async (page) => {
  const before = Number(await page.inputValue("[data-action=speed]"));
  for (let position = before; position > 0; position -= 1) {
    await slide(page, "speed", position);
    const value = await page.textContent(".speed-value");
    if (Number(value.replace(/[^0-9.]/g, "")) <= CALM) break;
  }
  return before;
};

for (const { name, ...opening } of PICTURES) {
  const { page, problems, close } = await openPage(opening);
  await pick(page, "peak-shaving-day");
  await page.click("[data-action=show-variant][data-variant=small-window]");
  await select(page, "orders · with-queue");
  await standAt(page, BEGIN);
  const speed = await calm(page);
  await press(page, "play");
  await page.waitForFunction(
    (ns) => Number(document.querySelector(".lane").dataset.nowNs) >= ns,
    ENOUGH * 60e9,
  );
  await press(page, "pause");
  await slide(page, "speed", speed);
  await standAt(page, END);
  await page.evaluate(() => {
    document.activeElement?.blur();
    // On a phone everything stands in one column: what is worth seeing is further down.
    if (innerWidth < 760) document.querySelector(".lane[data-variant=with-queue]").scrollIntoView();
  });
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  if (problems.length > 0) console.log(problems.join("\n"));
  await close();
}
await closeAll();
process.exit(0);
