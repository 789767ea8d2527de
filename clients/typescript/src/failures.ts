/** What a failed try of a call was: an answer of the server, a broken connection, or the caller's own doing. */

import { Code, ConnectError } from "@connectrpc/connect";

import { Cancelled, type CodeName, DeadlineExceeded, type LociError, Unavailable } from "./errors/families.js";
import { LimitExceeded } from "./errors/reasons.js";
import { fromAnswer, fromCode } from "./errors/status.js";
import { Code as RpcCode } from "./gen/google/rpc/code_pb.js";
import { pushbackOf } from "./retries.js";

/** Codes of the system for an address at which nobody is. */
const NEVER_CONNECTED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"];

/** Stands for a failure of fetch in a browser, which tells no more of it. */
const FETCH = "FETCH";
const FETCH_FAILED = "fetch failed: nobody listens, the connection broke, or the proxy does not allow it to this page";

/** A failed try, understood. */
export interface Trouble {
  readonly error: LociError;
  /** Nobody listened: the request never left. */
  readonly refused?: boolean;
  /** It is no answer of a server. */
  readonly unanswered?: boolean;
  readonly pushbackMs?: number;
  /** No try can do better. */
  readonly final?: boolean;
}

/** Understands what a transport threw. `signal` is that of the caller. */
export function understood(thrown: unknown, signal?: AbortSignal): Trouble {
  const error = ConnectError.from(thrown);
  if (signal?.aborted) {
    return { error: cancelled(signal), final: true };
  }
  if (error.details.length > 0 || !isEmpty(error.metadata)) {
    return { error: fromAnswer(error), pushbackMs: pushbackOf(error.metadata.get("grpc-retry-pushback-ms")) };
  }
  return local(error);
}

/** What a call ends with whose signal was aborted. */
export function cancelled(signal: AbortSignal): Cancelled {
  return new Cancelled("the call was cancelled", { reason: "", cause: signal.reason });
}

/** An error that no server sent. */
function local(error: ConnectError): Trouble {
  const message = error.rawMessage;
  if (error.code === Code.DeadlineExceeded) {
    return { error: new DeadlineExceeded("the call did not end within its deadline", { reason: "" }), final: true };
  }
  if (message.includes("writeMaxBytes")) {
    return { error: new LimitExceeded(`request: ${message}`, { reason: "", cause: error }), final: true };
  }
  if (message.includes("readMaxBytes")) {
    return { error: fromCode("RESOURCE_EXHAUSTED", message, error), final: true };
  }
  const codes = systemCodes(error);
  // Node closes the streams of a connection that broke with CANCEL, which so is not the doing of a server.
  if (codes.length > 0 || error.code === Code.Canceled || isIncomplete(message)) {
    if (codes.at(-1) === FETCH) {
      return { error: new Unavailable(FETCH_FAILED, { cause: error }) };
    }
    const refused = codes.some((code) => NEVER_CONNECTED.includes(code));
    const what = refused ? "the server cannot be reached" : "the connection broke";
    return {
      error: new Unavailable(`${what}: ${codes.at(-1) ?? message}`, { cause: error }),
      refused,
      unanswered: true,
    };
  }
  return { error: fromCode((RpcCode[error.code] ?? "UNKNOWN") as CodeName, message, error) };
}

/** A call that ended without its answer: the connection broke just before it. */
function isIncomplete(message: string): boolean {
  return /^(?:protocol error: )?missing (?:output message|message|status|trailer|response body)|^sentinel completed early/.test(
    message,
  );
}

/** The codes of the system's errors that led to this one, as `ECONNRESET`; of fetch in a browser, FETCH. */
function systemCodes(error: Error): string[] {
  const codes: string[] = [];
  let cause: unknown = error.cause;
  for (let depth = 0; cause instanceof Error && depth < 8; depth++) {
    if ("code" in cause && typeof cause.code === "string") {
      codes.push(cause.code);
    } else if (cause instanceof TypeError && /fetch|network|load failed|(?:input|body) stream/i.test(cause.message)) {
      codes.push(FETCH);
    }
    cause = cause.cause;
  }
  return codes;
}

function isEmpty(headers: Headers): boolean {
  return headers.keys().next().done === true;
}
