// Makes the pictures of the README anew, from the built page: in broad daylight, in the
// dark, and on a phone. Not a test.
// `node tests/browser/pictures.mjs FOLDER`; the repository has them with 256 colours.

import { join } from "node:path";

import { DESKTOP, PHONE, closeAll, openPage } from "./harness.mjs";
import { pick, select, slide } from "./page.mjs";

const folder = process.argv[2] ?? "docs/images";
const WIDE = { ...DESKTOP, width: 1440, height: 900 };
const PICTURES = [
  { name: "playground-desktop", viewport: WIDE, theme: "light" },
  { name: "playground-dark", viewport: WIDE, theme: "dark" },
  { name: "playground-phone", viewport: PHONE, theme: "light", isTouch: true },
];

/** The rush of the day, minute by minute: each lets what moves go on a little. */
const MINUTES = { day: 24 * 60, from: 12 * 60 + 29, to: 12 * 60 + 59 };

for (const { name, ...opening } of PICTURES) {
  const { page, problems, close } = await openPage(opening);
  await pick(page, "peak-shaving-day");
  await page.click("[data-action=show-variant][data-variant=small-window]");
  await select(page, "orders · with-queue");
  const last = Number(await page.getAttribute("[data-action=run-to]", "max"));
  for (let minute = MINUTES.from; minute <= MINUTES.to; minute += 1) {
    await slide(page, "run-to", Math.round((last * minute) / MINUTES.day));
    await page.waitForFunction(() => document.querySelector(".page").dataset.state !== "running");
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }
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
