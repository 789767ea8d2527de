"""Resume tokens of watches over all graphs of a tenant: a standing, sealed, and bound to tenant and filter."""

import base64
import binascii
import json
import struct
from datetime import UTC, datetime
from hashlib import sha256

from loci.v1.watch_service_pb2 import WatchFilter
from loci_server.codec.resume_tokens import canonical
from loci_server.crypto.envelope import Sealer
from loci_server.errors import ContentUnreadable, InvalidResumeToken
from loci_server.store.feed import Witness
from loci_server.store.log import Place
from loci_server.watch.sweep import Standing

KIND = b"feed_token"
MAX_TOKEN = 64 * 1024
"""A snapshot lists the transactions that are running: a few hundred bytes, seldom more."""


class FeedTokens:
    """Makes and reads the tokens of one stream."""

    def __init__(self, sealer: Sealer, tenant_key: int, filter: WatchFilter) -> None:
        self._sealer = sealer
        self._stream = sha256(struct.pack(">Q", tenant_key) + canonical(filter)).digest()

    def encode(self, standing: Standing) -> str:
        fields = [
            standing.incarnation,
            standing.base,
            micros(standing.base_time),
            micros(standing.oldest),
            standing.until,
            micros(standing.until_time),
            standing.after,
            standing.place,
            standing.graph,
            None if (seen := standing.witness) is None else (seen.graph_key, seen.revision, micros(seen.time)),
        ]
        sealed = self._sealer.seal(KIND, self._stream, b"", json.dumps(fields, separators=(",", ":")).encode())
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def decode(self, token: str) -> Standing:
        """Raises InvalidResumeToken."""
        if len(token) > MAX_TOKEN or not token.isascii():
            raise InvalidResumeToken(field="resume_token")
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            incarnation, base, base_time, oldest, until, until_time, after, place, graph, seen = json.loads(
                self._sealer.open(KIND, self._stream, b"", sealed)
            )
        except (binascii.Error, ValueError, ContentUnreadable):
            raise InvalidResumeToken(field="resume_token") from None
        started = moment(base_time)
        assert started is not None
        return Standing(
            incarnation,
            base,
            started,
            moment(oldest),
            until,
            moment(until_time),
            after,
            Place(*place) if place is not None else None,
            graph,
            None if seen is None else witness(*seen),
        )


def witness(graph_key: int, revision: int, time: int) -> Witness:
    written = moment(time)
    assert written is not None
    return Witness(graph_key, revision, written)


def micros(time: datetime | None) -> int | None:
    return None if time is None else round(time.timestamp() * 1_000_000)


def moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else datetime.fromtimestamp(microseconds / 1_000_000, UTC)
