/** The one place where calls leave: deadline, credential, request_id, retries and typed errors are the same for all. */

import type {
  DescMessage,
  DescMethodStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { ContextValues, StreamResponse, Transport, UnaryResponse } from "@connectrpc/connect";

import type { Credential } from "./credential.js";
import {
  Cancelled,
  DeadlineExceeded,
  InvalidArgument,
  type LociError,
  Unauthenticated,
  Unavailable,
} from "./errors/families.js";
import { cancelled, type Trouble, understood } from "./failures.js";
import { isRepeatable, Throttle, unaryPause } from "./retries.js";
import { made } from "./values.js";
import { USER_AGENT } from "./version.js";
import { LONGEST_WAIT_MS, slept } from "./waiting.js";

export const DEFAULT_TIMEOUT_MS = 30_000;
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** What every call may be given. */
export interface CallOptions {
  /** Ends the call: it throws Cancelled. */
  readonly signal?: AbortSignal;
  /** Milliseconds for the call and all its tries: more than 0, at most 24 days; what is longer counts as that. Default
   * that of the client. */
  readonly timeoutMs?: number;
}

/** What a transport is made of, beside the one that it goes over. */
export interface TransportOptions {
  readonly credential: Credential;
  readonly timeoutMs?: number;
  readonly userAgent?: string;
  /** The header that says who calls: browsers keep `user-agent` for themselves. Default `user-agent`. */
  readonly userAgentHeader?: "user-agent" | "x-user-agent";
  /** Where the server is, and whether it is called over TLS, for errors of servers that do not answer. */
  readonly place?: { readonly address: string; readonly encrypted: boolean };
}

/** A Transport of Connect over another one, which adds all that the client adds. */
export class LociTransport implements Transport {
  readonly credential: Credential;
  readonly #base: Transport;
  readonly #timeoutMs: number;
  readonly #userAgent: string;
  readonly #userAgentHeader: string;
  readonly #throttle = new Throttle();
  readonly #closing = new AbortController();
  /** Of each call, with a fixed credential: made once. */
  readonly #fixedHeaders: Headers | undefined;
  readonly #place: TransportOptions["place"];
  /** Whether there was ever an answer, so that the address is right. */
  #known = false;

  constructor(base: Transport, options: TransportOptions) {
    this.#base = base;
    this.credential = options.credential;
    this.#timeoutMs = checkedTimeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    this.#userAgent = [options.userAgent, USER_AGENT].filter(Boolean).join(" ");
    this.#userAgentHeader = options.userAgentHeader ?? "user-agent";
    this.#place = options.place;
    if (!this.credential.isRefreshable) {
      this.#fixedHeaders = this.#withOwn(undefined, this.credential.present() as string | undefined);
    }
  }

  /** No call leaves any more. */
  close(): void {
    this.#closing.abort();
  }

  /** One answer. `timeoutMs` covers all tries. */
  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    header: HeadersInit | undefined,
    input: MessageInitShape<I>,
    contextValues?: ContextValues,
  ): Promise<UnaryResponse<I, O>> {
    const deadline = performance.now() + (timeoutMs === undefined ? this.#timeoutMs : checkedTimeout(timeoutMs));
    const request = withRequestId(method.input, input);
    let mayRenew = true;
    for (let attempt = 1; ; ) {
      this.#check(signal);
      const asked = this.shown(signal, deadline);
      const shown = asked instanceof Promise ? await asked : asked;
      const headers = (header === undefined ? this.#fixedHeaders : undefined) ?? this.#withOwn(header, shown);
      const remainingMs = Math.max(Math.ceil(deadline - performance.now()), 1);
      try {
        const response = await apart(this.#base.unary(method, signal, remainingMs, headers, request, contextValues));
        this.#throttle.succeeded();
        this.#known = true;
        return response;
      } catch (thrown) {
        this.#check(signal);
        const trouble = understood(thrown, signal);
        this.#throttle.failed(trouble.error);
        this.#known ||= trouble.error.reason !== "";
        if (mayRenew && (await this.isRenewed(trouble.error, shown, signal, deadline))) {
          mayRenew = false;
          continue;
        }
        const remaining = { attempt, remainingMs: deadline - performance.now(), known: this.#known };
        const pause = trouble.final
          ? undefined
          : unaryPause({ ...trouble, ...remaining, repeatable: isRepeatable(method) }, this.#throttle);
        if (pause === undefined) {
          throw this.#placed(trouble);
        }
        await this.sleep(pause, signal);
        attempt += 1;
      }
    }
  }

  /** A stream, as long as it lasts: who reads it takes it up again where it was cut. */
  async stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    header: HeadersInit | undefined,
    input: AsyncIterable<MessageInitShape<I>>,
    contextValues?: ContextValues,
  ): Promise<StreamResponse<I, O>> {
    this.#check(signal);
    const given = new Headers(header);
    const headers = given.has("authorization")
      ? this.#withOwn(given, undefined)
      : this.#withOwn(given, await this.shown(signal));
    const limit = timeoutMs === undefined ? undefined : Math.ceil(checkedTimeout(timeoutMs));
    const ending = new AbortController();
    const ended = AbortSignal.any([ending.signal, this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    try {
      const response = await this.#base.stream(method, ended, limit, headers, input, contextValues);
      const reading = response.message[Symbol.asyncIterator]();
      // Connect drops its timer, which would keep the process alive, only when it is read on.
      ended.addEventListener("abort", () => void reading.next().catch(() => undefined), { once: true });
      return { ...response, message: this.#typed(reading, signal, ending) };
    } catch (thrown) {
      this.#check(signal);
      throw this.#placed(understood(thrown, signal));
    }
  }

  /** The present value of `authorization`; throws DeadlineExceeded or Cancelled if that comes before there is a token. */
  shown(signal?: AbortSignal, deadline?: number): string | undefined | Promise<string> {
    const present = this.credential.present();
    return present instanceof Promise ? this.until(present, signal, deadline) : present;
  }

  /** Whether there is another credential by now than that which was refused. A call that was refused so has done nothing. */
  async isRenewed(
    failure: LociError,
    shown: string | undefined,
    signal?: AbortSignal,
    deadline?: number,
  ): Promise<boolean> {
    const isRefused = this.credential.isRefreshable && failure instanceof Unauthenticated;
    return isRefused && (await this.shown(signal, deadline)) !== shown;
  }

  /** Waits; throws Cancelled if the caller, or the end of the client, comes first. */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await slept(ms, signal, this.#closing.signal);
    this.#check(signal);
  }

  /** What a promise gives; throws Cancelled or DeadlineExceeded if the caller, the client or the deadline ends first. */
  async until<T>(promise: Promise<T>, signal?: AbortSignal, deadline?: number): Promise<T> {
    const isHere = new AbortController();
    const left = deadline === undefined ? LONGEST_WAIT_MS : deadline - performance.now();
    const late = slept(left, signal, this.#closing.signal, isHere.signal).then(() => undefined);
    try {
      const first = await Promise.race([promise.then((value) => ({ value })), late]);
      if (first !== undefined) {
        return first.value;
      }
    } finally {
      isHere.abort();
    }
    this.#check(signal);
    throw new DeadlineExceeded("the deadline came before the call could be made", { reason: "" });
  }

  async *#typed<T>(
    reading: AsyncIterator<T>,
    signal: AbortSignal | undefined,
    ending: AbortController,
  ): AsyncGenerator<T, void> {
    try {
      for (;;) {
        const next = await reading.next();
        if (next.done) {
          return;
        }
        this.#known = true;
        yield next.value;
      }
    } catch (thrown) {
      this.#check(signal);
      throw this.#placed(understood(thrown, signal));
    } finally {
      ending.abort();
    }
  }

  /** The error; if no server answered, with the address. A server that wants TLS hangs up without a word. */
  #placed({ error, unanswered }: Trouble): LociError {
    if (!unanswered || this.#place === undefined) {
      return error;
    }
    const { address, encrypted } = this.#place;
    const hint = this.#known || encrypted ? "" : "; if the server wants TLS, give tls: true";
    return new Unavailable(`${error.message} (at ${address}${hint})`, { cause: error.cause });
  }

  /** Throws Cancelled if the caller, or the end of the client, says so. */
  #check(signal: AbortSignal | undefined): void {
    if (this.#closing.signal.aborted) {
      throw new Cancelled("the client is closed", { reason: "" });
    }
    if (signal?.aborted) {
      throw cancelled(signal);
    }
  }

  /** What the caller gave stands. */
  #withOwn(given: HeadersInit | undefined, shown: string | undefined): Headers {
    const headers = new Headers(given);
    if (!headers.has(this.#userAgentHeader)) {
      headers.set(this.#userAgentHeader, this.#userAgent);
    }
    if (shown !== undefined && !headers.has("authorization")) {
      headers.set("authorization", shown);
    }
    return headers;
  }
}

/**
 * What a promise gives, by one that the engine does not connect with it. Connect makes errors for each call that goes well,
 * too, and their stacks are made of all the functions that wait: here they end. What a caller gets has a stack of its own.
 */
function apart<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    promise.then(
      (value) => resolve(value),
      (error) => reject(error),
    );
  });
}

/** The same for all tries, so that a write happens once. What the caller gave is not changed. */
function withRequestId<I extends DescMessage>(schema: I, input: MessageInitShape<I>): MessageShape<I> {
  const request = made(schema, input);
  const known = schema.field.requestId;
  if (known === undefined || (request as { requestId?: string }).requestId !== "") {
    return request;
  }
  return Object.assign(Object.create(Object.getPrototypeOf(request)), request, { requestId: newRequestId() });
}

/** A random UUID, also on pages that are not secure, where browsers have no randomUUID. */
export function newRequestId(): string {
  return crypto.randomUUID?.() ?? uuid(crypto.getRandomValues(new Uint8Array(16)));
}

/** Version 4 of 16 random bytes. */
export function uuid(bytes: Uint8Array): string {
  const fixed = bytes.map((byte, index) =>
    index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte,
  );
  const hex = Array.from(fixed, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function checkedTimeout(timeoutMs: number): number {
  if (typeof timeoutMs !== "number" || !(timeoutMs > 0)) {
    throw new InvalidArgument("timeoutMs must be a number of milliseconds, more than 0");
  }
  return Math.min(timeoutMs, LONGEST_WAIT_MS);
}
