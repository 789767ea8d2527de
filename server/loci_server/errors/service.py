"""The service cannot do it now, was not given the time, or is broken."""

from typing import Any, Final

from loci.v1.errors_pb2 import ErrorReason

from .tree import LociError

IDLE_LIMIT: Final = "stream_idle_timeout"
"""The setting by which streams end on which nothing moves."""


class ResourceExhausted(LociError):
    """{detail}"""

    code = "RESOURCE_EXHAUSTED"
    reason = ErrorReason.ERROR_REASON_TOO_MANY_REQUESTS
    advice = "Wait as long as RetryInfo says, then repeat."


class TooManyRequests(ResourceExhausted):
    """{limit} {kind} are in flight, as many as are allowed per {scope} ({name})."""


class TooManyScans(TooManyRequests):
    """{limit} searches that compare properties are running, as many as are allowed per {scope}."""


class TooManyAwaited(TooManyRequests):
    """{limit} calls wait for queries that are not in the history yet, as many as are allowed per {scope}."""


class TooManyIdentities(ResourceExhausted):
    """The tenant has {limit} identities, as many as are kept; one more cannot act in it."""

    reason = ErrorReason.ERROR_REASON_TOO_MANY_IDENTITIES
    advice = "Let agents share an identity, or use API keys."


class TooManyFailedCredentials(ResourceExhausted):
    """More than {limit} credentials from this {scope} were not valid within a minute; this one is not taken."""

    reason = ErrorReason.ERROR_REASON_TOO_MANY_FAILED_CREDENTIALS
    advice = (
        "Wait as long as RetryInfo says, and find out who sends bad credentials from there. Keys that are in use go on,"
        " and so do tokens of known issuers."
    )


class RateLimited(ResourceExhausted):
    """The tenant may make {limit} calls a second ({name}) in each process of the service."""

    reason = ErrorReason.ERROR_REASON_RATE_LIMITED


class QuotaExceeded(ResourceExhausted):
    """The tenant would have more than its quota allows: {name} is {limit}."""

    reason = ErrorReason.ERROR_REASON_QUOTA_EXCEEDED
    advice = "Remove what is not needed, or ask the operator for more; reads and deletes go on. GetTenantUsage tells."


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


class RightsChanged(Draining):
    """What the credential may do has changed while this stream ran; call again."""


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached."""


class EmbedderUnavailable(Unavailable):
    """The embedder cannot be reached: {detail}"""

    reason = ErrorReason.ERROR_REASON_EMBEDDER_UNAVAILABLE


class TextRefused(EmbedderUnavailable):
    """The embedder refuses the text: {detail}"""


class SearchArmUnavailable(Unavailable):
    """The {arm} arm answered the first page of this search and does not answer now."""

    reason = ErrorReason.ERROR_REASON_SEARCH_ARM_UNAVAILABLE
    advice = "Repeat with back-off, or search anew without a page_token: what then still fails is left out."


class KeyServiceUnavailable(Unavailable):
    """The key service cannot be used: {detail}"""

    reason = ErrorReason.ERROR_REASON_KEY_SERVICE_UNAVAILABLE


class TenantKeyUnavailable(KeyServiceUnavailable):
    """The key service cannot be used for this tenant: {detail}"""


class IssuerUnavailable(Unavailable):
    """The keys of the token's issuer cannot be asked for: {detail}"""

    reason = ErrorReason.ERROR_REASON_ISSUER_UNAVAILABLE


class DeadlineExceeded(LociError):
    """The call did not end within its deadline of {seconds} s."""

    code = "DEADLINE_EXCEEDED"
    reason = ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED
    advice = (
        "Ask for less or allow more time. If it was a write, it may have happened: repeat it with the same request_id."
    )


class StreamIdle(DeadlineExceeded):
    """The next message of this stream did not come within {seconds} s ({name})."""

    advice = "Begin anew where it stood: an import goes on with the same import_id. The client libraries do so."


class StreamStalled(DeadlineExceeded):
    """The reader of this stream took nothing for {seconds} s ({name})."""

    advice = "Read faster, and go on behind the last page_token that was read. The client libraries do so."


class Cancelled(LociError):
    """The caller cancelled the call."""

    code = "CANCELLED"
    reason = ErrorReason.ERROR_REASON_CANCELLED
    advice = "If it was a write, it may have happened: repeat it with the same request_id to learn."


class DataLoss(LociError):
    """{detail}"""

    code = "DATA_LOSS"
    reason = ErrorReason.ERROR_REASON_CONTENT_UNREADABLE
    advice = "The stored bytes were changed or moved, or the keyring is not the one they were sealed with."


class ContentUnreadable(DataLoss):
    """Stored content does not open: {detail}"""

    def of_key(self, resource: str, kek_id: str) -> "ContentUnreadable":
        """The same, with what the data key is of and by which key-encryption key it is wrapped."""
        detail = f"{self.metadata.get('detail', '')} ({resource}, wrapped by {kek_id})".strip()
        return type(self)(resource=resource, detail=detail, kek_id=kek_id)


class KeyDestroyed(ContentUnreadable):
    """Stored content does not open: {detail}"""

    reason = ErrorReason.ERROR_REASON_KEY_DESTROYED
    advice = (
        "Nothing opens it any more. If the key was not meant to be destroyed, only a backup of the key service helps."
    )

    def __init__(
        self, *, detail: str = "the key service does not have the key (any more) that wraps its data key", **known: Any
    ) -> None:
        super().__init__(detail=detail, **known)


class Internal(LociError):
    """A defect of the server. Its log has the details under the trace id {trace_id}."""

    code = "INTERNAL"
    advice = "Report it with the trace id."
