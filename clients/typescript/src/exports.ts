/** What both entry points give. */

export { durationFromMs, durationMs, timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
export type { Token } from "./credential.js";
export type { EdgeFields } from "./edges.js";
export * from "./errors/index.js";
export type { GraphFields } from "./graphs.js";
export type { ImportOptions } from "./import.js";
export type { ImportSummary, Item, ItemFailure } from "./importing.js";
export { type CommitOptions, Loci, type SearchOptions } from "./loci.js";
export type { ForgetOptions, RecallOptions, RememberOptions } from "./memories.js";
export * as mutations from "./mutations.js";
export { edgeName, graphName, idOf, nodeName, sessionName } from "./names.js";
export type { NodeFields } from "./nodes.js";
export type { ItemOf } from "./paging.js";
export * as preconditions from "./preconditions.js";
export type { PatientOptions } from "./resuming.js";
export type { CallOptions } from "./transport.js";
export { VERSION } from "./version.js";
export { Watch, WatchAll, type WatchAllOptions, type WatchOptions } from "./watch.js";
export type { FeedItem } from "./watching.js";
