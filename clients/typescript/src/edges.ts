/** Edges: each write is a commit of its own. */

import { Calls, type Fields, given, type Options } from "./calls.js";
import type { ItemRevision } from "./gen/loci/v1/change_pb.js";
import type { Edge, EdgeSchema } from "./gen/loci/v1/edge_pb.js";
import {
  type BatchGetEdgesRequestSchema,
  type BatchGetEdgesResponse,
  type CreateEdgeRequestSchema,
  type DeleteEdgeRequestSchema,
  type DeleteEdgeResponse,
  EdgeService,
  type GetEdgeRequestSchema,
  type ListEdgeRevisionsRequestSchema,
  type ListEdgesRequestSchema,
  type RestoreEdgeRequestSchema,
  type UpdateEdgeRequestSchema,
} from "./gen/loci/v1/edge_service_pb.js";
import { edgeName, graphName, nodeId } from "./names.js";

const { method } = EdgeService;

/** EdgeService. `edge` is an id or a name (`graphs/alice/edges/e-…`). */
export class Edges extends Calls {
  /** Makes an edge between two nodes. Without an `id` the server derives one from source, relation and target. Throws
   * EdgeExists, EndpointMissing. */
  async create(
    graph: string,
    source: string,
    relation: string,
    target: string,
    fields: EdgeFields & { readonly id?: string } = {},
    options: Options<typeof CreateEdgeRequestSchema, "parent" | "edgeId" | "edge"> = {},
  ): Promise<Edge> {
    const { id = "", ...about } = fields;
    const edge = { ...about, name: edgeName(graph, id), source: nodeId(source), relation, target: nodeId(target) };
    const request = { ...options, parent: graphName(graph), edge };
    return given((await this.unary(method.createEdge, request, options)).edge);
  }

  /** One edge, as it is now or was `asOf`. Throws EdgeNotFound, RevisionCompacted. */
  async get(graph: string, edge: string, options: Options<typeof GetEdgeRequestSchema, "name"> = {}): Promise<Edge> {
    return given((await this.unary(method.getEdge, { ...options, name: edgeName(graph, edge) }, options)).edge);
  }

  /** Up to 1,000 edges: `edges` in the order asked for, and `missing` with the names that are not there. */
  batchGet(
    graph: string,
    edges: readonly string[],
    options: Options<typeof BatchGetEdgesRequestSchema, "parent" | "names"> = {},
  ): Promise<BatchGetEdgesResponse> {
    const names = edges.map((edge) => edgeName(graph, edge));
    return this.unary(method.batchGetEdges, { ...options, parent: graphName(graph), names }, options);
  }

  /** The edges of a graph in order of id. */
  list(graph: string, options: Options<typeof ListEdgesRequestSchema, "parent"> = {}): AsyncGenerator<Edge, void> {
    return this.listed(method.listEdges, { ...options, parent: graphName(graph) }, options);
  }

  /** Changes the fields that are given, or those of `updateMask`; properties are merged. Throws EdgeNotFound unless
   * `allowMissing`, EtagMismatch if the edge has changed since the `etag` of the fields was read. */
  async update(
    graph: string,
    edge: string,
    fields: EdgeFields,
    options: Options<typeof UpdateEdgeRequestSchema, "edge"> = {},
  ): Promise<Edge> {
    const request = { ...options, edge: { ...fields, name: edgeName(graph, edge) } };
    return given((await this.unary(method.updateEdge, request, options)).edge);
  }

  /** Removes an edge; with `hard` also from the history. Throws EdgeNotFound, EtagMismatch. */
  delete(
    graph: string,
    edge: string,
    options: Options<typeof DeleteEdgeRequestSchema, "name"> = {},
  ): Promise<DeleteEdgeResponse> {
    return this.unary(method.deleteEdge, { ...options, name: edgeName(graph, edge) }, options);
  }

  /** What happened to an edge, latest first; also of one that is deleted. */
  revisions(
    graph: string,
    edge: string,
    options: Options<typeof ListEdgeRevisionsRequestSchema, "name"> = {},
  ): AsyncGenerator<ItemRevision, void> {
    return this.listed(method.listEdgeRevisions, { ...options, name: edgeName(graph, edge) }, options);
  }

  /** Writes an edge as it was at a revision, by a new commit. */
  async restore(
    graph: string,
    edge: string,
    revision: bigint,
    options: Options<typeof RestoreEdgeRequestSchema, "name" | "revision"> = {},
  ): Promise<Edge> {
    const request = { ...options, name: edgeName(graph, edge), revision };
    return given((await this.unary(method.restoreEdge, request, options)).edge);
  }
}

/** What a caller may say about an edge beside its ends. */
export type EdgeFields = Fields<typeof EdgeSchema, "name" | "source" | "relation" | "target">;
