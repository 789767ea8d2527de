"""An issuer over HTTP, and what checks its tokens."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from loci_server.identity.tokens.checker import TokenChecker
from loci_server.identity.tokens.documents import Documents
from loci_server.identity.tokens.issuer import Issuer, Keeping
from loci_server.identity_settings import OidcIssuer
from tests.oidc import AUDIENCE, IssuerStandIn


@dataclass
class Place:
    """A stand-in, its face on our side, and the clock that the latter goes by."""

    stand_in: IssuerStandIn
    time: float = 1000.0
    told: OidcIssuer = field(init=False)
    issuer: Issuer = field(init=False)
    checker: TokenChecker = field(init=False)

    def __post_init__(self) -> None:
        self.set_up()

    def set_up(self, timeout: float = 10.0, **told: object) -> None:
        """A server that has just been started."""
        self.told = OidcIssuer(**({"issuer": self.stand_in.url, "audiences": (AUDIENCE,)} | told))  # type: ignore[arg-type]
        self.issuer = Issuer(self.told, Documents(timeout), Keeping(300.0, 3600.0), lambda: self.time)
        self.checker = TokenChecker([self.issuer])


@pytest.fixture
def stand_in() -> Iterator[IssuerStandIn]:
    made = IssuerStandIn()
    yield made
    made.stop()


@pytest.fixture
def place(stand_in: IssuerStandIn) -> Place:
    return Place(stand_in)
