// The service worker: the page works without a network once it was loaded.
//
// A *version* is index.html together with every file that it names. All of
// those have their contents' hash in their names, so files of two versions
// cannot be taken for each other; and a version is used only when it is
// complete, so that a page is never put together from two.

/** Caches belong to an origin: another copy of the page elsewhere on it has
 * another scope. */
const PREFIX = `mqlab ${registration.scope} `;
const INDEX = new URL("./", registration.scope).href;
/** How long a page that is kept waits to hear of a newer one. */
const PATIENCE_MS = 3_000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(refresh());
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  if (request.mode !== "navigate") {
    event.respondWith(file(request));
    return;
  }
  const { pathname, origin } = new URL(request.url);
  if ([INDEX, `${INDEX}index.html`].includes(origin + pathname)) event.respondWith(page(event));
});

/** A file of a version that is kept, else from the network. */
async function file(request) {
  return (await kept(request.url)) ?? fetch(request);
}

async function kept(url) {
  for (const name of await names()) {
    const found = await (await caches.open(name)).match(url, { ignoreVary: true });
    if (found) return found;
  }
  return undefined;
}

/** The newest index.html that can be had completely: from the network if it
 * answers in time, else the one that is kept. */
async function page(event) {
  const before = await newest();
  // Nobody is loading an older one any more.
  const older = (await names()).filter((name) => before && name !== before);
  const fresh = refresh();
  event.waitUntil(fresh.catch(() => {}).then(() => Promise.all(older.map((name) => caches.delete(name)))));
  if (!before) return fresh.catch(() => fetch(event.request));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const response = await Promise.race([fresh, late]).catch(() => undefined);
  return response ?? (await caches.open(before)).match(INDEX);
}

/** Asks for index.html and keeps its version, if that is another one. Resolves
 * to the page; rejects if it cannot be had with all of its files. */
async function refresh() {
  const response = await fetch(INDEX, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${INDEX}: ${response.status}`);
  const text = await response.text();
  // A new response: one that was redirected would be refused for a page.
  const index = () => new Response(text, { headers: response.headers });
  // Something else that answers here, such as the door of a hotel's network,
  // is shown and not kept.
  if (!text.includes('id="program"')) return index();
  const name = PREFIX + (await digest(text));
  if (name !== (await newest())) await keep(name, text, index());
  return index();
}

async function keep(name, text, index) {
  // The newest stands last, even if it was here before.
  const files = await Promise.all(filesOf(text).map(async (url) => [url, (await kept(url)) ?? (await loaded(url))]));
  await caches.delete(name);
  const cache = await caches.open(name);
  await Promise.all(files.map(([url, response]) => cache.put(url, response)));
  // Last, because it makes the version complete.
  await cache.put(INDEX, index);
}

async function loaded(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  // Read to its end: while others wait for their turn to be kept, a response
  // that is not read holds its connection, and there are few of them.
  return new Response(await response.blob(), { headers: response.headers });
}

/** The addresses of the files that a page names. */
function filesOf(text) {
  const named = [...text.matchAll(/\s(?:href|src|data-wasm)="([^"#]+)"/g)].map(([, name]) => new URL(name, INDEX).href);
  return [...new Set(named)].filter((url) => url.startsWith(INDEX) && url !== INDEX);
}

/** The names of our caches, oldest first. */
async function names() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** The name of the newest version that is complete. */
async function newest() {
  for (const name of (await names()).reverse()) {
    if (await (await caches.open(name)).match(INDEX)) return name;
  }
  return undefined;
}

async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
