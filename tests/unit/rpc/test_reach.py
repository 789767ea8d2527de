"""No method is served to a credential that is limited to graphs before it is known what it reaches."""

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from loci.v1.keys_pb2 import RotateKeysRequest
from loci.v1.search_service_pb2 import BatchSearchRequest
from loci_server.errors import GraphNotGranted, NewGraphNotGranted
from loci_server.identity.grants import Grants
from loci_server.rpc.reach import LIST, REACHES, TENANT, Reach
from loci_server.rpc.scopes import REQUIRED
from tests.fuzz.methods import methods
from tests.unit.rpc.harness import serving

LIMITED = Grants(("graphs/mine",))
CONTRACT = {method.path.removeprefix("/").replace("/", "."): method.request for method in methods()}


def text_at(message: Descriptor, path: str) -> FieldDescriptor:
    """The field at a path of a request."""
    first, _, rest = path.partition(".")
    field: FieldDescriptor = message.fields_by_name[first]
    return text_at(field.message_type, rest) if rest else field


def test_every_method_has_a_reach() -> None:
    assert set(REACHES) == set(REQUIRED)


def test_each_reach_is_a_text_of_the_request() -> None:
    for method, reach in REACHES.items():
        for path in (*reach.names, *reach.ids):
            assert text_at(CONTRACT[method], path).type == FieldDescriptor.TYPE_STRING, (method, path)


def test_a_method_that_names_no_graph_is_one_of_the_tenant_or_a_list() -> None:
    nameless = {
        method
        for method, reach in REACHES.items()
        if method.startswith("loci.v1.") and not reach.names and not reach.ids
    }
    assert {REACHES[method] for method in nameless} == {TENANT, LIST}
    assert {method for method in nameless if REACHES[method] == LIST} == {
        "loci.v1.GraphService.ListGraphs",
        "loci.v1.AdminService.ListReembeddings",
        "loci.v1.AdminService.ListKeyRotations",
        "loci.v1.AdminService.GetErasure",
        "loci.v1.AdminService.GetReceiptKey",
    }


@pytest.mark.parametrize(
    "name", ["tenants/-", "tenants/acme", "installation", "graphs", "Graphs/mine", "mine", "/mine"]
)
def test_what_is_not_in_a_graph_is_not_granted(name: str) -> None:
    reach = REACHES["loci.v1.AdminService.RotateKeys"]
    with pytest.raises(GraphNotGranted):
        reach.check(RotateKeysRequest(name=name), LIMITED)
    reach.check(RotateKeysRequest(name="graphs/mine"), LIMITED)


def test_every_one_of_several_graphs_must_be_granted() -> None:
    reach = REACHES["loci.v1.SearchService.BatchSearch"]
    request = BatchSearchRequest()
    request.requests.add(parent="graphs/mine")
    reach.check(request, LIMITED)
    request.requests.add(parent="graphs/theirs")
    with pytest.raises(GraphNotGranted):
        reach.check(request, LIMITED)


@pytest.mark.parametrize(
    "name", ["graphs/-", "graphs/", "graphs/theirs", "graphs/theirs/nodes/a/b/c", "graphs/mine/../theirs"]
)
def test_a_name_is_of_the_graph_that_stands_in_it(name: str) -> None:
    request = BatchSearchRequest()
    request.requests.add(parent=name)
    reach = Reach(names=("requests.parent",))
    if name.startswith("graphs/mine/"):
        reach.check(request, LIMITED)  # the service knows no such name
    else:
        with pytest.raises(GraphNotGranted):
            reach.check(request, LIMITED)


def test_an_id_that_the_server_would_make_is_not_granted() -> None:
    reach = REACHES["loci.v1.GraphService.CreateGraph"]
    request = CONTRACT["loci.v1.GraphService.CreateGraph"]._concrete_class
    reach.check(request(graph_id="mine"), LIMITED)
    reach.check(request(graph={"name": "graphs/mine"}), LIMITED)
    with pytest.raises(NewGraphNotGranted):
        reach.check(request(), LIMITED)
    for both in ({"graph_id": "mine", "graph": {"name": "graphs/theirs"}}, {"graph_id": "theirs", "graph": {}}):
        with pytest.raises(GraphNotGranted):
            reach.check(request(**both), LIMITED)


async def test_a_method_without_a_reach_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loci_server.rpc.reach.REACHES", {})
    with pytest.raises(LookupError, match=r"loci\.v1\.NodeService\.CreateNode has no reach"):
        async with serving():
            pass
