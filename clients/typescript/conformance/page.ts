/** The agent in a browser: takes requests from the program that has opened the page (browser.ts), and gives it the answers. */

import { connect } from "../src/web.js";
import { answering } from "./ops.js";

const protocol = new URLSearchParams(location.search).get("protocol") === "connect" ? "connect" : "grpc-web";

const answer = answering(
  ({ address, api_key, timeout_ms, insecure }) =>
    connect({ baseUrl: `http://${address}`, apiKey: api_key, timeoutMs: timeout_ms, insecure, protocol }),
  { hello: () => ({ language: "typescript", origin: location.origin }) },
);

addEventListener("error", ({ message }) => tell("trouble", message));
addEventListener("unhandledrejection", ({ reason }) => tell("trouble", String(reason)));

const { body } = await fetch("requests");
const told = (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
let rest = "";
for (let next = await told.read(); !next.done; next = await told.read()) {
  const lines = (rest + next.value).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    void answer(line).then((text) => tell("answers", text));
  }
}

function tell(what: "answers" | "trouble", body: string): void {
  void fetch(what, { method: "POST", body });
}
