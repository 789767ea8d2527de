"""What is there does not allow the call as it is now."""

from loci.v1.errors_pb2 import ErrorReason

from .tree import LociError


class FailedPrecondition(LociError):
    """{detail}"""

    code = "FAILED_PRECONDITION"
    reason = ErrorReason.ERROR_REASON_PRECONDITION_FAILED
    advice = "Read again and decide anew; the same call will fail until the state changes."


class PreconditionFailed(FailedPrecondition):
    """{field} does not hold: {detail}."""


class EndpointMissing(FailedPrecondition):
    """{field}: there is no {resource} for the edge to end at."""

    reason = ErrorReason.ERROR_REASON_ENDPOINT_MISSING
    advice = "Write both nodes first, or write nodes and edge in one commit."


class ApiKeyEnded(FailedPrecondition):
    """{resource} is revoked or has expired."""

    reason = ErrorReason.ERROR_REASON_API_KEY_ENDED
    advice = "Make a new key with CreateApiKey."


class LastOperatorKey(FailedPrecondition):
    """{field}: {resource} is the last valid key of its tenant with the scope OPERATOR."""

    advice = "Make another one first (CreateApiKey, RotateApiKey), or revoke it with `force`."


class GraphNotDeleted(FailedPrecondition):
    """{resource} is not deleted."""

    reason = ErrorReason.ERROR_REASON_GRAPH_NOT_DELETED


class ImportOutOfSequence(FailedPrecondition):
    """{field}: the next chunk of this import has the sequence {expected}, not {actual}."""

    reason = ErrorReason.ERROR_REASON_IMPORT_OUT_OF_SEQUENCE
    advice = "Go on at the sequence that is named."


class SupersessionCycle(FailedPrecondition):
    """{resource} cannot take the place of what took its own."""

    reason = ErrorReason.ERROR_REASON_SUPERSESSION_CYCLE
    advice = "Remember it anew, with other words or another fact time, or name other memories."


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


class KeysRotatedElsewhere(FailedPrecondition):
    """With the provider `local` a rotation begins with a new key at the front of the keyring, and there is none."""

    advice = "Put a new root key first into the keyring, restart the servers, and repeat the call."
