# Generated from loci/_async/reembeddings.py by `python -m tools.unasync`: change that file, not this one.
"""How graphs come to another embedding model. Needs a key with the scope ADMIN."""

from collections.abc import Iterator

from loci import values
from loci.names import OWN_TENANT, graph_name, tenant_name
from loci.v1 import admin_service_pb2 as service
from loci.v1.admin_service_pb2 import Reembedding

from .transport import Calls


class Reembeddings(Calls):
    """The part of AdminService for embedding models."""

    def get_reembedding(self, graph: str, *, timeout: float | None = None) -> Reembedding:
        """How far a graph is; `state` is DONE when nothing is under way. Raises GraphNotFound."""
        request = values.made(service.GetReembeddingRequest, name=graph_name(graph))
        response = self._transport.unary(
            "AdminService/GetReembedding", request, service.GetReembeddingResponse, timeout
        )
        return response.reembedding

    def list_reembeddings(
        self, tenant: str = OWN_TENANT, *, page_size: int = 0, timeout: float | None = None
    ) -> Iterator[Reembedding]:
        """The graphs that are being embedded anew; of another tenant it needs OPERATOR. `timeout` is for each page."""
        request = values.made(service.ListReembeddingsRequest, parent=tenant_name(tenant), page_size=page_size)
        for page in self._transport.pages(
            "AdminService/ListReembeddings", request, service.ListReembeddingsResponse, timeout
        ):
            for reembedding in page.reembeddings:
                yield reembedding

    def reembed_graph(self, graph: str, *, timeout: float | None = None) -> Reembedding:
        """Has all texts of a graph embedded anew, in the background. Raises GraphNotFound."""
        request = values.made(service.ReembedGraphRequest, name=graph_name(graph))
        response = self._transport.unary("AdminService/ReembedGraph", request, service.ReembedGraphResponse, timeout)
        return response.reembedding
