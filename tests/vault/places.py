"""Where a test finds a Vault: the stand-in, or the real server of LOCI_TEST_VAULT_ADDR."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from loci_server.crypto.vault.kv import VaultKvKeys
from loci_server.crypto.vault.logins import GivenToken, Login, Secret
from loci_server.crypto.vault.session import Clock, Session
from loci_server.crypto.vault.transit import VaultTransitKeys
from loci_server.crypto.vault.wire import Address, Wire
from tests.vault.clock import TestClock
from tests.vault.stand_in import StandIn

ADDRESS, TOKEN = "LOCI_TEST_VAULT_ADDR", "LOCI_TEST_VAULT_TOKEN"
Keys = VaultTransitKeys | VaultKvKeys


@dataclass
class Place:
    """A Vault that answers, with a token that may do everything below the mounts."""

    url: str
    token: str
    mounts: dict[type[Keys], str]

    def keys(self, kind: type[Keys], **session: Any) -> Keys:
        login = session.pop("login", None) or GivenToken(Secret(self.token))
        return keys(kind, self.url, login, mount=self.mounts[kind], **session)


def keys(
    kind: type[Keys],
    url: str,
    login: Login,
    *,
    clock: TestClock | None = None,
    mount: str | None = None,
    timeout: float = 5.0,
    namespace: str | None = None,
    **address: Any,
) -> Keys:
    """A provider, as the factory would make it."""
    ticking = Clock(clock.now, clock.pause, clock.chance) if clock else Clock()
    session = Session(Wire(Address(url, namespace, **address), timeout), login, timeout, ticking)
    if kind is VaultTransitKeys:
        return VaultTransitKeys(session, mount=mount or "transit", prefix="loci")
    return VaultKvKeys(session, mount=mount or "secret", prefix="loci", now=ticking.now)


def stood_in(vault: StandIn) -> Place:
    return Place(vault.url, vault.root.tokens.make(), {VaultTransitKeys: "transit", VaultKvKeys: "secret"})


@contextmanager
def real() -> Iterator[Place]:
    """The real server, with mounts of its own for one test."""
    url, token = os.environ[ADDRESS].rstrip("/"), os.environ.get(TOKEN, "root")
    headers = {"X-Vault-Token": token}
    ending = secrets.token_hex(4)
    kinds: dict[type[Keys], tuple[str, dict[str, Any]]] = {
        VaultTransitKeys: (f"loci-test-{ending}/transit", {"type": "transit"}),
        VaultKvKeys: (f"loci-test-{ending}/kv", {"type": "kv", "options": {"version": "2"}}),
    }
    for mount, body in kinds.values():
        requests.post(f"{url}/v1/sys/mounts/{mount}", json=body, headers=headers, timeout=10).raise_for_status()
    try:
        yield Place(url, token, {kind: mount for kind, (mount, _) in kinds.items()})
    finally:
        for mount, _ in kinds.values():
            requests.delete(f"{url}/v1/sys/mounts/{mount}", headers=headers, timeout=10)
