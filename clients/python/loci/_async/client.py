"""The client: one flat object with the methods of every service."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from loci.connection import DEFAULT_TIMEOUT, TLS, Connection
from loci.credential import Token

from .admin import Admin
from .audits import Audits
from .commits import Commits
from .edges import Edges
from .erasures import Erasures
from .exports import Exports
from .graphs import Graphs
from .identities import Identities
from .imports import Imports
from .key_rotations import KeyRotations
from .memories import Memories
from .nodes import Nodes
from .reembeddings import Reembeddings
from .requests import Requests
from .search import Search
from .transport import Transport
from .traversal import Traversal
from .watches import Watches


class AsyncClient(
    Graphs,
    Nodes,
    Edges,
    Commits,
    Traversal,
    Search,
    Memories,
    Imports,
    Exports,
    Watches,
    Admin,
    Identities,
    Audits,
    Reembeddings,
    KeyRotations,
    Erasures,
    Requests,
):
    """A client of one Loci server, to be shared by everything in the process and closed at its end."""

    def __init__(
        self,
        address: str | None = None,
        *,
        api_key: str | None = None,
        token: Token | None = None,
        tls: TLS | bool | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        user_agent: str | None = None,
        options: Sequence[tuple[str, Any]] = (),
        insecure: bool = False,
    ) -> None:
        """Connects at the first call.

        `address`: `host:port`; default LOCI_ADDRESS, else 127.0.0.1:50051.
        `api_key`: default LOCI_API_KEY, else the content of the file LOCI_API_KEY_FILE.
        `token`: a token of an OIDC issuer instead, or a function that gives the present one and is asked for each call;
            default, without an API key, the content of the file LOCI_TOKEN_FILE.
        `tls`: True, or a TLS with roots and client certificate; default none.
        `timeout`: seconds for a call that is given none.
        `user_agent`: put before the client's own.
        `options`: channel options of gRPC, over those of the client.
        `insecure`: allow the key or token to go to another machine without TLS. Otherwise that raises ValueError.
        """
        self._transport = Transport(
            Connection.resolve(
                address,
                api_key=api_key,
                token=token,
                tls=tls,
                timeout=timeout,
                user_agent=user_agent,
                options=options,
                insecure=insecure,
            )
        )

    @property
    def address(self) -> str:
        """Where the server is."""
        return self._transport.connection.address

    async def wait_ready(self, timeout: float = DEFAULT_TIMEOUT) -> None:
        """Waits until the server can be reached. Raises Unavailable if it cannot within `timeout` seconds."""
        await self._transport.wait_ready(timeout)

    async def close(self) -> None:
        """Ends the connection; calls after it raise RuntimeError."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address!r}, tls={self._transport.connection.tls is not None})"
