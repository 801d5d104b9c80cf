// What is there before the program and stays when it has stopped: it decides
// on language and colours before the first picture, starts the program, keeps
// what the program says of the work, and offers to start again when the
// program has panicked: a WebAssembly instance that has panicked is dead.
//
// docs/architecture.md says what the program and the shell tell each other.

(() => {
  "use strict";

  /** Where the program remembers its settings. */
  const SETTINGS = "mqlab-settings";
  /** How the page is to start, from one document of a tab to the next. */
  const RESTART = "mqlab-restart";
  /** When the program stopped in this tab. */
  const STOPS = "mqlab-stops";
  /** Two stops within this time are a loop. */
  const LOOP_MS = 30_000;

  const root = document.documentElement;
  const find = (id) => document.getElementById(id);

  /** What the program last said of the work: `{ link, script }`. */
  let work = {};
  let isShown = false;

  // Storage may be switched off; then nothing is remembered.
  function stored(name, storage = "sessionStorage") {
    try {
      return window[storage].getItem(name);
    } catch {
      return null;
    }
  }

  function store(name, value) {
    try {
      if (value === null) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, value);
      return true;
    } catch {
      return false;
    }
  }

  function parsed(text) {
    try {
      return JSON.parse(text) ?? {};
    } catch {
      return {};
    }
  }

  /** As the program decides it: the same rule as `Language::of_tag`. */
  function languageOf(tag) {
    const [language, ...rest] = tag.toLowerCase().split(/[-_]/);
    if (language !== "zh") return "en";
    const telling = rest.find((part) => ["hans", "hant", "tw", "hk", "mo"].includes(part));
    return telling === undefined || telling === "hans" ? "zh-Hans" : "zh-Hant";
  }

  /** Language and colours of the link, else of the last visit, else of the browser. */
  function dress() {
    const settings = parsed(stored(SETTINGS, "localStorage"));
    const link = new URLSearchParams(location.hash.slice(1));
    root.lang = languageOf(String(link.get("lang") ?? settings.language ?? navigator.language ?? ""));
    const theme = link.get("theme") ?? settings.theme;
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  }

  /** Tells the program how it is to start, once. */
  function announceRestart() {
    const restart = stored(RESTART);
    if (restart !== null) root.dataset.restart = restart;
    store(RESTART, null);
  }

  /** The program: unpacked, if this is a release build. */
  async function loaded(address) {
    if (!address.endsWith(".packed")) return address;
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    return unpack(new Uint8Array(await response.arrayBuffer()));
  }

  const compiled = async (address) => WebAssembly.compile(await loaded(address));

  async function start() {
    findTexts();
    const program = find("program");
    try {
      const [{ default: init }, module] = await Promise.all([
        import(program.href),
        loaded(program.dataset.wasm),
        loadTexts(find(`${TEXTS}${root.lang}`)),
        isWorkThere() ? loadRest() : undefined,
      ]);
      await init({ module_or_path: module });
    } catch (error) {
      fail(String(error), "unstarted");
    }
  }

  // The rest of the program, which a release build leaves out of its first
  // file: crates/pack/src/cut.rs. The program reads in the document's `data-rest`
  // how far it is.

  /** What the rest needs of the first part: `{ exports, given }`. */
  let first;
  /** The rest as a module, once it is loaded. */
  let rest;
  let isJoined = false;

  const restAddress = () => find("rest")?.href;

  /** Whether the style sheet of what only the rest shows is there: a debug build has
   * all in one. */
  let isDressed = false;

  /** Loads that style sheet. */
  async function dressRest() {
    const address = find("rest-style")?.href;
    if (isDressed || !address) return void (isDressed = true);
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = address;
    await new Promise((resolve, reject) => {
      sheet.onload = resolve;
      sheet.onerror = () => reject(new Error(address));
      document.head.append(sheet);
    }).catch((error) => {
      sheet.remove();
      throw error;
    });
    isDressed = true;
    join();
  }

  // Texts in the languages that the page does not begin with come in files of their
  // own: the one that is spoken with the first part, the others with the rest.

  /** What the ids of their elements begin with; the language's tag follows. */
  const TEXTS = "texts-";
  /** Those that have not been asked for, or could not be had: `{ id, href }`. */
  const unasked = new Set();
  /** How many are not in the first part's memory yet. */
  let missing = 0;
  /** Those that wait for the first part, as modules. */
  const waiting = [];

  function findTexts() {
    for (const element of document.querySelectorAll(`[id^=${TEXTS}]`)) unasked.add(element);
    missing = unasked.size;
  }

  async function loadTexts(element) {
    if (!unasked.delete(element)) return;
    try {
      waiting.push(await compiled(element.href));
      join();
    } catch (error) {
      unasked.add(element);
      throw error;
    }
  }

  function tellOfRest(state) {
    if (root.dataset.rest === state) return;
    root.dataset.rest = state;
    // Not while the program is at work.
    queueMicrotask(() => window.dispatchEvent(new Event("mqlab-rest")));
  }

  /** Puts texts, and the rest, into the first part, as soon as they are there. */
  function join() {
    if (!first) return;
    for (const module of waiting.splice(0)) {
      new WebAssembly.Instance(module, { first: first.exports });
      missing -= 1;
    }
    if (rest && !isJoined) {
      new WebAssembly.Instance(rest, { ...first.given(), first: first.exports });
      isJoined = true;
      rest = undefined;
    }
    if (isJoined && isDressed && missing === 0) tellOfRest("here");
  }

  /** Whether there is more to begin with than a first visit needs: the program
   * then starts with all of it. */
  function isWorkThere() {
    const kept = ["mqlab-settings", "mqlab-work", "mqlab-shelf"];
    return location.hash.length > 1 || stored("mqlab-work") || kept.some((name) => stored(name, "localStorage"));
  }

  async function loadRest() {
    if (["loading", "here"].includes(root.dataset.rest)) return;
    if (!restAddress()) return tellOfRest("here");
    tellOfRest("loading");
    try {
      const [module] = await Promise.all([compiled(restAddress()), dressRest(), ...[...unasked].map(loadTexts)]);
      rest = module;
      join();
    } catch {
      // Who needs it is told, and can try again.
      tellOfRest("failed");
    }
  }

  /** The first part has been put together and is about to start. */
  globalThis.mqlabFirst = (exports, given) => {
    first = { exports, given };
    join();
  };

  /** The first part calls something of the rest that is not there yet. No view
   * does; should one do it all the same, the page waits for a moment. */
  globalThis.mqlabLoadRest = () => {
    try {
      if (!rest) {
        const request = new XMLHttpRequest();
        request.open("GET", restAddress(), false);
        // The only way to bytes for a request that is waited for.
        request.overrideMimeType("text/plain; charset=x-user-defined");
        request.send();
        if (request.status !== 200) throw new Error(`${restAddress()}: ${request.status}`);
        rest = new WebAssembly.Module(unpack(Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0) & 0xff)));
      }
      join();
    } catch (error) {
      fail(String(error), "stopped");
      throw error;
    }
  };

  /** Whether the program has stopped twice within a short time. Without
   * storage nobody knows, and every way out is offered. */
  function isLoop() {
    const now = Date.now();
    const before = [].concat(parsed(stored(STOPS))).filter((time) => now - time < LOOP_MS);
    return !store(STOPS, JSON.stringify([...before, now])) || before.length > 0;
  }

  function fail(message, how) {
    if (isShown) return;
    isShown = true;
    const card = find("failed");
    if (!card) return;
    // The dead instance is not asked for another picture.
    window.requestAnimationFrame = () => 0;
    find("failed-message").textContent = message;
    const shown = how === "stopped" && isLoop() ? "repeated" : how;
    for (const part of card.querySelectorAll("[data-case]")) {
      part.hidden = !part.dataset.case.split(" ").includes(shown);
    }
    find("failed-link").hidden = !work.link;
    if (work.link) find("failed-link").querySelector("a").href = `#${work.link}`;
    find("failed-script").hidden = !work.script;
    find("failed-script").querySelector("textarea").value = work.script ?? "";
    document.body.dataset.failed = shown;
    document.body.removeAttribute("data-ready");
    find("app")?.setAttribute("inert", "");
    card.hidden = false;
    const main = shown === "repeated" ? "start-at-beginning" : "reload";
    const button = card.querySelector(`[data-action=${main}]`);
    button.classList.add("main");
    button.focus();
  }

  /** A fresh instance. What it brings back it finds itself; where there is no
   * storage, the link says it. */
  function restart(how) {
    if (!store(RESTART, how) && work.link && how === "here") location.hash = work.link;
    location.reload();
  }

  async function copyScript() {
    try {
      await navigator.clipboard.writeText(work.script);
    } catch {
      // Not everywhere and not always: then it is ready to be copied by hand.
      find("failed-script").querySelector("textarea").select();
    }
  }

  function downloadScript() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([work.script], { type: "application/toml" }));
    link.download = "scenario.toml";
    link.click();
    URL.revokeObjectURL(link.href);
  }

  function openLink(event) {
    // Nothing happens by following a `#` that is the address already.
    event.preventDefault();
    location.hash = work.link;
    location.reload();
  }

  function wireCard() {
    const actions = {
      reload: () => restart("here"),
      "start-at-beginning": () => restart("beginning"),
      "start-in-gallery": () => restart("gallery"),
      "copy-script": copyScript,
      "download-script": downloadScript,
    };
    for (const [action, act] of Object.entries(actions)) {
      find("failed").querySelector(`[data-action=${action}]`).addEventListener("click", act);
    }
    find("failed-link").querySelector("a").addEventListener("click", openLink);
  }

  /** Whether `trunk serve` has sent the page: Trunk.toml lets it say so. */
  function isDevelopment() {
    const [visit] = performance.getEntriesByType("navigation");
    return (visit?.serverTiming ?? []).some(({ name }) => name === "trunk");
  }

  /** Keeps the page for times without a network, where the browser can. */
  async function keepOffline() {
    try {
      if (!isDevelopment()) return void (await navigator.serviceWorker.register("offline.js", { updateViaCache: "none" }));
      await import(new URL("live.js", document.baseURI).href);
      // Left behind by a built page on the same port.
      await (await navigator.serviceWorker.getRegistration())?.unregister();
    } catch {
      // No service workers here: the page works with a network, as any other.
    }
  }

  function watchReady() {
    const observer = new MutationObserver(() => {
      if (!document.body.dataset.ready) return;
      observer.disconnect();
      performance.mark("mqlab-ready");
      loadRest();
      keepOffline();
    });
    observer.observe(document.body, { attributes: true, attributeFilter: ["data-ready"] });
  }

  const isTrap = (error) =>
    error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && /call stack/i.test(error.message));

  window.addEventListener("mqlab-rest-wanted", loadRest);
  window.addEventListener("online", loadRest);
  window.addEventListener("mqlab-work", ({ detail }) => (work = detail ?? {}));
  // The program's own last words come first and say more than the trap that
  // follows them.
  window.addEventListener("mqlab-failed", ({ detail }) => fail(String(detail), "stopped"));
  window.addEventListener("error", ({ error }) => isTrap(error) && fail(String(error), "stopped"));
  window.addEventListener("unhandledrejection", ({ reason }) => isTrap(reason) && fail(String(reason), "stopped"));
  // Keys are for the card alone once it is shown.
  window.addEventListener("keydown", (event) => isShown && event.stopImmediatePropagation(), true);

  dress();
  announceRestart();
  document.addEventListener("DOMContentLoaded", () => {
    wireCard();
    watchReady();
    start();
  });
})();
