import assert from "node:assert/strict";
import { test } from "node:test";

import { create, type DescMessage, type MessageInitShape, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";

import * as errors from "../src/errors/index.js";
import { isKnown } from "../src/errors/status.js";
import { Code } from "../src/gen/google/rpc/code_pb.js";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from "../src/gen/google/rpc/error_details_pb.js";
import { type Status, StatusSchema } from "../src/gen/google/rpc/status_pb.js";
import { ErrorReasonSchema } from "../src/gen/loci/v1/errors_pb.js";

const REASONS = ErrorReasonSchema.values
  .map((value) => value.name.replace("ERROR_REASON_", ""))
  .filter((reason) => reason !== "UNSPECIFIED");

function packed<S extends DescMessage>(schema: S, init: MessageInitShape<S>) {
  return anyPack(schema, create(schema, init) as MessageShape<S>);
}

function status(code: Code, reason: string, ...details: ReturnType<typeof packed>[]): Status {
  const info = packed(ErrorInfoSchema, {
    reason,
    domain: "loci.dev",
    metadata: { resource_token: "x", resume_token: "t" },
  });
  return create(StatusSchema, { code, message: "words", details: [info, ...details] });
}

test("every reason of the contract has a class of its name", () => {
  const classes = errors as unknown as Record<string, typeof errors.LociError | undefined>;
  for (const reason of REASONS) {
    const name = reason
      .split("_")
      .map((word) => word[0] + word.slice(1).toLowerCase())
      .join("");
    const found = classes[name];
    assert.ok(found !== undefined && isKnown(reason), `${reason} has no class`);
    assert.equal(found.reason, reason);
    const error = errors.fromStatus(status(Code[found.code], reason));
    assert.equal(error.constructor, found);
    assert.equal(error.name, name);
    assert.equal(error.reason, reason);
    assert.equal(error.code, found.code);
  }
});

test("a reason is matched by its class, its family and the root", () => {
  const error = errors.fromStatus(status(Code.NOT_FOUND, "NODE_NOT_FOUND"));
  assert.ok(error instanceof errors.NodeNotFound);
  assert.ok(error instanceof errors.NotFound);
  assert.ok(error instanceof errors.LociError);
  assert.ok(!(error instanceof errors.EdgeNotFound));
  assert.equal(String(error), "NodeNotFound: words");
});

test("a reason that a newer server added falls back to its code", () => {
  const error = errors.fromStatus(status(Code.FAILED_PRECONDITION, "MOON_NOT_FULL"));
  assert.equal(error.constructor, errors.FailedPrecondition);
  assert.equal(error.reason, "MOON_NOT_FULL");
  assert.equal(error.name, "FailedPrecondition");
});

test("a reason under another code than its own is not believed", () => {
  const error = errors.fromStatus(status(Code.INTERNAL, "NODE_NOT_FOUND"));
  assert.equal(error.constructor, errors.Internal);
  assert.equal(error.code, "INTERNAL");
});

test("a code without a family is the root itself", () => {
  const error = errors.fromStatus(create(StatusSchema, { code: Code.UNKNOWN, message: "?" }));
  assert.equal(error.constructor, errors.LociError);
  assert.deepEqual([error.code, error.reason, error.name], ["UNKNOWN", "", "Unknown"]);
});

test("details are told", () => {
  const error = errors.fromStatus(
    status(
      Code.RESOURCE_EXHAUSTED,
      "WATCH_TOO_SLOW",
      packed(RetryInfoSchema, { retryDelay: { seconds: 1n, nanos: 500_000_000 } }),
      packed(BadRequestSchema, { fieldViolations: [{ field: "node.text", description: "too long" }] }),
      packed(PreconditionFailureSchema, { violations: [{ subject: "etag", description: "changed" }] }),
      packed(ResourceInfoSchema, { resourceName: "graphs/alice" }),
    ),
  );
  assert.ok(error instanceof errors.WatchTooSlow);
  assert.equal(error.retryAfterMs, 1500);
  assert.equal(error.resumeToken, "t");
  assert.equal(error.resource, "graphs/alice");
  assert.deepEqual(error.violations, [
    { field: "node.text", description: "too long" },
    { field: "etag", description: "changed" },
  ]);
  assert.equal(error.details.length, 5);
});

test("details that do not decode, and unknown ones, are left out", () => {
  const broken = {
    $typeName: "google.protobuf.Any" as const,
    typeUrl: "x/google.rpc.BadRequest",
    value: new Uint8Array([9]),
  };
  const unknown = { ...broken, typeUrl: "x/acme.Unknown", value: toBinary(StatusSchema, create(StatusSchema)) };
  const error = errors.fromStatus(status(Code.NOT_FOUND, "NODE_NOT_FOUND", broken, unknown));
  assert.ok(error instanceof errors.NodeNotFound);
  assert.equal(error.details.length, 1);
});

test("info of another domain is not a reason", () => {
  const info = packed(ErrorInfoSchema, { reason: "NODE_NOT_FOUND", domain: "acme.dev" });
  const error = errors.fromStatus(create(StatusSchema, { code: Code.NOT_FOUND, details: [info] }));
  assert.equal(error.constructor, errors.NotFound);
  assert.equal(error.reason, "");
});
