// What stays alive when the program has stopped: a WebAssembly instance that
// has panicked cannot be used again, so somebody else must say so.

(() => {
  "use strict";

  let isShown = false;

  function fail(message) {
    if (isShown) return;
    isShown = true;
    const card = document.getElementById("failed");
    if (!card) return;
    document.getElementById("failed-message").textContent = message;
    document.body.dataset.failed = "true";
    document.body.removeAttribute("data-ready");
    document.getElementById("app")?.setAttribute("inert", "");
    card.hidden = false;
    const reload = document.getElementById("failed-reload");
    reload.addEventListener("click", () => location.reload());
    reload.focus();
  }

  // The program's own last words come first and say more than the trap that
  // follows them.
  window.addEventListener("mqlab-failed", (event) => fail(String(event.detail)));
  window.addEventListener("error", (event) => {
    if (event.error instanceof WebAssembly.RuntimeError) fail(String(event.error));
  });
  // The program could not be loaded or started.
  window.addEventListener("unhandledrejection", (event) => {
    if (!document.body.dataset.ready) fail(String(event.reason));
  });
})();
