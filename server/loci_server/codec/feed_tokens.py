"""Resume tokens of watches over all graphs of a tenant: a standing, sealed, and bound to tenant, filter and what is
granted: another caller has not seen the same."""

import base64
import json
import struct
from datetime import UTC, datetime
from hashlib import sha256

from loci.v1.watch_service_pb2 import WatchFilter
from loci_server.codec.resume_tokens import canonical
from loci_server.crypto.envelope import Sealer
from loci_server.errors import ContentUnreadable, InvalidResumeToken
from loci_server.identity.grants import ALL_GRAPHS, Grants
from loci_server.store.feed import Witness
from loci_server.store.log import Place
from loci_server.watch.sweep import Standing

KIND = b"feed_token"
MAX_TOKEN = 64 * 1024
"""A snapshot lists the transactions that are running: a few hundred bytes, seldom more."""


class FeedTokens:
    """Makes and reads the tokens of one stream."""

    def __init__(self, sealer: Sealer, tenant_key: int, filter: WatchFilter, grants: Grants = ALL_GRAPHS) -> None:
        self._sealer = sealer
        granted = json.dumps(grants.spans() if grants.limited else None).encode()
        self.stream = sha256(struct.pack(">QI", tenant_key, len(granted)) + granted + canonical(filter)).digest()

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
        sealed = self._sealer.seal(KIND, self.stream, b"", json.dumps(fields, separators=(",", ":")).encode())
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def decode(self, token: str) -> Standing:
        """Raises InvalidResumeToken."""
        if len(token) > MAX_TOKEN or not token.isascii():
            raise InvalidResumeToken(field="resume_token")
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            return read(*json.loads(self._sealer.open(KIND, self.stream, b"", sealed)))
        # TypeError, ValueError: another version of the server may write them otherwise.
        except (TypeError, ValueError, ContentUnreadable):
            raise InvalidResumeToken(field="resume_token") from None


def read(
    incarnation: int,
    base: str | None,
    base_time: int,
    oldest: int | None,
    until: str | None,
    until_time: int | None,
    after: str,
    place: tuple[int, int] | None,
    graph: str,
    seen: tuple[int, int, int] | None,
) -> Standing:
    """What `encode` wrote."""
    return Standing(
        incarnation,
        base,
        moment(base_time),
        oldest if oldest is None else moment(oldest),
        until,
        until_time if until_time is None else moment(until_time),
        after,
        place if place is None else Place(*place),
        graph,
        seen if seen is None else witness(*seen),
    )


def witness(graph_key: int, revision: int, time: int) -> Witness:
    return Witness(graph_key, revision, moment(time))


def micros(time: datetime | None) -> int | None:
    return None if time is None else round(time.timestamp() * 1_000_000)


def moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)
