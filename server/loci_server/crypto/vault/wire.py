"""One request to Vault by hvac, in one of a few threads.

It never follows redirects (the token would go to another host), and takes nothing from the environment: no VAULT_
variable, no proxy, no netrc, no ~/.vault-token. What hvac and requests raise may quote a URL, a header or an answer,
so none of it is let out.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import requests
from hvac.adapters import RawAdapter
from requests.adapters import HTTPAdapter

from loci_server.crypto.vault.failures import Cause, Failed, refused

THREADS = 8
"""Requests at once of one process; more wait, within their time limit."""

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Address:
    """Where Vault is, and how to speak to it."""

    url: str
    namespace: str | None = None
    ca_file: Path | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None


class JsonAdapter(RawAdapter):  # type: ignore[misc] # hvac has no types
    """Answers with the JSON of a success, and raises Failed for all else."""

    def request(self, method: str, url: str, **kwargs: Any) -> Json:
        kwargs["raise_exception"] = False
        response: requests.Response = super().request(method, url, **kwargs)
        if response.status_code == 204:
            return {}
        body = decoded(response)
        if response.status_code != 200:
            errors = body.get("errors")
            words = [str(error) for error in errors] if isinstance(errors, list) else []
            raise refused(response.status_code, words, retry_after(response))
        return body

    def get_login_token(self, response: Json) -> str:
        token: str = response["auth"]["client_token"]
        return token


Request = Callable[[JsonAdapter], T]
"""Asks, and takes from the answer what is needed. Blocks; runs in a thread."""


class Wire:
    """The connections to one Vault. `timeout`: seconds for which a thread waits for an answer to go on."""

    def __init__(self, address: Address, timeout: float) -> None:
        self._address = address
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="vault")
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(address.ca_file) if address.ca_file else True
        if address.client_certificate is not None:
            certificate, key = str(address.client_certificate), address.client_key
            self._session.cert = (certificate, str(key)) if key else certificate
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=THREADS, max_retries=0))

    async def send(self, token: str | None, request: Request[T]) -> T:
        """The answer to a request, tried once. Raises Failed."""
        adapter = JsonAdapter(
            base_uri=self._address.url,
            token=token,
            namespace=self._address.namespace,
            session=self._session,
            timeout=self._timeout,
            allow_redirects=False,
        )
        try:
            waiting = asyncio.get_running_loop().run_in_executor(self._threads, asked, request, adapter)
        except RuntimeError:
            raise Failed(Cause.CLOSED) from None
        return await waiting

    def close(self) -> None:
        """Lets go of threads and connections. Requests that run end by their time limit."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._session.close()


def asked(request: Request[T], adapter: JsonAdapter) -> T:
    """In a thread. Raises Failed, and nothing else that has anything of the request in it."""
    try:
        return request(adapter)
    except requests.exceptions.SSLError:
        cause = Cause.UNTRUSTED
    except requests.exceptions.Timeout:
        cause = Cause.SLOW
    except requests.exceptions.ConnectionError as error:
        cause = Cause.CUT if "aborted" in str(error).lower() else Cause.UNREACHABLE
    except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
        cause = Cause.CUT
    except requests.exceptions.RequestException:
        cause = Cause.MALFORMED
    except OSError:  # a certificate or key that cannot be read
        cause = Cause.UNTRUSTED
    except (LookupError, TypeError, ValueError):  # an answer of another shape, a token that fits no header
        cause = Cause.MALFORMED
    raise Failed(cause)


def decoded(response: requests.Response) -> Json:
    """The body, which is empty where it is none of Vault's: a proxy's page, say."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    if response.status_code == 200:
        raise Failed(Cause.MALFORMED)
    return {}


def retry_after(response: requests.Response) -> float | None:
    """Seconds of the Retry-After header; its other form, a date, counts as absent."""
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None
