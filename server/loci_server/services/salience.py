"""The part of MemoryService that tells, sets and stores how much memories matter."""

from math import isnan

from loci.v1 import salience_pb2 as pb
from loci_server.domain.names import parse_graph, parse_node
from loci_server.domain.validation import check_timestamp
from loci_server.errors import InvalidField
from loci_server.memory.saliences import Saliences
from loci_server.services.call import Call
from loci_server.services.requests import beside, check_batch, own_id
from loci_server.store.handles import Handles
from loci_server.store.times import moment


class Weighing:
    """Decodes, asks, encodes."""

    def __init__(self, handles: Handles, saliences: Saliences) -> None:
        self._handles = handles
        self._saliences = saliences

    async def BatchGetSalience(self, request: pb.BatchGetSalienceRequest, call: Call) -> pb.BatchGetSalienceResponse:
        graph = parse_graph(request.parent, "parent")
        check_batch(len(request.names))
        ids = [
            own_id(graph, *parse_node(name, f"names[{index}]"), f"names[{index}]")
            for index, name in enumerate(request.names)
        ]
        handle = await self._handles.get(call.principal.tenant_key, graph)
        found = await self._saliences.of(handle, ids)
        response = pb.BatchGetSalienceResponse()
        for identity, name in zip(ids, request.names, strict=True):
            if identity in found:
                response.saliences.append(found[identity])
            else:
                response.missing.append(name)
        return response

    async def BoostMemory(self, request: pb.BoostMemoryRequest, call: Call) -> pb.BoostMemoryResponse:
        graph, identity = parse_node(request.name)
        if isnan(request.boost) or not -1 <= request.boost <= 1:
            raise InvalidField(field="boost", detail="it must be from -1 to 1")
        context = beside(request, call)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        return pb.BoostMemoryResponse(salience=await self._saliences.boost(handle, identity, request.boost, context))

    async def Recalculate(self, request: pb.RecalculateRequest, call: Call) -> pb.RecalculateResponse:
        graph = parse_graph(request.parent, "parent")
        time = None
        if request.HasField("time"):
            check_timestamp(request.time, "time")
            time = moment(request.time)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        return pb.RecalculateResponse(recalculation=await self._saliences.recalculate(handle, time, call.trail))

    async def GetRecalculation(self, request: pb.GetRecalculationRequest, call: Call) -> pb.GetRecalculationResponse:
        handle = await self._handles.get(call.principal.tenant_key, parse_graph(request.name))
        return pb.GetRecalculationResponse(recalculation=await self._saliences.recalculation(handle))
