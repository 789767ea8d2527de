/** The contract: messages, enums and services of loci.v1. A test holds it complete. */

export * from "./gen/loci/v1/admin_service_pb.js";
export * from "./gen/loci/v1/as_of_pb.js";
export * from "./gen/loci/v1/audit_pb.js";
export * from "./gen/loci/v1/bulk_service_pb.js";
export * from "./gen/loci/v1/change_pb.js";
export * from "./gen/loci/v1/commit_service_pb.js";
export * from "./gen/loci/v1/edge_pb.js";
export * from "./gen/loci/v1/edge_service_pb.js";
export * from "./gen/loci/v1/erasure_pb.js";
export * from "./gen/loci/v1/errors_pb.js";
export * from "./gen/loci/v1/feedback_pb.js";
export * from "./gen/loci/v1/filter_pb.js";
export * from "./gen/loci/v1/graph_pb.js";
export * from "./gen/loci/v1/graph_service_pb.js";
export * from "./gen/loci/v1/identity_pb.js";
export * from "./gen/loci/v1/keys_pb.js";
export * from "./gen/loci/v1/memory_service_pb.js";
export * from "./gen/loci/v1/node_pb.js";
export * from "./gen/loci/v1/node_service_pb.js";
export * from "./gen/loci/v1/query_history_pb.js";
export * from "./gen/loci/v1/salience_pb.js";
export * from "./gen/loci/v1/search_service_pb.js";
export * from "./gen/loci/v1/traversal_service_pb.js";
export * from "./gen/loci/v1/watch_service_pb.js";
