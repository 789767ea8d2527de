"""What a client shows with each call: an API key, or a token that may be replaced while the client lives.

Neither is ever shown: not in a repr, nor in an error.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from .errors import LociError, Unauthenticated

Token: TypeAlias = str | Callable[[], str]
"""A token of an OIDC issuer (JWT); or what gives the present one, asked before each try of a call. It must not wait:
let it answer from memory, and refresh the token beside."""
Metadata: TypeAlias = tuple[tuple[str, str], ...]


class Credential:
    """What goes into `authorization`, if anything does: else the server may go by the client's certificate."""

    def __init__(self, api_key: str | None, token: Token | None) -> None:
        """Raises ValueError for both, and for what a header cannot carry; TypeError for what is no text."""
        if api_key is not None and token is not None:
            raise ValueError("give an API key or a token, not both")
        if not isinstance(api_key, str | None):
            raise TypeError(f"api_key must be a str, not {type(api_key).__name__}")
        if not isinstance(token, str | None) and not callable(token):
            raise TypeError(f"token must be a str or a function, not {type(token).__name__}")
        self._give = token if callable(token) else None
        self._fixed = None if callable(token) else checked(token, "token") or checked(api_key, "API key")

    def __bool__(self) -> bool:
        """Whether there is any."""
        return self._fixed is not None or self._give is not None

    def __repr__(self) -> str:
        return f"Credential({'none' if not self else 'refreshable' if self._give is not None else 'fixed'})"

    @property
    def metadata(self) -> Metadata:
        """Sent with a call. Raises ValueError, and what the function raises that gives tokens."""
        shown = self._fixed if self._give is None else checked(self._give(), "token")
        return (("authorization", f"Bearer {shown}"),) if shown is not None else ()

    def renewed(self, failure: LociError, used: Metadata) -> Metadata | None:
        """What to try again with after a refusal, if there is another token by now. A call that was refused so has done
        nothing."""
        if self._give is None or not isinstance(failure, Unauthenticated):
            return None
        present = self.metadata
        return present if present != used else None


def from_environment(environment: Mapping[str, str]) -> tuple[str | None, Token | None]:
    """The API key of LOCI_API_KEY or LOCI_API_KEY_FILE, else the token of the file LOCI_TOKEN_FILE. Raises OSError, and
    ValueError for a file that is empty."""
    key = environment.get("LOCI_API_KEY") or _key_file(environment.get("LOCI_API_KEY_FILE"))
    path = environment.get("LOCI_TOKEN_FILE")
    return (key, None) if key or not path else (None, token_file(path))


def _key_file(path: str | None) -> str | None:
    """Raises OSError and ValueError that name the variable."""
    if not path:
        return None
    try:
        key = _content(path)
    except OSError as error:
        raise type(error)(error.errno, f"LOCI_API_KEY_FILE: {error.strerror}", path) from None
    if not key:
        raise ValueError(f"LOCI_API_KEY_FILE: {path} is empty")
    return key


def token_file(path: str | Path) -> Callable[[], str]:
    """The token that a file holds now: it is read again for each try, as whoever renews it writes it anew."""
    return lambda: _content(path) or ""


def checked(value: str | None, what: str) -> str | None:
    """Raises ValueError for what a header cannot carry, TypeError for what is no text."""
    if not isinstance(value, str | None):
        raise TypeError(f"the {what} must be a str, not {type(value).__name__}")
    if value == "":
        raise ValueError(f"the {what} is empty")
    if value is not None and not (value.isascii() and value.isprintable() and " " not in value):
        raise ValueError(f"the {what} holds characters that a header cannot carry")
    return value


def _content(path: str | Path | None) -> str | None:
    return Path(path).read_text(encoding="utf-8").strip() if path else None
