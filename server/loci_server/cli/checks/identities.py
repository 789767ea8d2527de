"""Who may call without an API key, and the certificate that callers are shown: files, issuers, map."""

import asyncio
from collections.abc import Iterator

from loci_server.cli.checks.finding import Finding, ok, problem, warning
from loci_server.preflight import variable_of
from loci_server.settings import Settings

SOON_DAYS = 7.0


def certificate(settings: Settings) -> Iterator[Finding]:
    """Of the server, and the authorities of its clients."""
    from loci_server.crypto.certificates import CertificateFiles, days_left, read_certificate
    from loci_server.files import FileError

    given = settings.tls_certificate, settings.tls_key
    if given == (None, None) and settings.tls_client_ca is None:
        return
    if settings.tls_certificate is None or settings.tls_key is None:
        yield problem("certificate", "LOCI_TLS_CERTIFICATE and LOCI_TLS_KEY belong together; set both.")
        return
    files = CertificateFiles(settings.tls_certificate, settings.tls_key, settings.tls_client_ca)
    try:
        left = days_left(read_certificate(files).not_after)
    except FileError as error:
        yield problem(
            "certificate",
            f"{variable_of(error, settings)}{error} A server that runs goes on with the certificate of before.",
        )
        return
    if left <= 0:
        yield problem("certificate", f"The certificate in {files.certificate} has ended; renew it.")
    elif left < SOON_DAYS:
        yield warning("certificate", f"The certificate in {files.certificate} ends in {left:.1f} days; renew it.")
    else:
        yield ok("certificate", f"The certificate in {files.certificate} fits its key and ends in {left:.0f} days.")


def identities(settings: Settings) -> Iterator[Finding]:
    """The identity map, and each issuer of tokens."""
    from loci_server.files import FileError
    from loci_server.identity.map_file import MapFile

    if settings.identity_map is not None:
        try:
            file = MapFile(settings.identity_map, [issuer.issuer for issuer in settings.issuers])
        except FileError as error:
            yield problem(
                "identity map",
                f"{variable_of(error, settings)}{error} A server that runs goes on with the map of before.",
            )
        else:
            rules = file.current.rules
            yield ok(
                "identity map", f"The identity map {settings.identity_map} is in order; it has {len(rules)} rules."
            )
            if settings.tls_client_ca is None and any(rule.issuer is None for rule in rules):
                yield warning(
                    "identity map", "Rules for client certificates count only with TLS and LOCI_TLS_CLIENT_CA."
                )
    if settings.issuers:
        yield from asyncio.run(_issuers(settings))


async def _issuers(settings: Settings) -> list[Finding]:
    from loci_server.identity.tokens.documents import DocumentError, Documents
    from loci_server.identity.tokens.issuer import Issuer, Keeping

    documents = Documents(settings.oidc_timeout, settings.oidc_ca_file)
    found = []
    for told in settings.issuers:
        issuer = Issuer(told, documents, Keeping(settings.oidc_refresh, settings.oidc_lifetime))
        try:
            keys = await issuer.check()
        except DocumentError as error:
            found.append(problem("issuer", f"The keys of {told.issuer} cannot be fetched: {error}."))
        else:
            found.append(ok("issuer", f"{told.issuer} answers; tokens are checked by {keys} keys of it."))
    return found
