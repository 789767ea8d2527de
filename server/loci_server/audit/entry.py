"""An entry, made of what is known of a call, and sealed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final, NamedTuple

from google.protobuf.message import DecodeError
from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1.audit_pb2 import AuditEntry
from loci_server.crypto.audit import AuditKeys, TenantAuditKeys
from loci_server.domain.audit import Marks, Stored
from loci_server.errors import ContentUnreadable
from loci_server.store.audit import AuditRow

KIND, FIELD = b"audit", b"entry"
MAX_SHOWN: Final = 16
"""Names that an entry shows."""
MAX_FOUND: Final = 1000
"""Names that it is found by."""
MAX_USER_AGENT: Final = 256
MAX_REQUEST_ID: Final = 128
_ids = count(secrets.randbits(62))
"""Random where they begin, so that those of two processes do not meet."""


class Origin(NamedTuple):
    """Who called, from where, and what."""

    actor: int
    """The API key; 0: none."""
    api_key: str
    method: str
    peer: str
    user_agent: str
    trace_id: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended, or several alike."""

    status: int = 0
    reason: str = ""
    time: datetime | None = None
    """None: that of the transaction."""
    count: int = 1
    last_time: Timestamp | None = None


OK: Final = Ending()


def row(
    keys: AuditKeys,
    tenant_key: int,
    origin: Origin,
    ending: Ending,
    graph_id: str,
    names: Sequence[str],
    total: int | None = None,
) -> AuditRow:
    """An entry for the chain of a tenant. `total`: how many names there are, if these are not all."""
    own = keys.of(tenant_key)
    told = AuditEntry(
        api_key=origin.api_key,
        peer=origin.peer,
        user_agent=origin.user_agent[:MAX_USER_AGENT],
        resources=names[:MAX_SHOWN],
        resource_count=len(names) if total is None else total,
        request_id=origin.request_id[:MAX_REQUEST_ID],
        reason=ending.reason,
        trace_id=origin.trace_id,
        call_count=ending.count,
        last_time=ending.last_time,
    )
    tokens = [own.token(name) for name in names[:MAX_FOUND]]
    marks = Marks(next(_ids), origin.actor, ending.status, origin.method, graph_id, tokens)
    sealed = own.sealer.seal(KIND, marks.identity(), FIELD, told.SerializeToString())
    return (
        *(tenant_key, marks.entry_id, ending.time, marks.actor, marks.status, None),
        *(marks.method, marks.graph_id, tokens, sealed),
    )


def opened(keys: TenantAuditKeys, stored: Stored) -> AuditEntry:
    """The sealed part. Raises ContentUnreadable if the entry is not what the server wrote."""
    try:
        return AuditEntry.FromString(keys.sealer.open(KIND, stored.marks.identity(), FIELD, stored.entry))
    except (DecodeError, OverflowError) as error:
        raise ContentUnreadable(detail="it is not an entry") from error
