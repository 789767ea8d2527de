/**
 * What an import keeps in mind: which chunks are on their way, what the server has, what became of the items. No I/O.
 *
 * Chunks are numbered from 1 and cut by count and size alone, so that the same items with the same chunkSize make the
 * same chunks each time; that is what lets an import be taken up again.
 */

import { clone, create, isMessage, type Message, type MessageInitShape, toBinary } from "@bufbuild/protobuf";

import { InvalidArgument, type LociError } from "./errors/families.js";
import { BadItems } from "./errors/reasons.js";
import { fromStatus } from "./errors/status.js";
import {
  type BulkItem,
  BulkItemSchema,
  type ChunkResult,
  type ImportItems,
  ImportItemsSchema,
  type ImportState,
  ItemErrorSchema,
} from "./gen/loci/v1/bulk_service_pb.js";
import { type Edge, EdgeSchema } from "./gen/loci/v1/edge_pb.js";
import { type Node, NodeSchema } from "./gen/loci/v1/node_pb.js";
import { moved } from "./names.js";
import { checked, type Init } from "./values.js";

/** A node or an edge: as a message, as `{ node: … }` or `{ edge: … }`, or as an export gives it. */
export type Item =
  | Node
  | Edge
  | Init<typeof BulkItemSchema>
  | { readonly node: Init<typeof NodeSchema> }
  | { readonly edge: Init<typeof EdgeSchema> };

/** A chunk that reaches this is closed; with the largest item it still fits into one message. */
export const CHUNK_BYTES = 4 * 1024 * 1024;
/** Chunks sent and not yet acknowledged. */
export const IN_FLIGHT = 4;

/** An item that was left out. */
export interface ItemFailure {
  /** Its place among all items, from 0. */
  readonly index: number;
  readonly error: LociError;
}

/** How an import went. Counts of nodes, edges and failures are of the whole import, earlier runs included. */
export interface ImportSummary {
  readonly importId: string;
  nodeCount: bigint;
  edgeCount: bigint;
  failedCount: bigint;
  /** Items of this run whose id was taken and that gave way. */
  keptCount: bigint;
  /** Chunks that this run had acknowledged. */
  chunkCount: number;
  /** Chunks that the server had from an earlier run. */
  skippedChunkCount: number;
  /** The revision of the last commit of this run; 0 if it wrote nothing. */
  revision: bigint;
  /** The items of this run that were left out (onError `skip`). */
  readonly errors: ItemFailure[];
}

/** The state of one import. */
export class ImportBook {
  readonly summary: ImportSummary;
  readonly #strict: boolean;
  #resumedAt: bigint | undefined;
  #nextSequence = 1n;
  #nextIndex = 0;
  readonly #unacknowledged = new Map<bigint, { start: number; chunk: ImportItems }>();
  #lastSent = 0n;
  #window = IN_FLIGHT;

  constructor(importId: string, strict: boolean) {
    this.#strict = strict;
    this.summary = {
      importId,
      nodeCount: 0n,
      edgeCount: 0n,
      failedCount: 0n,
      keptCount: 0n,
      chunkCount: 0,
      skippedChunkCount: 0,
      revision: 0n,
      errors: [],
    };
  }

  /** Whether another chunk may be sent before an acknowledgement. */
  get hasRoom(): boolean {
    return this.#unacknowledged.size < this.#window;
  }

  /** Whether all that was sent is acknowledged. */
  get isEmpty(): boolean {
    return this.#unacknowledged.size === 0;
  }

  /**
   * Takes the first answer of a connection. What an earlier connection left unacknowledged is sent again, also if the
   * server has it: it answers as the first time. It begins with one chunk: if that was why the connection ended, it shows.
   */
  connected(state: ImportState): void {
    this.#lastSent = 0n;
    if (this.#resumedAt !== undefined) {
      this.#window = 1;
      return;
    }
    this.#resumedAt = state.nextSequence;
    this.summary.nodeCount = state.nodeCount;
    this.summary.edgeCount = state.edgeCount;
    this.summary.failedCount = state.failedCount;
  }

  /** Takes the next chunk, and leaves it if the server had it before this run. */
  add(items: BulkItem[]): void {
    const sequence = this.#nextSequence;
    const start = this.#nextIndex;
    this.#nextSequence += 1n;
    this.#nextIndex += items.length;
    // The first and the last chunk that the server had are sent all the same: it refuses them if they hold other items
    // than before.
    if (this.#had(sequence) && sequence !== 1n && sequence !== (this.#resumedAt ?? 0n) - 1n) {
      this.summary.skippedChunkCount += 1;
    } else {
      this.#unacknowledged.set(sequence, { start, chunk: create(ImportItemsSchema, { sequence, items }) });
    }
  }

  /** What may be sent now over this connection; it counts as sent. */
  sendable(): ImportItems[] {
    const chunks = [...this.#unacknowledged.values()]
      .slice(0, this.#window)
      .map(({ chunk }) => chunk)
      .filter((chunk) => chunk.sequence > this.#lastSent);
    this.#lastSent = chunks.at(-1)?.sequence ?? this.#lastSent;
    return chunks;
  }

  /** Counts a chunk. Throws BadItems if it was refused for its items. */
  acknowledge(result: ChunkResult): void {
    const known = this.#unacknowledged.get(result.sequence);
    if (known === undefined) {
      return;
    }
    this.#unacknowledged.delete(result.sequence);
    if (this.#had(result.sequence)) {
      this.summary.skippedChunkCount += 1;
      return;
    }
    this.#window = Math.min(this.#window + 1, IN_FLIGHT);
    const failures = result.errors.map(({ index, status }) => ({
      index: known.start + index,
      error: fromStatus(status as NonNullable<typeof status>),
    }));
    const first = failures[0];
    if (first !== undefined && this.#strict) {
      const message = `${failures.length} bad items, the first is item ${first.index}: ${first.error.message}`;
      const details = result.errors.map((bad) => ({ ...bad, index: known.start + bad.index }));
      throw new BadItems(message, { cause: first.error, details });
    }
    this.summary.nodeCount += result.nodeCount;
    this.summary.edgeCount += result.edgeCount;
    this.summary.keptCount += result.keptCount;
    this.summary.failedCount += BigInt(failures.length);
    this.summary.errors.push(...failures);
    this.summary.chunkCount += 1;
    if (result.revision > this.summary.revision) {
      this.summary.revision = result.revision;
    }
  }

  /** An error that ended the connection, its items counted among all: chunks are written in their order, so that they
   * are of the first that is not acknowledged. */
  located(failure: unknown): unknown {
    const [first] = this.#unacknowledged.values();
    if (!(failure instanceof BadItems) || first === undefined || failure.items[0] === undefined) {
      return failure;
    }
    const details = failure.details.map((detail) => {
      if (!isMessage(detail, ItemErrorSchema)) {
        return detail;
      }
      const placed = clone(ItemErrorSchema, detail);
      placed.index += first.start;
      return placed;
    });
    const { index, status } = failure.items[0];
    const cause = fromStatus(status as NonNullable<typeof status>);
    const place = `the first is item ${first.start + index}: ${cause.message}`;
    const { metadata, violations, resource, retryAfterMs } = failure;
    const message = `${failure.message.replace(/\.$/, "")}; ${place}`;
    return new BadItems(message, { metadata, violations, resource, retryAfterMs, details, cause });
  }

  /** Whether the server had this chunk before this run. */
  #had(sequence: bigint): boolean {
    return this.#resumedAt !== undefined && sequence < this.#resumedAt;
  }
}

/** Items of any kind of iterable in chunks of at most `chunkSize`, each named in this graph. */
export async function* chunks(
  graph: string,
  items: Iterable<Item> | AsyncIterable<Item>,
  chunkSize: number,
): AsyncGenerator<BulkItem[], void> {
  let chunk: BulkItem[] = [];
  let size = 0;
  let index = 0;
  for await (const given of items) {
    const item = bulkItem(graph, given, `items[${index}]`);
    index += 1;
    chunk.push(item);
    size += toBinary(BulkItemSchema, item).length;
    if (chunk.length === chunkSize || size >= CHUNK_BYTES) {
      yield chunk;
      chunk = [];
      size = 0;
    }
  }
  if (chunk.length > 0) {
    yield chunk;
  }
}

/** A copy of the item, named in this graph: an export of one graph can so be imported into another. `at` says in errors
 * which one it is. */
export function bulkItem(graph: string, given: Item, at = ""): BulkItem {
  const { item, standing } = checked(BulkItemSchema, itemOf(given), at) as BulkInit;
  if (item?.case === "node") {
    const { name = "" } = item.value;
    const node = create(NodeSchema, { ...item.value, name: moved(graph, "nodes", name) });
    return create(BulkItemSchema, { item: { case: "node", value: node }, standing });
  }
  if (item?.case === "edge") {
    const { name = "" } = item.value;
    const edge = create(EdgeSchema, { ...item.value, name: moved(graph, "edges", name) });
    return create(BulkItemSchema, { item: { case: "edge", value: edge }, standing });
  }
  return create(BulkItemSchema, { standing });
}

type BulkInit = Exclude<MessageInitShape<typeof BulkItemSchema>, Message>;

function itemOf(given: Item): Init<typeof BulkItemSchema> {
  if ("$typeName" in given && given.$typeName === NodeSchema.typeName) {
    return { item: { case: "node", value: given as Node } };
  }
  if ("$typeName" in given && given.$typeName === EdgeSchema.typeName) {
    return { item: { case: "edge", value: given as Edge } };
  }
  if ("node" in given) {
    return { item: { case: "node", value: given.node } };
  }
  if ("edge" in given) {
    return { item: { case: "edge", value: given.edge } };
  }
  if ("item" in given) {
    return given;
  }
  throw new InvalidArgument("an item must be a node or an edge: { node: … } or { edge: … }");
}
