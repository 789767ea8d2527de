"""How a write is known when it comes again: a hash of its request_id, and a fingerprint of the request."""

from hashlib import sha256

from google.protobuf.message import Message

from loci_server.domain.limits import MAX_NOTE_BYTES, MAX_REQUEST_ID_BYTES, check_bytes


def request_hash(request_id: str) -> bytes | None:
    """16 bytes, or None if there is no request_id. Raises LimitExceeded."""
    if not request_id:
        return None
    check_bytes("request_id", request_id, MAX_REQUEST_ID_BYTES)
    return sha256(b"loci/request/" + request_id.encode()).digest()[:16]


def fingerprint(request: Message) -> bytes:
    """16 bytes that differ for different requests of different methods."""
    body = request.DESCRIPTOR.full_name.encode() + b"/" + request.SerializeToString(deterministic=True)
    return sha256(body).digest()[:16]


def checked_note(note: str) -> str:
    check_bytes("note", note, MAX_NOTE_BYTES)
    return note
