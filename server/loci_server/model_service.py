"""A model service over HTTP (an embedder, a reranker): one JSON request, tried again where that can help.

It never follows redirects (texts and key would go to another host) and lets nothing of a request, a response or a
URL into its errors.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx

TRIES = 3
FIRST_PAUSE = 0.25
"""Seconds before the second try; it doubles with each further one."""
LONGEST_PAUSE = 10.0
"""Seconds that a Retry-After may make us wait."""

REFUSALS = frozenset({400, 413, 422})
"""Statuses by which a service refuses what was sent: as a rule a text that is too long for its model."""


class Failure(Protocol):
    """A class of errors that holds what happened, and how many seconds the service asked to be left alone."""

    def __call__(self, *, detail: str, retry_after: float | None = None) -> Exception: ...


@dataclass(frozen=True, slots=True)
class Failures:
    """How the failures of one kind of service are raised."""

    unavailable: Failure
    """No answer, or none that helps."""
    refused: Failure
    """The service will not take what was sent."""
    settings: str
    """What the settings of the service begin with, for advice: `LOCI_EMBEDDER`."""


class ModelService:
    """One service, its connections and its credential.

    `pause` and `jitter` are the clock and the chance of the retries.
    """

    def __init__(
        self,
        url: str,
        *,
        failures: Failures,
        timeout: float,
        headers: Mapping[str, str] | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._failures = failures
        self._timeout = timeout
        self._pause = pause
        self._jitter = jitter
        try:
            self._client = httpx.AsyncClient(
                base_url=url, headers=headers, timeout=httpx.Timeout(timeout), follow_redirects=False
            )
        except (httpx.InvalidURL, UnicodeError):
            raise failures.unavailable(
                detail=f"its URL or its key is malformed; check {failures.settings}_URL"
            ) from None

    @property
    def settings(self) -> str:
        """What its settings begin with."""
        return self._failures.settings

    async def post(self, path: str, body: Mapping[str, object]) -> object:
        """The decoded JSON answer to `body`.

        Tried three times on a failed connection, 429 and 5xx. A request that ran into its time limit is not: the
        service is busy with it already.

        Raises:
            `failures.refused`: the service will not take this body: HTTP 400, 413 or 422.
            `failures.unavailable`: no answer, another status, or no JSON.
        """
        unavailable = self._failures.unavailable
        for attempt in range(TRIES):
            last = attempt == TRIES - 1
            wait = FIRST_PAUSE * 2**attempt * (0.5 + self._jitter())
            try:
                response = await self._send(path, body)
            except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError) as error:
                if last:
                    raise unavailable(detail=f"no connection ({type(error).__name__})") from None
            else:
                if response.status_code == 200:
                    return self._decoded(response)
                told = _retry_after(response)
                if response.status_code in REFUSALS:
                    raise self._failures.refused(detail=f"HTTP {response.status_code}")
                if last or not (response.status_code == 429 or response.status_code >= 500):
                    raise unavailable(detail=self._refusal(response.status_code), retry_after=told)
                wait = wait if told is None else min(told, LONGEST_PAUSE)
            await self._pause(wait)
        raise AssertionError("the last try returns or raises")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _send(self, path: str, body: Mapping[str, object]) -> httpx.Response:
        unavailable = self._failures.unavailable
        if self._client.is_closed:
            raise unavailable(detail="it was closed")
        try:
            async with asyncio.timeout(self._timeout):
                return await self._client.post(path, json=body)
        except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError):
            raise
        except (TimeoutError, httpx.TimeoutException):
            raise unavailable(detail=f"no answer within {self._timeout:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            # `from None`: httpx may quote a header or a URL, and a log shows causes too.
            raise unavailable(detail=f"the request failed ({type(error).__name__})") from None

    def _decoded(self, response: httpx.Response) -> object:
        try:
            answer: object = response.json()
        except (ValueError, RecursionError):
            raise self._failures.unavailable(detail="it answered with something that is not JSON") from None
        return answer

    def _refusal(self, status: int) -> str:
        settings = self._failures.settings
        match status:
            case 401 | 403:
                return f"it refused the credential (HTTP {status}); check {settings}_API_KEY"
            case 404:
                return f"it knows no such address or model (HTTP {status}); check {settings}_URL and {settings}_MODEL"
            case _:
                return f"it answered with HTTP {status}"


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds of the Retry-After header. Its other form, a date, is rare here and counts as absent."""
    value = response.headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() else None
