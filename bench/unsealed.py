"""A Loci server that seals nothing and whose statements row-level security does not see, as `python -m bench.unsealed`.

It is the product's own code, in which this program replaces three things: envelopes, the role in the database, and the
check of that role at the start. It is what the costs of sealing and of isolation are measured against. What stays: keys
are wrapped and unwrapped, words become keyed tokens, statements name their tenant.
"""

from collections.abc import Callable
from typing import Any

import loci_server.store.pool
import loci_server.store.roles
from loci_server.cli import main
from loci_server.crypto.envelope import HEADER, Sealer

ROLE = "bench_unsealed"
"""Like the role of the service, but with BYPASSRLS."""
CREATE_ROLE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} NOLOGIN BYPASSRLS IN ROLE loci_app;
    END IF;
END
$$
"""


class Unsealed(Sealer):
    """The plaintext behind the header of an envelope."""

    def seal(self, kind: bytes, identity: bytes, field: bytes, plaintext: bytes) -> bytes:
        return self._sealing[1] + plaintext

    def open(self, kind: bytes, identity: bytes, field: bytes, envelope: bytes) -> bytes:
        return envelope[HEADER.size :]

    def opener(self, kind: bytes, field: bytes) -> Callable[[bytes, bytes], bytes]:
        return lambda identity, envelope: envelope[HEADER.size :]


async def no_problems(connection: Any) -> list[str]:
    return []


def unseal() -> None:
    for name in ("seal", "open", "opener"):
        setattr(Sealer, name, getattr(Unsealed, name))
    loci_server.store.pool.APPLICATION_ROLE = ROLE
    loci_server.store.roles.check_fences = no_problems


if __name__ == "__main__":
    unseal()
    main()
