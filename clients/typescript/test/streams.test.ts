import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { create } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";

import * as errors from "../src/errors/index.js";
import { connect, type Item, type Loci, type Token } from "../src/index.js";
import { BulkService, type ImportRequest, ImportRequestSchema, ItemErrorSchema, WatchService } from "../src/v1.js";
import { Code, failure, type Served, serving } from "./serving.js";

type Messages = AsyncGenerator<object, void>;

/** How the streams below go, and how many there were. */
let watched: (context: HandlerContext, stream: number) => Messages = quiet;
let imported: (requests: AsyncIterable<ImportRequest>, context: HandlerContext, stream: number) => Messages = all;
let exported: (context: HandlerContext, stream: number) => Messages = quiet;
let streams = 0;

const server: Served = await serving((router) => {
  router.rpc(WatchService.method.watch, (_, context) => watched(context, ++streams));
  router.rpc(BulkService.method.import, (requests, context) => imported(requests, context, ++streams));
  router.rpc(BulkService.method.export, (_, context) => exported(context, ++streams));
});
const client: Loci = connect({ address: server.address });
after(async () => {
  client.close();
  await server.close();
});

/** Says nothing until it is left. */
async function* quiet(context: HandlerContext): Messages {
  yield { afterRevision: 0n, endRevision: 0n, resumeToken: "0" };
  await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
}

/** Acknowledges all. */
async function* all(requests: AsyncIterable<ImportRequest>): Messages {
  for await (const { request } of requests) {
    if (request.case === "header") {
      yield { response: { case: "state", value: { nextSequence: 1n } } };
    } else if (request.case === "items") {
      const { sequence, items } = request.value;
      yield { response: { case: "chunk", value: { sequence, nodeCount: BigInt(items.length), revision: sequence } } };
    }
  }
}

async function* only(request: ImportRequest["request"]): AsyncGenerator<ImportRequest, void> {
  yield create(ImportRequestSchema, { request });
}

function refusing(tokens: string[], context: HandlerContext): void {
  const shown = context.requestHeader.get("authorization");
  if (shown === null || !tokens.includes(shown)) {
    throw failure(Code.Unauthenticated, "CREDENTIAL_EXPIRED");
  }
}

function counted(): Token {
  let number = 0;
  return () => `t${++number}`;
}

const node = (id: string): Item => ({ node: { name: `nodes/${id}` } });

test("the end of the client ends its watches, imports and exports", { timeout: 10_000 }, async () => {
  const mine = connect({ address: server.address });
  watched = quiet;
  exported = async function* () {
    yield { items: [], nextPageToken: "more" };
    throw failure(Code.Unavailable, "DRAINING");
  };
  imported = async function* (_, context) {
    yield { response: { case: "state", value: { nextSequence: 1n } } };
    await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
  };
  const ends = [
    mine.watch("a")[Symbol.asyncIterator]().next(),
    mine.importItems("a", [node("b")]),
    mine.exportItems("a").next(),
  ].map((end) => assert.rejects(end, errors.Cancelled));
  await sleep(200);
  mine.close();
  await Promise.all(ends);
  await assert.rejects(mine.watch("a").ready(), errors.Cancelled);
});

test("a stream that is neither read on nor left keeps no process alive once its client has ended", async () => {
  const mine = connect({ address: server.address });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  exported = async function* (context) {
    yield { nextPageToken: "more", items: [{}] };
    yield* quiet(context);
  };
  await mine.exportItems("a").next();
  assert.ok(timers() > before);
  mine.close();
  for (const until = performance.now() + 5_000; timers() > before && performance.now() < until; ) {
    await sleep(20);
  }
  assert.ok(timers() <= before);
});

test("an import ends with the error of its items, whatever that is", { timeout: 10_000 }, async () => {
  imported = all;
  const cause = new errors.Unavailable("the other server", { reason: "" });
  async function* items() {
    yield node("b");
    throw cause;
  }
  await assert.rejects(client.importItems("a", items(), { chunkSize: 1 }), (error) => error === cause);
  const progress = () => {
    throw cause;
  };
  await assert.rejects(client.importItems("a", [node("b")], { progress }), (error) => error === cause);
});

test("an import that fails lets go of its items, and names the bad ones", async () => {
  const status = { code: 6, message: "taken" };
  imported = async function* (requests) {
    for await (const { request } of requests) {
      yield request.case === "items"
        ? { response: { case: "chunk", value: { sequence: request.value.sequence, errors: [{ index: 1, status }] } } }
        : { response: { case: "state", value: { nextSequence: 1n } } };
    }
  };
  let isLeft = false;
  function* items() {
    try {
      for (;;) {
        yield node("b");
      }
    } finally {
      isLeft = true;
    }
  }
  await assert.rejects(client.importItems("a", items(), { chunkSize: 2 }), (error) => {
    assert.ok(error instanceof errors.BadItems);
    assert.deepEqual(
      error.items.map(({ index, status }) => [index, status?.message]),
      [[1, "taken"]],
    );
    return true;
  });
  assert.ok(isLeft);
});

test("bad items of an answer that ends an import are named by their places among all", async () => {
  imported = async function* (requests) {
    for await (const { request } of requests) {
      if (request.case === "items" && request.value.sequence === 2n) {
        const bad = failure(Code.InvalidArgument, "BAD_ITEMS");
        const value = create(ItemErrorSchema, { index: 1, status: { code: 6, message: "taken" } });
        bad.details.push({ desc: ItemErrorSchema, value });
        throw bad;
      }
      yield* all(only(request));
    }
  };
  const items = Array.from({ length: 9 }, () => node("b"));
  await assert.rejects(client.importItems("a", items, { chunkSize: 3 }), (error) => {
    assert.ok(error instanceof errors.BadItems);
    assert.equal(error.items[0]?.index, 4);
    return /the first is item 4: taken$/.test(error.message);
  });
});

test("an import whose items do not come ends with its signal", { timeout: 10_000 }, async () => {
  imported = all;
  async function* items() {
    yield node("b");
    await new Promise(() => undefined);
  }
  const signal = AbortSignal.timeout(200);
  await assert.rejects(client.importItems("a", items(), { chunkSize: 1, signal }), errors.Cancelled);
});

test("an import of which all is acknowledged is done, however its connection ends", async () => {
  imported = async function* (requests, _, stream) {
    if (stream > 1) {
      throw failure(Code.PermissionDenied, "SCOPE_MISSING");
    }
    yield* all(
      (async function* () {
        for await (const request of requests) {
          yield request;
          if (request.request.case === "items") {
            return;
          }
        }
      })(),
    );
    throw failure(Code.Unavailable, "DRAINING");
  };
  streams = 0;
  assert.equal((await client.importItems("a", [node("b")])).nodeCount, 1n);
});

test("a watch asks once for another token between two messages", { timeout: 10_000 }, async () => {
  const mine = connect({ address: server.address, token: counted() });
  watched = async function* (context) {
    refusing([], context);
    yield {};
  };
  streams = 0;
  await assert.rejects(mine.watch("a").ready(), errors.CredentialExpired);
  assert.equal(streams, 2);
  mine.close();
});

test("imports and exports go on with another token when theirs has ended", async () => {
  let token = "old";
  const mine = connect({ address: server.address, token: () => token });
  imported = async function* (requests, context) {
    token = "new";
    refusing(["Bearer new"], context);
    yield* all(requests);
  };
  assert.equal((await mine.importItems("a", [node("b")])).nodeCount, 1n);
  token = "old";
  exported = async function* (context) {
    token = "new";
    refusing(["Bearer new"], context);
    yield { items: [{ item: { case: "node", value: { name: "graphs/a/nodes/b" } } }] };
  };
  const { value } = await mine.exportItems("a").next();
  assert.equal(value?.item.value?.name, "graphs/a/nodes/b");
  mine.close();
});

test("a token that does not come is waited for no longer than the deadline or the signal allows", async () => {
  const mine = connect({ address: server.address, token: () => new Promise<string>(() => undefined) });
  await assert.rejects(mine.nodes.get("a", "b", { timeoutMs: 100 }), errors.DeadlineExceeded);
  const signal = AbortSignal.timeout(100);
  await assert.rejects(mine.nodes.get("a", "b", { signal }), errors.Cancelled);
  await assert.rejects(mine.importItems("a", [], { signal: AbortSignal.timeout(100) }), errors.Cancelled);
  mine.close();
});

test("what a reader does between two messages does not count as waiting", async () => {
  watched = async function* (_, stream) {
    const revision = BigInt(stream);
    const commits = [{ graph: "graphs/a", revision, resumeToken: `${revision}`, changes: [{}] }];
    yield { afterRevision: revision - 1n, endRevision: revision, resumeToken: `${revision}`, commits };
    throw failure(Code.Unavailable, "DRAINING");
  };
  streams = 0;
  const seen: bigint[] = [];
  for await (const { revision } of client.watch("a", { afterRevision: 0, patienceMs: 1_000 })) {
    seen.push(revision);
    if (revision === 2n) {
      break;
    }
    await sleep(1_200);
  }
  assert.deepEqual(seen, [1n, 2n]);
});

test("a watch that is closed ends its loop, also one that waits, and its stream", { timeout: 10_000 }, async () => {
  let ended = () => {};
  let end = Promise.resolve();
  watched = async function* (context) {
    end = new Promise((resolve) => {
      ended = resolve;
    });
    yield* quiet(context);
    ended();
  };
  const unread = client.watch("a");
  await unread.ready();
  unread.close();
  await end;
  await assert.rejects(unread.ready(), errors.Cancelled);
  for await (const _ of unread) {
    assert.fail("it is closed");
  }

  const waiting = client.watch("a");
  const next = waiting[Symbol.asyncIterator]().next();
  await waiting.ready();
  await waiting[Symbol.asyncDispose]();
  assert.deepEqual(await next, { done: true, value: undefined });
  await end;

  watched = async function* (context) {
    await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
  };
  const silent = client.watch("a");
  const begun = assert.rejects(silent.ready(), errors.Cancelled);
  const told = silent[Symbol.asyncIterator]().next();
  silent.close();
  await begun;
  assert.equal((await told).done, true);
});

test("whoever leaves a watch does not wait for its next commit", { timeout: 10_000 }, async () => {
  watched = quiet;
  const watch = client.watch("a");
  const told = watch[Symbol.asyncIterator]();
  const next = told.next();
  await watch.ready();
  assert.equal((await told.return()).done, true);
  assert.equal((await next).done, true);
  watched = async function* () {
    const commits = [{ graph: "graphs/a", revision: 1n, resumeToken: "1", changes: [{}] }];
    yield { afterRevision: 0n, endRevision: 1n, resumeToken: "1", commits };
  };
  for await (const { revision } of watch) {
    assert.equal(revision, 1n);
    break;
  }
});

test("a watch refuses what is no revision and no interval", () => {
  for (const afterRevision of [1.5, Number.NaN, 2 ** 60]) {
    assert.throws(() => client.watch("a", { afterRevision }), errors.InvalidArgument);
  }
  assert.throws(() => client.watch("a", { progressIntervalMs: Number.NaN }), errors.InvalidArgument);
});

test("whoever reads a watch can wait for its begin beside, and is its only reader", { timeout: 10_000 }, async () => {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  watched = async function* (context) {
    await begun;
    yield* quiet(context);
  };
  streams = 0;
  const ending = new AbortController();
  const watch = client.watch("a", { signal: ending.signal });
  const next = assert.rejects(watch[Symbol.asyncIterator]().next(), errors.Cancelled);
  const ready = [watch.ready(), watch.ready()];
  await assert.rejects(watch[Symbol.asyncIterator]().next(), errors.InvalidArgument);
  begin();
  await Promise.all(ready);
  ending.abort();
  await next;
  assert.equal(streams, 1);
});
