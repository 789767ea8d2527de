"""JSON documents of an issuer over HTTPS: its certificate is checked, no redirect is followed, the answer is bounded in
size and time. Neither proxies nor credentials are taken from the environment."""

import asyncio
import ssl
from enum import StrEnum
from pathlib import Path
from typing import Final

import certifi
import httpx

from loci_server.identity.tokens.jwt import strict_json

MAX_BYTES: Final = 256 * 1024
HEADERS: Final = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "loci-server"}


class Cause(StrEnum):
    """Why there is no document: all that errors and logs say."""

    AWAY = "it cannot be reached"
    TLS = "its certificate is not trusted"
    SLOW = "it does not answer in time"
    REFUSED = "it answers with another status than 200"
    REDIRECT = "it answers with a redirect, which is not followed"
    LARGE = "its answer is larger than 256 KiB"
    MALFORMED = "its answer is not the JSON that it should be"
    OTHER_ISSUER = "its discovery document names another issuer"
    BAD_URL = "its discovery document names no https:// URL for its keys"
    NO_KEYS = "it has no keys that can be used"


class DocumentError(Exception):
    """There is no document."""

    def __init__(self, cause: Cause) -> None:
        self.cause = cause
        super().__init__(cause.value)


class Documents:
    """`ca_file`: what certificates are checked against, read anew each time."""

    def __init__(self, timeout: float, ca_file: Path | None = None) -> None:
        self._timeout = timeout
        self._ca_file = ca_file

    async def get(self, url: str) -> object:
        """Raises DocumentError."""
        try:
            async with asyncio.timeout(self._timeout):
                return strict_json(await self._fetched(url))
        except (TimeoutError, httpx.TimeoutException):
            raise DocumentError(Cause.SLOW) from None
        except ValueError:
            raise DocumentError(Cause.MALFORMED) from None
        except httpx.HTTPError as error:
            raise DocumentError(Cause.TLS if is_about_tls(error) else Cause.AWAY) from None
        except (httpx.InvalidURL, httpx.StreamError, OSError):
            raise DocumentError(Cause.AWAY) from None

    async def _fetched(self, url: str) -> bytes:
        context = await asyncio.to_thread(trusting, self._ca_file)
        async with (
            httpx.AsyncClient(verify=context, trust_env=False, follow_redirects=False, timeout=self._timeout) as client,
            client.stream("GET", url, headers=HEADERS) as response,
        ):
            if response.is_redirect:
                raise DocumentError(Cause.REDIRECT)
            if response.status_code != 200:
                raise DocumentError(Cause.REFUSED)
            if response.headers.get("content-encoding", "identity") != "identity":
                raise DocumentError(Cause.MALFORMED)  # a small answer may unpack to a huge one
            found = bytearray()
            async for chunk in response.aiter_raw():
                found += chunk
                if len(found) > MAX_BYTES:
                    raise DocumentError(Cause.LARGE)
            return bytes(found)


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """Raises OSError."""
    return ssl.create_default_context(cafile=str(ca_file) if ca_file is not None else certifi.where())


def is_about_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
