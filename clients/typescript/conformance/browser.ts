/**
 * The agent in Chromium: serves a page with it (page.ts) on an origin of its own, opens it, and passes on to it what comes
 * on standard input, and to standard output what it answers. LOCI_AGENT_WEB is the protocol that it speaks.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/** `--no-sandbox`, as root has none there; the pipe, as Chromium ends when that does; a name, as pages of this machine's
 * address are secure contexts, which have more than others. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-pipe",
  "--host-resolver-rules=MAP page.test 127.0.0.1",
];
const PAGE =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="page.js"></script>';
const SCRIPT = readFileSync(new URL("../browser/page.js", import.meta.url));

async function answered(request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (new URL(request.url ?? "", "http://localhost").pathname) {
    case "/":
      response.setHeader("content-type", "text/html").end(PAGE);
      break;
    case "/page.js":
      response.setHeader("content-type", "text/javascript").end(SCRIPT);
      break;
    case "/requests":
      process.stdin.pipe(response);
      break;
    case "/answers":
      process.stdout.write(`${await text(request)}\n`);
      response.writeHead(204).end();
      break;
    case "/trouble":
      process.stderr.write(`the page: ${await text(request)}\n`);
      response.writeHead(204).end();
      break;
    default:
      response.writeHead(404).end();
  }
}

const server = createServer((request, response) => void answered(request, response));
await once(server.listen(0, "127.0.0.1"), "listening");
const { port } = server.address() as AddressInfo;
const profile = mkdtempSync(join(tmpdir(), "loci-chromium-"));
const url = `http://page.test:${port}/?protocol=${process.env.LOCI_AGENT_WEB ?? "grpc-web"}`;
const chromium = spawn("chromium", [...FLAGS, `--user-data-dir=${profile}`, url], {
  stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
});
let said = "";
chromium.stderr?.on("data", (data) => {
  said = `${said}${data}`.slice(-10_000);
});
let isEnding = false;
process.stdin.once("end", () => {
  isEnding = true;
  chromium.kill();
});
const [status] = await once(chromium, "close");
if (!isEnding) {
  process.stderr.write(`chromium ended by itself (${status}):\n${said}\n`);
}
rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
process.exit(isEnding ? 0 : 1);
