"""grpc.health.v1: whether the server and each of its services take calls. Asks for no credential."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Final

from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse, HealthListRequest, HealthListResponse

from loci_server.errors import NotFound
from loci_server.rpc.call import Call

SERVING: Final = HealthCheckResponse.SERVING
NOT_SERVING: Final = HealthCheckResponse.NOT_SERVING
UNKNOWN: Final = HealthCheckResponse.SERVICE_UNKNOWN


class Health:
    """The servicer. The name "" stands for the whole server."""

    def __init__(self, services: Iterable[str]) -> None:
        self._statuses = dict.fromkeys(("", *services), SERVING)
        self._changed = asyncio.Event()

    def set(self, name: str, serving: bool) -> None:
        """Tell what `name` does from now on; those who watch it are told."""
        self._statuses[name] = SERVING if serving else NOT_SERVING
        self._changed.set()
        self._changed = asyncio.Event()

    def set_all(self, serving: bool) -> None:
        for name in self._statuses:
            self.set(name, serving)

    async def Check(self, request: HealthCheckRequest, call: Call) -> HealthCheckResponse:  # noqa: N802
        status = self._statuses.get(request.service)
        if status is None:
            raise NotFound(resource=f"services/{request.service}")
        return HealthCheckResponse(status=status)

    async def List(self, request: HealthListRequest, call: Call) -> HealthListResponse:  # noqa: N802
        statuses = {name: HealthCheckResponse(status=status) for name, status in self._statuses.items()}
        return HealthListResponse(statuses=statuses)

    async def Watch(self, request: HealthCheckRequest, call: Call) -> AsyncIterator[HealthCheckResponse]:  # noqa: N802
        """Each status that differs from the last one told, beginning with that of now. Ends when the server drains."""
        told = None
        while True:
            changed, is_last = self._changed, call.draining.is_set()
            status = self._statuses.get(request.service, UNKNOWN)
            if status != told:
                yield HealthCheckResponse(status=status)
                told = status
            if is_last:
                return
            await changed.wait()
