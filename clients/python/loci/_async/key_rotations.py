"""The rotation of keys. Needs a key with the scope ADMIN, or OPERATOR for other tenants and the installation."""

from collections.abc import AsyncIterator

from loci import values
from loci.names import OWN_TENANT, graph_name, tenant_name
from loci.v1 import keys_pb2 as messages
from loci.v1.keys_pb2 import KeyRotation

from .transport import Calls

INSTALLATION = "installation"


class KeyRotations(Calls):
    """The part of AdminService for keys. `what` is a graph's id, or a name: `graphs/…`, `tenants/…` (`tenants/-` is the
    caller's own), `installation`."""

    async def rotate_keys(self, what: str, *, timeout: float | None = None) -> KeyRotation:
        """Begins to put new keys in the place of those in use, in the background. Raises GraphNotFound,
        KeyServiceUnavailable."""
        request = values.made(messages.RotateKeysRequest, name=_name(what))
        response = await self._transport.unary("AdminService/RotateKeys", request, messages.RotateKeysResponse, timeout)
        return response.key_rotation

    async def get_key_rotation(self, what: str, *, timeout: float | None = None) -> KeyRotation:
        """Which keys are in use, and how far their rotation is; `state` is DONE when nothing is under way, and
        NEVER_ROTATED of a tenant or the installation where there was none yet. Raises GraphNotFound."""
        request = values.made(messages.GetKeyRotationRequest, name=_name(what))
        response = await self._transport.unary(
            "AdminService/GetKeyRotation", request, messages.GetKeyRotationResponse, timeout
        )
        return response.key_rotation

    async def list_key_rotations(
        self, tenant: str = OWN_TENANT, *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncIterator[KeyRotation]:
        """The graphs whose data keys are being rotated. `timeout` is for each page."""
        request = values.made(messages.ListKeyRotationsRequest, parent=tenant_name(tenant), page_size=page_size)
        async for page in self._transport.pages(
            "AdminService/ListKeyRotations", request, messages.ListKeyRotationsResponse, timeout
        ):
            for key_rotation in page.key_rotations:
                yield key_rotation


def _name(what: str) -> str:
    return what if what == INSTALLATION or what.startswith("tenants/") else graph_name(what)
