"""Page tokens: sealed, and bound to tenant, method and query. One that was changed or belongs elsewhere is refused."""

import base64
import struct
from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from google.protobuf.message import Message

from loci_server.crypto.envelope import Sealer
from loci_server.errors import ContentUnreadable, InvalidPageToken

MAX_TOKEN = 4096
VOLATILE = ("page_token", "page_size")
KIND = b"page_token"
T = TypeVar("T")


class PageTokens:
    """Makes and reads the tokens of one installation."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def encode(self, tenant_key: int, request: Message, position: bytes) -> str:
        """A token for the page behind `position` of this request."""
        sealed = self._sealer.seal(KIND, query(tenant_key, request), b"", position)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def decode(self, tenant_key: int, request: Message, token: str, read: Callable[[bytes], T]) -> T | None:
        """What `read` makes of the position in a token; None for an empty one. Raises InvalidPageToken: also if
        `read` raises ValueError or struct.error, as another version of the server may have written it otherwise."""
        if not token:
            return None
        if len(token) > MAX_TOKEN or not token.isascii():
            raise InvalidPageToken(field="page_token")
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            return read(self._sealer.open(KIND, query(tenant_key, request), b"", sealed))
        except (ValueError, struct.error, ContentUnreadable):
            raise InvalidPageToken(field="page_token") from None


def query(tenant_key: int, request: Message) -> bytes:
    """What a token is bound to: the tenant, and all of the request but the paging itself."""
    bare = type(request)()
    bare.CopyFrom(request)
    for name in VOLATILE:
        bare.ClearField(name)
    body = f"{tenant_key}/{request.DESCRIPTOR.full_name}/".encode() + bare.SerializeToString(deterministic=True)
    return sha256(body).digest()
