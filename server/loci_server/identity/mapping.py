"""What identities may do: rules that whoever runs the server writes, and claims where an issuer may decide it.

The first rule that fits counts. No rule takes the tenant from the caller; OPERATOR is given by a rule that says so, and
by nothing else.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from loci_server.domain.names import check_tenant_id
from loci_server.errors import InvalidArgument
from loci_server.files import FileError
from loci_server.identity.certificates import is_dns_name, is_spiffe_id
from loci_server.identity.grants import ALL_GRAPHS, Grants
from loci_server.identity.principal import Scope
from loci_server.identity.subject import Kind, Subject
from loci_server.identity.tokens.jwt import strict_json
from loci_server.identity_settings import OidcIssuer

T = TypeVar("T")
MAX_RULES: Final = 10_000
BELOW: Final = "/*"
"""Behind a SPIFFE id: all ids whose path begins so."""
SCOPE_PREFIX: Final = "loci:"
CLAIMED: Final = {f"{SCOPE_PREFIX}{scope.name.lower()}": scope for scope in (Scope.READ, Scope.WRITE, Scope.ADMIN)}
"""What a claim can give. OPERATOR is not among it."""
ScopeWord: TypeAlias = Literal["read", "write", "admin", "operator"]
Wanted: TypeAlias = str | bool | int
"""A value that a claim has, or that is in its list."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """What an identity is here."""

    tenant_id: str
    scopes: frozenset[Scope]
    graphs: Grants = ALL_GRAPHS


class Rule(BaseModel):
    """Whom it fits, and what they may do."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    name: str = ""
    """For people."""
    spiffe: str | None = None
    """A SPIFFE id; with `/*` behind, all below it."""
    dns: str | None = None
    """A DNS name of a client certificate."""
    issuer: str | None = None
    """Of tokens, one that the settings name."""
    claims: dict[str, Wanted | list[Wanted]] | None = None
    """What tokens of the issuer must hold; one of a list of values. `{}`: nothing else."""
    tenant: str
    scopes: Annotated[list[ScopeWord], Field(min_length=1)]
    graphs: list[str] = []

    @field_validator("spiffe")
    @classmethod
    def _is_spiffe(cls, value: str | None) -> str | None:
        if value is not None and not is_spiffe_id(value.removesuffix(BELOW)) and not is_trust_domain(value):
            raise ValueError("give a SPIFFE id as spiffe://domain/path, or spiffe://domain/path/*")
        return value

    @field_validator("dns")
    @classmethod
    def _is_dns(cls, value: str | None) -> str | None:
        if value is not None and not is_dns_name(value):
            raise ValueError("give a whole DNS name in lower case, without wildcards")
        return value

    @field_validator("tenant")
    @classmethod
    def _is_tenant(cls, value: str) -> str:
        return checked(lambda: check_tenant_id(value, "tenant"))

    @field_validator("graphs")
    @classmethod
    def _are_graphs(cls, value: list[str]) -> list[str]:
        checked(lambda: Grants.parse(value, "graphs"))
        return value

    @model_validator(mode="after")
    def _fits_one_kind(self) -> Self:
        if sum(one is not None for one in (self.spiffe, self.dns, self.issuer)) != 1:
            raise ValueError("give one of spiffe, dns and issuer")
        if (self.issuer is None) != (self.claims is None):
            raise ValueError("issuer and claims belong together; claims may be {}, for all tokens of the issuer")
        if "operator" in self.scopes and self.graphs:
            raise ValueError("the scope operator cannot be limited to graphs")
        return self

    def fits(self, subject: Subject) -> bool:
        match subject.kind:
            case Kind.SPIFFE:
                if self.spiffe is not None and self.spiffe.endswith(BELOW):
                    return subject.subject.startswith(self.spiffe[:-1])
                return self.spiffe == subject.subject
            case Kind.DNS:
                return self.dns == subject.subject
            case Kind.TOKEN:
                return self.issuer == subject.issuer and all(
                    holds(claim(subject.claims, path), wanted) for path, wanted in (self.claims or {}).items()
                )

    def mapped(self) -> Mapped:
        return Mapped(self.tenant, frozenset(Scope[word.upper()] for word in self.scopes), Grants(tuple(self.graphs)))


class IdentityMap(BaseModel):
    """The rules, in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    rules: Annotated[list[Rule], Field(max_length=MAX_RULES)] = []

    def find(self, subjects: Sequence[Subject]) -> tuple[Subject, Mapped] | None:
        """By the first rule that fits any of the names."""
        for rule in self.rules:
            for subject in subjects:
                if rule.fits(subject):
                    return subject, rule.mapped()
        return None


def read_map(raw: bytes, where: object, issuers: Collection[str]) -> IdentityMap:
    """The map in a file `where`. `issuers`: those that the settings name. Raises FileError, which names rule and field
    and shows no value."""
    try:
        found = IdentityMap.model_validate(strict_json(raw))
    except ValidationError as error:
        raise FileError(f"{where}: {told(error)}") from None
    except ValueError as error:
        raise FileError(
            f"{where} is not JSON, or an object in it names a member twice ({type(error).__name__})."
        ) from None
    for number, rule in enumerate(found.rules):
        if rule.issuer is not None and rule.issuer not in issuers:
            raise FileError(f"{where}: rules[{number}].issuer is not one of LOCI_OIDC_ISSUER and LOCI_OIDC_ISSUERS.")
    return found


def claimed(subject: Subject, issuer: OidcIssuer) -> Mapped | None:
    """What the token itself says, where its issuer may."""
    if issuer.tenant_claim is None or issuer.scopes_claim is None:
        return None
    tenant, given = claim(subject.claims, issuer.tenant_claim), claim(subject.claims, issuer.scopes_claim)
    if not isinstance(tenant, str):
        return None
    try:
        check_tenant_id(tenant, "tenant")
    except InvalidArgument:
        return None
    words = given.split(" ") if isinstance(given, str) else given if isinstance(given, list) else []
    scopes = frozenset(CLAIMED[word] for word in words if isinstance(word, str) and word in CLAIMED)
    return Mapped(tenant, scopes) if scopes else None


def claim(claims: Mapping[str, object], path: str) -> object:
    """A claim by its name, or by `/name/member/…`; None where there is none."""
    if not path.startswith("/"):
        return claims.get(path)
    found: object = claims
    for name in path[1:].split("/"):
        if not isinstance(found, Mapping):
            return None
        found = found.get(name.replace("~1", "/").replace("~0", "~"))
    return found


def holds(value: object, wanted: Wanted | list[Wanted]) -> bool:
    """Whether a claim has the value or, being a list, holds it; of several, one of them."""
    if isinstance(wanted, list):
        return any(holds(value, one) for one in wanted)
    values = value if isinstance(value, list) else [value]
    return any(type(one) is type(wanted) and one == wanted for one in values)


def is_trust_domain(value: str) -> bool:
    """`spiffe://domain/*`: all of a trust domain."""
    return value.endswith(BELOW) and is_spiffe_id(value[: -len(BELOW)] + "/x")


def checked(check: Callable[[], T]) -> T:
    """What our own check says, as pydantic wants it."""
    try:
        return check()
    except InvalidArgument as error:
        raise ValueError(error.message) from None


def told(error: ValidationError) -> str:
    """The first thing that is wrong, with its place: `rules[2].tenant: …`."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ""
    for part in first["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else part
    more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{place or 'the map'}: {first['msg'].removeprefix('Value error, ')}{more}"
