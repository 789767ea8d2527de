/** Turns a failed call, or a google.rpc.Status inside an answer, into the error of the tree that fits best. */

import { type DescMessage, fromBinary, isMessage, type Message } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import type { ConnectError } from "@connectrpc/connect";

import { Code } from "../gen/google/rpc/code_pb.js";
import {
  BadRequestSchema,
  DebugInfoSchema,
  type ErrorInfo,
  ErrorInfoSchema,
  HelpSchema,
  LocalizedMessageSchema,
  PreconditionFailureSchema,
  QuotaFailureSchema,
  RequestInfoSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from "../gen/google/rpc/error_details_pb.js";
import type { Status } from "../gen/google/rpc/status_pb.js";
import { ItemErrorSchema } from "../gen/loci/v1/bulk_service_pb.js";
import type { CodeName, FieldViolation, LociError } from "./families.js";
import * as families from "./families.js";
import * as reasons from "./reasons.js";

const DOMAIN = "loci.dev";

type ErrorType = typeof families.LociError;

/** A detail as it travels: the full name of its type, and its bytes. */
type PackedDetail = Extract<ConnectError["details"][number], { type: string }>;

const FAMILIES = new Map<string, ErrorType>();
const REASONS = new Map<string, ErrorType>();
for (const type of [...Object.values(families), ...Object.values(reasons)] as ErrorType[]) {
  if (Object.getPrototypeOf(type) === families.LociError) {
    FAMILIES.set(type.code, type);
  }
  if (type.reason !== "") {
    REASONS.set(type.reason, type);
  }
}

const DETAIL_TYPES = new Map<string, DescMessage>(
  [
    BadRequestSchema,
    DebugInfoSchema,
    ErrorInfoSchema,
    HelpSchema,
    LocalizedMessageSchema,
    PreconditionFailureSchema,
    QuotaFailureSchema,
    RequestInfoSchema,
    ResourceInfoSchema,
    RetryInfoSchema,
    ItemErrorSchema,
  ].map((schema) => [schema.typeName, schema]),
);

/** The typed error for a google.rpc.Status, such as those of BatchSearchResult and ItemError. */
export function fromStatus(status: Status): LociError {
  const packed = status.details.map((any) => ({
    type: any.typeUrl.slice(any.typeUrl.lastIndexOf("/") + 1),
    value: any.value,
  }));
  return typed(status.code, status.message, packed);
}

/** The typed error for what a server answered. */
export function fromAnswer(error: ConnectError): LociError {
  const packed = error.details.filter((detail): detail is PackedDetail => "type" in detail);
  return typed(error.code, error.rawMessage, packed, error);
}

/** An error of a code, without a reason: not from Loci itself. */
export function fromCode(code: CodeName, message: string, cause?: unknown): LociError {
  const family = FAMILIES.get(code) ?? families.LociError;
  return new family(message, { code, reason: "", cause });
}

/** Whether the client has a class for a reason. */
export function isKnown(reason: string): boolean {
  return REASONS.has(reason);
}

function typed(number: number, message: string, packed: readonly PackedDetail[], cause?: unknown): LociError {
  const code = (Code[number] ?? "UNKNOWN") as CodeName;
  const family = FAMILIES.get(code) ?? families.LociError;
  const details = decoded(packed);
  const info = details.find((detail) => isMessage(detail, ErrorInfoSchema) && detail.domain === DOMAIN) as
    | ErrorInfo
    | undefined;
  const known = REASONS.get(info?.reason ?? "");
  const chosen = known !== undefined && (known === family || known.prototype instanceof family) ? known : family;
  return new chosen(message, {
    code,
    reason: info?.reason ?? "",
    metadata: info?.metadata,
    violations: details.flatMap(violationsOf),
    resource: details.find((detail) => isMessage(detail, ResourceInfoSchema))?.resourceName,
    retryAfterMs: retryAfterMs(details),
    details,
    cause,
  });
}

function decoded(packed: readonly PackedDetail[]): Message[] {
  const found: Message[] = [];
  for (const detail of packed) {
    const schema = DETAIL_TYPES.get(detail.type);
    if (schema !== undefined) {
      try {
        found.push(fromBinary(schema, detail.value));
      } catch {
        // One that does not decode says nothing; the others still count.
      }
    }
  }
  return found;
}

function violationsOf(detail: Message): FieldViolation[] {
  if (isMessage(detail, BadRequestSchema)) {
    return detail.fieldViolations.map(({ field, description }) => ({ field, description }));
  }
  if (isMessage(detail, PreconditionFailureSchema)) {
    return detail.violations.map(({ subject, description }) => ({ field: subject, description }));
  }
  return [];
}

function retryAfterMs(details: readonly Message[]): number | undefined {
  const delay = details.find((detail) => isMessage(detail, RetryInfoSchema))?.retryDelay;
  return delay === undefined ? undefined : durationMs(delay);
}
