"""How a servicer leaves the entry of a write: by name, in the transaction that writes."""

from collections.abc import Sequence

from loci_server.audit.auditor import AuditedCall, Auditor
from loci_server.store.audit import AuditRow, leave
from loci_server.store.pool import Transaction


class Trail:
    """That of one call. Without an auditor it leaves nothing."""

    __slots__ = ("_auditor", "_call")

    def __init__(self, auditor: Auditor | None, call: AuditedCall) -> None:
        self._auditor = auditor
        self._call = call

    def row(self, names: Sequence[str], count: int | None = None) -> AuditRow | None:
        """The entry of a write to a graph, to be written along with it; `written` is to be called when it is there.
        `count`: how many names there are, if these are not all."""
        return None if self._auditor is None else self._auditor.write(self._call, names, count)

    def written(self) -> None:
        """An entry is there, so that the end of the call needs no other."""
        self._call.audited = True

    async def leave(self, transaction: Transaction, tenant_key: int, names: Sequence[str]) -> None:
        """The entry of a change to something of a tenant: in the caller's chain, and in that of the tenant."""
        rows = [] if self._auditor is None else self._auditor.administration(self._call, tenant_key, names)
        if rows:
            await leave(transaction, rows)
        self.written()
