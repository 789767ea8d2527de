# Generated from loci/_async/identities.py by `python -m tools.unasync`: change that file, not this one.
"""Who has acted by a token or a client certificate. Needs ADMIN, or OPERATOR for other tenants."""

from collections.abc import Iterator

from loci import values
from loci.names import OWN_TENANT, identity_name, tenant_name
from loci.v1 import identity_pb2 as service
from loci.v1.identity_pb2 import Identity

from .transport import Calls


class Identities(Calls):
    """The identities of AdminService. `tenant` is an id or a name; by default it is the caller's own."""

    def get_identity(self, identity: str, *, tenant: str = OWN_TENANT, timeout: float | None = None) -> Identity:
        """One identity, by its name, by `identities/{identity}` as commits tell it, or by its id. Raises
        IdentityNotFound."""
        request = values.made(service.GetIdentityRequest, name=identity_name(tenant, identity))
        response = self._transport.unary("AdminService/GetIdentity", request, service.GetIdentityResponse, timeout)
        return response.identity

    def list_identities(
        self, tenant: str = OWN_TENANT, *, page_size: int = 0, timeout: float | None = None
    ) -> Iterator[Identity]:
        """The identities that have acted in a tenant; `timeout` is for each page."""
        request = values.made(service.ListIdentitiesRequest, parent=tenant_name(tenant), page_size=page_size)
        for page in self._transport.pages(
            "AdminService/ListIdentities", request, service.ListIdentitiesResponse, timeout
        ):
            for identity in page.identities:
                yield identity
