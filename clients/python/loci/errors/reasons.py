"""One class for each reason of `loci.v1.ErrorReason`; the name of the class is the reason in camel case."""

from collections.abc import Sequence

from .families import (
    Aborted,
    AlreadyExists,
    DataLoss,
    FailedPrecondition,
    InvalidArgument,
    ItemFailure,
    NotFound,
    OutOfRange,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)

# --- The request cannot be understood ---------------------------------------------------------------------------------


class UndecodableMessage(InvalidArgument):
    """The bytes are not the message that the method takes."""

    family_reason = "UNDECODABLE_MESSAGE"


class InvalidField(InvalidArgument):
    """A field has a value that is not allowed."""

    family_reason = "INVALID_FIELD"


class InvalidName(InvalidArgument):
    """A name or id is not well formed."""

    family_reason = "INVALID_NAME"


class InvalidFieldMask(InvalidArgument):
    """The update mask names a field that cannot be updated."""

    family_reason = "INVALID_FIELD_MASK"


class InvalidPageToken(InvalidArgument):
    """The page token was not made for this query."""

    family_reason = "INVALID_PAGE_TOKEN"


class InvalidDate(InvalidArgument):
    """A date is not EDTF."""

    family_reason = "INVALID_DATE"


class InvalidVector(InvalidArgument):
    """A vector is empty, too long, not finite or all zero."""

    family_reason = "INVALID_VECTOR"


class DimensionMismatch(InvalidArgument):
    """Vectors of this model have another dimension in this tenant."""

    family_reason = "DIMENSION_MISMATCH"


class LimitExceeded(InvalidArgument):
    """Something is larger, or there is more of it, than is allowed."""

    family_reason = "LIMIT_EXCEEDED"


class SelfEdge(InvalidArgument):
    """An edge cannot enter the node that it leaves."""

    family_reason = "SELF_EDGE"


class RequestIdReused(InvalidArgument):
    """This request_id was used for another request."""

    family_reason = "REQUEST_ID_REUSED"


class ImportOptionsChanged(InvalidArgument):
    """This import was begun with other options."""

    family_reason = "IMPORT_OPTIONS_CHANGED"


class BadItems(InvalidArgument):
    """A chunk of an import holds bad items; nothing of the chunk was written."""

    family_reason = "BAD_ITEMS"

    items: Sequence[ItemFailure] = ()
    """The bad ones, as many as the answer had room for."""


class InvalidResumeToken(InvalidArgument):
    """The token is not one of this stream: of another graph, filter or installation, or it was changed."""

    family_reason = "INVALID_RESUME_TOKEN"


# --- Who is calling ---------------------------------------------------------------------------------------------------


class CredentialMissing(Unauthenticated):
    """No API key was sent."""

    family_reason = "CREDENTIAL_MISSING"


class CredentialInvalid(Unauthenticated):
    """The API key is not valid."""

    family_reason = "CREDENTIAL_INVALID"


class CredentialExpired(Unauthenticated):
    """The API key has expired."""

    family_reason = "CREDENTIAL_EXPIRED"


class IdentityUnknown(PermissionDenied):
    """The token or certificate is genuine, and nothing says what it may do here."""

    family_reason = "IDENTITY_UNKNOWN"


class ScopeMissing(PermissionDenied):
    """The API key lacks the scope that this call needs."""

    family_reason = "SCOPE_MISSING"


class GraphNotGranted(PermissionDenied):
    """The API key is limited to other graphs, or to graphs and the call is about the whole tenant."""

    family_reason = "GRAPH_NOT_GRANTED"


# --- What is there ----------------------------------------------------------------------------------------------------


class GraphNotFound(NotFound):
    """There is no such graph."""

    family_reason = "GRAPH_NOT_FOUND"


class NodeNotFound(NotFound):
    """There is no such node."""

    family_reason = "NODE_NOT_FOUND"


class QueryNotFound(NotFound):
    """No answer of this graph has this query_id, or its query history does not keep it any more."""

    family_reason = "QUERY_NOT_FOUND"


class ErasureNotFound(NotFound):
    """There is no such erasure, or it is of another tenant."""

    family_reason = "ERASURE_NOT_FOUND"


class EdgeNotFound(NotFound):
    """There is no such edge."""

    family_reason = "EDGE_NOT_FOUND"


class TenantNotFound(NotFound):
    """There is no such tenant."""

    family_reason = "TENANT_NOT_FOUND"


class IdentityNotFound(NotFound):
    """No such identity has acted in the tenant."""

    family_reason = "IDENTITY_NOT_FOUND"


class ApiKeyNotFound(NotFound):
    """There is no such API key."""

    family_reason = "API_KEY_NOT_FOUND"


class ContentErased(NotFound):
    """What is asked for was hard-deleted; also the first answer to a write whose item was."""

    family_reason = "CONTENT_ERASED"


class ImportNotFound(NotFound):
    """There is no such import; they are kept for seven days after their last chunk."""

    family_reason = "IMPORT_NOT_FOUND"


class MethodNotFound(Unimplemented):
    """The server does not have this method: it is older than the client, or another service."""

    family_reason = "METHOD_NOT_FOUND"


class GraphExists(AlreadyExists):
    """There is such a graph already, perhaps a deleted one."""

    family_reason = "GRAPH_EXISTS"


class NodeExists(AlreadyExists):
    """There is such a node already."""

    family_reason = "NODE_EXISTS"


class EdgeExists(AlreadyExists):
    """There is such an edge already."""

    family_reason = "EDGE_EXISTS"


class TenantExists(AlreadyExists):
    """There is such a tenant already."""

    family_reason = "TENANT_EXISTS"


# --- The state does not allow it --------------------------------------------------------------------------------------


class EndpointMissing(FailedPrecondition):
    """A node that the edge would end at is not there."""

    family_reason = "ENDPOINT_MISSING"


class PreconditionFailed(FailedPrecondition):
    """A precondition of the commit does not hold."""

    family_reason = "PRECONDITION_FAILED"


class ApiKeyEnded(FailedPrecondition):
    """The API key is revoked or has expired, so it cannot be rotated."""

    family_reason = "API_KEY_ENDED"


class GraphNotDeleted(FailedPrecondition):
    """The graph is not deleted, so there is nothing to undelete."""

    family_reason = "GRAPH_NOT_DELETED"


class ImportOutOfSequence(FailedPrecondition):
    """The import goes on at another sequence."""

    family_reason = "IMPORT_OUT_OF_SEQUENCE"


class EtagMismatch(Aborted):
    """The thing has changed since its etag was read."""

    family_reason = "ETAG_MISMATCH"


class WriteContention(Aborted):
    """Too many writers changed the same items at once, also after retries; nothing was written."""

    family_reason = "WRITE_CONTENTION"


class RevisionCompacted(OutOfRange):
    """The log no longer holds what was asked for; the metadata `oldest` is the revision behind which it is whole."""

    family_reason = "REVISION_COMPACTED"


class RevisionInFuture(OutOfRange):
    """The graph has not reached this revision."""

    family_reason = "REVISION_IN_FUTURE"


class SemanticSearchUnavailable(FailedPrecondition):
    """The server has no embedder, and no query_embedding was given."""

    family_reason = "SEMANTIC_SEARCH_UNAVAILABLE"


class SupersessionCycle(FailedPrecondition):
    """A memory cannot take the place of what took its own."""

    family_reason = "SUPERSESSION_CYCLE"


# --- Not now ----------------------------------------------------------------------------------------------------------


class TooManyRequests(ResourceExhausted):
    """As many calls are in flight as are allowed."""

    family_reason = "TOO_MANY_REQUESTS"


class TooManyIdentities(ResourceExhausted):
    """The tenant has as many identities as are kept."""

    family_reason = "TOO_MANY_IDENTITIES"


class TooManyFailedCredentials(ResourceExhausted):
    """Too many credentials from this address were not valid; keys that are in use go on."""

    family_reason = "TOO_MANY_FAILED_CREDENTIALS"


class RateLimited(ResourceExhausted):
    """The tenant makes more calls than it may; the metadata `limit` says how many a second."""

    family_reason = "RATE_LIMITED"


class QuotaExceeded(ResourceExhausted):
    """The tenant would have more than it may; the metadata `name` and `limit` say of what. Reads and deletes go on."""

    family_reason = "QUOTA_EXCEEDED"


class WatchTooSlow(ResourceExhausted):
    """The reader of a watch took nothing for too long; the metadata `resume_token` goes on behind what it got."""

    family_reason = "WATCH_TOO_SLOW"


class Draining(Unavailable):
    """The server is shutting down."""

    family_reason = "DRAINING"


class DatabaseUnavailable(Unavailable):
    """The server cannot reach its database."""

    family_reason = "DATABASE_UNAVAILABLE"


class EmbedderUnavailable(Unavailable):
    """The server cannot reach its embedder."""

    family_reason = "EMBEDDER_UNAVAILABLE"


class IssuerUnavailable(Unavailable):
    """The server cannot ask the token's issuer for its keys."""

    family_reason = "ISSUER_UNAVAILABLE"


class SearchArmUnavailable(Unavailable):
    """An arm of the search answered its first page and does not answer a later one."""

    family_reason = "SEARCH_ARM_UNAVAILABLE"


class KeyServiceUnavailable(Unavailable):
    """The server cannot reach its key service."""

    family_reason = "KEY_SERVICE_UNAVAILABLE"


# --- What is stored does not open -------------------------------------------------------------------------------------


class ContentUnreadable(DataLoss):
    """Stored bytes were changed or moved, or the keyring is another one."""

    family_reason = "CONTENT_UNREADABLE"


class KeyDestroyed(ContentUnreadable):
    """The key that it was sealed by is gone for good, as erasure destroys it."""

    family_reason = "KEY_DESTROYED"
