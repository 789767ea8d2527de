"""Export: every node, then every edge, as they stood at one revision; taken up again where a connection was cut."""

import time
from collections.abc import AsyncIterator

import grpc

from loci import values
from loci.errors import LociError, Unavailable, from_rpc
from loci.names import graph_name
from loci.retries import stream_pause
from loci.v1 import bulk_service_pb2 as service

from .imports import CONNECTION_LIFETIMES, PATIENCE
from .runtime import received, sleep
from .transport import Calls


class Exports(Calls):
    """BulkService, outwards."""

    async def export_items(
        self,
        graph: str,
        *,
        revision: int = 0,
        include_embeddings: bool = False,
        page_size: int = 0,
        timeout: float | None = None,
    ) -> AsyncIterator[service.BulkItem]:
        """All items at one revision (0: the present one). Each holds a `node` or an `edge`.

        `timeout`: seconds to go on trying without progress, default 60.
        """
        async for page in self.export_pages(
            graph, revision=revision, include_embeddings=include_embeddings, page_size=page_size, timeout=timeout
        ):
            for item in page.items:
                yield item

    async def export_pages(
        self,
        graph: str,
        *,
        revision: int = 0,
        include_embeddings: bool = False,
        page_size: int = 0,
        page_token: str = "",
        timeout: float | None = None,
    ) -> AsyncIterator[service.ExportResponse]:
        """As export_items, page by page: keep a page's `next_page_token` to go on behind it in another process."""
        request = values.made(
            service.ExportRequest,
            parent=graph_name(graph),
            revision=revision,
            page_size=page_size,
            page_token=page_token,
            include_embeddings=include_embeddings,
        )
        patience = PATIENCE if timeout is None else timeout
        moved_at = time.monotonic()
        credential = self._transport.connection.credential
        attempt, may_renew = 0, True
        while True:
            shown = credential.metadata
            call = self._transport.server_stream(
                "BulkService/Export", request, service.ExportResponse, patience * CONNECTION_LIFETIMES, shown
            )
            failure: LociError = Unavailable("the server ended the stream early", reason="")
            try:
                async for page in received(call):
                    yield page
                    moved_at, attempt, may_renew = time.monotonic(), 0, True
                    request.page_token = page.next_page_token
                    if not page.next_page_token:
                        return
                if not request.page_token:
                    return
            except grpc.RpcError as error:
                failure = from_rpc(error)
                failure.__cause__ = error
            finally:
                call.cancel()
            attempt += 1
            if may_renew and credential.renewed(failure, shown) is not None:
                may_renew = False
                continue
            pause = stream_pause(failure, attempt)
            if pause is None or time.monotonic() + pause > moved_at + patience:
                raise failure
            await sleep(pause)
