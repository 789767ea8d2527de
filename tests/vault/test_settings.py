"""What the settings say of Vault is checked at start, and is what is done."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from loci_server.bootstrap import key_provider
from loci_server.crypto.local import LocalKeyProvider
from loci_server.crypto.vault.kv import VaultKvKeys
from loci_server.crypto.vault.transit import VaultTransitKeys
from loci_server.errors import KeysRotatedElsewhere
from loci_server.settings import Settings
from tests.vault.stand_in import StandIn
from tests.vault.tokens import Role

DATA = bytes(32)


def environment(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"LOCI_{name.upper()}", value)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "LOCI_VAULT_URL"),
        ({"vault_url": "vault:8200"}, "http"),
        ({"vault_url": "https://v"}, "LOCI_VAULT_TOKEN or LOCI_VAULT_TOKEN_FILE"),
        ({"vault_url": "https://v", "vault_token": "a", "vault_token_file": "b"}, "LOCI_VAULT_TOKEN_FILE"),
        ({"vault_url": "https://v", "vault_auth": "approle"}, "LOCI_VAULT_ROLE_ID and LOCI_VAULT_SECRET_ID"),
        ({"vault_url": "https://v", "vault_auth": "approle", "vault_role_id": "r"}, "LOCI_VAULT_SECRET_ID"),
        ({"vault_url": "https://v", "vault_auth": "approle", "vault_secret_id": "s"}, "LOCI_VAULT_ROLE_ID"),
        ({"vault_url": "https://v", "vault_auth": "kubernetes"}, "LOCI_VAULT_KUBERNETES_ROLE"),
        ({"vault_url": "https://v", "vault_auth": "ldap"}, "vault_auth"),
        ({"vault_url": "https://v", "vault_token": "a", "vault_mount": "/transit"}, "vault_mount"),
        ({"vault_url": "https://v", "vault_token": "a", "vault_key_prefix": "a/b"}, "vault_key_prefix"),
        ({"vault_url": "https://v", "vault_token": "a", "vault_ca_file": "/nowhere"}, "vault_ca_file"),
        ({"vault_url": "https://v", "vault_token": "a", "vault_client_key": __file__}, "LOCI_VAULT_CLIENT_CERTIFICATE"),
    ],
)
@pytest.mark.parametrize("provider", ["vault", "vault-kv"])
def test_what_is_missing_is_named_at_start(
    monkeypatch: pytest.MonkeyPatch, provider: str, settings: dict[str, str], named: str
) -> None:
    environment(monkeypatch, key_provider=provider, **settings)
    with pytest.raises(ValidationError, match=named):
        Settings()


@pytest.mark.parametrize("name", ["vault_token", "vault_secret_id"])
def test_a_secret_does_not_show(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    environment(monkeypatch, **{name: "hvs.secret"})
    assert "hvs.secret" not in repr(Settings())


async def test_the_provider_is_local_unless_another_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    provider = key_provider(Settings(data_dir=tmp_path))
    assert isinstance(provider, LocalKeyProvider)
    await provider.check()
    assert await provider.destroy(7) == []
    with pytest.raises(KeysRotatedElsewhere, match="keyring"):
        await provider.rotate(7)


async def test_transit_is_reached_as_the_settings_say(vault: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    world = vault.namespace("team")
    world.mounts = {"keys/eu": world.transit}
    world.tokens.approles["role"], world.tokens.approle_mount = Role("secret"), "machines/loci"
    environment(
        monkeypatch,
        key_provider="vault",
        vault_url=vault.url,
        vault_namespace="team",
        vault_mount="keys/eu",
        vault_key_prefix="memory",
        vault_auth="approle",
        vault_auth_mount="machines/loci",
        vault_role_id="role",
        vault_secret_id="secret",
    )
    provider = key_provider(Settings())
    assert isinstance(provider, VaultTransitKeys)
    assert (await provider.wrap(7, b"content", DATA)).kek_id == "vault:keys/eu/memory-tenant-7:v1"
    await provider.close()


async def test_kv_is_reached_as_the_settings_say(
    vault: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    vault.root.tokens.kubernetes["loci"] = Role("jwt")
    (tmp_path / "jwt").write_text("jwt\n")
    environment(
        monkeypatch,
        key_provider="vault-kv",
        vault_url=vault.url,
        vault_auth="kubernetes",
        vault_kubernetes_role="loci",
        vault_kubernetes_token_file=str(tmp_path / "jwt"),
    )
    provider = key_provider(Settings())
    assert isinstance(provider, VaultKvKeys)
    assert (await provider.wrap(7, b"content", DATA)).kek_id == "vault-kv:secret/loci/tenants/7:v1"
    assert vault.root.kv.secrets["loci/tenants/7"].cas_required
    await provider.close()
