/** Graphs, and the keys and vectors of each. */

import { Calls, type Fields, given, type Options } from "./calls.js";
import type { EraseGraphRequestSchema, Erasure } from "./gen/loci/v1/erasure_pb.js";
import type { Graph, GraphSchema, GraphStats } from "./gen/loci/v1/graph_pb.js";
import {
  type CreateGraphRequestSchema,
  type DeleteGraphRequestSchema,
  GraphService,
  type ListGraphsRequestSchema,
  type UndeleteGraphRequestSchema,
  type UpdateGraphRequestSchema,
} from "./gen/loci/v1/graph_service_pb.js";
import { graphName, idOf } from "./names.js";
import type { CallOptions } from "./transport.js";

const { method } = GraphService;

/** GraphService. `graph` is an id (`alice`) or a name (`graphs/alice`). */
export class Graphs extends Calls {
  /** Makes a graph; without an id (`""`) it gets a new UUIDv7. Throws GraphExists. */
  async create(
    graph: string,
    fields: GraphFields = {},
    options: Options<typeof CreateGraphRequestSchema, "graphId" | "graph"> = {},
  ): Promise<Graph> {
    const request = { ...options, graphId: idOf(graph), graph: fields };
    return given((await this.unary(method.createGraph, request, options)).graph);
  }

  /** One graph. Throws GraphNotFound. */
  async get(graph: string, options?: CallOptions): Promise<Graph> {
    return given((await this.unary(method.getGraph, { name: graphName(graph) }, options)).graph);
  }

  /** All graphs of the tenant in order of id. */
  list(options: Options<typeof ListGraphsRequestSchema> = {}): AsyncGenerator<Graph, void> {
    return this.listed(method.listGraphs, options, options);
  }

  /** Changes the fields that are given, or those of `updateMask`. */
  async update(
    graph: string,
    fields: GraphFields,
    options: Options<typeof UpdateGraphRequestSchema, "graph"> = {},
  ): Promise<Graph> {
    const request = { ...options, graph: { ...fields, name: graphName(graph) } };
    return given((await this.unary(method.updateGraph, request, options)).graph);
  }

  /** Deletes a graph softly: `undelete` brings it back whole. */
  async delete(graph: string, options: Options<typeof DeleteGraphRequestSchema, "name"> = {}): Promise<Graph> {
    return given((await this.unary(method.deleteGraph, { ...options, name: graphName(graph) }, options)).graph);
  }

  /** Brings a deleted graph back. */
  async undelete(graph: string, options: Options<typeof UndeleteGraphRequestSchema, "name"> = {}): Promise<Graph> {
    return given((await this.unary(method.undeleteGraph, { ...options, name: graphName(graph) }, options)).graph);
  }

  /** Destroys the keys of a graph and removes all that is stored of it. There is no way back. */
  async erase(graph: string, options: Options<typeof EraseGraphRequestSchema, "name"> = {}): Promise<Erasure> {
    return given((await this.unary(method.eraseGraph, { ...options, name: graphName(graph) }, options)).erasure);
  }

  /** Counts of a graph at one revision. */
  async stats(graph: string, options?: CallOptions): Promise<GraphStats> {
    return given((await this.unary(method.getGraphStats, { name: graphName(graph) }, options)).stats);
  }
}

/** What a caller may say about a graph. */
export type GraphFields = Fields<typeof GraphSchema, "name">;
