"""Logins and rights at a real server (LOCI_TEST_VAULT_ADDR), with the policies that docs/operations.md prints."""

import json
import os
import re
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from loci_server.crypto.vault.logins import AppRoleLogin, KubernetesLogin, Login, Secret
from loci_server.crypto.vault.transit import VaultTransitKeys
from loci_server.errors import KeyDestroyed, KeyServiceUnavailable
from tests.vault.places import ADDRESS, TOKEN, Keys, Place, real
from tests.vault.test_keys import DATA, KINDS

pytestmark = pytest.mark.skipif(ADDRESS not in os.environ, reason=f"{ADDRESS} is not set")
DOCS = Path(__file__).parents[2] / "docs" / "operations.md"
RULE = re.compile(r'^ +path "(transit|secret)/(.*)" +(\{.*\})$', re.MULTILINE)


@dataclass(frozen=True)
class Administrator:
    """Who sets Vault up. `ending` keeps one test's things apart."""

    ending: str

    def does(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"X-Vault-Token": os.environ.get(TOKEN, "root")}
        url = f"{os.environ[ADDRESS].rstrip('/')}/v1/{path}"
        answer = requests.request(method, url, json=body, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def documented_policy(self, place: Place) -> str:
        """The name of a policy as the documents have it, for the mounts of the test."""
        mounts = {"transit" if kind is VaultTransitKeys else "secret": mount for kind, mount in place.mounts.items()}
        rules = [f'path "{mounts[mount]}/{path}" {what}' for mount, path, what in RULE.findall(DOCS.read_text())]
        assert {mount for mount, _, _ in RULE.findall(DOCS.read_text())} == mounts.keys()
        name = f"loci-{self.ending}"
        self.does("PUT", f"sys/policies/acl/{name}", {"policy": "\n".join(rules)})
        return name

    def approle(self, policy: str, **role: Any) -> Login:
        mount = f"approle-{self.ending}"
        self.does("POST", f"sys/auth/{mount}", {"type": "approle"})
        path = f"auth/{mount}/role/loci"
        self.does("POST", path, {"token_policies": [policy], **role})
        role_id = self.does("GET", f"{path}/role-id")["data"]["role_id"]
        secret_id = self.does("POST", f"{path}/secret-id")["data"]["secret_id"]
        return AppRoleLogin(role_id, Secret(secret_id), mount)

    def remove(self) -> None:
        for mount in ("approle", "kubernetes"):
            self.does("DELETE", f"sys/auth/{mount}-{self.ending}")
        self.does("DELETE", f"sys/policies/acl/loci-{self.ending}")


@pytest.fixture
def place() -> Iterator[Place]:
    with real() as found:
        yield found


@pytest.fixture
def administrator() -> Iterator[Administrator]:
    found = Administrator(secrets.token_hex(4))
    yield found
    found.remove()


@pytest.mark.parametrize("kind", KINDS)
async def test_the_documented_policy_is_enough_for_all_that_a_server_does(
    place: Place, administrator: Administrator, kind: type[Keys]
) -> None:
    keys = place.keys(kind, login=administrator.approle(administrator.documented_policy(place), token_ttl="1h"))
    before = await keys.wrap(7, b"content", DATA)
    kek_id = await keys.rotate(7)
    after = await keys.wrap(7, b"content", DATA)
    assert after.kek_id == kek_id
    await keys.retire(7, kek_id)
    assert await keys.unwrap(7, b"content", after) == DATA
    with pytest.raises(KeyDestroyed):
        await keys.unwrap(7, b"content", before)
    await keys.destroy(7)
    assert await keys.held(7) == []
    await keys.close()


async def test_it_gives_nothing_beyond_the_keys_of_loci(place: Place, administrator: Administrator) -> None:
    login = administrator.approle(administrator.documented_policy(place), token_ttl="1h")
    mount = place.mounts[VaultTransitKeys]
    elsewhere = Place(place.url, place.token, {**place.mounts, VaultTransitKeys: f"{mount}-other"})
    keys = elsewhere.keys(VaultTransitKeys, login=login)
    with pytest.raises(KeyServiceUnavailable, match="denies permission"):
        await keys.wrap(7, b"content", DATA)
    await keys.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_lease_is_renewed_and_what_cannot_be_renewed_is_replaced(
    place: Place, administrator: Administrator, kind: type[Keys]
) -> None:
    login = administrator.approle(administrator.documented_policy(place), token_ttl="3s", token_max_ttl="6s")
    keys = place.keys(kind, login=login)
    wrapped = await keys.wrap(7, b"content", DATA)
    end = time.monotonic() + 14  # more than two lives of a token
    while time.monotonic() < end:
        assert await keys.unwrap(7, b"content", wrapped) == DATA
    await keys.close()


class TokenReview(BaseHTTPRequestHandler):
    """What the API server of Kubernetes says of a token (authentication.k8s.io/v1): all that it is shown are good."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        shown = jwt.decode(asked["spec"]["token"], options={"verify_signature": False})
        user = {"username": shown["sub"], "uid": "u1", "groups": ["system:serviceaccounts"]}
        status = {"authenticated": True, "user": user, "audiences": shown["aud"]}
        body = json.dumps({**asked, "status": status}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def kubernetes() -> Iterator[str]:
    """The address of such an API server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), TokenReview)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("name", "let_in"), [("loci", True), ("other", False)])
async def test_a_pod_logs_in_by_its_service_account(
    place: Place, administrator: Administrator, kubernetes: str, tmp_path: Path, name: str, let_in: bool
) -> None:
    mount = f"kubernetes-{administrator.ending}"
    administrator.does("POST", f"sys/auth/{mount}", {"type": "kubernetes"})
    config = {"kubernetes_host": kubernetes, "disable_local_ca_jwt": True}
    administrator.does("POST", f"auth/{mount}/config", config)
    bound = {"bound_service_account_names": "loci", "bound_service_account_namespaces": "memory", "audience": "vault"}
    policy = administrator.documented_policy(place)
    administrator.does("POST", f"auth/{mount}/role/loci", {**bound, "token_policies": [policy], "token_ttl": "1h"})
    account = {"namespace": "memory", "serviceaccount": {"name": name, "uid": "u1"}}
    subject = f"system:serviceaccount:memory:{name}"
    now = int(time.time())
    times = {"iat": now, "nbf": now, "exp": now + 600}
    claims = {"sub": subject, "aud": ["vault"], **times, "kubernetes.io": account}
    file = tmp_path / "token"
    file.write_text(jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256"))
    keys = place.keys(VaultTransitKeys, login=KubernetesLogin("loci", Secret(None, file), mount))
    if let_in:
        assert await keys.unwrap(7, b"content", await keys.wrap(7, b"content", DATA)) == DATA
    else:
        with pytest.raises(KeyServiceUnavailable):
            await keys.wrap(7, b"content", DATA)
    await keys.close()
