/** The mutations of a commit: each builder gives one, and ids and relative names are of the graph that is committed to. */

import type { Fields } from "./calls.js";
import type { EdgeFields } from "./edges.js";
import {
  type EdgeDeleteSchema,
  type EdgeUpdateSchema,
  type Mutation,
  MutationSchema,
  type NodeDeleteSchema,
  type NodeRenameSchema,
  type NodeUpdateSchema,
} from "./gen/loci/v1/commit_service_pb.js";
import { completed, nodeId } from "./names.js";
import type { NodeFields } from "./nodes.js";
import { made } from "./values.js";

/** Makes a node; fails if there is one. Without an id (`""`) it gets a new UUIDv7. */
export function createNode(id: string, fields: NodeFields = {}): Mutation {
  return made(MutationSchema, {
    mutation: { case: "createNode", value: { ...fields, name: relative("nodes", id) } },
  });
}

/** Changes the fields that are given (or those of updateMask); properties are merged. */
export function updateNode(
  id: string,
  fields: NodeFields,
  how: Fields<typeof NodeUpdateSchema, "node"> = {},
): Mutation {
  const node = { ...fields, name: relative("nodes", id) };
  return made(MutationSchema, { mutation: { case: "updateNode", value: { ...how, node } } });
}

/** Removes a node and the edges at it; with `hard` also from the history. */
export function deleteNode(id: string, how: Fields<typeof NodeDeleteSchema, "name"> = {}): Mutation {
  return made(MutationSchema, { mutation: { case: "deleteNode", value: { ...how, name: relative("nodes", id) } } });
}

/** Gives a node another id; edges and history follow. */
export function renameNode(
  id: string,
  newId: string,
  how: Fields<typeof NodeRenameSchema, "name" | "newNodeId"> = {},
): Mutation {
  const value = { ...how, name: relative("nodes", id), newNodeId: nodeId(newId) };
  return made(MutationSchema, { mutation: { case: "renameNode", value } });
}

/** Makes an edge; fails if there is one. */
export function createEdge(
  source: string,
  relation: string,
  target: string,
  fields: EdgeFields & { readonly id?: string } = {},
): Mutation {
  const value = edgeOf({ source, relation, target }, fields);
  return made(MutationSchema, { mutation: { case: "createEdge", value } });
}

/** Changes an edge, found by its id or by source, relation and target. */
export function updateEdge(
  which: string | Ends,
  fields: EdgeFields,
  how: Fields<typeof EdgeUpdateSchema, "edge"> = {},
): Mutation {
  const edge = typeof which === "string" ? { ...fields, name: relative("edges", which) } : edgeOf(which, fields);
  return made(MutationSchema, { mutation: { case: "updateEdge", value: { ...how, edge } } });
}

/** Removes an edge; with `hard` also from the history. */
export function deleteEdge(id: string, how: Fields<typeof EdgeDeleteSchema, "name"> = {}): Mutation {
  return made(MutationSchema, { mutation: { case: "deleteEdge", value: { ...how, name: relative("edges", id) } } });
}

/** What an edge is between. */
export interface Ends {
  readonly source: string;
  readonly relation: string;
  readonly target: string;
}

/** A copy of the mutation whose relative names are completed. Throws InvalidArgument for a name in another graph. */
export function inGraph(graph: string, given: Mutation): Mutation {
  const { mutation } = given;
  switch (mutation.case) {
    case "updateNode": {
      const { node } = mutation.value;
      const named = node && { ...node, name: completed(graph, node.name) };
      return made(MutationSchema, { mutation: { case: "updateNode", value: { ...mutation.value, node: named } } });
    }
    case "updateEdge": {
      const { edge } = mutation.value;
      const named = edge && { ...edge, name: completed(graph, edge.name) };
      return made(MutationSchema, { mutation: { case: "updateEdge", value: { ...mutation.value, edge: named } } });
    }
    case undefined:
      return given;
    default: {
      const value = { ...mutation.value, name: completed(graph, mutation.value.name) };
      return made(MutationSchema, { mutation: { case: mutation.case, value } as Mutation["mutation"] });
    }
  }
}

function relative(kind: "nodes" | "edges", id: string): string {
  return id === "" || id.includes("/") ? id : `${kind}/${id}`;
}

function edgeOf({ source, relation, target }: Ends, { id = "", ...fields }: EdgeFields & { readonly id?: string }) {
  return { ...fields, name: relative("edges", id), source: nodeId(source), relation, target: nodeId(target) };
}
