/**
 * When a failed call is worth another try, and after how long: pure rules over the typed error. Connect repeats nothing
 * by itself, so this holds what gRPC's own retry does elsewhere (four tries, push-back, throttling), and waits that the
 * server asks for with RetryInfo, write contention, refused connections and streams that were cut.
 */

import type { DescMethod } from "@bufbuild/protobuf";

import { Aborted, type LociError, ResourceExhausted, Unavailable } from "./errors/families.js";
import { WriteContention } from "./errors/reasons.js";

/** Tries of a unary call, the first included. */
export const MAX_ATTEMPTS = 4;
/** Tries of a unary call whose server says when to come back: enough for a database to recover. */
export const MAX_WAITS = 10;

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 2_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

/** A number from 0 to 1. */
export type Random = () => number;

/** A try of a unary call that failed. */
export interface Failure {
  readonly error: LociError;
  /** From 1. */
  readonly attempt: number;
  /** What the deadline leaves. */
  readonly remainingMs: number;
  /** Nobody listened: the request never left. */
  readonly refused?: boolean;
  /** The server has answered before, so that one which cannot be reached is being restarted; else its address may be
   * wrong, which is told soon. */
  readonly known?: boolean;
  /** `grpc-retry-pushback-ms`; below 0: do not try again. */
  readonly pushbackMs?: number;
  /** Whether the method may be called twice. */
  readonly repeatable: boolean;
}

/** When most calls fail, retries would only add to the load (gRPC's retryThrottling, 100 tokens, 0.1 back each). */
export class Throttle {
  static readonly MAX_TOKENS = 100;
  static readonly RATIO = 0.1;
  #tokens = Throttle.MAX_TOKENS;

  get allows(): boolean {
    return this.#tokens > Throttle.MAX_TOKENS / 2;
  }

  succeeded(): void {
    this.#tokens = Math.min(this.#tokens + Throttle.RATIO, Throttle.MAX_TOKENS);
  }

  failed(error: LociError): void {
    if (isTransient(error)) {
      this.#tokens = Math.max(this.#tokens - 1, 0);
    }
  }
}

/** Milliseconds to wait before the next try of a unary call, or undefined to give up. */
export function unaryPause(failure: Failure, throttle: Throttle, random: Random = Math.random): number | undefined {
  const pause = wanted(failure, throttle, random);
  return pause !== undefined && pause < failure.remainingMs ? pause : undefined;
}

function wanted(failure: Failure, throttle: Throttle, random: Random): number | undefined {
  const { error, attempt, pushbackMs } = failure;
  if (!failure.repeatable && !failure.refused) {
    return undefined;
  }
  if (error.retryAfterMs !== undefined && (isTransient(error) || error instanceof Aborted)) {
    return attempt < MAX_WAITS ? error.retryAfterMs + growing(attempt) * random() : undefined;
  }
  if (failure.known && error instanceof Unavailable && error.reason === "" && pushbackMs === undefined) {
    return backoff(attempt) * (0.5 + random() / 2);
  }
  if (attempt >= MAX_ATTEMPTS) {
    return undefined;
  }
  if (error instanceof WriteContention) {
    return jittered(attempt, random);
  }
  if (!isTransient(error) || !throttle.allows) {
    return undefined;
  }
  if (pushbackMs !== undefined) {
    return pushbackMs >= 0 ? pushbackMs : undefined;
  }
  return backoff(attempt) * random();
}

/** Milliseconds to wait before a cut stream is taken up again, or undefined if it failed for good. */
export function streamPause(error: LociError, attempt: number, random: Random = Math.random): number | undefined {
  const pause = jittered(attempt, random);
  if (error.retryAfterMs !== undefined) {
    return error.retryAfterMs + pause;
  }
  const cut = isTransient(error) || error instanceof WriteContention || error.code === "DEADLINE_EXCEEDED";
  // INTERNAL or CANCELLED without a reason is not from Loci: a proxy or HTTP/2 itself reset the stream.
  const reset = (error.code === "INTERNAL" || error.code === "CANCELLED") && error.reason === "";
  return cut || reset ? pause : undefined;
}

/** The milliseconds of `grpc-retry-pushback-ms`; what is no whole number says not to try again. */
export function pushbackOf(header: string | null): number | undefined {
  if (header === null) {
    return undefined;
  }
  return /^\d{1,9}$/.test(header) ? Number(header) : -1;
}

/** Whether a method may be called twice: what makes a thing, by its request_id only. */
export function isRepeatable(method: DescMethod): boolean {
  return !/^(?:Create|Rotate)/.test(method.name) || method.input.fields.some((field) => field.name === "request_id");
}

function isTransient(error: LociError): boolean {
  return error instanceof Unavailable || error instanceof ResourceExhausted;
}

/** As gRPC's retryPolicy has it. */
function backoff(attempt: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(attempt - 1, 10), LONGEST_BACKOFF_MS);
}

function growing(attempt: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 10), LONGEST_PAUSE_MS);
}

function jittered(attempt: number, random: Random): number {
  return growing(attempt) * (0.5 + random() / 2);
}
