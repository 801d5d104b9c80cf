// What the tests of the page do with it, by its stable names.

/** Chooses a scenario by the stem of its file, in the gallery or beside the run. */
export async function pick(page, stem) {
  const card = page.locator(`[data-action=open][data-scenario="${stem}"]`);
  if (await card.count()) await card.click();
  else await page.selectOption("[data-action=pick]", stem);
  await page.waitForFunction(
    () => ["ready", "failed"].includes(document.querySelector(".page").dataset.state),
  );
}

/** Presses a button of the transport. */
export const press = (page, action) => page.click(`[data-action=${action}]`);

/** Moves a slider; `undefined` is its end. */
export const slide = (page, action, value) =>
  page.evaluate(
    ({ action, value }) => {
      const input = document.querySelector(`[data-action=${action}]`);
      input.value = String(value ?? input.max);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    },
    { action, value },
  );

/** Waits until the page stands as asked. */
export const becomes = (page, state) =>
  page.waitForFunction(
    (state) => document.querySelector(".page").dataset.state === state,
    state,
  );

/** Runs to a share of the time axis and waits until it stands there. */
export async function runTo(page, share) {
  const last = Number(await page.getAttribute("[data-action=run-to]", "max"));
  await slide(page, "run-to", Math.round(last * share));
  await page.waitForFunction(
    () => document.querySelector(".page").dataset.state !== "running",
  );
}

/** Selects a thing by what the list of all things calls it. */
export const select = (page, label) => page.selectOption("[data-action=select]", { label });

/** What the inspector says of the selected thing, by the name beside it. */
export const says = (page, name) =>
  page.evaluate((name) => {
    const names = [...document.querySelectorAll("aside.right dt")];
    return names.find((one) => one.textContent.trim() === name)?.nextElementSibling.textContent;
  }, name);

/** Waits until so many acts by hand are in the list, and the page stands again. */
export async function isDone(page, acts = 1) {
  await page.waitForFunction((acts) => document.querySelectorAll(".by-hand li").length === acts, acts);
  await page.waitForFunction(() => document.querySelector(".page").dataset.state !== "running");
}

/** What the lanes that are shown say of themselves, by variant. */
export const lanes = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll(".lane")].map((lane) => [
        lane.dataset.variant,
        {
          digest: lane.dataset.digest,
          now: Number(lane.dataset.nowNs),
          isOver: lane.dataset.over === "true",
          chips: Object.fromEntries(
            [...lane.querySelectorAll(".chip")].map((chip) => [
              chip.dataset.about,
              // What a fact shows is a button inside.
              (chip.querySelector("button") ?? chip).lastChild.textContent,
            ]),
          ),
        },
      ]),
    ),
  );

/** The numbers of the panel beside the stage, by their names. */
export const numbers = (page) =>
  page.evaluate(() => {
    const list = document.querySelector(".right dl");
    const names = [...list.querySelectorAll("dt")].map((name) => name.textContent.trim());
    const values = [...list.querySelectorAll("dd")].map((value) => value.textContent);
    return Object.fromEntries(names.map((name, index) => [name, values[index]]));
  });

/** The clock as it is read, without its fraction. */
export const clock = (page) =>
  page.evaluate(() => document.querySelector(".clock").firstChild.textContent);

/** The pace of the page so far. */
export const pulse = (page) =>
  page.evaluate(() => {
    const { longestFrameMs, longestWorkMs, wallMs } = document.querySelector(".page").dataset;
    return { frame: Number(longestFrameMs), work: Number(longestWorkMs), wall: Number(wallMs) };
  });
