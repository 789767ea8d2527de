import assert from "node:assert/strict";
import { test } from "node:test";

import type { DescMessage } from "@bufbuild/protobuf";

import { InvalidArgument, mutations, timestampFromDate } from "../src/index.js";
import {
  AsOfSchema,
  CreateNodeRequestSchema,
  NodeFilterSchema,
  NodeSchema,
  RecallRequestSchema,
  RememberRequestSchema,
} from "../src/v1.js";
import { checked, type Init, made } from "../src/values.js";

/** As from a caller without types. */
function refusal(schema: DescMessage, init: object): [string | undefined, string] {
  try {
    checked(schema, init as Init<DescMessage>);
  } catch (error) {
    assert.ok(error instanceof InvalidArgument);
    assert.equal(error.reason, "");
    return [error.violations[0]?.field, error.message];
  }
  assert.fail("it was let through");
}

test("text that is no Unicode is refused, wherever it stands, and named", () => {
  const bad = "a\ud800b";
  const found = (schema: DescMessage, init: object) => refusal(schema, init)[0];
  assert.equal(found(RememberRequestSchema, { text: bad }), "text");
  assert.equal(found(RememberRequestSchema, { supersedes: ["a", bad] }), "supersedes[1]");
  assert.equal(found(CreateNodeRequestSchema, { node: { label: bad } }), "node.label");
  assert.equal(found(NodeSchema, { properties: { a: [1, { b: bad }] } }), "properties.a[1].b");
  assert.equal(found(NodeSchema, { properties: { [bad]: 1 } }), 'properties["a\\ud800b"]');
  const value = { kind: { case: "stringValue", value: bad } };
  assert.equal(found(NodeFilterSchema, { properties: { a: value } }), "properties.a.string_value");
  checked(RememberRequestSchema, { text: "a\ud83d\ude00b" });
});

test("a Date is a time, in messages within messages and in one of several", () => {
  const date = new Date("2026-03-04T05:06:07.089Z");
  const init = { node: { eventTime: date, label: "x" } };
  assert.deepEqual(made(CreateNodeRequestSchema, init).node?.eventTime, timestampFromDate(date));
  assert.equal(init.node.eventTime, date);
  const past = made(AsOfSchema, { record: { case: "time", value: date } });
  assert.deepEqual(past.record.value, timestampFromDate(date));
  const { mutation } = mutations.createNode("a", { eventTime: date });
  assert.deepEqual(mutation.case === "createNode" && mutation.value.eventTime, timestampFromDate(date));
  assert.equal(made(RememberRequestSchema, { eventTime: { seconds: 5n } }).eventTime?.seconds, 5n);
});

test("what is no time is refused as one", () => {
  for (const eventTime of ["2026-01-01", 5, new Date(Number.NaN), { year: 2026 }, [], new Map()]) {
    assert.equal(refusal(RememberRequestSchema, { eventTime })[0], "event_time");
  }
  assert.equal(refusal(RecallRequestSchema, { queryTime: "now" })[0], "query_time");
});

test("a property that JSON has not is refused with its key", () => {
  for (const age of [undefined, 5n, new Date(), Number.NaN, () => 5, new Map(), Symbol("x")]) {
    const [field, message] = refusal(NodeSchema, { properties: { name: "Ann", age } });
    assert.equal(field, "properties.age");
    assert.match(message, /^properties\.age: JSON has no /);
  }
  const properties = { a: null, b: true, c: [1.5, "x"], d: { e: {} }, f: Object.create(null) };
  assert.equal(checked(NodeSchema, { properties }).properties, properties);
});
