"""A server that trusts issuers and certificates, as tests of identities see it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from loci import TLS, AsyncClient
from tests.certificates import Authority, Pair
from tests.oidc import IssuerStandIn
from tests.server import RunningServer

AGENT = "spiffe://prod.example/ns/agents/sa/recall"


@dataclass
class Place:
    """A server with two tenants, and all that it trusts."""

    server: RunningServer
    issuer: IssuerStandIn
    clients: Authority
    served: Authority
    plain: Pair
    """A certificate without a name that is mapped."""
    map: Path

    def connect(self, pair: Pair | None = None, **credential: Any) -> AsyncClient:
        """With a certificate: that of nobody, if none is given; and with neither key nor token, if none is given."""
        shown = pair or self.plain
        tls = TLS(roots=self.served.file, certificate=shown.certificate, key=shown.key)
        return AsyncClient(self.server.address, tls=tls, **credential)

    def channel(self) -> grpc.aio.Channel:
        """With the certificate of nobody."""
        shown = self.plain
        credentials = grpc.ssl_channel_credentials(
            self.served.file.read_bytes(), shown.key.read_bytes(), shown.certificate.read_bytes()
        )
        return grpc.aio.secure_channel(self.server.address, credentials)

    def operator(self) -> AsyncClient:
        return self.connect(api_key=self.server.operator_key)

    def write(self, *rules: dict[str, Any]) -> None:
        draft = self.map.with_suffix(".new")
        draft.write_text(json.dumps({"rules": [{"tenant": "acme", "scopes": ["read"]} | rule for rule in rules]}))
        draft.replace(self.map)

    def usual(self) -> list[dict[str, Any]]:
        return [
            {"spiffe": AGENT, "scopes": ["admin"]},
            {"spiffe": "spiffe://prod.example/ns/readers/*"},
            {"dns": "agent.example", "scopes": ["write"], "graphs": ["graphs/mine", "graphs/team-*"]},
            {"issuer": self.issuer.url, "claims": {"groups": "ops"}, "scopes": ["admin"]},
            {"issuer": self.issuer.url, "claims": {"groups": "operators"}, "scopes": ["operator"]},
            {"issuer": self.issuer.url, "claims": {"groups": "lost"}, "tenant": "nowhere"},
        ]


@asynccontextmanager
async def rules(place: Place, *changed: dict[str, Any]) -> AsyncIterator[None]:
    place.write(*changed)
    try:
        yield
    finally:
        place.write(*place.usual())
