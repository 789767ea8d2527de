/// <reference lib="esnext.disposable" preserve="true" />
/** Watch: every commit of a graph, or of all, in order, once, over cut connections and restarts. */

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { createAsyncIterable } from "@connectrpc/connect/protocol";

import { Cancelled, InvalidArgument, Unavailable } from "./errors/families.js";
import {
  type CommitChanges,
  WatchFilterSchema,
  type WatchRequest,
  WatchRequestSchema,
  type WatchResponse,
  WatchService,
  WatchStart,
} from "./gen/loci/v1/watch_service_pb.js";
import { completed, graphName } from "./names.js";
import { linked, Patience } from "./resuming.js";
import type { LociTransport } from "./transport.js";
import { made } from "./values.js";
import { type Book, FeedBook, type FeedItem, WatchBook } from "./watching.js";

/** As much as the field can hold is for the server to refuse. */
const LONGEST_INTERVAL_MS = 1e12;

/** Where a watch begins and what it tells. */
export interface WatchAllOptions {
  /** Default `now`: with the next commit. `oldest`: with the first that the log still holds. */
  readonly start?: "now" | "oldest";
  /** Behind the commit, or the watch, that had it. */
  readonly resumeToken?: string;
  /** Which changes; default all. */
  readonly filter?: MessageInitShape<typeof WatchFilterSchema>;
  /** With what was there before each change. */
  readonly includeBefore?: boolean;
  /** How long the server is quiet before it says how far it has come: 1,000 to 60,000; default 15,000. */
  readonly progressIntervalMs?: number;
  /** Milliseconds to go on trying without a message; default for ever. */
  readonly patienceMs?: number;
  /** Ends the watch: it throws Cancelled. */
  readonly signal?: AbortSignal;
}

/** As WatchAllOptions, of one graph. */
export interface WatchOptions extends WatchAllOptions {
  /** Behind this revision. */
  readonly afterRevision?: bigint | number;
}

/** What is told by one watch: iterate it. */
class Stream<Told> implements AsyncIterable<Told>, AsyncDisposable {
  readonly #messages: () => Messages<Told>;
  readonly #book: Book<Told>;
  /** By `ready`, for the iteration. */
  #opened: Promise<Messages<Told>> | undefined;
  #opening: Messages<Told> | undefined;
  /** By the iteration. */
  #read: Messages<Told> | undefined;
  #isClosed = false;

  constructor(transport: LociTransport, request: WatchRequest, options: WatchAllOptions, book: Book<Told>) {
    this.#book = book;
    this.#messages = () => new Messages(transport, request, options, book);
  }

  /** Goes on behind the last commit that was given out. Empty before the first message of the server. */
  get resumeToken(): string {
    return this.#book.resumeToken;
  }

  /**
   * Returns once the server has begun: whatever is written then will be told. Iteration goes on with the same stream;
   * without this, a watch begins when it is iterated. Throws what cannot be bridged.
   */
  async ready(): Promise<void> {
    if (this.#isClosed) {
      throw new Cancelled("the watch is closed", { reason: "" });
    }
    if (this.#read !== undefined) {
      return this.#read.begun;
    }
    this.#opened ??= this.#open();
    await this.#opened;
  }

  /** One loop at a time, which ends when the watch is closed. Throws WatchGap if the server left something out, and what
   * cannot be bridged. */
  [Symbol.asyncIterator](): AsyncGenerator<Told, void> {
    const leaving = new AbortController();
    const told = this.#told(leaving.signal);
    const left = told.return.bind(told);
    // A generator by itself would first wait for the next message.
    told.return = (value) => {
      leaving.abort();
      return left(value);
    };
    return told;
  }

  /** Ends the watch: a loop that reads it ends, and who waits for `ready` gets Cancelled. */
  close(): void {
    this.#isClosed = true;
    this.#opening?.close();
    this.#read?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  async *#told(left: AbortSignal): AsyncGenerator<Told, void> {
    if (this.#isClosed) {
      return;
    }
    const messages = this.#opened === undefined ? this.#messages() : await this.#opened.catch(this.#unlessClosed);
    if (messages === undefined) {
      return;
    }
    if (this.#read !== undefined) {
      throw new InvalidArgument("a watch is read by one loop at a time: open another one");
    }
    this.#opened = undefined;
    this.#opening = undefined;
    this.#read = messages;
    if (left.aborted) {
      messages.close();
    }
    left.addEventListener("abort", () => messages.close(), { once: true });
    try {
      for (;;) {
        const response = await messages.take();
        yield* this.#book.take(response);
        this.#book.passed(response);
      }
    } catch (error) {
      if (!messages.isClosed) {
        throw error;
      }
    } finally {
      this.#read = undefined;
      messages.cancel();
    }
  }

  readonly #unlessClosed = (error: unknown): undefined => {
    if (!this.#isClosed) {
      throw error;
    }
  };

  async #open(): Promise<Messages<Told>> {
    const messages = this.#messages();
    this.#opening = messages;
    try {
      const first = await messages.peek();
      // Kept for the iteration, unless it only says where the watch stands.
      if (first.commits.length === 0 && first.graphEvents.length === 0) {
        Array.from(this.#book.take(await messages.take()));
        this.#book.passed(first);
      }
    } catch (error) {
      this.#opened = undefined;
      this.#opening = undefined;
      messages.cancel();
      throw error;
    }
    return messages;
  }
}

/** The commits of one graph. */
export class Watch extends Stream<CommitChanges> {
  readonly #place: WatchBook;

  constructor(transport: LociTransport, graph: string, options: WatchOptions) {
    if (graph === "-" || graph === "graphs/-") {
      throw new InvalidArgument("`-` is no graph: watchAll tells of all of them");
    }
    const request = requested(graphName(graph), options);
    for (const [index, name] of (request.filter?.names ?? []).entries()) {
      (request.filter as { names: string[] }).names[index] = completed(graph, name);
    }
    const after = options.resumeToken || options.afterRevision === undefined ? undefined : whole(options.afterRevision);
    if (after !== undefined) {
      request.start = { case: "afterRevision", value: after };
    }
    const place = new WatchBook(options.resumeToken ?? "", after, isDense(request));
    super(transport, request, options, place);
    this.#place = place;
  }

  /** All commits up to here were given out, or did not pass the filter. */
  get revision(): bigint {
    return this.#place.revision;
  }
}

/** The commits of all graphs, and what became of these. */
export class WatchAll extends Stream<FeedItem> {
  constructor(transport: LociTransport, options: WatchAllOptions) {
    const request = requested("graphs/-", options);
    super(transport, request, options, new FeedBook(options.resumeToken ?? "", isDense(request)));
  }
}

/** The messages of the server, over cut connections. */
class Messages<Told> {
  readonly #transport: LociTransport;
  readonly #request: WatchRequest;
  readonly #signal: AbortSignal;
  readonly #book: Book<Told>;
  readonly #patience: Patience;
  readonly #closing = new AbortController();
  #call: AbortController | undefined;
  #responses: AsyncIterator<WatchResponse> | undefined;
  #first: WatchResponse | undefined;
  /** Settled by the first message, or by what came in its place. */
  readonly begun: Promise<void>;
  #begin: () => void = () => undefined;
  #fail: (failure: unknown) => void = () => undefined;

  constructor(transport: LociTransport, request: WatchRequest, options: WatchAllOptions, book: Book<Told>) {
    this.begun = new Promise((resolve, reject) => {
      this.#begin = resolve;
      this.#fail = reject;
    });
    this.begun.catch(() => undefined);
    this.#transport = transport;
    this.#request = request;
    this.#signal = linked(this.#closing.signal, options.signal);
    this.#book = book;
    this.#patience = new Patience(transport, { ...options, signal: this.#signal }, Number.POSITIVE_INFINITY);
  }

  /** The message that `take` gives next. */
  async peek(): Promise<WatchResponse> {
    this.#first ??= await this.take();
    return this.#first;
  }

  /** The next message; the one before is done with. Throws what cannot be bridged. */
  async take(): Promise<WatchResponse> {
    const first = this.#first;
    if (first !== undefined) {
      this.#first = undefined;
      return first;
    }
    this.#patience.touched(); // what was done with the message before it does not count
    for (;;) {
      let failure: unknown = new Unavailable("the server ended the stream", { reason: "" });
      try {
        this.#responses ??= await this.#connect();
        const next = await this.#responses.next();
        if (!next.done) {
          this.#patience.moved();
          this.#begin();
          return next.value;
        }
      } catch (error) {
        failure = error;
      }
      this.cancel();
      await this.#patience.rest(failure).catch((error: unknown) => {
        this.#fail(error);
        throw error;
      });
    }
  }

  /** Whether no other message is taken. */
  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Ends what waits for a message, and takes no other. */
  close(): void {
    this.#closing.abort();
    this.cancel();
  }

  /** Ends the call. */
  cancel(): void {
    this.#call?.abort();
    this.#responses?.return?.().catch(() => undefined);
    this.#call = undefined;
    this.#responses = undefined;
  }

  /** Behind what was given out. */
  async #connect(): Promise<AsyncIterator<WatchResponse>> {
    this.#book.connect();
    if (this.#book.resumeToken !== "") {
      this.#request.start = { case: "resumeToken", value: this.#book.resumeToken };
    }
    this.#call = new AbortController();
    const signal = linked(this.#call.signal, this.#signal);
    const header = await this.#patience.header();
    const input = createAsyncIterable([this.#request]);
    const stream = await this.#transport.stream(WatchService.method.watch, signal, undefined, header, input);
    return stream.message[Symbol.asyncIterator]();
  }
}

function requested(parent: string, options: WatchAllOptions): WatchRequest {
  const interval = options.progressIntervalMs ?? 15_000;
  if (!(interval >= 0 && interval <= LONGEST_INTERVAL_MS)) {
    throw new InvalidArgument("progressIntervalMs must be a number of milliseconds");
  }
  return made(WatchRequestSchema, {
    parent,
    start: options.resumeToken
      ? { case: "resumeToken", value: options.resumeToken }
      : { case: "position", value: options.start === "oldest" ? WatchStart.OLDEST : WatchStart.NOW },
    filter: options.filter === undefined ? undefined : copied(options.filter),
    includeBefore: options.includeBefore ?? false,
    progressInterval: { seconds: BigInt(Math.floor(interval / 1000)), nanos: Math.round((interval % 1000) * 1e6) },
  });
}

/** Throws InvalidArgument for a number that is no revision, or may not be the one that was meant. */
function whole(revision: bigint | number): bigint {
  if (typeof revision === "number" && !Number.isSafeInteger(revision)) {
    throw new InvalidArgument("afterRevision must be a whole number; above 2^53 as a bigint");
  }
  return BigInt(revision);
}

/** So that the caller's own is not changed when names are completed. */
function copied(filter: MessageInitShape<typeof WatchFilterSchema>): MessageInitShape<typeof WatchFilterSchema> {
  const { nodeTypes = [], relations = [], names = [], kinds = [] } = filter;
  return create(WatchFilterSchema, { nodeTypes, relations, names: [...names], kinds });
}

/** Without a filter, each revision has its commit. */
function isDense({ filter }: WatchRequest): boolean {
  return (
    filter === undefined ||
    filter.nodeTypes.length + filter.relations.length + filter.names.length + filter.kinds.length === 0
  );
}
