import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { ConnectRouter } from "@connectrpc/connect";

import * as errors from "../src/errors/index.js";
import { BulkService, MemoryService, NodeService, WatchService } from "../src/v1.js";
import { connect } from "../src/web.js";
import { Code, failure, servingWeb } from "./serving.js";

let authorization: string | null = null;
let userAgent: string | null = null;
let tries = 0;
let streams = 0;
const chunks: bigint[] = [];

function routes(router: ConnectRouter): void {
  router.rpc(NodeService.method.getNode, async ({ name }, context) => {
    tries += 1;
    authorization = context.requestHeader.get("authorization");
    userAgent = context.requestHeader.get("x-user-agent");
    if (name.endsWith("/none")) {
      throw failure(Code.NotFound, "NODE_NOT_FOUND");
    }
    if (name.endsWith("/busy") && tries < 3) {
      throw failure(Code.Unavailable, "DRAINING", 10);
    }
    if (name.endsWith("/slow")) {
      await sleep(5_000);
    }
    return { node: { name } };
  });
  router.rpc(MemoryService.method.remember, ({ text, requestId }) => ({ node: { text }, reason: requestId }));
  router.rpc(WatchService.method.watch, async function* ({ start }) {
    streams += 1;
    const after = start.case === "resumeToken" ? BigInt(start.value) : 0n;
    for (let revision = after + 1n; revision <= after + 2n; revision++) {
      const token = String(revision);
      const commits = [{ revision, resumeToken: token, changes: [{ name: `change ${revision}` }] }];
      yield { afterRevision: revision - 1n, endRevision: revision, resumeToken: token, commits };
    }
    throw failure(Code.Unavailable, "DRAINING");
  });
  router.rpc(BulkService.method.getImport, () => {
    throw failure(Code.NotFound, "IMPORT_NOT_FOUND");
  });
  router.rpc(BulkService.method.importChunk, ({ items }) => {
    chunks.push(items?.sequence ?? 0n);
    const count = BigInt(items?.items.length ?? 0);
    return { chunk: { sequence: items?.sequence, revision: items?.sequence, nodeCount: count } };
  });
}

/** What browsers throw where a connection cannot be made, or breaks: Chromium, Firefox, Safari. */
const BROKEN = [
  "Failed to fetch",
  "network error",
  "NetworkError when attempting to fetch resource.",
  "Error in input stream",
  "Load failed",
  "The network connection was lost.",
];

const server = await servingWeb(routes);
after(() => server.close());

for (const protocol of ["grpc-web", "connect"] as const) {
  describe(`over ${protocol}`, () => {
    const client = connect({ baseUrl: `http://localhost:${server.port}`, apiKey: "key", protocol });
    after(() => client.close());

    test("a call shows its credential and is answered", async () => {
      assert.equal((await client.nodes.get("a", "b")).name, "graphs/a/nodes/b");
      assert.equal(authorization, "Bearer key");
      assert.match(userAgent ?? "", /^loci-typescript\//);
    });

    test("errors are typed by their reason", async () => {
      await assert.rejects(client.nodes.get("a", "none"), (error: unknown) => {
        return error instanceof errors.NodeNotFound && error.metadata.name === "calls";
      });
    });

    test("calls are tried again", async () => {
      tries = 0;
      await client.nodes.get("a", "busy");
      assert.equal(tries, 3);
    });

    test("a write has a request_id", async () => {
      assert.match((await client.remember("a", "words")).reason, /^[0-9a-f-]{36}$/);
    });

    test("deadline and signal end a call", async () => {
      await assert.rejects(client.nodes.get("a", "slow", { timeoutMs: 100 }), errors.DeadlineExceeded);
      await assert.rejects(client.nodes.get("a", "slow", { signal: AbortSignal.timeout(100) }), errors.Cancelled);
    });

    test("a watch goes on over cut streams", async () => {
      streams = 0;
      const seen: bigint[] = [];
      for await (const commit of client.watch("a", { afterRevision: 0 })) {
        seen.push(commit.revision);
        if (seen.length === 5) {
          break;
        }
      }
      assert.deepEqual(seen, [1n, 2n, 3n, 4n, 5n]);
      assert.equal(streams, 3);
    });

    test("an import goes chunk by chunk", async () => {
      chunks.length = 0;
      const items = Array.from({ length: 25 }, (_, index) => ({ node: { name: `nodes/${index}` } }));
      const summary = await client.importItems("a", items, { chunkSize: 10 });
      assert.deepEqual(chunks, [1n, 2n, 3n]);
      assert.deepEqual([summary.nodeCount, summary.chunkCount, summary.revision], [25n, 3, 3n]);
    });

    test("the end of the client ends its calls", async () => {
      const mine = connect({ baseUrl: `http://localhost:${server.port}`, protocol });
      const running = assert.rejects(mine.nodes.get("a", "slow"), errors.Cancelled);
      await sleep(100);
      mine.close();
      await running;
    });

    test("a fetch that fails is Unavailable, in the words of any browser, before and amid an answer", async () => {
      for (const words of BROKEN) {
        const amid = () => new ReadableStream({ start: (body) => body.error(new TypeError(words)) });
        const type = protocol === "connect" ? "application/proto" : "application/grpc-web+proto";
        const answers = [
          () => Promise.reject(new TypeError(words)),
          async () => new Response(amid(), { headers: { "content-type": type } }),
        ];
        for (const fetch of answers) {
          const mine = connect({ baseUrl: "http://localhost:1", protocol, fetch });
          await assert.rejects(mine.admin.createApiKey({}), errors.Unavailable, words);
          mine.close();
        }
      }
    });

    test("where nobody listens the call is Unavailable", async () => {
      const nobody = connect({ baseUrl: "http://localhost:1", protocol });
      await assert.rejects(nobody.nodes.get("a", "b", { timeoutMs: 300 }), errors.Unavailable);
    });
  });
}
