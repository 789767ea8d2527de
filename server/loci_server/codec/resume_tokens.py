"""Resume tokens of watches: a place in the log of a graph, sealed, and bound to tenant, graph and filter."""

import base64
import struct
from hashlib import sha256

from loci.v1.watch_service_pb2 import WatchFilter
from loci_server.crypto.envelope import Sealer
from loci_server.errors import ContentUnreadable, InvalidResumeToken
from loci_server.store.log import Place

KIND = b"resume_token"
MAX_TOKEN = 256
LAYOUT = struct.Struct(">QIQ")


class ResumeTokens:
    """Makes and reads the tokens of one stream."""

    __slots__ = ("_sealer", "stream")

    def __init__(self, sealer: Sealer, tenant_key: int, graph_key: int, filter: WatchFilter) -> None:
        self._sealer = sealer
        self.stream = sha256(struct.pack(">QQ", tenant_key, graph_key) + canonical(filter)).digest()

    def encode(self, place: Place, written: int) -> str:
        """`written`: when its revision was, in microseconds since 1970; 0: never. A log that was put back to an earlier
        time and went on otherwise is told by it."""
        sealed = self._sealer.seal(KIND, self.stream, b"", LAYOUT.pack(*place, written))
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def decode(self, token: str) -> tuple[Place, int]:
        """What was encoded. Raises InvalidResumeToken."""
        if len(token) > MAX_TOKEN or not token.isascii():
            raise InvalidResumeToken(field="resume_token")
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            revision, ordinal, written = LAYOUT.unpack(self._sealer.open(KIND, self.stream, b"", sealed))
        except (ValueError, struct.error, ContentUnreadable):
            raise InvalidResumeToken(field="resume_token") from None
        return Place(revision, ordinal), written


def canonical(filter: WatchFilter) -> bytes:
    """The same bytes for all filters that pass the same: neither the order of values nor doubles count."""
    return WatchFilter(
        node_types=sorted(set(filter.node_types)),
        relations=sorted(set(filter.relations)),
        names=sorted(set(filter.names)),
        kinds=sorted(set(filter.kinds)),
    ).SerializeToString(deterministic=True)
