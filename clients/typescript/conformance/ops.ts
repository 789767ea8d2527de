/** What an agent does with the client when it is told to, in Node and in browsers. The protocol stands in
 * tests/conformance/README.md. */

import {
  createRegistry,
  type DescMessage,
  type DescMethodUnary,
  fromJson,
  type JsonObject,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
  toJson,
} from "@bufbuild/protobuf";

import {
  BadItems,
  type FeedItem,
  fromStatus,
  type ImportOptions,
  InvalidArgument,
  type Loci,
  LociError,
  type Watch,
  type WatchAll,
} from "../src/exports.js";
import { file_google_rpc_error_details } from "../src/gen/google/rpc/error_details_pb.js";
import * as v1 from "../src/v1.js";

/** A request; which members an op has stands in the README. */
export interface Request {
  readonly id: number;
  readonly op: string;
  readonly client: string;
  readonly address: string;
  readonly api_key?: string;
  readonly timeout_ms?: number;
  readonly roots?: string;
  readonly insecure?: boolean;
  readonly method: string;
  readonly request?: JsonObject;
  readonly cancel_after_ms?: number;
  readonly limit?: number;
  readonly graph: string;
  readonly graphs: string[];
  readonly text: string;
  readonly query: string;
  readonly names: string[];
  readonly items: JsonValue[];
  readonly import_id?: string;
  readonly on_error?: "abort" | "skip";
  readonly on_conflict?: "fail" | "keep" | "replace";
  readonly chunk_size?: number;
  readonly watch: string;
  readonly start?: "now" | "oldest";
  readonly after_revision?: number;
  readonly resume_token?: string;
  readonly filter?: JsonObject;
  readonly count: number;
  readonly name: string;
  readonly seconds: number;
  readonly in_flight: number;
  readonly bare: boolean;
}

/** One of them. */
export type Op = (request: Request) => JsonObject | Promise<JsonObject>;

/** A watch under way. Its commits are read ahead, so that `next` can give up waiting without losing one. */
interface Feed {
  readonly watch: Watch | WatchAll;
  readonly ending: AbortController;
  readonly told: AsyncIterator<FeedItem>;
  pending: Promise<IteratorResult<FeedItem>> | undefined;
  resumeToken: string;
}

class TimedOut extends Error {}

const SERVICES = Object.values(v1).filter(
  (value) => "kind" in Object(value) && (value as DescMessage).kind !== undefined,
);
const METHODS = new Map<string, DescMethodUnary>();
for (const known of SERVICES as { kind: string; name: string; methods: DescMethodUnary[] }[]) {
  if (known.kind === "service") {
    for (const method of known.methods) {
      METHODS.set(`${known.name}/${method.name}`, method);
    }
  }
}
const registry = createRegistry(file_google_rpc_error_details, v1.file_loci_v1_bulk_service);
const clients = new Map<string, Loci>();
const feeds = new Map<string, Feed>();

const OPS: Record<string, Op> = {
  hello: () => ({ language: "typescript" }),
  close: ({ client }) => {
    clientOf(client).close();
    clients.delete(client);
    return {};
  },
  call: async (request) => {
    const method = methodOf(request.method);
    const signal = request.cancel_after_ms === undefined ? undefined : AbortSignal.timeout(request.cancel_after_ms);
    const options = { timeoutMs: request.timeout_ms, signal };
    return answered(
      method.output,
      await clientOf(request.client).call(method, message(method.input, request), options),
    );
  },
  remember: async (request) => {
    const options = message(v1.RememberRequestSchema, request);
    const answer = await clientOf(request.client).remember(request.graph, request.text, options);
    return answered(v1.RememberResponseSchema, answer);
  },
  recall: async (request) => {
    const options = message(v1.RecallRequestSchema, request);
    const answer = await clientOf(request.client).recall(request.graphs, request.query, options);
    return answered(v1.RecallResponseSchema, answer);
  },
  forget: async (request) => {
    const options = message(v1.ForgetRequestSchema, request);
    const answer = await clientOf(request.client).forget(request.graph, request.names, options);
    return answered(v1.ForgetResponseSchema, answer);
  },
  list: async (request) => {
    const method = methodOf(request.method);
    const schema = method.output.fields.find((field) => field.fieldKind === "list")?.message as DescMessage;
    const items: JsonValue[] = [];
    const limit = request.limit ?? Number.POSITIVE_INFINITY;
    for await (const item of clientOf(request.client).list(method, message(method.input, request))) {
      items.push(json(schema, item as MessageShape<DescMessage>));
      if (items.length >= limit) {
        break;
      }
    }
    return { items };
  },
  import: async (request) => {
    const items = request.items.map((item) => fromJson(v1.BulkItemSchema, item, { registry }));
    const options: ImportOptions = {
      importId: request.import_id,
      onError: request.on_error,
      onConflict: request.on_conflict,
      chunkSize: request.chunk_size,
    };
    const summary = await clientOf(request.client).importItems(request.graph, items, options);
    return {
      summary: {
        node_count: Number(summary.nodeCount),
        edge_count: Number(summary.edgeCount),
        failed_count: Number(summary.failedCount),
        kept_count: Number(summary.keptCount),
        chunk_count: summary.chunkCount,
        skipped_chunk_count: summary.skippedChunkCount,
        revision: Number(summary.revision),
        errors: summary.errors.map(({ index, error }) => ({ index, reason: error.reason })),
      },
    };
  },
  export: async ({ client, graph }) => {
    const items: JsonValue[] = [];
    for await (const item of clientOf(client).exportItems(graph)) {
      items.push(json(v1.BulkItemSchema, item));
    }
    return { items };
  },
  watch: async (request) => {
    const ending = new AbortController();
    const options = {
      start: request.start,
      resumeToken: request.resume_token,
      filter: request.filter === undefined ? undefined : fromJson(v1.WatchFilterSchema, request.filter),
      signal: ending.signal,
    };
    const client = clientOf(request.client);
    const watch =
      request.graph === "-"
        ? client.watchAll(options)
        : client.watch(request.graph, { ...options, afterRevision: request.after_revision });
    await watch.ready();
    const told = (watch as AsyncIterable<FeedItem>)[Symbol.asyncIterator]();
    feeds.set(request.watch, { watch, ending, told, pending: undefined, resumeToken: watch.resumeToken });
    return {};
  },
  next: async (request) => {
    const feed = feedOf(request.watch);
    const commits: JsonValue[] = [];
    const deadline = performance.now() + (request.timeout_ms ?? 10_000);
    while (commits.length < request.count) {
      feed.pending ??= feed.told.next();
      const next = await within(feed.pending, deadline - performance.now());
      feed.pending = undefined;
      if (next.done) {
        break;
      }
      const isCommit = next.value.$typeName === v1.CommitChangesSchema.typeName;
      commits.push(json(isCommit ? v1.CommitChangesSchema : v1.GraphEventSchema, next.value));
      feed.resumeToken = feed.watch.resumeToken;
    }
    return { commits, resume_token: feed.resumeToken };
  },
  unwatch: ({ watch }) => {
    const feed = feedOf(watch);
    feed.ending.abort();
    feed.pending?.catch(() => undefined);
    feeds.delete(watch);
    return {};
  },
};

/** What answers a line with a line, with clients that are made by `connect`, and with `more` operations. */
export function answering(
  connect: (request: Request) => Loci,
  more: Record<string, Op> = {},
): (line: string) => Promise<string> {
  const connected: Op = (request) => {
    clients.set(request.client, connect(request));
    return {};
  };
  const ops: Record<string, Op> = { ...OPS, connect: connected, ...more };
  return async (line) => {
    const request = JSON.parse(line) as Request;
    let answer: JsonObject;
    try {
      const op = ops[request.op];
      if (op === undefined) {
        throw new Error(`there is no op ${request.op}`);
      }
      answer = { id: request.id, result: await op(request) };
    } catch (error) {
      answer = { id: request.id, error: told(error) };
    }
    return JSON.stringify(answer);
  };
}

/** The client of that name. */
export function clientOf(name: string): Loci {
  const client = clients.get(name);
  if (client === undefined) {
    throw new Error(`there is no client ${name}`);
  }
  return client;
}

function feedOf(name: string): Feed {
  const feed = feeds.get(name);
  if (feed === undefined) {
    throw new Error(`there is no watch ${name}`);
  }
  return feed;
}

function methodOf(name: string): DescMethodUnary {
  const method = METHODS.get(name);
  if (method === undefined) {
    throw new Error(`there is no method ${name}`);
  }
  return method;
}

/** The member `request`, as a message. */
function message<Schema extends DescMessage>(
  schema: Schema,
  request: Request,
): MessageShape<Schema> & MessageInitShape<Schema> {
  return fromJson(schema, request.request ?? {}, { registry }) as MessageShape<Schema> & MessageInitShape<Schema>;
}

function json<Schema extends DescMessage>(schema: Schema, value: MessageShape<Schema>): JsonValue {
  return toJson(schema, value, { useProtoFieldName: true, registry });
}

function answered<Schema extends DescMessage>(schema: Schema, response: MessageShape<Schema>): JsonObject {
  return { response: json(schema, response) };
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut("nothing came in time")), Math.max(ms, 0));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function told(error: unknown): JsonObject {
  if (error instanceof LociError) {
    const { code, reason, name, message: text, metadata, retryAfterMs, violations } = error;
    const refused = error instanceof InvalidArgument && error.cause === undefined && reason === "";
    return {
      code,
      type: refused ? "InvalidArgument" : name,
      message: text,
      ...(reason === "" ? {} : { reason }),
      ...(Object.keys(metadata).length === 0 ? {} : { metadata: { ...metadata } }),
      ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
      ...(violations.length === 0 ? {} : { violations: violations.map((violation) => ({ ...violation })) }),
      ...(error instanceof BadItems ? { items: badItems(error) } : {}),
    };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return error instanceof TimedOut ? { code: "TIMEOUT", message: error.message } : { code: "AGENT", message: text };
}

function badItems({ items }: BadItems): JsonObject[] {
  return items.map(({ index, status }) => ({ index, reason: status === undefined ? "" : fromStatus(status).reason }));
}
