import assert from "node:assert/strict";
import { test } from "node:test";

import * as errors from "../src/errors/index.js";
import {
  type Failure,
  isRepeatable,
  MAX_ATTEMPTS,
  MAX_WAITS,
  pushbackOf,
  streamPause,
  Throttle,
  unaryPause,
} from "../src/retries.js";
import { AdminService, MemoryService, NodeService } from "../src/v1.js";

const half = () => 0.5;
const unavailable = new errors.Unavailable("x", { reason: "" });
const waiting = new errors.TooManyRequests("x", { retryAfterMs: 700 });

function pause(failure: Partial<Failure>, throttle = new Throttle()): number | undefined {
  const whole = { error: unavailable, attempt: 1, remainingMs: 30_000, repeatable: true, ...failure };
  return unaryPause(whole, throttle, half);
}

test("UNAVAILABLE and RESOURCE_EXHAUSTED are tried four times, with growing pauses", () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((attempt) => pause({ attempt })),
    [50, 100, 200, undefined],
  );
  assert.equal(pause({ error: new errors.ResourceExhausted("x") }), 50);
  assert.equal(MAX_ATTEMPTS, 4);
});

test("nothing else is tried again", () => {
  for (const type of [
    errors.NotFound,
    errors.Internal,
    errors.DeadlineExceeded,
    errors.EtagMismatch,
    errors.DataLoss,
  ]) {
    assert.equal(pause({ error: new type("x") }), undefined, type.name);
  }
});

test("RetryInfo is kept, up to ten tries", () => {
  assert.equal(pause({ error: waiting }), 725);
  assert.notEqual(pause({ error: waiting, attempt: MAX_WAITS - 1 }), undefined);
  assert.equal(pause({ error: waiting, attempt: MAX_WAITS }), undefined);
  assert.equal(pause({ error: new errors.NotFound("x", { retryAfterMs: 5 }) }), undefined);
});

test("RetryInfo and push-back are kept also where no reason is given, by a server that has answered before", () => {
  const error = new errors.Unavailable("x", { reason: "", retryAfterMs: 700 });
  assert.equal(pause({ error, known: true }), 725);
  assert.equal(pause({ known: true, pushbackMs: 1234 }), 1234);
  assert.equal(pause({ known: true, pushbackMs: -1 }), undefined);
});

test("RetryInfo is kept also where push-back tells gRPC's own retry to leave it", () => {
  assert.equal(pause({ error: waiting, pushbackMs: -1 }), 725);
});

test("push-back is kept", () => {
  assert.equal(pause({ pushbackMs: 0 }), 0);
  assert.equal(pause({ pushbackMs: 1234, attempt: 3 }), 1234);
  assert.equal(pause({ pushbackMs: 1234, attempt: MAX_ATTEMPTS }), undefined);
  assert.equal(pause({ pushbackMs: -1 }), undefined);
  assert.deepEqual([pushbackOf(null), pushbackOf("20"), pushbackOf("-1"), pushbackOf("soon")], [undefined, 20, -1, -1]);
});

test("a pause that the deadline does not leave is not begun", () => {
  assert.equal(pause({ error: waiting, remainingMs: 725 }), undefined);
  assert.equal(pause({ error: waiting, remainingMs: 726 }), 725);
  assert.equal(pause({ refused: true, remainingMs: 10 }), undefined);
});

test("write contention is tried four times", () => {
  const error = new errors.WriteContention("x");
  assert.equal(pause({ error }), 37.5);
  assert.equal(pause({ error, attempt: MAX_ATTEMPTS }), undefined);
});

test("a server that has answered before is tried as long as the deadline lasts", () => {
  assert.equal(pause({ known: true, attempt: 50 }), 1500);
  assert.equal(pause({ known: true, attempt: 50, repeatable: false }), undefined);
  assert.equal(pause({ known: true, attempt: 50, error: new errors.DatabaseUnavailable("x") }), undefined);
});

test("a call that was refused never left, so that it may be made again whatever the method", () => {
  assert.equal(pause({ known: true, refused: true, attempt: 50, repeatable: false }), 1500);
  assert.equal(pause({ refused: true, repeatable: false }), 50);
});

test("a server that never answered may have another address, which is told soon", () => {
  assert.equal(pause({ refused: true, attempt: MAX_ATTEMPTS }), undefined);
});

test("what may not be repeated is not", () => {
  assert.equal(pause({ repeatable: false }), undefined);
  assert.equal(pause({ repeatable: false, error: waiting }), undefined);
});

test("a method that makes something is repeated only with a request_id", () => {
  assert.ok(isRepeatable(NodeService.method.getNode));
  assert.ok(isRepeatable(NodeService.method.createNode));
  assert.ok(isRepeatable(MemoryService.method.remember));
  assert.ok(!isRepeatable(AdminService.method.createApiKey));
  assert.ok(!isRepeatable(AdminService.method.createTenant));
  assert.ok(!isRepeatable(AdminService.method.rotateApiKey));
});

test("when most calls fail, they are no longer repeated, until some succeed", () => {
  const throttle = new Throttle();
  for (let failed = 0; failed < 50; failed++) {
    assert.ok(throttle.allows);
    throttle.failed(unavailable);
    throttle.failed(new errors.NotFound("does not count"));
  }
  assert.equal(pause({}, throttle), undefined);
  assert.notEqual(pause({ error: waiting }, throttle), undefined);
  throttle.succeeded();
  assert.ok(throttle.allows);
});

test("streams are taken up again after what is not of the request", () => {
  const again = [
    unavailable,
    new errors.Draining("x"),
    new errors.WatchTooSlow("x"),
    new errors.WriteContention("x"),
    new errors.DeadlineExceeded("x"),
    new errors.Internal("reset", { reason: "" }),
    new errors.Cancelled("reset", { reason: "" }),
  ];
  for (const error of again) {
    assert.equal(streamPause(error, 1, half), 37.5, error.name);
  }
  for (const error of [
    new errors.Internal("x"),
    new errors.Cancelled("x"),
    new errors.NotFound("x"),
    new errors.WatchGap("x"),
  ]) {
    assert.equal(streamPause(error, 1, half), undefined, error.name);
  }
  assert.equal(streamPause(waiting, 1, half), 737.5);
  assert.equal(streamPause(unavailable, 50, half), 3750);
});
