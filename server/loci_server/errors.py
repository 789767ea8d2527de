"""Every error the service answers with, as one tree.

A class carries a gRPC code, a reason of `loci.v1.ErrorReason` and, as its docstring, its message; `{name}` in it is
filled from the keyword arguments, which also become the metadata of google.rpc.ErrorInfo. A message names fields,
limits and resources, never content. `loci_server.rpc.errors` is the one place that turns these into google.rpc.Status.

    LociError
    ├── InvalidArgument       the request cannot be understood
    ├── Unauthenticated       who is calling
    ├── PermissionDenied
    ├── NotFound              what is there
    ├── AlreadyExists
    ├── FailedPrecondition    the state does not allow it
    ├── Aborted
    ├── OutOfRange
    ├── ResourceExhausted     not now
    ├── Unavailable
    ├── DeadlineExceeded
    ├── DataLoss
    └── Internal              a defect
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from google.protobuf.message import Message

from loci.v1.errors_pb2 import ErrorReason


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field of a request and what is wrong with it."""

    field: str
    description: str


class LociError(Exception):
    """{detail}"""

    code: ClassVar[str] = "INTERNAL"
    reason: ClassVar["ErrorReason.ValueType"] = ErrorReason.ERROR_REASON_INTERNAL
    template: ClassVar[str] = "{detail}"
    advice: ClassVar[str] = ""
    """What a caller can do about it, for docs/errors.md."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.template = (cls.__doc__ or "").strip()

    def __init__(
        self,
        *,
        field: str | None = None,
        violations: tuple[FieldViolation, ...] = (),
        resource: str | None = None,
        retry_after: float | None = None,
        details: tuple[Message, ...] = (),
        **metadata: object,
    ) -> None:
        self.metadata: Mapping[str, str] = {key: str(value) for key, value in metadata.items()}
        self.message = self.template.format_map(_Fill(metadata, field=field, resource=resource))
        self.violations = violations or ((FieldViolation(field, self.message),) if field else ())
        self.resource = resource
        self.retry_after = retry_after
        self.details = details
        super().__init__(self.message)

    @classmethod
    def reason_name(cls) -> str:
        """The reason as clients see it, without the enum's prefix."""
        return ErrorReason.Name(cls.reason).removeprefix("ERROR_REASON_")


class _Fill(dict[str, object]):
    def __init__(self, metadata: Mapping[str, object], **named: object) -> None:
        super().__init__(metadata)
        self.update({key: value for key, value in named.items() if value is not None})

    def __missing__(self, key: str) -> str:
        return f"({key})"


# --- The request cannot be understood -------------------------------------------------------------------------------


class InvalidArgument(LociError):
    """{detail}"""

    code = "INVALID_ARGUMENT"
    reason = ErrorReason.ERROR_REASON_INVALID_FIELD
    advice = "Mend the field that is named; the same call will fail again."


class UndecodableMessage(InvalidArgument):
    """The bytes are not a {message} message."""

    reason = ErrorReason.ERROR_REASON_UNDECODABLE_MESSAGE
    advice = "Client and server disagree about the contract: regenerate the stubs; text must be valid UTF-8."


class InvalidField(InvalidArgument):
    """{field}: {detail}"""


class InvalidName(InvalidArgument):
    """{field}: {detail}"""

    reason = ErrorReason.ERROR_REASON_INVALID_NAME
    advice = "Names are `graphs/{graph}`, `graphs/{graph}/nodes/{node}`, …; docs/api.md says which ids are allowed."


class InvalidFieldMask(InvalidArgument):
    """{field}: there is no field `{path}` that can be updated."""

    reason = ErrorReason.ERROR_REASON_INVALID_FIELD_MASK
    advice = "Name fields of the resource in snake_case, `properties.KEY`, or `*`."


class InvalidPageToken(InvalidArgument):
    """{field}: the token was not made for this query, or has been changed."""

    reason = ErrorReason.ERROR_REASON_INVALID_PAGE_TOKEN
    advice = "Send a token back with the very request that gave it, or begin again without one."


class InvalidDate(InvalidArgument):
    """{field}: not an EDTF date or interval: {detail}"""

    reason = ErrorReason.ERROR_REASON_INVALID_DATE
    advice = "Write dates as EDTF: 1985, 1985-04, 198X, 1985~, 1985-04-12T23:20:30Z, ../1990."


class InvalidVector(InvalidArgument):
    """{field}: {detail}"""

    reason = ErrorReason.ERROR_REASON_INVALID_VECTOR
    advice = "Send 1 to 4,000 finite numbers that are not all zero, and the id of their model."


class DimensionMismatch(InvalidArgument):
    """{field}: vectors of this model have {expected} dimensions here, not {actual}."""

    reason = ErrorReason.ERROR_REASON_DIMENSION_MISMATCH
    advice = "Use another model id for vectors of another dimension."


class LimitExceeded(InvalidArgument):
    """{field}: {actual} {unit}, at most {limit} are allowed."""

    reason = ErrorReason.ERROR_REASON_LIMIT_EXCEEDED
    advice = "Make it smaller or split the call; the limits are in docs/limits.md."


class SelfEdge(InvalidArgument):
    """{field}: an edge cannot enter the node that it leaves."""

    reason = ErrorReason.ERROR_REASON_SELF_EDGE
    advice = "Put what the edge would say into a property of the node."


class RequestIdReused(InvalidArgument):
    """{field}: this request_id was used for another request."""

    reason = ErrorReason.ERROR_REASON_REQUEST_ID_REUSED
    advice = "Mint a new request_id for each new write; repeat one only with the very same request."


class InvalidResumeToken(InvalidArgument):
    """{field}: this token is not one of this stream: another graph, filter or installation, or it was changed."""

    reason = ErrorReason.ERROR_REASON_INVALID_RESUME_TOKEN
    advice = "Send a token with the very graph and filter that it came from, or begin at a revision."


class ImportOptionsChanged(InvalidArgument):
    """{field}: this import was begun with other options."""

    reason = ErrorReason.ERROR_REASON_IMPORT_OPTIONS_CHANGED
    advice = "Resume with the options that GetImport shows, or use a new import_id."


class BadItems(InvalidArgument):
    """{count} of {total} items are bad; nothing of the chunk was written."""

    reason = ErrorReason.ERROR_REASON_BAD_ITEMS
    advice = (
        "Mend the items that the details name and send the chunk again under the same sequence, or import with SKIP."
    )


# --- Who is calling --------------------------------------------------------------------------------------------------


class Unauthenticated(LociError):
    """{detail}"""

    code = "UNAUTHENTICATED"
    reason = ErrorReason.ERROR_REASON_CREDENTIAL_INVALID
    advice = "Check the key; `loci keys create` makes a new one."


class CredentialMissing(Unauthenticated):
    """Send an API key as `authorization: Bearer KEY`."""

    reason = ErrorReason.ERROR_REASON_CREDENTIAL_MISSING


class CredentialInvalid(Unauthenticated):
    """The API key is not valid."""


class CredentialExpired(Unauthenticated):
    """The API key has expired."""

    reason = ErrorReason.ERROR_REASON_CREDENTIAL_EXPIRED


class PermissionDenied(LociError):
    """{detail}"""

    code = "PERMISSION_DENIED"
    reason = ErrorReason.ERROR_REASON_SCOPE_MISSING
    advice = "Use a key that has the scope."


class ScopeMissing(PermissionDenied):
    """This call needs the scope {scope}."""


# --- What is there ---------------------------------------------------------------------------------------------------


class NotFound(LociError):
    """There is no {resource}."""

    code = "NOT_FOUND"
    reason = ErrorReason.ERROR_REASON_GRAPH_NOT_FOUND
    advice = "Check the name. What belongs to another tenant is not found either."


class GraphNotFound(NotFound):
    """There is no {resource}."""


class NodeNotFound(NotFound):
    """There is no {resource}."""

    reason = ErrorReason.ERROR_REASON_NODE_NOT_FOUND


class EdgeNotFound(NotFound):
    """There is no {resource}."""

    reason = ErrorReason.ERROR_REASON_EDGE_NOT_FOUND


class TenantNotFound(NotFound):
    """There is no {resource}."""

    reason = ErrorReason.ERROR_REASON_TENANT_NOT_FOUND


class ApiKeyNotFound(NotFound):
    """There is no {resource}."""

    reason = ErrorReason.ERROR_REASON_API_KEY_NOT_FOUND


class ImportNotFound(NotFound):
    """There is no import with this id in {resource}."""

    reason = ErrorReason.ERROR_REASON_IMPORT_NOT_FOUND
    advice = "Imports are kept for seven days after their last chunk. Begin again."


class ContentErased(NotFound):
    """What is asked for in {resource} was hard-deleted."""

    reason = ErrorReason.ERROR_REASON_CONTENT_ERASED
    advice = "It cannot be brought back. That it was there, and when, is in the revisions."


class MethodNotFound(LociError):
    """There is no method {method}."""

    code = "UNIMPLEMENTED"
    reason = ErrorReason.ERROR_REASON_METHOD_NOT_FOUND
    advice = "The client is newer than the server, or the address is that of another service."


class AlreadyExists(LociError):
    """There is already a {resource}."""

    code = "ALREADY_EXISTS"
    reason = ErrorReason.ERROR_REASON_GRAPH_EXISTS
    advice = "Update it, use another id, or ignore the error if it is the one you meant to write."


class GraphExists(AlreadyExists):
    """There is already a {resource}."""

    advice = "Use it, undelete it if it was deleted, or use another id."


class NodeExists(AlreadyExists):
    """There is already a {resource}."""

    reason = ErrorReason.ERROR_REASON_NODE_EXISTS


class EdgeExists(AlreadyExists):
    """There is already a {resource}."""

    reason = ErrorReason.ERROR_REASON_EDGE_EXISTS


class TenantExists(AlreadyExists):
    """There is already a {resource}."""

    reason = ErrorReason.ERROR_REASON_TENANT_EXISTS


# --- The state does not allow it -------------------------------------------------------------------------------------


class FailedPrecondition(LociError):
    """{detail}"""

    code = "FAILED_PRECONDITION"
    reason = ErrorReason.ERROR_REASON_PRECONDITION_FAILED
    advice = "Read again and decide anew; the same call will fail until the state changes."


class PreconditionFailed(FailedPrecondition):
    """{field} does not hold."""


class EndpointMissing(FailedPrecondition):
    """{field}: there is no {resource} for the edge to end at."""

    reason = ErrorReason.ERROR_REASON_ENDPOINT_MISSING
    advice = "Write both nodes first, or write nodes and edge in one commit."


class GraphNotDeleted(FailedPrecondition):
    """{resource} is not deleted."""

    reason = ErrorReason.ERROR_REASON_GRAPH_NOT_DELETED


class ImportOutOfSequence(FailedPrecondition):
    """{field}: the next chunk of this import has the sequence {expected}, not {actual}."""

    reason = ErrorReason.ERROR_REASON_IMPORT_OUT_OF_SEQUENCE
    advice = "Go on at the sequence that is named."


class SemanticSearchUnavailable(FailedPrecondition):
    """Semantic search needs an embedder or a query_embedding, and this server has no embedder."""

    reason = ErrorReason.ERROR_REASON_SEMANTIC_SEARCH_UNAVAILABLE
    advice = "Set LOCI_EMBEDDER, send a query_embedding, or search LEXICAL or HYBRID."


class Aborted(LociError):
    """{detail}"""

    code = "ABORTED"
    reason = ErrorReason.ERROR_REASON_WRITE_CONTENTION
    advice = "Read again, then repeat the write."


class EtagMismatch(Aborted):
    """{resource} has changed since its etag was read."""

    reason = ErrorReason.ERROR_REASON_ETAG_MISMATCH


class WriteContention(Aborted):
    """Too many writers changed the same items at once; nothing was written."""

    advice = "Repeat the call after a pause, with the same request_id."


class OutOfRange(LociError):
    """{detail}"""

    code = "OUT_OF_RANGE"
    reason = ErrorReason.ERROR_REASON_REVISION_IN_FUTURE
    advice = "Ask for a revision that exists."


class RevisionInFuture(OutOfRange):
    """{field}: the graph is at revision {revision}."""


class RevisionCompacted(OutOfRange):
    """The log of {resource} is whole behind revision {oldest} only."""

    reason = ErrorReason.ERROR_REASON_REVISION_COMPACTED
    advice = "Read the graph anew (Export, List), then watch behind the revision that was read."


# --- Not now ---------------------------------------------------------------------------------------------------------


class ResourceExhausted(LociError):
    """{detail}"""

    code = "RESOURCE_EXHAUSTED"
    reason = ErrorReason.ERROR_REASON_TOO_MANY_REQUESTS
    advice = "Wait as long as RetryInfo says, then repeat."


class TooManyRequests(ResourceExhausted):
    """{limit} calls are in flight, as many as are allowed per {scope}."""


class WatchTooSlow(ResourceExhausted):
    """The reader of this stream took nothing for {seconds} s."""

    reason = ErrorReason.ERROR_REASON_WATCH_TOO_SLOW
    advice = "Read faster, or filter more; go on with the resume_token that the metadata name."


class Unavailable(LociError):
    """{detail}"""

    code = "UNAVAILABLE"
    reason = ErrorReason.ERROR_REASON_DATABASE_UNAVAILABLE
    advice = "Repeat with back-off; a write with the same request_id happens once."


class Draining(Unavailable):
    """This server is shutting down; another one will answer."""

    reason = ErrorReason.ERROR_REASON_DRAINING


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached."""


class EmbedderUnavailable(Unavailable):
    """The embedder cannot be reached: {detail}"""

    reason = ErrorReason.ERROR_REASON_EMBEDDER_UNAVAILABLE


class TextRefused(EmbedderUnavailable):
    """The embedder refuses the text: {detail}"""


class KeyServiceUnavailable(Unavailable):
    """The key service cannot be reached."""

    reason = ErrorReason.ERROR_REASON_KEY_SERVICE_UNAVAILABLE


class DeadlineExceeded(LociError):
    """The call did not end within its deadline of {seconds} s."""

    code = "DEADLINE_EXCEEDED"
    reason = ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED
    advice = "Ask for less or allow more time. A write may have happened: repeat it with the same request_id."


class Cancelled(LociError):
    """The caller cancelled the call."""

    code = "CANCELLED"
    reason = ErrorReason.ERROR_REASON_CANCELLED
    advice = "A write may have happened: repeat it with the same request_id to learn."


class DataLoss(LociError):
    """{detail}"""

    code = "DATA_LOSS"
    reason = ErrorReason.ERROR_REASON_CONTENT_UNREADABLE
    advice = "The stored bytes were changed or moved, or the keyring is not the one they were sealed with."


class ContentUnreadable(DataLoss):
    """Stored content does not open: {detail}"""


class Internal(LociError):
    """A defect of the server. Its log has the details under the trace id {trace_id}."""

    code = "INTERNAL"
    advice = "Report it with the trace id."


def all_errors() -> list[type[LociError]]:
    """Every class of the tree, in the order of this module."""
    found: list[type[LociError]] = []
    pending = list(LociError.__subclasses__())
    while pending:
        error = pending.pop(0)
        found.append(error)
        pending.extend(error.__subclasses__())
    order = {name: place for place, name in enumerate(globals())}
    return sorted(found, key=lambda error: order[error.__name__])
