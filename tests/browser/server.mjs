// A static file server for the built page, under a path that is not the root,
// so that an absolute URL in the page fails its test.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".toml": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/**
 * Serves `folder` under `base` on a free port of this machine.
 * Resolves to `{ url, close }`; `url` ends with a slash.
 */
export async function serve(folder, base = "/some/where/") {
  const server = createServer(async (request, response) => {
    const file = await locate(folder, base, request.url);
    if (file === undefined) {
      response.writeHead(404, { "content-type": "text/plain" });
      response.end("not found");
      return;
    }
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "cache-control": "no-store",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** The file behind a request, or nothing if there is none inside `folder`. */
async function locate(folder, base, target) {
  let path;
  try {
    path = decodeURIComponent(new URL(target, "http://localhost").pathname);
  } catch {
    return undefined;
  }
  if (!path.startsWith(base)) return undefined;
  const root = normalize(folder + sep);
  const wanted = path.slice(base.length);
  const file = join(root, wanted === "" || wanted.endsWith("/") ? `${wanted}index.html` : wanted);
  if (!file.startsWith(root)) return undefined;
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? file : undefined;
}
