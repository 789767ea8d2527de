/** Streams that are taken up again where a connection was cut. */

import type { DescMessage, DescMethodServerStreaming, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { createAsyncIterable } from "@connectrpc/connect/protocol";

import { InvalidArgument, LociError, Unavailable } from "./errors/families.js";
import { streamPause } from "./retries.js";
import type { LociTransport } from "./transport.js";

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

/** What the streams of one logical call have in common: how long there was no progress, and what they show. */
export class Patience {
  /** How long one of them may last. */
  readonly connectionMs: number;
  readonly #transport: LociTransport;
  readonly #signal: AbortSignal | undefined;
  readonly #patienceMs: number;
  #movedAt = performance.now();
  #attempt = 0;
  #shown: string | undefined;
  #mayRenew = true;

  /** `patienceMs`: where the options say nothing. */
  constructor(transport: LociTransport, options: PatientOptions, patienceMs = PATIENCE_MS) {
    this.#transport = transport;
    this.#patienceMs = options.patienceMs ?? patienceMs;
    this.#signal = options.signal;
    if (!(this.#patienceMs > 0)) {
      throw new InvalidArgument("patienceMs must be more than 0");
    }
    this.connectionMs = this.#patienceMs * CONNECTION_LIFETIMES;
  }

  /** The headers of the next stream: who is calling, where that may change. */
  async header(): Promise<HeadersInit | undefined> {
    this.#shown = await this.#transport.shown(this.#signal);
    return this.#shown === undefined ? undefined : { authorization: this.#shown };
  }

  /** There is progress: failures count anew. */
  moved(): void {
    this.#attempt = 0;
    this.#mayRenew = true;
    this.touched();
  }

  /** Not yet progress, but the caller's own doing: time counts anew. */
  touched(): void {
    this.#movedAt = performance.now();
  }

  /** What the caller's own promise gives; throws Cancelled if the caller ends it before. */
  until<T>(promise: Promise<T>): Promise<T> {
    return this.#transport.until(promise, this.#signal);
  }

  /** Returns when it can be tried again; throws the failure if it cannot. */
  async rest(failure: unknown): Promise<void> {
    if (!(failure instanceof LociError)) {
      throw failure;
    }
    // Once between two messages, as a new token that is refused, too, may be followed by yet another one for ever.
    if (this.#mayRenew && (await this.#transport.isRenewed(failure, this.#shown, this.#signal))) {
      this.#mayRenew = false;
      return;
    }
    this.#attempt += 1;
    const pause = streamPause(failure, this.#attempt);
    if (pause === undefined || performance.now() + pause > this.#movedAt + this.#patienceMs) {
      throw failure;
    }
    await this.#transport.sleep(pause, this.#signal);
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
  const patience = new Patience(transport, options);
  let state: "more" | "last" | "open" = "open";
  for (;;) {
    const call = new AbortController();
    const signal = linked(call.signal, options.signal);
    let failure: unknown = new Unavailable("the server ended the stream early", { reason: "" });
    try {
      const input = createAsyncIterable([request]);
      const header = await patience.header();
      const stream = await transport.stream(method, signal, patience.connectionMs, header, input);
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
