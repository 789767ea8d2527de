"""Who is calling, and what the credential lets them do."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from loci_server.domain.names import actor_name
from loci_server.errors import ScopeMissing
from loci_server.identity.grants import ALL_GRAPHS, Grants


class Scope(IntEnum):
    """What a credential may do; the numbers are those of `loci.v1.Scope`."""

    READ = 1
    WRITE = 2
    ADMIN = 3
    OPERATOR = 4


INCLUDED: Final = {
    Scope.READ: frozenset({Scope.READ}),
    Scope.WRITE: frozenset({Scope.READ, Scope.WRITE}),
    Scope.ADMIN: frozenset({Scope.READ, Scope.WRITE, Scope.ADMIN}),
    Scope.OPERATOR: frozenset({Scope.OPERATOR}),
}
"""What holding a scope amounts to. An operator manages tenants and keys, and reads nothing."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller whose credential was checked. Everything the call touches belongs to its tenant."""

    tenant_key: int
    tenant_id: str
    key_id: int
    """The API key; below 0 the identity of this number that a token or a certificate names."""
    scopes: frozenset[Scope]
    """As granted."""
    graphs: Grants = ALL_GRAPHS
    """In which graphs."""
    granted: frozenset[Scope] = field(init=False, repr=False, compare=False)
    """With all that they include."""

    def __post_init__(self) -> None:
        granted = (included for scope, included in INCLUDED.items() if scope in self.scopes)
        object.__setattr__(self, "granted", frozenset().union(*granted))

    @property
    def name(self) -> str:
        """`tenants/{tenant}/apiKeys/{api_key}` or `tenants/{tenant}/identities/{identity}`."""
        return actor_name(self.tenant_id, self.key_id)

    def may(self, scope: Scope) -> bool:
        return scope in self.granted

    def require(self, scope: Scope) -> None:
        """Raises ScopeMissing unless the scope was granted or is included in one that was."""
        if scope not in self.granted:
            raise ScopeMissing(scope=scope.name)

    def require_any(self, scopes: frozenset[Scope]) -> None:
        """Raises ScopeMissing unless at least one of the scopes is held."""
        if self.granted.isdisjoint(scopes):
            raise ScopeMissing(scope=" or ".join(scope.name for scope in sorted(scopes)))


ANONYMOUS: Final = Principal(tenant_key=0, tenant_id="", key_id=0, scopes=frozenset())
"""The caller of a method that asks for no credential (health, reflection)."""
