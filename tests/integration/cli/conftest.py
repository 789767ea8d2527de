"""The `loci` command against the server of the session.

operator     as who runs the service
loci         as a tenant of its own
empty_url    a database without any migration
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import Loci
from tests.postgres import DatabaseFactory
from tests.server import RunningServer


@pytest.fixture
async def empty_url(empty_database: DatabaseFactory) -> str:
    """A database without any migration."""
    return await empty_database()


@pytest.fixture
def operator(server: RunningServer) -> Loci:
    """As the operator of the service, who started the server on this machine."""
    return Loci({"LOCI_ADDRESS": server.address, "LOCI_DATA_DIR": str(server.data_dir)})


@pytest.fixture
def loci(server: RunningServer, operator: Loci, tmp_path: Path) -> Iterator[Loci]:
    """As a tenant of its own."""
    tenant = f"cli-{os.urandom(6).hex()}"
    key = tmp_path / "key"
    operator("tenants", "create", tenant, "--name", "A test")
    operator("keys", "create", "--tenant", tenant, "--scope", "admin", "--out", str(key))
    yield Loci({"LOCI_ADDRESS": server.address, "LOCI_API_KEY_FILE": str(key)})
    operator("tenants", "delete", tenant, "--yes")
