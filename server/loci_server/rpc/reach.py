"""What each method reaches, for credentials that are limited to graphs. A method that is not in the table cannot be
registered, and none is served before its request was held against what is granted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.message import Message

from loci_server.domain.names import ALL_GRAPHS
from loci_server.errors import NewGraphNotGranted
from loci_server.identity.grants import Grants

COLLECTION: Final = "graphs"


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a request names the graphs that it is about. All else that it names must be in the same graphs, which the
    services see to."""

    names: tuple[str, ...] = ()
    """Fields that hold a name in a graph, or its own; those of messages inside with a dot, `node.name`. Any other name
    is of the tenant as a whole, or of nothing."""
    ids: tuple[str, ...] = ()
    """Fields that hold the id of a graph; if they and `names` are empty, the server makes one."""
    whole: bool = False
    """It is about the tenant, or the installation, as a whole."""
    filters: bool = False
    """It answers with what is granted where all graphs are asked for."""

    def check(self, request: Message, grants: Grants) -> None:
        """Raises GraphNotGranted or a subclass of it. A field that is empty is left to the service to refuse."""
        if self.whole:
            grants.require_all()
        named = False
        for path in self.names:
            for name in found(request, path.split(".")):
                named = True
                collection, _, rest = name.partition("/")
                if collection != COLLECTION:
                    grants.require_all()
                elif not (self.filters and name == ALL_GRAPHS):
                    grants.require(rest.partition("/")[0])
        for path in self.ids:
            for id in found(request, path.split(".")):
                named = True
                grants.require(id)
        if self.ids and not named:
            raise NewGraphNotGranted


def found(message: Any, path: list[str]) -> Iterator[str]:
    """The texts at a path that are not empty."""
    value = getattr(message, path[0])
    for one in (value,) if isinstance(value, str | Message) else value:
        if isinstance(one, str):
            if one:
                yield one
        else:
            yield from found(one, path[1:])


PARENT: Final = Reach(names=("parent",))
NAME: Final = Reach(names=("name",))
TENANT: Final = Reach(whole=True)
LIST: Final = Reach(filters=True)
NOTHING: Final = Reach()
"""For methods that ask for no credential."""

_TABLE: Final[Mapping[str, Mapping[str, Reach]]] = {
    "loci.v1.GraphService": {
        "CreateGraph": Reach(names=("graph.name",), ids=("graph_id",)),
        "GetGraph": NAME,
        "ListGraphs": LIST,
        "UpdateGraph": Reach(names=("graph.name",)),
        "DeleteGraph": NAME,
        "UndeleteGraph": NAME,
        "GetGraphStats": NAME,
        "EraseGraph": NAME,
    },
    "loci.v1.NodeService": {
        "CreateNode": PARENT,
        "GetNode": NAME,
        "BatchGetNodes": PARENT,
        "ListNodes": PARENT,
        "UpdateNode": Reach(names=("node.name",)),
        "DeleteNode": NAME,
        "RenameNode": NAME,
        "ListNodeRevisions": NAME,
        "RestoreNode": NAME,
    },
    "loci.v1.EdgeService": {
        "CreateEdge": PARENT,
        "GetEdge": NAME,
        "BatchGetEdges": PARENT,
        "ListEdges": PARENT,
        "UpdateEdge": Reach(names=("edge.name",)),
        "DeleteEdge": NAME,
        "ListEdgeRevisions": NAME,
        "RestoreEdge": NAME,
    },
    "loci.v1.CommitService": {"Commit": PARENT},
    "loci.v1.TraversalService": {"GetNeighbors": NAME, "Traverse": PARENT, "FindPaths": PARENT, "GetContext": PARENT},
    "loci.v1.SearchService": {"Search": PARENT, "BatchSearch": Reach(names=("requests.parent",))},
    "loci.v1.MemoryService": {
        "Remember": PARENT,
        "Forget": PARENT,
        "StartSession": PARENT,
        "AppendTurns": NAME,
        "ListSessions": PARENT,
        "GetTranscript": NAME,
        "Recall": Reach(names=("parents",)),
        "BatchGetSalience": PARENT,
        "BoostMemory": NAME,
        "Recalculate": PARENT,
        "GetRecalculation": NAME,
        "ListQueries": PARENT,
        "GiveFeedback": PARENT,
        "ListFeedback": PARENT,
        "SummarizeFeedback": PARENT,
    },
    "loci.v1.BulkService": {
        "Import": Reach(names=("header.parent",)),
        "ImportChunk": PARENT,
        "GetImport": PARENT,
        "Export": PARENT,
    },
    "loci.v1.WatchService": {"Watch": Reach(names=("parent",), filters=True)},
    "loci.v1.AdminService": {
        "CreateTenant": TENANT,
        "EraseTenant": TENANT,
        "GetErasure": LIST,
        "ListErasures": TENANT,
        "GetReceiptKey": LIST,
        "GetTenant": TENANT,
        "ListTenants": TENANT,
        "UpdateTenant": TENANT,
        "GetTenantUsage": TENANT,
        "DeleteTenant": TENANT,
        "UndeleteTenant": TENANT,
        "CreateApiKey": TENANT,
        "ListApiKeys": TENANT,
        "RotateApiKey": TENANT,
        "RevokeApiKey": TENANT,
        "GetIdentity": TENANT,
        "ListIdentities": TENANT,
        "ListAuditEntries": TENANT,
        "ExportAuditEntries": TENANT,
        "VerifyAudit": TENANT,
        "GetReembedding": NAME,
        "ListReembeddings": LIST,
        "ReembedGraph": NAME,
        "RotateKeys": NAME,
        "GetKeyRotation": NAME,
        "ListKeyRotations": LIST,
    },
    "grpc.health.v1.Health": {"Check": NOTHING, "List": NOTHING, "Watch": NOTHING},
    "grpc.reflection.v1alpha.ServerReflection": {"ServerReflectionInfo": NOTHING},
}

REACHES: Final[Mapping[str, Reach]] = {
    f"{service}.{method}": reach for service, methods in _TABLE.items() for method, reach in methods.items()
}
"""By the full name of the method, as its descriptor has it: `loci.v1.NodeService.GetNode`."""


def reach_of(method: str) -> Reach:
    """Raises LookupError for a method that is not in the table: a mistake of ours, found at start."""
    try:
        return REACHES[method]
    except KeyError:
        raise LookupError(f"{method} has no reach in {__name__}") from None
