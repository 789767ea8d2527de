/** Nodes: each write is a commit of its own. */

import { Calls, type Fields, given, type Options } from "./calls.js";
import type { ItemRevision } from "./gen/loci/v1/change_pb.js";
import type { Node, NodeSchema } from "./gen/loci/v1/node_pb.js";
import {
  type BatchGetNodesRequestSchema,
  type BatchGetNodesResponse,
  type CreateNodeRequestSchema,
  type DeleteNodeRequestSchema,
  type DeleteNodeResponse,
  type GetNodeRequestSchema,
  type ListNodeRevisionsRequestSchema,
  type ListNodesRequestSchema,
  NodeService,
  type RenameNodeRequestSchema,
  type RenameNodeResponse,
  type RestoreNodeRequestSchema,
  type UpdateNodeRequestSchema,
} from "./gen/loci/v1/node_service_pb.js";
import { graphName, nodeId, nodeName } from "./names.js";

const { method } = NodeService;

/** NodeService. `node` is an id (`ann`) or a name (`graphs/alice/nodes/ann`). */
export class Nodes extends Calls {
  /** Makes a node; without an id (`""`) it gets a new UUIDv7. Throws NodeExists. */
  async create(
    graph: string,
    node: string,
    fields: NodeFields = {},
    options: Options<typeof CreateNodeRequestSchema, "parent" | "nodeId" | "node"> = {},
  ): Promise<Node> {
    const request = { ...options, parent: graphName(graph), node: { ...fields, name: nodeName(graph, node) } };
    return given((await this.unary(method.createNode, request, options)).node);
  }

  /** One node, as it is now or was `asOf`. Throws NodeNotFound, RevisionCompacted. */
  async get(graph: string, node: string, options: Options<typeof GetNodeRequestSchema, "name"> = {}): Promise<Node> {
    return given((await this.unary(method.getNode, { ...options, name: nodeName(graph, node) }, options)).node);
  }

  /** Up to 1,000 nodes: `nodes` in the order asked for, and `missing` with the names that are not there. */
  batchGet(
    graph: string,
    nodes: readonly string[],
    options: Options<typeof BatchGetNodesRequestSchema, "parent" | "names"> = {},
  ): Promise<BatchGetNodesResponse> {
    const names = nodes.map((node) => nodeName(graph, node));
    return this.unary(method.batchGetNodes, { ...options, parent: graphName(graph), names }, options);
  }

  /** The nodes of a graph in order of id. */
  list(graph: string, options: Options<typeof ListNodesRequestSchema, "parent"> = {}): AsyncGenerator<Node, void> {
    return this.listed(method.listNodes, { ...options, parent: graphName(graph) }, options);
  }

  /** Changes the fields that are given, or those of `updateMask`; properties are merged. Throws NodeNotFound unless
   * `allowMissing`, EtagMismatch if the node has changed since the `etag` of the fields was read. */
  async update(
    graph: string,
    node: string,
    fields: NodeFields,
    options: Options<typeof UpdateNodeRequestSchema, "node"> = {},
  ): Promise<Node> {
    const request = { ...options, node: { ...fields, name: nodeName(graph, node) } };
    return given((await this.unary(method.updateNode, request, options)).node);
  }

  /** Removes a node and the edges at it; with `hard` also from the history. Throws NodeNotFound, EtagMismatch. */
  delete(
    graph: string,
    node: string,
    options: Options<typeof DeleteNodeRequestSchema, "name"> = {},
  ): Promise<DeleteNodeResponse> {
    return this.unary(method.deleteNode, { ...options, name: nodeName(graph, node) }, options);
  }

  /** Gives a node another id; edges and history follow. */
  rename(
    graph: string,
    node: string,
    newNode: string,
    options: Options<typeof RenameNodeRequestSchema, "name" | "newNodeId"> = {},
  ): Promise<RenameNodeResponse> {
    const request = { ...options, name: nodeName(graph, node), newNodeId: nodeId(newNode) };
    return this.unary(method.renameNode, request, options);
  }

  /** What happened to a node, latest first, back over its renames; also of one that is deleted. */
  revisions(
    graph: string,
    node: string,
    options: Options<typeof ListNodeRevisionsRequestSchema, "name"> = {},
  ): AsyncGenerator<ItemRevision, void> {
    return this.listed(method.listNodeRevisions, { ...options, name: nodeName(graph, node) }, options);
  }

  /** Writes a node as it was at a revision, by a new commit. */
  async restore(
    graph: string,
    node: string,
    revision: bigint,
    options: Options<typeof RestoreNodeRequestSchema, "name" | "revision"> = {},
  ): Promise<Node> {
    const request = { ...options, name: nodeName(graph, node), revision };
    return given((await this.unary(method.restoreNode, request, options)).node);
  }
}

/** What a caller may say about a node. */
export type NodeFields = Fields<typeof NodeSchema, "name">;
