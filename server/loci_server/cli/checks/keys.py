"""What holds the keys: the keyring of this machine, or Vault."""

import asyncio
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from loci_server.cli.checks import local
from loci_server.cli.checks.finding import Finding, ok, problem, warning
from loci_server.settings import Settings

KEY_SERVICE = "key service"


def keys(settings: Settings) -> Iterator[Finding]:
    """Whether they can be used. That they fit the database is seen there."""
    if settings.key_provider == "local":
        yield from local.keyring(settings)
        return
    yield asyncio.run(_asked(settings))
    if in_clear(settings.vault_url or ""):
        yield warning(
            KEY_SERVICE, "Vault is asked over http:// on another machine: its token and the keys go there in clear."
        )


async def _asked(settings: Settings) -> Finding:
    from loci_server.bootstrap import key_provider
    from loci_server.errors import KeyServiceUnavailable

    provider = key_provider(settings)
    try:
        await provider.check()
    except KeyServiceUnavailable as error:
        return problem(KEY_SERVICE, str(error))
    finally:
        await provider.close()
    return ok(KEY_SERVICE, f"Vault answers at {urlsplit(settings.vault_url or '').hostname} and takes the credential.")


def in_clear(url: str) -> bool:
    """Whether what is sent to a URL can be read on the way."""
    parts = urlsplit(url)
    try:
        here = ip_address(parts.hostname or "").is_loopback
    except ValueError:
        here = parts.hostname == "localhost"
    return parts.scheme == "http" and not here
