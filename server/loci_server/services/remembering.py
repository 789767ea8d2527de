"""Remember and Forget of MemoryService."""

from loci.v1 import memory_service_pb2 as pb
from loci.v1.filter_pb2 import NodeFilter
from loci_server.codec.filters import accepts, node_filter
from loci_server.codec.memories import remembered, told
from loci_server.domain.limits import MAX_FORGOTTEN, check_count
from loci_server.domain.names import parse_graph, parse_node
from loci_server.errors import InvalidField
from loci_server.memory.forget import Forgetter, Selection
from loci_server.memory.remember import Rememberer
from loci_server.services.call import Call
from loci_server.services.requests import context, own_id
from loci_server.store.handles import Handles
from loci_server.store.items import PASSES_ALL


class Remembering:
    """Writes and deletes memories."""

    def __init__(self, handles: Handles, rememberer: Rememberer, forgetter: Forgetter) -> None:
        self._handles = handles
        self._rememberer = rememberer
        self._forgetter = forgetter

    async def Remember(self, request: pb.RememberRequest, call: Call) -> pb.RememberResponse:
        graph = parse_graph(request.parent, "parent")
        wanted = told(request, graph)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        return remembered(await self._rememberer.remember(handle, wanted, context(request, call)))

    async def Forget(self, request: pb.ForgetRequest, call: Call) -> pb.ForgetResponse:
        graph = parse_graph(request.parent, "parent")
        ids = ids_of(request, graph)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        by = context(request, call)
        if ids:
            found = await self._forgetter.by_ids(handle, ids, by, hard=request.hard, dry_run=request.dry_run)
        else:
            filter = node_filter(request.filter, handle.tokenizers) or PASSES_ALL
            if selects_all(request.filter, filter):
                raise InvalidField(field="filter", detail="every memory would pass: name what is to be forgotten")
            selection = Selection(filter, accepts(request.filter))
            found = await self._forgetter.selected(handle, selection, by, hard=request.hard, dry_run=request.dry_run)
        return pb.ForgetResponse(
            names=found.names,
            missing=found.missing,
            deleted_edge_count=found.edges,
            more=found.more,
            revision=found.revision,
        )


def selects_all(given: NodeFilter, filter: tuple[object, ...]) -> bool:
    """Whether a filter only seems to select: `event_time {}`, `min_salience: 0`."""
    trivial = {"min_salience": 0.0, "max_salience": 1.0}
    bounds = [getattr(given, name) for name, value in trivial.items() if getattr(given, name) == value]
    told = [part for part in filter if part is not None and part not in bounds]
    return not told and not given.comparisons


def ids_of(request: pb.ForgetRequest, graph: str) -> list[str]:
    """The ids of the names, each once; none if there is a filter. Raises InvalidField, InvalidName, LimitExceeded."""
    filtered = bool(request.filter.ListFields())
    if request.names and filtered:
        raise InvalidField(field="filter", detail="give names or a filter, not both")
    if not request.names and not filtered:
        raise InvalidField(field="filter", detail="it is empty: give one, or names; nothing forgets everything")
    check_count("names", len(request.names), MAX_FORGOTTEN, "names")
    found = {
        own_id(graph, *parse_node(name, f"names[{place}]"), f"names[{place}]"): None
        for place, name in enumerate(request.names)
    }
    return [*found]
