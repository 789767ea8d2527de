"""What can be done to a stored envelope, and every column that holds one."""

import random
from collections.abc import Callable

from loci_server.crypto.envelope import CONTENT, HEADER, OVERHEAD, TAG_BYTES

SEALED = {
    "tenants.display_name": "the name of a tenant",
    "api_keys.display_name": "the name of a key",
    "graphs.display_name": "the name of a graph",
    "graphs.search_fields": "which properties are searched",
    "nodes.content": "a node",
    "edges.content": "an edge",
    "changes.image": "a node or an edge in the log",
    "changes.note": "why a commit was made",
    "idempotency.answer": "the answer that a repeated call gets",
    "queries.content": "what was asked",
    "feedback.comment": "what was said of an answer",
    "audit.entry": "who did what",
    "audit_inbox.entry": "the same before it is chained",
    "identities.subject": "who acts by a token or a certificate",
    "graph_keys.wrapped": "a data key, wrapped by the key provider",
    "cluster.wrapped_secret": "the secret of the installation, wrapped likewise",
}
NOT_SEALED = {
    "api_keys.secret_hash": "an HMAC of the secret",
    "idempotency.request_hash": "an HMAC of the request_id",
    "changes.request_hash": "the same",
    "idempotency.fingerprint": "an HMAC of the request",
    "erasures.request_hash": "an HMAC of the request_id",
    "erasures.fingerprint": "an HMAC of the request",
    "erasures.signature": "of a receipt, by Ed25519",
    "imports.options": "three enumerations",
    "import_chunks.fingerprint": "an HMAC of the chunk",
    "import_chunks.result": "counts, and which items were refused for which reason: no values",
    "audit.mac": "a link of the chain",
    "audit_heads.mac": "the same",
    "audit_heads.cut_mac": "the same",
    "audit_heads.seal": "a mac over both ends of the chain",
}


def flip(rng: random.Random, envelope: bytes, start: int, end: int) -> bytes:
    """One bit of the bytes from `start` to `end` is another."""
    changed = bytearray(envelope)
    changed[rng.randrange(start, end)] ^= 1 << rng.randrange(8)
    return bytes(changed)


TAMPERINGS: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "format": lambda rng, raw: flip(rng, raw, 0, 1),
    "key version": lambda rng, raw: flip(rng, raw, 1, HEADER.size),
    "nonce": lambda rng, raw: flip(rng, raw, HEADER.size, CONTENT),
    "ciphertext": lambda rng, raw: flip(rng, raw, CONTENT, len(raw) - TAG_BYTES),
    "tag": lambda rng, raw: flip(rng, raw, len(raw) - TAG_BYTES, len(raw)),
    "anywhere": lambda rng, raw: flip(rng, raw, 0, len(raw)),
    "cut": lambda rng, raw: raw[: rng.randrange(len(raw))],
    "longer": lambda rng, raw: raw + rng.randbytes(rng.randrange(1, 20)),
    "overhead only": lambda rng, raw: raw[:OVERHEAD],
    "noise": lambda rng, raw: raw[: HEADER.size] + rng.randbytes(len(raw) - HEADER.size),
}


def tampered(rng: random.Random, envelope: bytes) -> bytes:
    """After one of them."""
    return rng.choice(list(TAMPERINGS.values()))(rng, envelope)
