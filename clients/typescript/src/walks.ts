/** Walks over the graph: each answer is bounded and says when a bound cut it. */

import { Calls, type Options } from "./calls.js";
import {
  type FindPathsRequestSchema,
  type FindPathsResponse,
  type GetContextRequestSchema,
  type GetContextResponse,
  type GetNeighborsRequestSchema,
  type Neighbor,
  TraversalService,
  type TraverseRequestSchema,
  type TraverseResponse,
} from "./gen/loci/v1/traversal_service_pb.js";
import { graphName, nodeName } from "./names.js";

const { method } = TraversalService;

/** TraversalService. Nodes are given by id or name; `selector` says which edges are followed. */
export class Walks extends Calls {
  /** The edges at a node, each with the node at its other end. */
  neighbors(
    graph: string,
    node: string,
    options: Options<typeof GetNeighborsRequestSchema, "name"> = {},
  ): AsyncGenerator<Neighbor, void> {
    return this.listed(method.getNeighbors, { ...options, name: nodeName(graph, node) }, options);
  }

  /** Breadth first from up to 100 start nodes. */
  traverse(
    graph: string,
    start: readonly string[],
    options: Options<typeof TraverseRequestSchema, "parent" | "startNames"> = {},
  ): Promise<TraverseResponse> {
    const startNames = start.map((node) => nodeName(graph, node));
    return this.unary(method.traverse, { ...options, parent: graphName(graph), startNames }, options);
  }

  /** The shortest paths between two nodes. */
  paths(
    graph: string,
    source: string,
    target: string,
    options: Options<typeof FindPathsRequestSchema, "parent" | "sourceName" | "targetName"> = {},
  ): Promise<FindPathsResponse> {
    const ends = { sourceName: nodeName(graph, source), targetName: nodeName(graph, target) };
    return this.unary(method.findPaths, { ...options, ...ends, parent: graphName(graph) }, options);
  }

  /** The nodes around up to 100 seeds and every edge among them. */
  context(
    graph: string,
    seeds: readonly string[],
    options: Options<typeof GetContextRequestSchema, "parent" | "seedNames"> = {},
  ): Promise<GetContextResponse> {
    const seedNames = seeds.map((node) => nodeName(graph, node));
    return this.unary(method.getContext, { ...options, parent: graphName(graph), seedNames }, options);
  }
}
