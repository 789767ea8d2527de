/** Streams that are taken up again where a connection was cut. */

import type { DescMessage, DescMethodServerStreaming, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { createAsyncIterable } from "@connectrpc/connect/protocol";

import { InvalidArgument, LociError, Unavailable } from "./errors/families.js";
import { streamPause } from "./retries.js";
import { type LociTransport, sleep } from "./transport.js";

/** Milliseconds to go on trying without any progress. */
export const PATIENCE_MS = 60_000;
/** A stream is renewed after this many times the patience, so that even this call has a deadline. */
export const CONNECTION_LIFETIMES = 5;

/** What a stream may be given that is taken up again. */
export interface PatientOptions {
  /** Ends it: it throws Cancelled. */
  readonly signal?: AbortSignal;
  /** Milliseconds to go on trying without progress; default 60,000. */
  readonly patienceMs?: number;
}

/** How long it has been going on without progress. */
export class Patience {
  readonly connectionMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #patienceMs: number;
  #movedAt = performance.now();
  #attempt = 0;

  constructor(options: PatientOptions) {
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.#signal = options.signal;
    if (!(this.#patienceMs > 0)) {
      throw new InvalidArgument("patienceMs must be more than 0");
    }
    this.connectionMs = this.#patienceMs * CONNECTION_LIFETIMES;
  }

  /** There is progress: failures count anew. */
  moved(): void {
    this.#attempt = 0;
    this.touched();
  }

  /** Not yet progress, but the caller's own doing: time counts anew. */
  touched(): void {
    this.#movedAt = performance.now();
  }

  /** Returns when it can be tried again; throws the failure if it cannot. */
  async rest(failure: unknown): Promise<void> {
    if (!(failure instanceof LociError)) {
      throw failure;
    }
    this.#attempt += 1;
    const pause = streamPause(failure, this.#attempt);
    if (pause === undefined || performance.now() + pause > this.#movedAt + this.#patienceMs) {
      throw failure;
    }
    await sleep(pause, this.#signal);
  }
}

/** The messages of a stream and of those that take it up again; `advance` moves the request behind a message that was
 * taken, and says whether it was the last one. */
export async function* resumed<I extends DescMessage, O extends DescMessage>(
  transport: LociTransport,
  method: DescMethodServerStreaming<I, O>,
  request: MessageInitShape<I>,
  advance: (message: MessageShape<O>) => "more" | "last" | "open",
  options: PatientOptions = {},
): AsyncGenerator<MessageShape<O>, void> {
  const patience = new Patience(options);
  let state: "more" | "last" | "open" = "open";
  for (;;) {
    const call = new AbortController();
    const signal = linked(call.signal, options.signal);
    let failure: unknown = new Unavailable("the server ended the stream early", { reason: "" });
    try {
      const input = createAsyncIterable([request]);
      const stream = await transport.stream(method, signal, patience.connectionMs, undefined, input);
      for await (const message of stream.message) {
        yield message;
        patience.moved();
        state = advance(message);
        if (state === "last") {
          return;
        }
      }
      if (state !== "more") {
        return;
      }
    } catch (error) {
      failure = error;
    } finally {
      call.abort();
    }
    await patience.rest(failure);
  }
}

/** Aborted with either. */
export function linked(own: AbortSignal, given: AbortSignal | undefined): AbortSignal {
  return given === undefined ? own : AbortSignal.any([own, given]);
}
