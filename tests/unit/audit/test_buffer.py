"""What is kept of tenants goes when there is nothing to keep."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from google.rpc.code_pb2 import Code

from loci_server.audit.buffer import COUNTS_PAUSE, MAX_REFUSED, REFUSED_RATE, Buffer
from loci_server.audit.entry import Ending, Origin
from loci_server.crypto.audit import AuditKeys
from loci_server.store.audit import Audit, AuditRow


class Written:
    """What was recorded, by count."""

    def __init__(self) -> None:
        self.rows = 0

    async def record(self, rows: Sequence[AuditRow]) -> None:
        self.rows += len(rows)


def refuse(buffer: Buffer, tenant_key: int, times: int) -> None:
    for number in range(times):
        ending = Ending(Code.NOT_FOUND, "GRAPH_NOT_FOUND", datetime.now(UTC))
        buffer.add(tenant_key, Origin(1, "", "m", f"10.0.0.{number}", "", ""), ending, "", [])


async def test_budgets_are_kept_until_all_that_was_spent_has_come_back() -> None:
    now, written = 0.0, Written()
    buffer = Buffer(cast(Audit, written), AuditKeys(b"s" * 32), lambda: None, clock=lambda: now)
    for tenant_key in range(1, 101):
        refuse(buffer, tenant_key, 1)
    refuse(buffer, 101, MAX_REFUSED)
    await buffer.flush(with_counts=False)
    assert len(buffer._budgets) == 101
    now = COUNTS_PAUSE
    await buffer.flush()
    assert list(buffer._budgets) == [101]
    before = written.rows
    refuse(buffer, 101, 2 * MAX_REFUSED)
    await buffer.flush()
    assert written.rows - before == COUNTS_PAUSE * REFUSED_RATE + 1, "what is owed is not forgotten"
    now += MAX_REFUSED / REFUSED_RATE
    await buffer.flush()
    assert not buffer._budgets
