"""Tokens and logins of the stand-in: leases that end, renewals up to a maximum, AppRole and Kubernetes."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from tests.vault.wire import DONE, Answer, Refusal, Request, denied, enveloped


@dataclass
class Token:
    """`ttl` 0: for ever. `max_ttl` counts from its making; None: none."""

    id: str
    made: float
    ttl: float
    max_ttl: float | None
    renewable: bool
    expires: float
    renewals: int = 0

    def left(self, now: float) -> float:
        return max(0.0, self.expires - now) if self.ttl else 0.0


@dataclass
class Role:
    """Of AppRole or Kubernetes: which secret (secret id, service account's token) gets what lease."""

    secret: str
    ttl: float = 3600
    max_ttl: float | None = None
    renewable: bool = True
    logins: int = 0


class Tokens:
    """The tokens and roles of one namespace."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.held: dict[str, Token] = {}
        self.approles: dict[str, Role] = {}
        self.kubernetes: dict[str, Role] = {}
        self.approle_mount = "approle"
        self.kubernetes_mount = "kubernetes"

    def make(self, ttl: float = 0, max_ttl: float | None = None, renewable: bool = False) -> str:
        now = self._now()
        id = f"hvs.{secrets.token_urlsafe(24)}"
        life = min(ttl, max_ttl) if max_ttl is not None else ttl
        self.held[id] = Token(id, now, ttl, max_ttl, renewable, now + life if ttl else float("inf"))
        return id

    def known(self, id: str) -> Token:
        """Raises Refusal for one that is not there or whose lease is over."""
        token = self.held.get(id)
        if token is None or token.expires <= self._now():
            raise denied()
        return token

    def login(self, request: Request) -> Answer | None:
        """None: not a way to log in."""
        body = request.body
        if request.path == f"auth/{self.approle_mount}/login" and request.writes:
            role = self.approles.get(body.get("role_id", ""))
            if role is None or body.get("secret_id") != role.secret:
                raise Refusal(400, "invalid role or secret ID")
        elif request.path == f"auth/{self.kubernetes_mount}/login" and request.writes:
            role = self.kubernetes.get(body.get("role", ""))
            if role is None:
                raise Refusal(400, f'invalid role name "{body.get("role")}"')
            if body.get("jwt") != role.secret:
                raise denied()
        else:
            return None
        role.logins += 1
        return self._auth(self.held[self.make(role.ttl, role.max_ttl, role.renewable)])

    def own(self, request: Request, token: Token) -> Answer | None:
        """What a token can ask of itself. None: nothing of that."""
        match request.method, request.path:
            case "GET", "auth/token/lookup-self":
                left = self._whole(token)
                data = {"id": token.id, "ttl": left, "creation_ttl": int(token.ttl), "type": "service"}
                data |= {"policies": ["loci"], "path": "auth/token/create", "display_name": "token"}
                return enveloped(data | ({"renewable": token.renewable} if token.ttl else {}))
            case "POST" | "PUT", "auth/token/renew-self":
                if not token.renewable:
                    raise Refusal(400, "lease is not renewable")
                now = self._now()
                end = now + token.ttl
                token.expires = end if token.max_ttl is None else min(end, token.made + token.max_ttl)
                token.renewals += 1
                return self._auth(token)
            case "POST" | "PUT", "auth/token/revoke-self":
                del self.held[token.id]
                return DONE
        return None

    def _auth(self, token: Token) -> Answer:
        return enveloped(
            auth={
                "client_token": token.id,
                "accessor": "accessor",
                "policies": ["default", "loci"],
                "lease_duration": self._whole(token),
                "renewable": token.renewable,
                "token_type": "service",
            }
        )

    def _whole(self, token: Token) -> int:
        return int(token.left(self._now()))
