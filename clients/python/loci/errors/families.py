"""The root of the tree and one class for each gRPC code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field of a request and what is wrong with it."""

    field: str
    description: str


@dataclass(frozen=True, slots=True)
class ItemFailure:
    """An item of an import that was not written."""

    index: int
    """Its place among all items, from 0."""
    error: "LociError"
    """Its fields are named from the item on, as `node.type`."""


class LociError(Exception):
    """A call that failed."""

    family_code: ClassVar[str] = "UNKNOWN"
    family_reason: ClassVar[str] = ""

    code: str
    """The gRPC code, such as `NOT_FOUND`."""
    reason: str
    """The reason of google.rpc.ErrorInfo, such as `NODE_NOT_FOUND`; empty if the answer was not from Loci itself."""
    message: str
    metadata: Mapping[str, str]
    """What the message was filled with; see docs/errors.md."""
    violations: Sequence[FieldViolation]
    """The fields or preconditions that failed."""
    resource: str | None
    """The name of the thing that is missing, taken or changed."""
    retry_after: float | None
    """Seconds after which the server asks to be called again."""
    details: Sequence[object]
    """All messages of google.rpc.Status.details whose type is known, decoded."""

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        reason: str | None = None,
        metadata: Mapping[str, str] | None = None,
        violations: Sequence[FieldViolation] = (),
        resource: str | None = None,
        retry_after: float | None = None,
        details: Sequence[object] = (),
    ) -> None:
        self.code = code or self.family_code
        self.reason = self.family_reason if reason is None else reason
        self.message = message
        self.metadata = dict(metadata or {})
        self.violations = tuple(violations)
        self.resource = resource
        self.retry_after = retry_after
        self.details = tuple(details)
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.reason or self.code}: {self.message}"


class InvalidArgument(LociError):
    """The request cannot be understood."""

    family_code = "INVALID_ARGUMENT"


class Unauthenticated(LociError):
    """The credential is missing or no longer good."""

    family_code = "UNAUTHENTICATED"


class PermissionDenied(LociError):
    """The credential does not allow it."""

    family_code = "PERMISSION_DENIED"


class NotFound(LociError):
    """There is no such thing, or it belongs to another tenant."""

    family_code = "NOT_FOUND"


class AlreadyExists(LociError):
    """There is such a thing already."""

    family_code = "ALREADY_EXISTS"


class FailedPrecondition(LociError):
    """The state does not allow it; the same call fails until the state changes."""

    family_code = "FAILED_PRECONDITION"


class Aborted(LociError):
    """Another writer came first: read again, then repeat."""

    family_code = "ABORTED"


class OutOfRange(LociError):
    """It lies beyond what exists."""

    family_code = "OUT_OF_RANGE"


class ResourceExhausted(LociError):
    """Too much at once; `retry_after` says when to come back."""

    family_code = "RESOURCE_EXHAUSTED"


class Unavailable(LociError):
    """The server, or something it needs, cannot be reached. Retries have been used up."""

    family_code = "UNAVAILABLE"


class DeadlineExceeded(LociError):
    """The call did not end in time. A write may have happened: repeat it with the same request_id."""

    family_code = "DEADLINE_EXCEEDED"
    family_reason = "DEADLINE_EXCEEDED"


class Cancelled(LociError):
    """The call was cancelled. A write may have happened."""

    family_code = "CANCELLED"
    family_reason = "CANCELLED"


class DataLoss(LociError):
    """What is stored does not open."""

    family_code = "DATA_LOSS"


class Unimplemented(LociError):
    """The server does not know this method."""

    family_code = "UNIMPLEMENTED"


class WatchGap(DataLoss):
    """A watch got a message that does not go on where the one before it ended. Read the graph anew, then watch."""


class Internal(LociError):
    """A defect of the server."""

    family_code = "INTERNAL"
    family_reason = "INTERNAL"
