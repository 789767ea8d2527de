"""The request cannot be understood: who sends it again gets the same answer."""

from loci.v1.errors_pb2 import ErrorReason

from .tree import LociError


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


class UnfitDate(InvalidDate):
    """{field}: {detail}"""


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
