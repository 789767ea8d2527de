/** A client of one Loci server, whatever it is reached by. */

import type { DescMessage, DescMethodUnary, DescService, MessageShape } from "@bufbuild/protobuf";
import { type Client, createClient } from "@connectrpc/connect";

import { Calls, type Options } from "./calls.js";
import { Edges } from "./edges.js";
import { type ExportFields, Exports } from "./export.js";
import { AdminService } from "./gen/loci/v1/admin_service_pb.js";
import type { AuditEntry, ExportAuditEntriesRequestSchema } from "./gen/loci/v1/audit_pb.js";
import type { BulkItem, ExportResponse, ImportState } from "./gen/loci/v1/bulk_service_pb.js";
import {
  type CommitRequestSchema,
  type CommitResponse,
  CommitService,
  type Mutation,
  type Precondition,
} from "./gen/loci/v1/commit_service_pb.js";
import type { ForgetResponse, RecallResponse, RememberResponse } from "./gen/loci/v1/memory_service_pb.js";
import {
  type BatchSearchResult,
  type SearchRequestSchema,
  type SearchResponse,
  SearchService,
} from "./gen/loci/v1/search_service_pb.js";
import { Graphs } from "./graphs.js";
import { type ImportOptions, Imports } from "./import.js";
import type { ImportSummary, Item } from "./importing.js";
import { type ForgetOptions, Memories, type RecallOptions, type RememberOptions } from "./memories.js";
import * as mutations from "./mutations.js";
import { graphName } from "./names.js";
import { Nodes } from "./nodes.js";
import type { ItemOf } from "./paging.js";
import * as preconditions from "./preconditions.js";
import type { PatientOptions } from "./resuming.js";
import type { CallOptions, LociTransport } from "./transport.js";
import type { Init } from "./values.js";
import { Walks } from "./walks.js";
import { Watch, WatchAll, type WatchAllOptions, type WatchOptions } from "./watch.js";

/** What a client is made of. */
export interface Parts {
  /** Where the server is, for people. */
  readonly address: string;
  readonly transport: LociTransport;
  /** Whether the transport can send and receive at once, as browsers cannot. */
  readonly bidirectional: boolean;
  /** Ends the connection. */
  readonly disconnect?: () => void;
}

/** How a search ranks and what it tells. */
export type SearchOptions = Options<typeof SearchRequestSchema, "parent" | "query">;
/** How a commit is made. */
export type CommitOptions = Options<typeof CommitRequestSchema, "parent" | "mutations" | "preconditions"> & {
  readonly preconditions?: readonly Precondition[];
};

/** A client of one Loci server, to be shared by everything in the process. Graphs, nodes and edges are given by id or name. */
export class Loci extends Calls {
  /** Where the server is. */
  readonly address: string;
  readonly graphs: Graphs;
  readonly nodes: Nodes;
  readonly edges: Edges;
  readonly memories: Memories;
  readonly walks: Walks;
  /** Tenants, credentials, audit and the upkeep of graphs, as the contract has them. */
  readonly admin: Client<typeof AdminService>;
  readonly #imports: Imports;
  readonly #exports: Exports;
  readonly #disconnect: (() => void) | undefined;

  constructor({ address, transport, bidirectional, disconnect }: Parts) {
    super(transport);
    this.address = address;
    this.graphs = new Graphs(transport);
    this.nodes = new Nodes(transport);
    this.edges = new Edges(transport);
    this.memories = new Memories(transport);
    this.walks = new Walks(transport);
    this.admin = createClient(AdminService, transport);
    this.#imports = new Imports(transport, bidirectional);
    this.#exports = new Exports(transport);
    this.#disconnect = disconnect;
  }

  /** Keeps a memory, unless it is there already: `outcome` and `reason` say what became of it. */
  remember(graph: string, text: string, options?: RememberOptions): Promise<RememberResponse> {
    return this.memories.remember(graph, text, options);
  }

  /** Searches up to eight graphs as one, and packs what it finds into a text of `maxTokens` for a prompt. */
  recall(graphs: string | readonly string[], query: string, options?: RecallOptions): Promise<RecallResponse> {
    return this.memories.recall(graphs, query, options);
  }

  /** Deletes memories by id or by `filter`, at most 1,000 in one commit. */
  forget(graph: string, nodes: readonly string[], options?: ForgetOptions): Promise<ForgetResponse> {
    return this.memories.forget(graph, nodes, options);
  }

  /** The best hits of one graph; `arms` says how each way of finding fared. Throws SemanticSearchUnavailable. */
  search(graph: string, query: string, options: SearchOptions = {}): Promise<SearchResponse> {
    return this.unary(SearchService.method.search, { ...options, parent: graphName(graph), query }, options);
  }

  /** Up to 20 searches in one call; `fromStatus` makes an error of the result of one that failed. */
  async batchSearch(
    requests: readonly Init<typeof SearchRequestSchema>[],
    options?: CallOptions,
  ): Promise<BatchSearchResult[]> {
    const named = requests.map((request) => ({ ...request, parent: graphName(request.parent ?? "") }));
    return (await this.unary(SearchService.method.batchSearch, { requests: named }, options)).results;
  }

  /** Up to 1,000 of `mutations`, all or none, in one commit. Throws PreconditionFailed. */
  commit(graph: string, changes: readonly Mutation[], options: CommitOptions = {}): Promise<CommitResponse> {
    const request = {
      ...options,
      parent: graphName(graph),
      mutations: changes.map((mutation) => mutations.inGraph(graph, mutation)),
      preconditions: (options.preconditions ?? []).map((condition) => preconditions.inGraph(graph, condition)),
    };
    return this.unary(CommitService.method.commit, request, options);
  }

  /**
   * Writes nodes and edges, in chunks that are each one commit. Nodes must come before the edges at them. A cut
   * connection is taken up again by itself; to go on in another process, give the same `importId`, items and `chunkSize`.
   */
  importItems(
    graph: string,
    items: Iterable<Item> | AsyncIterable<Item>,
    options: ImportOptions = {},
  ): Promise<ImportSummary> {
    return this.#imports.run(graph, items, options);
  }

  /** How far an import has come. Throws ImportNotFound. */
  importState(graph: string, importId: string, options?: CallOptions): Promise<ImportState> {
    return this.#imports.state(graph, importId, options);
  }

  /** Every node, then every edge, as they stood at one revision, over cut connections. */
  exportItems(graph: string, options: ExportFields & PatientOptions = {}): AsyncGenerator<BulkItem, void> {
    return this.#exports.items(graph, options, options);
  }

  /** As `exportItems`, page by page: keep a page's `nextPageToken` to go on behind it in another process. */
  exportPages(graph: string, options: ExportFields & PatientOptions = {}): AsyncGenerator<ExportResponse, void> {
    return this.#exports.pages(graph, options, options);
  }

  /** All audit entries of a chain in its order, over cut connections; by default that of the caller's own tenant. */
  exportAuditEntries(
    options: Omit<Options<typeof ExportAuditEntriesRequestSchema>, "timeoutMs"> & PatientOptions = {},
  ): AsyncGenerator<AuditEntry, void> {
    return this.#exports.auditEntries(options, options);
  }

  /** The commits of a graph from a point on, as they happen, over cut connections and restarts. Iterate the result. */
  watch(graph: string, options: WatchOptions = {}): Watch {
    return new Watch(this.transport, graph, options);
  }

  /** The commits of all graphs of the tenant, and what became of these, with one token for all. Iterate the result. */
  watchAll(options: WatchAllOptions = {}): WatchAll {
    return new WatchAll(this.transport, options);
  }

  /** Any unary method of the contract, such as `NodeService.method.getNode`. */
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: Init<I>,
    options?: CallOptions,
  ): Promise<MessageShape<O>> {
    return this.unary(method, request, options);
  }

  /** The items of all pages of any method that has pages. `timeoutMs` is for each page. */
  list<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: Init<I>,
    options?: CallOptions,
  ): AsyncGenerator<ItemOf<O>, void> {
    return this.listed(method, request, options);
  }

  /** A service of the contract as a client of Connect, with all that this client adds to calls. */
  service<S extends DescService>(service: S): Client<S> {
    return createClient(service, this.transport);
  }

  /** Ends the connection; calls that run, and calls after it, throw Cancelled. */
  close(): void {
    this.transport.close();
    this.#disconnect?.();
  }
}
