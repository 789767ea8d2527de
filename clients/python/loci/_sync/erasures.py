# Generated from loci/_async/erasures.py by `python -m tools.unasync`: change that file, not this one.
"""Erasure of graphs and tenants, and receipts."""

from collections.abc import Iterator

from loci import values
from loci.names import INSTALLATION, OWN_TENANT, graph_name, tenant_name
from loci.retries import new_request_id
from loci.v1 import erasure_pb2 as messages
from loci.v1.erasure_pb2 import Erasure

from .transport import Calls


class Erasures(Calls):
    """The parts of GraphService and AdminService for erasures."""

    def erase_graph(self, graph: str, *, request_id: str | None = None, timeout: float | None = None) -> Erasure:
        """Destroys a graph's keys and removes all of it, for good. The keys are gone when this returns; get_erasure
        tells how far the rest is, and has the receipt. Needs the scope ADMIN. Raises GraphNotFound."""
        request = values.made(
            messages.EraseGraphRequest, name=graph_name(graph), request_id=request_id or new_request_id()
        )
        response = self._transport.unary("GraphService/EraseGraph", request, messages.EraseGraphResponse, timeout)
        return response.erasure

    def erase_tenant(self, tenant: str, *, request_id: str | None = None, timeout: float | None = None) -> Erasure:
        """Destroys a tenant's keys and removes all of it, for good. Needs the scope OPERATOR. Raises TenantNotFound."""
        request = values.made(
            messages.EraseTenantRequest, name=tenant_name(tenant), request_id=request_id or new_request_id()
        )
        response = self._transport.unary("AdminService/EraseTenant", request, messages.EraseTenantResponse, timeout)
        return response.erasure

    def get_erasure(self, erasure: str, *, timeout: float | None = None) -> Erasure:
        """How far an erasure is, by its id or name; when `state` is DONE it has a `receipt`. Raises ErasureNotFound."""
        request = values.made(messages.GetErasureRequest, name=f"erasures/{erasure.removeprefix('erasures/')}")
        response = self._transport.unary("AdminService/GetErasure", request, messages.GetErasureResponse, timeout)
        return response.erasure

    def list_erasures(
        self, tenant: str = OWN_TENANT, *, page_size: int = 0, timeout: float | None = None
    ) -> Iterator[Erasure]:
        """Erasures of a tenant, latest first; of `installation` all. Operators may ask for other tenants, also for
        those that were erased. `timeout` is for each page. Raises TenantNotFound."""
        parent = INSTALLATION if tenant == INSTALLATION else tenant_name(tenant)
        request = values.made(messages.ListErasuresRequest, parent=parent, page_size=page_size)
        for page in self._transport.pages("AdminService/ListErasures", request, messages.ListErasuresResponse, timeout):
            for erasure in page.erasures:
                yield erasure

    def get_receipt_key(self, *, timeout: float | None = None) -> bytes:
        """The public key (Ed25519, 32 bytes) by which receipts are verified."""
        request = messages.GetReceiptKeyRequest()
        response = self._transport.unary("AdminService/GetReceiptKey", request, messages.GetReceiptKeyResponse, timeout)
        return response.public_key
