"""Vault over TLS: its certificate is checked, and ours is shown where it asks."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loci_server.crypto.vault.logins import GivenToken, Secret
from loci_server.crypto.vault.transit import VaultTransitKeys
from loci_server.errors import KeyServiceUnavailable
from tests.certificates import Authority
from tests.vault.places import keys
from tests.vault.stand_in import StandIn


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "authority")


@pytest.fixture
def context(authority: Authority) -> ssl.SSLContext:
    pair = authority.signed("vault")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    return context


@pytest.fixture
def guarded(context: ssl.SSLContext) -> Iterator[StandIn]:
    vault = StandIn(tls=context)
    yield vault
    vault.stop()


async def check(vault: StandIn, **address: Any) -> None:
    provider = keys(VaultTransitKeys, vault.url, GivenToken(Secret(vault.root.tokens.make())), **address)
    try:
        await provider.check()
        await provider.wrap(7, b"content", bytes(32))
    finally:
        await provider.close()


async def test_a_private_authority_is_trusted_where_it_is_named(guarded: StandIn, authority: Authority) -> None:
    await check(guarded, ca_file=authority.file)


async def test_an_unknown_authority_is_refused_and_gets_no_token(
    guarded: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))  # what the environment says is not heard
    monkeypatch.setenv("VAULT_SKIP_VERIFY", "true")
    for trusted in ({}, {"ca_file": Authority(tmp_path, "other").file}):
        with pytest.raises(KeyServiceUnavailable, match="TLS fails"):
            await check(guarded, **trusted)
    assert not guarded.requests


async def test_a_certificate_of_another_host_is_refused(
    context: ssl.SSLContext, authority: Authority, guarded: StandIn
) -> None:
    provider = keys(
        VaultTransitKeys,
        guarded.url.replace("127.0.0.1", "localhost"),
        GivenToken(Secret(guarded.root.tokens.make())),
        ca_file=authority.file,
    )
    with pytest.raises(KeyServiceUnavailable, match="TLS fails"):
        await provider.check()
    await provider.close()
    assert not guarded.requests


async def test_our_certificate_is_shown_where_vault_asks_for_one(
    context: ssl.SSLContext, guarded: StandIn, authority: Authority, tmp_path: Path
) -> None:
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.file)
    ours = authority.signed("loci")
    both = tmp_path / "both.pem"
    both.write_bytes(ours.certificate.read_bytes() + ours.key.read_bytes())
    await check(guarded, ca_file=authority.file, client_certificate=ours.certificate, client_key=ours.key)
    await check(guarded, ca_file=authority.file, client_certificate=both)
    with pytest.raises(KeyServiceUnavailable):
        await check(guarded, ca_file=authority.file)


async def test_a_file_that_is_no_certificate_is_a_fault_of_tls(guarded: StandIn, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate")
    with pytest.raises(KeyServiceUnavailable, match="TLS fails"):
        await check(guarded, ca_file=wrong)
