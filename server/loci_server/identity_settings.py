"""The settings of who may call without an API key: issuers of tokens, and what identities may do."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FilePath, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MAX_ISSUERS = 32
MAX_URL_CHARS = 2048


def secure_url(value: str) -> str:
    """A URL whose server is known by its certificate, or that is on this machine. The value stays out of the error."""
    try:
        parts = urlsplit(value)
        host, known = parts.hostname or "", parts.port != 0
    except ValueError:
        host, known = "", False
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)) if known else False
    if not (host and safe and len(value) <= MAX_URL_CHARS and value.isascii() and value.isprintable()):
        raise ValueError("give a URL that begins with https:// (http:// only for this machine)")
    if parts.username or parts.password or parts.fragment or parts.query:
        raise ValueError("give a URL without credentials, query and fragment")
    return value


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


SecureUrl = Annotated[str, AfterValidator(secure_url)]
Claim = Annotated[str, Field(min_length=1, max_length=256)]


class OidcIssuer(BaseModel):
    """Whose tokens are taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: SecureUrl
    """As the claim `iss` has it, to the character."""
    audiences: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]
    """One of them must be in the claim `aud`."""
    jwks_url: SecureUrl | None = None
    """Where its keys are. None: its `/.well-known/openid-configuration` says so."""
    tenant_claim: Claim | None = None
    """A claim that holds the id of the tenant, for issuers that may decide it."""
    scopes_claim: Claim | None = None
    """A claim that holds `loci:read`, `loci:write` or `loci:admin`, as a list or in one text."""

    @model_validator(mode="after")
    def _claims_come_together(self) -> Self:
        if (self.tenant_claim is None) != (self.scopes_claim is None):
            raise ValueError("tenant_claim and scopes_claim belong together")
        return self


class IdentitySettings(BaseSettings):
    """What `Settings` takes from here."""

    model_config = SettingsConfigDict(use_attribute_docstrings=True)

    identity_map: Path | None = None
    """JSON file with the rules by which SPIFFE ids, DNS names and tokens act in tenants, see docs/operations.md. It is
    read again when it changes."""
    oidc_issuer: SecureUrl | None = None
    """Issuer of tokens (JWT) that are taken beside API keys, as their claim `iss` has it to the character."""
    oidc_audience: Annotated[str, Field(min_length=1)] | None = None
    """What their claim `aud` must hold; needed with `oidc_issuer`."""
    oidc_jwks_url: SecureUrl | None = None
    """Where the issuer's keys are. Unset: its `/.well-known/openid-configuration` says so."""
    oidc_tenant_claim: Claim | None = None
    """A claim that holds the id of the tenant, where no rule of the identity map fits: for issuers that may decide it.
    As `/a/b` it is the member `b` of the claim `a`."""
    oidc_scopes_claim: Claim | None = None
    """The claim that holds `loci:read`, `loci:write` or `loci:admin` then, as a list or in one text with spaces."""
    oidc_issuers: Annotated[tuple[OidcIssuer, ...], Field(max_length=MAX_ISSUERS)] = ()
    """Further issuers, as JSON: a list of objects with `issuer`, `audiences` (a list) and, if wanted, `jwks_url`,
    `tenant_claim`, `scopes_claim`."""
    oidc_ca_file: FilePath | None = None
    """PEM file with the certificates that those of issuers are checked against. Unset: those of the package certifi."""
    oidc_refresh: Annotated[float, Field(ge=1)] = 300.0
    """Seconds after which the keys of an issuer are asked for again, beside the calls: a key that it withdrew is not
    used for longer than twice that. For a key that is not known they are asked for at once, every five seconds at
    most."""
    oidc_lifetime: Annotated[float, Field(ge=2)] = 3600.0
    """Seconds for which the known keys of an issuer are used that cannot be asked, at least twice `oidc_refresh`."""
    oidc_timeout: Annotated[float, Field(gt=0)] = 5.0
    """Seconds that asking an issuer may take."""

    @model_validator(mode="after")
    def _issuers_can_be_asked(self) -> Self:
        if self.oidc_lifetime < 2 * self.oidc_refresh:
            raise ValueError("LOCI_OIDC_LIFETIME must be at least twice LOCI_OIDC_REFRESH")
        if self.oidc_issuer is None:
            for name in ("audience", "jwks_url", "tenant_claim", "scopes_claim"):
                if getattr(self, f"oidc_{name}") is not None:
                    raise ValueError(f"LOCI_OIDC_ISSUER is needed with LOCI_OIDC_{name.upper()}")
        elif self.oidc_audience is None:
            raise ValueError("LOCI_OIDC_AUDIENCE is needed with LOCI_OIDC_ISSUER")
        if (self.oidc_tenant_claim is None) != (self.oidc_scopes_claim is None):
            raise ValueError("LOCI_OIDC_TENANT_CLAIM and LOCI_OIDC_SCOPES_CLAIM belong together")
        names = [issuer.issuer for issuer in self.issuers]
        if len(set(names)) < len(names):
            raise ValueError("LOCI_OIDC_ISSUER and LOCI_OIDC_ISSUERS must name each issuer once")
        if self.identity_map is None and any(issuer.tenant_claim is None for issuer in self.issuers):
            raise ValueError("LOCI_IDENTITY_MAP or a tenant claim is needed: nothing says what tokens may do")
        return self

    @property
    def issuers(self) -> tuple[OidcIssuer, ...]:
        """All of them."""
        if self.oidc_issuer is None or self.oidc_audience is None:
            return self.oidc_issuers
        first = OidcIssuer(
            issuer=self.oidc_issuer,
            audiences=(self.oidc_audience,),
            jwks_url=self.oidc_jwks_url,
            tenant_claim=self.oidc_tenant_claim,
            scopes_claim=self.oidc_scopes_claim,
        )
        return (first, *self.oidc_issuers)
