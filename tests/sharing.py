"""A second server over the data of a first one."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.server import RunningServer, running_server


def root_key(server: RunningServer) -> str:
    """The root key of its keyring, as LOCI_ENCRYPTION_KEY takes it."""
    key: str = json.loads((server.data_dir / "keyring.json").read_text())["keys"][0]["key"]
    return key


@asynccontextmanager
async def another_server(first: RunningServer, **environment: str) -> AsyncIterator[RunningServer]:
    """A server of its own on the same database."""
    async with running_server(first.database_url, LOCI_ENCRYPTION_KEY=root_key(first), **environment) as second:
        yield second
