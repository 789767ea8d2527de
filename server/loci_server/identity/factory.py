"""Makes what takes tokens and certificates, as the settings say."""

from loci_server.identity.federation import Federation, Registry
from loci_server.identity.map_file import MapFile
from loci_server.identity_settings import IdentitySettings


def make_federation(settings: IdentitySettings, registry: Registry) -> Federation:
    """Raises FileError for an identity map that is wrong."""
    tokens = None
    if settings.issuers:
        # The client of services that few have.
        from loci_server.identity.tokens.checker import TokenChecker
        from loci_server.identity.tokens.documents import Documents
        from loci_server.identity.tokens.issuer import Issuer, Keeping

        documents = Documents(settings.oidc_timeout, settings.oidc_ca_file)
        keeping = Keeping(settings.oidc_refresh, settings.oidc_lifetime)
        tokens = TokenChecker([Issuer(issuer, documents, keeping) for issuer in settings.issuers])
    names = [issuer.issuer for issuer in settings.issuers]
    map_file = MapFile(settings.identity_map, names) if settings.identity_map is not None else None
    return Federation(registry, tokens, map_file)
