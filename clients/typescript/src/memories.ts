/** Memories: what an agent knows, kept once, found and packed for a prompt, and forgotten; how much it matters, and how
 * answers were judged. */

import { Calls, given, type Options } from "./calls.js";
import type {
  Feedback,
  GiveFeedbackRequestSchema,
  ListFeedbackRequestSchema,
  SummarizeFeedbackRequestSchema,
  SummarizeFeedbackResponse,
} from "./gen/loci/v1/feedback_pb.js";
import {
  type AppendTurnsRequestSchema,
  type AppendTurnsResponse,
  type ForgetRequestSchema,
  type ForgetResponse,
  type GetTranscriptRequestSchema,
  type ListSessionsRequestSchema,
  MemoryService,
  type RecallRequestSchema,
  type RecallResponse,
  type RememberRequestSchema,
  type RememberResponse,
  type Session,
  type StartSessionRequestSchema,
  type TurnSchema,
} from "./gen/loci/v1/memory_service_pb.js";
import type { Node } from "./gen/loci/v1/node_pb.js";
import type { ListQueriesRequestSchema, QueryRecord } from "./gen/loci/v1/query_history_pb.js";
import type {
  BatchGetSalienceResponse,
  BoostMemoryRequestSchema,
  RecalculateRequestSchema,
  Recalculation,
  Salience,
} from "./gen/loci/v1/salience_pb.js";
import { graphName, nodeName, sessionName } from "./names.js";
import type { CallOptions } from "./transport.js";
import type { Init } from "./values.js";

const { method } = MemoryService;

/** What is remembered beside the text. */
export type RememberOptions = Options<typeof RememberRequestSchema, "parent" | "text">;
/** How memories are found. */
export type RecallOptions = Options<typeof RecallRequestSchema, "parents" | "query">;
/** What is forgotten, and how. */
export type ForgetOptions = Options<typeof ForgetRequestSchema, "parent" | "names">;

/** MemoryService. `session` is an id or the name of the session's node. */
export class Memories extends Calls {
  /** Keeps a memory, unless it is there already: `outcome` and `reason` say what became of it. Throws NodeExists,
   * NodeNotFound (for `session` and `supersedes`) or SupersessionCycle. */
  remember(graph: string, text: string, options: RememberOptions = {}): Promise<RememberResponse> {
    const supersedes = options.supersedes?.map((node) => nodeName(graph, node));
    const request = { ...options, parent: graphName(graph), text, supersedes };
    return this.unary(method.remember, request, options);
  }

  /** Searches up to eight graphs as one, and packs what it finds into a text of `maxTokens` for a prompt. */
  recall(graphs: string | readonly string[], query: string, options: RecallOptions = {}): Promise<RecallResponse> {
    const parents = (typeof graphs === "string" ? [graphs] : graphs).map(graphName);
    return this.unary(method.recall, { ...options, parents, query }, options);
  }

  /** Deletes memories by id or by `filter`, at most 1,000 in one commit: `more` says that there are others. A session
   * (`session:ID`) goes with its turns. `hard` leaves nothing of them. */
  forget(graph: string, nodes: readonly string[], options: ForgetOptions = {}): Promise<ForgetResponse> {
    const names = nodes.map((node) => nodeName(graph, node));
    return this.unary(method.forget, { ...options, parent: graphName(graph), names }, options);
  }

  /** Begins a session; without an id (`""`) it gets a new UUIDv7. Throws NodeExists. */
  async startSession(
    graph: string,
    session: string,
    options: Options<typeof StartSessionRequestSchema, "parent" | "sessionId"> = {},
  ): Promise<Session> {
    const request = { ...options, parent: graphName(graph), sessionId: session };
    return given((await this.unary(method.startSession, request, options)).session);
  }

  /** Adds 1 to 200 turns to a session. */
  appendTurns(
    graph: string,
    session: string,
    turns: Init<typeof TurnSchema>[],
    options: Options<typeof AppendTurnsRequestSchema, "name" | "turns"> = {},
  ): Promise<AppendTurnsResponse> {
    return this.unary(method.appendTurns, { ...options, name: sessionName(graph, session), turns }, options);
  }

  /** The sessions of a graph. */
  sessions(
    graph: string,
    options: Options<typeof ListSessionsRequestSchema, "parent"> = {},
  ): AsyncGenerator<Session, void> {
    return this.listed(method.listSessions, { ...options, parent: graphName(graph) }, options);
  }

  /** The turns of a session. */
  transcript(
    graph: string,
    session: string,
    options: Options<typeof GetTranscriptRequestSchema, "name"> = {},
  ): AsyncGenerator<Node, void> {
    return this.listed(method.getTranscript, { ...options, name: sessionName(graph, session) }, options);
  }

  /** How much memories matter now. */
  salience(graph: string, nodes: readonly string[], options?: CallOptions): Promise<BatchGetSalienceResponse> {
    const names = nodes.map((node) => nodeName(graph, node));
    return this.unary(method.batchGetSalience, { parent: graphName(graph), names }, options);
  }

  /** Lifts or lowers a memory: -1 to 1. */
  async boost(
    graph: string,
    node: string,
    boost: number,
    options: Options<typeof BoostMemoryRequestSchema, "name" | "boost"> = {},
  ): Promise<Salience> {
    const request = { ...options, name: nodeName(graph, node), boost };
    return given((await this.unary(method.boostMemory, request, options)).salience);
  }

  /** Has the salience of all memories of a graph computed anew. */
  async recalculate(
    graph: string,
    options: Options<typeof RecalculateRequestSchema, "parent"> = {},
  ): Promise<Recalculation> {
    const request = { ...options, parent: graphName(graph) };
    return given((await this.unary(method.recalculate, request, options)).recalculation);
  }

  /** How far the last recalculation of a graph has come. */
  async recalculation(graph: string, options?: CallOptions): Promise<Recalculation> {
    return given((await this.unary(method.getRecalculation, { name: graphName(graph) }, options)).recalculation);
  }

  /** What was asked of a graph. Needs the scope ADMIN. */
  queries(
    graph: string,
    options: Options<typeof ListQueriesRequestSchema, "parent"> = {},
  ): AsyncGenerator<QueryRecord, void> {
    return this.listed(method.listQueries, { ...options, parent: graphName(graph) }, options);
  }

  /** Judges an answer, or a memory in it. `nodeName` may be an id. */
  async giveFeedback(graph: string, options: Options<typeof GiveFeedbackRequestSchema, "parent">): Promise<Feedback> {
    const node = options.nodeName ? nodeName(graph, options.nodeName) : undefined;
    const request = { ...options, parent: graphName(graph), nodeName: node };
    return given((await this.unary(method.giveFeedback, request, options)).feedback);
  }

  /** Feedback with its comments. Needs the scope ADMIN. */
  feedback(
    graph: string,
    options: Options<typeof ListFeedbackRequestSchema, "parent"> = {},
  ): AsyncGenerator<Feedback, void> {
    return this.listed(method.listFeedback, { ...options, parent: graphName(graph) }, options);
  }

  /** Counts of feedback, and the nodes that got most of it. */
  summarizeFeedback(
    graph: string,
    options: Options<typeof SummarizeFeedbackRequestSchema, "parent"> = {},
  ): Promise<SummarizeFeedbackResponse> {
    return this.unary(method.summarizeFeedback, { ...options, parent: graphName(graph) }, options);
  }
}
