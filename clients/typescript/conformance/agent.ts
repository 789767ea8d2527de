/**
 * The agent of the conformance driver: does with the client what it is told on standard input, a JSON object a line, and
 * says on standard output how it went. The protocol stands in tests/conformance/README.md.
 */

import { once } from "node:events";
import { createInterface } from "node:readline";

import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";

import { connect } from "../src/index.js";
import { NodeService } from "../src/v1.js";
import { connect as connectWeb } from "../src/web.js";
import { answering, clientOf, type Op } from "./ops.js";

/** With it the client is that for browsers, over this protocol. */
const WEB = process.env.LOCI_AGENT_WEB as "grpc-web" | "connect" | undefined;

const bench: Op = async (request) => {
  const { address, api_key, name, seconds, in_flight, bare } = request;
  const sessionManager = new Http2SessionManager(`http://${address}`);
  const stub = createClient(NodeService, createGrpcTransport({ baseUrl: `http://${address}`, sessionManager }));
  const headers = { authorization: `Bearer ${api_key}` };
  const [, graph = "", , node = ""] = name.split("/");
  const call = bare ? () => stub.getNode({ name }, { headers }) : () => clientOf(request.client).nodes.get(graph, node);
  const until = performance.now() + seconds * 1000;
  let calls = 0;
  const worker = async () => {
    while (performance.now() < until) {
      await call();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: in_flight }, worker));
  sessionManager.abort();
  return { calls };
};

const answer = answering(
  ({ address, api_key, timeout_ms, roots, insecure }) => {
    const common = { apiKey: api_key, timeoutMs: timeout_ms, insecure };
    return WEB === undefined
      ? connect({ ...common, address, tls: roots === undefined ? undefined : { roots } })
      : connectWeb({ ...common, baseUrl: `http://${address}`, protocol: WEB });
  },
  { bench },
);

const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
lines.on("line", async (line) => {
  if (line.trim() !== "") {
    process.stdout.write(`${await answer(line)}\n`);
  }
});
await once(lines, "close");
process.exit(0);
