/** The root of the tree of errors and one class for each gRPC code. */

import type { Message } from "@bufbuild/protobuf";

import type { Code } from "../gen/google/rpc/code_pb.js";

/** A gRPC code, such as `NOT_FOUND`. */
export type CodeName = keyof typeof Code;

/** One field of a request and what is wrong with it. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** What is known of a failure beside its message. */
export interface ErrorFields {
  readonly code?: CodeName;
  readonly reason?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly violations?: readonly FieldViolation[];
  readonly resource?: string;
  readonly retryAfterMs?: number;
  readonly details?: readonly Message[];
  readonly cause?: unknown;
}

/** A call that failed. */
export class LociError extends Error {
  /** The gRPC code of the class. */
  static readonly code: CodeName = "UNKNOWN";
  /** The reason of the class; empty for a family. */
  static readonly reason: string = "";
  /** The name of the class, where it is neither its reason nor its code in camel case. */
  static readonly title: string = "";

  /** The gRPC code, such as `NOT_FOUND`. */
  readonly code: CodeName;
  /** The reason of google.rpc.ErrorInfo, such as `NODE_NOT_FOUND`; empty if the answer was not from Loci itself. */
  readonly reason: string;
  /** What the message was filled with; see docs/errors.md. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The fields or preconditions that failed. */
  readonly violations: readonly FieldViolation[];
  /** The name of the thing that is missing, taken or changed. */
  readonly resource: string | undefined;
  /** After how many milliseconds the server asks to be called again. */
  readonly retryAfterMs: number | undefined;
  /** All messages of google.rpc.Status.details whose type is known. */
  readonly details: readonly Message[];

  constructor(message: string, fields: ErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    const type = new.target;
    this.code = fields.code ?? type.code;
    this.reason = fields.reason ?? type.reason;
    this.metadata = fields.metadata ?? {};
    this.violations = fields.violations ?? [];
    this.resource = fields.resource;
    this.retryAfterMs = fields.retryAfterMs;
    this.details = fields.details ?? [];
    // Not the name of the class itself, which bundlers shorten.
    this.name = type.title || camelCase(type.reason || (type === LociError ? this.code : type.code));
  }

  /** What log writers keep: without `details`, whose 64-bit integers JSON does not know. */
  toJSON(): object {
    const { name, message, code, reason, metadata, violations, resource, retryAfterMs } = this;
    return { name, message, code, reason, metadata, violations, resource, retryAfterMs };
  }

  /** Behind what was read: of a watch that was too slow, for a new one. */
  get resumeToken(): string | undefined {
    return this.metadata.resume_token;
  }
}

/** `NODE_NOT_FOUND` to `NodeNotFound`. */
function camelCase(name: string): string {
  return name
    .split("_")
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join("");
}

/** The request cannot be understood; also what the client refuses by itself. */
export class InvalidArgument extends LociError {
  declare readonly code: "INVALID_ARGUMENT";
  static override readonly code: CodeName = "INVALID_ARGUMENT";
}

/** The credential is missing or no longer good. */
export class Unauthenticated extends LociError {
  declare readonly code: "UNAUTHENTICATED";
  static override readonly code: CodeName = "UNAUTHENTICATED";
}

/** The credential does not allow it. */
export class PermissionDenied extends LociError {
  declare readonly code: "PERMISSION_DENIED";
  static override readonly code: CodeName = "PERMISSION_DENIED";
}

/** There is no such thing, or it belongs to another tenant. */
export class NotFound extends LociError {
  declare readonly code: "NOT_FOUND";
  static override readonly code: CodeName = "NOT_FOUND";
}

/** There is such a thing already. */
export class AlreadyExists extends LociError {
  declare readonly code: "ALREADY_EXISTS";
  static override readonly code: CodeName = "ALREADY_EXISTS";
}

/** The state does not allow it; the same call fails until the state changes. */
export class FailedPrecondition extends LociError {
  declare readonly code: "FAILED_PRECONDITION";
  static override readonly code: CodeName = "FAILED_PRECONDITION";
}

/** Another writer came first: read again, then repeat. */
export class Aborted extends LociError {
  declare readonly code: "ABORTED";
  static override readonly code: CodeName = "ABORTED";
}

/** It lies beyond what exists. */
export class OutOfRange extends LociError {
  declare readonly code: "OUT_OF_RANGE";
  static override readonly code: CodeName = "OUT_OF_RANGE";
}

/** Too much at once; `retryAfterMs` says when to come back. */
export class ResourceExhausted extends LociError {
  declare readonly code: "RESOURCE_EXHAUSTED";
  static override readonly code: CodeName = "RESOURCE_EXHAUSTED";
}

/** The server, or something it needs, cannot be reached. Retries have been used up. */
export class Unavailable extends LociError {
  declare readonly code: "UNAVAILABLE";
  static override readonly code: CodeName = "UNAVAILABLE";
}

/** The call did not end in time. A write may have happened: repeat it with the same request_id. */
export class DeadlineExceeded extends LociError {
  declare readonly code: "DEADLINE_EXCEEDED";
  static override readonly code: CodeName = "DEADLINE_EXCEEDED";
  static override readonly reason: string = "DEADLINE_EXCEEDED";
}

/** The call was cancelled. A write may have happened. */
export class Cancelled extends LociError {
  declare readonly code: "CANCELLED";
  static override readonly code: CodeName = "CANCELLED";
  static override readonly reason: string = "CANCELLED";
}

/** What is stored does not open. */
export class DataLoss extends LociError {
  declare readonly code: "DATA_LOSS";
  static override readonly code: CodeName = "DATA_LOSS";
}

/** The server does not know this method. */
export class Unimplemented extends LociError {
  declare readonly code: "UNIMPLEMENTED";
  static override readonly code: CodeName = "UNIMPLEMENTED";
}

/** A defect of the server. */
export class Internal extends LociError {
  declare readonly code: "INTERNAL";
  static override readonly code: CodeName = "INTERNAL";
  static override readonly reason: string = "INTERNAL";
}

/** A watch got a message that does not go on where the one before it ended. Read the graph anew, then watch. */
export class WatchGap extends DataLoss {
  static override readonly title: string = "WatchGap";
}
