/** The preconditions of a commit: checked in its transaction, against the state before its first mutation. */

import { create } from "@bufbuild/protobuf";

import { type Precondition, PreconditionSchema } from "./gen/loci/v1/commit_service_pb.js";
import { completed } from "./names.js";

/** The graph is still at this revision. */
export function graphRevision(revision: bigint): Precondition {
  return create(PreconditionSchema, { condition: { case: "graphRevision", value: revision } });
}

/** There is such a node, or, as `edges/ID`, such an edge. */
export function exists(item: string): Precondition {
  return create(PreconditionSchema, { condition: { case: "exists", value: relative(item) } });
}

/** There is no such node, or, as `edges/ID`, no such edge. */
export function absent(item: string): Precondition {
  return create(PreconditionSchema, { condition: { case: "absent", value: relative(item) } });
}

/** The node, or, as `edges/ID`, the edge, has this etag. */
export function hasEtag(item: string, etag: string): Precondition {
  return create(PreconditionSchema, { condition: { case: "etagMatch", value: { name: relative(item), etag } } });
}

/** A copy of the precondition whose relative names are completed. Throws InvalidArgument for a name in another graph. */
export function inGraph(graph: string, given: Precondition): Precondition {
  const { condition } = given;
  switch (condition.case) {
    case "exists":
    case "absent":
      return create(PreconditionSchema, {
        condition: { case: condition.case, value: completed(graph, condition.value) },
      });
    case "etagMatch":
      return create(PreconditionSchema, {
        condition: { case: "etagMatch", value: { ...condition.value, name: completed(graph, condition.value.name) } },
      });
    default:
      return given;
  }
}

function relative(item: string): string {
  return item.includes("/") ? item : `nodes/${item}`;
}
