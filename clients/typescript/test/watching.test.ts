import assert from "node:assert/strict";
import { test } from "node:test";

import { create } from "@bufbuild/protobuf";

import { WatchGap } from "../src/errors/index.js";
import { GraphEventKind, type WatchResponse, WatchResponseSchema } from "../src/v1.js";
import { FeedBook, type FeedItem, WatchBook } from "../src/watching.js";

interface Piece {
  readonly revision: number;
  readonly graph?: string;
  readonly partial?: boolean;
  readonly empty?: boolean;
}

function message(
  after: number,
  end: number,
  pieces: readonly (number | Piece)[] = [],
  events: object[] = [],
): WatchResponse {
  const commits = pieces
    .map((piece) => (typeof piece === "number" ? { revision: piece } : piece) as Piece)
    .map(({ revision, graph = "", partial = false, empty = false }) => ({
      revision: BigInt(revision),
      graph,
      partial,
      resumeToken: `${graph}${revision}`,
      changes: empty ? [] : [{ name: `change of ${revision}` }],
    }));
  return create(WatchResponseSchema, {
    afterRevision: BigInt(after),
    endRevision: BigInt(end),
    resumeToken: `m${end}`,
    commits,
    graphEvents: events,
  });
}

function take(book: WatchBook | FeedBook, response: WatchResponse): string[] {
  const told = Array.from(book.take(response) as Iterable<FeedItem>, (item) =>
    item.$typeName === "loci.v1.CommitChanges"
      ? `${item.graph}${item.revision}/${item.changes.length}`
      : `${item.graph}!`,
  );
  book.passed(response);
  return told;
}

function watching(after?: number, dense = true): WatchBook {
  const book = new WatchBook("", after === undefined ? undefined : BigInt(after), dense);
  book.connect();
  return book;
}

test("commits are told in order, and the place moves with them", () => {
  const book = watching(3);
  assert.deepEqual(take(book, message(3, 5, [4, 5])), ["4/1", "5/1"]);
  assert.deepEqual([book.resumeToken, book.revision], ["m5", 5n]);
  assert.deepEqual(take(book, message(5, 5)), []);
  assert.deepEqual(take(book, message(5, 6, [6])), ["6/1"]);
});

test("whoever stops between commits goes on behind the last that was told", () => {
  const book = watching(3);
  const told = book.take(message(3, 5, [4, 5]));
  told.next();
  assert.deepEqual([book.resumeToken, book.revision], ["4", 4n]);
  book.connect();
  assert.deepEqual(take(book, message(4, 5, [5])), ["5/1"]);
});

test("what is missing is told as a gap", () => {
  const gaps: [number, WatchResponse][] = [
    [3, message(4, 5, [5])], // begins too late
    [3, message(3, 5, [5])], // leaves one out
    [3, message(3, 5, [4])], // ends too early
    [3, message(3, 5)],
    [3, message(3, 4, [4, 5])], // holds more than it says
    [3, message(3, 5, [4, 4])],
    [3, message(3, 5, [5, 4])],
    [3, message(3, 5, [{ revision: 4, partial: true }, 5])], // the rest never came
    [3, message(3, 4, [{ revision: 4, partial: true }])], // says that it is whole
  ];
  for (const [after, response] of gaps) {
    assert.throws(() => take(watching(after), response), WatchGap);
  }
});

test("with a filter revisions may be missing, but not go back", () => {
  assert.deepEqual(take(watching(3, false), message(3, 9, [5, 8])), ["5/1", "8/1"]);
  assert.throws(() => take(watching(3, false), message(3, 9, [8, 5])), WatchGap);
  assert.throws(() => take(watching(3, false), message(4, 9, [8])), WatchGap);
});

test("a gap across a resume is noticed", () => {
  const book = watching(3);
  take(book, message(3, 5, [4, 5]));
  book.connect();
  assert.throws(() => take(book, message(6, 7, [7])), WatchGap);
});

test("the pieces of a large commit are joined, over messages", () => {
  const book = watching(3);
  assert.deepEqual(take(book, message(3, 3, [{ revision: 4, partial: true }])), []);
  assert.equal(book.resumeToken, "");
  assert.deepEqual(take(book, message(3, 5, [{ revision: 4, partial: true }, 4, 5])), ["4/3", "5/1"]);
});

test("pieces that a cut connection left come again", () => {
  const book = watching(3);
  take(book, message(3, 3, [{ revision: 4, partial: true }]));
  book.connect();
  assert.deepEqual(take(book, message(3, 4, [{ revision: 4, partial: true }, 4])), ["4/2"]);
});

test("a commit of which nothing passes is not told, and the place moves", () => {
  const book = watching(3, false);
  assert.deepEqual(take(book, message(3, 4, [{ revision: 4, empty: true }])), []);
  assert.equal(book.revision, 4n);
});

test("without a place to begin at, the first message says it", () => {
  const book = watching();
  assert.deepEqual(take(book, message(41, 42, [42])), ["42/1"]);
  const resumed = new WatchBook("token", undefined, true);
  resumed.connect();
  assert.deepEqual(take(resumed, message(7, 8, [8])), ["8/1"]);
});

test("of all graphs each is dense by itself", () => {
  const book = new FeedBook("", true);
  book.connect();
  const a = (revision: number) => ({ revision, graph: "a" });
  const b = (revision: number) => ({ revision, graph: "b" });
  assert.deepEqual(take(book, message(0, 0, [a(3), b(7), a(4)])), ["a3/1", "b7/1", "a4/1"]);
  book.connect();
  assert.deepEqual(take(book, message(0, 0, [b(8)])), ["b8/1"]);
  assert.throws(() => take(book, message(0, 0, [a(6)])), WatchGap);
});

test("events say from where a graph is dense", () => {
  const book = new FeedBook("", true);
  book.connect();
  const event = (kind: GraphEventKind, revision: bigint) => [{ graph: "a", kind, revision }];
  const of = (revision: number) => [{ revision, graph: "a" }];
  assert.deepEqual(take(book, message(0, 0, of(1), event(GraphEventKind.CREATED, 0n))), ["a!", "a1/1"]);
  take(book, message(0, 0, [], event(GraphEventKind.DELETED, 1n)));
  assert.deepEqual(take(book, message(0, 0, of(10), event(GraphEventKind.RESTORED, 9n))), ["a!", "a10/1"]);
  assert.throws(() => take(book, message(0, 0, of(12))), WatchGap);
});

test("a graph whose commit was left half told is torn, unless it was deleted", () => {
  const half = { revision: 5, graph: "a", partial: true };
  const torn = new FeedBook("", true);
  torn.connect();
  assert.deepEqual(take(torn, message(0, 0, [half, { revision: 1, graph: "b" }])), ["b1/1"]);
  assert.throws(() => take(torn, message(0, 0, [{ revision: 5, graph: "a" }])), WatchGap);
  const deleted = new FeedBook("", true);
  deleted.connect();
  take(deleted, message(0, 0, [half]));
  const events = [{ graph: "a", kind: GraphEventKind.DELETED, revision: 5n }];
  assert.deepEqual(take(deleted, message(0, 0, [{ revision: 1, graph: "b" }], events)), ["a!", "b1/1"]);
});
