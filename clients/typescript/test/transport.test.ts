import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { type AddressInfo, createServer } from "node:net";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { HandlerContext } from "@connectrpc/connect";
import { Credential } from "../src/credential.js";
import * as errors from "../src/errors/index.js";
import { connect, type Loci, VERSION } from "../src/index.js";
import { LociTransport, uuid } from "../src/transport.js";
import { AdminService, BulkService, type CreateNodeRequest, GraphService, NodeService } from "../src/v1.js";
import { slept } from "../src/waiting.js";
import { Code, failure, type Served, serving } from "./serving.js";

type Answer = (context: HandlerContext, tries: number) => object | Promise<object>;

/** What the calls below are answered with, and what came. */
let answer: Answer = () => ({});
let tries = 0;
let requestIds: string[] = [];
let headers: Headers[] = [];

const routes: Parameters<typeof serving>[0] = (router) => {
  const answered = (context: HandlerContext) => {
    tries += 1;
    headers.push(context.requestHeader);
    return answer(context, tries);
  };
  router.rpc(NodeService.method.getNode, (_, context) => answered(context));
  router.rpc(NodeService.method.createNode, (request: CreateNodeRequest, context) => {
    requestIds.push(request.requestId);
    return answered(context);
  });
  router.rpc(AdminService.method.createTenant, (_, context) => answered(context));
  router.rpc(BulkService.method.export, async function* () {
    yield { items: [{ item: { case: "node", value: { name: "graphs/a/nodes/b" } } }], nextPageToken: "more" };
    yield { items: [{ item: { case: "node", value: { name: "graphs/a/nodes/c" } } }], nextPageToken: "" };
    await sleep(100);
  });
  router.rpc(GraphService.method.listGraphs, ({ pageToken, pageSize }) => {
    const page = Number(pageToken || "0");
    const graphs = Array.from({ length: pageSize }, (_, index) => ({ name: `graphs/${page * pageSize + index}` }));
    return { graphs, nextPageToken: page === 2 ? "" : String(page + 1) };
  });
};

const server: Served = await serving(routes);
const client: Loci = connect({ address: server.address, apiKey: "key", userAgent: "mine/1" });
after(async () => {
  client.close();
  await server.close();
});

function given(next: Answer): void {
  answer = next;
  [tries, requestIds, headers] = [0, [], []];
}

const failing = (...failures: (() => Error)[]): Answer => {
  return (_, attempt) => {
    const fail = failures[attempt - 1];
    if (fail !== undefined) {
      throw fail();
    }
    return { node: { name: "graphs/a/nodes/b" } };
  };
};
const unavailable = () => failure(Code.Unavailable, "DATABASE_UNAVAILABLE");

test("a call shows its credential, who it is, and its deadline", async () => {
  given(failing());
  await client.nodes.get("a", "b");
  assert.equal(headers[0]?.get("authorization"), "Bearer key");
  assert.equal(headers[0]?.get("user-agent"), `mine/1 loci-typescript/${VERSION}`);
  assert.match(headers[0]?.get("grpc-timeout") ?? "", /^(30000|29\d{3})m$/);
});

test("a write keeps its request_id over all its tries", async () => {
  given(failing(unavailable, unavailable));
  await client.nodes.create("a", "b");
  assert.equal(tries, 3);
  assert.match(requestIds[0] ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(requestIds).size, 1);
  const first = requestIds[0];
  await client.nodes.create("a", "b");
  assert.notEqual(requestIds.at(-1), first);
  await client.nodes.create("a", "b", {}, { requestId: "mine" });
  assert.equal(requestIds.at(-1), "mine");
});

test("request_ids are UUIDs also where there is no randomUUID", () => {
  assert.equal(uuid(new Uint8Array(16).fill(0xff)), "ffffffff-ffff-4fff-bfff-ffffffffffff");
});

test("a call gives up after four tries, with the typed error", async () => {
  given(failing(...Array.from({ length: 9 }, () => unavailable)));
  await assert.rejects(client.nodes.get("a", "b"), errors.DatabaseUnavailable);
  assert.equal(tries, 4);
});

test("RetryInfo is kept for more than four tries", async () => {
  const busy = () => failure(Code.ResourceExhausted, "TOO_MANY_REQUESTS", 10, "-1");
  given(failing(...Array.from({ length: 6 }, () => busy)));
  await client.nodes.get("a", "b");
  assert.equal(tries, 7);
});

test("an error can be written as JSON, whatever its details are", async () => {
  given(failing(() => failure(Code.Internal, "INTERNAL", 10)));
  await assert.rejects(client.nodes.get("a", "b"), (error) => {
    const { message, ...written } = JSON.parse(JSON.stringify(error));
    const told = {
      name: "Internal",
      code: "INTERNAL",
      reason: "INTERNAL",
      metadata: { name: "calls" },
      violations: [],
    };
    assert.deepEqual(written, { ...told, retryAfterMs: 10 });
    return message === "because of INTERNAL";
  });
});

test("push-back without RetryInfo is kept", async () => {
  const later = () => failure(Code.ResourceExhausted, "RATE_LIMITED", undefined, "150");
  const never = () => failure(Code.ResourceExhausted, "RATE_LIMITED", undefined, "-1");
  given(failing(later, never));
  const start = performance.now();
  await assert.rejects(client.nodes.get("a", "b"), errors.RateLimited);
  assert.equal(tries, 2);
  assert.ok(performance.now() - start >= 145);
});

test("write contention is tried again, a changed etag is not", async () => {
  given(failing(() => failure(Code.Aborted, "WRITE_CONTENTION")));
  await client.nodes.create("a", "b");
  assert.equal(tries, 2);
  given(failing(() => failure(Code.Aborted, "ETAG_MISMATCH")));
  await assert.rejects(client.nodes.create("a", "b"), errors.EtagMismatch);
  assert.equal(tries, 1);
});

test("what may not be repeated is not", async () => {
  given(failing(unavailable));
  await assert.rejects(client.admin.createTenant({ tenantId: "t" }), errors.DatabaseUnavailable);
  assert.equal(tries, 1);
});

test("the deadline covers all tries", async () => {
  given(async () => {
    await sleep(300);
    throw unavailable();
  });
  const start = performance.now();
  await assert.rejects(client.nodes.get("a", "b", { timeoutMs: 500 }), errors.LociError);
  assert.ok(performance.now() - start < 700);
  assert.ok(tries <= 2);
});

test("a call that does not end ends with its deadline", async () => {
  given(() => sleep(5_000, {}));
  await assert.rejects(client.nodes.get("a", "b", { timeoutMs: 100 }), (error: unknown) => {
    return error instanceof errors.DeadlineExceeded && error.code === "DEADLINE_EXCEEDED";
  });
  for (const timeoutMs of [0, -1, Number.NaN, "5000" as unknown as number]) {
    await assert.rejects(client.nodes.get("a", "b", { timeoutMs }), errors.InvalidArgument);
    assert.throws(() => connect({ timeoutMs }), errors.InvalidArgument);
  }
});

test("a signal cancels a call, also while it waits for the next try", async () => {
  given(() => sleep(5_000, {}));
  const start = performance.now();
  const signal = AbortSignal.timeout(100);
  await assert.rejects(client.nodes.get("a", "b", { signal }), (error: unknown) => {
    return error instanceof errors.Cancelled && error.cause === signal.reason;
  });
  given(failing(() => failure(Code.Unavailable, "DRAINING", 900)));
  await assert.rejects(client.nodes.get("a", "b", { signal: AbortSignal.timeout(100) }), errors.Cancelled);
  await assert.rejects(client.nodes.get("a", "b", { signal: AbortSignal.abort() }), errors.Cancelled);
  assert.ok(performance.now() - start < 1_000);
});

test("a message that is too large is refused before it is sent, once", async () => {
  given(failing());
  const text = "x".repeat(17 * 1024 * 1024);
  await assert.rejects(client.nodes.create("a", "b", { text }), (error: unknown) => {
    return error instanceof errors.LimitExceeded && error.code === "INVALID_ARGUMENT";
  });
  assert.equal(tries, 0);
});

test("lists go from page to page", async () => {
  const names: string[] = [];
  for await (const graph of client.graphs.list({ pageSize: 2 })) {
    names.push(graph.name);
  }
  assert.deepEqual(
    names,
    ["0", "1", "2", "3", "4", "5"].map((id) => `graphs/${id}`),
  );
  for await (const graph of client.list(GraphService.method.listGraphs, { pageSize: 2 })) {
    assert.equal(graph.name, "graphs/0");
    break;
  }
  await assert.rejects(client.list(NodeService.method.getNode, {}).next(), errors.InvalidArgument);
});

test("a stream that is left keeps no process alive", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  await sleep(200);
  const before = timers();
  const names: string[] = [];
  for await (const { item } of client.exportItems("a")) {
    names.push(item.value?.name ?? "");
  }
  assert.equal(names.length, 2);
  for await (const _ of client.exportItems("a")) {
    break;
  }
  await sleep(200);
  assert.equal(timers(), before);
});

test("a call waits for a server that restarts", async (t) => {
  // Below the ports that the kernel gives to whoever asks for any: meanwhile this one is nobody else's.
  const own = await serving(routes, randomInt(20_000, 32_000));
  const late = connect({ address: own.address });
  t.after(() => late.close());
  given(failing());
  await late.nodes.get("a", "b");
  await own.close();
  await assert.rejects(late.nodes.get("a", "b", { timeoutMs: 400 }), errors.Unavailable);
  const call = late.nodes.get("a", "b");
  await sleep(1_500);
  const again = await serving(routes, own.port);
  t.after(() => again.close());
  assert.equal((await call).name, "graphs/a/nodes/b");
});

test("thousands may wait at once without a warning, and are woken by the end of the client", async (t) => {
  const warnings: Error[] = [];
  const noted = (warning: Error) => void warnings.push(warning);
  process.on("warning", noted);
  t.after(() => process.off("warning", noted));
  const transport = new LociTransport(undefined as never, { credential: new Credential("key") });
  const { signal } = new AbortController();
  const waits = Array.from({ length: 2_000 }, () => assert.rejects(transport.sleep(60_000, signal), errors.Cancelled));
  await sleep(10);
  transport.close();
  await Promise.all(waits);
  assert.deepEqual(warnings, []);
});

test("who waits is woken by a signal, and by one that was aborted before", async () => {
  const ending = new AbortController();
  const waits = [slept(60_000, undefined, ending.signal), slept(60_000, ending.signal)];
  ending.abort();
  await Promise.all(waits);
  await slept(60_000, ending.signal);
});

test("a server that never answered is named, with the hint at TLS if there is none", async (t) => {
  const hangingUp = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => hangingUp.listen(0, "127.0.0.1", resolve));
  t.after(() => hangingUp.close());
  for (const port of [1, (hangingUp.address() as AddressInfo).port]) {
    for (const tls of [false, true]) {
      const address = `127.0.0.1:${port}`;
      const mine = connect({ address, tls });
      const end = tls ? ` (at ${address})` : ` (at ${address}; if the server wants TLS, give tls: true)`;
      const isNamed = (error: unknown) => error instanceof errors.Unavailable && error.message.endsWith(end);
      await assert.rejects(mine.nodes.get("a", "b"), isNamed);
      await assert.rejects(mine.watch("a", { patienceMs: 1 }).ready(), isNamed);
      mine.close();
    }
  }
  const own = await serving(routes);
  const mine = connect({ address: own.address });
  given(failing());
  await mine.nodes.get("a", "b");
  await own.close();
  await assert.rejects(mine.nodes.get("a", "b", { timeoutMs: 300 }), (error: Error) => {
    return error.message.endsWith(` (at ${own.address})`);
  });
  mine.close();
});

test("a wrong address is told soon", async () => {
  const nobody = connect({ address: "127.0.0.1:1" });
  const start = performance.now();
  await assert.rejects(nobody.nodes.get("a", "b"), errors.Unavailable);
  assert.ok(performance.now() - start < 2_000);
});

test("a call whose connection breaks is tried again", async (t) => {
  const own = await serving(routes);
  const cut = connect({ address: own.address });
  t.after(() => cut.close());
  given((_, attempt) => (attempt === 1 ? sleep(5_000, {}) : { node: { name: "graphs/a/nodes/b" } }));
  const call = cut.nodes.get("a", "b");
  await sleep(200);
  await own.close();
  const again = await serving(routes, own.port);
  t.after(() => again.close());
  assert.equal((await call).name, "graphs/a/nodes/b");
  assert.equal(tries, 2);
});

test("a token is asked for again when it was refused", async () => {
  let token = "old";
  const mine = connect({ address: server.address, token: () => token });
  given((context, attempt) => {
    if (attempt === 1) {
      token = "new";
      throw failure(Code.Unauthenticated, "CREDENTIAL_EXPIRED");
    }
    return { node: { name: context.requestHeader.get("authorization") ?? "" } };
  });
  assert.equal((await mine.nodes.get("a", "b")).name, "Bearer new");
  mine.close();
});

test("after its end a client makes no calls, and what runs is cancelled", async () => {
  const mine = connect({ address: server.address });
  given(() => sleep(5_000, {}));
  const running = mine.nodes.get("a", "b");
  await sleep(100);
  mine.close();
  await assert.rejects(running, errors.Cancelled);
  await assert.rejects(mine.nodes.get("a", "b"), errors.Cancelled);
});
