"""The one place that turns a LociError into what travels: google.rpc.Status with its details.

The details go into trailing metadata, which clients and proxies cap at 8 KiB for everything together: whatever an error
holds, it is cut until it fits.
"""

from collections.abc import Mapping
from typing import Final

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.code_pb2 import Code
from google.rpc.error_details_pb2 import (
    BadRequest,
    ErrorInfo,
    PreconditionFailure,
    QuotaFailure,
    ResourceInfo,
    RetryInfo,
)
from google.rpc.status_pb2 import Status

from loci_server.errors import LociError

DOMAIN: Final = "loci.dev"
DETAILS: Final = "grpc-status-details-bin"
PUSHBACK: Final = "grpc-retry-pushback-ms"
LONGEST_PUSHBACK: Final = 2.0
"""Seconds. Whoever is told to wait longer is told so at once."""
MAX_STATUS_BYTES: Final = 3600
"""Of the serialized Status: 4,800 in base64, beside a message of at most 3,000 percent-encoded."""
MAX_MESSAGE_BYTES: Final = 1000
MAX_VALUE_BYTES: Final = 256
MAX_VIOLATIONS: Final = 1000
"""That are tried; far fewer fit."""

CODES: Final[Mapping[str, grpc.StatusCode]] = {code.name: code for code in grpc.StatusCode}


async def refuse(context: grpc.aio.ServicerContext[bytes, bytes], error: LociError) -> None:
    """Ends the call with the error. Always raises what grpc.aio needs to be raised.

    `abort`, not `set_code`: it sends a status without a message, which a proxy that makes JSON of it relies on.
    """
    status = status_of(error)
    trailers: tuple[tuple[str, str | bytes], ...] = ((DETAILS, status.SerializeToString()),)
    if error.code == "RESOURCE_EXHAUSTED" and error.retry_after is not None:
        trailers += ((PUSHBACK, pushback(error.retry_after)),)
    await context.abort(CODES[error.code], status.message, trailers)


def pushback(retry_after: float) -> str:
    """What gRPC's own retries go by: milliseconds until the next try; `-1`: none, as it would only be refused again."""
    return f"{retry_after * 1000:.0f}" if retry_after <= LONGEST_PUSHBACK else "-1"


def status_of(error: LociError) -> Status:
    """The error as google.rpc.Status, small enough to be sent."""
    info = ErrorInfo(reason=error.reason_name(), domain=DOMAIN)
    for key, value in error.metadata.items():
        info.metadata[key] = _clean(value, MAX_VALUE_BYTES)
    details: list[Message] = [info]
    if error.retry_after is not None:
        details.append(RetryInfo(retry_delay=_duration(error.retry_after)))
    details.extend(_details(error))
    details.extend(error.details)
    status = Status(code=Code.Value(error.code), message=_clean(error.message, MAX_MESSAGE_BYTES))
    for detail in details:
        status.details.append(_packed(detail))
    if status.ByteSize() <= MAX_STATUS_BYTES and len(error.violations) <= MAX_VIOLATIONS:
        return status
    return _cut(status, info, len(error.violations))


def _details(error: LociError) -> list[Message]:
    """What the standard asks for with the code."""
    details: list[Message] = []
    if error.code == "RESOURCE_EXHAUSTED" and "limit" in error.metadata:
        subject = error.metadata.get("scope") or "tenant"
        details.append(QuotaFailure(violations=[QuotaFailure.Violation(subject=subject, description=error.message)]))
    if error.code == "FAILED_PRECONDITION":
        subject = error.resource or (error.violations[0].field if error.violations else "")
        details.append(
            PreconditionFailure(
                violations=[
                    PreconditionFailure.Violation(
                        type=error.reason_name(),
                        subject=_clean(subject, MAX_VALUE_BYTES),
                        description=_clean(error.message, MAX_VALUE_BYTES),
                    )
                ]
            )
        )
    if error.resource:
        kind = _clean(_resource_kind(error.resource), MAX_VALUE_BYTES)
        name = _clean(error.resource, 2 * MAX_VALUE_BYTES)
        details.append(ResourceInfo(resource_type=kind, resource_name=name))
    if error.violations:
        details.append(
            BadRequest(
                field_violations=[
                    BadRequest.FieldViolation(
                        field=_clean(violation.field, MAX_VALUE_BYTES),
                        description=_clean(violation.description, MAX_VALUE_BYTES),
                    )
                    for violation in error.violations[:MAX_VIOLATIONS]
                ]
            )
        )
    return details


def _cut(status: Status, info: ErrorInfo, total: int) -> Status:
    """Leaves out field violations from the end, then details, then metadata; ErrorInfo counts the violations."""
    left_out = 0
    if status.details[-1].Is(BadRequest.DESCRIPTOR):
        request = BadRequest()
        status.details[-1].Unpack(request)
        room = MAX_STATUS_BYTES - (status.ByteSize() - request.ByteSize()) - 128  # for the count, and tags
        sizes = (violation.ByteSize() + 3 for violation in request.field_violations)
        fitting = 0
        for size in sizes:
            room -= size
            if room < 0:
                break
            fitting += 1
        left_out = total - fitting
        del request.field_violations[fitting:]
        status.details[-1].CopyFrom(_packed(request))
        if not fitting:
            del status.details[-1]
    while status.ByteSize() > MAX_STATUS_BYTES - 128 and len(status.details) > 1:
        del status.details[-1]
    while status.ByteSize() > MAX_STATUS_BYTES - 128 and info.metadata:
        info.metadata.pop(list(info.metadata)[-1])
        status.details[0].CopyFrom(_packed(info))
    if left_out:
        info.metadata["violations_left_out"] = str(left_out)
        status.details[0].CopyFrom(_packed(info))
    return status


def _resource_kind(name: str) -> str:
    """`graphs/g/nodes/n` is a `loci.dev/nodes`."""
    parts = name.split("/")
    return f"{DOMAIN}/{parts[-2]}" if len(parts) >= 2 else DOMAIN


def _packed(detail: Message) -> Any:
    packed = Any()
    packed.Pack(detail)
    return packed


def _duration(seconds: float) -> Duration:
    duration = Duration()
    duration.FromNanoseconds(max(0, int(seconds * 1e9)))
    return duration


def _clean(text: str, limit: int) -> str:
    """At most `limit` bytes of valid UTF-8."""
    encoded = text.encode("utf-8", "replace")
    return (encoded if len(encoded) <= limit else encoded[: limit - 3] + b"...").decode("utf-8", "ignore")
