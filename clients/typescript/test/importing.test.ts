import assert from "node:assert/strict";
import { test } from "node:test";

import { create } from "@bufbuild/protobuf";

import { BadItems, InvalidArgument, NodeExists } from "../src/errors/index.js";
import { bulkItem, CHUNK_BYTES, chunks, ImportBook, type Item } from "../src/importing.js";
import { ChunkResultSchema, EdgeSchema, ImportStateSchema, ItemErrorSchema, NodeSchema } from "../src/v1.js";

const some = [bulkItem("alice", { node: { name: "nodes/ann" } })];

function state(nextSequence: bigint, nodeCount = 0n) {
  return create(ImportStateSchema, { nextSequence, nodeCount });
}

function result(sequence: bigint, more: object = {}) {
  return create(ChunkResultSchema, { sequence, nodeCount: 1n, revision: sequence, ...more });
}

const refused = {
  errors: [{ index: 0, status: { code: 6, message: "there is one", details: [] } }],
  nodeCount: 0n,
};

function sent(book: ImportBook): bigint[] {
  return book.sendable().map((chunk) => chunk.sequence);
}

test("four chunks are on their way, and each acknowledgement makes room", () => {
  const book = new ImportBook("i", true);
  book.connected(state(1n));
  while (book.hasRoom) {
    book.add(some);
  }
  assert.deepEqual(sent(book), [1n, 2n, 3n, 4n]);
  assert.deepEqual(sent(book), []);
  book.acknowledge(result(1n));
  assert.ok(book.hasRoom);
  book.add(some);
  assert.deepEqual(sent(book), [5n]);
});

test("after a cut, what is not acknowledged is sent again, one chunk at first", () => {
  const book = new ImportBook("i", true);
  book.connected(state(1n));
  [some, some, some].map((items) => book.add(items));
  assert.deepEqual(sent(book), [1n, 2n, 3n]);
  book.acknowledge(result(1n));
  book.connected(state(3n));
  assert.deepEqual(sent(book), [2n]);
  book.acknowledge(result(2n, { replayed: true }));
  assert.deepEqual(sent(book), [3n]);
  book.acknowledge(result(3n));
  assert.ok(book.isEmpty);
  assert.deepEqual([book.summary.nodeCount, book.summary.chunkCount, book.summary.revision], [3n, 3, 3n]);
});

test("what an earlier run wrote is left out, but for its first and last chunk", () => {
  const book = new ImportBook("i", true);
  book.connected(state(5n, 4n));
  for (let chunk = 1; chunk <= 5; chunk++) {
    book.add(some);
  }
  assert.deepEqual(sent(book), [1n, 4n, 5n]);
  for (const sequence of [1n, 4n, 5n]) {
    book.acknowledge(result(sequence));
  }
  const { nodeCount, chunkCount, skippedChunkCount } = book.summary;
  assert.deepEqual([nodeCount, chunkCount, skippedChunkCount], [5n, 1, 4]);
});

test("bad items end a strict import, and are named in one that skips them", () => {
  const strict = new ImportBook("i", true);
  strict.connected(state(1n));
  strict.add(some);
  strict.add(some);
  strict.sendable();
  strict.acknowledge(result(1n));
  assert.throws(
    () => strict.acknowledge(result(2n, refused)),
    (error: unknown) => {
      return error instanceof BadItems && /the first is item 1:/.test(error.message);
    },
  );
  const skipping = new ImportBook("i", false);
  skipping.connected(state(1n));
  skipping.add([...some, ...some]);
  skipping.sendable();
  skipping.acknowledge(result(1n, { ...refused, errors: [{ ...refused.errors[0], index: 1 }] }));
  assert.equal(skipping.summary.failedCount, 1n);
  assert.equal(skipping.summary.errors[0]?.index, 1);
  assert.equal(skipping.summary.errors[0]?.error.code, NodeExists.code);
});

test("an error that ends an import names its items by their places among all, in its message, too", () => {
  const book = new ImportBook("i", true);
  book.connected(state(1n));
  [1, 2, 3].map(() => book.add([...some, ...some, ...some]));
  book.sendable();
  book.acknowledge(result(1n));
  const details = [1, 2].map((index) => create(ItemErrorSchema, { index, status: refused.errors[0]?.status }));
  const metadata = { count: "2" };
  const answer = new BadItems("2 of 3 items are bad; nothing of the chunk was written.", { details, metadata });
  const placed = book.located(answer);
  assert.ok(placed instanceof BadItems);
  assert.deepEqual(
    placed.items.map(({ index }) => index),
    [4, 5],
  );
  const message = "2 of 3 items are bad; nothing of the chunk was written; the first is item 4: there is one";
  assert.deepEqual([placed.message, placed.metadata], [message, metadata]);
  assert.equal(answer.items[0]?.index, 1);
  const other = new NodeExists("there is one");
  assert.equal(book.located(other), other);
});

test("a value that does not fit is refused with the place of its item", async () => {
  const items: Item[] = [{ node: {} }, { node: { text: "a\ud800b" } }];
  await assert.rejects(chunks("alice", items, 10).next(), (error: unknown) => {
    return error instanceof InvalidArgument && error.violations[0]?.field === "items[1].node.text";
  });
  const dated = bulkItem("alice", { node: { eventTime: new Date(5_000) } });
  assert.equal(dated.item.case === "node" && dated.item.value.eventTime?.seconds, 5n);
});

test("chunks are cut by count and by size", async () => {
  const lengths = async (items: Iterable<Item> | AsyncIterable<Item>, size: number) => {
    const found: number[] = [];
    for await (const chunk of chunks("alice", items, size)) {
      found.push(chunk.length);
    }
    return found;
  };
  const small = Array.from({ length: 7 }, () => ({ node: {} }));
  assert.deepEqual(await lengths(small, 3), [3, 3, 1]);
  assert.deepEqual(await lengths([], 3), []);
  const large = Array.from({ length: 9 }, () => ({ node: { text: "x".repeat(CHUNK_BYTES / 4) } }));
  assert.deepEqual(await lengths(large, 1000), [4, 4, 1]);
  async function* slowly(): AsyncGenerator<Item> {
    yield { node: {} };
  }
  assert.deepEqual(await lengths(slowly(), 3), [1]);
});

test("an item is a node or an edge in any form, and is copied into the graph", () => {
  const node = create(NodeSchema, { name: "graphs/bob/nodes/ann", label: "Ann" });
  const forms: Item[] = [node, { node }, { item: { case: "node", value: node } }, bulkItem("bob", node)];
  for (const form of forms) {
    const { item } = bulkItem("alice", form);
    assert.equal(item.case === "node" && item.value.name, "graphs/alice/nodes/ann");
    assert.equal(item.case === "node" && item.value.label, "Ann");
  }
  assert.equal(node.name, "graphs/bob/nodes/ann");
  const edge = create(EdgeSchema, { name: "graphs/bob/edges/e-1", source: "ann", relation: "knows", target: "bob" });
  for (const form of [edge, { edge }] as Item[]) {
    const { item } = bulkItem("alice", form);
    assert.equal(item.case === "edge" && item.value.name, "graphs/alice/edges/e-1");
  }
  const standing = { boost: 0.5 };
  assert.equal(bulkItem("alice", { item: { case: "node", value: node }, standing }).standing?.boost, 0.5);
  assert.throws(() => bulkItem("alice", {} as Item), InvalidArgument);
});
