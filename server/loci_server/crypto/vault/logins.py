"""How a token is got: given, by AppRole, or by the service account of a Kubernetes pod. Blocks; runs in a thread."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hvac.api.auth_methods.approle import AppRole
from hvac.api.auth_methods.kubernetes import Kubernetes
from hvac.api.auth_methods.token import Token

from loci_server.crypto.vault.failures import Cause, Failed
from loci_server.crypto.vault.wire import Json, JsonAdapter

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Grant:
    """A token, for how many seconds (0: for ever), and whether it can be renewed."""

    token: str = field(repr=False)
    lease: float
    renewable: bool


class Login(Protocol):
    """One way to a token."""

    @property
    def repeatable(self) -> bool:
        """Whether each login makes a new token."""

    @property
    def secret(self) -> "Secret": ...

    def grant(self, adapter: JsonAdapter) -> Grant:
        """Raises Failed."""


class Secret:
    """A secret that is given, or the content of a file, read anew each time."""

    def __init__(self, value: str | None, file: Path | None = None) -> None:
        self._value = value
        self._file = file

    def read(self) -> str:
        """Raises Failed."""
        if self._file is None:
            return self._value or ""
        try:
            return self._file.read_text().strip()
        except (OSError, UnicodeError):
            raise Failed(Cause.NO_CREDENTIAL) from None

    def stamp(self) -> Stamp | None:
        """Another one when the file was written anew. None: no file."""
        if self._file is None:
            return None
        try:
            state = self._file.stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_size, state.st_ino


class GivenToken:
    """A token that somebody else got and, in a file, replaces: Vault Agent, say."""

    repeatable = False

    def __init__(self, token: Secret) -> None:
        self.secret = token

    def grant(self, adapter: JsonAdapter) -> Grant:
        adapter.token = self.secret.read()
        match Token(adapter).lookup_self():
            case {"data": {"ttl": int(ttl), **data}}:
                lease = ttl or (1 if data.get("creation_ttl") else 0)  # of a root token 0, or one in its last second
                return Grant(adapter.token, lease, bool(data.get("renewable")))
        raise Failed(Cause.MALFORMED)


class AppRoleLogin:
    """The way for machines: a role id, and a secret id that the operator hands out."""

    repeatable = True

    def __init__(self, role_id: str, secret_id: Secret, mount: str) -> None:
        self.secret = secret_id
        self._role_id = role_id
        self._mount = mount

    def grant(self, adapter: JsonAdapter) -> Grant:
        secret_id = self.secret.read()
        answer = AppRole(adapter).login(self._role_id, secret_id, use_token=False, mount_point=self._mount)
        return granted(answer)


class KubernetesLogin:
    """By the token of the pod's service account, which Kubernetes replaces in its file now and then."""

    repeatable = True

    def __init__(self, role: str, token: Secret, mount: str) -> None:
        self.secret = token
        self._role = role
        self._mount = mount

    def grant(self, adapter: JsonAdapter) -> Grant:
        jwt = self.secret.read()
        answer = Kubernetes(adapter).login(self._role, jwt, use_token=False, mount_point=self._mount)
        return granted(answer)


def granted(answer: Json) -> Grant:
    """Of an answer to a login or a renewal. Raises Failed."""
    match answer.get("auth"):
        case {"client_token": str(token), "lease_duration": int(lease), "renewable": bool(renewable)}:
            return Grant(token, lease, renewable)
    raise Failed(Cause.MALFORMED)
