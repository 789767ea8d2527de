"""Messages to bytes, inside the pipeline: what cannot be sent is an error of the call and not of grpc.aio."""

from google.protobuf.message import Message

from loci_server.domain.limits import MAX_MESSAGE_BYTES
from loci_server.errors import LimitExceeded


def encoded(message: Message) -> bytes:
    """Raises LimitExceeded for an answer that is larger than a client accepts."""
    raw = message.SerializeToString()
    if len(raw) > MAX_MESSAGE_BYTES:
        raise LimitExceeded(field="response", actual=len(raw), limit=MAX_MESSAGE_BYTES, unit="bytes")
    return raw
