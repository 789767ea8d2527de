/** What a watch keeps between messages: how far it is, and the pieces of a large commit. No I/O. */

import { WatchGap } from "./errors/families.js";
import {
  type CommitChanges,
  type GraphEvent,
  GraphEventKind,
  type WatchResponse,
} from "./gen/loci/v1/watch_service_pb.js";

/** What a watch of all graphs tells. */
export type FeedItem = CommitChanges | GraphEvent;

/** What a watch keeps between messages. */
export interface Book<Told> {
  /** Goes on behind what was given out. */
  readonly resumeToken: string;
  /** A new stream begins, behind `resumeToken`. */
  connect(): void;
  /** What a message tells, each after `resumeToken` was moved behind it. Throws WatchGap. */
  take(response: WatchResponse): Iterable<Told>;
  /** The message is done with. */
  passed(response: WatchResponse): void;
}

/** Puts the pieces of a large commit together. */
class Pieces {
  /** A commit of which the rest is still to come. */
  pending: CommitChanges | undefined;

  /** They will come again, or never. */
  drop(): void {
    this.pending = undefined;
  }

  /** The commit, if this was its last piece. Throws WatchGap if another one of the same graph is pending. */
  add(piece: CommitChanges): CommitChanges | undefined {
    let begun = this.pending;
    if (begun === undefined || begun.graph !== piece.graph) {
      begun = piece;
    } else if (begun.revision === piece.revision) {
      for (const change of piece.changes) {
        begun.changes.push(change);
      }
    } else {
      throw new WatchGap(`revision ${piece.revision} comes before the rest of ${begun.revision}`);
    }
    if (piece.partial) {
      this.pending = begun;
      return undefined;
    }
    this.pending = undefined;
    begun.partial = false;
    begun.resumeToken = piece.resumeToken;
    return begun;
  }
}

/** Of a watch of one graph: checks that nothing is missing. `dense`: it has no filter, and each revision has its commit. */
export class WatchBook implements Book<CommitChanges> {
  resumeToken: string;
  /** All commits up to here were given out, or did not pass the filter. */
  revision: bigint;
  readonly #dense: boolean;
  readonly #asked: bigint | undefined;
  #known = false;
  #covered: bigint | undefined;
  readonly #pieces = new Pieces();

  constructor(resumeToken: string, afterRevision: bigint | undefined, dense: boolean) {
    this.resumeToken = resumeToken;
    this.revision = afterRevision ?? 0n;
    this.#dense = dense;
    this.#asked = resumeToken === "" ? afterRevision : undefined;
  }

  connect(): void {
    this.#pieces.drop();
    if (this.resumeToken !== "") {
      this.#covered = this.#known ? this.revision : undefined;
    } else {
      this.#covered = this.#asked;
    }
  }

  /** The whole commits of a message. Throws WatchGap before any of them. */
  *take(response: WatchResponse): Generator<CommitChanges, void> {
    if (this.#covered !== undefined && response.afterRevision !== this.#covered) {
      throw new WatchGap(`a message goes on behind revision ${response.afterRevision}, not ${this.#covered}`);
    }
    check(response, this.#pieces.pending?.revision, this.#dense);
    if (this.#covered === undefined) {
      this.revision = response.afterRevision;
    }
    this.#known = true;
    for (const piece of response.commits) {
      const commit = this.#pieces.add(piece);
      if (commit !== undefined) {
        this.resumeToken = commit.resumeToken;
        this.revision = commit.revision;
        if (commit.changes.length > 0) {
          yield commit;
        }
      }
    }
  }

  passed(response: WatchResponse): void {
    this.#covered = response.endRevision;
    if (this.#pieces.pending === undefined) {
      this.resumeToken = response.resumeToken;
      this.revision = response.endRevision;
    }
  }
}

/**
 * Throws WatchGap unless the commits of a message are what its revisions can have. `unfinished`: the revision that pieces
 * went before of; they follow each other to the last one, which says that there are no more.
 */
function check(response: WatchResponse, unfinished: bigint | undefined, dense: boolean): void {
  let pending = unfinished;
  let last = response.afterRevision;
  for (const piece of response.commits) {
    if (pending !== undefined && piece.revision !== pending) {
      throw new WatchGap(`revision ${piece.revision} comes before the rest of ${pending}`);
    }
    if (piece.revision <= last || (dense && piece.revision !== last + 1n)) {
      throw new WatchGap(`revision ${piece.revision} comes behind ${last}`);
    }
    if (piece.partial) {
      pending = piece.revision;
    } else {
      pending = undefined;
      last = piece.revision;
    }
  }
  if (pending !== undefined) {
    last = pending - 1n; // that much of it is told, not more
  }
  if (last > response.endRevision || (last < response.endRevision && (dense || pending !== undefined))) {
    throw new WatchGap(`a message ends with revision ${response.endRevision}, its commits with ${last}`);
  }
}

/** Of a watch of all graphs: `dense` if it has no filter, and the revisions of each graph follow each other. */
export class FeedBook implements Book<FeedItem> {
  resumeToken: string;
  readonly #dense: boolean;
  readonly #revisions = new Map<string, bigint>();
  readonly #pieces = new Pieces();
  /** Graphs with a commit that was left before its last piece: they are deleted, or something is missing. */
  readonly #torn = new Set<string>();

  constructor(resumeToken: string, dense: boolean) {
    this.resumeToken = resumeToken;
    this.#dense = dense;
  }

  connect(): void {
    this.#pieces.drop();
    this.#torn.clear();
  }

  *take(response: WatchResponse): Generator<FeedItem, void> {
    for (const event of response.graphEvents) {
      this.#note(event);
      yield event;
    }
    for (const piece of response.commits) {
      this.#leaveFor(piece.graph);
      const commit = this.#pieces.add(piece);
      if (commit !== undefined) {
        this.#check(commit);
        this.resumeToken = commit.resumeToken;
        if (commit.changes.length > 0) {
          yield commit;
        }
      }
    }
  }

  passed(response: WatchResponse): void {
    if (this.#pieces.pending === undefined) {
      this.resumeToken = response.resumeToken;
    }
  }

  #note(event: GraphEvent): void {
    if (this.#pieces.pending?.graph === event.graph) {
      this.#pieces.drop();
    }
    this.#torn.delete(event.graph);
    if (event.kind === GraphEventKind.DELETED) {
      this.#revisions.delete(event.graph);
    } else {
      this.#revisions.set(event.graph, event.revision);
    }
  }

  /** A piece of a graph comes next. */
  #leaveFor(graph: string): void {
    if (this.#torn.has(graph)) {
      throw new WatchGap(`${graph} goes on, but the rest of a commit never came`);
    }
    const pending = this.#pieces.pending;
    if (pending !== undefined && pending.graph !== graph) {
      this.#torn.add(pending.graph);
    }
  }

  #check(commit: CommitChanges): void {
    const before = this.#revisions.get(commit.graph) ?? commit.revision - 1n;
    if (commit.revision <= before || (this.#dense && commit.revision !== before + 1n)) {
      throw new WatchGap(`${commit.graph} goes on with revision ${commit.revision} behind ${before}`);
    }
    this.#revisions.set(commit.graph, commit.revision);
  }
}
