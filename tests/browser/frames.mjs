// Prints how long pictures take while many marks move, or while many things are drawn:
// not a test, since it measures the machine as much as the page.
// `node tests/browser/frames.mjs [marks|queues|partitions]`.

import { openPage } from "./harness.mjs";
import { becomes, pick, press, slide } from "./page.mjs";

/** A scenario of ten minutes, in which all links take as long. */
const scenario = ({ title, latency, to, rate, rest }) => `
title = "${title}"
until = "10m"
links = { latency = "${latency}" }

[load.users]
to = "${to}"
rate = "${rate}/s"

${rest}
`;

/** Half of what moves are messages, half are their confirms. */
const marks = (rate) =>
  scenario({ title: "Many on their way", latency: "1s", to: "orders", rate, rest: "[broker.rabbitmq]\nqueue.orders = {}" });

/** Text for each of so many, as a list. */
const list = (count, one) => Array.from({ length: count }, (_, index) => one(`q${index}`)).join(", ");

/** Many queues of a cluster, all of which have messages. */
const queues = (count, nodes) => {
  const rest = `
[broker.rabbitmq]
nodes = ${nodes}
exchange.all = { type = "fanout" }
queue = { ${list(count, (name) => `${name} = { type = "quorum" }`)} }
binding = [${list(count, (name) => `{ exchange = "all", queue = "${name}" }`)}]`;
  return scenario({ title: "Many queues", latency: "1ms", to: "all", rate: 2, rest });
};

/** Many partitions, and a group that reads them. */
const partitions = (count, brokers) => {
  const rest = `
[broker.kafka]
brokers = ${brokers}
topic.orders = { partitions = ${count}, replication_factor = 1 }

[service.reader]
consume = { topic = "orders", group = "readers" }
steps = [{ work = "1ms" }]`;
  return scenario({ title: "Many partitions", latency: "1ms", to: "orders", rate: 500, rest });
};

/** The slider's position for the speed of the wall clock. */
const REAL_TIME = 9;

const WARM_UP_MS = 3_000;
const MEASURED_MS = 6_000;

/** Whether all of it is to be seen, however small that makes it. */
const IS_WHOLE = [false, true];

async function measure(what, text, viewport, isWhole) {
  const { page, problems, close } = await openPage({ viewport });
  await pick(page, "mm1");
  await page.click("[data-tab=script]");
  await page.fill("[data-action=edit]", text);
  await page.waitForFunction(() => document.querySelector(".lane h2, .lane"));
  await becomes(page, "ready");
  await slide(page, "speed", REAL_TIME);
  if (isWhole) await page.click("[data-zoom=fit]");
  await press(page, "play");
  await page.waitForTimeout(WARM_UP_MS);
  const frames = await page.evaluate(
    (span) =>
      new Promise((resolve) => {
        const took = [];
        let before;
        const begin = performance.now();
        const frame = (now) => {
          if (before !== undefined) took.push(now - before);
          before = now;
          if (now - begin < span) requestAnimationFrame(frame);
          else resolve(took.toSorted((a, b) => a - b));
        };
        requestAnimationFrame(frame);
      }),
    MEASURED_MS,
  );
  const work = await page.evaluate(() => document.querySelector(".page").dataset.longestWorkMs);
  const at = (share) => frames[Math.min(frames.length - 1, Math.floor(frames.length * share))].toFixed(1);
  const mean = frames.reduce((sum, took) => sum + took, 0) / frames.length;
  console.log(
    `${what}${isWhole ? ", all of it" : ""}, ${viewport.width} x ${viewport.height}: ${(1000 / mean).toFixed(1)} frames a second; ` +
      `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms; longest work ${work} ms`,
  );
  if (problems.length > 0) console.log(problems.join("\n"));
  await close();
}

const ALL = [
  ["1000 marks", marks(500)],
  ["10000 marks", marks(5_000)],
  ["200 queues on 5 nodes", queues(200, 5)],
  ["1000 partitions on 5 brokers", partitions(1_000, 5)],
];
for (const [what, text] of ALL.filter(([what]) => what.includes(process.argv[2] ?? ""))) {
  for (const isWhole of IS_WHOLE) await measure(what, text, { width: 1440, height: 900 }, isWhole);
}
// The browser ends with the process.
process.exit(0);
