/** One class for each reason of `loci.v1.ErrorReason`; the name of the class is the reason in camel case. */

import { isMessage } from "@bufbuild/protobuf";

import { type ItemError, ItemErrorSchema } from "../gen/loci/v1/bulk_service_pb.js";
import {
  Aborted,
  AlreadyExists,
  DataLoss,
  FailedPrecondition,
  InvalidArgument,
  NotFound,
  OutOfRange,
  PermissionDenied,
  ResourceExhausted,
  Unauthenticated,
  Unavailable,
  Unimplemented,
} from "./families.js";

// --- The request cannot be understood ---

/** The bytes are not the message that the method takes. */
export class UndecodableMessage extends InvalidArgument {
  declare readonly reason: "UNDECODABLE_MESSAGE";
  static override readonly reason: string = "UNDECODABLE_MESSAGE";
}

/** A field has a value that is not allowed. */
export class InvalidField extends InvalidArgument {
  declare readonly reason: "INVALID_FIELD";
  static override readonly reason: string = "INVALID_FIELD";
}

/** A name or id is not well formed. */
export class InvalidName extends InvalidArgument {
  declare readonly reason: "INVALID_NAME";
  static override readonly reason: string = "INVALID_NAME";
}

/** The update mask names a field that cannot be updated. */
export class InvalidFieldMask extends InvalidArgument {
  declare readonly reason: "INVALID_FIELD_MASK";
  static override readonly reason: string = "INVALID_FIELD_MASK";
}

/** The page token was not made for this query. */
export class InvalidPageToken extends InvalidArgument {
  declare readonly reason: "INVALID_PAGE_TOKEN";
  static override readonly reason: string = "INVALID_PAGE_TOKEN";
}

/** A date is not EDTF. */
export class InvalidDate extends InvalidArgument {
  declare readonly reason: "INVALID_DATE";
  static override readonly reason: string = "INVALID_DATE";
}

/** A vector is empty, too long, not finite or all zero. */
export class InvalidVector extends InvalidArgument {
  declare readonly reason: "INVALID_VECTOR";
  static override readonly reason: string = "INVALID_VECTOR";
}

/** Vectors of this model have another dimension in this tenant. */
export class DimensionMismatch extends InvalidArgument {
  declare readonly reason: "DIMENSION_MISMATCH";
  static override readonly reason: string = "DIMENSION_MISMATCH";
}

/** Something is larger, or there is more of it, than is allowed. */
export class LimitExceeded extends InvalidArgument {
  declare readonly reason: "LIMIT_EXCEEDED";
  static override readonly reason: string = "LIMIT_EXCEEDED";
}

/** An edge cannot enter the node that it leaves. */
export class SelfEdge extends InvalidArgument {
  declare readonly reason: "SELF_EDGE";
  static override readonly reason: string = "SELF_EDGE";
}

/** This request_id was used for another request. */
export class RequestIdReused extends InvalidArgument {
  declare readonly reason: "REQUEST_ID_REUSED";
  static override readonly reason: string = "REQUEST_ID_REUSED";
}

/** This import was begun with other options. */
export class ImportOptionsChanged extends InvalidArgument {
  declare readonly reason: "IMPORT_OPTIONS_CHANGED";
  static override readonly reason: string = "IMPORT_OPTIONS_CHANGED";
}

/** A chunk of an import holds bad items; nothing of the chunk was written. */
export class BadItems extends InvalidArgument {
  declare readonly reason: "BAD_ITEMS";
  static override readonly reason: string = "BAD_ITEMS";

  /** Them. Thrown by an import, `index` is the place among all items, from 0; `fromStatus` makes an error of a status. */
  get items(): readonly ItemError[] {
    return this.details.filter((detail) => isMessage(detail, ItemErrorSchema));
  }
}

/** The token is not one of this stream: of another graph, filter or installation, or it was changed. */
export class InvalidResumeToken extends InvalidArgument {
  declare readonly reason: "INVALID_RESUME_TOKEN";
  static override readonly reason: string = "INVALID_RESUME_TOKEN";
}

// --- Who is calling ---

/** No API key was sent. */
export class CredentialMissing extends Unauthenticated {
  declare readonly reason: "CREDENTIAL_MISSING";
  static override readonly reason: string = "CREDENTIAL_MISSING";
}

/** The API key is not valid. */
export class CredentialInvalid extends Unauthenticated {
  declare readonly reason: "CREDENTIAL_INVALID";
  static override readonly reason: string = "CREDENTIAL_INVALID";
}

/** The API key has expired. */
export class CredentialExpired extends Unauthenticated {
  declare readonly reason: "CREDENTIAL_EXPIRED";
  static override readonly reason: string = "CREDENTIAL_EXPIRED";
}

/** The token or certificate is genuine, and nothing says what it may do here. */
export class IdentityUnknown extends PermissionDenied {
  declare readonly reason: "IDENTITY_UNKNOWN";
  static override readonly reason: string = "IDENTITY_UNKNOWN";
}

/** The API key lacks the scope that this call needs. */
export class ScopeMissing extends PermissionDenied {
  declare readonly reason: "SCOPE_MISSING";
  static override readonly reason: string = "SCOPE_MISSING";
}

/** The API key is limited to other graphs, or to graphs and the call is about the whole tenant. */
export class GraphNotGranted extends PermissionDenied {
  declare readonly reason: "GRAPH_NOT_GRANTED";
  static override readonly reason: string = "GRAPH_NOT_GRANTED";
}

// --- What is there ---

/** There is no such graph. */
export class GraphNotFound extends NotFound {
  declare readonly reason: "GRAPH_NOT_FOUND";
  static override readonly reason: string = "GRAPH_NOT_FOUND";
}

/** There is no such node. */
export class NodeNotFound extends NotFound {
  declare readonly reason: "NODE_NOT_FOUND";
  static override readonly reason: string = "NODE_NOT_FOUND";
}

/** No answer of this graph has this query_id, or its query history does not keep it any more. */
export class QueryNotFound extends NotFound {
  declare readonly reason: "QUERY_NOT_FOUND";
  static override readonly reason: string = "QUERY_NOT_FOUND";
}

/** There is no such erasure, or it is of another tenant. */
export class ErasureNotFound extends NotFound {
  declare readonly reason: "ERASURE_NOT_FOUND";
  static override readonly reason: string = "ERASURE_NOT_FOUND";
}

/** There is no such edge. */
export class EdgeNotFound extends NotFound {
  declare readonly reason: "EDGE_NOT_FOUND";
  static override readonly reason: string = "EDGE_NOT_FOUND";
}

/** There is no such tenant. */
export class TenantNotFound extends NotFound {
  declare readonly reason: "TENANT_NOT_FOUND";
  static override readonly reason: string = "TENANT_NOT_FOUND";
}

/** No such identity has acted in the tenant. */
export class IdentityNotFound extends NotFound {
  declare readonly reason: "IDENTITY_NOT_FOUND";
  static override readonly reason: string = "IDENTITY_NOT_FOUND";
}

/** There is no such API key. */
export class ApiKeyNotFound extends NotFound {
  declare readonly reason: "API_KEY_NOT_FOUND";
  static override readonly reason: string = "API_KEY_NOT_FOUND";
}

/** What is asked for was hard-deleted; also the first answer to a write whose item was. */
export class ContentErased extends NotFound {
  declare readonly reason: "CONTENT_ERASED";
  static override readonly reason: string = "CONTENT_ERASED";
}

/** There is no such import; they are kept for seven days after their last chunk. */
export class ImportNotFound extends NotFound {
  declare readonly reason: "IMPORT_NOT_FOUND";
  static override readonly reason: string = "IMPORT_NOT_FOUND";
}

/** The server does not have this method: it is older than the client, or another service. */
export class MethodNotFound extends Unimplemented {
  declare readonly reason: "METHOD_NOT_FOUND";
  static override readonly reason: string = "METHOD_NOT_FOUND";
}

/** There is such a graph already, perhaps a deleted one. */
export class GraphExists extends AlreadyExists {
  declare readonly reason: "GRAPH_EXISTS";
  static override readonly reason: string = "GRAPH_EXISTS";
}

/** There is such a node already. */
export class NodeExists extends AlreadyExists {
  declare readonly reason: "NODE_EXISTS";
  static override readonly reason: string = "NODE_EXISTS";
}

/** There is such an edge already. */
export class EdgeExists extends AlreadyExists {
  declare readonly reason: "EDGE_EXISTS";
  static override readonly reason: string = "EDGE_EXISTS";
}

/** There is such a tenant already. */
export class TenantExists extends AlreadyExists {
  declare readonly reason: "TENANT_EXISTS";
  static override readonly reason: string = "TENANT_EXISTS";
}

// --- The state does not allow it ---

/** A node that the edge would end at is not there. */
export class EndpointMissing extends FailedPrecondition {
  declare readonly reason: "ENDPOINT_MISSING";
  static override readonly reason: string = "ENDPOINT_MISSING";
}

/** A precondition of the commit does not hold. */
export class PreconditionFailed extends FailedPrecondition {
  declare readonly reason: "PRECONDITION_FAILED";
  static override readonly reason: string = "PRECONDITION_FAILED";
}

/** The API key is revoked or has expired, so it cannot be rotated. */
export class ApiKeyEnded extends FailedPrecondition {
  declare readonly reason: "API_KEY_ENDED";
  static override readonly reason: string = "API_KEY_ENDED";
}

/** The graph is not deleted, so there is nothing to undelete. */
export class GraphNotDeleted extends FailedPrecondition {
  declare readonly reason: "GRAPH_NOT_DELETED";
  static override readonly reason: string = "GRAPH_NOT_DELETED";
}

/** The import goes on at another sequence. */
export class ImportOutOfSequence extends FailedPrecondition {
  declare readonly reason: "IMPORT_OUT_OF_SEQUENCE";
  static override readonly reason: string = "IMPORT_OUT_OF_SEQUENCE";
}

/** The thing has changed since its etag was read. */
export class EtagMismatch extends Aborted {
  declare readonly reason: "ETAG_MISMATCH";
  static override readonly reason: string = "ETAG_MISMATCH";
}

/** Too many writers changed the same items at once, also after retries; nothing was written. */
export class WriteContention extends Aborted {
  declare readonly reason: "WRITE_CONTENTION";
  static override readonly reason: string = "WRITE_CONTENTION";
}

/** The log no longer holds what was asked for; the metadata `oldest` is the revision behind which it is whole. */
export class RevisionCompacted extends OutOfRange {
  declare readonly reason: "REVISION_COMPACTED";
  static override readonly reason: string = "REVISION_COMPACTED";
}

/** The graph has not reached this revision. */
export class RevisionInFuture extends OutOfRange {
  declare readonly reason: "REVISION_IN_FUTURE";
  static override readonly reason: string = "REVISION_IN_FUTURE";
}

/** The server has no embedder, and no queryEmbedding was given. */
export class SemanticSearchUnavailable extends FailedPrecondition {
  declare readonly reason: "SEMANTIC_SEARCH_UNAVAILABLE";
  static override readonly reason: string = "SEMANTIC_SEARCH_UNAVAILABLE";
}

/** A memory cannot take the place of what took its own. */
export class SupersessionCycle extends FailedPrecondition {
  declare readonly reason: "SUPERSESSION_CYCLE";
  static override readonly reason: string = "SUPERSESSION_CYCLE";
}

// --- Not now ---

/** As many calls are in flight as are allowed. */
export class TooManyRequests extends ResourceExhausted {
  declare readonly reason: "TOO_MANY_REQUESTS";
  static override readonly reason: string = "TOO_MANY_REQUESTS";
}

/** The tenant has as many identities as are kept. */
export class TooManyIdentities extends ResourceExhausted {
  declare readonly reason: "TOO_MANY_IDENTITIES";
  static override readonly reason: string = "TOO_MANY_IDENTITIES";
}

/** Too many credentials from this address were not valid; keys that are in use go on. */
export class TooManyFailedCredentials extends ResourceExhausted {
  declare readonly reason: "TOO_MANY_FAILED_CREDENTIALS";
  static override readonly reason: string = "TOO_MANY_FAILED_CREDENTIALS";
}

/** The tenant makes more calls than it may; the metadata `limit` says how many a second. */
export class RateLimited extends ResourceExhausted {
  declare readonly reason: "RATE_LIMITED";
  static override readonly reason: string = "RATE_LIMITED";
}

/** The tenant would have more than it may; the metadata `name` and `limit` say of what. Reads and deletes go on. */
export class QuotaExceeded extends ResourceExhausted {
  declare readonly reason: "QUOTA_EXCEEDED";
  static override readonly reason: string = "QUOTA_EXCEEDED";
}

/** The reader of a watch took nothing for too long; `resumeToken` goes on behind what it got. */
export class WatchTooSlow extends ResourceExhausted {
  declare readonly reason: "WATCH_TOO_SLOW";
  static override readonly reason: string = "WATCH_TOO_SLOW";
}

/** The server is shutting down. */
export class Draining extends Unavailable {
  declare readonly reason: "DRAINING";
  static override readonly reason: string = "DRAINING";
}

/** The server cannot reach its database. */
export class DatabaseUnavailable extends Unavailable {
  declare readonly reason: "DATABASE_UNAVAILABLE";
  static override readonly reason: string = "DATABASE_UNAVAILABLE";
}

/** The server cannot reach its embedder. */
export class EmbedderUnavailable extends Unavailable {
  declare readonly reason: "EMBEDDER_UNAVAILABLE";
  static override readonly reason: string = "EMBEDDER_UNAVAILABLE";
}

/** The server cannot ask the token's issuer for its keys. */
export class IssuerUnavailable extends Unavailable {
  declare readonly reason: "ISSUER_UNAVAILABLE";
  static override readonly reason: string = "ISSUER_UNAVAILABLE";
}

/** An arm of the search answered its first page and does not answer a later one. */
export class SearchArmUnavailable extends Unavailable {
  declare readonly reason: "SEARCH_ARM_UNAVAILABLE";
  static override readonly reason: string = "SEARCH_ARM_UNAVAILABLE";
}

/** The server cannot reach its key service. */
export class KeyServiceUnavailable extends Unavailable {
  declare readonly reason: "KEY_SERVICE_UNAVAILABLE";
  static override readonly reason: string = "KEY_SERVICE_UNAVAILABLE";
}

// --- What is stored does not open ---

/** Stored bytes were changed or moved, or the keyring is another one. */
export class ContentUnreadable extends DataLoss {
  declare readonly reason: "CONTENT_UNREADABLE" | "KEY_DESTROYED";
  static override readonly reason: string = "CONTENT_UNREADABLE";
}

/** The key that it was sealed by is gone for good, as erasure destroys it. */
export class KeyDestroyed extends ContentUnreadable {
  declare readonly reason: "KEY_DESTROYED";
  static override readonly reason: string = "KEY_DESTROYED";
}
