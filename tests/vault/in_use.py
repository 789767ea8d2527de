"""A stand-in for Vault that a server works with."""

from collections.abc import Iterator

import pytest

from tests.vault.stand_in import StandIn
from tests.vault.tokens import Role

SECRET = "the-secret-id"


@pytest.fixture
def vault() -> Iterator[StandIn]:
    """It lets in who has the role `role`."""
    stand_in = StandIn()
    stand_in.root.tokens.approles["role"] = Role(SECRET)
    yield stand_in
    stand_in.stop()


def in_vault(vault: StandIn, provider: str = "vault") -> dict[str, str]:
    """Settings of a server that keeps its keys there."""
    return {
        "LOCI_KEY_PROVIDER": provider,
        "LOCI_VAULT_URL": vault.url,
        "LOCI_VAULT_AUTH": "approle",
        "LOCI_VAULT_ROLE_ID": "role",
        "LOCI_VAULT_SECRET_ID": SECRET,
    }
