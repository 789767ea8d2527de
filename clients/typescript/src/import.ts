/** Import: any number of items in acknowledged chunks, each applied exactly once, over cut connections. */

import { create } from "@bufbuild/protobuf";

import { Calls } from "./calls.js";
import { InvalidArgument, Unavailable } from "./errors/families.js";
import { ImportNotFound } from "./errors/reasons.js";
import {
  type BulkItem,
  BulkService,
  ConflictPolicy,
  ErrorPolicy,
  type ImportHeader,
  ImportHeaderSchema,
  type ImportItems,
  type ImportRequest,
  ImportRequestSchema,
  type ImportResponse,
  type ImportState,
  ImportStateSchema,
} from "./gen/loci/v1/bulk_service_pb.js";
import { chunks, ImportBook, type ImportSummary, type Item } from "./importing.js";
import { graphName } from "./names.js";
import { linked, Patience, type PatientOptions } from "./resuming.js";
import { type CallOptions, type LociTransport, newRequestId } from "./transport.js";

/** How to import. */
export interface ImportOptions extends PatientOptions {
  /** Names the import: give the same again, with the same items and chunkSize, to go on in another process. */
  readonly importId?: string;
  /** Default `abort`: throws BadItems. `skip`: bad items are left out and named in the summary. */
  readonly onError?: "abort" | "skip";
  /** What to do with an id that is taken; default `fail`. */
  readonly onConflict?: "fail" | "keep" | "replace";
  /** Keep createTime and updateTime of the items. */
  readonly keepTimes?: boolean;
  /** Items in one chunk: 1 to 10,000; default 1,000. */
  readonly chunkSize?: number;
  /** Called after each chunk. */
  readonly progress?: (summary: Readonly<ImportSummary>) => void;
}

/** BulkService, inwards. */
export class Imports extends Calls {
  readonly #bidirectional: boolean;

  /** `bidirectional`: whether the transport can send and receive at once, as browsers cannot. */
  constructor(transport: LociTransport, bidirectional: boolean) {
    super(transport);
    this.#bidirectional = bidirectional;
  }

  /**
   * Writes nodes and edges, in chunks that are each one commit. Nodes must come before the edges at them. A cut
   * connection is taken up again by itself.
   */
  async run(
    graph: string,
    items: Iterable<Item> | AsyncIterable<Item>,
    options: ImportOptions,
  ): Promise<ImportSummary> {
    const chunkSize = options.chunkSize ?? 1000;
    if (!(Number.isInteger(chunkSize) && chunkSize >= 1 && chunkSize <= 10_000)) {
      throw new InvalidArgument("chunkSize must be from 1 to 10,000");
    }
    const header = create(ImportHeaderSchema, {
      parent: graphName(graph),
      importId: options.importId || newRequestId(),
      options: {
        onError: ERROR_POLICIES[options.onError ?? "abort"],
        onConflict: CONFLICT_POLICIES[options.onConflict ?? "fail"],
        keepTimes: options.keepTimes ?? false,
      },
    });
    const run = new Run(
      header,
      options.onError !== "skip",
      chunks(graph, items, chunkSize),
      new Patience(this.transport, options),
      options.progress,
    );
    try {
      return await this.#connected(run, options.signal);
    } finally {
      await run.leave();
    }
  }

  /** Over as many connections as it takes. */
  async #connected(run: Run, signal: AbortSignal | undefined): Promise<ImportSummary> {
    for (;;) {
      let failure: unknown = new Unavailable("the server ended the stream early", { reason: "" });
      try {
        await (this.#bidirectional ? this.#stream(run, signal) : this.#callByCall(run, signal));
      } catch (error) {
        failure = error;
      }
      if (failure instanceof OwnDoing) {
        throw failure.cause;
      }
      if (run.isComplete) {
        return run.book.summary; // all is acknowledged, however the connection ended
      }
      await run.patience.rest(failure);
    }
  }

  /** How far an import has come. Throws ImportNotFound. */
  async state(graph: string, importId: string, options?: CallOptions): Promise<ImportState> {
    const answer = await this.unary(BulkService.method.getImport, { parent: graphName(graph), importId }, options);
    return answer.import ?? create(ImportStateSchema);
  }

  /** One connection. */
  async #stream(run: Run, given: AbortSignal | undefined): Promise<void> {
    const call = new AbortController();
    const queue = new Queue<ImportRequest>();
    queue.put(create(ImportRequestSchema, { request: { case: "header", value: run.header } }));
    try {
      const method = BulkService.method.import;
      const signal = linked(call.signal, given);
      const header = await run.patience.header();
      const stream = await this.transport.stream(method, signal, run.patience.connectionMs, header, queue);
      for await (const answer of located(run.book, stream.message)) {
        for (const items of await run.answered(answer)) {
          queue.put(create(ImportRequestSchema, { request: { case: "items", value: items } }));
        }
        if (run.isComplete) {
          queue.end();
        }
      }
    } finally {
      queue.end();
      call.abort();
    }
  }

  /** The same over unary calls, one after the other. */
  async #callByCall(run: Run, signal: AbortSignal | undefined): Promise<void> {
    const { parent, importId, options } = run.header;
    const waiting = await run.answered({ response: { case: "state", value: await this.#begun(run.header, signal) } });
    for (let items = waiting.shift(); items !== undefined; items = waiting.shift()) {
      const request = { parent, importId, options, items };
      const { chunk } = await this.unary(BulkService.method.importChunk, request, { signal }).catch(
        (error: unknown) => {
          throw run.book.located(error);
        },
      );
      if (chunk !== undefined) {
        waiting.push(...(await run.answered({ response: { case: "chunk", value: chunk } })));
      }
    }
  }

  async #begun({ parent, importId }: ImportHeader, signal: AbortSignal | undefined): Promise<ImportState> {
    try {
      return await this.state(parent, importId, { signal });
    } catch (error) {
      if (error instanceof ImportNotFound) {
        return create(ImportStateSchema, { importId, nextSequence: 1n });
      }
      throw error;
    }
  }
}

/** Answers; what ends them says which of all items are bad. */
async function* located<T>(book: ImportBook, answers: AsyncIterable<T>): AsyncGenerator<T, void> {
  try {
    yield* answers;
  } catch (error) {
    throw book.located(error);
  }
}

const ERROR_POLICIES = { abort: ErrorPolicy.ABORT, skip: ErrorPolicy.SKIP };
const CONFLICT_POLICIES = {
  fail: ConflictPolicy.FAIL,
  keep: ConflictPolicy.KEEP,
  replace: ConflictPolicy.REPLACE,
};

/** What the items, or `progress`, threw: no other connection mends it, whatever error it is. */
class OwnDoing extends Error {
  constructor(cause: unknown) {
    super("the import's caller failed", { cause });
  }
}

/** The source of chunks and the book, which outlive the connections. */
class Run {
  readonly header: ImportHeader;
  readonly book: ImportBook;
  readonly patience: Patience;
  readonly #chunks: AsyncGenerator<BulkItem[], void>;
  readonly #progress: ImportOptions["progress"];
  #exhausted = false;
  /** A chunk that is waited for. */
  #next: Promise<IteratorResult<BulkItem[], void>> | undefined;

  constructor(
    header: ImportHeader,
    strict: boolean,
    chunks: AsyncGenerator<BulkItem[], void>,
    patience: Patience,
    progress: ImportOptions["progress"],
  ) {
    this.header = header;
    this.book = new ImportBook(header.importId, strict);
    this.patience = patience;
    this.#chunks = chunks;
    this.#progress = progress;
  }

  get isComplete(): boolean {
    return this.#exhausted && this.book.isEmpty;
  }

  /** Takes an answer and gives the chunks that may be sent now. */
  async answered({ response }: Pick<ImportResponse, "response">): Promise<ImportItems[]> {
    if (response.case === "state") {
      this.book.connected(response.value);
    } else if (response.case === "chunk") {
      this.book.acknowledge(response.value);
      this.patience.moved();
      this.#tell();
    }
    while (!this.#exhausted && this.book.hasRoom) {
      const next = await this.#taken();
      this.patience.touched();
      if (next.done) {
        this.#exhausted = true;
      } else {
        this.book.add(next.value);
      }
    }
    return this.book.sendable();
  }

  /** Lets go of the items. One that is still waited for is not. */
  async leave(): Promise<void> {
    const left = this.#chunks.return();
    if (this.#next === undefined) {
      await left;
    } else {
      left.catch(() => undefined);
    }
  }

  #tell(): void {
    try {
      this.#progress?.(this.book.summary);
    } catch (error) {
      throw new OwnDoing(error);
    }
  }

  #taken(): Promise<IteratorResult<BulkItem[], void>> {
    this.#next ??= this.#chunks
      .next()
      .catch((error: unknown) => {
        throw new OwnDoing(error);
      })
      .finally(() => {
        this.#next = undefined;
      });
    return this.patience.until(this.#next);
  }
}

/** Messages that are put in while others are taken out. Of one reader. */
class Queue<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  put(item: T): void {
    this.#waiting.push(item);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    const done = async (): Promise<IteratorReturnResult<undefined>> => {
      this.end();
      return { done: true, value: undefined };
    };
    return { next: () => this.#next(), return: done, throw: done };
  }

  async #next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      const item = this.#waiting.shift();
      if (item !== undefined) {
        return { done: false, value: item };
      }
      if (this.#ended) {
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
